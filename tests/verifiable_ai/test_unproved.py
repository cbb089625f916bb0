"""V3: the inference itself, and what would contradict it."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.claims import load_claims
from analysis.data import load
from analysis.verdicts import judge
from analysis.verifiable_ai import unproved

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def claim():
    return load_claims()["V3"]


def assess(claim, runs: pd.DataFrame, prices: pd.DataFrame | None = None):
    return unproved.assess_v3(
        claim, zk_inference=runs, machine_prices=load("machine_prices") if prices is None else prices
    )


def test_the_estimate_is_the_median_of_the_quiet_runs_of_one_token_on_two_threads(claim) -> None:
    runs = load("zk_inference")
    quiet = runs.groupby("session")["load"].mean().idxmin()
    of_two = (runs["session"] == quiet) & (runs["tokens"] == 1) & (runs["threads"] == 2)
    own = runs.loc[of_two, "seconds"].to_numpy()
    found = assess(claim, runs).estimate
    assert found.value == pytest.approx(np.median(own))
    assert [found.low, found.high] == pytest.approx(np.percentile(own, [2.5, 97.5]))
    assert found.n == len(own) >= unproved.LEAST_RUNS
    assert found.value < 1


def test_inferences_of_ten_seconds_contradict_the_claim(claim) -> None:
    verdict = judge(claim, assess(claim, load("zk_inference").assign(seconds=10.0)), today=TODAY)
    assert verdict.primary == "differs-larger"
    assert verdict.label == "differs-larger"


def test_ten_seconds_of_one_token_alone_contradict_the_primary_definition_only(claim) -> None:
    runs = load("zk_inference")
    slow = runs.assign(seconds=np.where(runs["tokens"] == 1, 10.0, runs["seconds"]))
    verdict = judge(claim, assess(claim, slow), today=TODAY)
    assert verdict.primary == "differs-larger"
    assert verdict.label == "definition-ambiguous"


def test_a_machine_of_a_thousand_dollars_an_hour_makes_the_cost_decide(claim) -> None:
    prices = load("machine_prices")
    dear = prices.assign(usd_per_hour=1e6)
    assert assess(claim, load("zk_inference"), dear).estimate.value > 1
    assert judge(claim, assess(claim, load("zk_inference"), dear), today=TODAY).primary == "differs-larger"


def test_the_price_is_of_a_machine_at_least_as_large(claim) -> None:
    prices = load("machine_prices")
    found = unproved._price(load("zk_inference"), prices, claim)
    own = load("zk_inference").iloc[0]
    assert found["vcpus"] >= own["cores"]
    assert found["memory_gib"] >= own["memory_gib"]
    assert found["kind"] == "hyperscaler"


def test_too_few_runs_or_no_price_leave_nothing_to_say(claim) -> None:
    runs, prices = load("zk_inference"), load("machine_prices")
    assert assess(claim, runs.iloc[:5]).missing == "missing"
    assert assess(claim, runs.iloc[:0]).missing == "missing"
    assert assess(claim, runs, prices.iloc[:0]).missing == "missing"


def test_a_network_of_another_size_does_not_count(claim) -> None:
    assert assess(claim, load("zk_inference").assign(params=1_000)).missing == "missing"


def test_alternatives_are_those_of_the_definition(claim) -> None:
    found = unproved.explore_v3(claim, zk_inference=load("zk_inference"), usd_per_hour=0.25).table
    published = found[found["source"] == unproved.PUBLISHED]
    assert not published["admissible"].any()
    measured = found[found["source"] == unproved.MEASURED].set_index(["input", "run"])["estimate"]
    runs = unproved.runs_of(load("zk_inference"), tokens=unproved.LONGEST)
    assert measured[unproved.FULL, unproved.SLOWEST] == pytest.approx(runs.max())
    assert measured[unproved.FULL, unproved.MEDIAN] == pytest.approx(runs.median())


@given(seconds=st.floats(1e-6, 1e4), price=st.floats(1e-3, 1e4))
def test_the_share_is_below_one_exactly_where_both_bounds_hold(seconds: float, price: float) -> None:
    both = seconds < 1 and seconds / 3600 * price < 0.01
    assert (unproved.share(seconds, price) < 1) == both


@given(seconds=st.floats(1e-6, 1e4))
def test_at_the_break_even_price_the_cost_is_a_cent(seconds: float) -> None:
    assert seconds / 3600 * unproved.break_even_price(seconds) == pytest.approx(0.01)


def test_the_session_is_chosen_by_load_and_not_by_time() -> None:
    runs = load("zk_inference")
    assert unproved.quietest(runs.assign(seconds=runs["seconds"].to_numpy()[::-1])) == unproved.quietest(runs)
