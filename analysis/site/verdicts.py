"""How each verdict and each grade of certainty looks: words, tone and icon, never colour alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from analysis import formats

_CROSS = "M3 3l10 10M13 3L3 13"
_TICK = "M2.5 8.5l4 4 7-9"
_CIRCLE = "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2z"


@dataclass(frozen=True, slots=True)
class Look:
    """What a reader sees of one verdict."""

    label: str
    """the verdict in one or two words"""
    tone: str
    """CSS class that colours it: yes, near, no, open or none"""
    path: str
    """SVG path of its icon, in a box of 16 by 16"""
    one: str
    """its part of the tally when one claim has it"""
    more: str
    """its part of the tally when several have it"""
    prose: str = ""
    """the verdict inside a sentence; empty where that is the label in small letters"""

    @property
    def said(self) -> str:
        """The verdict as it stands inside a sentence."""
        return self.prose or self.label.lower()


LOOKS: dict[str, Look] = {
    "reproduced": Look("Reproduced", "yes", _TICK, "reproduced", "reproduced"),
    "supported": Look("Supported", "yes", _TICK, "supported", "supported"),
    "reproduced-minor": Look(
        "Minor difference",
        "near",
        "M2 6c2-2.6 4-2.6 6 0s4 2.6 6 0M2 11c2-2.6 4-2.6 6 0s4 2.6 6 0",
        "minor difference",
        "minor differences",
        "reproduced with a minor difference",
    ),
    "differs-opposite": Look(
        "Opposite sign", "no", _CROSS, "differs in sign", "differ in sign", "differs, with the opposite sign"
    ),
    "differs-smaller": Look("Smaller", "no", "M8 2.5v10M4 9l4 4 4-4", "differs", "differ", "differs, being smaller"),
    "differs-larger": Look("Larger", "no", "M8 13.5v-10M4 7l4-4 4 4", "differs", "differ", "differs, being larger"),
    "contradicted": Look("Contradicted", "no", _CROSS, "contradicted", "contradicted"),
    "definition-ambiguous": Look(
        "Turns on the definition",
        "open",
        f"{_CIRCLE}M8 2v12",
        "turns on the definition",
        "turn on the definition",
    ),
    "inconclusive": Look(
        "Inconclusive", "open", "M1.5 8h13M4.5 5l-3 3 3 3M11.5 5l3 3-3 3", "inconclusive", "inconclusive"
    ),
    "not-reproducible": Look(
        "Cannot be checked",
        "none",
        "M5.5 5.6a2.6 2.6 0 1 1 3.6 2.6c-.8.4-1.1.9-1.1 1.8M8 13v.3",
        "cannot be checked",
        "cannot be checked",
    ),
    "pending": Look("Pending", "none", f"{_CIRCLE}M8 4.7V8l2.4 1.6", "waits for its date", "wait for their dates"),
    "unassessed": Look("Not assessed", "none", "M4 8h8", "not assessed yet", "not assessed yet"),
}
GRADES = {"very low": 1, "low": 2, "moderate": 3, "high": 4}
LEVELS = {
    1: "a secondary figure",
    2: "a primary figure",
    3: "our estimate on compiled observations",
    4: "our estimate, confirmed on a second compilation",
    5: "our own measurement",
}
#: Folder of the site that holds the claims' cards.
CARDS = "claims"
#: Verdicts of claims on which nothing has been found yet: shown in a quieter way.
QUIET = ("unassessed", "pending")


def badge(verdict: str) -> Markup:
    """Verdict as an icon and words.

    Parameters
    ----------
    verdict : str
        A verdict of the ledger.

    Returns
    -------
    markupsafe.Markup

    Raises
    ------
    ValueError
        For a verdict that the ledger does not know.

    Examples
    --------
    >>> "Opposite sign" in badge("differs-opposite")
    True
    >>> badge("wrong")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: unknown verdict 'wrong'; known: reproduced, supported, reproduced-minor, ...
    """
    found = look(verdict)
    return Markup(
        '<span class="badge-verdict {}"><svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>{}</span>'
    ).format(found.tone, found.path, found.label)


def look(verdict: str) -> Look:
    """Look of a verdict.

    Parameters
    ----------
    verdict : str
        A verdict of the ledger.

    Returns
    -------
    Look

    Raises
    ------
    ValueError
        For a verdict that the ledger does not know.

    Examples
    --------
    >>> look("pending").label
    'Pending'
    """
    if verdict not in LOOKS:
        raise ValueError(f"unknown verdict {verdict!r}; known: {', '.join(LOOKS)}")
    return LOOKS[verdict]


def dots(certainty: Mapping[str, Any] | None) -> Markup:
    """Grade of certainty as dots, with the grade in words beside them.

    Parameters
    ----------
    certainty : mapping or None
        The ledger's ``certainty``: grade and reasons; None where a claim is not assessed.

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> print(dots({"grade": "low", "reasons": []}).striptags())
    ●●●● low
    >>> print(dots(None))
    <span class="faint">–</span>
    """
    if certainty is None:
        return Markup('<span class="faint">–</span>')
    grade = certainty["grade"]
    full = GRADES[grade]
    return Markup('<span class="dots" aria-hidden="true">{}<i>{}</i></span> <span class="grade">{}</span>').format(
        "●" * full, "●" * (4 - full), grade
    )


def address(record: Mapping[str, Any], links: Mapping[str, str] | None) -> str | None:
    """Where the verdict on a claim stands in its chapter.

    Parameters
    ----------
    record : mapping
        A ledger record.
    links : mapping or None
        Address of each chapter that has a page.

    Returns
    -------
    str or None
        Address of the claim's strip; None where the claim is not assessed or its chapter has no page.

    Examples
    --------
    >>> address({"id": "R1", "chapter": "returns", "level": 3}, {"returns": "returns.html"})
    'returns.html#R1'
    >>> address({"id": "R1", "chapter": "returns", "level": None}, {"returns": "returns.html"}) is None
    True
    """
    page = (links or {}).get(record["chapter"])
    return f"{page}#{record['id']}" if page and record["level"] is not None else None


def card_page(claim_id: str, prefix: str = "") -> str:
    """Address of a claim's card, which every claim has.

    Parameters
    ----------
    claim_id : str
        Id of the claim.
    prefix : str
        What leads from the page to the site's root.

    Returns
    -------
    str

    Examples
    --------
    >>> card_page("R1"), card_page("R1", "../")
    ('claims/R1.html', '../claims/R1.html')
    """
    return f"{prefix}{CARDS}/{claim_id}.html"


def tally(records: Sequence[Mapping[str, Any]]) -> Markup:
    """Say how many claims are computed and count all by verdict; verdicts that no claim has are left out.

    Parameters
    ----------
    records : sequence of mappings
        Ledger records.

    Returns
    -------
    markupsafe.Markup
        A sentence and a list.

    Examples
    --------
    >>> records = [{"verdict": "differs-smaller", "level": 3}, {"verdict": "unassessed", "level": None}]
    >>> tally(records).striptags().replace(formats.SPACE, " ")
    '1 of 2 claims is computed: 1 differs 1 not assessed yet'
    """
    computed = sum(record["level"] is not None for record in records)
    said = f"{computed} of {formats.many(len(records), 'claim')} {'is' if computed == 1 else 'are'} computed:"
    counts: dict[tuple[str, str], int] = {}
    present = [record["verdict"] for record in records]
    for verdict, found in LOOKS.items():
        key = (found.one, found.more)
        counts[key] = counts.get(key, 0) + present.count(verdict)
    items = Markup("").join(
        Markup("<li><b>{}</b> {}</li> ").format(count, one if count == 1 else more)
        for (one, more), count in counts.items()
        if count
    )
    return Markup('<p class="tallied">{}</p> <ul class="tally">{}</ul>').format(said, items)
