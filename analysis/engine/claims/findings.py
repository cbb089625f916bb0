"""What a chapter found on a claim: an estimate, rows of evidence, support, and all that certainty is computed from."""

from dataclasses import field
from datetime import date
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from analysis.engine.claims.claims import Bearing, Bound, Count, Share, Unit, frozen


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
