"""The form of a promotion."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput

from admin.forms.conflicts import VersionedForm
from admin.forms.fields import AmountField, CountField
from domain.catalog.queries import CategoryChoice
from domain.promotions.kinds import KINDS
from domain.promotions.queries import PromotionDetail
from domain.promotions.terms import Terms
from web.forms import clean

MOST_CODES = 200


class PercentField(StringField):
    """A percentage as people type it; its data are basis points, or None where it is left empty."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.written(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed: 10, 12.5 or 12,5 %."""
        text = re.sub(r"[\s%]", "", str(valuelist[0])).replace(",", ".") if valuelist else ""
        self.data = None
        if not text:
            return
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", text):
            raise ValueError("Enter a percentage such as 10 or 12.5.")
        whole, _, fraction = text.partition(".")
        self.data = int(whole) * 100 + int(fraction.ljust(2, "0"))

    def written(self, value: int | None) -> str:
        """Write basis points as they are typed."""
        return f"{value / 100:g}" if value else ""


class MomentField(DateTimeLocalField):
    """A date and a time on the shop's clock."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed or picked."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Enter a date and a time such as 2026-11-27 09:00.") from None


class PromotionForm(VersionedForm):
    """What staff decide of a promotion."""

    name = StringField("Name", [Length(max=120)], filters=[clean])
    kind = SelectField("What it gives", choices=[SelectChoice(kind, words) for kind, words in KINDS.items()])
    percent = PercentField("Percentage off")
    amount = AmountField("Amount off")
    buy = CountField("Items to buy")
    get = CountField("Items free then")
    how = SelectField(
        "How it applies",
        choices=[SelectChoice("code", "By a code that the shopper enters"), SelectChoice("automatic", "By itself")],
    )
    codes = TextAreaField("Codes", [Length(max=MOST_CODES * 42)])
    categories = SelectMultipleField("Categories", option_widget=CheckboxInput())
    skus = TextAreaField("Products", [Length(max=10_000)])
    min_subtotal = AmountField("Worth at least")
    min_quantity = CountField("Items at least")
    first_order = BooleanField("For a first order only")
    starts_at = MomentField("Starts", [Optional()])
    ends_at = MomentField("Ends", [Optional()])
    limit_total = CountField("Limit in total")
    limit_per_customer = CountField("Limit per customer")
    exclusive = BooleanField("Stands alone: never together with other promotions")
    priority = CountField("Priority")
    announcement = StringField("In the shop's window", [Length(max=200)], filters=[clean])
    active = BooleanField("Active")

    def offer(self, categories: Sequence[CategoryChoice]) -> None:
        """Offer the shop's categories."""
        self.categories.choices = [SelectChoice(str(one.id), "– " * one.depth + one.name) for one in categories]

    def words(self, name: str) -> list[str]:
        """Return the words of a field that holds several, one a line or with commas between them."""
        return [word.strip() for word in re.split(r"[\n,;]", self[name].data or "") if word.strip()]

    def terms(self, *, product_ids: Collection[UUID], timezone: str) -> Terms:
        """Return the answers as terms."""

        def moment(value: datetime | None) -> datetime | None:
            return value.replace(tzinfo=ZoneInfo(timezone)) if value else None

        return Terms(
            name=self.name.data or "",
            kind=self.kind.data,
            basis_points=self.percent.data or 0,
            amount=self.amount.data or 0,
            buy=self.buy.data or 0,
            get=self.get.data or 0,
            automatic=self.how.data == "automatic",
            active=self.active.data,
            priority=self.priority.data or 0,
            exclusive=self.exclusive.data,
            starts_at=moment(self.starts_at.data),
            ends_at=moment(self.ends_at.data),
            category_ids=tuple(UUID(id_) for id_ in self.categories.data or ()),
            product_ids=tuple(sorted(set(product_ids))),
            min_quantity=self.min_quantity.data or 0,
            min_subtotal=self.min_subtotal.data or 0,
            first_order=self.first_order.data,
            limit_total=self.limit_total.data,
            limit_per_customer=self.limit_per_customer.data,
            announcement=self.announcement.data or "",
        )


def answers_of(promotion: PromotionDetail, *, skus: Sequence[str], timezone: str) -> dict[str, Any]:
    """Return what the form shows of a promotion."""
    terms = promotion.terms

    def moment(value: datetime | None) -> datetime | None:
        return value.astimezone(ZoneInfo(timezone)).replace(tzinfo=None) if value else None

    return {
        "version": promotion.version,
        "name": terms.name,
        "kind": terms.kind,
        "percent": terms.basis_points,
        "amount": terms.amount or None,
        "buy": terms.buy or None,
        "get": terms.get or None,
        "how": "automatic" if terms.automatic else "code",
        "codes": "\n".join(promotion.codes),
        "categories": [str(id_) for id_ in terms.category_ids],
        "skus": "\n".join(skus),
        "min_subtotal": terms.min_subtotal or None,
        "min_quantity": terms.min_quantity or None,
        "first_order": terms.first_order,
        "starts_at": moment(terms.starts_at),
        "ends_at": moment(terms.ends_at),
        "limit_total": terms.limit_total,
        "limit_per_customer": terms.limit_per_customer,
        "exclusive": terms.exclusive,
        "priority": terms.priority,
        "announcement": terms.announcement,
        "active": terms.active,
    }
