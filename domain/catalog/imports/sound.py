"""What of a file can be used at all, before it is compared with the shop: SKUs, addresses of pictures, numbers."""

from collections.abc import Mapping

from domain.catalog.imports.draft import DraftPicture, DraftVariant
from domain.catalog.imports.notes import Notes

LONGEST_SKU, LONGEST_BARCODE, LONGEST_URL, MOST_STOCK = 64, 20, 2_000, 1_000_000


def has_address(picture: DraftPicture, notes: Notes) -> bool:
    """Say whether a picture can be fetched, or is here already."""
    if picture.stored or (picture.url.lower().startswith(("http://", "https://")) and len(picture.url) <= LONGEST_URL):
        return True
    notes.leave_out(picture.line, f"“{picture.url[:80]}” is no address of a picture.",
                    "Give an address that begins with https://.", column="image")  # fmt: skip
    return False


def is_sound(variant: DraftVariant, notes: Notes, first: Mapping[str, int], met: set[str]) -> bool:
    """Say whether a variant can be taken; values of it that cannot be used are left out with a word."""
    line, sku = variant.line, variant.sku
    if notes.is_refused(line):
        return False
    if not sku.strip() or len(sku) > LONGEST_SKU:
        notes.refuse(line, f"The SKU is {'empty' if not sku.strip() else 'too long'}.",
                     f"Use 1 to {LONGEST_SKU} characters.", column="sku", sku=sku[:LONGEST_SKU])  # fmt: skip
        return False
    if first.get(sku, line) != line or sku in met:
        notes.refuse(line, f"This SKU stands on line {first.get(sku, line)} already.",
                     "Give every variant a SKU of its own.", column="sku", sku=sku)  # fmt: skip
        return False
    met.add(sku)
    if variant.barcode and len(variant.barcode) > LONGEST_BARCODE:
        notes.leave_out(line, "The bar code is too long.", f"Use at most {LONGEST_BARCODE} digits.", sku=sku)
        variant.barcode = None
    if variant.stock is not None and not 0 <= variant.stock <= MOST_STOCK:
        notes.leave_out(line, f"{variant.stock} are in stock, it says; it is taken for none.",
                        "Count the shelf and correct the stock.", column="stock", sku=sku)  # fmt: skip
        variant.stock = 0
    if variant.low_at is not None:
        variant.low_at = max(min(variant.low_at, MOST_STOCK), 0)
    if variant.sale and variant.sale[1] and variant.sale[2] and variant.sale[1] >= variant.sale[2]:
        notes.leave_out(line, "The sale ends before it begins.", "Correct the dates of the sale.", sku=sku)
        variant.sale, variant.none = None, variant.none - {"sale"}
    return True
