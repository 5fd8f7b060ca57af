"""Papers as PDF: everything on them can be read back, in any script, on as many pages as it takes."""

from datetime import UTC, datetime
from io import BytesIO

from pypdf import PdfReader

from domain.orders.queries.papers import PaperLine, PaperView, SlipView, TaxRow
from domain.shared.money import Money
from domain.shared.settings import Settings
from web.papers.draw import draw_papers, draw_slips

AT = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
ADDRESS = {"name": "Zoë Ó Briain", "line1": "12 Harbour Row", "city": "Dublin", "postcode": "D02 X285", "country": "IE"}


def euros(amount: int) -> Money:
    return Money(amount, "EUR")


def invoice(lines: int = 1, **changes: object) -> PaperView:
    given = {
        "kind": "invoice", "code": "INV-000042", "issued_at": AT, "order_number": "CS-1", "ordered_at": AT,
        "billing_address": ADDRESS, "shipping_address": ADDRESS, "tax_included": True, "note": "Paid with thanks.",
        "lines": tuple(
            PaperLine(title=f"Mug {i}", sku=f"MUG-{i}", quantity=2, unit_price=euros(1250), total=euros(2500))
            for i in range(lines)
        ),
        "sums": (("Items", euros(2500)), ("Delivery, Post", euros(490))), "total": euros(2990),
        "taxes": (TaxRow(label="23 %", net=euros(2431), tax=euros(559), gross=euros(2990)),),
    }  # fmt: skip
    return PaperView(**(given | changes))  # type: ignore[arg-type]


def words(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_an_invoice_can_be_read_back(settings: Settings) -> None:
    own = settings.model_copy(update={"address": ("1 Row", "Dublin"), "tax_number": "IE1234567X"})

    text = words(draw_papers([invoice()], own))

    for part in ("Invoice INV-000042", "Cornershop", "1 Row", "IE1234567X", "Zoë Ó Briain", "12 Harbour Row", "Ireland",
                 "23 November 2026", "MUG-0", "€12.50", "€25.00", "€29.90", "23 %", "€5.59", "€24.31",
                 "Paid with thanks."):  # fmt: skip
        assert part in text, part


def test_a_credit_note_says_that_money_went_back(settings: Settings) -> None:
    text = words(draw_papers([invoice(kind="credit_note", code="CN-000001")], settings))

    assert "Credit note CN-000001" in text
    assert "Given back" in text


def test_many_lines_take_many_pages(settings: Settings) -> None:
    pdf = draw_papers([invoice(lines=120)], settings)

    assert len(PdfReader(BytesIO(pdf)).pages) > 3
    text = words(pdf)
    assert all(f"MUG-{i}" in text for i in range(120))


def test_any_script_and_any_character_can_be_drawn(settings: Settings) -> None:
    names = (
        "Γιώργος Παπαδόπουλος",
        "Олексій Шевченко",
        "ნინო",
        "دانيال",
        "שרה",
        "Nguyễn Thị Ánh",
        "日本太郎",
        "👩‍🍳 <b>&",
    )
    for name in names:
        pdf = draw_papers([invoice(billing_address=ADDRESS | {"name": name})], settings)
        assert pdf.startswith(b"%PDF")
        if name[0] in "ΓОN":
            assert name in words(pdf)


def test_amounts_are_written_with_the_decimals_of_their_currency(settings: Settings) -> None:
    assert "2,990" in words(draw_papers([invoice(total=Money(2990, "JPY"))], settings))


def test_a_slip_names_no_price(settings: Settings) -> None:
    line = PaperLine(title="Mug", sku="MUG-1", quantity=3, unit_price=None, total=euros(3750))
    view = SlipView(order_number="CS-1", ordered_at=AT, shipping_address=ADDRESS, delivery_name="Post", lines=(line,))

    text = words(draw_slips([view], settings))

    assert "Packing slip CS-1" in text
    assert "MUG-1" in text
    assert "€" not in text
