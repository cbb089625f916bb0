"""Coverage: every sentence of the report by its place, and what the book does with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from analysis import formats
from analysis.coverage import Sentence, System
from analysis.site.scoreboard import CHAPTER_TITLES
from analysis.site.verdicts import badge


def coverage(
    sentences: Sequence[Sentence],
    records: Sequence[Mapping[str, Any]],
    links: Mapping[str, str] | None = None,
) -> Markup:
    """Table of the report's sentences with their claims and verdicts.

    Parameters
    ----------
    sentences : sequence of Sentence
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
    >>> html = coverage([Sentence(1, 2, "x", status="opinion", reason="taste")], [])
    >>> "Opinion" in html, "taste" in html
    (True, True)
    >>> coverage([Sentence(1, 2, "x", claims=("Z9",))], [])
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


def systems(
    named: Sequence[System],
    records: Sequence[Mapping[str, Any]],
    links: Mapping[str, str] | None = None,
) -> Markup:
    """Table of the systems that the report names, with the chapter that holds the evidence on each.

    Parameters
    ----------
    named : sequence of System
    records : sequence of mappings
        Ledger records; a chapter none of whose claims is assessed is said to be not written yet.
    links : mapping, optional
        Address of each chapter that has a page.

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> html = systems([System("Grass", 3, 3, "data_marketplaces")], [])
    >>> "Grass" in html, "not written yet" in html
    (True, True)
    """
    assessed = {record["chapter"] for record in records if record["level"] is not None}
    rows = Markup("").join(_system(system, assessed, links or {}) for system in named)
    head = Markup("").join(
        Markup('<th role="columnheader" scope="col">{}</th>').format(name)
        for name in ("System", "Named at", "Evidence")
    )
    return Markup(
        '<table class="cards systems" role="table" aria-label="Systems that the report names"><thead role="rowgroup">'
        '<tr role="row">{}</tr></thead><tbody role="rowgroup">{}</tbody></table>'
    ).format(head, rows)


def _system(system: System, assessed: set[str], links: Mapping[str, str]) -> Markup:
    chapter = CHAPTER_TITLES[system.chapter]
    link = links.get(system.chapter)
    where = Markup('<a href="{}">{}</a>').format(link, chapter) if link else Markup("{}").format(chapter)
    note = "" if system.chapter in assessed else Markup(' <span class="faint">(not written yet)</span>')
    return Markup(
        '<tr role="row"><td role="cell"><b>{}</b></td><td role="cell" data-label="Named at">{}</td>'
        '<td role="cell" data-label="Evidence">{}{}</td></tr>'
    ).format(system.name, _place(system), where, note)


def _place(place: Sentence | System) -> str:
    return f"{place.paragraph}.{place.sentence}"


def _tally(sentences: Sequence[Sentence]) -> Markup:
    kinds = ["tested by claims" if sentence.claims else str(sentence.status) for sentence in sentences]
    items = Markup("").join(
        Markup("<li><b>{}</b> {}</li>").format(kinds.count(kind), kind) for kind in dict.fromkeys(kinds)
    )
    return Markup('<p>{}:</p><ul class="tally">{}</ul>').format(formats.many(len(sentences), "sentence"), items)


def _row(sentence: Sentence, known: Mapping[str, Mapping[str, Any]], links: Mapping[str, str]) -> Markup:
    return Markup(
        '<tr role="row"><td role="cell" class="id">{}</td><td role="cell">{}</td><td role="cell">{}</td>'
        '<td role="cell">{}</td></tr>'
    ).format(_place(sentence), sentence.gist, _treatment(sentence, known, links), sentence.reason or "")


def _treatment(sentence: Sentence, known: Mapping[str, Mapping[str, Any]], links: Mapping[str, str]) -> Markup:
    if not sentence.claims:
        return Markup("<span>{}</span>").format(str(sentence.status).capitalize())
    for claim in sentence.claims:
        if claim not in known:
            raise ValueError(f"sentence {_place(sentence)} names claim {claim!r}, which the ledger does not have")
    return Markup("<br>").join(_claim(known[claim], links.get(known[claim]["chapter"])) for claim in sentence.claims)


def _claim(record: Mapping[str, Any], link: str | None) -> Markup:
    name = Markup('<a href="{}">{}</a>').format(link, record["id"]) if link else record["id"]
    return Markup('<span class="nb"><i class="square {}" aria-hidden="true"></i><b>{}</b> {}</span>').format(
        record["chapter"], name, badge(record["verdict"])
    )
