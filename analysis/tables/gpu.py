"""Rental prices of GPUs, who asks them, and what the GPUs are."""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa

from analysis.engine.data.columns import (
    AT_LEAST_ONE,
    DATE,
    FILLED,
    FLAG,
    INTEGER,
    NUMBER,
    POSITIVE,
    TEXT,
    Table,
    choice,
    column,
)

PROVIDER_TYPES = ("hyperscaler", "specialist", "marketplace", "network", "maker")
#: Types that ask prices; a maker of GPUs rents none out.
ASKING = PROVIDER_TYPES[:-1]
FORM_FACTORS = ("SXM", "PCIe", "NVL", "server", "workstation", "Max-Q", "single", "not stated")
PRICE_MODELS = ("on-demand", "spot", "bid", "reserved-1y", "reserved-3y", "serverless")
KNOWN_TO = ("day", "year", "undated")
#: What an hour of a GPU can cost, USD per GB of its memory; without its memory in its name (the newest ones), USD.
#: Every price observed is well inside, and one that is wrong by a factor of 1,000 is not.
PER_GB = (0.001, 1.0)
PER_GPU = (0.2, 100.0)


def _plausible(frame: pd.DataFrame) -> pd.Series:
    memory_gb = pd.to_numeric(frame["gpu_model"].str.extract(r"-(\d+)GB$")[0])
    per_gb, per_gpu = frame["usd_per_gpu_hour"] / memory_gb, frame["usd_per_gpu_hour"]
    inside = per_gb.between(*PER_GB) | (memory_gb.isna() & per_gpu.between(*PER_GPU))
    return inside | ~(per_gpu > 0)  # of which the column's own rule speaks


def _dated_as_said(frame: pd.DataFrame) -> pd.Series:
    to_day, to_year = frame["date_precision"] == "day", frame["date_precision"] == "year"
    return (frame["observed_on"].notna() == to_day) & (frame["observed_year"].notna() == to_year)


GPU_PRICES = Table(
    name="gpu_prices",
    title="Rental prices of GPUs",
    description="What an hour of one GPU cost, by provider, machine, form factor, region, kind of price and day.",
    rules=(
        "One row per provider, machine, GPU, count, region, kind of price, day and source: the median over the "
        "source's offers that agree in all of these (quotes: how many). The price of a machine is divided by its GPUs.",
        "Hyperscalers: US regions only (AWS us-east-1, and all us- zones for spot; Azure's eight US regions; Google "
        "Cloud us-central1 and us-east4, since its source also computes prices for regions where a machine may not be "
        "offered). Azure's prices from gpu_rental_prices state no region and are kept as US.",
        "Left out as untrusted: histories that a program made up or that mix columns, purchase prices, prices of GPUs "
        "without their machine, AWS and Google rows of gpu_rental_prices (out of date, or of the GPU alone), "
        "single figures without the address of their source or marked low in trust by the compiler, and "
        "extremes of a distribution whose median is kept.",
        "specialist: a cloud that is no hyperscaler and owns or leases its machines; marketplace: machines of many "
        "owners, without a token; network: with a token, or run by a crypto protocol. A reseller stands where its "
        "offer does: Spheron and Prime Intellect resell clouds.",
        "form_factor: 'single' where a model is made in one form; 'not stated' where it is made in several and the "
        "source names none. V100 of AWS are SXM, Azure's are PCIe but for ND40rs_v2, RTX PRO 6000 of AWS and Google "
        "Cloud are server editions: by the machine series, as the compiler knows them.",
        "observed_on is blank where the day is not known: date_precision says what is. Akash's prices read 'starting "
        "at'. Vast.ai's undated ones repeat one price over regions, so that their regions are left blank.",
        "Hyperscaler rows are list prices. Committed rates are marked reserved; one or three years.",
    ),
    schema=pa.DataFrameSchema(
        {
            "observed_on": column(DATE, "day of the price; blank where the day is not known", nullable=True),
            "date_precision": column(TEXT, "how far the date is known", choice(KNOWN_TO)),
            "observed_year": column(
                NUMBER,
                "year of the price where no more is known",
                pa.Check.in_range(2020, 2100, error="a year from 2020 to 2100"),
                unit="year",
                nullable=True,
            ),
            "provider": column(TEXT, "who asks the price", FILLED),
            "provider_type": column(TEXT, "kind of provider", choice(ASKING)),
            "instance": column(TEXT, "machine type, where it has a name"),
            "gpu_model": column(TEXT, "GPU with its memory", FILLED),
            "form_factor": column(TEXT, "form of the GPU", choice(FORM_FACTORS)),
            "gpu_count": column(NUMBER, "GPUs of the machine", AT_LEAST_ONE, unit="count", nullable=True),
            "region": column(TEXT, "cloud region or zone; blank where none is stated"),
            "price_model": column(TEXT, "kind of price", choice(PRICE_MODELS)),
            "usd_per_gpu_hour": column(NUMBER, "price of one GPU for an hour", POSITIVE, unit="USD per GPU-hour"),
            "quotes": column(INTEGER, "offers behind the median", AT_LEAST_ONE, unit="count"),
            "source_id": column(TEXT, "source", FILLED),
        },
        checks=[
            pa.Check(
                _plausible,
                error=f"a price of {PER_GB[0]} to {PER_GB[1]} USD per GB of memory and hour, or without its memory in "
                f"the name {PER_GPU[0]} to {PER_GPU[1]} USD an hour: is it in another unit or currency?",
                name="plausible",
            ),
            pa.Check(
                _dated_as_said,
                error="observed_on filled exactly where date_precision is day, observed_year exactly where it is year",
                name="dated_as_said",
            ),
        ],
        unique=[
            "observed_on",
            "observed_year",
            "provider",
            "instance",
            "gpu_model",
            "form_factor",
            "gpu_count",
            "region",
            "price_model",
            "source_id",
        ],
        strict=True,
    ),
    references={
        "provider": ("gpu_providers", "provider"),
        "gpu_model": ("gpu_models", "gpu_model"),
        "source_id": ("sources", "source_id"),
    },
)
GpuPrices = Annotated[pd.DataFrame, GPU_PRICES]

GPU_PROVIDERS = Table(
    name="gpu_providers",
    title="Providers of GPU time",
    description="Who rents GPUs out, and the systems that the report names, also where they publish no price.",
    rules=(
        "named: the report names it among decentralised networks, hyperscalers or makers of GPUs.",
        "provider_type is that of its rows in gpu_prices.",
    ),
    schema=pa.DataFrameSchema(
        {
            "provider": column(TEXT, "identifier", FILLED),
            "title": column(TEXT, "name as the book writes it", FILLED),
            "provider_type": column(TEXT, "kind of provider", choice(PROVIDER_TYPES)),
            "named": column(FLAG, "whether the report names it"),
            "remark": column(TEXT, "what to know of its prices"),
            "source_id": column(TEXT, "source", FILLED),
        },
        unique=["provider"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
)
GpuProviders = Annotated[pd.DataFrame, GPU_PROVIDERS]

GPU_MODELS = Table(
    name="gpu_models",
    title="GPUs and their specifications",
    description="Memory, bandwidth and dense bf16 throughput of every GPU and form in the table of prices.",
    rules=(
        "A blank is not known to us. bf16_tflops: dense, without sparsity; T4 and V100 have no bf16 units.",
        "recalled: at least one figure of the row, mostly bf16_tflops, is a data-sheet figure from the compiler's "
        "memory.",
        "data_centre: sold for data centres, not for desks. Memory of models without a source is read off their names.",
    ),
    schema=pa.DataFrameSchema(
        {
            "gpu_model": column(TEXT, "GPU with its memory", FILLED),
            "form_factor": column(TEXT, "form of the GPU", choice(FORM_FACTORS[:-1])),
            "memory_gb": column(NUMBER, "memory", POSITIVE, unit="GB", nullable=True),
            "bf16_tflops": column(NUMBER, "dense bf16 throughput", POSITIVE, unit="TFLOP/s", nullable=True),
            "memory_gb_per_s": column(NUMBER, "memory bandwidth", POSITIVE, unit="GB/s", nullable=True),
            "release_year": column(NUMBER, "year of release", POSITIVE, unit="year", nullable=True),
            "power_w": column(NUMBER, "design power", POSITIVE, unit="W", nullable=True),
            "data_centre": column(FLAG, "whether it is sold for data centres"),
            "recalled": column(FLAG, "whether a figure was recalled and not read"),
            "source_id": column(TEXT, "source", FILLED),
        },
        unique=["gpu_model", "form_factor"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
)
GpuModels = Annotated[pd.DataFrame, GPU_MODELS]
