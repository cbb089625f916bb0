"""The strip of a claim at the head of a chapter: verdict, what was found, support, certainty; never merged.

A chapter opens with what it is about, then says in short what was found, then shows the strip of each claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from analysis.engine.site.picture import asserted_words, interval_words
from analysis.engine.site.support import evidence_words, support_words
from analysis.engine.site.verdicts import LEVELS, badge, dots
from analysis.engine.words import formats


def strip(record: Mapping[str, Any]) -> Markup:
    """Verdict on one claim in four fields.

    Parameters
    ----------
    record : mapping
        A ledger record.

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> html = strip({"id": "R1", "verdict": "unassessed", "asserted": {"form": "none", "words": "most"}, "T": None,
    ...     "estimate": None, "evidence": [], "reason": None, "support": None, "certainty": None, "level": None})
    >>> "Verdict on R1" in html, "no estimate yet" in html
    (True, True)
    """
    fields = (
        _field(f"Verdict on {record['id']}", _bold(badge(record["verdict"])), _asserted(record)),
        _field("Found", *_found(record)),
        _field("Support", *_support(record)),
        _field("Certainty", *_certainty(record)),
    )
    return Markup(
        '<div class="verdict-strip" id="{id}" role="group" aria-label="Verdict on claim {id}">{fields}</div>'
    ).format(id=record["id"], fields=Markup("").join(fields))


def _field(name: str, value: str | Markup, note: str) -> Markup:
    return Markup("<div><small>{}</small>{}<small>{}</small></div>").format(name, value, note)


def _bold(value: str | Markup) -> Markup:
    return Markup("<b>{}</b>").format(value)


def _absent(words: str) -> Markup:
    return Markup('<span class="absent">{}</span>').format(words)


def _asserted(record: Mapping[str, Any]) -> str:
    said = asserted_words(record["asserted"])
    parts = [f"asserted {said}"] if said else []
    if record["verdict"] == "pending" and record.get("due"):
        parts.append(f"due {formats.day(record['due'])}")
    return ", ".join(parts)


def _found(record: Mapping[str, Any]) -> tuple[Markup, str]:
    estimate = record["estimate"]
    if estimate is None and record["evidence"]:
        weighed, rows = evidence_words(record["evidence"])
        return _bold(weighed), "; ".join(filter(None, (rows, record["reason"])))
    if estimate is None:
        return _absent("no estimate" if record["reason"] else "no estimate yet"), record["reason"] or ""
    value = formats.quantity(estimate["value"], estimate["unit"])
    return _bold(value), interval_words(estimate)


def _support(record: Mapping[str, Any]) -> tuple[Markup, str]:
    if record["support"] is None:
        if record["verdict"] in ("unassessed", "pending"):
            return _absent("not computed yet"), ""
        undecided = record["verdict"] == "inconclusive" and record["estimate"] is None
        return _absent("not given"), "the primary definition leaves the claim open" if undecided else ""
    share, more = support_words(record)
    return _bold(share), f"{'. '.join(more)}."


def _certainty(record: Mapping[str, Any]) -> tuple[Markup, str]:
    certainty, level = record["certainty"], record["level"]
    if certainty is None:
        return _absent("not graded yet"), ""
    notes = [f"level {level}, {LEVELS[level]}"] if level is not None else []
    names = ", ".join(reason.partition(":")[0] for reason in certainty["reasons"])  # in full on the claim's card
    return _bold(dots(certainty)), "; ".join([*notes, f"lowered for {names}" if names else "no step down"])
