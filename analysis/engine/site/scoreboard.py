"""The scoreboard: every claim of the report in a row, grouped by chapter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from analysis.engine.data import clock
from analysis.engine.data.chapters import titles
from analysis.engine.ledger.records import expired
from analysis.engine.site.picture import asserted_words, estimate_words, picture
from analysis.engine.site.verdicts import GRADES, LOOKS, QUIET, badge, card_page, dots, look, tally
from analysis.engine.words import formats

COLUMNS = ("Claim", "In a sentence", "Verdict", "Asserted and found", "Support", "Certainty", "Look again")
NO_EXPIRY = "no date"
_FLAG = "M4 14.5V2M4 2.5c3-1.6 5 1.6 8.5 0v6.5c-3.5 1.6-5-1.6-8.5 0"


def scoreboard(
    records: Sequence[Mapping[str, Any]],
    links: Mapping[str, str] | None = None,
    *,
    prefix: str = "",
    today: date | None = None,
) -> Markup:
    """Tally, filter and table of all claims.

    Parameters
    ----------
    records : sequence of mappings
        Ledger records, in the order of the claims.
    links : mapping, optional
        Address of each chapter that has a page.
    prefix : str
        What leads from the page to the site's root.
    today : datetime.date, optional
        Day from which a claim is seen as past its date or not; today if not given.

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> html = scoreboard([{"id": "V2", "chapter": "verifiable_ai", "statement": "A <b> & c.", "verdict": "unassessed",
    ...     "asserted": {"form": "none", "words": ""}, "T": None, "estimate": None, "evidence": [], "expires": None,
    ...     "reason": None, "support": None, "certainty": None, "level": None}])
    >>> "A &lt;b&gt; &amp; c." in html, "not assessed" in html, 'href="claims/V2.html"' in html
    (True, True, True)
    """
    links, today = links or {}, today or clock.today()
    head = Markup("").join(Markup('<th role="columnheader" scope="col">{}</th>').format(name) for name in COLUMNS)
    chapters = list(dict.fromkeys(record["chapter"] for record in records))
    bodies = Markup("").join(
        _chapter(
            chapter,
            links.get(chapter),
            [
                _row(record, card_page(record["id"], prefix), today)
                for record in records
                if record["chapter"] == chapter
            ],
        )
        for chapter in chapters
    )
    return Markup(
        '<div class="scoreboard">{}{}<table role="table" aria-label="Claims and verdicts"><thead role="rowgroup">'
        '<tr role="row">{}</tr></thead>{}</table></div>'
    ).format(tally(records), filters(records, today), head, bodies)


def filters(records: Sequence[Mapping[str, Any]], today: date) -> Markup:
    """Form by which claims are chosen; the page's script makes it work, and without scripts it is not shown.

    It is folded by the script, and on a phone only.

    Parameters
    ----------
    records : sequence of mappings
        Ledger records.
    today : datetime.date
        Day from which a claim is seen as past its date or not.

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> record = {"chapter": "returns", "verdict": "inconclusive", "certainty": None, "expires": None}
    >>> filters([record], date(2027, 1, 1)).striptags().replace(formats.SPACE, " ")  # doctest: +ELLIPSIS
    'Choose claimsChoose claims Verdict All (1) Inconclusive (1) Chapter All (1) Returns (1) ... Show all 1 claim...'
    """
    marks = [marked(record, today) for record in records]
    fields = Markup(" ").join(
        _select(name, label, offered, [mark[name] for mark in marks]) for name, (label, offered) in choices().items()
    )
    return Markup(
        '<details class="fold" open><summary>Choose claims</summary>'
        '<form class="choose" autocomplete="off"><fieldset><legend>Choose claims</legend> {} '
        '<button type="reset">Show all</button> <output role="status">{}</output></fieldset></form></details>'
        '<p class="nothing" hidden>No claim fits every choice. Choose otherwise, or show all.</p>'
    ).format(fields, formats.many(len(records), "claim"))


def choices() -> dict[str, tuple[str, dict[str, str]]]:
    """Filters by name, each with its label and with its choices in the order in which they are offered."""
    return {
        "verdict": ("Verdict", {verdict: found.label for verdict, found in LOOKS.items()}),
        "chapter": ("Chapter", titles()),
        "certainty": ("Certainty", {grade: grade.capitalize() for grade in reversed(GRADES)} | {"none": "Not graded"}),
        "again": ("Look again", {"now": "Now, past its date", "later": "Later", "never": NO_EXPIRY.capitalize()}),
    }


def marked(record: Mapping[str, Any], today: date) -> dict[str, str]:
    """What a claim's row is filtered by.

    Parameters
    ----------
    record : mapping
        A ledger record.
    today : datetime.date
        Day from which it is seen as past its date or not.

    Returns
    -------
    dict
        Choice by name of the filter.

    Examples
    --------
    >>> marked({"chapter": "returns", "verdict": "pending", "certainty": None, "expires": "2027-05-22"},
    ...     date(2027, 5, 23))
    {'verdict': 'pending', 'chapter': 'returns', 'certainty': 'none', 'again': 'now'}
    """
    again = "never" if record["expires"] is None else "now" if expired(record, today) else "later"
    return {
        "verdict": record["verdict"],
        "chapter": record["chapter"],
        "certainty": record["certainty"]["grade"] if record["certainty"] else "none",
        "again": again,
    }


def _select(name: str, label: str, choices: Mapping[str, str], marks: Sequence[str]) -> Markup:
    # That no claim is past its date is worth saying, and may change with the reader's clock.
    counts = {choice: marks.count(choice) for choice in choices if choice in marks or choice == "now"}
    options = Markup(" ").join(
        Markup('<option value="{}" data-label="{}">{} ({})</option>').format(
            choice, choices[choice], choices[choice], n
        )
        for choice, n in counts.items()
    )
    return Markup(
        '<label>{} <select name="{}"><option value="" data-label="All">All ({})</option> {}</select></label>'
    ).format(label, name, len(marks), options)


def _chapter(chapter: str, page: str | None, rows: Iterable[Markup]) -> Markup:
    title = titles().get(chapter, chapter)
    name = Markup('<a href="{}">{}</a>').format(page, title) if page else title
    return Markup(
        '<tbody role="rowgroup"><tr role="row" class="chapter"><th role="rowheader" scope="rowgroup" colspan="{}">'
        "{}</th></tr>{}</tbody>"
    ).format(len(COLUMNS), name, Markup("").join(rows))


def _row(record: Mapping[str, Any], link: str, today: date) -> Markup:
    marks = Markup("").join(Markup(' data-{}="{}"').format(*mark) for mark in marked(record, today).items())
    classes = " ".join(["claim", *(["quiet"] if record["verdict"] in QUIET else [])])
    return Markup(
        '<tr role="row" class="{classes}"{marks}>'
        '<td role="cell" class="id"><i class="square {chapter}" aria-hidden="true"></i>{id}</td>'
        '<td role="cell" class="sentence"><a href="{link}">{sentence}</a></td><td role="cell">{badge}</td>'
        '<td role="cell" class="found">{found}</td><td role="cell" class="nb" data-label="Support">{support}</td>'
        '<td role="cell" class="nb" data-label="Certainty">{certainty}</td>'
        '<td role="cell" class="again">{again}</td></tr>'
    ).format(
        classes=classes,
        marks=marks,
        chapter=record["chapter"],
        id=record["id"],
        sentence=record["statement"],
        link=link,
        badge=badge(record["verdict"]),
        found=found(record),
        support=support(record["support"]),
        certainty=dots(record["certainty"]),
        again=again(record, today),
    )


def again(record: Mapping[str, Any], today: date) -> Markup:
    """When a claim has to be looked at again, flagged in words and with an icon where that day has passed.

    The page's script flags it too, by the reader's own clock: a site may be read long after it was built.

    Parameters
    ----------
    record : mapping
        A ledger record.
    today : datetime.date
        Day from which it is seen as past its date or not.

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> again({"expires": "2027-05-22"}, date(2027, 5, 23)).striptags().replace(formats.SPACE, " ")
    'look again since 22 May 2027'
    >>> 'class="past"' in again({"expires": "2027-05-22"}, date(2027, 5, 22))
    False
    >>> again({"expires": None}, date(2100, 1, 1)).striptags().replace(formats.SPACE, " ")
    'no date'
    """
    if record["expires"] is None:
        return Markup('<span class="faint nb">{}</span>').format(NO_EXPIRY)
    return Markup(
        '<span{} data-expires="{}"><span class="flag"><svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg><b>look again</b> since</span> <time datetime="{}">{}</time></span>'
    ).format(
        Markup(' class="past"') if expired(record, today) else "",
        record["expires"],
        _FLAG,
        record["expires"],
        formats.day(record["expires"]),
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
        value, ends = estimate_words(estimate)
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
    return Markup('<span class="share" aria-hidden="true"><i style="width:{}%"></i></span>{}').format(
        round(100 * share["balanced"]), formats.share(share["balanced"])
    )
