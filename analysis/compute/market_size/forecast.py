"""Claim C1: a forecast of 500 billion USD by 2028, of what it is, and the growth that it needs from each dated base."""

from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.engine.claims import Claim, Estimate, Evidence, Finding, asserted_figure
from analysis.engine.multiverse import Factor, Multiverse, explore, inside, pointwise
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
#: Columns of `needed`.
NEEDED = (
    "market", "said_by", "year", "usd", "base", "basis", "base_year", "base_usd", "per_year", "stated", "same_market",
)  # fmt: skip

#: The definitions of C1's question; the primary option of each is that of the claim.
FACTORS = (
    Factor("market", (CHIPS, SERVERS), CHIPS),
    Factor("year", (IN_YEAR, BY_YEAR), IN_YEAR),
    Factor("period", (CALENDAR, LAST_QUARTER), CALENDAR),
)


def growth(start: float, end: float, years: float) -> float:
    """Yearly growth from one amount to another, compounded.

    Parameters
    ----------
    start, end : float
        Amounts in one unit, positive.
    years : float
        Between them, positive.

    Returns
    -------
    float
        Fraction a year.

    Raises
    ------
    ValueError
        If an amount or the number of years is not positive.

    Examples
    --------
    >>> round(growth(45e9, 500e9, 5), 3)
    0.619
    """
    if not (start > 0 and end > 0 and years > 0):
        raise ValueError(f"growth needs positive amounts and years, not {start}, {end} and {years}")
    return (end / start) ** (1 / years) - 1


def needed(market_sizes: pd.DataFrame) -> pd.DataFrame:
    """The yearly growth that each forecast needs from each earlier base of its market.

    Parameters
    ----------
    market_sizes : DataFrame
        The table of that name.

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
    ahead = market_sizes[market_sizes["basis"] == FORECAST]
    ahead = ahead.drop_duplicates(["market", "said_by", "year_from", "year_to", "usd_low"])
    behind = market_sizes[market_sizes["basis"] != FORECAST]
    rows = []
    for forecast in ahead.to_dict("records"):
        markets = [forecast["market"], *([ONE_MAKER] if forecast["market"] == CHIPS else [])]
        for base in behind[behind["market"].isin(markets)].sort_values("year_to").to_dict("records"):
            if base["year_to"] >= forecast["year_to"]:
                continue
            years = forecast["year_to"] - base["year_to"]
            rows.append(
                {
                    "market": forecast["market"],
                    "said_by": forecast["said_by"],
                    "year": forecast["year_to"],
                    "usd": forecast["usd_low"],
                    "base": base["said_by"],
                    "basis": base["basis"],
                    "base_year": base["year_to"],
                    "base_usd": base["usd_low"],
                    "per_year": growth(base["usd_low"], forecast["usd_low"], years),
                    "stated": forecast["growth_per_year"],
                    "same_market": base["market"] == forecast["market"],
                }
            )
    return pd.DataFrame(rows, columns=list(NEEDED))


def so_far(market_sizes: pd.DataFrame) -> pd.DataFrame:
    """Growth between figures of past years that one party gives for one quantity.

    Parameters
    ----------
    market_sizes : DataFrame
        The table of that name.

    Returns
    -------
    DataFrame, one row a pair of consecutive figures
        `market`, `said_by`, `from_year`, `to_year`, `from_usd`, `to_usd`, `per_year` (fraction). A market with a single
        figure has none: its growth so far is not known.
    """
    behind = market_sizes[market_sizes["basis"] != FORECAST].sort_values("year_to", kind="stable")
    columns = ["market", "said_by", "from_year", "to_year", "from_usd", "to_usd", "per_year"]
    rows = []
    for (market, who), some in behind.groupby(["market", "said_by"]):
        figures = list(zip(some["year_to"], some["usd_low"], strict=True))
        for (y0, a), (y1, b) in pairwise(figures):
            if y1 > y0:
                rows.append((market, who, y0, y1, a, b, growth(a, b, y1 - y0)))
    return pd.DataFrame(rows, columns=columns)


def realised(market_sizes: pd.DataFrame, *, market: str, year: str, period: str) -> pd.DataFrame:
    """Revenue reported for C1's year, or for any year up to it, under one definition.

    Parameters
    ----------
    market_sizes : DataFrame
        The table of that name.
    market, year, period : str
        An option of each of `FACTORS`.

    Returns
    -------
    DataFrame
        Rows of the table.
    """
    rows = market_sizes[
        (market_sizes["basis"] == REALISED) & (market_sizes["market"] == market) & (market_sizes["period"] == period)
    ]
    return rows[rows["year_to"] <= YEAR] if year == BY_YEAR else rows[rows["year_to"] == YEAR]


def explore_c1(claim: Claim, *, market_sizes: pd.DataFrame) -> Multiverse:
    """Reported revenue under every admissible definition, in USD; the largest year where any year counts.

    Parameters
    ----------
    claim : Claim
        C1, for its acceptance region.
    market_sizes : DataFrame
        The table of that name.

    Raises
    ------
    ValueError
        If no revenue is reported under any definition.
    """

    def of(**options: str) -> float:
        middle = _by_year(realised(market_sizes, **options))
        return np.nan if middle.empty else float(middle.max())

    return explore(FACTORS, (), pointwise(of), holds=inside(claim.regions[0]))


def _by_year(rows: pd.DataFrame) -> pd.Series:
    """Middle of the lowest and the highest figure of each year."""
    ends = rows.assign(high=rows["usd_high"].fillna(rows["usd_low"])).groupby("year_to")
    return (ends["usd_low"].min() + ends["high"].max()) / 2


def evidence(market_sizes: pd.DataFrame) -> tuple[Evidence, ...]:
    """Who forecasts what of accelerators: all neutral, since a forecast is no observation of the year it is about.

    Parameters
    ----------
    market_sizes : DataFrame
        The table of that name.
    """
    rows = market_sizes[market_sizes["market"].isin([CHIPS, ONE_MAKER])]
    return tuple(
        Evidence(
            statement=(
                f"{row['said_by']}, {period(row['published_from'], row['published_to'])}: {row['market']}, "
                f"{quantity(row['usd_low'], 'USD')}{'' if row['usd_high'] > 0 else ' or more'} in "
                + (f"{row['year_to']}" if row["year_from"] == row["year_to"] else f"{row['year_from']} or later")
                + f" ({row['basis']})"
            ),
            bearing="neutral",
            source_id=row["source_id"],
            observed_on=row["published_from"].date(),
            vendor=row["by"] == "vendor",
        )
        for row in rows.to_dict("records")
    )


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
    rows = realised(market_sizes, **{factor.name: factor.primary for factor in FACTORS})
    if rows.empty:
        return Finding(level=1, basis="secondary", evidence=evidence(market_sizes), missing="missing")
    found = explore_c1(claim, market_sizes=market_sizes)
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
        support=found.support,
        curve=found.curve,
        nearest_true="it holds as it is" if value in claim.regions[0] else found.describe_nearest("USD"),
    )
