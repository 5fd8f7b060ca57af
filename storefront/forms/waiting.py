"""Asking to be told when something is back."""

from wtforms import EmailField, HiddenField
from wtforms.validators import DataRequired, ValidationError

from domain.users.email import normal_email
from domain.users.errors import BadEmail
from web.forms import ShopForm, clean


class WaitForm(ShopForm):
    """An address to write to about a variant that is sold out."""

    sku = HiddenField(filters=[clean], validators=[DataRequired("Choose a variant first.")])
    email = EmailField(
        "Email address",
        filters=[clean],
        validators=[DataRequired("Enter your email address.")],
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false", "maxlength": 254},
    )

    def validate_email(self, field: EmailField) -> None:
        """Take any address that could receive mail."""
        try:
            normal_email(field.data or "")
        except BadEmail as refusal:
            raise ValidationError(str(refusal)) from None
