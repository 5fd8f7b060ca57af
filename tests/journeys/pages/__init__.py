"""Page objects: what a journey can do, in the words of who does it. Markup is known here and nowhere else."""

from tests.journeys.pages.admin import Admin
from tests.journeys.pages.gateway import Gateway
from tests.journeys.pages.shop import PlacedOrder, Shop

__all__ = ["Admin", "Gateway", "PlacedOrder", "Shop"]
