"""Staff look after background jobs."""

from uuid import uuid4

import pytest
from redis import Redis
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import select

from admin import create_app
from admin.views.jobs import TASKS
from domain.orders.events import OrderPacked
from domain.shared.db import transaction, utcnow
from domain.shared.outbox import OutboxMessage, is_claimed, record
from tests.factories.jobs import queue_of, work_off
from tests.factories.users import PASSWORD, make_staff
from web import jobs
from workers.schedule import SCHEDULE

HANDLER = "orders.<tell>"


@pytest.fixture
def failed(redis, sessions):
    """A job that failed for good, and the message it was about."""
    with transaction(sessions) as tx:
        record(tx, OrderPacked(order_id=uuid4()))
        tx.flush()
        message_id = tx.scalar(select(OutboxMessage.id))
    job = queue_of(redis).enqueue("builtins.int", args=(str(message_id), HANDLER), description=HANDLER, job_id="job-1")
    work_off(redis)
    assert queue_of(redis).failed_job_registry.count == 1
    return job.id, message_id


def test_the_page_shows_the_queues_and_why_a_job_failed(staff, failed):
    page = staff("manager").get("/jobs")

    assert page.status_code == 200
    assert "orders.&lt;tell&gt;" in page.text
    assert "orders.<tell>" not in page.text
    assert "TypeError" in page.text
    assert "1 failed" in page.text
    assert "<dt>Events waiting</dt><dd>1</dd>" in page.text


def begin(redis, number, *, alive=True):
    """Have a worker begin a job and not end it."""
    worker = SimpleWorker([queue_of(redis)], connection=redis, serializer=JSONSerializer, name=f"worker-{number}")
    job = queue_of(redis).enqueue("builtins.int", description=f"orders.<count_{number}>", job_id=f"running-{number}")
    redis.lrem(queue_of(redis).key, 0, job.id)
    if alive:
        worker.register_birth()
    worker.prepare_execution(job)
    worker.prepare_job_execution(job)
    if not alive:
        redis.delete(worker.key)
    return worker


def test_the_page_names_what_runs_since_when_and_where(staff, redis):
    client = staff("manager")
    assert "Nothing runs at this moment." in client.get("/jobs").text
    worker = begin(redis, 1)
    begin(redis, 2, alive=False)
    ended = begin(redis, 3)
    queue_of(redis).fetch_job("running-3").set_status("finished")

    page = client.get("/jobs").text
    running = page.split('id="running"')[1].split("</section>")[0]
    assert running.count('<th scope="row">') == 2, "what has ended does not run"
    assert running.index("orders.&lt;count_1&gt;") < running.index("orders.&lt;count_2&gt;")
    assert f"process {worker.pid} on {worker.hostname}" in running
    assert "gone; the job is taken up again" in running
    assert f'<time datetime="{utcnow():%Y-%m-%d}' in running
    assert ended.name not in running


def test_what_runs_is_asked_in_three_round_trips_and_twenty_are_named(redis, monkeypatch):
    def trips():
        sent = []
        connection = redis.connection_pool.connection_class
        send = connection.send_packed_command
        with monkeypatch.context() as patch:
            patch.setattr(connection, "send_packed_command", lambda *a, **k: sent.append(1) or send(*a, **k))
            found = jobs.running_jobs(redis)
        return len(found), len(sent)

    begin(redis, 1)
    assert trips() == (1, 3)
    for number in range(2, 24):
        begin(redis, number)
    assert trips() == (20, 3)
    assert [job.id for job in jobs.running_jobs(redis)] == [f"running-{number}" for number in range(1, 21)]


def test_the_first_page_counts_failed_jobs(staff, failed):
    assert 'class=alarm><dt>Failed jobs</dt><dd><a href="/jobs">1</a>' in staff("manager").get("/").text


def test_every_recurring_task_is_told_in_words():
    assert {task.name for task in SCHEDULE} == set(TASKS)


def test_a_failed_job_runs_again(staff, redis, failed):
    response = staff("manager").post("/jobs/job-1/retry")

    assert (response.status_code, response.location) == (303, "/jobs")
    assert (queue_of(redis).failed_job_registry.count, queue_of(redis).count) == (0, 1)


def test_a_job_about_no_message_is_dropped_too(staff, redis):
    job = queue_of(redis).enqueue("builtins.int", "nought")
    work_off(redis)

    assert staff("manager").post(f"/jobs/{job.id}/removal").status_code == 303
    assert queue_of(redis).failed_job_registry.count == 0


def test_a_dropped_job_never_comes_back(staff, redis, sessions, failed):
    client = staff("manager")

    assert client.post("/jobs/job-1/removal").status_code == 303

    assert (queue_of(redis).failed_job_registry.count, queue_of(redis).count) == (0, 0)
    with sessions() as reading:
        assert is_claimed(reading, failed[1], HANDLER)
    client.post("/jobs/job-1/removal")
    assert "no longer among the failed ones" in client.get("/jobs").text


@pytest.mark.parametrize("verb", ["retry", "removal"])
def test_a_job_that_is_gone_is_said_to_be_gone(staff, verb):
    client = staff("manager")

    assert client.post(f"/jobs/nothing/{verb}").status_code == 303
    assert "no longer among the failed ones" in client.get("/jobs").text


def test_without_redis_the_page_says_so(settings, sessions):
    with transaction(sessions) as tx:
        make_staff(tx)
    away = Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    client = create_app(settings=settings, sessions=sessions, redis=away).test_client()
    client.post("/sign-in", data={"email": "ada@shop.test", "password": PASSWORD})

    page = client.get("/jobs")
    assert page.status_code == 200
    assert "Redis does not answer, so background work waits. Nothing is lost" in page.text
    refused = client.post("/jobs/job-1/retry")
    assert refused.status_code == 503
    assert "Redis does not answer" in refused.text
