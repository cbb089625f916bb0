"""How each verdict and each grade of certainty looks: words, tone and icon, never colour alone."""

from dataclasses import dataclass

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
LEVELS = {
    1: "a secondary figure",
    2: "a primary figure",
    3: "our estimate on compiled observations",
    4: "our estimate, confirmed on a second compilation",
    5: "our own measurement",
}
#: Verdicts of claims on which nothing has been found yet: shown in a quieter way.
QUIET = ("unassessed", "pending")


def look(verdict: str) -> Look:
    """Look of a verdict of the ledger.

    Raises
    ------
    ValueError
        For any other.

    Examples
    --------
    >>> look("pending").label
    'Pending'
    >>> look("wrong")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: unknown verdict 'wrong'; known: reproduced, supported, reproduced-minor, ...
    """
    if verdict not in LOOKS:
        raise ValueError(f"unknown verdict {verdict!r}; known: {', '.join(LOOKS)}")
    return LOOKS[verdict]
