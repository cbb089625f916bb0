"""Sentences of the chapter that data decide, each composed from the tables that it is about."""

import pandas as pd

from analysis.agents.capitalisation import Capitalisation
from analysis.agents.results import length
from analysis.agents.skill import LEVEL, POWER, RATIOS, best_by_luck, months_needed
from analysis.agents.value import BOTH, TIERS, Concentration, missing_protocols, total
from analysis.engine.claims import Claim, Estimate
from analysis.engine.words.formats import day, interval, listed, many, number, quantity, share


def millions_between(low: pd.Series, high: pd.Series) -> list[str]:
    """Ends of intervals in millions, in words; none where an end is missing.

    Examples
    --------
    >>> millions_between(pd.Series([2e6, 5e6, None]), pd.Series([3.5e6, 5e6, None]))
    ['2 to 3.5', '5', 'none']
    """
    ends = [(number(a / 1e6), number(b / 1e6)) for a, b in zip(low.fillna(-1), high.fillna(-1), strict=True)]
    missing = low.isna() | high.isna()
    return ["none" if gone else a if a == b else f"{a} to {b}" for (a, b), gone in zip(ends, missing, strict=True)]


def in_short(
    claim: Claim, estimate: Estimate | None, holdings: pd.DataFrame, records: pd.DataFrame, matrix: pd.DataFrame
) -> dict[str, str]:
    """What was found on each claim, in a sentence or two.

    Parameters
    ----------
    claim : Claim
        A1.
    estimate : Estimate or None
        Of A1.
    holdings, records, matrix : DataFrame
        From `analysis.agents.value.holdings`, `analysis.agents.results.records` and `analysis.agents.cases.matrix`.

    Returns
    -------
    dict
        What a sentence is about -> the sentence.
    """
    return {
        "Value managed (A1)": _managed(claim, estimate, holdings),
        "Skill (A2)": _skill(records),
        "Acts on chains (A3)": _acts(matrix),
    }


def _managed(claim: Claim, estimate: Estimate | None, holdings: pd.DataFrame) -> str:
    if estimate is None:
        return "No protocol has a figure near the date."
    value = holdings[holdings["tier"].isin(TIERS[BOTH])].groupby("protocol")["value"].sum()
    return (
        f"Published figures of {many(estimate.n, 'protocol')} add up to {quantity(estimate.value, 'USD')} "
        f"({interval(estimate.low, estimate.high, 'USD')}), {share(estimate.value / claim.asserted.value)} of what the "
        f"report asserts. {value.idxmax()} is {share(value.max() / value.sum())} of that."
    )


def _skill(records: pd.DataFrame) -> str:
    some = records[(records["design"] == "contest") & records["real_money"]]
    contests = some.drop_duplicates(["record_from", "record_to"])
    lengths = listed([f"one of {length(months)}" for months in contests["months"]]) if len(contests) else ""
    said = f"We found {many(len(contests), 'contest')} in real money" + (f", {lengths}" if lengths else "")
    ratios = int(some["information_ratio"].notna().sum())
    studies = int((records["design"] == "no agents").sum())
    return (
        f"{said}. The volatility that would tell skill from luck is published for "
        f"{number(ratios) if ratios else 'none'} of its {many(len(some), 'agent')}. On arbitrage, MEV and liquidity "
        f"provision {many(studies, 'result')} of studies were found, none of them of AI agents."
    )


def _acts(matrix: pd.DataFrame) -> str:
    shown = matrix[matrix["shown"] == "yes"]
    names = [f"{row.activity} on {row.framework}" for row in shown.itertuples()]
    nothing = int((matrix["shown"] == "none found").sum())
    return (
        f"Of {many(len(matrix), 'pair')} of a framework and an activity {number(len(shown)) if names else 'none'} "
        f"{'is' if len(shown) < 2 else 'are'} shown by the date{f' ({listed(names)})' if names else ''}; for "
        f"{number(nothing)} nothing was found, and the others fall short."
    )


def counts(holdings: pd.DataFrame, left_out: pd.DataFrame, too_rough: pd.DataFrame) -> str:
    """How many protocols and figures the sum rests on, and what is left out for its age or for its rough date.

    Parameters
    ----------
    holdings, left_out, too_rough : DataFrame
        From the functions of those names in `analysis.agents.value`.
    """
    some = holdings[holdings["tier"].isin(TIERS[BOTH])]
    own = int((some["tier"] == "agent-held").sum())
    held = "none of it held by agents themselves" if own == 0 else f"{number(own)} of them held by agents themselves"
    said = [f"{many(len(some), 'protocol')} with {many(int(some['figures'].sum()), 'figure')} within 180 days, {held}."]
    if not left_out.empty:
        names = [
            f"{row.protocol} ({row.tier}, {quantity(row.value, 'USD')}, {many(row.days, 'day')} away)"
            for row in left_out.itertuples()
        ]
        said.append(f"Left out for their age: {listed(names)}.")
    if not too_rough.empty:
        ends = interval(too_rough["low"].min(), too_rough["high"].max(), "USD")
        said.append(
            f"Left out because their date is known too roughly: {many(len(too_rough), 'figure')} of "
            f"{listed(sorted(set(too_rough['protocol'])))} ({ends})."
        )
    return " ".join(said)


def same_money(found: pd.DataFrame) -> str:
    """Which money stands under two names, and whether the sum counts it once."""
    if found.empty:
        return "No figure is declared, or suspected by the rule, to be the money of another."
    lines = []
    for row in found.itertuples():
        why = " (suspected by the rule, not declared)" if row.relation == "suspected" else ""
        then = "Both are in the sum, which" if row.taken else f"{row.holder} is not in the sum, which"
        lines.append(
            f"{row.protocol}, {row.product}: {row.holder} holds {quantity(row.value, 'USD')} of the same money{why}. "
            f"{then} counts it once."
        )
    return "\n".join(lines)


def spread(found: Concentration | None) -> str:
    """How concentrated what there is lies."""
    if found is None:
        return "There is nothing whose concentration could be computed."
    return (
        f"The three largest of {many(found.protocols, 'protocol')} hold {share(found.largest_three)}; the largest is "
        f"{found.largest}. The Herfindahl index is {found.herfindahl:.2f}, as with "
        f"{number(1 / found.herfindahl)} protocols of one size."
    )


def missing(claim: Claim, holdings: pd.DataFrame, largest: pd.Series | None) -> str:
    """How many protocols would have been overlooked if the claim held."""
    value = total(holdings, TIERS[BOTH])[0]
    if largest is None or not value < claim.regions[0].left:
        return "No protocol need have been overlooked."
    counts = [
        missing_protocols(value, target, largest["value"]) for target in (claim.regions[0].left, claim.asserted.value)
    ]
    return (
        f"The largest figure that a primary source gives is {quantity(largest['value'], 'USD')} "
        f"({largest['protocol']}). {number(counts[0])} protocols of that size would have to be missing to reach "
        f"{quantity(claim.regions[0].left, 'USD')}, {number(counts[1])} to reach the asserted figure."
    )


def tokens(found: Capitalisation, claim: Claim) -> str:
    """What the tokens of agents were worth, and what that rests on."""
    ahead = int(((found.table["basis"] == "look-ahead") & found.table["value"].notna()).sum())
    old = "inside" if found.value in claim.regions[0] else "outside"
    return (
        f"{many(found.counted, 'token')} were worth {quantity(found.value, 'USD')} on {day(claim.as_of)}, {old} "
        f"{interval(claim.regions[0].left, claim.regions[0].right, 'USD')}; without meme tokens and those whose link "
        f"to AI is contested {quantity(found.core, 'USD')}. {number(found.missing)} more lack a price or a supply, and "
        f"{number(ahead)} supplies are later ones."
    )


def power() -> str:
    """Months of record that tell skill from luck, by information ratio.

    Examples
    --------
    >>> power().startswith("At a level of 5")
    True
    """
    said = listed([f"{number(months_needed(ratio))} months for {number(ratio)}" for ratio in RATIOS])
    return (
        f"At a level of {share(LEVEL)}, one-sided, with {share(POWER)} power, an annual information ratio needs {said}."
    )


def luck(records: pd.DataFrame) -> str:
    """What the best of the agents in the longest contest is expected to show without skill."""
    contests = records[(records["design"] == "contest") & records["real_money"]]
    if contests.empty:
        return "No contest in real money is in the table."
    longest = contests.loc[contests["months"].idxmax()]
    ratio, chance = best_by_luck(int(longest["picked_from"]), longest["months"])
    return (
        f"Of {many(int(longest['picked_from']), 'agent')} without any skill, after {length(longest['months'])} the "
        f"best is expected to show an annual information ratio of {number(ratio)}; the chance that one passes the test "
        f"is {share(chance)}."
    )


def met(records: pd.DataFrame) -> str:
    """How many published records of agents in real money are long enough."""
    own = records[records["real_money"] & records["design"].isin(["contest", "single agent", "population"])]
    if own.empty:
        return "No record of an agent in real money is in the table."
    long = own[own["months"] >= own["needed"]]
    ratios = int(own["information_ratio"].notna().sum())
    names = "" if long.empty else f" ({listed([str(who) for who in long['who']])})"
    return (
        f"Of {many(len(own), 'record')} of agents in real money {number(len(long))} would be long enough for an "
        f"information ratio of {number(max(RATIOS))}{names}; the ratio, or the volatility that it needs, is published "
        f"for {number(ratios) if ratios else 'none'}."
    )


def most_lenient(definitions: pd.DataFrame) -> str:
    """What bears on A2 under all of the claim's alternatives together, beside what does under its definition."""
    first, last = definitions.iloc[0], definitions.iloc[-1]
    counts = [
        f"{many(int(row['supports']), 'row')} for it and {number(row['contradicts'])} against" for row in (first, last)
    ]
    return (
        f"Under the claim's definition there are {counts[0]}; under its three alternatives together (any length of "
        f"record, any strategy, holding as the alternative) {counts[1]}. Agents, a public chain, real money, costs "
        "taken off, the date, and a source that is not the vendor are asked for throughout."
    )


def pairs(matrix: pd.DataFrame) -> str:
    """Which pairs of framework and activity are shown, and how the others fall short."""
    said = []
    for shown, some in matrix.groupby("shown", sort=False):
        names = [f"{row.framework} {row.activity}" for row in some.itertuples()]
        said.append(f"{'shown' if shown == 'yes' else shown}: {listed(names)}")
    return (
        f"Of {many(len(matrix), 'pair')}, "
        + "; ".join(sorted(said, key=lambda text: not text.startswith("shown")))
        + "."
    )
