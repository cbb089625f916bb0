"""Claim C3: latency and availability vary more on decentralised networks than on hyperscalers."""

from typing import Literal, get_args

import numpy as np
import pandas as pd

from analysis.engine.claims import Claim, Evidence, Finding
from analysis.engine.claims.judge import judge
from analysis.engine.words.formats import many, number, share
from analysis.tables.networks import ComputeAvailability

Reference = Literal["on-demand", "spot"]
Measures = Literal["both", "latency", "availability"]

#: Measures of the claim's definition: the sign by which more is steadier, and the part of the claim that they measure.
MEASURES = {
    "ttft_p99_over_p50": (-1, "latency"),
    "time_available": (1, "availability"),
    "interruptions": (-1, "availability"),
}
#: Metrics that bear on steadiness, but that no row can compare by the definition, and why.
OTHER = {
    "requests_served": "a share of requests, not of time",
    "interrupted_in_month": "a band for a month, spot only",
    "run_length_median": "no measure of the definition",
    "downtime": "no measure of the definition",
    "startup_mean": "no measure of the definition",
    "startup_p95": "no measure of the definition",
    "node_reliability": "of single machines, not of capacity",
    "scrapes_offered": "an offer that is gone is mostly rented",
    "gpus_offered": "offers, not capacity that was asked for",
    "reliable_offers": "a label of the tracker",
}
#: Names of the hyperscalers that the report names.
TITLES = {"aws": "AWS", "azure": "Azure", "gcp": "Google Cloud"}
NETWORKS: tuple[str, ...] = ("network",)
WITH_MARKETPLACES: tuple[str, ...] = ("network", "marketplace")
NOT_STATED = "not stated"
#: The definition and its alternatives: decentralised types, kind of hyperscaler service, measures.
READINGS: dict[str, tuple[tuple[str, ...], Reference, Measures]] = {
    "the definition": (NETWORKS, "on-demand", "both"),
    "against hyperscaler spot instead of on demand": (NETWORKS, "spot", "both"),
    "latency alone": (NETWORKS, "on-demand", "latency"),
    "availability alone": (NETWORKS, "on-demand", "availability"),
    "decentralised networks together with peer-to-peer marketplaces": (WITH_MARKETPLACES, "on-demand", "both"),
}
METRIC_NAMES = {
    "ttft_p99_over_p50": "99th percentile over median of time to first token",
    "time_available": "share of requested time with capacity",
    "interruptions": "interruptions a day",
    "requests_served": "share of requests served",
    "interrupted_in_month": "share interrupted in a month",
    "run_length_median": "median run, hours",
    "downtime": "hours down a month",
    "startup_mean": "mean start-up, s",
    "startup_p95": "95th percentile of start-up, s",
    "node_reliability": "reliability of a node",
    "scrapes_offered": "share of looks in which a machine was offered",
    "gpus_offered": "GPUs on offer",
    "reliable_offers": "share of offers called reliable",
}


def grouped(compute_availability: pd.DataFrame) -> pd.DataFrame:
    """Observations by provider, GPU, service, measure and setting, each group once.

    Parameters
    ----------
    compute_availability : DataFrame
        The table of that name.

    Returns
    -------
    DataFrame
        `provider`, `provider_type`, `price_model`, `gpu_model`, `form_factor`, `setting`, `metric`, `source_id`;
        `low`, `high` (medians over the group's observations of the ends of what each allows, in the unit of the
        metric), `least`, `most` (over the observations), `n`, `vendor` (whether anybody with an interest reported it),
        `last` (last day, where known to the
        month).
    """
    keys = ["provider", "provider_type", "price_model", "gpu_model", "form_factor", "setting", "metric", "source_id"]
    rows = compute_availability[compute_availability["metric"].isin([*MEASURES, *OTHER])]
    rows = rows.assign(
        low=rows["low"].fillna(rows["value"]),
        high=rows["high"].fillna(rows["value"]),
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


def comparisons(
    compute_availability: pd.DataFrame,
    *,
    decentralised: tuple[str, ...] = NETWORKS,
    reference: Reference = "on-demand",
    measures: Measures = "both",
) -> pd.DataFrame:
    """Pairs of a decentralised provider and a hyperscaler with the same GPU model, measure and setting.

    Parameters
    ----------
    compute_availability : DataFrame
        The table of that name.
    decentralised : tuple of str
        Types of provider on the decentralised side.
    reference : {"on-demand", "spot"}
        The hyperscaler's service.
    measures : {"both", "latency", "availability"}

    Returns
    -------
    DataFrame
        The columns of `grouped` with the endings ``_decentralised`` and ``_hyperscaler`` (but for `gpu_model`,
        `setting` and `metric`), and `bearing`: supports where the decentralised side is certainly less steady, that is
        where the ends of both ranges are apart, contradicts where it is certainly steadier, else neutral.

    Raises
    ------
    ValueError
        If the reference or the measures are unknown.

    Notes
    -----
    A GPU model has several forms. Two rows are of the same model unless both state a form and the forms differ. The
    tail of a latency depends on the load, so that two of them are compared only at the same setting.
    """
    _known("reference", reference, Reference)
    _known("measures", measures, Measures)
    groups = grouped(compute_availability)
    wanted = [name for name, (_, part) in MEASURES.items() if measures in ("both", part)]
    groups = groups[groups["metric"].isin(wanted) & (groups["gpu_model"] != NOT_STATED)]
    ours = groups[groups["provider_type"].isin(decentralised)]
    theirs = groups[(groups["provider_type"] == "hyperscaler") & (groups["price_model"] == reference)]
    pairs = ours.merge(theirs, on=["gpu_model", "setting", "metric"], suffixes=("_decentralised", "_hyperscaler"))
    forms = pairs[["form_factor_decentralised", "form_factor_hyperscaler"]]
    same = (forms.iloc[:, 0] == forms.iloc[:, 1]) | (forms == NOT_STATED).any(axis=1)
    pairs = pairs[same].reset_index(drop=True)
    sign = pairs["metric"].map({name: sign for name, (sign, _) in MEASURES.items()})
    ends = {s: sign * pairs[[f"low_{s}", f"high_{s}"]].T for s in ("decentralised", "hyperscaler")}
    worse = ends["decentralised"].max() < ends["hyperscaler"].min()
    better = ends["decentralised"].min() > ends["hyperscaler"].max()
    return pairs.assign(bearing=np.select([worse, better], ["supports", "contradicts"], "neutral"))


def _known(name: str, value: str, options: object) -> None:
    allowed = get_args(options)
    if value not in allowed:
        raise ValueError(f"unknown {name} {value!r}; the options are {', '.join(allowed)}")


def evidence(
    compute_availability: pd.DataFrame,
    *,
    decentralised: tuple[str, ...] = NETWORKS,
    reference: Reference = "on-demand",
    measures: Measures = "both",
) -> tuple[Evidence, ...]:
    """Every observation on C3 with its bearing by the claim's definition.

    Parameters
    ----------
    compute_availability, decentralised, reference, measures
        As in `comparisons`.

    Returns
    -------
    tuple of Evidence
        First one row a pair of `comparisons`, then one row for each provider, service, measure and source that is in no
        pair, all neutral: it is about one side only, or about something that the definition does not compare.

    Notes
    -----
    `vendor` marks what a provider says of itself and what a competitor says of it.
    """
    pairs = comparisons(compute_availability, decentralised=decentralised, reference=reference, measures=measures)
    parts = {name: part for name, (_, part) in MEASURES.items()} | dict.fromkeys(OTHER, "availability")
    groups = grouped(compute_availability)
    groups = groups[(measures == "both") | (groups["metric"].map(parts) == measures)]
    return (*map(_pair, pairs.to_dict("records")), *_one_sided(groups, pairs))


def _pair(row: dict) -> Evidence:
    sides = [
        f"{_title(row[f'provider_{side}'])} {_range(row[f'low_{side}'], row[f'high_{side}'], row['metric'])}"
        for side in ("decentralised", "hyperscaler")
    ]
    setting = f" ({row['setting']})" if row["setting"] else ""
    last = max(row["last_decentralised"], row["last_hyperscaler"])
    return Evidence(
        statement=f"{row['gpu_model']}{setting}, {METRIC_NAMES[row['metric']]}: {' against '.join(sides)}",
        bearing=row["bearing"],
        source_id=row["source_id_decentralised"],
        observed_on=None if pd.isna(last) else last.date(),
        vendor=bool(row["vendor_decentralised"] or row["vendor_hyperscaler"]),
    )


def _title(provider: str) -> str:
    return TITLES.get(provider, provider)


def _range(low: float, high: float, metric: str) -> str:
    if metric == "time_available":
        return share(low) if low == high else f"{share(low)} to {share(high)}"
    return number(low) if low == high else f"{number(low)} to {number(high)}"


def _one_sided(groups: pd.DataFrame, pairs: pd.DataFrame) -> list[Evidence]:
    keys = ["provider", "gpu_model", "setting", "metric", "source_id"]
    paired = pd.concat(
        [
            pairs[[f"provider_{side}", "gpu_model", "setting", "metric", f"source_id_{side}"]].set_axis(keys, axis=1)
            for side in ("decentralised", "hyperscaler")
        ]
    ).drop_duplicates()
    left = groups.merge(paired, how="left", on=keys, indicator=True)
    left = left[left["_merge"] == "left_only"]
    rows = []
    for (provider, service, metric, source), some in left.groupby(
        ["provider", "price_model", "metric", "source_id"], sort=False
    ):
        gpus = sorted(set(some["gpu_model"]) - {NOT_STATED})
        on = "" if service == NOT_STATED else f", {service}"
        which = ", ".join(gpus) if gpus else "no GPU model stated"
        least, most = some["least"].min(), some["most"].max()
        span = number(least) if least == most else f"{number(least)} to {number(most)}"
        why = OTHER.get(metric, "nothing of the same GPU model on the other side")
        last = some["last"].max()
        rows.append(
            Evidence(
                statement=f"{_title(provider)}{on} ({which}): {METRIC_NAMES[metric]} {span} in "
                f"{many(int(some['n'].sum()), 'observation')}; {why}",
                bearing="neutral",
                source_id=source,
                observed_on=None if pd.isna(last) else last.date(),
                vendor=bool(some["vendor"].any()),
            )
        )
    return rows


def alternatives(claim: Claim, compute_availability: pd.DataFrame) -> pd.DataFrame:
    """The verdict under the definition and under each alternative, by the rows of evidence alone.

    Parameters
    ----------
    claim : Claim
        C3.
    compute_availability : DataFrame
        The table of that name.

    Returns
    -------
    DataFrame, one row a reading
        `reading`, `verdict`, counts of rows `supports`, `contradicts`, `neutral`, and `vendor` (of all rows).
    """
    rows = []
    for reading, (decentralised, reference, measures) in READINGS.items():
        found = evidence(compute_availability, decentralised=decentralised, reference=reference, measures=measures)
        bearings = [row.bearing for row in found]
        verdict = judge(claim, Finding(level=1, basis="secondary", evidence=found), today=claim.as_of).primary
        counts = {bearing: bearings.count(bearing) for bearing in ("supports", "contradicts", "neutral")}
        rows.append({"reading": reading, "verdict": verdict, **counts, "vendor": sum(row.vendor for row in found)})
    return pd.DataFrame(rows)


def coverage(compute_availability: pd.DataFrame) -> pd.DataFrame:
    """Which cells of the comparison are filled: for each measure and GPU model, how many observations on each side.

    Parameters
    ----------
    compute_availability : DataFrame
        The table of that name.

    Returns
    -------
    DataFrame
        `metric`, `gpu_model`, then counts of observations: `network`, `marketplace`, `hyperscaler_on_demand`,
        `hyperscaler_spot`.
    """
    rows = compute_availability[compute_availability["metric"].isin(MEASURES)]
    side = rows["provider_type"].where(
        rows["provider_type"] != "hyperscaler", "hyperscaler_" + rows["price_model"].str.replace("-", "_")
    )
    sides = ["network", "marketplace", "hyperscaler_on_demand", "hyperscaler_spot"]
    counts = pd.crosstab([rows["metric"], rows["gpu_model"]], side).reindex(columns=sides, fill_value=0)
    counts.columns.name = None
    return counts.reindex(list(MEASURES), level="metric").reset_index()


def shown(compute_availability: pd.DataFrame) -> pd.DataFrame:
    """What is known of availability and of tails of latency, in rows to draw.

    Parameters
    ----------
    compute_availability : DataFrame
        The table of that name.

    Returns
    -------
    DataFrame, one row an observation
        `measure` (capacity or latency), `side` (network or hyperscaler), `row` (provider, service, GPU and what was
        counted), `gpu_model`, `low`, `high` (share or ratio), `own` (whether the provider says it of itself),
        `source_id`.
    """
    metrics = {"time_available": "capacity", "requests_served": "capacity", "ttft_p99_over_p50": "latency"}
    rows = compute_availability[compute_availability["metric"].isin(metrics)]
    rows = rows[rows["provider_type"].isin([*NETWORKS, "hyperscaler"])]
    service = (", " + rows["price_model"]).where(rows["price_model"] == "spot", "")
    # shares of requests are given for many GPUs, one a GPU, and make one row
    of_gpu = rows["metric"].isin(["time_available", "ttft_p99_over_p50"]) & (rows["gpu_model"] != NOT_STATED)
    gpu = (", " + rows["gpu_model"].str.partition("-")[0]).where(of_gpu, "")
    counted = rows["metric"].map({"requests_served": ", requests"}).fillna("")
    return pd.DataFrame(
        {
            "measure": rows["metric"].map(metrics),
            "side": rows["provider_type"],
            "row": rows["provider"].replace(TITLES) + service + gpu + counted,
            "gpu_model": rows["gpu_model"],
            "low": rows["low"].fillna(rows["value"]),
            "high": rows["high"].fillna(rows["value"]),
            "own": rows["reported_by"] == "provider",
            "source_id": rows["source_id"],
        }
    ).reset_index(drop=True)


def assess_c3(claim: Claim, *, compute_availability: ComputeAvailability) -> Finding:
    """Rows that compare a decentralised network with a hyperscaler on the same GPU model; all others are neutral.

    Parameters
    ----------
    claim : Claim
        C3, for its date.

    Returns
    -------
    Finding
        Evidence rows and no number. Nothing can be said, "missing", without any row.
    """
    rows = evidence(compute_availability)
    if not rows:
        return Finding(level=1, basis="secondary", missing="missing")
    bear = [row for row in rows if row.bearing != "neutral"]
    dated = [row.observed_on for row in (bear or rows) if row.observed_on]
    nearest = min(dated, key=lambda on: abs((on - claim.as_of).days), default=None)
    return Finding(level=1, basis="secondary", evidence=rows, observed_on=nearest, nearest_true=_would_settle(bear))


def _would_settle(bear: list[Evidence]) -> str:
    if bear and all(row.bearing == "supports" for row in bear):
        return "it holds as it is"
    needed = (
        "for one GPU model, the 99th percentile over the median of a latency at the same load, the share of requested "
        "time with capacity, or interruptions a day, both on a decentralised network and on demand at a hyperscaler"
    )
    if not bear:
        return f"a pair that the data do not have: {needed}, the network being the less steady"
    return f"no pair in which the network is the steadier: {needed}"
