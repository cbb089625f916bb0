"""Resampling that several chapters need: a dependent series redrawn in blocks, a label moved at random.

Randomness comes from a seed that is passed in. `arch` is imported only where it is used.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

#: Share of the draws, or of the distribution, inside every interval.
CONFIDENCE = 0.95
#: Ends of such an interval, as quantiles.
CENTRAL = (1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2
#: Of all random numbers, so that the same call gives the same result.
SEED = 20_260_122
#: Two statistics nearer than this, relative to the largest, are equal: sums of the same numbers in another order.
TIE = 1e-12


@dataclass(frozen=True, slots=True)
class Permutation:
    """A statistic, and how often a label put at random gives one at least as large.

    Attributes
    ----------
    difference : float
        Mean of the labelled less the mean of the others, in the unit of the values.
    p_two_sided : float
        (b + 1) / (m + 1), where b of m random permutations are at least as extreme: never zero, never too small.
    """

    difference: float
    p_two_sided: float


def at_least(drawn: np.ndarray, observed: float) -> float:
    """Share (b + 1) / (m + 1) of draws that are at least the observed value; ties count.

    References
    ----------
    Phipson and Smyth (2010), "Permutation p-values should never be zero", Statistical Applications in Genetics and
    Molecular Biology 9(1).

    Examples
    --------
    >>> at_least(np.array([1.0, 2.0, 3.0]), 2.0)
    0.75
    """
    slack = TIE * max(abs(observed), np.abs(drawn).max(initial=0.0))
    return float((np.count_nonzero(drawn >= observed - slack) + 1) / (len(drawn) + 1))


def permute_label(values: np.ndarray, labelled: np.ndarray, *, resamples: int, seed: int) -> Permutation:
    """Permutation test of a difference of means: the label moves over all units, as many as before.

    Raises
    ------
    ValueError
        If nobody or everybody is labelled, or a value is not finite.

    Examples
    --------
    >>> permute_label(np.array([9.0, 1.0, 1.0, 1.0]), np.array([True, False, False, False]), resamples=99, seed=1)
    Permutation(difference=8.0, p_two_sided=...)
    """
    values, labelled = np.asarray(values, dtype=float), np.asarray(labelled, dtype=bool)
    k, n = int(labelled.sum()), len(values)
    if not (0 < k < n and labelled.shape == values.shape and np.isfinite(values).all()):
        raise ValueError(f"a label must divide finite values: {k} of {n} are labelled")
    rng = np.random.default_rng(seed)
    inside = rng.permuted(np.tile(values, (resamples, 1)), axis=1)[:, :k].sum(axis=1)
    total = values.sum()

    def difference(labelled_sum):
        return labelled_sum / k - (total - labelled_sum) / (n - k)

    observed, drawn = float(difference(values[labelled].sum())), difference(inside)
    return Permutation(
        difference=observed,
        p_two_sided=at_least(np.abs(drawn), abs(observed)),
    )


def block_length(series: pd.DataFrame, *, kind: str = "stationary") -> float:
    """Automatic (mean) block length: the longest over the columns, at least 1.

    Parameters
    ----------
    series : DataFrame, shape (periods, series)
    kind : {"stationary", "circular"}
        Bootstrap that it is for.

    Raises
    ------
    ValueError
        If the kind is unknown.

    References
    ----------
    Politis and White (2004), Econometric Reviews 23(1), 53–70, corrected by Patton, Politis and White (2009),
    as coded in `arch.bootstrap.optimal_block_length`.
    """
    if kind not in ("stationary", "circular"):
        raise ValueError(f"unknown kind {kind!r}; the kinds are stationary, circular")
    from arch.bootstrap import optimal_block_length

    return float(max(1.0, optimal_block_length(series)[kind].max()))


def redraw(series: pd.DataFrame, statistic, *, block: float, resamples: int, seed: int) -> np.ndarray:
    """A statistic of the series redrawn by the stationary bootstrap, all columns from the same days.

    Parameters
    ----------
    series : DataFrame, shape (periods, series)
    statistic : callable
        From an array of that shape to a vector of k numbers; the result has shape (resamples, k).
    block : float
        Mean length of a block, in periods.
    resamples, seed : int

    References
    ----------
    Politis and Romano (1994), Journal of the American Statistical Association 89(428), 1303–1313, as coded in
    `arch.bootstrap.StationaryBootstrap`.
    """
    from arch.bootstrap import StationaryBootstrap

    bootstrap = StationaryBootstrap(block, series.to_numpy(), seed=np.random.default_rng(seed))
    return np.asarray(bootstrap.apply(lambda drawn: np.atleast_1d(statistic(drawn)), reps=resamples))
