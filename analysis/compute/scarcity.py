"""Claim C6: an imbalance of supply of and demand for GPUs is what drives decentralised compute."""

from typing import Literal, get_args

import numpy as np
import pandas as pd

from analysis.claims import Claim, Evidence, Finding
from analysis.formats import many, number, quantity, share
from analysis.verdicts import judge

Signal = Literal["prices or documents", "published index", "documents", "our price table"]
Use = Literal["GPU-hours", "revenue"]
State = Literal["rising", "falling", "mixed", "level", "unknown"]

#: Over how many quarters a price has to rise, and how long before the claim's date evidence counts: the definition's.
PRICE_QUARTERS = 2
YEARS_BACK = 2
#: A network with less of its capacity in paid use contradicts the claim while GPUs are scarce: the claim's number.
HALF = 0.5
#: A smaller change of a price over two quarters is none (our number).
LEAST_MOVE = 0.05
#: Kinds of prices that make up the series, and of figures of use that may stand side by side.
SERIES = ("on-demand", "spot")
COMPARABLE = ("digest", "analyst", "secondary")
HOURS_A_DAY = 24
#: The definition and its alternatives: how scarcity is read, how use is counted. The last is ours, not declared.
READINGS: dict[str, tuple[Signal, Use]] = {
    "the definition": ("prices or documents", "GPU-hours"),
    "scarcity by published price index alone": ("published index", "GPU-hours"),
    "scarcity by waiting and sold-out evidence alone": ("documents", "GPU-hours"),
    "use by revenue in USD": ("prices or documents", "revenue"),
    "published index, and revenue": ("published index", "revenue"),
    "documents, and revenue": ("documents", "revenue"),
    "not declared: our price table alone, and revenue": ("our price table", "revenue"),
}
USE_NAMES = {
    "revenue_per_year": "annualised revenue",
    "revenue_change": "change of revenue",
    "leases_new": "new leases",
    "leases_change": "change of new leases",
    "leases_active_change": "change of active leases",
}
#: What use is counted by: the level, and a stated change of it.
METRICS = {"GPU-hours": ("gpus_leased", None), "revenue": ("revenue", "revenue_change")}


def price_moves(gpu_prices: pd.DataFrame) -> pd.DataFrame:
    """How much the rental price of each GPU model changed over two quarters.

    Parameters
    ----------
    gpu_prices : DataFrame
        The table of that name; only dated on-demand and spot prices count.

    Returns
    -------
    DataFrame, one row a GPU model and quarter
        `gpu_model`, `quarter` (Period), `change` (a share), `series` (provider and kind of price behind it).

    Notes
    -----
    A series is one provider's price of one machine, form, region and kind of price, by quarter the median of its days.
    It counts where it has both quarters; nothing is carried forward. The change is the median over a provider's series
    of a kind, then over providers and kinds, so that one with many regions weighs no more.
    """
    rows = gpu_prices[gpu_prices["observed_on"].notna() & gpu_prices["price_model"].isin(SERIES)]
    rows = rows.assign(quarter=rows["observed_on"].dt.to_period("Q"))
    own = ["provider", "price_model", "gpu_model"]
    keys = [*own, "form_factor", "instance", "region", "source_id"]
    levels = rows.groupby([*keys, "quarter"])["usd_per_gpu_hour"].median().unstack("quarter")
    if levels.empty:
        return pd.DataFrame(columns=["gpu_model", "quarter", "change", "series"])
    levels = levels.reindex(columns=pd.period_range(levels.columns.min(), levels.columns.max(), freq="Q"))
    logs = np.log(levels).diff(PRICE_QUARTERS, axis=1)
    by_series = logs.groupby(level=own).median().melt(ignore_index=False, var_name="quarter", value_name="log")
    by_series = by_series.dropna().reset_index()
    found = by_series.groupby(["gpu_model", "quarter"])["log"].agg(["median", "size"]).reset_index()
    return found.assign(change=np.expm1(found["median"]), series=found["size"]).drop(columns=["median", "size"])


def price_states(moves: pd.DataFrame) -> pd.DataFrame:
    """Whether prices rose or fell, by quarter.

    Parameters
    ----------
    moves : DataFrame
        From `price_moves`.

    Returns
    -------
    DataFrame, index quarter
        `models` (with a change), `rose`, `fell` (by at least `LEAST_MOVE`), `state`: rising where a model rose and none
        fell, falling where one fell and none rose, mixed, level.
    """
    by_quarter = moves.groupby("quarter")["change"]
    counts = by_quarter.agg(
        models="size",
        rose=lambda change: int((change >= LEAST_MOVE).sum()),
        fell=lambda change: int((change <= -LEAST_MOVE).sum()),
    )
    rose, fell = counts["rose"] > 0, counts["fell"] > 0
    return counts.assign(state=np.select([rose & fell, rose, fell], ["mixed", "rising", "falling"], "level"))


def index_states(gpu_price_indices: pd.DataFrame) -> pd.DataFrame:
    """As `price_states`, from published indices: an index, tier and GPU is a series."""
    rows = gpu_price_indices.assign(quarter=gpu_price_indices["date_to"].dt.to_period("Q"))
    levels = rows.groupby(["gpu_model", "index_name", "tier", "quarter"])["usd_per_gpu_hour"].median()
    levels = levels.unstack("quarter")
    levels = levels.reindex(columns=pd.period_range(levels.columns.min(), levels.columns.max(), freq="Q"))
    logs = np.log(levels).diff(PRICE_QUARTERS, axis=1).melt(ignore_index=False, var_name="quarter", value_name="log")
    found = logs.dropna().reset_index().groupby(["gpu_model", "quarter"])["log"].median().reset_index()
    return price_states(found.assign(change=np.expm1(found["log"])))


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


#: Least and most that the figures of a quarter allow, and the source of the last of them.
Range = tuple[float, float, str]


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
                statement=f"{row.network}, {row.quarter}: {use} {_said(row)}; {_state(state, was_scarce)}{why}",
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
            statement=f"{row.network}, {row.quarter}: revenue is {number(row.usd_per_verified_hour)} USD for each hour "
            f"of each of {many(int(row.gpus), 'verified GPU')}; less than half were in paid use if an hour cost more "
            f"than {number(row.half_use_usd)} USD on average, which is not known",
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


def price_series(gpu_prices: pd.DataFrame, *, gpu_model: str, form_factor: str) -> pd.DataFrame:
    """Price of one GPU and form by provider, kind of price and quarter: the series that can be followed.

    Parameters
    ----------
    gpu_prices : DataFrame
        The table of that name.
    gpu_model, form_factor : str

    Returns
    -------
    DataFrame
        `provider`, `price_model`, `quarter` (Period), `usd_per_gpu_hour` (median over regions, machines and days); only
        series with more than `PRICE_QUARTERS` quarters.
    """
    rows = gpu_prices[
        (gpu_prices["gpu_model"] == gpu_model)
        & (gpu_prices["form_factor"] == form_factor)
        & gpu_prices["price_model"].isin(SERIES)
        & gpu_prices["observed_on"].notna()
    ]
    keys = ["provider", "price_model"]
    by_quarter = rows.groupby([*keys, rows["observed_on"].dt.to_period("Q").rename("quarter")])["usd_per_gpu_hour"]
    found = by_quarter.median().reset_index()
    long = found.groupby(keys)["quarter"].transform("size") > PRICE_QUARTERS
    return found[long].reset_index(drop=True)


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


def assess_c6(
    claim: Claim,
    *,
    gpu_prices: pd.DataFrame,
    gpu_price_indices: pd.DataFrame,
    compute_availability: pd.DataFrame,
    network_use: pd.DataFrame,
) -> Finding:
    """Changes of paid GPU-hours of the named networks against scarcity, within two years before the claim's date.

    Parameters
    ----------
    claim : Claim
        C6, for its date.
    gpu_prices, gpu_price_indices, compute_availability, network_use : DataFrame
        The tables of those names.

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
    held = readings.loc[readings["verdict"] == "supported", "reading"].tolist()
    needed = (
        "GPUs leased on a named network in two quarters that follow each other, rising while prices rise or capacity "
        "is said to be short, or falling while neither holds, and nothing against it"
    )
    return needed + (f"; it is supported under this reading: {'; '.join(held)}" if held else "")
