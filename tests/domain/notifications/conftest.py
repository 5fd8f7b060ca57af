"""Fixtures of the messages' tests."""

from tests.domain.notifications.aws import aws, moto

__all__ = ["aws", "moto"]
