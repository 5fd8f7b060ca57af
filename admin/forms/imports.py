"""The form with which a file of products comes in."""

from typing import Any

from wtforms import BooleanField, FileField, SelectField
from wtforms.fields.choices import SelectChoice

from domain.catalog.imports.plan import STOCK_OF_ALL, STOCK_OF_NEW, Rules
from web.forms import ShopForm


class ImportForm(ShopForm):
    """A file, and what the merchant wishes of it."""

    file = FileField("File")
    stock = SelectField(
        "Stock",
        choices=[
            SelectChoice(STOCK_OF_NEW, "Set it for SKUs that are new"),
            SelectChoice(STOCK_OF_ALL, "Set it for all, as counted"),
        ],
        default=STOCK_OF_NEW,
    )
    as_drafts = BooleanField("Keep new products off sale until somebody has looked at them")
    pictures = BooleanField("Fetch the pictures", default=True)

    def rules(self, *, selling: bool) -> Rules:
        """Return the wishes; `selling` says whether the file may say how known SKUs are sold."""
        return Rules(stock=self.stock.data, as_drafts=self.as_drafts.data, pictures=self.pictures.data, selling=selling)

    def check(self, upload: Any) -> bool:
        """Check the answers and that there is a file."""
        fine = self.validate()
        if upload is None or not upload.filename:
            self.refuse("file", "Choose a file.")
            return False
        return bool(fine)
