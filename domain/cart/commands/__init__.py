"""What can be done to a cart."""

from domain.cart.commands.checkout import save_address, save_contact, save_delivery
from domain.cart.commands.hold import hold
from domain.cart.commands.lines import add_line, change_line, clear, join_shopper, keep_code
from domain.cart.commands.settle import close, renew_token

__all__ = [
    "add_line", "change_line", "clear", "close", "hold", "join_shopper", "keep_code", "renew_token", "save_address",
    "save_contact", "save_delivery",
]  # fmt: skip
