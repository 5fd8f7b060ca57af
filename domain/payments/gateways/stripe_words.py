"""What differs between Stripe and the shop: how amounts are written, and the words for a refusal."""

from domain.payments.gateways.port import GatewayRefused

TWO_DECIMALS_AT_STRIPE = frozenset({"ISK", "UGX"})
"""Currencies without decimals (ISO 4217) that Stripe still counts in hundredths.

Source: Stripe's documentation, "Supported currencies", special cases.
"""
NO_DECIMALS_AT_STRIPE = frozenset({"MGA"})
"""Currencies of two decimals (ISO 4217) of which Stripe counts the whole units only (same source)."""
THREE_DECIMALS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
"""Currencies of three decimals, of which Stripe takes amounts that end in 0 only (same source)."""

REASONS = {
    "insufficient_funds": "There is not enough money on the card. Please try another one.",
    "expired_card": "The card has expired. Please try another one.",
    "incorrect_cvc": "The security code is not right. Please check it and try again.",
    "invalid_cvc": "The security code is not right. Please check it and try again.",
    "incorrect_number": "The card number is not right. Please check it and try again.",
    "invalid_number": "The card number is not right. Please check it and try again.",
    "invalid_expiry_month": "The expiry date is not right. Please check it and try again.",
    "invalid_expiry_year": "The expiry date is not right. Please check it and try again.",
    "incorrect_zip": "The postcode does not match the card. Please check it and try again.",
    "authentication_required": "Your bank wants you to confirm the payment. Please try again and confirm it there.",
    "payment_intent_authentication_failure": "The payment was not confirmed with your bank. Please try again.",
    "card_not_supported": "This kind of card is not taken for this purchase. Please try another one.",
    "currency_not_supported": "The card does not pay in this currency. Please try another one.",
    "card_velocity_exceeded": "The card has reached its limit. Please try another one or ask your bank.",
    "withdrawal_count_limit_exceeded": "The card has reached its limit. Please try another one or ask your bank.",
    "processing_error": "Something went wrong at the payment service. Nothing was charged. Please try again.",
    "try_again_later": "Your bank could not answer. Nothing was charged. Please try again in a moment.",
    "issuer_not_available": "Your bank could not answer. Nothing was charged. Please try again in a moment.",
}
"""Why a payment was refused, in plain words. A stolen or lost card is "declined" to whoever holds it."""

DECLINED = "Your bank declined the card. Please try another card or ask your bank."


def reason(code: str) -> str:
    """Return what a shopper reads about a refusal."""
    return REASONS.get(code, DECLINED)


def to_stripe(amount: int, currency: str) -> int:
    """Write minor units as Stripe counts them; raises GatewayRefused for an amount that Stripe cannot take."""
    if currency in TWO_DECIMALS_AT_STRIPE:
        return amount * 100
    if currency in THREE_DECIMALS and amount % 10:
        raise GatewayRefused("Stripe takes amounts in this currency that end in 0 only. Nothing was charged.")
    if currency in NO_DECIMALS_AT_STRIPE:
        if amount % 100:
            raise GatewayRefused("Stripe takes whole amounts in this currency only. Nothing was charged.")
        return amount // 100
    return amount


def from_stripe(amount: int, currency: str) -> int:
    """Read an amount of Stripe's as minor units."""
    if currency in NO_DECIMALS_AT_STRIPE:
        return amount * 100
    return amount // 100 if currency in TWO_DECIMALS_AT_STRIPE else amount
