"""Claim C1: a forecast of 500 billion USD by 2028, of what it is, and the growth that it needs from each dated base."""

import numpy as np
import pandas as pd

from analysis.engine.claims import Claim, Estimate, Evidence, Finding, asserted_figure
from analysis.engine.multiverse import Question, meanings, pointwise, primary_of
from analysis.engine.words.formats import period, quantity
from analysis.tables.market import MarketSizes

#: Year that C1 is about.
YEAR = 2028
CHIPS, SERVERS = "AI accelerators", "AI accelerators and their servers"
#: The largest maker's data-centre revenue, with networking: not the market, but what of it is reported every year.
ONE_MAKER = "one maker's data-centre revenue"
CALENDAR, LAST_QUARTER = "calendar year", "fourth quarter, annualised"
FORECAST, STATED, REALISED = "forecast", "stated", "realised"
IN_YEAR, BY_YEAR = f"in {YEAR}", f"in any year up to {YEAR}"
#: What the options of C1's factors let in: a market and a period of the table, and the first year that counts.
KNOWN = {
    "market": {CHIPS: CHIPS, SERVERS: SERVERS},
    "year": {IN_YEAR: YEAR, BY_YEAR: 0},
    "period": {CALENDAR: CALENDAR, LAST_QUARTER: LAST_QUARTER},
}


def growth(start: float, end: float, years: float) -> float:
    """Yearly growth from one amount to another of the same unit, compounded: a fraction a year. Also of arrays.

    Raises
    ------
    ValueError
        If an amount or the number of years is not positive.

    Examples
    --------
    >>> round(growth(45e9, 500e9, 5), 3)
    0.619
    """
    if not np.all((start > 0) & (end > 0) & (years > 0)):
        raise ValueError(f"growth needs positive amounts and years, not {start}, {end} and {years}")
    return (end / start) ** (1 / years) - 1


def needed(market_sizes: MarketSizes) -> pd.DataFrame:
    """The yearly growth that each forecast needs from each earlier base of its market.

    Returns
    -------
    DataFrame, one row a forecast and base
        `market` (of the forecast), `said_by`, `year` (of the forecast, the last that it can be), `usd` (its lower
        end), `base` (whose figure the base is), `basis`, `base_year`, `base_usd`, `per_year` (growth needed, fraction),
        `stated` (growth that the forecaster states, fraction; NaN where none), `same_market` (bool).

    Notes
    -----
    For accelerators, revenue of the largest maker is a base too, though another quantity: it leaves out every other
    maker and holds networking. The same forecast by the same party stands once, at its first row.
    """
    columns = {"market": "market", "said_by": "said_by", "year_to": "year", "usd_low": "usd"}
    ahead = market_sizes[market_sizes["basis"] == FORECAST].drop_duplicates([*columns, "year_from"])
    ahead = ahead[[*columns, "growth_per_year"]].rename(columns=columns | {"growth_per_year": "stated"})
    behind = market_sizes[market_sizes["basis"] != FORECAST].sort_values("year_to", kind="stable")
    columns = {"said_by": "base", "basis": "basis", "year_to": "base_year", "usd_low": "base_usd", "market": "of"}
    pairs = ahead.merge(behind[list(columns)].rename(columns=columns), how="cross")
    same = pairs["of"] == pairs["market"]
    fits = same | ((pairs["of"] == ONE_MAKER) & (pairs["market"] == CHIPS))
    pairs = pairs.assign(same_market=same)[fits & (pairs["base_year"] < pairs["year"])].reset_index(drop=True)
    per_year = growth(pairs["base_usd"], pairs["usd"], pairs["year"] - pairs["base_year"])
    order = ["market", "said_by", "year", "usd", "base", "basis", "base_year", "base_usd", "per_year", "stated"]
    return pairs.assign(per_year=per_year)[[*order, "same_market"]]


def so_far(market_sizes: MarketSizes) -> pd.DataFrame:
    """Growth between figures of past years that one party gives for one quantity.

    Returns
    -------
    DataFrame, one row a pair of consecutive figures
        `market`, `said_by`, `from_year`, `to_year`, `from_usd`, `to_usd`, `per_year` (fraction). A market with a single
        figure has none: its growth so far is not known.
    """
    behind = market_sizes[market_sizes["basis"] != FORECAST].sort_values("year_to", kind="stable")
    before = behind.groupby(["market", "said_by"])[["year_to", "usd_low"]].shift()
    names = {"year_to": "to_year", "usd_low": "to_usd"}
    pairs = behind.rename(columns=names).assign(from_year=before["year_to"], from_usd=before["usd_low"])
    pairs = pairs[pairs["to_year"] > pairs["from_year"]].sort_values(["market", "said_by"], kind="stable")
    years = pairs["to_year"] - pairs["from_year"]
    pairs = pairs.assign(per_year=growth(pairs["from_usd"], pairs["to_usd"], years)).astype({"from_year": "int64"})
    columns = ["market", "said_by", "from_year", "to_year", "from_usd", "to_usd", "per_year"]
    return pairs[columns].reset_index(drop=True)


def realised(claim: Claim, market_sizes: MarketSizes, **options: str) -> pd.DataFrame:
    """Rows of revenue reported for C1's year, or for any year up to it.

    Parameters
    ----------
    **options : str
        Of the claim's factors, where they are not the primary ones.
    """
    told = meanings(claim, primary_of(claim) | options, KNOWN)
    of_kind = (market_sizes["basis"] == REALISED) & market_sizes["year_to"].between(told["year"], YEAR)
    same = market_sizes[["market", "period"]].eq([told["market"], told["period"]]).all(axis=1)
    return market_sizes[of_kind & same]


def question_c1(claim: Claim, *, market_sizes: MarketSizes) -> Question:
    """Reported revenue, USD; the largest year where any year counts."""
    return Question(claim, pointwise(lambda **options: _by_year(realised(claim, market_sizes, **options)).max()))


def _by_year(rows: pd.DataFrame) -> pd.Series:
    """Middle of the lowest and the highest figure of each year."""
    ends = rows.assign(high=rows["usd_high"].fillna(rows["usd_low"])).groupby("year_to")
    return (ends["usd_low"].min() + ends["high"].max()) / 2


def evidence(market_sizes: MarketSizes) -> tuple[Evidence, ...]:
    """Who forecasts what of accelerators: all neutral, since a forecast is no observation of the year it is about."""
    rows = market_sizes[market_sizes["market"].isin([CHIPS, ONE_MAKER])]
    found = []
    for row in rows.to_dict("records"):
        said = f"{row['said_by']}, {period(row['published_from'], row['published_to'])}: {row['market']}"
        amount = f"{quantity(row['usd_low'], 'USD')}{'' if row['usd_high'] > 0 else ' or more'}"
        year = f"{row['year_from']}{'' if row['year_from'] == row['year_to'] else ' or later'} ({row['basis']})"
        vendor, on = row["by"] == "vendor", row["published_from"].date()
        found.append(Evidence(f"{said}, {amount} in {year}", "neutral", row["source_id"], on, vendor=vendor))
    return tuple(found)


def assess_c1(claim: Claim, *, market_sizes: MarketSizes) -> Finding:
    """Revenue reported for 2028, where it is; until then the forecasts alone, and no estimate.

    Returns
    -------
    Finding
        "missing" while no revenue of the year is in the table: the claim is pending until its date, and cannot be
        reproduced after it. The interval is of published figures of the year, from the lowest to the highest.

    Raises
    ------
    DataError
        If the claim asserts no amount in USD.
    """
    asserted_figure(claim, "USD")
    rows = realised(claim, market_sizes)
    if rows.empty:
        return Finding(level=1, basis="secondary", evidence=evidence(market_sizes), missing="missing")
    high = rows["usd_high"].fillna(rows["usd_low"])
    value = float(_by_year(rows).iloc[0])
    return Finding(
        level=2,
        basis="secondary",
        estimate=Estimate(
            value=value,
            low=float(rows["usd_low"].min()),
            high=float(high.max()),
            unit="USD",
            n=len(rows),
            interval_of="published figures of the year, from the lowest to the highest",
            method=f"revenue reported for {YEAR}, middle of the lowest and the highest figure",
        ),
        evidence=evidence(market_sizes),
        observed_on=rows["published_to"].max().date(),
        source_values=tuple(rows["usd_low"]),
        **question_c1(claim, market_sizes=market_sizes).answered(value),
    )
