"""The gateways the shop can be paid through, each behind the same port."""

from collections.abc import Callable

from domain.payments.gateways.bank import BankTransfer
from domain.payments.gateways.breaker import Breaker
from domain.payments.gateways.demo import DemoGateway
from domain.payments.gateways.port import Gateway
from domain.payments.gateways.stripe import StripeGateway
from domain.shared.settings import Settings


def make_gateways(settings: Settings) -> dict[str, Gateway]:
    """Make every gateway that has what it needs, the named ones first, each with a circuit breaker.

    One that is not offered any more is made too: it still answers for the payments that were made through it.
    """
    if strangers := [name for name in settings.gateways if name not in MAKERS]:
        raise ValueError(f"SHOP_GATEWAYS names {strangers[0]!r}, which is no gateway of this shop.")
    made = {name: MAKERS[name](settings) for name in dict.fromkeys((*settings.gateways, *MAKERS))}
    return {name: Breaker(gateway) for name, gateway in made.items() if gateway is not None}


def _demo(settings: Settings) -> Gateway | None:
    if not settings.demo_gateway_secret:
        return None
    return DemoGateway(
        base_url=settings.sandbox_internal_url,
        secret=settings.demo_gateway_secret.get_secret_value(),
        webhook_url=f"{settings.storefront_internal_url}/webhooks/demo",
    )


def _bank(settings: Settings) -> Gateway | None:
    return BankTransfer(days=settings.bank_days) if settings.bank_iban else None


def _stripe(settings: Settings) -> Gateway | None:
    if not (settings.stripe_secret_key and settings.stripe_webhook_secret):
        return None
    return StripeGateway(
        secret_key=settings.stripe_secret_key.get_secret_value(),
        webhook_secret=settings.stripe_webhook_secret.get_secret_value(),
        manual=settings.stripe_capture == "manual",
        api_base=settings.stripe_api_base,
    )


MAKERS: dict[str, Callable[[Settings], Gateway | None]] = {"stripe": _stripe, "bank": _bank, "demo": _demo}
"""How each gateway of the shop is made; None of one that lacks its own settings."""
