"""Rental prices of GPUs, who asks them, and what the GPUs are."""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa

from analysis.engine.data import columns as c

PROVIDER_TYPES = ("hyperscaler", "specialist", "marketplace", "network", "maker")
#: Types that ask prices; a maker of GPUs rents none out.
ASKING = PROVIDER_TYPES[:-1]
FORM_FACTORS = ("SXM", "PCIe", "NVL", "server", "workstation", "Max-Q", "single", "not stated")
PRICE_MODELS = ("on-demand", "spot", "bid", "reserved-1y", "reserved-3y", "serverless")
#: What an hour of a GPU can cost, USD per GB of its memory; without its memory in its name (the newest ones), USD.
#: Every price observed is well inside, and one that is wrong by a factor of 1,000 is not.
PER_GB = (0.001, 1.0)
PER_GPU = (0.2, 100.0)


GPU_PRICES = c.Table(
    name="gpu_prices",
    columns={
        "observed_on": c.date("day of the price; blank where the day is not known", blank=True),
        "date_precision": c.choice("how far the date is known", ("day", "year", "undated")),
        "observed_year": c.number(
            "year of the price where no more is known",
            "year",
            pa.Check.in_range(2020, 2100, error="a year from 2020 to 2100"),
            blank=True,
        ),
        "provider": c.text("who asks the price", refers=("gpu_providers", "provider")),
        "provider_type": c.choice("kind of provider", ASKING),
        "instance": c.text("machine type, where it has a name", blank=True),
        "gpu_model": c.text("GPU with its memory", refers=("gpu_models", "gpu_model")),
        "form_factor": c.choice("form of the GPU", FORM_FACTORS),
        "gpu_count": c.number("GPUs of the machine", "count", c.AT_LEAST_ONE, blank=True),
        "region": c.text("cloud region or zone; blank where none is stated", blank=True),
        "price_model": c.choice("kind of price", PRICE_MODELS),
        "usd_per_gpu_hour": c.number("price of one GPU for an hour", "USD per GPU-hour", c.POSITIVE),
        "quotes": c.count("offers behind the median"),
        **c.SOURCED,
    },
    key=(
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
    ),
)
GpuPrices = Annotated[pd.DataFrame, GPU_PRICES]


@GPU_PRICES.rule(
    f"a price of {PER_GB[0]} to {PER_GB[1]} USD per GB of memory and hour, or without its memory in "
    f"the name {PER_GPU[0]} to {PER_GPU[1]} USD an hour: is it in another unit or currency?"
)
def _plausible(frame: pd.DataFrame) -> pd.Series:
    memory_gb = pd.to_numeric(frame["gpu_model"].str.extract(r"-(\d+)GB$")[0])
    per_gb, per_gpu = frame["usd_per_gpu_hour"] / memory_gb, frame["usd_per_gpu_hour"]
    inside = per_gb.between(*PER_GB) | (memory_gb.isna() & per_gpu.between(*PER_GPU))
    return inside | ~(per_gpu > 0)  # of which the column's own rule speaks


@GPU_PRICES.rule("observed_on filled exactly where date_precision is day, observed_year exactly where it is year")
def _dated_as_said(frame: pd.DataFrame) -> pd.Series:
    to_day, to_year = frame["date_precision"] == "day", frame["date_precision"] == "year"
    return (frame["observed_on"].notna() == to_day) & (frame["observed_year"].notna() == to_year)


GPU_PROVIDERS = c.Table(
    name="gpu_providers",
    columns={
        "provider": c.text("identifier"),
        "title": c.text("name as the book writes it"),
        "provider_type": c.choice("kind of provider", PROVIDER_TYPES),
        "named": c.flag("whether the report names it"),
        "remark": c.text("what to know of its prices", blank=True),
        **c.SOURCED,
    },
)
GpuProviders = Annotated[pd.DataFrame, GPU_PROVIDERS]

GPU_MODELS = c.Table(
    name="gpu_models",
    columns={
        "gpu_model": c.text("GPU with its memory"),
        "form_factor": c.choice("form of the GPU", FORM_FACTORS[:-1]),
        "memory_gb": c.number("memory", "GB", c.POSITIVE, blank=True),
        "bf16_tflops": c.number("dense bf16 throughput", "TFLOP/s", c.POSITIVE, blank=True),
        "memory_gb_per_s": c.number("memory bandwidth", "GB/s", c.POSITIVE, blank=True),
        "release_year": c.number("year of release", "year", c.POSITIVE, blank=True),
        "power_w": c.number("design power", "W", c.POSITIVE, blank=True),
        "data_centre": c.flag("whether it is sold for data centres"),
        "recalled": c.flag("whether a figure was recalled and not read"),
        **c.SOURCED,
    },
    key=("gpu_model", "form_factor"),
)
GpuModels = Annotated[pd.DataFrame, GPU_MODELS]
