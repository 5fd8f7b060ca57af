"""A code for something off."""

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from web.forms import ShopForm, clean


class CodeForm(ShopForm):
    """A code as somebody types it."""

    code = StringField(
        "Code",
        filters=[clean],
        validators=[
            DataRequired("Enter a code, as it stands in your mail or on your voucher."),
            Length(max=80, message="A code is shorter than this. Please check it."),
        ],
    )
