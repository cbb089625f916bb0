"""The site's HTML as Jinja2 templates: whatever text they are given is escaped, and what they lack is an error.

A line break in a template, with the indentation after it, is no part of the page; a space that is stands in a line.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup, escape

from analysis.engine.claims.judge import GRADES
from analysis.engine.ledger.records import expired
from analysis.engine.site import phrases
from analysis.engine.site.addresses import CARDS, card_page, source_page
from analysis.engine.site.verdicts import LEVELS, LOOKS, QUIET, look
from analysis.engine.words import formats

SHORT = 12
"""Characters of a hash that are shown."""


class _Unbroken(Extension):
    """Takes line breaks and indentation out of a template's text."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            if token.type == "data":
                token = Token(token.lineno, "data", re.sub(r"\s*\n\s*", "", token.value))
            yield token


def bdi(words: object) -> Markup:
    """Text that comes from a table or a claim: set apart from the direction of the text around it, its lines kept.

    Examples
    --------
    >>> print(bdi("a <b>"))
    <bdi>a &lt;b&gt;</bdi>
    """
    return Markup("<bdi>{}</bdi>").format(words)


def coded(words: str) -> Markup:
    """Text of a claim, as `bdi`, with what stands between backticks set as code.

    Examples
    --------
    >>> print(coded("the `yields` that <b>"))
    <bdi>the <code>yields</code> that &lt;b&gt;</bdi>
    """
    return bdi(Markup(re.sub(r"`([^`]*)`", r"<code>\1</code>", str(escape(words)))))


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader(__package__), autoescape=True, undefined=StrictUndefined, extensions=[_Unbroken]
    )
    numbers = ("day", "interval", "listed", "many", "number", "quantity", "share", "size")
    words = ("asserted", "ends", "estimate", "evidence", "interval", "region", "support")
    made.filters |= {name: getattr(formats, name) for name in numbers}
    made.filters |= {f"{name}_words": getattr(phrases, f"{name}_words") for name in words}
    own = (bdi, coded, card_page, source_page, expired, look)
    made.filters |= {function.__name__: function for function in own}
    made.globals |= {
        "CARDS": CARDS, "GRADES": GRADES, "LEVELS": LEVELS, "LOOKS": LOOKS, "QUIET": QUIET, "SHORT": SHORT,
    }  # fmt: skip
    return made


_TEMPLATES = _environment()


def render(name: str, /, **context: Any) -> Markup:
    """A page's part, by the template of that name."""
    return Markup(_TEMPLATES.get_template(f"{name}.html").render(context))


def macro(name: str) -> Callable[..., Markup]:
    """A part that several templates share, by its name."""
    return getattr(_TEMPLATES.get_template("macros.html").module, name)
