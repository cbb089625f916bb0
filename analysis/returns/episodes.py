"""Narrative or value? The category's long index, its drawdowns, and how it moves with other tokens around episodes.

Explosive episodes are dated by `analysis.engine.inference.gsadf`. All of it decides no verdict.
"""

from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import stats

from analysis.engine.inference.resampling import CONFIDENCE
from analysis.returns.windows import buy_and_hold, closes_of, members_of
from analysis.tables.token_prices import MarketPrices, TokenPrices
from analysis.tables.tokens import Tokens

#: Longest window that the main venue's closes cover.
LONG_START, LONG_END = pd.Timestamp("2023-01-01"), pd.Timestamp("2026-03-18")
#: Weeks end on this day of the week (Monday is 0), at 24:00 UTC.
WEEK_ENDS_ON = 6
#: Drawdowns shallower than this are not listed, %.
SHALLOWEST_PCT = 20.0
#: Days before and after an episode over which the correlation is taken.
BESIDE_DAYS = 91
#: Fewest daily returns for a correlation.
FEWEST_RETURNS = 10


# --- the long index --------------------------------------------------------------------------------------------------


def monthly_index(closes: pd.DataFrame, *, base: float = 100.0) -> pd.DataFrame:
    """Equal-weighted index over the tokens then observed, rebalanced on the first day and every last day of a month.

    A token takes part in a month if it has a close on the rebalancing day and on the day after it, which leaves out
    series of one close a month. A later day without a close is valued at the last one before it, to the month's end.
    No trading cost.

    Parameters
    ----------
    closes : DataFrame, shape (days, tokens)
        USD; every day in order.

    Returns
    -------
    DataFrame, shape (days, 3)
        level; tokens: members on that day (of the month that ends, on a rebalancing day); stale: those among them
        valued at an earlier close.

    Raises
    ------
    ValueError
        If a month has no member.

    Examples
    --------
    >>> days = pd.date_range("2025-01-30", "2025-02-02")
    >>> closes = pd.DataFrame({"A": [1.0, 2.0, 2.0, 2.0], "B": [np.nan, 1.0, 3.0, 3.0]}, index=days)
    >>> monthly_index(closes)["level"].tolist()
    [100.0, 200.0, 400.0, 400.0]
    """
    days = closes.index
    turns = [days[0], *days[(days.is_month_end) & (days > days[0]) & (days < days[-1])], days[-1]]
    parts, level = [], base
    for first, last in pairwise(turns):
        month = closes.loc[first:last]
        month = month.loc[:, month.iloc[:2].notna().all()]
        if month.empty:
            raise ValueError(f"no token with closes on {first:%Y-%m-%d} and the day after it")
        levels = buy_and_hold(month, base=level)
        part = pd.DataFrame({"level": levels, "tokens": month.shape[1], "stale": month.isna().sum(axis=1)})
        parts.append(part if first == days[0] else part.iloc[1:])
        level = levels.iloc[-1]
    return pd.concat(parts)


def long_index(tokens: Tokens, token_prices: TokenPrices) -> pd.DataFrame:
    """`monthly_index` of the core universe over the longest window.

    Members are few at first (four on 2023-01-01), and the main source lists only contracts that survived to March
    2026, so that the level is biased upward.
    """
    symbols = members_of("core", tokens)["symbol"]
    closes = closes_of(token_prices, symbols, start=LONG_START, end=LONG_END)
    return monthly_index(closes.dropna(axis=1, how="all"))


def other_index(tokens: Tokens, token_prices: TokenPrices, market_prices: MarketPrices) -> pd.DataFrame:
    """`monthly_index` of tokens outside AI, without BTC.

    These are the large coins, and from 2024-01-10 the rest of the market.
    """
    coins = tokens.loc[(tokens["membership"] == "benchmark") & (tokens["symbol"] != "BTC"), "symbol"]
    rest = market_prices[market_prices["product"] == "token"]
    both = [
        closes_of(prices, symbols, start=LONG_START, end=LONG_END)
        for prices, symbols in ((token_prices, coins), (rest, rest["symbol"].unique()))
    ]
    return monthly_index(pd.concat(both, axis=1).dropna(axis=1, how="all"))


def weekly(levels: pd.Series) -> pd.Series:
    """Natural logarithm of a daily level at the end of each week (Sunday, 24:00 UTC).

    Examples
    --------
    >>> days = pd.date_range("2023-01-01", "2023-01-08")
    >>> weekly(pd.Series(1.0, index=days)).index.strftime("%Y-%m-%d").tolist()
    ['2023-01-01', '2023-01-08']
    """
    return np.log(levels[levels.index.day_of_week == WEEK_ENDS_ON]).rename("log_index")


# --- drawdowns and correlation ---------------------------------------------------------------------------------------


def drawdowns(levels: pd.Series, *, shallowest_pct: float = SHALLOWEST_PCT) -> pd.DataFrame:
    """Falls from a highest level so far until it is reached again.

    Parameters
    ----------
    levels : Series, shape (days,)
        Positive, indexed by date.
    shallowest_pct : float
        Falls of less than this, %, are left out.

    Returns
    -------
    DataFrame, one row per drawdown, in order of time
        peak: last day at the highest level; trough: first day at the lowest; recovery: first day at or above the peak
        again, missing where there is none; depth_pct: change from peak to trough, %, negative.

    Examples
    --------
    >>> days = pd.date_range("2025-01-01", periods=5)
    >>> drawdowns(pd.Series([100.0, 50.0, 75.0, 100.0, 90.0], index=days))["depth_pct"].tolist()
    [-50.0]
    """
    highest = levels.cummax()
    under = levels < highest
    rows = []
    for _, run in levels[under].groupby((~under).cumsum()[under]):
        before = levels.index.get_loc(run.index[0]) - 1
        after = levels.index.get_loc(run.index[-1]) + 1
        peak, trough = levels.index[before], run.idxmin()
        recovery = levels.index[after] if after < len(levels) else pd.NaT
        depth = 100 * (run.min() / levels.iloc[before] - 1)
        rows.append((peak, trough, recovery, depth))
    table = pd.DataFrame(rows, columns=["peak", "trough", "recovery", "depth_pct"])
    return table[table["depth_pct"] <= -shallowest_pct].reset_index(drop=True)


def correlations(category: pd.DataFrame, others: pd.DataFrame, episodes: pd.DataFrame) -> pd.DataFrame:
    """Correlation of daily log returns of the category and of other tokens, before, during and after each episode.

    Parameters
    ----------
    category, others : DataFrame
        As from `monthly_index`, on the same days.
    episodes : DataFrame
        As from `date_stamp` of `analysis.engine.inference.gsadf`.

    Returns
    -------
    DataFrame, one row per episode and part
        start, direction of the episode; part; correlation; low, high: 95 % interval by Fisher's transformation, which
        takes daily returns as independent; n: returns; others: median number of other tokens. Blank correlation where
        there are fewer than `FEWEST_RETURNS` returns.
    """
    returns = np.log(pd.DataFrame({"a": category["level"], "b": others["level"]})).diff().iloc[1:]
    day, rows = pd.Timedelta(days=1), []
    for e in episodes.itertuples():
        # the week that starts an episode begins six days before the Sunday that ends it
        first = e.start - 6 * day
        parts = {
            "before": (first - BESIDE_DAYS * day, first - day),
            "during": (first, e.end),
            "after": (e.end + day, e.end + BESIDE_DAYS * day),
        }
        for part, (a, b) in parts.items():
            inside = returns.loc[a:b]
            number = others["tokens"].loc[a:b].median()
            rows.append((e.start, e.direction, part, *fisher(inside["a"], inside["b"]), len(inside), number))
    columns = ["start", "direction", "part", "correlation", "low", "high", "n", "others"]
    return pd.DataFrame(rows, columns=columns)


def fisher(a: pd.Series, b: pd.Series) -> tuple[float, float, float]:
    """Pearson correlation with its interval by Fisher's transformation, NaN with too few observations.

    Examples
    --------
    >>> fisher(pd.Series([1.0, 2.0]), pd.Series([1.0, 2.0]))
    (nan, nan, nan)
    """
    if len(a) < FEWEST_RETURNS:
        return (np.nan,) * 3
    found = stats.pearsonr(a, b)
    return float(found.statistic), *map(float, found.confidence_interval(CONFIDENCE))
