"""What "50 to 80 % cheaper" can mean (C2): what the options of its factors do, and the discount under each."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.compute.price import sellers
from analysis.compute.price.matching import SHARES, UNITS, Matched, counting, match, median_where, paired
from analysis.compute.price.sellers import HYPERSCALERS, INTERRUPTIBLE, ON_DEMAND, SPOT, Market
from analysis.engine.claims import Claim
from analysis.engine.multiverse import meanings, primary_of

#: Days from the claim's date within which a price counts; a seller without one counts with its nearest.
WINDOW_DAYS = 180
#: What the options of C2's factors do: whose prices, the hyperscalers that are a reference, kinds of price of sellers
#: and of hyperscalers, whether data-centre GPUs alone count, days between the two prices of a pair at most, the unit,
#: and whether a price whose form is not stated is matched with every form; by the letter it is with none.
KNOWN = {
    "networks": {option: option for option in sellers.SELLERS},
    "reference": {"all three": HYPERSCALERS, "AWS": ("aws",), "Azure": ("azure",), "Google Cloud": ("gcp",)},
    "price model": {
        "on demand": (ON_DEMAND, ON_DEMAND),
        "spot or bid": (INTERRUPTIBLE, SPOT),
        "on demand to spot": (ON_DEMAND, SPOT),
    },
    "GPU models": {"all": False, "data-centre only": True},
    "dates": {"nearest": np.inf, "within 90 days": 90},
    "unit": {unit: unit for unit in UNITS},
    "form not stated": {"left out": False, "matched with every form": True},
}
#: Factors that decide what is matched, and those that choose among the pairs; "networks" chooses among the sellers.
MATCHING, CHOOSING = ["price model", "unit", "form not stated"], ["reference", "dates", "GPU models"]


def away_days(prices: pd.DataFrame, as_of: pd.Timestamp) -> np.ndarray:
    """Days from a date to each price; where only the year is known, as many as there can be at most.

    Examples
    --------
    >>> days = pd.DataFrame({"first_day": pd.to_datetime(["2026-01-01"]), "last_day": pd.to_datetime(["2026-12-31"])})
    >>> away_days(days, pd.Timestamp("2026-01-22")).tolist()
    [343]
    """
    return np.maximum((prices["last_day"] - as_of).dt.days, (as_of - prices["first_day"]).dt.days).to_numpy()


def near(away: np.ndarray, sellers_of: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Each seller's prices within `WINDOW_DAYS`, or its nearest where there is none; all arrays have shape (n,).

    Parameters
    ----------
    away : ndarray
        Days to each price.
    sellers_of : ndarray of int
        Number of each price's seller.
    known : ndarray of bool
        Prices that have a reference; the others are not chosen.

    Examples
    --------
    >>> near(np.array([2, 241, 242, 241]), np.array([0, 0, 1, 1]), np.array([True, True, True, False])).tolist()
    [True, False, True, False]
    """
    nearest = np.full(sellers_of.max(initial=0) + 1, np.inf)
    np.minimum.at(nearest, sellers_of[known], away[known])
    return known & ((away <= WINDOW_DAYS) | (away == nearest[sellers_of]))


def matched_under(market: Market, meant: Mapping, *, cheapest: bool = False, providers: str) -> Matched:
    """What is matched under the meanings of a price model, a unit and what to do with forms that are not stated.

    Parameters
    ----------
    meant : mapping
        From `analysis.engine.multiverse.meanings`, of `KNOWN`.
    cheapest : bool
        As in `analysis.compute.price.matching.daily_references`.
    providers : str
        Whose prices, as in `analysis.compute.price.sellers.sellers`.
    """
    return match(
        market,
        providers=sellers.sellers(market.gpu_providers, providers),
        price_models=meant["price model"],
        unit=meant["unit"],
        every_form=meant["form not stated"],
        cheapest=cheapest,
    )


def chosen(matched: Matched, away: np.ndarray, meant: Mapping) -> np.ndarray:
    """Which prices, so many days away, are let in by the meanings of a reference, dates and GPU models."""
    known = counting(matched, meant["reference"], meant["dates"]).any(axis=1)
    if meant["GPU models"]:
        known &= matched.prices["data_centre"].to_numpy()
    return near(away, pd.factorize(matched.prices["provider"])[0], known)


def pairs_under(
    claim: Claim,
    market: Market,
    changes: Mapping[str, str] | None = None,
    *,
    cheapest: bool = False,
    providers: str | None = None,
) -> pd.DataFrame:
    """The pairs that C2's discount rests on, under the primary definition or one that differs from it.

    Parameters
    ----------
    claim : Claim
    market : Market
    changes : mapping, optional
        Factor -> option other than the primary one.
    cheapest, providers
        As in `matched_under`; default the definition's "networks".

    Returns
    -------
    DataFrame, one row per price
        As from `analysis.compute.price.matching.paired`, with away_days (from the claim's date).
    """
    meant = meanings(claim, primary_of(claim) | (changes or {}), KNOWN)
    matched = matched_under(market, meant, cheapest=cheapest, providers=providers or meant["networks"])
    away = away_days(matched.prices, pd.Timestamp(claim.as_of))
    return paired(matched, meant["reference"], meant["dates"]).assign(away_days=away)[chosen(matched, away, meant)]


def by_model(values: pd.DataFrame, prices: pd.DataFrame) -> pd.DataFrame:
    """Medians over the prices of every seller on every GPU model, indexed by provider and gpu_model.

    Parameters
    ----------
    values : DataFrame, shape (n, k)
        NaN where a definition does not let a price in.
    prices : DataFrame, shape (n, …)
        provider, gpu_model.
    """
    return values.groupby([prices["provider"], prices["gpu_model"]]).median()


def by_seller(pairs: pd.DataFrame) -> pd.DataFrame:
    """Every seller's discount with its ends over dates equally near, %: the median over its GPU models; models.

    Examples
    --------
    >>> table = pd.DataFrame({"provider": ["a"] * 4 + ["b"], "gpu_model": ["x", "x", "x", "y", "x"],
    ...                       "discount_pct": [10.0, 20.0, 90.0, 40.0, 70.0], "low_pct": 0.0, "high_pct": 100.0})
    >>> by_seller(table)[["discount_pct", "models"]].values.tolist()
    [[30.0, 2.0], [70.0, 1.0]]
    """
    grouped = by_model(pairs[SHARES], pairs).groupby("provider")
    return grouped.median().assign(models=grouped.size())


def discount(pairs: pd.DataFrame) -> float:
    """The estimate, %: the mean over sellers of `by_seller`; NaN where there is none."""
    return float(by_seller(pairs)["discount_pct"].mean())


def grid_discounts(claim: Claim, market: Market, specifications: pd.DataFrame) -> np.ndarray:
    """C2's discount, %, under each specification; NaN where no price has a reference.

    Parameters
    ----------
    specifications : DataFrame, shape (S, …)
        A column for each of the claim's factors, holding its options.

    Notes
    -----
    As `discount` of `pairs_under`, with what several specifications share computed once: matches once a price model,
    unit and form; medians are taken for all references, dates and GPU models together.
    """
    result = np.full(len(specifications), np.nan)
    names = {option: sellers.sellers(market.gpu_providers, option) for option in sellers.SELLERS}
    for options, rows in specifications.groupby(MATCHING).indices.items():
        meant = meanings(claim, dict(zip(MATCHING, options, strict=True)), KNOWN)
        matched = matched_under(market, meant, providers=sellers.WITH_MARKETPLACES)
        part = specifications.iloc[rows]
        values = _discounts(claim, matched, part[CHOOSING].drop_duplicates())
        found = by_model(values, matched.prices).groupby("provider").median()
        means = {option: found[found.index.isin(names[option])].mean() for option in part["networks"].unique()}
        keys = zip(part["networks"], map(tuple, part[CHOOSING].to_numpy()), strict=True)
        result[rows] = [means[option][key] for option, key in keys]
    return result


def _discounts(claim: Claim, matched: Matched, definitions: pd.DataFrame) -> pd.DataFrame:
    """Discount of every price under definitions that share what was matched, shape (n, definitions)."""
    away, offered = away_days(matched.prices, pd.Timestamp(claim.as_of)), matched.prices["usd_per_gpu_hour"].to_numpy()
    columns = {}
    for options in definitions.itertuples(index=False, name=None):
        meant = meanings(claim, dict(zip(CHOOSING, options, strict=True)), KNOWN)
        price = median_where(matched.reference_usd, counting(matched, meant["reference"], meant["dates"]))
        columns[options] = np.where(chosen(matched, away, meant), 100 * (1 - offered / price), np.nan)
    frame = pd.DataFrame(columns, index=matched.prices.index)
    return frame.set_axis(pd.Index(list(columns), tupleize_cols=False), axis=1)
