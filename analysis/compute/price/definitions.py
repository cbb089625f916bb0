"""What "50 to 80 % cheaper" can mean (C2): the factors of its multiverse, and the discount under each combination."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import get_args

import numpy as np
import pandas as pd

from analysis.compute.price.matching import (
    MEDIAN,
    Forms,
    Instances,
    Matched,
    Offers,
    Unit,
    counting,
    equivalents,
    match,
    median_where,
    offers,
    paired,
)
from analysis.compute.price.sellers import (
    HYPERSCALERS,
    INTERRUPTIBLE,
    ON_DEMAND,
    SELLERS,
    SPOT,
    WITH_MARKETPLACES,
    Market,
    sellers,
)
from analysis.engine.multiverse import Factor

#: Days from the claim's date within which a price counts; a seller without one counts with its nearest.
WINDOW_DAYS = 180
#: Days between the two prices of a pair, where the definition asks for it.
CLOSE_DAYS = 90
#: Offers and equivalents that are kept, since most definitions share theirs.
CACHED = 32

REFERENCES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"all three": HYPERSCALERS, "AWS": ("aws",), "Azure": ("azure",), "Google Cloud": ("gcp",)}
)
#: Kinds of price on the sellers' side and on the hyperscalers'.
PRICE_MODELS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = MappingProxyType(
    {"on demand": (ON_DEMAND, ON_DEMAND), "spot or bid": (INTERRUPTIBLE, SPOT), "on demand to spot": (ON_DEMAND, SPOT)}
)
ALL_GPUS, DATA_CENTRE = "all", "data-centre only"
DATES: Mapping[str, float] = MappingProxyType({"nearest": np.inf, "within 90 days": CLOSE_DAYS})

#: The definitions of C2's question; the first option of each is that of the claim. By the letter a price whose form is
#: not stated is of no form that can be matched.
FACTORS: tuple[Factor, ...] = tuple(
    Factor(name, tuple(options), primary=next(iter(options)))
    for name, options in {
        "networks": SELLERS,
        "reference": REFERENCES,
        "price model": PRICE_MODELS,
        "GPU models": (ALL_GPUS, DATA_CENTRE),
        "dates": DATES,
        "unit": get_args(Unit),
        "form not stated": get_args(Forms),
    }.items()
)
PRIMARY: Mapping[str, str] = MappingProxyType({factor.name: factor.primary for factor in FACTORS})
#: Factors that decide what is matched, and those that choose among the pairs; "networks" chooses among the sellers.
MATCHING, CHOOSING = ["price model", "unit", "form not stated"], ["reference", "dates", "GPU models"]


def away_days(prices: pd.DataFrame, as_of: pd.Timestamp) -> np.ndarray:
    """Days from a date to each price; where only the year is known, as many as there can be at most.

    Parameters
    ----------
    prices : DataFrame, shape (n, …)
        first_day, last_day.
    as_of : Timestamp

    Returns
    -------
    ndarray, shape (n,)

    Examples
    --------
    >>> days = pd.DataFrame({"first_day": pd.to_datetime(["2026-01-01"]), "last_day": pd.to_datetime(["2026-12-31"])})
    >>> away_days(days, pd.Timestamp("2026-01-22")).tolist()
    [343]
    """
    return np.maximum((prices["last_day"] - as_of).dt.days, (as_of - prices["first_day"]).dt.days).to_numpy()


def near(away: np.ndarray, sellers_of: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Each seller's prices within `WINDOW_DAYS`, or its nearest where there is none.

    Parameters
    ----------
    away : ndarray, shape (n,)
        Days to each price.
    sellers_of : ndarray of int, shape (n,)
        Number of each price's seller.
    known : ndarray of bool, shape (n,)
        Prices that have a reference; the others are not chosen.

    Returns
    -------
    ndarray of bool, shape (n,)

    Examples
    --------
    >>> near(np.array([2, 241, 242, 241]), np.array([0, 0, 1, 1]), np.array([True, True, True, False])).tolist()
    [True, False, True, False]
    """
    nearest = np.full(sellers_of.max(initial=0) + 1, np.inf)
    np.minimum.at(nearest, sellers_of[known], away[known])
    return known & ((away <= WINDOW_DAYS) | (away == nearest[sellers_of]))


def by_model(pairs: pd.DataFrame) -> pd.DataFrame:
    """Discount of every seller on every GPU model: the median over its prices.

    Parameters
    ----------
    pairs : DataFrame
        From `analysis.compute.price.matching.paired`.

    Returns
    -------
    DataFrame, indexed by provider and gpu_model
        discount_pct, low_pct and high_pct (over dates equally near), rows.
    """
    grouped = pairs.groupby(["provider", "gpu_model"])
    return grouped[["discount_pct", "low_pct", "high_pct"]].median().assign(rows=grouped.size())


def by_seller(models: pd.DataFrame) -> pd.DataFrame:
    """Discount of every seller: the median over its GPU models.

    Parameters
    ----------
    models : DataFrame
        From `by_model`.

    Returns
    -------
    DataFrame, indexed by provider
        discount_pct, low_pct, high_pct, models, rows.
    """
    grouped = models.groupby("provider")
    return (
        grouped[["discount_pct", "low_pct", "high_pct"]]
        .median()
        .assign(models=grouped.size(), rows=grouped["rows"].sum())
    )


def chosen(matched: Matched, away: np.ndarray, definition: Mapping[str, str]) -> np.ndarray:
    """Which prices a definition lets in, of what was matched under its price model, unit and forms.

    Parameters
    ----------
    matched : Matched
    away : ndarray, shape (n,)
        From `away_days`.
    definition : mapping
        An option for each of the factors "reference", "dates" and "GPU models".

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    known = counting(matched, **references(definition)).any(axis=1)
    if definition["GPU models"] == DATA_CENTRE:
        known &= matched.prices["data_centre"].to_numpy()
    return near(away, pd.factorize(matched.prices["provider"])[0], known)


def references(definition: Mapping[str, str]) -> dict[str, object]:
    """Which references count under a definition, as `analysis.compute.price.matching.counting` asks.

    Examples
    --------
    >>> references({"reference": "AWS", "dates": "within 90 days"})
    {'hyperscalers': ('aws',), 'within_days': 90}
    """
    return {"hyperscalers": REFERENCES[definition["reference"]], "within_days": DATES[definition["dates"]]}


def matched_under(
    market: Market, definition: Mapping[str, str], *, instances: Instances = MEDIAN, providers: str | None = None
) -> Matched:
    """What is matched under a definition's price model, unit and forms.

    Parameters
    ----------
    market : Market
    definition : mapping
        An option for each of `FACTORS`.
    instances : Instances
        As in `analysis.compute.price.matching.daily_references`.
    providers : str, optional
        Whose prices, as in `analysis.compute.price.sellers.sellers`; default the definition's "networks".

    Returns
    -------
    Matched
    """
    found = offers_under(market, definition["price model"], providers or definition["networks"], instances)
    return match(found, equivalents_under(market, definition["unit"], definition["form not stated"]))


@lru_cache(maxsize=CACHED)
def equivalents_under(market: Market, unit: str, forms: str) -> pd.DataFrame:
    """As `analysis.compute.price.matching.equivalents`, kept for the market that it was asked for.

    Parameters
    ----------
    market : Market
    unit, forms : str
    """
    return equivalents(market, unit=unit, forms=forms)


@lru_cache(maxsize=CACHED)
def offers_under(market: Market, price_model: str, providers: str, instances: Instances = MEDIAN) -> Offers:
    """Prices of some providers with every hyperscaler price near them, under an option of the factor "price model".

    Parameters
    ----------
    market : Market
    price_model : str
    providers, instances : str
        As in `matched_under`.
    """
    offered, asked = PRICE_MODELS[price_model]
    names = sellers(market.gpu_providers, providers)
    return offers(market, providers=names, price_models=offered, reference_models=asked, instances=instances)


def pairs_under(
    market: Market,
    as_of: pd.Timestamp,
    changes: Mapping[str, str] | None = None,
    *,
    instances: Instances = MEDIAN,
    providers: str | None = None,
) -> pd.DataFrame:
    """The pairs that C2's discount rests on, under the primary definition or one that differs from it.

    Parameters
    ----------
    market : Market
    as_of : Timestamp
        Date of the claim.
    changes : mapping, optional
        Factor -> option other than the primary one.
    instances, providers : str
        As in `matched_under`.

    Returns
    -------
    DataFrame, one row per price
        As from `analysis.compute.price.matching.paired`, with away_days (from the claim's date).
    """
    definition = {**PRIMARY, **(changes or {})}
    return pairs_of(matched_under(market, definition, instances=instances, providers=providers), as_of, definition)


def pairs_of(matched: Matched, as_of: pd.Timestamp, definition: Mapping[str, str]) -> pd.DataFrame:
    """As `pairs_under`, of what was matched under the definition's price model, unit and forms.

    Parameters
    ----------
    matched : Matched
    as_of : Timestamp
    definition : mapping
        An option for each of `FACTORS`.
    """
    away = away_days(matched.prices, as_of)
    pairs = paired(matched, **references(definition)).assign(away_days=away)
    return pairs[chosen(matched, away, definition)]


def seller_discounts(discounts: pd.DataFrame, prices: pd.DataFrame) -> pd.DataFrame:
    """Discount of every seller, %: the median over its GPU models, a model's being the median over its prices.

    Parameters
    ----------
    discounts : DataFrame, shape (n, definitions)
        %; NaN where a definition does not let a price in.
    prices : DataFrame, shape (n, …)
        provider, gpu_model.

    Returns
    -------
    DataFrame, shape (sellers, definitions), indexed by provider
    """
    models = discounts.groupby([prices["provider"], prices["gpu_model"]]).median()
    return models.groupby("provider").median()


def discount(pairs: pd.DataFrame) -> float:
    """The estimate, %: the mean over sellers of `seller_discounts`; NaN where there is none.

    Parameters
    ----------
    pairs : DataFrame
        From `pairs_under`.

    Examples
    --------
    >>> table = pd.DataFrame({"provider": ["a"] * 4 + ["b"], "gpu_model": ["x", "x", "x", "y", "x"],
    ...                       "discount_pct": [10.0, 20.0, 90.0, 40.0, 70.0]})
    >>> discount(table)
    50.0
    """
    return float(seller_discounts(pairs[["discount_pct"]], pairs)["discount_pct"].mean())


def grid_discounts(market: Market, as_of: pd.Timestamp, specifications: pd.DataFrame) -> np.ndarray:
    """C2's discount, %, under each specification; NaN where no price has a reference.

    Parameters
    ----------
    market : Market
    as_of : Timestamp
        Date of the claim.
    specifications : DataFrame, shape (S, …)
        A column for each of `FACTORS`, holding its options.

    Returns
    -------
    ndarray, shape (S,)

    Notes
    -----
    As `discount` of `pairs_under`, with what several specifications share computed once: offers once a price model,
    matches once a price model, unit and form; medians are taken for all references, dates and GPU models together.
    """
    result = np.full(len(specifications), np.nan)
    names = {option: sellers(market.gpu_providers, option) for option in SELLERS}
    for options, rows in specifications.groupby(MATCHING).indices.items():
        matched = matched_under(market, dict(zip(MATCHING, options, strict=True)), providers=WITH_MARKETPLACES)
        part = specifications.iloc[rows]
        found = seller_discounts(_discounts(matched, as_of, part[CHOOSING].drop_duplicates()), matched.prices)
        means = {option: found[found.index.isin(names[option])].mean() for option in part["networks"].unique()}
        keys = zip(part["networks"], map(tuple, part[CHOOSING].to_numpy()), strict=True)
        result[rows] = [means[option][key] for option, key in keys]
    return result


def _discounts(matched: Matched, as_of: pd.Timestamp, definitions: pd.DataFrame) -> pd.DataFrame:
    """Discount of every price under definitions that share what was matched, shape (n, definitions)."""
    away, offered = away_days(matched.prices, as_of), matched.prices["usd_per_gpu_hour"].to_numpy()
    columns = {}
    for options in definitions.itertuples(index=False, name=None):
        definition = dict(zip(CHOOSING, options, strict=True))
        price = median_where(matched.reference_usd, counting(matched, **references(definition)))
        columns[options] = np.where(chosen(matched, away, definition), 100 * (1 - offered / price), np.nan)
    frame = pd.DataFrame(columns, index=matched.prices.index)
    return frame.set_axis(pd.Index(list(columns), tupleize_cols=False), axis=1)
