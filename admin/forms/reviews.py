"""What staff say about reviews."""

from uuid import UUID

from werkzeug.datastructures import MultiDict
from wtforms import StringField, TextAreaField
from wtforms.validators import AnyOf, Length

from admin.forms.conflicts import VersionedForm
from domain.reviews.commands.moderate import LONGEST_REPLY
from web.forms import ShopForm, clean


class DecisionForm(ShopForm):
    """Which reviews are published or refused, and why."""

    decision = StringField("Decision", [AnyOf(("publish", "refuse"), message="Publish the reviews, or refuse them.")])
    reason = StringField(
        "Reason for refusing",
        [Length(max=500, message="Use at most 500 characters.")],
        filters=[clean],
        render_kw={"maxlength": 500},
    )

    def read_chosen(self, answers: MultiDict[str, str]) -> dict[UUID, int]:
        """Return the version that was read of each review that is ticked; what is no such thing is left out."""
        chosen: dict[UUID, int] = {}
        for value in answers.getlist("chosen"):
            id_, _, version = value.partition(".")
            try:
                chosen[UUID(id_)] = int(version)
            except ValueError:
                continue
        if not chosen:
            self.refuse("", "Tick at least one review.")
        return chosen


class ReplyForm(VersionedForm):
    """The shop's answer, which stands under the review."""

    reply = TextAreaField(
        "Our answer",
        [Length(max=LONGEST_REPLY, message=f"Use at most {LONGEST_REPLY:,} characters.")],
        filters=[clean],
        render_kw={"rows": 4, "maxlength": LONGEST_REPLY},
    )
