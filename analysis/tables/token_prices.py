"""Prices, supplies and returns of tokens."""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa

from analysis.engine.data.columns import (
    AT_LEAST_ONE,
    DATE,
    FILLED,
    INTEGER,
    NOT_NEGATIVE,
    NUMBER,
    POSITIVE,
    PRICE,
    SEPARATOR,
    SHARE,
    TEXT,
    Table,
    choice,
    column,
    in_order,
)

BASES = ("dated", "look-ahead")

PRODUCTS = ("token", "index", "basket", "commodity")
STATISTICS = ("gsadf", "bsadf")
MULTIPLIERS = ("rademacher", "normal")


def _sources_counted(frame: pd.DataFrame) -> pd.Series:
    return frame["source_ids"].str.count(rf"\{SEPARATOR}") + 1 == frame["n_sources"]


def _spread_iff_several(frame: pd.DataFrame) -> pd.Series:
    return frame["relative_spread"].isna() == (frame["n_sources"] == 1)


TOKEN_PRICES = Table(
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
    schema=pa.DataFrameSchema(
        {
            "date": column(DATE, "UTC day of the close"),
            "symbol": column(TEXT, "token", FILLED),
            "close_usd": column(NUMBER, "median close over independent sources", PRICE, unit="USD"),
            "n_sources": column(INTEGER, "independent sources with a close that day", AT_LEAST_ONE, unit="count"),
            "relative_spread": column(
                NUMBER,
                "largest relative distance of a source from close_usd",
                SHARE,
                unit="fraction",
                nullable=True,
            ),
            "source_ids": column(TEXT, f"the sources, separated by {SEPARATOR}", FILLED),
        },
        checks=[
            pa.Check(_sources_counted, error="as many source_ids as n_sources", name="sources_counted"),
            pa.Check(_spread_iff_several, error="relative_spread blank exactly where n_sources is 1", name="spread"),
        ],
        unique=["date", "symbol"],
        strict=True,
    ),
    references={"symbol": ("tokens", "symbol"), "source_ids": ("sources", "source_id")},
    licence="Facts compiled from public sources; licences as stated by each source are in the table of sources. "
    "Rows with coinmetrics_csv in source_ids: CC BY-NC 4.0.",
)
TokenPrices = Annotated[pd.DataFrame, TOKEN_PRICES]

MARKET_PRICES = Table(
    name="market_prices",
    title="Closes of the rest of the market",
    description="Daily closes of every other perpetual contract of one venue that was still trading on 2026-03-19.",
    rules=(
        "All contracts of the venue's file except those of symbols in the table of tokens.",
        "Survivors only: contracts delisted before 2026-03-19 are absent, so that returns from it are biased upward.",
        "product marks what is not a token: BTCDOM is an index, ALL a basket of all contracts, PAXG follows gold. "
        "A prefix such as 1000 in a symbol is the number of tokens in one contract unit; returns do not depend on it.",
    ),
    schema=pa.DataFrameSchema(
        {
            "date": column(DATE, "UTC day of the close"),
            "symbol": column(TEXT, "contract without its USDT ending", FILLED),
            "close_usd": column(NUMBER, "last trade of the UTC day, in USDT taken as USD", PRICE, unit="USD"),
            "product": column(TEXT, "what the contract follows", choice(PRODUCTS)),
            "source_id": column(TEXT, "source", FILLED),
        },
        unique=["date", "symbol"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
)
MarketPrices = Annotated[pd.DataFrame, MARKET_PRICES]

TOKEN_SUPPLIES = Table(
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
    schema=pa.DataFrameSchema(
        {
            "date": column(DATE, "day of the snapshot"),
            "symbol": column(TEXT, "token", FILLED),
            "circulating_supply": column(NUMBER, "tokens in circulation", POSITIVE, unit="tokens"),
            "basis": column(TEXT, "whether it was known at the time", choice(BASES)),
            "source_id": column(TEXT, "source", FILLED),
        },
        unique=["date", "symbol"],
        strict=True,
    ),
    references={"symbol": ("tokens", "symbol"), "source_id": ("sources", "source_id")},
)
TokenSupplies = Annotated[pd.DataFrame, TOKEN_SUPPLIES]

TOKEN_TURNOVER = Table(
    name="token_turnover",
    title="Daily turnover of AI tokens, each on one venue",
    description="Traded value per UTC day on one perpetual venue per token, November 2024 to January 2026.",
    rules=(
        "One venue per token, so that a change of venue is no jump: the one with a value on 2024-12-31, binance_perp "
        "before bybit_perp.",
        "It is that venue's turnover, not the market's: AGI, AIOZ, ATH and CARV are of the smaller venue, whose series "
        "ends on 2025-11-12, so that they are underweighted; tokens on no venue have none.",
    ),
    schema=pa.DataFrameSchema(
        {
            "date": column(DATE, "UTC day"),
            "symbol": column(TEXT, "token", FILLED),
            "turnover_usd": column(NUMBER, "value traded, USDT taken as USD", POSITIVE, unit="USD per day"),
            "source_id": column(TEXT, "source", FILLED),
        },
        unique=["date", "symbol"],
        strict=True,
    ),
    references={"symbol": ("tokens", "symbol"), "source_id": ("sources", "source_id")},
)
TokenTurnover = Annotated[pd.DataFrame, TOKEN_TURNOVER]

PUBLISHED_RETURNS = Table(
    name="published_returns",
    title="Returns that others published",
    description="What others said that categories and tokens returned, with period and method where they are known.",
    rules=("A single figure stands in both low_pct and high_pct. Most figures come through secondary copies.",),
    schema=pa.DataFrameSchema(
        {
            "published_id": column(TEXT, "identifier", FILLED),
            "publisher": column(TEXT, "who said it", FILLED),
            "subject": column(TEXT, "of what", FILLED),
            "quantity": column(TEXT, "kind of figure", FILLED),
            "low_pct": column(NUMBER, "figure, or lower end of a range", unit="%"),
            "high_pct": column(NUMBER, "figure, or upper end of a range", unit="%"),
            "period_start": column(DATE, "last day before the period"),
            "period_end": column(DATE, "last day of the period"),
            "address": column(TEXT, "where it was read", FILLED),
            "remark": column(TEXT, "method, as far as it is known"),
            "source_id": column(TEXT, "source", FILLED),
        },
        checks=[in_order("low_pct", "high_pct"), in_order("period_start", "period_end")],
        unique=["published_id"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
    licence="Own compilation, CC BY 4.0.",
)
PublishedReturns = Annotated[pd.DataFrame, PUBLISHED_RETURNS]

GSADF_CRITICAL_VALUES = Table(
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
    schema=pa.DataFrameSchema(
        {
            "statistic": column(TEXT, "statistic", choice(STATISTICS)),
            "date": column(DATE, "end of the last week of its windows"),
            "level": column(NUMBER, "share of the simulated values at or below", POSITIVE, unit="fraction"),
            "critical_value": column(NUMBER, "quantile of the statistic"),
            "simulator": column(TEXT, "function that made it", FILLED),
            "multiplier": column(TEXT, "draws that the weekly changes are multiplied by", choice(MULTIPLIERS)),
            "simulations": column(INTEGER, "simulated series", AT_LEAST_ONE, unit="count"),
            "seed": column(INTEGER, "seed of the random numbers", NOT_NEGATIVE),
            "observations": column(INTEGER, "weeks in the series, T", AT_LEAST_ONE, unit="weeks"),
            "minimum_window": column(INTEGER, "smallest window", AT_LEAST_ONE, unit="weeks"),
            "r0": column(NUMBER, "smallest window as a share of T, before rounding down", POSITIVE, unit="fraction"),
            "rms_change": column(
                NUMBER, "root mean square of the series' weekly changes of the logarithm", POSITIVE, unit="fraction"
            ),
        },
        unique=["statistic", "date", "level"],
        strict=True,
    ),
    licence="Own computation, CC BY 4.0.",
)
GsadfCriticalValues = Annotated[pd.DataFrame, GSADF_CRITICAL_VALUES]
