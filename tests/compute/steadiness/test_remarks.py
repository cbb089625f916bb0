"""Sentences on steadiness and scarcity follow the data."""

import pandas as pd

from analysis.compute.steadiness import remarks as remarks_steady
from analysis.compute.steadiness.steadiness import shown
from analysis.engine.data.tables import load

QUARTERS = pd.PeriodIndex(["2025Q1", "2025Q2"], freq="Q", name="quarter")


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def known(**changes: list) -> pd.DataFrame:
    columns = {"state": ["level", "level"], "short": [0, 0], "surplus": [0, 0], "index": ["unknown"] * 2}
    return pd.DataFrame(columns | changes, index=QUARTERS)


def test_quarters_are_counted() -> None:
    assert "prices were level in 2. A hyperscaler said in 0" in plain(remarks_steady.quarters(known()))
    both = plain(remarks_steady.quarters(known(state=["falling", "rising"], short=[1, 1], index=["level", "unknown"])))
    assert "falling in 1, rising in 1" in both
    assert "In 1 quarter prices fell while capacity was said to be short" in both
    assert both.endswith("A published price index is known long enough in 1.")


def test_conflicts_are_told() -> None:
    apart = {"network": ["Akash"], "quarter": [QUARTERS[0]], "low_usd": [1e6], "high_usd": [2e7], "ratio": [20.0]}
    said = plain(remarks_steady.apart(pd.DataFrame(apart)))
    assert said == "For Akash in Q1 2025 sources give 1 million USD and 20 million USD, 20 times as much."
    assert remarks_steady.apart(pd.DataFrame(apart).iloc[:0]).startswith("No two sources")


def test_half_is_named_by_the_upper_end() -> None:
    row = {"network": "Akash", "date_to": pd.Timestamp("2025-09-30"), "low": 0.3, "high": 0.49}
    assert "30 % to 49 % leased, less than 50 %" in plain(remarks_steady.leased(pd.DataFrame([row])))
    assert "not less" in remarks_steady.leased(pd.DataFrame([row | {"high": 0.5}]))
    assert remarks_steady.leased(pd.DataFrame([row]).iloc[:0]).startswith("No share")


def test_capacity_is_told_by_who_measured_it() -> None:
    said = plain(remarks_steady.capacity(shown(load("compute_availability"))))
    others, own = said.split("\n")
    assert others.startswith("Capacity measured by others: AWS, spot")
    assert own.startswith("Capacity by the providers' own figures: io.net")
