"""Staff make, change, limit and end promotions."""

from datetime import timedelta

import pytest

from domain.promotions.commands import update_promotion
from domain.promotions.errors import BadTerms, CodeRefused, LimitTooLow, TakenCode
from domain.promotions.kinds import AMOUNT, PERCENT
from domain.promotions.queries import promotion_detail, promotion_list
from domain.promotions.terms import Terms
from domain.shared.db import utcnow
from domain.shared.errors import ChangedMeanwhile
from tests.domain.promotions.carts import enter, used
from tests.factories.cart import make_checkout
from tests.factories.catalog import make_product
from tests.factories.orders import agree, place
from tests.factories.promotions import make_promotion


def terms(**values) -> Terms:
    return Terms(**{"name": "Ten", "kind": PERCENT, "basis_points": 1000, **values})


def test_a_limit_set_later_counts_what_was_used_before(session):
    ten = make_promotion(session, "TEN")
    make_product(session, sku="MUG")
    for name in ("ada", "bea"):
        cart_id = make_checkout(session, sku="MUG", email=f"{name}@example.com")
        enter(session, cart_id, "ten")
        place(session, agree(session, cart_id))

    with pytest.raises(LimitTooLow, match="used 2 times already"):
        update_promotion(session, promotion_id=ten, version=1, terms=terms(limit_total=1), codes=["TEN"])
    update_promotion(session, promotion_id=ten, version=1, terms=terms(limit_total=2), codes=["TEN", "ten 2"])

    assert used(session, ten)[0] == 2
    with pytest.raises(CodeRefused, match="TEN2 is used up"):
        enter(session, make_checkout(session, sku="MUG", email="cat@example.com"), "ten2")
    found = promotion_detail(session, ten, currency="EUR", now=utcnow())
    assert (found.codes, found.uses, found.customers, found.taken_off.amount) == (("TEN", "TEN2"), 2, 2, 200)


def test_staff_cannot_overwrite_each_other_nor_take_each_others_codes(session):
    ten = make_promotion(session, "TEN")
    make_promotion(session, "TAKEN")
    update_promotion(session, promotion_id=ten, version=1, terms=terms(), codes=["TEN"])

    with pytest.raises(ChangedMeanwhile):
        update_promotion(session, promotion_id=ten, version=1, terms=terms(), codes=["TEN"])
    with pytest.raises(TakenCode, match="TAKEN"), session.begin_nested():
        update_promotion(session, promotion_id=ten, version=2, terms=terms(), codes=["TEN", "taken"])
    with pytest.raises(BadTerms) as bad:
        update_promotion(session, promotion_id=ten, version=2, terms=terms(kind=AMOUNT, name=" "), codes=[])
    assert sorted(bad.value.problems) == ["amount", "codes", "name"]
    assert promotion_detail(session, ten, currency="EUR", now=utcnow()).codes == ("TEN",)


def test_the_list_says_what_runs_and_pages_by_key(session, statements):
    day = timedelta(days=1)
    make_promotion(session, "PAST", name="Past", ends_at=utcnow() - day)
    make_promotion(session, name="Now")
    make_promotion(session, "SOON", name="Soon", starts_at=utcnow() + day)

    with statements() as seen:
        first = promotion_list(session, currency="EUR", now=utcnow(), limit=2)
    rest = promotion_list(session, currency="EUR", now=utcnow(), limit=2, after=first.after)

    assert len(seen) == 1
    assert [(one.name, one.state) for one in first.rows + rest.rows] == [
        ("Soon", "planned"), ("Now", "running"), ("Past", "ended"),
    ]  # fmt: skip
    assert rest.after is None
