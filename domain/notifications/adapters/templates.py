"""Writing letters from the templates under templates/emails."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from domain.notifications.topics import OF_TEMPLATE, signature
from domain.shared.formats import format_money, format_rate
from domain.shared.settings import ROOT, Settings
from domain.users.links import INVITATION, sign


@dataclass(frozen=True)
class Letter:
    """A message as its reader gets it."""

    subject: str
    text: str
    html: str
    unsubscribe: str | None = None


def render(template: str, context: Mapping[str, Any], settings: Settings, *, to: str = "") -> Letter:
    """Write a letter: its subject and text from `<template>.txt`, its page from `<template>.html`.

    One that its reader `to` may do without says how to leave.
    """
    environment = _environment(settings.locale, settings.timezone)
    leave = unsubscribe_link(settings, template=template, to=to)
    values = _values(context, settings) | {"unsubscribe": leave}
    plain = environment.get_template(f"{template}.txt")
    subject = _subject(plain, values)
    text = plain.render(values).strip() + "\n"
    html = environment.get_template(f"{template}.html").render(values, subject=subject)
    return Letter(subject=subject, text=text, html=html, unsubscribe=leave)


def render_subject(template: str, context: Mapping[str, Any], settings: Settings) -> str:
    """Write only the subject: it is what a notice inside the site says."""
    environment = _environment(settings.locale, settings.timezone)
    return _subject(environment.get_template(f"{template}.txt"), _values(context, settings) | {"unsubscribe": None})


def render_sms(template: str, context: Mapping[str, Any], settings: Settings) -> str:
    """Write a text message from `<template>.sms`, on one line."""
    environment = _environment(settings.locale, settings.timezone)
    return " ".join(environment.get_template(f"{template}.sms").render(_values(context, settings)).split())


def unsubscribe_link(settings: Settings, *, template: str, to: str) -> str | None:
    """The address by which a reader leaves the topic of a letter; None for letters that an order needs."""
    topic = OF_TEMPLATE.get(template)
    if topic is None:
        return None
    signed = signature(settings.secret_key.get_secret_value(), email=to, topic=topic.name)
    words = urlencode({"to": to, "topic": topic.name, "signed": signed})
    return f"{settings.storefront_url}/messages/unsubscribe?{words}"


def _subject(plain: Template, values: dict[str, Any]) -> str:
    return " ".join("".join(plain.blocks["subject"](plain.new_context(values))).split())


def _values(context: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    return {
        **context,
        "bank": {"holder": settings.bank_holder, "iban": settings.bank_iban, "bic": settings.bank_bic},
        "account_link": partial(_account_link, settings),
        "invitation_link": partial(_invitation_link, settings),
        "shop": {
            "name": settings.name,
            "url": settings.storefront_url,
            "admin_url": settings.admin_url,
            "locale": settings.locale.replace("_", "-"),
            "currency": settings.currency,
            "logo": settings.logo,
        },
    }


def _invitation_link(settings: Settings, invitation_id: str) -> str:
    """Sign the link only now: what is kept in the database opens nothing."""
    token = sign(settings.secret_key.get_secret_value(), purpose=INVITATION, subject=invitation_id)
    return f"{settings.admin_url}/invitation?token={token}"


def _account_link(settings: Settings, path: str, purpose: str, link_id: str) -> str:
    token = sign(settings.secret_key.get_secret_value(), purpose=purpose, subject=link_id)
    return f"{settings.storefront_url}{path}?token={token}"


def prepare(settings: Settings) -> None:
    """Read and compile every template, so that processes forked afterwards find them done."""
    environment = _environment(settings.locale, settings.timezone)
    for name in environment.list_templates():
        environment.get_template(name)


@cache
def _environment(locale: str, timezone: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates" / "emails"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def money(amount: int, currency: str) -> str:
        return format_money(amount, currency, locale)

    def rate(basis_points: str) -> str:
        return format_rate(basis_points, locale)

    def day(moment: str, pattern: str = "EEE d MMM") -> str:
        local = datetime.fromisoformat(moment).astimezone(ZoneInfo(timezone)).date()
        return format_date(local, pattern, locale=locale)

    def moment(at: str) -> str:
        local = datetime.fromisoformat(at).astimezone(ZoneInfo(timezone))
        return format_datetime(local, "EEE d MMM, HH:mm", locale=locale)

    def country(code: str) -> str:
        return str(Locale.parse(locale).territories.get(code, code))

    environment.filters.update(money=money, rate=rate, day=day, moment=moment, country=country)
    return environment
