"""Which promotions apply, in which order, and why one does not: the written rule, case by case."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.promotions.choice import Choice
from domain.promotions.kinds import AMOUNT, BUY_GET, FREE_DELIVERY, customer_key, normal_code
from domain.promotions.rules import Reason
from domain.promotions.words import refusal_words
from tests.domain.promotions.trial import NOW, choice, goods, priced, rule


def names(found: Choice) -> list[str]:
    return [discount.label for discount in found.discounts]


def reason(found: Choice) -> Reason | None:
    return found.refusal.reason if found.refusal else None


def words(found: Choice, code: str) -> str:
    assert found.refusal
    return refusal_words(found.refusal, code=code, currency="EUR", locale="en_GB", now=NOW)


def test_automatic_ones_come_by_priority_and_the_code_last_each_on_what_is_left():
    rules = [
        rule(1, name="Low", kind=AMOUNT, amount=500),
        rule(2, name="High", priority=5, basis_points=5000),
        rule(3, name="Code", code="TEN"),
    ]
    lines = goods((2000, 1))
    found = choice(rules, lines, code="TEN")

    assert names(found) == ["High", "Low", "Code"]
    assert [one.amount.amount for one in priced(lines, found.discounts).discounts] == [1000, 500, 50]


def test_of_equal_priority_the_older_promotion_comes_first():
    assert names(choice([rule(2), rule(1)], goods((1000, 1)))) == ["Rule 1", "Rule 2"]


def test_a_code_that_nobody_gave_does_nothing():
    assert choice([rule(1, code="TEN")], goods((1000, 1))) == Choice()


@pytest.mark.parametrize(
    ("percent", "winner", "why"),
    [(2000, "Alone", None), (1000, "Always", Reason.NOT_WITH)],
)
def test_an_exclusive_code_stands_alone_and_only_if_it_saves_more(percent, winner, why):
    rules = [rule(1, name="Always", basis_points=1500),
             rule(2, name="Alone", code="ALONE", exclusive=True, basis_points=percent)]  # fmt: skip
    found = choice(rules, goods((1000, 1)), code="ALONE")

    assert (names(found), reason(found)) == ([winner], why)
    if why:
        assert words(found, "ALONE") == ("ALONE cannot be combined with “Always”, which saves you at least as much.")


def test_an_exclusive_automatic_promotion_beats_code_and_others_if_it_saves_more():
    rules = [rule(1, name="Week", exclusive=True, basis_points=3000), rule(2, code="TEN"), rule(3)]
    found = choice(rules, goods((1000, 1)), code="TEN")

    assert (names(found), reason(found)) == (["Week"], Reason.NOT_WITH)


def test_a_discount_that_would_cost_free_delivery_is_not_taken():
    lines = goods((6000, 1))  # delivery is free from 60.00 on, and 1.00 off would make it 4.90

    found = choice([rule(1, kind=AMOUNT, amount=100, code="ONE")], lines, code="ONE")

    assert (names(found), reason(found)) == ([], Reason.NO_GAIN)
    assert priced(lines, found.discounts).total.amount == 6000


def test_free_delivery_is_not_used_up_where_delivery_is_free_already():
    free = rule(1, kind=FREE_DELIVERY, code="FREE")

    assert names(choice([free], goods((1000, 1)), code="FREE")) == ["Rule 1"]
    again = choice([free], goods((6000, 1)), code="FREE")
    assert (names(again), reason(again)) == ([], Reason.NO_GAIN)
    assert words(again, "FREE") == (
        "FREE would save you nothing here: your delivery is free already, or not chosen yet."
    )


@pytest.mark.parametrize(
    ("lines", "buy", "get", "off"),
    [
        (((1000, 3),), 2, 1, [1000]),
        (((1000, 2),), 2, 1, None),
        (((1000, 1), (300, 1), (700, 1)), 2, 1, [0, 300, 0]),
        (((1000, 4), (300, 2)), 2, 1, [0, 600]),
        (((1000, 5), (300, 1)), 2, 1, [1000, 300]),
        (((500, 2), (500, 2)), 1, 1, [1000, 0]),
    ],
)
def test_of_buy_some_get_some_the_cheapest_are_free(lines, buy, get, off):
    taken = goods(*lines)
    found = choice([rule(kind=BUY_GET, buy=buy, get=get)], taken, methods=())

    assert [one.shares for one in priced(taken, found.discounts, methods=()).discounts] == ([tuple(off)] if off else [])


def test_a_free_unit_after_a_percentage_takes_away_what_the_unit_still_costs():
    lines = goods((999, 3))
    rules = [rule(1, priority=9, basis_points=1000), rule(2, kind=BUY_GET, buy=2, get=1)]

    assert [one.amount.amount for one in priced(lines, choice(rules, lines).discounts).discounts] == [300, 899]


def test_a_category_stands_for_all_below_it_and_for_no_namesake():
    kitchen = rule(scoped=True, categories=(("kitchen", "Kitchen"),))

    assert kitchen.covers(goods((1, 1), category="kitchen/mugs/small")[0])
    assert kitchen.covers(goods((1, 1), category="kitchen")[0])
    assert not kitchen.covers(goods((1, 1), category="kitchen-garden/pots")[0])


def test_a_promotion_for_some_goods_takes_nothing_off_the_others():
    lines = [*goods((1000, 1)), replace(goods((500, 1))[0], variant_id=UUID(int=9), category_path="bath")]
    found = choice([rule(scoped=True, categories=(("kitchen", "Kitchen"),), basis_points=5000)], lines)

    assert priced(lines, found.discounts).discounts[0].shares == (500, 0)


def test_a_promotion_whose_goods_are_all_gone_is_for_nothing():
    assert reason(choice([rule(code="X", scoped=True)], goods((1000, 1)), code="X")) == Reason.OUT_OF_SCOPE


DAY = timedelta(days=1)
MUGS = (("kitchen/mugs", "Mugs"), ("bath", "Bath"))


@pytest.mark.parametrize(
    ("values", "has_ordered", "why", "said", "curable"),
    [
        ({"active": False}, False, Reason.ENDED, "TEN is no longer valid.", False),
        ({"ends_at": NOW - 3 * DAY}, False, Reason.ENDED, "TEN ended on 17 November 2026.", False),
        ({"ends_at": NOW}, False, Reason.ENDED, "TEN ended on 20 November 2026.", False),
        ({"starts_at": NOW + 11 * DAY}, False, Reason.NOT_YET, "TEN is valid from 1 December 2026 on.", False),
        ({"limit_total": 5, "used": 5}, False, Reason.USED_UP, "TEN is used up: others were faster.", False),
        ({"limit_per_customer": 1, "used_by_customer": 1}, False, Reason.USED_BY_YOU,
         "You have used TEN already. It is good for once per customer.", False),
        ({"first_order": True}, True, Reason.NOT_FIRST_ORDER,
         "TEN is for a first order only, and you have ordered with us before.", False),
        ({"min_subtotal": 5000}, False, Reason.TOO_LITTLE,
         "TEN needs €50.00 in your cart: €38.00 more to go.", True),
        ({"min_quantity": 3}, False, Reason.TOO_FEW, "TEN needs 3 items in your cart: 2 more to go.", True),
        ({"scoped": True, "categories": (("bath", "Bath"),), "products": ((UUID(int=7), "Moss mug"),)}, False,
         Reason.OUT_OF_SCOPE, "TEN is only for Bath or Moss mug, and nothing of that is in your cart.", True),
        ({"scoped": True, "categories": MUGS, "min_subtotal": 2000}, False, Reason.TOO_LITTLE,
         "TEN needs €20.00 of Mugs or Bath in your cart: €8.00 more to go.", True),
    ],
)  # fmt: skip
def test_a_code_says_why_it_does_not_apply(values, has_ordered, why, said, curable):
    found = choice([rule(code="TEN", **values)], goods((1200, 1)), code="TEN", has_ordered=has_ordered)

    assert (names(found), reason(found)) == ([], why)
    assert words(found, "TEN") == said
    assert found.refusal
    assert found.refusal.curable is curable


def test_an_unknown_code_is_said_to_be_unknown():
    found = choice([rule(1)], goods((1000, 1)), code="NOSUCH")

    assert (names(found), reason(found)) == (["Rule 1"], Reason.UNKNOWN)
    assert words(found, "NOSUCH") == (
        "We do not know the code NOSUCH. Please check it for slips: capitals do not matter."
    )


def test_a_code_is_good_until_its_end_and_from_its_start():
    rules = [rule(code="TEN", starts_at=NOW, ends_at=NOW + timedelta(microseconds=1))]

    assert names(choice(rules, goods((1000, 1)), code="TEN")) == ["Rule 1"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" welcome 10 ", "WELCOME10"), ("Straße", "STRASSE"), ("", ""), ("x" * 41, ""), ("ａｂｃ", "ABC"), ("a\x00b", "")],
)
def test_codes_have_one_form(typed, kept):
    assert normal_code(typed) == kept


@pytest.mark.parametrize(
    ("email", "key"),
    [
        ("Ada@Example.com", "ada@example.com"),
        ("ada+shop@example.com", "ada@example.com"),
        ("a.d.a+x@gmail.com", "ada@gmail.com"),
        ("ada@googlemail.com", "ada@gmail.com"),
        ("a.d.a@example.com", "a.d.a@example.com"),
        ("+ada@example.com", "+ada@example.com"),
    ],
)
def test_addresses_of_one_mailbox_count_as_one_customer(email, key):
    assert customer_key(email) == key
