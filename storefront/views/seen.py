"""What a page's own script says of itself, for the shop's figures: see domain/analytics/visits.py."""

import re

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from domain.analytics.periods import day_of
from domain.analytics.visits import count_search, count_visit
from domain.shared.db import utcnow
from web.db import transaction
from web.settings import shop_settings

bp = Blueprint("seen", __name__)

ROBOT = re.compile(r"bot|crawl|spider|preview", re.IGNORECASE)


@bp.post("/seen")
def note() -> Response:
    """Count a page that somebody saw, and a search with how much it found; nobody who asks not to be counted."""
    browser = request.user_agent.string
    if request.headers.get("Sec-GPC") == "1" or not browser or ROBOT.search(browser):
        return Response(status=204)
    day = day_of(utcnow(), shop_settings().timezone)
    words, found = request.form.get("q", ""), request.form.get("found", "")
    with transaction() as tx:
        count_visit(tx, day=day, browser=f"{request.remote_addr} {browser}", product=request.form.get("page") == "p")
        if words and found:
            count_search(tx, day=day, words=words.replace("\0", ""), empty=found == "0")
    # Nobody reads this back: who only looks gets no cookie for having written, and goes on reading from the replica.
    g.pop("wrote", None)
    return Response(status=204)
