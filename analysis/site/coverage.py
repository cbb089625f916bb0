"""Coverage: every sentence of the report by its place, and what the book does with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from analysis import formats
from analysis.site.verdicts import badge


def coverage(
    sentences: Sequence[Mapping[str, Any]],
    records: Sequence[Mapping[str, Any]],
    links: Mapping[str, str] | None = None,
) -> Markup:
    """Table of the report's sentences with their claims and verdicts.

    Parameters
    ----------
    sentences : sequence of mappings
        ``paragraph``, ``sentence``, ``gist``, and either ``claims`` (ids) or ``status`` with ``reason``.
    records : sequence of mappings
        Ledger records.
    links : mapping, optional
        Address of each chapter that has a page.

    Returns
    -------
    markupsafe.Markup

    Raises
    ------
    ValueError
        For a sentence that names a claim which the ledger does not have.

    Examples
    --------
    >>> html = coverage([{"paragraph": 1, "sentence": 2, "gist": "x", "status": "opinion", "reason": "taste"}], [])
    >>> "Opinion" in html, "taste" in html
    (True, True)
    >>> coverage([{"paragraph": 1, "sentence": 2, "gist": "x", "claims": ["Z9"]}], [])
    Traceback (most recent call last):
    ValueError: sentence 1.2 names claim 'Z9', which the ledger does not have
    """
    known = {record["id"]: record for record in records}
    rows = Markup("").join(_row(sentence, known, links or {}) for sentence in sentences)
    head = Markup("").join(
        Markup('<th role="columnheader" scope="col">{}</th>').format(name)
        for name in ("Place", "The sentence, in brief", "Claims", "Why")
    )
    return Markup(
        '{}<table class="cards coverage" role="table" aria-label="Sentences of the report"><thead role="rowgroup">'
        '<tr role="row">{}</tr></thead><tbody role="rowgroup">{}</tbody></table>'
    ).format(_tally(sentences), head, rows)


def _place(sentence: Mapping[str, Any]) -> str:
    return f"{sentence['paragraph']}.{sentence['sentence']}"


def _tally(sentences: Sequence[Mapping[str, Any]]) -> Markup:
    kinds = ["tested by claims" if sentence.get("claims") else str(sentence["status"]) for sentence in sentences]
    items = Markup("").join(
        Markup("<li><b>{}</b> {}</li>").format(kinds.count(kind), kind) for kind in dict.fromkeys(kinds)
    )
    return Markup('<p>{}:</p><ul class="tally">{}</ul>').format(formats.many(len(sentences), "sentence"), items)


def _row(sentence: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]], links: Mapping[str, str]) -> Markup:
    return Markup(
        '<tr role="row"><td role="cell" class="id">{}</td><td role="cell">{}</td><td role="cell">{}</td>'
        '<td role="cell">{}</td></tr>'
    ).format(_place(sentence), sentence["gist"], _treatment(sentence, known, links), sentence.get("reason") or "")


def _treatment(sentence: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]], links: Mapping[str, str]) -> Markup:
    if not sentence.get("claims"):
        return Markup("<span>{}</span>").format(str(sentence["status"]).capitalize())
    for claim in sentence["claims"]:
        if claim not in known:
            raise ValueError(f"sentence {_place(sentence)} names claim {claim!r}, which the ledger does not have")
    return Markup("<br>").join(_claim(known[claim], links.get(known[claim]["chapter"])) for claim in sentence["claims"])


def _claim(record: Mapping[str, Any], link: str | None) -> Markup:
    name = Markup('<a href="{}">{}</a>').format(link, record["id"]) if link else record["id"]
    return Markup('<span class="nb"><i class="square {}" aria-hidden="true"></i><b>{}</b> {}</span>').format(
        record["chapter"], name, badge(record["verdict"])
    )
