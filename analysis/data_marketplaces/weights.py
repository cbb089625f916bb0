"""What Vana's documented weights pay a pool for, against payment by what is contributed; it decides no verdict."""

from dataclasses import astuple, dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.data_marketplaces.payments import VANA

#: Metric of `marketplace_figures` -> what it weighs.
WEIGHED = {
    "weight_access_fees": "fees for access",
    "weight_token_volume": "trading of the pool's token",
    "weight_contributors": "wallets that contributed",
}
#: Spread of contributions in the model: standard deviations of their logarithm.
SIGMAS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5)
#: How trading goes with contribution in the model: not at all, in proportion, with its square.
POWERS = (0.0, 1.0, 2.0)
#: Members of the model's population, at equally spaced quantiles.
MEMBERS = 1_000


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of a pool's shares in the reward; they add up to 1.

    Attributes
    ----------
    fees, volume, contributors : float
        Of data access fees, of the volume traded in the pool's token, of wallets that contributed.
    """

    fees: float
    volume: float
    contributors: float

    def __post_init__(self) -> None:
        if min(astuple(self)) < 0 or not np.isclose(sum(astuple(self)), 1):
            raise ValueError(f"weights must be 0 or more and add up to 1, not {astuple(self)}")

    def share(self, fees: np.ndarray, volume: np.ndarray, contributors: np.ndarray) -> np.ndarray:
        """Share of each pool in the reward.

        Parameters
        ----------
        fees, volume, contributors : ndarray, shape (pools,)
            Of each pool, in any unit; none below zero, and not all zero.

        Returns
        -------
        ndarray, shape (pools,)

        Examples
        --------
        >>> Weights(0.5, 0.3, 0.2).share(np.array([1, 1]), np.array([3, 1]), np.array([1, 3])).round(3).tolist()
        [0.525, 0.475]
        """
        parts = [np.asarray(x, float) for x in (fees, volume, contributors)]
        return np.sum([w * x / x.sum() for w, x in zip(astuple(self), parts, strict=True)], axis=0)


def documented(marketplace_figures: pd.DataFrame) -> Weights | None:
    """The weights that Vana documents; None where one is missing.

    Raises
    ------
    ValueError
        If they do not add up to 1.
    """
    rows = marketplace_figures[marketplace_figures["project"] == VANA]
    found = rows.set_index("metric")["value"].reindex(list(WEIGHED))
    return None if found.isna().any() else Weights(*map(float, found))


def doubled(weights: Weights, *, share: float = 0.0) -> pd.DataFrame:
    """By how much a pool's reward multiplies when something of it doubles, and all other pools stay as they are.

    Parameters
    ----------
    weights : Weights
    share : float
        The pool's share in each of the three before; 0 stands for a pool that is small beside the others.

    Returns
    -------
    DataFrame, one row a thing that doubles
        `doubles`, `by_rule`, `in_proportion` (what payment in proportion to data contributed would multiply by).

    Raises
    ------
    ValueError
        If the share is not 0 or more and below 1.

    Notes
    -----
    A part's share p becomes 2 p / (1 + p), so that its factor is 2 / (1 + p). Data contributed by the same wallets, and
    not yet sold or traded on, enters no part of the rule.

    Examples
    --------
    >>> doubled(Weights(0.5, 0.3, 0.2))["by_rule"].tolist()
    [1.0, 1.5, 1.3, 1.2, 2.0]
    """
    if not 0 <= share < 1:
        raise ValueError(f"a share is 0 or more and below 1, not {share}")
    factor = 2 / (1 + share)
    parts = list(zip(WEIGHED.values(), astuple(weights), strict=True))
    rows = [("data alone, from the same wallets", 1.0, factor)]
    rows += [(f"{name} alone", round(1 + weight * (factor - 1), 12), 1.0) for name, weight in parts]
    rows.append(("data, and all three with it", factor, factor))
    return pd.DataFrame(rows, columns=["doubles", "by_rule", "in_proportion"])


def gini(values: np.ndarray) -> float:
    """Gini coefficient: half the mean absolute difference between two members, as a share of the mean.

    Parameters
    ----------
    values : ndarray, shape (members,)
        None below zero, and not all zero.

    Returns
    -------
    float
        From 0, all the same, to near 1, one has all.

    Examples
    --------
    >>> gini(np.array([1.0, 1.0])), gini(np.array([0.0, 1.0]))
    (0.0, 0.5)
    """
    ordered = np.sort(np.asarray(values, float))
    n = len(ordered)
    return max(0.0, float(2 * (np.arange(1, n + 1) @ ordered) / (n * ordered.sum()) - (n + 1) / n))  # not −1e-16


def model(weights: Weights) -> pd.DataFrame:
    """A model, not data: how unequal payments would be under the rule, over how unequal contributions are.

    Members' contributions are lognormal, at equally spaced quantiles. Fees go with contribution, wallets count one
    each, and trading goes with a power of contribution.

    Returns
    -------
    DataFrame, one row a spread and power
        `sigma` (standard deviation of the logarithm of contributions), `power` (of trading), `contributions` (their
        Gini coefficient, which is that of payment in proportion), `payments` (that of payment by the rule).
    """
    rows = []
    quantiles = (np.arange(MEMBERS) + 0.5) / MEMBERS
    for sigma in SIGMAS:
        given = np.exp(sigma * stats.norm.ppf(quantiles))
        for power in POWERS:
            paid = weights.share(given, given**power, np.ones(MEMBERS))
            rows.append((sigma, power, gini(given), gini(paid)))
    return pd.DataFrame(rows, columns=["sigma", "power", "contributions", "payments"])
