"""What can be done to a cart."""

from domain.cart.commands.checkout import save_address, save_contact, save_delivery
from domain.cart.commands.hold import hold
from domain.cart.commands.lines import add_line, change_line, clear, keep_code
from domain.cart.commands.merge import absorb, own_cart, owned_carts
from domain.cart.commands.settle import close, renew_token

__all__ = [
    "absorb", "add_line", "change_line", "clear", "close", "hold", "keep_code", "own_cart", "owned_carts",
    "renew_token", "save_address", "save_contact", "save_delivery",
]  # fmt: skip
