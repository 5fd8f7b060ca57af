"""What must hold of promotions for any numbers, in currencies with no, two and three decimals."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.promotions.kinds import AMOUNT, BUY_GET, FREE_DELIVERY, PERCENT
from domain.promotions.rules import Goods, discount_of
from tests.domain.promotions.trial import choice, goods, priced, rule

RULES = st.lists(
    st.builds(
        lambda kind, percent, amount, buy, get, priority, exclusive, scoped, coded: {
            "kind": kind, "basis_points": percent, "amount": amount, "buy": buy, "get": get, "priority": priority,
            "exclusive": exclusive, "scoped": scoped, "categories": (("kitchen", "Kitchen"),) if scoped else (),
            "code": "C" if coded else None,
        },
        st.sampled_from([PERCENT, AMOUNT, FREE_DELIVERY, BUY_GET]), st.integers(1, 10_000), st.integers(1, 10**6),
        st.integers(1, 4), st.integers(1, 3), st.integers(-3, 3), st.booleans(), st.booleans(), st.booleans(),
    ),
    max_size=5,
)  # fmt: skip
LINES = st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 20), st.booleans()), min_size=1, max_size=6)


@given(rules=RULES, lines=LINES, currency=st.sampled_from(["EUR", "JPY", "KWD"]), included=st.booleans())
def test_for_any_promotions_the_lines_sum_and_nobody_pays_more(rules, lines, currency, included):
    made = [rule(number, **{**values, "code": values["code"] if number == 1 else None})
            for number, values in enumerate(rules, 1)]  # fmt: skip
    cart = [
        Goods(variant_id=UUID(int=i), product_id=UUID(int=i), unit_price=price, quantity=quantity,
              category_path="kitchen/mugs" if kitchen else "bath")
        for i, (price, quantity, kitchen) in enumerate(lines)
    ]  # fmt: skip
    found = choice(made, cart, code="C", currency=currency, included=included)
    plain = priced(cart, (), currency=currency, included=included)
    paid = priced(cart, found.discounts, currency=currency, included=included)

    assert paid.total.amount <= plain.total.amount
    assert bool(found.discounts) == (paid.total.amount < plain.total.amount)
    assert sum(line.discount.amount for line in paid.lines) == paid.discount.amount <= paid.subtotal.amount
    assert all(line.discount.amount >= 0 and line.total.amount >= 0 for line in paid.lines)
    assert all(sum(one.shares) == one.amount.amount and min(one.shares) >= 0 for one in paid.discounts)
    for i, line in enumerate(paid.lines):
        assert sum(one.shares[i] for one in paid.discounts) == line.discount.amount
    goods_total = sum(line.total.amount for line in paid.lines)
    assert paid.total.amount == goods_total + paid.delivery.amount + (0 if included else paid.tax.amount)
    exclusive = [one for one in made if one.exclusive and one.id in {x.promotion_id for x in found.discounts}]
    assert not exclusive or len(found.discounts) == 1
    assert sum(one.code is not None for one in found.discounts) <= 1
    for one in made:
        if one.scoped and (mine := next((x for x in paid.discounts if x.promotion_id == one.id), None)):
            assert all(share == 0 for share, part in zip(mine.shares, cart, strict=True) if not one.covers(part))


@given(lines=LINES, buy=st.integers(1, 4), get=st.integers(1, 3))
def test_free_units_are_the_right_number_of_the_cheapest(lines, buy, get):
    cart = goods(*[(price, quantity) for price, quantity, _ in lines])
    units = sorted(price for price, quantity, _ in lines for _ in range(quantity))
    portions = discount_of(rule(kind=BUY_GET, buy=buy, get=get), cart).portions

    free = len(units) // (buy + get) * get
    assert sum(portion.units for portion in portions) == free
    quoted = priced(cart, [discount_of(rule(kind=BUY_GET, buy=buy, get=get), cart)])
    assert quoted.discount.amount == sum(units[:free])


@given(price=st.integers(1, 10**6), quantity=st.integers(1, 30), percent=st.integers(1, 10_000))
def test_one_more_of_the_same_never_lowers_what_the_goods_cost(price, quantity, percent):
    def cost(units: int) -> int:
        lines = goods((price, units))
        return priced(lines, choice([rule(basis_points=percent)], lines, methods=()).discounts, methods=()).total.amount

    assert cost(quantity) <= cost(quantity + 1)
