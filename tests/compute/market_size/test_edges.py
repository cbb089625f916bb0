"""Low and high ends of revenues and forecasts, and the years that count."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.compute.market_size import forecast
from analysis.engine.claims import load_claims

AS_OF = pd.Timestamp("2026-01-22")

claims = pytest.fixture(scope="module")(load_claims)


def sizes(*rows: dict) -> pd.DataFrame:
    """Rows of `market_sizes`."""
    row = {
        "market": forecast.CHIPS, "said_by": "somebody", "by": "others", "basis": forecast.REALISED,
        "period": forecast.CALENDAR, "year_from": forecast.YEAR, "year_to": forecast.YEAR, "usd_low": 1e9,
        "usd_high": np.nan, "growth_per_year": np.nan, "published_from": pd.Timestamp("2029-02-01"),
        "published_to": pd.Timestamp("2029-02-03"), "source_id": "s",
    }  # fmt: skip
    return pd.DataFrame([row | {"size_id": f"z{i}"} | more for i, more in enumerate(rows)])


def test_reported_revenue_goes_from_its_lowest_to_its_highest_end(claims):
    table = sizes(
        {"usd_low": 400e9, "usd_high": 600e9},
        {"usd_low": 480e9},
        {"usd_low": 700e9, "published_to": pd.Timestamp("2029-03-31")},
    )
    found = forecast.assess_c1(claims["C1"], market_sizes=table)
    assert (found.estimate.low, found.estimate.value, found.estimate.high) == (400e9, 550e9, 700e9)
    assert found.estimate.n == 3
    assert found.source_values == (400e9, 480e9, 700e9)
    assert found.observed_on == date(2029, 3, 31)
    assert found.level == 2


def test_a_forecast_and_its_base_stand_with_their_lower_ends():
    base = {"basis": forecast.STATED, "year_from": 2023, "year_to": 2023, "usd_low": 45e9, "usd_high": 90e9}
    ahead = {"basis": forecast.FORECAST, "usd_low": 500e9, "usd_high": 900e9}
    row = forecast.needed(sizes(base, ahead)).iloc[0]
    assert (row["usd"], row["base_usd"]) == (500e9, 45e9)
    assert row["per_year"] == pytest.approx((500 / 45) ** (1 / 5) - 1)
    same_year = sizes(base | {"year_from": 2028, "year_to": 2028}, ahead)
    assert forecast.needed(same_year).empty


def test_any_year_up_to_the_last_counts_where_any_year_does(claims):
    table = sizes(*({"year_from": year, "year_to": year} for year in (2027, 2028, 2029)))
    c1 = claims["C1"]
    assert forecast.realised(c1, table, year=forecast.BY_YEAR)["year_to"].tolist() == [2027, 2028]
    assert forecast.realised(c1, table, year=forecast.IN_YEAR)["year_to"].tolist() == [2028]
