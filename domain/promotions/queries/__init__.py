"""What the rest of the shop may read of promotions."""

from domain.promotions.queries.admin import (
    PromotionDetail,
    PromotionList,
    PromotionRow,
    promotion_detail,
    promotion_list,
)
from domain.promotions.queries.offers import offers, without_own

__all__ = [
    "PromotionDetail", "PromotionList", "PromotionRow", "offers", "promotion_detail", "promotion_list", "without_own",
]  # fmt: skip
