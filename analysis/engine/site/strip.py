"""The strip of a claim at the head of a chapter: verdict, what was found, support, certainty; never merged.

A chapter opens with what it is about, then says in short what was found, then shows the strip of each claim.
"""

from __future__ import annotations

from markupsafe import Markup

from analysis.engine.ledger.entries import Entry
from analysis.engine.site.html import render


def strip(entry: Entry) -> Markup:
    """Verdict on one claim in four fields."""
    return render("strip", entry=entry)
