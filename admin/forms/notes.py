"""What staff write on orders and customers for each other."""

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from admin.forms.conflicts import VersionedForm
from web.forms import ShopForm, clean


class NoteForm(ShopForm):
    """A note on an order, which the shopper never sees."""

    note = TextAreaField("Note", [DataRequired("Write something."), Length(max=1000)], filters=[clean])


class TagForm(ShopForm):
    """A tag: a word or a few, to find orders by."""

    tag = StringField("Tag", [DataRequired("Enter a tag."), Length(max=40)], filters=[clean])


class CustomerNoteForm(VersionedForm):
    """What staff should know about a customer; empty to forget it."""

    note = TextAreaField("Note", [Length(max=2000)], filters=[clean])


class ErasureForm(ShopForm):
    """The address of the account, typed once more: what is deleted does not come back."""

    email = StringField("The customer’s e-mail address", [DataRequired("Type the address.")], filters=[clean])
