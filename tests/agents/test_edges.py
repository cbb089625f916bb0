"""Boundary days and the figure that decides, on planted tables of agents."""

from datetime import date

import pandas as pd
import pytest

from analysis.agents import capitalisation, cases, observations, results, value
from analysis.engine.claims import load_claims
from tests.agents import worlds

ON = date(2026, 1, 22)

claims = pytest.fixture(scope="module")(load_claims)


@pytest.fixture
def no_tokens():
    tokens = pd.DataFrame(columns=["symbol", "name", "membership", "vertical"])
    closes = pd.DataFrame({"date": pd.to_datetime([]), "symbol": [], "close_usd": []})
    supplies = pd.DataFrame({"date": pd.to_datetime([]), "symbol": [], "circulating_supply": [], "basis": []})
    return {"tokens": tokens, "token_prices": closes, "token_supplies": supplies}


def day(text: str) -> dict:
    return {"observed_from": text, "observed_to": text}


# --- A1 --------------------------------------------------------------------------------------------------------------


def test_the_largest_holding_decides_the_day(claims, no_tokens):
    rows = [
        {"protocol": "small", "value": 1e6} | day("2026-01-01"),
        {"protocol": "large", "value": 9e6} | day("2025-12-01"),
        {"protocol": "middle", "value": 5e6} | day("2026-02-01"),
    ]
    found = value.assess_a1(claims["A1"], agent_values=worlds.values(*rows), **no_tokens)
    assert found.observed_on == date(2025, 12, 1)


@pytest.mark.slow
def test_the_weakest_of_sources_equally_near_is_that_of_the_holding(claims, no_tokens):
    rows = [
        {"protocol": "a", "value": 5e6, "reliability": name, "source_id": name}
        for name in ("secondary", "promotional", "primary")
    ]
    for some in (rows, rows[::-1]):
        table = worlds.values(*some, {"protocol": "b", "value": 3e6, "reliability": "primary"})
        held = value.holdings(table, on=ON).set_index("protocol")
        assert held["reliability"].to_dict() == {"a": "promotional", "b": "primary"}
        found = value.assess_a1(claims["A1"], agent_values=table, **no_tokens)
        assert found.reliability == {"promotional": 5e6, "primary": 3e6}
    table = worlds.values(*rows[::2])
    assert value.holdings(table, on=ON)["reliability"].item() == "secondary"


def test_the_largest_figure_that_a_primary_source_gives_is_named(claims, no_tokens):
    rows = [
        {"protocol": "small", "value": 1e6},
        {"protocol": "large", "value": 40e6},
        {"protocol": "told", "value": 90e6, "reliability": "secondary"},
        {"protocol": "old", "value": 80e6} | day("2025-01-01"),
        {"protocol": "around", "value": 70e6, "tier": "ecosystem"},
    ]
    assert value.largest_verified(worlds.values(*rows), on=ON)["protocol"] == "large"
    found = value.assess_a1(claims["A1"], agent_values=worlds.values(*rows), **no_tokens)
    left = claims["A1"].regions[0].left
    more = -(-(left - 131e6) // 40e6)
    assert f"{more:.0f} more protocols of the size" in found.nearest_true
    assert "(large, " in found.nearest_true


@pytest.mark.parametrize(
    ("when", "within"),
    [("2025-07-26", True), ("2025-07-25", False), ("2026-07-21", True), ("2026-07-22", False)],
)
def test_a_figure_counts_up_to_180_days_on_either_side(when, within):
    table = worlds.values({"protocol": "a", "value": 2.0} | day(when))
    assert len(value.holdings(table, on=ON)) == int(within)
    assert len(value.left_out(table, on=ON)) == int(not within)
    assert len(value.shared(table, on=ON)) == 0
    assert (value.largest_verified(table, on=ON) is not None) == within


@pytest.mark.parametrize(
    ("first", "last", "rough"),
    [
        ("2025-07-01", "2025-07-26", True),  # perhaps within: 180 to 205 days
        ("2025-07-01", "2025-07-25", False),  # certainly outside
        ("2025-07-26", "2025-08-31", False),  # certainly within
        ("2025-07-25", "2025-08-31", True),
        ("2026-07-21", "2026-07-22", True),
    ],
)
def test_a_rough_date_that_may_lie_within_and_outside_is_too_rough(first, last, rough):
    table = worlds.values({"protocol": "a", "observed_from": first, "observed_to": last})
    assert len(value.too_rough(table, on=ON)) == int(rough)


@pytest.mark.parametrize(("first", "same"), [("2026-01-22", True), ("2026-01-23", False)])
def test_equal_figures_whose_dates_touch_are_suspected_to_be_the_same_money(first, same):
    rows = [
        {"protocol": "a", "observed_from": "2026-01-20", "observed_to": "2026-01-22"},
        {"protocol": "b", "observed_from": first, "observed_to": "2026-01-30", "source_id": "t"},
    ]
    found = observations.suspected(observations.held(observations.published(worlds.values(*rows))))
    assert found.to_dict() == ({"f1": "f0"} if same else {})


def test_a_close_and_a_supply_count_up_to_the_day_and_not_after():
    tokens = pd.DataFrame({"symbol": ["A"], "name": "a", "membership": "core", "vertical": "agents"})

    def worth(close: dict[str, float], supply: dict[str, float]) -> float:
        closes = pd.DataFrame({"date": pd.to_datetime(list(close)), "symbol": "A", "close_usd": list(close.values())})
        supplies = pd.DataFrame({"date": pd.to_datetime(list(supply)), "symbol": "A", "basis": "dated",
                                 "circulating_supply": list(supply.values())})  # fmt: skip
        return capitalisation.capitalisation(tokens, closes, supplies, on=ON).value

    days = ("2026-01-21", "2026-01-22", "2026-01-23")
    assert worth(dict(zip(days, (2.0, 3.0, 5.0), strict=True)), dict(zip(days, (7.0, 11.0, 13.0), strict=True))) == 33.0
    last = pd.Timestamp(ON) - pd.Timedelta(days=capitalisation.STALE_DAYS)
    supply = {"2025-01-01": 7.0}
    assert worth({str((last + pd.Timedelta(days=1)).date()): 2.0}, supply) == 14.0
    assert worth({str(last.date()): 2.0}, supply) == 0.0


# --- A2 and A3 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("last", "bearing"), [("2026-01-22", "supports"), ("2026-01-23", "neutral")])
def test_a_record_may_end_on_the_claims_day(claims, last, bearing):
    rows = results.evidence_a2(claims["A2"], worlds.results({"record_to": last}))
    assert [row.bearing for row in rows] == [bearing]
    assert rows[0].observed_on == date.fromisoformat(last)
    assert ("ends after the report" in rows[0].statement) == (bearing == "neutral")


@pytest.mark.parametrize(("months", "bearing"), [(0, "contradicts"), (-1, "neutral")])
def test_a_record_that_did_not_do_better_is_as_long_as_it_has_to_be(claims, months, bearing):
    needed = int(results.records(worlds.results({}))["needed"].item()) + months
    days = int(-(-needed * results.DAYS_PER_MONTH // 1))  # no day less than so many months
    first = pd.Timestamp("2025-12-31") - pd.Timedelta(days=days - 1)
    table = worlds.results({"record_from": first, "beat_alternative": "no"})
    assert [row.bearing for row in results.evidence_a2(claims["A2"], table)] == [bearing]


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ("2026-01-22", "2026-01-22", "yes"),
        ("2026-01-22", "2026-01-23", "perhaps after the date"),
        ("2026-01-23", "2026-01-23", "after the date"),
    ],
)
def test_an_act_may_lie_on_the_claims_day(claims, first, last, shown):
    table = worlds.cases({"done_from": first, "done_to": last})
    assert cases.shows(table, ON).tolist() == [shown == "yes"]
    assert cases.shows(table, ON, first_day_counts=True).tolist() == [first == "2026-01-22"]
    found = cases.matrix(claims["A3"], table).set_index(["framework", "activity"])["shown"]
    assert found["Virtuals", "trades"] == shown


@pytest.mark.parametrize(("last", "bearing"), [("2026-01-22", "contradicts"), ("2026-01-23", "neutral")])
def test_what_people_did_by_the_claims_day_is_against_a_part_that_nothing_else_shows(claims, last, bearing):
    rows = cases.evidence_a3(claims["A3"], worlds.cases({"doing": "done by people", "done_to": last}))
    assert {row.bearing for row in rows} == {bearing}
