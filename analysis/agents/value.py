"""Claim A1: the value that on-chain AI agents manage, added up protocol by protocol."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.agents.capitalisation import Capitalisation, capitalisation
from analysis.agents.observations import RELIABILITIES, Reading, counted, distance_days, held, published, same_money
from analysis.engine.claims import Claim, Estimate, Evidence, Finding, asserted_figure
from analysis.engine.multiverse import Question, bearing, factors_of, meaning, pointwise, primary_of
from analysis.engine.words.formats import day, many, number, quantity
from analysis.tables.agents import AgentValues
from analysis.tables.token_prices import TokenPrices, TokenSupplies
from analysis.tables.tokens import Tokens

BOTH = "agent-held and delegated"
LODGED = "without shares lodged elsewhere"
#: Options of the claim's factors -> what they mean in the functions below; the last counting is none of the claim's.
TIERS = {BOTH: ("agent-held", "delegated"), "agent-held alone": ("agent-held",)}
COUNTINGS = {"the same money once": "net", "gross of money under two names": "gross", LODGED: "without lodged"}
WITHIN_DAYS = {"within 180 days": 180, "within 90 days": 90, "at any date": None}

ALL_TIERS = ("agent-held", "delegated", "ecosystem")
COLUMNS = [
    "protocol", "tier", "value", "low", "high", "figures", "days_at_least", "days", "reliability", "observed_to",
    "figure_id", "source_id",
]  # fmt: skip


def holdings(
    agent_values: AgentValues,
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
        away = days[some.index]
        best = some[away == away.min()].sort_values("value", kind="stable")  # equally near ones conflict
        middle = best.iloc[len(best) // 2]
        rows.append(
            (
                *(protocol, tier, best["value"].median(), some["low"].min(), some["high"].max(), len(some)),
                *(int(least[middle.name]), int(days[middle.name])),
                max(best["reliability"], key=RELIABILITIES.index),
                *(middle["observed_to"], middle.name, middle["source_id"]),
            )
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def left_out(agent_values: AgentValues, *, on: date, within_days: int = 180) -> pd.DataFrame:
    """Protocols without a figure of a tier within the days: their nearest one, which does not count."""
    every = holdings(agent_values, on=on, within_days=None)
    inside_window = holdings(agent_values, on=on, within_days=within_days)
    keys, present = (pd.MultiIndex.from_frame(some[["protocol", "tier"]]) for some in (every, inside_window))
    return every[~keys.isin(present)].reset_index(drop=True)


def too_rough(agent_values: AgentValues, *, on: date, within_days: int = 180) -> pd.DataFrame:
    """Figures dated so roughly that they may lie within the days or further away, and so do not count."""
    figures = counted(held(published(agent_values)), "gross")
    some = figures[figures["tier"].isin(TIERS[BOTH]) & (figures["value"] > 0)]
    nearest_day, furthest_day = (distance_days(some, on, reading) for reading in ("nearest", "furthest"))
    return some[(nearest_day <= within_days) & (furthest_day > within_days)]


def shared(agent_values: AgentValues, *, on: date, within_days: int = 180) -> pd.DataFrame:
    """Money under two names among the figures within the days, from `observations.same_money`."""
    figures = held(published(agent_values))
    return same_money(figures[distance_days(figures, on) <= within_days])


def total(found: pd.DataFrame, tiers: tuple[str, ...] = ALL_TIERS) -> tuple[float, float, float]:
    """Sum over the protocols of some tiers, with the sums of their lows and highs, USD; NaN where there is none."""
    some = found[found["tier"].isin(tiers)]
    if some.empty:
        return np.nan, np.nan, np.nan
    value, low, high = (float(some[column].sum()) for column in ("value", "low", "high"))
    return value, min(low, value), max(high, value)


def totals(agent_values: AgentValues, *, on: date) -> pd.DataFrame:
    """Totals of every tier, net and gross, within 180 days, within 90, and at any date.

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


def largest_verified(agent_values: AgentValues, *, on: date, within_days: int = 180) -> pd.Series | None:
    """Largest figure of a protocol that a primary source gives within the days; None where there is none."""
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


def holdings_under(
    claim: Claim, agent_values: AgentValues, definition: Mapping[str, str], reading: Reading = "furthest"
) -> pd.DataFrame:
    """`holdings` in the tiers that count under an option of each factor of A1, or with the counting `LODGED`."""
    found = holdings(
        agent_values,
        on=claim.as_of,
        within_days=meaning(claim, "dates", definition["dates"], WITHIN_DAYS),
        counting=meaning(claim, "counting", definition["counting"], COUNTINGS),
        reading=reading,
    )
    return found[found["tier"].isin(meaning(claim, "tier", definition["tier"], TIERS))]


def question_a1(claim: Claim, agent_values: AgentValues) -> Question:
    """A1's value, USD; NaN where no protocol has a figure.

    A tier without any figure within the primary window is no option: it could only be weighed with figures that the
    claim leaves out for their age. `alternatives_a1` shows it.
    """
    question = Question(
        claim, pointwise(lambda **definition: total(holdings_under(claim, agent_values, definition))[0])
    )
    present = set(holdings(agent_values, on=claim.as_of)["tier"])
    return question.without_options(lambda factor, option: factor == "tier" and not present & set(TIERS[option]))


def alternatives_a1(claim: Claim, agent_values: AgentValues) -> pd.DataFrame:
    """The primary definition, each alternative of the claim on its own, and what the claim does not name.

    Beyond the claim's alternatives stand the strictest sense of the same money, without what protocols lodge with
    others whoever these are, and the other reading of rough dates.

    Returns
    -------
    DataFrame
        definition, value, low, high (USD, NaN without a figure), protocols, holds (bool).
    """
    primary = primary_of(claim)
    changes = [(f.label(o), {f.name: o}) for f in factors_of(claim) for o in f.options if o != f.primary]
    settings = [("primary", {}), *changes]
    settings += [("agent-held alone, at any date", {"tier": "agent-held alone", "dates": "at any date"})]
    settings += [(LODGED, {"counting": LODGED})]
    found = {name: holdings_under(claim, agent_values, primary | change) for name, change in settings}
    found["rough dates by their nearest day"] = holdings_under(claim, agent_values, primary, "nearest")
    rows = [(name, *total(some), len(some), total(some)[0] in claim.regions[0]) for name, some in found.items()]
    return pd.DataFrame(rows, columns=["definition", "value", "low", "high", "protocols", "holds"])


def evidence_a1(claim: Claim, agent_values: AgentValues) -> tuple[Evidence, ...]:
    """Rows of evidence: the protocols that are added up, neutral; published totals for all agents, by T and T_minor.

    A protocol that holds nothing is no row: it would thin out the vendors among the rows, and certainty with them.
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
    for row in published_totals(agent_values).itertuples():
        said = f"total by others, {row.product}: {quantity(row.value, 'USD')}" + (
            f"; {row.remark}" if row.remark else ""
        )
        rows.append(Evidence(said, bearing(claim, row.value), row.source_id, row.observed_to.date(), bool(row.vendor)))
    return tuple(rows)


def _away(least: int, most: int) -> str:
    """How far a figure is from the day, in words."""
    return f"{many(least, 'day')} away" if least == most else f"{number(least)} to {many(most, 'day')} away"


def published_totals(agent_values: AgentValues) -> pd.DataFrame:
    """What others published as the value that all agents hold or manage; never added to the sum."""
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
    others = tuple(published_totals(agent_values)["value"])
    worth = capitalisation(tokens, token_prices, token_supplies, on=claim.as_of)
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
        **question_a1(claim, agent_values).answered(value, *_needed(claim, value, agent_values, worth)),
    )


def _needed(claim: Claim, value: float, agent_values: AgentValues, tokens: Capitalisation) -> Iterator[str]:
    """What else would make A1 true: more protocols, or another quantity taken for it."""
    inner, largest = claim.regions[0], largest_verified(agent_values, on=claim.as_of)
    if largest is not None and value < inner.left:
        more = missing_protocols(value, inner.left, largest["value"])
        size = f"{largest['protocol']}, {quantity(largest['value'], 'USD')}"
        yield f"{number(more)} more protocols of the size of the largest figure that a primary source gives ({size})"
    if tokens.value in inner:
        yield (
            f"as a hypothesis, another quantity taken for it: the tokens of agents in our tables were worth "
            f"{quantity(tokens.value, 'USD')} on {day(claim.as_of)}"
        )


def waterfall(claim: Claim, agent_values: AgentValues, tokens: Capitalisation) -> pd.DataFrame:
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
    beside = [("asserted", claim.asserted.value, "asserted"), ("agents' tokens", tokens.value, "other quantity")]
    table = pd.DataFrame([*steps, *beside], columns=["step", "value", "kind"])
    alone = table.index >= len(steps)  # these stand on nothing
    ends = table["value"].fillna(0.0).cumsum().mask(alone, table["value"])
    table = table.assign(start=ends.shift(fill_value=0.0).mask(alone, 0.0), end=ends)
    return table[["step", "start", "end", "value", "kind"]]
