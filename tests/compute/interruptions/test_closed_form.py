"""Closed form of an interrupted job: derivation by hand, limits, properties, published optimal intervals."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from analysis.compute.interruptions import closed_form as interruptions
from analysis.compute.interruptions.closed_form import (
    Job,
    at_best_interval,
    best_interval,
    break_even_rate,
    running_hours,
)

EXACT = 1e-9
#: Rate (1/h), checkpoint (h) -> optimal interval in minutes, from the captions of figures 3 to 5 of Daly (2006), who
#: expands in a series where we solve: at the last, the minimum is 9.17.
SERIES = 1e-2
TRUE_INTERVAL_FROM_DALY = {(1 / 24, 5 / 60): 117, (1 / 6, 5 / 60): 57, (4.0, 5 / 60): 9.1}

hours = st.floats(0.5, 200)
rates = st.floats(0, 2)
jobs = st.builds(Job, hours, st.floats(0.05, 10), checkpoint_hours=st.floats(0, 0.5), restart_hours=st.floats(0, 0.5))


def by_attempts(length: float, rate: float, restart: float) -> float:
    """Hours of one stretch, from the distribution of attempts instead of the closed form."""

    def attempts(length: float) -> tuple[float, float]:
        """Expected failed attempts, expected hours in all of them and the last."""
        p = math.exp(-rate * length)
        mean_failed = 1 / rate - length * p / (1 - p)  # mean of an exponential cut at the length
        return (1 - p) / p, (1 - p) / p * mean_failed + length

    failures, own = attempts(length)
    return own + failures * (attempts(restart)[1] if restart else 0.0)


@pytest.mark.parametrize("rate", [1e-4, 0.03, 0.5, 3.0])
@pytest.mark.parametrize("restart", [0.0, 0.4])
def test_a_stretch_takes_what_its_attempts_take(rate, restart):
    job = Job(10.0, 3.0, 0.2, restart)
    expected = 3 * by_attempts(3.2, rate, restart) + by_attempts(1.2, rate, restart)
    assert running_hours(job, rate) == pytest.approx(expected, rel=1e-7)


def test_without_interruptions_only_saving_is_added():
    assert running_hours(Job(24.0, 2.0, 0.1, 5.0), 0.0) == pytest.approx(24 * (1 + 0.1 / 2), rel=EXACT)
    assert running_hours(Job(24.0, 2.0, 0.1, 5.0), 1e-12) == pytest.approx(25.2, rel=1e-9)
    assert running_hours(Job(25.0, 2.0, 0.1), 0.0) == pytest.approx(25 + 13 * 0.1, rel=EXACT)


def test_without_restarts_it_is_the_time_to_a_first_run_of_that_length():
    job = Job(3.0, 3.0)
    assert running_hours(job, 0.5) == pytest.approx((math.exp(1.5) - 1) / 0.5, rel=EXACT)


@given(job=jobs, rate=rates, more=st.floats(0, 1))
@settings(max_examples=100, deadline=None)
def test_more_interruptions_or_longer_restarts_never_shorten_it(job, rate, more):
    at = running_hours(job, rate)
    assert at >= job.hours * (1 - EXACT)
    assert running_hours(job, rate + more) >= at * (1 - EXACT)
    longer = dataclasses.replace(job, restart_hours=job.restart_hours + more)
    assert running_hours(longer, rate) >= at * (1 - EXACT)
    assert interruptions.wall_hours(job, rate, more) >= at * (1 - EXACT)


def test_a_hopeless_job_takes_for_ever_without_a_warning():
    assert running_hours(Job(1000.0, 1000.0), 5.0) == math.inf


@pytest.mark.parametrize(("given", "minutes"), TRUE_INTERVAL_FROM_DALY.items())
def test_published_optimal_intervals_come_back(given, minutes):
    assert 60 * best_interval(*given) == pytest.approx(minutes, rel=SERIES)


@given(rate=st.floats(1e-4, 5), checkpoint=st.floats(1e-3, 1))
@settings(max_examples=60, deadline=None)
def test_the_best_interval_is_where_a_search_finds_it(rate, checkpoint):
    found = optimize.minimize_scalar(
        lambda x: np.expm1(rate * (math.exp(x) + checkpoint)) / math.exp(x), bounds=(-12, 6), method="bounded"
    )
    assert best_interval(rate, checkpoint) == pytest.approx(math.exp(found.x), rel=1e-2)


def test_the_best_interval_approaches_youngs_and_its_limits():
    assert best_interval(1e-6, 0.01) == pytest.approx(math.sqrt(2 * 0.01 / 1e-6), rel=1e-3)
    assert best_interval(0.0, 0.1) == math.inf
    assert best_interval(1.0, 0.0) == 0


@pytest.mark.slow
@given(job=jobs, rate=st.floats(1e-3, 2))
@settings(max_examples=60, deadline=None)
def test_no_number_of_stretches_beats_the_best(job, rate):
    job = dataclasses.replace(job, checkpoint_every_hours=None, checkpoint_hours=job.checkpoint_hours + 0.01)
    best = running_hours(job, rate)
    counts = np.unique(np.geomspace(1, 2000, 60).astype(int))
    others = [running_hours(dataclasses.replace(job, checkpoint_every_hours=job.hours / n), rate) for n in counts]
    assert best <= min(others) * (1 + EXACT)


@given(job=jobs, discount=st.floats(0.05, 0.95))
@settings(max_examples=100, deadline=None)
def test_at_the_break_even_rate_both_cost_the_same(job, discount):
    rate = break_even_rate(job, price=1 - discount, reference=1.0)
    idle = interruptions.relative_cost(job, 0.0, price=1 - discount, reference=1.0)
    if math.isnan(rate):
        assert idle >= 1 - EXACT
    else:
        assert idle < 1
        assert interruptions.relative_cost(job, rate, price=1 - discount, reference=1.0) == pytest.approx(1, rel=1e-6)


def test_a_lower_price_bears_more_interruptions():
    job = Job(24.0, 1.0, 0.05, 0.1)
    found = [break_even_rate(job, price=price, reference=10.0) for price in (1, 2, 4, 8)]
    assert found == sorted(found, reverse=True)


def test_break_even_where_only_restarts_cost_and_where_nothing_does():
    assert break_even_rate(Job(9.0, restart_hours=0.5), price=1.0, reference=4.0) == pytest.approx(math.log(4) / 0.5)
    assert break_even_rate(Job(9.0), price=1.0, reference=4.0) == math.inf
    assert math.isnan(break_even_rate(Job(9.0), price=4.0, reference=4.0))


def test_adapting_the_interval_bears_at_least_as_many_interruptions():
    fixed = Job(24.0, 1.0, 0.05, 0.1)
    adapted = dataclasses.replace(fixed, checkpoint_every_hours=None)
    assert break_even_rate(adapted, price=1.0, reference=3.0) > break_even_rate(fixed, price=1.0, reference=3.0)
    at = best_interval(0.4, 0.05)
    assert at_best_interval(adapted, 0.4).checkpoint_every_hours == pytest.approx(at, rel=0.05)


@pytest.mark.parametrize("bad", [0, -1, math.nan, math.inf, "1", True])
def test_jobs_that_cannot_exist_are_refused(bad):
    with pytest.raises(ValueError, match="hours must be a finite number above 0"):
        Job(bad)
    with pytest.raises(ValueError, match="checkpoint_every_hours must be"):
        Job(1.0, bad)
    with pytest.raises(ValueError, match="the price must be"):
        break_even_rate(Job(1.0, 1.0), price=bad, reference=1.0)


@pytest.mark.parametrize("bad", [-0.1, math.nan, math.inf, None, True])
def test_costs_and_rates_that_are_none_are_refused(bad):
    for name in ("checkpoint_hours", "restart_hours"):
        with pytest.raises(ValueError, match=f"{name} must be"):
            Job(1.0, 1.0, **{name: bad})
    with pytest.raises(ValueError, match="an interruption rate is"):
        running_hours(Job(1.0, 1.0), bad)
    with pytest.raises(ValueError, match="a mean wait is"):
        interruptions.wall_hours(Job(1.0, 1.0), 0.1, bad)


def test_an_open_interval_is_refused_where_one_is_needed():
    with pytest.raises(ValueError, match="leaves its checkpoint interval open"):
        interruptions.stretches(Job(1.0))
    with pytest.raises(ValueError, match="best made all the time"):
        at_best_interval(Job(1.0), 0.1)
