"""Between the password and the second factor: the cookie says whose password was right, and nobody is signed in."""

import time
from uuid import UUID

from flask import session as cookie

from domain.users import queries
from domain.users.errors import NoSuchStaff
from domain.users.queries import StaffView
from web.db import session

PENDING = "pending"
PATIENCE = 10 * 60
"""How many seconds there are to enter a code."""


def hold(staff: StaffView) -> None:
    """Keep in the cookie that this person's password was right; a changed password makes it void."""
    cookie.clear()
    cookie[PENDING] = [str(staff.id), staff.session_key, int(time.time())]


def held() -> StaffView | None:
    """Return whose password was right a moment ago; None if nobody's, or too long ago."""
    found = cookie.get(PENDING)
    if not isinstance(found, list) or len(found) != 3 or time.time() - found[2] > PATIENCE:
        return None
    try:
        staff = queries.staff_by_id(session(), UUID(found[0]))
    except NoSuchStaff:
        return None
    return staff if staff.session_key == found[1] else None
