"""Tables on the market for AI compute: published shares, and published sizes."""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa

from analysis.engine.data.columns import (
    AT_LEAST_ONE,
    DATE,
    FILLED,
    INTEGER,
    NUMBER,
    TEXT,
    Table,
    choice,
    column,
    in_order,
)

SHARED_MARKETS = (
    "cloud infrastructure services",
    "AI cloud services",
    "data-centre AI accelerators",
    "data-centre GPUs",
    "Bittensor emissions",
)
MEASURES = ("revenue", "units", "emissions", "not stated")
SIZED_MARKETS = (
    "AI accelerators",
    "AI accelerators and their servers",
    "one maker's data-centre revenue",
    "AI data centres",
    "GPU as a service",
)
#: A forecast, a figure that a forecaster states for a past or present year, or revenue that was reported.
SIZE_BASES = ("forecast", "stated", "realised")
SIZE_PERIODS = ("calendar year", "fiscal year to next January", "fourth quarter, annualised")
SIZED_BY = ("vendor", "others")

PART = pa.Check.in_range(0, 1, include_min=False, error="a share, above 0 and at most 1")
RESOLUTION = pa.Check.in_range(0, 0.1, include_min=False, error="a step of shares, above 0 and at most 0.1")
YEAR = pa.Check.in_range(2015, 2050, error="a year from 2015 to 2050")
USD = pa.Check.in_range(1e8, 1e14, error="a market in USD (1e8 to 1e14)")
GROWTH = pa.Check.in_range(-1, 10, include_min=False, error="a yearly growth, above -1 and at most 10")


def _no_more_than_all(frame: pd.DataFrame) -> pd.Series:
    """Shares of single participants of one market by one source in one period, as low as rounding allows, up to 1."""
    least = (frame["share_low"] - frame["resolution"] / 2).where(frame["members"] == 1, 0)
    total = least.groupby([frame["market"], frame["source_id"], frame["period_from"]]).transform("sum")
    return total <= 1


def _past_is_past(frame: pd.DataFrame) -> pd.Series:
    return (frame["basis"] != "realised") | (frame["year_to"] <= frame["published_to"].dt.year)


MARKET_SHARES = Table(
    name="market_shares",
    title="Published market shares",
    description="One row per published share of one or several participants, with market, measure and period.",
    rules=(
        "Shares as stated: a range stands in share_low and share_high. resolution is the step in which they are "
        "stated; approximate where the source says about, nearly or estimated.",
        "members is how many participants the row is of. largest: yes where the source names them as the largest, so "
        "that nobody else can be larger than any of them.",
        "A year that was not over ends on the day of retrieval; a month of which the source states a day, on that day.",
        "Only shares in compute and in a network's emissions; those in trading and among agents belong elsewhere.",
    ),
    schema=pa.DataFrameSchema(
        {
            "share_id": column(TEXT, "identifier", FILLED),
            "market": column(TEXT, "what is shared", choice(SHARED_MARKETS)),
            "measure": column(TEXT, "by what", choice(MEASURES)),
            "participant": column(TEXT, "who has it", FILLED),
            "members": column(INTEGER, "participants that the row is of", AT_LEAST_ONE, unit="count"),
            "largest": column(TEXT, "whether the source names them as the largest", choice(("yes", "not stated"))),
            "share_low": column(NUMBER, "share, lower end", PART, unit="fraction"),
            "share_high": column(NUMBER, "share, upper end", PART, unit="fraction"),
            "resolution": column(NUMBER, "step in which shares are stated", RESOLUTION, unit="fraction"),
            "approximate": column(TEXT, "whether the source calls it approximate", choice(("yes", "no"))),
            "period_from": column(DATE, "first day of the period"),
            "period_to": column(DATE, "last day of the period"),
            "remark": column(TEXT, "what to know before using it"),
            "source_id": column(TEXT, "source", FILLED),
        },
        checks=[
            in_order("share_low", "share_high"),
            in_order("period_from", "period_to"),
            pa.Check(_no_more_than_all, error="shares of one source that add up to 1 at most", name="no_more_than_all"),
        ],
        unique=["share_id"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
)
MarketShares = Annotated[pd.DataFrame, MARKET_SHARES]

MARKET_SIZES = Table(
    name="market_sizes",
    title="Published sizes of markets for AI compute",
    description="One row per published amount: of which market, for which year, who said it and when.",
    rules=(
        "basis: forecast; stated, a base that the forecaster gives for a past or present year; realised, revenue that "
        "a company reported.",
        "A bound such as over 500 billion USD has usd_low alone. year_from and year_to differ where the source leaves "
        "the year open between them.",
        "A fiscal year to next January counts as the calendar year that holds eleven of its months.",
        "published_from and published_to are the first and the last day that the stated date allows; a year that was "
        "not over ends on the day of retrieval.",
        "by: a vendor sells into the market that the row is about.",
    ),
    schema=pa.DataFrameSchema(
        {
            "size_id": column(TEXT, "identifier", FILLED),
            "market": column(TEXT, "of what", choice(SIZED_MARKETS)),
            "said_by": column(TEXT, "who said it", FILLED),
            "basis": column(TEXT, "kind of figure", choice(SIZE_BASES)),
            "year_from": column(INTEGER, "year, or the first that it can be", YEAR),
            "year_to": column(INTEGER, "year, or the last that it can be", YEAR),
            "period": column(TEXT, "what is counted", choice(SIZE_PERIODS)),
            "usd_low": column(NUMBER, "amount, or lower end", USD, unit="USD"),
            "usd_high": column(NUMBER, "amount, or upper end", USD, unit="USD", nullable=True),
            "growth_per_year": column(NUMBER, "yearly growth as stated", GROWTH, unit="fraction", nullable=True),
            "published_from": column(DATE, "first day on which it can have been published"),
            "published_to": column(DATE, "last day on which it can have been published"),
            "by": column(TEXT, "whether a vendor says it", choice(SIZED_BY)),
            "remark": column(TEXT, "what to know before using it"),
            "source_id": column(TEXT, "source", FILLED),
        },
        checks=[
            in_order("usd_low", "usd_high"),
            in_order("year_from", "year_to"),
            in_order("published_from", "published_to"),
            pa.Check(_past_is_past, error="realised no later than published", name="past_is_past"),
        ],
        unique=["size_id"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
)
MarketSizes = Annotated[pd.DataFrame, MARKET_SIZES]
