"""The rate of interruptions at which a discount is gone, for each GPU and each kind of place that rents it out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from analysis.compute.interruptions.batch import evidence
from analysis.compute.interruptions.closed_form import Job, break_even_rate, relative_cost
from analysis.compute.interruptions.offers import WITHIN_DAYS, offers

REFERENCE = ("hyperscaler", "on-demand")
#: Kinds of place, in words -> provider type and kind of price.
SIDES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "networks, on demand": ("network", "on-demand"),
        "marketplaces, on demand": ("marketplace", "on-demand"),
        "specialist clouds, on demand": ("specialist", "on-demand"),
        "hyperscalers, spot": ("hyperscaler", "spot"),
    }
)
PRODUCT = ["gpu_model", "form_factor"]
#: GPUs that a figure shows: rented out by decentralised places and hyperscalers, and interrupted on record.
DRAWN = (("H100-80GB", "SXM"), ("A100-80GB", "SXM"), ("L4-24GB", "single"), ("V100-16GB", "SXM"))
NOT_STATED = "not stated"


def break_even(
    gpu_prices: pd.DataFrame,
    job: Job,
    *,
    on: pd.Timestamp | str | None = None,
    within_days: int = WITHIN_DAYS,
) -> pd.DataFrame:
    """Break-even rates of every GPU and form that a hyperscaler rents out on demand.

    A price is the median over providers, each by its own median at its date nearest to the one asked for; the reference
    is the same of hyperscalers on demand. Places that do not state the form are left out where forms differ.

    Parameters
    ----------
    gpu_prices : DataFrame
        The table of that name.
    job : Job
    on : Timestamp or str, optional
        Day of the prices; default the latest in the table.
    within_days : int

    Returns
    -------
    DataFrame
        gpu_model, form_factor, side (of `SIDES`), providers (how many), usd_per_gpu_hour, reference_usd, relative
        (their ratio), break_even_per_hour (interruptions per hour of running; NaN where there is no discount to lose),
        hours_between (its inverse), adapted_per_hour (the same if checkpoints are made as often as is best).

    Raises
    ------
    ValueError
        If no hyperscaler has a price on demand so near to the date.

    Examples
    --------
    >>> from analysis.engine.data.tables import load
    >>> found = break_even(load("gpu_prices"), Job(24.0, 1.0, 0.05, 0.1))
    >>> bool((found["adapted_per_hour"].dropna() >= found["break_even_per_hour"].dropna() * 0.999).all())
    True
    """
    day = gpu_prices["observed_on"].max() if on is None else pd.Timestamp(on)
    prices = _by_side(gpu_prices, day, within_days)
    adapted = replace(job, checkpoint_every_hours=None)
    rows = []
    for product, found in prices.groupby(PRODUCT):
        own = found.set_index("side")
        if REFERENCE not in own.index:
            continue
        reference = float(own.at[REFERENCE, "usd_per_gpu_hour"])
        for side in [name for name in SIDES if SIDES[name] in own.index]:
            price = float(own.at[SIDES[side], "usd_per_gpu_hour"])
            rate = break_even_rate(job, price=price, reference=reference)
            rows.append(
                {
                    **dict(zip(PRODUCT, product, strict=True)),
                    "side": side,
                    "providers": int(own.at[SIDES[side], "providers"]),
                    "usd_per_gpu_hour": price,
                    "reference_usd": reference,
                    "relative": price / reference,
                    "break_even_per_hour": rate,
                    "hours_between": 1 / rate,
                    "adapted_per_hour": break_even_rate(adapted, price=price, reference=reference),
                }
            )
    return pd.DataFrame(rows)


def _by_side(gpu_prices: pd.DataFrame, day: pd.Timestamp, within_days: int) -> pd.DataFrame:
    """Median price of each GPU, form, provider type and kind of price, over providers."""
    found = []
    dated = gpu_prices[gpu_prices["observed_on"].notna()]
    near = dated[(dated["observed_on"] - day).abs() <= pd.Timedelta(days=within_days)]
    listed = near[(near["provider_type"] == REFERENCE[0]) & (near["price_model"] == REFERENCE[1])]
    if listed.empty:
        raise ValueError(f"no hyperscaler has a price on demand within {within_days} days of {day:%Y-%m-%d}")
    for model in sorted(listed["gpu_model"].unique()):
        found.append(offers(near, model, on=day, within_days=within_days).assign(gpu_model=model))
    every = pd.concat(found)
    stated = every[every["form_factor"] != NOT_STATED]
    stated = stated.assign(side=[*zip(stated["provider_type"], stated["price_model"], strict=True)])
    return stated.groupby([*PRODUCT, "side"], as_index=False).agg(
        usd_per_gpu_hour=("usd_per_gpu_hour", "median"), providers=("provider", "nunique")
    )


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
    rows = [
        {
            **{name: getattr(row, name) for name in [*PRODUCT, "side"]},
            "rate": float(rate),
            "relative_cost": relative_cost(job, float(rate), price=row.usd_per_gpu_hour, reference=row.reference_usd),
        }
        for row in found.itertuples()
        for rate in np.asarray(rates)
    ]
    return pd.DataFrame(rows)


def drawn(found: pd.DataFrame, products: Sequence[tuple[str, str]] = DRAWN) -> pd.DataFrame:
    """The rows of `break_even` of some GPUs, in their order.

    Examples
    --------
    >>> table = pd.DataFrame({"gpu_model": ["T4-16GB", "L4-24GB"], "form_factor": ["single", "single"]})
    >>> drawn(table)["gpu_model"].tolist()
    ['L4-24GB']
    """
    place = {product: at for at, product in enumerate(products)}
    order = pd.Series([place.get(key) for key in zip(*(found[c] for c in PRODUCT), strict=True)], index=found.index)
    return found[order.notna()].assign(order=order).sort_values("order", kind="stable").drop(columns="order")


def observed_rates(
    gpu_models: Sequence[str], *, spot_runs: pd.DataFrame, compute_availability: pd.DataFrame
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
