"""EZKL on one machine by the law: its time and cost, and the parallel efficiency that either claim would take."""

from datetime import date

import numpy as np
import pandas as pd

from analysis.engine.claims import Claim
from analysis.tables.machines import MachinePrices
from analysis.verifiable_ai.law.predict import Prediction, wall_on
from analysis.verifiable_ai.machines import SECONDS_PER_HOUR, Needs, cheapest


def with_efficiency(
    cpu_s: float, machines: pd.DataFrame, *, efficiencies: tuple[float, ...] = (0.1, 0.25, 0.5, 1.0)
) -> pd.DataFrame:
    """Time and cost of a proof of known processor time on machines, for several parallel efficiencies.

    How well a prover uses many processors is not known here: the efficiency is an assumption, and said to be one.

    Parameters
    ----------
    machines : DataFrame
        With provider, instance, vcpus and usd_per_hour.
    efficiencies : tuple of float
        Share of the processors' time that proves, above 0 up to 1.

    Returns
    -------
    DataFrame, one row per machine and efficiency
        Its columns, efficiency, seconds, cost_usd.

    Raises
    ------
    ValueError
        If the processor time or an efficiency is out of range.

    Examples
    --------
    >>> machine = pd.DataFrame({"provider": ["p"], "instance": ["i"], "vcpus": [10.0], "usd_per_hour": [3.6]})
    >>> with_efficiency(36_000.0, machine, efficiencies=(0.5,))[["seconds", "cost_usd"]].values.tolist()
    [[7200.0, 7.2]]
    """
    if not (np.isfinite(cpu_s) and cpu_s > 0):
        raise ValueError(f"processor time must be above 0 s, not {cpu_s}")
    if not all(0 < e <= 1 for e in efficiencies):
        raise ValueError(f"an efficiency lies above 0 and at most at 1, not in {efficiencies}")
    share = pd.DataFrame({"efficiency": list(efficiencies)})
    table = machines[["provider", "instance", "vcpus", "usd_per_hour"]].merge(share, how="cross")
    table["seconds"] = cpu_s / (table["vcpus"] * table["efficiency"])
    table["cost_usd"] = table["seconds"] * table["usd_per_hour"] / SECONDS_PER_HOUR
    return table


def machine_by_rule(prediction: Prediction, machine_prices: MachinePrices, *, on: date) -> pd.Series | None:
    """Cheapest hyperscaler instance, on demand, that holds the median of a predicted memory; None without one."""
    return cheapest(machine_prices, Needs(memory_gib=prediction.memory.value), on=on)


def ezkl_on_one_machine(
    prediction: Prediction, machine_prices: MachinePrices, *, v1: Claim, v2: Claim
) -> pd.DataFrame | None:
    """What the law would give for EZKL on one machine, and the parallel efficiency that each claim would take.

    The machine is the same for both claims: `machine_by_rule`, with all its processors in use. How well EZKL uses more
    threads than we measured is not known, so that nothing of this counts in V1 or V2.

    Parameters
    ----------
    v1, v2 : Claim
        For their regions; prices are of V2's date.

    Returns
    -------
    DataFrame or None, two rows
        claim, unit, instance, vcpus, usd_per_hour, then value, low, high (median and 95 % interval at the efficiencies
        seen on two threads), efficiency_low and efficiency_high (at which the median processor time would give the
        region's upper and lower end), seen_low and seen_high (least and most
        efficiency seen). None where no machine in the table holds the proof.
    """
    machine = machine_by_rule(prediction, machine_prices, on=v2.as_of)
    if machine is None:
        return None
    wall, hourly = wall_on(prediction, int(machine["vcpus"])), machine["usd_per_hour"]
    per_second = pd.Series([1.0, hourly / SECONDS_PER_HOUR])
    all_busy, regions = prediction.cpu.value / machine["vcpus"] * per_second, (v1.regions[0], v2.regions[0])
    table = pd.DataFrame({"claim": [v1.id, v2.id], "unit": ["s", "USD"]})
    return table.assign(
        **machine[["instance", "vcpus", "usd_per_hour"]],
        value=wall.value * per_second,
        low=wall.low * per_second,
        high=wall.high * per_second,
        efficiency_low=all_busy / [region.right for region in regions],
        efficiency_high=all_busy / [region.left for region in regions],
        seen_low=min(prediction.efficiency),
        seen_high=max(prediction.efficiency),
    )
