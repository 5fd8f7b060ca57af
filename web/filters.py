"""How templates write amounts, dates and times, and what every template knows of the shop."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from flask import Flask, request

from domain.shared.formats import format_money, format_rate
from domain.shared.money import Money
from domain.shared.settings import Settings


def register(app: Flask, settings: Settings) -> None:
    """Give an app's templates the filters for amounts, rates and moments, and the shop itself."""
    locale, zone = Locale.parse(settings.locale), ZoneInfo(settings.timezone)

    @lru_cache(maxsize=4096)
    def written(amount: int, currency: str) -> str:
        return format_money(amount, currency, locale)

    def money(value: Money) -> str:
        return written(value.amount, value.currency)

    def minor(amount: int, currency: str) -> str:
        return written(amount, currency)

    @lru_cache(maxsize=512)
    def rate(basis_points: Decimal) -> str:
        return format_rate(basis_points, locale)

    @lru_cache(maxsize=512)
    def on_calendar(value: date, pattern: str) -> str:
        return format_date(value, pattern, locale=locale)

    def day(value: date | datetime, pattern: str = "medium") -> str:
        return on_calendar(_local(value, zone), pattern)

    def moment(value: datetime, pattern: str = "medium") -> str:
        return format_datetime(value, pattern, tzinfo=zone, locale=locale)

    def relative(value: datetime) -> str:
        return format_timedelta(value - datetime.now(UTC), add_direction=True, locale=locale)

    def country(code: str) -> str:
        return str(locale.territories.get(code, code))

    app.jinja_env.filters.update(
        money=money,
        minor=minor,
        rate=rate,
        date=day,
        datetime=moment,
        relative=relative,
        time=_machine,
        country=country,
    )
    app.jinja_env.globals["shop"] = SimpleNamespace(
        name=settings.name,
        currency=settings.currency,
        prices_include_tax=settings.prices_include_tax,
        locale=settings.locale.replace("_", "-"),
        country=settings.country,
        url=settings.storefront_url,
    )

    @app.context_processor
    def present() -> dict[str, str]:
        return {"current_path": request.path}


def _local(value: date | datetime, zone: ZoneInfo) -> date:
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


def _machine(value: date | datetime) -> str:
    """Write a moment as machines read it, for the datetime attribute."""
    return value.isoformat()
