"""What the shop's owner decides in the admin, in the place of what the environment says; in force without a restart."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import formataddr, parseaddr
from typing import Any, ClassVar

from sqlalchemy import String, Text, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.shared.db import Base, Sessions, take_turns, utcnow
from domain.shared.errors import RuleBroken
from domain.shared.events import Event
from domain.shared.logo import Logo
from domain.shared.outbox import record
from domain.shared.preference_checks import problem_of
from domain.shared.quick import glance
from domain.shared.settings import Settings
from domain.shared.stamp import check_seen, stamp

LEGAL = {
    "imprint": "Who we are",
    "terms": "Terms of sale",
    "returns": "Returns and withdrawal",
    "privacy": "Privacy",
}
"""The legal texts by the end of their address; one that is empty is not shown."""


class Preference(Base, kw_only=True):
    """One decision of the owner's, as text; the environment counts where there is none."""

    __tablename__ = "preferences"
    __table_args__ = ({"schema": "shared"},)

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(default_factory=utcnow)


@dataclass(frozen=True, kw_only=True)
class ShopChanged(Event):
    """The owner changed how the shop calls itself, counts, or what its legal texts say."""

    name: ClassVar[str] = "shared.shop_changed"
    names: tuple[str, ...]


class BadPreferences(RuleBroken):
    """Some answers make no sense; `problems` says which and why."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(next(iter(problems.values())))
        self.problems = dict(problems)


@dataclass(frozen=True)
class Preferences:
    """What the owner has decided, by name; empty where nobody has."""

    values: Mapping[str, str]

    def over(self, settings: Settings) -> Settings:
        """Return the settings with the owner's decisions in their place."""
        update: dict[str, Any] = {name: self.values[name] for name in _PLAIN if name in self.values}
        update |= {name: self.values[name] or None for name in _OPTIONAL if name in self.values}
        if "address" in self.values:
            update["address"] = tuple(self.values["address"].splitlines())
        if "gateways" in self.values:
            update["gateways"] = tuple(self.values["gateways"].split(","))
        if "return_days" in self.values:
            update["return_days"] = int(self.values["return_days"])
        if update and "mail_from" not in update and "name" in update:
            # The sender follows the shop's name until somebody says otherwise.
            update["mail_from"] = formataddr((update["name"], parseaddr(settings.mail_from)[1]))
        found = settings.model_copy(update=update) if update else settings
        logo = Logo.of(self.values, name=found.name)
        return found.with_logo(logo) if logo else found

    @property
    def legal(self) -> dict[str, str]:
        """The legal texts there are, by the end of their address."""
        texts = {key: self.values.get(f"legal_{key}", "") for key in LEGAL}
        return {key: text for key, text in texts.items() if text}

    @property
    def open(self) -> bool:
        """Whether shoppers are let in; a shop that was just made is not open, until its owner says so."""
        return self.values.get(OPENED) not in ("no", CLOSED)

    @property
    def closed(self) -> bool:
        """Whether a shop that was open is closed for a while; what shoppers read then is in `closed_message`."""
        return self.values.get(OPENED) == CLOSED

    @property
    def closed_message(self) -> str:
        """What shoppers read, or last read, while the shop is closed."""
        return self.values.get(CLOSED_MESSAGE, "")

    @property
    def skipped(self) -> frozenset[str]:
        """The steps towards an open shop that the owner left for later."""
        return frozenset(filter(None, self.values.get(SKIPPED, "").split(",")))

    @property
    def put_away(self) -> bool:
        """Whether the first page reminds of those steps no longer."""
        return bool(self.values.get(PUT_AWAY))

    def stamp(self, names: Collection[str]) -> str:
        """Return the stamp of some of the decisions, for `hold_decisions`."""
        return stamp(*self._said(names))

    def check_seen(self, seen: str, names: Collection[str], *, what: str) -> None:
        """Raise ChangedMeanwhile unless `seen` is the stamp of these decisions."""
        check_seen(seen, *self._said(names), what=what)

    def _said(self, names: Collection[str]) -> list[tuple[str, str]]:
        return [(name, self.values.get(name, "")) for name in sorted(names)]

    @property
    def gateway_labels(self) -> dict[str, str]:
        """What shoppers read of a way to pay, by its name, where the owner calls it otherwise than the shop does."""
        labels = {name.removeprefix(LABEL): value for name, value in self.values.items() if name.startswith(LABEL)}
        return {name: label for name, label in labels.items() if label}


OPENED, SKIPPED, PUT_AWAY = "opened", "steps_skipped", "steps_put_away"
"""The decisions on the way to an open shop. A migration writes "no" for the first into a database without a shop."""
CLOSED, CLOSED_MESSAGE = "closed", "closed_message"
"""What the first of them says of a shop that is closed again, and the decision that tells shoppers why."""
LABEL = "gateway_label_"
"""What the name of a decision begins with that says how a way to pay is called."""
_PLAIN = ("name", "mail_from", "country", "locale", "timezone", "currency")
_OPTIONAL = ("tax_number", "mail_reply_to", "sms_sender")
NAMES = (*_PLAIN, *_OPTIONAL, "address", "return_days", *(f"legal_{key}" for key in LEGAL))
"""What the owner can decide by writing it into a form."""


def preferences(session: Session) -> Preferences:
    """Return what the owner has decided; one SELECT."""
    rows = session.execute(select(Preference.name, Preference.value).order_by(Preference.name))
    return Preferences({row.name: row.value for row in rows})


def in_force(sessions: Sessions, settings: Settings) -> Settings:
    """Return the settings with the owner's decisions in their place, as they are now."""
    with glance(sessions) as reading:
        return preferences(reading).over(settings)


def hold_decisions(session: Session, names: Collection[str], *, seen: str, what: str) -> None:
    """Let nobody else decide by a form until this transaction ends.

    Raises ChangedMeanwhile if the decisions of these names are no longer those that `seen` is the stamp of.
    """
    take_turns(session, "the decisions of the owner")
    preferences(session).check_seen(seen, names, what=what)


def save_preferences(
    session: Session,
    given: Mapping[str, str],
    *,
    why_currency_stays: str = "",
    settings: Settings,
    confirm: bool = False,
) -> int:
    """Keep decisions by their names and return how many of them are new; raises BadPreferences, and nothing changes.

    The currency is fixed from the first product on: prices are numbers of it, and would mean something else. With
    `confirm` an answer that is in force already is kept as a decision too.
    """
    present = preferences(session)
    now_in_force = present.over(settings)
    wanted = {name: _clean(name, value) for name, value in given.items() if name in NAMES}
    problems = {name: problem for name, value in wanted.items() if (problem := problem_of(name, value))}
    if why_currency_stays and wanted.get("currency", now_in_force.currency) != now_in_force.currency:
        problems["currency"] = why_currency_stays
    if problems:
        raise BadPreferences(problems)
    news = {name: value for name, value in wanted.items() if value != _in_force(name, present, settings)}
    unsaid = {name: value for name, value in wanted.items() if confirm and name not in present.values}
    keep(session, unsaid | news)
    return len(news)


def keep(session: Session, decided: Mapping[str, str]) -> None:
    """Write down decisions that were checked, and tell the rest of the shop."""
    for name, value in sorted(decided.items()):
        statement = insert(Preference).values(name=name, value=value, changed_at=utcnow())
        changed = {"value": statement.excluded.value, "changed_at": statement.excluded.changed_at}
        session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=changed))
    if decided:
        record(session, ShopChanged(names=tuple(sorted(decided))))


def let_shoppers_in(session: Session) -> None:
    """Open a shop that is complete as it was made, such as the demo shop."""
    if not preferences(session).open:
        keep(session, {OPENED: "yes"})


def answers(present: Preferences, settings: Settings) -> dict[str, str]:
    """Return what is in force now, as a form shows it."""
    return {name: _in_force(name, present, settings) for name in NAMES}


def _in_force(name: str, present: Preferences, settings: Settings) -> str:
    if name.startswith("legal_"):
        return present.values.get(name, "")
    value = getattr(present.over(settings), name)
    return "\n".join(value) if isinstance(value, tuple) else str(value if value is not None else "")


def _clean(name: str, value: str) -> str:
    text = value.replace("\r\n", "\n").replace("\0", "").strip()
    if name == "address":
        return "\n".join(line.strip() for line in text.split("\n") if line.strip())
    return text if name.startswith("legal_") else " ".join(text.split())
