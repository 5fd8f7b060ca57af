"""What may be in an answer of the owner's, and what to say where it may not."""

import re
from email.utils import parseaddr
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies
from email_validator import EmailNotValidError, validate_email

LONGEST_TEXT = 50_000
"""How many characters a legal text may have."""


def problem_of(name: str, value: str) -> str | None:
    """Say what is wrong with an answer, by the name of what it decides; None where nothing is."""
    if name.startswith("legal_"):
        return None if len(value) <= LONGEST_TEXT else f"Use at most {LONGEST_TEXT:,} characters."
    return _CHECKS[name](value)


_SMS_SENDER = re.compile(r"[A-Za-z0-9]{3,11}")
_SENDER = re.compile(r'(?:[^<>@"]{1,80} )?<[^<>\s]+>|[^<>\s]+')


def _name(value: str) -> str | None:
    return None if 0 < len(value) <= 60 and "," not in value else "Enter a name of up to 60 characters without commas."


def _sender(value: str) -> str | None:
    try:
        if not _SENDER.fullmatch(value):
            raise EmailNotValidError
        validate_email(parseaddr(value)[1], check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return "Enter an address such as hello@example.com, and a name without commas, quotes and brackets."
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


def _country(value: str) -> str | None:
    known = len(value) == 2 and value in Locale("en").territories
    return None if known else "Choose the country that the shop is in."


def _reply_to(value: str) -> str | None:
    problem = "Enter one address such as help@example.com, or nothing."
    return None if not value or ("<" not in value and _sender(value) is None) else problem


def _sms_sender(value: str) -> str | None:
    good = not value or (_SMS_SENDER.fullmatch(value) and not value.isdigit())
    return None if good else "Use 3 to 11 letters and figures without blanks, at least one of them a letter."


def _tax_number(value: str) -> str | None:
    return None if len(value) <= 40 else "Use at most 40 characters."


def _return_days(value: str) -> str | None:
    good = value.isascii() and value.isdigit() and int(value) <= 3650
    return None if good else "Enter a number of days from 0 to 3650."


_CHECKS = {
    "name": _name,
    "mail_from": _sender,
    "mail_reply_to": _reply_to,
    "sms_sender": _sms_sender,
    "country": _country,
    "locale": _locale,
    "timezone": _timezone,
    "currency": _currency,
    "address": _address,
    "tax_number": _tax_number,
    "return_days": _return_days,
}
