"""Rented GPUs beside their price: how steady they are, how much of the networks is used, published price indices."""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa

from analysis.engine.data import columns as c
from analysis.tables.gpu import ASKING, FORM_FACTORS

#: Who says it: the provider about itself, one that competes with it, or anybody else.
REPORTED_BY = ("provider", "competitor", "others")
#: What was observed of availability, and its unit.
AVAILABILITY_UNITS = {
    "time_available": "share",
    "requests_served": "share",
    "node_reliability": "share",
    "interruptions": "per day",
    "interrupted_in_month": "share",
    "ttft_p99_over_p50": "ratio",
    "run_length_median": "h",
    "downtime": "h per month",
    "startup_mean": "s",
    "startup_p95": "s",
    "scrapes_offered": "share",
    "gpus_offered": "GPUs",
    "reliable_offers": "share",
    "zones_spot_at_list": "share",
    "price_p90_over_p10": "ratio",
    "price_max_over_min": "ratio",
    "price_change_in_day": "share",
    "capacity_short": "yes or no",
}
#: What was observed of the use of a network, and its unit.
USE_UNITS = {
    "revenue": "USD",
    "revenue_per_year": "USD per year",
    "revenue_change": "share",
    "fees": "tokens",
    "jobs": "frames",
    "leases_new": "leases",
    "leases_change": "share",
    "leases_active_change": "share",
    "gpus_leased": "GPUs",
    "gpus_capacity": "GPUs",
    "gpus_verified": "GPUs",
    "utilisation": "share",
    "providers_active": "providers",
    "funding": "USD",
}
#: Metrics of use that may be below zero.
CHANGES = ("revenue_change", "leases_change", "leases_active_change")
#: From the most to the least direct; a digest cites Messari's quarterly reports.
RELIABILITIES = ("digest", "analyst", "secondary", "tertiary", "self-reported", "forum")
RENDER_UNITS = {
    "points_hours_per_eur": "points × hours per EUR",
    "score": "points per GPU",
    "usd_per_hour": "USD per hour",
}


def _in(unit: str) -> list[str]:
    return [metric for metric, its in AVAILABILITY_UNITS.items() if its == unit]


COMPUTE_AVAILABILITY = c.Table(
    name="compute_availability",
    title="Availability and interruption of rented GPUs",
    description="One row an observation: share of time, interruptions, start-up, offers, and statements of short "
    "capacity, of hyperscalers, marketplaces and networks.",
    rules=(
        "Spot traces of AWS: share of requested nodes that were up, losses of capacity per day (of any node where "
        "there are several) and median run at full capacity, as computed from each published trace; the day in a "
        "trace's name is taken as its first.",
        "Bands (a share of instances interrupted in a month) have low and high and no value. A bound on one side, such "
        "as 'under 2', has the natural end on the other.",
        "reported_by: the provider about itself, a competitor, or others. What a provider says of itself is kept and "
        "marked.",
        "capacity_short: 1 where a source says that demand was above capacity, 0 where it says that supply was above "
        "demand. Those rows were found by searching stored public pages for the quarterly calls of AWS and Azure of "
        "2024 and 2025; they speak of AI capacity, power and data centres included, not of one GPU model.",
        "A page that is undated within its year spans the year, to the day of retrieval.",
        "ttft_p99_over_p50: 99th percentile of the time to the first token over its median, from the benchmark of "
        "which gpu_throughput holds all runs; those of the one language model that both GPUs ran at every rate.",
        "Use and utilisation are in network_use.",
    ),
    columns={
        "availability_id": c.text("identifier"),
        "provider": c.text("who rents it out; market for statements about all"),
        "provider_type": c.choice("kind of provider", ASKING),
        "price_model": c.choice("how it is rented", ("on-demand", "spot", "not stated")),
        "gpu_model": c.text("GPU with its memory, or not stated"),
        "form_factor": c.choice("form of the GPU; single where there is one only", FORM_FACTORS),
        "zone": c.text("availability zone; blank where not stated", blank=True),
        "nodes": c.number("machines requested together", "count", c.POSITIVE, blank=True),
        "setting": c.text("what was asked of it, where that matters", blank=True),
        "metric": c.choice("what was observed", AVAILABILITY_UNITS),
        **c.figure(
            AVAILABILITY_UNITS,
            c.within(_in("share"), 0, 1),
            c.within(("capacity_short",), 0, 1),
            c.within(("interruptions",), 0, 1440),
            c.within(("run_length_median", "downtime", "startup_mean", "startup_p95", "gpus_offered"), 0, 1e6),
            c.within(_in("ratio"), 1, 100),
            what="observation",
        ),
        **c.dated("that the date allows"),
        "reported_by": c.choice("who says it", REPORTED_BY),
        **c.REMARKED,
    },
)
ComputeAvailability = Annotated[pd.DataFrame, COMPUTE_AVAILABILITY]


NETWORK_USE = c.Table(
    name="network_use",
    title="Use of decentralised compute networks",
    description="One row a figure: revenue, fees, leases, GPUs leased and on offer, by network and period.",
    rules=(
        "The networks that the report names (Render, Akash, io.net, Ritual), and Aethir and Bittensor for comparison. "
        "Figures that conflict are kept as rows of their own.",
        "revenue is the total of the period; revenue_per_year what a source annualised. fees are in the network's own "
        "token. leases_new counts new leases of every kind, with GPU or without.",
        "derived marks figures that follow from two stated ones, such as a level and a growth rate; the remark tells. "
        "A stated growth rate has its own row (the metrics that end in _change), on the quarter before.",
        "at least: the source gives a lower bound, or the figure is derived from one.",
        "reliability: digest (of Messari's quarterly reports), analyst, secondary, tertiary, self-reported (by the "
        "project or who holds its token), forum. Most figures come through secondary pages.",
        "For Ritual no figure of use was found; its row is what it raised.",
    ),
    columns={
        "use_id": c.text("identifier"),
        "network": c.text("network"),
        "named": c.flag("whether the report names it"),
        **c.dated("of the period", "what kind of period"),
        "metric": c.choice("what was observed", USE_UNITS),
        **c.figure(
            USE_UNITS,
            c.within(("utilisation",), 0, 1),
            c.within(CHANGES, -1, 100),
            c.within([metric for metric in USE_UNITS if metric not in CHANGES], 0, 1e10),
        ),
        "bound": c.choice("whether it is the figure or a lower bound", ("exact", "at least")),
        "reliability": c.choice("kind of source", RELIABILITIES),
        "derived": c.flag("whether it follows from other stated figures"),
        **c.REMARKED,
    },
)
NetworkUse = Annotated[pd.DataFrame, NETWORK_USE]


GPU_PRICE_INDICES = c.Table(
    name="gpu_price_indices",
    title="Published indices of GPU rental prices",
    description="One row a published value of an index, by tier of provider and GPU.",
    rules=(
        "Values as published, at the dates that were seen; tiers by their names or by the compiler's reading of them.",
        "second_hand: read from a scrape or a quotation, not from the publisher.",
        "Most values are later than the report's date.",
    ),
    columns={
        "index_id": c.text("identifier"),
        "index_name": c.text("index"),
        "tier": c.choice("providers that it covers", ("hyperscaler", "specialist", "long tail", "contract", "all")),
        "gpu_model": c.text("GPU, as the index names it"),
        **c.dated("that the date allows", blank=False),
        "usd_per_gpu_hour": c.number(
            "value", "USD per GPU-hour", pa.Check.in_range(0.01, 100, error="0.01 to 100 USD for an hour of one GPU")
        ),
        "second_hand": c.flag("whether it was read from elsewhere than its publisher"),
        **c.SOURCED,
    },
)
GpuPriceIndices = Annotated[pd.DataFrame, GPU_PRICE_INDICES]

RENDER_PRICES = c.Table(
    name="render_prices",
    title="Render's prices, and what they are prices of",
    description="What an EUR buys on Render in OctaneBench points times hours, what GPUs score, and hourly prices of "
    "its compute preview.",
    rules=(
        "usd_per_hour: a tier of the compute preview, second-hand and without its GPU, so no row of gpu_prices.",
        "Both pages on prices are undated. They give the same number for different tiers; both rows are kept.",
        "A credit is sold for one EUR. Scores are of one GPU; those of several cards are divided by their number.",
        "Scores of OctaneBench 4 and 2020 are not the same scale: 2020 uses the ray-tracing cores.",
        "No score of a data-centre GPU (A100, H100) was found.",
    ),
    columns={
        "render_id": c.text("identifier"),
        "what": c.choice("a price or a score", RENDER_UNITS),
        "gpu_model": c.text("GPU with its memory, of a score", blank=True),
        "gpus": c.number("GPUs of an hourly price", "count", c.POSITIVE, blank=True),
        "tier": c.text("tier of service, of a price", blank=True),
        "scale": c.choice("version of the benchmark", ("OctaneBench 4", "OctaneBench 2020", "not stated")),
        "value": c.number("figure, in the unit of the column unit", None, c.POSITIVE, after="low"),
        "low": c.number("least of the submissions", None, c.POSITIVE, blank=True),
        "high": c.number("most of the submissions", None, c.POSITIVE, blank=True, after=("value", "low")),
        "unit": c.choice(
            "unit of value, low and high", RENDER_UNITS.values(), between=c.of_metric(RENDER_UNITS, "what")
        ),
        "submissions": c.number("submissions behind a score", "count", c.POSITIVE, blank=True),
        **c.REMARKED,
    },
)
RenderPrices = Annotated[pd.DataFrame, RENDER_PRICES]
