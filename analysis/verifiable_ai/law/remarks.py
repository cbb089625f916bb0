"""What we proved, the law that it follows, and what the law says of GPT-2."""

import numpy as np
import pandas as pd

from analysis.engine.words.formats import interval, listed, many, number, quantity
from analysis.tables.proving import ZkProofs
from analysis.verifiable_ai.law.hosts import Hosts
from analysis.verifiable_ai.law.memory import better
from analysis.verifiable_ai.law.powers import MINIMUM_K, RESERVED_ROWS, WITHIN_DOUBLINGS, WITHIN_FACTOR, PowerLaw
from analysis.verifiable_ai.law.predict import Prediction
from analysis.verifiable_ai.law.rows import RowLaw
from analysis.verifiable_ai.shapes import LARGEST_K, Shape, parse

#: Ways in which a proof can be altered: column of `zk_proofs` -> in words.
ALTERED = {"tampered_proof_rejected": "an altered proof", "tampered_output_rejected": "an altered output"}


def beyond(doublings: float, of_family: float | None = None) -> str:
    """How far a prediction lies beyond what we proved, in whole doublings of the cells.

    Examples
    --------
    >>> beyond(7.01)
    '7 doublings beyond the largest circuit that we proved'
    >>> beyond(7.01, 9.0)
    '7 doublings beyond the largest circuit that we proved, 9 beyond the largest of its family'
    """
    said = f"{number(round(doublings))} doublings beyond the largest circuit that we proved"
    return said if of_family is None else f"{said}, {number(round(of_family))} beyond the largest of its family"


def tampering(zk_proofs: ZkProofs) -> str:
    r"""How many proofs were verified, and whether what had been altered was refused.

    Examples
    --------
    >>> tried = {"tampered_proof_rejected": ["yes", "not tried"], "tampered_output_rejected": ["no", "not tried"]}
    >>> table = pd.DataFrame({"verified": [True, True], "source_id": ["b", "a"]} | tried)
    >>> print(tampering(table).replace("\xa0", " "))
    2 of 2 proofs were verified.
    Altered were 0 of 1 proof of the series a and 1 of 1 proof of the series b.
    With 1 proof an altered proof was tried: refused in 1, accepted in 0.
    With 1 proof an altered output was tried: refused in 0, accepted in 1.
    """
    lines = [f"{number(zk_proofs['verified'].sum())} of {many(len(zk_proofs), 'proof')} were verified."]
    tampered = (zk_proofs[list(ALTERED)] != "not tried").any(axis=1)
    counts = [
        f"{number(some.sum())} of {many(len(some), 'proof')} of the series {series}"
        for series, some in tampered.groupby(zk_proofs["source_id"])
    ]
    lines.append(f"Altered were {listed(counts)}.")
    for column, what in ALTERED.items():
        refused, accepted = ((zk_proofs[column] == said).sum() for said in ("yes", "no"))
        if refused + accepted == 0:
            lines.append(f"With none of them was {what} tried.")
            continue
        tried = f"With {many(refused + accepted, 'proof')} {what} was tried"
        lines.append(f"{tried}: refused in {number(refused)}, accepted in {number(accepted)}.")
    return "\n".join(lines)


def slope(law: PowerLaw) -> str:
    """The law's slope with its interval, and whether cost grows in proportion to cells."""
    found = f"{law.slope:.3f} (95 % interval {law.low:.3f} to {law.high:.3f}"
    clustered = f"errors clustered by model: {law.clustered[0]:.3f} to {law.clustered[1]:.3f})"
    proportional = "holds 1, growth in proportion to the cells" if law.low <= 1 <= law.high else "does not hold 1"
    data = f"{many(law.circuits, 'circuit')}, {many(law.proofs, 'proof')}"
    return f"Slope {found}; {clustered}, {data}. The interval {proportional}."


def hosts(found: Hosts) -> str:
    r"""How much faster or slower the host of each series was, and what the law makes of it.

    Examples
    --------
    >>> hosts(Hosts(("a", "b"), np.log([0.5, 2.0]), np.zeros((2, 2)), 1)).partition(". ")[0].replace("\xa0", " ")
    'Over 1 circuit that several series proved, its time over the mean of their hosts is 0.50 in a and 2.00 in b'
    """
    if not found.circuits:
        return "No circuit was proved in two series: their hosts cannot be compared, and proofs count as they are."
    each = listed([f"{factor:.2f} in {name}" for name, factor in found.factors.items()])
    its = "its time" if found.circuits == 1 else "their time"
    return (
        f"Over {many(found.circuits, 'circuit')} that several series proved, {its} over the mean of their hosts is "
        f"{each}. The law is of that mean: on a host as fast or as slow as one of ours, multiply by its number."
    )


def columns(others: pd.DataFrame, usual: int) -> str:
    r"""How the law does on circuits that have not the `usual` number of columns, which it was fitted to.

    `others` is from `analysis.verifiable_ai.law.powers.other_columns`.

    Examples
    --------
    >>> row = {"model": "a", "columns": 8, "k": 15, "measured": 30.0, "predicted": 20.0, "low": 18.0, "high": 22.0}
    >>> print(columns(pd.DataFrame([row | {"outside": True}]), 2).partition(": ")[2].replace("\xa0", " "))
    a with 8 columns (k = 15) took 30 s where it says 20 s (18 to 22 s). 1 of 1 lies outside its interval.
    """
    only = f"All circuits of the law have {many(usual, 'column')}, so that it is a law of the rows"
    if others.empty:
        return f"{only}; none with another number was proved."
    each = [
        f"{row.model} with {many(row.columns, 'column')} (k = {row.k}) took {quantity(row.measured, 's')} where it "
        f"says {quantity(row.predicted, 's')} ({interval(row.low, row.high, 's')})"
        for row in others.itertuples()
    ]
    outside = int(others["outside"].sum())
    lie = "lies" if outside == 1 else "lie"
    return f"{only}: {listed(each)}. {number(outside)} of {number(len(others))} {lie} outside its interval."


def bar(chained: pd.DataFrame) -> str:
    r"""Whether the predictions up to so many doublings beyond a fit were within the factor, and in their intervals.

    `chained` is from `analysis.verifiable_ai.law.powers.forward_chaining`.

    Examples
    --------
    >>> rows = {"counts": [True, False], "within_factor": [True, False], "ratio": [0.8, 3.0], "circuit": ["a", "b"]}
    >>> bar(pd.DataFrame(rows | {"inside_interval": [True, False]})).partition("; ")[2].replace("\xa0", " ")
    'the furthest is off by a factor of 1.25. Inside their 95 % intervals lie 1 of 1; of all 2 predictions 1.'
    """
    counted = chained[chained["counts"]]
    reach = f"up to {number(WITHIN_DOUBLINGS)} doublings beyond a fit"
    if counted.empty:
        return f"No fit allows a prediction {reach}."
    within, worst = int(counted["within_factor"].sum()), np.exp(np.log(counted["ratio"]).abs().max())
    circuits = many(counted["circuit"].nunique(), "circuit")
    return (
        f"Of {many(len(counted), 'prediction')} of {circuits} {reach} {number(within)} "
        f"{'is' if within == 1 else 'are'} within a "
        f"factor of {number(WITHIN_FACTOR)}; the furthest is off by a factor of {number(worst)}. "
        f"Inside their 95 % intervals lie {number(counted['inside_interval'].sum())} of {number(len(counted))}; of all "
        f"{many(len(chained), 'prediction')} {number(chained['inside_interval'].sum())}."
    )


def drift(chained: pd.DataFrame) -> str:
    r"""Predicted over measured by distance from the fit, and how many predictions are too low.

    `chained` is from `analysis.verifiable_ai.law.powers.forward_chaining`.

    Examples
    --------
    >>> drift(pd.DataFrame({"doublings": [1.0, 2.0], "ratio": [0.98, 0.95]})).replace("\xa0", " ")
    'Too low are 2 of 2 predictions; predicted over measured is on average 0.98 at 1 and 0.95 at 2 doublings.'
    """
    if chained.empty:
        return "No fit allows a prediction."
    ratio = chained["ratio"]
    means = np.exp(np.log(ratio).groupby(chained["doublings"].round()).mean())
    found = listed([f"{mean:.2f} at {number(doublings)}" for doublings, mean in means.items()])
    low = f"Too low are {number((ratio < 1).sum())} of {many(len(chained), 'prediction')}"
    return f"{low}; predicted over measured is on average {found} doublings."


def forms(compared: pd.DataFrame) -> str:
    r"""Which form of the law of memory predicted better, and by how much.

    `compared` is from `analysis.verifiable_ai.law.memory.compare`.

    Examples
    --------
    >>> found = pd.DataFrame({"rms_log_error": [0.03, 0.01], "predictions": 9}, index=["a", "b"])
    >>> forms(found).partition(" error is ")[2]
    '0.03 for "a" and 0.01 for "b": memory follows "b" here.'
    """
    if not compared["predictions"].any():
        return f'No fit allows a prediction: memory follows "{better(compared)}" here.'
    errors = listed([f'{number(float(f"{row.rms_log_error:.2g}"))} for "{row.Index}"' for row in compared.itertuples()])
    return (
        f"Over {many(int(compared['predictions'].max()), 'prediction')} by forward chaining the root mean squared log "
        f'error is {errors}: memory follows "{better(compared)}" here.'
    )


def reach(of_law: pd.DataFrame, family: str, found: Prediction) -> str:
    """How many circuits of a family carry the law, from a k on, by series; and how far the prediction lies beyond.

    `of_law` is from `analysis.verifiable_ai.law.powers.of_law`.
    """
    own, least_k = of_law[(of_law["family"] == family) & (of_law["k"] > MINIMUM_K)], MINIMUM_K + 1
    by_series = own.groupby("series")["circuit"].nunique()
    counts = [f"{number(count)} in the series {series}" for series, count in by_series.items()] or ["none"]
    largest = f", the largest of k = {own['k'].max()}" if len(own) else ""
    return (
        f"Circuits of the family \N{LEFT DOUBLE QUOTATION MARK}{family}\N{RIGHT DOUBLE QUOTATION MARK} that were "
        f"proved at k = {least_k} or more: {listed(counts)}{largest}. GPT-2 lies "
        f"{beyond(found.doublings, found.family_doublings)}."
    )


def two_counts(rows: RowLaw, models: pd.Series, added: float, shape: Shape) -> str:
    """Rows of a network by the row law and from pieces of its own width, beside what EZKL accepts.

    `models` are the circuits behind the law; `added` is from `analysis.verifiable_ai.law.rows.added_up`.
    """
    mean, low, high = (number(float(f"{x / 1e6:.3g}")) for x in rows.interval(shape))
    own, most = sum(parse(model).width == shape.width for model in models), 2**LARGEST_K - RESERVED_ROWS
    law = (
        f"By the row law it needs {mean} million rows ({low} to {high}). Its error is that of "
        f"{many(len(models), 'circuit')}, of which {number(own)} {'has' if own == 1 else 'have'} GPT-2's width."
    )
    limit = f"{number(float(f'{most / 1e6:.3g}'))} million, what k = {LARGEST_K} holds"
    refuses = (
        f"EZKL refuses a larger k, as read in its public source, so by our evidence k = {LARGEST_K + 1} is likelier"
    )
    if np.isnan(added):
        return f"{law} Pieces of its own width were not compiled; k = {LARGEST_K} holds {limit.partition(',')[0]}."
    pieces = f"Pieces of its own width, which share no coefficient with the law, add up to {added / 1e6:.1f} million."
    above = (rows.interval(shape)[0] > most) + (added > most)
    verdict = {2: f"Both exceed {limit}. {refuses}", 1: f"One of them exceeds {limit}", 0: f"Neither exceeds {limit}"}
    return f"{law} {pieces} {verdict[above]}."


def mixture(found: Prediction) -> str:
    """What a proof would take by the model, over every k, and how far the model reaches beyond what was proved."""
    ks = [f"k = {k} with probability {share:.2f}" for k, share in sorted(found.k.items()) if share >= 0.005]
    cpu, wall = (f"{quantity(x.value, 's')} ({interval(x.low, x.high, 's')})" for x in (found.cpu, found.wall))
    lies = beyond(found.doublings, found.family_doublings)
    refused = f" EZKL accepts k up to {LARGEST_K}: as one circuit it would be taken with probability "
    return (
        f"The rows give {listed(ks)}. By the model one proof takes {cpu} of processor time, and {wall} on "
        f"{many(found.machine.cores, 'processor')} if memory sufficed. That is {lies}."
        + (f"{refused}{found.accepted:.2f}." if found.accepted < 0.995 else "")
    )


def naive(fits: pd.DataFrame, found: Prediction) -> str:
    """How far the fits of `analysis.verifiable_ai.law.naive.naive_fit` lie apart, and from the law."""
    known = fits.dropna(subset=["cpu_s"])
    if known.empty:
        return "No sample has enough circuits for a fit on multiply–accumulates."
    least, most = (known.loc[known["cpu_s"].agg(which)] for which in ("idxmin", "idxmax"))
    low, high = known["slope"].min(), known["slope"].max()
    below = int((known["cpu_s"] < found.cpu.low).sum())
    ends = [f"{quantity(one['cpu_s'], 's')} ({one['sample']})" for one in (least, most)]
    return (
        f"Slopes from {low:.2f} to {high:.2f}; for GPT-2 they give from {ends[0]} to {ends[1]}, "
        f"where the law gives {quantity(found.cpu.value, 's')}. "
        f"{number(below)} of {number(len(known))} lie below the law's interval."
    )


def memory(found: Prediction, machines: pd.DataFrame, own_gib: float) -> str:
    """Which machine of `analysis.verifiable_ai.law.extrapolation.machines_for` could prove it, beside our own."""
    value, low, high = (
        number(float(f"{gib:.3g}")) for gib in (found.memory.value, found.memory.low, found.memory.high)
    )
    needs = f"By the model a proof needs {value} GiB ({low} to {high}); ours has {number(own_gib)}."
    median = machines.set_index("memory").loc["median"]
    if np.isnan(median["usd_per_hour"]):
        return f"{needs} No machine in our table of prices holds it."
    price = f"{number(median['usd_per_hour'])} USD an hour"
    which = f"{median['provider']} {median['instance']} ({number(median['memory_gib'])} GiB, {price})"
    return f"{needs} The cheapest machine in our table that holds the median is {which}."


def privacy(costs: pd.DataFrame) -> str:
    """What hiding the weights costs in processor time: a line for each kind of weights.

    `costs` is from `analysis.verifiable_ai.hidden_weights.beyond.privacy.privacy_cost`.
    """
    rows = costs[costs["cost"] == "processor time"]
    if rows.empty:
        return "No network was proved both with hidden and with fixed weights."
    lines = []
    for row in rows.itertuples():
        ends = "" if np.isnan(row.low) else f" ({row.low:.2f} to {row.high:.2f})"
        tells = "no difference can be told" if not row.low > 1 and not row.high < 1 else "the difference can be told"
        lines.append(
            f"Weights {row.weights}: {row.ratio:.2f} times the processor time of fixed ones{ends}, over "
            f"{many(row.networks, 'network')}; interval of {row.interval_of}; {tells}."
        )
    return "\n".join(lines)
