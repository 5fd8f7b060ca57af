"""What can be done to promotions."""

from domain.promotions.commands.edit import create_promotion, end_promotion, end_promotions, update_promotion
from domain.promotions.commands.forget import forget_customers
from domain.promotions.commands.redeem import Use, give_back, redeem, take_again
from domain.promotions.commands.uses import keep_uses, recount_uses

__all__ = [
    "Use",
    "create_promotion",
    "end_promotion",
    "end_promotions",
    "forget_customers",
    "give_back",
    "keep_uses",
    "recount_uses",
    "redeem",
    "take_again",
    "update_promotion",
]
