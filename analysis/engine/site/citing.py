"""Texts to copy from a card: how to cite a verdict, how to object to it."""

from analysis.engine.ledger.entries import Entry
from analysis.engine.site.addresses import card_page
from analysis.engine.site.claim_review import Book
from analysis.engine.site.html import SHORT
from analysis.engine.site.verdicts import look
from analysis.engine.words import formats

_TEX = str.maketrans({sign: f"\\{sign}" for sign in "%&_#$"} | {"{": r"\{", "}": r"\}", "\\": r"\textbackslash{}"})


def hashes(entry: Entry) -> dict[str, str]:
    """What a verdict rests on, by name: tables, code, definition; whole hashes."""
    tables = {f"table {name}": digest for name, digest in entry.tables.items()}
    return tables | {"code": entry.code_sha256, "definition": entry.definition_sha256}


def citation(entry: Entry, book: Book) -> str:
    """A verdict's citation, in a sentence to copy."""
    rests = ", ".join(f"{name} {digest[:SHORT]}" for name, digest in hashes(entry).items())
    return (
        f"{book.author} ({book.published.year}). Claim {entry.id}: “{entry.statement}” In: {book.title}, "
        f"{_edition(entry, book)}. Verdict: {look(entry.verdict).said}; as of {formats.day(entry.as_of)}. "
        f"SHA-256: {rests}."
    )


def bibtex(entry: Entry, book: Book) -> str:
    """A verdict's citation as a BibTeX entry."""
    rests = "; ".join(f"{name} sha256:{digest[:SHORT]}" for name, digest in hashes(entry).items())
    verdict = f"Verdict: {look(entry.verdict).said}, as of {entry.as_of}; {_version(book)}"
    fields = {
        "author": f"{{{_tex(book.author)}}}",
        "title": _tex(f"Claim {entry.id}: {entry.statement}"),
        "year": str(book.published.year),
        "howpublished": _tex(f"In: {book.title}, {_edition(entry, book)}"),
        "note": _tex(f"{verdict}. {rests}"),
    }
    lines = ",\n".join(f"  {name:<12} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{claim_{entry.id},\n{lines}\n}}"


def objection(entry: Entry, book: Book) -> str:
    """The beginning of an objection, with all that says which verdict is meant."""
    lines = (
        f"Claim: {entry.id} ({look(entry.verdict).said}, as of {entry.as_of})",
        f"Book: {book.title}, {_edition(entry, book)}",
        *(f"{name[0].upper()}{name[1:]}: sha256 {digest[:SHORT]}" for name, digest in hashes(entry).items()),
        "What is wrong (row and column, definition, rule or function):",
        "What it should be (public source, its date, its address):",
        "Which verdict follows, if you have run it:",
    )
    return "\n".join(lines)


def _version(book: Book) -> str:
    return f"version {book.version}, built {formats.day(book.published)}"


def _edition(entry: Entry, book: Book) -> str:
    return _version(book) + (f", {card_page(entry.id, book.base)}" if book.base else "")


def _tex(text: str) -> str:
    return " ".join(text.translate(_TEX).split())
