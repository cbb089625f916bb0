"""The chapter in three lines."""

import pandas as pd

from analysis.formats import interval, many, number, quantity
from analysis.verifiable_ai.joint import ImpliedPrice
from analysis.verifiable_ai.law import (
    WITHIN_FACTOR,
)
from analysis.verifiable_ai.predict import Prediction
from analysis.verifiable_ai.remarks.words import listed, span


def in_short(
    zk_proofs: pd.DataFrame,
    chained: pd.DataFrame,
    found: Prediction,
    priced: pd.DataFrame,
    implied: ImpliedPrice,
    machine: pd.Series | None,
) -> str:
    """What a proof takes, how we know, and what is known of both asserted numbers being true of one machine.

    Parameters
    ----------
    zk_proofs : DataFrame
        The table of that name.
    chained : DataFrame
        From `analysis.verifiable_ai.law.forward_chaining`.
    found : Prediction
        For GPT-2.
    priced : DataFrame
        From `analysis.verifiable_ai.cost.costs`, of V1's systems.
    implied : ImpliedPrice
    machine : Series or None
        From `analysis.verifiable_ai.one_machine.machine_by_rule`, for `found`.

    Returns
    -------
    str
        Three lines.
    """
    return "\n".join(
        (
            f"What a proof takes: {_takes(found, priced)}",
            f"How we know: {_known_by(zk_proofs, chained, found)}",
            f"Both numbers of one machine: {_of_one_machine(priced, implied, machine)}",
        )
    )


def _takes(found: Prediction, priced: pd.DataFrame) -> str:
    memory = number(float(f"{found.memory.value:.3g}"))
    ezkl = f"EZKL would take {quantity(found.cpu.value, 's')} of processor time and {memory} GiB, by our law."
    if priced.empty:
        return f"no system had published a proof at GPT-2's size. {ezkl}"
    took = f"{many(len(priced), 'published system')} took {span(priced['seconds'], 's')}"
    return f"{took}, at a cost of {span(priced['cost_usd'], 'USD')} where the hardware is stated. {ezkl}"


def _known_by(zk_proofs: pd.DataFrame, chained: pd.DataFrame, found: Prediction) -> str:
    counted = chained[chained["counts"]]
    return (
        f"of {many(len(zk_proofs), 'proof')} that we made {number(zk_proofs['verified'].sum())} were verified, and of "
        f"{many(len(counted), 'prediction')} from smaller circuits to larger ones "
        f"{number(counted['within_factor'].sum())} were within a factor of {number(WITHIN_FACTOR)}. GPT-2 lies "
        f"{number(round(found.doublings))} doublings beyond the largest: that is a model."
    )


def _of_one_machine(priced: pd.DataFrame, implied: ImpliedPrice, machine: pd.Series | None) -> str:
    holds = "none in our table holds EZKL's"
    if machine is not None:
        holds = f"the cheapest that holds EZKL's costs {quantity(machine['usd_per_hour'], 'USD')}"
    names = priced.index[priced["cost_usd"].isna()].tolist()
    unknown = f" The machine and so the cost of {listed(names)} are not known." if names else ""
    return (
        f"together they imply a machine of {interval(implied.low, implied.high, 'USD')} an hour. Machines for the "
        f"published proofs cost {span(priced['usd_per_hour'], 'USD')} an hour, and {holds}.{unknown}"
    )
