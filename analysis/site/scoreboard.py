"""The scoreboard: every claim of the report in a row, grouped by chapter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from analysis import formats
from analysis.site.picture import asserted_words, picture
from analysis.site.verdicts import QUIET, address, badge, dots, look, tally

CHAPTER_TITLES = {
    "returns": "Returns",
    "compute": "Compute",
    "data_marketplaces": "Data marketplaces",
    "agents": "Agents",
    "verifiable_ai": "Verifiable AI",
    "framework": "Framework",
}
COLUMNS = ("Claim", "In a sentence", "Verdict", "Asserted and found", "Support", "Certainty")


def scoreboard(records: Sequence[Mapping[str, Any]], links: Mapping[str, str] | None = None) -> Markup:
    """Tally and table of all claims.

    Parameters
    ----------
    records : sequence of mappings
        Ledger records, in the order of the claims.
    links : mapping, optional
        Address of each chapter that has a page.

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> html = scoreboard([{"id": "V2", "chapter": "verifiable_ai", "statement": "A <b> & c.", "verdict": "unassessed",
    ...     "asserted": {"form": "none", "words": ""}, "T": None, "estimate": None, "evidence": [],
    ...     "reason": None, "support": None, "certainty": None, "level": None}])
    >>> "A &lt;b&gt; &amp; c." in html, "not assessed yet" in html
    (True, True)
    """
    links = links or {}
    head = Markup("").join(Markup('<th role="columnheader" scope="col">{}</th>').format(name) for name in COLUMNS)
    chapters = list(dict.fromkeys(record["chapter"] for record in records))
    bodies = Markup("").join(
        _chapter(chapter, [record for record in records if record["chapter"] == chapter], links) for chapter in chapters
    )
    return Markup(
        '<div class="scoreboard">{}<table role="table" aria-label="Claims and verdicts"><thead role="rowgroup">'
        '<tr role="row">{}</tr></thead>{}</table></div>'
    ).format(tally(records), head, bodies)


def _chapter(chapter: str, records: Iterable[Mapping[str, Any]], links: Mapping[str, str]) -> Markup:
    title, page = CHAPTER_TITLES.get(chapter, chapter), links.get(chapter)
    name = Markup('<a href="{}">{}</a>').format(page, title) if page else title
    rows = Markup("").join(_row(record, address(record, links)) for record in records)
    return Markup(
        '<tbody role="rowgroup"><tr role="row" class="chapter"><th role="rowheader" scope="rowgroup" colspan="6">'
        "{}</th></tr>{}</tbody>"
    ).format(name, rows)


def _row(record: Mapping[str, Any], link: str | None) -> Markup:
    statement = record["statement"]
    sentence = Markup('<a href="{}">{}</a>').format(link, statement) if link else statement
    quiet = record["verdict"] in QUIET
    return Markup(
        '<tr role="row"{quiet}><td role="cell" class="id"><i class="square {chapter}" aria-hidden="true"></i>{id}</td>'
        '<td role="cell" class="sentence">{sentence}</td><td role="cell">{badge}</td>'
        '<td role="cell" class="found">{found}</td><td role="cell" class="nb" data-label="Support">{support}</td>'
        '<td role="cell" class="nb" data-label="Certainty">{certainty}</td></tr>'
    ).format(
        quiet=Markup(' class="quiet"') if quiet else "",
        chapter=record["chapter"],
        id=record["id"],
        sentence=sentence,
        badge=badge(record["verdict"]),
        found=found(record),
        support=support(record["support"]),
        certainty=dots(record["certainty"]),
    )


def found(record: Mapping[str, Any]) -> Markup:
    """What is asserted and what is found: a picture with its numbers, or words where nothing is estimated.

    Parameters
    ----------
    record : mapping
        A ledger record.

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> print(found({"asserted": {"value": 3e6, "form": "over", "unit": "count"}, "T": "(3e6, inf)", "estimate": None,
    ...     "verdict": "unassessed", "evidence": [], "reason": None}).striptags().replace(formats.SPACE, " "))
    asserted over 3 million
    """
    said = asserted_words(record["asserted"])
    drawn = picture(record)
    if drawn is not None:
        estimate = record["estimate"]
        value, ends = formats.estimate(estimate["value"], estimate["low"], estimate["high"], estimate["unit"])
        return Markup(
            '<span class="{}">{}</span><small><b>{}</b> <span class="nb">({})</span> found; {} asserted</small>'
        ).format(look(record["verdict"]).tone, drawn, value, ends, said)
    notes = [f"asserted {said}"] if said else []
    if record["estimate"] is not None:
        notes.insert(0, f"found {formats.quantity(record['estimate']['value'], record['estimate']['unit'])}")
    if record["evidence"]:
        notes.append(formats.many(len(record["evidence"]), "evidence row"))
    if record["verdict"] == "pending" and record.get("due"):
        notes.append(f"due {formats.day(record['due'])}")
    elif record["reason"]:
        notes.append(record["reason"])
    return Markup("<small>{}</small>").format(" · ".join(notes) or "–")


def support(share: Mapping[str, Any] | None) -> Markup:
    """Share of specifications under which the claim holds, as a bar with its number.

    Parameters
    ----------
    share : mapping or None
        The ledger's ``support``; None where no specifications were run.

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> support({"balanced": 0.47}).striptags().replace(formats.SPACE, " ")
    '47 %'
    """
    if share is None:
        return Markup('<span class="faint">–</span>')
    percent = round(100 * share["balanced"])
    return Markup('<span class="share" aria-hidden="true"><i style="width:{}%"></i></span>{}').format(
        percent, formats.quantity(percent, "%")
    )
