"""V1 and V2 together: the price of a machine on which both hold, and the region of time and price."""

from datetime import date

import numpy as np
import pandas as pd

from analysis.engine.claims import Claim
from analysis.tables.machines import MachinePrices
from analysis.verifiable_ai.machines import SECONDS_PER_HOUR, nearest_prices


def implied_price(v1: Claim, v2: Claim) -> pd.Interval:
    """Price of an hour, USD, at which V1's times and V2's costs are both in their acceptance regions.

    The lowest is the least cost over the longest time, the highest the most cost over the shortest time.

    Examples
    --------
    >>> from analysis.engine.claims import load_claims
    >>> implied_price(load_claims()["V1"], load_claims()["V2"])
    Interval(72.0, 160.0, closed='both')
    """
    seconds, usd = v1.regions[0], v2.regions[0]
    ends = (SECONDS_PER_HOUR * usd.left / seconds.right, SECONDS_PER_HOUR * usd.right / seconds.left)
    return pd.Interval(*ends, closed="both")


def machines_between(machine_prices: MachinePrices, prices: pd.Interval, *, on: date) -> pd.DataFrame:
    """Instances of hyperscalers whose price on demand, USD per hour, lies between two, each in its cheapest region."""
    table = nearest_prices(machine_prices, on=on)
    table = table.sort_values(["usd_per_hour", "provider", "instance", "region"], kind="stable")
    table = table.drop_duplicates(["provider", "instance"])
    return table[table["usd_per_hour"].between(prices.left, prices.right)].reset_index(drop=True)


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
