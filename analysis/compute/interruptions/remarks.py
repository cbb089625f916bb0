"""Sentences on interrupted jobs that data decide: the facts, for the words of the template beside this module."""

import numpy as np
import pandas as pd

from analysis.compute.interruptions.batch import BatchJob
from analysis.compute.interruptions.offers import INTERRUPTED
from analysis.compute.interruptions.replay import SIGNIFICANCE
from analysis.engine.words.sentences import sentences
from analysis.tables.networks import ComputeAvailability


def bears(found: pd.DataFrame, lengths: pd.DataFrame) -> str:
    r"""At which rates the discounts of decentralised places are gone, beside the highest rate on record.

    Parameters
    ----------
    found : DataFrame
        From `analysis.compute.interruptions.breakeven.break_even`.
    lengths : DataFrame
        From `analysis.compute.interruptions.replay.run_lengths`.

    Examples
    --------
    >>> row = {"side": "networks, on demand", "gpu_model": "G", "break_even_per_hour": 2.0}
    >>> text = bears(pd.DataFrame([row]), pd.DataFrame({"rate": [0.5, 1.5]}))
    >>> print(text.replace("\xa0", " "))
    Networks and marketplaces have 1 discount on a hyperscaler's on-demand price. The first is gone at 2 interruptions
    an hour of running, the last at 2: one every 30 minutes.
    The most interrupted of 2 traces has 1.5 an hour, at which 1 of 1 discount would be left.
    """
    own = found[found["side"].str.startswith(("networks", "marketplaces"))]
    rates = own["break_even_per_hour"].dropna().tolist()
    return sentences(__file__, "bears", rates=rates, worst=lengths["rate"].max(), traces=len(lengths))


def agrees(simulated: pd.DataFrame) -> str:
    r"""How far the simulation on exponential runs is from the closed form.

    Examples
    --------
    >>> print(agrees(pd.DataFrame({"running": [1.2], "closed": [1.0], "error": [0.1]})).replace("\xa0", " "))
    On exponential runs the simulated bill is within 2 Monte Carlo standard errors of the closed form, in 1 comparison.
    """
    off = (np.abs(simulated["running"] - simulated["closed"]) / simulated["error"]).max()
    return sentences(__file__, "agrees", off=off, count=len(simulated))


def departs(replayed: pd.DataFrame) -> str:
    """How far what happened on the observed runs is from the closed form, a line for each job."""
    ratios = replayed.assign(
        bill=replayed["running"] / replayed["closed"],
        shuffled=replayed["renewal"] / replayed["closed"],
        clock=replayed["wall"] / replayed["closed_wall"],
    )
    return sentences(__file__, "departs", jobs=dict(list(ratios.groupby("job", sort=False))))


def lengths_of_runs(lengths: pd.DataFrame) -> str:
    r"""Whether runs of the traces end at a constant rate.

    Parameters
    ----------
    lengths : DataFrame
        From `analysis.compute.interruptions.replay.run_lengths`.

    Examples
    --------
    >>> table = pd.DataFrame({"p_holm": [0.001, 0.2], "variation": [2.0, 1.5]})
    >>> print(lengths_of_runs(table).replace("\xa0", " "))
    That runs end at a constant rate is rejected in 1 of 2 traces (5 %, Holm).
    Their standard deviation is 1.5 to 2 means, where it would be one.
    """
    refused = int((lengths["p_holm"] <= SIGNIFICANCE).sum())
    facts = {"traces": len(lengths), "level": SIGNIFICANCE, "variation": lengths["variation"]}
    return sentences(__file__, "lengths_of_runs", refused=refused, **facts)


def instances(compute_availability: ComputeAvailability, lengths: pd.DataFrame) -> str:
    """Rates of instances that the same study kept running, beside the traces of availability in the same zones.

    Parameters
    ----------
    lengths : DataFrame
        From `analysis.compute.interruptions.replay.run_lengths`.
    """
    kept = compute_availability[compute_availability["remark"].str.startswith("preemption trace")]
    by_zone = kept[kept["nodes"] == 1].pivot_table(index="zone", columns="metric", values="value")
    if by_zone.empty:
        return sentences(__file__, "instances", rates=[], beside=[])
    rates = by_zone["interruptions"] / 24 / by_zone["time_available"]
    start = lengths.index.get_level_values("trace_start")
    beside = lengths.loc[lengths.index.get_level_values("zone").isin(rates.index) & (start == start.max()), "rate"]
    return sentences(__file__, "instances", rates=rates.tolist(), beside=beside.tolist())


def cheapest(places: pd.DataFrame, batch: BatchJob) -> str:
    """The cheapest place without interruptions, with them, and the cheapest hyperscaler on demand.

    Parameters
    ----------
    places : DataFrame
        From `analysis.compute.interruptions.batch.cheapest_places`.
    batch : BatchJob
    """
    shaky = places["price_model"].isin(INTERRUPTED)
    hyperscalers = (places["provider_type"] == "hyperscaler") & (places["price_model"] == "on-demand")
    found = {
        "At a price that is taken as never interrupted": places[~shaky],
        "At a spot or bid price": places[shaky & places["cost_usd"].notna()],
        "At a hyperscaler on demand": places[hyperscalers],
    }
    first = {words: rows.iloc[0].to_dict() for words, rows in found.items() if len(rows)}
    return sentences(__file__, "cheapest", batch=batch, places=first)
