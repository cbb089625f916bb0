"""Whether two Sharpe ratios are equal, as Ledoit and Wolf (2008) test it."""

import numpy as np
import pandas as pd
from scipy import stats

from analysis.engine.inference.resampling import SEED, at_least, block_length

REDRAWS = 4_999
#: Singular values of the prewhitening matrix are cut here (Andrews and Monahan 1992, p. 957).
LARGEST_ROOT = 0.97


def sharpe_difference(
    first: pd.Series,
    second: pd.Series,
    *,
    periods_per_year: float,
    block: int | None = None,
    resamples: int = REDRAWS,
    seed: int = SEED,
) -> pd.Series:
    """Difference of two Sharpe ratios, first less second, and tests that they are equal.

    Parameters
    ----------
    first, second : Series, shape (periods,)
        Returns as fractions, over the same periods.
    block : int, optional
        Length of a block; default `analysis.engine.inference.resampling.block_length` of the difference's influence,
        rounded up (the paper calibrates it by a double bootstrap, which this departs from).

    Returns
    -------
    Series
        first, second, difference: ratios of a period times the square root of periods a year, no riskless rate;
        standard_error: prewhitened Parzen HAC, in the same unit; p_hac, p_hac_plain: two-sided, from these errors and
        from those that are not prewhitened; p_bootstrap: two-sided, from the studentised circular block bootstrap.

    References
    ----------
    Ledoit and Wolf (2008), "Robust performance hypothesis testing with the Sharpe ratio", Journal of Empirical Finance
    15(5), 850–859.
    """
    pair = np.column_stack([first, second]).astype(float)
    n = len(pair)
    ratios = _sharpe(pair)
    difference = float(ratios[0] - ratios[1])
    moments, gradient = _moments(pair), _gradient(pair)
    plain, whitened = (np.sqrt(gradient @ psi(moments) @ gradient / n) for psi in (_parzen, _parzen_prewhitened))
    if block is None:
        block = int(np.ceil(block_length(pd.DataFrame(moments @ gradient), kind="circular")))
    drawn = _studentised(pair, block, resamples=resamples, seed=seed)
    a_period = {"first": ratios[0], "second": ratios[1], "difference": difference, "standard_error": whitened}
    hac, hac_plain = (2 * stats.norm.sf(abs(difference) / error) for error in (whitened, plain))
    by_bootstrap = at_least(drawn, abs(difference) / whitened)
    yearly = np.sqrt(periods_per_year) * pd.Series(a_period)
    return pd.concat([yearly, pd.Series({"p_hac": hac, "p_hac_plain": hac_plain, "p_bootstrap": by_bootstrap})])


def _sharpe(pair: np.ndarray) -> np.ndarray:
    """Sharpe ratios, shape (..., n, 2) to (..., 2)."""
    return pair.mean(axis=-2) / pair.std(axis=-2, ddof=1)


def _moments(pair: np.ndarray) -> np.ndarray:
    """Returns and their squares less their means, shape (..., n, 2) to (..., n, 4)."""
    stacked = np.concatenate([pair, pair**2], axis=-1)
    return stacked - stacked.mean(axis=-2, keepdims=True)


def _gradient(pair: np.ndarray) -> np.ndarray:
    """Gradient of the difference in means and second moments (m1, m2, g1, g2), shape (..., n, 2) to (..., 4)."""
    m, g = pair.mean(axis=-2), (pair**2).mean(axis=-2)
    cubed = (g - m**2) ** 1.5
    by_mean, by_square, sign = g / cubed, -0.5 * m / cubed, np.array([1.0, -1.0])
    return np.concatenate([sign * by_mean, sign * by_square], axis=-1)


def _parzen(v: np.ndarray) -> np.ndarray:
    """Long-run covariance of mean-zero rows: Parzen kernel, bandwidth after Andrews (1991, 6.4), times n / (n − 4)."""
    n = len(v)
    now, before = v[1:] - v[1:].mean(axis=0), v[:-1] - v[:-1].mean(axis=0)
    rho = (now * before).sum(axis=0) / (before**2).sum(axis=0)
    variance = ((now - rho * before) ** 2).mean(axis=0)
    alpha = (4 * rho**2 * variance**2 / (1 - rho) ** 8).sum() / (variance**2 / (1 - rho) ** 4).sum()
    bandwidth = 2.6614 * (alpha * n) ** 0.2
    total = v.T @ v / n
    for j in range(1, min(n, int(np.ceil(bandwidth)))):
        x = j / bandwidth
        weight = 1 - 6 * x**2 + 6 * x**3 if x <= 0.5 else 2 * (1 - x) ** 3
        gamma = v[j:].T @ v[:-j] / n
        total += weight * (gamma + gamma.T)
    return n / (n - 4) * total


def _parzen_prewhitened(v: np.ndarray) -> np.ndarray:
    """As `_parzen`, of the residuals of a first-order vector autoregression, coloured back."""
    slopes = np.linalg.lstsq(v[:-1], v[1:], rcond=None)[0].T
    u, roots, w = np.linalg.svd(slopes)
    slopes = u @ np.diag(np.minimum(roots, LARGEST_ROOT)) @ w
    colour = np.linalg.inv(np.eye(len(slopes)) - slopes)
    return colour @ _parzen(v[1:] - v[:-1] @ slopes.T) @ colour.T


def _studentised(pair: np.ndarray, block: int, *, resamples: int, seed: int) -> np.ndarray:
    """|difference − observed| over its block standard error in every resample, shape (resamples,)."""
    n = len(pair)
    blocks = n // block
    if blocks < 2:
        raise ValueError(f"blocks of {block} leave fewer than two in {n} observations")
    starts = np.random.default_rng(seed).integers(n, size=(resamples, blocks, 1))
    observed = np.subtract(*_sharpe(pair))
    out = np.empty(resamples)
    for part in np.array_split(np.arange(resamples), max(1, resamples // 500)):
        days = ((starts[part] + np.arange(block)) % n).reshape(len(part), -1)
        drawn = pair[days]
        ratios, gradient = _sharpe(drawn), _gradient(drawn)
        influence = (_moments(drawn) @ gradient[..., None])[..., 0]
        sums = influence.reshape(len(part), blocks, block).sum(axis=2) / np.sqrt(block)
        error = np.sqrt((sums**2).mean(axis=1) / days.shape[1])
        out[part] = np.abs(ratios[:, 0] - ratios[:, 1] - observed) / error
    return out
