"""Clients of Amazon's services for messages: short waits, and no tries of their own, for jobs try again."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from domain.shared.settings import Settings

SECONDS = 10


def client(service: str, settings: Settings) -> Any:
    """Return the client of a service; the credentials are the surroundings' (a task's role, or the environment)."""
    return _client(service, settings.aws_region, settings.aws_endpoint_url)


@cache
def _client(service: str, region: str | None, endpoint_url: str | None) -> Any:
    config = Config(connect_timeout=SECONDS, read_timeout=SECONDS, retries={"total_max_attempts": 1})
    return boto3.client(service, region_name=region, endpoint_url=endpoint_url, config=config)
