"""Reviews: what waits to be read, publishing and refusing, and the shop's answers."""

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs
from admin.forms.reviews import DecisionForm, ReplyForm
from domain.reviews import commands, queries
from domain.reviews.queries import StaffReview
from domain.shared.errors import ChangedMeanwhile, DomainError, NotFound
from web.db import session, transaction
from web.errors import status_of

bp = Blueprint("reviews", __name__, url_prefix="/reviews")

PER_PAGE = 50


@bp.get("")
@needs("reviews:read")
def index():
    """List the reviews in one state: those that wait from the oldest, the others from the newest."""
    return _list(DecisionForm(), 200)


@bp.post("/decisions")
@needs("reviews:write")
def decide():
    """Publish or refuse reviews, one or many at once."""
    form = DecisionForm(request.form)
    chosen = form.read_chosen(request.form)
    if not form.validate() or form.form_errors:
        return _list(form, 422)
    publish = form.decision.data == "publish"
    try:
        with transaction() as tx:
            count = commands.decide(tx, seen=chosen, publish=publish, reason=form.reason.data or "")
    except DomainError as refusal:
        form.refuse("", str(refusal))
        return _list(form, status_of(refusal))
    flash(f"{count} review{' is' if count == 1 else 's are'} {'published' if publish else 'refused'}.")
    return redirect(url_for(".index", state=_state()), 303)


@bp.get("/<uuid:review_id>")
@needs("reviews:read")
def show(review_id: UUID):
    """Show a review, where it can be answered."""
    review = queries.staff_review(session(), review_id)
    return _page(review, ReplyForm(data=_answer(review)), 200)


@bp.post("/<uuid:review_id>/reply")
@needs("reviews:write")
def reply(review_id: UUID):
    """Answer a review under it, or take the answer away."""
    form = ReplyForm(request.form)
    if not form.validate():
        return _page(queries.staff_review(session(), review_id), form, 422)
    try:
        with transaction() as tx:
            commands.reply_to(tx, review_id=review_id, words=form.reply.data or "", seen=form.version.data or "")
    except NotFound:
        raise
    except ChangedMeanwhile as refusal:
        review = queries.staff_review(session(), review_id)
        form.overtaken(refusal, _answer(review))
        return _page(review, form, form.status)
    except DomainError as refusal:
        form.refuse("reply", str(refusal))
        return _page(queries.staff_review(session(), review_id), form, status_of(refusal))
    flash("The answer is saved.")
    return redirect(url_for(".show", review_id=review_id), 303)


def _answer(review: StaffReview) -> dict[str, str]:
    return {"reply": review.reply, "version": review.reply_version}


def _state() -> str:
    asked = request.args.get("state", "")
    return asked if asked in queries.STATES else next(iter(queries.STATES))


def _after() -> UUID | None:
    try:
        return UUID(request.args.get("after", ""))
    except ValueError:
        return None


def _list(form: DecisionForm, status: int):
    page = queries.staff_reviews(session(), state=_state(), after=_after(), limit=PER_PAGE)
    return make_response(
        render_template(
            "admin/reviews/index.html",
            reviews=page,
            state=_state(),
            states=queries.STATES,
            form=form,
            chosen=request.form.getlist("chosen"),
        ),
        status,
    )


def _page(review: queries.StaffReview, form: ReplyForm, status: int):
    page = render_template("admin/reviews/show.html", review=review, states=queries.STATES, form=form)
    return make_response(page, status)
