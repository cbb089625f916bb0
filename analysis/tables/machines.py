"""Prices of rented machines, which more than one chapter needs."""

from typing import Annotated

import pandas as pd

from analysis.engine.data import columns as c

MACHINE_PRICES = c.Table(
    name="machine_prices",
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
