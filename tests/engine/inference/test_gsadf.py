"""GSADF: brute force, an independent package, size, planted episodes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.regression.linear_model import OLS

from analysis.engine.inference.gsadf import (
    adf_windows,
    bsadf,
    date_stamp,
    explosiveness,
    gsadf,
    minimum_window,
    simulate_critical_values,
    wild_bootstrap,
)

pytestmark = pytest.mark.slow

#: Running sums against a regression per window.
REGRESSION = 1e-8
#: Two-sided band of the size test; kept narrow enough that normal draws fail it.
SIZE_SIGMAS = 3.0
#: The weekly line is passed by chance in one week of twenty, so that an episode may seem to start early.
DATED_WITHIN_DAYS = 56


@pytest.fixture(scope="module")
def seeded() -> pd.DataFrame:
    """Critical values of another series: those of a tested one are simulated afresh, with the same seed."""
    return simulate_critical_values(dated(walk(30)), simulations=1)


def walk(n: int, seed: int = 0) -> np.ndarray:
    return np.cumsum(np.random.default_rng(seed).normal(size=n))


def dated(y: np.ndarray) -> pd.Series:
    return pd.Series(y, index=pd.date_range("2023-01-01", periods=len(y), freq="W-SUN", name="date"), name="log_index")


# --- the statistic ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "seed"), [(30, 1), (45, 2), (60, 3)])
def test_gsadf_is_the_brute_force_one(n, seed):
    y, w = 50 + walk(n, seed), minimum_window(n)
    brute = np.full((n - w, n - w), -np.inf)
    for e in range(n - w):
        for s in range(e + 1):
            x = y[s : e + w]
            design = np.column_stack([np.ones_like(x), x])
            brute[e, s] = OLS(np.diff(y[s : e + w + 1]), design).fit().tvalues[1]
    np.testing.assert_allclose(adf_windows(y), brute, rtol=REGRESSION, atol=REGRESSION)
    np.testing.assert_allclose(bsadf(y), brute.max(axis=1), rtol=REGRESSION)
    assert gsadf(y) == pytest.approx(brute.max(), rel=REGRESSION)


#: First, second, last and largest of `exuber.radf(walk(80, 1)).bsadf[:, 0]`, pyexuber 0.1.0 (by the author of R's
#: exuber; GPL and alpha, so no dependency), lag 0, its own minimum window of 16.
BSADF_FROM_PYEXUBER_0_1_0 = (-2.4524162459345162, -2.1173642822770393, -1.0397531058071712, -0.24343712900232273)


def test_the_author_of_exuber_finds_the_same():
    ours = bsadf(walk(80, 1))
    assert (ours[0], ours[1], ours[-1], ours.max()) == pytest.approx(BSADF_FROM_PYEXUBER_0_1_0, rel=REGRESSION)


@given(st.integers(0, 10_000), st.floats(-1e3, 1e3), st.floats(0.01, 100))
def test_shifting_or_scaling_changes_nothing(seed, shift, scale):
    y = walk(40, seed)
    np.testing.assert_allclose(bsadf(shift + scale * y), bsadf(y), rtol=1e-5, atol=1e-5)


@given(st.integers(0, 10_000))
def test_turning_the_series_upside_down_changes_nothing(seed):
    """Why direction has to be read off separately."""
    y = walk(40, seed)
    np.testing.assert_allclose(bsadf(-y), bsadf(y), rtol=REGRESSION, atol=REGRESSION)


def test_several_series_at_once_are_each_alone():
    many = np.stack([walk(50, s) for s in range(3)])
    np.testing.assert_array_equal(gsadf(many), [gsadf(y) for y in many])


@pytest.mark.parametrize(("y", "window"), [(walk(5), 5), (walk(30), 2), (np.array([1.0, np.nan] * 20), 10)])
def test_what_cannot_be_tested_is_refused(y, window):
    with pytest.raises(ValueError, match="finite values"):
        adf_windows(y, window=window)


def test_a_series_that_stands_still_is_refused():
    with pytest.raises(ValueError, match="does not move over 10 observations"):
        adf_windows(np.r_[walk(20), np.zeros(20)], window=10)


def test_unknown_multiplier_is_refused():
    with pytest.raises(ValueError, match="rademacher, normal"):
        wild_bootstrap(walk(40), simulations=1, rng=np.random.default_rng(0), multiplier="mammen")


# --- size, and planted episodes --------------------------------------------------------------------------------------


def rejections(
    make, multiplier: str = "rademacher", *, n: int = 80, runs: int, simulations: int = 199, seed: int = 11
) -> float:
    rng, hits = np.random.default_rng(seed), 0
    for _ in range(runs):
        y = make(rng, n)
        draws = wild_bootstrap(y, simulations=simulations, rng=rng, multiplier=multiplier).max(axis=1)
        hits += (1 + (draws >= gsadf(y)).sum()) / (simulations + 1) <= 0.05
    return hits / runs


def homoskedastic(rng, n):
    return np.cumsum(rng.normal(size=n))


def late_storm(rng, n):
    return np.cumsum(rng.normal(size=n) * np.where(np.arange(n) < 0.6 * n, 1.0, 4.0))


@pytest.mark.parametrize("make", [homoskedastic, late_storm])
def test_nominal_size(make):
    runs = 600
    assert abs(rejections(make, runs=runs) - 0.05) < SIZE_SIGMAS * np.sqrt(0.05 * 0.95 / runs)


def test_normal_draws_are_too_cautious():
    """Why the signs are used: exuber's default does not reach the nominal size under constant volatility."""
    runs = 600
    assert rejections(homoskedastic, "normal", runs=runs) < 0.05 - SIZE_SIGMAS * np.sqrt(0.05 * 0.95 / runs)


def planted(sign: float, *, n: int = 160, first: int = 100, last: int = 120) -> pd.Series:
    """A random walk with an explosive stretch, a random walk again after it."""
    rng = np.random.default_rng(5)
    y = np.zeros(n)
    for t in range(1, n):
        inside = first <= t <= last
        drift = sign * 0.15 * (1.12 ** (t - first)) if inside else 0.0
        y[t] = y[t - 1] + drift + 0.08 * rng.normal()
    return dated(y)


@pytest.mark.parametrize(("sign", "direction"), [(1.0, "bubble"), (-1.0, "collapse")])
def test_a_planted_episode_is_found_with_its_direction(seeded, sign, direction):
    series = planted(sign)
    result = explosiveness(series, seeded)
    assert result.gsadf > result.critical[0.95]
    assert result.p_value == 0.01
    hit = result.episodes[
        (result.episodes["start"] <= series.index[120]) & (result.episodes["end"] >= series.index[110])
    ]
    assert hit["direction"].tolist() == [direction]
    assert abs(hit["start"].iloc[0] - series.index[100]).days <= DATED_WITHIN_DAYS
    assert np.sign(hit["change_pct"].iloc[0]) == sign


def test_no_episodes_where_the_test_does_not_reject(seeded):
    result = explosiveness(dated(walk(120, 3)), seeded)
    assert result.gsadf <= result.critical[0.95]
    assert result.episodes.empty


def test_episodes_shorter_than_asked_are_left_out():
    weeks = pd.DataFrame(
        {"log_index": 0.0, "bsadf": [0, 2, 2, 0, 2, 2, 3, 2.0], "critical": 1.0, "window_change": 1.0},
        index=pd.date_range("2023-01-01", periods=8, freq="W-SUN"),
    ).assign(window_start=pd.Timestamp("2022-06-05"))
    table = date_stamp(weeks, shortest=3)
    assert table[["start", "end", "peak"]].iloc[0].tolist() == [weeks.index[4], weeks.index[7], weeks.index[6]]
    assert len(table) == 1
    assert len(date_stamp(weeks, shortest=2)) == 2
