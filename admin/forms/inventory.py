"""The answers of the stock page."""

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import DataRequired, Length

from admin.forms.conflicts import VersionedForm
from admin.forms.fields import Between, CountField
from web.forms import ShopForm, clean


class ReceiptForm(ShopForm):
    """New units come in."""

    quantity = CountField("Units received", [Between(1)])
    reason = StringField("Note", [Length(max=300)], filters=[clean], id="note")


class CountForm(ShopForm):
    """Somebody counted the shelf; `seen` is what the books said when they began."""

    on_hand = CountField("Counted", [Between(0)])
    seen = HiddenField(validators=[DataRequired()])
    reason = StringField("Reason", [DataRequired("Say why the stock changes."), Length(max=300)], filters=[clean])


class SellingForm(VersionedForm):
    """Whether the variant is sold when it is out, and when staff are warned."""

    sell_when_out = BooleanField("Go on selling when it is out")
    low_at = CountField("Warn at", [Between(0)])
