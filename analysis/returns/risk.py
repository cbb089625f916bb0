"""Other questions beside R2, about chance and risk: alpha and beta, Sharpe ratios, and the year redrawn.

None of it enters a verdict: what the tokens returned in 2025 happened, and these ask what one year can tell of another.
Rates of return are simple and daily, of buy-and-hold portfolios, without a riskless rate (tables of the book hold none;
at 4 % a year it would move an alpha by 4 (beta − 1) points). `statsmodels` and `arch` are imported only where used.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.engine.inference.resampling import at_least, block_length, redraw
from analysis.returns.category import CONFIDENCE, SEED

#: Crypto trades every day.
DAYS_PER_YEAR = 365
POWER = 0.80
WINDOW_DAYS = 60
REDRAWS = 4_999
#: Goes with every result of this module.
CAVEAT = "one year has little power"
REDRAWN = "had the year been redrawn"
#: Singular values of the prewhitening matrix are cut here (Andrews and Monahan 1992, p. 957).
LARGEST_ROOT = 0.97


def daily_returns(levels: pd.DataFrame) -> pd.DataFrame:
    """Simple returns from one day to the next, shape (days − 1, series), as fractions."""
    return levels.pct_change(fill_method=None).iloc[1:]


def newey_west_lags(n: int) -> int:
    """Lags of a Newey–West estimator for `n` observations: 4 (n / 100)^(2/9), rounded down.

    References
    ----------
    Newey and West (1994), Review of Economic Studies 61(4), 631–653: the first step of their rule.

    Examples
    --------
    >>> newey_west_lags(100), newey_west_lags(365)
    (4, 5)
    """
    return int(np.floor(4 * (n / 100) ** (2 / 9)))


@dataclass(frozen=True, slots=True)
class MarketModel:
    """Regression of the category's daily returns on a benchmark's.

    Attributes
    ----------
    alpha_pct, alpha_low, alpha_high : float
        Intercept times 365, and its 95 % interval, % a year.
    alpha_p : float
        Two-sided p-value of no alpha.
    smallest_alpha_pct : float
        The smallest alpha that a two-sided test at 5 % would have seen with 80 % power, % a year.
    beta, beta_low, beta_high : float
        Slope and its 95 % interval.
    r_squared : float
        0–1.
    n, lags : int
        Daily returns, and lags of the Newey–West errors.
    caveat : str
    """

    alpha_pct: float
    alpha_low: float
    alpha_high: float
    alpha_p: float
    smallest_alpha_pct: float
    beta: float
    beta_low: float
    beta_high: float
    r_squared: float
    n: int
    lags: int
    caveat: str = CAVEAT


def market_model(category: pd.Series, benchmark: pd.Series) -> MarketModel:
    """Alpha and beta by least squares with Newey–West errors.

    Parameters
    ----------
    category, benchmark : Series, shape (days,)
        Daily returns as fractions, on the same days.

    Notes
    -----
    Bartlett kernel, lags by `newey_west_lags`, errors times n / (n − 2), Student's t with n − 2 degrees of freedom.
    The smallest visible alpha is (t(0.975) + t(0.80)) standard errors.

    References
    ----------
    Newey and West (1987), Econometrica 55(3), 703–708, as coded in `statsmodels`.
    """
    from statsmodels.regression.linear_model import OLS

    n = len(category)
    lags = newey_west_lags(n)
    design = np.column_stack([np.ones(n), benchmark.to_numpy()])
    fit = OLS(category.to_numpy(), design).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True
    )
    low, high = fit.conf_int(1 - CONFIDENCE).T
    per_year = 100 * DAYS_PER_YEAR
    seen = stats.t.ppf((1 + CONFIDENCE) / 2, fit.df_resid) + stats.t.ppf(POWER, fit.df_resid)
    return MarketModel(
        alpha_pct=float(per_year * fit.params[0]),
        alpha_low=float(per_year * low[0]),
        alpha_high=float(per_year * high[0]),
        alpha_p=float(fit.pvalues[0]),
        smallest_alpha_pct=float(per_year * seen * fit.bse[0]),
        beta=float(fit.params[1]),
        beta_low=float(low[1]),
        beta_high=float(high[1]),
        r_squared=float(fit.rsquared),
        n=n,
        lags=lags,
    )


def rolling_beta(category: pd.Series, benchmarks: pd.DataFrame, *, window: int = WINDOW_DAYS) -> pd.DataFrame:
    """Beta over the last `window` days, each day.

    Parameters
    ----------
    category : Series, shape (days,)
        Daily returns.
    benchmarks : DataFrame, shape (days, benchmarks)
        Daily returns on the same days.
    window : int
        Days.

    Returns
    -------
    DataFrame, shape (days − window + 1, benchmarks)
        Dated by the last day of each window.
    """
    betas = {
        name: category.rolling(window).cov(series) / series.rolling(window).var() for name, series in benchmarks.items()
    }
    return pd.DataFrame(betas).iloc[window - 1 :]


@dataclass(frozen=True, slots=True)
class SharpeDifference:
    """Difference of two Sharpe ratios, first less second, tested as Ledoit and Wolf (2008) do.

    Attributes
    ----------
    first, second, difference : float
        Daily Sharpe ratios times the square root of 365; no riskless rate.
    standard_error : float
        Prewhitened Parzen HAC, in the same unit.
    p_hac, p_hac_plain : float
        Two-sided, from the prewhitened errors and from those that are not.
    p_bootstrap : float
        Two-sided, from the studentised circular block bootstrap.
    block : int
        Length of a block, days.
    n : int
        Daily returns.
    caveat : str
    """

    first: float
    second: float
    difference: float
    standard_error: float
    p_hac: float
    p_hac_plain: float
    p_bootstrap: float
    block: int
    n: int
    caveat: str = CAVEAT


def sharpe_difference(
    first: pd.Series,
    second: pd.Series,
    *,
    block: int | None = None,
    periods_per_year: float = DAYS_PER_YEAR,
    resamples: int = REDRAWS,
    seed: int = SEED,
) -> SharpeDifference:
    """Test whether two Sharpe ratios are equal.

    Parameters
    ----------
    first, second : Series, shape (days,)
        Returns as fractions, on the same days.
    block : int, optional
        Length of a block; default `resampling.block_length` of the difference's influence, rounded up (the paper
        calibrates it by a double bootstrap, which this departs from).
    periods_per_year : float
        For the annual Sharpe ratios.
    resamples, seed : int

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
    year = np.sqrt(periods_per_year)
    return SharpeDifference(
        first=float(year * ratios[0]),
        second=float(year * ratios[1]),
        difference=float(year * difference),
        standard_error=float(year * whitened),
        p_hac=float(2 * stats.norm.sf(abs(difference) / whitened)),
        p_hac_plain=float(2 * stats.norm.sf(abs(difference) / plain)),
        p_bootstrap=at_least(drawn, abs(difference) / whitened),
        block=block,
        n=n,
    )


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


@dataclass(frozen=True, slots=True)
class RedrawnYear:
    """What the year's returns might have been, had its days come in another order and number.

    Attributes
    ----------
    table : DataFrame
        series; observed, low, high: the year's return and the central 95 % of the redrawn ones, %; one row per series,
        then "difference" (first less second, percentage points).
    share_above : float
        Share of redrawn years in which the difference exceeds the margin asked for.
    block : float
        Mean length of a block, days.
    resamples : int
    label : str
        Stands with every number of it; none enters a verdict about what happened.
    """

    table: pd.DataFrame
    share_above: float
    block: float
    resamples: int
    label: str = REDRAWN


def redrawn_year(
    category: pd.Series,
    benchmark: pd.Series,
    *,
    margin_pp: float,
    block: float | None = None,
    resamples: int = REDRAWS,
    seed: int = SEED,
) -> RedrawnYear:
    """Stationary bootstrap of the year's daily returns, both series from the same days.

    Parameters
    ----------
    category, benchmark : Series, shape (days,)
        Daily returns as fractions, on the same days.
    margin_pp : float
        Margin asserted, percentage points.
    block : float, optional
        Mean length of a block in days; default `analysis.engine.inference.resampling.block_length` of both series.
    resamples, seed : int

    Notes
    -----
    A redrawn year keeps 2025's average day: it says how far chance could have moved such a year, not whether 2025 was
    such a year.
    """
    pair = pd.DataFrame({category.name: category, benchmark.name: benchmark})
    block = block_length(pair) if block is None else block

    def year(returns: np.ndarray) -> np.ndarray:
        first, second = 100 * (np.prod(1 + returns, axis=0) - 1)
        return np.array([first, second, first - second])

    drawn, observed = redraw(pair, year, block=block, resamples=resamples, seed=seed), year(pair.to_numpy())
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    table = pd.DataFrame({"series": [*pair.columns, "difference"], "observed": observed, "low": low, "high": high})
    return RedrawnYear(table, float((drawn[:, 2] > margin_pp).mean()), block, resamples)
