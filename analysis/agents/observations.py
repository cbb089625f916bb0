"""Published figures of what agents hold: parts added up, the same money found, their distance from a day."""

from datetime import date
from typing import Literal, get_args

import numpy as np
import pandas as pd

Counting = Literal["net", "gross", "without lodged"]
Reading = Literal["nearest", "furthest"]

#: Of sources, the strongest first.
RELIABILITIES = ("primary", "secondary", "promotional")


def published(agent_values: pd.DataFrame) -> pd.DataFrame:
    """Every published figure once, its parts added up.

    Returns
    -------
    DataFrame, indexed by figure_id in the order of the table
        Its columns without part; value, low and high in USD, of which low and high are the value where the source gives
        one figure; holder, who has the same money under another name, empty where no row says so.

    Examples
    --------
    >>> rows = pd.DataFrame({"figure_id": ["a", "a"], "part": ["1", "2"], "product": ["x", "y"], "low": [None, None],
    ...                      "value": [1.0, 2.0], "high": [None, 5.0], "remark": ["", ""], "protocol": ["p", "p"],
    ...                      "same_money_as": ["", ""], "other_holder": ["", ""]})
    >>> published(rows)[["low", "value", "high"]].values.tolist()
    [[3.0, 3.0, 6.0]]
    """
    ends = {end: agent_values[end].astype(float).fillna(agent_values["value"]) for end in ("low", "high")}
    table = agent_values.assign(**ends).drop(columns="part")
    joined = {name: lambda cells: "; ".join(dict.fromkeys(filter(None, cells))) for name in ("product", "remark")}
    rest = [name for name in table.columns if name not in ("figure_id", "low", "value", "high", *joined)]
    how = dict.fromkeys(("low", "value", "high"), "sum") | dict.fromkeys(rest, "first") | joined
    whole = table.groupby("figure_id", sort=False).agg(how)[[c for c in table.columns if c != "figure_id"]]
    named = whole["same_money_as"].map(whole["protocol"]).fillna("").astype("str")
    return whole.assign(holder=whole["other_holder"].where(whole["other_holder"] != "", named))


def held(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures that are value held by a protocol's agents on a public chain: A1's filter."""
    return figures[figures["on_chain"] & (figures["scope"] == "protocol") & (figures["quantity"] == "value held")]


def suspected(figures: pd.DataFrame) -> pd.Series:
    """Figures that look like those of another protocol, though no row says so.

    Returns
    -------
    Series of str
        figure_id -> that of the figure whose money it seems to be. Of two protocols in one tier the later by name is
        suspected, if a figure of it has the value of one of the other, and their dates overlap or their sources and
        products are the same.
    """
    some = figures[(figures["relation"] == "none") & (figures["value"] > 0)]
    some = some.sort_values("protocol", kind="stable")
    found: dict[str, str] = {}
    for i, row in some.iterrows():
        for k, other in some[(some["tier"] == row["tier"]) & (some["protocol"] < row["protocol"])].iterrows():
            overlap = row["observed_from"] <= other["observed_to"] and other["observed_from"] <= row["observed_to"]
            alike = row["source_id"] == other["source_id"] and row["product"] == other["product"]
            if k not in found and (alike or overlap) and np.isclose(row["value"], other["value"], rtol=1e-9):
                found[i] = k
                break
    return pd.Series(found, dtype="str")


def same_money(figures: pd.DataFrame) -> pd.DataFrame:
    """Money under two names, declared or suspected, and whether both names are in the sum.

    Parameters
    ----------
    figures : DataFrame
        From `held`, those that may enter a sum.

    Returns
    -------
    DataFrame
        protocol, product, holder (who else has the money), relation ("net of", "part of" or "suspected"), value (USD,
        the money under both names), taken (bool: whether it is counted once because the holder is in the sum).
    """
    net, whole = figures["relation"] == "net of", figures["same_money_as"].map(figures["value"])
    declared = figures.assign(value=figures["value"].mask(net, whole - figures["value"]))
    declared = declared[(figures["relation"] != "none") & ~(net & whole.isna())]
    seeming = suspected(figures)
    holders = figures.loc[seeming, "protocol"].to_numpy()
    both = pd.concat([declared, figures.loc[seeming.index].assign(relation="suspected", holder=holders)])
    present = _present(figures)
    taken = [key in present for key in zip(both["tier"], both["holder"], strict=True)]
    both = both.assign(taken=np.array(taken, dtype=bool))
    return both[["protocol", "product", "holder", "relation", "value", "taken"]].reset_index(drop=True)


def _present(figures: pd.DataFrame) -> set[tuple[str, str]]:
    """Tier and protocol of everything in the sum that is more than nothing."""
    some = figures[(figures["other_holder"] == "") & (figures["high"] > 0)]
    return set(zip(some["tier"], some["protocol"], strict=True))


def counted(figures: pd.DataFrame, counting: Counting) -> pd.DataFrame:
    """Figures with the same money once (net) or under each of its names (gross); every other figure as it is.

    Parameters
    ----------
    figures : DataFrame
        From `held`, those that may enter the sum.
    counting : {"net", "gross", "without lodged"}

    Returns
    -------
    DataFrame
        Rows of `figures`. Net: where another holder of the money is itself in the sum, in the same tier, one of the two
        gives way. A protocol's figure with one "net of" it gives way to that, one with parts within the protocol loses
        them, at the most down to nothing; a figure that is "part of" another protocol's, or is suspected to be its
        money, keeps nothing. Gross: nothing is taken off. Without lodged: as net, and what lies with another holder is
        taken off even where nobody in the sum holds it.

    Raises
    ------
    ValueError
        If the counting is unknown.
    """
    if counting not in get_args(Counting):
        raise ValueError(f"unknown counting {counting!r}; it is one of {', '.join(get_args(Counting))}")
    inside = figures["other_holder"] != ""
    if counting == "gross":
        return figures[~inside]
    keys, present = zip(figures["tier"], figures["holder"], strict=True), _present(figures)
    shared = pd.Series([key in present for key in keys], index=figures.index, dtype=bool)
    taken_off = inside & (shared | (counting == "without lodged"))
    net = taken_off & (figures["relation"] == "net of")
    kept = figures[(~inside | net) & ~figures.index.isin(figures.loc[net, "same_money_as"])]
    parts = figures[taken_off & ~net].groupby("same_money_as")[["low", "value", "high"]].sum()
    parts = parts.reindex(kept.index, fill_value=0.0)
    # the most that may be counted twice leaves the least
    ends = {"low": kept["low"] - parts["high"], "value": kept["value"] - parts["value"]}
    ends["high"] = kept["high"] - parts["low"]
    again = kept.index.isin(suspected(figures).index) | (shared & ~inside)[kept.index]
    return kept.assign(**{name: end.clip(lower=0).mask(again, 0.0) for name, end in ends.items()})


def distance_days(figures: pd.DataFrame, on: date, reading: Reading = "furthest") -> pd.Series:
    """Days between the date of each figure and a day.

    Parameters
    ----------
    figures : DataFrame
        With `observed_from` and `observed_to`.
    on : date
    reading : {"nearest", "furthest"}
        Of a date that is known by its month or year: furthest is to the end that is further away, so that the figure
        lies within as many days whatever its date; nearest is 0 where the day lies in it, else to its nearer end.

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
