"""What can be done to an order; one verb, or a family of them, a file."""

from domain.orders.commands.by_hand import confirm_refund, confirm_transfer
from domain.orders.commands.cancel import cancel, cancel_own
from domain.orders.commands.code import enter_code, remove_code
from domain.orders.commands.expire import expire_unpaid
from domain.orders.commands.fulfil import deliver, pack, ship
from domain.orders.commands.merge import Merged, merge_carts
from domain.orders.commands.pay import Attempt, note_payment_created, open_first_payment, open_payment, start_payment
from domain.orders.commands.place import Placed, place_order
from domain.orders.commands.reconcile import check_payment, receive_webhook, reconcile
from domain.orders.commands.refund import request_refund, settle_refund
from domain.orders.commands.refund_lines import refund_lines
from domain.orders.commands.returns import ask_return, decide_return, receive_return
from domain.orders.commands.settle import settle_payment

__all__ = [
    "Attempt", "Merged", "Placed", "ask_return", "cancel", "cancel_own", "check_payment", "confirm_refund",
    "confirm_transfer", "decide_return", "deliver",
    "enter_code", "expire_unpaid", "merge_carts", "note_payment_created", "open_first_payment", "open_payment",
    "pack", "place_order",
    "receive_return", "receive_webhook", "reconcile", "refund_lines", "remove_code", "request_refund", "settle_payment",
    "settle_refund", "ship", "start_payment",
]  # fmt: skip
