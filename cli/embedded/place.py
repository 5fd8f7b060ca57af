"""Where the embedded servers keep their data and their sockets, and as whom they run."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from cli.errors import CliError

NOBODY = 65534
_LONGEST_SOCKET = "/.s.PGSQL.5432"
_LIMIT = 107  # bytes that the kernel takes for the path of a unix socket


def socket_dir(var: Path) -> Path:
    """Return the directory for the sockets of the servers under `var`: short, whatever the length of `var`."""
    key = hashlib.sha256(os.fsencode(var.absolute())).hexdigest()[:12]
    name = f"cornershop-{key}-{os.getuid()}"
    place = Path(tempfile.gettempdir()) / name
    if len(os.fsencode(place)) + len(_LONGEST_SOCKET) > _LIMIT:
        place = Path("/tmp") / name  # noqa: S108 - the directory is made 0700 and its owner checked
    return place


def make_socket_dir(var: Path) -> Path:
    """Make the socket directory for this user alone; refuse one that somebody else made before."""
    place = socket_dir(var)
    with contextlib.suppress(FileExistsError):
        place.mkdir(mode=0o700)
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.getuid(), server_uid()):
        raise CliError(f"{place} belongs to somebody else", "Remove it, or set TMPDIR to a directory of your own")
    give(place)
    place.chmod(0o700)
    return place


def server_uid() -> int:
    """Return the user PostgreSQL runs as: never root, for it refuses."""
    return os.getuid() or NOBODY


def give(path: Path) -> None:
    """Let the server's user own a path."""
    if os.getuid() == 0:
        os.chown(path, NOBODY, NOBODY)


def as_server_user() -> list[str]:
    """Return the words to put before a command so that it does not run as root and still reaches its files."""
    if os.getuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise CliError(
            "PostgreSQL cannot run as root, and setpriv is missing",
            "Install util-linux, start the store as an ordinary user, or set SHOP_DATABASE_URL",
        )
    # The change of user makes the kernel forget which signal to send when the parent dies, so it is named here again.
    words = [setpriv, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--pdeathsig=INT"]
    # Under a home that only root may enter, these two let the server reach its own data directory.
    held = [name for name, bit in (("dac_override", 1), ("dac_read_search", 2)) if _capabilities() >> bit & 1]
    if held:
        words.append("--inh-caps=" + ",".join(f"+{name}" for name in held))
        words.append("--ambient-caps=" + ",".join(f"+{name}" for name in held))
        words.append("--securebits=+no_setuid_fixup")
    return words


def _capabilities() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapPrm:"):
            return int(line.split()[1], 16)
    return 0


@contextlib.contextmanager
def sole_use(var: Path, name: str) -> Iterator[None]:
    """Hold the embedded server of this name for this process alone; the kernel lets go when the process ends."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CliError(
                f"Another command runs the {name} in {var}", "Wait until it has ended, or set SHOP_VAR to another place"
            ) from None
        yield


def wait_until(ready: Callable[[], bool], *, seconds: float, every: float = 0.05) -> bool:
    """Ask again and again until it is so, or the time is up."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True
