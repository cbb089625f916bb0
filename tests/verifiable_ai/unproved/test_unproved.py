"""V3: the inference itself, and what would contradict it."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.engine.claims import load_claims
from analysis.engine.claims.judge import judge
from analysis.engine.data.tables import load
from analysis.verifiable_ai.unproved import unproved

TODAY = date(2026, 11, 22)
ONE_TOKEN, FULL = unproved.TOKENS
MEDIAN, SLOWEST = unproved.RUNS
MEASURED, PUBLISHED = "our measurement", "published throughput on a GPU"


@pytest.fixture(scope="module")
def claim():
    return load_claims()["V3"]


def assess(claim, runs: pd.DataFrame, prices: pd.DataFrame | None = None, gpu: pd.DataFrame | None = None):
    return unproved.assess_v3(
        claim,
        zk_inference=runs,
        gpu_inference=load("gpu_inference") if gpu is None else gpu,
        machine_prices=load("machine_prices") if prices is None else prices,
    )


@pytest.mark.slow
def test_the_estimate_is_the_median_of_the_quiet_runs_of_one_token_on_two_threads(claim) -> None:
    runs = load("zk_inference")
    quiet = [s for s, some in runs.groupby("session") if some.loc[some["measured_at"].idxmin(), "load"] < 1]
    assert quiet == [1, 3, 4, 5]
    of_two = runs["session"].isin(quiet) & (runs["tokens"] == 1) & (runs["threads"] == 2)
    own = runs.loc[of_two, "seconds"].to_numpy()
    found = assess(claim, runs).estimate
    assert found.value == pytest.approx(np.median(own))
    assert [found.low, found.high] == pytest.approx(np.percentile(own, [2.5, 97.5]))
    assert found.n == len(own) >= unproved.LEAST_RUNS
    assert found.value < 1


def test_inferences_of_ten_seconds_contradict_the_claim(claim) -> None:
    ours, published = (load(name).assign(seconds=10.0) for name in ("zk_inference", "gpu_inference"))
    verdict = judge(claim, assess(claim, ours, gpu=published), today=TODAY)
    assert verdict.primary == "differs-larger"
    assert verdict.label == "differs-larger"


def test_inferences_of_ten_seconds_here_contradict_all_but_what_was_published(claim) -> None:
    verdict = judge(claim, assess(claim, load("zk_inference").assign(seconds=10.0)), today=TODAY)
    assert verdict.primary == "differs-larger"
    assert verdict.label == "definition-ambiguous"


def test_ten_seconds_of_one_token_alone_contradict_the_primary_definition_only(claim) -> None:
    runs = load("zk_inference")
    slow = runs.assign(seconds=np.where(runs["tokens"] == 1, 10.0, runs["seconds"]))
    verdict = judge(claim, assess(claim, slow), today=TODAY)
    assert verdict.primary == "differs-larger"
    assert verdict.label == "definition-ambiguous"


def in_seconds(runs: pd.DataFrame, seconds: float, *, session: int, new: bool) -> pd.DataFrame:
    """The runs with a session of other seconds: a copy of it beside the others, or in its place."""
    other = runs[runs["session"] == session].assign(seconds=seconds)
    left = runs if new else runs[runs["session"] != session]
    return pd.concat([left, other.assign(session=99 if new else session)], ignore_index=True)


@pytest.mark.slow
@pytest.mark.parametrize("new", [True, False])
def test_one_session_of_ten_seconds_widens_the_interval_and_moves_the_slowest_run(claim, new: bool) -> None:
    runs = load("zk_inference")
    before, slow = assess(claim, runs), in_seconds(runs, 10.0, session=3, new=new)
    after = assess(claim, slow)
    assert before.estimate.high < 1 < after.estimate.high == 10.0
    assert after.estimate.value < 1
    assert judge(claim, after, today=TODAY).primary == "inconclusive"
    tables = {"gpu_inference": load("gpu_inference"), "machine_prices": load("machine_prices")}
    found = unproved.question_v3(claim, zk_inference=slow, **tables).explore().table
    found = found[found["source"] == MEASURED].set_index(["input", "run"])["estimate"]
    assert found[ONE_TOKEN, SLOWEST] == 10.0


@pytest.mark.slow
def test_each_quiet_session_is_left_out_in_turn(claim) -> None:
    tables = {name: load(name) for name in ("zk_inference", "gpu_inference", "machine_prices")}
    found = unproved.leave_session_out(claim, **tables).set_index("without")
    assert found.index.tolist() == [0, *unproved.quiet_sessions(tables["zk_inference"])]
    assert found.loc[0, "label"] == judge(claim, assess(claim, tables["zk_inference"]), today=TODAY).label
    left = tables["zk_inference"].query("session != 3")
    assert found.loc[3, "support"] == assess(claim, left).support.balanced


@pytest.mark.slow
def test_without_a_run_of_the_longest_input_there_is_an_estimate_without_support(claim) -> None:
    runs, gpu = load("zk_inference"), load("gpu_inference")
    short = runs[runs["tokens"] == 1]
    found = assess(claim, short, gpu=gpu)
    assert found.support is None
    assert found.estimate == assess(claim, runs).estimate
    assert judge(claim, found, today=TODAY).label == "reproduced"
    slow = assess(claim, short.assign(seconds=10.0), gpu=gpu)
    assert "10 times" in slow.nearest_true


@pytest.mark.slow
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


def explored(claim, gpu: pd.DataFrame | None = None) -> pd.DataFrame:
    tables = {name: load(name) for name in ("zk_inference", "gpu_inference", "machine_prices")}
    if gpu is not None:
        tables["gpu_inference"] = gpu
    return unproved.question_v3(claim, **tables).explore().table.set_index(["source", "input", "run"])


def test_alternatives_are_those_of_the_definition(claim) -> None:
    found = explored(claim)["estimate"]
    for length, tokens in unproved.TOKENS.items():
        runs = unproved.runs_of(load("zk_inference"), tokens=tokens)
        assert found[MEASURED, length, SLOWEST] == pytest.approx(runs.max())
        assert found[MEASURED, length, MEDIAN] == pytest.approx(runs.median())


def test_what_was_published_on_a_gpu_is_priced_by_a_plain_reading(claim) -> None:
    prices = load("machine_prices")
    offered = prices[(prices["kind"] == "hyperscaler") & (prices["price_type"] == "on-demand")]
    offered = offered[(offered["region"] != "") & offered["gpu_model"].isin(["V100-16GB", "V100-32GB"])]
    found = explored(claim)
    for length, memory in {ONE_TOKEN: ("V100-16GB", "V100-32GB"), FULL: ("V100-32GB",)}.items():
        least = offered.loc[offered["gpu_model"].isin(memory), "usd_per_hour"].min()
        gpu = load("gpu_inference")
        seconds = gpu.loc[gpu["tokens"] == unproved.TOKENS[length], "seconds"]
        shares = [max(s, s / 3600 * least / 0.01) for s in seconds]
        assert len(shares) > 1
        assert found.loc[(PUBLISHED, length, MEDIAN), "estimate"] == pytest.approx(np.median(shares))


def test_one_published_figure_stands_for_either_run_and_counts_once(claim) -> None:
    found = explored(claim)
    published = found["estimate"][PUBLISHED].unstack("run")
    assert (published[MEDIAN] == published[SLOWEST]).all()
    tables = {name: load(name) for name in ("zk_inference", "gpu_inference", "machine_prices")}
    assert unproved.question_v3(claim, **tables).explore().distinct == found["estimate"].nunique() == 6


def test_a_slow_gpu_turns_its_definitions_and_no_other(claim) -> None:
    slow = explored(claim, load("gpu_inference").assign(seconds=5.0))
    holds = slow[slow["admissible"]]["holds"]
    assert not holds[PUBLISHED].any()
    assert holds[MEASURED].equals(explored(claim).query("admissible")["holds"][MEASURED])


def test_without_length_or_price_nothing_published_is_compared(claim) -> None:
    gpu = load("gpu_inference")
    priced = unproved.on_gpu(gpu, load("machine_prices"), claim).set_index("gpu_inference_id")
    assert set(priced["reason"]) == {"", "input length not stated"}
    assert np.isnan(priced.loc["xserv-phase-8", "share"])
    unknown = unproved.on_gpu(gpu.assign(gpu_model="TPU"), load("machine_prices"), claim)
    assert "no price" in set(unknown["reason"])
    assert np.isnan(unproved.share_on_gpu(unknown, tokens=1))
    long_cache = unproved.on_gpu(gpu.assign(cached_tokens=128.0), load("machine_prices"), claim)
    assert np.isnan(unproved.share_on_gpu(long_cache, tokens=1))


@given(seconds=st.floats(1e-6, 1e4), price=st.floats(1e-3, 1e4))
def test_the_share_is_below_one_exactly_where_both_bounds_hold(seconds: float, price: float) -> None:
    both = seconds < 1 and seconds / 3600 * price < 0.01
    assert (unproved.share(seconds, price) < 1) == both


@given(seconds=st.floats(1e-6, 1e4))
def test_at_the_break_even_price_the_cost_is_a_cent(seconds: float) -> None:
    assert seconds / 3600 * unproved.break_even_price(seconds) == pytest.approx(0.01)


def runs_with(loads: dict[int, list[float]]) -> pd.DataFrame:
    """Sessions whose runs had these loads, in order, given in the reverse order."""
    rows = [(s, load, f"2026-01-01T00:00:{i:02d}+00:00") for s, some in loads.items() for i, load in enumerate(some)]
    return pd.DataFrame(rows[::-1], columns=["session", "load", "measured_at"])


def test_a_session_is_quiet_by_the_load_of_its_first_run_alone() -> None:
    table = runs_with({1: [0.2, 3.0], 2: [1.6, 0.1], 3: [1.0, 0.1], 4: [0.999]})
    assert unproved.quiet_sessions(table) == (1, 4)
    assert unproved.quiet_sessions(table.iloc[:0]) == ()


def test_quiet_sessions_are_chosen_whatever_their_times() -> None:
    runs = load("zk_inference")
    reversed_times = runs.assign(seconds=runs["seconds"].to_numpy()[::-1])
    assert unproved.quiet_sessions(reversed_times) == unproved.quiet_sessions(runs)


def test_a_loaded_session_is_shown_and_does_not_count(claim) -> None:
    runs = load("zk_inference")
    shown = unproved.sessions(runs).set_index("session")
    assert shown["quiet"].to_dict() == {1: True, 2: False, 3: True, 4: True, 5: True}
    assert shown.loc[[4, 5], "full_runs"].tolist() == [0, 0]
    assert np.isnan(shown.loc[4, "full_s"])
    slower = runs.assign(seconds=runs["seconds"].where(runs["session"] != 2, 60.0))
    assert assess(claim, slower).estimate == assess(claim, runs).estimate


def test_no_quiet_session_leaves_nothing_to_say(claim) -> None:
    assert assess(claim, load("zk_inference").assign(load=2.0)).missing == "missing"


def test_the_summary_pools_the_quiet_sessions(claim) -> None:
    found = unproved.summary(load("zk_inference"), load("machine_prices"), claim).set_index(["tokens", "threads"])
    own = assess(claim, load("zk_inference")).estimate
    assert found.loc[(1, 2), ["median_s", "low_s", "high_s"]].tolist() == pytest.approx([own.value, own.low, own.high])
    assert found["runs"].to_dict() == {(1, 1): 150, (1, 2): 150, (1024, 1): 50, (1024, 2): 50}
