"""The sheet itself: a head with who and what, a table, the sums."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from domain.orders.queries.papers import PaperView, SlipView
from domain.shared.money import Money, exponent
from domain.shared.settings import Settings
from web.papers.fonts import FAMILY, add_fonts

TITLES = {"invoice": "Invoice", "credit_note": "Credit note"}
LOGO_SCALE = 0.28
"""Millimetres of paper for a pixel of a page."""
GREEN, GREY = (31, 58, 45), (110, 110, 100)


@dataclass(frozen=True)
class Words:
    """How a paper writes amounts, days and countries."""

    money: Callable[[Money], str]
    day: Callable[[datetime], str]
    country: Callable[[str], str]


def words_of(settings: Settings) -> Words:
    """Return the writing of the shop's locale and timezone."""
    locale, zone = settings.locale, ZoneInfo(settings.timezone)
    names = Locale.parse(locale).territories

    def money(amount: Money) -> str:
        value = Decimal(amount.amount).scaleb(-exponent(amount.currency))
        return str(format_currency(value, amount.currency, locale=locale))

    return Words(
        money=money,
        day=lambda at: str(format_date(at.astimezone(zone), "d MMMM y", locale=locale)),
        country=lambda code: str(names.get(code, code)),
    )


def draw_papers(views: Sequence[PaperView], settings: Settings, logo: bytes | None = None) -> bytes:
    """Draw invoices and credit notes, each from a page of its own on; `logo` is a PNG."""
    sheet = _sheet(settings, " ".join(view.code for view in views[:1]))
    for view in views:
        _paper(sheet, view, settings, logo)
    return bytes(sheet.output())


def draw_slips(views: Sequence[SlipView], settings: Settings, logo: bytes | None = None) -> bytes:
    """Draw packing slips, which name no price, each from a page of its own on."""
    sheet = _sheet(settings, " ".join(f"Packing slip {view.order_number}" for view in views[:1]))
    for view in views:
        _slip(sheet, view, settings, logo)
    return bytes(sheet.output())


def _paper(sheet: FPDF, view: PaperView, settings: Settings, logo: bytes | None) -> None:
    """Draw an invoice or a credit note."""
    words = words_of(settings)
    _begin(sheet, settings, f"{TITLES[view.kind]} {view.code}", logo)
    _facts(sheet, [
        ("Date", words.day(view.issued_at)), ("Order", view.order_number), ("Ordered", words.day(view.ordered_at))
    ])  # fmt: skip
    _addresses(sheet, words, ("Bill to", view.billing_address), ("Delivered to", view.shipping_address))
    rows = [
        (line.title, line.sku, str(line.quantity), words.money(line.unit_price) if line.unit_price else "",
         words.money(line.total))
        for line in view.lines
    ]  # fmt: skip
    _table(sheet, ("Item", "SKU", "Quantity", "Price", "Amount"), rows, (42, 20, 12, 13, 13), numbers=3)
    for label, amount in view.sums:
        _sum(sheet, label, words.money(amount))
    label = "Total, tax included" if view.tax_included else "Total"
    _sum(sheet, label if view.kind == "invoice" else "Given back", words.money(view.total), strong=True)
    sheet.ln(6)
    taxes = [(row.label, words.money(row.net), words.money(row.tax), words.money(row.gross)) for row in view.taxes]
    _table(sheet, ("Tax", "Net", "Tax amount", "Gross"), taxes, (40, 20, 20, 20), numbers=3)
    sheet.ln(4)
    sheet.set_font(FAMILY, "", 9)
    sheet.multi_cell(0, 5, view.note, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _slip(sheet: FPDF, view: SlipView, settings: Settings, logo: bytes | None) -> None:
    """Draw a packing slip, which names no price."""
    words = words_of(settings)
    _begin(sheet, settings, f"Packing slip {view.order_number}", logo)
    _facts(sheet, [("Ordered", words.day(view.ordered_at)), ("Delivery", view.delivery_name)])
    _addresses(sheet, words, ("Deliver to", view.shipping_address))
    rows = [(line.title, line.sku, str(line.quantity), "") for line in view.lines]
    _table(sheet, ("Item", "SKU", "Quantity", "Packed"), rows, (55, 22, 12, 11), numbers=2)


def _sheet(settings: Settings, title: str) -> FPDF:
    sheet = FPDF(format="A4", unit="mm")
    sheet.set_margin(20)
    sheet.set_auto_page_break(True, 20)
    sheet.set_title(title)
    sheet.set_author(settings.name)
    sheet.set_lang(settings.locale.replace("_", "-"))
    add_fonts(sheet)
    return sheet


def _begin(sheet: FPDF, settings: Settings, title: str, logo: bytes | None) -> None:
    sheet.add_page()
    if logo and settings.logo:
        drawn = settings.logo.light
        sheet.image(BytesIO(logo), w=drawn.width * LOGO_SCALE, h=drawn.height * LOGO_SCALE, alt_text=settings.logo.alt)
        sheet.ln(2)
    sheet.set_text_color(*GREEN)
    sheet.set_font(FAMILY, "B", 16)
    sheet.cell(0, 8, settings.name, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    sheet.set_font(FAMILY, "", 9)
    sheet.set_text_color(*GREY)
    own = [*settings.address, f"Tax number {settings.tax_number}" if settings.tax_number else ""]
    for line in filter(None, own):
        sheet.cell(0, 4.5, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    sheet.ln(8)
    sheet.set_text_color(*GREEN)
    sheet.set_font(FAMILY, "B", 14)
    sheet.cell(0, 8, title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    sheet.set_text_color(0, 0, 0)


def _facts(sheet: FPDF, facts: Sequence[tuple[str, str]]) -> None:
    for label, value in facts:
        sheet.set_font(FAMILY, "", 9)
        sheet.set_text_color(*GREY)
        sheet.cell(28, 5, label)
        sheet.set_text_color(0, 0, 0)
        sheet.cell(0, 5, value, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    sheet.ln(4)


def _addresses(sheet: FPDF, words: Words, *addresses: tuple[str, dict[str, Any]]) -> None:
    top, lowest = sheet.get_y(), sheet.get_y()
    for i, (label, address) in enumerate(addresses):
        left = sheet.l_margin + i * 88
        sheet.set_xy(left, top)
        sheet.set_font(FAMILY, "B", 9)
        sheet.cell(84, 5, label, new_x=XPos.LEFT, new_y=YPos.NEXT)
        sheet.set_font(FAMILY, "", 10)
        sheet.multi_cell(84, 5, "\n".join(_lines(address, words)), align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)
        lowest = max(lowest, sheet.get_y())
    sheet.set_xy(sheet.l_margin, lowest + 6)


def _lines(address: dict[str, Any], words: Words) -> list[str]:
    place = " ".join(str(address[key]) for key in ("postcode", "city") if address.get(key))
    if address.get("region"):
        place += f", {address['region']}"
    own = [str(address[key]) for key in ("name", "company", "line1", "line2") if address.get(key)]
    return [line for line in (*own, place, words.country(str(address.get("country", "")))) if line]


def _table(
    sheet: FPDF, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], *, numbers: int
) -> None:
    """Draw a table whose last `numbers` columns are numbers."""
    sheet.set_font(FAMILY, "", 9)
    align = ["LEFT"] * (len(head) - numbers) + ["RIGHT"] * numbers
    heading = FontFace(emphasis="BOLD", color=GREEN)
    with sheet.table(
        col_widths=tuple(widths), text_align=tuple(align), headings_style=heading, line_height=5.5, padding=1,
        borders_layout="HORIZONTAL_LINES",
    ) as table:  # fmt: skip
        for row in (head, *rows):
            line = table.row()
            for text in row:
                line.cell(text)
    sheet.ln(2)


def _sum(sheet: FPDF, label: str, amount: str, *, strong: bool = False) -> None:
    sheet.set_font(FAMILY, "B" if strong else "", 11 if strong else 9)
    sheet.cell(130, 6, label, align="R")
    sheet.cell(0, 6, amount, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
