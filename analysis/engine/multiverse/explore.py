"""Every admissible specification of one question: its estimate, whether the claim holds, how much it weighs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pandas as pd

from analysis.engine.claims import Curve, Support
from analysis.engine.claims.judge import AMBIGUOUS_SUPPORT
from analysis.engine.multiverse.weights import balanced_weights, same_estimates
from analysis.engine.words.formats import many, quantity

Estimator = Callable[[pd.DataFrame], np.ndarray]

#: Columns of `Multiverse.table` beside the factors.
COLUMNS = ("admissible", "reason", "estimate", "holds", "result", "weight")
NOT_COMPUTABLE = "not computable from the data"
#: Decimals of a support: raking leaves errors far below them, which must not decide on which side of a bound it lies.
SUPPORT_DECIMALS = 9


class UnbalancedError(ValueError):
    """So much is inadmissible that the options of a factor cannot weigh the same."""


class UncomputableError(ValueError):
    """Nothing can be computed under any specification."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One choice that a definition has to make.

    Attributes
    ----------
    name : str
    options : tuple of str
        Defensible answers to the same question; all different.
    primary : str
        The option of the primary definition.
    labels : mapping
        What readers see of an option; default the option itself.
    """

    name: str
    options: tuple[str, ...]
    primary: str
    labels: Mapping[str, str] = field(default_factory=dict)

    def label(self, option: str) -> str:
        """What readers see of an option."""
        return self.labels.get(option, option)

    def __post_init__(self) -> None:
        if self.name in COLUMNS:
            raise ValueError(f"a factor cannot be called {self.name!r}; taken names are {', '.join(COLUMNS)}")
        if len(set(self.options)) < len(self.options):
            raise ValueError(f"factor {self.name!r}: an option stands twice in {', '.join(self.options)}")
        if self.primary not in self.options:
            raise ValueError(
                f"factor {self.name!r}: primary {self.primary!r} is not among its options {', '.join(self.options)}"
            )


@dataclass(frozen=True, slots=True)
class Rule:
    """Why some combinations are inadmissible.

    Attributes
    ----------
    reason : str
        Stands beside each combination that it excludes.
    excludes : callable
        From specifications (a column per factor) to booleans, True where inadmissible.
    """

    reason: str
    excludes: Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True, slots=True, eq=False)
class Multiverse:
    """What `explore` found.

    Attributes
    ----------
    factors : tuple of Factor
    table : DataFrame, one row per specification, the primary one first
        A column per factor, then `admissible` (bool), `reason` (why not, else empty), `estimate` (the estimator's unit,
        NaN where inadmissible), `holds` (bool, False where inadmissible), `result` (int, the same for specifications
        that count once, -1 where inadmissible), `weight` (0 where inadmissible, else summing to 1).
    options : DataFrame, one row per option
        `factor`, `option`, `primary` (bool), `counted_as` (the option that it is one with, itself mostly), `weight` and
        `support` (0–1, of the options counted as one). An option that is nowhere admissible has neither the first nor
        the last.
    distinct : int
        Number of results that count.
    support : Support
        Balanced support, its range, and the pivotal factor.
    """

    factors: tuple[Factor, ...]
    table: pd.DataFrame
    options: pd.DataFrame
    distinct: int
    support: Support

    @property
    def nearest_true(self) -> pd.Series | None:
        """Row of `table` nearest to the primary definition among those under which the claim holds.

        The fewest factors changed, then the smallest change of the estimate; None where the claim holds nowhere.
        """
        return _nearest(self.table, [factor.name for factor in self.factors])

    @property
    def curve(self) -> Curve:
        """The specification curve as the ledger keeps it: no options, rounded to what a picture shows."""
        rows = curve_of(self)
        return Curve(
            estimate=tuple(float(f"{value:.6g}") for value in rows["estimate"]),
            to_share=tuple(rows["to_share"].round(6)),
            holds=tuple(rows["holds"].astype(bool)),
            primary=next(iter(np.flatnonzero(rows["primary"]).tolist()), None),
        )

    def describe_nearest(self, unit: str = "", region: pd.Interval | None = None) -> str:
        """What would have to be defined otherwise for the claim to hold, in words.

        Parameters
        ----------
        unit : str
            Unit of the estimates, as in `analysis.engine.words.formats.quantity`.
        region : Interval, optional
            Acceptance region; where no specification lies in it, the closest one is named.
        """
        nearest = self.nearest_true
        if nearest is None:
            count = many(self.distinct, "distinct result")
            found = self.table.loc[self.table["admissible"], "estimate"]
            closest = "" if region is None else f", the closest gives {quantity(_closest(found, region), unit)}"
            return f"no admissible specification makes it true ({count}{closest})"
        changes = [
            f"{f.name}: {f.label(nearest[f.name])} instead of {f.label(f.primary)}"
            for f in self.factors
            if nearest[f.name] != f.primary
        ]
        what = "; ".join(changes) or "the primary definition itself"
        return f"{what} (gives {quantity(nearest['estimate'], unit)})"


def explore(
    factors: Sequence[Factor],
    rules: Sequence[Rule],
    estimator: Estimator,
    *,
    holds: Callable[[np.ndarray], np.ndarray],
    apart: bool = False,
) -> Multiverse:
    """Estimate under every admissible specification, and weigh the results.

    Parameters
    ----------
    factors : sequence of Factor
    rules : sequence of Rule
        What makes a combination inadmissible, apart from the data.
    estimator : callable
        From the admissible specifications, a DataFrame with a column per factor, to as many estimates, NaN where one
        cannot be computed; `pointwise` makes one of a plain function.
    holds : callable
        From estimates to booleans, each from its own estimate alone; `inside` makes one of an acceptance region.
    apart : bool
        Count every specification on its own, also where results are identical; for outcomes, see `explore_outcomes`.

    Returns
    -------
    Multiverse

    Raises
    ------
    ValueError
        If factors share a name; if a rule or the estimator returns another number of values than it was given, or an
        infinite one; or if the primary specification is excluded by a rule.
    UncomputableError
        If nothing can be computed.
    UnbalancedError
        If the options of a factor cannot weigh the same over what is admissible.

    Notes
    -----
    Support is the weighted share of admissible specifications under which the claim holds. (1) Options of a factor that
    give identical results wherever both are admissible are one option. (2) Specifications with identical results that
    differ only in factors which are irrelevant there count once. (3) From equal weights for what counts, the options of
    every factor are raked to equal shares. Its range is over the factors: the support among specifications that have
    the factor's primary option, and the balanced support itself. The pivotal factor is, of those with an option of
    support at most 0.2 and another of at least 0.8, the one whose options' supports spread widest.

    An option that does not matter, such as the cost of trades that do not happen, is best left admissible with the same
    estimate, and counts once; to exclude it may leave no way to weigh options equally, and is then refused.

    References
    ----------
    Steegen, Tuerlinckx, Gelman and Vanpaemel (2016), Perspectives on Psychological Science 11, 702–712; Simonsohn,
    Simmons and Nelson (2020), Nature Human Behaviour 4, 1208–1214, whose inference by resampling is left out: nothing
    is sampled from a realised past.

    Examples
    --------
    >>> factors = [Factor("mean", ("arithmetic", "geometric"), "arithmetic"), Factor("outlier", ("kept", "cut"), "cut")]
    >>> estimates = {("arithmetic", "kept"): 9.0, ("geometric", "kept"): 3.0}
    >>> found = explore(
    ...     factors, [], pointwise(lambda mean, outlier: estimates.get((mean, outlier), 2.0)),
    ...     holds=inside(pd.Interval(5, np.inf)),
    ... )
    >>> found.distinct, found.support
    (3, Support(balanced=0.25, low=0.0, high=0.5, pivotal=None))
    >>> found.describe_nearest()
    'outlier: kept instead of cut (gives 9)'
    """
    factors = tuple(factors)
    grid = _specifications(factors)
    reason = reasons(grid, rules)
    if reason.iloc[0]:
        raise ValueError(f"the primary specification is inadmissible: {reason.iloc[0]}")
    estimate = _estimates(estimator, grid, (reason == "").to_numpy())
    reason = reason.mask((reason == "") & np.isnan(estimate), NOT_COMPUTABLE)
    admissible = (reason == "").to_numpy()
    if not admissible.any():
        raise UncomputableError(f"no specification can be computed; reasons: {'; '.join(reason.unique())}")
    results = _spread(np.arange(admissible.sum()), admissible, absent=-1) if apart else same_estimates(estimate)
    weights, distinct, effective = _weighed(factors, results)
    table = grid.assign(
        admissible=admissible,
        reason=reason,
        estimate=estimate,
        holds=_holding(holds, estimate, results),
        result=_spread(distinct, admissible, absent=-1),
        weight=_spread(weights, admissible, absent=0.0),
    )
    options = _options(factors, table, effective)
    return Multiverse(factors, table, options, int(distinct.max()) + 1, _support(table, options))


def explore_outcomes(factors: Sequence[Factor], holds: Callable[..., bool]) -> Multiverse:
    """Whether a claim holds (1) or not (0) under each combination of options.

    Parameters
    ----------
    factors : sequence of Factor
    holds : callable
        Whether it holds, from one option per factor by keyword.

    Returns
    -------
    Multiverse

    Notes
    -----
    Two estimates that are identical show that a choice does not matter, and count once. Two outcomes do not: any two
    definitions under which a claim fails have the same. Every combination is therefore a result of its own, and all
    weigh the same.

    Examples
    --------
    >>> factors = [Factor("paid by", ("anyone", "buyers"), "anyone"), Factor("needed", ("all", "two"), "all")]
    >>> explore_outcomes(factors, lambda **options: set(options.values()) == {"two", "anyone"}).support
    Support(balanced=0.25, low=0.0, high=0.5, pivotal=None)
    """
    return explore(
        factors, (), pointwise(lambda **options: float(holds(**options))), holds=lambda found: found == 1, apart=True
    )


def curve_of(multiverse: Multiverse) -> pd.DataFrame:
    """Rows of the specification curve: every distinct result once, by ascending estimate.

    Parameters
    ----------
    multiverse : Multiverse

    Returns
    -------
    DataFrame
        `result` as in `Multiverse.table`; a column per factor with the options that give it, separated by " | ";
        `estimate`, `holds`, `primary` (whether the primary specification gives it), `from_share` and `to_share` (0–1:
        where it lies when results stand side by side, each as wide as it weighs).
    """
    names = [factor.name for factor in multiverse.factors]
    table = multiverse.table.assign(primary=multiverse.table.index == 0)
    groups = table[table["admissible"]].groupby("result")
    listed = {f.name: {option: i for i, option in enumerate(f.options)} for f in multiverse.factors}
    options = groups[names].agg(lambda found: " | ".join(sorted(set(found), key=listed[found.name].get)))
    numbers = groups.agg({"estimate": "min", "holds": "any", "primary": "any", "weight": "sum"})
    curve = options.join(numbers).sort_values(["estimate", *names], kind="stable").reset_index()
    to = curve["weight"].cumsum()
    return curve.assign(from_share=(to - curve["weight"]).clip(lower=0), to_share=to).drop(columns="weight")


def pointwise(function: Callable[..., float | None]) -> Estimator:
    """Estimator of a plain function of one option per factor, by keyword; None and NaN mean not computable.

    Examples
    --------
    >>> pointwise(lambda base, power: float(base) ** float(power))(pd.DataFrame({"base": ["2", "3"], "power": "2"}))
    array([4., 9.])
    """

    def estimator(specifications: pd.DataFrame) -> np.ndarray:
        return np.array([function(**row) for row in specifications.to_dict("records")], dtype=float)

    return estimator


def inside(region: pd.Interval) -> Callable[[np.ndarray], np.ndarray]:
    """Whether estimates lie inside an acceptance region.

    Examples
    --------
    >>> inside(pd.Interval(280, np.inf, closed="neither"))(np.array([280.0, 281.0])).tolist()
    [False, True]
    """

    def holds(estimates: np.ndarray) -> np.ndarray:
        above = estimates >= region.left if region.closed_left else estimates > region.left
        return above & (estimates <= region.right if region.closed_right else estimates < region.right)

    return holds


def _specifications(factors: Sequence[Factor]) -> pd.DataFrame:
    names = [factor.name for factor in factors]
    if not names or len(set(names)) < len(names):
        raise ValueError(f"factors need names that differ, not {', '.join(names) or 'none'}")
    return pd.DataFrame(list(product(*map(_primary_first, factors))), columns=names, dtype="str")


def _primary_first(factor: Factor) -> tuple[str, ...]:
    return (factor.primary, *(option for option in factor.options if option != factor.primary))


def reasons(grid: pd.DataFrame, rules: Sequence[Rule]) -> pd.Series:
    """Why each specification is inadmissible, every rule that excludes it named; empty where none does."""
    found = pd.Series("", index=grid.index, dtype="str")
    for rule in rules:
        excluded = np.asarray(rule.excludes(grid.copy()))
        if excluded.shape != (len(grid),) or excluded.dtype != bool:
            raise ValueError(f"rule {rule.reason!r} must return a boolean for each of {len(grid)} specifications")
        found = found.mask(excluded & (found == ""), rule.reason)
        found = found.mask(excluded & (found != rule.reason), found + "; " + rule.reason)
    return found


def _estimates(estimator: Estimator, grid: pd.DataFrame, admissible: np.ndarray) -> np.ndarray:
    found = np.asarray(estimator(grid[admissible].reset_index(drop=True)), dtype=float)
    if found.shape != (admissible.sum(),):
        raise ValueError(f"the estimator must return {admissible.sum()} estimates, not an array of shape {found.shape}")
    if np.isinf(found).any():
        first = grid[admissible].iloc[int(np.argmax(np.isinf(found)))]
        raise ValueError(f"the estimate is infinite for {_words(first)}; return NaN where it cannot be computed")
    return _spread(found, admissible, absent=np.nan)


def _holding(holds: Callable[[np.ndarray], np.ndarray], estimate: np.ndarray, results: np.ndarray) -> np.ndarray:
    """Judge each result once, by its lowest estimate: what is identical cannot fall on both sides of a bound."""
    lowest = pd.Series(estimate).groupby(results).min().drop(-1, errors="ignore")
    held = np.asarray(holds(lowest.to_numpy()))
    if held.shape != (len(lowest),) or held.dtype != bool:
        raise ValueError(f"holds must return a boolean for each of {len(lowest)} estimates")
    return np.append(held, False)[results]


def _weighed(factors: Sequence[Factor], results: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    try:
        return balanced_weights(results.reshape([len(factor.options) for factor in factors]))
    except ValueError as error:
        names = dict(enumerate(factor.name for factor in factors))
        raise UnbalancedError(
            f"too much is inadmissible for the options of every factor to weigh the same ({error}; columns: {names}). "
            "Let the estimator return equal estimates for options that do not matter instead of excluding them"
        ) from error


def _options(factors: Sequence[Factor], table: pd.DataFrame, effective: Sequence[np.ndarray]) -> pd.DataFrame:
    rows = []
    for factor, numbers in zip(factors, effective, strict=True):
        listed = np.array(_primary_first(factor), dtype=object)
        for option, number in zip(listed, numbers, strict=True):
            one = listed[(numbers == number) & (number >= 0)]
            members = table[table[factor.name].isin(one)]
            weight, held = members["weight"].sum(), members["weight"] @ members["holds"]
            support = round(held / weight, SUPPORT_DECIMALS) if len(one) else np.nan
            row = (factor.name, option, option == factor.primary, one[0] if len(one) else None, weight, support)
            rows.append(row)
    return pd.DataFrame(rows, columns=["factor", "option", "primary", "counted_as", "weight", "support"])


def _support(table: pd.DataFrame, options: pd.DataFrame) -> Support:
    balanced = round(float(table["weight"] @ table["holds"]), SUPPORT_DECIMALS)
    at_primary = options.loc[options["primary"], "support"].dropna()
    low, high = AMBIGUOUS_SUPPORT
    extremes = options.groupby("factor")["support"].agg(["min", "max"])
    turning = extremes[(extremes["min"] <= low) & (extremes["max"] >= high)]
    pivotal = (turning["max"] - turning["min"]).idxmax() if len(turning) else None
    ends = [balanced, *at_primary]
    return Support(balanced, min(ends), max(ends), pivotal)


def _nearest(table: pd.DataFrame, names: Sequence[str]) -> pd.Series | None:
    held, primary = table[table["holds"]], table.iloc[0]
    if held.empty:
        return None
    changes = sum((held[name] != primary[name]).to_numpy().astype(int) for name in names)
    step = (held["estimate"] - primary["estimate"]).abs()
    last_resort = [pd.factorize(held[name], sort=True)[0] for name in sorted(names, reverse=True)]
    return held.iloc[np.lexsort([*last_resort, step, changes])[0]]


def _closest(estimates: pd.Series, region: pd.Interval) -> float:
    """The estimate with the least distance to a region that holds none of them."""
    return float(estimates.loc[np.maximum(region.left - estimates, estimates - region.right).idxmin()])


def _spread(values: np.ndarray, admissible: np.ndarray, *, absent: float) -> np.ndarray:
    full = np.full(len(admissible), absent, dtype=values.dtype)
    full[admissible] = values
    return full


def _words(specification: Mapping[str, str]) -> str:
    return ", ".join(f"{name}: {option}" for name, option in specification.items())
