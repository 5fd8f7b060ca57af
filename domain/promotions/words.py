"""Why a code does not apply, in words for shoppers."""

from datetime import datetime
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency

from domain.promotions.kinds import FREE_DELIVERY
from domain.promotions.rules import Reason, Refusal, Rule
from domain.shared.money import exponent


def refusal_words(refusal: Refusal, *, code: str, currency: str, locale: str, now: datetime) -> str:
    """Return one or two plain sentences: why, and where there is something to do, what; dates are on `now`'s clock."""
    rule = refusal.rule
    if rule is None:
        return f"We do not know the code {code}. Please check it for slips: capitals do not matter."

    def money(amount: int) -> str:
        return str(format_currency(Decimal(amount).scaleb(-exponent(currency)), currency, locale=locale))

    def day(at: datetime) -> str:
        return str(format_date(at.astimezone(now.tzinfo), "long", locale=locale))

    match refusal.reason:
        case Reason.ENDED:
            past = rule.ends_at is not None and rule.ends_at <= now
            return f"{code} ended on {day(rule.ends_at)}." if past and rule.ends_at else f"{code} is no longer valid."
        case Reason.NOT_YET:
            return f"{code} is valid from {day(rule.starts_at)} on." if rule.starts_at else f"{code} is not valid yet."
        case Reason.USED_UP:
            return f"{code} is used up: others were faster."
        case Reason.USED_BY_YOU:
            times = "once" if rule.limit_per_customer == 1 else f"{rule.limit_per_customer} times"
            return f"You have used {code} already. It is good for {times} per customer."
        case Reason.NOT_FIRST_ORDER:
            return f"{code} is for a first order only, and you have ordered with us before."
        case Reason.OUT_OF_SCOPE:
            return f"{code} is only for {_scope(rule)}, and nothing of that is in your cart."
        case Reason.TOO_LITTLE:
            of = f" of {_scope(rule)}" if rule.scoped else ""
            return f"{code} needs {money(rule.min_subtotal)}{of} in your cart: {money(refusal.missing)} more to go."
        case Reason.TOO_FEW:
            of = f" of {_scope(rule)}" if rule.scoped else ""
            items = "item" if rule.units_needed == 1 else "items"
            return f"{code} needs {rule.units_needed} {items}{of} in your cart: {refusal.missing} more to go."
        case Reason.NOT_WITH:
            return f"{code} cannot be combined with “{refusal.other}”, which saves you at least as much."
        case _:
            if rule.kind == FREE_DELIVERY:
                return f"{code} would save you nothing here: your delivery is free already, or not chosen yet."
            return f"{code} would save you nothing on this cart, so it is not used up."


def _scope(rule: Rule) -> str:
    names = [name for _, name in (*rule.categories, *rule.products)]
    if not names:
        return "goods that we no longer sell"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
