"""How what the shop leans on does: the ways to be paid on offer, and the ways to write to people."""

from dataclasses import dataclass

from flask import current_app

from domain.notifications.health import IN_WORDS, ChannelHealth, channel_health
from domain.payments.health import GatewayHealth, gateway_health
from domain.shared.db import utcnow
from web.db import session
from web.settings import shop_preferences, shop_settings


@dataclass(frozen=True)
class Gateway:
    """A way to be paid by the name that shoppers read; `by_hand` if staff note its payments."""

    label: str
    by_hand: bool
    health: GatewayHealth

    @property
    def well(self) -> bool:
        """Whether it answers, as far as the shop's books tell."""
        return self.by_hand or not self.health.silent


@dataclass(frozen=True)
class Channel:
    """A way to write to people: what goes by it, one and many, and who carries it."""

    many: str
    one: str
    carrier: str
    health: ChannelHealth

    @property
    def well(self) -> bool:
        """Whether messages leave."""
        return not self.health.held


@dataclass(frozen=True)
class Health:
    """Every way to be paid on offer and every way to write in use."""

    gateways: tuple[Gateway, ...]
    channels: tuple[Channel, ...]


def health() -> Health:
    """Return how each does; two statements."""
    settings, made, now = shop_settings(), current_app.extensions["gateways"], utcnow()
    labels = shop_preferences().gateway_labels
    offered = [name for name in settings.gateways if name in made]
    return Health(
        tuple(
            Gateway(labels.get(one.name, made[one.name].label), made[one.name].by_hand, one)
            for one in gateway_health(session(), offered, now=now)
        ),
        tuple(
            Channel(*IN_WORDS[one.name], one)
            for one in channel_health(session(), text_messages=settings.sms_by != "off", now=now)
        ),
    )
