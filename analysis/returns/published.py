"""What others published, beside what their method gives on our prices, or the reason why it gives nothing.

It decides no verdict.
"""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Literal, get_args

import numpy as np
import pandas as pd

from analysis.returns.windows import full_members, members_of, window_returns
from analysis.tables.token_prices import PublishedReturns, TokenPrices, TokenSupplies
from analysis.tables.tokens import Tokens

Chosen = Literal["end", "start"]
#: Tokens that the narrative study takes, by its own words for 2024 (chaincatcher.com/en/article/2159993).
LARGEST = 10
#: Tokens that the study of 2025 names as the two that avoided a steep fall.
NAMED_EXCEPTIONS = ("ALCH", "KITE")
#: Assets in FTSE/Grayscale's AI sector in the second quarter of 2025.
GRAYSCALE_ASSETS = 24
#: Tokens in the index of Alpha Sigma Capital.
ALPHA_SIGMA_TOKENS = 30
#: Day on which the category's capitalisation peaked by secondary accounts; the published start value resembles it.
PEAK_DAY = pd.Timestamp("2024-12-07")
#: Day on which we last searched for a publisher of the asserted figure; none was found.
SEARCHED_ON = date(2026, 11, 22)
COLUMNS = [
    "published_id", "publisher", "subject", "quantity", "published_low", "published_high", "ours", "difference",
    "reason",
]  # fmt: skip


def market_caps(token_prices: TokenPrices, token_supplies: TokenSupplies, *, day: pd.Timestamp) -> pd.DataFrame:
    """Capitalisation of every token with a close on a day and a supply on any day, largest first.

    Indexed by symbol: cap_usd (close times the supply nearest in time, which may be later: it then looks ahead),
    supply_date, basis.
    """
    closes = token_prices[token_prices["date"] == day].set_index("symbol")["close_usd"]
    away = token_supplies.assign(away=(token_supplies["date"] - day).abs()).sort_values(["away", "date"])
    nearest = away.drop_duplicates("symbol").set_index("symbol")
    table = nearest.join(closes, how="inner")
    table["cap_usd"] = table["close_usd"] * table["circulating_supply"]
    table = table.rename(columns={"date": "supply_date"})[["cap_usd", "supply_date", "basis"]]
    return table.sort_values("cap_usd", ascending=False, kind="stable")


def largest(
    tokens: Tokens,
    token_prices: TokenPrices,
    token_supplies: TokenSupplies,
    *,
    start: pd.Timestamp,
    end: pd.Timestamp,
    chosen: Chosen = "end",
    universe: str = "core",
    number: int = LARGEST,
) -> pd.DataFrame:
    """The largest tokens of a universe, chosen at one end of the period, and what they returned.

    Chosen at the end it is the method of CoinGecko's narrative study: late listings count from their first close, and
    a token that fell out of the largest does not count. Chosen at the start it is what a buyer could have held.

    Returns
    -------
    DataFrame
        symbol, cap_usd and supply_date on the day of choice, from_date, status, return_pct in %.

    Raises
    ------
    ValueError
        For an unknown choice.
    """
    if chosen not in get_args(Chosen):
        raise ValueError(f"chosen must be one of {', '.join(get_args(Chosen))}, not {chosen!r}")
    table = members_of(universe, window_returns(tokens, token_prices, start=start, end=end)).set_index("symbol")
    caps = market_caps(token_prices, token_supplies, day={"end": end, "start": start}[chosen])
    members = caps[caps.index.isin(table.index)].head(number)
    return members.join(table[["from_date", "status", "return_pct"]]).reset_index()


def without_supply(tokens: Tokens, token_prices: TokenPrices, token_supplies: TokenSupplies, *, day) -> list[str]:
    """Core tokens with a close on a day that cannot be ranked."""
    quoted = token_prices.loc[token_prices["date"] == day, "symbol"]
    supplied = market_caps(token_prices, token_supplies, day=day).index
    return sorted({*members_of("core", tokens)["symbol"]} & {*quoted} - {*supplied})


def held_return(caps: pd.DataFrame, returns: pd.DataFrame, *, number: int, power: float) -> float:
    """Return in % of the largest tokens bought in proportion to a power of their capitalisation and held.

    Parameters
    ----------
    caps : DataFrame
        As from `market_caps`, on the first day.
    returns : DataFrame
        As from `full_members`.
    power : float
        1 by capitalisation, 0.5 by its square root, 0 equal.

    Examples
    --------
    >>> caps = pd.DataFrame({"cap_usd": [9.0, 1.0]}, index=["A", "B"])
    >>> returns = pd.DataFrame({"symbol": ["A", "B"], "return_pct": [100.0, 0.0]})
    >>> [held_return(caps, returns, number=2, power=p) for p in (1, 0.5, 0)]
    [90.0, 75.0, 50.0]
    """
    both = caps.join(returns.set_index("symbol")["return_pct"], how="inner").head(number)
    return float(np.average(both["return_pct"], weights=both["cap_usd"] ** power))


def compare_published(
    published_returns: PublishedReturns, *, tokens: Tokens, token_prices: TokenPrices, token_supplies: TokenSupplies
) -> pd.DataFrame:
    """Every published figure beside ours by the same method, as far as method and prices allow.

    Returns
    -------
    DataFrame
        published_id, publisher, subject, quantity, published_low, published_high in %; ours in %, blank where our
        prices cannot answer; difference: ours less the published figure, percentage points; reason: how ours was
        found, or why it was not. A range of tokens has two rows, its lowest and its highest.
    """
    tables = {"tokens": tokens, "token_prices": token_prices, "token_supplies": token_supplies}
    rows = []
    for row in published_returns.itertuples():
        answers = ANSWERS.get(row.published_id, partial(no_answer, "no method is written for this row"))(row, **tables)
        for quantity, low, high, ours, reason in answers:
            point = low if low == high else np.nan
            rows.append((row.published_id, row.publisher, row.subject, quantity, low, high, ours, ours - point, reason))
    return pd.DataFrame(rows, columns=COLUMNS).astype({"ours": float, "difference": float})


def single(row, ours: float, reason: str) -> list[tuple]:
    """One answer to one published figure."""
    return [(row.quantity, row.low_pct, row.high_pct, ours, reason)]


def no_answer(reason: str, row, **_) -> list[tuple]:
    """The reason why there is none."""
    return single(row, np.nan, reason)


def token_return(symbol: str, row, *, tokens, token_prices, **_) -> list[tuple]:
    """A token's return between the two closes."""
    table = window_returns(tokens, token_prices, start=row.period_start, end=row.period_end).set_index("symbol")
    if symbol not in table.index or table.at[symbol, "status"] != "full":
        return single(row, np.nan, f"{symbol} has no close on both days")
    return single(row, table.at[symbol, "return_pct"], "closes of both days")


def narrative(row, **tables) -> list[tuple]:
    """CoinGecko's average of the ten largest AI tokens at the period's end, beside the ten largest at its start."""
    days = {"start": row.period_start, "end": row.period_end}
    at_end, at_start = (largest(**tables, **days, chosen=c) for c in get_args(Chosen))
    averages = [some["return_pct"].mean() for some in (at_end, at_start, largest(**tables, **days, universe="broad"))]
    late = at_end[at_end["status"] == "late"]
    since = ", ".join(f"{m.symbol} ({m.from_date:%Y-%m-%d})" for m in late.itertuples())
    reason = (
        f"equal average of the {len(at_end)} largest core tokens at the end: "
        f"{', '.join(at_end['symbol'])}; the study's own list is not in the copies we have. "
        f"Chosen at the start, {at_start['return_pct'].count()} of {len(at_start)} with both closes: "
        f"{averages[1]:+.1f} %; from the broad universe at the end: "
        f"{averages[2]:+.1f} %. Late first closes of ours: {since or 'none'}. "
        f"No supply, so not ranked: {', '.join(without_supply(**tables, day=row.period_end)) or 'none'}."
    )
    return single(row, averages[0], reason)


def narrative_range(row, **tables) -> list[tuple]:
    """Lowest and highest return among the same ten tokens, without the two that the study names as exceptions."""
    found = largest(**tables, start=row.period_start, end=row.period_end)
    rest = found[~found["symbol"].isin(NAMED_EXCEPTIONS)].set_index("symbol")["return_pct"]
    reason = f"{{}}, among our ten largest core tokens at the end without {' and '.join(NAMED_EXCEPTIONS)}"
    return [
        (f"{row.quantity}, lowest", row.low_pct, row.low_pct, rest.min(), reason.format(rest.idxmin())),
        (f"{row.quantity}, highest", row.high_pct, row.high_pct, rest.max(), reason.format(rest.idxmax())),
    ]


def category_cap(row, *, tokens, token_prices, token_supplies) -> list[tuple]:
    """Change of the summed capitalisation of the broad universe."""
    symbols = members_of("broad", tokens)["symbol"]
    days = {"start": row.period_start, "end": row.period_end, "peak": PEAK_DAY}
    caps = {name: market_caps(token_prices, token_supplies, day=day) for name, day in days.items()}
    total = {name: table.loc[table.index.isin(symbols), "cap_usd"].sum() for name, table in caps.items()}
    change = {name: 100 * (total["end"] / total[name] - 1) for name in ("start", "peak")}
    reason = (
        f"sum over our broad tokens with a supply: {total['start'] / 1e9:.1f} to {total['end'] / 1e9:.1f} billion USD; "
        f"from {PEAK_DAY:%Y-%m-%d}, which the published start resembles, {total['peak'] / 1e9:.1f} billion and "
        f"{change['peak']:+.1f} %. Supplies at the end are of the nearest day known, some later."
    )
    return single(row, change["start"], reason)


def sector_index(size: int, power: float | None, remark: str, row, *, tokens, token_prices, token_supplies):
    """An index of the largest broad tokens, held over the period; a power of None means that weights are not stated."""
    returns = window_returns(tokens, token_prices, start=row.period_start, end=row.period_end)
    caps, full = market_caps(token_prices, token_supplies, day=row.period_start), full_members(returns, "broad")
    if power is not None:
        return single(row, held_return(caps, full, number=size, power=power), remark)
    by = {name: held_return(caps, full, number=size, power=p) for name, p in WEIGHTS.items()}
    given = ", ".join(f"{name} {value:+.1f} %" for name, value in by.items())
    return single(row, np.nan, f"{remark}; the {size} largest broad tokens on our prices: {given}")


WEIGHTS: Mapping[str, float] = {"equal": 0.0, "by square root of cap": 0.5, "by cap": 1.0}
NO_LIST = "our tables do not say which tokens this narrative holds, and the study's list is not in the copies we have"
ANSWERS = {
    "P1": narrative,
    "P2": narrative_range,
    **dict.fromkeys(("P3", "P4", "P5"), partial(no_answer, NO_LIST)),
    "P6": narrative,
    "P7": category_cap,
    "P8": partial(token_return, "FET"),
    "P9": partial(token_return, "RENDER"),
    "P10": partial(token_return, "GRT"),
    "P11": partial(no_answer, "we hold no series of the whole market's capitalisation"),
    "P12": partial(token_return, "BTC"),
    "P13": partial(sector_index, ALPHA_SIGMA_TOKENS, None, "its weights are not stated in what we have read"),
    "P14": partial(
        sector_index,
        GRAYSCALE_ASSETS,
        0.5,
        f"weighted by the square root of cap, as FTSE/Grayscale sector indices are, over our {GRAYSCALE_ASSETS} "
        "largest broad tokens at the start; its own list is not in what we have read",
    ),
}
