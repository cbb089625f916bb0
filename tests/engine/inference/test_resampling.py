"""Resampling: an independent coding, closed forms, and size by Monte Carlo."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.engine.inference.resampling import at_least, block_length, permute_label, redraw

#: Two samples from one law differ by chance: a test of size one in a thousand, on fixed seeds.
SAME_LAW_P = 0.001
#: Monte Carlo error of a variance from 4,000 draws.
VARIANCE_RTOL = 0.1


@pytest.fixture(scope="module")
def dependent() -> pd.DataFrame:
    """Two first-order autoregressions that share their shocks in part."""
    rng = np.random.default_rng(7)
    shocks = rng.normal(size=(240, 2)) @ np.array([[1.0, 0.5], [0.0, 0.8]])
    path = np.zeros_like(shocks)
    for t in range(1, len(path)):
        path[t] = 0.5 * path[t - 1] + shocks[t]
    return pd.DataFrame(path, columns=["a", "b"])


def politis_romano(series: np.ndarray, mean_length: float, rng: np.random.Generator) -> np.ndarray:
    """Independent coding, day by day: go on with probability 1 - 1 / length, else jump anywhere; wrap around."""
    n, day, path = len(series), 0, []
    for t in range(n):
        day = rng.integers(n) if t == 0 or rng.random() < 1 / mean_length else (day + 1) % n
        path.append(day)
    return series[path]


@pytest.mark.slow
def test_redraw_is_the_stationary_bootstrap_in_distribution(dependent):
    ours = redraw(dependent, lambda x: x.mean(axis=0), block=5.0, resamples=2_000, seed=1)
    rng = np.random.default_rng(2)
    theirs = np.array([politis_romano(dependent.to_numpy(), 5.0, rng).mean(axis=0) for _ in range(2_000)])
    for column in range(2):
        assert stats.ks_2samp(ours[:, column], theirs[:, column]).pvalue > SAME_LAW_P
    assert stats.ks_2samp(ours @ [1, -1], theirs @ [1, -1]).pvalue > SAME_LAW_P, "both columns from the same days"


def test_redraw_has_the_variance_that_theory_gives(dependent):
    """Politis and Romano (1994), lemma 1: the bootstrap variance of the mean, in closed form."""
    x, length = dependent["a"].to_numpy(), 6.0
    n, centred, p = len(x), x - x.mean(), 1 / 6.0
    lags = np.arange(1, n)
    circular = np.array([centred @ np.roll(centred, -lag) for lag in lags]) / n
    exact = (centred @ centred / n + 2 * np.sum((1 - lags / n) * (1 - p) ** lags * circular)) / n
    drawn = redraw(dependent[["a"]], lambda x: x.mean(axis=0), block=length, resamples=4_000, seed=3)
    assert drawn.var() == pytest.approx(exact, rel=VARIANCE_RTOL)


def test_redraw_is_the_same_from_the_same_seed(dependent):
    one, two, other = (
        redraw(dependent, lambda x: x.sum(axis=0), block=4.0, resamples=5, seed=seed) for seed in (1, 1, 2)
    )
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_dependence_lengthens_the_blocks(dependent):
    shuffled = dependent.sample(frac=1, random_state=1)
    assert block_length(dependent) > block_length(shuffled) >= 1
    assert block_length(dependent) >= block_length(dependent[["a"]])
    with pytest.raises(ValueError, match="the kinds are stationary, circular"):
        block_length(dependent, kind="moving")


@given(st.lists(st.floats(-5, 5), max_size=30), st.floats(-5, 5))
def test_a_p_value_is_never_zero(drawn, observed):
    assert 1 / (len(drawn) + 1) <= at_least(np.array(drawn), observed) <= 1


def test_permutation_nears_the_p_value_of_all_permutations():
    rng = np.random.default_rng(4)
    values = rng.lognormal(size=11)
    labelled = np.arange(11) < 4
    every = np.array([values[list(c)].mean() - np.delete(values, list(c)).mean() for c in combinations(range(11), 4)])
    found = permute_label(values, labelled, resamples=20_000, seed=5)
    observed = values[:4].mean() - values[4:].mean()
    assert found.difference == pytest.approx(observed, rel=1e-12)
    assert found.p_two_sided == pytest.approx(np.mean(np.abs(every) >= abs(observed) - 1e-12), abs=0.015)


@pytest.mark.slow
def test_the_p_value_is_uniform_under_a_placebo_label():
    """Monte Carlo: a label put at random on a skewed year is at no level found unusual more often than that level."""
    rng = np.random.default_rng(6)
    values = 100 * rng.lognormal(-1.8, 1.2, size=120) - 100
    placebo = [rng.permuted(np.arange(120) < 13) for _ in range(600)]
    found = [permute_label(values, label, resamples=199, seed=i) for i, label in enumerate(placebo)]
    p = np.array([one.p_two_sided for one in found])
    jittered = p - np.random.default_rng(8).random(len(p)) / 200
    assert stats.kstest(jittered, "uniform").pvalue > SAME_LAW_P
    assert np.mean(p <= 0.05) == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / 600))


@pytest.mark.parametrize("labelled", [[True, True], [False, False]])
def test_a_label_must_divide(labelled):
    with pytest.raises(ValueError, match="must divide finite values"):
        permute_label(np.array([1.0, 2.0]), np.array(labelled), resamples=9, seed=1)
