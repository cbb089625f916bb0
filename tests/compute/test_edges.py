"""Boundary days, ends and the figure that decides, on planted tables of prices and market sizes."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.compute.interruptions.breakeven import _by_side
from analysis.compute.interruptions.offers import offers
from analysis.compute.list_prices import hedonic
from analysis.compute.market_size import forecast
from analysis.compute.price import definitions, discount
from analysis.compute.price.sellers import dated
from analysis.engine.claims import load_claims
from tests.compute import planted
from tests.compute.worlds import YEAR, cloud, market, on, prices, tables

AS_OF = pd.Timestamp("2026-01-22")

claims = pytest.fixture(scope="module")(load_claims)


# --- days ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "days"),
    [(2024, 752), (2025, 386), (2026, 343), (2027, 708)],  # to the further of 1 January and 31 December
)
def test_a_price_known_by_its_year_is_as_far_as_its_further_end(year, days):
    table = dated(prices(YEAR | {"observed_year": float(year)}))
    assert definitions.away_days(table, AS_OF).tolist() == [days]


@pytest.mark.parametrize(("day", "days"), [("2025-07-26", 180), ("2026-01-22", 0), ("2026-07-21", 180)])
def test_a_price_known_to_the_day_is_as_far_on_either_side(day, days):
    assert definitions.away_days(dated(prices(on(day))), AS_OF).tolist() == [days]


def test_a_window_and_a_gap_hold_their_last_day():
    known = np.array([True, True])
    assert definitions.near(np.array([180, 2]), np.array([0, 0]), known).tolist() == [True, True]
    assert definitions.near(np.array([181, 2]), np.array([0, 0]), known).tolist() == [False, True]
    for day, pairs in (("2026-04-22", 1), ("2026-04-23", 0)):  # 90 and 91 days after the network's price
        world = market({}, cloud(observed_on=pd.Timestamp(day)))
        assert len(definitions.pairs_under(world, AS_OF, {"dates": "within 90 days"})) == pairs


def test_the_day_that_decides_is_the_one_furthest_from_the_claim(claims, monkeypatch):
    monkeypatch.setattr(discount, "weighed", lambda explored: None)
    days = [on("2026-02-01", region="b"), on("2025-09-01", region="a"), on("2026-01-22", region="c")]
    for rows in (days, days[::-1]):
        assert discount.assess_c2(claims["C2"], **tables(*rows, cloud())).observed_on == date(2025, 9, 1)
    assert discount.assess_c2(claims["C2"], **tables(YEAR, cloud())).observed_on is None


@pytest.mark.parametrize(("away", "within"), [(-31, False), (-30, True), (30, True), (31, False)])
def test_an_offer_counts_up_to_its_last_day(away, within):
    table = prices(on((AS_OF + pd.Timedelta(days=away)).strftime("%Y-%m-%d")))
    if within:
        assert offers(table, "H100-80GB", on=AS_OF, within_days=30)["gap_days"].tolist() == [away]
        return
    near = f"within 30 days of 2026-01-22: the nearest is of {AS_OF + pd.Timedelta(days=away):%Y-%m-%d}"
    with pytest.raises(ValueError, match=near):
        offers(table, "H100-80GB", on=AS_OF, within_days=30)


def test_the_nearest_offer_is_named_on_whichever_side():
    table = prices(on("2025-06-01"), on("2026-05-01"), on("2027-05-01"))
    with pytest.raises(ValueError, match="the nearest is of 2026-05-01"):
        offers(table, "H100-80GB", on=AS_OF, within_days=30)


@pytest.mark.parametrize(("day", "there"), [("2026-02-21", True), ("2026-02-22", False), ("2025-12-23", True)])
def test_a_list_price_is_compared_up_to_its_last_day(day, there):
    table = prices({"form_factor": "SXM"}, cloud(observed_on=pd.Timestamp(day)))
    if there:
        assert "hyperscaler" in {side[0] for side in _by_side(table, AS_OF, 30)["side"]}
    else:
        with pytest.raises(ValueError, match="no hyperscaler has a price on demand within 30 days"):
            _by_side(table, AS_OF, 30)


# --- amounts ---------------------------------------------------------------------------------------------------------


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


def test_any_year_up_to_the_last_counts_where_any_year_does():
    table = sizes(*({"year_from": year, "year_to": year} for year in (2027, 2028, 2029)))
    options = {"market": forecast.CHIPS, "period": forecast.CALENDAR}
    assert forecast.realised(table, year=forecast.BY_YEAR, **options)["year_to"].tolist() == [2027, 2028]
    assert forecast.realised(table, year=forecast.IN_YEAR, **options)["year_to"].tolist() == [2028]


# --- Kennedy's correction --------------------------------------------------------------------------------------------


def test_every_dummy_is_read_with_kennedys_correction():
    """The estimates of a noisy world, again by hand from coefficient and standard error."""
    sample = hedonic.cross_section(planted.cross_section_prices(noise=0.3, seed=4))
    found = hedonic.hedonic(sample, draws=9)
    for row in found.discounts:
        b, v = row.cr2.coefficient, row.cr2.standard_error**2
        assert v > 0.001
        assert row.discount_pct == pytest.approx(100 * (1 - np.exp(b - v / 2)), rel=1e-9)
    controls, labels = hedonic.controls_of(sample)
    full = hedonic.with_labels(controls, labels, reference=hedonic.REFERENCE)
    names = ("interruptible", "log2_count")
    each = [100 * (np.exp(one.coefficient - one.standard_error**2 / 2) - 1) for one in hedonic.cr2_of_each(full, names)]
    assert [found.interruptible_pct, found.per_doubling_pct] == pytest.approx(each, rel=1e-9)


def test_variants_are_read_with_it_but_for_a_kind_of_one_provider():
    table = planted.cross_section_prices(noise=0.3, seed=4)
    table = table[(table["provider_type"] != "network") | (table["provider"] == "akash")]
    world = tables({})
    found = hedonic.variants(table, world["gpu_models"], world["gpu_providers"])
    row = found[found["variant"] == "primary"].set_index("provider_type")
    sample = hedonic.cross_section(table)
    controls, labels = hedonic.controls_of(sample)
    full = hedonic.with_labels(controls, labels, reference=hedonic.REFERENCE)
    for kind, one in zip(hedonic.COMPARED, hedonic.cr2_of_each(full, hedonic.COMPARED), strict=True):
        v = 0.0 if kind == "network" else one.standard_error**2
        assert row.at[kind, "discount_pct"] == pytest.approx(100 * (1 - np.exp(one.coefficient - v / 2)), rel=1e-9)
    assert np.isnan(row.at["network", "low_pct"])
    assert row.at["specialist", "low_pct"] < row.at["specialist", "discount_pct"] < row.at["specialist", "high_pct"]


def test_an_interval_of_a_discount_turns_round_and_has_no_end_where_the_coefficient_has_none():
    sample = hedonic.cross_section(planted.cross_section_prices(noise=0.3, seed=4))
    controls, labels = hedonic.controls_of(sample)
    one = hedonic.cr2(hedonic.with_labels(controls, labels, reference=hedonic.REFERENCE), "network")
    low, high = hedonic.interval_pct(one)
    assert (low, high) == pytest.approx((100 * (1 - np.exp(one.high)), 100 * (1 - np.exp(one.low))))
    assert hedonic.interval_pct(replace(one, low=-np.inf, high=np.inf)) == (-np.inf, 100.0)
