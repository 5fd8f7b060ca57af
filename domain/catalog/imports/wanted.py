"""Pictures that an import names by address: fetched from the open internet alone, checked, tried again for a while."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog.commands.picture import add_upload
from domain.catalog.errors import NoSuchProduct, WrongPicture, WrongProduct
from domain.catalog.events import PicturesWanted
from domain.catalog.media import Storage
from domain.catalog.media.upload import MOST_BYTES, read_upload
from domain.catalog.models.imports import FETCHED, MISSING, WantedPicture
from domain.shared.db import lock, utcnow
from domain.shared.outbox import record
from domain.shared.outgoing import Fetched, Forbidden, Unreachable, fetch

AT_ONCE, SECONDS, MOST_TRIES = 4, 8.0, 5
"""How many pictures one job fetches, how long each may take, and how often one is tried."""
TYPES = ("image/jpeg", "image/jpg", "image/png", "image/webp", "image/avif", "application/octet-stream",
         "binary/octet-stream")  # fmt: skip
"""What servers call pictures; what one is, is told from what is in it."""
LEASE = timedelta(minutes=5)

_TAKE = text(
    """
    UPDATE catalog.wanted_pictures w SET tries = tries + 1, next_try_at = clock_timestamp() + :lease
    WHERE id IN (SELECT id FROM catalog.wanted_pictures WHERE state = 'wanted' AND next_try_at <= clock_timestamp()
                 ORDER BY next_try_at, id LIMIT :most FOR UPDATE SKIP LOCKED)
    RETURNING id, url
    """
)
_DUE = text(
    """
    SELECT EXISTS (SELECT FROM catalog.wanted_pictures WHERE state = 'wanted' AND next_try_at <= clock_timestamp())
        AND NOT EXISTS (SELECT FROM shared.outbox WHERE name = :name AND done_at IS NULL)
    """
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture to be fetched."""

    id: UUID
    url: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: where the picture lies, or what was the matter, and whether that is for good."""

    id: UUID
    key: str = ""
    width: int = 0
    height: int = 0
    problem: str = ""
    for_good: bool = False


def take_wanted(session: Session) -> list[Wanted] | None:
    """Take the next few that are due, so that nobody else does for a while; None if there is none."""
    taken = [Wanted(row.id, row.url) for row in session.execute(_TAKE, {"lease": LEASE, "most": AT_ONCE})]
    return sorted(taken, key=lambda one: one.id) or None


def fetch_wanted(wanted: Sequence[Wanted], storage: Storage, get: Callable[..., Fetched] = fetch) -> list[Outcome]:
    """Fetch, check and store pictures; `get` is how an address is fetched."""
    return [_fetch(one, storage, get) for one in wanted]


def _fetch(one: Wanted, storage: Storage, get: Callable[..., Fetched]) -> Outcome:
    try:
        found = get(one.url, max_bytes=MOST_BYTES, seconds=SECONDS, types=TYPES)
        if found.status != 200:
            return Outcome(one.id, problem=f"The server answers {found.status}.", for_good=found.status in (404, 410))
        upload = read_upload(found.body)
    except (Forbidden, WrongPicture) as refused:
        return Outcome(one.id, problem=str(refused), for_good=True)
    except Unreachable as silent:
        return Outcome(one.id, problem=str(silent))
    storage.put(upload.key, upload.data, upload.content_type)
    return Outcome(one.id, upload.key, upload.width, upload.height)


def settle_wanted(session: Session, outcomes: Sequence[Outcome]) -> None:
    """Give products their pictures, note what was the matter with others, and have the next ones fetched."""
    of = {outcome.id: outcome for outcome in outcomes}
    for wanted in lock(session, WantedPicture, list(of)):
        outcome = of[wanted.id]
        if outcome.key:
            try:
                with session.begin_nested():
                    add_upload(session, product_id=wanted.product_id, alt=wanted.alt, key=outcome.key,
                               width=outcome.width, height=outcome.height, skus=wanted.skus)  # fmt: skip
                wanted.state, wanted.problem = FETCHED, ""
            except (NoSuchProduct, WrongProduct) as refused:
                wanted.state, wanted.problem = MISSING, str(refused)[:300]
            continue
        wanted.problem = outcome.problem[:300]
        if outcome.for_good or wanted.tries >= MOST_TRIES:
            wanted.state = MISSING
        else:
            wanted.next_try_at = utcnow() + timedelta(minutes=2**wanted.tries)
    record(session, PicturesWanted())


def ask_for_pictures(session: Session) -> int:
    """Have pictures fetched that are due, unless somebody is at it; return whether it was needed."""
    if not session.scalar(_DUE, {"name": PicturesWanted.name}):
        return 0
    record(session, PicturesWanted())
    return 1
