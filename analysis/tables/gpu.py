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
    title="Providers of GPU time",
    description="Who rents GPUs out, and the systems that the report names, also where they publish no price.",
    rules=(
        "named: the report names it among decentralised networks, hyperscalers or makers of GPUs.",
        "provider_type is that of its rows in gpu_prices.",
    ),
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
    title="GPUs and their specifications",
    description="Memory, bandwidth and dense bf16 throughput of every GPU and form in the table of prices.",
    rules=(
        "A blank is not known to us. bf16_tflops: dense, without sparsity; T4 and V100 have no bf16 units.",
        "recalled: at least one figure of the row, mostly bf16_tflops, is a data-sheet figure from the compiler's "
        "memory.",
        "data_centre: sold for data centres, not for desks. Memory of models without a source is read off their names.",
    ),
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
