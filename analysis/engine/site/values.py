"""Values of the ledger as they stand in prose: ``{claim}`R1:estimate` ``, with a note on where they come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from markupsafe import Markup, escape

from analysis.engine import claims
from analysis.engine.ledger.records import expired
from analysis.engine.site.picture import asserted_words, ends_words
from analysis.engine.site.support import support_words
from analysis.engine.site.verdicts import card_page, look
from analysis.engine.words import formats

Record = Mapping[str, Any]


def _of_estimate(end: str) -> Callable[[Record], str]:
    return lambda record: formats.quantity(record["estimate"][end], record["estimate"]["unit"])


def _range(record: Record) -> str:
    ends = (round(100 * record["support"][end]) for end in ("low", "high"))
    return formats.interval(*ends, "%")


def _region(field: str) -> Callable[[Record], str | None]:
    def said(record: Record) -> str | None:
        if record[field] is None:
            return None
        region = claims.interval(record[field])
        return formats.interval(region.left, region.right, record["asserted"]["unit"] or "")

    return said


FIELDS: dict[str, Callable[[Record], str | None]] = {
    "statement": lambda record: record["statement"],
    "asserted": lambda record: asserted_words(record["asserted"]),
    "T": _region("T"),
    "T_minor": _region("T_minor"),
    "verdict": lambda record: look(record["verdict"]).said,
    "primary_verdict": lambda record: look(record["primary_verdict"]).said,
    "reason": lambda record: record["reason"],
    "estimate": _of_estimate("value"),
    "low": _of_estimate("low"),
    "high": _of_estimate("high"),
    "interval": lambda record: ends_words(record["estimate"]),
    "interval_of": lambda record: record["estimate"]["interval_of"],
    "n": lambda record: formats.number(record["estimate"]["n"]),
    "support": lambda record: formats.share(record["support"]["balanced"]),
    "support_range": _range,
    "pivotal": lambda record: record["support"]["pivotal"] or "no single factor",
    "certainty": lambda record: record["certainty"]["grade"],
    "level": lambda record: formats.number(record["level"]),
    "nearest_true": lambda record: record["nearest_true"],
    "as_of": lambda record: formats.day(record["as_of"]),
    "due": lambda record: formats.day(record["due"]),
    "expires": lambda record: formats.day(record["expires"]) if record["expires"] else "no date",
}
#: Fields whose values are whole phrases: set as plain prose, since a link of two lines with a note hinders reading.
PROSE = frozenset({"statement", "reason", "interval_of", "nearest_true"})
#: What a field is called in its note, where that is not its name.
NAMES = {
    "T": "acceptance region",
    "T_minor": "region of a minor difference",
    "primary_verdict": "verdict under the primary definition",
    "low": "lower end of the interval",
    "high": "upper end of the interval",
    "n": "number of observations",
    "support_range": "range of support",
    "pivotal": "factor that turns the verdict",
    "as_of": "as-of date",
    "due": "date on which it is due",
    "expires": "date to look again",
}


#: Stands where an assessed claim has no value, as on data that do not suffice.
UNKNOWN = "not known"
#: Stands before the date of a claim that is past it.
PAST = "past its date, look again since"


def value(reference: str, records: Mapping[str, Mapping[str, Any]]) -> str:
    r"""Write one field of one claim.

    Parameters
    ----------
    reference : str
        Claim id and field, such as ``R1:estimate``.
    records : mapping
        Ledger records by claim id.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If there is no such claim or field, or the claim is not assessed and has no value there yet.

    Examples
    --------
    >>> records = {"R1": {"estimate": {"value": -80.1, "unit": "%"}, "support": None, "verdict": "unassessed"}}
    >>> value("R1:estimate", records)
    '−80.1\xa0%'
    >>> value("R1:support", records)
    Traceback (most recent call last):
    ValueError: claim R1 has no support yet
    >>> value("R1:support", {"R1": records["R1"] | {"verdict": "not-reproducible"}})
    'not known'
    """
    claim, _, field = reference.partition(":")
    if claim not in records:
        raise ValueError(f"no claim {claim!r} in the ledger; known: {', '.join(records)}")
    if field not in FIELDS:
        raise ValueError(f"no field {field!r} of a claim; known: {', '.join(FIELDS)}")
    try:
        text = FIELDS[field](records[claim])
    except TypeError:
        text = None
    if text is None and records[claim]["verdict"] not in ("unassessed", "pending"):
        return UNKNOWN  # data decide whether an assessed claim has a value; a page must be built either way
    if text is None:
        raise ValueError(f"claim {claim} has no {field} yet")
    return text


def noted(reference: str, records: Mapping[str, Record], *, note_id: str, today: date, prefix: str = "") -> Markup:
    """Write one field of one claim for a page: linked to the claim's card, with a note; a phrase is left as text.

    Parameters
    ----------
    reference : str
        Claim id and field, such as ``R1:estimate``.
    records : mapping
        Ledger records by claim id.
    note_id : str
        Id of the note, unique on the page.
    today : datetime.date
        Day from which the claim is seen as past its date or not.
    prefix : str
        What leads from the page to the site's root.

    Returns
    -------
    markupsafe.Markup

    Raises
    ------
    ValueError
        As `value`.

    Examples
    --------
    >>> record = {"estimate": None, "support": None, "certainty": {"grade": "low"}, "verdict": "supported",
    ...     "tables": {"tokens": "9f2c"}, "as_of": "2026-01-22", "expires": None}
    >>> html = noted("R1:certainty", {"R1": record}, note_id="note-1", today=date(2026, 2, 1))
    >>> html.partition("</a>")[2].striptags().replace(formats.SPACE, " ")
    'R1, certainty. From the table tokens. As of 22 Jan 2026; no date to look again.'
    """
    text = value(reference, records)
    claim, _, field = reference.partition(":")
    if field in PROSE:
        return escape(text)
    return Markup(
        '<span class="claim-value" data-claim="{claim}">'
        '<a class="ledger-value" href="{}" aria-describedby="{id}">{}</a>'
        '<span class="claim-note" role="tooltip" id="{id}">{}</span></span>'
    ).format(card_page(claim, prefix), text, _note(claim, field, records[claim], today), id=note_id, claim=claim)


def _note(claim: str, field: str, record: Record, today: date) -> Markup:
    lines = [
        Markup("<b>{}, {}.</b>").format(claim, NAMES.get(field, field)),
        *(Markup("<span>{}</span>").format(line) for line in (_interval(field, record), _tables(record)) if line),
        _dates(record, today),
    ]
    return Markup(" ").join(lines)


def _interval(field: str, record: Record) -> str:
    """The interval that belongs to a field, with what it is an interval of; empty where there is none."""
    if field in ("support", "support_range", "pivotal") and record["support"] is not None:
        share, more = support_words(record)
        return f"{share} {'. '.join(more)}."
    if record["estimate"] is None:
        return ""
    found = "Interval" if field == "estimate" else f"Found {FIELDS['estimate'](record)}, interval"
    return f"{found} {FIELDS['interval'](record)}, of {record['estimate']['interval_of']}."


def _tables(record: Record) -> str:
    names = list(record["tables"])
    if not names:
        return ""
    said = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return f"From the {'table' if len(names) == 1 else 'tables'} {said}."


def _dates(record: Record, today: date) -> Markup:
    since = f"As of {formats.day(record['as_of'])}; "
    if record["expires"] is None:
        return Markup("<span>{}no date to look again.</span>").format(since)
    gone = expired(record, today)
    return Markup(
        '<span>{}<span data-expires="{}" data-past="{past}"{}>{}</span> <time datetime="{}">{}</time>.</span>'
    ).format(
        since,
        record["expires"],
        Markup(' class="past"') if gone else "",
        PAST if gone else "look again after",
        record["expires"],
        formats.day(record["expires"]),
        past=PAST,
    )
