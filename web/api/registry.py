"""The table of operations of an API: each names its models, and both the routes and the contract are made of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from flask import Blueprint, Response

from web.api.answers import written
from web.api.bodies import Body, Query, read_body, read_query
from web.csrf import csrf_exempt

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One thing that can be asked for.

    `answer` is the model of what comes back, None for an empty answer; `headers` are the request headers it reads, by
    name with what they hold; `matches` says that it takes If-Match, and `once` that it is done for nobody without an
    Idempotency-Key; `example` is a body that works.
    """

    method: str
    rule: str
    name: str
    summary: str
    about: str
    area: str
    view: Callable[..., Any]
    query: type[Query] | None
    body: type[Body] | None
    answer: Any
    status: int
    refusals: tuple[int, ...]
    headers: dict[str, str]
    matches: bool
    once: bool
    policy: str | None
    tagged: bool
    example: dict[str, Any] | None


@dataclass
class Api:
    """An API: its blueprint, its operations, and what it says of itself.

    `examples` is a file with an answer of each operation, by name.
    """

    name: str
    title: str
    about: str
    import_name: str
    examples: Path
    operations: list[Operation] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bp = Blueprint("api", self.import_name, url_prefix="/api/v1")

    def get(self, rule: str, **more: Any) -> Callable[[View], View]:
        """Register a reading operation."""
        return self._operation("GET", rule, **more)

    def post(self, rule: str, *, status: int = 201, **more: Any) -> Callable[[View], View]:
        """Register an operation that makes something or has something done; it takes an Idempotency-Key."""
        return self._operation("POST", rule, status=status, **more)

    def put(self, rule: str, **more: Any) -> Callable[[View], View]:
        """Register an edit that sends the whole; it takes If-Match."""
        return self._operation("PUT", rule, matches=True, **more)

    def patch(self, rule: str, **more: Any) -> Callable[[View], View]:
        """Register an edit that sends what changes; it takes If-Match."""
        return self._operation("PATCH", rule, matches=True, **more)

    def delete(self, rule: str, *, matches: bool = True, **more: Any) -> Callable[[View], View]:
        """Register a removal; it takes If-Match where there is something to be compared."""
        return self._operation("DELETE", rule, matches=matches, **more)

    def _operation(
        self,
        method: str,
        rule: str,
        *,
        area: str,
        answer: Any = None,
        query: type[Query] | None = None,
        body: type[Body] | None = None,
        status: int = 200,
        refusals: tuple[int, ...] = (),
        headers: dict[str, str] | None = None,
        matches: bool = False,
        once: bool = False,
        policy: str | None = None,
        tagged: bool = True,
        example: dict[str, Any] | None = None,
    ) -> Callable[[View], View]:
        def add(view: View) -> View:
            summary, _, about = (view.__doc__ or "").strip().partition("\n")
            operation = Operation(
                method=method, rule=rule, name=view.__name__, summary=summary.rstrip("."),
                about=" ".join(about.split()), area=area, view=view, query=query, body=body, answer=answer,
                status=status, refusals=refusals, headers=headers or {}, matches=matches, once=once, policy=policy,
                tagged=tagged and (method == "GET" or matches), example=example,
            )  # fmt: skip
            self.operations.append(operation)
            self.bp.add_url_rule(rule, view.__name__, _caller(operation), methods=[method])
            return view

        return add


def _caller(operation: Operation) -> Callable[..., Response]:
    """Make the view that Flask calls: it reads what was sent, and writes what comes back."""
    body, query, view = operation.body, operation.query, operation.view
    status, policy, tagged = operation.status, operation.policy, operation.tagged

    @csrf_exempt  # no cookie is ever read here, so that there is nothing for another site to abuse
    @wraps(view)
    def call(**path: Any) -> Response:
        given = () if query is None else (read_query(query),)
        if body is not None:
            given = (*given, read_body(body))
        return written(view(*given, **path), status=status, policy=policy, tagged=tagged)

    return call
