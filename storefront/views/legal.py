"""The legal texts that the owner has written."""

from flask import Blueprint, abort, render_template

from domain.shared.preferences import LEGAL
from web.settings import shop_preferences

bp = Blueprint("legal", __name__)


@bp.get("/legal/<page>")
def show(page: str) -> str:
    """Show one text; one that nobody has written is not there."""
    text = shop_preferences().legal.get(page)
    if text is None:
        abort(404)
    return render_template("storefront/legal/show.html", title=LEGAL[page], text=text)
