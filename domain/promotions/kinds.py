"""What a promotion can give, and the one written form of codes and customers."""

import re
import unicodedata

PERCENT, AMOUNT, FREE_DELIVERY, BUY_GET = "percent", "amount", "free_delivery", "buy_get"

KINDS: dict[str, str] = {
    PERCENT: "A percentage off",
    AMOUNT: "An amount off",
    FREE_DELIVERY: "Free delivery",
    BUY_GET: "Buy some, get some free",
}
"""Every kind, in words."""

LONGEST_CODE = 40

_DOTS_MEAN_NOTHING = frozenset({"gmail.com", "googlemail.com"})


def normal_code(text: str) -> str:
    """Return a code as the shop keeps and compares it: in capitals, without blanks; empty if it can be none."""
    code = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    return code if len(code) <= LONGEST_CODE and code.isprintable() else ""


def customer_key(email: str) -> str:
    """Return whom a limit per customer counts: the address in lower case, without what makes several of one mailbox.

    That is a tag after a plus sign, and with Gmail the dots, which it does not read. Guests buy too, so the address
    is all there is to know somebody by.
    """
    local, _, domain = unicodedata.normalize("NFKC", email).strip().lower().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _DOTS_MEAN_NOTHING:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"
