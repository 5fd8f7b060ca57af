"""A deployment against a mock of AWS: what is built and rolled, in which order, and what is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.rollout import Rollout
from tests.infra.conftest import ACCOUNT, REPOSITORY, SERVICES, migrations, push, release, running


def images_of(ecs: Any, part: str) -> list[str]:
    made = ecs.describe_task_definition(taskDefinition=f"shop-{part}")["taskDefinition"]
    assert (made["cpu"], made["networkMode"]) == ("256", "awsvpc")
    return [container["image"] for container in made["containerDefinitions"]]


def test_a_version_is_migrated_rolled_by_digest_and_asked_for_its_pages(
    aws: Any, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    final, demo = release("v2")

    assert run("v2") == 0

    assert running(aws) == dict.fromkeys(SERVICES, 2)
    for part in ("migrate", *SERVICES):
        expected = [f"{REPOSITORY}@{demo if part == 'sandbox' else final}", "public.example/collector:v1"]
        assert images_of(aws, part) == expected, "only the shop's own image changes"
    said = capsys.readouterr().out
    order = ["Migrating", "Rolling worker (1 of 4)", "Rolling sandbox (4 of 4)", "Asking", "v2 runs."]
    assert [said.index(words) for words in order] == sorted(said.index(words) for words in order)


def test_a_second_version_follows_and_a_digest_leaves_the_sandbox_as_it_is(
    aws: Any, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    release("v2")
    assert run("v2") == 0

    assert run(push("v3")) == 0

    assert running(aws) == dict.fromkeys(SERVICES, 3) | {"sandbox": 2}
    assert "shop-sandbox:2, and goes on with it" in capsys.readouterr().out


def test_a_dry_run_says_and_does_nothing(aws: Any, run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    release("v2")

    assert run("v2", "--dry-run") == 0

    assert "Would register" in capsys.readouterr().out
    assert running(aws) == dict.fromkeys(SERVICES, 1)
    assert migrations(aws) == 0
    latest = aws.describe_task_definition(taskDefinition="shop-migrate")["taskDefinition"]
    assert latest["revision"] == 1


def test_an_image_that_is_not_there_ends_it_before_it_begins(
    aws: Any, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("v9") == 1

    assert "has no image v9" in capsys.readouterr().err
    assert (running(aws), migrations(aws)) == (dict.fromkeys(SERVICES, 1), 0)


def test_a_second_deployment_waits_for_the_first_unless_it_is_told_not_to(
    aws: Any, run: Callable[..., int], behave: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    release("v2")
    behave("admin", lambda service: service.deployments[0].update(rolloutState="IN_PROGRESS"))
    aws.update_service(cluster="shop", service="admin", forceNewDeployment=True)

    assert run("v2") == 1
    assert "Another deployment is under way (admin)." in capsys.readouterr().err
    assert (running(aws), migrations(aws)) == (dict.fromkeys(SERVICES, 1), 0)

    behave("admin", lambda service: service.deployments[0].update(rolloutState="COMPLETED"))
    assert run("v2", "--anyway") == 0
    assert running(aws) == dict.fromkeys(SERVICES, 2)


def test_a_migration_under_way_belongs_to_another_deployment(
    aws: Any, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    release("v2")
    network = {"awsvpcConfiguration": {"subnets": [aws.subnet], "securityGroups": [], "assignPublicIp": "DISABLED"}}
    aws.run_task(
        cluster="shop", taskDefinition="shop-migrate", launchType="FARGATE", networkConfiguration=network,
        startedBy="deploy",
    )  # fmt: skip

    assert run("v2") == 1

    assert "Another deployment is under way (migrate)." in capsys.readouterr().err
    assert (running(aws), migrations(aws)) == (dict.fromkeys(SERVICES, 1), 1)


def test_who_was_overtaken_rolls_nothing(
    aws: Any, run: Callable[..., int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    release("v2")
    migrate = Rollout.migrate

    def and_another_rolls(self: Rollout, revision: str) -> None:
        migrate(self, revision)
        aws.update_service(cluster="shop", service="worker", taskDefinition="shop-worker:2")

    monkeypatch.setattr(Rollout, "migrate", and_another_rolls)
    aws.register_task_definition(
        family="shop-worker", cpu="256", memory="512", networkMode="awsvpc",
        containerDefinitions=[{"name": "worker", "image": f"{REPOSITORY}@sha256:{'1' * 64}", "memory": 256}],
    )  # fmt: skip

    assert run("v2") == 1

    assert "Somebody else has rolled worker meanwhile." in capsys.readouterr().err
    assert running(aws) == dict.fromkeys(SERVICES, 1) | {"worker": 2}


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A docker that keeps what it was asked in the file that is returned; a command that `fails` names fails."""
    place, log = tmp_path / "bin", tmp_path / "docker.log"
    place.mkdir()
    program = place / "docker"
    program.write_text(
        f'#!/bin/sh\necho "$@" >> {log}\nif [ "$1" = login ]; then cat >> {log}; echo >> {log}; fi\n'
        f'! grep -qx "$1" {tmp_path}/fails 2> /dev/null\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}:/usr/bin:/bin")
    return log


def test_building_logs_in_and_pushes_both_images(aws: Any, run: Callable[..., int], docker: Path) -> None:
    release("v2")  # what the real docker would have pushed

    assert run("v2", "--build") == 0

    here, build = Path(__file__).resolve().parents[2], "buildx build --pull --platform linux/arm64 --target"
    assert docker.read_text().splitlines() == [
        f"login --username AWS --password-stdin {REPOSITORY.split('/')[0]}",
        f"{ACCOUNT}-auth-token",
        f"{build} final --tag {REPOSITORY}:v2 --push {here}",
        f"{build} demo --tag {REPOSITORY}:v2-demo --push {here}",
    ]
    assert running(aws) == dict.fromkeys(SERVICES, 2)


@pytest.mark.parametrize(("fails", "says"), [("login", "docker could not log in"), ("buildx", "could not be built")])
def test_a_build_that_fails_ends_it_before_it_begins(
    fails: str, says: str, aws: Any, run: Callable[..., int], docker: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (docker.parent / "fails").write_text(f"{fails}\n")

    assert run("v2", "--build") == 1

    assert says in capsys.readouterr().err
    assert (running(aws), migrations(aws)) == (dict.fromkeys(SERVICES, 1), 0)


def test_building_needs_docker_and_a_tag(
    aws: Any, run: Callable[..., int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    assert run("v2", "--build") == 1
    assert "docker is not here." in capsys.readouterr().err
    assert run("sha256:" + "0" * 64, "--build") == 1
    assert "leave --build out" in capsys.readouterr().err


def test_a_dry_run_with_a_build_needs_no_image_yet(
    aws: Any, run: Callable[..., int], docker: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("v2", "--build", "--dry-run") == 0

    said = capsys.readouterr().out
    assert f"--target demo --tag {REPOSITORY}:v2-demo --push" in said
    assert "roll worker, admin, storefront, sandbox" in said
    assert not docker.exists()
