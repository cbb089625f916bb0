"""The difference of two Sharpe ratios: an independent coding, a closed form, a plain loop, its size."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.engine.inference.sharpe import sharpe_difference


def ledoit_wolf(pair: np.ndarray, whitened: bool) -> tuple[float, float]:
    """Independent coding of Ledoit and Wolf (2008, section 3.1), element by element: difference and standard error.

    On the hedge funds of the paper's own R code it gives what that code prints: -0.4463183, 0.3176271 without and
    0.3872694 with prewhitening (checked once; the funds' returns are not ours to ship).
    """
    n = len(pair)
    (m1, m2), (g1, g2) = pair.mean(axis=0), (pair**2).mean(axis=0)
    v = np.array([[a - m1, b - m2, a * a - g1, b * b - g2] for a, b in pair])
    colour = np.eye(4)
    if whitened:
        slopes = np.array([np.linalg.solve(v[:-1].T @ v[:-1], v[:-1].T @ v[1:, j]) for j in range(4)])
        left, roots, right = np.linalg.svd(slopes)
        slopes = sum(min(root, 0.97) * np.outer(left[:, i], right[i]) for i, root in enumerate(roots))
        v = np.array([v[t] - slopes @ v[t - 1] for t in range(1, n)])
        colour = np.linalg.inv(np.eye(4) - slopes)
    top = bottom = 0.0
    for j in range(4):
        rho, level = np.polyfit(v[:-1, j], v[1:, j], 1)
        s = np.mean((v[1:, j] - level - rho * v[:-1, j]) ** 2)
        top += 4 * rho**2 * s**2 / (1 - rho) ** 8
        bottom += s**2 / (1 - rho) ** 4
    size = len(v)
    bandwidth = 2.6614 * (top / bottom * size) ** 0.2
    psi = np.zeros((4, 4))
    for s in range(size):
        for t in range(max(0, s - int(bandwidth)), min(size, s + int(bandwidth) + 1)):
            z = abs(s - t) / bandwidth
            kernel = 1 - 6 * z**2 + 6 * z**3 if z <= 0.5 else 2 * (1 - z) ** 3 if z <= 1 else 0.0
            psi += kernel * np.outer(v[s], v[t])
    psi = colour @ (psi / (size - 4)) @ colour.T
    d1, d2 = (g1 - m1**2) ** -1.5, (g2 - m2**2) ** -1.5
    gradient = np.array([g1 * d1, -g2 * d2, -m1 * d1 / 2, m2 * d2 / 2])
    ratios = pair.mean(axis=0) / pair.std(axis=0, ddof=1)
    return ratios[0] - ratios[1], np.sqrt(gradient @ psi @ gradient / n)


@pytest.mark.parametrize("seed", [1, 2])
def test_sharpe_difference_equals_an_independent_coding(seed):
    """Of returns with fat tails, a trend and volatility that comes in clusters."""
    rng = np.random.default_rng(seed)
    pair = rng.standard_t(4, size=(365, 2)) @ np.array([[1.0, 0.7], [0.0, 0.7]])
    pair = 0.03 * pair * np.exp(np.sin(np.arange(365) / 30))[:, None] + [0.004, -0.001]
    pair[1:] += 0.15 * pair[:-1]
    found = sharpe_difference(*map(pd.Series, pair.T), periods_per_year=365, resamples=199)
    difference, error = ledoit_wolf(pair, whitened=True)
    assert found.difference == pytest.approx(np.sqrt(365) * difference, rel=1e-8)
    assert found.standard_error == pytest.approx(np.sqrt(365) * error, rel=1e-6)
    assert found.p_hac == pytest.approx(2 * stats.norm.cdf(-abs(difference) / error), rel=1e-6)
    _, plain = ledoit_wolf(pair, whitened=False)
    assert found.p_hac_plain == pytest.approx(2 * stats.norm.cdf(-abs(difference) / plain), rel=1e-6)


def test_sharpe_difference_of_independent_returns_nears_the_formula_of_jobson_and_korkie():
    """Independent normal returns: the variance is (2 - 2 rho + (S1² + S2² - 2 S1 S2 rho²) / 2) / n (Memmel 2003)."""
    rng = np.random.default_rng(4)
    pair = rng.multivariate_normal([0.05, 0.0], [[1.0, 0.6], [0.6, 1.0]], size=20_000)
    found = sharpe_difference(*map(pd.Series, pair.T), block=1, resamples=2, periods_per_year=1)
    (s1, s2), rho = pair.mean(axis=0) / pair.std(axis=0), np.corrcoef(pair.T)[0, 1]
    exact = np.sqrt((2 - 2 * rho + (s1**2 + s2**2 - 2 * s1 * s2 * rho**2) / 2) / 20_000)
    assert found.standard_error == pytest.approx(exact, rel=0.03)


@pytest.mark.slow
def test_studentised_bootstrap_equals_a_plain_loop():
    """The same scheme drawn anew, a resample at a time: p-values agree within Monte Carlo error."""
    rng = np.random.default_rng(5)
    pair = rng.standard_t(6, size=(120, 2)) @ np.array([[1.0, 0.7], [0.0, 0.6]]) + [0.12, 0.0]
    found = sharpe_difference(*map(pd.Series, pair.T), block=5, resamples=4_999, periods_per_year=1)
    difference, error = ledoit_wolf(pair, whitened=True)
    hits = 0
    for _ in range(1_500):
        drawn = np.concatenate([pair[(start + np.arange(5)) % 120] for start in rng.integers(120, size=24)])
        (m1, m2), (g1, g2) = drawn.mean(axis=0), (drawn**2).mean(axis=0)
        d1, d2 = (g1 - m1**2) ** -1.5, (g2 - m2**2) ** -1.5
        gradient = np.array([g1 * d1, -g2 * d2, -m1 * d1 / 2, m2 * d2 / 2])
        y = np.column_stack([drawn, drawn**2]) - [m1, m2, g1, g2]
        zeta = [np.sqrt(5) * y[5 * j : 5 * j + 5].mean(axis=0) for j in range(24)]
        psi = sum(np.outer(z, z) for z in zeta) / 24
        ratios = drawn.mean(axis=0) / drawn.std(axis=0, ddof=1)
        hits += abs(ratios[0] - ratios[1] - difference) / np.sqrt(gradient @ psi @ gradient / 120) >= (
            abs(difference) / error
        )
    assert found.p_bootstrap == pytest.approx((hits + 1) / 1_501, abs=0.04)


@pytest.mark.slow
def test_sharpe_difference_has_its_size():
    """Monte Carlo: two series with the same Sharpe ratio are told apart at 5 % about one time in twenty."""
    rng = np.random.default_rng(6)
    p = []
    for _ in range(200):
        pair = rng.standard_t(5, size=(365, 2)) @ np.array([[1.0, 0.6], [0.0, 0.8]])
        found = sharpe_difference(*map(pd.Series, pair.T), block=2, resamples=199, periods_per_year=1)
        p.append((found.p_hac, found.p_bootstrap))
    rejected = np.mean(np.array(p) <= 0.05, axis=0)
    assert (rejected > 0.01).all()
    assert (rejected < 0.10).all()


def test_blocks_that_leave_one_are_refused():
    with pytest.raises(ValueError, match="fewer than two"):
        sharpe_difference(pd.Series(np.arange(9.0) % 4), pd.Series(np.arange(9.0) % 5), block=5, periods_per_year=1)
