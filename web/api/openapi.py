"""The contract: OpenAPI 3.1, made of the operations and their models, so that it says what the code does."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, TypeAdapter
from typing_extensions import TypedDict

from web.api.registry import Api, Operation

VERSION = "1.0"
PROBLEM = "application/problem+json"
MATCH = "The `ETag` of what is edited, as it was last read, or `*` for whatever it is now."
KEY = "A text of your own, of 16 signs or more, such as a UUID: a repeat with it gets the first answer, for a day."

_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
_KINDS = {"uuid": {"type": "string", "format": "uuid"}, "int": {"type": "integer", "minimum": 0}}
_REFUSALS = {
    400: "The request cannot be read.",
    401: "Nobody is signed in, or the token is not valid any more.",
    403: "The caller may not do this.",
    404: "There is no such thing, or not for this caller.",
    409: "It was right a moment ago and no longer is, or the same request is still being worked on.",
    412: "It has changed since it was read: read it again.",
    413: "The body is too large.",
    414: "The query is too long.",
    415: "The body is not JSON.",
    422: "A value or a rule of the shop is broken, or an Idempotency-Key was used for something else.",
    428: "An edit needs If-Match.",
    429: "Too many requests; Retry-After says how long to wait.",
}


class Fault(TypedDict, total=False):
    """What is wrong with one field of the body, or one parameter."""

    pointer: Annotated[str, Field(description="A JSON pointer into the body.")]
    parameter: str
    detail: str


class Problem(TypedDict):
    """Why a request was refused (RFC 9457); some kinds carry more fields, and new ones may come."""

    type: Annotated[str, Field(description="Names the kind and leads to its explanation; `about:blank` for none.")]
    title: str
    status: int
    detail: Annotated[str, Field(description="What happened and what to do, in words for people.")]
    request_id: str | None


@dataclass(frozen=True)
class Access:
    """How the contract says who may use an operation: the schemes that open it, any one of them."""

    schemes: tuple[str, ...] = ()
    optional: bool = False
    refusals: tuple[int, ...] = ()
    words: str = ""


def contract(
    api: Api, *, url: str, schemes: Mapping[str, Any], access: Callable[[Operation], Access]
) -> dict[str, Any]:
    """Write the whole contract of an API."""
    models = [(op.name, "validation", TypeAdapter(op.body)) for op in api.operations if op.body]
    models += [(op.name, "serialization", TypeAdapter(op.answer)) for op in api.operations if op.answer]
    models += [("problem", "serialization", TypeAdapter(Problem)), ("fault", "serialization", TypeAdapter(Fault))]
    schemas, shared = TypeAdapter.json_schemas(models, ref_template="#/components/schemas/{model}")
    examples = json.loads(api.examples.read_text())
    paths: dict[str, dict[str, Any]] = {}
    for op in api.operations:
        path = "/api/v1" + _PARAMETER.sub(r"{\2}", op.rule)
        paths.setdefault(path, {})[op.method.lower()] = _operation(op, schemas, access(op), examples)
    return {
        "openapi": "3.1.0",
        "info": {"title": api.title, "version": VERSION, "description": api.about},
        "servers": [{"url": url}],
        "tags": [{"name": name} for name in dict.fromkeys(op.area for op in api.operations)],
        "paths": paths,
        "components": {"schemas": shared.get("$defs", {}), "securitySchemes": dict(schemes)},
    }


def _operation(
    op: Operation, schemas: Mapping[Any, Any], access: Access, examples: Mapping[str, Any]
) -> dict[str, Any]:
    written: dict[str, Any] = {
        "operationId": op.name,
        "summary": op.summary,
        "tags": [op.area],
        "parameters": _parameters(op),
        "responses": _responses(op, schemas, access, examples),
        "security": [*({name: []} for name in access.schemes), *([{}] if access.optional else [])],
    }
    about = " ".join(filter(None, (op.about, access.words)))
    if about:
        written["description"] = about
    if op.body:
        content: dict[str, Any] = {"schema": schemas[(op.name, "validation")]}
        if op.example is not None:
            content["example"] = op.example
        written["requestBody"] = {"required": True, "content": {"application/json": content}}
    return written


def _parameters(op: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": _KINDS.get(kind, {"type": "string"})}
        for kind, name in _PARAMETER.findall(op.rule)
    ]
    if op.query:
        schema = op.query.model_json_schema()
        required = schema.get("required", ())
        for name, value in schema["properties"].items():
            told = {key: value.pop(key) for key in ("description",) if key in value}
            value.pop("title", None)
            found.append({"name": name, "in": "query", "required": name in required, "schema": _present(value), **told})
    for name, words in op.headers.items():
        found.append(_header(name, words))
    if op.method == "POST":
        key = _header("Idempotency-Key", KEY, minLength=16, maxLength=200, pattern="^[!-~]+$")
        found.append(key | {"required": op.once})
    if op.matches:
        found.append(_header("If-Match", MATCH) | {"required": True})
    return found


def _present(value: dict[str, Any]) -> dict[str, Any]:
    """Leave null out of a parameter that may be missing: in a query there is no null."""
    kinds = [kind for kind in value.pop("anyOf", ()) if kind.get("type") != "null"]
    if value.get("default", 0) is None:
        value.pop("default")
    return {**value, **kinds[0]} if len(kinds) == 1 else value | ({"anyOf": kinds} if kinds else {})


def _header(name: str, words: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": words,
            "schema": {"type": "string", **schema}}  # fmt: skip


def _responses(
    op: Operation, schemas: Mapping[Any, Any], access: Access, examples: Mapping[str, Any]
) -> dict[str, Any]:
    good: dict[str, Any] = {"description": op.summary}
    if op.answer is not None and op.status != 204:
        shown = {"example": examples[op.name]} if op.name in examples else {}
        good["content"] = {"application/json": {"schema": schemas[(op.name, "serialization")], **shown}}
    if op.tagged:
        good["headers"] = {"ETag": {"description": "For If-None-Match and If-Match.", "schema": {"type": "string"}}}
    found = {str(op.status): good}
    kinds = {*op.refusals, *access.refusals, 429}
    if op.query or op.body:
        kinds |= {400, 422}
    if op.query:
        kinds |= {414}
    if op.body:
        kinds |= {413, 415}
    if op.method == "POST":
        kinds |= {409, 422}
    if op.matches:
        kinds |= {412, 428}
    if _PARAMETER.search(op.rule):
        kinds |= {404}
    for status in sorted(kinds):
        found[str(status)] = _refusal(_REFUSALS[status])
    found["default"] = _refusal("Whatever else goes wrong.")
    return found


def _refusal(words: str) -> dict[str, Any]:
    return {"description": words, "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
