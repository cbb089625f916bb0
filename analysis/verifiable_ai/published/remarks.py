"""What others published: trend, spells, both claims together, parts of V4, overheads."""

from collections.abc import Sequence

import pandas as pd

from analysis.engine.claims import Claim, Evidence
from analysis.engine.data.register import Sources
from analysis.engine.multiverse import Multiverse
from analysis.engine.words.formats import day, interval, listed, many, number, period, quantity
from analysis.verifiable_ai.machines import SECONDS_PER_HOUR
from analysis.verifiable_ai.published.beyond.overhead import Overhead
from analysis.verifiable_ai.published.beyond.progress import Trend


def trend(found: Trend | None, exact: Trend | None = None) -> str:
    """How published times fell, and whether that can be told.

    Parameters
    ----------
    found : Trend or None
    exact : Trend, optional
        Of the results of which more than the year is known.
    """
    if exact is not None:
        without = trend(exact).replace("A year multiplies", "a year multiplies", 1)
        return f"{trend(found)}\nWithout results of which only the year is known, {without}"
    if found is None:
        return "Too few results at too few dates for a trend."
    told = "a fall" if found.high < 1 else "a rise" if found.low > 1 else "neither a fall nor a rise"
    ends = f"95 % interval {number(found.low)} to {number(found.high)}, {many(found.n, 'result')}"
    year = f"A year multiplies the published time by {number(found.factor_per_year)} ({ends})"
    return f"{year}: {told} can be told from these results alone."


def conventions(spells: pd.DataFrame, sources: Sources) -> str:
    """What the dated spells rest on: sources without an address, and ends of which only month or year is known.

    `spells` is from `analysis.verifiable_ai.published.beyond.progress.spells`.
    """
    dated, by_id, said = spells[spells["since"].notna()], sources.set_index("source_id"), []
    for row in dated.drop_duplicates(["system", "source_id"]).itertuples():
        known = row.source_id in by_id.index and by_id.loc[row.source_id, "address"]
        if not known:
            title = by_id["title"].get(row.source_id, row.source_id)
            said.append(f"The row of {row.system} comes from a source without a recorded address ({title}).")
    for row in dated[dated["until"].notna()].drop_duplicates(["until_system", "until"]).itertuples():
        if row.until_precision != "day":
            on = period(pd.Period(row.until_earliest, freq=row.until_precision[0].upper()))
            said.append(
                f"It ends with {row.until_system}, published in {on}; only the {row.until_precision} is known, and its "
                f"last day, {day(row.until.date())}, counts by convention."
            )
    return " ".join(said) or "No spell rests on a source without an address or on a rough date."


def spell(claim: Claim, spells: pd.DataFrame) -> str:
    """When the asserted time described the best public system.

    `spells` is from `analysis.verifiable_ai.published.beyond.progress.spells`.
    """
    region = interval(claim.regions[0].left, claim.regions[0].right, "s")
    dated, sets = spells[spells["since"].notna()], spells["set"].nunique()
    head = (
        f"The best public system took {region} at some time in {number(dated['set'].nunique())} of {number(sets)} sets"
    )
    rows = []
    for row in dated.itertuples():
        until = "still" if pd.isna(row.until) else f"until {_between(row.until_earliest, row.until)}"
        since = f"from {_between(row.since_earliest, row.since)}"
        rows.append(f"{row.set}: {row.system}, {quantity(row.prove_s, 's')}, {since} {until}")
    return f"{head}." if not rows else f"{head}:\n" + ";\n".join(rows) + "."


def _between(first: pd.Timestamp, last: pd.Timestamp) -> str:
    """A day, or the days between which it lies."""
    ends = [day(end.date()) for end in (first, last)]
    return ends[1] if ends[0] == ends[1] else f"some day between {ends[0]} and {ends[1]}"


def both(v1: Claim, v2: Claim, priced: pd.DataFrame, implied: pd.Interval, machines: pd.DataFrame) -> str:
    """Whether V1 and V2 hold together for any system, and what machine that would take.

    `priced` is from `analysis.verifiable_ai.published.cost.costs`; `machines` is from
    `analysis.verifiable_ai.published.beyond.joint.machines_between`.
    """
    in_time = priced[[s in v1.regions[0] for s in priced["seconds"]]]
    known = priced[priced["cost_usd"].notna()]
    in_cost = known[[usd in v2.regions[0] for usd in known["cost_usd"]]]
    said = [
        f"The time holds for {number(len(in_time))} of {many(len(priced), 'system')}.",
        f"The cost is known for {number(len(known))}, and holds for {number(len(in_cost))} of these.",
        f"Both are known to hold for {number(len(in_cost.index.intersection(in_time.index)))}.",
    ]
    for name, row in in_time[in_time["cost_usd"].isna()].iterrows():
        ends = [end * SECONDS_PER_HOUR / row["seconds"] for end in (v2.regions[0].left, v2.regions[0].right)]
        sold = many(int(machines["usd_per_hour"].between(*ends).sum()), "instance")
        said.append(
            f"The time of {name}, {quantity(row['seconds'], 's')}, holds and its cost is unknown ({row['reason']}): "
            f"both would hold on a machine of {interval(*ends, 'USD')} an hour, the price of {sold} in our table."
        )
    price = f"Together the claims imply a machine of {interval(implied.left, implied.right, 'USD')} an hour"
    if machines.empty:
        return " ".join([*said, f"{price}; our table has no such machine."])
    sold = f"{many(len(machines), 'instance')} of hyperscalers cost as much"
    first, last = (f"{m.provider} {m.instance}, {number(m.usd_per_hour)}" for m in machines.iloc[[0, -1]].itertuples())
    return " ".join([*said, f"{price}; {sold}, from {first}, to {last}."])


def uncounted(alternatives: pd.DataFrame) -> str:
    """Alternatives that are not counted, each with its reason.

    Parameters
    ----------
    alternatives : DataFrame
        From `literature.alternatives_v1` or `cost.alternatives_v2`.

    Returns
    -------
    str
        A line for each.

    Examples
    --------
    >>> print(uncounted(pd.DataFrame({"label": ["a", "b"], "reason": ["", "nobody knows"]})))
    Not counted: b (nobody knows).
    """
    rows = alternatives[alternatives["reason"].fillna("") != ""]
    return "\n".join(f"Not counted: {row.label} ({row.reason})." for row in rows.itertuples()) or "All are counted."


def excluded(readings: pd.DataFrame) -> str:
    r"""Readings that are not counted and would make the claim true, each with its value and why it is not counted.

    `readings` is from `analysis.verifiable_ai.published.beyond.readings.excluded`.

    Examples
    --------
    >>> rows = pd.DataFrame({"reading": ["a", "b"], "seconds": [500.0, 9.0], "holds": ["yes", "no"], "reason": "why"})
    >>> print(excluded(rows).replace("\xa0", " "))
    Of 2 readings that are not counted 1 would make the claim true:
    a (8.33 min), not counted since why.
    """
    true = readings[readings["holds"] == "yes"]
    head = f"Of {many(len(readings), 'reading')} that are not counted {number(len(true))} would make the claim true"
    rows = [f"{r.reading} ({quantity(r.seconds, 's')}), not counted since {r.reason}" for r in true.itertuples()]
    return f"{head}.".replace(" 0 ", " none ") if true.empty else f"{head}:\n" + ";\n".join(rows) + "."


def support_by(found: Multiverse, factor: str) -> str:
    """Under how many of the definitions the claim holds, by option of one factor."""
    rows = found.options[(found.options["factor"] == factor) & found.options["support"].notna()]
    shares = [f"{row.option}: {number(100 * row.support)} %" for row in rows.itertuples()]
    return f"By what is {factor} the claim holds under these shares of the definitions: {listed(shares)}."


def parts(claim: Claim, evidence: Sequence[Evidence]) -> str:
    """What the evidence says of each part of a claim: a line for each."""
    lines = []
    for part in claim.parts:
        rows = [row.bearing for row in evidence if row.part == part]
        counts = {bearing: rows.count(bearing) for bearing in ("supports", "contradicts", "neutral")}
        said = ", ".join(f"{number(n)} {bearing}" for bearing, n in counts.items())
        lines.append(f"{part}: {many(len(rows), 'row')}, of which {said}.")
    return "\n".join(lines)


def overhead(found: Overhead, system: str, own: Overhead) -> str:
    """Geometric mean of overheads, the range of the systems, the range of one over its sizes, and when to look again.

    Parameters
    ----------
    system, own : str and Overhead
        Of the system that we measured alone.
    """
    values = (found.mean, found.low, found.high, own.mean, own.least, own.most)
    mean, low, high, middle, least, most = (number(float(f"{x:.2g}")) for x in values)
    which = f"their range is {low} to {high}, and covers the median of all systems with probability {found.covers:.3g}"
    return (
        f"A proof takes {mean} times as long as the inference, the geometric mean over {many(found.n, 'system')}; "
        f"{which}. Over the {many(own.rows, 'network')} that we measured, {system} alone takes {least} to {most} "
        f"times as long, in the geometric mean {middle}: a range of sizes that we chose. Look again on "
        f"{day(found.expires)}."
    )
