"""The audit log: what staff have done, found by who, where, which and when."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, render_template, request

from admin.access import needs
from domain.shared.audit import Search, audit_log
from domain.users import queries as users
from web.csrf import SAFE
from web.db import session
from web.settings import shop_settings

bp = Blueprint("audit", __name__, url_prefix="/log")

PER_PAGE = 50


@bp.get("")
@needs("audit:read")
def index():
    """List what was done, the newest first."""
    given = {name: request.args.get(name, "").strip()[:200] for name in ("who", "area", "resource", "since", "until")}
    search = Search(
        staff_id=_uuid(given["who"]),
        area=given["area"],
        resource=given["resource"],
        since=_midnight(given["since"]),
        until=_midnight(given["until"], days=1),
    )
    return render_template(
        "admin/audit/index.html",
        log=audit_log(session(), search, after=_uuid(request.args.get("after")), limit=PER_PAGE),
        people=users.staff_list(session()),
        parts=_parts(),
        given=given,
        kept={name: value for name, value in given.items() if value},
    )


def _parts() -> list[str]:
    """The areas in which something can be done."""
    rules = current_app.url_map.iter_rules()
    return sorted({rule.endpoint.partition(".")[0] for rule in rules if (rule.methods or set()) - SAFE})


def _midnight(text: str, *, days: int = 0) -> datetime | None:
    """Return when a day begins in the shop's own time zone; None for what is no day."""
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(shop_settings().timezone))


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
