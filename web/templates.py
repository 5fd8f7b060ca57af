"""Jinja as both apps use it, with the shortcuts that a page of a thousand values pays for."""

from collections.abc import Iterable, Iterator, MutableMapping
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.runtime import Macro, markup_join, missing
from markupsafe import Markup, escape

# The C function behind `escape`, which alone makes a Markup of each result: here it only becomes part of a text.
from markupsafe import _escape_inner as escape_text  # type: ignore[attr-defined]

# Makes a Markup of a text that was escaped as it was written; Markup itself would first look whether it was.
as_markup = str.__new__


def written(value: object) -> str:
    """Escape a value for a page, as `escape` does, but as a plain text."""
    kind = type(value)
    if kind is str:
        escaped: str = escape_text(value)
        return escaped
    if kind is Markup:
        return value  # type: ignore[return-value]
    return str(value) if kind is int else escape(value)


def joined(parts: Iterable[object]) -> str:
    """Put together what `~` stands between, as `markup_join` does; plain texts, which most are, at once."""
    for part in parts:
        if type(part) is not str:
            return markup_join(parts)
    return "".join(parts)  # type: ignore[arg-type]


class LightMacro(Macro):
    """A macro without caller and loose arguments: it takes what it is given and asks for no context."""

    def __call__(self, *args: Any, **kwargs: Any) -> Markup:
        """Call it; what is not given becomes its default in the macro itself."""
        given = len(args)
        if given == self._argument_count and not kwargs:
            return as_markup(Markup, self._func(*args))
        rest = [kwargs.pop(name, missing) for name in self.arguments[given:]]
        if kwargs or given > self._argument_count:
            raise TypeError(f"macro {self.name!r} takes {', '.join(self.arguments)}, not {args} and {kwargs}")
        return as_markup(Markup, self._func(*args, *rest))


class Pages(CodeGenerator):
    """Writes templates as Python that takes the short way where there is one, and the stock way where there is none."""

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

    def writeline(self, x: str, node: nodes.Node | None = None, extra: int = 0) -> None:
        """Hand a block and an included template over in one piece too."""
        if x.startswith("yield from context.blocks["):
            x = f"yield concat({x.removeprefix('yield from ')})"
        elif x.startswith("gen = template.root_render_func("):
            x = f"gen = environment.in_one({x.removeprefix('gen = ')})"
        super().writeline(x, node, extra)

    def _plain(self, frame: Frame, finalize: Any) -> bool:
        return not frame.eval_ctx.volatile and bool(frame.eval_ctx.autoescape) and finalize.src is None

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if self._plain(frame, finalize):
            value = self.temporary_identifier()
            self.written.append(value)
            self.write(f"(environment.escape_text({value}) if type({value} := ")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if self._plain(frame, finalize):
            self.write(f") is str else environment.written({self.written.pop()}))")
        else:
            super()._output_child_post(node, frame, finalize)

    @property
    def written(self) -> list[str]:
        """The names of the values that are being written out."""
        found: list[str] = self.__dict__.setdefault("_written", [])
        return found

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja's own name
        """Put texts together our own way."""
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super().visit_Concat(node, frame)
            return
        self.write("environment.joined((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's own name
        """Look at the attribute itself; what has none goes the long way, by its keys."""
        thing, value = self.temporary_identifier(), self.temporary_identifier()
        self.write(f"({value} if ({value} := getattr(({thing} := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, missing)) is not missing else environment.getattr({thing}, {node.attr!r}))")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """Make a macro, a light one where it can be."""
        if macro_ref.accesses_kwargs or macro_ref.accesses_varargs or macro_ref.accesses_caller:
            super().macro_def(macro_ref, frame)
        else:
            names = tuple(argument.name for argument in macro_ref.node.args)
            name = getattr(macro_ref.node, "name", None)
            self.write(f"environment.LightMacro(environment, macro, {name!r}, {names!r}, False, False, False, True)")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        """Call a light macro, a function or a method at once: ours never ask for the context, as other things may."""
        if forward_caller or node.dyn_args or node.dyn_kwargs:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        thing = self.temporary_identifier()
        self.write(f"({thing}(")
        for at, argument in enumerate([*node.args, *node.kwargs]):
            self.write(", " if at else "")
            self.visit(argument, frame)
        self.write(f") if type({thing} := ")
        self.visit(node.node, frame)
        self.write(f") in environment.AT_ONCE else context.call({thing}")
        known = [name for name, held in (("_loop_vars", frame.loop_frame), ("_block_vars", frame.block_frame)) if held]
        self.signature(node, frame, {name: name for name in known} or None)
        self.write("))")


class Templates(Environment):
    """Jinja whose globals are one plain dict, as they are complete before the first template is loaded."""

    code_generator_class = Pages
    LightMacro = LightMacro
    AT_ONCE = frozenset({LightMacro, BuiltinMethodType, FunctionType, MethodType})
    joined = staticmethod(joined)
    written = staticmethod(written)
    escape_text = staticmethod(escape_text)

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options)
        self._loaded: dict[str, Template] = {}

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        """Hand over at once what was loaded before: templates never change while an app runs."""
        found = self._loaded.get(name) if globals is None and isinstance(name, str) else None
        if found is None:
            found = super().get_template(name, parent, globals)
            if globals is None and found.name is not None:
                self._loaded[found.name] = found
        return found

    def in_one(self, output: Iterator[str]) -> Iterator[str]:
        """Hand over what a template writes in one piece."""
        yield self.concat(output)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Merge them once; the stock chain of dicts is walked again for every page and every import."""
        return {**self.globals, **(d or {})}
