"""The first steps of a new shop, in their order, and how far it has come; what is done is read off the shop itself."""

from dataclasses import dataclass

from domain.orders.queries import readiness
from domain.shared.preferences import preferences
from web.db import session
from web.settings import base_settings


@dataclass(frozen=True)
class Step:
    """A step towards an open shop; without one that is `needed` nobody could order anything."""

    name: str
    title: str
    why: str
    needed: bool = False


STEPS = (
    Step("place", "Name and address", "Who sells here: on every page, in mail and on invoices."),
    Step("money", "Currency and language", "What prices are in, and how amounts and days are written."),
    Step("delivery", "Delivery", "Where you send to, and what that costs.", needed=True),
    Step("payment", "Ways to pay", "How the money comes to you.", needed=True),
    Step("goods", "The first product", "Something to sell, typed in or brought from another shop.", needed=True),
    Step("tax", "Tax", "Which rates are in your prices. Without any, no tax is charged."),
)
NAMED = {step.name: step for step in STEPS}


@dataclass(frozen=True)
class Progress:
    """How far a shop has come."""

    done: frozenset[str]
    skipped: frozenset[str]
    missing: tuple[Step, ...]
    open: bool
    put_away: bool

    def state(self, step: Step) -> str:
        """Say how a step stands: done, later or todo."""
        return "done" if step.name in self.done else "later" if step.name in self.skipped else "todo"

    @property
    def next(self) -> Step | None:
        """The first step that is neither done nor left for later."""
        return next((step for step in STEPS if self.state(step) == "todo"), None)

    @property
    def counted(self) -> str:
        """How many of the steps are done, in words."""
        return f"{sum(step.name in self.done for step in STEPS)} of {len(STEPS)} steps done"


def progress() -> Progress:
    """Look how far the shop has come."""
    present = preferences(session())  # as they are now: a step may just have been taken
    found = readiness(session(), present, base_settings())
    return Progress(
        done=found.done,
        skipped=present.skipped,
        missing=tuple(NAMED[name] for name in found.missing),
        open=present.open,
        put_away=present.put_away,
    )
