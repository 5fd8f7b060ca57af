"""What a buyer says of a product."""

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from domain.reviews.commands.write import LONGEST, SHORTEST
from web.forms import ShopForm, clean, to_choose

STARS = {5: "Five stars: very good", 4: "Four stars: good", 3: "Three stars: fair", 2: "Two stars: poor",
         1: "One star: very poor"}  # fmt: skip


def by_paragraph(value: str | None) -> str | None:
    """Clean a longer answer, and leave its paragraphs apart."""
    if value is None:
        return None
    parts = [clean(part) or "" for part in value.replace("\r\n", "\n").split("\n")]
    return "\n".join(parts).strip()


class ReviewForm(ShopForm):
    """Stars, a title, some words, and the name they are shown under."""

    stars = RadioField(
        "How do you like it?",
        [InputRequired("Choose from one to five stars.")],
        choices=to_choose(STARS.items()),
        coerce=int,
        validate_choice=True,
    )
    title = StringField(
        "In one line",
        [DataRequired("Give your review a title."), Length(max=120, message="Use at most 120 characters.")],
        filters=[clean],
        render_kw={"maxlength": 120},
    )
    words = TextAreaField(
        "Your review",
        [
            DataRequired("Write what you think of it."),
            Length(SHORTEST, LONGEST, message=f"Write between {SHORTEST} and {LONGEST:,} characters."),
        ],
        filters=[by_paragraph],
        render_kw={"rows": 7, "maxlength": LONGEST},
    )
    author = StringField(
        "Name to show",
        [DataRequired("Enter the name to show."), Length(max=60, message="Use at most 60 characters.")],
        description="Everybody sees it. A first name is enough.",
        filters=[clean],
        render_kw={"maxlength": 60, "autocomplete": "given-name"},
    )
