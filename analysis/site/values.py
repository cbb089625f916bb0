"""Values of the ledger as they stand in prose: ``{claim}`R1:estimate` ``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from analysis import formats
from analysis.site.picture import asserted_words
from analysis.site.verdicts import look

FIELDS: dict[str, Callable[[Mapping[str, Any]], str | None]] = {
    "statement": lambda record: record["statement"],
    "asserted": lambda record: asserted_words(record["asserted"]),
    "verdict": lambda record: look(record["verdict"]).said,
    "estimate": lambda record: formats.quantity(record["estimate"]["value"], record["estimate"]["unit"]),
    "interval": lambda record: formats.interval(
        record["estimate"]["low"], record["estimate"]["high"], record["estimate"]["unit"]
    ),
    "interval_of": lambda record: record["estimate"]["interval_of"],
    "n": lambda record: formats.number(record["estimate"]["n"]),
    "support": lambda record: formats.quantity(round(100 * record["support"]["balanced"]), "%"),
    "certainty": lambda record: record["certainty"]["grade"],
    "level": lambda record: formats.number(record["level"]),
    "nearest_true": lambda record: record["nearest_true"],
    "as_of": lambda record: formats.day(record["as_of"]),
}


#: Stands where an assessed claim has no value, as on data that do not suffice.
UNKNOWN = "not known"


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
