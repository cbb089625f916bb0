"""Claim C5: the joint share of three clouds and the share of one maker of AI chips, and indices of concentration.

Shares are fractions (0 to 1) until the estimate, which is in percent. A Herfindahl index is in points, 0 to 10,000.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np
import pandas as pd

from analysis.engine.claims import Claim, Estimate, Evidence, Finding, asserted_figure
from analysis.engine.multiverse import Question, meanings, pointwise
from analysis.engine.words.formats import number, period
from analysis.tables.market import MarketShares

#: Points of an index of 1: shares in percent, squared.
POINTS = 10_000
#: Shares closer than this are the same.
SLACK = 1e-12
#: Above this a market counts as highly concentrated: C5's alternative definition, points.
HIGH = 2500
CLOUDS = ("Amazon", "Microsoft", "Google")
MAKER = "Nvidia"
CLOUD, AI_CLOUD = "cloud infrastructure services", "AI cloud services"
ACCELERATORS, GPUS = "data-centre AI accelerators", "data-centre GPUs"
EMISSIONS = "Bittensor emissions"
#: Names of the rows that are of the three clouds together.
THREE_LARGEST = "the three largest"

SHARE, HERFINDAHL = "joint share", "Herfindahl index"
SPREAD, GATHERED = "spread over many", "in as few hands as the source allows"
#: What the options of C5's factors mean: for chips and cloud a market of the table, for the rest an end of the bounds.
KNOWN = {
    "measure": {SHARE: SHARE, HERFINDAHL: HERFINDAHL},
    "chips": {ACCELERATORS: ACCELERATORS, GPUS: GPUS},
    "cloud": {CLOUD: CLOUD, AI_CLOUD: AI_CLOUD},
    "unreported rest": {SPREAD: "low", GATHERED: "high"},
}


@dataclass(frozen=True, slots=True)
class Range:
    """A figure that several sources give.

    Attributes
    ----------
    value : float
        Middle of the lowest and the highest published figure.
    low, high : float
        The lowest and the highest, wider by half the step in which they are stated.
    published : tuple of float
        What each source says; both ends where it says a range.
    sources : tuple of str
    period : tuple of Timestamp
        First and last day of the period.
    """

    value: float
    low: float
    high: float
    published: tuple[float, ...]
    sources: tuple[str, ...]
    period: tuple[pd.Timestamp, pd.Timestamp]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Sharp bounds of a Herfindahl index, points: no market that the reported shares allow lies outside."""

    low: float
    high: float


def herfindahl_bounds(
    low: Sequence[float], high: Sequence[float] | None = None, *, largest_unreported: float | None = None
) -> Bounds:
    """Sharp bounds of the Herfindahl index from the reported shares, whatever the rest looks like.

    Parameters
    ----------
    low, high : sequence of float
        Reported shares, each known to lie between the two; `high` is `low` where they are exact.
    largest_unreported : float, optional
        No participant of the unreported rest is larger, as where the reported ones are the largest. Default: the rest
        may be one participant.

    Raises
    ------
    ValueError
        If a share is not positive, an end above the other, the shares at their low ends sum to more than 1, or the
        limit is not positive.

    Notes
    -----
    The index is lowest where every reported share is at its low end and the rest is split without end, which no market
    reaches. It is convex, so that it is highest at a corner of what is allowed: there at most one share, reported or
    not, is neither at an end nor at the limit, and all such corners are tried. Where the limit is the high end of a
    reported share, and high ends sum to more than 1, no market may reach it: the upper bound is valid then, not sharp.

    References
    ----------
    Herfindahl (1950), dissertation, Columbia University; Hirschman (1964), American Economic Review 54, 761.

    Examples
    --------
    >>> herfindahl_bounds([0.28, 0.21, 0.14], largest_unreported=0.14)
    Bounds(low=1421.0, high=1894.0)
    >>> herfindahl_bounds([0.7])
    Bounds(low=4900.0, high=5800.0)
    """
    lows = np.asarray(low, dtype=float)
    highs = lows if high is None else np.asarray(high, dtype=float)
    if not ((lows > 0).all() and (lows <= highs).all() and lows.sum() <= 1 + 1e-9):
        raise ValueError(f"reported shares need 0 < low <= high and a sum of low ends up to 1, not {lows} and {highs}")
    if largest_unreported is not None and largest_unreported <= 0:
        raise ValueError(f"the largest unreported share is positive, not {largest_unreported}")
    highest = max(_corners(lows, highs, 1.0 if largest_unreported is None else largest_unreported))
    return Bounds(round(POINTS * float(np.sum(lows**2)), 6), round(POINTS * highest, 6))


def _corners(lows: np.ndarray, highs: np.ndarray, limit: float) -> Iterator[float]:
    """Sums of squares at the corners: reported shares at their ends but for one at most, the others at the limit."""
    for ends in product(*zip(lows, highs, strict=True)):
        rest, squares = 1 - sum(ends), float(np.sum(np.square(ends)))
        if rest >= -SLACK:
            yield squares + _gathered(rest, limit)
        for end, low, high in zip(ends, lows, highs, strict=True):
            left = rest + end  # for this share and the unreported ones
            fewest, most = max(0.0, np.ceil((left - high) / limit - SLACK)), np.floor((left - low) / limit + SLACK)
            for full in {fewest, most} if fewest <= most else ():
                yield squares - end**2 + (left - full * limit) ** 2 + full * limit**2


def _gathered(rest: float, limit: float) -> float:
    """Largest sum of squares of shares that sum to the rest, none above the limit."""
    if limit == 0:
        return 0.0
    full = np.floor(rest / limit + SLACK)
    return float(full * limit**2 + max(0.0, rest - full * limit) ** 2)


def leaders_bounds(together: float, members: int) -> Bounds:
    """Sharp bounds of the index where only the joint share of the largest few, above 0 and at most 1, is known.

    Raises
    ------
    ValueError
        If the share or the number is none.

    Notes
    -----
    Lowest with equal leaders and the rest split without end. With c the share of the smallest leader, which no other
    may exceed, the index is highest with all other leaders but one at c. As a function of c it lies below a convex
    parabola, which it touches at c = 0 and wherever the rest is a whole number of times c, and is convex between those.
    So the highest is at c = 0, at equal leaders, or at the last such point before them.

    Examples
    --------
    >>> leaders_bounds(0.56, 10)
    Bounds(low=313.6, high=3136.0)
    """
    if not 0 < together <= 1 or members < 1:
        raise ValueError(f"a joint share of at least one member lies in (0, 1], not {together} of {members}")
    rest, equal = 1 - together, together / members
    ends = [0.0, equal]
    if rest > SLACK:
        ends.append(rest / np.ceil(rest / equal - 1e-12))
    highest = max((together - (members - 1) * c) ** 2 + (members - 1) * c**2 + _gathered(rest, c) for c in ends)
    return Bounds(round(POINTS * together**2 / members, 6), round(POINTS * highest, 6))


def top_share_bounds(together: float, members: int, top: int) -> tuple[float, float]:
    """Joint share of the first few where only that of more of the largest is known: sharp bounds.

    Raises
    ------
    ValueError
        If `top` is not between 1 and `members`.

    Examples
    --------
    >>> low, high = top_share_bounds(0.56, 10, 3)
    >>> round(low, 3), high
    (0.168, 0.56)
    """
    if not 1 <= top <= members:
        raise ValueError(f"the first few are 1 to {members}, not {top}")
    return together * top / members, together


def nearest_period(rows: pd.DataFrame, *, on: date) -> pd.DataFrame:
    """Rows of the period nearest to a day: fewest days between the two, none where the period holds the day."""
    at = pd.Timestamp(on)
    days = np.maximum((rows["period_from"] - at).dt.days, (at - rows["period_to"]).dt.days).clip(lower=0)
    return rows[days == days.min()]


def clouds_share(market_shares: MarketShares, *, on: date, market: str = CLOUD) -> Range | None:
    """Joint share of the three clouds in the nearest period that a source gives them for, a fraction.

    A share stated for the three together comes before the sum of the three, whose rounding adds up.
    """
    rows = market_shares[market_shares["market"] == market]
    summed = dict.fromkeys(("share_low", "share_high", "resolution"), "sum")
    summed |= {"period_to": "first", "participant": "nunique"}
    together, singles = (
        rows[rows["participant"].isin(names)].groupby(["source_id", "period_from"]).agg(summed)
        for names in ([THREE_LARGEST], CLOUDS)
    )
    found = pd.concat([together, singles[singles["participant"] == len(CLOUDS)]])
    found = found[~found.index.duplicated()].sort_index().reset_index()
    return _range(found.assign(half_step=found["resolution"] / 2), on=on)


def maker_share(market_shares: MarketShares, *, on: date, market: str = ACCELERATORS) -> Range | None:
    """Share of Nvidia in the nearest period that a source gives it for, a fraction."""
    rows = market_shares[(market_shares["market"] == market) & (market_shares["participant"] == MAKER)]
    return _range(rows.assign(half_step=rows["resolution"] / 2), on=on)


def _range(rows: pd.DataFrame, *, on: date) -> Range | None:
    if rows.empty:
        return None
    near = nearest_period(rows, on=on)
    low, high = near["share_low"].min(), near["share_high"].max()
    half = near["half_step"].max()
    return Range(
        value=float((low + high) / 2),
        low=float(max(0, low - half)),
        high=float(min(1, high + half)),
        published=tuple(sorted({*near["share_low"].round(6), *near["share_high"].round(6)})),
        sources=tuple(dict.fromkeys(near["source_id"])),
        period=(near["period_from"].max(), near["period_to"].min()),
    )


def published(market_shares: MarketShares) -> pd.DataFrame:
    """The shares that C5 is about in every period that a source gives them for.

    Returns
    -------
    DataFrame, one row a market and period, the latest first
        `who`, `market`, `period` (text), `period_to`, `low`, `value`, `high` (fractions, as in `Range`), `sources`.
    """
    rows = []
    for market, (of, who) in OF_MARKET.items():
        own = market_shares[market_shares["market"] == market]
        for (_, last), some in sorted(own.groupby(["period_from", "period_to"]), key=lambda one: one[0], reverse=True):
            if found := of(some, on=last.date(), market=market):
                told = {"who": who, "market": market, "period": period(*found.period), "period_to": last}
                ends = {end: getattr(found, end) for end in ("low", "value", "high")}
                rows.append(told | ends | {"sources": len(found.sources)})
    return pd.DataFrame(rows)


#: Whose share of which market C5 is about.
OF_MARKET = {
    CLOUD: (clouds_share, "AWS, Azure and Google Cloud"),
    AI_CLOUD: (clouds_share, "AWS, Azure and Google Cloud"),
    ACCELERATORS: (maker_share, MAKER),
    GPUS: (maker_share, MAKER),
}


def indices(market_shares: MarketShares) -> pd.DataFrame:
    """Bounds of the Herfindahl index of every market, period and group of sources that agree on a feed of shares.

    Returns
    -------
    DataFrame, one row a market, period and source, the latest of a market first
        `market`, `period_from`, `period_to`, `source_id`, `reported` (participants with a share of their own, or the
        leaders together), `known` (their joint share, middle), `largest_unreported` (limit on the others, NaN without),
        `low`, `high` (points), `over_high` ("yes", "no" or "open": whether the index is above `HIGH`).

    Notes
    -----
    Shares are taken as wide as their rounding. Where the source names the reported as the largest, nobody else is
    larger than the smallest of these. Where it states the leaders' joint share alone, their split is open too. A share
    of several of whom it is not said that they are the largest tells nothing of the index, and has no row.
    """
    rows = []
    for (market, start, source), some in market_shares.groupby(["market", "period_from", "source_id"], sort=True):
        singles = some[some["members"] == 1]
        leaders = some[(some["members"] > 1) & (some["largest"] == "yes")]
        if (singles["largest"] == "yes").any():
            found, limit, used = *_of_singles(singles), singles
        elif len(leaders):
            found, limit, used = _of_leaders(leaders.iloc[0]), np.nan, leaders.iloc[:1]
        else:
            continue
        known = float((used["share_low"] + used["share_high"]).sum() / 2)
        told = (market, start, used["period_to"].iloc[0], source, int(used["members"].sum()), known, limit)
        rows.append((*told, found.low, found.high))
    columns = ["market", "period_from", "period_to", "source_id", "reported", "known", "largest_unreported"]
    table = pd.DataFrame(rows, columns=[*columns, "low", "high"]).astype({"period_from": "datetime64[us]"})
    over = np.select([table["low"] > HIGH, table["high"] <= HIGH], ["yes", "no"], "open")
    order = np.lexsort((-table["period_from"].astype("int64"), table["market"].map([*OF_MARKET, EMISSIONS].index)))
    return table.assign(over_high=pd.Series(over, dtype="str")).iloc[order].reset_index(drop=True)


def _of_singles(singles: pd.DataFrame) -> tuple[Bounds, float]:
    half = singles["resolution"] / 2
    low, high = singles["share_low"] - half, singles["share_high"] + half
    limit = float(high[singles["largest"] == "yes"].min())
    return herfindahl_bounds(low, high, largest_unreported=limit), limit


def _of_leaders(row: pd.Series) -> Bounds:
    half, members = row["resolution"] / 2, int(row["members"])
    low = leaders_bounds(row["share_low"] - half, members).low
    return Bounds(low, leaders_bounds(min(1.0, row["share_high"] + half), members).high)


def question_c5(claim: Claim, *, market_shares: MarketShares) -> Question:
    """The smaller share, percent, and in its place an index.

    An index H stands as the share, in percent, that one participant beside very many small ones would need for it, the
    square root of H in points: over 2,500 points is then over 50 %, the bound of the shares.
    """
    found = indices(market_shares)

    def answer(**options: str) -> float:
        told = meanings(claim, options, KNOWN)
        markets = (told["cloud"], told["chips"])
        if told["measure"] == SHARE:
            ranges = [OF_MARKET[market][0](market_shares, on=claim.as_of, market=market) for market in markets]
            return np.nan if None in ranges else 100 * min(one.value for one in ranges)
        of = [nearest_period(found[found["market"] == m], on=claim.as_of)[told["unreported rest"]] for m in markets]
        return np.sqrt(np.min([one.min() for one in of]))  # NaN where there is no index

    return Question(claim, pointwise(answer))


def evidence(claim: Claim, market_shares: MarketShares) -> tuple[Evidence, ...]:
    """The published shares of the nearest periods, by market and source, each with its bearing on C5."""
    rows = []
    for market, said in ((CLOUD, "{} together: {} % of {}"), (ACCELERATORS, "{}: {} % of {}")):
        share, who = OF_MARKET[market]
        found = share(market_shares, on=claim.as_of)
        for source in found.sources if found else ():
            one = share(market_shares[market_shares["source_id"] == source], on=claim.as_of)
            percent = " to ".join(number(100 * value) for value in one.published)
            above = {100 * end in claim.regions[0] for end in (one.low, one.high)}
            bears = "neutral" if len(above) > 1 else "supports" if above == {True} else "contradicts"
            statement = f"{said.format(who, percent, market)}, {period(*one.period)}"
            rows.append(Evidence(statement, bears, source, _day_in(one.period, claim.as_of)))
    return tuple(rows)


def _day_in(period: tuple[pd.Timestamp, pd.Timestamp], on: date) -> date:
    """Day of a period that is nearest to another."""
    return min(max(pd.Timestamp(on), period[0]), period[1]).date()


def assess_c5(claim: Claim, *, market_shares: MarketShares) -> Finding:
    """The smaller of two published shares: three clouds together, and one maker of AI accelerators.

    Returns
    -------
    Finding
        The interval is of published figures: the lowest and the highest, as wide as their rounding allows; the smaller
        of two shares lies between the smaller of their low and of their high ends. Nothing can be said, "missing", if
        one of the shares is not published.

    Raises
    ------
    DataError
        If the claim asserts no percentage.
    """
    asserted_figure(claim, "%")
    clouds = clouds_share(market_shares, on=claim.as_of)
    maker = maker_share(market_shares, on=claim.as_of)
    if clouds is None or maker is None:
        return Finding(level=1, basis="secondary", missing="missing")
    smaller = min((clouds, maker), key=lambda one: one.value)
    low, value, high = (100 * min(getattr(one, end) for one in (clouds, maker)) for end in ("low", "value", "high"))
    return Finding(
        level=1,
        basis="secondary",
        estimate=Estimate(
            value=round(value, 6),
            low=round(low, 6),
            high=round(high, 6),
            unit="%",
            n=len(clouds.sources) + len(maker.sources),
            interval_of="published figures, from the lowest to the highest, as wide as their rounding allows",
            method=(
                f"smaller of the clouds' joint share ({number(100 * clouds.value)} %) and {MAKER}'s "
                f"({number(100 * maker.value)} %), each the middle of the lowest and the highest published"
            ),
        ),
        evidence=evidence(claim, market_shares),
        observed_on=_day_in(smaller.period, claim.as_of),
        source_values=tuple(100 * min(a, b) for a in clouds.published for b in maker.published),
        **question_c5(claim, market_shares=market_shares).answered(value),
    )
