"""Boundary days of publications, and the ends of a time and of a cost."""

from datetime import date

import pandas as pd
import pytest

from analysis.engine.claims import load_claims
from analysis.verifiable_ai.published import cost, literature
from tests.verifiable_ai.worlds import prices, published

AS_OF = date(2026, 1, 22)

claims = pytest.fixture(scope="module")(load_claims)


def test_a_cost_goes_from_that_of_the_shortest_time_to_that_of_the_longest(claims):
    table = published({"system": "A", "prove_s": 3600.0, "prove_low_s": 1800.0, "prove_high_s": 7200.0})
    found = literature.systems(claims["V1"], table)
    row = cost.costs(found, prices({"usd_per_hour": 2.0}), on=AS_OF).loc["A"]
    assert row[["low_usd", "cost_usd", "high_usd"]].tolist() == [1.0, 2.0, 4.0]
    tables = {"zk_published": table, "machine_prices": prices({"usd_per_hour": 2.0})}
    estimate = cost.assess_v2(claims["V2"], **tables).estimate
    assert (estimate.low, estimate.value, estimate.high) == (1.0, 2.0, 4.0)


def test_a_time_goes_from_its_least_to_its_most(claims):
    table = published({"system": "A", "prove_s": 600.0, "prove_low_s": 550.0, "prove_high_s": 680.0})
    estimate = literature.primary_v1(claims["V1"], table).estimate
    assert (estimate.low, estimate.value, estimate.high) == (550.0, 600.0, 680.0)


@pytest.mark.parametrize(("day", "recent"), [("2025-01-22", False), ("2025-01-23", True)])
def test_the_last_twelve_months_begin_after_the_same_day_a_year_ago(claims, day, recent):
    table = published({"system": "A", "prove_s": 9.0, "published_on": pd.Timestamp(day)})
    found = literature.systems(claims["V1"], table, period="the last 12 months")
    assert len(found) == int(recent)


@pytest.mark.parametrize(
    ("days", "decides"),
    [(("2025-01-01", "2025-06-01", "2025-03-01"), "2025-06-01"), (("2025-01-01", "2024-06-01"), "2025-01-01"),
     (("2024-06-01", "2025-01-01"), "2025-01-01"), (("2025-05-01", "2024-01-01", "2024-02-01", "2025-06-01"),
     "2024-02-01")],
)  # fmt: skip
def test_the_system_at_the_median_decides_the_day_the_later_of_two(days, decides):
    table = pd.DataFrame({"seconds": range(len(days)), "last_day": pd.to_datetime(list(days))})
    assert literature.deciding_day(table, "seconds") == date.fromisoformat(decides)
    assert literature.deciding_day(table.iloc[::-1], "seconds") == date.fromisoformat(decides)


@pytest.mark.parametrize(
    ("day", "precision", "there"),
    [("2026-01-22", "day", 1), ("2026-01-23", "day", 0), ("2025-12-01", "month", 1), ("2026-01-01", "month", 0)],
)
def test_a_result_counts_if_it_was_certainly_published_by_the_day(day, precision, there):
    more = {"published_on": pd.Timestamp(day), "published_precision": precision}
    assert len(literature.full_passes(published({"system": "A", "prove_s": 9.0} | more), as_of=AS_OF)) == there
