"""Promotions as the rows of a file."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.promotions.kinds import AMOUNT, PERCENT
from domain.promotions.queries.admin import PromotionRow, promotion_list, read_promotion_filter
from domain.shared.db import utcnow
from domain.shared.exports import Sheet, SheetPage, Words, key_of, major


def _promotions(session: Session, wanted: Words, after: str | None, limit: int) -> SheetPage:
    page = promotion_list(
        session, currency=wanted["currency"], now=utcnow(), after=key_of(after), limit=limit,
        **vars(read_promotion_filter(wanted)),
    )  # fmt: skip
    return SheetPage([_row(one) for one in page.rows], str(page.after) if page.after else None)


def _row(one: PromotionRow) -> tuple[object, ...]:
    terms = one.terms
    return (
        one.name, terms.kind.replace("_", " "), f"{terms.basis_points / 100:g}" if terms.kind == PERCENT else "",
        major(one.amount) if terms.kind == AMOUNT else "", "yes" if terms.automatic else "no", " ".join(one.codes),
        one.state, _moment(terms.starts_at), _moment(terms.ends_at), terms.limit_total or "", one.uses,
        one.taken_off.currency, major(one.taken_off),
    )  # fmt: skip


def _moment(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""


PROMOTIONS = Sheet(
    (
        "Promotion", "Kind", "Percent", "Amount", "By itself", "Codes", "State", "Starts", "Ends", "At most", "Orders",
        "Currency", "Taken off",
    ),
    _promotions,
)  # fmt: skip
