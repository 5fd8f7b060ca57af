"""What staff say about reviews."""

from wtforms import TextAreaField
from wtforms.validators import Length

from admin.forms.conflicts import VersionedForm
from domain.reviews.commands.moderate import LONGEST_REPLY
from web.forms import clean


class ReplyForm(VersionedForm):
    """The shop's answer, which stands under the review."""

    reply = TextAreaField(
        "Our answer",
        [Length(max=LONGEST_REPLY, message=f"Use at most {LONGEST_REPLY:,} characters.")],
        filters=[clean],
        render_kw={"rows": 4, "maxlength": LONGEST_REPLY},
    )
