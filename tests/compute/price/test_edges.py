"""Boundary days of prices, and the one that decides C2's."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.compute.price import definitions, discount
from analysis.compute.price.sellers import dated
from analysis.engine.claims import load_claims
from analysis.engine.multiverse import Question
from tests.compute.worlds import YEAR, cloud, market, on, prices, tables

AS_OF = pd.Timestamp("2026-01-22")

claims = pytest.fixture(scope="module")(load_claims)


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


def test_a_window_and_a_gap_hold_their_last_day(claims):
    known = np.array([True, True])
    assert definitions.near(np.array([180, 2]), np.array([0, 0]), known).tolist() == [True, True]
    assert definitions.near(np.array([181, 2]), np.array([0, 0]), known).tolist() == [False, True]
    for day, pairs in (("2026-04-22", 1), ("2026-04-23", 0)):  # 90 and 91 days after the network's price
        world = market({}, cloud(observed_on=pd.Timestamp(day)))
        assert len(definitions.pairs_under(claims["C2"], world, {"dates": "within 90 days"})) == pairs


def test_the_day_that_decides_is_the_one_furthest_from_the_claim(claims, monkeypatch):
    monkeypatch.setattr(discount, "explored_c2", lambda question: None)
    monkeypatch.setattr(Question, "weighed", lambda question: None)
    days = [on("2026-02-01", region="b"), on("2025-09-01", region="a"), on("2026-01-22", region="c")]
    for rows in (days, days[::-1]):
        assert discount.assess_c2(claims["C2"], **tables(*rows, cloud())).observed_on == date(2025, 9, 1)
    assert discount.assess_c2(claims["C2"], **tables(YEAR, cloud())).observed_on is None
