"""Jinja as both apps use it, with the three shortcuts that a page of a thousand values pays for."""

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

# The C function behind `escape`, which alone makes a Markup of each result: here it only becomes part of a text.
from markupsafe import _escape_inner as escape_text  # type: ignore[attr-defined]


def written(value: object) -> str:
    """Escape a value for a page, as `escape` does, but as a plain text."""
    kind = type(value)
    if kind is str:
        escaped: str = escape_text(value)
        return escaped
    if kind is Markup:
        return value  # type: ignore[return-value]
    return str(value) if kind is int else escape(value)


class Pages(CodeGenerator):
    """Writes templates as Python that escapes by `written` and hands over a run of output in one piece."""

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 - Jinja's own name
        """Gather what stands between two tags: handed over bit by bit, each bit climbs through every layout."""
        if frame.buffer is not None or frame.require_output_check or len(node.nodes) < 3:
            super().visit_Output(node, frame)
            return
        inner = frame.copy()
        inner.buffer = self.temporary_identifier()
        self.writeline(f"{inner.buffer} = []")
        super().visit_Output(node, inner)
        self.writeline(f"yield concat({inner.buffer})")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.written(")


class Templates(Environment):
    """Jinja whose globals are one plain dict, as they are complete before the first template is loaded."""

    code_generator_class = Pages
    written = staticmethod(written)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Merge them once; the stock chain of dicts is walked again for every page and every import."""
        return {**self.globals, **(d or {})}
