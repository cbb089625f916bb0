"""Claim R1: the return of the category in 2025, its interval, and what the missing tokens would have to have done."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.claims import Claim, Estimate, Finding, asserted_figure
from analysis.returns.index import buy_and_hold, closes_of

#: Memberships that make up each universe.
UNIVERSES = {"core": ("core",), "broad": ("core", "broad"), "broad and memes": ("core", "broad", "meme")}
START, END = pd.Timestamp("2024-12-31"), pd.Timestamp("2025-12-31")
#: A token that the sources first see by this day may have traded before `START`.
JANUARY = pd.Timestamp("2025-01-31")
#: A close with one source is taken to be as uncertain as the 99th percentile of closes with several.
SINGLE_SOURCE_QUANTILE = 0.99
CONFIDENCE = 0.95
RESAMPLES = 9_999
SEED = 20_260_122


def window_returns(
    tokens: pd.DataFrame,
    token_prices: pd.DataFrame,
    *,
    start: pd.Timestamp = START,
    end: pd.Timestamp = END,
) -> pd.DataFrame:
    """What is known of every token between two closes.

    Parameters
    ----------
    tokens, token_prices : DataFrame
        The tables of those names.
    start, end : Timestamp
        Days of the two closes.

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
    assumed = token_prices["relative_spread"].quantile(SINGLE_SOURCE_QUANTILE)
    inside = inside.assign(relative_spread=inside["relative_spread"].fillna(assumed))
    first = inside.groupby("symbol").first().add_prefix("start_").rename(columns={"start_date": "from_date"})
    last = inside[inside["date"] == end].set_index("symbol").add_prefix("end_")
    known = ["symbol", "name", "vertical", "membership", "migration_latest"]
    observed = token_prices.groupby("symbol")["date"].min()
    table = (
        tokens[known]
        .assign(first_observed=tokens["symbol"].map(observed))
        .join(first, on="symbol")
        .join(last, on="symbol")
    )
    has_end = table["end_close_usd"].notna()
    table["status"] = np.select(
        [
            table["migration_latest"] <= start,
            (table["from_date"] == start) & has_end,
            table["first_observed"] > end,
            (table["first_observed"] > start) & has_end,
            table["first_observed"] > start,
        ],
        ["merged", "full", "later", "late", "gone"],
        "missing",
    )
    table["return_pct"] = 100 * (table["end_close_usd"] / table["start_close_usd"] - 1)
    names = {
        f"{side}_{a}": f"{side}_{b}"
        for side in ("start", "end")
        for a, b in (("close_usd", "close"), ("relative_spread", "spread"))
    }
    columns = ["symbol", "name", "vertical", "membership", "status", "from_date", *names.values(), "return_pct"]
    return table.rename(columns=names)[columns].reset_index(drop=True)


def source_envelope(constituents: pd.DataFrame) -> tuple[float, float]:
    """Lowest and highest equal-weighted return, %, when every close moves within its spread.

    Parameters
    ----------
    constituents : DataFrame, shape (tokens, …)
        Rows of `window_returns` with status "full".
    """
    c = constituents
    low = c["end_close"] * (1 - c["end_spread"]) / (c["start_close"] * (1 + c["start_spread"]))
    high = c["end_close"] * (1 + c["end_spread"]) / (c["start_close"] * (1 - c["start_spread"]))
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


def index_table(
    tokens: pd.DataFrame, token_prices: pd.DataFrame, *, start: pd.Timestamp = START, end: pd.Timestamp = END
) -> pd.DataFrame:
    """Equal-weighted buy-and-hold index of the core and the broad universe, beside BTC and ETH.

    Parameters
    ----------
    tokens, token_prices : DataFrame
        The tables of those names.
    start, end : Timestamp
        First and last day.

    Returns
    -------
    DataFrame, shape (days, up to 4)
        Levels, 100 on the first day; only tokens with both closes, and no column where there is none.
    """
    returns = window_returns(tokens, token_prices, start=start, end=end)
    full = returns[returns["status"] == "full"]
    members = {
        "AI core": full.loc[full["membership"].isin(UNIVERSES["core"]), "symbol"],
        "AI broad": full.loc[full["membership"].isin(UNIVERSES["broad"]), "symbol"],
        "BTC": full.loc[full["symbol"] == "BTC", "symbol"],
        "ETH": full.loc[full["symbol"] == "ETH", "symbol"],
    }
    return pd.DataFrame(
        {
            name: buy_and_hold(closes_of(token_prices, list(symbols), start=start, end=end))
            for name, symbols in members.items()
            if len(symbols)
        },
        index=pd.date_range(start, end, name="date"),
    )


def interval_parts(full: pd.DataFrame) -> pd.DataFrame:
    """The two parts of R1's interval and their envelope.

    Parameters
    ----------
    full : DataFrame
        Rows of `window_returns` with status "full".

    Returns
    -------
    DataFrame, shape (3, 4)
        part, low_pct, high_pct, width (percentage points).
    """
    sources, members = source_envelope(full), member_interval(full["return_pct"])
    value = full["return_pct"].mean()
    envelope = min(value, sources[0], members[0]), max(value, sources[1], members[1])
    rows = {"sources": sources, "members": members, "envelope of both": envelope}
    parts = (
        pd.DataFrame.from_dict(rows, orient="index", columns=["low_pct", "high_pct"]).rename_axis("part").reset_index()
    )
    return parts.assign(width=parts["high_pct"] - parts["low_pct"])


def break_even(
    returns: pd.DataFrame,
    bound_pct: float,
    *,
    until: pd.Timestamp = START,
    known_pct: Mapping[str, float] | None = None,
) -> BreakEven:
    """Break-even of the missing tokens.

    Parameters
    ----------
    returns : DataFrame
        Rows of `window_returns` for one universe.
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


def with_sources(
    returns: pd.DataFrame, token_prices: pd.DataFrame, *, start: pd.Timestamp = START, end: pd.Timestamp = END
) -> pd.DataFrame:
    """Add a column `sources`: how many independent sources the first and the last close rest on, as "first / last".

    Parameters
    ----------
    returns : DataFrame
        Rows of `window_returns` with status "full".
    token_prices : DataFrame
        The table of that name.
    start, end : Timestamp
        The two days.
    """
    counts = token_prices[token_prices["date"].isin([start, end])].pivot(
        index="symbol", columns="date", values="n_sources"
    )
    both = [f"{counts.at[s, start]:.0f} / {counts.at[s, end]:.0f}" for s in returns["symbol"]]
    return returns.assign(sources=both)


def known_part(
    returns: pd.DataFrame, token_prices: pd.DataFrame, *, start: pd.Timestamp = START, end: pd.Timestamp = END
) -> pd.DataFrame:
    """What the data do say of the missing tokens: the closes nearest to the two days, inside the year or beside it.

    Parameters
    ----------
    returns : DataFrame
        Rows of `window_returns`.
    token_prices : DataFrame
        The table of that name.
    start, end : Timestamp
        The two days.

    Returns
    -------
    DataFrame, one row per missing token
        symbol, name; from_date, from_close and to_date, to_close: the closes nearest to `start` and to `end` (USD);
        change_pct between them, %. Blank where there is no close, or only one.
    """
    missing = returns.loc[returns["status"] == "missing", ["symbol", "name"]].set_index("symbol")
    closes = token_prices[token_prices["symbol"].isin(missing.index)]
    for day, side in ((start, "from"), (end, "to")):
        distance = (closes["date"] - day).abs()
        nearest = closes.loc[distance.groupby(closes["symbol"]).idxmin()].set_index("symbol")
        missing[[f"{side}_date", f"{side}_close"]] = nearest[["date", "close_usd"]].reindex(missing.index)
    missing["change_pct"] = 100 * (missing["to_close"] / missing["from_close"] - 1)
    return missing.reset_index()


def assess_r1(claim: Claim, *, tokens: pd.DataFrame, token_prices: pd.DataFrame) -> Finding:
    """Equal-weighted buy-and-hold return of the core universe over 2025.

    Parameters
    ----------
    claim : Claim
        R1, for the asserted bound.
    tokens, token_prices : DataFrame
        The tables of those names.

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
    core = window_returns(tokens, token_prices).query("membership in @UNIVERSES['core']")
    full = core[core["status"] == "full"]
    if len(full) < 2:
        return Finding(level=3, basis="market", missing="missing")
    ends = full.set_index("symbol")[["start_close", "end_close"]].T
    value = buy_and_hold(ends, base=100.0).iloc[-1] - 100
    sources, _, envelope = interval_parts(full).itertuples()
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
        nearest_true="it holds as it is" if value in claim.regions[0] else _nearest_true(core, bound),
    )


def _nearest_true(core: pd.DataFrame, bound: float) -> str:
    strict, wide = break_even(core, bound), break_even(core, bound, until=JANUARY)
    if not strict.missing:
        return "nothing within the definition: no core token is missing"
    more = len(wide.missing) - len(strict.missing)
    late = f" ({wide.return_pct:+,.0f} % if the {more} first seen in January 2025 are counted too)" if more else ""
    tokens = "core token" if len(strict.missing) == 1 else "core tokens"
    absent = f"the {len(strict.missing)} {tokens} without both closes ({', '.join(strict.missing)})"
    return f"{absent} would have to have returned {strict.return_pct:+,.0f} % on average{late}"
