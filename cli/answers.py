"""Whether a part of the store answers at its port. Nothing heavy is imported: containers ask this twice a minute."""

import http.client
import socket


def answers(host: str, port: int, public_host: str) -> bool:
    """Say whether a site of the store is up; `public_host` is the name by which browsers know it."""
    asked = http.client.HTTPConnection(_near(host), port, timeout=3)
    try:
        asked.request("GET", "/healthz", headers={"Host": public_host})
        return asked.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def listens(host: str, port: int) -> bool:
    """Say whether anything takes connections there."""
    with socket.socket() as link:
        link.settimeout(2)
        return link.connect_ex((_near(host), port)) == 0


def _near(host: str) -> str:
    """Return where a server of this host is found that may listen everywhere."""
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
