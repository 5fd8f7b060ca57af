"""The states of an order and the only ways between them."""

PLACED, PAID, PACKED, SHIPPED, DELIVERED, CANCELLED, REFUNDED = (
    "placed", "paid", "packed", "shipped", "delivered", "cancelled", "refunded"
)  # fmt: skip

TRANSITIONS: dict[str, frozenset[str]] = {
    PLACED: frozenset({PAID, CANCELLED}),
    PAID: frozenset({PACKED, SHIPPED, CANCELLED, REFUNDED}),
    PACKED: frozenset({SHIPPED, CANCELLED, REFUNDED}),
    SHIPPED: frozenset({DELIVERED, REFUNDED}),
    DELIVERED: frozenset({REFUNDED}),
    # An order that expired may still be paid late: its stock is taken again, or the money goes back.
    CANCELLED: frozenset({PAID}),
    REFUNDED: frozenset(),
}

HOLDS_STOCK = (PLACED, PAID, PACKED)
"""The states in which the units not yet shipped are reserved."""

FINISHED = (DELIVERED, CANCELLED, REFUNDED)
"""The states in which nothing more is expected to happen; a live page stops asking."""
