"""Promotions as the rows of a file."""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.promotions.kinds import AMOUNT, PERCENT
from domain.promotions.queries.admin import SORTINGS, PromotionRow, promotion_list, read_promotion_filter
from domain.shared.db import utcnow
from domain.shared.exports import Sheet, SheetPage, Words, behind, major


def _promotions(session: Session, wanted: Words, after: str | None, limit: int) -> SheetPage:
    found = read_promotion_filter(wanted)
    page = promotion_list(
        session, currency=wanted["currency"], now=utcnow(), after=behind(after), limit=limit, **vars(found)
    )
    return SheetPage.of(session, [_row(one) for one in page.rows], SORTINGS[found.sort], page.after)


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
