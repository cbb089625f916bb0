"""What "the category's return in 2025" can mean (R1): the factors of its multiverse, and the questions outside it."""

from collections.abc import Callable, Iterator, Mapping
from itertools import product

import numpy as np
import pandas as pd

from analysis.engine.multiverse import Factor, Rule
from analysis.returns.engine import OPTIONS, composition, grid_returns, panel_of, undefined
from analysis.returns.index import buy_and_hold, closes_of
from analysis.returns.windows import END, START, UNIVERSES, window_returns
from analysis.tables.tokens import VERTICALS

#: The definitions of R1's question; the primary option of each is that of the claim.
FACTORS: tuple[Factor, ...] = tuple(Factor(name, options, primary=options[0]) for name, options in OPTIONS.items())


#: An option that does not matter (the weights of a median, the cost of rebalances that do not happen) stays admissible
#: with the same estimate, so that it counts once.
RULES: tuple[Rule, ...] = (
    Rule(
        "without rebalancing, the slice of a late token is fixed before its size is known: only equal ones", undefined
    ),
)

#: Periods that are other questions: label -> first and last close. The tables begin on 2023-01-01; the report is of
#: 2026-01-22.
PERIODS: Mapping[str, tuple[str, str]] = {
    "the calendar year 2023, from the first close in the tables": ("2023-01-01", "2023-12-31"),
    "the calendar year 2024": ("2023-12-31", "2024-12-31"),
    "the twelve months to the report's date": ("2025-01-22", "2026-01-22"),
}


def estimator(
    tokens: pd.DataFrame, token_prices: pd.DataFrame, token_supplies: pd.DataFrame, token_turnover: pd.DataFrame
) -> Callable[[pd.DataFrame], np.ndarray]:
    """R1's return, %, as a function of specifications, for `analysis.engine.multiverse.explore`.

    Parameters
    ----------
    tokens, token_prices, token_supplies, token_turnover : DataFrame
        The tables of those names; arranged once, here.

    Returns
    -------
    callable
        `analysis.returns.engine.grid_returns` over 2025.
    """
    panel = panel_of(tokens, token_prices, token_supplies, token_turnover)
    return lambda specifications: grid_returns(panel, specifications)


def weight_coverage(
    tokens: pd.DataFrame, token_prices: pd.DataFrame, token_supplies: pd.DataFrame, token_turnover: pd.DataFrame
) -> pd.DataFrame:
    """How many tokens each weighting rests on, when bought once and when rebalanced monthly with late listings.

    Parameters
    ----------
    tokens, token_prices, token_supplies, token_turnover : DataFrame
        The tables of those names.

    Returns
    -------
    DataFrame
        universe, weighting, late listings; n: tokens held; left_out: tokens without what the weighting needs;
        look_ahead: tokens whose weight rests on the later snapshot at some point. Equal weights leave nothing out.
    """
    panel = panel_of(tokens, token_prices, token_supplies, token_turnover)
    grid = pd.DataFrame(list(product(*OPTIONS.values())), columns=list(OPTIONS))
    once = (grid["rebalancing"] == "none") & (grid["late listings"] == "full-year only")
    late = (grid["rebalancing"] == "monthly") & (grid["late listings"] == "from first close")
    plain = (grid["aggregation"] == "index") & (grid["cost"] == "0 bp") & (grid["weighting"] != "equal")
    chosen = grid[(once | late) & plain].reset_index(drop=True)
    found = composition(panel, chosen)[["n", "left_out", "look_ahead"]]
    return chosen[["universe", "weighting", "late listings"]].join(found)


def other_questions(tokens: pd.DataFrame, token_prices: pd.DataFrame) -> pd.DataFrame:
    """Returns that answer another question than R1: another period, other assets, another unit.

    They are shown beside R1's specifications and never count as support. All is as in R1's primary definition
    otherwise: equal-weighted, bought once, held, tokens with both closes. The tokens were chosen in 2026: whatever was
    called AI in 2023 or 2024 and vanished is not among them, which favours the returns of those years.

    Parameters
    ----------
    tokens, token_prices : DataFrame
        The tables of those names.

    Returns
    -------
    DataFrame
        question; universe; return_pct, % (NaN where no token has both closes); from, to: days of the two closes; n:
        tokens that the return rests on.

    Notes
    -----
    "From the lowest to the highest close" of the core index holds also where the highest came first (`from` after
    `to`), so that nobody could have earned it; "the largest rise" is the largest from a close to a later one. Both are
    known only afterwards.
    """
    in_2025 = window_returns(tokens, token_prices)
    rows = [
        *_periods(tokens, token_prices),
        *_swings(in_2025, token_prices),
        *_verticals(in_2025),
        *_best_tokens(in_2025),
        *_in_btc(in_2025),
    ]
    return pd.DataFrame(rows, columns=["question", "universe", "return_pct", "from", "to", "n"])


Row = tuple[str, str, float, pd.Timestamp, pd.Timestamp, int]


def _full(returns: pd.DataFrame, universe: str) -> pd.DataFrame:
    return returns[returns["membership"].isin(UNIVERSES[universe]) & (returns["status"] == "full")]


def _periods(tokens: pd.DataFrame, token_prices: pd.DataFrame) -> Iterator[Row]:
    for question, days in PERIODS.items():
        start, end = map(pd.Timestamp, days)
        returns = window_returns(tokens, token_prices, start=start, end=end)
        for universe in ("core", "broad"):
            full = _full(returns, universe)
            yield question, universe, full["return_pct"].mean(), start, end, len(full)


def _swings(in_2025: pd.DataFrame, token_prices: pd.DataFrame) -> Iterator[Row]:
    """Two readings of "from the lowest to the highest", over the closes of the core index after the first."""
    symbols = list(_full(in_2025, "core")["symbol"])
    if not symbols:
        return
    levels = buy_and_hold(closes_of(token_prices, symbols, start=START, end=END)).iloc[1:]
    low, high = levels.idxmin(), levels.idxmax()
    swing = 100 * (levels[high] / levels[low] - 1)
    yield "from the lowest to the highest close inside 2025, in whatever order", "core", swing, low, high, len(symbols)
    rise = levels / levels.cummin()
    top = rise.idxmax()
    bottom = levels[:top].idxmin()
    yield "the largest rise inside 2025", "core", 100 * (rise[top] - 1), bottom, top, len(symbols)


def _verticals(in_2025: pd.DataFrame) -> Iterator[Row]:
    for universe in ("core", "broad"):
        full = _full(in_2025, universe)
        for vertical in VERTICALS:
            if vertical != "benchmark":
                part = full.loc[full["vertical"] == vertical, "return_pct"]
                yield f"the vertical {vertical} alone", universe, part.mean(), START, END, len(part)


def _best_tokens(in_2025: pd.DataFrame) -> Iterator[Row]:
    universe = "broad and memes"
    member = in_2025[in_2025["membership"].isin(UNIVERSES[universe])]
    for status, kind in (("full", "with both closes"), ("late", "from the first close of those that came later")):
        some = member[member["status"] == status]
        if len(some):
            best = some.loc[some["return_pct"].idxmax()]
            question = f"the best single token of {len(some)} {kind}: {best['symbol']}"
            yield question, universe, best["return_pct"], best["from_date"], END, 1


def _in_btc(in_2025: pd.DataFrame) -> Iterator[Row]:
    """BTC as numeraire: every close divided by BTC's of the same day."""
    btc, full = in_2025.set_index("symbol").loc["BTC"], _full(in_2025, "core")
    growth = (1 + full["return_pct"] / 100) / (1 + btc["return_pct"] / 100)
    yield "the return measured in BTC", "core", 100 * (growth.mean() - 1), START, END, len(full)
