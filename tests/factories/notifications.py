"""Messages for tests, with all that a mail about an order shows."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from domain.notifications.commands import queue_message


def order_context(**changes: Any) -> dict[str, Any]:
    """Return an order as a message keeps it: two mugs and a towel for 44.95 euros."""
    order = {
        "order_id": str(uuid4()),
        "number": "CS-10234",
        "email": "aoife@example.com",
        "path": "/orders/CS-10234?key=the-key",
        "placed_at": "2026-11-20T10:00:00+00:00",
        "currency": "EUR",
        "lines": [
            {"title": "Stoneware mug", "options": "Moss, 300 ml", "quantity": 2, "unit_price": 1450, "total": 2900},
            {"title": "Towel <b>", "options": "", "quantity": 1, "unit_price": 1200, "total": 1200},
        ],
        "subtotal": 4100,
        "discount": 100,
        "discounts": [{"label": "A euro for you", "amount": 100, "free_delivery": False}],
        "delivery": 495,
        "tax": 840,
        "taxes": [{"name": "VAT", "basis_points": "2300.000", "net": 3655, "amount": 840, "delivery": 93}],
        "tax_included": True,
        "total": 4495,
        "delivery_name": "Standard delivery",
        "delivery_from": "2026-11-25T12:00:00+00:00",
        "delivery_to": "2026-11-27T12:00:00+00:00",
        "address": {"name": "Aoife Ní Bhriain", "line1": "1 Main Street", "city": "Dublin", "postcode": "D02 X285",
                    "country": "IE"},
        "paid": False,
    }  # fmt: skip
    return order | changes


def make_message(session: Session, *, recipient: str = "aoife@example.com", template: str = "order_placed") -> UUID:
    """Write down a message that is about nothing else."""
    message_id = queue_message(
        session,
        template=template,
        channel="email",
        recipient=recipient,
        subject_key=str(uuid4()),
        context={"order": order_context()},
    )
    assert message_id is not None
    return message_id
