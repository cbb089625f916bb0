"""Every decentralised price beside the hyperscaler price that is equivalent to it, with the days between the two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
import pandas as pd

from analysis.compute.price.sellers import HYPERSCALERS, NOT_STATED, Market, dated

Unit = Literal["GPU-hour", "PFLOP-hour", "GB/s-hour", "million tokens"]
Forms = Literal["left out", "matched with every form"]
Instances = Literal["median", "cheapest"]
GPU_HOUR, PFLOP_HOUR, BANDWIDTH_HOUR, MILLION_TOKENS = get_args(Unit)
LEFT_OUT, EVERY_FORM = get_args(Forms)
MEDIAN, CHEAPEST = get_args(Instances)
#: Units by a specification -> its column in `gpu_models`.
SPECIFICATIONS: Mapping[str, str] = MappingProxyType({PFLOP_HOUR: "bf16_tflops", BANDWIDTH_HOUR: "memory_gb_per_s"})

PRODUCT = ["gpu_model", "form_factor"]
REFERENCE = ["reference_model", "reference_form"]
#: Measures of a pair that `Offers` and `Matched` hold.
MEASURES = ("reference_usd", "low_usd", "high_usd", "gap_days", "longest_gap_days")
SHARES = ("discount", "low", "high")


@dataclass(frozen=True, slots=True, eq=False)
class Offers:
    """Dated prices, and what every hyperscaler asked for every GPU at the date nearest to each; NaN where it had none.

    Attributes
    ----------
    prices : DataFrame, shape (n, …)
        Dated prices, with the index of `gpu_prices`; first_day, last_day, data_centre (bool, as in `in_data_centres`).
    products : DataFrame, shape (k, 3)
        hyperscaler, gpu_model, form_factor.
    measures : mapping
        One of `MEASURES` -> ndarray, shape (n, k): as in `nearest_references`.
    """

    prices: pd.DataFrame
    products: pd.DataFrame
    measures: Mapping[str, np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """Prices and, for each, what every hyperscaler asks for an equivalent GPU; NaN where it offers none.

    Attributes
    ----------
    prices : DataFrame, shape (n, …)
        As in `Offers`.
    reference_usd, low_usd, high_usd : ndarray, shape (n, 3)
        Per hour, for the work of one of the offered GPUs; low and high over dates equally near. In the order of
        `HYPERSCALERS`.
    gap_days, longest_gap_days : ndarray, shape (n, 3)
        Days between the two prices: least and most that their dates allow, the longest over equivalent GPUs.
    """

    prices: pd.DataFrame
    reference_usd: np.ndarray
    low_usd: np.ndarray
    high_usd: np.ndarray
    gap_days: np.ndarray
    longest_gap_days: np.ndarray


def daily_references(
    gpu_prices: pd.DataFrame, *, price_models: Sequence[str], instances: Instances = MEDIAN
) -> pd.DataFrame:
    """Each hyperscaler's price of a GPU on each day that one was observed.

    Parameters
    ----------
    gpu_prices : DataFrame
        The table of that name, which holds hyperscalers in US regions only.
    price_models : sequence of str
        Kinds of price, as in the table.
    instances : Instances
        The claim takes the median over regions and leaves open what to do with several instances that hold the GPU; the
        median is over both. "cheapest" takes the least per GPU instead.

    Returns
    -------
    DataFrame
        hyperscaler, gpu_model, form_factor, observed_on, reference_usd (per GPU and hour).
    """
    chosen = gpu_prices["provider"].isin(HYPERSCALERS) & gpu_prices["price_model"].isin(list(price_models))
    known = gpu_prices[chosen & (gpu_prices["date_precision"] == "day")].rename(columns={"provider": "hyperscaler"})
    grouped = known.groupby(["hyperscaler", *PRODUCT, "observed_on"])["usd_per_gpu_hour"]
    prices = grouped.median() if instances == MEDIAN else grouped.min()
    return prices.rename("reference_usd").reset_index()


def nearest_references(days: pd.DataFrame, daily: pd.DataFrame) -> pd.DataFrame:
    """Each hyperscaler's price of each GPU at the date nearest to given days.

    Where several dates are equally near, as all those inside a year that is all we know, the median over them.

    Parameters
    ----------
    days : DataFrame
        first_day, last_day; all different.
    daily : DataFrame
        From `daily_references`.

    Returns
    -------
    DataFrame
        first_day, last_day, hyperscaler, gpu_model, form_factor, reference_usd, low_usd and high_usd (over the dates
        equally near), gap_days (least that the days allow) and longest_gap_days (most that they allow).

    Examples
    --------
    >>> daily = pd.DataFrame({"hyperscaler": "aws", "gpu_model": "T4-16GB", "form_factor": "single",
    ...     "observed_on": pd.to_datetime(["2026-01-10", "2026-03-01"]), "reference_usd": [1.0, 3.0]})
    >>> days = pd.DataFrame({"first_day": pd.to_datetime(["2026-01-20", "2026-01-01"]),
    ...                      "last_day": pd.to_datetime(["2026-01-20", "2026-12-31"])})
    >>> found = nearest_references(days, daily).sort_values("gap_days")
    >>> found[["reference_usd", "low_usd", "high_usd", "gap_days", "longest_gap_days"]].values.tolist()
    [[2.0, 1.0, 3.0, 0.0, 355.0], [1.0, 1.0, 1.0, 10.0, 10.0]]
    """
    keys = ["hyperscaler", *PRODUCT]
    series = daily[keys].drop_duplicates(ignore_index=True).rename_axis("series").reset_index()
    prices = daily.merge(series, on=keys)[["series", "observed_on", "reference_usd"]]
    spans = days.reset_index(drop=True).rename_axis("span").reset_index()
    each = spans.merge(prices, how="cross")  # numbers for names, since this is the largest table of all
    before = (each["first_day"] - each["observed_on"]).dt.days
    after = (each["observed_on"] - each["last_day"]).dt.days
    each["gap_days"] = np.maximum(0, np.maximum(before, after))
    each["longest_gap_days"] = -np.minimum(before, after)  # from the end of the days that is further away
    by = ["span", "series"]
    nearest = each[each["gap_days"] == each.groupby(by)["gap_days"].transform("min")].groupby(by)
    found = nearest.agg(
        reference_usd=("reference_usd", "median"),
        low_usd=("reference_usd", "min"),
        high_usd=("reference_usd", "max"),
        gap_days=("gap_days", "min"),
        longest_gap_days=("longest_gap_days", "max"),
    )
    named = spans.merge(series, how="cross").set_index(by)
    return named.join(found, how="inner").reset_index(drop=True)


def equivalents(market: Market, *, unit: Unit = GPU_HOUR, forms: Forms = LEFT_OUT) -> pd.DataFrame:
    """Which GPU of a hyperscaler is equivalent to an offered one, and how much of the offered one it stands for.

    Parameters
    ----------
    market : Market
    unit : Unit
        Per GPU-hour: the same model in the same form. Per PFLOP-hour (dense bf16) or per GB/s of memory bandwidth and
        hour: every data-centre GPU with at least the memory of the offered one, so that what fits there fits here. Per
        million tokens: every GPU that ran the same network in the same benchmark at the same rate of requests.
    forms : Forms
        A price whose form is not stated is not of the same form, by the letter; or it is matched with every form of
        its model, its specification then being the median over forms.

    Returns
    -------
    DataFrame
        gpu_model, form_factor, reference_model, reference_form, scale: offered work per hour over that of the
        reference, so that reference price times scale is the price of the same work.

    Raises
    ------
    ValueError
        If the unit or the forms are unknown.
    """
    for option, options in ((unit, get_args(Unit)), (forms, get_args(Forms))):
        if option not in options:
            raise ValueError(f"{option!r} is none of {', '.join(options)}")
    prices = market.gpu_prices[[*PRODUCT, "provider"]].drop_duplicates()
    known = prices[(prices["form_factor"] != NOT_STATED) | (forms == EVERY_FORM)][PRODUCT].drop_duplicates()
    other = prices[prices["provider"].isin(HYPERSCALERS)][PRODUCT].drop_duplicates().set_axis(REFERENCE, axis=1)
    if unit == GPU_HOUR:
        same = known.merge(other, left_on="gpu_model", right_on="reference_model")
        unstated = same["form_factor"] == NOT_STATED
        return same[unstated | (same["form_factor"] == same["reference_form"])].assign(scale=1.0)
    if unit == MILLION_TOKENS:
        return _by_throughput(known, other, market.gpu_throughput)
    return _by_specification(known, other, market.gpu_models, SPECIFICATIONS[unit])


def _by_specification(known: pd.DataFrame, other: pd.DataFrame, gpu_models: pd.DataFrame, column: str) -> pd.DataFrame:
    facts = gpu_models[[*PRODUCT, "memory_gb", "data_centre", column]]
    whole = facts.groupby("gpu_model", as_index=False)[["memory_gb", column]].median().assign(form_factor=NOT_STATED)
    left = known.merge(pd.concat([facts, whole]), on=PRODUCT)
    right = other.merge(facts, left_on=REFERENCE, right_on=PRODUCT)
    right = right.loc[right["data_centre"].astype(bool)].drop(columns=PRODUCT)
    each = left.merge(right, how="cross", suffixes=("", "_reference"))
    each = each[each["memory_gb_reference"] >= each["memory_gb"]]
    each = each.assign(scale=each[column] / each[f"{column}_reference"]).dropna(subset="scale")
    return each[[*PRODUCT, *REFERENCE, "scale"]]


def _by_throughput(known: pd.DataFrame, other: pd.DataFrame, gpu_throughput: pd.DataFrame) -> pd.DataFrame:
    """Median ratio of output per GPU over the settings that both GPUs ran; doubtful runs are left out."""
    sound = gpu_throughput[~gpu_throughput["doubtful"]]
    setting = ["model", "benchmark", "requests_per_s", "output"]
    runs = sound.assign(work=sound["output_per_s"] / sound["gpu_count"])
    work = runs.groupby([*setting, *PRODUCT], dropna=False)["work"].median().reset_index()
    whole = work.groupby([*setting, "gpu_model"], dropna=False)["work"].median().reset_index()
    left = known.merge(pd.concat([work, whole.assign(form_factor=NOT_STATED)]), on=PRODUCT)
    right = other.merge(work, left_on=REFERENCE, right_on=PRODUCT).drop(columns=PRODUCT)
    each = left.merge(right, on=setting, suffixes=("", "_reference"))
    each = each.assign(scale=each["work"] / each["work_reference"])
    return each.groupby([*PRODUCT, *REFERENCE])["scale"].median().reset_index()


def offers(
    market: Market,
    *,
    providers: Sequence[str],
    price_models: Sequence[str],
    reference_models: Sequence[str],
    instances: Instances = MEDIAN,
) -> Offers:
    """Dated prices of some providers, with every hyperscaler price at the date nearest to each.

    Parameters
    ----------
    market : Market
    providers : sequence of str
        Whose prices are compared.
    price_models, reference_models : sequence of str
        Kinds of price on their side and on the hyperscalers'.
    instances : Instances
        As in `daily_references`.

    Returns
    -------
    Offers
    """
    gpu_prices, days = market.gpu_prices, ["first_day", "last_day"]
    chosen = gpu_prices["provider"].isin(list(providers)) & gpu_prices["price_model"].isin(list(price_models))
    prices = dated(gpu_prices[chosen])
    prices = prices.assign(data_centre=in_data_centres(prices, market.gpu_models))
    daily = daily_references(gpu_prices, price_models=reference_models, instances=instances)
    nearest = nearest_references(prices[days].drop_duplicates(), daily)
    wide = nearest.set_index([*days, "hyperscaler", *PRODUCT]).unstack(["hyperscaler", *PRODUCT])
    rows = wide.index.get_indexer(pd.MultiIndex.from_frame(prices[days]))
    products = daily[["hyperscaler", *PRODUCT]].drop_duplicates(ignore_index=True)
    order = pd.MultiIndex.from_frame(products)
    if wide.empty:
        return Offers(prices, products, dict.fromkeys(MEASURES, np.full((len(prices), len(products)), np.nan)))
    return Offers(prices, products, {name: wide[name][order].to_numpy(float)[rows] for name in MEASURES})


def match(found: Offers, equal: pd.DataFrame) -> Matched:
    """Every price beside each hyperscaler's price of the same work: the median over its equivalent GPUs.

    Parameters
    ----------
    found : Offers
    equal : DataFrame
        From `equivalents`.

    Returns
    -------
    Matched
    """
    scale = equal.pivot(index=PRODUCT, columns=REFERENCE, values="scale")
    scale = scale.reindex(columns=pd.MultiIndex.from_frame(found.products[PRODUCT]))
    scale = scale.reindex(pd.MultiIndex.from_frame(found.prices[PRODUCT])).to_numpy(float)
    counts = ~np.isnan(scale) & ~np.isnan(found.measures["reference_usd"])
    sides = [(found.products["hyperscaler"] == name).to_numpy() for name in HYPERSCALERS]
    each = {
        name: np.column_stack(
            [median_where((found.measures[name] * scale)[:, side], counts[:, side]) for side in sides]
        )
        for name in MEASURES[:3]
    }
    for name in MEASURES[3:]:
        days = np.where(counts, found.measures[name], np.nan)
        each[name] = np.column_stack([np.fmax.reduce(days[:, side], axis=1, initial=np.nan) for side in sides])
    return Matched(found.prices, **each)


def in_data_centres(prices: pd.DataFrame, gpu_models: pd.DataFrame) -> pd.Series:
    """Whether each price is of a data-centre GPU; where its form is not stated, whether every form of its model is one.

    Parameters
    ----------
    prices : DataFrame
        With gpu_model, form_factor.
    gpu_models : DataFrame
        The table of that name.

    Examples
    --------
    >>> models = pd.DataFrame({"gpu_model": ["A", "B", "B"], "form_factor": ["SXM", "server", "workstation"],
    ...                        "data_centre": [True, True, False]})
    >>> prices = pd.DataFrame({"gpu_model": ["A", "A", "B", "B"],
    ...                        "form_factor": ["SXM", "not stated", "server", "not stated"]})
    >>> in_data_centres(prices, models).tolist()
    [True, True, True, False]
    """
    whole = gpu_models.groupby("gpu_model")["data_centre"].all().reset_index().assign(form_factor=NOT_STATED)
    known = pd.concat([gpu_models[[*PRODUCT, "data_centre"]], whole]).set_index(PRODUCT)["data_centre"]
    return pd.Series(known.reindex(pd.MultiIndex.from_frame(prices[PRODUCT])).eq(True).to_numpy(), index=prices.index)


def counting(matched: Matched, *, hyperscalers: Sequence[str], within_days: float) -> np.ndarray:
    """Which references of every price count.

    Parameters
    ----------
    matched : Matched
    hyperscalers : sequence of str
        Those that count.
    within_days : float
        Days between the two prices at most, certainly: by the longest gap that the dates allow.

    Returns
    -------
    ndarray of bool, shape (n, 3)
    """
    return np.isin(HYPERSCALERS, list(hyperscalers)) & (matched.longest_gap_days <= within_days)


def median_where(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Median of each row over the values that count; NaN where none does.

    Parameters
    ----------
    values : ndarray, shape (n, k)
    counts : ndarray of bool, shape (n, k)
        Where True, the value is a number.

    Examples
    --------
    >>> median_where(np.array([[1.0, 5.0, 2.0], [1.0, 5.0, 9.0]]), np.array([[True, True, True], [True, True, False]]))
    array([2., 3.])
    """
    if not values.shape[1]:
        return np.full(len(values), np.nan)
    ascending, number = np.sort(np.where(counts, values, np.nan), axis=1), counts.sum(axis=1)
    lower, upper = np.maximum(number - 1, 0) // 2, number // 2
    rows = np.arange(len(values))
    return (ascending[rows, lower] + ascending[rows, np.where(number, upper, 0)]) / 2


def paired(
    matched: Matched, *, hyperscalers: Sequence[str] = HYPERSCALERS, within_days: float = np.inf
) -> pd.DataFrame:
    """One reference and one discount for every price: the median of the hyperscalers that offer an equivalent.

    Parameters
    ----------
    matched : Matched
    hyperscalers, within_days : sequence of str, float
        As in `counting`.

    Returns
    -------
    DataFrame, one row per price
        Columns of `Matched.prices`; hyperscalers (how many); reference_usd, low_usd, high_usd; gap_days (the least over
        hyperscalers) and longest_gap_days; discount_pct, and low_pct to high_pct over dates equally near. NaN where
        there is no reference.
    """
    counts = counting(matched, hyperscalers=hyperscalers, within_days=within_days)
    money = {name: median_where(getattr(matched, name), counts) for name in MEASURES[:3]}
    offered = matched.prices["usd_per_gpu_hour"].to_numpy()
    share = {f"{name}_pct": 100 * (1 - offered / value) for name, value in zip(SHARES, money.values(), strict=True)}
    return matched.prices.assign(
        hyperscalers=counts.sum(axis=1),
        **money,
        gap_days=np.fmin.reduce(np.where(counts, matched.gap_days, np.nan), axis=1),
        longest_gap_days=np.fmax.reduce(np.where(counts, matched.longest_gap_days, np.nan), axis=1),
        **share,
    )
