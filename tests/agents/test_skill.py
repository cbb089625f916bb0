"""Power and the best of many against simulations, closed forms and published tables."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import TTestPower

from analysis.agents import skill

#: How far a simulated share may lie from the computed one: two points.
POINTS = 0.02
RUNS = 20_000


def simulated_power(ratio: float, months: int, level: float, seed: int) -> float:
    """Share of records of independent normal months in which the one-sided t test rejects."""
    draws = np.random.default_rng(seed).normal(ratio / np.sqrt(12), 1.0, size=(RUNS, months))
    statistic = draws.mean(axis=1) / (draws.std(axis=1, ddof=1) / np.sqrt(months))
    return float((statistic > stats.t.isf(level, months - 1)).mean())


@pytest.mark.parametrize(("ratio", "picked_from"), [(2.0, 1), (2.0, 6), (1.0, 1), (2.0, 1000)])
def test_power_at_the_months_needed_is_that_of_a_simulation(ratio, picked_from):
    months = skill.months_needed(ratio, picked_from=picked_from)
    power = skill.power_of(ratio, months, picked_from=picked_from)
    assert power >= skill.POWER > skill.power_of(ratio, months - 1, picked_from=picked_from)
    assert simulated_power(ratio, months, skill.level_after(picked_from), seed=1) == pytest.approx(power, abs=POINTS)


@pytest.mark.parametrize(("ratio", "months", "picked_from"), [(0.5, 60, 1), (1.0, 76, 1), (2.0, 35, 6), (3.0, 12, 40)])
def test_power_is_that_of_statsmodels(ratio, months, picked_from):
    level = skill.level_after(picked_from)
    other = TTestPower().power(ratio / np.sqrt(12), months, level, alternative="larger")
    assert skill.power_of(ratio, months, picked_from=picked_from) == pytest.approx(other, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("picked_from", [1, 6, 50])
def test_the_level_of_the_best_of_many_is_kept_in_a_simulation(picked_from):
    """Of agents without skill, the best passes in a share of the level, and without the correction far more often."""
    months, rng = 24, np.random.default_rng(2)
    draws = rng.normal(size=(4000, picked_from, months))
    best = (draws.mean(axis=2) / (draws.std(axis=2, ddof=1) / np.sqrt(months))).max(axis=1)
    corrected = (best > stats.t.isf(skill.level_after(picked_from), months - 1)).mean()
    assert corrected == pytest.approx(skill.LEVEL, abs=POINTS)
    plain = (best > stats.t.isf(skill.LEVEL, months - 1)).mean()
    assert plain == pytest.approx(skill.best_by_luck(picked_from, months)[1], abs=POINTS)


def test_expected_best_in_closed_forms():
    """n = 2, 3: David and Nagaraja, Order Statistics, 3rd edition, exercise 3.2.2."""
    assert skill.expected_best(1) == pytest.approx(0, abs=1e-9)
    assert skill.expected_best(2) == pytest.approx(1 / np.sqrt(np.pi))
    assert skill.expected_best(3) == pytest.approx(3 / (2 * np.sqrt(np.pi)))


@pytest.mark.parametrize("agents", [6, 100, 1000])
def test_expected_best_is_that_of_a_simulation(agents):
    draws = np.random.default_rng(3).normal(size=(5000, agents)).max(axis=1)
    assert skill.expected_best(agents) == pytest.approx(draws.mean(), abs=4 * draws.std() / np.sqrt(5000))


@pytest.mark.parametrize("agents", [10_000, 1_000_000])
def test_expected_best_of_very_many_stays_near_its_asymptote(agents):
    """√(2 ln n) is an upper bound, approached from below."""
    bound = np.sqrt(2 * np.log(agents))
    assert 0.85 * bound < skill.expected_best(agents) < bound


@pytest.mark.parametrize("ratio", skill.RATIOS)
def test_months_lie_just_above_the_normal_approximation(ratio):
    z = stats.norm.isf(skill.LEVEL) + stats.norm.ppf(skill.POWER)
    normal = 12 * (z / ratio) ** 2
    assert normal <= skill.months_needed(ratio) <= normal + 3


@settings(max_examples=20, deadline=None)
@given(ratio=st.floats(0.8, 4), agents=st.integers(1, 500))
def test_smaller_ratios_and_more_agents_need_longer_records(ratio, agents):
    assert skill.months_needed(ratio, picked_from=agents + 1) >= skill.months_needed(ratio, picked_from=agents)
    assert skill.months_needed(0.9 * ratio, picked_from=agents) >= skill.months_needed(ratio, picked_from=agents)


def test_luck_fades_with_the_square_root_of_the_record():
    year, four = skill.best_by_luck(6, 12), skill.best_by_luck(6, 48)
    assert year[0] == pytest.approx(2 * four[0])
    assert year[1] == four[1] == pytest.approx(1 - 0.95**6)


@pytest.mark.parametrize(("observations", "more"), [(252, 0.0), (12, 0.22)])
def test_the_best_by_luck_is_that_of_daily_returns_and_low_for_twelve_monthly_ones(observations, more):
    """Ratios with an estimated volatility, over a year: t with a degree of freedom less than there are returns."""
    ratios = stats.t.rvs(observations - 1, size=(8000, 100), random_state=np.random.default_rng(4))
    assert ratios.max(axis=1).mean() / skill.best_by_luck(100, 12)[0] - 1 == pytest.approx(more, abs=POINTS)


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(ValueError, match="information ratio above 0, not from 0"):
        skill.months_needed(0.0)
    with pytest.raises(ValueError, match="picked from 1 agent or more, not 0"):
        skill.level_after(0)
    with pytest.raises(ValueError, match="best is of 1 agent or more, not of 0"):
        skill.expected_best(0)


def test_tables_say_what_the_functions_say():
    months, luck = skill.months_table(), skill.luck_table()
    assert months.loc[months["picked_from"] == 6, 2.0].item() == skill.months_needed(2.0, picked_from=6)
    assert luck.loc[luck["agents"] == 100, 12].item() == pytest.approx(skill.expected_best(100))
