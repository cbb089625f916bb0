"""Claims as data: what the report asserts, how we would know, and when the answer expires.

A claim is read from ``claims.yml``; its acceptance regions must follow from the report's words by the one rule of
`acceptance`.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass

from analysis.engine.data.chapters import read_chapters
from analysis.engine.data.reading import read_text
from analysis.engine.data.report import at_hand
from analysis.engine.data.sealed import DataError, path, require_sealed
from analysis.engine.data.yaml import read_yaml, typed

Kind = Literal["bound", "magnitude", "forecast", "ordering", "direction", "existence"]
Bearing = Literal["supports", "contradicts", "neutral"]
Bound = Literal["exact", "at least", "over"]
Form = Literal["over", "at_least", "under", "about", "range", "none"]

#: Units that any report has; `words.formats.quantity` scales some to words and writes every other after the number.
UNITS = ("%", "percentage points", "USD", "USD/year", "s", "count", "share of bound")


def units() -> tuple[str, ...]:
    """Units that a figure can have: those of any report and those that the report at hand declares."""
    return (*UNITS, *at_hand().units)


def _known(unit: str) -> str:
    if unit not in units():
        raise ValueError(f"{unit!r} is none of {', '.join(units())}; a report declares others as its `units`")
    return unit


Unit = Annotated[str, AfterValidator(_known), Field(json_schema_extra=lambda schema: schema.update(enum=list(units())))]

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
class Option:
    """One way to define a claim's question."""

    id: str
    """name by which functions know it; never changed"""
    label: str
    """what readers see"""
    key: str | None = None
    """the words that raters saw; null for a primary option, and for one that they did not see"""


@frozen
class Factor:
    """One choice that a definition has to make; the first option is the claim's own."""

    name: str
    options: tuple[Option, ...]
    of: str | None = None
    """claim from which it is inherited"""


@frozen
class Inherited:
    """Factors of another claim that vary here too."""

    claim: str
    key: str


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
    factors : tuple of Factor
        What the definition leaves open, each with its defensible options; those of `inherits` come first.
    other_questions : tuple of str
        Questions that never count as support.
    parts : tuple of str
        Parts of a claim that holds only if each of them does; every evidence row then names its part.
    """

    id: str
    chapter: str
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
    factors: tuple[Factor, ...] = ()
    inherits: Inherited | None = None
    other_questions: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    due: date | None = None

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The words for every option beside the primary ones, inherited ones in one."""
        own = [o.key for factor in self.factors if factor.of is None for o in factor.options if o.key]
        return (*own, *([self.inherits.key] if self.inherits else []))

    @property
    def sha256(self) -> str:
        """Hash of what is declared, less labels and fields at their defaults: a new field changes no old hash."""
        declared = TypeAdapter(Claim).dump_python(self, mode="json", exclude_defaults=True)
        for factor in declared.get("factors", ()):
            for option in factor["options"]:
                del option["label"]
        return hashlib.sha256(json.dumps(declared, sort_keys=True).encode()).hexdigest()

    @property
    def regions(self) -> tuple[pd.Interval, pd.Interval] | None:
        """(T, T_minor) as intervals, or None where the claim has no number."""
        return None if self.T is None else (interval(self.T), interval(self.T_minor))


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
    >>> claim = next(claim for claim in load_claims().values() if claim.asserted.form == "over")
    >>> asserted_figure(claim, claim.asserted.unit) == claim.asserted.value
    True
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
    """
    require_sealed(CLAIMS, data_dir)
    return read_claims(data_dir)


def read_claims(data_dir: str | os.PathLike | None = None) -> dict[str, Claim]:
    """As `load_claims`, without asking whether the file is as it was sealed."""
    claims, chapters = dict(_claims(read_text(path(CLAIMS, data_dir)))), read_chapters(data_dir)
    for claim in claims.values():
        if claim.chapter not in chapters:
            raise DataError(
                f"{CLAIMS}, claim {claim.id}, field chapter: {claim.chapter!r} is not in chapters.yml, which has "
                f"{', '.join(chapters)}"
            )
    return claims


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
    return {name: _with_inherited(claim, claims) for name, claim in claims.items()}


def _with_inherited(claim: Claim, claims: Mapping[str, Claim]) -> Claim:
    inherited: tuple[Factor, ...] = ()
    if claim.inherits is not None:
        of = claim.inherits.claim
        if of not in claims or claims[of].inherits:
            raise DataError(f"{CLAIMS}, claim {claim.id}, field inherits: no claim {of!r} with factors of its own")
        inherited = tuple(replace(factor, of=of) for factor in claims[of].factors)
    found = replace(claim, factors=(*inherited, *claim.factors))
    if fault := _fault_of(found.factors):
        raise DataError(f"{CLAIMS}, claim {claim.id}, field factors: {fault}")
    return found


def _fault_of(factors: tuple[Factor, ...]) -> str | None:
    for factor in factors:
        if len(factor.options) < 2:
            return f"factor {factor.name!r} needs two options or more, the claim's own first"
        for name in ("id", "label"):
            if twice := _twice([getattr(option, name) for option in factor.options]):
                return f"factor {factor.name!r}: the {name} {twice!r} stands twice"
    if twice := _twice([factor.name for factor in factors]):
        return f"the factor {twice!r} stands twice"
    twice = _twice([option.key for factor in factors for option in factor.options if option.key])
    return twice and f"the key {twice!r} stands twice"


def _twice(values: list[str]) -> str | None:
    return next((value for value in values if values.count(value) > 1), None)


def _claim(row: Mapping) -> Claim:
    where = f"{CLAIMS}, claim {row['id']}, field "
    claim = typed(Claim, row, where)
    if (claim.T is None) != (claim.T_minor is None):
        raise DataError(f"{where}T_minor: T and T_minor are both given or both null")
    try:
        declared, derived = claim.regions, acceptance(claim.asserted)
    except ValueError as error:
        raise DataError(f"{where}T: {error}") from error
    if not _same(declared, derived):
        expected = "null" if derived is None else f"{derived[0]} and {derived[1]}"
        raise DataError(f"{where}T: T and T_minor must be {expected} by the rule for {claim.asserted.form!r}")
    if claim.kind in (*NUMERIC_KINDS, "forecast") and derived is None:
        raise DataError(f"{where}asserted: a {claim.kind} needs a figure")
    if (claim.kind == "forecast") != (claim.due is not None):
        raise DataError(f"{where}due: a forecast has a due date and nothing else has")
    return claim


def _same(a: tuple[pd.Interval, ...] | None, b: tuple[pd.Interval, ...] | None) -> bool:
    if a is None or b is None:
        return a is b
    ends = [[(i.left, i.right) for i in pair] for pair in (a, b)]
    return np.allclose(*ends, rtol=1e-12) and all(i.closed == j.closed for i, j in zip(a, b, strict=True))
