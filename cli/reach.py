"""Whether the database and the Redis that the environment names answer."""

from urllib.parse import urlsplit

from cli.errors import CliError
from domain.shared.settings import Settings


def check_database(settings: Settings) -> None:
    """Raise an error of one line, without the password, if PostgreSQL does not answer."""
    import psycopg

    try:
        psycopg.connect(settings.database_url.replace("+psycopg", "", 1), connect_timeout=5).close()
    except psycopg.Error as error:
        said = _hidden((str(error).strip().splitlines() or ["no reason given"])[0], settings.database_url)
        raise CliError(
            f"PostgreSQL at {_place(settings.database_url)} does not answer ({said})",
            "Start it, or correct SHOP_DATABASE_URL, or unset it to use the embedded one",
        ) from None


def check_redis(settings: Settings) -> None:
    """Raise an error of one line, without the password, if Redis does not answer."""
    import redis

    assert settings.redis_url is not None
    try:
        with redis.Redis.from_url(settings.redis_url, socket_connect_timeout=5, socket_timeout=5) as link:
            link.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        raise CliError(
            f"Redis at {_place(settings.redis_url)} does not answer ({_hidden(str(error), settings.redis_url)})",
            "Start it, or correct SHOP_REDIS_URL, or unset it to use the embedded one",
        ) from None


def _place(url: str) -> str:
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2] or parts.path or url.partition("?")[0]


def _hidden(text: str, url: str) -> str:
    password = urlsplit(url).password
    text = " ".join(text.split()).rstrip(".")
    return text.replace(password, "…") if password else text
