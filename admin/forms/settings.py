"""What the owner decides of the shop."""

from collections.abc import Iterable
from email.utils import parseaddr
from functools import cache

from babel import Locale
from babel.localedata import locale_identifiers
from wtforms import BooleanField, FileField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from admin.forms.conflicts import VersionedForm
from domain.payments.methods import WayToBePaid
from domain.shared.preferences import LEGAL
from web.forms import clean


@cache
def _locales() -> list[SelectChoice]:
    found = [(name, Locale.parse(name)) for name in locale_identifiers() if name.count("_") == 1]
    named = [(name, locale.get_display_name("en") or name) for name, locale in found if locale.territory]
    return [SelectChoice(value=name, label=words) for name, words in sorted(named, key=lambda one: one[1])]


@cache
def _countries() -> list[SelectChoice]:
    known = {code: words for code, words in Locale("en").territories.items() if len(code) == 2 and code not in _NONE}
    return [SelectChoice(value=code, label=words) for code, words in sorted(known.items(), key=lambda one: one[1])]


_NONE = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
"""What stands among the territories and is no country."""


class PlaceForm(VersionedForm):
    """Who and where the shop is; what may be in a field is checked where it is kept."""

    name = StringField("Name of the shop")
    address = TextAreaField("Address")
    country = SelectField("Country of the shop", choices=_countries, validate_choice=False)


class MoneyForm(VersionedForm):
    """What the shop counts in, and how it writes that."""

    currency = StringField("Currency")
    locale = SelectField("How amounts and days are written", choices=_locales, validate_choice=False)
    timezone = StringField("Time zone")


class SettingsForm(PlaceForm, MoneyForm):
    """All of it, with what is on invoices."""

    tax_number = StringField("Tax number")
    return_days = StringField("Days to send something back")


class LegalForm(VersionedForm):
    """The legal texts."""

    legal_imprint = TextAreaField(LEGAL["imprint"])
    legal_terms = TextAreaField(LEGAL["terms"])
    legal_returns = TextAreaField(LEGAL["returns"])
    legal_privacy = TextAreaField(LEGAL["privacy"])


class ClosingForm(VersionedForm):
    """What shoppers read while the shop is closed."""

    message = TextAreaField("What shoppers read")


class LogoForm(VersionedForm):
    """The pictures of the logo, and what they are described as."""

    logo = FileField("Logo")
    logo_dark = FileField("Logo for dark ground")
    alt = StringField("Description", [Length(max=120)], filters=[clean])


class SendersForm(VersionedForm):
    """From whom mail and text messages come."""

    from_name = StringField("Name in front of the address")
    from_address = StringField("Address that mail comes from")
    mail_reply_to = StringField("Address that answers go to")
    sms_sender = StringField("Sender of text messages")

    def decisions(self) -> dict[str, str]:
        """Return the answers by the names under which they are kept."""
        name, address = self.from_name.data or "", self.from_address.data or ""
        return {
            "mail_from": f"{name} <{address}>" if name else address,
            "mail_reply_to": self.mail_reply_to.data or "",
            "sms_sender": self.sms_sender.data or "",
        }

    def refuse_decision(self, name: str, problem: str) -> None:
        """Say what is wrong with a decision at the field that it was made in."""
        self.refuse("from_address" if name == "mail_from" else name, problem)


def senders_of(present: dict[str, str]) -> dict[str, str]:
    """Return what is in force, as the form of senders shows it."""
    name, address = parseaddr(present["mail_from"])
    return present | {"from_name": name, "from_address": address}


def ways_form(ways: Iterable[WayToBePaid], given=None, *, version: str = "") -> VersionedForm:
    """Make the form of these ways to pay: a switch, a place and a name for each."""
    fields, data = {}, {}
    for at, way in enumerate(ways, start=1):
        fields[f"on_{way.name}"] = BooleanField(f"Offer {way.usual}")
        fields[f"place_{way.name}"] = StringField("Place", description=f"Place of {way.usual}")
        fields[f"label_{way.name}"] = StringField("Name that shoppers read", description=f"Name of {way.usual}")
        data |= {f"on_{way.name}": way.offered, f"place_{way.name}": str(at), f"label_{way.name}": way.label}
    form: VersionedForm = type("WaysForm", (VersionedForm,), fields)(given, data=data | {"version": version})
    return form
