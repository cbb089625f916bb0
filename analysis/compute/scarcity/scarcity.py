"""Claim C6: an imbalance of supply of and demand for GPUs is what drives decentralised compute."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd

from analysis.compute.scarcity import paid_use
from analysis.compute.scarcity.paid_use import COMPARABLE, HALF, METRICS, USE_NAMES, Use
from analysis.compute.scarcity.price_moves import index_states, price_moves, price_states
from analysis.compute.steadiness.steadiness import between
from analysis.engine.claims import Bearing, Claim, Evidence, Finding
from analysis.engine.multiverse import HOLDS, alternatives_of, combinations_of, meaning, primary_of, tallied
from analysis.engine.words.formats import many, number, period, quantity
from analysis.tables.gpu import GpuPrices
from analysis.tables.networks import ComputeAvailability, GpuPriceIndices, NetworkUse

#: How long before the claim's date evidence counts: the definition's.
YEARS_BACK = 2
#: A signal of ours that the claim does not list, by which use is counted as `revenue`: its row of `alternatives` is
#: shown, and never said to make the claim true.
OWN_PRICES, NOT_DECLARED = "our price table", "not declared: our price table alone, and revenue"
#: What an option of C6's factor tells scarcity by: a column of `quarters` with the state of prices, and documents.
SIGNALS: dict[str, tuple[str | None, bool]] = {
    "prices or documents": ("state", True),
    "published index": ("index", False),
    "documents": (None, True),
    OWN_PRICES: ("state", False),
}
#: Whether GPUs are scarce while prices are so; open where they are mixed or unknown.
BY_PRICES = {"rising": True, "falling": False, "level": False}
#: Metrics that are no use, or that have rows of their own.
ELSEWHERE = ("utilisation", "gpus_leased", "gpus_capacity", "gpus_verified", "funding", "providers_active")


def documents(compute_availability: ComputeAvailability) -> pd.DataFrame:
    """Statements of short capacity, and of more supply than demand, by the quarter in which they were made.

    Returns
    -------
    DataFrame, index quarter
        Counts `short` and `surplus`.
    """
    rows = compute_availability.query("metric == 'capacity_short'").dropna(subset="date_to")
    said = pd.crosstab(rows["date_to"].dt.to_period("Q").rename("quarter"), rows["value"])
    return said.reindex(columns=[1, 0], fill_value=0).set_axis(["short", "surplus"], axis=1)


def quarters(
    claim: Claim,
    gpu_prices: GpuPrices,
    gpu_price_indices: GpuPriceIndices,
    compute_availability: ComputeAvailability,
) -> pd.DataFrame:
    """Everything that is known of scarcity, by quarter that ended in the two years before the claim's date.

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


def scarce(quarter: pd.Series, prices: str | None, documented: bool) -> bool | None:
    """Whether GPUs were scarce in a quarter, by a signal of `SIGNALS`; None where it cannot tell.

    Parameters
    ----------
    quarter : Series
        Row of `quarters`.
    prices : str or None
        Its column with the state of prices, where they tell.
    documented : bool
        Whether documents tell.

    Notes
    -----
    By the definition rising prices or documented short capacity are enough; GPUs are not scarce where neither is there.
    Documents that say both leave it open, as do prices of which some rose and some fell. By documents alone, to have
    none says nothing.

    Examples
    --------
    >>> row = pd.Series({"state": "falling", "index": "unknown", "short": 1, "surplus": 0})
    >>> [scarce(row, *SIGNALS[signal]) for signal in ("prices or documents", "our price table", "published index")]
    [True, False, None]
    """
    by_prices = BY_PRICES.get(quarter[prices]) if prices else None
    short, surplus = quarter["short"] > 0, quarter["surplus"] > 0
    by_documents = bool(short) if short != surplus else None
    if not (prices and documented):
        return by_prices if prices else by_documents
    if by_prices or by_documents:
        return True
    return None if short or by_prices is None else False


def evidence(claim: Claim, known: pd.DataFrame, network_use: NetworkUse, **changes: str) -> tuple[Evidence, ...]:
    """Every observation on C6 of the two years before the claim's date, with its bearing by its definition or others.

    Parameters
    ----------
    known : DataFrame
        From `quarters`.
    **changes : str
        Other options of its factors; of scarcity also `OWN_PRICES`.

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
    chosen = primary_of(claim) | changes
    prices, documented = meaning(claim, "scarcity", chosen["scarcity"], SIGNALS)
    meaning(claim, "use", chosen["use"], METRICS)
    states = known.assign(
        scarce=pd.Series([scarce(row, prices, documented) for _, row in known.iterrows()], known.index, dtype=object),
        # by the definition prices that fell are prices of a GPU model, whatever tells that GPUs are scarce
        prices_fell=known[prices or "state"] == "falling",
    )
    return (
        *_of_changes(network_use, states, chosen["use"]),
        *_of_utilisation(network_use, states, claim),
        *_of_break_even(network_use, states),
        *_uncounted(network_use, claim, chosen["use"]),
    )


def _of_changes(network_use: NetworkUse, states: pd.DataFrame, use: Use) -> Iterator[Evidence]:
    changes = paid_use.use_changes(network_use, use)
    for row in changes[changes["quarter"].isin(states.index)].itertuples():
        state = states.loc[row.quarter]
        bearing, why = _bearing(row.rose, state["scarce"], state["prices_fell"])
        said = f"{row.network}, {period(row.quarter)}: {use} {_said(row)}; {_state(state)}{why}"
        yield Evidence(said, bearing, row.source_id, row.quarter.end_time.date())


def _bearing(rose: bool | None, was_scarce: bool | None, prices_fell: bool) -> tuple[Bearing, str]:
    """Bearing of a change of use, and what to add where it is not plain."""
    if rose is None:
        return "neutral", "; the direction is open"
    supports, contradicts = was_scarce is not None and rose == was_scarce, rose and prices_fell
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


def _state(state: pd.Series) -> str:
    word = {True: "GPUs scarce", False: "GPUs not scarce", None: "scarcity open"}[state["scarce"]]
    return (
        f"{word} (prices {state['state']}: {number(state['rose'])} up, {number(state['fell'])} down of "
        f"{many(int(state['models']), 'model')}; {many(int(state['short']), 'statement')} of short capacity, "
        f"{number(state['surplus'])} of surplus)"
    )


def _of_utilisation(network_use: NetworkUse, states: pd.DataFrame, claim: Claim) -> Iterator[Evidence]:
    found = paid_use.utilisation(network_use)
    inside = found["date_to"].between(*_window(claim)) & found["date_to"].dt.to_period("Q").isin(states.index)
    for row in found[inside].itertuples():
        state = states.loc[row.date_to.to_period("Q")]
        of = "" if np.isnan(row.leased) else f" ({number(row.leased)} of {many(int(row.capacity), 'GPU')})"
        leased = f"{between(row.low, row.high)} of capacity leased{of}"
        said = f"{row.network}, to {row.date_to:%Y-%m-%d}: {leased}; {_state(state)}"
        bearing = "contradicts" if row.high < HALF and state["scarce"] else "neutral"
        yield Evidence(said, bearing, row.source_id, row.date_to.date())


def _of_break_even(network_use: NetworkUse, states: pd.DataFrame) -> Iterator[Evidence]:
    found = paid_use.half_use_prices(network_use)
    for row in found[found["quarter"].isin(states.index)].itertuples():
        said = (
            f"{row.network}, {period(row.quarter)}: revenue is {number(row.usd_per_verified_hour)} USD for each hour "
            f"of each of {many(int(row.gpus), 'verified GPU')}; less than half were in paid use if an hour cost more "
            f"than {number(row.half_use_usd)} USD on average, which is not known"
        )
        yield Evidence(said, "neutral", row.source_id, row.quarter.end_time.date())


def _uncounted(network_use: NetworkUse, claim: Claim, use: Use) -> Iterator[Evidence]:
    """Figures of use inside the window that the chosen count leaves out: another metric, or a source that conflicts."""
    counted = network_use["metric"].isin(METRICS[use]) & network_use["reliability"].isin(COMPARABLE)
    inside = network_use["date_to"].between(*_window(claim))
    rows = network_use[network_use["named"] & ~counted & ~network_use["metric"].isin(ELSEWHERE) & inside]
    for row in rows.sort_values(["network", "date_to"], kind="stable").itertuples():
        why = "not set against figures of others" if row.metric in METRICS[use] else f"no quarterly figure of {use}"
        figure = f"{USE_NAMES.get(row.metric, row.metric)} {paid_use.figure(row)} ({row.reliability})"
        said = f"{row.network}, {row.date_from:%Y-%m-%d} to {row.date_to:%Y-%m-%d}: {figure}; {why}"
        own = row.reliability == "self-reported"
        yield Evidence(said, "neutral", row.source_id, row.date_to.date(), vendor=own)


def alternatives(claim: Claim, known: pd.DataFrame, network_use: NetworkUse) -> pd.DataFrame:
    """What the rows of evidence alone say under each way to read scarcity and to count use, as `tallied` gives it.

    The label is that of an alternative of the claim, else what is combined; the last row is `NOT_DECLARED`.
    """
    alone = alternatives_of(claim).set_index(["scarcity", "use"])["label"]
    grid = combinations_of(claim, "use", "scarcity")
    grid["label"] = [alone.get((row.scarcity, row.use), f"{row.scarcity}, and {row.use}") for row in grid.itertuples()]
    grid.loc[len(grid)] = {"scarcity": OWN_PRICES, "use": "revenue", "label": NOT_DECLARED}
    return tallied(claim, grid, partial(evidence, claim, known, network_use))


def assess_c6(
    claim: Claim,
    *,
    gpu_prices: GpuPrices,
    gpu_price_indices: GpuPriceIndices,
    compute_availability: ComputeAvailability,
    network_use: NetworkUse,
) -> Finding:
    """Changes of paid GPU-hours of the named networks against scarcity, within two years before the claim's date.

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
        return HOLDS
    held = readings.loc[(readings["label"] != NOT_DECLARED) & (readings["verdict"] == "supported"), "label"]
    needed = (
        "GPUs leased on a named network in two quarters that follow each other, rising while prices rise or capacity "
        "is said to be short, or falling while neither holds, and nothing against it"
    )
    return needed + (f"; it is supported under this reading: {'; '.join(held)}" if len(held) else "")
