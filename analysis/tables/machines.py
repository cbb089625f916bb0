"""Prices of rented machines, which more than one chapter needs."""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa

from analysis.engine.data.columns import DATE, FILLED, NOT_NEGATIVE, NUMBER, POSITIVE, TEXT, Table, choice, column

PRICE_TYPES = ("on-demand", "spot")
CLOUDS = ("hyperscaler", "specialist")

MACHINE_PRICES = Table(
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
    schema=pa.DataFrameSchema(
        {
            "provider": column(TEXT, "who rents it out", FILLED),
            "kind": column(TEXT, "kind of cloud", choice(CLOUDS)),
            "instance": column(TEXT, "instance type"),
            "region": column(TEXT, "region, or zone for a spot price"),
            "price_type": column(TEXT, "kind of price", choice(PRICE_TYPES)),
            "observed_on": column(DATE, "day of the price; blank where it is undated", nullable=True),
            "vcpus": column(NUMBER, "virtual processors", POSITIVE, unit="count", nullable=True),
            "memory_gib": column(NUMBER, "memory", POSITIVE, unit="GiB", nullable=True),
            "gpu_model": column(TEXT, "GPU, with its memory and form", FILLED),
            "gpus": column(NUMBER, "GPUs", NOT_NEGATIVE, unit="count"),
            "usd_per_hour": column(NUMBER, "price of the whole instance", POSITIVE, unit="USD per hour"),
            "remark": column(TEXT, "what to know before using it"),
            "source_id": column(TEXT, "source", FILLED),
        },
        unique=[
            "provider",
            "instance",
            "region",
            "price_type",
            "observed_on",
            "gpu_model",
            "gpus",
            "source_id",
        ],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
)
MachinePrices = Annotated[pd.DataFrame, MACHINE_PRICES]
