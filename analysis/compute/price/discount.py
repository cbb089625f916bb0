"""Claim C2: how much less a decentralised GPU-hour costs, its interval, and how much of that is decentralisation."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.compute.price.definitions import (
    FACTORS,
    PRIMARY,
    REFERENCES,
    by_model,
    by_seller,
    discount,
    grid_discounts,
    matched_under,
    pairs_of,
    pairs_under,
)
from analysis.compute.price.matching import CHEAPEST, Matched
from analysis.compute.price.sellers import NAMED, SPECIALISTS, Market, sellers
from analysis.engine.claims import Claim, Estimate, Evidence, Finding, asserted_figure
from analysis.engine.inference.resampling import CONFIDENCE, SEED
from analysis.engine.multiverse import Factor, Multiverse, UnbalancedError, explore, inside, weighed
from analysis.engine.words.formats import many, number, quantity
from analysis.tables.gpu import GpuModels, GpuPrices, GpuProviders
from analysis.tables.gpu_throughput import GpuThroughput

RESAMPLES = 9_999
#: What would make a claim true that is.
HOLDS = "it holds as it is"
NO_PAIR = "no such price has a reference"


def model_interval(models: pd.DataFrame, *, seed: int = SEED) -> tuple[float, float]:
    """Percentile bootstrap interval of the discount, %, over each seller's GPU models as a sample of what it rents out.

    Sellers stay as they are: with one or two of them there is nothing to draw from.

    Parameters
    ----------
    models : DataFrame
        From `analysis.compute.price.definitions.by_model`, at least one row.
    seed : int

    Returns
    -------
    tuple of float
        2.5th and 97.5th percentile.

    Examples
    --------
    >>> index = pd.MultiIndex.from_tuples([("a", "x"), ("b", "x")], names=["provider", "gpu_model"])
    >>> model_interval(pd.DataFrame({"discount_pct": [60.0, 70.0]}, index=index))
    (65.0, 65.0)
    """
    rng, total, count = np.random.default_rng(seed), np.zeros(RESAMPLES), 0
    for _, values in models.sort_index()["discount_pct"].groupby("provider"):
        drawn = np.sort(values.to_numpy())[rng.integers(len(values), size=(RESAMPLES, len(values)))]
        total, count = total + np.median(drawn, axis=1), count + 1
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(total / count, [tail, 100 - tail])
    return float(low), float(high)


def interval_parts(market: Market, as_of: pd.Timestamp, changes: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The parts of C2's interval and their envelope.

    Parameters
    ----------
    market : Market
    as_of : Timestamp
        Date of the claim.
    changes : mapping, optional
        Factor -> option, as in `analysis.compute.price.definitions.pairs_under`.

    Returns
    -------
    DataFrame, shape (4, 4)
        part, low_pct, high_pct, width (percentage points): GPU models (`model_interval`); hyperscaler (least and most
        over AWS, Azure and Google Cloud alone, the estimate itself where the definition names one); dates (every price
        known by the year alone beside its lowest and its highest reference of that year); the envelope of all.

    Raises
    ------
    ValueError
        If nothing can be compared under the definition.
    """
    definition = {**PRIMARY, **(changes or {})}
    matched = matched_under(market, definition)
    pairs = pairs_of(matched, as_of, definition)
    if pairs.empty:
        raise ValueError("no price has a reference under this definition")
    models, value = by_model(pairs), discount(pairs)
    alone = [value]
    if definition["reference"] == PRIMARY["reference"]:
        alone += list(by_hyperscaler(matched, as_of, definition).dropna())
    ends = by_seller(models)[["low_pct", "high_pct"]].mean()
    rows = {
        "GPU models": model_interval(models),
        "hyperscaler": (min(alone), max(alone)),
        "dates": (min(ends), max(ends)),
    }
    lows, highs = zip(*rows.values(), strict=True)
    rows["envelope of all"] = min(value, *lows), max(value, *highs)
    parts = pd.DataFrame.from_dict(rows, orient="index", columns=["low_pct", "high_pct"]).rename_axis("part")
    return parts.assign(width=parts["high_pct"] - parts["low_pct"]).reset_index()


def by_hyperscaler(matched: Matched, as_of: pd.Timestamp, definition: Mapping[str, str] = PRIMARY) -> pd.Series:
    """The discount against each hyperscaler alone, %; NaN where it offers no equivalent.

    Parameters
    ----------
    matched : Matched
        Under the definition's price model, unit and forms.
    as_of : Timestamp
        Date of the claim.
    definition : mapping
        An option for each of the factors.
    """
    names = [option for option in REFERENCES if option != PRIMARY["reference"]]
    each = [discount(pairs_of(matched, as_of, {**definition, "reference": name})) for name in names]
    return pd.Series(each, index=pd.Index(names, name="reference"), name="discount_pct")


def explore_c2(claim: Claim, market: Market) -> Multiverse:
    """The discount under every admissible combination of the claim's alternatives, %.

    Parameters
    ----------
    claim : Claim
        C2, for its date and acceptance region.
    market : Market

    Raises
    ------
    ValueError
        If nothing can be computed.
    UnbalancedError
        If so few prices have a reference that the options of a factor cannot weigh the same.

    Notes
    -----
    An option that is computable beside a few others only, as spot prices are where marketplaces alone have them, can
    leave no way to weigh options equally. Then the options of `computable_alone` are explored, lest that fewer prices
    turn a verdict that depends on the definition into one that does not.
    """
    as_of, holds = pd.Timestamp(claim.as_of), inside(claim.regions[0])

    def explored(factors: tuple[Factor, ...]) -> Multiverse:
        return explore(factors, [], lambda some: grid_discounts(market, as_of, some), holds=holds)

    try:
        return explored(FACTORS)
    except UnbalancedError:
        return explored(computable_alone(market, as_of))


def computable_alone(market: Market, as_of: pd.Timestamp) -> tuple[Factor, ...]:
    """The factors of C2 with those options that can be computed where all other factors are primary.

    Parameters
    ----------
    market : Market
        In which the primary definition can be computed.
    as_of : Timestamp
        Date of the claim.
    """
    changes = [(factor.name, option) for factor in FACTORS for option in factor.options]
    found = grid_discounts(market, as_of, pd.DataFrame([{**PRIMARY, name: option} for name, option in changes]))
    known = {change for change, value in zip(changes, found, strict=True) if np.isfinite(value)}
    return tuple(replace(f, options=tuple(o for o in f.options if (f.name, o) in known)) for f in FACTORS)


def assess_c2(
    claim: Claim,
    *,
    gpu_prices: GpuPrices,
    gpu_providers: GpuProviders,
    gpu_models: GpuModels,
    gpu_throughput: GpuThroughput,
) -> Finding:
    """Mean discount, over the named networks with prices, against on-demand list prices of the three hyperscalers.

    Parameters
    ----------
    gpu_models, gpu_throughput : DataFrame
        Only serve alternatives.

    Returns
    -------
    Finding
        The interval is the envelope of `interval_parts`. The day that decides is the one furthest from the claim's
        date among the networks' prices that are known to the day. "missing" where no named network has a dated price of
        a GPU that a hyperscaler offers in the same form.

    Raises
    ------
    DataError
        If the claim asserts no figure in %.
    """
    asserted_figure(claim, "%")
    market, as_of = Market(gpu_prices, gpu_providers, gpu_models, gpu_throughput), pd.Timestamp(claim.as_of)
    matched = matched_under(market, PRIMARY)
    pairs = pairs_of(matched, as_of, PRIMARY)
    if pairs.empty:
        return Finding(level=3, basis="market", missing="missing")
    value, envelope = discount(pairs), interval_parts(market, as_of).iloc[-1]
    explored = weighed(lambda: explore_c2(claim, market))
    to_the_day = pairs[pairs["date_precision"] == "day"]
    return Finding(
        level=3,
        basis="market",
        estimate=Estimate(
            value=value,
            low=envelope["low_pct"],
            high=envelope["high_pct"],
            unit="%",
            n=len(pairs),
            interval_of=interval_of(pairs),
            method=method_of(pairs, gpu_providers),
        ),
        evidence=evidence_of(claim, pairs, gpu_providers),
        observed_on=None if to_the_day.empty else to_the_day.nlargest(1, "away_days")["observed_on"].iloc[0].date(),
        source_values=tuple(by_hyperscaler(matched, as_of).dropna()),
        support=explored and explored.support,
        curve=explored and explored.curve,
        nearest_true=HOLDS if value in claim.regions[0] else nearest(explored, value, claim.regions[0]),
    )


def interval_of(pairs: pd.DataFrame) -> str:
    """What the interval is an interval of, in words.

    Examples
    --------
    >>> interval_of(pd.DataFrame({"provider": ["akash", "akash"]}))
    'choice of GPU models within a network (bootstrap), choice of hyperscaler, and days of prices known by the year \
alone; not the choice of network, of which one has prices'
    """
    count = pairs["provider"].nunique()
    return (
        "choice of GPU models within a network (bootstrap), choice of hyperscaler, and days of prices known by the "
        f"year alone; not the choice of network, of which {'one has' if count == 1 else f'{count} have'} prices"
    )


def method_of(pairs: pd.DataFrame, gpu_providers: pd.DataFrame) -> str:
    """How the estimate was computed, in a line.

    Parameters
    ----------
    pairs : DataFrame
        From `analysis.compute.price.definitions.pairs_under`.
    gpu_providers : DataFrame
        The table of that name.
    """
    titles = gpu_providers.set_index("provider")["title"]
    found = by_seller(by_model(pairs))
    each = [f"{titles[name]} {row.discount_pct:.1f} % over {row.models:.0f} models" for name, row in found.iterrows()]
    absent = [titles[name] for name in sellers(gpu_providers, NAMED) if name not in found.index]
    without = f"; no price that can be matched: {', '.join(absent)}" if absent else ""
    return f"mean over named networks of the median over GPU models: {'; '.join(each)}{without}"


def evidence_of(claim: Claim, pairs: pd.DataFrame, gpu_providers: pd.DataFrame) -> tuple[Evidence, ...]:
    """A row of evidence for each network with prices: inside T it supports, outside T_minor it contradicts.

    Parameters
    ----------
    claim : Claim
    pairs : DataFrame
        From `analysis.compute.price.definitions.pairs_under`.
    gpu_providers : DataFrame
        The table of that name.
    """
    inner, outer = claim.regions
    titles, rows = gpu_providers.set_index("provider")["title"], []
    for name, row in by_seller(by_model(pairs)).iterrows():
        own = pairs[pairs["provider"] == name].sort_values("observed_on")
        value, last = row["discount_pct"], own["observed_on"].max()
        gap = f"{number(own['gap_days'].min())} to {many(int(own['longest_gap_days'].max()), 'day')}"
        rows.append(
            Evidence(
                statement=f"{titles[name]}: {quantity(value, '%')} below the hyperscalers in the median of "
                f"{many(int(row['models']), 'GPU model')}; the two prices lie {gap} apart",
                bearing="supports" if value in inner else "neutral" if value in outer else "contradicts",
                source_id=own["source_id"].iloc[-1],
                observed_on=None if pd.isna(last) else last.date(),
            )
        )
    return tuple(rows)


def price_factor(value: float, region: pd.Interval) -> float:
    """How many times their prices the networks would have to ask for the discount to reach the region's nearer edge.

    A median of prices times x is x times the median, so that one factor on all prices moves the discount as one price.

    Parameters
    ----------
    value : float
        Discount found, %, below 100.
    region : Interval
        Discounts under which the claim holds, %.

    Examples
    --------
    >>> price_factor(40.0, pd.Interval(50, 80)), price_factor(90.0, pd.Interval(50, 80))
    (0.833..., 2.0)
    """
    edge = region.left if value <= region.left else region.right
    return float((100 - edge) / (100 - value))


def nearest(explored: Multiverse | None, value: float, region: pd.Interval) -> str:
    """What would make the claim true, in words: the nearest definition, and the prices that it would need.

    Parameters
    ----------
    explored : Multiverse or None
    value : float
        Discount found, %.
    region : Interval
        Discounts under which the claim holds, %.
    """
    needed = f"the networks' prices would have to be {price_factor(value, region):.3g} times what they are"
    return needed if explored is None else f"{explored.describe_nearest('%', region)}; {needed}"


def alternatives_c2(claim: Claim, market: Market) -> pd.DataFrame:
    """The primary definition and each alternative on its own, with specialist clouds under the same definition.

    Parameters
    ----------
    claim : Claim
        C2.
    market : Market

    Returns
    -------
    DataFrame
        factor, option; discount_pct with low_pct and high_pct (as in `interval_parts`), holds, sellers, models, pairs,
        median_gap_days (of the longest gaps that the dates allow); specialist_pct (mean over specialist clouds), NaN
        where nothing can be compared; reason (why, else empty).
    """
    as_of, rows = pd.Timestamp(claim.as_of), []
    changes = [{}, *({f.name: option} for f in FACTORS for option in f.options if option != f.primary)]
    for change in changes:
        pairs = pairs_under(market, as_of, change)
        specialist = pairs_under(market, as_of, change, providers=SPECIALISTS)
        ends = interval_parts(market, as_of, change).iloc[-1] if len(pairs) else {"low_pct": np.nan, "high_pct": np.nan}
        value = discount(pairs)
        rows.append(
            {
                "factor": next(iter(change), ""),
                "option": next(iter(change.values()), "primary definition"),
                "discount_pct": value,
                "low_pct": ends["low_pct"],
                "high_pct": ends["high_pct"],
                "holds": bool(inside(claim.regions[0])(np.array([value]))[0]),
                "sellers": pairs["provider"].nunique(),
                "models": pairs["gpu_model"].nunique(),
                "pairs": len(pairs),
                "median_gap_days": pairs["longest_gap_days"].median(),
                "specialist_pct": discount(specialist),
                "reason": "" if len(pairs) else NO_PAIR,
            }
        )
    return pd.DataFrame(rows)


def readings(market: Market, as_of: pd.Timestamp) -> pd.DataFrame:
    """The discount under readings that C2's words leave open and that are none of its alternatives; ours comes first.

    Parameters
    ----------
    market : Market
    as_of : Timestamp
        Date of the claim.

    Returns
    -------
    DataFrame
        reading, discount_pct, pairs.
    """
    ours = pairs_under(market, as_of)
    forms = ours.assign(gpu_model=ours["gpu_model"] + " " + ours["form_factor"])
    cheapest = pairs_under(market, as_of, instances=CHEAPEST)
    found = {
        "median over the instances that hold the GPU": ours,
        "each hyperscaler's cheapest instance and region": cheapest,
        "every form of a GPU a model of its own": forms,
    }
    rows = [(reading, discount(pairs), len(pairs)) for reading, pairs in found.items()]
    return pd.DataFrame(rows, columns=["reading", "discount_pct", "pairs"])
