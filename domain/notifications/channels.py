"""How each channel is doing, for all workers together: a circuit breaker and a rate.

A worker forks for every job, so what a process learns dies with it: the state stands in one row per channel, which is
locked only for as long as it takes to count.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.notifications.models import EMAIL, SMS, ChannelState
from domain.shared.breaker import SHORTEST, Circuit

RATES = {EMAIL: 14.0, SMS: 10.0}
"""Messages a second: what Amazon SES and SNS let a new account send."""
BURST = 4.0
"""Seconds' worth of messages that may leave at once after a quiet time."""
LONGEST = 60.0
"""Seconds that a circuit stays open at the most."""
SENT_NOTED = timedelta(minutes=1)
"""How often it is noted that messages leave: the row is not to be written once more for each of them."""


def take_turn(session: Session, channel: str, *, now: datetime) -> datetime | None:
    """Take one message's share of a channel; where it is shut or at its rate, say when to come back."""
    state = _locked(session, channel, now)
    circuit, second = _circuit(state), now.timestamp()
    if circuit.refuses(second):
        return datetime.fromtimestamp(circuit.open_until, UTC)
    passed = max(0.0, (now - state.refilled_at).total_seconds())
    allowance = min(RATES[channel] * BURST, state.allowance + passed * RATES[channel])
    if allowance < 1:
        return now + timedelta(seconds=max(1.0, (1 - allowance) / RATES[channel]))
    state.allowance, state.refilled_at = allowance - 1, now
    _keep(state, circuit.tried(second))
    return None


def note_answer(session: Session, channel: str, *, sent: bool, now: datetime) -> None:
    """Note that a channel answered, and took a message if it is `sent`; most often there is nothing to write."""
    state = session.get(ChannelState, channel, populate_existing=True)
    if state is None:
        return
    news = sent and (state.sent_at is None or now - state.sent_at >= SENT_NOTED)
    if state.failures or news:
        state = _locked(session, channel, now)
        _keep(state, Circuit())
        state.silent_since = None
        state.sent_at = now if sent else state.sent_at


def note_silence(session: Session, channel: str, *, now: datetime) -> None:
    """Note that a channel gave no answer; after three in a row it is left alone for a while."""
    state = _locked(session, channel, now)
    state.silent_since = state.silent_since or now
    _keep(state, _circuit(state).failed(now.timestamp(), longest=LONGEST))


def _locked(session: Session, channel: str, now: datetime) -> ChannelState:
    fresh = {"name": channel, "failures": 0, "pause": SHORTEST, "open_until": None, "refilled_at": now}
    session.execute(insert(ChannelState).values(allowance=RATES[channel] * BURST, **fresh).on_conflict_do_nothing())
    return session.get_one(ChannelState, channel, with_for_update=True, populate_existing=True)


def _circuit(state: ChannelState) -> Circuit:
    return Circuit(state.failures, state.pause, state.open_until.timestamp() if state.open_until else 0.0)


def _keep(state: ChannelState, circuit: Circuit) -> None:
    state.failures, state.pause = circuit.failures, circuit.pause
    state.open_until = datetime.fromtimestamp(circuit.open_until, UTC) if circuit.open_until else None
