"""A deployment that goes wrong, at each step: what runs afterwards is what ran before."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from moto.ecs.exceptions import InvalidParameterException
from moto.ecs.models import Container, Service

from tests.infra.conftest import QUICK, SERVICES, Shop, release, running

BACK = "Turning back…\nThe version before runs again."


def test_a_migration_that_fails_rolls_nothing(
    aws: Any, run: Callable[..., int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    release("v2")
    made = Container.__init__

    def failing(self: Container, *args: Any) -> None:
        made(self, *args)
        self.exitCode = 3

    monkeypatch.setattr(Container, "__init__", failing)

    assert run("v2") == 1

    assert "exit code 3" in capsys.readouterr().err
    assert running(aws) == dict.fromkeys(SERVICES, 1)


def test_a_page_that_breaks_turns_everything_back(
    aws: Any, run: Callable[..., int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    release("v2")
    monkeypatch.setattr(Shop, "broken", frozenset({"/"}))

    assert run("v2") == 1

    assert running(aws) == dict.fromkeys(SERVICES, 1)
    said = capsys.readouterr().out
    assert "/ does not answer as it should (500)" in said
    assert "The version before runs again." in said


def test_a_migration_that_takes_too_long_rolls_nothing(
    aws: Any, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    release("v2")

    assert run("v2", pace=replace(QUICK, migration=0)) == 1

    assert "has not ended after 0 seconds. The migration goes on by itself" in capsys.readouterr().err
    assert running(aws) == dict.fromkeys(SERVICES, 1)


def test_a_service_that_never_gets_steady_turns_back(
    aws: Any, run: Callable[..., int], behave: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    release("v2")
    behave("admin", lambda service: service.deployments[0].update(rolloutState="IN_PROGRESS"))

    assert run("v2") == 1

    said = capsys.readouterr()
    assert "admin is not steady after 1 seconds" in said.out
    assert "Rolling storefront" not in said.out
    assert "Look at the services in ECS now." in said.err
    assert running(aws) == dict.fromkeys(SERVICES, 1)


def is_new(service: Service) -> bool:
    """Say whether a service was given the version that is deployed, and not the one before."""
    return str(service.task_definition).endswith(":2")


def test_a_service_whose_tasks_fail_turns_everything_back(
    aws: Any, run: Callable[..., int], behave: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    """ECS gives a rollout up by itself; what it says of that is passed on."""
    release("v2")
    behave("admin", lambda service: service.deployments[0].update(
        rolloutState="FAILED" if is_new(service) else "COMPLETED", rolloutStateReason="tasks failed to start."
    ))  # fmt: skip

    assert run("v2") == 1

    said = capsys.readouterr().out
    assert "admin did not come up: tasks failed to start." in said
    assert BACK in said
    assert running(aws) == dict.fromkeys(SERVICES, 1)


class OnceThen(list[dict[str, Any]]):
    """A list that is another one from its second reading on."""

    def __init__(self, first: dict[str, Any], then: dict[str, Any]) -> None:
        super().__init__([first])
        self._then = then

    def __iter__(self) -> Iterator[dict[str, Any]]:
        now = list(super().__iter__())
        self[:] = [self._then]
        return iter(now)


def test_what_ecs_turned_back_by_itself_is_noticed_and_the_others_follow(
    aws: Any, run: Callable[..., int], behave: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    release("v2")
    given: list[str] = []

    def turn_back(service: Service) -> None:
        given.append(str(service.task_definition))
        ours, before = dict(service.deployments[0]), aws.describe_task_definition(taskDefinition="shop-admin:1")
        service.deployments = OnceThen(ours, ours | {"id": "ecs-svc/own", "rolloutState": "COMPLETED"})
        service.task_definition = before["taskDefinition"]["taskDefinitionArn"]

    behave("admin", turn_back)

    assert run("v2") == 1

    said = capsys.readouterr().out
    assert "admin did not come up: ECS turned back by itself" in said
    assert BACK in said
    assert running(aws) == dict.fromkeys(SERVICES, 1)
    assert len(given) == 1, "what ECS has turned back is not rolled once more"


def test_a_refusal_of_aws_in_the_midst_turns_everything_back(
    aws: Any, run: Callable[..., int], behave: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    release("v2")

    def refuse(service: Service) -> None:
        if is_new(service):
            raise InvalidParameterException("No capacity is to be had.")

    behave("admin", refuse)

    assert run("v2") == 1

    said = capsys.readouterr().out
    assert "No capacity is to be had." in said
    assert BACK in said
    assert running(aws) == dict.fromkeys(SERVICES, 1)


@pytest.fixture
def interrupt(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], bool]], None]:
    """Press Ctrl-C, once, in a pause in which something is so."""

    def interrupt(when: Callable[[], bool]) -> None:
        pressed: list[bool] = []

        def pause(_seconds: float) -> None:
            if not pressed and when():
                pressed.append(True)
                raise KeyboardInterrupt

        monkeypatch.setattr("infra.rollout.time.sleep", pause)

    return interrupt


def test_ctrl_c_while_services_are_rolled_turns_everything_back(
    aws: Any,
    run: Callable[..., int],
    behave: Callable[..., None],
    interrupt: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    release("v2")
    behave("admin", lambda service: service.deployments[0].update(
        rolloutState="IN_PROGRESS" if is_new(service) else "COMPLETED"
    ))  # fmt: skip
    interrupt(lambda: running(aws)["admin"] == 2)

    assert run("v2", pace=replace(QUICK, roll=60)) == 1

    assert f"Interrupted.\n{BACK}" in capsys.readouterr().out
    assert running(aws) == dict.fromkeys(SERVICES, 1)


def test_ctrl_c_while_it_turns_back_leaves_that_to_ecs(
    aws: Any,
    run: Callable[..., int],
    behave: Callable[..., None],
    interrupt: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    release("v2")
    given: list[bool] = []

    def fail_and_turn_back_slowly(service: Service) -> None:
        given.append(is_new(service))
        service.deployments[0].update(rolloutState="FAILED" if is_new(service) else "IN_PROGRESS")

    behave("admin", fail_and_turn_back_slowly)
    interrupt(lambda: given == [True, False])

    assert run("v2", pace=replace(QUICK, roll=60)) == 1

    assert "Interrupted: ECS goes on turning back." in capsys.readouterr().err
    assert running(aws) == dict.fromkeys(SERVICES, 1)


def test_ctrl_c_while_the_database_is_migrated_rolls_nothing(
    aws: Any, run: Callable[..., int], interrupt: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    release("v2")
    interrupt(lambda: True)

    assert run("v2") == 1

    assert "Interrupted. The migration goes on by itself" in capsys.readouterr().err
    assert running(aws) == dict.fromkeys(SERVICES, 1)
