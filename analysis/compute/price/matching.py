"""Every decentralised price beside the hyperscaler price that is equivalent to it, with the days between the two."""

from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
import pandas as pd

from analysis.compute.price.sellers import HYPERSCALERS, NOT_STATED, Market, dated
from analysis.tables.gpu import GpuModels, GpuPrices

#: Matches and equivalents that are kept, since most definitions share theirs.
CACHED = 32
GPU_HOUR = "GPU-hour"

DAYS = ["first_day", "last_day"]
PRODUCT = ["gpu_model", "form_factor"]
REFERENCE = ["reference_model", "reference_form"]
#: Measures of a pair, as in `Matched`: in USD and in days.
USD, GAPS = ["reference_usd", "low_usd", "high_usd"], ["gap_days", "longest_gap_days"]
SHARES = ["discount_pct", "low_pct", "high_pct"]


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """Prices and, for each, what every hyperscaler asks for an equivalent GPU; NaN where it offers none.

    Attributes
    ----------
    prices : DataFrame, shape (n, …)
        Dated prices, with first_day, last_day, data_centre (bool, as in `in_data_centres`).
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


def daily_references(gpu_prices: GpuPrices, *, price_models: tuple[str, ...], cheapest: bool = False) -> pd.DataFrame:
    """Each hyperscaler's price of a GPU on each day that one was observed; the table has US regions only.

    The claim takes the median over regions and leaves open what to do with several instances that hold the GPU; the
    median is over both. The cheapest takes the least per GPU instead.

    Returns
    -------
    DataFrame
        hyperscaler, reference_model, reference_form, observed_on, reference_usd (per GPU and hour).
    """
    chosen = gpu_prices["provider"].isin(HYPERSCALERS) & gpu_prices["price_model"].isin(price_models)
    names = dict(zip(["provider", *PRODUCT, "usd_per_gpu_hour"], ["hyperscaler", *REFERENCE, USD[0]], strict=True))
    known = gpu_prices[chosen & (gpu_prices["date_precision"] == "day")].rename(columns=names)
    grouped = known.groupby(["hyperscaler", *REFERENCE, "observed_on"], as_index=False)[USD[0]]
    return grouped.min() if cheapest else grouped.median()


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
        first_day, last_day, hyperscaler, reference_model, reference_form, reference_usd, low_usd and high_usd (over the
        dates equally near), gap_days (least that the days allow) and longest_gap_days (most that they allow).

    Examples
    --------
    >>> daily = pd.DataFrame({"hyperscaler": "aws", "reference_model": "T4-16GB", "reference_form": "single",
    ...     "observed_on": pd.to_datetime(["2026-01-10", "2026-03-01"]), "reference_usd": [1.0, 3.0]})
    >>> days = pd.DataFrame({"first_day": pd.to_datetime(["2026-01-20", "2026-01-01"]),
    ...                      "last_day": pd.to_datetime(["2026-01-20", "2026-12-31"])})
    >>> found = nearest_references(days, daily).sort_values("gap_days")
    >>> found[["reference_usd", "low_usd", "high_usd", "gap_days", "longest_gap_days"]].values.tolist()
    [[2.0, 1.0, 3.0, 0.0, 355.0], [1.0, 1.0, 1.0, 10.0, 10.0]]
    """
    keys = ["hyperscaler", *REFERENCE]
    series = daily[keys].drop_duplicates(ignore_index=True).rename_axis("series").reset_index()
    prices = daily.merge(series, on=keys)[["series", "observed_on", USD[0]]]
    spans = days.reset_index(drop=True).rename_axis("span").reset_index()
    each = spans.merge(prices, how="cross")  # numbers for names, since this is the largest table of all
    before = (each["first_day"] - each["observed_on"]).dt.days
    after = (each["observed_on"] - each["last_day"]).dt.days
    each["gap_days"] = np.maximum(0, np.maximum(before, after))
    each["longest_gap_days"] = -np.minimum(before, after)  # from the end of the days that is further away
    by = ["span", "series"]
    nearest = each[each["gap_days"] == each.groupby(by)["gap_days"].transform("min")].groupby(by)
    found = nearest.agg(
        reference_usd=(USD[0], "median"),
        low_usd=(USD[0], "min"),
        high_usd=(USD[0], "max"),
        gap_days=("gap_days", "min"),
        longest_gap_days=("longest_gap_days", "max"),
    )
    named = spans.merge(series, how="cross").set_index(by)
    return named.join(found, how="inner").reset_index(drop=True)


@lru_cache(maxsize=CACHED)
def equivalents(market: Market, *, unit: str = GPU_HOUR, every_form: bool = False) -> pd.DataFrame:
    """Which GPU of a hyperscaler is equivalent to an offered one, and how much of the offered one it stands for.

    Parameters
    ----------
    market : Market
    unit : str
        One of `UNITS`. Per GPU-hour: the same model in the same form. Per PFLOP-hour (dense bf16) or per GB/s of memory
        bandwidth and hour: every data-centre GPU with at least the memory of the offered one, so that what fits there
        fits here. Per million tokens: every GPU that ran the same network in the same benchmark at the same rate of
        requests.
    every_form : bool
        A price whose form is not stated is not of the same form, by the letter; or it is matched with every form of
        its model, its specification then being the median over forms.

    Returns
    -------
    DataFrame
        gpu_model, form_factor, reference_model, reference_form, scale: offered work per hour over that of the
        reference, so that reference price times scale is the price of the same work.
    """
    prices = market.gpu_prices[[*PRODUCT, "provider"]].drop_duplicates()
    known = prices[(prices["form_factor"] != NOT_STATED) | every_form][PRODUCT].drop_duplicates()
    other = prices[prices["provider"].isin(HYPERSCALERS)][PRODUCT].drop_duplicates().set_axis(REFERENCE, axis=1)
    return UNITS[unit](known, other, market)


def _same_model(known: pd.DataFrame, other: pd.DataFrame, market: Market) -> pd.DataFrame:
    same = known.merge(other, left_on="gpu_model", right_on="reference_model")
    fits = (same["form_factor"] == NOT_STATED) | (same["form_factor"] == same["reference_form"])
    return same[fits].assign(scale=1.0)


def _by_specification(known: pd.DataFrame, other: pd.DataFrame, market: Market, *, column: str) -> pd.DataFrame:
    facts = market.gpu_models[[*PRODUCT, "memory_gb", "data_centre", column]]
    whole = facts.groupby("gpu_model", as_index=False)[["memory_gb", column]].median().assign(form_factor=NOT_STATED)
    left = known.merge(pd.concat([facts, whole]), on=PRODUCT)
    right = other.merge(facts, left_on=REFERENCE, right_on=PRODUCT)
    right = right.loc[right["data_centre"].astype(bool)].drop(columns=PRODUCT)
    each = left.merge(right, how="cross", suffixes=("", "_reference"))
    each = each[each["memory_gb_reference"] >= each["memory_gb"]]
    each = each.assign(scale=each[column] / each[f"{column}_reference"]).dropna(subset="scale")
    return each[[*PRODUCT, *REFERENCE, "scale"]]


def _by_throughput(known: pd.DataFrame, other: pd.DataFrame, market: Market) -> pd.DataFrame:
    """Median ratio of output per GPU over the settings that both GPUs ran; doubtful runs are left out."""
    sound = market.gpu_throughput[~market.gpu_throughput["doubtful"]]
    setting = ["model", "benchmark", "requests_per_s", "output"]
    runs = sound.assign(work=sound["output_per_s"] / sound["gpu_count"])
    work = runs.groupby([*setting, *PRODUCT], dropna=False)["work"].median().reset_index()
    whole = work.groupby([*setting, "gpu_model"], dropna=False)["work"].median().reset_index()
    left = known.merge(pd.concat([work, whole.assign(form_factor=NOT_STATED)]), on=PRODUCT)
    right = other.merge(work, left_on=REFERENCE, right_on=PRODUCT).drop(columns=PRODUCT)
    each = left.merge(right, on=setting, suffixes=("", "_reference"))
    each = each.assign(scale=each["work"] / each["work_reference"])
    return each.groupby([*PRODUCT, *REFERENCE])["scale"].median().reset_index()


#: What is compared per unit of -> which GPUs are equivalent.
UNITS = {
    GPU_HOUR: _same_model,
    "PFLOP-hour": partial(_by_specification, column="bf16_tflops"),
    "GB/s-hour": partial(_by_specification, column="memory_gb_per_s"),
    "million tokens": _by_throughput,
}


@lru_cache(maxsize=CACHED)
def match(
    market: Market,
    *,
    providers: tuple[str, ...],
    price_models: tuple[tuple[str, ...], tuple[str, ...]],
    unit: str = GPU_HOUR,
    every_form: bool = False,
    cheapest: bool = False,
) -> Matched:
    """Every price of some providers beside each hyperscaler's price of the same work: the median over equivalent GPUs.

    Parameters
    ----------
    market : Market
    providers : tuple of str
        Whose prices are compared.
    price_models : pair of tuples of str
        Kinds of price on their side and on the hyperscalers'.
    unit, every_form, cheapest
        As in `equivalents` and `daily_references`.
    """
    prices, nearest = _near(market, providers, price_models, cheapest)
    keys = [*DAYS, *PRODUCT]
    equal = prices[keys].drop_duplicates().merge(equivalents(market, unit=unit, every_form=every_form), on=PRODUCT)
    each = equal.merge(nearest, on=[*DAYS, *REFERENCE])
    each[USD] = each[USD].mul(each["scale"], axis=0)
    found = each.groupby([*keys, "hyperscaler"]).agg(dict.fromkeys(USD, "median") | dict.fromkeys(GAPS, "max"))
    rows = pd.MultiIndex.from_frame(prices[keys])
    sides = {name: found[name].unstack("hyperscaler").reindex(index=rows, columns=HYPERSCALERS) for name in found}
    return Matched(prices, **{name: side.to_numpy(float) for name, side in sides.items()})


@lru_cache(maxsize=CACHED)
def _near(
    market: Market,
    providers: tuple[str, ...],
    price_models: tuple[tuple[str, ...], tuple[str, ...]],
    cheapest: bool,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Dated prices of some providers, and every hyperscaler price at the date nearest to each."""
    table, (offered, asked) = market.gpu_prices, price_models
    prices = dated(table[table["provider"].isin(providers) & table["price_model"].isin(offered)])
    prices = prices.assign(data_centre=in_data_centres(prices, market.gpu_models))
    daily = daily_references(table, price_models=asked, cheapest=cheapest)
    return prices, nearest_references(prices[DAYS].drop_duplicates(), daily)


def in_data_centres(prices: pd.DataFrame, gpu_models: GpuModels) -> pd.Series:
    """Whether each price is of a data-centre GPU; where its form is not stated, whether every form of its model is one.

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


def named(rows: pd.DataFrame) -> pd.Series:
    """GPU model and form of each row, as one name.

    Examples
    --------
    >>> named(pd.DataFrame({"gpu_model": ["H100-80GB", "L4-24GB"], "form_factor": ["SXM", "single"]})).tolist()
    ['H100-80GB SXM', 'L4-24GB']
    """
    return (rows["gpu_model"] + " " + rows["form_factor"]).str.removesuffix(" single")


def counting(matched: Matched, hyperscalers: tuple[str, ...], within_days: float) -> np.ndarray:
    """Which references of every price count: of these hyperscalers, and certainly no further away; shape (n, 3).

    Certainly is by the longest gap that the dates allow.
    """
    return np.isin(HYPERSCALERS, hyperscalers) & (matched.longest_gap_days <= within_days)


def median_where(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Median of each row over the values that count; NaN where none does."""
    return pd.DataFrame(np.where(counts, values, np.nan)).median(axis=1).to_numpy()


def paired(matched: Matched, hyperscalers: tuple[str, ...] = HYPERSCALERS, within_days: float = np.inf) -> pd.DataFrame:
    """One reference and one discount for every price: the median of the hyperscalers that count.

    Returns
    -------
    DataFrame, one row per price
        Columns of `Matched.prices`; hyperscalers (how many); reference_usd, low_usd, high_usd; gap_days (the least over
        hyperscalers) and longest_gap_days; discount_pct, and low_pct to high_pct over dates equally near. NaN where
        there is no reference.
    """
    counts = counting(matched, hyperscalers, within_days)
    usd = {name: median_where(getattr(matched, name), counts) for name in USD}
    offered = matched.prices["usd_per_gpu_hour"].to_numpy()
    gaps = {
        name: end.reduce(np.where(counts, getattr(matched, name), np.nan), axis=1)
        for name, end in zip(GAPS, (np.fmin, np.fmax), strict=True)
    }
    shares = {name: 100 * (1 - offered / value) for name, value in zip(SHARES, usd.values(), strict=True)}
    return matched.prices.assign(hyperscalers=counts.sum(axis=1), **usd, **gaps, **shares)
