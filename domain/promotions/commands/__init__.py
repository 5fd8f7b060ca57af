"""What can be done to promotions."""

from domain.promotions.commands.edit import create_promotion, end_promotion, update_promotion
from domain.promotions.commands.forget import forget_customers
from domain.promotions.commands.redeem import Use, give_back, redeem, take_again

__all__ = [
    "Use",
    "create_promotion",
    "end_promotion",
    "forget_customers",
    "give_back",
    "redeem",
    "take_again",
    "update_promotion",
]
