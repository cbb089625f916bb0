"""Unit economics and valuation, against sums that can be done by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.data_marketplaces import economics
from analysis.engine.claims import load_claims
from analysis.engine.data.tables import load
from tests.data_marketplaces.worlds import figure, figures

CLOSE = 1e-9


@pytest.fixture(scope="module")
def both() -> dict:
    claims = load_claims()
    return {"nodes": claims["D1"], "revenue": claims["D2"]}


@pytest.fixture(scope="module")
def closes() -> pd.DataFrame:
    return load("token_prices")


def prices(**closes: float) -> pd.DataFrame:
    days = pd.to_datetime(list(closes), format="d%Y%m%d")
    return pd.DataFrame({"date": days, "symbol": "GRASS", "close_usd": list(closes.values())})


def test_bounds_are_the_worst_quotients_on_either_side(both) -> None:
    table = figures(
        figure("active_nodes", "2026-01-01", "2026-01-01", 2e6),
        figure("active_nodes", "2026-02-01", "2026-02-01", 4e6),
        figure("revenue_per_year", "2026-01-01", "2026-01-01", low=10e6, high=20e6),
        figure("traffic", "2026-01-01", "2026-01-01", 100.0),
        figure("users", "2026-01-01", "2026-01-01", 5e6),
    )
    units = economics.unit_economics(table, **both).set_index(["per", "revenue"])
    assert units.loc[(economics.PER_NODE, "found"), ["low", "high"]].tolist() == [2.5, 10.0]
    assert np.allclose(units.loc[(economics.PER_NODE, "asserted"), ["low", "high"]].tolist(), 50 / 3)
    assert units.loc[(economics.PER_USER, "asserted"), ["low", "high"]].tolist() == [10.0, 10.0]
    per_tb = units.loc[(economics.PER_TB, "found"), "low"]
    assert np.isclose(per_tb, 10e6 / (100 * 365.25), rtol=CLOSE)


def test_the_shipped_revenue_per_node_is_that_of_its_figures(both) -> None:
    units = economics.unit_economics(load("marketplace_figures"), **both).set_index(["per", "revenue"])
    assert np.allclose(units.loc[(economics.PER_NODE, "found"), ["low", "high"]].tolist(), [14.2 / 3, 14.2 / 2])


def test_without_a_figure_there_is_no_quotient(both) -> None:
    table = figures(figure("users", "2026-01-01", "2026-01-01", 5e6))
    units = economics.unit_economics(table, **both)
    assert units[units["revenue"] == "found"]["low"].isna().all()


def test_traffic_is_a_year_at_the_pace_of_its_days() -> None:
    table = economics.traffic(figures(figure("traffic", "2026-01-01", "2026-01-07", 7.0)))
    assert np.allclose(table["tb_per_year"], 365.25)


def test_licences_are_by_the_year_and_the_largest_first() -> None:
    found = economics.licences(load("data_deals"))
    assert found["high"].is_monotonic_decreasing
    news = found[found["seller"] == "News Corp"].iloc[0]
    assert (news["low"], news["high"]) == (50e6, 50e6)
    assert "Stack Overflow" not in set(found["seller"])


def test_prices_of_volume_are_counted_by_kind() -> None:
    deals = load("data_deals")
    found = economics.carried(deals).set_index("what")
    assert found["n"].sum() == (deals["unit"] == "USD per GB").sum()
    assert (found["low"] <= found["median"]).all()
    assert (found["median"] <= found["high"]).all()


def test_an_airdrop_is_worth_its_tokens_at_the_prices_of_its_days() -> None:
    table = figures(
        figure("active_nodes", "2024-10-28", "2024-10-28", 2e6),
        figure("tokens_to_contributors", "2024-10-28", "2024-10-29", low=1e6, high=2e6),
    )
    found = economics.airdrops(table, prices(d20241027=9.0, d20241028=1.0, d20241029=3.0, d20241030=0.1)).iloc[0]
    assert (found["usd_low"], found["usd_high"]) == (1e6, 6e6)
    assert (found["per_node_low"], found["per_node_high"]) == (0.5, 3.0)


@pytest.mark.parametrize(("day", "close"), [("2024-11-01", 1.0), ("2024-11-02", 1.0), ("2024-11-04", 2.0)])
def test_the_nearest_close_stands_for_a_day(day: str, close: float) -> None:
    table = prices(d20241101=1.0, d20241105=2.0)
    assert economics.close(table, "GRASS", date.fromisoformat(day)) == close


def test_a_close_too_far_away_stands_for_nothing() -> None:
    assert np.isnan(economics.close(prices(d20240101=1.0), "GRASS", date(2026, 1, 22)))
    assert np.isnan(economics.close(prices(d20240101=1.0), "VANA", date(2024, 1, 1)))


def test_price_to_sales_is_supply_times_price_over_revenue(both) -> None:
    table = figures(
        figure("circulating_supply", "2026-01-01", "2026-01-01", 10e6),
        figure("circulating_supply", "2026-06-01", "2026-06-01", low=20e6, high=30e6),
        figure("revenue_per_year", "2026-06-01", "2026-06-01", 5e6),
    )
    none = pd.DataFrame({"date": [], "symbol": [], "circulating_supply": [], "basis": []})
    found = economics.valuation(table, prices(d20260122=2.0), none, revenue=both["revenue"])
    assert found["supply"].tolist() == [10e6, 20e6, 30e6]
    assert found["later"].tolist() == [False, True, True]
    assert "\N{NO-BREAK SPACE}2026" in found["when"].iloc[0]
    assert found["to_found"].tolist() == [4.0, 8.0, 12.0]
    assert np.allclose(found["to_asserted"], [0.4, 0.8, 1.2])


def test_emissions_of_the_shipped_tables_follow_from_their_rows(closes) -> None:
    table = load("marketplace_figures")
    found = economics.emissions(table, closes, as_of=date(2026, 1, 22)).set_index("project")
    assert np.allclose(found.loc["Vana", ["tokens_low", "tokens_high"]].astype(float), [0.6e6, 6e6])
    vana = closes[(closes["symbol"] == "VANA") & (closes["date"] == "2026-01-22")]["close_usd"].iloc[0]
    assert np.isclose(found.loc["Vana", "usd_low"], 0.6e6 * vana)
    assert np.allclose(found.loc["Grass", ["tokens_low", "tokens_high"]].astype(float), 0.52 * 28e6)
    assert np.isclose(found.loc["Ocean Protocol", "tokens_high"], 300_000 * 365.25 / 7)
    assert found["revenue_low"].notna().tolist() == [False, True, False]
    grass = found.loc["Grass"]
    assert np.allclose(
        grass[["times_low", "times_high"]].astype(float) * 14.2e6, grass[["usd_low", "usd_high"]].astype(float)
    )
    assert found["times_low"].notna().tolist() == [False, True, False]


def test_no_maximum_stands_among_circulating_supplies(closes, both) -> None:
    found = economics.valuation(load("marketplace_figures"), closes, load("token_supplies"), revenue=both["revenue"])
    assert found["supply"].max() < 1e9


def test_payments_stand_beside_revenue(closes, both) -> None:
    table = load("marketplace_figures")
    carried = economics.carried(load("data_deals"))
    given = economics.airdrops(table, closes)
    units = economics.unit_economics(table, **both)
    found = economics.beside(units, given, carried)
    assert found["unit"].value_counts().to_dict() == {
        economics.PER_NODE: 2,
        economics.ONCE: len(given),
        economics.PER_TB: 2 + len(carried),
    }
    paid = carried.set_index("what").loc["paid to those who share bandwidth"]
    assert (paid["low"], paid["high"]) == (100, 200)


def test_emissions_without_figures_are_unknown_and_not_zero(closes) -> None:
    table = figures(figure("users", "2026-01-01", "2026-01-01", 5e6))
    found = economics.emissions(table, closes, as_of=date(2026, 1, 22))
    assert found.drop(columns=["project", "to"]).isna().all(axis=None)
