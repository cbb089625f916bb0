"""Made-up tables of published proofs and machine prices, with known answers."""

import numpy as np
import pandas as pd

#: One published result; a test overrides what it is about.
PUBLISHED = {
    "by": "authors",
    "published_on": pd.Timestamp("2025-06-01"),
    "published_precision": "day",
    "model": "GPT-2 small",
    "transformer": "yes",
    "params": 124e6,
    "scale": "gpt2",
    "what": "one_pass",
    "tokens": 1.0,
    "derived": False,
    "prove_low_s": np.nan,
    "prove_high_s": np.nan,
    "cost_usd": np.nan,
    "overhead_low": np.nan,
    "overhead_high": np.nan,
    "hardware": "a machine",
    "vcpus": 8.0,
    "memory_gb": 30.0,
    "gpu_model": "",
    "gpus": np.nan,
    "hides_weights": "yes",
    "tampering_refused": "not stated",
    "interactive": "no",
    "source_id": "s",
}
PRICE = {
    "provider": "cloud",
    "kind": "hyperscaler",
    "instance": "small",
    "region": "us",
    "price_type": "on-demand",
    "observed_on": pd.Timestamp("2026-01-20"),
    "vcpus": 8.0,
    "memory_gib": 32.0,
    "gpu_model": "none",
    "gpus": 0.0,
    "usd_per_hour": 1.0,
    "remark": "",
    "source_id": "p",
}


def published(*rows: dict) -> pd.DataFrame:
    """Rows of `zk_published`: each needs system and prove_s."""
    table = pd.DataFrame([PUBLISHED | {"published_id": f"{i}"} | row for i, row in enumerate(rows)])
    return table.astype({"published_on": "datetime64[us]"})


def prices(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame([PRICE | row for row in rows]).astype({"observed_on": "datetime64[us]"})
