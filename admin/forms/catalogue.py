"""The smaller forms of the catalogue: new products, variants, sales, pictures, and where products stand."""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, Regexp, ValidationError

from admin.forms.fields import AmountField, Between, CountField, MeasureField
from admin.forms.promotions import MomentField
from domain.catalog.errors import WrongProduct
from domain.catalog.measure import UNITS, Measure
from domain.catalog.queries import CategoryChoice
from web.forms import ShopForm, clean

MOST_OPTIONS = 3
ATTRIBUTE_ROWS = 12
KINDS = (
    SelectChoice("text", "Text"),
    SelectChoice("number", "Number with unit"),
    SelectChoice("yes_no", "Yes or no"),
    SelectChoice("colour", "Colour"),
)


def category_choices(categories: Sequence[CategoryChoice], *, top: str = "") -> list[SelectChoice]:
    """Return the tree as a select shows it, each level set in; `top` is what stands for none."""
    first = [SelectChoice("", top)] if top else []
    return first + [SelectChoice(str(one.id), "\u2003" * one.depth + one.name) for one in categories]


def uuid_or_none(value: str | None) -> UUID | None:
    """Read an id that a select may leave empty; raises ValueError for what is none."""
    return UUID(value) if value else None


class NewProductForm(ShopForm):
    """What a product begins with; the rest is asked for on its page."""

    title = StringField("Title", [DataRequired("Enter a title."), Length(max=255)], filters=[clean])
    category_id = SelectField("Category", [DataRequired("Choose a category.")])
    brand_id = SelectField("Brand")
    type_id = SelectField("Product type")
    price = AmountField("Price")
    sku = StringField("SKU", [DataRequired("Enter a SKU."), Length(max=40)], filters=[clean])
    option1 = StringField("First option", [Length(max=80)], filters=[clean])
    values1 = StringField("Its values", [Length(max=1000)], filters=[clean])
    option2 = StringField("Second option", [Length(max=80)], filters=[clean])
    values2 = StringField("Its values", [Length(max=1000)], filters=[clean])
    option3 = StringField("Third option", [Length(max=80)], filters=[clean])
    values3 = StringField("Its values", [Length(max=1000)], filters=[clean])

    def validate_price(self, field: AmountField) -> None:
        """A product has a price."""
        if field.data is None and not field.errors:
            raise ValidationError("Enter a price.")

    @property
    def options(self) -> dict[str, list[str]]:
        """Return the options that were named, with their values."""
        pairs = ((self[f"option{i}"].data, self[f"values{i}"].data) for i in range(1, MOST_OPTIONS + 1))
        return {name: split(values) for name, values in pairs if name}


class MoreVariantsForm(ShopForm):
    """Options with their values, and what the variants that are made of them begin with."""

    price = AmountField("Price of the new ones", id="new-price")
    stem = StringField(
        "Beginning of their SKUs", [DataRequired("Enter how their SKUs begin."), Length(max=40)], filters=[clean]
    )
    rows: Sequence[tuple[str, str]] = ()
    """Each option's name and its values, as they are typed."""

    def validate_price(self, field: AmountField) -> None:
        """A variant has a price."""
        if field.data is None and not field.errors:
            raise ValidationError("Enter a price.")

    def check(self, names: Sequence[str], values: Sequence[str]) -> bool:
        """Check the answers with the options of these names; those of which nothing is said are left out."""
        pairs = zip(map(str.strip, names), values, strict=False)
        self.rows = [(name, some) for name, some in pairs if name or split(some)]
        fine = bool(self.validate())
        for name, some in self.rows:
            if not name:
                self.refuse("", f"Name the option that has the values {', '.join(split(some))}.")
                fine = False
        return fine

    @property
    def options(self) -> dict[str, list[str]]:
        """Return the options with their values."""
        return {name: split(values) for name, values in self.rows}


class VariantForm(ShopForm):
    """What a variant is called and what is known of it."""

    version = HiddenField()
    sku = StringField("SKU", [DataRequired("Enter a SKU."), Length(max=64)], filters=[clean])
    barcode = StringField(
        "Barcode", [Optional(), Regexp(r"^[0-9]{8,14}$", message="Enter the 8 to 14 digits of the barcode.")],
        filters=[clean],
    )  # fmt: skip
    weight_grams = CountField("Weight in grams", [Between(0, 10_000_000)])
    cost = AmountField("Cost to the shop")
    picture_id = SelectField("Picture")
    measure_amount = MeasureField("How much is in it", [Optional()])
    measure_unit = SelectField("Unit", choices=[SelectChoice("", "None"), *(SelectChoice(one, one) for one in UNITS)])
    measure_base = MeasureField("Price shown for", [Optional()])
    colours = StringField(
        "Swatch", [Optional(), Regexp(r"^(#[0-9a-fA-F]{6}[, ]*)+$", message="Write colours as in #6f8560.")],
        filters=[clean],
    )  # fmt: skip

    @property
    def measure(self) -> Measure:
        """Return how much is in it, in which unit, and for how much of that its price is shown."""
        return self.measure_amount.data, self.measure_unit.data or None, self.measure_base.data


class SaleForm(ShopForm):
    """A window in which variants cost less; each variant's price is a field of its own."""

    starts_at = MomentField("Starts", [Optional()])
    ends_at = MomentField("Ends", [Optional()])


class UploadForm(ShopForm):
    """A description for pictures that are brought."""

    alt = StringField(
        "What the picture shows",
        [DataRequired("Describe the picture for those who cannot see it."), Length(max=300)],
        filters=[clean],
    )


class CategoryForm(ShopForm):
    """A category and where it stands."""

    version = HiddenField()
    name = StringField("Name", [DataRequired("Enter a name."), Length(max=120)], filters=[clean])
    slug = StringField("Address", [Length(max=80)], filters=[clean])
    parent_id = SelectField("Stands in")
    position = CountField("Place among its neighbours", [Between(0, 100_000)])
    description = TextAreaField("Description", [Length(max=2000)], filters=[clean])
    seo_title = StringField("Title for search engines", [Length(max=255)], filters=[clean])
    seo_description = StringField("Description for search engines", [Length(max=500)], filters=[clean])


class BrandForm(ShopForm):
    """A brand."""

    version = HiddenField()
    name = StringField("Name", [DataRequired("Enter a name."), Length(max=120)], filters=[clean])
    slug = StringField("Address", [Length(max=80)], filters=[clean])
    description = TextAreaField("Description", [Length(max=2000)], filters=[clean])
    seo_title = StringField("Title for search engines", [Length(max=255)], filters=[clean])
    seo_description = StringField("Description for search engines", [Length(max=500)], filters=[clean])


class TypeForm(ShopForm):
    """A product type; its attributes are rows of a table."""

    version = HiddenField()
    name = StringField("Name", [DataRequired("Enter a name."), Length(max=80)], filters=[clean])
    options = StringField("Usual options", [Length(max=240)], filters=[clean])


class CollectionForm(ShopForm):
    """A collection; its rules are rows of a table."""

    version = HiddenField()
    title = StringField("Title", [DataRequired("Enter a title."), Length(max=255)], filters=[clean])
    slug = StringField("Address", [Length(max=120)], filters=[clean])
    description = TextAreaField("Description", [Length(max=2000)], filters=[clean])
    sort = SelectField(
        "Order",
        choices=[
            SelectChoice("featured", "The shop's choice first"),
            SelectChoice("chosen", "As chosen by hand"),
            SelectChoice("newest", "Newest first"),
            SelectChoice("price", "Cheapest first"),
            SelectChoice("-price", "Dearest first"),
            SelectChoice("name", "By name"),
        ],
    )
    published = BooleanField("Shown in the shop")
    seo_title = StringField("Title for search engines", [Length(max=255)], filters=[clean])
    seo_description = StringField("Description for search engines", [Length(max=500)], filters=[clean])


def split(text: str | None) -> list[str]:
    """Read words with commas between them."""
    return [word.strip() for word in re.split(r"[,;]", text or "") if word.strip()]


def chosen_of(answers: Mapping[str, str]) -> dict[str, UUID]:
    """Read which product a button adds, takes off or puts first; raises WrongProduct for none."""
    for name in ("off", "first", "add"):
        if answers.get(name):
            try:
                return {name: UUID(answers[name])}
            except ValueError:
                break
    raise WrongProduct("Choose a product.")
