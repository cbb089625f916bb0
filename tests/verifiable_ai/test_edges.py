"""Boundary days and the ends of a cost, on planted tables of proofs."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.engine.claims import load_claims
from analysis.verifiable_ai.hidden_weights import private
from analysis.verifiable_ai.machines import nearest_prices
from analysis.verifiable_ai.published import cost, literature
from analysis.verifiable_ai.unproved import unproved
from tests.verifiable_ai import ladders
from tests.verifiable_ai.worlds import prices, published

AS_OF = date(2026, 1, 22)

claims = pytest.fixture(scope="module")(load_claims)


def test_a_cost_goes_from_that_of_the_shortest_time_to_that_of_the_longest(claims):
    table = published({"system": "A", "prove_s": 3600.0, "prove_low_s": 1800.0, "prove_high_s": 7200.0})
    found = literature.systems(table, as_of=AS_OF)
    row = cost.costs(found, prices({"usd_per_hour": 2.0}), on=AS_OF).loc["A"]
    assert row[["low_usd", "cost_usd", "high_usd"]].tolist() == [1.0, 2.0, 4.0]
    tables = {"zk_published": table, "machine_prices": prices({"usd_per_hour": 2.0})}
    estimate = cost.assess_v2(claims["V2"], **tables).estimate
    assert (estimate.low, estimate.value, estimate.high) == (1.0, 2.0, 4.0)


def test_a_time_goes_from_its_least_to_its_most(claims):
    table = published({"system": "A", "prove_s": 600.0, "prove_low_s": 550.0, "prove_high_s": 680.0})
    estimate = literature.primary_v1(claims["V1"], table).estimate
    assert (estimate.low, estimate.value, estimate.high) == (550.0, 600.0, 680.0)


def modulus(day: str, precision: str = "day", **more) -> pd.DataFrame:
    row = {"system": "Modulus Labs", "prove_s": 9.0, "published_on": pd.Timestamp(day), "by": "vendor",
           "published_precision": precision, "tampering_refused": "yes", "remark": "", "scale": "small"}  # fmt: skip
    return published(row | more)


@pytest.mark.parametrize(
    ("day", "precision", "bearing"),
    [
        ("2026-01-22", "day", "supports"),
        ("2026-01-23", "day", "neutral"),
        ("2025-12-01", "month", "supports"),
        ("2026-01-01", "month", "neutral"),  # its last day lies after
        ("2025-01-01", "year", "supports"),
    ],
)
def test_a_publication_may_be_of_the_claims_day(claims, day, precision, bearing):
    proofs = pd.DataFrame([ladders.proof("mlp:8,16,8", weights="private")])
    rows = private.evidence(claims["V4"], proofs, modulus(day, precision))
    assert [row.bearing for row in rows if row.part == private.MODULUS] == [bearing]
    own = published(
        {"system": "A", "prove_s": 9.0, "published_on": pd.Timestamp(day), "published_precision": precision}
    )
    assert len(literature.full_passes(own, as_of=AS_OF)) == int(bearing == "supports")


@pytest.mark.parametrize(("params", "bearing"), [(1e6, "supports"), (1e6 - 1, "neutral")])
def test_a_network_is_not_tiny_from_a_million_parameters_on(claims, params, bearing):
    proofs = pd.DataFrame([ladders.proof("mlp:8,16,8", weights="private") | {"params": params}])
    rows = private.evidence(
        claims["V4"], proofs, modulus("2025-06-01", params=params), least_params=private.ONE_MILLION
    )
    assert [row.bearing for row in rows] == [bearing, bearing]


@pytest.mark.parametrize(("day", "recent"), [("2025-01-22", False), ("2025-01-23", True)])
def test_the_last_twelve_months_begin_after_the_same_day_a_year_ago(day, recent):
    table = published({"system": "A", "prove_s": 9.0, "published_on": pd.Timestamp(day)})
    found = literature.systems(table, as_of=AS_OF, period=literature.RECENT)
    assert len(found) == int(recent)


@pytest.mark.parametrize(
    ("days", "usd"),
    [(("2026-01-20", "2026-01-25"), 1.0), (("2026-01-18", "2026-01-25"), 2.0), (("2026-01-19", "2026-01-25"), 1.0)],
)
def test_the_price_nearest_to_the_day_counts_the_earlier_of_two(days, usd):
    rows = [{"observed_on": pd.Timestamp(day), "usd_per_hour": float(i)} for i, day in enumerate(days, start=1)]
    for some in (rows, rows[::-1]):
        found = nearest_prices(prices(*some), on=AS_OF, kind="hyperscaler", price_type="on-demand")
        assert found["usd_per_hour"].tolist() == [usd]


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


@pytest.mark.parametrize(("load", "quiet"), [(0.99, (1,)), (1.0, ())])
def test_a_session_is_quiet_below_one_runnable_process_at_its_first_run(load, quiet):
    rows = pd.DataFrame({"session": 1, "measured_at": ["2026-11-25T10:01", "2026-11-25T10:00"], "load": [9.0, load]})
    assert unproved.quiet_sessions(rows) == quiet


def test_up_to_four_earlier_tokens_pass_for_one():
    priced = pd.DataFrame({"tokens": 1, "cached_tokens": [0, 4, 5], "reason": "", "share": [0.1, 0.3, 9.0]})
    assert unproved.share_on_gpu(priced, tokens=1) == pytest.approx(0.2)
    assert np.isnan(unproved.share_on_gpu(priced, tokens=1024))
