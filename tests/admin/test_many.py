"""Many rows of a list at once: seen before it is done, refused as a whole if one has changed, and kept in the log."""

import re
import time
from html import unescape

import pytest
from sqlalchemy import text

from domain.notifications.suppression import lift, suppress, why_suppressed
from domain.promotions.commands import end_promotion, update_promotion
from domain.promotions.terms import Terms
from domain.shared.audit import Search, audit_log
from domain.shared.db import transaction
from tests.admin.test_long_lists import rows_of
from tests.factories.jobs import queue_of, work_off
from tests.factories.notifications import make_message
from tests.factories.promotions import make_promotion
from web import jobs

KEPT_UNTIL = int(time.time()) + 86_400
"""When Redis forgets the failed jobs of these tests; those whose time is over go as soon as somebody looks."""


def ticked(page):
    """What the boxes of a page send, or the fields that stand in for them on a preview."""
    return [unescape(value) for value in re.findall(r'name="chosen" value="([^"]+)"', page)]


def last_entry(sessions):
    with sessions() as reading:
        return audit_log(reading, Search(), limit=1).rows[0]


def states(sessions, table, column):
    with sessions() as reading:
        return reading.scalars(text(f"SELECT {column} FROM {table} ORDER BY 1")).all()  # noqa: S608


def test_promotions_are_switched_off_together_and_all_or_none(staff, sessions):
    with transaction(sessions) as tx:
        made = [make_promotion(tx, f"C{number}", name=f"Promotion {number}") for number in range(3)]
        end_promotion(tx, promotion_id=made[0])
    client = staff("manager", "Max")
    assert staff("analyst").get("/promotions/bulk").status_code == 403
    boxes = ticked(client.get("/promotions?sort=name").text)
    assert boxes == [str(one) for one in made]

    preview = client.get("/promotions/bulk", query_string={"action": "end", "chosen": boxes, "back": "sort=name"}).text
    assert rows_of(preview) == [
        "Promotion 2 Running Switch off", "Promotion 1 Running Switch off",
        "Promotion 0 Ended Stays it is switched off already",
    ]  # fmt: skip
    assert states(sessions, "promotions.promotions", "active") == [False, True, True]
    chosen = ticked(preview)
    assert len(chosen) == 2

    # A colleague changes one of them meanwhile: none is switched off, and the page says which to look at again.
    with transaction(sessions) as tx:
        terms = Terms(name="Promotion 1", kind="percent", basis_points=500)
        update_promotion(tx, promotion_id=made[1], version=1, terms=terms, codes=["C1"])
    late = client.post("/promotions/bulk", data={"action": "end", "chosen": chosen})
    assert (late.status_code, "after you opened it" in late.text) == (409, True)
    assert "Promotion 1 Running Stays it has changed since you saw it" in rows_of(late.text)
    assert states(sessions, "promotions.promotions", "active") == [False, True, True]

    done = client.post("/promotions/bulk", data={"action": "end", "chosen": ticked(late.text), "back": "sort=name"})
    assert (done.status_code, done.location) == (303, "/promotions?sort=name")
    assert "1 promotion is switched off." in client.get("/promotions").text
    assert states(sessions, "promotions.promotions", "active") == [False, False, True]
    entry = last_entry(sessions)
    assert (entry.staff_name, entry.action, entry.detail) == ("Max", "promotions.do_to_many", "Switch off: 1 promotion")
    assert [(change.table, change.key) for change in entry.changes] == [("promotions.promotions", str(made[2]))]


def test_messages_go_out_once_more_together(staff, sessions):
    with transaction(sessions) as tx:
        made = [make_message(tx, recipient=f"a{number}@example.com") for number in range(4)]
        tx.execute(text("UPDATE notifications.messages SET state = 'failed' WHERE id = ANY(:ids)"), {"ids": made[:3]})
        suppress(tx, email="a2@example.com", reason="bounce")
    client = staff("support", "Sven")
    boxes = ticked(client.get("/notifications").text)
    assert boxes == [f"{made[3]} queued", *(f"{one} failed" for one in made[2::-1])]

    preview = client.get("/notifications/bulk", query_string={"action": "again", "chosen": boxes}).text
    happens = [row.partition("@example.com ")[2] for row in rows_of(preview)]
    assert happens == [
        "Queued Stays This message waits to be sent already.",
        "Failed Stays Mail to this address came back for good. Lift that first.",
        "Failed Send again", "Failed Send again",
    ]  # fmt: skip
    chosen = ticked(preview)
    assert client.post("/notifications/bulk", data={"action": "again", "chosen": chosen}).status_code == 303
    assert "2 messages go out once more." in client.get("/notifications").text
    assert states(sessions, "notifications.messages", "state") == ["failed"] * 3 + ["queued"] * 3
    assert last_entry(sessions).detail == "Send again: 2 messages"

    twice = client.post("/notifications/bulk", data={"action": "again", "chosen": chosen})
    assert (twice.status_code, "waits to be sent already" in twice.text) == (422, True)
    with transaction(sessions) as tx:
        tx.execute(text("UPDATE notifications.messages SET state = 'sent' WHERE state = 'queued' OR id = :id"),
                   {"id": made[0]})  # fmt: skip
    stale = client.post("/notifications/bulk", data={"action": "again", "chosen": chosen})
    assert (stale.status_code, "look at it again" in stale.text) == (409, True)
    assert states(sessions, "notifications.messages", "state") == ["failed"] * 2 + ["sent"] * 4


def test_of_a_message_and_its_copy_only_the_newer_one_goes_out(staff, sessions):
    client = staff("support")
    with transaction(sessions) as tx:
        first = make_message(tx, recipient="ada@example.com")
        tx.execute(text("UPDATE notifications.messages SET state = 'failed'"))
    client.post(f"/notifications/{first}/copies")
    with transaction(sessions) as tx:
        tx.execute(text("UPDATE notifications.messages SET state = 'bounced' WHERE state = 'queued'"))

    boxes = ticked(client.get("/notifications").text)
    preview = client.get("/notifications/bulk", query_string={"action": "again", "chosen": boxes}).text

    assert [row.partition("@example.com ")[2] for row in rows_of(preview)] == [
        "Bounced Send again", "Failed Stays It is the same as one above.",
    ]  # fmt: skip
    assert client.post("/notifications/bulk", data={"action": "again", "chosen": ticked(preview)}).status_code == 303
    assert states(sessions, "notifications.messages", "state") == ["bounced", "failed", "queued"]


def test_stops_are_lifted_together_with_one_reason(staff, sessions):
    with transaction(sessions) as tx:
        for name in ("a", "b", "c"):
            suppress(tx, email=f"{name}@example.com", reason="bounce", detail="Mailbox full")
        lift(tx, email="c@example.com", because="Earlier.")
    owner = staff("owner", "Olive")
    assert staff("support").get("/notifications/stopped/bulk").status_code == 403
    boxes = ticked(owner.get("/notifications/stopped?sort=email").text)
    asked = {"action": "lift", "chosen": boxes}

    preview = owner.get("/notifications/stopped/bulk", query_string=asked).text
    assert [row.split()[-1] for row in rows_of(preview)] == ["stop", "stop", "already"]
    chosen = ticked(preview)
    unsaid = owner.post("/notifications/stopped/bulk", data={"action": "lift", "chosen": chosen, "answer": ""})
    assert (unsaid.status_code, 'id="answer-error"' in unsaid.text) == (422, True)
    with transaction(sessions) as tx:
        lift(tx, email="a@example.com", because="Asked.")
    because = {"action": "lift", "answer": "There is room again."}
    stale = owner.post("/notifications/stopped/bulk", data=because | {"chosen": chosen})
    assert (stale.status_code, 'value="There is room again."' in stale.text) == (409, True)
    with sessions() as reading:
        assert why_suppressed(reading, "b@example.com") is not None

    again = owner.post("/notifications/stopped/bulk", data=because | {"chosen": ticked(stale.text)})
    assert (again.status_code, again.location) == (303, "/notifications/stopped")
    assert states(sessions, "notifications.suppressions", "lifted_because") == [
        "Asked.", "Earlier.", "There is room again.",
    ]  # fmt: skip
    assert last_entry(sessions).detail == "Lift the stop: 1 address"


@pytest.fixture
def failed(redis):
    """Five jobs of two queues that failed within the same second."""
    for number in range(5):
        name = "orders" if number % 2 else "notifications"
        queue = queue_of(redis, name)
        queue.enqueue("builtins.int", "nought", description=f"count {number}", job_id=f"job-{number}")
        work_off(redis, name)
        redis.zadd(queue.failed_job_registry.key, {f"job-{number}": KEPT_UNTIL})


def named(page):
    return re.findall(r"<strong>count (\d)</strong>", page)


def test_failed_jobs_are_paged_by_key_both_ways_and_by_queue(staff, redis, failed, monkeypatch):
    client = staff("manager")
    assert named(client.get("/jobs").text) == ["4", "3", "2", "1", "0"]
    assert named(client.get("/jobs?queue=orders").text) == ["3", "1"]
    assert named(client.get("/jobs?queue=wrong&sort=wrong&after=wrong").text) == ["4", "3", "2", "1", "0"]
    assert "No job like that has failed." in client.get("/jobs?queue=payments").text
    monkeypatch.setattr("admin.views.jobs.PER_PAGE", 2)
    for sort, expected in (("", "43210"), ("oldest", "01234")):
        address, found = f"/jobs?sort={sort}", []
        while address:
            page = client.get(address).text
            found.append("".join(named(page)))
            further = re.search(r'rel="next" href="([^"]+)"', page)
            address = further and unescape(further.group(1))
        assert found == [expected[:2], expected[2:4], expected[4:]]


def test_a_page_of_failed_jobs_goes_on_where_more_failed_in_one_second_than_it_holds(redis, failed):
    redis.zadd(queue_of(redis).failed_job_registry.key, {"job-1": KEPT_UNTIL - 1})
    first = jobs.failed_jobs(redis, limit=1)
    walk, page = [first.rows[0].id], first
    while page.after:
        page = jobs.failed_jobs(redis, after=page.after, limit=1)
        walk += [job.id for job in page.rows]
    assert walk == ["job-4", "job-3", "job-2", "job-0", "job-1"]


def test_failed_jobs_are_run_again_or_dropped_together(staff, sessions, redis, failed):
    client = staff("manager", "Max")
    assert staff("support").get("/jobs/bulk").status_code == 403
    boxes = ticked(client.get("/jobs").text)
    assert boxes[0] == f"job-4 {KEPT_UNTIL}"

    preview = client.get("/jobs/bulk", query_string={"action": "retry", "chosen": boxes[:3]}).text
    assert [row.split()[1] for row in rows_of(preview)] == ["4", "3", "2"]
    chosen = ticked(preview)
    jobs.retry(redis, "job-3")  # a colleague was faster
    client.post("/jobs/bulk", data={"action": "retry", "chosen": chosen})

    assert "2 jobs run again. 1 stayed as it was." in client.get("/jobs").text
    assert (queue_of(redis).count, queue_of(redis, "notifications").count) == (1, 2)
    assert last_entry(sessions).detail == "Retry: 3 jobs"
    again = client.get("/jobs/bulk", query_string={"action": "drop", "chosen": boxes}).text
    assert len(rows_of(again)) == 2, "those that wait for their turn have not failed"
    client.post("/jobs/bulk", data={"action": "drop", "chosen": ticked(again)})
    assert "No job has failed." in client.get("/jobs").text
    assert redis.exists("rq:job:job-0") == 0


@pytest.mark.parametrize("path", ["/reviews", "/promotions", "/notifications", "/notifications/stopped", "/jobs"])
def test_nothing_ticked_is_said_and_nonsense_is_refused(staff, path):
    client = staff("owner")
    action = {"/reviews": "publish", "/promotions": "end", "/notifications": "again", "/jobs": "retry"}.get(
        path, "lift"
    )

    nothing = client.get(f"{path}/bulk", query_string={"action": action})
    assert (nothing.status_code, nothing.location) == (303, path)
    assert "in the list first" in client.get(path).text
    none = {"action": action, "chosen": "00000000-0000-0000-0000-000000000007 y", "answer": "Why not."}
    gone = client.get(f"{path}/bulk", query_string=none)
    assert (gone.status_code, "They are not there any more." in gone.text) == (200, True)
    late = client.post(f"{path}/bulk", data=none)
    assert (late.status_code in (404, 409), 'role="alert"' in late.text) == (True, True)
    assert client.post(f"{path}/bulk", data=none | {"action": "burn"}).status_code == 400
    assert client.post(f"{path}/bulk", data=none | {"chosen": " y"}).status_code == 400
    if path not in ("/jobs", "/notifications/stopped"):
        assert client.post(f"{path}/bulk", data=none | {"chosen": ["x y", "1.2"]}).status_code == 400


def test_a_row_is_found_by_its_id_however_it_is_written_and_the_way_back_is_one_line(staff, sessions):
    with transaction(sessions) as tx:
        promotion = make_promotion(tx, "C1", name="One")
    client = staff("manager")
    asked = {"action": "end", "chosen": f"{promotion.hex.upper()} 1", "back": "sort=name\nX-Y: 1&q=a b"}

    preview = client.get("/promotions/bulk", query_string=asked)
    assert ticked(preview.text) == [f"{promotion} 1"]
    done = client.post("/promotions/bulk", data=asked)
    assert (done.status_code, done.location) == (303, "/promotions?sort=name%0AX-Y%3A+1&q=a+b")
    assert states(sessions, "promotions.promotions", "active") == [False]


def test_a_preview_costs_the_same_statements_however_many_are_ticked(staff, sessions, statements):
    with transaction(sessions) as tx:
        promotions = [make_promotion(tx, f"C{number}") for number in range(5)]
        messages = [make_message(tx, recipient=f"a{number}@example.com") for number in range(5)]
        for number in range(5):
            suppress(tx, email=f"a{number}@example.com", reason="bounce")
    client = staff("owner")

    def cost(path, action, keys):
        with statements() as seen:
            page = client.get(path, query_string={"action": action, "chosen": keys})
        assert len(rows_of(page.text)) == len(keys)
        return len(seen)

    for path, action, keys in (
        ("/promotions/bulk", "end", promotions),
        ("/notifications/bulk", "again", messages),
        ("/notifications/stopped/bulk", "lift", [f"a{number}@example.com" for number in range(5)]),
    ):
        assert cost(path, action, keys) == cost(path, action, keys[:1]) <= 5
