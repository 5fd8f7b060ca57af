"""A circuit breaker: what gives no answer is left alone for a while, so that nobody waits for it.

After `FAILURES` calls in a row without an answer the circuit is open and every call is refused. When the pause is over
one call is let through; if it fails too, the pause doubles, up to `longest`. This is the rule alone: whoever uses it
keeps the state, in its own process or in a row that all workers share.
"""

from dataclasses import dataclass, replace

FAILURES = 3
"""Calls in a row without an answer until the circuit opens."""
SHORTEST, LONGEST = 5.0, 300.0
"""Seconds that the circuit stays open: at first, and at the most."""


@dataclass(frozen=True)
class Circuit:
    """How often in a row there was no answer, how long the pause is, and until which second it lasts."""

    failures: int = 0
    pause: float = SHORTEST
    open_until: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether calls are refused, but for the one that tries after each pause."""
        return self.failures >= FAILURES

    def refuses(self, now: float) -> bool:
        """Say whether a call is refused at this second."""
        return self.is_open and now < self.open_until

    def tried(self, now: float) -> "Circuit":
        """Let one call try; where the circuit is open, the others go on waiting."""
        return replace(self, open_until=now + self.pause) if self.is_open else self

    def failed(self, now: float, *, longest: float = LONGEST) -> "Circuit":
        """Count a call that had no answer."""
        failures = self.failures + 1
        pause = min(self.pause * 2, longest) if failures > FAILURES else self.pause
        return Circuit(failures, pause, now + pause if failures >= FAILURES else self.open_until)

    def answered(self) -> "Circuit":
        """Close: there was an answer."""
        return Circuit()
