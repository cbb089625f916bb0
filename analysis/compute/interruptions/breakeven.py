"""The rate of interruptions at which a discount is gone, for each GPU and each kind of place that rents it out."""

from collections.abc import Sequence

import pandas as pd

from analysis.compute.interruptions.batch import evidence
from analysis.compute.interruptions.closed_form import Job, break_even_rate, relative_cost
from analysis.compute.interruptions.offers import WITHIN_DAYS, offers
from analysis.tables.gpu import GpuPrices
from analysis.tables.interruptions import SpotRuns
from analysis.tables.networks import ComputeAvailability

REFERENCE = ("hyperscaler", "on-demand")
#: Kinds of place, in words -> provider type and kind of price.
SIDES = {
    "networks, on demand": ("network", "on-demand"),
    "marketplaces, on demand": ("marketplace", "on-demand"),
    "specialist clouds, on demand": ("specialist", "on-demand"),
    "hyperscalers, spot": ("hyperscaler", "spot"),
}
PRODUCT = ["gpu_model", "form_factor"]
#: GPUs that a figure shows: rented out by decentralised places and hyperscalers, and interrupted on record.
DRAWN = (("H100-80GB", "SXM"), ("A100-80GB", "SXM"), ("L4-24GB", "single"), ("V100-16GB", "SXM"))
NOT_STATED = "not stated"


def break_even(gpu_prices: GpuPrices, job: Job) -> pd.DataFrame:
    """Break-even rates of every GPU and form that a hyperscaler rents out on demand.

    A price is the median over providers, each by its own median at its latest date, as `offers` takes
    it; the reference is the same of hyperscalers on demand. Places that do not state the form are left out where
    forms differ.

    Returns
    -------
    DataFrame
        gpu_model, form_factor, side (of `SIDES`), providers (how many), usd_per_gpu_hour, reference_usd, relative
        (their ratio), break_even_per_hour (interruptions per hour of running; NaN where there is no discount to lose).

    Raises
    ------
    ValueError
        If no hyperscaler has a price on demand so late.

    Examples
    --------
    >>> from analysis.engine.data.tables import load
    >>> found = break_even(load("gpu_prices"), Job(24.0, 1.0, 0.05, 0.1))
    >>> bool((found["break_even_per_hour"].notna() == (found["relative"] < 1)).all())
    True
    """
    day = gpu_prices["observed_on"].max()
    near = gpu_prices[gpu_prices["observed_on"] >= day - pd.Timedelta(days=WITHIN_DAYS)]
    listed = near[(near["provider_type"] == REFERENCE[0]) & (near["price_model"] == REFERENCE[1])]
    if listed.empty:
        raise ValueError(f"no hyperscaler has a price on demand within {WITHIN_DAYS} days of {day:%Y-%m-%d}")
    models = listed["gpu_model"].unique()
    every = pd.concat(offers(near, model, on=day).assign(gpu_model=model) for model in models)
    stated = every[every["form_factor"] != NOT_STATED]
    by_side = stated.groupby([*PRODUCT, "provider_type", "price_model"], as_index=False)
    prices = by_side.agg(providers=("provider", "nunique"), usd_per_gpu_hour=("usd_per_gpu_hour", "median"))
    places = [*zip(prices.pop("provider_type"), prices.pop("price_model"), strict=True)]
    names = {place: side for side, place in SIDES.items()}
    prices.insert(2, "side", pd.Categorical(map(names.get, places), [*SIDES]))
    reference = prices[[place == REFERENCE for place in places]].set_index(PRODUCT)["usd_per_gpu_hour"]
    found = prices.dropna(subset="side").join(reference.rename("reference_usd"), on=PRODUCT, how="inner")
    found = found.sort_values([*PRODUCT, "side"], ignore_index=True).astype({"side": "str"})
    usd = [*zip(found["usd_per_gpu_hour"], found["reference_usd"], strict=True)]
    rates = [break_even_rate(job, price=price, reference=reference) for price, reference in usd]
    return found.assign(relative=found["usd_per_gpu_hour"] / found["reference_usd"], break_even_per_hour=rates)


def cost_curves(found: pd.DataFrame, job: Job, rates: Sequence[float]) -> pd.DataFrame:
    """Cost relative to a hyperscaler on demand at each rate of interruptions, for rows of `break_even`.

    Returns
    -------
    DataFrame
        gpu_model, form_factor, side, rate (per hour of running), relative_cost (infinite where hopeless).

    Examples
    --------
    >>> row = {"gpu_model": "G", "form_factor": "single", "side": "networks, on demand"}
    >>> found = pd.DataFrame([row | {"usd_per_gpu_hour": 1.0, "reference_usd": 4.0}])
    >>> cost_curves(found, Job(10.0, 10.0), [0.0])["relative_cost"].round(3).tolist()
    [0.25]
    """
    each = found.merge(pd.DataFrame({"rate": rates}, dtype=float), how="cross")
    costs = [
        relative_cost(job, row.rate, price=row.usd_per_gpu_hour, reference=row.reference_usd)
        for row in each.itertuples()
    ]
    return each[[*PRODUCT, "side", "rate"]].assign(relative_cost=costs)


def drawn(found: pd.DataFrame) -> pd.DataFrame:
    """The rows of `break_even` of the GPUs in `DRAWN`, in their order.

    Examples
    --------
    >>> table = pd.DataFrame({"gpu_model": ["T4-16GB", "L4-24GB"], "form_factor": ["single", "single"]})
    >>> drawn(table)["gpu_model"].tolist()
    ['L4-24GB']
    """
    place = pd.MultiIndex.from_tuples(DRAWN).get_indexer(pd.MultiIndex.from_frame(found[PRODUCT]))
    return found.assign(place=place)[place >= 0].sort_values("place", kind="stable").drop(columns="place")


def observed_rates(
    gpu_models: Sequence[str], *, spot_runs: SpotRuns, compute_availability: ComputeAvailability
) -> pd.DataFrame:
    """What `analysis.compute.interruptions.batch.evidence` gives for some GPUs.

    Returns
    -------
    DataFrame
        gpu_model, rate_low, rate_high (interruptions per hour of running), basis; no row where there is no evidence.
    """
    tables = {"spot_runs": spot_runs, "compute_availability": compute_availability}
    known = {model: evidence(model, **tables) for model in gpu_models}
    rows = [(model, one.low, one.high, one.basis) for model, one in known.items() if one is not None]
    return pd.DataFrame(rows, columns=["gpu_model", "rate_low", "rate_high", "basis"])
