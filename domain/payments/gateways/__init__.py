"""The gateways the shop can be paid through, each behind the same port."""

from domain.payments.gateways.bank import BankTransfer
from domain.payments.gateways.breaker import Breaker
from domain.payments.gateways.demo import DemoGateway
from domain.payments.gateways.port import Gateway
from domain.payments.gateways.stripe import StripeGateway
from domain.shared.settings import Settings


def make_gateways(settings: Settings) -> dict[str, Gateway]:
    """Make the gateways that the settings name, in their order, each with a circuit breaker."""
    return {name: Breaker(_gateway(name, settings)) for name in settings.gateways}


def _gateway(name: str, settings: Settings) -> Gateway:
    """Make one gateway; raises ValueError for a name that is unknown, and for one whose settings are missing."""
    if name == "demo" and settings.demo_gateway_secret:
        return DemoGateway(
            base_url=settings.sandbox_internal_url,
            secret=settings.demo_gateway_secret.get_secret_value(),
            webhook_url=f"{settings.storefront_internal_url}/webhooks/demo",
        )
    if name == "bank" and settings.bank_iban:
        return BankTransfer(days=settings.bank_days)
    if name == "stripe" and settings.stripe_secret_key and settings.stripe_webhook_secret:
        return StripeGateway(
            secret_key=settings.stripe_secret_key.get_secret_value(),
            webhook_secret=settings.stripe_webhook_secret.get_secret_value(),
            manual=settings.stripe_capture == "manual",
            api_base=settings.stripe_api_base,
        )
    raise ValueError(f"SHOP_GATEWAYS names {name!r}, which is no gateway of this shop, or lacks its own settings.")
