"""Source pages: the code behind the verdicts, so that a card can lead to the very line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from inspect import unwrap

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from analysis.engine.site.addresses import source_page
from analysis.engine.site.html import render


@dataclass(frozen=True, slots=True)
class Location:
    """Where a function stands: the module that defines it, its name there, its first line."""

    module: str
    name: str
    line: int

    @property
    def address(self) -> str:
        """Address of that line, from the site's root."""
        return f"{source_page(self.module)}#L{self.line}"


def locate(computed_by: str) -> Location:
    """Find where a function is defined, however it is imported.

    Parameters
    ----------
    computed_by : str
        ``module:function``, as in the ledger.

    Examples
    --------
    >>> found = locate("analysis.engine.claims:load_claims")
    >>> found.module, found.name, found.line > 1
    ('analysis.engine.claims.claims', 'load_claims', True)
    """
    module, _, name = computed_by.partition(":")
    function = unwrap(getattr(import_module(module), name))
    return Location(function.__module__, function.__qualname__, function.__code__.co_firstlineno)


def page(module: str, code: str, *, claims: Mapping[str, Location], imports: Sequence[str], prefix: str) -> Markup:
    """Body of a module's page.

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
    """
    lines = highlight(code, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)).rstrip("\n").split("\n")
    return render(
        "source", module=module, lines=list(map(Markup, lines)), claims=claims, imports=imports, prefix=prefix
    )
