"""What others have written to judge Dockerfiles, compose files and Terraform finds nothing in ours."""

import json
import os
import re
import shutil
import subprocess

import pytest

from domain.shared.settings import Settings
from tests.infra.tools import ROOT, run, tool

SECRETS = {
    "SHOP_SECRET_KEY": "s" * 32, "SHOP_DEMO_GATEWAY_SECRET": "d" * 32, "SHOP_DATABASE_PASSWORD": "p" * 32,
}  # fmt: skip
ROLES = {"storefront", "admin", "worker", "relay", "scheduler", "migrate"}


def test_the_dockerfile_is_as_hadolint_wants_it() -> None:
    done = run([tool("hadolint"), "Dockerfile"])

    assert (done.returncode, done.stdout) == (0, "")


def composed(*profiles: str) -> dict:
    """Return the services of compose.yaml as Docker Compose itself reads them."""
    chosen = [word for profile in profiles for word in ("--profile", profile)]
    done = run([tool("docker-compose"), "-f", "compose.yaml", *chosen, "config", "--format", "json"], **SECRETS)
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr.lower(), done.stderr
    services: dict = json.loads(done.stdout)["services"]
    return services


def test_compose_runs_every_part_of_the_shop_from_one_image() -> None:
    services = composed()

    ours = {name: it for name, it in services.items() if it["image"].startswith("cornershop:")}
    assert set(services) - set(ours) == {"postgres", "valkey"}
    assert {name: it["command"] for name, it in ours.items()} == {role: ["role", role] for role in ROLES}
    assert len({it["image"] for it in ours.values()}) == 1
    assert set(composed("demo")) == {*services, "seed", "sandbox"}


def test_compose_gives_the_parts_settings_that_the_shop_knows() -> None:
    named = {name for it in composed("demo").values() for name in it.get("environment", {})}

    ours = {name for name in named if not name.startswith("POSTGRES_")}
    assert {name.removeprefix("SHOP_").lower() for name in ours} <= Settings.model_fields.keys()


def test_compose_gives_no_part_more_than_it_needs() -> None:
    for name, it in composed("demo").items():
        if it["image"].startswith("cornershop:"):
            assert it["read_only"], name
            assert it["cap_drop"] == ["ALL"], name
            assert it["security_opt"] == ["no-new-privileges:true"], name
            assert not it.get("privileged"), name
            assert "user" not in it, name  # the image's own, which is no root
            assert it["depends_on"].get("migrate", {}).get("condition", "") != "service_started", name
        if it.get("restart") != "no":
            checked = it.get("healthcheck", {})
            assert not checked.get("disable"), name
            if it["image"].startswith("cornershop:"):
                assert checked == {}, f"{name}: how often it is asked is for the image to say"
    assert re.findall(r"^USER (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE) == ["10001:10001"]


def test_compose_refuses_to_start_without_secrets() -> None:
    command = [tool("docker-compose"), "-f", "compose.yaml", "config", "-q"]

    for name in SECRETS:
        done = run(command, **{**SECRETS, name: ""})
        assert done.returncode != 0, name
        assert name in done.stderr


@pytest.mark.parametrize("folder", ["infra", "infra/bootstrap"])
def test_checkov_finds_nothing(folder: str) -> None:
    checkov = os.environ.get("SHOP_TEST_CHECKOV") or shutil.which("checkov")
    if checkov is None:
        pytest.skip("checkov is not here: install it in an environment of its own and name it in SHOP_TEST_CHECKOV")
    command = [checkov, "-d", str(ROOT / folder), "--framework", "terraform", "--skip-download", "-o", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603

    found = json.loads(done.stdout)
    assert [(bad["check_id"], bad["resource"]) for bad in found["results"]["failed_checks"]] == []
    assert found["summary"]["passed"] > 0
    assert done.returncode == 0, done.stderr
