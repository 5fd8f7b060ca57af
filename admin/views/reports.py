"""Reports: what the shop sold and how visits become orders, over spans of days, beside the span before."""

import csv
import io

from flask import Blueprint, Response, abort, render_template, request

from admin.access import needs
from admin.charts import bars
from admin.reports import TABLES, as_number, bars_of, table_of_answers, table_of_stars
from domain.analytics import queries
from domain.analytics.periods import CHOICES, Period, period
from domain.shared.db import utcnow
from web.db import session
from web.forms import on_day
from web.settings import shop_settings

bp = Blueprint("reports", __name__, url_prefix="/reports")


@bp.get("")
@needs("reports:read")
def index():
    """Show every report of a span of days."""
    span, currency = _span(), shop_settings().currency
    days = queries.by_day(session(), span, currency=currency)
    answers, stars = queries.opinions(session(), span), queries.reviews(session(), span)
    told = {"satisfaction": table_of_answers(answers), "reviews": table_of_stars(stars)}
    beside = [name for name in TABLES if name not in ("days", "funnel", *told)]
    return render_template(
        "admin/reports/index.html",
        span=span,
        choices=CHOICES,
        now=_summary(span),
        before=_summary(span.before),
        funnel=queries.funnel(session(), span),
        funnel_before=queries.funnel(session(), span.before),
        opinions=answers,
        opinions_before=queries.opinions(session(), span.before),
        reviews=stars,
        reviews_before=queries.reviews(session(), span.before),
        days=days,
        shown=bars_of(days),
        bars=bars,
        tables=told | {name: TABLES[name](session(), span, currency) for name in beside},
    )


@bp.get("/<name>.csv")
@needs("reports:read")
def download(name: str) -> Response:
    """Send one table as CSV, in UTF-8 with a mark that spreadsheets know it by."""
    if name not in TABLES:
        abort(404)
    span = _span()
    table = TABLES[name](session(), span, shop_settings().currency)
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(table.columns)
    lines.writerows([as_number(value) for value in row] for row in table.rows)
    file = f"{name}-{span.first}-{span.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return Response("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _span() -> Period:
    args = request.args
    return period(
        args.get("period"),
        first=on_day(args.get("first")),
        last=on_day(args.get("last")),
        now=utcnow(),
        timezone=shop_settings().timezone,
    )


def _summary(span: Period) -> queries.Summary:
    return queries.summary(session(), span, currency=shop_settings().currency)
