"""Moments as forms show them: on the shop's own clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from web.settings import shop_settings


def from_shop_clock(value: datetime | None) -> datetime | None:
    """Return the moment at which the shop's clock shows this."""
    return value.replace(tzinfo=ZoneInfo(shop_settings().timezone)).astimezone(UTC) if value else None


def on_shop_clock(value: datetime | None) -> datetime | None:
    """Return what the shop's clock shows at a moment."""
    return value.astimezone(ZoneInfo(shop_settings().timezone)).replace(tzinfo=None) if value else None
