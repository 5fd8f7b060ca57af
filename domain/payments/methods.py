"""The ways to be paid that the shop knows: what each needs, and which of them the owner offers, and how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.payments.gateways.bank import BankTransfer
from domain.payments.gateways.demo import DemoGateway
from domain.payments.gateways.stripe import StripeGateway
from domain.shared.preferences import LABEL, BadPreferences, Preferences, keep, preferences
from domain.shared.settings import Settings

LONGEST_LABEL = 40
"""How many characters the name of a way to pay may have."""


@dataclass(frozen=True)
class Need:
    """Something that a way to pay needs from where the shop runs: its name, what it is, and whether it is there."""

    variable: str
    words: str
    given: bool


@dataclass(frozen=True)
class WayToBePaid:
    """A way to be paid as the owner sees it; `label` is what shoppers read, `usual` what they read without a word."""

    name: str
    usual: str
    label: str
    hint: str
    mode: str
    needs: tuple[Need, ...]
    place: int | None

    @property
    def ready(self) -> bool:
        """Whether all that it needs is there."""
        return all(need.given for need in self.needs)

    @property
    def offered(self) -> bool:
        """Whether shoppers can choose it."""
        return self.place is not None and self.ready


def ways_to_be_paid(present: Preferences, settings: Settings) -> list[WayToBePaid]:
    """Return every way there is, those on offer first; `settings` is what the environment says, without the owner."""
    chosen = present.over(settings).gateways
    labels = present.gateway_labels
    ways = [
        WayToBePaid(
            name=kind.name,
            usual=kind.label,
            label=labels.get(kind.name, kind.label),
            hint=kind.hint,
            mode=mode,
            needs=needs,
            place=chosen.index(kind.name) + 1 if kind.name in chosen else None,
        )
        for kind, mode, needs in (
            (StripeGateway, _stripe_mode(settings), _stripe_needs(settings)),
            (BankTransfer, "live", _bank_needs(settings)),
            (DemoGateway, "test", _demo_needs(settings)),
        )
    ]
    return sorted(ways, key=lambda way: (not way.offered, way.place or 0))


def offer_ways(session: Session, *, offered: Sequence[str], labels: Mapping[str, str], settings: Settings) -> None:
    """Offer these ways to pay in this order and no other, by these names; raises BadPreferences."""
    present = preferences(session)
    ways = {way.name: way for way in ways_to_be_paid(present, settings)}
    problems = {
        f"on_{name}": f"{ways[name].usual} is not ready: {_missing(ways[name])} must be set where the shop runs."
        for name in offered
        if not ways[name].ready
    }
    names = {name: " ".join(label.split()) for name, label in labels.items() if name in ways}
    problems |= {
        f"label_{name}": f"Use at most {LONGEST_LABEL} characters."
        for name, label in names.items()
        if len(label) > LONGEST_LABEL
    }
    if not offered:
        problems[""] = "Offer at least one way to pay."
    if problems:
        raise BadPreferences(problems)
    decided = {"gateways": ",".join(offered)} | {
        f"{LABEL}{name}": "" if label == ways[name].usual else label for name, label in names.items()
    }
    keep(session, {name: value for name, value in decided.items() if present.values.get(name, "") != value})


def _missing(way: WayToBePaid) -> str:
    return " and ".join(need.variable for need in way.needs if not need.given)


def _stripe_mode(settings: Settings) -> str:
    key = settings.stripe_secret_key.get_secret_value() if settings.stripe_secret_key else ""
    return "live" if key.startswith(("sk_live_", "rk_live_")) else "test" if key else "unknown"


def _stripe_needs(settings: Settings) -> tuple[Need, ...]:
    return (
        Need("SHOP_STRIPE_SECRET_KEY", "The secret key of your Stripe account, from Developers, API keys.",
             bool(settings.stripe_secret_key)),
        Need("SHOP_STRIPE_WEBHOOK_SECRET",
             f"The signing secret of {settings.storefront_url}/webhooks/stripe, from Developers, Webhooks.",
             bool(settings.stripe_webhook_secret)),
    )  # fmt: skip


def _bank_needs(settings: Settings) -> tuple[Need, ...]:
    return (Need("SHOP_BANK_IBAN", "The account that shoppers transfer the money to.", bool(settings.bank_iban)),)


def _demo_needs(settings: Settings) -> tuple[Need, ...]:
    return (
        Need("SHOP_DEMO_GATEWAY_SECRET", "A secret between the shop and its demo gateway.",
             bool(settings.demo_gateway_secret)),
        Need("SHOP_GATEWAYS", "The word demo in it: anybody can pay there with money that does not exist.",
             "demo" in settings.gateways),
    )  # fmt: skip
