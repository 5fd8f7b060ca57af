"""Amazon's services, played by moto on a port of this machine."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer

from domain.shared.settings import Settings


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """The address of a server that plays Amazon's services."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def aws(moto: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings that send by Amazon's services as moto plays them, all of them empty."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    requests.post(f"{moto}/moto-api/reset", timeout=5)
    changes = {"mail_by": "ses", "sms_by": "sns", "aws_region": "eu-west-1", "aws_endpoint_url": moto}
    return settings.model_copy(update=changes)


def service(name: str, settings: Settings) -> Any:
    """A client to set up and look at a service."""
    return boto3.client(name, region_name=settings.aws_region, endpoint_url=settings.aws_endpoint_url)
