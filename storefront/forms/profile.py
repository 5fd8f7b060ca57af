"""What shoppers change about themselves."""

from collections.abc import Collection

from wtforms import BooleanField, EmailField, PasswordField, StringField
from wtforms.validators import DataRequired, Length

from domain.orders.address import Address
from storefront.forms.account import MOST_PASSWORD
from storefront.forms.checkout import ADDRESS, country_field, every_country, text_field
from web.forms import ShopForm, clean


def _password(label: str, message: str, autocomplete: str, **more: str) -> PasswordField:
    limits = Length(max=MOST_PASSWORD, message=f"Enter at most {MOST_PASSWORD} characters.")
    return PasswordField(
        label, validators=[DataRequired(message), limits], render_kw={"autocomplete": autocomplete}, **more
    )


class NameForm(ShopForm):
    """What to call the shopper."""

    name = StringField(
        "Name",
        filters=[clean],
        validators=[Length(max=200, message="Enter at most 200 characters.")],
        render_kw={"autocomplete": "name"},
    )


class NewEmailForm(ShopForm):
    """Another address for the account; nothing changes before it is confirmed there."""

    email = EmailField(
        "New e-mail address",
        filters=[clean],
        description="We send a link to it. Until you use the link, everything stays as it is.",
        validators=[DataRequired("Enter the new address."), Length(max=254, message="This address is too long.")],
        render_kw={"autocomplete": "email"},
    )
    present = _password("Your password", "Enter your password.", "current-password", id="email-present")


class ChangePasswordForm(ShopForm):
    """Another password, with the present one."""

    present = _password("Present password", "Enter your present password.", "current-password")
    password = _password(
        "New password",
        "Choose a password.",
        "new-password",
        description="At least 8 characters. A few words in a row are easy to remember.",
    )


class PresentPasswordForm(ShopForm):
    """The password once more, for what cannot be taken back."""

    present = _password("Your password", "Enter your password.", "current-password")


class CodeForm(ShopForm):
    """A code of the app, or a recovery code."""

    code = StringField(
        "Code",
        filters=[clean],
        validators=[DataRequired("Enter the code."), Length(max=40, message="A code is shorter than this.")],
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "none"},
    )


class AddressForm(ShopForm):
    """An address in the book."""

    name = text_field("Full name", "name")
    company = text_field("Company (optional)", "organization")
    line1 = text_field("Street and house number", "address-line1")
    line2 = text_field("Apartment, floor, building (optional)", "address-line2")
    city = text_field("Town or city", "address-level2")
    region = text_field("County, state or region (optional)", "address-level1")
    postcode = text_field("Postcode", "postal-code")
    country = country_field("Country", "country")
    default = BooleanField("Deliver here unless I say otherwise")

    def offer(self, delivered: Collection[str], locale: str) -> None:
        """Fill the choices: the countries we deliver to."""
        self.country.countries = every_country(locale, frozenset(delivered))

    def address(self) -> Address:
        """Return the address."""
        return Address.read({name: self[name].data for name in ADDRESS})

    def validate(self, extra_validators: object = None) -> bool:
        """Check the address by the shop's own rules."""
        super().validate(extra_validators)
        for name, message in self.address().problems().items():
            self.refuse(name, message)
        if self.country.data and self.country.data not in dict(self.country.countries):
            self.refuse("country", "We do not deliver to this country yet. Choose another one.")
        return not self.errors
