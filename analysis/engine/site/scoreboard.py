"""The scoreboard: every claim of the report in a row, grouped by chapter."""

from collections.abc import Mapping, Sequence
from datetime import date

from markupsafe import Markup

from analysis.engine.claims.judge import GRADES
from analysis.engine.data import clock
from analysis.engine.data.chapters import titles
from analysis.engine.ledger.entries import Entry
from analysis.engine.ledger.records import expired
from analysis.engine.site.html import render
from analysis.engine.site.picture import picture
from analysis.engine.site.verdicts import LOOKS

COLUMNS = ("Claim", "In a sentence", "Verdict", "Asserted and found", "Support", "Certainty", "Look again")


def scoreboard(
    entries: Sequence[Entry],
    links: Mapping[str, str] | None = None,
    *,
    prefix: str = "",
    today: date | None = None,
) -> Markup:
    """Tally, filter and table of all claims.

    Parameters
    ----------
    entries : sequence of Entry
        In the order of the claims.
    links : mapping, optional
        Address of each chapter that has a page.
    prefix : str
        What leads from the page to the site's root.
    today : datetime.date, optional
        Day from which a claim is seen as past its date or not; today if not given.
    """
    today = today or clock.today()
    return render(
        "scoreboard",
        columns=COLUMNS,
        rows=[(entry, marked(entry, today)) for entry in entries],
        choices=choices(),
        titles=titles(),
        links=links or {},
        prefix=prefix,
        today=today,
        picture=picture,
    )


def choices() -> dict[str, tuple[str, dict[str, str]]]:
    """Filters by name, each with its label and with its choices in the order in which they are offered."""
    return {
        "verdict": ("Verdict", {verdict: found.label for verdict, found in LOOKS.items()}),
        "chapter": ("Chapter", titles()),
        "certainty": ("Certainty", {grade: grade.capitalize() for grade in reversed(GRADES)} | {"none": "Not graded"}),
        "again": ("Look again", {"now": "Now, past its date", "later": "Later", "never": "No date"}),
    }


def marked(entry: Entry, today: date) -> dict[str, str]:
    """What a claim's row is filtered by: its choice by name of the filter."""
    again = "never" if entry.expires is None else "now" if expired(entry.expires, today) else "later"
    return {
        "verdict": entry.verdict,
        "chapter": entry.chapter,
        "certainty": entry.certainty.grade if entry.certainty else "none",
        "again": again,
    }
