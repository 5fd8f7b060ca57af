"""Every table of the shop in one place, for the migrations and the generated docs."""

from domain.analytics import models as analytics
from domain.cart import models as cart
from domain.catalog import models as catalog
from domain.notifications import models as notifications
from domain.orders import models as orders
from domain.payments import models as payments
from domain.promotions import models as promotions
from domain.recommendations import models as recommendations
from domain.reviews import models as reviews
from domain.shared import audit, exports, idempotency, mirror, outbox, preferences
from domain.shared.db import Base
from domain.users import models as users
from domain.wishlist import models as wishlist

__all__ = [
    "analytics",
    "audit",
    "cart",
    "catalog",
    "exports",
    "idempotency",
    "metadata",
    "mirror",
    "notifications",
    "orders",
    "outbox",
    "payments",
    "preferences",
    "promotions",
    "recommendations",
    "reviews",
    "users",
    "wishlist",
]

metadata = Base.metadata
