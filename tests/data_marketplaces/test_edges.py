"""Boundary days and the two ends of quotients, on planted tables of marketplaces."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.data_marketplaces import economics, payments, properties, published
from analysis.engine.claims import load_claims
from tests.data_marketplaces.worlds import figure, figures

ON = date(2026, 1, 22)

claims = pytest.fixture(scope="module")(load_claims)


def closes(symbol: str = "GRASS", **usd: float) -> pd.DataFrame:
    days = pd.to_datetime(list(usd), format="d%Y%m%d")
    return pd.DataFrame({"date": days, "symbol": symbol, "close_usd": list(usd.values())})


# --- ends of quotients -----------------------------------------------------------------------------------------------


def test_an_airdrop_per_node_is_least_over_the_most_nodes_and_most_over_the_fewest():
    table = figures(
        figure("active_nodes", "2024-10-01", "2024-10-01", 2e6),
        figure("active_nodes", "2024-12-01", "2024-12-01", 4e6),
        figure("tokens_to_contributors", "2024-10-28", "2024-10-29", low=1e6, high=2e6),
    )
    found = economics.airdrops(table, closes(d20241028=1.0, d20241029=3.0)).iloc[0]
    assert (found["usd_low"], found["usd_high"]) == (1e6, 6e6)
    assert (found["per_node_low"], found["per_node_high"]) == (0.25, 3.0)
    assert (found["tokens_low"], found["tokens_high"]) == (1e6, 2e6)


def test_every_unit_is_least_over_most_and_most_over_least(claims):
    day = ("2026-01-01", "2026-01-01")
    table = figures(
        figure("active_nodes", *day, low=2e6, high=4e6),
        figure("revenue_per_year", *day, low=10e6, high=20e6),
        figure("traffic", *day, 100.0),
        figure("traffic", "2026-02-01", "2026-02-02", 800.0),
        figure("users", *day, low=5e6, high=8e6),
    )
    units = economics.unit_economics(table, nodes=claims["D1"], revenue=claims["D2"]).set_index(["revenue", "per"])
    asserted = claims["D2"].asserted.value
    for key, ends in {
        ("found", economics.PER_NODE): (10 / 4, 20 / 2),
        ("found", economics.PER_USER): (10 / 8, 20 / 5),
        ("asserted", economics.PER_USER): (asserted / 8e6, asserted / 5e6),
        ("found", economics.PER_TB): (10e6 / (400 * 365.25), 20e6 / (100 * 365.25)),
        ("asserted", economics.PER_TB): (asserted / (400 * 365.25), asserted / (100 * 365.25)),
    }.items():
        assert units.loc[key, ["low", "high"]].tolist() == pytest.approx(ends), key


def test_emissions_over_revenue_are_least_over_most_and_most_over_least():
    table = figures(
        figure("tokens_staked", "2026-01-01", "2026-01-31", 1e6),
        figure("staking_yield", "2026-01-01", "2026-01-31", low=0.1, high=0.5),
        figure("revenue_per_year", "2026-01-01", "2026-01-01", low=1e4, high=4e4),
    )
    row = economics.emissions(table, closes(d20260101=2.0, d20260131=3.0), as_of=ON).set_index("project").loc["Grass"]
    assert row[["tokens_low", "tokens_high", "usd_low", "usd_high"]].tolist() == [1e5, 5e5, 2e5, 15e5]
    assert row[["times_low", "times_high"]].tolist() == [5.0, 150.0]


def test_weekly_rewards_go_from_the_least_to_the_most():
    table = figures(
        figure("token_rewards", "2026-01-01", "2026-01-08", 7.0, project="Ocean Protocol"),
        figure("token_rewards", "2026-01-08", "2026-01-15", 21.0, project="Ocean Protocol"),
    )
    found = economics.emissions(table, closes("OCEAN", d20260101=9.0, d20260108=1.0), as_of=ON)
    row = found.set_index("project").loc["Ocean Protocol"]
    assert row[["tokens_low", "tokens_high"]].tolist() == pytest.approx([365.25, 3 * 365.25])
    assert row[["usd_low", "usd_high"]].tolist() == pytest.approx([3 * 365.25, 9 * 365.25])


def test_prices_of_volume_and_licences_keep_their_ends():
    row = {"kind": "proxy", "unit": "USD per GB", "years": np.nan, "seller": "s", "buyer": "b", "date_from": None,
           "date_to": None, "date_precision": "undated"}  # fmt: skip
    deals = pd.DataFrame([
        row | {"deal_id": "a", "low": 1.0, "high": 3.0},
        row | {"deal_id": "b", "low": 2.0, "high": 8.0},
        row | {"deal_id": "c", "kind": "licence", "unit": "USD in total", "years": 5.0, "low": 100.0, "high": 250.0},
        row | {"deal_id": "d", "kind": "licence", "unit": "USD per year", "low": 30.0, "high": 40.0},
    ])  # fmt: skip
    found = economics.carried(deals).set_index("what").loc[economics.CARRIED["proxy"]]
    assert found[["low", "median", "high", "n"]].tolist() == [1000.0, 3500.0, 8000.0, 2]
    assert economics.licences(deals)[["low", "high"]].values.tolist() == [[20.0, 50.0], [30.0, 40.0]]


# --- days ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "close"),
    [("2024-11-03", 1.0), ("2024-11-04", 2.0), ("2024-12-05", 2.0), ("2024-12-06", None), ("2024-10-02", 1.0),
     ("2024-10-01", None)],
)  # fmt: skip
def test_a_close_stands_for_thirty_days_on_either_side_the_earlier_of_two(day, close):
    found = economics.close(closes(d20241101=1.0, d20241105=2.0), "GRASS", date.fromisoformat(day))
    assert found == close or (close is None and np.isnan(found))


def test_closes_of_a_span_hold_both_its_days():
    table = closes(d20241031=9.0, d20241101=2.0, d20241102=1.0, d20241103=4.0, d20241104=0.1)
    days = pd.Timestamp("2024-11-01"), pd.Timestamp("2024-11-03")
    assert economics.closes_of(table, "GRASS", *days) == (1.0, 4.0)


def test_a_supply_of_the_claims_day_does_not_look_ahead(claims):
    table = figures(
        figure("circulating_supply", "2026-01-22", "2026-01-22", 1e6),
        figure("circulating_supply", "2026-01-23", "2026-01-23", 2e6),
        figure("revenue_per_year", "2026-01-01", "2026-01-01", low=1e6, high=3e6),
    )
    none = pd.DataFrame({"date": [], "symbol": [], "circulating_supply": [], "basis": []})
    found = economics.valuation(table, closes(d20260122=2.0), none, revenue=claims["D2"])
    assert found["later"].tolist() == [False, True]
    assert found["to_found"].tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("days", "kept"),
    [
        ([-180.0, 181.0], [-180.0]),
        ([-181.0, 180.0], [180.0]),
        ([-181.0, 190.0, 181.0, -400.0], [-181.0, 181.0]),
        ([0.0, -181.0], [0.0]),
    ],
)
def test_figures_within_the_window_count_else_the_nearest_on_either_side(days, kept):
    table = pd.DataFrame({"value": range(len(days))})
    assert published.nearest(table, pd.Series(days))["days"].tolist() == kept


@pytest.mark.parametrize(
    ("first", "last", "from_nearest", "from_end"),
    [
        ("2026-01-20", "2026-01-21", -1.0, -1.0),
        ("2026-01-20", "2026-01-22", 0.0, 0.0),
        ("2026-01-22", "2026-01-30", 0.0, 8.0),
        ("2026-01-23", "2026-01-30", 1.0, 8.0),
    ],
)
def test_days_are_to_the_nearest_day_of_a_span_or_to_its_end(first, last, from_nearest, from_end):
    table = figures(figure("active_nodes", first, last, 1.0))
    assert published.days_away(table, ON).tolist() == [from_nearest]
    assert published.days_away(table, ON, by_end=True).tolist() == [from_end]


def test_the_figure_furthest_on_either_side_decides_the_day(claims):
    for far, near in (("2025-08-01", "2026-02-01"), ("2026-07-01", "2026-01-01")):
        table = figures(figure("active_nodes", far, far, 2e6), figure("active_nodes", near, near, 3e6))
        found = published.assess_d1(claims["D1"], marketplace_figures=table)
        assert found.observed_on == date.fromisoformat(far)


def test_the_latest_before_the_day_lies_before_it(claims):
    rows = [figure("active_nodes", day, day, 1e6) for day in ("2026-01-20", "2026-01-21", "2026-01-22")]
    found = published.node_figures(claims["D1"], figures(*rows), figures="the latest before the date")
    assert found["days"].tolist() == [-1.0]


@pytest.mark.parametrize(
    ("status", "first", "last", "force"),
    [
        ("adopted", "2026-01-22", "2026-01-22", True),
        ("adopted", "2026-01-23", "2026-02-01", False),
        ("adopted", "2025-01-01", "2026-01-21", False),
        ("payment", "2026-01-01", "2026-01-22", True),
        ("payment", "2026-01-22", "2026-01-23", False),
        ("draft", "2026-01-22", "2026-01-22", False),
    ],
)
def test_a_rule_is_in_force_from_its_first_day_to_its_last(status, first, last, force):
    row = pd.Series({"status": status, "date_from": pd.Timestamp(first), "date_to": pd.Timestamp(last)})
    assert payments.in_force(row, ON) is force
    assert payments.dated_by(row, ON) is (last <= "2026-01-22")


@pytest.mark.parametrize(
    ("first", "last", "stands"),
    [
        ("2025-07-26", "2025-07-26", True),
        ("2025-07-25", "2026-01-22", False),
        ("2026-01-22", "2026-07-21", True),
        ("2026-01-22", "2026-07-22", False),
        (None, None, False),
    ],
)
def test_an_absence_stands_for_180_days_on_either_side(first, last, stands):
    row = pd.Series({"date_from": pd.Timestamp(first), "date_to": pd.Timestamp(last)})
    assert properties.absent_at(row, ON) is stands
