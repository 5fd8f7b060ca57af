"""What a shop has of all that it takes to open, read off the shop itself: nothing is ticked by hand."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from domain.catalog.queries import has_products, is_anything_on_sale
from domain.orders.models import DeliveryMethod, TaxRate, ZonePlace
from domain.payments.methods import ways_to_be_paid
from domain.shared.preferences import Preferences
from domain.shared.settings import Settings


@dataclass(frozen=True)
class Readiness:
    """Which steps towards an open shop are done."""

    place: bool
    money: bool
    delivery: bool
    payment: bool
    goods: bool
    tax: bool

    @property
    def done(self) -> frozenset[str]:
        """The names of the steps that are done."""
        return frozenset(name for name, is_done in vars(self).items() if is_done)

    @property
    def missing(self) -> tuple[str, ...]:
        """Without what no order could be placed and paid, in the order of the steps."""
        return tuple(name for name in ("delivery", "payment", "goods") if name not in self.done)


def readiness(session: Session, present: Preferences, settings: Settings) -> Readiness:
    """Look which steps are done; `settings` is what the environment says. Three SELECTs."""
    ways = [way for way in ways_to_be_paid(present, settings) if way.offered]
    has_method, has_rate = session.execute(
        select(
            exists(
                select(DeliveryMethod.code)
                .join(ZonePlace, ZonePlace.zone_code == DeliveryMethod.zone_code)
                .where(DeliveryMethod.active)
            ),
            exists(select(TaxRate.country)),
        )
    ).one()
    return Readiness(
        place=bool(present.over(settings).address),
        money=bool({"currency", "locale"} & present.values.keys()) or has_products(session),
        delivery=has_method,
        # A way that moves no money counts only where somebody has said that it is meant.
        payment=any("gateways" in present.values or way.mode != "test" for way in ways),
        goods=is_anything_on_sale(session),
        tax=has_rate,
    )
