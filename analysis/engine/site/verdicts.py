"""How each verdict and each grade of certainty looks: words, tone and icon, never colour alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from analysis.engine.words import formats

_CROSS = "M3 3l10 10M13 3L3 13"
_TICK = "M2.5 8.5l4 4 7-9"
_CIRCLE = "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2z"


@dataclass(frozen=True, slots=True)
class Look:
    """What a reader sees of one verdict."""

    label: str
    """the verdict in a few words, the same on badges, in filters and in the tally"""
    tone: str
    """CSS class that colours it: yes, near, no, open or none"""
    path: str
    """SVG path of its icon, in a box of 16 by 16"""
    prose: str = ""
    """the verdict inside a sentence; empty where that is the label in small letters"""

    @property
    def said(self) -> str:
        """The verdict as it stands inside a sentence."""
        return self.prose or self.label.lower()


LOOKS: dict[str, Look] = {
    "reproduced": Look("Reproduced", "yes", _TICK),
    "supported": Look("Supported", "yes", _TICK),
    "reproduced-minor": Look(
        "Minor difference",
        "near",
        "M2 6c2-2.6 4-2.6 6 0s4 2.6 6 0M2 11c2-2.6 4-2.6 6 0s4 2.6 6 0",
        "reproduced with a minor difference",
    ),
    "differs-opposite": Look("Differs: opposite sign", "no", _CROSS, "differs, with the opposite sign"),
    "differs-smaller": Look("Differs: smaller", "no", "M8 2.5v10M4 9l4 4 4-4", "differs, being smaller"),
    "differs-larger": Look("Differs: larger", "no", "M8 13.5v-10M4 7l4-4 4 4", "differs, being larger"),
    "contradicted": Look("Contradicted", "no", _CROSS),
    "definition-ambiguous": Look("Turns on the definition", "open", f"{_CIRCLE}M8 2v12"),
    "inconclusive": Look("Inconclusive", "open", "M1.5 8h13M4.5 5l-3 3 3 3M11.5 5l3 3-3 3"),
    "not-reproducible": Look("Cannot be checked", "none", "M5.5 5.6a2.6 2.6 0 1 1 3.6 2.6c-.8.4-1.1.9-1.1 1.8M8 13v.3"),
    "pending": Look("Pending", "none", f"{_CIRCLE}M8 4.7V8l2.4 1.6"),
    "unassessed": Look("Not assessed", "none", "M4 8h8"),
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
    >>> "Differs: opposite sign" in badge("differs-opposite")
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
    return Markup(
        '<span class="nb"><span class="dots" aria-hidden="true">{}<i>{}</i></span> <span class="grade">{}</span></span>'
    ).format("●" * full, "●" * (4 - full), grade)


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
    '2 claims, 1 of them computed 1 differs: smaller 1 not assessed'
    """
    computed = sum(record["level"] is not None for record in records)
    said = f"{formats.many(len(records), 'claim')}, {computed or 'none'} of them computed"
    present = [record["verdict"] for record in records]
    items = Markup("").join(
        Markup("<li><b>{}</b> {}</li> ").format(present.count(verdict), found.label.lower())
        for verdict, found in LOOKS.items()
        if verdict in present
    )
    return Markup('<p class="tallied">{}</p> <ul class="tally">{}</ul>').format(said, items)
