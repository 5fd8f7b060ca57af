"""How templates write amounts, dates and times, and what every template knows of the shop."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from email.utils import parseaddr
from functools import lru_cache
from json import dumps
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal
from flask import Flask, request
from jinja2.utils import url_quote

from domain.shared.formats import format_money, format_rate
from domain.shared.money import Money
from domain.shared.settings import Settings


class Words:
    """How amounts, rates and moments are written where the shop is, and what every template knows of the shop.

    There is one for each app. It can go over to other settings while the app runs, so templates hold on to its methods
    and never to what is behind them.
    """

    def __init__(self, settings: Settings) -> None:
        self.shop = SimpleNamespace(legal={}, open=True)
        self.use(settings)

    def use(self, settings: Settings) -> None:
        """Write as these settings say from now on."""
        locale, self._zone = Locale.parse(settings.locale), ZoneInfo(settings.timezone)
        self._locale = locale
        self._written = lru_cache(maxsize=4096)(lambda amount, currency: format_money(amount, currency, locale))
        self._rate = lru_cache(maxsize=512)(lambda basis_points: format_rate(basis_points, locale))
        self._on_calendar = lru_cache(maxsize=512)(lambda value, pattern: format_date(value, pattern, locale=locale))
        self._hundredths = lru_cache(maxsize=512)(
            lambda value: str(format_decimal(Decimal(value) / 100, "0.0", locale=locale))
        )
        vars(self.shop).update(
            name=settings.name,
            currency=settings.currency,
            prices_include_tax=settings.prices_include_tax,
            locale=settings.locale.replace("_", "-"),
            country=settings.country,
            url=settings.storefront_url,
            logo=settings.logo,
            email=parseaddr(settings.mail_from)[1],
        )

    def say(self, legal: Mapping[str, str], *, open: bool) -> None:
        """Name the legal texts there are (their titles by the end of their address), and whether the shop is open."""
        self.shop.legal, self.shop.open = dict(legal), open

    def money(self, value: Money) -> str:
        """Write an amount of money."""
        return self._written(value.amount, value.currency)

    def minor(self, amount: int, currency: str) -> str:
        """Write minor units of a currency."""
        return self._written(amount, currency)

    def rate(self, basis_points: Decimal) -> str:
        """Write a rate of tax."""
        return self._rate(basis_points)

    def day(self, value: date | datetime, pattern: str = "medium") -> str:
        """Write a day."""
        return self._on_calendar(_local(value, self._zone), pattern)

    def moment(self, value: datetime, pattern: str = "medium") -> str:
        """Write a moment by the shop's clock."""
        return format_datetime(value, pattern, tzinfo=self._zone, locale=self._locale)

    def relative(self, value: datetime) -> str:
        """Write how long ago something was, or how soon it will be."""
        return format_timedelta(value - datetime.now(UTC), add_direction=True, locale=self._locale)

    def country(self, code: str) -> str:
        """Write a country by its code."""
        return str(self._locale.territories.get(code, code))

    def hundredths(self, value: int) -> str:
        """Write hundredths with one decimal, as averages are."""
        return self._hundredths(value)


def register(app: Flask, settings: Settings) -> Words:
    """Give an app's templates the filters for amounts, rates and moments, and the shop itself."""
    words = Words(settings)
    app.jinja_env.filters.update(
        money=words.money,
        minor=words.minor,
        rate=words.rate,
        date=words.day,
        datetime=words.moment,
        relative=words.relative,
        time=_machine,
        json=_json,
        country=words.country,
        hundredths=words.hundredths,
        query=urlencode,
        urlencode=lru_cache(maxsize=1024)(url_quote),  # of texts, as there is nothing else in our addresses
    )
    app.jinja_env.globals["shop"] = words.shop

    @app.context_processor
    def present() -> dict[str, str]:
        return {"current_path": request.path}

    return words


def _json(value: Any) -> str:
    return dumps(value, indent=2, ensure_ascii=False)


def _local(value: date | datetime, zone: ZoneInfo) -> date:
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


def _machine(value: date | datetime) -> str:
    """Write a moment as machines read it, for the datetime attribute."""
    return value.isoformat()
