"""Coverage: every sentence of the report by its place, and what the book does with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from analysis.engine.claims import Place
from analysis.engine.claims.coverage import Sentence, System
from analysis.engine.data.chapters import titles
from analysis.engine.site.verdicts import QUIET, badge, card_page
from analysis.engine.words import formats


def coverage(
    sentences: Sequence[Sentence],
    records: Sequence[Mapping[str, Any]],
    prefix: str = "",
) -> Markup:
    """Table of the report's sentences with their claims and verdicts.

    Parameters
    ----------
    sentences : sequence of Sentence
    records : sequence of mappings
        Ledger records.
    prefix : str
        What leads from the page to the site's root.

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
    rows = Markup("").join(_row(sentence, known, prefix) for sentence in sentences)
    head = Markup("").join(
        Markup('<th role="columnheader" scope="col">{}</th>').format(name)
        for name in ("Place", "The sentence, in brief", "Treatment", "Why")
    )
    return Markup(
        '{}<table class="cards coverage" role="table" aria-label="Sentences of the report"><thead role="rowgroup">'
        '<tr role="row">{}</tr></thead><tbody role="rowgroup">{}</tbody></table>'
    ).format(_tally(sentences), head, rows)


def anchor(place: Sentence | System | Place) -> str:
    """Id of a sentence's row; the theme's script wants one without a point.

    Examples
    --------
    >>> anchor(Sentence(5, 2, "x"))
    'sentence-5-2'
    """
    return f"sentence-{place.paragraph}-{place.sentence}"


def systems(
    named: Sequence[System],
    records: Sequence[Mapping[str, Any]],
    links: Mapping[str, str] | None = None,
    prefix: str = "",
) -> Markup:
    """Table of the systems that the report names, by the chapter that holds the evidence on them.

    Parameters
    ----------
    named : sequence of System
    records : sequence of mappings
        Ledger records; a chapter none of whose claims is assessed is said to be not written yet.
    links : mapping, optional
        Address of each chapter that has a page.
    prefix : str
        What leads from the page to the site's root.

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> html = systems([System("Grass", 3, 3, "data_marketplaces")], [])
    >>> "Grass" in html, "not written yet" in html
    (True, True)
    """
    chapters = dict.fromkeys(system.chapter for system in named)
    bodies = Markup("").join(
        _evidence(
            chapter,
            [system for system in named if system.chapter == chapter],
            [record for record in records if record["chapter"] == chapter],
            links or {},
            prefix,
        )
        for chapter in chapters
    )
    head = Markup("").join(
        Markup('<th role="columnheader" scope="col">{}</th>').format(name) for name in ("System", "Named at")
    )
    return Markup(
        '<table class="cards systems" role="table" aria-label="Systems that the report names"><thead role="rowgroup">'
        '<tr role="row">{}</tr></thead>{}</table>'
    ).format(head, bodies)


def _evidence(
    chapter: str,
    named: Sequence[System],
    records: Sequence[Mapping[str, Any]],
    links: Mapping[str, str],
    prefix: str,
) -> Markup:
    title = titles()[chapter]
    where = Markup('<a href="{}">{}</a>').format(links[chapter], title) if chapter in links else Markup(title)
    ids = Markup(", ").join(_card(record["id"], prefix) for record in records)
    notes = [Markup("claims {}").format(ids)] if records else []
    if not any(record["level"] is not None for record in records):
        notes.append(Markup("not written yet"))
    rows = Markup("").join(
        Markup(
            '<tr role="row"><td role="cell"><bdi>{}</bdi></td><td role="cell" data-label="Named at">'
            '<a href="#{}">{}</a></td></tr>'
        ).format(system.name, anchor(system), _place(system))
        for system in named
    )
    return Markup(
        '<tbody role="rowgroup"><tr role="row" class="chapter"><th role="rowheader" scope="rowgroup" colspan="2">'
        '<i class="square {}" aria-hidden="true"></i>{} <span class="faint">{}</span></th></tr>{}</tbody>'
    ).format(chapter, where, Markup(", ").join(notes), rows)


def _place(place: Sentence | System) -> str:
    return f"{place.paragraph}.{place.sentence}"


def _tally(sentences: Sequence[Sentence]) -> Markup:
    kinds = ["hold claims" if sentence.claims else str(sentence.status) for sentence in sentences]
    counts = {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
    items = Markup("").join(
        Markup("<li><b>{}</b> {}</li>").format(count, "holds claims" if (kind, count) == ("hold claims", 1) else kind)
        for kind, count in counts.items()
    )
    return Markup('<p>{}:</p><ul class="tally">{}</ul>').format(formats.many(len(sentences), "sentence"), items)


def _row(sentence: Sentence, known: Mapping[str, Mapping[str, Any]], prefix: str) -> Markup:
    return Markup(
        '<tr role="row" id="{}"><td role="cell" class="place">{}</td><td role="cell"><bdi>{}</bdi></td>'
        '<td role="cell">{}</td><td role="cell"><bdi>{}</bdi></td></tr>'
    ).format(
        anchor(sentence), _place(sentence), sentence.gist, _treatment(sentence, known, prefix), sentence.reason or ""
    )


def _treatment(sentence: Sentence, known: Mapping[str, Mapping[str, Any]], prefix: str) -> Markup:
    if not sentence.claims:
        return Markup("<span>{}</span>").format(str(sentence.status).capitalize())
    for claim in sentence.claims:
        if claim not in known:
            raise ValueError(f"sentence {_place(sentence)} names claim {claim!r}, which the ledger does not have")
    return Markup("").join(_claim(known[claim], prefix) for claim in sentence.claims)


def _card(claim_id: str, prefix: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(card_page(claim_id, prefix), claim_id)


def _claim(record: Mapping[str, Any], prefix: str) -> Markup:
    return Markup(
        '<span class="treated{}"><span class="id"><i class="square {}" aria-hidden="true"></i>{}</span> {}</span>'
    ).format(
        " quiet" if record["verdict"] in QUIET else "",
        record["chapter"],
        _card(record["id"], prefix),
        badge(record["verdict"]),
    )
