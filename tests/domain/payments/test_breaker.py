"""A gateway that gives no answer is left alone for a while, and tried again with ever longer pauses."""

from uuid import uuid4

import pytest

from domain.payments.gateways.breaker import Breaker
from domain.payments.gateways.port import GatewayBusy, GatewayRefused, GatewayTimeout, GatewayUnavailable
from domain.shared.breaker import FAILURES, LONGEST, SHORTEST
from tests.factories.orders import MemoryGateway


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def inner() -> MemoryGateway:
    return MemoryGateway()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(inner: MemoryGateway, clock: Clock) -> Breaker:
    return Breaker(inner, clock=clock)


def ask(breaker: Breaker) -> str:
    return breaker.look_up(payment_id=uuid4(), reference=None).state


def fail(breaker: Breaker, inner: MemoryGateway, error: GatewayTimeout | GatewayUnavailable, times: int) -> None:
    inner.fail_with = error
    for _ in range(times):
        with pytest.raises(type(error)):
            ask(breaker)


@pytest.mark.parametrize("error", [GatewayTimeout(), GatewayUnavailable()])
def test_after_a_few_failures_nobody_is_asked_any_more(
    breaker: Breaker, inner: MemoryGateway, error: GatewayTimeout | GatewayUnavailable
) -> None:
    fail(breaker, inner, error, FAILURES - 1)
    assert breaker.available
    fail(breaker, inner, error, 1)
    assert not breaker.available

    inner.fail_with = None
    with pytest.raises(GatewayUnavailable):  # refused here: the gateway, which would answer, is not asked
        ask(breaker)


def test_when_the_pause_is_over_one_call_tries_and_an_answer_closes_the_circuit(
    breaker: Breaker, inner: MemoryGateway, clock: Clock
) -> None:
    fail(breaker, inner, GatewayTimeout(), FAILURES)
    clock.now += SHORTEST
    inner.fail_with = None

    assert breaker.available
    assert ask(breaker) == "missing"
    fail(breaker, inner, GatewayTimeout(), FAILURES - 1)
    assert breaker.available


def test_each_failed_try_doubles_the_pause_up_to_a_limit(breaker: Breaker, inner: MemoryGateway, clock: Clock) -> None:
    fail(breaker, inner, GatewayTimeout(), FAILURES)
    pause = SHORTEST
    for _ in range(12):
        clock.now += pause
        fail(breaker, inner, GatewayTimeout(), 1)
        pause = min(pause * 2, LONGEST)
        clock.now += pause - 0.1
        assert not breaker.available
        clock.now -= pause - 0.1
    clock.now += LONGEST

    assert breaker.available


@pytest.mark.parametrize("error", [GatewayRefused(), GatewayBusy()])
def test_what_it_says_of_one_payment_is_not_held_against_the_gateway(
    breaker: Breaker, inner: MemoryGateway, error: GatewayTimeout | GatewayUnavailable
) -> None:
    fail(breaker, inner, error, 2 * FAILURES)
    assert breaker.available

    fail(breaker, inner, GatewayTimeout(), FAILURES - 1)
    fail(breaker, inner, error, 1)
    fail(breaker, inner, GatewayTimeout(), FAILURES - 1)
    assert breaker.available, "an answer starts the count again"


def test_a_good_answer_in_between_starts_the_count_again(breaker: Breaker, inner: MemoryGateway) -> None:
    for _ in range(3):
        fail(breaker, inner, GatewayTimeout(), FAILURES - 1)
        inner.fail_with = None
        ask(breaker)

    assert breaker.available
