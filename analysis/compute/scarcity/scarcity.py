"""Claim C6: an imbalance of supply of and demand for GPUs is what drives decentralised compute."""

from typing import Literal, get_args

import numpy as np
import pandas as pd

from analysis.compute.scarcity.paid_use import (
    COMPARABLE,
    HALF,
    METRICS,
    USE_NAMES,
    Use,
    figure,
    half_use_prices,
    use_changes,
    utilisation,
)
from analysis.compute.scarcity.price_moves import index_states, price_moves, price_states
from analysis.engine.claims import Claim, Evidence, Finding
from analysis.engine.claims.judge import judge
from analysis.engine.words.formats import many, number, period, quantity, share
from analysis.tables.gpu import GpuPrices
from analysis.tables.networks import ComputeAvailability, GpuPriceIndices, NetworkUse

Signal = Literal["prices or documents", "published index", "documents", "our price table"]

#: How long before the claim's date evidence counts: the definition's.
YEARS_BACK = 2
#: A reading of ours that the claim does not list: it is shown, and never said to make the claim true.
NOT_DECLARED = "not declared: our price table alone, and revenue"
#: The definition and its alternatives: how scarcity is read, how use is counted. The last is `NOT_DECLARED`.
READINGS: dict[str, tuple[Signal, Use]] = {
    "the definition": ("prices or documents", "GPU-hours"),
    "scarcity by published price index alone": ("published index", "GPU-hours"),
    "scarcity by waiting and sold-out evidence alone": ("documents", "GPU-hours"),
    "use by revenue in USD": ("prices or documents", "revenue"),
    "published index, and revenue": ("published index", "revenue"),
    "documents, and revenue": ("documents", "revenue"),
    NOT_DECLARED: ("our price table", "revenue"),
}


def documents(compute_availability: pd.DataFrame) -> pd.DataFrame:
    """Statements of short capacity, and of more supply than demand, by the quarter in which they were made.

    Parameters
    ----------
    compute_availability : DataFrame
        The table of that name.

    Returns
    -------
    DataFrame, index quarter
        Counts `short` and `surplus`.
    """
    rows = compute_availability[
        (compute_availability["metric"] == "capacity_short") & compute_availability["date_to"].notna()
    ]
    by_quarter = rows.groupby(rows["date_to"].dt.to_period("Q").rename("quarter"))["value"]
    return by_quarter.agg(short=lambda value: int((value == 1).sum()), surplus=lambda value: int((value == 0).sum()))


def quarters(
    claim: Claim, gpu_prices: pd.DataFrame, gpu_price_indices: pd.DataFrame, compute_availability: pd.DataFrame
) -> pd.DataFrame:
    """Everything that is known of scarcity, by quarter that ended in the two years before the claim's date.

    Parameters
    ----------
    claim : Claim
        C6, for its date.
    gpu_prices, gpu_price_indices, compute_availability : DataFrame
        The tables of those names.

    Returns
    -------
    DataFrame, index quarter
        Columns of `price_states` and `documents` (0 where there are none), and `index` (state of `index_states`);
        states are unknown where nothing can be computed.
    """
    first, last = _window(claim)
    window = pd.period_range(first, last, freq="Q", name="quarter")
    window = window[window.end_time.normalize() <= last]
    ours = price_states(price_moves(gpu_prices)).reindex(window)
    index = index_states(gpu_price_indices)["state"].reindex(window).fillna("unknown")
    counted = documents(compute_availability).reindex(window, fill_value=0)
    counts = ours[["models", "rose", "fell"]].fillna(0).astype(int)
    return counts.assign(state=ours["state"].fillna("unknown"), index=index, **counted)


def _window(claim: Claim) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of evidence that counts."""
    last = pd.Timestamp(claim.as_of)
    return last - pd.DateOffset(years=YEARS_BACK), last


def scarce(quarter: pd.Series, signal: Signal) -> bool | None:
    """Whether GPUs were scarce in a quarter; None where the signals cannot tell.

    Parameters
    ----------
    quarter : Series
        Row of `quarters`.
    signal : {"prices or documents", "published index", "documents", "our price table"}

    Raises
    ------
    ValueError
        If the signal is unknown.

    Notes
    -----
    By the definition rising prices or documented short capacity are enough; GPUs are not scarce where neither is there.
    Documents that say both leave it open, as do prices of which some rose and some fell. By documents alone, to have
    none says nothing.

    Examples
    --------
    >>> row = pd.Series({"state": "falling", "index": "unknown", "short": 1, "surplus": 0})
    >>> scarce(row, "prices or documents"), scarce(row, "our price table"), scarce(row, "published index")
    (True, False, None)
    """
    if signal not in get_args(Signal):
        raise ValueError(f"unknown signal {signal!r}; the options are {', '.join(get_args(Signal))}")
    by_state = {"rising": True, "falling": False, "level": False, "mixed": None, "unknown": None}
    prices = by_state[quarter["index" if signal == "published index" else "state"]]
    said = {(True, False): True, (False, True): False}.get((quarter["short"] > 0, quarter["surplus"] > 0))
    if signal in ("published index", "our price table"):
        return prices
    if signal == "documents":
        return said
    conflicting = quarter["short"] > 0 and quarter["surplus"] > 0
    if prices or said:
        return True
    return None if conflicting or prices is None else False


def evidence(
    claim: Claim,
    known: pd.DataFrame,
    network_use: pd.DataFrame,
    *,
    signal: Signal = "prices or documents",
    use: Use = "GPU-hours",
) -> tuple[Evidence, ...]:
    """Every observation on C6 of the two years before the claim's date, with its bearing by the definition.

    Parameters
    ----------
    claim : Claim
        C6, for its date.
    known : DataFrame
        From `quarters`.
    network_use : DataFrame
        The table of that name.
    signal : {"prices or documents", "published index", "documents", "our price table"}
        How scarcity is read.
    use : {"GPU-hours", "revenue"}
        How paid use is counted.

    Returns
    -------
    tuple of Evidence
        One row a change of use, one a utilisation, one a break-even price, and one each for figures of use that the
        definition does not count.

    Notes
    -----
    Changes of use are those of `use_changes`. One supports the claim if use rose while GPUs were scarce, or fell while
    they were not; it contradicts it if use rose while prices fell. That use fell while GPUs were scarce is neither, by
    the words of the definition. A row to which both apply is neutral and says so.
    """
    return (
        *_of_changes(use_changes(network_use, use), known, signal, use),
        *_of_utilisation(utilisation(network_use), known, signal, claim),
        *_of_break_even(half_use_prices(network_use), known),
        *_uncounted(network_use, claim, use),
    )


def _of_changes(changes: pd.DataFrame, known: pd.DataFrame, signal: Signal, use: Use) -> list[Evidence]:
    rows = []
    for row in changes[changes["quarter"].isin(known.index)].itertuples():
        state = known.loc[row.quarter]
        # by the definition prices that fell are prices of a GPU model, whatever tells that GPUs are scarce
        prices_fell = state["index" if signal == "published index" else "state"] == "falling"
        was_scarce = scarce(state, signal)
        bearing, why = _bearing(row.rose, was_scarce, prices_fell)
        rows.append(
            Evidence(
                statement=f"{row.network}, {period(row.quarter)}: {use} {_said(row)}; {_state(state, was_scarce)}{why}",
                bearing=bearing,
                source_id=row.source_id,
                observed_on=row.quarter.end_time.date(),
            )
        )
    return rows


def _bearing(rose: bool | None, was_scarce: bool | None, prices_fell: bool) -> tuple[str, str]:
    """Bearing of a change of use, and what to add where it is not plain."""
    if rose is None:
        return "neutral", "; the direction is open"
    supports = was_scarce is not None and rose == was_scarce
    contradicts = rose and prices_fell
    if supports and contradicts:
        return "neutral", "; for it by the one rule and against it by the other"
    if supports or contradicts:
        return ("supports" if supports else "contradicts"), ""
    if not rose and was_scarce:
        return "neutral", "; that use fell while GPUs were scarce is neither, by the definition"
    return "neutral", ""


def _said(row) -> str:
    if row.rose is None:
        return f"from {number(row.before)} or more to {number(row.after)}"
    how = "rose" if row.rose else "fell"
    return how if np.isnan(row.change) else f"{how} by {quantity(abs(round(100 * row.change)), '%')}"


def _state(state: pd.Series, was_scarce: bool | None) -> str:
    word = {True: "GPUs scarce", False: "GPUs not scarce", None: "scarcity open"}[was_scarce]
    return (
        f"{word} (prices {state['state']}: {number(state['rose'])} up, {number(state['fell'])} down of "
        f"{many(int(state['models']), 'model')}; {many(int(state['short']), 'statement')} of short capacity, "
        f"{number(state['surplus'])} of surplus)"
    )


def _of_utilisation(found: pd.DataFrame, known: pd.DataFrame, signal: Signal, claim: Claim) -> list[Evidence]:
    inside = found[found["date_to"].between(*_window(claim)) & found["date_to"].dt.to_period("Q").isin(known.index)]
    rows = []
    for row in inside.itertuples():
        state = known.loc[row.date_to.to_period("Q")]
        was_scarce = scarce(state, signal)
        idle = row.high < HALF
        span = share(row.low) if row.low == row.high else f"{share(row.low)} to {share(row.high)}"
        of = "" if np.isnan(row.leased) else f" ({number(row.leased)} of {many(int(row.capacity), 'GPU')})"
        rows.append(
            Evidence(
                statement=f"{row.network}, to {row.date_to:%Y-%m-%d}: {span} of capacity leased{of}; "
                f"{_state(state, was_scarce)}",
                bearing="contradicts" if idle and was_scarce else "neutral",
                source_id=row.source_id,
                observed_on=row.date_to.date(),
            )
        )
    return rows


def _of_break_even(found: pd.DataFrame, known: pd.DataFrame) -> list[Evidence]:
    return [
        Evidence(
            statement=f"{row.network}, {period(row.quarter)}: revenue is {number(row.usd_per_verified_hour)} USD for "
            f"each hour of each of {many(int(row.gpus), 'verified GPU')}; less than half were in paid use if an hour "
            f"cost more than {number(row.half_use_usd)} USD on average, which is not known",
            bearing="neutral",
            source_id=row.source_id,
            observed_on=row.quarter.end_time.date(),
        )
        for row in found[found["quarter"].isin(known.index)].itertuples()
    ]


def _uncounted(network_use: pd.DataFrame, claim: Claim, use: Use) -> list[Evidence]:
    """Figures of use inside the window that the chosen count leaves out: another metric, or a source that conflicts."""
    elsewhere = ["utilisation", "gpus_leased", "gpus_capacity", "gpus_verified", "funding", "providers_active"]
    own = network_use["metric"].isin(METRICS[use])
    counted = own & network_use["reliability"].isin(COMPARABLE)
    inside = network_use["date_to"].between(*_window(claim))
    rows = network_use[network_use["named"] & ~counted & ~network_use["metric"].isin(elsewhere) & inside]
    return [
        Evidence(
            statement=f"{row.network}, {row.date_from:%Y-%m-%d} to {row.date_to:%Y-%m-%d}: "
            f"{USE_NAMES.get(row.metric, row.metric)} {figure(row)} ({row.reliability}); "
            + ("not set against figures of others" if row.metric in METRICS[use] else f"no quarterly figure of {use}"),
            bearing="neutral",
            source_id=row.source_id,
            observed_on=row.date_to.date(),
            vendor=row.reliability == "self-reported",
        )
        for row in rows.sort_values(["network", "date_to"], kind="stable").itertuples()
    ]


def alternatives(claim: Claim, known: pd.DataFrame, network_use: pd.DataFrame) -> pd.DataFrame:
    """The verdict under each reading of scarcity and of use, by the rows of evidence alone.

    Parameters
    ----------
    claim : Claim
        C6.
    known : DataFrame
        From `quarters`.
    network_use : DataFrame
        The table of that name.

    Returns
    -------
    DataFrame, one row a reading
        `reading`, `verdict`, counts of rows `supports`, `contradicts`, `neutral`.
    """
    rows = []
    for reading, (signal, use) in READINGS.items():
        found = evidence(claim, known, network_use, signal=signal, use=use)
        bearings = [row.bearing for row in found]
        verdict = judge(claim, Finding(level=1, basis="secondary", evidence=found), today=claim.as_of).primary
        counts = {bearing: bearings.count(bearing) for bearing in ("supports", "contradicts", "neutral")}
        rows.append({"reading": reading, "verdict": verdict, **counts})
    return pd.DataFrame(rows)


def assess_c6(
    claim: Claim,
    *,
    gpu_prices: GpuPrices,
    gpu_price_indices: GpuPriceIndices,
    compute_availability: ComputeAvailability,
    network_use: NetworkUse,
) -> Finding:
    """Changes of paid GPU-hours of the named networks against scarcity, within two years before the claim's date.

    Parameters
    ----------
    claim : Claim
        C6, for its date.

    Returns
    -------
    Finding
        Evidence rows and no number. Nothing can be said, "missing", without any row.
    """
    known = quarters(claim, gpu_prices, gpu_price_indices, compute_availability)
    rows = evidence(claim, known, network_use)
    if not rows:
        return Finding(level=1, basis="secondary", missing="missing")
    bear = [row for row in rows if row.bearing != "neutral"]
    return Finding(
        level=1,
        basis="secondary",
        evidence=rows,
        observed_on=max(row.observed_on for row in bear or rows),
        nearest_true=_would_settle(bear, alternatives(claim, known, network_use)),
    )


def _would_settle(bear: list[Evidence], readings: pd.DataFrame) -> str:
    if bear and all(row.bearing == "supports" for row in bear):
        return "it holds as it is"
    declared = readings[readings["reading"] != NOT_DECLARED]
    held = declared.loc[declared["verdict"] == "supported", "reading"].tolist()
    needed = (
        "GPUs leased on a named network in two quarters that follow each other, rising while prices rise or capacity "
        "is said to be short, or falling while neither holds, and nothing against it"
    )
    return needed + (f"; it is supported under this reading: {'; '.join(held)}" if held else "")
