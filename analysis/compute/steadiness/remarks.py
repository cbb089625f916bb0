"""Sentences on steadiness, scarcity and the named systems that data decide."""

from collections.abc import Sequence

import pandas as pd

from analysis.compute.scarcity.paid_use import HALF
from analysis.compute.steadiness.steadiness import NOT_STATED, between
from analysis.engine.claims import Evidence
from analysis.engine.words.formats import many, number, period, quantity, share


def compared(evidence: Sequence[Evidence], coverage: pd.DataFrame) -> str:
    r"""How many rows of C3 compare the two sides, and for how many cells of `steadiness.coverage` that could be done.

    Examples
    --------
    >>> cells = {"metric": ["m"], "gpu_model": ["A"], "network": [2], "marketplace": [0], "hyperscaler_on_demand": [0]}
    >>> rows = [Evidence("seen", "neutral", "s", vendor=True)]
    >>> print(compared(rows, pd.DataFrame(cells)).replace("\xa0", " "))
    Of 1 row of evidence 0 bear on the claim. For 0 of 1 pair of measure and GPU model there is a figure of a network
    and one of a hyperscaler on demand. 1 row comes from the provider itself or from a competitor.
    """
    bear = sum(row.bearing != "neutral" for row in evidence)
    known = coverage[coverage["gpu_model"] != NOT_STATED]
    both = int(((known["network"] > 0) & (known["hyperscaler_on_demand"] > 0)).sum())
    own = sum(row.vendor for row in evidence)
    return (
        f"Of {many(len(evidence), 'row')} of evidence {number(bear)} bear on the claim. For {number(both)} of "
        f"{many(len(known), 'pair')} of measure and GPU model there is a figure of a network and one of a hyperscaler "
        f"on demand. {many(own, 'row comes', 'rows come')} from the provider itself or from a competitor."
    )


def capacity(shown: pd.DataFrame) -> str:
    """What shares of time with capacity are known, of whom, and by whom, from `steadiness.shown`."""
    shares = shown[shown["measure"] == "capacity"]
    lines = []
    for own, some in shares.groupby("own"):
        who = "Capacity by the providers' own figures" if own else "Capacity measured by others"
        parts = [
            f"{row} {share(rows['low'].min())} to {share(rows['high'].max())}"
            for row, rows in some.groupby("row", sort=False)
        ]
        lines.append(f"{who}: {'; '.join(parts)}.")
    return "\n".join(lines) or "No share of time with capacity is known."


def quarters(known: pd.DataFrame) -> str:
    """In how many of `scarcity.quarters` prices rose or fell, and capacity was said to be short."""
    counts = known["state"].value_counts()
    said = ", ".join(f"{state} in {number(int(n))}" for state, n in counts.items())
    short, surplus = int((known["short"] > 0).sum()), int((known["surplus"] > 0).sum())
    both = known[(known["short"] > 0) & (known["state"] == "falling")]
    beside = f" In {many(len(both), 'quarter')} prices fell while capacity was said to be short." if len(both) else ""
    index = int((known["index"] != "unknown").sum())
    return (
        f"Of {many(len(known), 'quarter')} prices were {said}. A hyperscaler said in {number(short)} that its capacity "
        f"was short; in {number(surplus)} somebody spoke of more supply than demand.{beside} A published price index "
        f"is known long enough in {number(index)}."
    )


def paid_use(changes: pd.DataFrame, use: str) -> str:
    r"""Which way paid use, so counted, went by `paid_use.use_changes`.

    Examples
    --------
    >>> paid_use(pd.DataFrame({"rose": []}), "GPU-hours")
    'GPU-hours: no named network has figures of two consecutive quarters.'
    >>> paid_use(pd.DataFrame({"rose": [True, None]}), "revenue").replace("\xa0", " ")
    'Revenue: 2 changes from one quarter to the next; 1 up, 0 down, 1 open.'
    """
    name = use[0].upper() + use[1:]
    if changes.empty:
        return f"{name}: no named network has figures of two consecutive quarters."
    rose, fell = (sum(row is way for row in changes["rose"]) for way in (True, False))
    return (
        f"{name}: {many(len(changes), 'change')} from one quarter to the next; {number(rose)} up, {number(fell)} down, "
        f"{number(len(changes) - rose - fell)} open."
    )


def apart(conflicts: pd.DataFrame) -> str:
    """How far sources on one network's revenue are apart, a line for each of `paid_use.conflicts`."""
    lines = [
        f"For {row.network} in {period(row.quarter)} sources give {quantity(row.low_usd, 'USD')} and "
        f"{quantity(row.high_usd, 'USD')}, {number(round(row.ratio))} times as much."
        for row in conflicts.itertuples()
    ]
    return "\n".join(lines) or "No two sources on one network and quarter."


def leased(utilisation: pd.DataFrame) -> str:
    """What is known of capacity in use, a line for each figure of `paid_use.utilisation`."""
    lines = [
        f"{row.network}, to {row.date_to:%Y-%m-%d}: {between(row.low, row.high)} leased, "
        f"{'less' if row.high < HALF else 'not less'} than {share(HALF)}."
        for row in utilisation.itertuples()
    ]
    return "\n".join(lines) or "No share of capacity in use is known."


def readings(found: pd.DataFrame) -> str:
    r"""Whether the verdict turns on how the definition is read, by `alternatives` of steadiness or of scarcity.

    Examples
    --------
    >>> rows = pd.DataFrame({"label": ["the definition", "b"], "verdict": ["inconclusive", "supported"]})
    >>> readings(rows).replace("\xa0", " ")
    'By the definition the rows are inconclusive. 1 of 1 other reading gives another verdict: b (supported).'
    """
    first, rest = found.iloc[0], found.iloc[1:]
    other = rest[rest["verdict"] != first["verdict"]]
    named = "; ".join(f"{row.label} ({row.verdict})" for row in other.itertuples())
    gives = "gives" if len(other) == 1 else "give"
    return (
        f"By the definition the rows are {first['verdict']}. {number(len(other))} of "
        f"{many(len(rest), 'other reading')} {gives} another verdict" + (f": {named}." if named else ".")
    )
