"""Prices of rented machines, which more than one chapter needs."""

from typing import Annotated

import pandas as pd

from analysis.engine.data import columns as c

MACHINE_PRICES = c.Table(
    name="machine_prices",
    title="Prices of rented machines",
    description="List prices per hour of whole instances of clouds, in US regions where the region is known.",
    rules=(
        "Hyperscalers, GPU instances, on demand: AWS us-east-1, Azure in eight US regions, Google Cloud in us-central1 "
        "and us-east4, at the last date before, the nearest and the next after 2026-01-22 that the sources have; none "
        "of Azure lies between 2025-06-03 and 2026-04-02.",
        "Hyperscalers, without GPU: AWS us-east-1 on 2026-01-19 alone, x86 families c5a to x2iedn without local disk, "
        "metal and burstable ones; processors and memory by the instance type. Azure and Google Cloud have none here.",
        "Spot: Google Cloud on the same dates; AWS by availability zone, undated.",
        "Specialist clouds: earliest observation of each machine, July or August 2026; they state no processors, "
        "memory or region.",
        "gpu_model is 'none' where gpus is 0. A blank is not known.",
    ),
    columns={
        "provider": c.text("who rents it out"),
        "kind": c.choice("kind of cloud", ("hyperscaler", "specialist")),
        "instance": c.text("instance type", blank=True),
        "region": c.text("region, or zone for a spot price", blank=True),
        "price_type": c.choice("kind of price", ("on-demand", "spot")),
        "observed_on": c.date("day of the price; blank where it is undated", blank=True),
        "vcpus": c.number("virtual processors", "count", c.POSITIVE, blank=True),
        "memory_gib": c.number("memory", "GiB", c.POSITIVE, blank=True),
        "gpu_model": c.text("GPU, with its memory and form"),
        "gpus": c.number("GPUs", "count", c.NOT_NEGATIVE),
        "usd_per_hour": c.number("price of the whole instance", "USD per hour", c.POSITIVE),
        **c.REMARKED,
    },
    key=("provider", "instance", "region", "price_type", "observed_on", "gpu_model", "gpus", "source_id"),
)
MachinePrices = Annotated[pd.DataFrame, MACHINE_PRICES]
