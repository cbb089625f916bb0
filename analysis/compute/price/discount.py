"""Claim C2: how much less a decentralised GPU-hour costs, its interval, and how much of that is decentralisation."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.compute.price.definitions import KNOWN, by_model, by_seller, discount, grid_discounts, pairs_under
from analysis.compute.price.sellers import NAMED, SPECIALISTS, Market, sellers
from analysis.engine.claims import Claim, Estimate, Evidence, Finding, asserted_figure
from analysis.engine.inference.resampling import CONFIDENCE, SEED
from analysis.engine.multiverse import Multiverse, Question, UnbalancedError, UncomputableError, bearing, primary_of
from analysis.engine.words.formats import many, number, quantity
from analysis.tables.gpu import GpuModels, GpuPrices, GpuProviders
from analysis.tables.gpu_throughput import GpuThroughput

RESAMPLES = 9_999
NO_PAIR = "no such price has a reference"


def model_interval(models: pd.Series, *, seed: int = SEED) -> tuple[float, float]:
    """Percentile bootstrap interval of the discount, %, over each seller's GPU models as a sample of what it rents out.

    Sellers stay as they are: with one or two of them there is nothing to draw from.

    Parameters
    ----------
    models : Series
        Discounts from `analysis.compute.price.definitions.by_model`, at least one.

    Examples
    --------
    >>> index = pd.MultiIndex.from_tuples([("a", "x"), ("b", "x")], names=["provider", "gpu_model"])
    >>> model_interval(pd.Series([60.0, 70.0], index=index))
    (65.0, 65.0)
    """
    rng, total, count = np.random.default_rng(seed), np.zeros(RESAMPLES), 0
    for _, values in models.sort_index().groupby("provider"):
        drawn = np.sort(values.to_numpy())[rng.integers(len(values), size=(RESAMPLES, len(values)))]
        total, count = total + np.median(drawn, axis=1), count + 1
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(total / count, [tail, 100 - tail])
    return float(low), float(high)


def interval_parts(claim: Claim, market: Market, changes: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The parts of C2's interval and their envelope.

    Parameters
    ----------
    claim : Claim
    market : Market
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
    changes = changes or {}
    pairs = pairs_under(claim, market, changes)
    if pairs.empty:
        raise ValueError("no price has a reference under this definition")
    value = discount(pairs)
    alone = [value] if "reference" in changes else [value, *by_hyperscaler(claim, market, changes).dropna()]
    ends = by_seller(pairs)[["low_pct", "high_pct"]].mean()
    rows = {
        "GPU models": model_interval(by_model(pairs[["discount_pct"]], pairs)["discount_pct"]),
        "hyperscaler": (min(alone), max(alone)),
        "dates": (min(ends), max(ends)),
    }
    lows, highs = zip(*rows.values(), strict=True)
    rows["envelope of all"] = min(value, *lows), max(value, *highs)
    parts = pd.DataFrame.from_dict(rows, orient="index", columns=["low_pct", "high_pct"]).rename_axis("part")
    return parts.assign(width=parts["high_pct"] - parts["low_pct"]).reset_index()


def by_hyperscaler(claim: Claim, market: Market, changes: Mapping[str, str] | None = None) -> pd.Series:
    """The discount against each hyperscaler alone, %; NaN where it offers no equivalent."""
    names = [option for option in KNOWN["reference"] if option != primary_of(claim)["reference"]]
    each = [discount(pairs_under(claim, market, {**(changes or {}), "reference": name})) for name in names]
    return pd.Series(each, index=names)


def question_c2(claim: Claim, market: Market) -> Question:
    """The discount, %."""
    return Question(claim, lambda some: grid_discounts(claim, market, some))


def explored_c2(question: Question) -> Multiverse | None:
    """What `question_c2` gives when explored, or None where the options cannot weigh the same.

    An option that is computable beside a few others only, as spot prices are where marketplaces alone have them, can
    leave no way to weigh options equally. Then those are explored that can be computed where all other factors are
    primary, lest that fewer prices turn a verdict that depends on the definition into one that does not.
    """
    try:
        return question.explore()
    except UncomputableError:
        return None
    except UnbalancedError:
        alone = question.one_at_a_time().set_index(["factor", "option"])["estimate"]
        return question.without_options(lambda factor, option: np.isnan(alone[factor, option])).weighed()


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
    market = Market(gpu_prices, gpu_providers, gpu_models, gpu_throughput)
    pairs = pairs_under(claim, market)
    if pairs.empty:
        return Finding(level=3, basis="market", missing="missing")
    value, envelope = discount(pairs), interval_parts(claim, market).iloc[-1]
    to_the_day, question = pairs[pairs["date_precision"] == "day"], question_c2(claim, market)
    needed = f"the networks' prices would have to be {price_factor(value, claim.regions[0]):.3g} times what they are"
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
        source_values=tuple(by_hyperscaler(claim, market).dropna()),
        **question.answered(value, needed, explored=explored_c2(question)),
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


def method_of(pairs: pd.DataFrame, gpu_providers: GpuProviders) -> str:
    """How the estimate was computed, in a line."""
    titles = gpu_providers.set_index("provider")["title"]
    found = by_seller(pairs)
    each = [f"{titles[name]} {row.discount_pct:.1f} % over {row.models:.0f} models" for name, row in found.iterrows()]
    absent = [titles[name] for name in sellers(gpu_providers, NAMED) if name not in found.index]
    without = f"; no price that can be matched: {', '.join(absent)}" if absent else ""
    return f"mean over named networks of the median over GPU models: {'; '.join(each)}{without}"


def evidence_of(claim: Claim, pairs: pd.DataFrame, gpu_providers: GpuProviders) -> tuple[Evidence, ...]:
    """A row of evidence for each network with prices."""
    titles, rows = gpu_providers.set_index("provider")["title"], []
    for name, row in by_seller(pairs).iterrows():
        own = pairs[pairs["provider"] == name].sort_values("observed_on")
        value, last = row["discount_pct"], own["observed_on"].max()
        gap = f"{number(own['gap_days'].min())} to {many(int(own['longest_gap_days'].max()), 'day')}"
        median = f"in the median of {many(int(row['models']), 'GPU model')}"
        said = f"{titles[name]}: {quantity(value, '%')} below the hyperscalers {median}; the two prices lie {gap} apart"
        on = None if pd.isna(last) else last.date()
        rows.append(Evidence(said, bearing(claim, value), own["source_id"].iloc[-1], on))
    return tuple(rows)


def price_factor(value: float, region: pd.Interval) -> float:
    """How many times their prices the networks would have to ask for the discount to reach the region's nearer edge.

    A median of prices times x is x times the median, so that one factor on all prices moves the discount as one price.

    Examples
    --------
    >>> price_factor(40.0, pd.Interval(50, 80)), price_factor(90.0, pd.Interval(50, 80))
    (0.833..., 2.0)
    """
    edge = region.left if value <= region.left else region.right
    return float((100 - edge) / (100 - value))


def alternatives_c2(claim: Claim, market: Market) -> pd.DataFrame:
    """C2 one option at a time, with specialist clouds under the same definition.

    Returns
    -------
    DataFrame
        As from `analysis.engine.multiverse.Question.one_at_a_time`, and low_pct, high_pct (as in `interval_parts`),
        sellers, models, pairs, median_gap_days (of the longest gaps that the dates allow), specialist_pct (mean over
        specialist clouds), NaN where nothing can be compared; reason (why, else empty).
    """
    found = question_c2(claim, market).one_at_a_time()
    rows = []
    for row in found.itertuples():
        change = {row.factor: row.option} if row.factor else {}
        pairs = pairs_under(claim, market, change)
        ends = interval_parts(claim, market, change).iloc[-1, 1:3] if len(pairs) else (np.nan, np.nan)
        counts = (pairs["provider"].nunique(), pairs["gpu_model"].nunique(), len(pairs))
        specialist = discount(pairs_under(claim, market, change, providers=SPECIALISTS))
        rows.append((*ends, *counts, pairs["longest_gap_days"].median(), specialist, "" if len(pairs) else NO_PAIR))
    columns = ["low_pct", "high_pct", "sellers", "models", "pairs", "median_gap_days", "specialist_pct", "reason"]
    found["option"] = found["option"].replace("", "primary definition")
    return found.assign(**pd.DataFrame(rows, columns=columns))


def readings(claim: Claim, market: Market) -> pd.DataFrame:
    """The discount under readings that C2's words leave open and that are none of its alternatives; ours comes first.

    Returns
    -------
    DataFrame
        reading, discount_pct, pairs.
    """
    ours = pairs_under(claim, market)
    found = {
        "median over the instances that hold the GPU": ours,
        "each hyperscaler's cheapest instance and region": pairs_under(claim, market, cheapest=True),
        "every form of a GPU a model of its own": ours.assign(gpu_model=ours["gpu_model"] + " " + ours["form_factor"]),
    }
    rows = [(reading, discount(pairs), len(pairs)) for reading, pairs in found.items()]
    return pd.DataFrame(rows, columns=["reading", "discount_pct", "pairs"])
