"""Reviews for machines: each verdict as a ClaimReview of schema.org, in JSON-LD.

What the properties mean is written at https://schema.org/ClaimReview; which of them are needed, at
https://developers.google.com/search/docs/appearance/structured-data/factcheck: the claim, the address of the page, and
a rating that has words (``alternateName``). A number (``ratingValue`` between ``worstRating`` and ``bestRating``) is
recommended, with 1 for false, 3 for half true and 5 for true. So `RATINGS` gives a number to every verdict that says
how far statement and data agree, and none to the two that do not: "inconclusive" and "cannot be checked" are not the
middle of the scale. A claim that is pending or not assessed has not been reviewed, and has no review.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup
from pybtex.database import parse_file
from pybtex.richtext import Text
from ruamel.yaml import YAML

from analysis.engine.claims import Claim
from analysis.engine.data.report import at_hand
from analysis.engine.data.sealed import DataError
from analysis.engine.ledger.entries import Entry
from analysis.engine.site.addresses import card_page
from analysis.engine.site.phrases import asserted_words, estimate_words
from analysis.engine.site.verdicts import QUIET, look
from analysis.engine.words import formats

#: Verdict -> number of its rating, from `WORST` to `BEST`; None where the verdict says nothing about agreement.
RATINGS: dict[str, int | None] = {
    "reproduced": 5,
    "supported": 5,
    "reproduced-minor": 4,
    "definition-ambiguous": 3,
    "differs-smaller": 2,
    "differs-larger": 2,
    "differs-opposite": 1,
    "contradicted": 2,  # as a bound that is missed by as much: the kind of claim does not make it falser
    "inconclusive": None,
    "not-reproducible": None,
}
WORST, BEST = 1, 5


@dataclass(frozen=True, slots=True)
class Report:
    """The report that is reviewed."""

    author: str
    title: str
    published: date


@dataclass(frozen=True, slots=True)
class Book:
    """The book as it is cited: `published` is the day that the site was built.

    `base` is the site's address and `repository` that of its sources, each empty where none is set.
    """

    title: str
    author: str
    version: str
    published: date
    base: str = ""
    repository: str = ""


def read_report(references: Path) -> Report:
    """The report at hand, from a BibTeX file whose entry of it has the ISO date of publication as its ``date``.

    Raises
    ------
    DataError
        If there is no such entry, or it lacks author, title or date.
    """
    key, entries = at_hand().reference, parse_file(str(references), bib_format="bibtex").entries
    if key not in entries or not {"title", "date"} <= set(entries[key].fields) or "author" not in entries[key].persons:
        raise DataError(f"{references.name}: needs an entry {key}, the report's, with author, title and ISO date")
    entry = entries[key]
    names = [
        " ".join([*person.first_names, *person.prelast_names, *person.last_names]) for person in entry.persons["author"]
    ]
    title = str(Text.from_latex(entry.fields["title"]))
    return Report(" and ".join(names), title, date.fromisoformat(entry.fields["date"]))


def read_book(citation: Path, *, published: date, base: str = "", repository: str = "") -> Book:
    """The book, from ``CITATION.cff``, and what that does not say."""
    found = YAML(typ="safe", pure=True).load(citation.read_text("utf-8"))
    authors = " and ".join(author["name"] for author in found["authors"])
    return Book(
        title=found["title"],
        author=authors,
        version=str(found["version"]),
        published=published,
        base=f"{base.rstrip('/')}/" if base else "",
        repository=repository.rstrip("/"),
    )


def review(entry: Entry, claim: Claim, *, report: Report, book: Book, on_card: bool = False) -> dict[str, Any] | None:
    """A verdict as a ClaimReview in JSON-LD; None where the claim is pending or not assessed.

    Parameters
    ----------
    entry : Entry
    claim : Claim
        The claim that it is about.
    report : Report
        Where the claim appeared.
    book : Book
        Who reviews it, and since when.
    on_card : bool
        Whether the review stands on the claim's card. Where the site has no address, one on the card gives the card's
        address as seen from there, another as seen from the site's root.
    """
    if entry.verdict in QUIET:
        return None
    author = {"@type": "Person", "name": report.author}
    published = report.published.isoformat()
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "identifier": entry.id,
        "url": f"{entry.id}.html" if on_card and not book.base else card_page(entry.id, book.base),
        "datePublished": book.published.isoformat(),
        "author": {"@type": "Organization", "name": book.author},
        "claimReviewed": entry.statement,
        "itemReviewed": {
            "@type": "Claim",
            "author": author,
            "datePublished": published,
            "appearance": {
                "@type": "Report",
                "name": report.title,
                "author": author,
                "datePublished": published,
                "pagination": f"paragraph {claim.place.paragraph}, sentence {claim.place.sentence}",
            },
        },
        "reviewRating": {
            **_rating(entry.verdict),
            "ratingExplanation": explanation(entry),
        },
    }


def explanation(entry: Entry) -> str:
    """Why a verdict is as it is, in a sentence or two."""
    asserted, on = asserted_words(entry.asserted), f"for {formats.day(entry.as_of)}"
    sentences = [f"Asserted: {asserted}."] if asserted else []
    if entry.estimate is not None:
        value, ends = estimate_words(entry.estimate)
        sentences.append(f"Found: {value} ({ends}; interval of {entry.estimate.interval_of}), {on}.")
    elif entry.evidence:
        sentences.append(f"Found: {formats.many(len(entry.evidence), 'row')} of evidence, {on}.")
    else:
        sentences.append(f"Nothing found, {on}.")
    if entry.reason:
        sentences.append(f"Reason: {entry.reason}.")
    if entry.certainty:
        sentences.append(f"Certainty: {entry.certainty.grade}.")
    return " ".join(sentences)


def script(found: Mapping[str, Any]) -> Markup:
    r"""A review as the element that carries it in a page; no text in it can end the element.

    Examples
    --------
    >>> print(script({"claimReviewed": "</script>"}))
    <script type="application/ld+json">{"claimReviewed": "\u003c/script\u003e"}</script>
    """
    return Markup('<script type="application/ld+json">{}</script>').format(htmlsafe_json_dumps(found))


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a list of reviews."""
    text, day = {"type": "string", "minLength": 1}, {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
    person = _object({"@type": {"const": "Person"}, "name": text})
    appearance = {"@type": {"const": "Report"}, "name": text, "author": person, "datePublished": day}
    claim = {"@type": {"const": "Claim"}, "author": person, "datePublished": day}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Reviews of one report's claims",
        "description": "A list of objects of type ClaimReview (https://schema.org/ClaimReview), one a reviewed claim.",
        "type": "array",
        "items": {"$ref": "#/$defs/review"},
        "$defs": {
            "review": _object(
                {
                    "@context": {"const": "https://schema.org"},
                    "@type": {"const": "ClaimReview"},
                    "identifier": text,
                    "url": {"type": "string", "pattern": r"(^|/)[^/]+\.html$"},
                    "datePublished": day,
                    "author": _object({"@type": {"const": "Organization"}, "name": text}),
                    "claimReviewed": text,
                    "itemReviewed": _object(claim | {"appearance": _object(appearance | {"pagination": text})}),
                    "reviewRating": {"oneOf": [_rating_schema(verdict) for verdict in RATINGS]},
                }
            )
        },
    }


def _rating(verdict: str) -> dict[str, Any]:
    value = RATINGS[verdict]
    scale = {} if value is None else {"ratingValue": value, "bestRating": BEST, "worstRating": WORST}
    return {"@type": "Rating", "alternateName": look(verdict).said} | scale


def _rating_schema(verdict: str) -> dict[str, Any]:
    fixed = {name: {"const": value} for name, value in _rating(verdict).items()}
    return _object(fixed | {"ratingExplanation": {"type": "string", "minLength": 1}})


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Schema of an object that has exactly these properties."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
