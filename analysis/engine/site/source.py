"""Source pages: the code behind the verdicts, so that a card can lead to the very line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from inspect import unwrap

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from analysis.engine.site.verdicts import card_page
from analysis.engine.words import formats

FOLDER = "source"


@dataclass(frozen=True, slots=True)
class Location:
    """Where a function stands: the module that defines it, its name there, its first line."""

    module: str
    name: str
    line: int

    @property
    def address(self) -> str:
        """Address of that line, from the site's root."""
        return f"{address(self.module)}#L{self.line}"


def address(module: str) -> str:
    """Address of a module's page, from the site's root.

    Parameters
    ----------
    module : str
        Full name.

    Returns
    -------
    str

    Examples
    --------
    >>> address("analysis.engine.words.formats")
    'source/analysis.engine.words.formats.html'
    """
    return f"{FOLDER}/{module}.html"


def locate(computed_by: str) -> Location:
    """Find where a function is defined, however it is imported.

    Parameters
    ----------
    computed_by : str
        ``module:function``, as in the ledger.

    Returns
    -------
    Location

    Examples
    --------
    >>> found = locate("analysis.returns:assess_r1")
    >>> found.module, found.name, found.line > 1
    ('analysis.returns.category', 'assess_r1', True)
    """
    module, _, name = computed_by.partition(":")
    function = unwrap(getattr(import_module(module), name))
    return Location(function.__module__, function.__qualname__, function.__code__.co_firstlineno)


def page(module: str, code: str, *, claims: Mapping[str, Location], imports: Sequence[str], prefix: str) -> Markup:
    r"""Body of a module's page.

    Parameters
    ----------
    module : str
        Full name.
    code : str
        Its source.
    claims : mapping
        Ids of the claims that rest on the module, each with where its function stands.
    imports : sequence of str
        Modules that it imports and that have a page.
    prefix : str
        What leads from the page to the site's root.

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> html = page("a.b", "x = '<b>'\n", claims={"R1": Location("a.b", "f", 1)}, imports=["a.c"], prefix="../")
    >>> 'id="L1"' in html, "&lt;b&gt;" in html, 'href="#L1"' in html, 'href="../claims/R1.html"' in html
    (True, True, True, True)
    """
    lines = highlight(code, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)).rstrip("\n").split("\n")
    numbered = "".join(  # each line is a block and ends itself, so that copied code keeps its lines
        f'<span class="line" id="L{number}" data-line="{number}">{line}\n</span>'
        for number, line in enumerate(lines, start=1)
    )
    return Markup(
        '<section class="source-page"><h1>{title}</h1>{facts}<div class="source-code notranslate" role="region" '
        'tabindex="0" aria-label="Source of {module}"><div class="highlight"><pre>{code}</pre></div></div></section>'
    ).format(
        module=module,
        title=Markup(".<wbr>").join(module.split(".")),
        facts=_facts(module, claims, imports, prefix, len(lines)),
        code=Markup(numbered),
    )


def _facts(module: str, claims: Mapping[str, Location], imports: Sequence[str], prefix: str, lines: int) -> Markup:
    said = [Markup("<p>{}. {} on it: {}.</p>").format(
        formats.many(lines, "line"),
        "Rests" if len(claims) == 1 else "Rest",
        Markup(", ").join(_claim(claim, where, module, prefix) for claim, where in claims.items()),
    )]  # fmt: skip
    if imports:
        links = (Markup('<a href="{}{}"><code>{}</code></a>').format(prefix, address(name), name) for name in imports)
        said.append(Markup("<p>Imports {}.</p>").format(Markup(", ").join(links)))
    return Markup('<div class="facts">{}</div>').format(Markup("").join(said))


def _claim(claim: str, where: Location, module: str, prefix: str) -> Markup:
    card = Markup('<a href="{}">claim {}</a>').format(card_page(claim, prefix), claim)
    if where.module != module:
        return card
    return Markup('{} by <a href="#L{}"><code>{}</code></a>').format(card, where.line, where.name)
