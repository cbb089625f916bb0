"""Values of the ledger as they stand in prose: ``{claim}`H1:estimate` ``, with a note on where they come from."""

from collections.abc import Callable, Mapping
from datetime import date

from markupsafe import Markup, escape

from analysis.engine.ledger.entries import Entry
from analysis.engine.site.html import render
from analysis.engine.site.phrases import asserted_words, ends_words, region_words, support_range
from analysis.engine.site.verdicts import QUIET, look
from analysis.engine.words import formats

#: Field -> how it is said; an entry that lacks the part that it is of raises AttributeError or TypeError.
FIELDS: dict[str, Callable[[Entry], str | None]] = {
    "statement": lambda entry: entry.statement,
    "asserted": lambda entry: asserted_words(entry.asserted),
    "T": lambda entry: region_words(entry.T, entry.asserted.unit),
    "T_minor": lambda entry: region_words(entry.T_minor, entry.asserted.unit),
    "verdict": lambda entry: look(entry.verdict).said,
    "primary_verdict": lambda entry: look(entry.primary_verdict).said,
    "reason": lambda entry: entry.reason,
    "estimate": lambda entry: formats.quantity(entry.estimate.value, entry.estimate.unit),
    "low": lambda entry: formats.quantity(entry.estimate.low, entry.estimate.unit),
    "high": lambda entry: formats.quantity(entry.estimate.high, entry.estimate.unit),
    "interval": lambda entry: ends_words(entry.estimate),
    "interval_of": lambda entry: entry.estimate.interval_of,
    "n": lambda entry: formats.number(entry.estimate.n),
    "support": lambda entry: formats.share(entry.support.balanced),
    "support_range": lambda entry: support_range(entry.support.low, entry.support.high),
    "pivotal": lambda entry: entry.support.pivotal or "no single factor",
    "certainty": lambda entry: entry.certainty.grade,
    "level": lambda entry: formats.number(entry.level),
    "nearest_true": lambda entry: entry.nearest_true,
    "as_of": lambda entry: formats.day(entry.as_of),
    "due": lambda entry: formats.day(entry.due),
    "expires": lambda entry: formats.day(entry.expires) if entry.expires else "no date",
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


def value(reference: str, entries: Mapping[str, Entry]) -> str:
    """Write one field of one claim.

    Parameters
    ----------
    reference : str
        Claim id and field, such as ``X1:estimate``.
    entries : mapping
        The ledger by claim id.

    Raises
    ------
    ValueError
        If there is no such claim or field, or the claim is not assessed and has no value there yet.
    """
    claim, _, field = reference.partition(":")
    if claim not in entries:
        raise ValueError(f"no claim {claim!r} in the ledger; known: {', '.join(entries)}")
    if field not in FIELDS:
        raise ValueError(f"no field {field!r} of a claim; known: {', '.join(FIELDS)}")
    try:
        text = FIELDS[field](entries[claim])
    except (AttributeError, TypeError):
        text = None
    if text is None and entries[claim].verdict not in QUIET:
        return UNKNOWN  # data decide whether an assessed claim has a value; a page must be built either way
    if text is None:
        raise ValueError(f"claim {claim} has no {field} yet")
    return text


def noted(reference: str, entries: Mapping[str, Entry], *, note_id: str, today: date, prefix: str = "") -> Markup:
    """Write one field of one claim for a page: linked to the claim's card, with a note; a phrase is left as text.

    Parameters
    ----------
    reference, entries
        As for `value`, which also says what is raised.
    note_id : str
        Id of the note, unique on the page.
    today : datetime.date
        Day from which the claim is seen as past its date or not.
    prefix : str
        What leads from the page to the site's root.
    """
    text = value(reference, entries)
    claim, _, field = reference.partition(":")
    if field in PROSE:
        return escape(text)
    return render(
        "value",
        entry=entries[claim],
        field=field,
        name=NAMES.get(field, field),
        text=text,
        id=note_id,
        today=today,
        prefix=prefix,
    )
