"""A claim's question under the definitions that ``claims.yml`` declares, once for all claims."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from types import EllipsisType
from typing import Any, TypeVar, get_args

import numpy as np
import pandas as pd

from analysis.engine.claims import CLAIMS, Bearing, Claim, Evidence, Finding
from analysis.engine.claims.judge import Label, judge
from analysis.engine.data.sealed import DataError
from analysis.engine.multiverse.explore import (
    Estimator,
    Factor,
    Multiverse,
    Rule,
    UnbalancedError,
    UncomputableError,
    explore,
    explore_outcomes,
    inside,
    reasons,
)

Value = TypeVar("Value")
#: What would make a claim true that is.
HOLDS = "it holds as it is"
#: Verdicts that rows of evidence settle.
SETTLED = ("supported", "contradicted")
#: Neither holds nor fails: there is no estimate.
NOT_COUNTED = "not counted"


@dataclass(frozen=True, slots=True)
class Question:
    """What a claim asks, with a way to answer it under each of its definitions.

    Attributes
    ----------
    claim : Claim
        Its factors are the definitions; the first option of each is the claim's own.
    answer : callable
        With a number asserted: an `Estimator`, from specifications to estimates in the claim's unit; `pointwise` makes
        one of a plain function. Without one: whether the claim holds, from one option per factor by keyword.
    rules : sequence of Rule
        What makes a combination inadmissible, apart from the data.
    without : frozenset of (factor, option)
        Options that are left out, such as those for which nothing was observed.
    """

    claim: Claim
    answer: Estimator | Callable[..., bool]
    rules: Sequence[Rule] = ()
    without: frozenset[tuple[str, str]] = frozenset()

    @property
    def factors(self) -> tuple[Factor, ...]:
        """The factors that vary, each with its primary option first."""
        return factors_of(self.claim, self.without)

    @property
    def region(self) -> pd.Interval | None:
        """Acceptance region, None where no number is asserted."""
        return None if self.claim.regions is None else self.claim.regions[0]

    def explore(self) -> Multiverse:
        """Every admissible combination; errors are those of `analysis.engine.multiverse.explore.explore`."""
        if self.region is None:
            return explore_outcomes(self.factors, self.answer)
        return explore(self.factors, self.rules, self.answer, holds=inside(self.region))

    def weighed(self) -> Multiverse | None:
        """As `explore`, or None where nothing can be computed, or too little for the options to weigh the same."""
        try:
            return self.explore()
        except (UnbalancedError, UncomputableError):
            return None

    def one_at_a_time(self) -> pd.DataFrame:
        """The definition itself, and each other option on its own.

        Returns
        -------
        DataFrame, one row per definition
            The columns of `alternatives_of`, `estimate` (in the claim's unit; NaN where it cannot be computed), `holds`
            ("yes", "no" or `NOT_COUNTED`), `reason` (of the rules that leave it out). Without a number asserted
            `estimate` is 1 where the claim holds, else 0.
        """
        rows = alternatives_of(self.claim, self.without)
        grid = rows[[factor.name for factor in self.factors]]
        reason = reasons(grid, self.rules)
        if self.region is None:
            estimate = np.array([float(self.answer(**row)) for row in grid.to_dict("records")])
            held = estimate == 1
        else:
            estimate = np.where(reason == "", self.answer(grid), np.nan)
            held = inside(self.region)(estimate)
        holds = np.select([np.isnan(estimate), held], [NOT_COUNTED, "yes"], "no")
        return rows.assign(estimate=estimate, holds=holds, reason=reason)

    def answered(self, value: float, *needed: str, explored: Multiverse | EllipsisType | None = ...) -> dict[str, Any]:
        """Support, curve and what would make the claim true, as a `Finding` takes them.

        Parameters
        ----------
        value : float
            The estimate, in the claim's unit.
        *needed : str
            What would have to be observed otherwise, each in words that a semicolon may precede.
        explored : Multiverse or None, optional
            From `weighed`, where that is at hand.
        """
        explored = self.weighed() if explored is ... else explored
        nearest = [] if explored is None else [explored.describe_nearest(self.claim.asserted.unit, self.region)]
        return {
            "support": explored and explored.support,
            "curve": explored and explored.curve,
            "nearest_true": HOLDS if value in self.region else "; ".join([*nearest, *needed]),
        }

    def settled(self, needed: str = "", *, decided: bool = True) -> dict[str, Any]:
        """Support and what would make the claim true where no number is asserted, as a `Finding` takes them.

        Parameters
        ----------
        needed : str
            What would have to be shown; empty where the claim is supported.
        decided : bool
            Whether the primary definition decides the claim. Where it leaves it open there is no support: that other
            definitions leave it open too is not that it fails under them.
        """
        return {"support": self.explore().support if decided else None, "nearest_true": needed or HOLDS}

    def without_options(self, left_out: Callable[[str, str], bool]) -> "Question":
        """The question without some options; a primary one stays.

        Parameters
        ----------
        left_out : callable
            From factor and option to whether it is left out.
        """
        some = {(f.name, o) for f in self.factors for o in f.options if o != f.primary and left_out(f.name, o)}
        return replace(self, without=self.without | some)


def factors_of(claim: Claim, without: frozenset[tuple[str, str]] = frozenset()) -> tuple[Factor, ...]:
    """Factors that a claim declares, less some options; one that is left with its primary option stays.

    Examples
    --------
    >>> from analysis.engine.claims import load_claims
    >>> all(factor.primary == factor.options[0] for claim in load_claims().values() for factor in factors_of(claim))
    True
    """
    return tuple(
        Factor(
            factor.name,
            tuple(o.id for o in factor.options if (factor.name, o.id) not in without),
            factor.options[0].id,
            {option.id: option.label for option in factor.options},
        )
        for factor in claim.factors
    )


def primary_of(claim: Claim) -> dict[str, str]:
    """The claim's own option of each of its factors."""
    return {factor.name: factor.options[0].id for factor in claim.factors}


def alternatives_of(claim: Claim, without: frozenset[tuple[str, str]] = frozenset()) -> pd.DataFrame:
    """The claim's definition, and each other option on its own, less those left out.

    Returns
    -------
    DataFrame, one row per definition
        `factor` and `option` (empty in the first row), `label`, the option of every factor in a column of its name.
    """
    changes = [("", "", "the definition")]
    changes += [(f.name, o, f.label(o)) for f in factors_of(claim, without) for o in f.options if o != f.primary]
    primary = primary_of(claim)
    grid = pd.DataFrame([primary | ({factor: option} if factor else {}) for factor, option, _ in changes])
    return pd.DataFrame(changes, columns=["factor", "option", "label"]).join(grid)


def combinations_of(claim: Claim, *names: str) -> pd.DataFrame:
    """Every combination of the options of some factors, the last of which changes fastest, with the primary ones else.

    Returns
    -------
    DataFrame, one row per definition, the claim's own first
        The option of every factor in a column of its name.
    """
    options = {factor.name: factor.options for factor in factors_of(claim)}
    varied = product(*(options[name] for name in names))
    return pd.DataFrame([primary_of(claim) | dict(zip(names, chosen, strict=True)) for chosen in varied])


def verdict_of(claim: Claim, rows: tuple[Evidence, ...]) -> Label:
    """Verdict that rows of evidence give by themselves, by the primary definition alone."""
    return judge(claim, Finding(level=1, basis="secondary", evidence=rows), today=claim.as_of).primary


def tallied(claim: Claim, definitions: pd.DataFrame, evidence: Callable[..., tuple[Evidence, ...]]) -> pd.DataFrame:
    """What rows of evidence say by themselves under some definitions.

    Parameters
    ----------
    definitions : DataFrame
        Of `alternatives_of` or `combinations_of`.
    evidence : callable
        The rows, from one option per factor by keyword.

    Returns
    -------
    DataFrame
        The definitions, `verdict`, and the number of rows that each `supports`, `contradicts` or is `neutral`.
    """
    found = []
    for options in definitions[list(primary_of(claim))].to_dict("records"):
        rows = evidence(**options)
        bearings = [row.bearing for row in rows]
        found.append(
            {"verdict": verdict_of(claim, rows)} | {bearing: bearings.count(bearing) for bearing in get_args(Bearing)}
        )
    return definitions.join(pd.DataFrame(found, index=definitions.index))


def meaning(claim: Claim, factor: str, option: str, known: Mapping[str, Value]) -> Value:
    """What an option of a claim's factor does, by a function's map from option ids.

    Raises
    ------
    DataError
        If the function does not know the option; names claim and factor.

    Examples
    --------
    >>> from analysis.engine.claims import load_claims
    >>> claim = next(claim for claim in load_claims().values() if claim.factors)
    >>> meaning(claim, "size", "any", {"any": 0, "large": 1_000})
    0
    >>> meaning(claim, "size", "small", {"any": 0, "large": 1_000})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    analysis.engine.data.sealed.DataError: claims.yml, claim ..., factor size: its function does not know ...
    """
    if option not in known:
        raise DataError(
            f"{CLAIMS}, claim {claim.id}, factor {factor}: its function does not know {option!r}; it knows "
            f"{', '.join(known)}"
        )
    return known[option]


def meanings(claim: Claim, options: Mapping[str, str], known: Mapping[str, Mapping[str, Value]]) -> dict[str, Value]:
    """`meaning` of an option of each of some factors."""
    return {factor: meaning(claim, factor, option, known.get(factor, {})) for factor, option in options.items()}


def bearing(claim: Claim, found: float | pd.Interval) -> Bearing:
    """What one figure, or all values that it allows, says of a claim: inside T for it, outside T_minor against it.

    Examples
    --------
    >>> from analysis.engine.claims import load_claims
    >>> claim = next(claim for claim in load_claims().values() if claim.regions)
    >>> inner, outer = claim.regions
    >>> bearing(claim, inner.left + 1), bearing(claim, outer.left - 1)
    ('supports', 'contradicts')
    """
    inner, outer = claim.regions
    if found in inner:
        return "supports"
    outside = not found.overlaps(outer) if isinstance(found, pd.Interval) else found not in outer
    return "contradicts" if outside else "neutral"
