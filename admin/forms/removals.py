"""What is asked before a place of the catalogue is taken away."""

from wtforms import HiddenField, SelectField

from web.forms import ShopForm


class RemovalForm(ShopForm):
    """Which state of it was looked at, and where what was in it goes."""

    version = HiddenField()
    into = SelectField("Where they go")
