"""How much of the decentralised networks is in paid use, by quarter, and how far sources are apart."""

from typing import Literal

import numpy as np
import pandas as pd

from analysis.engine.words.formats import quantity

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
#: Least and most that the figures of a quarter allow, and the source of the last of them.
Range = tuple[float, float, str]


def use_changes(network_use: pd.DataFrame, use: Use) -> pd.DataFrame:
    """Whether paid use of each named network rose, by quarter.

    Parameters
    ----------
    network_use : DataFrame
        The table of that name.
    use : {"GPU-hours", "revenue"}

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
    level, stated = METRICS[use]
    rows = network_use[network_use["named"] & (network_use["date_precision"] == "quarter")]
    rows = rows[rows["reliability"].isin(COMPARABLE)]
    rows = rows.assign(quarter=rows["date_to"].dt.to_period("Q"))
    levels = _ranges(rows[rows["metric"] == level])
    changes = _ranges(rows[rows["metric"] == stated])
    found = []
    for network, quarter in sorted(levels.keys() | changes.keys()):
        before, after = levels.get((network, quarter - 1)), levels.get((network, quarter))
        said = changes.get((network, quarter))
        if said or (before and after):
            found.append({"network": network, "quarter": quarter} | _change(before, after, said))
    columns = ["network", "quarter", "before", "after", "change", "rose", "source_id", "derived"]
    return pd.DataFrame(found, columns=columns)


def _ranges(rows: pd.DataFrame) -> dict[tuple[str, pd.Period], Range]:
    ends = rows.assign(
        least=rows["low"].fillna(rows["value"]),
        most=rows["high"].fillna(rows["value"]).mask(rows["bound"] == "at least", np.inf),
    )
    found = ends.groupby(["network", "quarter"]).agg({"least": "min", "most": "max", "source_id": "last"})
    return {key: tuple(row) for key, row in zip(found.index, found.itertuples(index=False), strict=True)}


def _change(before: Range | None, after: Range | None, said: Range | None) -> dict:
    levels = {"before": before[0] if before else np.nan, "after": after[0] if after else np.nan}
    if said:
        least, most, source = said
        change = {"change": least if least == most else np.nan, "source_id": source, "derived": False}
        return levels | change | {"rose": _way(least, most)}
    least, most = after[0] / before[1] - 1, after[1] / before[0] - 1
    change = {"change": least if least == most else np.nan, "source_id": after[2], "derived": True}
    return levels | change | {"rose": _way(least, most)}


def _way(least: float, most: float) -> bool | None:
    """Whether a change that lies between two ends is one up (True), one down (False), or either."""
    return True if least > 0 else False if most < 0 else None


def utilisation(network_use: pd.DataFrame) -> pd.DataFrame:
    """Share of capacity in paid use, of each named network and period for which it can be said.

    Parameters
    ----------
    network_use : DataFrame
        The table of that name.

    Returns
    -------
    DataFrame
        `network`, `date_from`, `date_to`, `low`, `high` (shares), `leased`, `capacity` (GPUs, NaN where a share is
        stated), `source_id`.
    """
    rows = network_use[network_use["named"]]
    keys = ["network", "date_from", "date_to"]
    stated = rows[rows["metric"] == "utilisation"]
    stated = stated.assign(low=stated["low"].fillna(stated["value"]), high=stated["high"].fillna(stated["value"]))
    leased = rows[rows["metric"] == "gpus_leased"][[*keys, "value", "source_id"]].rename(columns={"value": "leased"})
    capacity = rows[rows["metric"] == "gpus_capacity"][[*keys, "value"]].rename(columns={"value": "capacity"})
    counted = leased.merge(capacity.dropna(), on=keys)
    counted = counted.assign(low=counted["leased"] / counted["capacity"])
    counted = counted.assign(high=counted["low"])
    columns = [*keys, "low", "high", "leased", "capacity", "source_id"]
    both = pd.concat([stated.reindex(columns=columns), counted[columns]])
    return both.astype({"leased": float, "capacity": float}).sort_values(["network", "date_to"], ignore_index=True)


def half_use_prices(network_use: pd.DataFrame) -> pd.DataFrame:
    """Price per GPU-hour above which a network's revenue means that less than half of its verified GPUs were paid for.

    Parameters
    ----------
    network_use : DataFrame
        The table of that name.

    Returns
    -------
    DataFrame, one row a named network and quarter with revenue and verified GPUs
        `network`, `quarter`, `revenue_usd`, `gpus`, `usd_per_verified_hour` (revenue over all hours of all verified
        GPUs), `half_use_usd` (that over `HALF`).
    """
    rows = network_use[
        network_use["named"]
        & (network_use["date_precision"] == "quarter")
        & network_use["reliability"].isin(COMPARABLE)
        & (network_use["bound"] == "exact")
    ]
    keys = ["network", "date_from", "date_to"]
    revenue = rows[rows["metric"] == "revenue"][[*keys, "value", "source_id"]].rename(columns={"value": "revenue_usd"})
    gpus = rows[rows["metric"] == "gpus_verified"][[*keys, "value"]].rename(columns={"value": "gpus"})
    both = revenue.merge(gpus, on=keys)
    hours = ((both["date_to"] - both["date_from"]).dt.days + 1) * HOURS_A_DAY * both["gpus"]
    each = both["revenue_usd"] / hours
    return both.assign(
        quarter=both["date_to"].dt.to_period("Q"), usd_per_verified_hour=each, half_use_usd=each / HALF
    ).drop(columns=["date_from", "date_to"])


def revenues(network_use: pd.DataFrame) -> pd.DataFrame:
    """Revenue of networks by quarter, every figure a row, conflicting ones too.

    Parameters
    ----------
    network_use : DataFrame
        The table of that name.

    Returns
    -------
    DataFrame
        `network`, `named`, `quarter` (Period), `usd`, `bound`, `own` (whether from the project or a forum, so that it
        is set against no other), `reliability`, `source_id`.
    """
    rows = network_use[(network_use["metric"] == "revenue") & (network_use["date_precision"] == "quarter")]
    return pd.DataFrame(
        {
            "network": rows["network"],
            "named": rows["named"],
            "quarter": rows["date_to"].dt.to_period("Q"),
            "usd": rows["value"],
            "bound": rows["bound"],
            "own": ~rows["reliability"].isin(COMPARABLE),
            "reliability": rows["reliability"],
            "source_id": rows["source_id"],
        }
    ).sort_values(["network", "quarter", "usd"], ignore_index=True)


def conflicts(found: pd.DataFrame) -> pd.DataFrame:
    """Quarters for which two sources give a network's revenue, and how far apart they are.

    Parameters
    ----------
    found : DataFrame
        From `revenues`.

    Returns
    -------
    DataFrame
        `network`, `quarter`, `low_usd`, `high_usd`, `ratio`.
    """
    by_quarter = found.groupby(["network", "quarter"])["usd"].agg(["min", "max", "size"]).reset_index()
    apart = by_quarter[by_quarter["size"] > 1].drop(columns="size")
    apart = apart.rename(columns={"min": "low_usd", "max": "high_usd"})
    return apart.assign(ratio=apart["high_usd"] / apart["low_usd"]).reset_index(drop=True)


def figure(row) -> str:
    r"""A figure of `network_use` as text, with its unit.

    Parameters
    ----------
    row : namedtuple
        Row of the table.

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
