"""What is published of every system that the report names in its part on compute: prices, and use."""

import pandas as pd

from analysis.compute.scarcity.paid_use import USE_NAMES, figure
from analysis.engine.words.formats import day, many, number, quantity
from analysis.tables.gpu import GpuPrices, GpuProviders
from analysis.tables.networks import NetworkUse, RenderPrices

NONE = "none is published that we found"
#: Metrics of use that say how much a network is used, by how near they come to paid GPU-hours.
USE_ORDER = ("gpus_leased", "revenue", "revenue_per_year", "fees", "jobs", "leases_new")
#: Kinds of systems in the order in which they are shown.
KINDS = ("network", "hyperscaler", "marketplace", "specialist", "maker")
#: A figure of use from the project or a forum is shown only where there is no other.
LESS = ("self-reported", "forum", "tertiary")


def named_systems(gpu_providers: GpuProviders, gpu_prices: GpuPrices, network_use: NetworkUse) -> pd.DataFrame:
    """A row of evidence for each named system.

    Returns
    -------
    DataFrame, one row a named provider, networks first
        `system`, `kind`, `price_list` (in words), `use` (its latest figure in words, or that none was found),
        `source_id` (of the figure of use; else of the provider).
    """
    rows = [
        {"system": row.title, "kind": row.provider_type}
        | {"price_list": _price_list(gpu_prices[gpu_prices["provider"] == row.provider], row.remark)}
        | _use(network_use[network_use["network"] == row.title], row.source_id)
        for row in gpu_providers[gpu_providers["named"]].itertuples()
    ]
    rows.sort(key=lambda row: (KINDS.index(row["kind"]), row["system"].lower()))
    return pd.DataFrame(rows)


def _price_list(rows: GpuPrices, remark: str) -> str:
    days, models = rows["observed_on"].dropna(), many(rows["gpu_model"].nunique(), "GPU model")
    said = "none per GPU-hour"
    if len(days):
        first, last = (day(end.date()) for end in (days.min(), days.max()))
        when = f"on {first}" if first == last else f"on {many(days.nunique(), 'day')}, {first} to {last}"
        said = f"{many(len(days), 'dated price')}, {models}, {when}"
    elif len(rows):
        said = f"{many(len(rows), 'price')}, {models}, none dated to the day"
    return f"{said} ({remark})" if remark else said


def _use(rows: NetworkUse, source_id: str) -> dict:
    rows = rows[rows["metric"].isin(USE_ORDER)]
    better = rows[~rows["reliability"].isin(LESS)]
    rows = better if len(better) else rows
    if rows.empty:
        return {"use": NONE, "source_id": source_id}
    latest = rows[rows["date_to"] == rows["date_to"].max()]
    row = min(latest.itertuples(), key=lambda row: USE_ORDER.index(row.metric))
    metric = USE_NAMES.get(row.metric, row.metric.replace("_", " "))
    when = f"{day(row.date_from.date())} to {day(row.date_to.date())}"
    return {"use": f"{metric} {figure(row)}, {when} ({row.reliability})", "source_id": row.source_id}


def octane_prices(render_prices: RenderPrices, gpu_prices: GpuPrices) -> pd.DataFrame:
    """What Render's price of work would be per hour of a GPU, if a GPU's score were all that counts.

    Returns
    -------
    DataFrame, one row a GPU with a score and a tier
        `gpu_model`, `tier`, `score`, `eur_per_gpu_hour` (score over the points times hours that a EUR buys),
        `same_scale` (whether score and price state the same version of the benchmark), `with_price` (whether the table
        of prices has that GPU).

    Notes
    -----
    The conversion is shown and not used. What is sold is rendering work, metered in points times hours, not the hour of
    a GPU: the price contains the software and the queue, the score is of ray tracing and says nothing of matrix
    products, no data-centre GPU has a score, the pages on prices are undated and disagree on the tier, and a price in
    EUR or in tokens would need a rate of exchange of that day.

    Examples
    --------
    >>> from analysis.engine.data.tables import load
    >>> found = octane_prices(load("render_prices"), load("gpu_prices")).set_index(["gpu_model", "tier"])
    >>> float(found.loc[("RTX2070-8GB", "tier 2"), "eur_per_gpu_hour"])
    2.0
    """
    scores = render_prices[render_prices["what"] == "score"].rename(columns={"value": "score"})
    offers = render_prices[render_prices["what"] == "points_hours_per_eur"][["tier", "value", "scale"]]
    pairs = scores.drop(columns="tier").merge(offers, how="cross", suffixes=("", "_of_price"))
    found = pairs.assign(
        eur_per_gpu_hour=pairs["score"] / pairs["value"],
        same_scale=(pairs["scale"] == pairs["scale_of_price"]) & (pairs["scale"] != "not stated"),
        with_price=pairs["gpu_model"].isin(gpu_prices["gpu_model"]),
    )
    columns = ["gpu_model", "tier", "score", "eur_per_gpu_hour", "same_scale", "with_price"]
    return found[columns].sort_values(["tier", "score"], ignore_index=True)


def describe_octane(found: pd.DataFrame, gpu_prices: GpuPrices, *, beside: str = "RTX4090-24GB") -> str:
    """Whether the conversion can be used, in words, beside what a consumer GPU rents for elsewhere.

    Parameters
    ----------
    found : DataFrame
        From `octane_prices`.
    beside : str
        GPU whose on-demand price at marketplaces and networks is set beside, in USD.
    """
    if found.empty:
        return "No score and price to convert."
    low, high = found["eur_per_gpu_hour"].min(), found["eur_per_gpu_hour"].max()
    rows = gpu_prices[(gpu_prices["gpu_model"] == beside) & (gpu_prices["price_model"] == "on-demand")]
    rows = rows[rows["provider_type"].isin(["marketplace", "network"])]
    by_provider = rows.groupby("provider")["usd_per_gpu_hour"].median()
    rented = (
        f" A whole {beside} rents for {number(by_provider.median())} USD an hour, the median of "
        f"{many(len(by_provider), 'marketplace or network', 'marketplaces and networks')}."
    )
    return (
        f"By score an hour of one of {many(found['gpu_model'].nunique(), 'GPU')} would cost {number(low)} to "
        f"{quantity(high, 'EUR')}; {number(found['with_price'].sum())} of {many(len(found), 'conversion')} are of a "
        f"GPU in the table of prices, {number(found['same_scale'].sum())} with both figures on one stated version of "
        f"the benchmark.{rented if len(by_provider) else ''}"
    )


def preview_prices(render_prices: RenderPrices) -> pd.DataFrame:
    """Hourly prices of Render's compute preview, per GPU.

    Returns
    -------
    DataFrame
        `tier`, `gpus`, `usd_per_hour`, `usd_per_gpu_hour`, `remark`. The GPU of a tier is not stated, so that none can
        be matched.
    """
    rows = render_prices[render_prices["what"] == "usd_per_hour"].rename(columns={"value": "usd_per_hour"})
    rows = rows.assign(gpus=rows["gpus"].astype(int), usd_per_gpu_hour=rows["usd_per_hour"] / rows["gpus"])
    return rows[["tier", "gpus", "usd_per_hour", "usd_per_gpu_hour", "remark"]].reset_index(drop=True)
