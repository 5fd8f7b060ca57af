"""Staff make, change and end promotions; what makes no sense is said at its field and nothing is saved."""

import html
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from domain.promotions.queries import promotion_detail
from domain.shared.db import Sessions, transaction, utcnow
from tests.admin.conftest import StaffClient
from tests.factories.catalog import make_category, make_product
from tests.factories.promotions import make_promotion

NEW = {
    "name": "Welcome", "kind": "percent", "percent": "12,5", "how": "code", "codes": "welcome 10\nHELLO", "active": "y",
    "min_subtotal": "20", "limit_per_customer": "1", "starts_at": "2026-06-01T09:00", "ends_at": "2026-12-24T18:00",
}  # fmt: skip


def make(sessions: Sessions, *codes: str, **values: object) -> UUID:
    with transaction(sessions) as tx:
        return make_promotion(tx, *codes, **values)


def detail(sessions: Sessions, promotion_id: UUID):
    with sessions() as session:
        return promotion_detail(session, promotion_id, currency="EUR", now=utcnow())


def count(sessions: Sessions) -> int:
    with sessions() as session:
        return session.scalar(text("SELECT count(*) FROM promotions.promotions")) or 0


def fields_of(page: str) -> dict[str, str]:
    """Read the single-line fields off the form, as a browser would send them back."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag or "checked" in tag):
            found[name[1]] = html.unescape(value[1]) if value else ""
    return found


def test_a_promotion_is_made_with_all_its_terms(staff: StaffClient, sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        kitchen = make_category(tx, "kitchen")
        mug = make_product(tx, sku="MUG-1")

    answer = staff("manager").post("/promotions", data=NEW | {"categories": [str(kitchen)], "skus": "mug-1"})

    assert answer.status_code == 303, answer.text
    made = detail(sessions, UUID(answer.location.rpartition("/")[2]))
    assert made.codes == ("HELLO", "WELCOME10")
    terms = made.terms
    assert (terms.basis_points, terms.min_subtotal, terms.limit_per_customer, terms.limit_total) == (
        1250,
        2000,
        1,
        None,
    )
    assert (terms.category_ids, terms.product_ids) == ((kitchen,), (mug.id,))
    # Nine o'clock in Dublin's summer is eight by the world's clock; in its winter the two agree.
    assert (terms.starts_at, terms.ends_at) == (
        datetime(2026, 6, 1, 8, tzinfo=UTC),
        datetime(2026, 12, 24, 18, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "Enter a name"),
        ({"percent": ""}, "Enter a percentage above 0 and up to 100."),
        ({"percent": "101"}, "Enter a percentage above 0 and up to 100."),
        ({"percent": "ten"}, "Enter a percentage such as 10 or 12.5."),
        ({"kind": "amount"}, "Enter an amount above zero."),
        ({"kind": "amount", "amount": "-3"}, "Enter an amount of zero or more."),
        ({"kind": "buy_get", "buy": "2"}, "Enter how many are free then"),
        ({"kind": "magic"}, "Not a valid choice"),
        ({"codes": ""}, "Enter at least one code"),
        ({"codes": "x" * 41}, "Enter at least one code"),
        ({"codes": "taken"}, "Another promotion has TAKEN already."),
        ({"skus": "NOSUCH"}, "There is no product with the SKU NOSUCH."),
        ({"ends_at": "2026-05-01T09:00"}, "Choose an end after the start."),
        ({"ends_at": "soon"}, "Enter a date and a time such as 2026-11-27 09:00."),
        ({"limit_total": "0"}, "Enter 1 or more, or leave it empty for no limit."),
        ({"limit_total": "many"}, "Enter a whole number such as 12."),
        ({"categories": "no-id"}, "valid choice"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_saved(
    staff: StaffClient, sessions: Sessions, changes: dict[str, str], said: str
) -> None:
    make(sessions, "TAKEN")

    answer = staff().post("/promotions", data=NEW | changes)

    assert answer.status_code == 422
    assert said in html.unescape(answer.text)
    assert "There is a problem" in answer.text
    assert count(sessions) == 1


def test_a_promotion_is_changed_and_the_list_shows_it(staff: StaffClient, sessions: Sessions) -> None:
    promotion_id, client = make(sessions, "TEN", limit_total=50), staff()
    page = client.get(f"/promotions/{promotion_id}").text
    assert "0 of 50" in page

    data = fields_of(page) | {"name": "Three for two", "kind": "buy_get", "buy": "2", "get": "1", "how": "automatic"}
    assert client.post(f"/promotions/{promotion_id}", data=data).status_code == 303

    listed = client.get("/promotions").text
    for words in ("Three for two", "Buy 2, get 1 free", "By itself", "Running", "0 of 50"):
        assert words in listed


def test_a_stale_page_overwrites_nothing(staff: StaffClient, sessions: Sessions) -> None:
    promotion_id, client = make(sessions, "TEN"), staff()
    old = fields_of(client.get(f"/promotions/{promotion_id}").text) | {"kind": "percent", "how": "code", "codes": "TEN"}
    assert client.post(f"/promotions/{promotion_id}", data=old | {"name": "First"}).status_code == 303

    answer = client.post(f"/promotions/{promotion_id}", data=old | {"name": "Second"})

    assert answer.status_code == 409
    assert "Somebody else changed this promotion after you opened it." in answer.text
    assert detail(sessions, promotion_id).name == "First"
    again = fields_of(answer.text) | {"kind": "percent", "how": "code", "codes": "TEN"}
    assert client.post(f"/promotions/{promotion_id}", data=again).status_code == 303
    assert detail(sessions, promotion_id).name == "Second"


def test_a_promotion_is_ended_at_once(staff: StaffClient, sessions: Sessions) -> None:
    promotion_id, client = make(sessions, "TEN"), staff()

    assert client.post(f"/promotions/{promotion_id}/end").status_code == 303

    page = client.get(f"/promotions/{promotion_id}").text
    assert detail(sessions, promotion_id).state == "ended"
    assert "Ended" in page
    assert "End this promotion" not in page


@pytest.mark.parametrize("role", ["catalogue", "orders", "support", "analyst"])
def test_others_may_not_touch_promotions(staff: StaffClient, sessions: Sessions, role: str) -> None:
    promotion_id, client = make(sessions, "TEN"), staff(role)

    for path in ("/promotions", f"/promotions/{promotion_id}", f"/promotions/{promotion_id}/end"):
        assert client.post(path, data=NEW).status_code == 403
    assert client.get("/promotions/new").status_code == 403
    assert (count(sessions), detail(sessions, promotion_id).state) == (1, "running")


def test_an_empty_list_and_a_missing_promotion_say_so(staff: StaffClient) -> None:
    client = staff()

    assert "No promotion was made yet." in client.get("/promotions?after=nonsense").text
    assert client.get(f"/promotions/{UUID(int=1)}").status_code == 404


def test_promotions_are_found_by_name_code_and_state(staff: StaffClient, sessions: Sessions) -> None:
    day = timedelta(days=1)
    with transaction(sessions) as tx:
        make_promotion(tx, "SPRING", name="Spring sale")
        make_promotion(tx, name="Later", starts_at=utcnow() + day)
        make_promotion(tx, name="Over", starts_at=utcnow() - 2 * day, ends_at=utcnow() - day)
    client = staff()

    def found(**query: str) -> list[str]:
        page = client.get("/promotions", query_string=query).text
        return [name for name in ("Spring sale", "Later", "Over") if f">{name}</a>" in page]

    assert found() == ["Spring sale", "Later", "Over"]
    assert (found(q="ing s"), found(q="spring"), found(q="SPRIN"), found(q="nothing")) == (
        ["Spring sale"], ["Spring sale"], ["Spring sale"], [],
    )  # fmt: skip
    assert [found(state=state) for state in ("running", "planned", "ended")] == [["Spring sale"], ["Later"], ["Over"]]
    assert found(state="planned", q="spring") == []
