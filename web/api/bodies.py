"""What callers send: JSON bodies and query strings, read into pydantic models and refused in words."""

from functools import cache
from typing import Any, TypeVar, get_origin

from flask import abort, request
from pydantic import BaseModel, ConfigDict, ValidationError

from web.errors import problem

JSON = "application/json"

B = TypeVar("B", bound="Body")
Q = TypeVar("Q", bound="Query")


class Body(BaseModel):
    """A JSON body; a field that we do not know is refused, so that a slip is not taken for an answer."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Query(BaseModel):
    """A query string; values are texts, and are read as what the model says."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_body(model: type[B]) -> B:
    """Read the body of this request; answers 415, 400 or 422 by itself."""
    if request.mimetype != JSON:
        abort(problem(415, kind="not-json", message=f"Send the body as {JSON}."))
    try:
        return model.model_validate_json(request.get_data())
    except ValidationError as refusal:
        errors = refusal.errors(include_url=False, include_context=False, include_input=False)
        if any(error["type"] == "json_invalid" for error in errors):
            abort(problem(400, kind="not-json", message=f"The body is not JSON: {errors[0]['msg']}."))
        abort(invalid([{"pointer": _pointer(error["loc"]), "detail": error["msg"]} for error in errors]))


def read_query(model: type[Q]) -> Q:
    """Read the query string of this request; answers 422 by itself."""
    lists = _lists(model)
    sent = request.args.to_dict(flat=False)
    given = {name: values if name in lists else values[-1] for name, values in sent.items()}
    try:
        return model.model_validate(given)
    except ValidationError as refusal:
        errors = refusal.errors(include_url=False, include_context=False, include_input=False)
        abort(invalid([{"parameter": str(error["loc"][0]), "detail": error["msg"]} for error in errors]))


@cache
def _lists(model: type[Query]) -> frozenset[str]:
    """The parameters that may come more than once."""
    return frozenset(name for name, field in model.model_fields.items() if get_origin(field.annotation) is tuple)


def invalid(errors: list[dict[str, str]]) -> Any:
    """Answer that something sent is not as it must be, field by field."""
    message = errors[0]["detail"] if len(errors) == 1 else "Some of what was sent is not as it must be."
    return problem(422, kind="invalid", message=message, errors=errors)


def _pointer(location: tuple[int | str, ...]) -> str:
    """Write a place in the body as a JSON pointer, as in `#/lines/0/quantity`."""
    return "#" + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in location)
