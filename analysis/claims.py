"""Claims as data: what the report asserts, how we would know, and when the answer expires.

A claim is read from ``claims.yml``; its acceptance regions must follow from the report's words by the one rule of
`acceptance`.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from functools import lru_cache
from typing import Annotated, Literal, get_args

import numpy as np
import pandas as pd
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass
from ruamel.yaml import YAML, SafeConstructor, YAMLError

from analysis.data.reading import read_text
from analysis.sealed import DataError, path, require_sealed

Chapter = Literal["returns", "compute", "data_marketplaces", "agents", "verifiable_ai", "framework"]
Kind = Literal["bound", "magnitude", "forecast", "ordering", "direction", "existence"]
Bearing = Literal["supports", "contradicts", "neutral"]
Bound = Literal["exact", "at least", "over"]
Form = Literal["over", "at_least", "under", "about", "range", "none"]
Unit = Literal["%", "percentage points", "USD", "USD/year", "s", "count", "share of bound"]

CHAPTERS: tuple[Chapter, ...] = get_args(Chapter)
#: Kinds that are judged by a number alone.
NUMERIC_KINDS = ("bound", "magnitude")

#: Half-width of "about x", as a share of x: in T, in T_minor.
ABOUT = (0.25, 0.50)
#: How far a bound's T_minor lies short of it, as a share of it.
BOUND_SHORTFALL = 0.10
#: How much wider a range's T_minor is on each side, as a share of its width.
RANGE_MARGIN = 0.25

CLAIMS = "claims.yml"
#: Ids name files and pages, and stand in prose.
ID = re.compile(r"[A-Z][A-Z0-9]{0,7}")
STRICT = ConfigDict(
    extra="forbid",
    arbitrary_types_allowed=True,
    use_attribute_docstrings=True,
    json_schema_serialization_defaults_required=True,
)
frozen = dataclass(frozen=True, slots=True, config=STRICT)

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


@frozen
class Place:
    """Place in the report: paragraph of the body and sentence, both from 1; paragraph 0 is the abstract."""

    paragraph: int
    sentence: int


@frozen
class Asserted:
    """What the report asserts."""

    form: Form
    """shape of the assertion; decides the acceptance region"""
    words: str
    """the report's few words for it"""
    value: float | None = None
    """the figure, in `unit`"""
    low: float | None = None
    """lower end of a range, in `unit`"""
    high: float | None = None
    """upper end of a range, in `unit`"""
    unit: Unit | None = None
    """unit of the figures; null where there is none"""

    @property
    def reference(self) -> float | None:
        """The one value that stands for the assertion: its figure, or the middle of its range."""
        return (self.low + self.high) / 2 if self.form == "range" else self.value


@frozen
class PublicationBias:
    """A dated judgement of whether unfavourable results went unpublished; `downgrade` is 0 or 1 step of certainty."""

    downgrade: Literal[0, 1]
    judged_on: date
    reason: str


@frozen
class Claim:
    """One assertion of the report; the fields are those of ``claims.yml``.

    Attributes
    ----------
    id : str
        Never reused; matches `ID`, since it names files.
    T, T_minor : str or None
        Acceptance regions in interval notation, in the asserted unit; `regions` gives them as intervals.
    as_of : date
        Date that the statement is about.
    due : date or None
        Date on which a forecast can be judged.
    expires : date or None
        Date after which the verdict has to be looked at again.
    definition : str
        Primary operational definition.
    alternatives, other_questions : tuple of str
        Defensible definitions of the same question; questions that never count as support.
    parts : tuple of str
        Parts of a claim that holds only if each of them does; every evidence row then names its part.
    """

    id: str
    chapter: Chapter
    kind: Kind
    statement: str
    place: Place
    asserted: Asserted
    T: str | None
    T_minor: str | None
    why_T: str
    as_of: date
    expires: date | None
    definition: str
    publication_bias: PublicationBias
    alternatives: tuple[str, ...] = ()
    other_questions: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    due: date | None = None

    @property
    def sha256(self) -> str:
        """Hash of what is declared; fields at their defaults do not enter, so that a new field changes no old hash."""
        declared = TypeAdapter(Claim).dump_python(self, mode="json", exclude_defaults=True)
        return hashlib.sha256(json.dumps(declared, sort_keys=True).encode()).hexdigest()

    @property
    def regions(self) -> tuple[pd.Interval, pd.Interval] | None:
        """(T, T_minor) as intervals, or None where the claim has no number."""
        return None if self.T is None else (interval(self.T), interval(self.T_minor))


def allowed(low: float, high: float, bound: Bound) -> pd.Interval:
    """All values that a figure allows, by its words.

    Parameters
    ----------
    low, high : float
        Ends of the figure as stated, in any unit; the same for a single number.
    bound : {"exact", "at least", "over"}

    Examples
    --------
    >>> allowed(3.0, 3.0, "at least"), allowed(3.0, 3.0, "over")
    (Interval(3.0, inf, closed='left'), Interval(3.0, inf, closed='neither'))
    """
    match bound:
        case "at least":
            return pd.Interval(low, np.inf, closed="left")
        case "over":
            return pd.Interval(low, np.inf, closed="neither")
    return pd.Interval(low, high, closed="both")


@frozen
class Estimate:
    """A value with its interval, and what the interval is of; low <= value <= high."""

    value: float
    """the estimate, in `unit`"""
    low: float
    """lower end of the interval, in `unit`"""
    high: float
    """upper end of the interval, in `unit`"""
    unit: Unit
    """the claim's unit"""
    n: Count
    """observations behind it"""
    interval_of: str
    """what varies inside the interval, such as the choice of members"""
    method: str
    """how it was computed, in a line"""
    bound: Bound = "exact"
    """whether the interval has both ends; "at least" and "over" go on without end from `low`, the first with it"""

    def __post_init__(self) -> None:
        if not (np.isfinite([self.low, self.value, self.high]).all() and self.low <= self.value <= self.high):
            raise ValueError(
                f"an estimate needs finite low <= value <= high, not {self.low}, {self.value}, {self.high}"
            )

    @property
    def interval(self) -> pd.Interval:
        """[low, high]; for a bound [low, ∞) or (low, ∞)."""
        return allowed(self.low, self.high, self.bound)


@frozen
class Evidence:
    """One observation that bears on a claim without being a number of it."""

    statement: str
    """what was observed, in our words"""
    bearing: Bearing
    """for or against the claim, by the claim's definition"""
    source_id: str
    """row of the table `sources`"""
    observed_on: date | None = None
    """day of the observation"""
    vendor: bool = False
    """whether it comes from the party that the claim is about"""
    part: str | None = None
    """part of the claim that it bears on, where the claim names parts"""


@frozen
class Support:
    """Share of admissible specifications under which the claim holds, and its range one factor at a time (all 0–1)."""

    balanced: Share
    """the share, options weighing the same within each factor and identical results counting once"""
    low: Share
    """lowest share, with each factor in turn held at its primary option"""
    high: Share
    """highest share, in the same way"""
    pivotal: str | None = None
    """the factor that turns the verdict, if one does"""


@frozen
class Curve:
    """The specification curve: every distinct admissible result once, by ascending estimate; tuples of one length."""

    estimate: tuple[float, ...]
    """estimates, in the claim's unit, to six significant digits"""
    to_share: tuple[Share, ...]
    """balanced weight of a result and all below it (0–1; the last is 1)"""
    holds: tuple[bool, ...]
    """whether the claim holds under it"""
    primary: Count | None
    """place of the primary definition's result, from 0; null where it cannot be computed"""

    def __post_init__(self) -> None:
        if not len(self.estimate) == len(self.to_share) == len(self.holds):
            raise ValueError("a curve needs as many shares and answers as estimates")


@frozen
class Finding:
    """What a chapter found on one claim; everything that verdict, certainty and level are computed from.

    Attributes
    ----------
    level : {1, 2, 3, 4, 5}
        1 a secondary figure, 2 a primary figure, 3 our estimate on compiled observations, 4 confirmed on a second
        independent compilation, 5 our own measurement.
    basis : {"measurement", "market", "secondary"}
        What the evidence is, which decides where certainty starts.
    estimate : Estimate or None
    evidence : tuple of Evidence
    observed_on : date or None
        Day of the observation that decides, for its distance from the claim's date.
    proxy : bool
        Whether something else was observed in place of the quantity.
    source_values : tuple of float
        The estimate under each source, or its extremes over sources.
    reliability : dict of str to float
        Reliability of the sources of what decides, by its name in the table -> its weight: how much of the estimate, or
        how many of the figures or rows, rest on it. Empty where the table gives none.
    support : Support or None
    curve : Curve or None
        Estimates behind the support.
    nearest_true : str or None
        What would make the claim true.
    missing : {"missing", "not public", "conflicting"} or None
        Why nothing can be said, where nothing can.
    """

    level: Literal[1, 2, 3, 4, 5]
    basis: Literal["measurement", "market", "secondary"]
    estimate: Estimate | None = None
    evidence: tuple[Evidence, ...] = ()
    observed_on: date | None = None
    proxy: bool = False
    source_values: tuple[float, ...] = ()
    reliability: dict[str, Annotated[float, Field(ge=0)]] = field(default_factory=dict)
    support: Support | None = None
    curve: Curve | None = None
    nearest_true: str | None = None
    missing: Literal["missing", "not public", "conflicting"] | None = field(default=None)


NOTATION = re.compile(r"([\[(])\s*([^,\s]+)\s*,\s*([^,\s]+)\s*([\])])")
CLOSED = {"[]": "both", "[)": "left", "(]": "right", "()": "neither"}


def interval(notation: str) -> pd.Interval:
    """Interval from its notation.

    Raises
    ------
    ValueError
        If the text is not an interval.

    Examples
    --------
    >>> interval("(280, inf)")
    Interval(280.0, inf, closed='neither')
    >>> interval("[50, 80]")
    Interval(50.0, 80.0, closed='both')
    """
    match = NOTATION.fullmatch(notation.strip())
    if not match:
        raise ValueError(f"{notation!r} is not an interval such as '[50, 80]' or '(280, inf)'")
    opening, low, high, closing = match.groups()
    return pd.Interval(float(low), float(high), closed=CLOSED[opening + closing])


def acceptance(asserted: Asserted) -> tuple[pd.Interval, pd.Interval] | None:
    """T and T_minor that follow from the report's words, by one rule for all claims.

    "over x" is the open bound and its T_minor 10 % short of it; "about x" is x ± 25 % and ± 50 %; a range is itself and
    a quarter of its width wider on each side.

    Raises
    ------
    ValueError
        If the figures that the form needs are not there.

    Examples
    --------
    >>> acceptance(Asserted(form="over", words="over 280%", value=280, unit="%"))
    (Interval(280.0, inf, closed='neither'), Interval(252.0, inf, closed='neither'))
    >>> acceptance(Asserted(form="about", words="about 10 minutes", value=600, unit="s"))
    (Interval(450.0, 750.0, closed='both'), Interval(300.0, 900.0, closed='both'))
    >>> acceptance(Asserted(form="range", words="50-80%", low=50, high=80, unit="%"))
    (Interval(50.0, 80.0, closed='both'), Interval(42.5, 87.5, closed='both'))
    """
    form, x, low, high = asserted.form, asserted.value, asserted.low, asserted.high
    if form == "none":
        return None
    if (low is None or high is None) if form == "range" else x is None:
        raise ValueError(f"form {form!r} needs {'low and high' if form == 'range' else 'a value'}")
    if asserted.unit is None:
        raise ValueError(f"form {form!r} needs a unit")
    if form == "range":
        margin = RANGE_MARGIN * (high - low)
        return pd.Interval(low, high, closed="both"), pd.Interval(low - margin, high + margin, closed="both")
    if form == "about":
        return tuple(pd.Interval(x - share * abs(x), x + share * abs(x), closed="both") for share in ABOUT)
    slack = BOUND_SHORTFALL * abs(x)
    if form == "under":
        return pd.Interval(-np.inf, x, closed="neither"), pd.Interval(-np.inf, x + slack, closed="neither")
    closed = "left" if form == "at_least" else "neither"
    return pd.Interval(x, np.inf, closed=closed), pd.Interval(x - slack, np.inf, closed=closed)


def asserted_figure(claim: Claim, unit: Unit) -> float:
    """The figure that a claim asserts, for a function that can only judge one in this unit.

    Raises
    ------
    DataError
        If the claim asserts none, or one in another unit.

    Examples
    --------
    >>> asserted_figure(load_claims()["R1"], "%")
    280.0
    """
    if claim.asserted.reference is None or claim.asserted.unit != unit:
        said = "no figure" if claim.asserted.reference is None else f"a figure in {claim.asserted.unit}"
        raise DataError(f"{CLAIMS}, claim {claim.id}, field asserted: {said}, where its function needs one in {unit}")
    return claim.asserted.reference


def load_claims(data_dir: str | os.PathLike | None = None) -> dict[str, Claim]:
    """Claims of a sealed data folder, by id.

    Raises
    ------
    DataError
        If the file is missing, changed since it was sealed, or breaks a rule.

    Examples
    --------
    >>> load_claims()["R1"].T
    '(280, inf)'
    """
    require_sealed(CLAIMS, data_dir)
    return read_claims(data_dir)


class DatesAsText(SafeConstructor):
    """Leaves dates to the field's type, whose error names the claim; YAML's own error would not."""


DatesAsText.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


def read_yaml(name: str, text: str) -> object:
    """Content of a YAML 1.2 file of the data folder; a repeated key is refused.

    Parameters
    ----------
    name : str
        Of the file, for the message.
    text : str

    Raises
    ------
    DataError
        If it is not YAML.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = DatesAsText
    try:
        return yaml.load(text)
    except YAMLError as error:
        raise DataError(f"{name}: {error}") from error


def read_claims(data_dir: str | os.PathLike | None = None) -> dict[str, Claim]:
    """As `load_claims`, without asking whether the file is as it was sealed."""
    return dict(_claims(read_text(path(CLAIMS, data_dir))))


@lru_cache(maxsize=8)  # every entry of the ledger asks for the same
def _claims(text: str) -> Mapping[str, Claim]:
    rows = read_yaml(CLAIMS, text)
    if not isinstance(rows, list) or not all(
        isinstance(row, Mapping) and isinstance(row.get("id"), str) for row in rows
    ):
        raise DataError(f"{CLAIMS}: must be a list of claims, each with an id that is text")
    claims: dict[str, Claim] = {}
    for row in rows:
        if not ID.fullmatch(row["id"]):
            raise DataError(f"{CLAIMS}, claim {row['id']!r}: an id is a capital letter and up to 7 more or digits")
        if row["id"] in claims:
            raise DataError(f"{CLAIMS}, claim {row['id']}: the id stands twice")
        claims[row["id"]] = _claim(row)
    return claims


def _claim(row: Mapping) -> Claim:
    try:
        claim = TypeAdapter(Claim).validate_python(row)
    except ValidationError as errors:
        first = errors.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise DataError(f"{CLAIMS}, claim {row['id']}, field {where}: {first['msg']}") from errors
    if (claim.T is None) != (claim.T_minor is None):
        raise DataError(f"{CLAIMS}, claim {claim.id}, field T_minor: T and T_minor are both given or both null")
    try:
        declared, derived = claim.regions, acceptance(claim.asserted)
    except ValueError as error:
        raise DataError(f"{CLAIMS}, claim {claim.id}, field T: {error}") from error
    if not _same(declared, derived):
        expected = "null" if derived is None else f"{derived[0]} and {derived[1]}"
        raise DataError(
            f"{CLAIMS}, claim {claim.id}, field T: T and T_minor must be {expected} "
            f"by the rule for {claim.asserted.form!r}"
        )
    if claim.kind in (*NUMERIC_KINDS, "forecast") and derived is None:
        raise DataError(f"{CLAIMS}, claim {claim.id}, field asserted: a {claim.kind} needs a figure")
    if (claim.kind == "forecast") != (claim.due is not None):
        raise DataError(f"{CLAIMS}, claim {claim.id}, field due: a forecast has a due date and nothing else has")
    return claim


def _same(a: tuple[pd.Interval, ...] | None, b: tuple[pd.Interval, ...] | None) -> bool:
    if a is None or b is None:
        return a is b
    ends = [[(i.left, i.right) for i in pair] for pair in (a, b)]
    return np.allclose(*ends, rtol=1e-12) and all(i.closed == j.closed for i, j in zip(a, b, strict=True))
