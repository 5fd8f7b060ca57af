"""The audit log: what staff have done, found by who, where, which and when."""

from flask import Blueprint, current_app, render_template, request

from admin.access import needs
from domain.shared.audit import SORTS, audit_log, read_log_filter
from domain.shared.lists import id_of
from domain.users import queries as users
from web.csrf import SAFE
from web.db import session
from web.settings import shop_settings

bp = Blueprint("audit", __name__, url_prefix="/log")

PER_PAGE = 50


@bp.get("")
@needs("audit:read")
def index():
    """List what was done, the newest first unless asked otherwise."""
    wanted = read_log_filter(request.args)
    search, after = wanted.search(shop_settings().timezone), id_of(request.args.get("after"))
    return render_template(
        "admin/audit/index.html",
        log=audit_log(session(), search, sort=wanted.sort, after=after, limit=PER_PAGE),
        people=users.staff_list(session()),
        parts=_parts(),
        wanted=wanted,
        words=wanted.as_words(),
        sorts=SORTS,
    )


def _parts() -> list[str]:
    """The areas in which something can be done."""
    rules = current_app.url_map.iter_rules()
    return sorted({rule.endpoint.partition(".")[0] for rule in rules if (rule.methods or set()) - SAFE})
