"""R1's return under many specifications at once.

The conventions, each stated once:

Tokens
    Those of the universe with both closes ("full") and, where late listings count, those whose first close lies inside
    the window and that have a close on its last day ("late"). A token without a close on the last day is in no
    specification; one that had no close on the first day although it existed then is neither. Both are what the
    break-even of the missing is for. To require the last close looks ahead, and favours survivors.
Closes
    Consensus closes in USD; a day without one is valued at the last one before it.
Late listings
    A late token may be bought from the day of its first close, or from 30 days after it; never on the last day or
    later. An index that rebalances buys it at its first rebalance on or after that day. One that never rebalances puts
    an equal slice aside for each token, which waits in cash, without interest, until then; this knows on the first day
    how many tokens will come. The median takes each token's return from that day.
Weighting
    Proportional to nothing (equal), to market capitalisation, to its square root, or to turnover, as known at the close
    of the purchase or the rebalance. Capitalisation at t: the close of t times the latest dated supply no later than
    t + 1 day (a snapshot of the first of the month stands for the close before it), however old; where there is none,
    the look-ahead snapshot, which `composition` counts. Turnover at t: mean over those of the 30 days to t that have a
    value. A token without supply, or without turnover, is left out of that weighting for as long, and counted; one that
    loses its turnover is sold at the next rebalance.
Rebalancing
    At the close of the first day of each calendar month, of each Monday, or of each day; never on the first day, which
    is the purchase, nor on the last, which is the valuation.
Aggregation
    The return of the index, or of the median token, which has no weights, no rebalancing and no cost.
Cost
    Every trade of a rebalance pays its own 30 basis points: an order to buy for x acquires x / (1 + c), an order that
    must raise x sells x / (1 − c). No more is sold than is held; what then lacks (the fee of a token that is sold out)
    is owed until the next rebalance. The first purchase is free, and so is holding to the end: without rebalancing
    there is no cost.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.engine.claims import Claim
from analysis.engine.multiverse import meanings
from analysis.returns.windows import END, START, UNIVERSES, buy_and_hold, closes_of, window_returns
from analysis.tables.token_prices import TokenPrices, TokenSupplies, TokenTurnover
from analysis.tables.tokens import Tokens

#: Rebalancing -> the days on which it is due.
CALENDARS: Mapping[str, Callable[[pd.DatetimeIndex], np.ndarray]] = {
    "none": lambda days: np.zeros(len(days), dtype=bool),
    "monthly": lambda days: days.day == 1,
    "weekly": lambda days: days.day_of_week == 0,
    "daily": lambda days: np.ones(len(days), dtype=bool),
}
#: Aggregation -> the growth of tokens bought and held, from closes of shape (2, n) and shares of the value invested.
AGGREGATIONS: Mapping[str, Callable[[pd.DataFrame, np.ndarray], float]] = {
    "index": lambda closes, shares: buy_and_hold(closes, shares, base=100.0).iloc[-1],
    "median token": lambda closes, _: 100 * np.median(closes.loc["end"] / closes.loc["bought"]),
}
#: Cost of a trade, as a fraction of the value traded.
COST = {"0 bp": 0.0, "30 bp": 0.0030}
#: What stands for an option that does not matter: no weights, no rebalancing, no cost.
NEUTRAL = {"weighting": "equal", "rebalancing": "none", "cost": "0 bp"}
#: Late listings -> days after its first close from which a late token may be bought.
WAITS = {"full-year only": np.inf, "from first close": 0, "after 30 days": 30}
#: Days of the trailing mean of turnover.
TRAILING = 30
#: Fewer tokens with a weight are no category.
LEAST_TOKENS = 2


@dataclass(frozen=True, slots=True)
class Panel:
    """All that the specifications draw on, for D days and K tokens.

    Attributes
    ----------
    closes : DataFrame, shape (D, K)
        USD, the last one known; NaN before the first. Indexed by day, a column for each symbol.
    entry : mapping of option of "late listings" -> ndarray of int, shape (K,)
        Row of the first day on which the token may be bought; D where there is none.
    member : mapping of universe -> ndarray of bool, shape (K,)
    measure : mapping of weighting -> ndarray, shape (D, K)
        What weights are proportional to; 0 where it is not known.
    look_ahead : ndarray of bool, shape (D, K)
        Where the capitalisation rests on the later snapshot.
    """

    closes: pd.DataFrame
    entry: Mapping[str, np.ndarray]
    member: Mapping[str, np.ndarray]
    measure: Mapping[str, np.ndarray]
    look_ahead: np.ndarray


def panel_of(
    tokens: Tokens, token_prices: TokenPrices, token_supplies: TokenSupplies, token_turnover: TokenTurnover
) -> Panel:
    """Arrange the tables for `grid_returns`."""
    known = window_returns(tokens, token_prices)
    widest = known["membership"].isin({m for memberships in UNIVERSES.values() for m in memberships})
    known = known[widest & known["status"].isin(["full", "late"])]
    symbols = pd.Index(known["symbol"])
    closes = closes_of(token_prices, symbols, start=START, end=END).ffill()
    supply, look_ahead = supplies_at(token_supplies, closes.index, symbols)
    cap = np.nan_to_num(supply * closes.to_numpy())
    return Panel(
        closes=closes,
        entry=_entries(known, closes.index),
        member={name: known["membership"].isin(m).to_numpy() for name, m in UNIVERSES.items()},
        measure={
            "equal": np.ones_like(cap),
            "square root of cap": np.sqrt(cap),
            "cap": cap,
            "turnover": trailing_turnover(token_turnover, closes.index, symbols),
        },
        look_ahead=look_ahead,
    )


def _entries(known: pd.DataFrame, days: pd.DatetimeIndex) -> dict[str, np.ndarray]:
    """Row of the first day on which a token may be bought, by option; the number of days where there is none."""
    full, first = (known["status"] == "full").to_numpy(), days.get_indexer(known["from_date"])
    rows = {option: np.where(full, 0, first + wait) for option, wait in WAITS.items()}
    return {option: np.where(row < len(days) - 1, row, len(days)).astype(int) for option, row in rows.items()}


def supplies_at(
    token_supplies: TokenSupplies, days: pd.DatetimeIndex, symbols: pd.Index
) -> tuple[np.ndarray, np.ndarray]:
    """Circulating supply as known at each close, and whether it is the look-ahead snapshot instead.

    Returns
    -------
    supply : ndarray, shape (D, K)
        Tokens: the latest dated supply no later than the day after; else the look-ahead snapshot; else NaN.
    look_ahead : ndarray of bool, shape (D, K)

    Examples
    --------
    >>> table = pd.DataFrame({"date": pd.to_datetime(["2025-01-02", "2026-05-04"]), "symbol": "A",
    ...                       "circulating_supply": [10.0, 90.0], "basis": ["dated", "look-ahead"]})
    >>> supply, later = supplies_at(table, pd.date_range("2024-12-31", periods=3), pd.Index(["A"]))
    >>> supply.ravel().tolist(), later.ravel().tolist()
    ([90.0, 10.0, 10.0], [True, False, False])
    """
    inside = token_supplies[token_supplies["symbol"].isin(symbols)].sort_values("date")
    dated = inside[inside["basis"] == "dated"].pivot(index="date", columns="symbol", values="circulating_supply")
    known = dated.reindex(columns=symbols).ffill().reindex(days + pd.Timedelta(days=1), method="ffill")
    later = inside[inside["basis"] == "look-ahead"].groupby("symbol")["circulating_supply"].first().reindex(symbols)
    look_ahead = known.isna().to_numpy(bool) & later.notna().to_numpy(bool)
    return np.where(look_ahead, later.to_numpy(float), known.to_numpy(float)), look_ahead


def trailing_turnover(token_turnover: TokenTurnover, days: pd.DatetimeIndex, symbols: pd.Index) -> np.ndarray:
    """Mean turnover, USD per day, over those of the `TRAILING` days to each day that have one; 0 where none has.

    Shape (D, K), for D days and K symbols.

    Examples
    --------
    >>> days = pd.date_range("2024-12-30", periods=3)
    >>> table = pd.DataFrame({"date": days[:2], "symbol": "A", "turnover_usd": [1.0, 3.0]})
    >>> trailing_turnover(table, days, pd.Index(["A", "B"])).tolist()
    [[1.0, 0.0], [2.0, 0.0], [2.0, 0.0]]
    """
    span = pd.date_range(days[0] - pd.Timedelta(days=TRAILING - 1), days[-1])
    inside = token_turnover[token_turnover["symbol"].isin(symbols) & token_turnover["date"].isin(span)]
    daily = inside.pivot(index="date", columns="symbol", values="turnover_usd").reindex(index=span, columns=symbols)
    windows = np.lib.stride_tricks.sliding_window_view(daily.to_numpy(float), TRAILING, axis=0)
    count = np.isfinite(windows).sum(axis=-1)
    return np.divide(np.nansum(windows, axis=-1), count, out=np.zeros(count.shape), where=count > 0)


def rebalance_rows(days: pd.DatetimeIndex, rebalancing: str) -> np.ndarray:
    """Rows of the purchase and of every rebalance, never that of the last day.

    Examples
    --------
    >>> days = pd.date_range("2024-12-31", "2025-02-02")
    >>> days[rebalance_rows(days, "monthly")].strftime("%m-%d").tolist()
    ['12-31', '01-01', '02-01']
    >>> days[rebalance_rows(days, "weekly")].strftime("%m-%d").tolist()
    ['12-31', '01-06', '01-13', '01-20', '01-27']
    """
    rows = np.flatnonzero(CALENDARS[rebalancing](days))
    return np.concatenate([[0], rows[(rows > 0) & (rows < len(days) - 1)]])


def target_weights(panel: Panel, specifications: pd.DataFrame, rows: np.ndarray) -> np.ndarray:
    """Weights that each of S indices is brought to on each of R days, which are rows of the panel.

    Returns
    -------
    ndarray, shape (S, R, K)
        Summing to 1; NaN on a day on which fewer than `LEAST_TOKENS` tokens have a weight.
    """
    keys = list(zip(*(specifications[c] for c in ("universe", "weighting", "late listings")), strict=True))
    parts = {key: _weights(panel, *key, rows) for key in set(keys)}
    return np.stack([parts[key] for key in keys])


def _weights(panel: Panel, universe: str, weighting: str, late: str, rows: np.ndarray) -> np.ndarray:
    open_to = panel.member[universe] & (rows[:, None] >= panel.entry[late])
    size = np.where(open_to, panel.measure[weighting][rows], 0.0)
    enough = ((size > 0).sum(axis=1) >= LEAST_TOKENS)[:, None]
    return np.divide(size, size.sum(axis=1, keepdims=True), out=np.full(size.shape, np.nan), where=enough)


def rebalanced_growth(closes: np.ndarray, weights: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """Value of portfolios at the end, per unit invested, when they are brought to given weights at given closes.

    Parameters
    ----------
    closes : ndarray, shape (R + 1, K)
        USD, at the purchase, at every rebalance, and at the end; NaN only where a weight is 0.
    weights : ndarray, shape (S, R, K)
        After the purchase and after every rebalance.
    cost : ndarray, shape (S,)
        Fraction of the value traded at a rebalance; each trade pays its own.

    Notes
    -----
    As in bt, fees reduce what is bought and increase what is sold, so that orders net to what is owed from the last
    rebalance, and weights are on target up to the fees.

    Examples
    --------
    >>> closes = np.array([[1.0, 1.0], [2.0, 1.0], [2.0, 2.0]])
    >>> weights = np.full((2, 2, 2), 0.5)
    >>> rebalanced_growth(closes, weights, np.array([0.0, 0.01])).round(6).tolist()
    [2.25, 2.242524]
    """
    growth = np.divide(closes[1:], closes[:-1], out=np.ones(closes[1:].shape), where=~np.isnan(closes[:-1]))
    held, owed, fee = weights[:, 0] * growth[0], np.zeros(len(weights)), cost[:, None]
    for row, factor in enumerate(growth[1:], start=1):
        order = weights[:, row] * (held.sum(axis=1) - owed)[:, None] - held
        asked = np.maximum(-order, 0.0)
        sold = np.minimum(asked / (1 - fee), held)
        owed = (asked - sold * (1 - fee)).sum(axis=1)
        held = (held - sold + np.maximum(order, 0.0) / (1 + fee)) * factor
    return held.sum(axis=1) - owed


def grid_returns(claim: Claim, panel: Panel, specifications: pd.DataFrame) -> np.ndarray:
    """Return of the category under each specification, by the conventions of this module.

    Parameters
    ----------
    claim : Claim
        Whose definitions these are.
    specifications : DataFrame, shape (S, 6)
        A column for each factor, holding its options.

    Returns
    -------
    ndarray, shape (S,)
        %; NaN where fewer than `LEAST_TOKENS` tokens have a weight at the purchase or a rebalance (without rebalancing:
        in all).

    Raises
    ------
    DataError
        For an option that is not known here.
    ValueError
        For an index without rebalancing that gives late tokens unequal slices.
    """
    _refuse(claim, panel, specifications)
    meant = reduced(specifications)
    distinct = meant.drop_duplicates(ignore_index=True)
    result = pd.Series(np.nan, index=pd.MultiIndex.from_frame(distinct))
    for rebalancing, rows in distinct.groupby("rebalancing").indices.items():
        part = distinct.iloc[rows]
        if rebalancing == NEUTRAL["rebalancing"]:
            result.iloc[rows] = [_held_return(panel, s) for s in part.to_dict("records")]
        else:
            days = rebalance_rows(panel.closes.index, rebalancing)
            closes, cost = panel.closes.to_numpy()[np.append(days, -1)], part["cost"].map(COST).to_numpy()
            result.iloc[rows] = 100 * rebalanced_growth(closes, target_weights(panel, part, days), cost) - 100
    return result.loc[pd.MultiIndex.from_frame(meant)].to_numpy()


def _refuse(claim: Claim, panel: Panel, specifications: pd.DataFrame) -> None:
    known = {
        "universe": panel.member,
        "weighting": panel.measure,
        "rebalancing": CALENDARS,
        "late listings": panel.entry,
        "aggregation": AGGREGATIONS,
        "cost": COST,
    }
    for factor, options in specifications.items():
        for option in options.unique():
            meanings(claim, {factor: option}, known)
    if undefined(specifications).any():
        raise ValueError("without rebalancing, late tokens can only be weighted equally")


def reduced(specifications: pd.DataFrame) -> pd.DataFrame:
    """Specifications with every option that does not matter replaced by that of `NEUTRAL`.

    A median has no weights, no rebalancing and no cost; without rebalancing there is no cost of a rebalance.
    """
    meant = specifications.copy()
    meant.loc[meant["aggregation"] == "median token", list(NEUTRAL)] = list(NEUTRAL.values())
    meant.loc[meant["rebalancing"] == NEUTRAL["rebalancing"], "cost"] = NEUTRAL["cost"]
    return meant


def undefined(specifications: pd.DataFrame) -> pd.Series:
    """Whether an index would fix unequal slices for tokens that are not yet listed: no rebalancing, late, not equal."""
    s = specifications
    fixed = (s["aggregation"] == "index") & (s["rebalancing"] == NEUTRAL["rebalancing"])
    return fixed & (s["late listings"] != "full-year only") & (s["weighting"] != NEUTRAL["weighting"])


def _held_return(panel: Panel, specification: Mapping[str, str]) -> float:
    """Return, %, of the tokens that a specification without rebalancing holds, each bought at its entry."""
    entry, size = panel.entry[specification["late listings"]], panel.measure[specification["weighting"]][0]
    held = np.flatnonzero(panel.member[specification["universe"]] & (entry < len(panel.closes)) & (size > 0))
    if len(held) < LEAST_TOKENS:
        return np.nan
    all_closes = panel.closes.to_numpy()
    ends = {"bought": all_closes[entry[held], held], "end": all_closes[-1, held]}
    closes = pd.DataFrame(ends, index=panel.closes.columns[held]).T
    return float(AGGREGATIONS[specification["aggregation"]](closes, size[held] / size[held].sum()) - 100)


def composition(panel: Panel, specifications: pd.DataFrame) -> pd.DataFrame:
    """How many tokens each specification rests on.

    Returns
    -------
    DataFrame, shape (S, 3), with the index of `specifications`
        n: tokens held at some time; left_out: tokens that could have been bought but never had a weight, for want of
        supply or turnover; look_ahead: tokens held whose weight ever rests on the look-ahead supply.
    """
    counts = [_counts(panel, s) for s in reduced(specifications).to_dict("records")]
    return pd.DataFrame(counts, columns=["n", "left_out", "look_ahead"], index=specifications.index)


def _counts(panel: Panel, specification: Mapping[str, str]) -> tuple[int, int, int]:
    rows, weighting = rebalance_rows(panel.closes.index, specification["rebalancing"]), specification["weighting"]
    if all(specification[factor] == NEUTRAL[factor] for factor in ("rebalancing", "weighting")):
        # each slice has its own day
        rows = np.arange(len(panel.closes) - 1)
    could = panel.member[specification["universe"]] & (rows[:, None] >= panel.entry[specification["late listings"]])
    held = could & (panel.measure[weighting][rows] > 0)
    later = held & panel.look_ahead[rows] & ("cap" in weighting)
    n, possible = held.any(axis=0).sum(), could.any(axis=0).sum()
    return int(n), int(possible - n), int(later.any(axis=0).sum())
