"""Published figures of what agents hold: parts added up, the same money found, their distance from a day."""

from datetime import date
from typing import Literal, get_args

import numpy as np
import pandas as pd

Counting = Literal["net", "gross"]
Reading = Literal["nearest", "furthest"]

#: Most reliable first; what a figure loses to one that is as near and as precisely dated.
RELIABILITIES = ("primary", "secondary", "promotional")


def published(agent_values: pd.DataFrame) -> pd.DataFrame:
    """Every published figure once, its parts added up.

    Parameters
    ----------
    agent_values : DataFrame
        The table of that name.

    Returns
    -------
    DataFrame, indexed by figure_id in the order of the table
        Its columns without part; value, low and high in USD, of which low and high are the value where the source gives
        one figure.

    Examples
    --------
    >>> rows = pd.DataFrame({"figure_id": ["a", "a"], "part": ["1", "2"], "product": ["x", "y"], "low": [None, None],
    ...                      "value": [1.0, 2.0], "high": [None, 5.0], "remark": ["", ""]})
    >>> published(rows)[["low", "value", "high"]].values.tolist()
    [[3.0, 3.0, 6.0]]
    """
    ends = {end: agent_values[end].astype(float).fillna(agent_values["value"]) for end in ("low", "high")}
    table = agent_values.assign(**ends).drop(columns="part")
    joined = {name: lambda cells: "; ".join(dict.fromkeys(filter(None, cells))) for name in ("product", "remark")}
    rest = [name for name in table.columns if name not in ("figure_id", "low", "value", "high", *joined)]
    how = dict.fromkeys(("low", "value", "high"), "sum") | dict.fromkeys(rest, "first") | joined
    return table.groupby("figure_id", sort=False).agg(how)[[c for c in table.columns if c != "figure_id"]]


def held(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures that are value held by a protocol's agents on a public chain: A1's filter.

    Parameters
    ----------
    figures : DataFrame
        From `published`.
    """
    return figures[figures["on_chain"] & (figures["scope"] == "protocol") & (figures["quantity"] == "value held")]


def same_money(figures: pd.DataFrame) -> pd.DataFrame:
    """Money under two names: the figure that holds it twice, the figure beside it, and how much is counted once.

    Parameters
    ----------
    figures : DataFrame
        From `published`.

    Returns
    -------
    DataFrame
        protocol, gross_id, other_id, relation, gross, net (USD: what is left of the gross figure).
    """
    rows = []
    for other_id, other in figures[figures["relation"] != "none"].iterrows():
        gross = figures.loc[other["same_money_as"]]
        net = other["value"] if other["relation"] == "net of" else gross["value"] - other["value"]
        rows.append((gross["protocol"], other["same_money_as"], other_id, other["relation"], gross["value"], net))
    return pd.DataFrame(rows, columns=["protocol", "gross_id", "other_id", "relation", "gross", "net"])


def counted(figures: pd.DataFrame, counting: Counting) -> pd.DataFrame:
    """Figures with the same money once (net) or under each of its names (gross); every other figure as it is.

    Parameters
    ----------
    figures : DataFrame
        From `published`.
    counting : {"net", "gross"}

    Returns
    -------
    DataFrame
        Rows of `figures`. Net: a figure with one "net of" it gives way to that, and one with others "part of" it loses
        their value, at the most down to nothing. Gross: figures "net of" or "part of" another are left out, since that
        other holds them.

    Raises
    ------
    ValueError
        If the counting is unknown.
    """
    if counting not in get_args(Counting):
        raise ValueError(f"unknown counting {counting!r}; it is one of {', '.join(get_args(Counting))}")
    of = figures["relation"]
    if counting == "gross":
        return figures[of == "none"]
    kept = figures[(of != "part of") & ~figures.index.isin(figures.loc[of == "net of", "same_money_as"])]
    parts = figures[of == "part of"].groupby("same_money_as")[["low", "value", "high"]].sum()
    taken = parts.reindex(kept.index, fill_value=0.0)
    # the most that may be counted twice leaves the least
    ends = {"low": kept["low"] - taken["high"], "value": kept["value"] - taken["value"]}
    ends["high"] = kept["high"] - taken["low"]
    return kept.assign(**{name: end.clip(lower=0) for name, end in ends.items()})


def distance_days(figures: pd.DataFrame, on: date, reading: Reading = "nearest") -> pd.Series:
    """Days between the date of each figure and a day.

    Parameters
    ----------
    figures : DataFrame
        With `observed_from` and `observed_to`.
    on : date
    reading : {"nearest", "furthest"}
        Of a date that is known by its month or year: nearest is 0 where the day lies in it, else to its nearer end;
        furthest is to the end that is further away, so that the figure lies within as many days whatever its date.

    Returns
    -------
    Series of int

    Raises
    ------
    ValueError
        If the reading is unknown.

    Examples
    --------
    >>> ends = {"observed_from": "2026-01-01", "observed_to": "2026-03-01"}
    >>> rough = pd.DataFrame({name: [pd.Timestamp(end)] for name, end in ends.items()})
    >>> [distance_days(rough, date(2026, 1, 22), reading).item() for reading in ("nearest", "furthest")]
    [0, 38]
    """
    if reading not in get_args(Reading):
        raise ValueError(f"unknown reading {reading!r}; it is one of {', '.join(get_args(Reading))}")
    day = pd.Timestamp(on)
    before, after = (day - figures["observed_to"]).dt.days, (figures["observed_from"] - day).dt.days
    if reading == "nearest":
        return pd.concat([before, after], axis=1).max(axis=1).clip(lower=0)
    first, last = (day - figures["observed_from"]).dt.days.abs(), (figures["observed_to"] - day).dt.days.abs()
    return pd.concat([first, last], axis=1).max(axis=1)


def nearest(figures: pd.DataFrame, days: pd.Series) -> pd.DataFrame:
    """The figures nearest to the day: of those equally near the most precisely dated, then the most reliable.

    Parameters
    ----------
    figures : DataFrame
        Of one protocol.
    days : Series
        From `distance_days`.
    """
    width = (figures["observed_to"] - figures["observed_from"]).dt.days
    rank = figures["reliability"].map({name: i for i, name in enumerate(RELIABILITIES)})
    keys = list(zip(days, width, rank, strict=True))
    return figures[np.array([key == min(keys) for key in keys])]
