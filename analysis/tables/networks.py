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
