"""Writing what a plan says: new rows by COPY, changed ones together, stock through the ledger, the lists once."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from domain.catalog.commands import listing
from domain.catalog.commands.load import copy_rows
from domain.catalog.commands.slug import slug_of
from domain.catalog.commands.stock import correct
from domain.catalog.commands.variant import set_selling
from domain.catalog.errors import BelowReserved, WrongProduct
from domain.catalog.imports.draft import DraftPicture, DraftVariant
from domain.catalog.imports.known import taken
from domain.catalog.imports.notes import Notes
from domain.catalog.imports.places import Places, brand_for, category_for
from domain.catalog.imports.plan import Change, Rules
from domain.catalog.models import Picture, Product, Stock, Variant
from domain.catalog.models.product import PUBLISHED, READY
from domain.catalog.models.stock import RECEIVED, StockMovement
from domain.shared.db import utcnow

REASON = "Imported"
LOW_AT = 3
LONGEST_SLUG = 110

_PRODUCT = text(
    """
    UPDATE catalog.products SET title = :title, summary = :summary, description = :description,
        status = CAST(:status AS text),
        product_type = :product_type, type_id = :type_id, tags = :tags, options = :options, attributes = :attributes,
        tax_class = :tax_class, seo_title = :seo_title, seo_description = :seo_description, featured = :featured,
        published_at = CASE WHEN CAST(:status AS text) = 'published' THEN coalesce(published_at, :now)
            ELSE published_at END,
        version = version + 1
    WHERE id = :id
    """
).bindparams(bindparam("attributes", type_=JSONB))
_CATEGORY = text("UPDATE catalog.products SET category_id = :category_id, version = version + 1 WHERE id = :id")
_BRAND = text("UPDATE catalog.products SET brand_id = :brand_id, version = version + 1 WHERE id = :id")
_VARIANT = text(
    """
    UPDATE catalog.variants SET option_values = :option_values, price = :price, compare_at = :compare_at,
        sale_price = :sale_price, sale_starts_at = :sale_starts_at, sale_ends_at = :sale_ends_at,
        price_turns_at = :price_turns_at, cost = :cost, barcode = :barcode, weight_grams = :weight_grams,
        colours = :colours, measure_amount = :measure_amount, measure_unit = :measure_unit,
        measure_base = :measure_base, archived_at = :archived_at
    WHERE id = :id
    """
)
_LAST = text("SELECT product_id, max(position) AS last FROM catalog.variants WHERE product_id = ANY(:ids) GROUP BY 1")
_WANT = text(
    """
    INSERT INTO catalog.wanted_pictures
        (id, created_at, product_id, import_id, url, alt, skus, state, tries, next_try_at, problem)
    SELECT id, :now, product_id, :import_id, url, alt, skus, 'wanted', 0, :now, ''
    FROM jsonb_to_recordset(:rows) AS r(id uuid, product_id uuid, url text, alt text, skus text[])
    ON CONFLICT DO NOTHING RETURNING id
    """
).bindparams(bindparam("rows", type_=JSONB))


class Write:
    """One batch on its way into the shop."""

    def __init__(
        self, session: Session, *, places: Places, rules: Rules, notes: Notes, import_id: UUID, actor: str,
        has_file: Callable[[str], bool],
    ) -> None:  # fmt: skip
        self.session, self.places, self.rules, self.notes = session, places, rules, notes
        self.import_id, self.actor, self.has_file = import_id, actor, has_file
        self.now: datetime = utcnow()
        self.own_pictures: dict[tuple[UUID | None, str], UUID] = {}
        self.pictures = 0

    def all(self, changes: Sequence[Change]) -> list[UUID]:
        """Write what differs; return the products that lists show differently now. The caller refreshes them."""
        new = [change for change in changes if change.product_id is None]
        old = [change for change in changes if change.product_id is not None and not change.is_same]
        made = {id(change) for change in new}
        self._make(new)
        self._change(old)
        self._add_variants([*new, *old])
        for change in sorted(old, key=lambda one: str(one.product_id)):
            self._count(change)
        self._sell(old)
        if self.rules.pictures:
            self._want([change for change in changes if id(change) in made or not change.draft.exact])
        return [change.product_id for change in [*new, *old] if change.product_id]

    def _make(self, changes: Sequence[Change]) -> None:
        slugs = self._slugs(changes)
        rows = []
        for change, slug in zip(changes, slugs, strict=True):
            fields, draft = change.fields, change.draft
            change.product_id = uuid7()
            assert change.category is not None
            published = draft.published_at or (self.now if fields["status"] == PUBLISHED else None)
            rows.append(
                (change.product_id, self.now, slug, fields["title"], fields["summary"], fields["description"],
                 fields["status"], brand_for(self.session, self.places, change.brand) if change.brand else None,
                 category_for(self.session, self.places, *change.category), fields["product_type"],
                 self.places.types.get(draft.type_name or ""), fields["tags"], fields["options"],
                 Jsonb(fields["attributes"]), fields["tax_class"], fields["seo_title"], fields["seo_description"],
                 fields["featured"], published, 1)
            )  # fmt: skip
        copy_rows(self.session, Product, PRODUCT_COLUMNS, rows)
        copy_rows(
            self.session, Picture, PICTURE_COLUMNS,
            [row for change in changes for row in self._stored(change)] if self.rules.pictures else [],
        )  # fmt: skip

    def _slugs(self, changes: Sequence[Change]) -> list[str]:
        """Choose an address for each new product: what it asks for, with a number behind it where that is taken."""
        wanted = [
            change.draft.slug[:LONGEST_SLUG].strip("-") or slug_of(f"p-{change.new[0].sku}") for change in changes
        ]
        tries = [f"{slug}-{n}" for slug in wanted for n in range(2, 10)]
        known = taken(self.session, [*wanted, *tries])
        chosen = []
        for slug in wanted:
            numbered = (f"{slug}-{n}" for n in range(2, 10))
            free = next((one for one in (slug, *numbered) if one not in known), f"{slug}-{uuid7().hex[-8:]}")
            known.add(free)
            chosen.append(free)
        return chosen

    def _change(self, changes: Sequence[Change]) -> None:
        ordered = sorted(changes, key=lambda change: str(change.product_id))
        for change in ordered:
            if change.category:
                category = category_for(self.session, self.places, *change.category)
                self.session.execute(_CATEGORY, {"id": change.product_id, "category_id": category})
            if change.brand is not None:
                brand = brand_for(self.session, self.places, change.brand) if change.brand else None
                self.session.execute(_BRAND, {"id": change.product_id, "brand_id": brand})
            if change.fields:
                self._change_product(change)
        variants = [
            {"id": there.id, **told, "price_turns_at": self._turns(told["sale_starts_at"], told["sale_ends_at"])}
            for change in ordered
            for there, told in change.changed
        ]
        if variants:
            self.session.execute(_VARIANT, variants)

    def _change_product(self, change: Change) -> None:
        product = self.session.get_one(Product, change.product_id, populate_existing=True)
        names = ("title", "summary", "description", "status", "product_type", "type_id", "tags", "options",
                 "attributes", "tax_class", "seo_title", "seo_description", "featured")  # fmt: skip
        values = {name: change.fields.get(name, getattr(product, name)) for name in names}
        self.session.execute(_PRODUCT, {"id": change.product_id, "now": self.now, **values})
        self.session.expire(product)

    def _add_variants(self, changes: Sequence[Change]) -> None:
        ids = [change.product_id for change in changes if change.new]
        last = {row.product_id: row.last + 1 for row in self.session.execute(_LAST, {"ids": ids})} if ids else {}
        variants, stock, movements = [], [], []
        for change in changes:
            for place, new in enumerate(change.new, start=last.get(change.product_id, 0)):
                id_ = uuid7()
                variants.append(self._variant_row(id_, change, new, place))
                low_at = LOW_AT if new.low_at is None else new.low_at
                stock.append((id_, new.stock or 0, 0, bool(new.sell_when_out), low_at))
                if new.stock:
                    movements.append((id_, RECEIVED, new.stock, 0, self.actor, REASON, self.now))
        copy_rows(self.session, Variant, VARIANT_COLUMNS, variants)
        copy_rows(self.session, Stock, ("variant_id", "on_hand", "reserved", "sell_when_out", "low_at"), stock)
        columns = ("variant_id", "kind", "on_hand", "reserved", "actor", "reason", "at")
        copy_rows(self.session, StockMovement, columns, movements)

    def _variant_row(self, id_: UUID, change: Change, new: DraftVariant, place: int) -> tuple[Any, ...]:
        sale_price, starts, ends = new.sale or (None, None, None)
        assert new.price is not None
        former = new.compare_at if new.compare_at is not None and new.compare_at > new.price else None
        if sale_price is not None and sale_price >= new.price:
            sale_price = starts = ends = None
        return (
            id_, self.now, change.product_id, new.sku, list(new.option_values), new.price, former, sale_price,
            starts, ends, self._turns(starts, ends), new.cost, new.barcode, new.grams or 0, place,
            list(new.colours or ()), self.own_pictures.get((change.product_id, new.picture)),
            *(new.measure or (None, None, None)), None if new.stock else new.archived_at,
        )  # fmt: skip

    def _turns(self, *edges: datetime | None) -> datetime | None:
        return min((edge for edge in edges if edge is not None and edge > self.now), default=None)

    def _count(self, change: Change) -> None:
        """Set what the file says is on the shelf, as a count by hand would; never below what is promised."""
        for variant_id, on_hand in sorted(change.counted):
            try:
                correct(self.session, variant_id=variant_id, on_hand=on_hand, reason=REASON, actor=self.actor)
            except BelowReserved as refused:
                self.notes.leave_out(change.draft.line, str(refused), "The stock stays as it is; count it by hand.",
                                     column="stock")  # fmt: skip

    def _sell(self, changes: Sequence[Change]) -> None:
        """Say how known variants are sold, in the order in which everybody locks stock."""
        for variant_id, sell_when_out, low_at, line in sorted(
            (*sold, change.draft.line) for change in changes for sold in change.sold
        ):
            try:
                set_selling(self.session, variant_id=variant_id, sell_when_out=sell_when_out, low_at=low_at)
            except WrongProduct as refused:
                self.notes.leave_out(line, str(refused), "Until then it is sold as it was.", column="sell_when_out")

    def _stored(self, change: Change) -> Iterable[tuple[Any, ...]]:
        """Yield rows of the pictures whose files are here already."""
        for place, picture in enumerate(change.draft.pictures):
            if self._is_here(picture):
                stored, id_ = picture.stored or {}, uuid7()
                self.own_pictures[change.product_id, picture.url] = id_
                yield (id_, self.now, change.product_id, place, (picture.alt or change.fields["title"])[:300],
                       int(stored["width"]), int(stored["height"]), Jsonb(stored["derivatives"]), READY)  # fmt: skip

    def _is_here(self, picture: DraftPicture) -> bool:
        derivatives = (picture.stored or {}).get("derivatives") or ()
        return bool(derivatives) and all(self.has_file(str(one["key"])) for one in derivatives)

    def _want(self, changes: Sequence[Change]) -> None:
        rows = []
        for change in changes:
            own: dict[str, list[str]] = {one.picture: [] for one in change.draft.variants if one.picture}
            for variant in change.draft.variants:
                if variant.picture:
                    own[variant.picture].append(variant.sku)
            for picture in change.draft.pictures:
                if not picture.url or (change.draft.exact and self._is_here(picture)):
                    continue
                alt = (picture.alt or change.draft.title or change.draft.variants[0].sku)[:300]
                rows.append({"id": str(uuid7()), "product_id": str(change.product_id), "url": picture.url, "alt": alt,
                             "skus": own.get(picture.url, [])})  # fmt: skip
        wanted = {"rows": rows, "now": self.now, "import_id": self.import_id}
        self.pictures += len(self.session.scalars(_WANT, wanted).all()) if rows else 0


PRODUCT_COLUMNS = (
    "id", "created_at", "slug", "title", "summary", "description", "status", "brand_id", "category_id", "product_type",
    "type_id", "tags", "options", "attributes", "tax_class", "seo_title", "seo_description", "featured", "published_at",
    "version",
)  # fmt: skip
PICTURE_COLUMNS = ("id", "created_at", "product_id", "position", "alt", "width", "height", "derivatives", "state")
VARIANT_COLUMNS = (
    "id", "created_at", "product_id", "sku", "option_values", "price", "compare_at", "sale_price", "sale_starts_at",
    "sale_ends_at", "price_turns_at", "cost", "barcode", "weight_grams", "position", "colours", "picture_id",
    "measure_amount", "measure_unit", "measure_base", "archived_at",
)  # fmt: skip


def refresh_lists(session: Session, product_ids: Iterable[UUID]) -> None:
    """Show the products of a batch in lists as they now are, in one go."""
    listing.refresh(session, product_ids)
