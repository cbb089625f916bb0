"""Sentences on interrupted jobs that data decide, each composed from the tables that it is about."""

import math

import numpy as np
import pandas as pd

from analysis.compute.interruptions.batch import BatchJob
from analysis.compute.interruptions.offers import INTERRUPTED
from analysis.compute.interruptions.replay import SIGNIFICANCE
from analysis.engine.words.formats import interval, many, number, quantity

MINUTES = 60


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
    rates = own["break_even_per_hour"].dropna()
    if rates.empty:
        return "Networks and marketplaces have no discount to lose."
    worst = lengths["rate"].max()
    minutes = interval(round(MINUTES / rates.max()), round(MINUTES / rates.min()), "minutes")
    return (
        f"Networks and marketplaces have {many(len(rates), 'discount')} on a hyperscaler's on-demand price. The first "
        f"is gone at {number(rates.min())} interruptions an hour of running, the last at {number(rates.max())}: one "
        f"every {minutes}.\nThe most interrupted of {many(len(lengths), 'trace')} has {number(worst)} an hour, at "
        f"which {number((rates > worst).sum())} of {many(len(rates), 'discount')} would be left."
    )


def agrees(simulated: pd.DataFrame) -> str:
    r"""How far the simulation on exponential runs is from the closed form.

    Parameters
    ----------
    simulated : DataFrame
        Of `analysis.compute.interruptions.replay.AgainstRates`.

    Examples
    --------
    >>> print(agrees(pd.DataFrame({"running": [1.2], "closed": [1.0], "error": [0.1]})).replace("\xa0", " "))
    On exponential runs the simulated bill is within 2 Monte Carlo standard errors of the closed form, in 1 comparison.
    """
    off = (np.abs(simulated["running"] - simulated["closed"]) / simulated["error"]).max()
    return (
        f"On exponential runs the simulated bill is within {number(off)} Monte Carlo standard errors of the closed "
        f"form, in {many(len(simulated), 'comparison')}."
    )


def departs(replayed: pd.DataFrame) -> str:
    """How far what happened on the observed runs is from the closed form, for each job.

    Parameters
    ----------
    replayed : DataFrame
        Of `analysis.compute.interruptions.replay.AgainstRates`.

    Returns
    -------
    str
        A line for each job.
    """
    lines = []
    for name, rows in replayed.groupby("job", sort=False):
        bill, shuffled = rows["running"] / rows["closed"], rows["renewal"] / rows["closed"]
        clock = rows["wall"] / rows["closed_wall"]
        lines.append(
            f"{name[0].upper()}{name[1:]}: the bill is {_spread(bill)} times what the closed form says; the observed "
            f"lengths of runs in random order give {_spread(shuffled)} times. The time to the end is {_spread(clock)} "
            "times."
        )
    return "\n".join(lines)


def _spread(ratio: pd.Series) -> str:
    return f"{ratio.median():.2f} ({ratio.min():.2f} to {ratio.max():.2f})"


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
    spread = interval(lengths["variation"].min(), lengths["variation"].max(), "means")
    return (
        f"That runs end at a constant rate is rejected in {number(refused)} of {many(len(lengths), 'trace')} "
        f"({quantity(100 * SIGNIFICANCE, '%')}, Holm). Their standard deviation is {spread}, where it would be one."
    )


def instances(compute_availability: pd.DataFrame, lengths: pd.DataFrame) -> str:
    """Rates of instances that the same study kept running, beside the traces of availability in the same zones.

    Parameters
    ----------
    compute_availability : DataFrame
        The table of that name.
    lengths : DataFrame
        From `analysis.compute.interruptions.replay.run_lengths`.
    """
    kept = compute_availability[compute_availability["remark"].str.startswith("preemption trace")]
    kept = kept[kept["nodes"] == 1]
    by_zone = kept.pivot_table(index="zone", columns="metric", values="value")
    if by_zone.empty:
        return "No trace follows running instances."
    rates = by_zone["interruptions"] / 24 / by_zone["time_available"]
    zones = lengths.index.get_level_values("zone").isin(rates.index)
    latest = lengths.index.get_level_values("trace_start") == lengths.index.get_level_values("trace_start").max()
    beside = lengths.loc[zones & latest, "rate"]
    return (
        f"In {many(len(rates), 'zone')} the same study kept instances running for some days: they were interrupted "
        f"{interval(rates.min(), rates.max(), 'times')} an hour of running, where the traces of the same zones, some "
        f"weeks before, have {number(beside.min())} to {number(beside.max())}."
    )


def cheapest(places: pd.DataFrame, batch: BatchJob) -> str:
    """The cheapest place without interruptions, with them, and the cheapest hyperscaler on demand.

    Parameters
    ----------
    places : DataFrame
        From `analysis.compute.interruptions.batch.cheapest_places`.
    batch : BatchJob
    """
    steady = places[~places["price_model"].isin(INTERRUPTED)]
    shaky = places[places["price_model"].isin(INTERRUPTED)].dropna(subset="cost_usd")
    hyperscalers = steady[(steady["provider_type"] == "hyperscaler") & (steady["price_model"] == "on-demand")]
    parts = [
        f"{words}: {_place(rows.iloc[0])}."
        for words, rows in (
            ("At a price that is taken as never interrupted", steady),
            ("At a spot or bid price", shaky),
            ("At a hyperscaler on demand", hyperscalers),
        )
        if len(rows)
    ]
    gpus = f"{number(batch.gpu_hours)} hours of {batch.gpu_model}"
    return "\n".join((f"Cheapest for {gpus}:", *parts))


def _place(row: pd.Series) -> str:
    low, high = number(row["cost_low"]), number(row["cost_high"])
    spread = "" if low == high else f" ({low} to {high})"
    bears = row["break_even_per_hour"]
    held = "" if math.isnan(bears) else f", dearer than a hyperscaler from {number(bears)} interruptions an hour"
    return f"{row['provider']}, {quantity(row['cost_usd'], 'USD')}{spread}{held}"
