"""The answers about messages: an address to stop, a reason to lift that, and who gets which alerts."""

from wtforms import EmailField, StringField
from wtforms.validators import DataRequired, Length

from web.forms import ShopForm, clean


class StopForm(ShopForm):
    """An address that is to get nothing more, and why."""

    email = EmailField("E-mail address", [DataRequired("Enter the address.")], filters=[clean])
    detail = StringField(
        "Why", [DataRequired("Say why."), Length(max=300, message="At most 300 characters.")], filters=[clean]
    )


class LiftForm(ShopForm):
    """Why an address may have its mail again."""

    email = EmailField("E-mail address", [DataRequired("Choose an address.")], filters=[clean])
    because = StringField(
        "Why it may have its mail again",
        [DataRequired("Say why."), Length(max=300, message="At most 300 characters.")],
        filters=[clean],
    )
