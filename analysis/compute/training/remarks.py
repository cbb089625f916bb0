"""Sentences on training, concentration and market size that data decide, each composed from its tables."""

from datetime import date, timedelta

import pandas as pd

from analysis.compute.concentration.shares import CLOUD, HIGH, top_share_bounds
from analysis.compute.market_size import forecast as market_size
from analysis.compute.training import runs as training
from analysis.compute.training.beyond import step_time
from analysis.compute.training.runs import (
    BARS,
    FRONTIER,
    LATER,
    evidence,
    frontier_runs,
    largest_run,
    outcome,
    training_flop,
)
from analysis.engine.claims import Claim
from analysis.engine.words.formats import day, many, number, power, quantity

#: How long the run is that `cluster` asks GPUs for (ours).
RUN = timedelta(days=90)
TOP = 3


def flop(value: float) -> str:
    r"""A training compute with its power of ten.

    Examples
    --------
    >>> flop(3.79e25).replace("\xa0", " ")
    '3.8 × 10²⁵ FLOP'
    """
    mantissa, _, exponent = f"{value:.1e}".partition("e")
    return f"{mantissa} × {power(10, int(exponent))}\N{NO-BREAK SPACE}FLOP"


def frontier_now(claim: Claim, training_runs: pd.DataFrame, *, today: date) -> str:
    """The largest run over the internet on the claim's date and today, beside the largest of any kind.

    Parameters
    ----------
    claim : Claim
        C4.
    training_runs : DataFrame
        The table of that name.
    today : date

    Returns
    -------
    str
        A line for each day.
    """
    lines = []
    for by in (claim.as_of, today):
        largest = largest_run(training_runs, by=by)
        runs = frontier_runs(training_runs, by=by)
        runs = runs[runs["counts"]]
        if largest is None or runs.empty:
            lines.append(f"By {day(by)}: no run over the internet of known size.")
            continue
        first = runs.loc[runs["share"].idxmax()]
        lines.append(
            f"By {day(by)}: {first['run']}, {flop(first['size'])}, which is {number(100 * first['share'])} % of "
            f"{largest['run']} with {flop(largest['size'])}."
        )
    return "\n".join(lines)


def disputed(claim: Claim, training_runs: pd.DataFrame) -> str:
    """What counts of tokens that another source calls unverified would change.

    Parameters
    ----------
    claim : Claim
        C4.
    training_runs : DataFrame
        The table of that name.

    Returns
    -------
    str
        A line for each such count.
    """
    largest = largest_run(training_runs, by=claim.as_of)
    rows = training_runs[training_runs["tokens_disputed"].notna()]
    if rows.empty or largest is None:
        return "No count of tokens is disputed."
    bar, _ = next(iter(BARS.values()))
    lines = []
    for row in rows.to_dict("records"):
        size = training_flop(row["active_params"], row["tokens_disputed"])
        reached = "reached" if size >= bar * largest["size"] else "not reached"
        trusted = row | {"tokens": row["tokens_disputed"], "completed": "yes", "owners": "independent"}
        others = training_runs[training_runs["run_id"] != row["run_id"]]
        believed = pd.concat([others, pd.DataFrame([trusted])], ignore_index=True)
        said = outcome(evidence(claim, believed), FRONTIER)
        lines.append(
            f"{row['run']}: at a count of {quantity(row['tokens_disputed'], 'count')} tokens, which another source "
            f"calls unverified, it would have {reached} a tenth ({flop(size)}). Were it also completed, on machines of "
            f"independent owners, the first part would be {said}."
        )
    return "\n".join(lines)


def fine_tuning(claim: Claim, training_runs: pd.DataFrame) -> str:
    """What the second part rests on, and which readings of it would turn it.

    Parameters
    ----------
    claim : Claim
        C4.
    training_runs : DataFrame
        The table of that name.

    Returns
    -------
    str
    """
    found = training.readings(claim, training_runs)
    ours, others = found.iloc[0], found.iloc[1:]
    turning = others[others["outcome"] != ours["outcome"]]
    readings = "; ".join(f"roll-outs {row.rollouts}, {row.machines}: {row.outcome}" for row in turning.itertuples())
    return (
        f"In {LATER} {many(int(ours['later']), 'run')} counted, in the year before {number(ours['earlier'])}: the part "
        f"is {ours['outcome']}. Of {many(len(others), 'other reading')} {number(len(turning))} would turn it"
        + (f" ({readings})." if len(turning) else ".")
    )


def declared_before(claim: Claim, training_runs: pd.DataFrame) -> str:
    """What the support would be without the alternative that was added after the first results.

    Parameters
    ----------
    claim : Claim
        C4.
    training_runs : DataFrame
        The table of that name.
    """
    before = tuple(factor for factor in training.FACTORS if factor is not training.ROLLOUTS)
    all_of, of_before = (
        training.explore_c4(claim, training_runs=training_runs, factors=factors).support
        for factors in (training.FACTORS, before)
    )
    without, with_it = (f"{100 * support.balanced:.0f} %" for support in (of_before, all_of))
    said = (
        "Whether roll-outs alone count was added to the alternatives after the first results. With those declared "
        f"before the claim holds under {without} of them, with it under {with_it}"
    )
    return said + (": the verdict turns on it." if of_before.balanced == 1 != all_of.balanced else ".")


def one_owner(alternatives: pd.DataFrame) -> str:
    r"""Whether it matters for the frontier that the machines belong to several parties.

    Parameters
    ----------
    alternatives : DataFrame
        From `analysis.compute.training.runs.alternatives_c4`.

    Returns
    -------
    str

    Examples
    --------
    >>> machines = [training.INDEPENDENT, training.ANY_OWNER]
    >>> rows = {"frontier": ["a tenth"] * 2, "by": [1, 1], "machines": machines, "share": [0.1, 0.2]}
    >>> one_owner(pd.DataFrame(rows | {"first_part": ["supported"] * 2})).replace("\xa0", " ")
    'Counting runs of one owner in several places too gives another largest run in 1 of 1 row, and turns 0 of them.'
    """
    keys = ["frontier", "by"]
    ours, others = (
        alternatives[alternatives["machines"] == machines].set_index(keys)
        for machines in (training.INDEPENDENT, training.ANY_OWNER)
    )
    moved = ours["share"].fillna(0) != others["share"].reindex(ours.index).fillna(0)
    turned = ours["first_part"] != others["first_part"].reindex(ours.index)
    return (
        f"Counting runs of one owner in several places too gives another largest run in {number(moved.sum())} of "
        f"{many(len(ours), 'row')}, and turns {number(turned.sum())} of them."
    )


def reach(lines: pd.DataFrame, bits_per_s: float) -> str:
    r"""Up to which size a bandwidth keeps exchanging below half of the time, by method, in the model.

    Parameters
    ----------
    lines : DataFrame
        From `analysis.compute.training.beyond.step_time.frontier`.
    bits_per_s : float

    Returns
    -------
    str

    Examples
    --------
    >>> lines = {"method": ["a", "a", "b"], "params": [1e9, 2e9, 1e9], "bits_per_s": [1e6, 3e6, 5e6]}
    >>> print(reach(pd.DataFrame(lines), 2e6).replace("\xa0", " ").replace(". ", ".\n"))
    In the model 2 million bits per second are enough with a at 1 billion parameters.
    They are enough at no size with b.
    """
    enough, never = [], []
    for method, line in lines.groupby("method", sort=False):
        sizes = line.loc[line["bits_per_s"] <= bits_per_s, "params"]
        if sizes.empty:
            never.append(method)
            continue
        first, last = _size(sizes.min()), _size(sizes.max())
        start = "" if sizes.min() == line["params"].min() else f"from {first} "
        enough.append(f"{method} at {last} parameters" if first == last else f"{method} {start}up to {last} parameters")
    said = f"In the model {quantity(bits_per_s, 'count')} bits per second are enough "
    none = f" They are enough at no size with {'; with '.join(never)}." if never else ""
    return said + (f"with {'; with '.join(enough)}." if enough else "with no method.") + (none if enough else "")


def _size(params: float) -> str:
    return quantity(float(f"{params:.2g}"), "count")


def cluster(claim: Claim, training_runs: pd.DataFrame, setting: step_time.Setting) -> str:
    """GPUs that a tenth of the largest run needs in `RUN`, beside the most that a counted run had.

    Parameters
    ----------
    claim : Claim
        C4.
    training_runs : DataFrame
        The table of that name.
    setting : Setting

    Returns
    -------
    str
    """
    largest = largest_run(training_runs, by=claim.as_of)
    bar, _ = next(iter(BARS.values()))
    needs = step_time.gpus_for(bar * largest["size"], RUN, setting)
    runs = training_runs[(training_runs["decentralised"] == "yes") & (training_runs["owners"] == "independent")]
    had = runs["gpus"].fillna(runs["participants"] * runs["gpus_per_participant"])
    most = (
        "; the most that a run over the internet of independent owners states, in all or as participants and the GPUs "
        f"of each, is {number(had.max())}"
    )
    return (
        f"A tenth of {largest['run']} in {number(RUN.days)} days takes {number(round(needs, -1))} GPUs of the model's "
        f"kind that compute all the time" + (most if had.notna().any() else "") + "."
    )


def model_fit(compared: pd.DataFrame) -> str:
    """How the model compares with the runs that state enough.

    Parameters
    ----------
    compared : DataFrame
        From `analysis.compute.training.beyond.step_time.against_measured`.

    Returns
    -------
    str
    """
    both = compared[compared["predicted_low"].notna() & compared["measured_low"].notna()]
    measured = int(compared["measured_low"].notna().sum())
    lines = [f"Of {many(measured, 'measured share')} {number(len(both))} can be compared with the model."]
    lines += [
        f"{row.run}: measured {number(100 * row.measured_low)} %, the model {number(100 * row.predicted_low)} % at the "
        f"bandwidth upwards and {number(100 * row.predicted_high)} % at that downwards."
        for row in both.itertuples()
    ]
    return " ".join(lines)


def index_of_clouds(indices: pd.DataFrame) -> str:
    """What the latest bounds of the clouds' index say.

    Parameters
    ----------
    indices : DataFrame
        From `analysis.compute.concentration.shares.indices`.

    Returns
    -------
    str
    """
    clouds = indices[indices["market"] == CLOUD]
    if clouds.empty:
        return "No source gives the shares of single clouds."
    last = clouds.iloc[0]
    verdict = {"yes": "above", "no": "below", "open": "on both sides of"}[last["over_high"]]
    return (
        f"Whatever the unreported rest looks like, the index of cloud services lies between {number(last['low'])} and "
        f"{number(last['high'])} points, {verdict} {number(HIGH)}."
    )


def inside_networks(market_shares: pd.DataFrame) -> str:
    """Joint share of the first three inside decentralised networks, as far as published shares bound it.

    Parameters
    ----------
    market_shares : DataFrame
        The table of that name.

    Returns
    -------
    str
    """
    rows = market_shares[(market_shares["measure"] == "emissions") & (market_shares["largest"] == "yes")]
    lines = []
    for row in rows[rows["members"] >= TOP].to_dict("records"):
        ends = (top_share_bounds(row[f"share_{end}"], int(row["members"]), TOP) for end in ("low", "high"))
        low, high = next(ends)[0], next(ends)[1]
        lines.append(
            f"{row['market']}: {row['participant']} have {number(100 * row['share_high'])} %, so that the first three "
            f"have {number(round(100 * low))} to {number(round(100 * high))} %."
        )
    return "\n".join(lines) or "No network publishes such shares."


def growth_needed(market_sizes: pd.DataFrame) -> str:
    """The growth that the forecast needs from its own base and from the latest revenue, beside growth so far.

    Parameters
    ----------
    market_sizes : DataFrame
        The table of that name.

    Returns
    -------
    str
    """
    needed = market_size.needed(market_sizes)
    needed = needed[(needed["market"] == market_size.CHIPS) & (needed["year"] == market_size.YEAR)]
    if needed.empty:
        return "No forecast of that year has an earlier base."
    lines = [
        f"From {row.base}'s {quantity(row.base_usd, 'USD')} in {row.base_year} to {quantity(row.usd, 'USD')} in "
        f"{row.year}: {number(round(100 * row.per_year))} % a year"
        + ("" if row.same_market else " (revenue of one maker, with networking)")
        for row in needed.itertuples()
    ]
    so_far = market_size.so_far(market_sizes)
    own = so_far[so_far["market"] == market_size.CHIPS]
    lines.append(
        "Growth of accelerators so far: "
        + (
            f"{number(round(100 * own['per_year'].iloc[-1]))} % a year."
            if len(own)
            else "not known, for want of a second figure."
        )
    )
    return "\n".join(lines)
