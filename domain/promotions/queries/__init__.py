"""What the rest of the shop may read of promotions."""

from domain.promotions.queries.admin import (
    SORTS,
    STATES,
    PromotionDetail,
    PromotionList,
    PromotionRow,
    promotion_detail,
    promotion_list,
    promotions_of_category,
    promotions_of_ids,
    read_promotion_filter,
)
from domain.promotions.queries.offers import announcements, offer_values, offers_beside, to_rules

__all__ = [
    "SORTS", "STATES", "PromotionDetail", "PromotionList", "PromotionRow", "announcements", "offer_values",
    "offers_beside", "promotion_detail", "promotion_list", "promotions_of_category", "promotions_of_ids",
    "read_promotion_filter", "to_rules",
]  # fmt: skip
