"""Numbers, links and addresses."""

import pytest

from domain.orders.address import Address
from domain.orders.errors import InvalidAddress, NoSuchOrder
from domain.orders.link import opens, order_path
from domain.orders.number import ALPHABET, clean, new_number
from domain.orders.queries import OrderFilter, admin_order, order_by_link, order_list, order_page, order_versions
from tests.factories.orders import make_order, pay

IRISH = {"name": "Aoife", "line1": "12 Mill Lane", "city": "Cork", "postcode": "T12 AB34", "country": "ie"}


def test_numbers_are_readable_and_never_the_same():
    numbers = {new_number() for _ in range(2000)}

    assert len(numbers) == 2000
    for number in numbers:
        prefix, first, second = number.split("-")
        assert (prefix, len(first), len(second)) == ("CS", 4, 4)
        assert set(first + second) <= set(ALPHABET)


@pytest.mark.parametrize("typed", ["cs-7k2m-9q10", " CS 7K2M 9QIO ", "7k2m9qlo", "7K2M-9Q1O"])
def test_a_number_is_read_as_people_type_it(typed):
    assert clean(typed) == "CS-7K2M-9Q10"


def test_a_link_opens_its_own_order_only(session):
    mine, theirs = make_order(session), make_order(session)

    assert order_page(session, mine.number.lower(), access_key=mine.access_key).number == mine.number
    assert order_by_link(session, mine.number, access_key=mine.access_key) == mine.order_id
    for number, key in [
        (mine.number, theirs.access_key), (mine.number, ""), (mine.number, "ключ"), ("CS-0000-0000", mine.access_key),
    ]:  # fmt: skip
        for question in (order_page, order_by_link):
            with pytest.raises(NoSuchOrder):
                question(session, number, access_key=key)
    assert order_path("CS-1", "a/b&c") == "/orders/CS-1?key=a/b%26c"
    assert not opens("key", "kez")


def test_the_version_changes_with_the_order_and_takes_one_statement_for_any_number_of_them(session, statements):
    placed, other = make_order(session), make_order(session)

    def versions() -> dict[str, str]:
        with statements() as seen:
            found = order_versions(session, [placed.number, other.number, "CS-NONE-NONE"])
        assert len(seen) == 1
        assert {number: key for number, (key, _) in found.items()} == {
            one.number: one.access_key for one in (placed, other)
        }
        return {number: version for number, (_, version) in found.items()}

    before = versions()
    assert before == versions()
    assert before[placed.number] == order_page(session, placed.number, access_key=placed.access_key).version
    pay(session, placed.order_id)
    after = versions()
    assert after[placed.number] == order_page(session, placed.number, access_key=placed.access_key).version
    assert after[placed.number] != before[placed.number]
    assert after[other.number] == before[other.number]


def test_an_order_page_is_a_few_statements_at_any_size(session, statements):
    placed = make_order(session, quantity=9, paid=True)

    with statements() as seen:
        page = order_page(session, placed.number, access_key=placed.access_key)

    assert len(seen) == 3
    assert [(step.state, step.done, step.current) for step in page.progress] == [
        ("placed", True, False), ("paid", False, True), ("packed", False, False), ("shipped", False, False),
        ("delivered", False, False),
    ]  # fmt: skip


def test_orders_are_listed_newest_first_and_page_by_page(session, statements):
    made = [make_order(session, email=f"s{i}@example.com", paid=i % 2 == 0) for i in range(5)]

    with statements() as seen:
        first = order_list(session, limit=2)
    second = order_list(session, limit=2, after=first.after)
    third = order_list(session, limit=2, after=second.after)

    assert len(seen) == 1
    numbers = [row.number for part in (first, second, third) for row in part.rows]
    assert numbers == [order.number for order in reversed(made)]
    assert third.after is None
    assert [row.number for row in order_list(session, OrderFilter(state="placed")).rows] == [
        made[3].number,
        made[1].number,
    ]
    assert [row.number for row in order_list(session, OrderFilter(q="S2@example.com")).rows] == [made[2].number]
    assert [row.number for row in order_list(session, OrderFilter(q=made[1].number.lower())).rows] == [made[1].number]
    assert order_list(session, OrderFilter(q="nobody")).rows == ()


def test_staff_see_what_can_be_done(session):
    placed = make_order(session)
    order = admin_order(session, placed.number)
    assert (order.can_pack, order.can_ship, order.can_cancel) == (False, False, True)
    pay(session, placed.order_id)

    order = admin_order(session, placed.number)

    assert (order.can_pack, order.can_ship, order.can_deliver, order.can_cancel) == (True, True, False, True)
    assert order.refundable == order.total


@pytest.mark.parametrize(
    "values",
    [
        IRISH,
        {"name": "山田 太郎", "line1": "千代田1-1", "city": "東京", "postcode": "100-0001", "country": "JP"},
        {"name": "Ольга", "line1": "ул. Ленина, 5", "city": "Москва", "country": "RU"},
        {"name": "محمد", "line1": "شارع النيل ١٢", "city": "القاهرة", "country": "EG"},
        {"name": "D'Arcy O’Neill-Smith", "line1": "1", "city": "Å", "postcode": "sw1a 1aa", "country": "GB"},
    ],
)
def test_addresses_of_any_script_are_taken(values):
    assert Address.read(values).problems() == {}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "  "}, "name"), ({"line1": ""}, "line1"), ({"city": None}, "city"), ({"country": "Eire"}, "country"),
        ({"country": ""}, "country"), ({"country": "DE", "postcode": "1234"}, "postcode"),
        ({"country": "DE", "postcode": ""}, "postcode"), ({"line1": "x" * 201}, "line1"), ({"name": "a\x00b"}, "name"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_address_is_said_at_its_field(change, field):
    address = Address.read({**IRISH, **change})

    assert list(address.problems()) == [field]
    with pytest.raises(InvalidAddress):
        address.validate()
