"""A mock of AWS with the shop's cluster, and a shop that answers as it is told."""

import http.server
import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.ecs.models import EC2ContainerServiceBackend, Service
from moto.server import ThreadedMotoServer

from infra.deploy import main
from infra.rollout import Pace

REGION, ACCOUNT = "us-east-1", "123456789012"
REPOSITORY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/cornershop"
SERVICES = ("worker", "admin", "storefront", "sandbox")
QUICK = Pace(every=0.01, migration=30, roll=1, smoke=0.3)


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
        "region": REGION, "cluster": "shop", "services": list(SERVICES[:3]), "storefront_url": shop, "admin_url": shop,
        "task_families": {part: f"shop-{part}" for part in ("migrate", *SERVICES)},
        "task_network": {"subnets": [aws.subnet], "security_groups": ["sg-1"], "assign_public_ip": True},
    }  # fmt: skip
    path = tmp_path / "outputs.json"
    path.write_text(json.dumps({name: {"value": value} for name, value in outputs.items()}))
    return lambda *words, pace=QUICK: main([*words, "--outputs", str(path)], pace=pace)


@pytest.fixture
def behave(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have ECS do something with a service once it was given a revision: `behave("admin", lambda service: …)`."""
    given = EC2ContainerServiceBackend.update_service

    def behave(name: str, deed: Callable[[Service], None]) -> None:
        def update(self: EC2ContainerServiceBackend, properties: dict[str, Any]) -> Service:
            service = given(self, properties)
            if service.name == name:
                deed(service)
            return service

        monkeypatch.setattr(EC2ContainerServiceBackend, "update_service", update)

    return behave


def push(tag: str) -> str:
    """Push an image and return its digest."""
    manifest = {"schemaVersion": 2, "config": {"digest": f"sha256:{tag:0>64}"}, "layers": []}
    put = boto3.client("ecr").put_image(
        repositoryName="cornershop",
        imageTag=tag,
        imageDigest=f"sha256:{tag.encode().hex():0>64}",
        imageManifest=json.dumps(manifest),
        imageManifestMediaType="application/vnd.docker.distribution.manifest.v2+json",
    )
    return str(put["image"]["imageId"]["imageDigest"])


def release(version: str) -> tuple[str, str]:
    """Push both images of a version: the shop's and the sandbox's."""
    return push(version), push(f"{version}-demo")


def running(ecs: Any) -> dict[str, int]:
    """Return which revision each service runs."""
    found = ecs.describe_services(cluster="shop", services=list(SERVICES))["services"]
    return {service["serviceName"]: int(service["taskDefinition"].rsplit(":", 1)[1]) for service in found}


def migrations(ecs: Any) -> int:
    """Return how many one-off tasks were started."""
    return len(ecs.list_tasks(cluster="shop", desiredStatus="RUNNING")["taskArns"])
