"""The form of a whole product."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from admin.forms.attributes import AttributeField, attribute_fields, read_fields, read_freely, written_freely
from admin.forms.catalogue import split, uuid_or_none
from admin.forms.fields import AmountField, Between, CountField, format_amount
from admin.forms.tax import CLASSES
from domain.catalog.commands import Answers, Terms, VariantEdit
from domain.catalog.queries import ProductDetail, VariantDetail
from web.forms import ShopForm, clean

STATUSES = (
    SelectChoice("draft", "Draft: not on sale"),
    SelectChoice("published", "Published: on sale"),
    SelectChoice("archived", "Archived: no longer sold, kept for the books"),
)


def _lines(value: str | None) -> str | None:
    """Trim each line of a text and keep the paragraphs."""
    if value is None:
        return None
    return "\n".join(clean(line) or "" for line in value.splitlines()).strip()


class VariantForm(Form):
    """A variant's price and stock, beside what they were when the page was made."""

    price = AmountField("Price")
    compare_at = AmountField("Former price")
    on_hand = CountField("On hand")
    id = HiddenField()
    seen_price = HiddenField()
    seen_compare_at = HiddenField()
    seen_on_hand = HiddenField()

    def validate_price(self, field: AmountField) -> None:
        """A variant has a price."""
        if field.data is None and not field.errors:
            raise ValidationError("Enter a price.")

    def validate_compare_at(self, field: AmountField) -> None:
        """An offer is below what it cost before."""
        if field.data is not None and self.price.data is not None and field.data <= self.price.data:
            raise ValidationError("Enter a former price above the price, or leave it empty.")

    def validate_on_hand(self, field: CountField) -> None:
        """A count is of whole things; a number that stays as it was is not checked, it may be below zero."""
        if str(field.data) != self.seen_on_hand.data:
            Between(0)(self, field)


class ProductForm(ShopForm):
    """What staff can change of a product; variants come in the order of the page."""

    version = HiddenField(validators=[DataRequired()])
    title = StringField("Title", [DataRequired("Enter a title."), Length(max=255)], filters=[clean])
    slug = StringField("Address", [DataRequired("Enter an address."), Length(max=120)], filters=[clean])
    summary = StringField("Summary", [Length(max=500)], filters=[clean])
    description = TextAreaField("Description", [Length(max=20_000)], filters=[_lines])
    status = SelectField("Status", choices=STATUSES, id="product-status")
    category_id = SelectField("Category")
    brand_id = SelectField("Brand")
    tax_class = SelectField("Tax class", choices=[SelectChoice(name, words) for name, words in CLASSES.items()])
    tags = StringField("Tags", [Length(max=2000)], filters=[clean])
    type_id = HiddenField()
    attributes = TextAreaField("Attributes", [Length(max=10_000)], filters=[_lines])
    seo_title = StringField("Title for search engines", [Length(max=255)], filters=[clean])
    seo_description = TextAreaField("Description for search engines", [Length(max=500)], filters=[clean])
    featured = BooleanField("Featured on the first page")
    reason = StringField("Reason for a change of stock", [Optional(), Length(max=300)], filters=[clean])
    variants = FieldList(FormField(VariantForm))
    typed: tuple[AttributeField, ...] = ()

    def offer(self, categories: Sequence[SelectChoice], brands: Sequence[SelectChoice]) -> None:
        """Say what can be chosen."""
        self.category_id.choices, self.brand_id.choices = list(categories), list(brands)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """What is wrong, in the order of the page: the id of the field and the message."""
        found = [("main", message) for message in self.form_errors]
        for field in self:
            if field is self.variants:
                for entry in self.variants:
                    found += [(inner.id, str(inner.errors[0])) for inner in entry.form if inner.errors]
            elif field.errors:
                found.append((field.id, str(field.errors[0])))
        return tuple(found)

    def check(self, product: ProductDetail) -> bool:
        """Validate the answers, also against the product as it is now."""
        valid = self.validate()
        present = {str(variant.id): variant for variant in product.variants}
        for form in (entry.form for entry in self.variants):
            variant, counted = present.get(form.id.data), form.on_hand.data
            if variant is None or form.on_hand.errors or str(counted) == form.seen_on_hand.data:
                continue
            if counted < variant.reserved and not variant.sell_when_out:
                form.on_hand.errors = [f"{variant.reserved} are reserved for orders: enter at least that many."]
                valid = False
            elif not self.reason.data:
                self.reason.errors = ["Say why the stock changes, for instance “counted” or “broken in store”."]
                valid = False
        return valid

    def answers(self) -> Answers:
        """Return what the form says of the product; raises ValueError for a broken page or an unreadable line."""
        typed = read_fields(self.typed) if self.type_id.data else read_freely(self.attributes.data or "")
        return Answers(
            title=self.title.data or "",
            slug=self.slug.data or "",
            summary=self.summary.data or "",
            description=self.description.data or "",
            category_id=UUID(self.category_id.data),
            brand_id=uuid_or_none(self.brand_id.data),
            type_id=uuid_or_none(self.type_id.data),
            attributes=typed,
            tags=split(self.tags.data),
            tax_class=self.tax_class.data,
            seo_title=self.seo_title.data or "",
            seo_description=self.seo_description.data or "",
            featured=self.featured.data,
        )

    def edits(self) -> list[VariantEdit]:
        """Return each variant as the page had shown it and as it came back; raises ValueError for a broken page."""
        return [
            VariantEdit(
                UUID(form.id.data),
                Terms(int(form.seen_price.data), _number(form.seen_compare_at.data), int(form.seen_on_hand.data)),
                Terms(form.price.data, form.compare_at.data, form.on_hand.data),
            )
            for form in (entry.form for entry in self.variants)
        ]


def answers_of(product: ProductDetail) -> dict[str, Any]:
    """Return what the form shows of a product."""
    return {
        "version": product.version,
        "title": product.title,
        "slug": product.slug,
        "summary": product.summary,
        "description": product.description,
        "status": product.status,
        "category_id": str(product.category_id),
        "brand_id": str(product.brand_id or ""),
        "tax_class": product.tax_class,
        "tags": ", ".join(product.tags),
        "type_id": str(product.type_id or ""),
        "attributes": "" if product.type_id else written_freely(product.attributes),
        "seo_title": product.seo_title,
        "seo_description": product.seo_description,
        "featured": product.featured,
        "variants": [_terms(variant) for variant in product.variants],
    }


def differences(form: ProductForm, product: ProductDetail) -> list[tuple[str, str, str]]:
    """Return what the product says now beside what the form says, for each field on which they differ."""
    pairs = [
        ("Title", product.title, form.title.data),
        ("Address", product.slug, form.slug.data),
        ("Summary", product.summary, form.summary.data),
        ("Description", product.description, form.description.data),
        ("Status", product.status, form.status.data),
        ("Category", *_named(form.category_id, product.category_id)),
        ("Brand", *_named(form.brand_id, product.brand_id)),
        ("Tax class", product.tax_class, form.tax_class.data),
        ("Tags", ", ".join(product.tags), ", ".join(split(form.tags.data))),
        ("Featured", "yes" if product.featured else "no", "yes" if form.featured.data else "no"),
        ("Title for search engines", product.seo_title, form.seo_title.data),
        ("Description for search engines", product.seo_description, form.seo_description.data),
    ]
    now = {
        one.attribute.name: one.value for one in attribute_fields([f.attribute for f in form.typed], product.attributes)
    }
    pairs += [(one.attribute.name, now[one.attribute.name], one.value) for one in form.typed]
    if not form.type_id.data:
        pairs.append(("Attributes", written_freely(product.attributes), form.attributes.data))
    present = {str(variant.id): variant for variant in product.variants}
    for entry in (entry.form for entry in form.variants):
        variant = present[entry.id.data]
        name, currency = variant.label or variant.sku, variant.price.currency
        before = variant.compare_at.amount if variant.compare_at else None
        pairs += [
            (f"{name}: price", _written(variant.price.amount, currency), _written(entry.price.data, currency)),
            (f"{name}: former price", _written(before, currency), _written(entry.compare_at.data, currency)),
            (f"{name}: on hand", str(variant.on_hand), str(entry.on_hand.data)),
        ]
    return [(label, now or "", mine or "") for label, now, mine in pairs if (now or "") != (mine or "")]


def look_again(form: ProductForm, product: ProductDetail) -> None:
    """Take what the product says now as what the form has seen: saving again is then a choice."""
    form.version.data = str(product.version)
    present = {str(variant.id): _terms(variant) for variant in product.variants}
    for entry in (entry.form for entry in form.variants):
        for name in ("seen_price", "seen_compare_at", "seen_on_hand"):
            entry[name].data = str(present[entry.id.data][name])


def _named(field: SelectField, now: UUID | None) -> tuple[str, str]:
    """Return what a choice is called now and in the form."""
    names = {choice.value: str(choice.label).strip() for choice in field.choices}
    return names.get(str(now or ""), ""), names.get(field.data, "")


def _written(amount: int | None, currency: str) -> str:
    return "" if amount is None else format_amount(amount, currency)


def _terms(variant: VariantDetail) -> dict[str, Any]:
    before = variant.compare_at.amount if variant.compare_at else None
    return {
        "id": str(variant.id),
        "price": variant.price.amount,
        "compare_at": before,
        "on_hand": variant.on_hand,
        "seen_price": variant.price.amount,
        "seen_compare_at": "" if before is None else before,
        "seen_on_hand": variant.on_hand,
    }


def _number(text: str | None) -> int | None:
    return int(text) if text else None
