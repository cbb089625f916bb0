"""Claim C3: latency and availability vary more on decentralised networks than on hyperscalers."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.engine.claims import Claim, Evidence, Finding
from analysis.engine.multiverse import HOLDS, alternatives_of, meanings, primary_of, tallied
from analysis.engine.words.formats import many, number, share
from analysis.tables.networks import ComputeAvailability

LATENCY, AVAILABILITY = "latency", "availability"


class Measure(NamedTuple):
    """A measure of the claim's definition: its name, the sign by which more is steadier, what it is a measure of."""

    name: str
    sign: int
    part: str


MEASURES = {
    "ttft_p99_over_p50": Measure("99th percentile over median of time to first token", -1, LATENCY),
    "time_available": Measure("share of requested time with capacity", 1, AVAILABILITY),
    "interruptions": Measure("interruptions a day", -1, AVAILABILITY),
}
#: Metrics of availability that no row can compare by the definition: their names, and why.
OTHER = {
    "requests_served": ("share of requests served", "a share of requests, not of time"),
    "interrupted_in_month": ("share interrupted in a month", "a band for a month, spot only"),
    "run_length_median": ("median run, hours", "no measure of the definition"),
    "downtime": ("hours down a month", "no measure of the definition"),
    "startup_mean": ("mean start-up, s", "no measure of the definition"),
    "startup_p95": ("95th percentile of start-up, s", "no measure of the definition"),
    "node_reliability": ("reliability of a node", "of single machines, not of capacity"),
    "scrapes_offered": ("share of looks in which a machine was offered", "an offer that is gone is mostly rented"),
    "gpus_offered": ("GPUs on offer", "offers, not capacity that was asked for"),
    "reliable_offers": ("share of offers called reliable", "a label of the tracker"),
}
NAMES = {metric: name for metric, (name, *_) in (MEASURES | OTHER).items()}
PARTS = {metric: measure.part for metric, measure in MEASURES.items()} | dict.fromkeys(OTHER, AVAILABILITY)
#: Names of the hyperscalers that the report names.
TITLES = {"aws": "AWS", "azure": "Azure", "gcp": "Google Cloud"}
NOT_STATED = "not stated"
#: What the options of C3's factors mean: the hyperscaler's service, parts of the claim, types of provider.
KNOWN = {
    "reference": {"on-demand": "on-demand", "spot": "spot"},
    "measures": {"both": (LATENCY, AVAILABILITY), "latency": (LATENCY,), "availability": (AVAILABILITY,)},
    "networks": {"networks": ("network",), "with marketplaces": ("network", "marketplace")},
}
#: The two sides of a pair.
SIDES = ("decentralised", "hyperscaler")


def with_ends(rows: pd.DataFrame) -> pd.DataFrame:
    """Observations whose `low` and `high` are the ends of what they allow: those of a range, else the value twice."""
    return rows.assign(low=rows["low"].fillna(rows["value"]), high=rows["high"].fillna(rows["value"]))


def grouped(compute_availability: ComputeAvailability) -> pd.DataFrame:
    """Observations by provider, GPU, service, measure and setting, each group once.

    Returns
    -------
    DataFrame
        `provider`, `provider_type`, `price_model`, `gpu_model`, `form_factor`, `setting`, `metric`, `source_id`;
        `low`, `high` (medians over the group's observations of the ends of what each allows, in the unit of the
        metric), `least`, `most` (over the observations), `n`, `vendor` (whether anybody with an interest reported it),
        `last` (last day, where known to the month).
    """
    keys = ["provider", "provider_type", "price_model", "gpu_model", "form_factor", "setting", "metric", "source_id"]
    rows = with_ends(compute_availability[compute_availability["metric"].isin(NAMES)])
    rows = rows.assign(
        vendor=rows["reported_by"] != "others",
        # the last day of a year is no day of an observation
        last=rows["date_to"].where(rows["date_precision"].isin(["day", "span", "month"])),
    )
    found = rows.groupby(keys, sort=False).agg(
        low=("low", "median"),
        high=("high", "median"),
        least=("low", "min"),
        most=("high", "max"),
        n=("metric", "size"),
        vendor=("vendor", "any"),
        last=("last", "max"),
    )
    return found.reset_index()


def comparisons(claim: Claim, compute_availability: ComputeAvailability, **changes: str) -> pd.DataFrame:
    """Pairs of a decentralised provider and a hyperscaler with the same GPU model, measure and setting.

    Returns
    -------
    DataFrame
        The columns of `grouped` with the endings ``_decentralised`` and ``_hyperscaler`` (but for `gpu_model`,
        `setting` and `metric`), and `bearing`: supports where the decentralised side is certainly less steady, that is
        where the ends of both ranges are apart, contradicts where it is certainly steadier, else neutral.

    Notes
    -----
    By C3's definition, or other options of its factors. A GPU model has several forms. Two rows are of the same model
    unless both state a form and the forms differ. The tail of a latency depends on the load, so that two of them are
    compared only at the same setting.
    """
    chosen = meanings(claim, primary_of(claim) | changes, KNOWN)
    groups = grouped(compute_availability)
    wanted = [metric for metric, measure in MEASURES.items() if measure.part in chosen["measures"]]
    groups = groups[groups["metric"].isin(wanted) & (groups["gpu_model"] != NOT_STATED)]
    ours = groups[groups["provider_type"].isin(chosen["networks"])]
    theirs = groups[(groups["provider_type"] == "hyperscaler") & (groups["price_model"] == chosen["reference"])]
    pairs = ours.merge(theirs, on=["gpu_model", "setting", "metric"], suffixes=[f"_{side}" for side in SIDES])
    forms = pairs[[f"form_factor_{side}" for side in SIDES]]
    same = (forms.iloc[:, 0] == forms.iloc[:, 1]) | (forms == NOT_STATED).any(axis=1)
    pairs = pairs[same].reset_index(drop=True)
    sign = pairs["metric"].map({metric: measure.sign for metric, measure in MEASURES.items()})
    ours, theirs = (sign * pairs[[f"low_{side}", f"high_{side}"]].T for side in SIDES)
    worse, better = ours.max() < theirs.min(), ours.min() > theirs.max()
    return pairs.assign(bearing=np.select([worse, better], ["supports", "contradicts"], "neutral"))


def evidence(claim: Claim, compute_availability: ComputeAvailability, **changes: str) -> tuple[Evidence, ...]:
    """Every observation on C3 with its bearing by the claim's definition or other options.

    First one row a pair of `comparisons`, then one row for each provider, service, measure and source that is in no
    pair, all neutral: it is about one side only, or about something that the definition does not compare. `vendor`
    marks what a provider says of itself and what a competitor says of it.
    """
    pairs = comparisons(claim, compute_availability, **changes)
    parts = meanings(claim, primary_of(claim) | changes, KNOWN)["measures"]
    groups = grouped(compute_availability)
    alone = _without(groups[groups["metric"].map(PARTS).isin(parts)], pairs)
    by = ["provider", "price_model", "metric", "source_id"]
    return (*map(_pair, pairs.to_dict("records")), *(_one_sided(*key, of) for key, of in alone.groupby(by, sort=False)))


def _pair(row: dict) -> Evidence:
    write = share if row["metric"] == "time_available" else number
    spans = {side: between(row[f"low_{side}"], row[f"high_{side}"], write) for side in SIDES}
    sides = [f"{_title(row[f'provider_{side}'])} {span}" for side, span in spans.items()]
    setting = f" ({row['setting']})" if row["setting"] else ""
    said = f"{row['gpu_model']}{setting}, {NAMES[row['metric']]}: {' against '.join(sides)}"
    last = _date(max(row[f"last_{side}"] for side in SIDES))
    own = any(row[f"vendor_{side}"] for side in SIDES)
    return Evidence(said, row["bearing"], row["source_id_decentralised"], last, vendor=own)


def _title(provider: str) -> str:
    return TITLES.get(provider, provider)


def between(low: float, high: float, write: Callable[[float], str] = share) -> str:
    """What a range allows, one number where its ends are the same."""
    return write(low) if low == high else f"{write(low)} to {write(high)}"


def _date(last: pd.Timestamp) -> date | None:
    return None if pd.isna(last) else last.date()


def _without(groups: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Groups that are on neither side of a pair."""
    same = ["gpu_model", "setting", "metric"]
    keys = ["provider", "source_id", *same]
    sides = [pairs[[f"provider_{side}", f"source_id_{side}", *same]].set_axis(keys, axis=1) for side in SIDES]
    return groups[~groups.set_index(keys).index.isin(pd.concat(sides).set_index(keys).index)]


def _one_sided(provider: str, service: str, metric: str, source: str, some: pd.DataFrame) -> Evidence:
    gpus = ", ".join(sorted(set(some["gpu_model"]) - {NOT_STATED})) or "no GPU model stated"
    on = "" if service == NOT_STATED else f", {service}"
    span = between(some["least"].min(), some["most"].max(), number)
    _, why = OTHER.get(metric, ("", "nothing of the same GPU model on the other side"))
    seen = f"{NAMES[metric]} {span} in {many(int(some['n'].sum()), 'observation')}"
    said, last = f"{_title(provider)}{on} ({gpus}): {seen}; {why}", _date(some["last"].max())
    return Evidence(said, "neutral", source, last, vendor=bool(some["vendor"].any()))


def alternatives(claim: Claim, compute_availability: ComputeAvailability) -> pd.DataFrame:
    """What the rows of evidence alone say under the definition and each alternative, as `tallied` gives it."""
    return tallied(claim, alternatives_of(claim), partial(evidence, claim, compute_availability))


def coverage(compute_availability: ComputeAvailability) -> pd.DataFrame:
    """Which cells of the comparison are filled: for each measure and GPU model, how many observations on each side.

    Returns
    -------
    DataFrame
        `metric`, `gpu_model`, then counts of observations: `network`, `hyperscaler_on_demand`.
    """
    rows = compute_availability[compute_availability["metric"].isin(MEASURES)]
    on_demand = (rows["provider_type"] == "hyperscaler") & (rows["price_model"] == "on-demand")
    side = rows["provider_type"].mask(on_demand, "hyperscaler_on_demand")
    counts = pd.crosstab([rows["metric"], rows["gpu_model"]], side).rename_axis(columns=None)
    counts = counts.reindex(columns=["network", "hyperscaler_on_demand"], fill_value=0)
    return counts.reindex(list(MEASURES), level="metric").reset_index()


def shown(compute_availability: ComputeAvailability) -> pd.DataFrame:
    """What is known of availability and of tails of latency, in rows to draw.

    Returns
    -------
    DataFrame, one row an observation
        `measure` (capacity or latency), `side` (network or hyperscaler), `row` (provider, service, GPU and what was
        counted), `gpu_model`, `low`, `high` (share or ratio), `own` (whether the provider says it of itself),
        `source_id`.
    """
    metrics = {"time_available": "capacity", "requests_served": "capacity", "ttft_p99_over_p50": "latency"}
    rows = with_ends(compute_availability[compute_availability["metric"].isin(metrics)])
    rows = rows[rows["provider_type"].isin(["network", "hyperscaler"])]
    service = (", " + rows["price_model"]).where(rows["price_model"] == "spot", "")
    # shares of requests are given for many GPUs, one a GPU, and make one row
    of_gpu = rows["metric"].isin(MEASURES) & (rows["gpu_model"] != NOT_STATED)
    gpu = (", " + rows["gpu_model"].str.partition("-")[0]).where(of_gpu, "")
    counted = rows["metric"].map({"requests_served": ", requests"}).fillna("")
    named = rows.assign(
        measure=rows["metric"].map(metrics),
        side=rows["provider_type"],
        row=rows["provider"].replace(TITLES) + service + gpu + counted,
        own=rows["reported_by"] == "provider",
    )
    return named[["measure", "side", "row", "gpu_model", "low", "high", "own", "source_id"]].reset_index(drop=True)


def assess_c3(claim: Claim, *, compute_availability: ComputeAvailability) -> Finding:
    """Rows that compare a decentralised network with a hyperscaler on the same GPU model; all others are neutral.

    Returns
    -------
    Finding
        Evidence rows and no number. Nothing can be said, "missing", without any row.
    """
    rows = evidence(claim, compute_availability)
    if not rows:
        return Finding(level=1, basis="secondary", missing="missing")
    bear = [row for row in rows if row.bearing != "neutral"]
    dated = [row.observed_on for row in (bear or rows) if row.observed_on]
    nearest = min(dated, key=lambda on: abs((on - claim.as_of).days), default=None)
    return Finding(level=1, basis="secondary", evidence=rows, observed_on=nearest, nearest_true=_would_settle(bear))


def _would_settle(bear: list[Evidence]) -> str:
    if bear and all(row.bearing == "supports" for row in bear):
        return HOLDS
    needed = (
        "for one GPU model, the 99th percentile over the median of a latency at the same load, the share of requested "
        "time with capacity, or interruptions a day, both on a decentralised network and on demand at a hyperscaler"
    )
    if not bear:
        return f"a pair that the data do not have: {needed}, the network being the less steady"
    return f"no pair in which the network is the steadier: {needed}"
