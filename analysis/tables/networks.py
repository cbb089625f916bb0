"""Rented GPUs beside their price: how steady they are, how much of the networks is used, published price indices."""

from collections.abc import Sequence
from typing import Annotated

import pandas as pd
import pandera.pandas as pa

from analysis.engine.data.columns import (
    DATE,
    DATED,
    FILLED,
    FLAG,
    NUMBER,
    POSITIVE,
    SAID,
    SPANS,
    TEXT,
    Table,
    choice,
    column,
    in_order,
    of_metric,
    ordered,
    within,
)
from analysis.tables.gpu import ASKING, FORM_FACTORS

PRICE_MODELS = ("on-demand", "spot", "not stated")
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
BOUNDS = ("exact", "at least")
#: From the most to the least direct; a digest cites Messari's quarterly reports.
RELIABILITIES = ("digest", "analyst", "secondary", "tertiary", "self-reported", "forum")
TIERS = ("hyperscaler", "specialist", "long tail", "contract", "all")
RENDER_UNITS = {
    "points_hours_per_eur": "points × hours per EUR",
    "score": "points per GPU",
    "usd_per_hour": "USD per hour",
}
OCTANE_SCALES = ("OctaneBench 4", "OctaneBench 2020", "not stated")


def _shares(units: dict[str, str], *, but: Sequence[str] = ()) -> list[str]:
    return [metric for metric, unit in units.items() if unit == "share" and metric not in but]


COMPUTE_AVAILABILITY = Table(
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
    schema=pa.DataFrameSchema(
        {
            "availability_id": column(TEXT, "identifier", FILLED),
            "provider": column(TEXT, "who rents it out; market for statements about all", FILLED),
            "provider_type": column(TEXT, "kind of provider", choice(ASKING)),
            "price_model": column(TEXT, "how it is rented", choice(PRICE_MODELS)),
            "gpu_model": column(TEXT, "GPU with its memory, or not stated", FILLED),
            "form_factor": column(TEXT, "form of the GPU; single where there is one only", choice(FORM_FACTORS)),
            "zone": column(TEXT, "availability zone; blank where not stated"),
            "nodes": column(NUMBER, "machines requested together", POSITIVE, unit="count", nullable=True),
            "setting": column(TEXT, "what was asked of it, where that matters"),
            "metric": column(TEXT, "what was observed", choice(tuple(AVAILABILITY_UNITS))),
            "value": column(NUMBER, "observation, in the unit of the column unit", nullable=True),
            "low": column(NUMBER, "lower end where a range is stated", nullable=True),
            "high": column(NUMBER, "upper end where a range is stated", nullable=True),
            "unit": column(
                TEXT, "unit of value, low and high", choice(tuple(dict.fromkeys(AVAILABILITY_UNITS.values())))
            ),
            "date_from": column(DATE, "first day that the date allows", nullable=True),
            "date_to": column(DATE, "last day that the date allows", nullable=True),
            "date_precision": column(TEXT, "how far the date is known", choice(SPANS)),
            "reported_by": column(TEXT, "who says it", choice(REPORTED_BY)),
            "remark": column(TEXT, "what to know before using it"),
            "source_id": column(TEXT, "source", FILLED),
        },
        checks=[
            DATED,
            SAID,
            of_metric(AVAILABILITY_UNITS),
            within(_shares(AVAILABILITY_UNITS), 0, 1, "shares"),
            within(("capacity_short",), 0, 1, "yes_or_no"),
            within(("interruptions",), 0, 1440, "interruptions_per_day"),
            within(("run_length_median", "downtime", "startup_mean", "startup_p95", "gpus_offered"), 0, 1e6, "amounts"),
            within([metric for metric, unit in AVAILABILITY_UNITS.items() if unit == "ratio"], 1, 100, "ratios"),
            in_order("date_from", "date_to"),
            *ordered(),
        ],
        unique=["availability_id"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
)
ComputeAvailability = Annotated[pd.DataFrame, COMPUTE_AVAILABILITY]

NETWORK_USE = Table(
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
    schema=pa.DataFrameSchema(
        {
            "use_id": column(TEXT, "identifier", FILLED),
            "network": column(TEXT, "network", FILLED),
            "named": column(FLAG, "whether the report names it"),
            "date_from": column(DATE, "first day of the period", nullable=True),
            "date_to": column(DATE, "last day of the period", nullable=True),
            "date_precision": column(TEXT, "what kind of period", choice(SPANS)),
            "metric": column(TEXT, "what was observed", choice(tuple(USE_UNITS))),
            "value": column(NUMBER, "figure, in the unit of the column unit", nullable=True),
            "low": column(NUMBER, "lower end where a range is stated", nullable=True),
            "high": column(NUMBER, "upper end where a range is stated", nullable=True),
            "unit": column(TEXT, "unit of value, low and high", choice(tuple(dict.fromkeys(USE_UNITS.values())))),
            "bound": column(TEXT, "whether it is the figure or a lower bound", choice(BOUNDS)),
            "reliability": column(TEXT, "kind of source", choice(RELIABILITIES)),
            "derived": column(FLAG, "whether it follows from other stated figures"),
            "remark": column(TEXT, "what to know before using it"),
            "source_id": column(TEXT, "source", FILLED),
        },
        checks=[
            DATED,
            SAID,
            of_metric(USE_UNITS),
            within(("utilisation",), 0, 1, "shares"),
            within(CHANGES, -1, 100, "changes"),
            within([metric for metric in USE_UNITS if metric not in CHANGES], 0, 1e10, "amounts"),
            in_order("date_from", "date_to"),
            *ordered(),
        ],
        unique=["use_id"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
)
NetworkUse = Annotated[pd.DataFrame, NETWORK_USE]

GPU_PRICE_INDICES = Table(
    name="gpu_price_indices",
    title="Published indices of GPU rental prices",
    description="One row a published value of an index, by tier of provider and GPU.",
    rules=(
        "Values as published, at the dates that were seen; tiers by their names or by the compiler's reading of them.",
        "second_hand: read from a scrape or a quotation, not from the publisher.",
        "Most values are later than the report's date.",
    ),
    schema=pa.DataFrameSchema(
        {
            "index_id": column(TEXT, "identifier", FILLED),
            "index_name": column(TEXT, "index", FILLED),
            "tier": column(TEXT, "providers that it covers", choice(TIERS)),
            "gpu_model": column(TEXT, "GPU, as the index names it", FILLED),
            "date_from": column(DATE, "first day that the date allows"),
            "date_to": column(DATE, "last day that the date allows"),
            "date_precision": column(TEXT, "how far the date is known", choice(SPANS)),
            "usd_per_gpu_hour": column(
                NUMBER,
                "value",
                pa.Check.in_range(0.01, 100, error="0.01 to 100 USD for an hour of one GPU"),
                unit="USD per GPU-hour",
            ),
            "second_hand": column(FLAG, "whether it was read from elsewhere than its publisher"),
            "source_id": column(TEXT, "source", FILLED),
        },
        checks=[DATED, in_order("date_from", "date_to")],
        unique=["index_id"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
)
GpuPriceIndices = Annotated[pd.DataFrame, GPU_PRICE_INDICES]

RENDER_PRICES = Table(
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
    schema=pa.DataFrameSchema(
        {
            "render_id": column(TEXT, "identifier", FILLED),
            "what": column(TEXT, "a price or a score", choice(tuple(RENDER_UNITS))),
            "gpu_model": column(TEXT, "GPU with its memory, of a score"),
            "gpus": column(NUMBER, "GPUs of an hourly price", POSITIVE, unit="count", nullable=True),
            "tier": column(TEXT, "tier of service, of a price"),
            "scale": column(TEXT, "version of the benchmark", choice(OCTANE_SCALES)),
            "value": column(NUMBER, "figure, in the unit of the column unit", POSITIVE),
            "low": column(NUMBER, "least of the submissions", POSITIVE, nullable=True),
            "high": column(NUMBER, "most of the submissions", POSITIVE, nullable=True),
            "unit": column(TEXT, "unit of value, low and high", choice(tuple(RENDER_UNITS.values()))),
            "submissions": column(NUMBER, "submissions behind a score", POSITIVE, unit="count", nullable=True),
            "remark": column(TEXT, "what to know before using it"),
            "source_id": column(TEXT, "source", FILLED),
        },
        checks=[of_metric(RENDER_UNITS, "what"), *ordered()],
        unique=["render_id"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
)
RenderPrices = Annotated[pd.DataFrame, RENDER_PRICES]
