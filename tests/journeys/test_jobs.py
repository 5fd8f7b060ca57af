"""Staff see that background work runs, why a piece of it failed, and have it done once more."""

from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import KINDS, AdminOpener, Kind
from tests.journeys.store import Store
from tests.processes import eventually
from workers.queues import queue


@pytest.mark.parametrize("kind", [KINDS[1], KINDS[2]], ids=str)
def test_a_failed_job_says_why_and_is_done_once_its_cause_is_mended(
    own_store: Store, open_admin: AdminOpener, kind: Kind, tmp_path: Path
) -> None:
    missing, name = tmp_path / "not-yet", f"Look into a folder {uuid4().hex[:6]}"
    jobs = queue(own_store.redis(), "orders")
    job = jobs.enqueue("os.listdir", str(missing), description=name)
    eventually(lambda: job.id in jobs.failed_job_registry.get_job_ids())

    admin = open_admin(kind)
    page = admin.page
    admin.open("/jobs")
    failed = page.locator("li.job").filter(has_text=name)
    expect(failed).to_contain_text("FileNotFoundError")
    failed.locator("summary").click()
    expect(failed.locator("pre")).to_contain_text("No such file or directory")
    admin.sound()
    missing.mkdir()
    admin.press(f"Retry {name}")
    admin.told("The job runs again.")
    eventually(lambda: job.get_status(refresh=True).value == "finished")
    page.reload()
    expect(failed).to_have_count(0)


def test_a_job_is_given_up_and_the_schedule_is_seen(own_store: Store, open_admin: AdminOpener) -> None:
    name = f"Never to be done {uuid4().hex[:6]}"
    jobs = queue(own_store.redis(), "orders")
    job = jobs.enqueue("builtins.int", "nought", description=name)
    eventually(lambda: job.id in jobs.failed_job_registry.get_job_ids())

    admin = open_admin(KINDS[0], dark=True)
    admin.open("/jobs")
    admin.press(f"Drop {name}")
    admin.told("The job is dropped and will not come back.")
    assert job.id not in jobs.failed_job_registry.get_job_ids()
    task = admin.page.get_by_role("region", name="Table of recurring tasks").locator("tbody tr").first
    expect(task.locator("time")).to_have_count(2)  # the last run and the next
