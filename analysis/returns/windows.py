"""What is known of every token between two closes: returns, gaps, sources, and an index that is bought and held."""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from analysis.tables.token_prices import MarketPrices, TokenPrices
from analysis.tables.tokens import Tokens

#: Universe -> the memberships that make it up.
UNIVERSES = {"core": ("core",), "broad": ("core", "broad"), "broad and memes": ("core", "broad", "meme")}
START, END = pd.Timestamp("2024-12-31"), pd.Timestamp("2025-12-31")
#: A token that the sources first see by this day may have traded before `START`.
JANUARY = pd.Timestamp("2025-01-31")
#: A close with one source is taken to be as uncertain as the 99th percentile of closes with several.
SINGLE_SOURCE_QUANTILE = 0.99
COLUMNS = [
    "symbol", "name", "vertical", "membership", "status", "from_date", "start_close", "start_spread", "end_close",
    "end_spread", "return_pct",
]  # fmt: skip


def window_returns(
    tokens: Tokens, token_prices: TokenPrices, *, start: pd.Timestamp = START, end: pd.Timestamp = END
) -> pd.DataFrame:
    """What is known of every token between two closes.

    Returns
    -------
    DataFrame, one row per token
        symbol, name, vertical, membership; status: "full" (both closes), "late" (first close after `start`, return
        from there), "missing" (a close is not there although the token may have existed at `start`), "merged" (gone
        into another token by `start`), "gone" (first close after `start`, none at `end`), "later" (first observed
        after `end`); from_date; start_close, end_close in USD;
        start_spread, end_spread (relative, one-source closes at the percentile of `SINGLE_SOURCE_QUANTILE`);
        return_pct in %.
    """
    inside = token_prices[token_prices["date"].between(start, end)].sort_values("date")
    spread = inside["relative_spread"].fillna(single_source_spread(token_prices))
    closes = inside[["symbol", "date"]].assign(close=inside["close_usd"], spread=spread)
    first = closes.groupby("symbol").first().add_prefix("start_").rename(columns={"start_date": "from_date"})
    last = closes[closes["date"] == end].set_index("symbol").add_prefix("end_")
    table = tokens.join(first, on="symbol").join(last, on="symbol")
    has_end = table["end_close"].notna()
    came_later = tokens["symbol"].map(token_prices.groupby("symbol")["date"].min())
    table["status"] = np.select(
        [
            table["migration_latest"] <= start,
            (table["from_date"] == start) & has_end,
            came_later > end,
            (came_later > start) & has_end,
            came_later > start,
        ],
        ["merged", "full", "later", "late", "gone"],
        "missing",
    )
    table["return_pct"] = 100 * (table["end_close"] / table["start_close"] - 1)
    return table[COLUMNS].reset_index(drop=True)


def single_source_spread(token_prices: TokenPrices) -> float:
    """Relative spread that a close with one source is given."""
    return token_prices["relative_spread"].quantile(SINGLE_SOURCE_QUANTILE)


def members_of(universe: str, returns: pd.DataFrame) -> pd.DataFrame:
    """Rows of `window_returns`, or of the table of tokens, that are of a universe."""
    return returns[returns["membership"].isin(UNIVERSES[universe])]


def full_members(returns: pd.DataFrame, universe: str = "core") -> pd.DataFrame:
    """Rows of `window_returns` of a universe's tokens with both closes."""
    return members_of(universe, returns[returns["status"] == "full"])


def growth_range(closes: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Least and most that each token's close can have multiplied by, when both closes move within their spreads.

    Parameters
    ----------
    closes : DataFrame
        start_close, end_close, start_spread, end_spread, as from `window_returns`.
    """
    c = closes
    low = c["end_close"] * (1 - c["end_spread"]) / (c["start_close"] * (1 + c["start_spread"]))
    high = c["end_close"] * (1 + c["end_spread"]) / (c["start_close"] * (1 - c["start_spread"]))
    return low, high


def with_sources(full: pd.DataFrame, token_prices: TokenPrices) -> pd.DataFrame:
    """`full_members` with a column `sources`: on how many the first and the last close rest, as "first / last"."""
    ends = token_prices[token_prices["date"].isin([START, END])]
    counts = ends.pivot(index="symbol", columns="date", values="n_sources")
    both = [f"{counts.at[s, START]:.0f} / {counts.at[s, END]:.0f}" for s in full["symbol"]]
    return full.assign(sources=both)


def known_part(returns: pd.DataFrame, token_prices: TokenPrices) -> pd.DataFrame:
    """What the data do say of the missing tokens: the closes nearest to the two days, inside the year or beside it.

    Parameters
    ----------
    returns : DataFrame
        Rows of `window_returns`.

    Returns
    -------
    DataFrame, one row per missing token
        symbol, name; from_date, from_close and to_date, to_close: the closes nearest to `START` and to `END` (USD);
        change_pct between them, %. Blank where there is no close, or only one.
    """
    missing = returns.loc[returns["status"] == "missing", ["symbol", "name"]].set_index("symbol")
    closes = token_prices[token_prices["symbol"].isin(missing.index)]
    for day, side in ((START, "from"), (END, "to")):
        distance = (closes["date"] - day).abs()
        nearest = closes.loc[distance.groupby(closes["symbol"]).idxmin()].set_index("symbol")
        missing[[f"{side}_date", f"{side}_close"]] = nearest[["date", "close_usd"]].reindex(missing.index)
    missing["change_pct"] = 100 * (missing["to_close"] / missing["from_close"] - 1)
    return missing.reset_index()


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
