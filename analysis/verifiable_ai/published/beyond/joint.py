"""V1 and V2 together: the price of a machine on which both hold, and the region of time and price."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.engine.claims import Claim, asserted_figure
from analysis.tables.machines import MachinePrices
from analysis.verifiable_ai.machines import SECONDS_PER_HOUR, nearest_prices


@dataclass(frozen=True, slots=True)
class ImpliedPrice:
    """Price of an hour of the machine on which both claims hold, USD.

    The lowest is the least cost over the longest time, the highest the most cost over the shortest time, and the
    central one the asserted cost over the asserted time.
    """

    low: float
    central: float
    high: float


def implied_price(v1: Claim, v2: Claim) -> ImpliedPrice:
    """Price of an hour at which V1's times and V2's costs are both in their acceptance regions.

    Examples
    --------
    >>> from analysis.engine.claims import load_claims
    >>> implied_price(load_claims()["V1"], load_claims()["V2"])
    ImpliedPrice(low=72.0, central=105.0, high=160.0)
    """
    seconds, usd = v1.regions[0], v2.regions[0]
    central = asserted_figure(v2, "USD") / asserted_figure(v1, "s")
    ends = (usd.left / seconds.right, central, usd.right / seconds.left)
    return ImpliedPrice(*(SECONDS_PER_HOUR * end for end in ends))


def machines_between(machine_prices: MachinePrices, *, low: float, high: float, on: date) -> pd.DataFrame:
    """Instances of hyperscalers whose price on demand, USD per hour, lies between two, each in its cheapest region."""
    table = nearest_prices(machine_prices, on=on)
    table = table.sort_values(["usd_per_hour", "provider", "instance", "region"], kind="stable")
    table = table.drop_duplicates(["provider", "instance"])
    return table[table["usd_per_hour"].between(low, high)].reset_index(drop=True)


def joint_region(v1: Claim, v2: Claim, *, points: int = 61) -> pd.DataFrame:
    """The region of time and price in which both claims hold.

    Returns
    -------
    DataFrame, shape (points, 3)
        seconds, evenly spaced over V1's region; low_usd_per_hour and high_usd_per_hour: prices at which that time costs
        what V2 accepts.

    Examples
    --------
    >>> from analysis.engine.claims import load_claims
    >>> claims = load_claims()
    >>> joint_region(claims["V1"], claims["V2"], points=3).values.tolist()
    [[450.0, 120.0, 160.0], [600.0, 90.0, 120.0], [750.0, 72.0, 96.0]]
    """
    seconds = np.linspace(v1.regions[0].left, v1.regions[0].right, points)
    usd, per_hour = v2.regions[0], SECONDS_PER_HOUR / seconds
    return pd.DataFrame(
        {"seconds": seconds, "low_usd_per_hour": usd.left * per_hour, "high_usd_per_hour": usd.right * per_hour}
    )
