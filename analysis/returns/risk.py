"""Other questions beside R2, about chance and risk: alpha and beta, and the year redrawn.

It decides no verdict: what the tokens returned in 2025 happened, and these ask what one year can tell of another.
Rates of return are simple and daily, of buy-and-hold portfolios, without a riskless rate (tables of the book hold none;
at 4 % a year it would move an alpha by 4 (beta − 1) points). `statsmodels` and `arch` are imported only where used.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.engine.inference.resampling import CENTRAL, CONFIDENCE, SEED, block_length, redraw

#: Crypto trades every day.
DAYS_PER_YEAR = 365
POWER = 0.80
WINDOW_DAYS = 60
REDRAWS = 4_999
REDRAWN = "had the year been redrawn"


def daily_returns(levels: pd.DataFrame) -> pd.DataFrame:
    """Simple returns from one day to the next, shape (days − 1, series), as fractions."""
    return levels.pct_change(fill_method=None).iloc[1:]


def newey_west_lags(n: int) -> int:
    """Lags of a Newey–West estimator for `n` observations: 4 (n / 100)^(2/9), rounded down.

    The first step of the rule of Newey and West (1994), Review of Economic Studies 61(4), 631–653.

    Examples
    --------
    >>> newey_west_lags(100), newey_west_lags(365)
    (4, 5)
    """
    return int(np.floor(4 * (n / 100) ** (2 / 9)))


def market_model(category: pd.Series, benchmark: pd.Series) -> pd.Series:
    """Alpha and beta by least squares with Newey–West errors; one year has little power.

    Parameters
    ----------
    category, benchmark : Series, shape (days,)
        Daily returns as fractions, on the same days.

    Returns
    -------
    Series
        alpha_pct, alpha_low, alpha_high: intercept times 365, and its 95 % interval, % a year; alpha_p: two-sided, of
        no alpha; smallest_alpha_pct: that a two-sided test at 5 % would have seen with 80 % power, % a year; beta,
        beta_low, beta_high: slope and its 95 % interval; r_squared, 0–1.

    Notes
    -----
    Bartlett kernel, lags by `newey_west_lags`, errors times n / (n − 2), Student's t with n − 2 degrees of freedom.
    The smallest visible alpha is (t(0.975) + t(0.80)) standard errors.

    References
    ----------
    Newey and West (1987), Econometrica 55(3), 703–708, as coded in `statsmodels`.
    """
    from statsmodels.regression.linear_model import OLS

    kernel = {"maxlags": newey_west_lags(len(category)), "use_correction": True}
    model = OLS(category.to_numpy(), np.column_stack([np.ones(len(category)), benchmark.to_numpy()]))
    fit = model.fit(cov_type="HAC", cov_kwds=kernel, use_t=True)
    intervals = np.column_stack([fit.params, fit.conf_int(1 - CONFIDENCE)])
    alpha, beta = (dict(zip(("", "_low", "_high"), ends, strict=True)) for ends in intervals)
    per_year, seen = 100 * DAYS_PER_YEAR, stats.t.ppf(CENTRAL[1], fit.df_resid) + stats.t.ppf(POWER, fit.df_resid)
    return pd.Series(
        {f"alpha{end or '_pct'}": per_year * value for end, value in alpha.items()}
        | {"alpha_p": fit.pvalues[0], "smallest_alpha_pct": per_year * seen * fit.bse[0]}
        | {f"beta{end}": value for end, value in beta.items()}
        | {"r_squared": fit.rsquared}
    )


def rolling_beta(category: pd.Series, benchmarks: pd.DataFrame, *, window: int = WINDOW_DAYS) -> pd.DataFrame:
    """Beta of daily returns over the last `window` days, dated by the last day, for every benchmark."""
    betas = {
        name: category.rolling(window).cov(series) / series.rolling(window).var() for name, series in benchmarks.items()
    }
    return pd.DataFrame(betas).iloc[window - 1 :]


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
    low, high = np.quantile(drawn, CENTRAL, axis=0)
    table = pd.DataFrame({"series": [*pair.columns, "difference"], "observed": observed, "low": low, "high": high})
    return RedrawnYear(table, float((drawn[:, 2] > margin_pp).mean()), block, resamples)
