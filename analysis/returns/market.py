"""Claim R2: the category against the rest of the market in 2025, in percentage points.

What the market is, is a choice: `BENCHMARKS` knows four. All are bought at the first close and held. All are of
survivors: `market_prices` holds only contracts that still traded in March 2026, and the large coins were chosen in
2026. What died since is missing, so that returns of the benchmarks, above all of the last, are too high and the excess
over them too low. The category is of survivors too; R1's break-even of the missing answers for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.engine.claims import Claim, Estimate, Finding
from analysis.engine.inference.resampling import CENTRAL, SEED, Permutation, at_least, permute_label
from analysis.engine.multiverse import Question, meaning, primary_of
from analysis.returns import windows
from analysis.returns.category import member_interval, needed_of_missing, source_envelope
from analysis.returns.definitions import RULES
from analysis.returns.engine import Panel, grid_returns, panel_of, supplies_at
from analysis.returns.windows import END, START, buy_and_hold, closes_of, full_members, window_returns
from analysis.tables.token_prices import MarketPrices, TokenPrices, TokenSupplies, TokenTurnover
from analysis.tables.tokens import Tokens

LARGE, OTHER = "large coins by value", "tokens outside AI"
#: Benchmark -> what its weights are proportional to, from rows of `outside_ai` indexed by symbol, with their supply.
BENCHMARKS: Mapping[str, Callable[[pd.DataFrame], pd.Series]] = {
    LARGE: lambda coins: (coins["start_close"] * coins["supply"]).where(coins["large"], 0.0).fillna(0.0),
    "BTC": lambda coins: pd.Series(coins.index == "BTC", coins.index, dtype=float),
    "ETH": lambda coins: pd.Series(coins.index == "ETH", coins.index, dtype=float),
    OTHER: lambda coins: pd.Series(1.0, coins.index),
}
CATEGORY = "AI core"
#: With less than this share of the large coins, the index of them is only a proxy of the market.
FEWEST_LARGE = 0.8
PERMUTATIONS = 9_999
BASKETS = 1_999
OUTSIDE_COLUMNS = ["symbol", "large", "start_close", "end_close", "start_spread", "end_spread", "return_pct"]
EXCESS_COLUMNS = [
    "benchmark", "category_pct", "benchmark_pct", "excess_pp", "low", "high", "sources_low", "sources_high",
]  # fmt: skip


def outside_ai(tokens: Tokens, token_prices: TokenPrices, market_prices: MarketPrices) -> pd.DataFrame:
    """Every token outside AI with both closes: the large coins, and the tokens of `market_prices`.

    Indices, baskets and commodities are no tokens. A close with one source is as uncertain as in `window_returns`.

    Returns
    -------
    DataFrame, one row per token
        symbol; large (bool: marked benchmark in `tokens`); start_close, end_close in USD; start_spread, end_spread,
        relative; return_pct in %.
    """
    known = window_returns(tokens, token_prices)
    large = known[(known["membership"] == "benchmark") & (known["status"] == "full")].assign(large=True)
    rest = market_prices[market_prices["product"].eq("token") & ~market_prices["symbol"].isin(tokens["symbol"])]
    ends = [rest[rest["date"] == day].set_index("symbol")["close_usd"] for day in (START, END)]
    both = pd.concat(ends, axis=1, keys=["start_close", "end_close"], join="inner").rename_axis("symbol").reset_index()
    spread = windows.single_source_spread(token_prices)
    both = both.assign(large=False, start_spread=spread, end_spread=spread)
    both["return_pct"] = 100 * (both["end_close"] / both["start_close"] - 1)
    parts = [part[OUTSIDE_COLUMNS] for part in (large, both) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else large[OUTSIDE_COLUMNS]


def benchmark_weights(outside: pd.DataFrame, token_supplies: TokenSupplies) -> pd.DataFrame:
    """Share of each token of `outside_ai` in each benchmark on the first day.

    Returns
    -------
    DataFrame, shape (tokens, benchmarks)
        Indexed by symbol; columns are those of `BENCHMARKS` that can be built, each summing to 1. A large coin without
        a dated supply has no share of `LARGE`.
    """
    coins = outside.set_index("symbol")
    dated = token_supplies[token_supplies["basis"] == "dated"]
    coins["supply"] = supplies_at(dated, pd.DatetimeIndex([START]), coins.index)[0][0]
    values = {name: measure(coins) for name, measure in BENCHMARKS.items()}
    return pd.DataFrame({name: value / value.sum() for name, value in values.items() if value.sum() > 0})


def benchmark_returns(outside: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    """Return of every benchmark between the two closes, held from the first; survivors only.

    From `outside_ai` and `benchmark_weights`.

    Returns
    -------
    DataFrame, indexed by benchmark
        n tokens; return_pct; low, high: the same when every close moves within its spread; all in %.
    """
    coins = outside.set_index("symbol")
    low, high = (100 * (weights.T @ growth - 1) for growth in windows.growth_range(coins))
    returns = weights.T @ coins["return_pct"]
    table = pd.DataFrame({"n": (weights > 0).sum(), "return_pct": returns, "low": low, "high": high})
    return table.rename_axis("benchmark")


def excess_returns(full: pd.DataFrame, benchmarks: pd.DataFrame) -> pd.DataFrame:
    """R1's primary return less that of every benchmark.

    From `full_members` of the core universe and `benchmark_returns`.

    Returns
    -------
    DataFrame, one row per benchmark
        benchmark; category_pct, benchmark_pct in %; excess_pp, and low, high as the envelope of sources_low,
        sources_high (every close of both sides moves within its spread) and of the choice of members of the category,
        all in percentage points. Empty where fewer than two core tokens have both closes.
    """
    table = benchmarks.rename(columns={"return_pct": "benchmark_pct"}).reset_index()
    if len(full) < 2:
        return table.iloc[:0].reindex(columns=EXCESS_COLUMNS)
    sources, members = source_envelope(full), member_interval(full["return_pct"])
    table["category_pct"] = full["return_pct"].mean()
    table["excess_pp"] = table["category_pct"] - table["benchmark_pct"]
    table["sources_low"], table["sources_high"] = sources[0] - table["high"], sources[1] - table["low"]
    low, high = (end - table["benchmark_pct"] for end in members)
    table["low"] = np.minimum.reduce([table["excess_pp"], table["sources_low"], low])
    table["high"] = np.maximum.reduce([table["excess_pp"], table["sources_high"], high])
    return table[EXCESS_COLUMNS]


def market_levels(category: pd.DataFrame, outside: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    """Daily level of the category and of every benchmark, bought at the first close and held.

    Parameters
    ----------
    category, outside : DataFrame, shape (days, tokens)
        Daily closes, USD: of the category's tokens in equal parts, and as from `outside_closes`.
    weights : DataFrame, shape (tokens, benchmarks)

    Returns
    -------
    DataFrame, shape (days, 1 + benchmarks)
        100 on the first day; the category first.
    """
    levels = {name: buy_and_hold(outside, weights[name]) for name in weights}
    return pd.DataFrame({CATEGORY: buy_and_hold(category)} | levels)


def outside_closes(outside: pd.DataFrame, token_prices: TokenPrices, market_prices: MarketPrices) -> pd.DataFrame:
    """Daily closes of the tokens of `outside_ai`, shape (days, tokens), USD."""
    parts = [
        closes_of(table, outside.loc[outside["large"] == large, "symbol"], start=START, end=END)
        for table, large in ((token_prices, True), (market_prices, False))
    ]
    return pd.concat(parts, axis=1)


def outside_summary(outside: pd.DataFrame) -> pd.DataFrame:
    """What the tokens of `outside_ai` returned, with and without the large coins.

    Returns
    -------
    DataFrame, three rows
        group; n; mean_pct, median_pct in %; rose: share of tokens that rose, %.
    """
    large = outside["large"]
    groups = {"all": outside, "large coins": outside[large], "the others": outside[~large]}
    rows = [
        (name, len(found), found.mean(), found.median(), 100 * (found > 0).mean())
        for name, found in ((name, group["return_pct"]) for name, group in groups.items())
    ]
    return pd.DataFrame(rows, columns=["group", "n", "mean_pct", "median_pct", "rose"])


def label_permutation(
    full: pd.DataFrame, outside: pd.DataFrame, *, resamples: int = PERMUTATIONS, seed: int = SEED
) -> Permutation:
    """How often as many full-year tokens would have done as well, had the label "AI" been put on them at random.

    The label moves over the core tokens and all tokens outside AI; broad members and memes are left out. The difference
    is that of mean returns, core less outside, in percentage points.

    Notes
    -----
    Tokens move together, so the tokens' returns are not independent draws; the test asks only whether this label is
    unusual among labels on the same year.
    """
    values = np.concatenate([full["return_pct"], outside["return_pct"]])
    return permute_label(values, np.arange(len(values)) < len(full), resamples=resamples, seed=seed)


@dataclass(frozen=True, slots=True)
class Movement:
    """How much of a basket's movement is one movement, beside random baskets of the same size.

    Attributes
    ----------
    share : float
        Share of the variance of standardised daily returns on their first principal component, 0–1.
    median, low, high : float
        Of the same share over random baskets: the middle, and the central 95 %.
    p_greater : float
        (b + 1) / (m + 1), where b of m random baskets move together at least as much.
    size : int
        Tokens in a basket.
    """

    share: float
    median: float
    low: float
    high: float
    p_greater: float
    size: int


def first_share(correlation: np.ndarray) -> np.ndarray:
    """Largest eigenvalue over the trace of correlation matrices, shape (..., k, k) to (...).

    Examples
    --------
    >>> float(first_share(np.array([[1.0, 0.5], [0.5, 1.0]])))
    0.75
    """
    return np.linalg.eigvalsh(correlation)[..., -1] / correlation.shape[-1]


def common_movement(
    category: pd.DataFrame, others: pd.DataFrame, *, baskets: int = BASKETS, seed: int = SEED
) -> Movement:
    """Share of the first principal component of the category's daily returns, against baskets drawn from the others.

    Parameters
    ----------
    category, others : DataFrame, shape (days, tokens)
        Daily closes of the same days, such as from `closes_of` and `outside_closes`. A token with a missing close is
        left out, since a filled close is a return of zero that never happened.

    Raises
    ------
    ValueError
        If fewer than two tokens are complete, or the others are fewer than the category.

    Notes
    -----
    Of the correlation matrix of simple returns, so that no token counts for more because it swings more.
    """
    inside, outside = (closes.dropna(axis="columns").pct_change().iloc[1:] for closes in (category, others))
    size = inside.shape[1]
    if not 2 <= size <= outside.shape[1]:
        raise ValueError(f"{size} complete tokens cannot be set against {outside.shape[1]} others")
    matrix = np.corrcoef(outside.to_numpy(), rowvar=False)
    rng = np.random.default_rng(seed)
    drawn = rng.random((baskets, len(matrix))).argpartition(size - 1, axis=1)[:, :size]
    shares = first_share(matrix[drawn[:, :, None], drawn[:, None, :]])
    share = float(first_share(np.corrcoef(inside.to_numpy(), rowvar=False)))
    low, median, high = (float(q) for q in np.quantile(shares, [CENTRAL[0], 0.5, CENTRAL[1]]))
    return Movement(share, median, low, high, at_least(shares, share), size)


def question_r2(claim: Claim, panel: Panel, benchmarks: pd.DataFrame) -> Question:
    """The excess return under every definition of R1 against every benchmark, in percentage points.

    A benchmark is what it is whatever the definition of the category: it is never rebalanced.
    """

    def excess(specifications: pd.DataFrame) -> np.ndarray:
        for benchmark in specifications["benchmark"].unique():
            meaning(claim, "benchmark", benchmark, BENCHMARKS)
        category = grid_returns(claim, panel, specifications.drop(columns="benchmark"))
        return category - benchmarks["return_pct"].reindex(specifications["benchmark"]).to_numpy()

    return Question(claim, excess, RULES)


def assess_r2(
    claim: Claim,
    *,
    tokens: Tokens,
    token_prices: TokenPrices,
    market_prices: MarketPrices,
    token_supplies: TokenSupplies,
    token_turnover: TokenTurnover,
) -> Finding:
    """Excess return of the core universe over the large coins weighted by value, 2025.

    Returns
    -------
    Finding
        Nothing can be said, "missing", where fewer than two core tokens have both closes, or no large coin has both
        closes and a dated supply.
    """
    core = windows.members_of("core", window_returns(tokens, token_prices))
    full, outside = full_members(core), outside_ai(tokens, token_prices, market_prices)
    weights = benchmark_weights(outside, token_supplies)
    benchmarks, benchmark = benchmark_returns(outside, weights), primary_of(claim)["benchmark"]
    excess = excess_returns(full, benchmarks).set_index("benchmark")
    if benchmark not in excess.index:
        return Finding(level=3, basis="market", missing="missing")
    row, marked = excess.loc[benchmark], tokens.loc[tokens["membership"] == "benchmark", "symbol"]
    used = set(weights.index[weights[benchmark] > 0])
    question = question_r2(claim, panel_of(tokens, token_prices, token_supplies, token_turnover), benchmarks)
    return Finding(
        level=3,
        basis="market",
        estimate=Estimate(
            value=row["excess_pp"],
            low=row["low"],
            high=row["high"],
            unit="percentage points",
            n=len(full),
            interval_of="source disagreement on both sides and choice of members of the category",
            method=(
                f"R1's return less that of a buy-and-hold index of {len(used)} of {len(marked)} large coins "
                f"outside AI (without {', '.join(sorted(set(marked) - used)) or 'none'}), weighted by value at the "
                "dated supply; survivors only"
            ),
        ),
        observed_on=END.date(),
        proxy=len(used) < FEWEST_LARGE * len(marked) or "BTC" not in used,
        source_values=(row["sources_low"], row["sources_high"]),
        **question.answered(row["excess_pp"], needed_of_missing(core, claim.asserted.value + row["benchmark_pct"])),
    )
