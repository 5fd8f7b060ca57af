"""The questions of the checkout: who, where to, how, and the agreement itself."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from babel import Locale
from markupsafe import Markup, escape
from wtforms import BooleanField, EmailField, HiddenField, RadioField, SelectField, StringField, TelField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp, ValidationError
from wtforms.widgets import html_params

from domain.orders.address import Address
from domain.orders.places import destination_of
from domain.users.email import normal_email
from domain.users.errors import BadEmail
from storefront.navigation import ways_to
from web.forms import ShopForm, clean, is_offered, to_choose

ADDRESS = ("name", "company", "line1", "line2", "city", "region", "postcode", "country")
BILLING = "billing_"
NO_COUNTRY = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Codes in the list of territories that stand for unions, outlying places and tests."""


def text_field(label: str, autocomplete: str, **extra: str) -> StringField:
    """Make a field for a line of an address."""
    return StringField(label, filters=[clean], render_kw={"autocomplete": autocomplete, **extra})


@lru_cache(maxsize=8)
def every_country(locale: str, delivered: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """The codes and names of these countries, or of every country, in the order of the names."""
    names = Locale.parse(locale).territories
    every = sorted((name, code) for code, name in names.items() if len(code) == 2 and code not in NO_COUNTRY)
    return tuple((code, name) for name, code in every if not delivered or code in delivered)


@lru_cache(maxsize=64)
def _options(choices: tuple[tuple[str, str], ...], chosen: str) -> str:
    return "".join(
        f'<option{" selected" if code == chosen else ""} value="{escape(code)}">{escape(name)}</option>'
        for code, name in choices
    )


def _select(field: "CountryField", **attributes: Any) -> Markup:
    """Write a list of countries; its options are the same for everyone, and too many to be written one by one."""
    options = _options(field.countries, field.data if field.data in dict(field.countries) else "")
    attributes.setdefault("id", field.id)
    return Markup(f"<select {html_params(name=field.name, **attributes)}>{options}</select>")  # noqa: S704 - escaped


class CountryField(SelectField):
    """A choice among countries, which come later as pairs of code and name."""

    countries: tuple[tuple[str, str], ...] = ()


def country_field(label: str, autocomplete: str) -> CountryField:
    """Make a field for a country."""
    return CountryField(
        label, validate_choice=False, filters=[clean], render_kw={"autocomplete": autocomplete}, widget=_select
    )


class DetailsForm(ShopForm):
    """How to reach the shopper, where to deliver and, where that differs, whom to bill."""

    email = EmailField(
        "E-mail address",
        filters=[clean],
        description="For your confirmation and the tracking link.",
        validators=[DataRequired("Enter your e-mail address."), Length(max=254, message="This address is too long.")],
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )
    phone = TelField(
        "Phone (optional)",
        filters=[clean],
        description="Only for the courier, if there is a problem with the delivery.",
        validators=[Length(max=40, message="Enter at most 40 characters.")],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
    name = text_field("Full name", "shipping name")
    company = text_field("Company (optional)", "shipping organization")
    line1 = text_field("Street and house number", "shipping address-line1")
    line2 = text_field("Apartment, floor, building (optional)", "shipping address-line2")
    city = text_field("Town or city", "shipping address-level2")
    region = text_field("County, state or region (optional)", "shipping address-level1")
    postcode = text_field("Postcode", "shipping postal-code")
    country = country_field("Country", "shipping country")
    remind = BooleanField("Write to me once if I leave something in my cart")
    billing_differs = BooleanField("Send the bill to a different address")
    billing_name = text_field("Full name", "billing name")
    billing_company = text_field("Company (optional)", "billing organization")
    billing_line1 = text_field("Street and house number", "billing address-line1")
    billing_line2 = text_field("Apartment, floor, building (optional)", "billing address-line2")
    billing_city = text_field("Town or city", "billing address-level2")
    billing_region = text_field("County, state or region (optional)", "billing address-level1")
    billing_postcode = text_field("Postcode", "billing postal-code")
    billing_country = country_field("Country", "billing country")

    def offer(self, delivered: Collection[str], locale: str) -> None:
        """Fill the choices: the countries we deliver to, and every country for the bill."""
        self.country.countries = every_country(locale, frozenset(delivered))
        self.billing_country.countries = every_country(locale, frozenset())

    def validate_email(self, field: EmailField) -> None:
        """Take any address that could receive mail, in any script; whether it does, the confirmation will show."""
        try:
            field.data = normal_email(field.data)
        except BadEmail as refusal:
            raise ValidationError(str(refusal)) from None

    def validate(self, extra_validators: object = None) -> bool:
        """Check the answers, the addresses by the shop's own rules."""
        super().validate(extra_validators)
        self._check_address("")
        if self.country.data and self.country.data not in dict(self.country.countries):
            self.refuse("country", "We do not deliver to this country yet. Choose another one.")
        elif not self.errors and not ways_to(destination_of(self.shipping().as_dict(), otherwise="")):
            self.refuse_place()
        if self.billing_differs.data:
            self._check_address(BILLING)
        return not self.errors

    def refuse_place(self) -> None:
        """Say that we do not deliver there, at the field that decides it."""
        if destination_of(self.shipping().as_dict(), otherwise="").region:
            field = "region" if self.country.data == "US" else "postcode"
            self.refuse(field, "We do not deliver to this part of the country yet. Choose another address.")
        else:
            self.refuse("country", "We do not deliver to this country yet. Choose another one.")

    def shipping(self) -> Address:
        """Return where to deliver."""
        return self._address("")

    def billing(self) -> Address | None:
        """Return whom to bill, or None where that is the same."""
        return self._address(BILLING) if self.billing_differs.data else None

    def _address(self, prefix: str) -> Address:
        return Address.read({name: self[prefix + name].data for name in ADDRESS})

    def _check_address(self, prefix: str) -> None:
        for name, message in self._address(prefix).problems().items():
            self.refuse(prefix + name, message)


class DeliveryForm(ShopForm):
    """How the order travels."""

    method = RadioField("Delivery", validate_choice=False, validators=[InputRequired("Choose how to deliver.")])

    def offer(self, options: Sequence[tuple[str, str]]) -> None:
        """Fill the choices with codes and names."""
        self.method.choices = to_choose(options)

    def validate_method(self, field: RadioField) -> None:
        """Take only what goes to this address."""
        if not is_offered(field):
            raise ValidationError("This delivery is not available for your address. Choose another one.")


class OrderForm(ShopForm):
    """The agreement: which answers, at which total in minor units, paid how."""

    token = HiddenField(validators=[InputRequired()])
    agreed_total = HiddenField(validators=[Regexp(r"^\d{1,15}$")])
    gateway = RadioField("Payment", validate_choice=False, validators=[InputRequired("Choose how to pay.")])

    def offer(self, gateways: Sequence[tuple[str, str]]) -> None:
        """Fill the choices with names and labels; the first is taken unless the shopper takes another."""
        self.gateway.choices = to_choose(gateways)
        if not self.gateway.data and gateways:
            self.gateway.data = gateways[0][0]

    def validate_token(self, field: HiddenField) -> None:
        """Take only what could be a token."""
        try:
            UUID(field.data or "")
        except ValueError:
            raise ValidationError("This form is incomplete. Please check your answers and try again.") from None

    def validate_gateway(self, field: RadioField) -> None:
        """Take only a way to pay that there is."""
        if not is_offered(field):
            raise ValidationError("Choose one of the ways to pay.")
