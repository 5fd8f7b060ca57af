"""The pages' own forms, for what an API is sent: a rule that one of them holds is held for programs too."""

from collections.abc import Mapping
from typing import Any

from flask import abort
from werkzeug.datastructures import MultiDict

from web.api.bodies import invalid
from web.forms import ShopForm


def answers(values: Mapping[str, Any]) -> MultiDict[str, str]:
    """Make of plain values what a browser would send; what is false or missing is not sent at all."""
    return MultiDict({name: str(value) for name, value in values.items() if value not in (None, False)})


def refuse(form: ShopForm, pointers: Mapping[str, str]) -> None:
    """Check a form, and answer 422 with what it says, each at its place in the body."""
    if not form.validate():
        told = [
            {"pointer": pointers.get(name, "#"), "detail": str(problems[0])}
            for name, problems in form.errors.items()
            if problems
        ]
        abort(invalid(told))
