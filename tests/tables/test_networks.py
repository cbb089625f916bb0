"""What the tables of availability, use, indices and Render's prices refuse, with row and rule."""

import pandas as pd
import pytest

from analysis.engine.data.sealed import DataError
from analysis.engine.data.tables import constrained, load, schemas

DAY = pd.Timestamp("2025-01-01")
AVAILABILITY, USE, INDICES, RENDER = "compute_availability", "network_use", "gpu_price_indices", "render_prices"
WRONG = [
    (AVAILABILITY, "share of 100 instead of 1", "ionet-uptime-network", {"value": 99.7}, "0 to 1 for"),
    (AVAILABILITY, "unit of another metric", "ionet-uptime-network", {"unit": "h"}, "the unit of its metric"),
    (AVAILABILITY, "unknown metric", "ionet-uptime-network", {"metric": "uptime"}, "not one of"),
    (AVAILABILITY, "unknown kind of provider", "ionet-uptime-network", {"provider_type": "crypto"}, "not one of"),
    (AVAILABILITY, "low above high", "salad-node", {"low": 0.99}, "low on or before high"),
    (AVAILABILITY, "half a range", "salad-node", {"high": None}, "a value, or both ends of a range"),
    (
        AVAILABILITY,
        "a day for an undated row",
        "aws-zones-p5-range",
        {"date_from": DAY},
        "dates blank exactly where undated",
    ),
    (AVAILABILITY, "a tail below its median", "ionet-ttft-h100-80gb-1", {"value": 0.9}, "1 to 100 for"),
    (USE, "negative revenue", "akash-2025q3-revenue", {"value": -1.0}, "0 to 1e+10 for"),
    (USE, "unit of another metric", "akash-2025q3-revenue", {"unit": "GPUs"}, "the unit of its metric"),
    (USE, "below nothing", "akash-2025q2-revenue-change", {"value": -20.0}, "-1 to 100 for"),
    (USE, "more leased than all", "akash-2024-01-utilisation", {"high": 1.2}, "0 to 1 for"),
    (USE, "unknown source", "akash-2025q3-revenue", {"reliability": "good"}, "not one of"),
    (INDICES, "cents for dollars", "ccir-2026-05-13-hyperscaler-h100", {"usd_per_gpu_hour": 688.0}, "0.01 to 100 USD"),
    (INDICES, "free", "ccir-2026-05-13-hyperscaler-h100", {"usd_per_gpu_hour": 0.0}, "0.01 to 100 USD"),
    (RENDER, "no price", "render-tier-2", {"value": 0.0}, "greater than 0"),
    (RENDER, "unit of another figure", "render-tier-2", {"unit": "points per GPU"}, "the unit of its what"),
]


def refused(name: str, key: str, changes: dict) -> str:
    frame, schema = load(name), schemas()[name].schema
    hit = frame[schema.unique[0]] == key
    assert hit.sum() == 1
    for column, value in changes.items():
        frame.loc[hit, column] = value
    with pytest.raises(DataError) as error:
        constrained(f"{name}.csv", schemas()[name], frame)
    return str(error.value)


@pytest.mark.parametrize(("name", "what", "key", "changes", "rule"), WRONG, ids=[f"{w[0]}: {w[1]}" for w in WRONG])
def test_refused_with_row_and_rule(name: str, what: str, key: str, changes: dict, rule: str) -> None:
    said = refused(name, key, changes)
    assert f"{name}.csv, row" in said
    assert rule in said
