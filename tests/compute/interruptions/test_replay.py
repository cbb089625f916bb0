"""Jobs on simulated and observed interruptions: exact answers, a plain loop, the closed form, size of the test."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.compute.interruptions import replay
from analysis.compute.interruptions.closed_form import Job, running_hours
from analysis.compute.interruptions.replay import Trace
from analysis.engine.data import sealed
from analysis.engine.data.tables import load, read
from tests.conftest import rewrite

#: Monte Carlo standard errors that a mean may be off.
ERRORS = 4
JOB = Job(6.0, 2.0, 0.5, 0.5)
REGULAR = Trace(np.array([4.0, 4.0]), np.array([1.0, 1.0]))


class Starts:
    """Stands for a generator that draws these starting times."""

    def __init__(self, *at):
        self.at = np.array(at)

    def uniform(self, low, high, size):
        assert (low, size) == (0, len(self.at))
        assert high >= self.at.max()
        return self.at


def loop(job, trace, start):
    """Hours billed and hours in all, event by event."""
    periods = [(u, d) for u, d in zip(trace.up, trace.down, strict=True)] * 400
    clock, index = start, 0
    while clock >= sum(periods[index]):
        clock -= sum(periods[index])
        index += 1
    up, down = periods[index]
    wall = 0.0
    if clock >= up:
        wall, index = up + down - clock, index + 1
        left = periods[index][0]
    else:
        left = up - clock
    saved, running, first = 0.0, 0.0, True
    while True:
        used = 0.0 if first else job.restart_hours
        while used <= left:
            step = min(job.checkpoint_every_hours, job.hours - saved)
            if used + step + job.checkpoint_hours > left + 1e-9:
                break
            used, saved = used + step + job.checkpoint_hours, saved + step
            if saved >= job.hours - 1e-9:
                return running + used, wall + used
        running, wall = running + left, wall + left + periods[index][1]
        index, first = index + 1, False
        left = periods[index][0]


def test_a_regular_trace_gives_the_answer_by_hand():
    found = replay.replay(JOB, REGULAR, starts=3, rng=Starts(0.0, 4.25, 2.0))
    assert found.running.tolist() == pytest.approx([11, 11, 13])
    assert found.wall.tolist() == pytest.approx([13, 13.75, 16])


def test_a_node_that_is_always_there_takes_what_the_job_takes():
    always = Trace(np.array([1e6]), np.array([1e-6]))
    found = replay.replay(JOB, always, starts=5, rng=Starts(0, 1, 2, 3, 4))
    assert found.running == pytest.approx(7.5)
    assert found.wall == pytest.approx(7.5)


def test_a_job_that_never_fits_never_ends():
    found = replay.replay(Job(6.0, 4.0, 0.5), REGULAR, starts=2, rng=Starts(0.0, 4.5))
    assert np.isinf(found.running).all()
    assert np.isinf(found.wall).all()
    assert replay.renewal_running_hours(Job(6.0, 4.0, 0.5), REGULAR.up) == np.inf


@given(
    up=st.lists(st.floats(0.2, 9), min_size=1, max_size=6),
    down=st.floats(0.1, 5),
    every=st.floats(0.3, 2),
    start=st.floats(0, 0.999),
)
@settings(max_examples=80, deadline=None)
def test_the_replay_equals_a_plain_loop(up, down, every, start):
    job = Job(5.0, every, 0.1, 0.3)
    trace = Trace(np.array([*up, 20.0]), np.full(len(up) + 1, down))
    at = start * (trace.up.sum() + trace.down.sum())
    found = replay.replay(job, trace, starts=1, rng=Starts(at))
    assert (found.running[0], found.wall[0]) == pytest.approx(loop(job, trace, at))


@pytest.mark.parametrize("job", [Job(24.0, 1.0, 0.05, 0.1), Job(10.0, 3.0, 0.2, 0.5), Job(5.0, 7.0)])
def test_closed_form_and_simulation_agree_where_the_assumptions_hold(job):
    found = replay.agreement(job, [0.003, 0.03, 0.3, 0.6], wait_hours=1.5, jobs=4000)
    assert found[["running_z", "wall_z"]].abs().to_numpy().max() < ERRORS
    assert (found["running_error"] / found["running"]).max() < 0.03


def test_without_a_wait_the_clock_runs_as_the_bill_does():
    found = replay.simulate(JOB, 0.2, 0.0, jobs=50, rng=np.random.default_rng(0))
    assert found.wall == pytest.approx(found.running)


def test_renewal_with_exponential_runs_is_the_closed_form():
    up = np.random.default_rng(0).exponential(4.0, 400_000)
    job = Job(100.0, 1.0, 0.1, 0.2)
    assert replay.renewal_running_hours(job, up) == pytest.approx(running_hours(job, 1 / up.mean()), rel=5e-3)


def test_runs_are_closed_to_a_circle():
    cut = replay.closed(np.array([1.0, 2.0, 3.0, 4.0]), np.array([False, True, False, True]))
    assert (cut.up.tolist(), cut.down.tolist()) == ([2.0, 4.0], [3.0, 1.0])
    joined = replay.closed(np.array([1.0, 2.0, 5.0]), np.array([False, True, False]))
    assert (joined.up.tolist(), joined.down.tolist()) == ([2.0], [6.0])


@pytest.mark.parametrize("available", [[True], [True, True], [True, False, False]])
def test_what_is_no_trace_is_refused(available):
    with pytest.raises(ValueError, match="alternate"):
        replay.closed(np.ones(len(available)), np.array(available))


def test_bad_traces_rates_and_looks_are_refused():
    with pytest.raises(ValueError, match="longer than 0 hours"):
        Trace(np.array([0.0]), np.array([1.0]))
    with pytest.raises(ValueError, match="cannot be simulated"):
        replay.simulate(JOB, 0.0, 1.0, jobs=1, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="cannot be simulated"):
        replay.simulate(JOB, 50.0, 1.0, jobs=1, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="whole numbers of looks"):
        replay.geometric_test(np.array([0, 1]), resamples=9, rng=np.random.default_rng(0))


def test_distance_to_the_geometric_distribution_by_hand():
    # mean 2, so that half of the runs end at each look: fitted 1/2, 3/4, 7/8; observed 2/3, 2/3, 2/3, 1 at 1, 2, 3, 4
    distance, _ = replay.geometric_test(np.array([1, 1, 4]), resamples=9, rng=np.random.default_rng(0))
    assert distance == pytest.approx(7 / 8 - 2 / 3)


@pytest.mark.slow
def test_the_geometric_test_keeps_its_size():
    rng = np.random.default_rng(3)
    values = [replay.geometric_test(rng.geometric(0.1, 80), resamples=99, rng=rng)[1] for _ in range(600)]
    assert np.mean(np.array(values) <= 0.05) == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / 600))
    assert np.mean(values) == pytest.approx(0.5, abs=4 / np.sqrt(12 * 600))


def test_the_geometric_test_sees_a_heavy_tail():
    rng = np.random.default_rng(4)
    heavy = np.ceil(rng.lognormal(0, 2, 150))
    assert replay.geometric_test(heavy, resamples=199, rng=rng)[1] == pytest.approx(1 / 200)


@pytest.mark.slow
def test_rates_of_the_shipped_traces_by_a_plain_count():
    runs = load("spot_runs")
    found = replay.run_lengths(runs, resamples=9)
    assert len(found) == 17
    key = ("2023-02-15", "us-west-2b", "V100-16GB", 1)
    own = runs[(runs["trace_start"] == key[0]) & (runs["zone"] == key[1])]
    up = own[own["available"]]
    # begins and ends with a node: its first and its last run are one
    assert found.loc[(pd.Timestamp(key[0]), *key[1:]), "rate"] == pytest.approx(
        (len(up) - 1) / up["run_length_hours"].sum()
    )
    assert found.loc[(pd.Timestamp(key[0]), *key[1:]), "available"] == pytest.approx(
        up["run_length_hours"].sum() / own["run_length_hours"].sum()
    )


def test_replays_depend_on_the_seed_alone_and_differ_from_the_closed_form():
    runs = load("spot_runs")
    rare = Job(24.0, 4.0, 0.05, 0.1)
    one, two = (replay.beside_closed_form(runs, rare, starts=300) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    off = (one["closed_running"] - one["running"]) / one["running_error"]
    assert (off > ERRORS).mean() > 0.5  # the closed form is dearer than what happened


def test_a_table_of_exponential_runs_agrees_with_the_closed_form():
    rng = np.random.default_rng(5)
    lengths = np.column_stack([rng.exponential(2.0, 20_000), rng.exponential(1.0, 20_000)]).ravel()
    runs = pd.DataFrame({"run_length_hours": lengths, "available": np.tile([True, False], 20_000)})
    runs["run_start_hours"] = runs["run_length_hours"].cumsum() - runs["run_length_hours"]
    runs = runs.assign(trace_start=pd.Timestamp("2025-01-01"), zone="z", gpu_model="V100-16GB", gpus_per_node=1)
    found = replay.beside_closed_form(runs, Job(24.0, 1.0, 0.05, 0.1), starts=4000).iloc[0]
    assert found["running"] == pytest.approx(found["closed_running"], rel=0.02)
    assert found["wall"] == pytest.approx(found["closed_wall"], rel=0.02)
    assert found["renewal_running"] == pytest.approx(found["closed_running"], rel=0.02)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("run_length_hours", "0", "greater than 0"),
        ("run_length_hours", "13.5", "a run that begins where the one before it ends"),
        ("run_start_hours", "13.4", "a run that begins where the one before it ends"),
        ("available", "False", "a run of the other kind than the one before it"),
        ("available", "perhaps", "True or False"),
        ("gpu_model", "V100", "one of V100-16GB, K80-12GB"),
        ("gpus_per_node", "0", "1 or more"),
        ("source_id", "nowhere", "in the column source_id of sources"),
    ],
)
def test_bad_runs_are_refused_with_row_and_rule(small_data, column, value, rule):
    def spoil(table):
        table.loc[1, column] = value
        return table

    rewrite(small_data, "spot_runs", spoil)
    with pytest.raises(sealed.DataError, match=rf"(?s)spot_runs\.csv.*row [34].*{rule}"):
        read("spot_runs", small_data)
