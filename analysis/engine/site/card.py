"""Claim cards: all that the book knows about one claim, on a page of its own, and in short at the end of its section.

A card has what a reader needs first in a box (verdict, figures, curve) and below it, in sections, how the claim is
judged, what was found, how sure that is, what it rests on, and how to cite it and to object. A chapter opens with what
it is about, then says in short what was found, then shows the strip of each claim.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup

from analysis.engine.claims import Claim
from analysis.engine.data.chapters import titles
from analysis.engine.ledger.entries import Entry
from analysis.engine.site.citing import bibtex, citation, objection
from analysis.engine.site.claim_review import Book
from analysis.engine.site.curve import curve
from analysis.engine.site.html import render
from analysis.engine.site.picture import picture
from analysis.engine.site.source import Location

KINDS = {
    "bound": "bound: more, or less, than a figure",
    "magnitude": "magnitude: a figure or a range",
    "forecast": "forecast: a figure at a later date",
    "ordering": "ordering: one thing ranks above another",
    "direction": "direction: which way something goes",
    "existence": "existence: that something is or was done",
}
#: Why nothing can be said, in the ledger's words and in ours.
REASONS = {
    "missing": "the data that it needs are missing",
    "not public": "the data that it needs are not public",
    "conflicting": "the data conflict",
}
#: Steps that certainty can go down by, as a reason begins, in the order in which the rubric lists them.
STEPS = ("imprecision", "indirectness", "inconsistency", "reliability", "bias")
#: Class that colours a bearing.
BEARINGS = {"supports": "yes", "contradicts": "no", "neutral": "none"}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a card refers to and the claim itself does not hold."""

    book: Book
    today: date
    prefix: str = ""
    """what leads from the page to the site's root"""
    pages: frozenset[str] = frozenset()
    """names of the site's pages"""
    before: str | None = None
    after: str | None = None
    """ids of the previous and of the next claim"""
    function: Location | None = None
    """the function that assesses the claim"""
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """title and address of each source, by its id"""
    files: Mapping[str, str] = field(default_factory=dict)
    """file name of each table, by its name"""


def claim_card(entry: Entry, claim: Claim, around: Surroundings) -> Markup:
    """A claim's whole card."""
    taken, others = steps(entry.certainty.reasons if entry.certainty else ())
    return render(
        "card",
        entry=entry,
        claim=claim,
        around=around,
        chapter=titles()[entry.chapter],
        drawn=picture(entry),
        curve=curve(entry),
        kinds=KINDS,
        reasons=REASONS,
        bearings=BEARINGS,
        steps=taken,
        others=others,
        citation=citation(entry, around.book),
        bibtex=bibtex(entry, around.book),
        objection=objection(entry, around.book),
    )


def short_card(entry: Entry, around: Surroundings) -> Markup:
    """A claim's card in short, for the end of its section in a chapter."""
    return render("short_card", entry=entry, around=around, drawn=picture(entry))


def strip(entry: Entry) -> Markup:
    """Verdict on one claim in four fields, which are never merged: verdict, what was found, support, certainty."""
    return render("strip", entry=entry)


def steps(reasons: Iterable[str]) -> tuple[dict[str, str | None], list[str]]:
    """Each step that certainty can go down by, with its reason or None where it was not taken; what else is given.

    Examples
    --------
    >>> steps(["bias: all from vendors", "weather"])
    ({'imprecision': None, 'indirectness': None, ..., 'bias': 'all from vendors'}, ['weather'])
    """
    given = {reason.partition(":")[0]: reason for reason in reasons}
    taken = {step: given.pop(step).partition(":")[2].strip() if step in given else None for step in STEPS}
    given.pop("publication bias", None)  # the claim has its reason, whether it counts or not
    return taken, list(given.values())


def stub(claim_id: str) -> str:
    """Source of the page that holds a claim's card.

    Examples
    --------
    >>> "# Claim X1" in stub("X1")
    True
    """
    return (
        "---\norphan: true\nhtml_theme.sidebar_secondary.remove: true\n---\n\n"
        f"# Claim {claim_id}\n\n```{{claim-card}} {claim_id}\n```\n"
    )
