"""Templates are compiled our own way; what comes out must be what stock Jinja writes."""

from typing import Any

import pytest
from flask import Flask
from jinja2 import Environment, StrictUndefined, UndefinedError
from markupsafe import Markup

import admin
import storefront
from domain.shared.db import Sessions
from domain.shared.settings import Settings
from web.templates import Templates

HOSTILE = "<b class='x'>\"&</b>"
SOURCE = """
{% macro shout(what, end, more="!") %}<i>{{ what }}</i>{{ end }}{{ more }}{% endmacro %}
{% macro framed(title) %}<b>{{ title }}</b>{{ caller() }}{% endmacro %}
<p title="{{ text }}">{{ text }} {{ safe }} {{ number }} {{ nothing }} {{ truth }} {{ text ~ safe }} {{ amounts }}</p>
{% for one in amounts %}{{ loop.index }}: {{ one }}{% if not loop.last %}, {% endif %}{% endfor %}
{% set kept %}[{{ text }}|{{ safe }}]{% endset %}
{{ kept }} {{ shout(text, safe) }} {{ shout(end=text, what=shout(safe, number), more=none) }}
{% for one in amounts %}{{ shout(one, loop.index) }}{% endfor %} {% call framed(text) %}{{ number }}{% endcall %}
{{ place.name }} {{ place["name"] }} {{ text.title() }} {{ amounts.index(1.5) }} {{ "<i>".upper() }}
{{ text ~ "<b>" ~ number }} {{ "/p/" ~ place.name ~ text }}
{{ text | upper }} {{ [text, text] | join(' ') }}
{% block inner %}{{ number }}: {{ text }} and {{ safe }}{% endblock %}
{% filter upper %}{{ text }} {{ number }} {{ safe }}{% endfilter %}
"""
VALUES = {"text": HOSTILE, "safe": Markup("<em>&amp;</em>"), "number": 7, "nothing": None, "truth": True,
          "amounts": [1.5, HOSTILE, Markup("<hr>")], "place": {"name": "Cork & Sons"}}  # fmt: skip
OPTIONS: dict[str, Any] = {"autoescape": True, "undefined": StrictUndefined, "trim_blocks": True}


def ours(source: str) -> str:
    return Templates(Flask(__name__), **OPTIONS).from_string(source).render(VALUES)


def stock(source: str) -> str:
    return Environment(**OPTIONS).from_string(source).render(VALUES)  # noqa: S701 - OPTIONS escape


def test_pages_are_the_same_as_by_stock_jinja() -> None:
    page = ours(SOURCE)

    assert page == stock(SOURCE)
    assert "<b class" not in page
    assert "&lt;b class=&#39;x&#39;&gt;&#34;&amp;&lt;/b&gt;" in page


def test_a_name_that_is_missing_still_fails() -> None:
    with pytest.raises(UndefinedError, match="mising"):
        ours("<p>{{ text }} {{ mising }}</p>")


def test_an_attribute_that_is_missing_still_fails() -> None:
    with pytest.raises(UndefinedError, match="colour"):
        ours("<p>{{ place.colour }}</p>")


@pytest.mark.parametrize("call", ["shout(1, 2, 3, 4)", "shout(1, loud=2)"])
def test_a_macro_that_is_called_wrongly_still_fails(call: str) -> None:
    source = "{% macro shout(what, end, more='') %}{{ what }}{% endmacro %}"
    with pytest.raises(TypeError, match="shout"):
        ours(f"{source}<p>{{{{ {call} }}}}</p>")


def test_a_text_that_is_not_escaped_on_purpose_stays_so() -> None:
    source = "{% autoescape false %}{{ text }} and {{ number }}{% endautoescape %}{{ text }}"

    assert ours(source) == stock(source)
    assert ours(source).startswith(f"{HOSTILE} and 7&lt;b")


def test_nothing_that_pages_call_asks_for_the_context(settings: Settings, sessions: Sessions) -> None:
    for make in (storefront.create_app, admin.create_app):
        called = make(settings=settings, sessions=sessions).jinja_env.globals.values()
        at_once = [thing for thing in called if type(thing) in Templates.AT_ONCE]
        assert at_once
        assert not any(hasattr(thing, "jinja_pass_arg") for thing in at_once)
