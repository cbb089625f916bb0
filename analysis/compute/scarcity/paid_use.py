"""How much of the decentralised networks is in paid use, by quarter, and how far sources are apart."""

from typing import Literal

import numpy as np
import pandas as pd

from analysis.compute.steadiness.steadiness import with_ends
from analysis.engine.words.formats import quantity
from analysis.tables.networks import NetworkUse

Use = Literal["GPU-hours", "revenue"]

#: A network with less of its capacity in paid use contradicts the claim while GPUs are scarce: the claim's number.
HALF = 0.5
#: Kinds of sources whose figures may stand side by side.
COMPARABLE = ("digest", "analyst", "secondary")
HOURS_A_DAY = 24
USE_NAMES = {
    "revenue_per_year": "annualised revenue",
    "revenue_change": "change of revenue",
    "leases_new": "new leases",
    "leases_change": "change of new leases",
    "leases_active_change": "change of active leases",
}
#: What use is counted by: the level, and a stated change of it.
METRICS = {"GPU-hours": ("gpus_leased", None), "revenue": ("revenue", "revenue_change")}
#: A network and its period.
PERIOD = ["network", "date_from", "date_to"]


def _quarterly(network_use: NetworkUse) -> pd.DataFrame:
    """Figures of a quarter, with `quarter` and `own`: whether from the project or a forum, and set against no other."""
    rows = network_use[network_use["date_precision"] == "quarter"]
    return rows.assign(quarter=rows["date_to"].dt.to_period("Q"), own=~rows["reliability"].isin(COMPARABLE))


def use_changes(network_use: NetworkUse, use: Use) -> pd.DataFrame:
    """Whether paid use of each named network rose, by quarter.

    Returns
    -------
    DataFrame, one row a network and quarter with a figure and one for the quarter before
        `network`, `quarter`, `before`, `after` (least that the figures allow, in the unit of the metric), `change` (a
        share; NaN where they leave it open), `rose` (True, False, or None where they leave it open), `source_id`,
        `derived` (from two levels).

    Raises
    ------
    ValueError
        If the use is unknown.

    Notes
    -----
    A change that a source states counts before one of two levels. Figures count if they come from a digest, an analyst
    or a secondary page; what a project says of itself, or a forum of it, is never set against another's figure: where
    both exist they are up to twenty times apart. GPUs leased on average over a quarter stand for GPU-hours. All figures
    of a quarter make a range, to which a lower bound has no upper end; use rose or fell where the ranges of two
    quarters are apart.
    """
    if use not in METRICS:
        raise ValueError(f"unknown use {use!r}; the options are {', '.join(METRICS)}")
    rows = _quarterly(network_use)
    rows = rows[rows["named"] & ~rows["own"]]
    levels, changes = (_ranges(rows[rows["metric"] == metric]) for metric in METRICS[use])
    before = levels.rename(index=lambda quarter: quarter + 1, level="quarter").add_suffix("_before")
    both = levels.join([before, changes.add_suffix("_said")], how="outer").sort_index()
    least = both["low_said"].fillna(both["low"] / both["high_before"] - 1)
    most = both["high_said"].fillna(both["high"] / both["low_before"] - 1)
    found = both.assign(
        before=both["low_before"],
        after=both["low"],
        change=least.where(least == most),
        rose=np.select([least > 0, most < 0], [True, False], None),
        source_id=both["source_id_said"].fillna(both["source_id"]),
        derived=both["low_said"].isna(),
    )
    columns = ["before", "after", "change", "rose", "source_id", "derived"]
    return found.loc[least.notna(), columns].reset_index()


def _ranges(rows: pd.DataFrame) -> pd.DataFrame:
    """Least and most that the figures of a network's quarter allow, and the source of the last of them."""
    ends = with_ends(rows)
    ends["high"] = ends["high"].mask(ends["bound"] == "at least", np.inf)
    return ends.groupby(["network", "quarter"]).agg({"low": "min", "high": "max", "source_id": "last"})


def utilisation(network_use: NetworkUse) -> pd.DataFrame:
    """Share of capacity in paid use, of each named network and period for which it can be said.

    Returns
    -------
    DataFrame
        `network`, `date_from`, `date_to`, `low`, `high` (shares), `leased`, `capacity` (GPUs, NaN where a share is
        stated), `source_id`.
    """
    rows = network_use[network_use["named"]]
    stated = with_ends(rows[rows["metric"] == "utilisation"])
    counted = _beside(rows, leased="gpus_leased", capacity="gpus_capacity").dropna(subset="capacity")
    share = counted["leased"] / counted["capacity"]
    columns = [*PERIOD, "low", "high", "leased", "capacity", "source_id"]
    both = pd.concat([stated.reindex(columns=columns), counted.assign(low=share, high=share)[columns]])
    return both.astype({"leased": float, "capacity": float}).sort_values(["network", "date_to"], ignore_index=True)


def _beside(rows: pd.DataFrame, **metrics: str) -> pd.DataFrame:
    """Values of two metrics for the same network and period, each in a column, with the source of the first."""
    first, second = (
        rows[rows["metric"] == metric][[*PERIOD, "value", "source_id"]].rename(columns={"value": name})
        for name, metric in metrics.items()
    )
    return first.merge(second.drop(columns="source_id"), on=PERIOD)


def half_use_prices(network_use: NetworkUse) -> pd.DataFrame:
    """Price per GPU-hour above which a network's revenue means that less than half of its verified GPUs were paid for.

    Returns
    -------
    DataFrame, one row a named network and quarter with revenue and verified GPUs
        `network`, `quarter`, `revenue_usd`, `gpus`, `usd_per_verified_hour` (revenue over all hours of all verified
        GPUs), `half_use_usd` (that over `HALF`).
    """
    rows = _quarterly(network_use)
    rows = rows[rows["named"] & ~rows["own"] & (rows["bound"] == "exact")]
    both = _beside(rows, revenue_usd="revenue", gpus="gpus_verified")
    hours = ((both["date_to"] - both["date_from"]).dt.days + 1) * HOURS_A_DAY * both["gpus"]
    each = both["revenue_usd"] / hours
    return both.assign(
        quarter=both["date_to"].dt.to_period("Q"), usd_per_verified_hour=each, half_use_usd=each / HALF
    ).drop(columns=["date_from", "date_to"])


def revenues(network_use: NetworkUse) -> pd.DataFrame:
    """Revenue of networks by quarter, every figure a row, conflicting ones too.

    Returns
    -------
    DataFrame
        `network`, `named`, `quarter` (Period), `usd`, `bound`, `own` (whether from the project or a forum, so that it
        is set against no other), `reliability`, `source_id`.
    """
    rows = _quarterly(network_use).rename(columns={"value": "usd"})
    rows = rows[rows["metric"] == "revenue"].sort_values(["network", "quarter", "usd"], ignore_index=True)
    return rows[["network", "named", "quarter", "usd", "bound", "own", "reliability", "source_id"]]


def conflicts(found: pd.DataFrame) -> pd.DataFrame:
    """Quarters for which two of the `revenues` of a network are given, and how far apart they are.

    Returns
    -------
    DataFrame
        `network`, `quarter`, `low_usd`, `high_usd`, `ratio`.
    """
    by_quarter = found.groupby(["network", "quarter"])["usd"].agg(low_usd="min", high_usd="max", figures="size")
    apart = by_quarter[by_quarter["figures"] > 1].drop(columns="figures").reset_index()
    return apart.assign(ratio=apart["high_usd"] / apart["low_usd"])


def figure(row) -> str:
    r"""A figure of `network_use` as text, with its unit.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> figure(SimpleNamespace(value=1e6, low=np.nan, high=np.nan, unit="USD", bound="at least")).replace("\xa0", " ")
    'at least 1 million USD'
    >>> figure(SimpleNamespace(value=np.nan, low=0.5, high=0.7, unit="share", bound="exact")).replace("\xa0", " ")
    '50 % to 70 %'
    """
    least = "at least " if row.bound == "at least" else ""
    unit = {"USD per year": "USD/year", "share": "%"}.get(row.unit, row.unit)
    scale = 100 if row.unit == "share" else 1
    ends = [row.low, row.high] if np.isnan(row.value) else [row.value]
    return least + " to ".join(quantity(round(scale * end, 9), unit) for end in ends)
