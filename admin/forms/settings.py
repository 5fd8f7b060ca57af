"""What the owner decides of the shop."""

from babel import Locale
from babel.localedata import locale_identifiers
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from domain.shared.preferences import LEGAL
from web.forms import ShopForm


def _locales() -> list[SelectChoice]:
    found = [(name, Locale.parse(name)) for name in locale_identifiers() if name.count("_") == 1]
    named = [(name, locale.get_display_name("en") or name) for name, locale in found if locale.territory]
    return [SelectChoice(value=name, label=words) for name, words in sorted(named, key=lambda one: one[1])]


class SettingsForm(ShopForm):
    """The shop itself; what may be in a field is checked where it is kept."""

    name = StringField("Name of the shop")
    address = TextAreaField("Address")
    tax_number = StringField("Tax number")
    mail_from = StringField("Sender of mail")
    locale = SelectField("How amounts and days are written", choices=_locales())
    timezone = StringField("Time zone")
    currency = StringField("Currency")
    return_days = StringField("Days to send something back")


class LegalForm(ShopForm):
    """The legal texts."""

    legal_imprint = TextAreaField(LEGAL["imprint"])
    legal_terms = TextAreaField(LEGAL["terms"])
    legal_returns = TextAreaField(LEGAL["returns"])
    legal_privacy = TextAreaField(LEGAL["privacy"])
