"""Many rows of a list at once: what would happen to each is shown first, then done as it was shown or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin.access import needs
from admin.audit import say
from domain.shared.errors import DomainError
from domain.shared.lists import MOST_AT_ONCE, id_of
from web.errors import status_of

Seen = Mapping[str, str]
"""The rows that were ticked, by their keys, and what each was when it was seen."""

CHANGED = "it has changed since you saw it"
NOTHING = "Nothing was done: none of these is as you saw it any more."


def as_id(word: str) -> str:
    """Return an id as a row's key has it, however it was written; nothing for what is none."""
    return str(id_of(word) or "")


@dataclass(frozen=True)
class Planned:
    """A row that was ticked: what it is called, its page, what it is now, and why it is left out if it is.

    By `seen` it is told later on whether the row is still what was shown; `words` are what should be read before.
    """

    key: str
    seen: str
    label: str
    now: str
    refusal: str = ""
    address: str = ""
    words: str = ""


@dataclass(frozen=True)
class Deed:
    """Something that can be done to many rows: what it is called before, and after for one and for more.

    A `question` is asked first, as a reason that somebody reads. `act` does it in one transaction to the rows it is
    given and returns how many changed; it refuses all of them with a DomainError if one is no longer what was seen.
    """

    label: str
    done: tuple[str, str]
    act: Callable[[Seen, str], int]
    question: str = ""
    hint: str = ""
    most: int = 300
    danger: bool = False


@dataclass(frozen=True)
class Many:
    """What can be done to many rows of a list, by those with a permission; `key` reads the key of a row."""

    list: str
    title: str
    one: str
    many: str
    permission: str
    look: Callable[[str, Sequence[str]], Sequence[Planned]]
    deeds: Mapping[str, Deed]
    said: str
    key: Callable[[str], str] = as_id

    def count(self, number: int) -> str:
        """Say how many rows."""
        return f"{number} {self.one if number == 1 else self.many}"

    def back(self) -> str:
        """Return the address of the list, narrowed and sorted as it was left."""
        words = urlencode(parse_qsl(request.values.get("back", "")[:1000]))
        return url_for(self.list) + (f"?{words}" if words else "")


def offer(bp: Blueprint, many: Many) -> None:
    """Give a list the two addresses at which its deeds are shown and done."""

    @needs(many.permission)
    def look_at_many() -> Response:
        """Show what would be done to each of the rows that were ticked."""
        action, seen = _asked(many)
        if action and seen:
            return _page(many, action, seen)
        flash(f"Tick {many.many} in the list first, then choose what to do with them.")
        return redirect(many.back(), 303)

    @needs(many.permission)
    def do_to_many() -> Response:
        action, seen = _asked(many)
        if not action or not seen:
            abort(400)
        return _carry_out(many, action, seen)

    do_to_many.__doc__ = many.said
    bp.get("/bulk")(look_at_many)
    bp.post("/bulk")(do_to_many)


def _asked(many: Many) -> tuple[str, dict[str, str]]:
    """Read what is to be done and to which rows, with what each was if the page had shown that."""
    action = request.values.get("action", "")
    ticked = (value.partition(" ") for value in request.values.getlist("chosen")[:MOST_AT_ONCE])
    rows = {many.key(key): seen for key, _, seen in ticked}
    return action if action in many.deeds else "", {key: seen for key, seen in rows.items() if key}


def _carry_out(many: Many, action: str, seen: Seen) -> Response:
    deed, answer = many.deeds[action], request.form.get("answer", "").strip()
    if deed.question and not answer:
        return _page(many, action, seen, problem=("answer", f"Please fill in “{deed.question}”."), status=422)
    say(f"{deed.label}: {many.count(len(seen))}")
    try:
        count = deed.act(seen, answer[: deed.most])
    except DomainError as error:
        return _page(many, action, seen, problem=("main", str(error)), status=status_of(error))
    if not count:
        return _page(many, action, seen, problem=("main", NOTHING), status=409)
    left = len(seen) - count
    stayed = f" {left} stayed as {'it was' if left == 1 else 'they were'}." if left else ""
    flash(f"{many.count(count)} {deed.done[0] if count == 1 else deed.done[1]}.{stayed}")
    return redirect(many.back(), 303)


def _page(
    many: Many, action: str, seen: Seen, *, problem: tuple[str, str] | None = None, status: int = 200
) -> Response:
    found = many.look(action, list(seen))
    planned = [
        replace(one, refusal=one.refusal or CHANGED) if seen[one.key] not in ("", one.seen) else one for one in found
    ]
    page = render_template(
        "admin/many.html",
        many=many,
        action=action,
        deed=many.deeds[action],
        planned=planned,
        willing=[one for one in planned if not one.refusal],
        answer=request.form.get("answer", ""),
        problem=problem,
        here=url_for(".do_to_many"),
    )
    return make_response(page, status)
