"""What a build of the site reads once: ledger, claims, sources, and what the book and the report are called."""

from functools import cache
from pathlib import Path

from sphinx.application import Sphinx

from analysis.engine import claims
from analysis.engine.data import clock
from analysis.engine.data.report import at_hand
from analysis.engine.data.tables import load
from analysis.engine.ledger import ledger
from analysis.engine.ledger.entries import Entry
from analysis.engine.site.claim_review import Book, Report, read_book, read_report


@cache
def entries() -> dict[str, Entry]:
    """The ledger by claim id."""
    return {entry.id: entry for entry in ledger.entries()}


@cache
def declared() -> dict[str, claims.Claim]:
    """Claims by id."""
    return claims.load_claims()


@cache
def sources() -> dict[str, dict[str, str]]:
    """Title, address, commit and stated licence of each source, by its id; empty where there is none.

    Examples
    --------
    >>> sorted(next(iter(sources().values())))
    ['address', 'commit', 'licence_as_stated', 'title']
    """
    table = load("sources").set_index("source_id")
    return table[["title", "address", "commit", "licence_as_stated"]].fillna("").to_dict("index")


def forget() -> None:
    """Read all anew: a build begins."""
    for kept in (entries, declared, sources):
        kept.cache_clear()


def book(app: Sphinx) -> Book:
    """What the book is called, from ``CITATION.cff``, and its addresses, from ``_config.yml``."""
    repository = app.config.html_theme_options.get("repository_url") or ""
    return read_book(
        at_hand().root / "CITATION.cff", published=clock.today(), base=app.config.html_baseurl, repository=repository
    )


def report(app: Sphinx) -> Report:
    """What the report is called, from the bibliography."""
    return read_report(Path(app.srcdir) / "references.bib")
