"""The model of step times: closed forms, published figures, and what must cancel."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.compute.training.beyond import step_time
from analysis.engine.data.tables import load

EXACT = 1e-12
SETTING = step_time.Setting(participants=20, tokens=400_000, gpu_flop_per_s=1e15, mfu=0.4, gpu_bytes=80e9, least_gpus=8)
METHODS = step_time.methods_of(load("training_runs"))
#: Width of published models: Llama 3.1, 405 and 70 billion (arXiv 2407.21783, table 3).
WIDTH_OF_LLAMA = {405e9: 16_384, 70e9: 8_192}
#: Received per step with all-reduce at 1.2 billion parameters on 32 machines, by DisTrO's table 3: every machine gets
#: what each of 31 others sends, in 16 bits.
RECEIVED_BY_ALL_GATHER = 74.4e9

params = st.floats(1e9, 5e11)
speeds = st.floats(25e6, 400e9)
methods = st.sampled_from(METHODS)


@pytest.fixture(scope="module")
def runs():
    return load("training_runs")


@settings(deadline=None)
@given(params, methods)
def test_at_the_frontier_exchanging_takes_half_of_the_time(size, method) -> None:
    speed = step_time.balance_bandwidth(size, method, SETTING)
    assert step_time.step_time(size, speed, method, SETTING).compute_share == pytest.approx(0.5, rel=EXACT)


@settings(deadline=None)
@given(params, speeds, st.floats(1.01, 100), methods)
def test_more_bandwidth_computes_a_larger_share(size, speed, factor, method) -> None:
    slow, fast = (step_time.step_time(size, s, method, SETTING) for s in (speed, factor * speed))
    assert fast.communication_s == pytest.approx(slow.communication_s / factor)
    assert fast.compute_share > slow.compute_share


def test_size_cancels_while_a_participant_has_as_many_gpus() -> None:
    small, large = (step_time.balance_bandwidth(x, METHODS[0], SETTING) for x in (1e9, 4e10))
    assert small == pytest.approx(large, rel=EXACT)
    doubled = step_time.balance_bandwidth(8e10, METHODS[0], SETTING)
    assert step_time.gpus_of_participant(8e10, METHODS[0], SETTING) == 16
    assert doubled == pytest.approx(2 * large, rel=EXACT)


def test_the_frontier_in_closed_form() -> None:
    n, method = SETTING.participants, METHODS[0]
    speed = 8 * SETTING.gpu_flop_per_s * SETTING.mfu
    bits = 2 * (n - 1) / n * 16 * speed / (6 * SETTING.tokens)
    assert step_time.balance_bandwidth(1e10, method, SETTING) == pytest.approx(bits, rel=EXACT)


@pytest.mark.parametrize("times", [2.0, 400.0])
def test_a_reduction_divides_the_bandwidth_that_is_needed(times) -> None:
    less = replace(METHODS[0], reduction=times)
    ratio = step_time.balance_bandwidth(1e10, METHODS[0], SETTING) / step_time.balance_bandwidth(1e10, less, SETTING)
    assert ratio == pytest.approx(times, rel=EXACT)


@settings(deadline=None)
@given(st.integers(1, 10_000), st.floats(1, 1e12))
def test_a_ring_moves_less_than_two_messages_and_never_less_than_one_of_several(n, message) -> None:
    moved = step_time.ring_bytes(message, n)
    assert moved < 2 * message
    assert moved == 0 if n == 1 else moved >= message


def test_a_ring_adds_up_what_every_participant_holds() -> None:
    """Chunk by chunk, by brute force: n − 1 steps to add, n − 1 to pass on; every sum is right, bytes are counted."""
    n, rng = 5, np.random.default_rng(7)
    held = rng.normal(size=(n, n))
    total, sent = held.sum(axis=0), np.zeros(n)
    for step in range(2 * (n - 1)):
        moving = [(i, (i - step) % n) for i in range(n)]
        values = [held[i, chunk] for i, chunk in moving]
        for (i, chunk), value in zip(moving, values, strict=True):
            receiver = (i + 1) % n
            held[receiver, chunk] = held[receiver, chunk] + value if step < n - 1 else value
            sent[i] += 1 / n
    assert held == pytest.approx(np.tile(total, (n, 1)))
    assert sent == pytest.approx(np.full(n, step_time.ring_bytes(1.0, n)))


def test_published_traffic_of_all_gather_is_above_the_ring(runs) -> None:
    row = runs.set_index("run_id").loc["distro_1b_all_reduce"]
    n = int(row["participants"])
    assert row["received_bytes_per_step"] == RECEIVED_BY_ALL_GATHER
    assert (n - 1) * 2 * row["params"] == pytest.approx(RECEIVED_BY_ALL_GATHER)
    assert step_time.ring_bytes(2 * row["params"], n) < RECEIVED_BY_ALL_GATHER


@pytest.mark.parametrize(("size", "width"), WIDTH_OF_LLAMA.items())
def test_adapters_are_as_small_as_at_published_widths(size, width) -> None:
    share = step_time.ADAPTER_RANK / (3 * width)
    assert step_time.adapter_share(size) == pytest.approx(share, rel=0.12)


def test_adapters_need_less_bandwidth_than_training_everything_at_every_step() -> None:
    full, adapters = METHODS[0], METHODS[3]
    for size in (1e9, 1e10, 1e11, 5e11):
        assert (
            step_time.balance_bandwidth(size, adapters, SETTING)
            < step_time.balance_bandwidth(size, full, SETTING) / 100
        )


def test_the_setting_is_read_from_the_tables(runs) -> None:
    found = step_time.setting_of(runs, load("gpu_models"))
    assert (found.participants, found.least_gpus, found.tokens) == (20, 8, 192 * 2048)
    assert found.mfu == pytest.approx(0.405)
    assert found.gpu_flop_per_s == pytest.approx(989e12)


def test_the_model_is_compared_only_where_a_run_states_enough(runs) -> None:
    models = load("gpu_models")
    found = step_time.against_measured(runs, models, step_time.setting_of(runs, models))
    covenant = found[found["predicted_low"].notna()].iloc[0]
    assert covenant["run"].startswith("Covenant-72B")
    assert covenant["predicted_low"] < covenant["predicted_high"] < covenant["measured_low"], "a ring at stated speeds"
    assert step_time.against_measured(runs.assign(inner_steps=np.nan), models, SETTING)["predicted_low"].isna().all()


def test_points_are_runs_and_not_their_measurements(runs) -> None:
    points = step_time.points_of(runs)
    assert set(points["run_id"]) <= set(runs.loc[runs["of_run"] == "", "run_id"])
    assert points.set_index("run_id").loc["covenant_72b", "bits_per_s"] == 110e6, "the slower direction"


def test_the_latest_median_of_households_counts() -> None:
    links = load("interconnects")
    assert step_time.household_upload(links) == 22.6e6
    with pytest.raises(ValueError, match="no median"):
        step_time.household_upload(links[links["kind"] != "household"])


def test_gpus_for_a_run() -> None:
    one = step_time.gpus_for(1e24, timedelta(days=10), SETTING)
    assert step_time.gpus_for(1e24, timedelta(days=20), SETTING) == pytest.approx(one / 2)
    assert one * 10 * 86_400 * SETTING.gpu_flop_per_s * SETTING.mfu == pytest.approx(1e24)


@pytest.mark.parametrize(("size", "speed"), [(0, 1e6), (-1e9, 1e6), (1e9, 0), (float("nan"), 1e6)])
def test_what_cannot_be_is_refused(size, speed) -> None:
    with pytest.raises(ValueError, match="positive"):
        step_time.step_time(size, speed, METHODS[0], SETTING)


def test_nobody_exchanges_nothing() -> None:
    with pytest.raises(ValueError, match="at least one participant"):
        step_time.ring_bytes(1.0, 0)
