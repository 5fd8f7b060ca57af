"""The quote: the numbers that other shops got wrong, and what must hold for any numbers."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.orders.delivery import Method, working_days_after
from domain.orders.quote import Item, Quote, quote
from domain.orders.tax.rates import Rate
from domain.promotions.discounts import Discount
from domain.shared.formats import format_money
from domain.shared.money import Money

NOW = datetime(2026, 5, 15, 10, tzinfo=UTC)  # a Friday


def vat(**points: float) -> dict[str, Rate]:
    return {name: Rate(name="VAT", basis_points=Decimal(str(rate))) for name, rate in points.items()}


def quoted(*prices: tuple[int, int], rates: dict[str, Rate] | None = None, included: bool = True, **values) -> Quote:
    items = [Item(variant_id=UUID(int=i), unit_price=price, quantity=n) for i, (price, n) in enumerate(prices)]
    given = {"methods": (), "method": None, "currency": "EUR", "now": NOW, **values}
    return quote(items, rates=rates or {}, tax_included=included, **given)


def euros(amount: int) -> Money:
    return Money(amount, "EUR")


def test_forty_percent_off_with_tax_on_top_is_right_to_the_cent():
    sale = Discount(label="-40 %", basis_points=4000)
    found = quoted((5186, 1), rates=vat(standard=825), included=False, discounts=[sale])

    assert (found.discount, found.tax, found.total) == (euros(2074), euros(257), euros(3369))


def test_a_hundred_percent_off_leaves_nothing_at_all():
    found = quoted((1333, 3), (1, 1), rates=vat(standard=2300), discounts=[Discount(label="Gift", basis_points=10_000)])

    assert (found.discount, found.tax, found.total) == (euros(4000), euros(0), euros(0))
    assert [line.total for line in found.lines] == [euros(0), euros(0)]


def test_a_discount_is_shared_out_by_largest_remainder():
    found = quoted((1000, 1), (1000, 1), (1000, 1), discounts=[Discount(label="Ten off", amount=1000)])

    assert [line.discount.amount for line in found.lines] == [334, 333, 333]


def test_included_tax_is_taken_out_of_the_price():
    found = quoted((1230, 1), rates=vat(standard=2300))

    assert (found.tax, found.total) == (euros(230), euros(1230))


def test_each_class_of_goods_bears_its_own_rate_and_delivery_follows_the_goods_by_worth():
    items = [
        Item(variant_id=UUID(int=1), unit_price=1000, quantity=1),
        Item(variant_id=UUID(int=2), unit_price=1000, quantity=3, tax_class="books"),
    ]

    def priced(**points):
        return quote(
            items, methods=[Method(code="post", name="Post", price=500)], method="post", rates=vat(**points),
            tax_included=False, currency="EUR", now=NOW,
        )  # fmt: skip

    found, own = priced(standard=2300, books=900), priced(standard=2300, books=0, delivery=1350)

    assert [line.tax.amount for line in found.lines] == [230, 270]
    # A quarter of the delivery, 1.25, bears 23 %: 11.25 in all bear 2.5875. Three quarters, 3.75, bear 9 %.
    assert [(tax.basis_points, tax.net.amount, tax.amount.amount, tax.delivery.amount) for tax in found.taxes] == [
        (2300, 1125, 259, 29), (900, 3375, 304, 34)
    ]  # fmt: skip
    assert (found.delivery_tax, found.tax, found.total) == (euros(63), euros(563), euros(5063))
    assert [(tax.basis_points, tax.net.amount, tax.amount.amount, tax.delivery.amount) for tax in own.taxes] == [
        (2300, 1000, 230, 0), (1350, 500, 68, 68), (0, 3000, 0, 0)
    ]  # fmt: skip


def test_delivery_of_goods_that_cost_nothing_any_more_is_taxed_by_what_they_cost_before():
    gift = Discount(label="Gift", basis_points=10_000)
    post = Method(code="post", name="Post", price=500)
    books = [Item(variant_id=UUID(int=1), unit_price=1000, quantity=1, tax_class="books")]

    found = quote(
        books, methods=[post], method="post", rates=vat(standard=2000, books=500), tax_included=True, currency="EUR",
        now=NOW, discounts=[gift],
    )  # fmt: skip

    assert (found.total, found.tax, found.delivery_tax) == (euros(500), euros(24), euros(24))


def test_where_the_shop_knows_no_rate_there_is_no_tax():
    found = quoted((1000, 1), methods=[Method(code="post", name="Post", price=500)], method="post", included=False)

    assert (found.tax, found.total, found.taxes) == (euros(0), euros(1500), ())


def test_a_rate_with_three_decimals_of_a_percent_is_not_rounded():
    found = quoted((10_000_000, 1), rates=vat(standard=662.5), included=False)

    assert found.tax == euros(662_500)


def test_delivery_is_free_from_the_mark_on_and_after_discounts():
    post = Method(code="post", name="Post", price=490, free_above=5000)

    assert quoted((5000, 1), methods=[post], method="post").delivery == euros(0)
    assert quoted((4999, 1), methods=[post], method="post").delivery == euros(490)
    less = quoted((5000, 1), methods=[post], method="post", discounts=[Discount(label="x", amount=1)])
    assert less.delivery == euros(490)


def test_without_a_choice_the_first_method_is_the_estimate():
    methods = [Method(code="ie", name="Irish", price=300), Method(code="all", name="All", price=900)]

    found = quoted((100, 1), methods=methods, method="gone")

    assert [option.code for option in found.options] == ["ie", "all"]
    assert (found.delivery, found.delivery_estimated, found.method) == (euros(300), True, None)


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
        items, methods=[Method(code="post", name="Post", price=delivery)], method="post",
        rates=vat(**rates), tax_included=included, currency="EUR", now=NOW,
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


def test_a_whole_quote_in_yen_has_no_decimals_and_in_dinars_three():
    items = [
        Item(variant_id=UUID(int=1), unit_price=1980, quantity=3, weight_grams=400),
        Item(variant_id=UUID(int=2), unit_price=333, quantity=1, tax_class="food", weight_grams=900),
    ]
    post = Method(code="post", name="Post", priced_by="weight", bands=((2000, 700), (5000, 1200)))

    def quoted_in(currency: str, included: bool) -> Quote:
        return quote(
            items, methods=[post], method="post", rates=vat(standard=1000, food=800), tax_included=included,
            currency=currency, now=NOW, discounts=[Discount(label="15 %", basis_points=1500)],
        )  # fmt: skip

    yen, dinars = quoted_in("JPY", True), quoted_in("KWD", False)

    # 6273 less 15 % is 5332.05: 5332, of which 5049 bear 10 % and 283 bear 8 %; of 1200 by post 1136 and 64.
    assert [line.total.amount for line in yen.lines] == [5049, 283]
    assert [(tax.net.amount, tax.amount.amount, tax.delivery.amount) for tax in yen.taxes] == [
        (5623, 562, 103), (321, 26, 5)
    ]  # fmt: skip
    assert (yen.total, yen.tax, yen.delivery) == (Money(6532, "JPY"), Money(588, "JPY"), Money(1200, "JPY"))
    assert [format_money(m.amount, m.currency, "en_GB") for m in (yen.total, yen.taxes[1].amount)] == [
        "JP¥6,532",
        "JP¥26",
    ]
    # The same minor units are fils: 6185 bear 0.6185, rounded half up to 619 fils, and 347 bear 27.76: 28.
    assert [tax.amount.amount for tax in dinars.taxes] == [619, 28]
    assert dinars.total == Money(7179, "KWD")
    assert format_money(dinars.total.amount, "KWD", "en_GB") == "KWD7.179"


@given(
    lines=st.lists(
        st.tuples(
            st.integers(0, 10**7), st.integers(1, 50), st.sampled_from(["standard", "food", "books", "zero"])
        ),
        min_size=1, max_size=10,
    ),
    percent=st.integers(0, 10_000), delivery=st.integers(0, 10**5), included=st.booleans(),
    own=st.none() | st.integers(0, 10_000), currency=st.sampled_from(["EUR", "JPY", "KWD"]),
)  # fmt: skip
def test_the_totals_by_rate_sum_to_the_tax_and_each_is_exact(lines, percent, delivery, included, own, currency):
    rates = vat(standard=2300, food=662.5, books=900, zero=0) | ({} if own is None else vat(delivery=own))
    items = [
        Item(variant_id=UUID(int=i), unit_price=price, quantity=n, tax_class=kind)
        for i, (price, n, kind) in enumerate(lines)
    ]
    found = quote(
        items, methods=[Method(code="post", name="Post", price=delivery)], method="post", rates=rates,
        tax_included=included, currency=currency, now=NOW, discounts=[Discount(label="a", basis_points=percent)],
    )  # fmt: skip

    assert sum(tax.amount.amount for tax in found.taxes) == found.tax.amount
    assert sum(tax.delivery.amount for tax in found.taxes) == found.delivery_tax.amount
    assert sum(tax.net.amount + tax.amount.amount for tax in found.taxes) == (found.total.amount)
    for tax in found.taxes:
        own_lines = [
            line for line in found.lines if (line.tax_name, line.tax_basis_points) == (tax.name, tax.basis_points)
        ]
        assert sum(line.tax.amount for line in own_lines) == tax.amount.amount - tax.delivery.amount
        worth = tax.net.amount + (tax.amount.amount if included else 0)
        exact = worth * tax.basis_points / (10_000 + tax.basis_points if included else 10_000)
        assert abs(tax.amount.amount - exact) <= Decimal("0.5")
