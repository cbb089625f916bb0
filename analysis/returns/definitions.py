"""What "the category's return in 2025" can mean (R1): the factors of its multiverse, and the questions outside it."""

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.engine.claims import Claim
from analysis.engine.multiverse import Question, Rule, factors_of, primary_of
from analysis.returns.engine import NEUTRAL, Panel, composition, grid_returns, undefined
from analysis.returns.windows import END, START, buy_and_hold, closes_of, full_members, members_of, window_returns
from analysis.tables.token_prices import TokenPrices
from analysis.tables.tokens import VERTICALS, Tokens

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


def question_r1(claim: Claim, panel: Panel) -> Question:
    """The category's return over 2025, %."""
    return Question(claim, lambda specifications: grid_returns(claim, panel, specifications), RULES)


def weight_coverage(claim: Claim, panel: Panel) -> pd.DataFrame:
    """How many tokens each weighting rests on, when bought once and when rebalanced monthly with late listings.

    Returns
    -------
    DataFrame
        universe, weighting, late listings; n: tokens held; left_out: tokens without what the weighting needs;
        look_ahead: tokens whose weight rests on the later snapshot at some point. Equal weights leave nothing out.
    """
    options = {factor.name: factor.options for factor in factors_of(claim)}
    ways = (("none", "full-year only"), ("monthly", "from first close"))
    chosen = pd.DataFrame(
        primary_of(claim)
        | {"universe": universe, "weighting": weighting, "rebalancing": rebalancing, "late listings": late}
        for universe in options["universe"]
        for weighting in options["weighting"]
        if weighting != NEUTRAL["weighting"]
        for rebalancing, late in ways
    )
    found = composition(panel, chosen)[["n", "left_out", "look_ahead"]]
    return chosen[["universe", "weighting", "late listings"]].join(found)


def other_questions(tokens: Tokens, token_prices: TokenPrices) -> pd.DataFrame:
    """Returns that answer another question than R1: another period, other assets, another unit.

    They are shown beside R1's specifications and never count as support. All is as in R1's primary definition
    otherwise: equal-weighted, bought once, held, tokens with both closes. The tokens were chosen in 2026: whatever was
    called AI in 2023 or 2024 and vanished is not among them, which favours the returns of those years.

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


def _periods(tokens: Tokens, token_prices: TokenPrices) -> Iterator[Row]:
    for question, days in PERIODS.items():
        start, end = map(pd.Timestamp, days)
        returns = window_returns(tokens, token_prices, start=start, end=end)
        for universe in ("core", "broad"):
            full = full_members(returns, universe)
            yield question, universe, full["return_pct"].mean(), start, end, len(full)


def _swings(in_2025: pd.DataFrame, token_prices: TokenPrices) -> Iterator[Row]:
    """Two readings of "from the lowest to the highest", over the closes of the core index after the first."""
    symbols = list(full_members(in_2025, "core")["symbol"])
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
        full = full_members(in_2025, universe)
        for vertical in VERTICALS:
            if vertical != "benchmark":
                part = full.loc[full["vertical"] == vertical, "return_pct"]
                yield f"the vertical {vertical} alone", universe, part.mean(), START, END, len(part)


def _best_tokens(in_2025: pd.DataFrame) -> Iterator[Row]:
    universe = "broad and memes"
    member = members_of(universe, in_2025)
    for status, kind in (("full", "with both closes"), ("late", "from the first close of those that came later")):
        some = member[member["status"] == status]
        if len(some):
            best = some.loc[some["return_pct"].idxmax()]
            question = f"the best single token of {len(some)} {kind}: {best['symbol']}"
            yield question, universe, best["return_pct"], best["from_date"], END, 1


def _in_btc(in_2025: pd.DataFrame) -> Iterator[Row]:
    """BTC as numeraire: every close divided by BTC's of the same day."""
    btc, full = in_2025.set_index("symbol").loc["BTC"], full_members(in_2025, "core")
    growth = (1 + full["return_pct"] / 100) / (1 + btc["return_pct"] / 100)
    yield "the return measured in BTC", "core", 100 * (growth.mean() - 1), START, END, len(full)
