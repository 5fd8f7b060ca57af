"""What the shop's owner decides in the admin, in the place of what the environment says; in force without a restart."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import formataddr, parseaddr
from typing import Any, ClassVar
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import String, Text, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.shared.db import Base, Sessions, glance, utcnow
from domain.shared.errors import RuleBroken
from domain.shared.events import Event
from domain.shared.outbox import record
from domain.shared.settings import Settings

LONGEST_TEXT = 50_000
"""How many characters a legal text may have."""
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
        if "address" in self.values:
            update["address"] = tuple(self.values["address"].splitlines())
        if "tax_number" in self.values:
            update["tax_number"] = self.values["tax_number"] or None
        if "return_days" in self.values:
            update["return_days"] = int(self.values["return_days"])
        if update and "mail_from" not in update and "name" in update:
            # The sender follows the shop's name until somebody says otherwise.
            update["mail_from"] = formataddr((update["name"], parseaddr(settings.mail_from)[1]))
        return settings.model_copy(update=update) if update else settings

    @property
    def legal(self) -> dict[str, str]:
        """The legal texts there are, by the end of their address."""
        texts = {key: self.values.get(f"legal_{key}", "") for key in LEGAL}
        return {key: text for key, text in texts.items() if text}


_PLAIN = ("name", "mail_from", "locale", "timezone", "currency")
NAMES = (*_PLAIN, "address", "tax_number", "return_days", *(f"legal_{key}" for key in LEGAL))
"""Everything the owner can decide."""


def preferences(session: Session) -> Preferences:
    """Return what the owner has decided; one SELECT."""
    rows = session.execute(select(Preference.name, Preference.value).order_by(Preference.name))
    return Preferences({row.name: row.value for row in rows})


def in_force(sessions: Sessions, settings: Settings) -> Settings:
    """Return the settings with the owner's decisions in their place, as they are now."""
    with glance(sessions) as reading:
        return preferences(reading).over(settings)


def save_preferences(session: Session, given: Mapping[str, str], *, currency_is_fixed: bool, settings: Settings) -> int:
    """Keep decisions by their names and return how many of them are new; raises BadPreferences, and nothing changes.

    The currency is fixed from the first product on: prices are numbers of it, and would mean something else.
    """
    present = preferences(session)
    now_in_force = present.over(settings)
    wanted = {name: _clean(name, value) for name, value in given.items() if name in NAMES}
    problems = {name: problem for name, value in wanted.items() if (problem := _problem(name, value))}
    if currency_is_fixed and wanted.get("currency", now_in_force.currency) != now_in_force.currency:
        problems["currency"] = "The currency stays as it is once there are products: their prices are in it."
    if problems:
        raise BadPreferences(problems)
    news = {name: value for name, value in wanted.items() if value != _in_force(name, present, settings)}
    for name, value in sorted(news.items()):
        statement = insert(Preference).values(name=name, value=value, changed_at=utcnow())
        changed = {"value": statement.excluded.value, "changed_at": statement.excluded.changed_at}
        session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=changed))
    if news:
        record(session, ShopChanged(names=tuple(sorted(news))))
    return len(news)


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


def _problem(name: str, value: str) -> str | None:
    if name.startswith("legal_"):
        return None if len(value) <= LONGEST_TEXT else f"Use at most {LONGEST_TEXT:,} characters."
    return _CHECKS[name](value)


_SENDER = re.compile(r'(?:[^<>@"]{1,80} )?<[^<>\s]+>|[^<>\s]+')


def _name(value: str) -> str | None:
    return None if 0 < len(value) <= 60 and "," not in value else "Enter a name of up to 60 characters without commas."


def _sender(value: str) -> str | None:
    try:
        if not _SENDER.fullmatch(value):
            raise EmailNotValidError
        validate_email(parseaddr(value)[1], check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return "Enter a sender such as Cornershop <hello@example.com>."
    return None


def _locale(value: str) -> str | None:
    try:
        Locale.parse(value)
    except (UnknownLocaleError, ValueError, TypeError):
        return "Choose one of the languages and countries."
    return None


def _timezone(value: str) -> str | None:
    return None if value in available_timezones() else "Enter a time zone such as Europe/Dublin."


def _currency(value: str) -> str | None:
    return None if value in list_currencies() else "Enter a currency of three letters, such as EUR."


def _address(value: str) -> str | None:
    lines = value.split("\n")
    good = len(lines) <= 6 and all(len(line) <= 80 for line in lines)
    return None if good else "Use at most six lines of up to 80 characters."


def _tax_number(value: str) -> str | None:
    return None if len(value) <= 40 else "Use at most 40 characters."


def _return_days(value: str) -> str | None:
    good = value.isascii() and value.isdigit() and int(value) <= 3650
    return None if good else "Enter a number of days from 0 to 3650."


_CHECKS = {
    "name": _name,
    "mail_from": _sender,
    "locale": _locale,
    "timezone": _timezone,
    "currency": _currency,
    "address": _address,
    "tax_number": _tax_number,
    "return_days": _return_days,
}
