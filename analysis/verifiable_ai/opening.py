"""The chapter in short."""

from collections.abc import Sequence

import pandas as pd

from analysis.engine.claims import Evidence
from analysis.engine.words.formats import interval, listed, many, number, quantity, span
from analysis.tables.proving import ZkProofs
from analysis.verifiable_ai.law import powers, predict, remarks


def in_short(
    zk_proofs: ZkProofs,
    chained: pd.DataFrame,
    found: predict.Prediction,
    priced: pd.DataFrame,
    implied: pd.Interval,
    machine: pd.Series | None,
    *,
    plain: pd.DataFrame,
    evidence: Sequence[Evidence],
) -> dict[str, str]:
    """What a proof takes, what is known of both numbers being true of one machine, and of inference and hiding.

    Parameters
    ----------
    chained : DataFrame
        From `analysis.verifiable_ai.law.powers.forward_chaining`.
    found : Prediction
        For GPT-2.
    priced : DataFrame
        From `analysis.verifiable_ai.published.cost.costs`, of V1's systems.
    machine : Series or None
        From `analysis.verifiable_ai.law.one_machine.machine_by_rule`, for `found`.
    plain : DataFrame
        From `analysis.verifiable_ai.unproved.unproved.summary`.
    evidence : sequence of Evidence
        Of V4.

    Returns
    -------
    dict
        What a sentence is about -> the sentence.
    """
    return {
        "What a proof takes (V1, V2)": _takes(found, priced),
        "Both numbers of one machine (V1, V2)": _of_one_machine(priced, implied, machine),
        "Without a proof (V3)": _unproved(plain),
        "With hidden weights (V4)": _hidden(evidence),
        "How we know": _known_by(zk_proofs, chained, found),
    }


def _takes(found: predict.Prediction, priced: pd.DataFrame) -> str:
    memory = number(float(f"{found.memory.value:.3g}"))
    ezkl = f"EZKL would take {quantity(found.cpu.value, 's')} of processor time and {memory} GiB, by our law."
    if priced.empty:
        return f"No system had published a proof at GPT-2's size. {ezkl}"
    middle = quantity(priced["seconds"].median(), "s")
    took = f"{many(len(priced), 'published system')} took {span(priced['seconds'], 's')}, in the median {middle}"
    return f"{took}, at a cost of {span(priced['cost_usd'], 'USD')} where the hardware is stated. {ezkl}"


def _unproved(plain: pd.DataFrame) -> str:
    some = plain[plain["counts"] & plain["tokens"].eq(1)]
    if some.empty:
        return "No time of one inference was measured on a quiet machine."
    row = some.iloc[0]
    cost = (
        f"costs {quantity(row['usd'], 'USD')}"
        if pd.notna(row["usd"])
        else "its cost is not known, for want of a price of such a machine"
    )
    return (
        f"One token takes {quantity(row['median_s'], 's')} on {many(int(row['threads']), 'processor thread')} "
        f"({interval(row['low_s'], row['high_s'], 's', of=row['median_s'])}) and {cost}."
    )


def _hidden(evidence: Sequence[Evidence]) -> str:
    """What the rows say of each project, in the order of the claim's parts."""
    counts = []
    for part in dict.fromkeys(row.part for row in evidence):
        bearings = [row.bearing for row in evidence if row.part == part]
        counts.append(f"{number(bearings.count('supports'))} of {many(len(bearings), 'row')} of evidence on {part}")
    what = "A proof with hidden weights that was accepted, and an alteration that was refused, are"
    return f"{what} shown in {listed(counts)}." if counts else "Nothing was found."


def _known_by(zk_proofs: ZkProofs, chained: pd.DataFrame, found: predict.Prediction) -> str:
    counted = chained[chained["counts"]]
    return (
        f"Of {many(len(zk_proofs), 'proof')} that we made {number(zk_proofs['verified'].sum())} were verified, and of "
        f"{many(len(counted), 'prediction')} from smaller circuits to larger ones "
        f"{number(counted['within_factor'].sum())} were within a factor of {number(powers.WITHIN_FACTOR)}. GPT-2 lies "
        f"{remarks.beyond(found.doublings)}: what we say of it is a model."
    )


def _of_one_machine(priced: pd.DataFrame, implied: pd.Interval, machine: pd.Series | None) -> str:
    holds = "none in our table holds EZKL's"
    if machine is not None:
        holds = f"the cheapest that holds EZKL's costs {quantity(machine['usd_per_hour'], 'USD')}"
    names = priced.index[priced["cost_usd"].isna()].tolist()
    unknown = f" The machine and so the cost of {listed(names)} are not known." if names else ""
    return (
        f"Together they imply a machine of {interval(implied.left, implied.right, 'USD')} an hour. Machines for the "
        f"published proofs cost {span(priced['usd_per_hour'], 'USD')} an hour, and {holds}.{unknown}"
    )
