"""Prices, supplies and returns of tokens."""

from typing import Annotated

import pandas as pd

from analysis.engine.data import columns as c

TOKEN_PRICES = c.Table(
    name="token_prices",
    title="Consensus closes of AI and benchmark tokens",
    description="One row per UTC day and token: the median close over the independent sources that had one that day.",
    rules=(
        "Close: last price of the UTC day. Sources that stamp the next midnight are dated one day back.",
        "Sources that copy one feed count once: coingecko_tr before coingecko_ng, binance_perp before its one-minute "
        "copy, Yahoo before CoinMarketCap's own snapshots (Yahoo shows CoinMarketCap's closes).",
        "close_usd is the median over feeds, to ten significant digits; relative_spread is the largest relative "
        "distance of a feed from it, and blank, not zero, where there was one feed.",
        "CoinGecko's first tick is dropped where it repeats the second (it does for 5 tokens).",
        "Prices derived from a market cap and intraday snapshots are left out. Nothing is interpolated.",
        "USDT quotations are taken as USD: the sources quoted in USDT and in USD differ by 0.1 % in the median.",
    ),
    columns={
        "date": c.date("UTC day of the close"),
        "symbol": c.text("token", refers=("tokens", "symbol")),
        "close_usd": c.number("median close over independent sources", "USD", c.PRICE),
        "n_sources": c.count("independent sources with a close that day"),
        "relative_spread": c.number(
            "largest relative distance of a source from close_usd", "fraction", c.SHARE, blank=True
        ),
        "source_ids": c.text(f"the sources, separated by {c.SEPARATOR}", refers=("sources", "source_id")),
    },
    key=("date", "symbol"),
    licence="Facts compiled from public sources; licences as stated by each source are in the table of sources. "
    "Rows with coinmetrics_csv in source_ids: CC BY-NC 4.0.",
)
TokenPrices = Annotated[pd.DataFrame, TOKEN_PRICES]


@TOKEN_PRICES.rule("as many source_ids as n_sources")
def _sources_counted(frame: pd.DataFrame) -> pd.Series:
    return frame["source_ids"].str.count(rf"\{c.SEPARATOR}") + 1 == frame["n_sources"]


@TOKEN_PRICES.rule("relative_spread blank exactly where n_sources is 1")
def _spread_iff_several(frame: pd.DataFrame) -> pd.Series:
    return frame["relative_spread"].isna() == (frame["n_sources"] == 1)


MARKET_PRICES = c.Table(
    name="market_prices",
    title="Closes of the rest of the market",
    description="Daily closes of every other perpetual contract of one venue that was still trading on 2026-03-19.",
    rules=(
        "All contracts of the venue's file except those of symbols in the table of tokens.",
        "Survivors only: contracts delisted before 2026-03-19 are absent, so that returns from it are biased upward.",
        "product marks what is not a token: BTCDOM is an index, ALL a basket of all contracts, PAXG follows gold. "
        "A prefix such as 1000 in a symbol is the number of tokens in one contract unit; returns do not depend on it.",
    ),
    columns={
        "date": c.date("UTC day of the close"),
        "symbol": c.text("contract without its USDT ending"),
        "close_usd": c.number("last trade of the UTC day, in USDT taken as USD", "USD", c.PRICE),
        "product": c.choice("what the contract follows", ("token", "index", "basket", "commodity")),
        **c.SOURCED,
    },
    key=("date", "symbol"),
)
MarketPrices = Annotated[pd.DataFrame, MARKET_PRICES]

TOKEN_SUPPLIES = c.Table(
    name="token_supplies",
    title="Circulating supply of tokens",
    description="Dated circulating supplies, for weights without look-ahead and for dilution, and one later snapshot.",
    rules=(
        "dated: CoinMarketCap's monthly snapshots (first of the month, top 200) before its weekly ones (Mondays, top "
        "100); rows are matched by symbol and name, since tickers repeat; RNDR counts as RENDER.",
        "look-ahead: one CoinGecko snapshot of March to May 2026 per token, for days without a dated supply; a "
        "weight from it looks ahead and every result that uses it says so.",
        "Known conflicts between sources: VIRTUAL on 2025-01-01 (1,000 million here, about 656 million elsewhere) and "
        "GRASS.",
    ),
    columns={
        "date": c.date("day of the snapshot"),
        "symbol": c.text("token", refers=("tokens", "symbol")),
        "circulating_supply": c.number("tokens in circulation", "tokens", c.POSITIVE),
        "basis": c.choice("whether it was known at the time", ("dated", "look-ahead")),
        **c.SOURCED,
    },
    key=("date", "symbol"),
)
TokenSupplies = Annotated[pd.DataFrame, TOKEN_SUPPLIES]

TOKEN_TURNOVER = c.Table(
    name="token_turnover",
    title="Daily turnover of AI tokens, each on one venue",
    description="Traded value per UTC day on one perpetual venue per token, November 2024 to January 2026.",
    rules=(
        "One venue per token, so that a change of venue is no jump: the one with a value on 2024-12-31, binance_perp "
        "before bybit_perp.",
        "It is that venue's turnover, not the market's: AGI, AIOZ, ATH and CARV are of the smaller venue, whose series "
        "ends on 2025-11-12, so that they are underweighted; tokens on no venue have none.",
    ),
    columns={
        "date": c.date("UTC day"),
        "symbol": c.text("token", refers=("tokens", "symbol")),
        "turnover_usd": c.number("value traded, USDT taken as USD", "USD per day", c.POSITIVE),
        **c.SOURCED,
    },
    key=("date", "symbol"),
)
TokenTurnover = Annotated[pd.DataFrame, TOKEN_TURNOVER]

PUBLISHED_RETURNS = c.Table(
    name="published_returns",
    title="Returns that others published",
    description="What others said that categories and tokens returned, with period and method where they are known.",
    rules=("A single figure stands in both low_pct and high_pct. Most figures come through secondary copies.",),
    columns={
        "published_id": c.text("identifier"),
        "publisher": c.text("who said it"),
        "subject": c.text("of what"),
        "quantity": c.text("kind of figure"),
        "low_pct": c.number("figure, or lower end of a range", "%"),
        "high_pct": c.number("figure, or upper end of a range", "%", after="low_pct"),
        "period_start": c.date("last day before the period"),
        "period_end": c.date("last day of the period", after="period_start"),
        "address": c.text("where it was read"),
        "remark": c.text("method, as far as it is known", blank=True),
        **c.SOURCED,
    },
    licence="Own compilation, CC BY 4.0.",
)
PublishedReturns = Annotated[pd.DataFrame, PUBLISHED_RETURNS]

GSADF_CRITICAL_VALUES = c.Table(
    name="gsadf_critical_values",
    title="Critical values of the test for explosive episodes",
    description="Wild-bootstrap quantiles of GSADF and BSADF for the weekly logarithm of the core category's index.",
    rules=(
        "Made by the function in the column simulator with the seed and the number of simulations on the row; the same "
        "call gives the same values.",
        "The index is equal-weighted over the core tokens then observed, rebalanced monthly, at the ends of the weeks "
        "from 2023-01-01 to 2026-03-15.",
        "A wild bootstrap multiplies each weekly change by a draw, here +1 or -1, so the values belong to this one "
        "series: where observations, last week or rms_change differ, they are simulated afresh.",
        "bsadf: pointwise, by the last week of the windows. gsadf: of the largest over all weeks, dated on the last.",
    ),
    columns={
        "statistic": c.choice("statistic", ("gsadf", "bsadf")),
        "date": c.date("end of the last week of its windows"),
        "level": c.number("share of the simulated values at or below", "fraction", c.POSITIVE),
        "critical_value": c.number("quantile of the statistic"),
        "simulator": c.text("function that made it"),
        "multiplier": c.choice("draws that the weekly changes are multiplied by", ("rademacher", "normal")),
        "simulations": c.count("simulated series"),
        "seed": c.integer("seed of the random numbers", None, c.NOT_NEGATIVE),
        "observations": c.count("weeks in the series, T", "weeks"),
        "minimum_window": c.count("smallest window", "weeks"),
        "r0": c.number("smallest window as a share of T, before rounding down", "fraction", c.POSITIVE),
        "rms_change": c.number(
            "root mean square of the series' weekly changes of the logarithm", "fraction", c.POSITIVE
        ),
    },
    key=("statistic", "date", "level"),
    licence="Own computation, CC BY 4.0.",
)
GsadfCriticalValues = Annotated[pd.DataFrame, GSADF_CRITICAL_VALUES]
