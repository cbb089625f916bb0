"""Claim R1: the return of the category in 2025, its interval, and what the missing tokens would have to have done."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.engine.claims import Claim, Estimate, Finding, asserted_figure
from analysis.engine.inference.resampling import CONFIDENCE, SEED
from analysis.engine.words.formats import signs
from analysis.returns import windows
from analysis.returns.definitions import question_r1
from analysis.returns.engine import panel_of
from analysis.returns.windows import END, START, buy_and_hold, closes_of, full_members, members_of, window_returns
from analysis.tables.token_prices import TokenPrices, TokenSupplies, TokenTurnover
from analysis.tables.tokens import Tokens

RESAMPLES = 9_999


def source_envelope(constituents: pd.DataFrame) -> tuple[float, float]:
    """Lowest and highest equal-weighted return, %, of `full_members`, when every close moves within its spread."""
    low, high = windows.growth_range(constituents)
    return 100 * (low.mean() - 1), 100 * (high.mean() - 1)


def member_interval(returns_pct: pd.Series, *, seed: int = SEED) -> tuple[float, float]:
    """Percentile bootstrap interval of the mean return, %, over constituents as a sample of the category.

    Parameters
    ----------
    returns_pct : Series, shape (tokens,)
        At least two.

    References
    ----------
    `scipy.stats.bootstrap`, method "percentile".

    Examples
    --------
    >>> member_interval(pd.Series([-50.0, -50.0, -50.0]))
    (-50.0, -50.0)
    """
    result = stats.bootstrap(
        (np.sort(returns_pct.to_numpy()),),  # so that the order of rows does not matter
        np.mean,
        n_resamples=RESAMPLES,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(seed),
    )
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


@dataclass(frozen=True, slots=True)
class BreakEven:
    """What the tokens without both closes would have to have returned, on average, for the mean to reach a bound.

    Attributes
    ----------
    missing : tuple of str
        Their symbols.
    observed : int
        Tokens with both closes.
    return_pct : float
        Needed mean return of the missing tokens, %; NaN where none is missing.
    """

    missing: tuple[str, ...]
    observed: int
    return_pct: float


def index_table(tokens: Tokens, token_prices: TokenPrices) -> pd.DataFrame:
    """Equal-weighted buy-and-hold index of the core and the broad universe, beside BTC and ETH.

    Returns
    -------
    DataFrame, shape (days, up to 4)
        Levels, 100 on the first day; only tokens with both closes, and no column where there is none.
    """
    returns = window_returns(tokens, token_prices)
    both = returns.loc[returns["status"] == "full", "symbol"]
    members = {f"AI {universe}": full_members(returns, universe)["symbol"] for universe in ("core", "broad")}
    members |= {coin: both[both == coin] for coin in ("BTC", "ETH")}
    levels = {
        name: buy_and_hold(closes_of(token_prices, symbols, start=START, end=END))
        for name, symbols in members.items()
        if len(symbols)
    }
    return pd.DataFrame(levels, index=pd.date_range(START, END, name="date"))


def interval_parts(full: pd.DataFrame) -> pd.DataFrame:
    """The two parts of R1's interval and their envelope.

    Parameters
    ----------
    full : DataFrame
        As from `full_members`.

    Returns
    -------
    DataFrame, one row per part
        part, low_pct, high_pct, width (percentage points).
    """
    sources, members = source_envelope(full), member_interval(full["return_pct"])
    value = full["return_pct"].mean()
    envelope = min(value, sources[0], members[0]), max(value, sources[1], members[1])
    rows = {"sources": sources, "members": members, "envelope of both": envelope}
    parts = pd.DataFrame([(part, *ends) for part, ends in rows.items()], columns=["part", "low_pct", "high_pct"])
    return parts.assign(width=parts["high_pct"] - parts["low_pct"])


def break_even(
    returns: pd.DataFrame,
    bound_pct: float,
    *,
    until: pd.Timestamp = START,
    known_pct: Mapping[str, float] | None = None,
) -> BreakEven:
    """Break-even of the missing tokens of a universe, by rows of `window_returns`.

    Parameters
    ----------
    bound_pct : float
        Asserted mean return, %.
    until : Timestamp
        A token first observed up to this day counts as missing too: a first close is not a listing date, and a token
        that our sources see first in January may have traded before.
    known_pct : mapping, optional
        Returns, %, at which some of the missing tokens are taken as observed.

    Examples
    --------
    >>> table = pd.DataFrame({"symbol": ["A", "B"], "status": ["full", "missing"], "return_pct": [-80.0, np.nan]})
    >>> break_even(table.assign(from_date=START), 280.0)
    BreakEven(missing=('B',), observed=1, return_pct=640.0)
    """
    known = pd.Series(known_pct or {}, dtype=float)
    observed = pd.concat([returns.loc[returns["status"] == "full", "return_pct"], known])
    absent = (returns["status"] == "missing") | ((returns["status"] == "late") & (returns["from_date"] <= until))
    missing = tuple(returns.loc[absent & ~returns["symbol"].isin(known.index), "symbol"])
    needed = (bound_pct * (len(observed) + len(missing)) - observed.sum()) / len(missing) if missing else np.nan
    return BreakEven(missing, len(observed), float(needed))


def assess_r1(
    claim: Claim,
    *,
    tokens: Tokens,
    token_prices: TokenPrices,
    token_supplies: TokenSupplies,
    token_turnover: TokenTurnover,
) -> Finding:
    """Equal-weighted buy-and-hold return of the core universe over 2025.

    Supplies and turnover only weigh the alternatives.

    Returns
    -------
    Finding
        The interval is the envelope of `source_envelope` and `member_interval`. Nothing can be said, "missing", where
        fewer than two core tokens have both closes.

    Raises
    ------
    DataError
        If the claim asserts no figure in %.
    """
    bound = asserted_figure(claim, "%")
    core = members_of("core", window_returns(tokens, token_prices))
    full = full_members(core)
    if len(full) < 2:
        return Finding(level=3, basis="market", missing="missing")
    ends = full.set_index("symbol")[["start_close", "end_close"]].T
    value = buy_and_hold(ends, base=100.0).iloc[-1] - 100
    sources, _, envelope = interval_parts(full).itertuples()
    question = question_r1(claim, panel_of(tokens, token_prices, token_supplies, token_turnover))
    return Finding(
        level=3,
        basis="market",
        estimate=Estimate(
            value=value,
            low=min(value, envelope.low_pct),
            high=max(value, envelope.high_pct),
            unit="%",
            n=len(full),
            interval_of="source disagreement and choice of members, the core tokens being a sample of the category",
            method="equal-weighted mean price return of core tokens with closes on both 2024-12-31 and 2025-12-31",
        ),
        observed_on=END.date(),
        source_values=(sources.low_pct, sources.high_pct),
        **question.answered(value, needed_of_missing(core, bound)),
    )


def needed_of_missing(core: pd.DataFrame, bound: float) -> str:
    """What the missing core tokens would have to have returned for the mean to reach a bound, %, in words."""
    strict, wide = break_even(core, bound), break_even(core, bound, until=windows.JANUARY)
    if not strict.missing:
        return "no core token is missing"
    more = len(wide.missing) - len(strict.missing)
    each, all_of_them = (signs(f"{found.return_pct:+,.0f}") for found in (strict, wide))
    late = f" ({all_of_them} % if the {more} first seen in January 2025 are counted too)" if more else ""
    tokens = "core token" if len(strict.missing) == 1 else "core tokens"
    absent = f"the {len(strict.missing)} {tokens} without both closes ({', '.join(strict.missing)})"
    return f"{absent} would have to have returned {each} % on average{late}"
