"""Prices, supplies and returns of tokens."""

from typing import Annotated

import pandas as pd

from analysis.engine.data import columns as c

TOKEN_PRICES = c.Table(
    name="token_prices",
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
)
PublishedReturns = Annotated[pd.DataFrame, PUBLISHED_RETURNS]

GSADF_CRITICAL_VALUES = c.Table(
    name="gsadf_critical_values",
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
)
GsadfCriticalValues = Annotated[pd.DataFrame, GSADF_CRITICAL_VALUES]
