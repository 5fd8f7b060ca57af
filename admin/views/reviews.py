"""Reviews: what waits to be read, publishing and refusing, and the shop's answers."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs
from admin.forms.reviews import ReplyForm
from admin.many import Deed, Many, Planned, Seen, offer
from domain.reviews import commands, queries
from domain.reviews.queries import StaffReview
from domain.shared.errors import ChangedMeanwhile, DomainError, NotFound
from domain.shared.lists import id_of
from web.db import session, transaction
from web.errors import status_of

bp = Blueprint("reviews", __name__, url_prefix="/reviews")

PER_PAGE = 50


@bp.get("")
@needs("reviews:read")
def index():
    """List the reviews in one state: usually those that wait from the oldest, the others from the newest."""
    wanted, after = queries.read_review_filter(request.args), id_of(request.args.get("after"))
    words = wanted.as_words()
    return render_template(
        "admin/reviews/index.html",
        reviews=queries.staff_reviews(session(), wanted, after=after, limit=PER_PAGE),
        wanted=wanted,
        words=words,
        kept={name: value for name, value in words.items() if name != "state"},
        states=queries.STATES,
        sorts=queries.STAFF_SORTS,
        many=MANY,
    )


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


def _look(action: str, keys: Sequence[str]) -> list[Planned]:
    ids = [UUID(key) for key in keys]
    already = "published" if action == "publish" else "refused"
    return [
        Planned(
            str(one.id), one.seen, f"{one.title}, by {one.author}", queries.STATES[one.state],
            f"it is {already} already" if one.state == already else "", url_for(".show", review_id=one.id), one.words,
        )
        for one in queries.staff_reviews_of(session(), ids)
    ]  # fmt: skip


def _decide(seen: Seen, reason: str, *, publish: bool) -> int:
    with transaction() as tx:
        return commands.decide(tx, seen={UUID(key): was for key, was in seen.items()}, publish=publish, reason=reason)


MANY = Many(
    list="reviews.index",
    title="Reviews",
    one="review",
    many="reviews",
    permission="reviews:write",
    look=_look,
    deeds={
        "publish": Deed("Publish", ("is published", "are published"), partial(_decide, publish=True)),
        "refuse": Deed(
            "Refuse", ("is refused", "are refused"), partial(_decide, publish=False), "Reason for refusing",
            "The author of the review reads it.", most=500, danger=True,
        ),
    },
    said="Publish or refuse reviews.",
)  # fmt: skip
offer(bp, MANY)


def _page(review: queries.StaffReview, form: ReplyForm, status: int):
    page = render_template("admin/reviews/show.html", review=review, states=queries.STATES, form=form)
    return make_response(page, status)
