"""The form of a whole product."""

from typing import Any
from uuid import UUID

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from admin.forms.fields import AmountField, Between, CountField, format_amount
from domain.catalog.commands import Terms, VariantEdit
from domain.catalog.queries import ProductDetail, VariantDetail
from web.forms import ShopForm, clean

STATUSES = (
    SelectChoice("draft", "Draft: not on sale"),
    SelectChoice("published", "Published: on sale"),
    SelectChoice("archived", "Archived: gone for good"),
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
    summary = StringField("Summary", [Length(max=500)], filters=[clean])
    description = TextAreaField("Description", [Length(max=20_000)], filters=[_lines])
    status = SelectField("Status", choices=STATUSES)
    featured = BooleanField("Featured on the first page")
    reason = StringField("Reason for a change of stock", [Optional(), Length(max=300)], filters=[clean])
    variants = FieldList(FormField(VariantForm))

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
        "summary": product.summary,
        "description": product.description,
        "status": product.status,
        "featured": product.featured,
        "variants": [_terms(variant) for variant in product.variants],
    }


def differences(form: ProductForm, product: ProductDetail) -> list[tuple[str, str, str]]:
    """Return what the product says now beside what the form says, for each field on which they differ."""
    pairs = [
        ("Title", product.title, form.title.data),
        ("Summary", product.summary, form.summary.data),
        ("Description", product.description, form.description.data),
        ("Status", product.status, form.status.data),
        ("Featured", "yes" if product.featured else "no", "yes" if form.featured.data else "no"),
    ]
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
