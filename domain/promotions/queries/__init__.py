"""What the rest of the shop may read of promotions."""

from domain.promotions.queries.admin import (
    PromotionDetail,
    PromotionList,
    PromotionRow,
    promotion_detail,
    promotion_list,
    promotions_of_category,
)
from domain.promotions.queries.offers import announcements, offer_values, offers_beside, to_rules

__all__ = [
    "PromotionDetail", "PromotionList", "PromotionRow", "announcements", "offer_values", "offers_beside",
    "promotion_detail", "promotion_list", "promotions_of_category", "to_rules",
]  # fmt: skip
