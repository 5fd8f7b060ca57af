"""Staff publish, refuse and answer reviews, one and many at once."""

import pytest
from sqlalchemy import text

from domain.catalog.queries import product_page
from domain.reviews.queries import published_reviews
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


def test_many_are_published_at_once_and_one_is_refused_with_a_reason(staff, sessions, mug, waiting):
    client = staff("support")
    page = client.get("/reviews").text
    assert [f"Word {n}" in page for n in range(3)] == [True] * 3
    assert client.post("/reviews/decisions", data={"decision": "publish"}).status_code == 422
    no_reason = client.post("/reviews/decisions", data={"decision": "refuse", "chosen": f"{waiting[2]}.1"})
    assert no_reason.status_code == 422
    assert "the author of the review reads it" in no_reason.text
    assert states(sessions) == [("pending", "")] * 3

    answer = client.post(
        "/reviews/decisions", data={"decision": "publish", "chosen": [f"{waiting[0]}.1", f"{waiting[1]}.1"]}
    )
    assert (answer.status_code, answer.location) == (303, "/reviews?state=pending")
    client.post("/reviews/decisions", data={"decision": "refuse", "chosen": f"{waiting[2]}.1", "reason": "Not ours."})

    assert states(sessions) == [("published", ""), ("published", ""), ("refused", "Not ours.")]
    assert "Not ours." in client.get("/reviews?state=refused").text
    with sessions() as reading:
        assert product_page(reading, mug.slug, "EUR").rating.reviews == 2
        entry = audit_log(reading, Search(area="reviews")).rows[0]
        touched = {change.table: dict((n, a) for n, _, a in change.values) for change in entry.changes}  # noqa: C402
        changed = reading.scalar(
            text("SELECT count(*) FROM shared.outbox WHERE payload ->> 'product_id' = :id AND name = :name"),
            {"id": str(mug.id), "name": "catalog.product_changed"},
        )
    assert touched["reviews.reviews"] == {"state": "refused", "reason": "Not ours."}
    assert changed >= 1


def test_what_was_edited_after_it_was_read_is_not_published(staff, sessions, waiting):
    client = staff("manager")

    answer = client.post("/reviews/decisions", data={"decision": "publish", "chosen": f"{waiting[0]}.2"})

    assert answer.status_code == 409
    assert "Please read it again" in answer.text
    assert states(sessions) == [("pending", "")] * 3
    broken = client.post("/reviews/decisions", data={"decision": "publish", "chosen": ["x", "1.2", ""]})
    assert broken.status_code == 422


def test_staff_answer_under_a_review(staff, sessions, mug, waiting):
    client = staff("catalogue")
    page = f"/reviews/{waiting[0]}"
    client.post("/reviews/decisions", data={"decision": "publish", "chosen": f"{waiting[0]}.1"})
    assert "r0@example.com" in client.get(page).text

    assert client.post(f"{page}/reply", data={"reply": "x" * 1001}).status_code == 422
    assert send(client, f"{page}/reply", {"reply": "Thank you."}, page).location == page

    with sessions() as reading:
        assert published_reviews(reading, mug.id).rows[0].reply == "Thank you."


def test_who_only_reads_orders_sees_no_reviews(staff, waiting):
    client = staff("orders")

    assert client.get("/reviews").status_code == 403
    assert client.post("/reviews/decisions", data={"decision": "publish"}).status_code == 403
