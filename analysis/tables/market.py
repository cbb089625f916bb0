"""Tables on the market for AI compute: published shares, and published sizes."""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa

from analysis.engine.data import columns as c

SHARED_MARKETS = (
    "cloud infrastructure services",
    "AI cloud services",
    "data-centre AI accelerators",
    "data-centre GPUs",
    "Bittensor emissions",
)
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

RESOLUTION = pa.Check.in_range(0, 0.1, include_min=False, error="a step of shares, above 0 and at most 0.1")
YEAR = pa.Check.in_range(2015, 2050, error="a year from 2015 to 2050")
USD = pa.Check.in_range(1e8, 1e14, error="a market in USD (1e8 to 1e14)")
GROWTH = pa.Check.in_range(-1, 10, include_min=False, error="a yearly growth, above -1 and at most 10")


MARKET_SHARES = c.Table(
    name="market_shares",
    columns={
        "share_id": c.text("identifier"),
        "market": c.choice("what is shared", SHARED_MARKETS),
        "measure": c.choice("by what", ("revenue", "units", "emissions", "not stated")),
        "participant": c.text("who has it"),
        "members": c.count("participants that the row is of"),
        "largest": c.choice("whether the source names them as the largest", ("yes", "not stated")),
        **c.ends("share", "share", "fraction", c.PART),
        "resolution": c.number("step in which shares are stated", "fraction", RESOLUTION),
        "approximate": c.choice("whether the source calls it approximate", ("yes", "no")),
        **c.span("period", "of the period"),
        **c.REMARKED,
    },
)
MarketShares = Annotated[pd.DataFrame, MARKET_SHARES]


@MARKET_SHARES.rule("shares of one source that add up to 1 at most")
def _no_more_than_all(frame: pd.DataFrame) -> pd.Series:
    """Shares of single participants of one market by one source in one period, as low as rounding allows, up to 1."""
    least = (frame["share_low"] - frame["resolution"] / 2).where(frame["members"] == 1, 0)
    total = least.groupby([frame["market"], frame["source_id"], frame["period_from"]]).transform("sum")
    return total <= 1


MARKET_SIZES = c.Table(
    name="market_sizes",
    columns={
        "size_id": c.text("identifier"),
        "market": c.choice("of what", SIZED_MARKETS),
        "said_by": c.text("who said it"),
        "basis": c.choice("kind of figure", SIZE_BASES),
        "year_from": c.integer("year, or the first that it can be", None, YEAR),
        "year_to": c.integer("year, or the last that it can be", None, YEAR, after="year_from"),
        "period": c.choice("what is counted", SIZE_PERIODS),
        "usd_low": c.number("amount, or lower end", "USD", USD),
        "usd_high": c.number("amount, or upper end", "USD", USD, blank=True, after="usd_low"),
        "growth_per_year": c.number("yearly growth as stated", "fraction", GROWTH, blank=True),
        **c.span("published", "on which it can have been published"),
        "by": c.choice("whether a vendor says it", ("vendor", "others")),
        **c.REMARKED,
    },
)
MarketSizes = Annotated[pd.DataFrame, MARKET_SIZES]


@MARKET_SIZES.rule("realised no later than published")
def _past_is_past(frame: pd.DataFrame) -> pd.Series:
    return (frame["basis"] != "realised") | (frame["year_to"] <= frame["published_to"].dt.year)
