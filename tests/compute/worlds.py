"""Small markets of known prices."""

import numpy as np
import pandas as pd

from analysis.compute.price.sellers import Market

PRICE = {
    "observed_on": pd.Timestamp("2026-01-22"), "date_precision": "day", "observed_year": np.nan, "provider": "akash",
    "provider_type": "network", "instance": "", "gpu_model": "H100-80GB", "form_factor": "SXM", "gpu_count": 1.0,
    "region": "", "price_model": "on-demand", "usd_per_gpu_hour": 4.0, "quotes": 1, "source_id": "s",
}  # fmt: skip
CLOUD = {
    "provider": "aws",
    "provider_type": "hyperscaler",
    "instance": "m",
    "region": "us-east-1",
    "usd_per_gpu_hour": 10.0,
}
YEAR = {"observed_on": pd.NaT, "date_precision": "year", "observed_year": 2026.0}
UNDATED = {"observed_on": pd.NaT, "date_precision": "undated"}
PROVIDERS = [
    ("akash", "Akash", "network", True),
    ("io.net", "io.net", "network", True),
    ("render", "Render", "network", True),
    ("spheron", "Spheron", "network", False),
    ("vast.ai", "Vast.ai", "marketplace", False),
    ("lambda", "Lambda", "specialist", False),
    ("aws", "AWS", "hyperscaler", True),
    ("azure", "Azure", "hyperscaler", True),
    ("gcp", "Google Cloud", "hyperscaler", True),
]
MODELS = [
    ("H100-80GB", "SXM", 80.0, 1000.0, 3000.0, True),
    ("H100-80GB", "PCIe", 80.0, 500.0, 2000.0, True),
    ("A100-80GB", "SXM", 80.0, 250.0, 2000.0, True),
    ("L4-24GB", "single", 24.0, 100.0, 300.0, True),
    ("RTX4090-24GB", "single", 24.0, 200.0, 1000.0, False),
    ("B300", "single", np.nan, np.nan, np.nan, True),
]
RUN = {
    "model": "m", "benchmark": "b", "gpu_model": "H100-80GB", "form_factor": "SXM", "gpu_count": 1,
    "requests_per_s": 16.0, "run": 1, "output": "tokens", "output_per_s": 1000.0, "doubtful": False,
}  # fmt: skip


def on(day: str, **more) -> dict:
    return {"observed_on": pd.Timestamp(day), **more}


def cloud(**more) -> dict:
    return CLOUD | more


def prices(*rows: dict) -> pd.DataFrame:
    table = pd.DataFrame([PRICE | row for row in rows])
    return table.assign(observed_on=table["observed_on"].astype("datetime64[us]"))


def throughput(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame([RUN | row for row in rows], columns=list(RUN))


def tables(*rows: dict, runs: tuple[dict, ...] = ()) -> dict[str, pd.DataFrame]:
    names = ["gpu_model", "form_factor", "memory_gb", "bf16_tflops", "memory_gb_per_s", "data_centre"]
    return {
        "gpu_prices": prices(*rows),
        "gpu_providers": pd.DataFrame(PROVIDERS, columns=["provider", "title", "provider_type", "named"]),
        "gpu_models": pd.DataFrame(MODELS, columns=names),
        "gpu_throughput": throughput(*runs).astype({"doubtful": bool}),
    }


def market(*rows: dict, runs: tuple[dict, ...] = ()) -> Market:
    return Market(**tables(*rows, runs=runs))
