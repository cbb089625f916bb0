"""A buy-and-hold index over tokens."""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from analysis.tables.token_prices import MarketPrices, TokenPrices


def closes_of(
    prices: TokenPrices | MarketPrices, symbols: Collection[str], *, start: pd.Timestamp, end: pd.Timestamp
) -> pd.DataFrame:
    """Closes as a matrix, shape (days from start to end, symbols), USD; a day without a close is NaN."""
    inside = prices[prices["symbol"].isin(symbols) & prices["date"].between(start, end)]
    matrix = inside.pivot(index="date", columns="symbol", values="close_usd")
    return matrix.reindex(index=pd.date_range(start, end, name="date"), columns=list(symbols))


def buy_and_hold(closes: pd.DataFrame, weights: Sequence[float] | None = None, *, base: float = 100.0) -> pd.Series:
    """Level of a portfolio bought at the first close and held.

    Parameters
    ----------
    closes : DataFrame, shape (days, tokens)
        Prices in any one currency; the first row must be complete. A later day without a close is valued at the last
        one before it.
    weights : sequence of float, shape (tokens,), optional
        Shares of the value invested, summing to 1; default equal.

    Raises
    ------
    ValueError
        If a token has no first close, or the weights are not shares.

    Examples
    --------
    >>> closes = pd.DataFrame({"A": [1.0, 2.0], "B": [10.0, 5.0]})
    >>> buy_and_hold(closes).tolist()
    [100.0, 125.0]
    >>> buy_and_hold(closes, [0.25, 0.75]).tolist()
    [100.0, 87.5]
    """
    first = closes.iloc[0]
    if first.isna().any():
        raise ValueError(f"no first close of {', '.join(map(str, first.index[first.isna()]))}")
    shares = np.full(len(first), 1 / len(first)) if weights is None else np.asarray(weights, dtype=float)
    if shares.shape != first.shape or (shares < 0).any() or not np.isclose(shares.sum(), 1):
        raise ValueError(f"weights must be {len(first)} shares that sum to 1")
    return base * (closes.ffill() / first) @ shares
