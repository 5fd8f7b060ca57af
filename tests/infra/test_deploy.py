"""A deployment against a mock of AWS: what is rolled, in which order, and what turns back."""

import http.server
import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.ecs.models import Container
from moto.server import ThreadedMotoServer

from infra.deploy import main
from infra.rollout import Pace

REGION, ACCOUNT = "us-east-1", "123456789012"
REPOSITORY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/cornershop"
SERVICES = ("worker", "admin", "storefront")
QUICK = Pace(every=0.01, migration=30, roll=4, smoke=0.3)


class Shop(http.server.BaseHTTPRequestHandler):
    """Answers as a shop would that was just deployed; `broken` paths answer 500."""

    broken: frozenset[str] = frozenset()

    def do_GET(self) -> None:
        self.send_response(500 if self.path in self.broken else 200)
        self.end_headers()

    def log_message(self, *_words: Any) -> None:
        pass


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A cluster with the shop's services, each at its first revision; its deployments end at once."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    urllib.request.urlopen(urllib.request.Request(f"http://{host}:{port}/moto-api/reset", method="POST"))
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION, "MOTO_ECS_SERVICE_RUNNING": "1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    boto3.client("ecr").create_repository(repositoryName="cornershop")
    ecs, ec2 = boto3.client("ecs"), boto3.client("ec2")
    ecs.create_cluster(clusterName="shop")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    for part in ("migrate", *SERVICES):
        ecs.register_task_definition(
            family=f"shop-{part}", networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
            containerDefinitions=[
                {"name": part, "image": f"{REPOSITORY}@sha256:{'0' * 64}", "command": ["role", part], "memory": 256},
                {"name": "collector", "image": "public.example/collector:v1", "memory": 96, "essential": False},
            ],
        )  # fmt: skip
    for service in SERVICES:
        ecs.create_service(cluster="shop", serviceName=service, taskDefinition=f"shop-{service}", desiredCount=1)
    ecs.subnet = subnet
    yield ecs
    server.stop()


@pytest.fixture
def run(aws: Any, shop: str, tmp_path: Path) -> Callable[..., int]:
    """Deploy: `run("v2")` returns the exit code."""
    outputs = {
        "region": REGION, "cluster": "shop", "services": list(SERVICES), "storefront_url": shop, "admin_url": shop,
        "task_families": {part: f"shop-{part}" for part in ("migrate", *SERVICES)},
        "task_network": {"subnets": [aws.subnet], "security_groups": ["sg-1"], "assign_public_ip": True},
    }  # fmt: skip
    path = tmp_path / "outputs.json"
    path.write_text(json.dumps({name: {"value": value} for name, value in outputs.items()}))
    return lambda *words: main([*words, "--outputs", str(path)], pace=QUICK)


def push(tag: str) -> str:
    manifest = {"schemaVersion": 2, "config": {"digest": f"sha256:{tag:0>64}"}, "layers": []}
    put = boto3.client("ecr").put_image(
        repositoryName="cornershop",
        imageTag=tag,
        imageManifest=json.dumps(manifest),
        imageManifestMediaType="application/vnd.docker.distribution.manifest.v2+json",
    )
    return str(put["image"]["imageId"]["imageDigest"])


def running(ecs: Any) -> dict[str, int]:
    """Return which revision each service runs."""
    found = ecs.describe_services(cluster="shop", services=list(SERVICES))["services"]
    return {service["serviceName"]: int(service["taskDefinition"].rsplit(":", 1)[1]) for service in found}


def migrations(ecs: Any) -> int:
    return len(ecs.list_tasks(cluster="shop", desiredStatus="RUNNING")["taskArns"])


def test_a_version_is_migrated_rolled_by_digest_and_asked_for_its_pages(
    aws: Any, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    digest = push("v2")

    assert run("v2") == 0

    assert running(aws) == dict.fromkeys(SERVICES, 2)
    for part in ("migrate", *SERVICES):
        made = aws.describe_task_definition(taskDefinition=f"shop-{part}")["taskDefinition"]
        images = [container["image"] for container in made["containerDefinitions"]]
        assert images == [f"{REPOSITORY}@{digest}", "public.example/collector:v1"], "only the shop's own image changes"
        assert (made["cpu"], made["networkMode"]) == ("256", "awsvpc")
    said = capsys.readouterr().out
    order = ["Migrating", "Rolling worker (1 of 3)", "Rolling storefront (3 of 3)", "Asking", "v2 runs."]
    assert [said.index(words) for words in order] == sorted(said.index(words) for words in order)


def test_a_dry_run_says_and_does_nothing(aws: Any, run: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    push("v2")

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


def test_a_migration_that_fails_rolls_nothing(
    aws: Any, run: Callable[..., int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    push("v2")
    made = Container.__init__

    def failing(self: Container, *args: Any) -> None:
        made(self, *args)
        self.exitCode = 3

    monkeypatch.setattr(Container, "__init__", failing)

    assert run("v2") == 1

    assert "exit code 3" in capsys.readouterr().err
    assert running(aws) == dict.fromkeys(SERVICES, 1)


def test_a_page_that_breaks_turns_everything_back(
    aws: Any, run: Callable[..., int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    push("v2")
    monkeypatch.setattr(Shop, "broken", frozenset({"/"}))

    assert run("v2") == 1

    assert running(aws) == dict.fromkeys(SERVICES, 1)
    said = capsys.readouterr().out
    assert "/ does not answer as it should (500)" in said
    assert "The version before runs again." in said


def test_a_service_that_never_gets_steady_turns_back(
    aws: Any, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    push("v2")
    aws.delete_service(cluster="shop", service="admin", force=True)
    aws.create_service(cluster="shop", serviceName="admin", taskDefinition="shop-admin", desiredCount=5)

    assert run("v2") == 1

    said = capsys.readouterr()
    assert "admin is not steady" in said.out
    assert "Look at the services in ECS now." in said.err
    assert running(aws) == dict.fromkeys(SERVICES, 1)
