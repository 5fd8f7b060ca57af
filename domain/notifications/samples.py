"""Every letter and text message with something to say, for the page that shows them all and for their tests."""

from typing import Any

ORDER: dict[str, Any] = {
    "order_id": "0190a1b2-0000-7000-8000-000000000001",
    "number": "CS-10234",
    "email": "aoife@example.com",
    "path": "/orders/CS-10234?key=the-key",
    "placed_at": "2026-11-20T10:00:00+00:00",
    "currency": "EUR",
    "lines": [
        {"title": "Stoneware mug", "options": "Moss, 300 ml", "quantity": 2, "unit_price": 1450, "total": 2900},
        {"title": "Linen towel", "options": "", "quantity": 1, "unit_price": 1200, "total": 1200},
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
    "address": {
        "name": "Aoife Ní Bhriain",
        "line1": "1 Main Street",
        "city": "Dublin",
        "postcode": "D02 X285",
        "country": "IE",
    },
    "paid": False,
    "gateway": "demo",
    "shopper_id": None,
}
PARCEL = {
    "carrier": "An Post",
    "tracking_number": "RR123456785IE",
    "tracking_url": "https://track.example/RR123456785IE",
    "lines": [{"title": "Stoneware mug", "options": "Moss, 300 ml", "quantity": 2}],
}
RETURNED = {
    "answer": "Send it to us within two weeks.",
    "refund": True,
    "lines": [{"title": "Stoneware mug", "options": "Moss, 300 ml", "quantity": 1}],
}
MUG = {"title": "Stoneware mug", "options": "Moss, 300 ml"}
ACCOUNT = {"name": "Aoife", "link_id": "0190a1b2-0000-7000-8000-000000000002", "purpose": "registration"}

LETTERS: dict[str, dict[str, Any]] = {
    "confirm_account": ACCOUNT,
    "confirm_address": ACCOUNT | {"purpose": "address"},
    "reset_password": ACCOUNT | {"purpose": "reset"},
    "welcome": {"name": "Aoife"},
    "new_sign_in": {
        "name": "Aoife",
        "browser": "Firefox on Windows",
        "place": "192.0.2.x",
        "at": "2026-11-20T10:05:00+00:00",
    },
    "account_exists": {"name": "Aoife"},
    "account_notice": {"title": "Your password was changed", "words": "Every browser was signed out.", "gone": False},
    "staff_invited": {
        "name": "Ada",
        "invited_by": "Grace",
        "role": "orders",
        "expires_at": "2026-11-27T10:00:00+00:00",
        "invitation_id": "0190a1b2-0000-7000-8000-000000000003",
    },
    "order_placed": {"order": ORDER},
    "payment_received": {"order": ORDER | {"paid": True}},
    "payment_failed": {"order": ORDER, "failure": "The bank declined the card."},
    "payment_pending": {"order": ORDER},
    "order_shipped": {"order": ORDER | {"paid": True}, "parcel": PARCEL, "complete": True},
    "order_delivered": {"order": ORDER | {"paid": True}},
    "order_cancelled": {"order": ORDER | {"paid": True}, "reason": "You asked for it."},
    "order_refunded": {"order": ORDER | {"paid": True}, "refunded": 1200},
    "return_approved": {"order": ORDER, "returned": RETURNED},
    "return_refused": {"order": ORDER, "returned": RETURNED | {"answer": "It was used.", "refund": False}},
    "return_received": {"order": ORDER, "returned": RETURNED},
    "back_in_stock": {"item": MUG | {"path": "/p/stoneware-mug?sku=MUG-1"}},
    "cart_reminder": {"lines": [{"title": "Stoneware mug", "quantity": 2}]},
    "review_request": {"order": ORDER},
    "staff_new_order": {"order": ORDER},
    "staff_payment_trouble": {"order": ORDER, "trouble": "refund"},
    "staff_low_stock": {"item": MUG | {"sku": "MUG-1", "left": 2, "path": "/inventory/1"}},
    "staff_failed_jobs": {"count": 2, "latest": "catalog.make_derivatives"},
    "staff_failed_messages": {"count": 2},
    "staff_daily_summary": {
        "day": "2026-11-20T00:00:00+00:00",
        "orders": 12,
        "paid": 10,
        "units": 31,
        "revenue": 45210,
        "average": 4521,
        "low": 3,
    },
}
"""What each letter is shown with."""

TEXTS: dict[str, dict[str, Any]] = {
    "order_shipped": LETTERS["order_shipped"],
    "order_delivered": LETTERS["order_delivered"],
    "phone_code": {"code": "123456"},
}
"""What each text message is shown with."""
