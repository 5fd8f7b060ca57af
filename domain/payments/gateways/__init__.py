"""The gateways the shop can be paid through, each behind the same port."""

from domain.payments.gateways.demo import DemoGateway
from domain.payments.gateways.port import Gateway
from domain.shared.settings import Settings


def make_gateways(settings: Settings) -> dict[str, Gateway]:
    """Make the gateways that the settings name, in their order; raises ValueError for a name that is unknown."""
    gateways: dict[str, Gateway] = {}
    for name in settings.gateways:
        if name != "demo" or settings.demo_gateway_secret is None:
            raise ValueError(f"SHOP_GATEWAYS names {name!r}, which is no gateway of this shop. Use demo.")
        gateways[name] = DemoGateway(
            base_url=settings.sandbox_internal_url,
            secret=settings.demo_gateway_secret.get_secret_value(),
            webhook_url=f"{settings.storefront_internal_url}/webhooks/demo",
        )
    return gateways
