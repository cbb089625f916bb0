"""Texts to copy from a card: how to cite a verdict, how to object to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from analysis.engine.site.claim_review import Book
from analysis.engine.site.verdicts import card_page, look
from analysis.engine.words import formats

SHORT = 12
"""Characters of a hash that are shown."""
_TEX = str.maketrans({sign: f"\\{sign}" for sign in "%&_#$"} | {"{": r"\{", "}": r"\}", "\\": r"\textbackslash{}"})


def hashes(record: Mapping[str, Any]) -> dict[str, str]:
    """What a verdict rests on, by name: tables, code, definition; whole hashes.

    Parameters
    ----------
    record : mapping
        A ledger record.

    Returns
    -------
    dict

    Examples
    --------
    >>> hashes({"tables": {"tokens": "9f2c"}, "code_sha256": None, "definition_sha256": "0a1b"})
    {'table tokens': '9f2c', 'definition': '0a1b'}
    """
    found = {f"table {name}": digest for name, digest in record["tables"].items()}
    found |= {name: record[f"{name}_sha256"] for name in ("code", "definition")}
    return {name: digest for name, digest in found.items() if digest}


def citation(record: Mapping[str, Any], book: Book) -> str:
    """A verdict's citation, in a sentence to copy.

    Parameters
    ----------
    record : mapping
        A ledger record.
    book : Book

    Returns
    -------
    str

    Examples
    --------
    >>> from datetime import date
    >>> record = {"id": "R1", "statement": "It rose.", "verdict": "differs-opposite", "as_of": "2025-12-31",
    ...     "tables": {}, "code_sha256": None, "definition_sha256": None}
    >>> citation(record, Book("Book", "Authors", "1.0", date(2026, 11, 22))).replace(formats.SPACE, " ")
    'Authors (2026). Claim R1: “It rose.” In: Book, version 1.0, built 22 Nov 2026. Verdict: differs, with the opposite
    sign; as of 31 Dec 2025.'
    """
    rests = ", ".join(f"{name} {digest[:SHORT]}" for name, digest in hashes(record).items())
    return (
        f"{book.author} ({book.published.year}). Claim {record['id']}: “{record['statement']}” In: {book.title}, "
        f"{_edition(book)}{_address(record, book)}. Verdict: {look(record['verdict']).said}; as of "
        f"{formats.day(record['as_of'])}." + (f" SHA-256: {rests}." if rests else "")
    )


def bibtex(record: Mapping[str, Any], book: Book) -> str:
    r"""A verdict's citation as a BibTeX entry.

    Parameters
    ----------
    record : mapping
        A ledger record.
    book : Book

    Returns
    -------
    str

    Examples
    --------
    >>> from datetime import date
    >>> record = {"id": "R1", "statement": "It rose 5 %.", "verdict": "pending", "as_of": "2025-12-31", "tables": {},
    ...     "code_sha256": None, "definition_sha256": None}
    >>> print(bibtex(record, Book("Book", "Authors", "1.0", date(2026, 11, 22))).splitlines()[2])
      title        = {Claim R1: It rose 5 \%.},
    """
    rests = "; ".join(f"{name} sha256:{digest[:SHORT]}" for name, digest in hashes(record).items())
    verdict = f"Verdict: {look(record['verdict']).said}, as of {record['as_of']}; {_edition(book)}"
    fields = {
        "author": f"{{{_tex(book.author)}}}",
        "title": _tex(f"Claim {record['id']}: {record['statement']}"),
        "year": str(book.published.year),
        "howpublished": _tex(f"In: {book.title}, {_edition(book)}{_address(record, book)}"),
        "note": _tex(f"{verdict}. {rests}" if rests else verdict),
    }
    lines = ",\n".join(f"  {name:<12} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{claim_{record['id']},\n{lines}\n}}"


def objection(record: Mapping[str, Any], book: Book) -> str:
    """The beginning of an objection, with all that says which verdict is meant.

    Parameters
    ----------
    record : mapping
        A ledger record.
    book : Book

    Returns
    -------
    str

    Examples
    --------
    >>> from datetime import date
    >>> record = {"id": "R1", "verdict": "pending", "as_of": "2025-12-31", "tables": {"tokens": "9f2c"},
    ...     "code_sha256": None, "definition_sha256": None}
    >>> print(objection(record, Book("Book", "Authors", "1.0", date(2026, 11, 22))).splitlines()[0])
    Claim: R1 (pending, as of 2025-12-31)
    """
    return "\n".join(_objection(record, book))


def _objection(record: Mapping[str, Any], book: Book) -> Iterator[str]:
    yield f"Claim: {record['id']} ({look(record['verdict']).said}, as of {record['as_of']})"
    yield f"Book: {book.title}, {_edition(book)}{_address(record, book)}"
    for name, digest in hashes(record).items():
        yield f"{name[0].upper()}{name[1:]}: sha256 {digest[:SHORT]}"
    yield "What is wrong (row and column, definition, rule or function):"
    yield "What it should be (public source, its date, its address):"
    yield "Which verdict follows, if you have run it:"


def where_to_object(book: Book, what: str) -> Markup:
    """Where an objection goes: the tracker of the repository, if the book names one.

    Parameters
    ----------
    book : Book
    what : str
        What is to be sent where there is no tracker.

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> from datetime import date
    >>> book = Book("Book", "Authors", "1.0", date(2026, 11, 22))
    >>> print(where_to_object(book, "it"))
    This copy names no public address: send it to whoever gave you the site, or open an issue in the repository that
    it was built from.
    >>> from dataclasses import replace
    >>> print(where_to_object(replace(book, repository="https://example.org/book"), "it"))
    Open an issue at <a href="https://example.org/book/issues">https://example.org/book/issues</a>.
    """
    if book.repository:
        return Markup('Open an issue at <a href="{0}/issues">{0}/issues</a>.').format(book.repository)
    return Markup(
        "This copy names no public address: send {} to whoever gave you the site, or open an issue in the repository "
        "that it was built from."
    ).format(what)


def _edition(book: Book) -> str:
    return f"version {book.version}, built {formats.day(book.published)}"


def _address(record: Mapping[str, Any], book: Book) -> str:
    return f", {card_page(record['id'], book.base)}" if book.base else ""


def _tex(text: str) -> str:
    return " ".join(text.translate(_TEX).split())
