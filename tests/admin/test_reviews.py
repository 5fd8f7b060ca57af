"""Staff publish, refuse and answer reviews, one and many at once."""

import pytest
from sqlalchemy import text

from domain.catalog.queries import product_page
from domain.reviews.queries import published_reviews, staff_review
from domain.shared.audit import Search, audit_log
from domain.shared.db import transaction
from tests.admin.conftest import send
from tests.factories.catalog import make_product
from tests.factories.reviews import make_review


@pytest.fixture
def mug(sessions):
    with transaction(sessions) as tx:
        return make_product(tx, title="Green mug", on_hand=20)


@pytest.fixture
def waiting(sessions, mug):
    with transaction(sessions) as tx:
        return [make_review(tx, mug, email=f"r{n}@example.com", title=f"Word {n}", published=False) for n in range(3)]


def states(sessions):
    with sessions() as reading:
        return reading.execute(text("SELECT state, reason FROM reviews.reviews ORDER BY title")).all()


def seen(sessions, *reviews):
    """What a page says of reviews that are ticked on it."""
    with sessions() as reading:
        return [f"{one} {staff_review(reading, one).seen}" for one in reviews]


def test_many_are_published_at_once_and_one_is_refused_with_a_reason(staff, sessions, mug, waiting):
    client = staff("support")
    page = client.get("/reviews").text
    assert [f"Word {n}" in page for n in range(3)] == [True] * 3
    first, second, third = seen(sessions, *waiting)
    assert [f'value="{one}"' in page for one in (first, second, third)] == [True] * 3
    nothing = client.get("/reviews/bulk", query_string={"action": "publish", "back": "state=published"})
    assert (nothing.status_code, nothing.location) == (303, "/reviews?state=published")
    assert client.post("/reviews/bulk", data={"action": "publish"}).status_code == 400
    shown = client.get("/reviews/bulk", query_string={"action": "refuse", "chosen": third})
    assert (shown.status_code, "Refuse: 1 of 1 review" in shown.text, "It keeps tea warm" in shown.text) == (
        200, True, True,
    )  # fmt: skip
    no_reason = client.post("/reviews/bulk", data={"action": "refuse", "chosen": third, "answer": " "})
    assert (no_reason.status_code, 'aria-invalid="true"' in no_reason.text) == (422, True)
    assert "Please fill in “Reason for refusing”." in no_reason.text
    assert states(sessions) == [("pending", "")] * 3

    answer = client.post("/reviews/bulk", data={"action": "publish", "chosen": [first, second], "back": "sort=lowest"})
    assert (answer.status_code, answer.location) == (303, "/reviews?sort=lowest")
    assert "2 reviews are published." in client.get("/reviews").text
    client.post("/reviews/bulk", data={"action": "refuse", "chosen": third, "answer": "Not ours."})

    assert states(sessions) == [("published", ""), ("published", ""), ("refused", "Not ours.")]
    assert "Not ours." in client.get("/reviews?state=refused").text
    with sessions() as reading:
        assert product_page(reading, mug.slug, "EUR").rating.reviews == 2
        refusal, publishing = audit_log(reading, Search(area="reviews")).rows
        touched = {change.table: dict((n, a) for n, _, a in change.values) for change in refusal.changes}  # noqa: C402
        changed = reading.scalar(
            text("SELECT count(*) FROM shared.outbox WHERE payload ->> 'product_id' = :id AND name = :name"),
            {"id": str(mug.id), "name": "catalog.product_changed"},
        )
    assert touched["reviews.reviews"] == {"state": "refused", "reason": "Not ours."}
    assert (publishing.action, publishing.detail) == ("reviews.do_to_many", "Publish: 2 reviews")
    assert "Publish or refuse reviews" in staff("owner").get("/log").text
    assert changed >= 1


def test_what_changed_after_it_was_seen_is_neither_published_nor_anything_beside_it(staff, sessions, waiting):
    client = staff("manager")
    first, second, third = seen(sessions, *waiting)
    with transaction(sessions) as tx:
        tx.execute(text("UPDATE reviews.reviews SET version = 2 WHERE id = :id"), {"id": waiting[0]})

    shown = client.get("/reviews/bulk", query_string={"action": "publish", "chosen": [first, second]}).text
    assert ("Publish: 1 of 2 reviews" in shown, "it has changed since you saw it" in shown) == (True, True)
    assert (f'value="{first}"' in shown, f'value="{second}"' in shown) == (False, True)
    answer = client.post("/reviews/bulk", data={"action": "publish", "chosen": [first, second]})

    assert answer.status_code == 409
    assert "Please read it again" in answer.text
    assert states(sessions) == [("pending", "")] * 3
    # A colleague who decided first counts as a change too.
    client.post("/reviews/bulk", data={"action": "publish", "chosen": third})
    late = client.post("/reviews/bulk", data={"action": "refuse", "chosen": third, "answer": "Rude."})
    assert (late.status_code, states(sessions)[2]) == (409, ("published", ""))
    assert "it is published already" in client.get(f"/reviews/bulk?action=publish&chosen={waiting[2]}").text
    before = states(sessions)
    for broken in ("x", "1.2", ""):
        assert client.get("/reviews/bulk", query_string={"action": "publish", "chosen": broken}).status_code == 303
        assert client.post("/reviews/bulk", data={"action": "publish", "chosen": broken}).status_code == 400
    assert client.post("/reviews/bulk", data={"action": "publish", "chosen": ["x", "1.2", ""]}).status_code == 400
    assert states(sessions) == before
    assert client.get(f"/reviews/bulk?action=burn&chosen={waiting[0]}").status_code == 303


def test_staff_answer_under_a_review(staff, sessions, mug, waiting):
    client = staff("catalogue")
    page = f"/reviews/{waiting[0]}"
    client.post("/reviews/bulk", data={"action": "publish", "chosen": seen(sessions, waiting[0])})
    assert "r0@example.com" in client.get(page).text

    assert client.post(f"{page}/reply", data={"reply": "x" * 1001}).status_code == 422
    assert send(client, f"{page}/reply", {"reply": "Thank you."}, page).location == page

    with sessions() as reading:
        assert published_reviews(reading, mug.id).rows[0].reply == "Thank you."


def test_who_only_reads_orders_sees_no_reviews(staff, waiting):
    client = staff("orders")

    assert client.get("/reviews").status_code == 403
    assert client.post("/reviews/bulk", data={"action": "publish"}).status_code == 403
