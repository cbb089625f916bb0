"""The strip that opens a chapter: verdict, what was found, support, certainty; four fields, never merged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from analysis import formats
from analysis.site.picture import asserted_words
from analysis.site.verdicts import badge, dots


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
    ...     "estimate": None, "evidence": [], "reason": None, "support": None, "certainty": None})
    >>> "Verdict on R1" in html, "no estimate yet" in html
    (True, True)
    """
    fields = (
        _field(f"Verdict on {record['id']}", badge(record["verdict"]), _asserted(record)),
        _field("Found", *_found(record)),
        _field("Specifications in which it holds", *_support(record["support"])),
        _field("Certainty", *_certainty(record["certainty"])),
    )
    return Markup('<div class="verdict-strip" role="group" aria-label="Verdict on claim {}">{}</div>').format(
        record["id"], Markup("").join(fields)
    )


def _field(name: str, value: str | Markup, note: str) -> Markup:
    return Markup("<div><small>{}</small><b>{}</b><small>{}</small></div>").format(name, value, note)


def _asserted(record: Mapping[str, Any]) -> str:
    said = asserted_words(record["asserted"])
    parts = [f"asserted {said}"] if said else []
    if record["verdict"] == "pending" and record.get("due"):
        parts.append(f"due {formats.day(record['due'])}")
    return ", ".join(parts)


def _found(record: Mapping[str, Any]) -> tuple[str, str]:
    estimate = record["estimate"]
    if estimate is None:
        rows = len(record["evidence"])
        return (
            ("–", record["reason"] or "no estimate yet")
            if not rows
            else (formats.many(rows, "evidence row"), record["reason"] or "")
        )
    value = formats.quantity(estimate["value"], estimate["unit"])
    ends = formats.interval(estimate["low"], estimate["high"], estimate["unit"])
    return value, f"{ends}, interval of {estimate['interval_of']}"


def _support(share: Mapping[str, Any] | None) -> tuple[str, str]:
    if share is None:
        return "–", "other specifications are not run yet"
    value = formats.quantity(round(100 * share["balanced"]), "%")
    ends = formats.interval(round(100 * share["low"]), round(100 * share["high"]), "%")
    turned = f", turned by {share['pivotal']}" if share.get("pivotal") else ""
    return value, f"{ends}, one factor at a time{turned}"


def _certainty(certainty: Mapping[str, Any] | None) -> tuple[str | Markup, str]:
    if certainty is None:
        return "–", "not graded yet"
    return dots(certainty), "; ".join(certainty["reasons"]) or "no downgrade"
