"""The quote: the numbers that other shops got wrong, and what must hold for any numbers."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.orders.quote import Item, Method, Quote, quote, working_days_after
from domain.promotions.discounts import Discount
from domain.shared.money import Money

NOW = datetime(2026, 5, 15, 10, tzinfo=UTC)  # a Friday


def quoted(*prices: tuple[int, int], rates: dict[str, int] | None = None, included: bool = True, **values) -> Quote:
    items = [Item(variant_id=UUID(int=i), unit_price=price, quantity=n) for i, (price, n) in enumerate(prices)]
    given = {"methods": (), "method": None, "destination": "IE", "currency": "EUR", "now": NOW, **values}
    return quote(items, rates=rates or {}, tax_included=included, **given)


def euros(amount: int) -> Money:
    return Money(amount, "EUR")


def test_forty_percent_off_with_tax_on_top_is_right_to_the_cent():
    sale = Discount(label="-40 %", basis_points=4000)
    found = quoted((5186, 1), rates={"standard": 825}, included=False, discounts=[sale])

    assert (found.discount, found.tax, found.total) == (euros(2074), euros(257), euros(3369))


def test_a_hundred_percent_off_leaves_nothing_at_all():
    found = quoted((1333, 3), (1, 1), rates={"standard": 2300}, discounts=[Discount(label="Gift", basis_points=10_000)])

    assert (found.discount, found.tax, found.total) == (euros(4000), euros(0), euros(0))
    assert [line.total for line in found.lines] == [euros(0), euros(0)]


def test_a_discount_is_shared_out_by_largest_remainder():
    found = quoted((1000, 1), (1000, 1), (1000, 1), discounts=[Discount(label="Ten off", amount=1000)])

    assert [line.discount.amount for line in found.lines] == [334, 333, 333]


def test_included_tax_is_taken_out_of_the_price():
    found = quoted((1230, 1), rates={"standard": 2300})

    assert (found.tax, found.total) == (euros(230), euros(1230))


def test_each_class_of_goods_bears_its_own_rate_and_delivery_the_standard_one():
    items = [
        Item(variant_id=UUID(int=1), unit_price=1000, quantity=1),
        Item(variant_id=UUID(int=2), unit_price=1000, quantity=1, tax_class="books"),
    ]
    found = quote(
        items, methods=[Method(code="post", name="Post", price=500)], method="post", destination="IE",
        rates={"standard": 2300, "books": 0}, tax_included=False, currency="EUR", now=NOW,
    )  # fmt: skip

    assert [line.tax.amount for line in found.lines] == [230, 0]
    assert (found.delivery_tax, found.tax, found.total) == (euros(115), euros(345), euros(2845))


def test_delivery_is_free_from_the_mark_on_and_after_discounts():
    post = Method(code="post", name="Post", price=490, free_above=5000)

    assert quoted((5000, 1), methods=[post], method="post").delivery == euros(0)
    assert quoted((4999, 1), methods=[post], method="post").delivery == euros(490)
    less = quoted((5000, 1), methods=[post], method="post", discounts=[Discount(label="x", amount=1)])
    assert less.delivery == euros(490)


def test_only_methods_that_go_there_are_offered_and_the_first_is_the_estimate():
    methods = [
        Method(code="ie", name="Irish", countries=("IE",), price=300),
        Method(code="all", name="All", price=900),
    ]

    irish, german = quoted((100, 1), methods=methods), quoted((100, 1), methods=methods, destination="DE", method="ie")

    assert [option.code for option in irish.options] == ["ie", "all"]
    assert (irish.delivery, irish.delivery_estimated) == (euros(300), True)
    assert [option.code for option in german.options] == ["all"]
    assert (german.method, german.delivery) == (None, euros(900))


def test_an_empty_cart_costs_nothing():
    found = quoted(methods=[Method(code="post", name="Post", price=490)])

    assert (found.subtotal, found.delivery, found.total) == (euros(0), euros(0), euros(0))


@pytest.mark.parametrize(
    ("days", "arrives"),
    [(0, date(2026, 5, 15)), (1, date(2026, 5, 18)), (3, date(2026, 5, 20)), (6, date(2026, 5, 25))],
)
def test_working_days_leave_out_weekends(days, arrives):
    assert working_days_after(NOW.date(), days) == arrives


@given(
    prices=st.lists(st.tuples(st.integers(0, 10**7), st.integers(1, 99)), max_size=12),
    classes=st.lists(st.sampled_from(["standard", "books", "food"]), min_size=12, max_size=12),
    rates=st.fixed_dictionaries({name: st.integers(0, 10_000) for name in ("standard", "books", "food")}),
    included=st.booleans(),
    delivery=st.integers(0, 10_000),
    percent=st.integers(0, 10_000),
    amount=st.integers(0, 10**6),
    free=st.booleans(),
)
def test_lines_always_sum_to_the_total(prices, classes, rates, included, delivery, percent, amount, free):
    items = [
        Item(variant_id=UUID(int=i), unit_price=price, quantity=n, tax_class=classes[i])
        for i, (price, n) in enumerate(prices)
    ]
    found = quote(
        items, methods=[Method(code="post", name="Post", price=delivery)], method="post", destination="IE",
        rates=rates, tax_included=included, currency="EUR", now=NOW,
        discounts=[Discount(label="a", basis_points=percent), Discount(label="b", amount=amount, free_delivery=free)],
    )  # fmt: skip
    lines = found.lines

    assert sum(line.discount.amount for line in lines) == found.discount.amount
    assert sum(one.amount.amount for one in found.discounts) == found.discount.amount
    assert sum(line.tax.amount for line in lines) + found.delivery_tax.amount == found.tax.amount
    assert all(line.total.amount == line.unit_price.amount * line.quantity - line.discount.amount for line in lines)
    assert all(line.total.amount >= 0 and line.discount.amount >= 0 and line.tax.amount >= 0 for line in lines)
    assert found.total.amount == (
        sum(line.total.amount for line in lines) + found.delivery.amount + (0 if included else found.tax.amount)
    )
    assert 0 <= found.tax.amount <= found.total.amount
