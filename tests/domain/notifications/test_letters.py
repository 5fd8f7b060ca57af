"""Every letter can be written, says what it must, and lets nothing through that a shopper typed."""

from typing import Any

import pytest

from domain.notifications.adapters.templates import render
from domain.notifications.routes import ROUTES, the_staff
from domain.shared.settings import Settings
from tests.factories.notifications import order_context

MORE: dict[str, Any] = {
    "parcel": {"carrier": "An Post", "tracking_number": "RR123", "tracking_url": "https://track.test/RR123",
               "lines": [{"title": "Stoneware mug", "options": "Moss, 300 ml", "quantity": 2}]},
    "complete": True, "reason": "It was not paid in time.", "refunded": 1200, "failure": "The bank declined the card.",
    "returned": {"answer": "Send it to us.", "refund": True,
                 "lines": [{"title": "Stoneware mug", "options": "", "quantity": 1}]},
}  # fmt: skip
LINK = "http://localhost/orders/CS-10234?key=the-key"


ABOUT_ORDERS = {route.template for routes in ROUTES.values() for route in routes if route.recipients is not the_staff}


@pytest.mark.parametrize("template", sorted(ABOUT_ORDERS))
def test_every_letter_greets_names_the_order_and_links_to_it(settings: Settings, template: str) -> None:
    letter = render(template, {"order": order_context(), **MORE}, settings)

    assert "CS-10234" in letter.subject
    for part in (letter.text, letter.html):
        assert "Dear Aoife Ní Bhriain," in part
        assert "CS-10234" in part
        assert LINK in part or "/orders/CS-10234/opinion?key=the-key" in part
        assert "Cornershop" in part


def test_a_confirmation_says_what_was_agreed(settings: Settings) -> None:
    letter = render("order_placed", {"order": order_context()}, settings)

    assert letter.subject == "Your order CS-10234 at Cornershop"
    for line in (
        "2 × Stoneware mug (Moss, 300 ml): €29.00", "1 × Towel <b>: €12.00", "Items: €41.00", "A euro for you: -€1.00",
        "Standard delivery: €4.95", "Total: €44.95", "Includes €8.40 VAT 23%", "D02 X285 Dublin", "Ireland",
        "Standard delivery: it should arrive between Wed 25 Nov and Fri 27 Nov.",
    ):  # fmt: skip
        assert line in letter.text.splitlines()


def test_what_was_typed_is_text_and_never_markup(settings: Settings) -> None:
    order = order_context(address=order_context()["address"] | {"name": "<script>alert(1)</script>"})
    letter = render("order_placed", {"order": order}, settings)

    assert "<script>" not in letter.html
    assert "&lt;script&gt;" in letter.html
    assert "Towel &lt;b&gt;" in letter.html


def test_a_subject_stays_on_one_line(settings: Settings) -> None:
    letter = render("order_placed", {"order": order_context(number="CS-1\r\nBcc: all@example.com")}, settings)

    assert letter.subject == "Your order CS-1 Bcc: all@example.com at Cornershop"


def test_prices_without_tax_show_it_on_a_line_of_its_own(settings: Settings) -> None:
    letter = render("order_placed", {"order": order_context(tax_included=False, total=5335)}, settings)

    assert "VAT 23%: €8.40" in letter.text.splitlines()
    assert "Includes" not in letter.text


def test_a_part_shipment_says_that_more_follows(settings: Settings) -> None:
    letter = render("order_shipped", {"order": order_context(), **MORE, "complete": False}, settings)

    assert "The rest follows in a parcel of its own" in letter.text
    assert "2 × Stoneware mug (Moss, 300 ml)" in letter.text
    assert "Towel" not in letter.text
    assert 'href="https://track.test/RR123"' in letter.html
