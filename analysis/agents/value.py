"""Claim A1: the value that on-chain AI agents manage, added up protocol by protocol."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.agents.capitalisation import Capitalisation, capitalisation
from analysis.agents.observations import (
    RELIABILITIES,
    Reading,
    counted,
    distance_days,
    held,
    nearest,
    published,
    same_money,
)
from analysis.engine.claims import Claim, Estimate, Evidence, Finding, asserted_figure
from analysis.engine.multiverse import Factor, Multiverse, UnbalancedError, explore, inside, pointwise
from analysis.engine.words.formats import day, many, number, quantity
from analysis.tables.agents import AgentValues
from analysis.tables.token_prices import TokenPrices, TokenSupplies
from analysis.tables.tokens import Tokens

BOTH, AGENT_HELD = "agent-held and delegated", "agent-held alone"
NET, GROSS = "the same money once", "gross of money under two names"
LODGED = "without shares lodged elsewhere"
WITHIN_180, WITHIN_90, ANY_DATE = "within 180 days", "within 90 days", "at any date"
#: Options of the factors -> what they mean in the functions below.
TIERS = {BOTH: ("agent-held", "delegated"), AGENT_HELD: ("agent-held",)}
COUNTINGS = {NET: "net", GROSS: "gross", LODGED: "without lodged"}
WITHIN_DAYS = {WITHIN_180: 180, WITHIN_90: 90, ANY_DATE: None}

#: The definitions of A1's question; the first option of each is that of the claim.
FACTORS: tuple[Factor, ...] = (
    Factor("tier", tuple(TIERS), BOTH),
    Factor("counting", (NET, GROSS), NET),
    Factor("dates", tuple(WITHIN_DAYS), WITHIN_180),
)
ALL_TIERS = ("agent-held", "delegated", "ecosystem")
COLUMNS = (
    "protocol",
    "tier",
    "value",
    "low",
    "high",
    "figures",
    "days_at_least",
    "days",
    "reliability",
    "observed_to",
    "figure_id",
    "source_id",
)


def holdings(
    agent_values: pd.DataFrame,
    *,
    on: date,
    within_days: int | None = 180,
    counting: str = "net",
    reading: Reading = "furthest",
) -> pd.DataFrame:
    """What every protocol's agents hold in each tier: each protocol once, by its figure nearest to a day.

    Parameters
    ----------
    agent_values : DataFrame
        The table of that name.
    on : date
    within_days : int or None
        Figures further from the day are left out; None takes all.
    counting : {"net", "gross", "without lodged"}
        As in `observations.counted`, among the figures within the days.
    reading : {"nearest", "furthest"}
        Of rough dates, as in `observations.distance_days`.

    Returns
    -------
    DataFrame
        protocol, tier; value (USD: the figure nearest to the day; of several that are equally near, the median), low
        and high (the lowest and the highest published within the days); figures (how many); days_at_least, days (by the
        nearest day and by the reading), observed_to, figure_id and source_id of the one that counts; reliability (the
        weakest of those equally near). A protocol that can hold nothing has no row.
    """
    figures = held(published(agent_values))
    days, least = distance_days(figures, on, reading), distance_days(figures, on, "nearest")
    near = counted(figures if within_days is None else figures[days <= within_days], counting)
    rows = []
    for (protocol, tier), some in near.groupby(["protocol", "tier"], sort=True):
        if not some["high"].max() > 0:
            continue
        best = nearest(some, days[some.index]).sort_values("value", kind="stable")
        middle = best.iloc[len(best) // 2]
        rows.append(
            {
                "protocol": protocol,
                "tier": tier,
                "value": best["value"].median(),
                "low": some["low"].min(),
                "high": some["high"].max(),
                "figures": len(some),
                "days_at_least": int(least[middle.name]),
                "days": int(days[middle.name]),
                "reliability": max(best["reliability"], key=RELIABILITIES.index),
                "observed_to": middle["observed_to"],
                "figure_id": middle.name,
                "source_id": middle["source_id"],
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def left_out(agent_values: pd.DataFrame, *, on: date, within_days: int = 180) -> pd.DataFrame:
    """Protocols without a figure of a tier within the days: their nearest one, which does not count.

    Parameters
    ----------
    agent_values : DataFrame
        The table of that name.
    on : date
    within_days : int
    """
    every = holdings(agent_values, on=on, within_days=None)
    inside_window = holdings(agent_values, on=on, within_days=within_days)
    present = set(zip(inside_window["protocol"], inside_window["tier"], strict=True))
    keys = zip(every["protocol"], every["tier"], strict=True)
    return every[[key not in present for key in keys]].reset_index(drop=True)


def too_rough(agent_values: pd.DataFrame, *, on: date, within_days: int = 180) -> pd.DataFrame:
    """Figures dated so roughly that they may lie within the days or further away, and so do not count.

    Parameters
    ----------
    agent_values : DataFrame
        The table of that name.
    on : date
    within_days : int
    """
    figures = counted(held(published(agent_values)), "gross")
    some = figures[figures["tier"].isin(TIERS[BOTH]) & (figures["value"] > 0)]
    nearest_day, furthest_day = (distance_days(some, on, reading) for reading in ("nearest", "furthest"))
    return some[(nearest_day <= within_days) & (furthest_day > within_days)]


def shared(agent_values: pd.DataFrame, *, on: date, within_days: int = 180) -> pd.DataFrame:
    """Money under two names among the figures within the days, from `observations.same_money`.

    Parameters
    ----------
    agent_values : DataFrame
        The table of that name.
    on : date
    within_days : int
    """
    figures = held(published(agent_values))
    return same_money(figures[distance_days(figures, on) <= within_days])


def total(found: pd.DataFrame, tiers: tuple[str, ...]) -> tuple[float, float, float]:
    """Sum over the protocols of some tiers, with the sums of their lows and highs, USD; NaN where there is none.

    Parameters
    ----------
    found : DataFrame
        From `holdings`.
    tiers : tuple of str
    """
    some = found[found["tier"].isin(tiers)]
    if some.empty:
        return np.nan, np.nan, np.nan
    value, low, high = (float(some[column].sum()) for column in ("value", "low", "high"))
    return value, min(low, value), max(high, value)


def totals(agent_values: pd.DataFrame, *, on: date) -> pd.DataFrame:
    """Totals of every tier, net and gross, within 180 days, within 90, and at any date.

    Parameters
    ----------
    agent_values : DataFrame
        The table of that name.
    on : date

    Returns
    -------
    DataFrame
        tier, counting, dates, value, low, high (USD; NaN where no protocol has a figure), protocols.
    """
    rows = []
    for dates, within in WITHIN_DAYS.items():
        for counting in ("net", "gross"):
            found = holdings(agent_values, on=on, within_days=within, counting=counting)
            rows += [
                (tier, counting, dates, *total(found, (tier,)), int((found["tier"] == tier).sum()))
                for tier in ALL_TIERS
            ]
    return pd.DataFrame(rows, columns=["tier", "counting", "dates", "value", "low", "high", "protocols"])


@dataclass(frozen=True, slots=True)
class Concentration:
    """How far what there is lies in few hands.

    Attributes
    ----------
    herfindahl : float
        Sum of squared shares, 0–1; 1 where one protocol holds all.
    largest_three : float
        Share of the three largest, 0–1.
    protocols : int
        With more than nothing.
    largest : str
        Name of the largest.
    """

    herfindahl: float
    largest_three: float
    protocols: int
    largest: str


def concentration(found: pd.DataFrame) -> Concentration | None:
    """Concentration of agent-held and delegated value over protocols; None where there is none.

    Parameters
    ----------
    found : DataFrame
        From `holdings`.

    Examples
    --------
    >>> found = pd.DataFrame({"protocol": list("abcd"), "tier": "delegated", "value": [1.0, 1.0, 1.0, 1.0]})
    >>> concentration(found)
    Concentration(herfindahl=0.25, largest_three=0.75, protocols=4, largest='a')
    """
    value = found[found["tier"].isin(TIERS[BOTH])].groupby("protocol")["value"].sum()
    value = value[value > 0].sort_values(ascending=False, kind="stable")
    if value.empty:
        return None
    shares = value / value.sum()
    return Concentration(float((shares**2).sum()), float(shares.head(3).sum()), len(shares), str(shares.index[0]))


def largest_verified(agent_values: pd.DataFrame, *, on: date, within_days: int = 180) -> pd.Series | None:
    """Largest figure of a protocol that a primary source gives within the days; None where there is none.

    Parameters
    ----------
    agent_values : DataFrame
        The table of that name.
    on : date
    within_days : int
    """
    figures = held(published(agent_values))
    near = counted(figures[distance_days(figures, on) <= within_days], "net")
    some = near[(near["reliability"] == "primary") & near["tier"].isin(TIERS[BOTH]) & (near["value"] > 0)]
    return None if some.empty else some.loc[some["value"].idxmax()]


def missing_protocols(value: float, target: float, size: float) -> int:
    """How many more protocols of one size would bring a total to a target.

    Examples
    --------
    >>> missing_protocols(50.0, 100.0, 20.0), missing_protocols(150.0, 100.0, 20.0)
    (3, 0)
    """
    return max(0, int(np.ceil((target - value) / size)))


def value_under(agent_values: pd.DataFrame, on: date, *, tier: str, counting: str, dates: str) -> float:
    """A1's value under one option of each factor, USD; NaN where no protocol has a figure.

    Parameters
    ----------
    agent_values : DataFrame
        The table of that name.
    on : date
    tier, counting, dates : str
        Options of `FACTORS`.
    """
    found = holdings(agent_values, on=on, within_days=WITHIN_DAYS[dates], counting=COUNTINGS[counting])
    return total(found, TIERS[tier])[0]


def explore_a1(claim: Claim, *, agent_values: pd.DataFrame) -> Multiverse | None:
    """A1 under every admissible combination of the claim's alternatives; None where they cannot weigh the same.

    A tier without any figure within the primary window is no option: it could only be weighed with figures that the
    claim leaves out for their age. `alternatives_a1` shows it.

    Parameters
    ----------
    claim : Claim
        A1, for its date and acceptance region.
    agent_values : DataFrame
        The table of that name.

    Raises
    ------
    ValueError
        If nothing can be computed under the primary definition.
    """

    def of(tier: str, counting: str, dates: str) -> float:
        return value_under(agent_values, claim.as_of, tier=tier, counting=counting, dates=dates)

    found = holdings(agent_values, on=claim.as_of)
    tiers = tuple(name for name, inner in TIERS.items() if name == BOTH or found["tier"].isin(inner).any())
    factors = (Factor("tier", tiers, BOTH), *FACTORS[1:])
    try:
        return explore(factors, (), pointwise(of), holds=inside(claim.regions[0]))
    except UnbalancedError:
        return None


def alternatives_a1(claim: Claim, *, agent_values: pd.DataFrame) -> pd.DataFrame:
    """The primary definition, each alternative of the claim on its own, and what the claim does not name.

    Beyond the claim's alternatives stand the strictest sense of the same money, without what protocols lodge with
    others whoever these are, and the other reading of rough dates.

    Parameters
    ----------
    claim : Claim
        A1.
    agent_values : DataFrame
        The table of that name.

    Returns
    -------
    DataFrame
        definition, value, low, high (USD, NaN without a figure), protocols, holds (bool).
    """
    primary = {factor.name: factor.primary for factor in FACTORS}
    changes = [("primary", {}), *((o, {f.name: o}) for f in FACTORS for o in f.options if o != f.primary)]
    settings = [(name, primary | change, "furthest") for name, change in changes]
    settings += [
        (f"{AGENT_HELD}, {ANY_DATE}", primary | {"tier": AGENT_HELD, "dates": ANY_DATE}, "furthest"),
        (LODGED, primary | {"counting": LODGED}, "furthest"),
        ("rough dates by their nearest day", primary, "nearest"),
    ]
    rows = []
    for name, options, reading in settings:
        found = holdings(
            agent_values,
            on=claim.as_of,
            within_days=WITHIN_DAYS[options["dates"]],
            counting=COUNTINGS[options["counting"]],
            reading=reading,
        )
        value, low, high = total(found, TIERS[options["tier"]])
        count = int(found["tier"].isin(TIERS[options["tier"]]).sum())
        rows.append((name, value, low, high, count, value in claim.regions[0]))
    return pd.DataFrame(rows, columns=["definition", "value", "low", "high", "protocols", "holds"])


def evidence_a1(claim: Claim, agent_values: pd.DataFrame) -> tuple[Evidence, ...]:
    """Rows of evidence: the protocols that are added up, neutral; published totals for all agents, by T and T_minor.

    A protocol that holds nothing is no row: it would thin out the vendors among the rows, and certainty with them.

    Parameters
    ----------
    claim : Claim
        A1.
    agent_values : DataFrame
        The table of that name.
    """
    figures = published(agent_values)
    found = holdings(agent_values, on=claim.as_of)
    rows = [
        Evidence(
            statement=(
                f"{row.protocol}, {row.tier}: {quantity(row.value, 'USD')} "
                f"({many(row.figures, 'figure')} within 180 days, this one {_away(row.days_at_least, row.days)})"
            ),
            bearing="neutral",
            source_id=row.source_id,
            observed_on=row.observed_to.date(),
            vendor=bool(figures.at[row.figure_id, "vendor"]),
        )
        for row in found[found["tier"].isin(TIERS[BOTH]) & (found["value"] > 0)].itertuples()
    ]
    inner, outer = claim.regions
    for row in published_totals(agent_values).itertuples():
        bearing = "supports" if row.value in inner else "neutral" if row.value in outer else "contradicts"
        said = f"total by others, {row.product}: {quantity(row.value, 'USD')}" + (
            f"; {row.remark}" if row.remark else ""
        )
        rows.append(Evidence(said, bearing, row.source_id, row.observed_to.date(), bool(row.vendor)))
    return tuple(rows)


def _away(least: int, most: int) -> str:
    """How far a figure is from the day, in words."""
    return f"{many(least, 'day')} away" if least == most else f"{number(least)} to {many(most, 'day')} away"


def published_totals(agent_values: pd.DataFrame) -> pd.DataFrame:
    """What others published as the value that all agents hold or manage; never added to the sum.

    Parameters
    ----------
    agent_values : DataFrame
        The table of that name.
    """
    figures = published(agent_values)
    of = (figures["scope"] == "total") & (figures["quantity"] == "value held") & figures["tier"].isin(TIERS[BOTH])
    return figures[of].sort_values("value", kind="stable")


def assess_a1(
    claim: Claim,
    *,
    agent_values: AgentValues,
    tokens: Tokens,
    token_prices: TokenPrices,
    token_supplies: TokenSupplies,
) -> Finding:
    """Agent-held and delegated value on public chains, each protocol once by its figure nearest to the claim's date.

    Parameters
    ----------
    tokens, token_prices, token_supplies : DataFrame
        Only say which other quantity has the asserted size.

    Returns
    -------
    Finding
        The interval sums each protocol's lowest and highest published figure. Nothing can be said, "missing", where no
        protocol has a figure within 180 days.

    Raises
    ------
    DataError
        If the claim asserts no USD.
    """
    asserted_figure(claim, "USD")
    found = holdings(agent_values, on=claim.as_of)
    value, low, high = total(found, TIERS[BOTH])
    if np.isnan(value):
        return Finding(level=3, basis="secondary", missing="missing")
    some = found[found["tier"].isin(TIERS[BOTH])]
    explored = explore_a1(claim, agent_values=agent_values)
    others = tuple(published_totals(agent_values)["value"])
    return Finding(
        level=3,
        basis="secondary",
        estimate=Estimate(
            value=value,
            low=low,
            high=high,
            unit="USD",
            n=int((some["value"] > 0).sum()),
            interval_of="published figures: sums of each protocol's lowest and highest",
            method="sum over protocols of the figure nearest to the date, money under two names once",
        ),
        evidence=evidence_a1(claim, agent_values),
        observed_on=some.loc[some["value"].idxmax(), "observed_to"].date(),
        source_values=(low, high, *others),
        reliability=some.groupby("reliability")["value"].sum().to_dict(),
        support=explored.support if explored else None,
        curve=explored.curve if explored else None,
        nearest_true=nearest_true(
            claim, value, explored, largest_verified(agent_values, on=claim.as_of),
            capitalisation(tokens, token_prices, token_supplies, on=claim.as_of),
        ),
    )  # fmt: skip


def nearest_true(
    claim: Claim, value: float, explored: Multiverse | None, largest: pd.Series | None, tokens: Capitalisation
) -> str:
    """What would make A1 true: a definition, more protocols, or another quantity taken for it.

    Parameters
    ----------
    claim : Claim
        A1.
    value : float
        The estimate, USD.
    explored : Multiverse or None
    largest : Series or None
        From `largest_verified`.
    tokens : Capitalisation
    """
    inner = claim.regions[0]
    if value in inner:
        return "it holds as it is"
    said = [explored.describe_nearest("USD", inner)] if explored else []
    if largest is not None and value < inner.left:
        more = missing_protocols(value, inner.left, largest["value"])
        size = f"{largest['protocol']}, {quantity(largest['value'], 'USD')}"
        said.append(
            f"{number(more)} more protocols of the size of the largest figure that a primary source gives ({size})"
        )
    if tokens.value in inner:
        said.append(
            f"as a hypothesis, another quantity taken for it: the tokens of agents in our tables were worth "
            f"{quantity(tokens.value, 'USD')} on {day(claim.as_of)}"
        )
    return "; ".join(said)


def waterfall(claim: Claim, agent_values: pd.DataFrame, tokens: Capitalisation) -> pd.DataFrame:
    """From agent-held value to the asserted figure: what is found, what would have to be counted too, what is missing.

    Parameters
    ----------
    claim : Claim
        A1.
    agent_values : DataFrame
        The table of that name.
    tokens : Capitalisation
        Of the tokens of agents, on the claim's date.

    Returns
    -------
    DataFrame
        step, start, end, value (USD; NaN where none was observed), kind: "found", "counted twice", "around agents",
        "missing", "other quantity" or "asserted". Steps up to "missing" stand on one another, the last two on zero.
    """
    net, gross = (holdings(agent_values, on=claim.as_of, counting=how) for how in ("net", "gross"))
    own, delegated = total(net, ("agent-held",))[0], total(net, ("delegated",))[0]
    twice = np.nansum([total(gross, TIERS[BOTH])[0], -total(net, TIERS[BOTH])[0]])
    steps = [
        ("agent-held", own, "found"),
        ("delegated", delegated, "found"),
        *([("the same money again", twice, "counted twice")] if twice > 0 else []),
        ("locked around agents", total(net, ("ecosystem",))[0], "around agents"),
    ]
    reached = float(np.nansum([value for _, value, _ in steps]))
    steps.append(("found nowhere", max(0.0, claim.asserted.value - reached), "missing"))
    rows, start = [], 0.0
    for step, value, kind in steps:
        end = start + (0.0 if np.isnan(value) else value)
        rows.append((step, start, end, value, kind))
        start = end
    rows += [
        ("asserted", 0.0, claim.asserted.value, claim.asserted.value, "asserted"),
        ("agents' tokens", 0.0, tokens.value, tokens.value, "other quantity"),
    ]
    return pd.DataFrame(rows, columns=["step", "start", "end", "value", "kind"])
