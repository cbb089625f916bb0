"""Sentences of the chapter that data decide, each composed from the tables that it is about."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.claims import Claim, Evidence
from analysis.formats import day, interval, many, number, quantity
from analysis.verifiable_ai.cost import ImpliedPrice
from analysis.verifiable_ai.law import LARGEST_K, MINIMUM_K, RESERVED_ROWS, WITHIN_DOUBLINGS, WITHIN_FACTOR, PowerLaw
from analysis.verifiable_ai.memory import better
from analysis.verifiable_ai.overhead import Overhead
from analysis.verifiable_ai.predict import Prediction
from analysis.verifiable_ai.progress import Trend, to_precision
from analysis.verifiable_ai.rows import RowLaw
from analysis.verifiable_ai.shapes import Shape, parse
from analysis.verifiable_ai.unproved import BOUND_S, QUIET_LOAD

#: Ways in which a proof can be altered: column of `zk_proofs` -> in words.
ALTERED = {"tampered_proof_rejected": "an altered proof", "tampered_output_rejected": "an altered output"}


def listed(words: Sequence[str]) -> str:
    """Words with commas and an "and".

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def tampering(zk_proofs: pd.DataFrame) -> str:
    r"""How many proofs were verified, and whether what had been altered was refused.

    Parameters
    ----------
    zk_proofs : DataFrame
        The table of that name.

    Returns
    -------
    str

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
    """The law's slope with its interval, and whether cost grows in proportion to cells.

    Parameters
    ----------
    law : PowerLaw

    Returns
    -------
    str
    """
    found = f"{law.slope:.3f} (95 % interval {law.low:.3f} to {law.high:.3f}"
    clustered = f"errors clustered by model: {law.clustered[0]:.3f} to {law.clustered[1]:.3f})"
    proportional = "holds 1, growth in proportion to the cells" if law.low <= 1 <= law.high else "does not hold 1"
    data = f"{many(law.circuits, 'circuit')}, {many(law.proofs, 'proof')}"
    return f"Slope {found}; {clustered}, {data}. The interval {proportional}."


def bar(chained: pd.DataFrame) -> str:
    r"""Whether the predictions up to so many doublings beyond a fit were within the factor, and in their intervals.

    Parameters
    ----------
    chained : DataFrame
        From `analysis.verifiable_ai.law.forward_chaining`.

    Returns
    -------
    str

    Examples
    --------
    >>> rows = {"counts": [True, False], "within_factor": [True, False], "ratio": [0.8, 3.0]}
    >>> bar(pd.DataFrame(rows | {"inside_interval": [True, False]})).partition("; ")[2].replace("\xa0", " ")
    'the furthest is off by a factor of 1.25. Inside their 95 % intervals lie 1 of 1; of all 2 predictions 1.'
    """
    counted = chained[chained["counts"]]
    reach = f"up to {number(WITHIN_DOUBLINGS)} doublings beyond a fit"
    if counted.empty:
        return f"No fit allows a prediction {reach}."
    within, worst = int(counted["within_factor"].sum()), np.exp(np.abs(np.log(counted["ratio"].astype(float))).max())
    return (
        f"Of {many(len(counted), 'prediction')} {reach} {number(within)} {'is' if within == 1 else 'are'} within a "
        f"factor of {number(WITHIN_FACTOR)}; the furthest is off by a factor of {number(worst)}. "
        f"Inside their 95 % intervals lie {number(counted['inside_interval'].sum())} of {number(len(counted))}; of all "
        f"{many(len(chained), 'prediction')} {number(chained['inside_interval'].sum())}."
    )


def drift(chained: pd.DataFrame) -> str:
    r"""Predicted over measured by distance from the fit, and how many predictions are too low.

    Parameters
    ----------
    chained : DataFrame
        From `analysis.verifiable_ai.law.forward_chaining`.

    Returns
    -------
    str

    Examples
    --------
    >>> drift(pd.DataFrame({"doublings": [1.0, 2.0], "ratio": [0.98, 0.95]})).replace("\xa0", " ")
    'Too low are 2 of 2 predictions; predicted over measured is on average 0.98 at 1 and 0.95 at 2 doublings.'
    """
    if chained.empty:
        return "No fit allows a prediction."
    ratio = chained["ratio"].astype(float)
    means = np.exp(np.log(ratio).groupby(chained["doublings"].astype(float).round()).mean())
    found = listed([f"{mean:.2f} at {number(doublings)}" for doublings, mean in means.items()])
    low = f"Too low are {number((ratio < 1).sum())} of {many(len(chained), 'prediction')}"
    return f"{low}; predicted over measured is on average {found} doublings."


def forms(compared: pd.DataFrame) -> str:
    r"""Which form of the law of memory predicted better, and by how much.

    Parameters
    ----------
    compared : DataFrame
        From `analysis.verifiable_ai.memory.compare`.

    Returns
    -------
    str

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


def reach(of_law: pd.DataFrame, family: str, found: Prediction, *, least_k: int = MINIMUM_K + 1) -> str:
    """How many circuits of a family carry the law, by series, and how far the prediction lies beyond them.

    Parameters
    ----------
    of_law : DataFrame
        From `analysis.verifiable_ai.law.of_law`.
    family : str
    found : Prediction
    least_k : int
        Smallest k of the circuits that are counted.

    Returns
    -------
    str
    """
    own = of_law[(of_law["family"] == family) & (of_law["k"] >= least_k)]
    by_series = own.groupby("series")["circuit"].nunique()
    counts = [f"{number(count)} in the series {series}" for series, count in by_series.items()] or ["none"]
    largest = f", the largest of k = {own['k'].max()}" if len(own) else ""
    return (
        f"Circuits of the family \N{LEFT DOUBLE QUOTATION MARK}{family}\N{RIGHT DOUBLE QUOTATION MARK} that were "
        f"proved at k = {least_k} or more: {listed(counts)}{largest}. For GPT-2 the law extrapolates by "
        f"{found.family_doublings:.1f} doublings beyond them, and by {found.doublings:.1f} beyond the largest proof of "
        f"any family."
    )


def two_counts(rows: RowLaw, models: pd.Series, added: float, shape: Shape) -> str:
    """Rows of a network by the row law and from pieces of its own width, beside what EZKL accepts.

    Parameters
    ----------
    rows : RowLaw
    models : Series of str
        Circuits behind the law.
    added : float
        From `analysis.verifiable_ai.rows.added_up`; NaN where the pieces were not compiled.
    shape : Shape
        Of the network.

    Returns
    -------
    str
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
    """What a proof would take by the model, over every k, and how far the model reaches beyond what was proved.

    Parameters
    ----------
    found : Prediction

    Returns
    -------
    str
    """
    ks = [f"k = {k} with probability {share:.2f}" for k, share in sorted(found.k.items()) if share >= 0.005]
    cpu, wall = (f"{quantity(x.value, 's')} ({interval(x.low, x.high, 's')})" for x in (found.cpu, found.wall))
    beyond = f"{number(round(found.doublings))} doublings beyond the largest circuit that we proved"
    of_family = f"{number(round(found.family_doublings))} beyond the largest of its family"
    refused = f" EZKL accepts k up to {LARGEST_K}: as one circuit it would be taken with probability "
    return (
        f"The rows give {listed(ks)}. By the model one proof takes {cpu} of processor time, and {wall} on "
        f"{many(found.machine.cores, 'processor')} if memory sufficed. That is {beyond}, {of_family}."
        + (f"{refused}{found.accepted:.2f}." if found.accepted < 0.995 else "")
    )


def naive(fits: pd.DataFrame, found: Prediction) -> str:
    """How far the fits on multiply–accumulates lie apart, and from the law.

    Parameters
    ----------
    fits : DataFrame
        From `analysis.verifiable_ai.naive.naive_fit`.
    found : Prediction
        By the law.

    Returns
    -------
    str
    """
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
    """Which machine could prove it.

    Parameters
    ----------
    found : Prediction
    machines : DataFrame
        From `analysis.verifiable_ai.extrapolation.machines_for`.
    own_gib : float
        Memory of the machine that we proved on.

    Returns
    -------
    str
    """
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
    """What hiding the weights costs in processor time.

    Parameters
    ----------
    costs : DataFrame
        From `analysis.verifiable_ai.privacy.privacy_cost`.

    Returns
    -------
    str
        A line for each kind of weights.
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


def trend(found: Trend | None, exact: Trend | None = None) -> str:
    """How published times fell, and whether that can be told.

    Parameters
    ----------
    found : Trend or None
    exact : Trend, optional
        Of the results of which more than the year is known.

    Returns
    -------
    str
    """
    if exact is not None:
        without = trend(exact).replace("A year multiplies", "a year multiplies", 1)
        return f"{trend(found)}\nWithout results of which only the year is known, {without}"
    if found is None:
        return "Too few results at too few dates for a trend."
    told = "a fall" if found.high < 1 else "a rise" if found.low > 1 else "neither a fall nor a rise"
    ends = f"95 % interval {number(found.low)} to {number(found.high)}, {many(found.n, 'result')}"
    year = f"A year multiplies the published time by {number(found.factor_per_year)} ({ends})"
    return f"{year}: {told} can be told from these results alone."


def conventions(spells: pd.DataFrame, sources: pd.DataFrame) -> str:
    """What the dated spells rest on: sources without an address, and ends of which only month or year is known.

    Parameters
    ----------
    spells : DataFrame
        From `analysis.verifiable_ai.progress.spells`.
    sources : DataFrame
        The table of that name.

    Returns
    -------
    str
    """
    dated, by_id, said = spells[spells["since"].notna()], sources.set_index("source_id"), []
    for row in dated.drop_duplicates(["system", "source_id"]).itertuples():
        known = row.source_id in by_id.index and by_id.loc[row.source_id, "address"]
        if not known:
            title = by_id["title"].get(row.source_id, row.source_id)
            said.append(f"The row of {row.system} comes from a source without a recorded address ({title}).")
    for row in dated[dated["until"].notna()].drop_duplicates(["until_system", "until"]).itertuples():
        if row.until_precision != "day":
            on = to_precision(row.until_earliest, row.until_precision)
            said.append(
                f"It ends with {row.until_system}, published in {on}; only the {row.until_precision} is known, and its "
                f"last day, {day(row.until.date())}, counts by convention."
            )
    return " ".join(said) or "No spell rests on a source without an address or on a rough date."


def spell(claim: Claim, spells: pd.DataFrame) -> str:
    """When the asserted time described the best public system.

    Parameters
    ----------
    claim : Claim
        V1.
    spells : DataFrame
        From `analysis.verifiable_ai.progress.spells`.

    Returns
    -------
    str
    """
    region = interval(claim.regions[0].left, claim.regions[0].right, "s")
    dated, sets = spells[spells["since"].notna()], spells["set"].nunique()
    head = (
        f"The best public system took {region} at some time in {number(dated['set'].nunique())} of {number(sets)} sets"
    )
    rows = []
    for row in dated.itertuples():
        until = "still" if pd.isna(row.until) else f"until {_between(row.until_earliest, row.until)}"
        since = f"from {_between(row.since_earliest, row.since)}"
        rows.append(f"{row.set}: {row.system}, {quantity(row.prove_s, 's')}, {since} {until}")
    return f"{head}." if not rows else f"{head}:\n" + ";\n".join(rows) + "."


def _between(first: pd.Timestamp, last: pd.Timestamp) -> str:
    """A day, or the days between which it lies."""
    ends = [day(end.date()) for end in (first, last)]
    return ends[1] if ends[0] == ends[1] else f"some day between {ends[0]} and {ends[1]}"


def both(v1: Claim, v2: Claim, priced: pd.DataFrame, implied: ImpliedPrice, machines: pd.DataFrame) -> str:
    """Whether V1 and V2 hold together for any system, and what machine that would take.

    Parameters
    ----------
    v1, v2 : Claim
    priced : DataFrame
        From `analysis.verifiable_ai.cost.costs`.
    implied : ImpliedPrice
    machines : DataFrame
        From `analysis.verifiable_ai.cost.machines_between`.

    Returns
    -------
    str
    """
    in_time = [s in v1.regions[0] for s in priced["seconds"]]
    in_cost = [usd in v2.regions[0] for usd in priced["cost_usd"]]
    in_both = [a and b for a, b in zip(in_time, in_cost, strict=True)]
    counts = [number(sum(some)) for some in (in_time, in_cost, in_both)]
    held = f"the time holds for {counts[0]}, the cost for {counts[1]}, both for {counts[2]}"
    one = f"Of {many(len(priced), 'system')} {held}."
    price = f"Together they imply a machine of {number(implied.low)} to {number(implied.high)} USD an hour"
    if machines.empty:
        return f"{one} {price}; our table has no such machine."
    sold = f"{many(len(machines), 'instance')} of hyperscalers cost as much"
    first, last = (f"{m.provider} {m.instance}, {number(m.usd_per_hour)}" for m in machines.iloc[[0, -1]].itertuples())
    return f"{one} {price}; {sold}, from {first}, to {last}."


def quiet(sessions: pd.DataFrame) -> str:
    r"""Which sessions of plain inference count, and how far apart their medians lie.

    Parameters
    ----------
    sessions : DataFrame
        From `analysis.verifiable_ai.unproved.sessions`.

    Returns
    -------
    str

    Examples
    --------
    >>> found = {"quiet": [True, True], "runs": [60, 30], "one_token_s": [0.01, 0.02], "full_s": [0.8, 2.1]}
    >>> print(quiet(pd.DataFrame(found)).replace("\xa0", " "))
    Of 2 sessions 2 are quiet, the load of their first run below 1: V3 rests on their 90 runs of one token.
    Medians of quiet sessions:
    one token: 10 to 20 ms, below 1 s in 2 of 2;
    the longest input: 0.8 to 2.1 s, below 1 s in 1 of 2.
    """
    counted = sessions[sessions["quiet"]]
    head = f"Of {many(len(sessions), 'session')} {number(len(counted))}"
    if counted.empty:
        return f"{head} are quiet: V3 cannot be computed."
    verb, whose = ("is", "its") if len(counted) == 1 else ("are", "their")
    ends = []
    for name, column in {"one token": "one_token_s", "the longest input": "full_s"}.items():
        medians = counted[column].dropna()
        if len(medians):
            ends.append(
                f"{name}: {interval(medians.min(), medians.max(), 's')}, below {quantity(BOUND_S, 's')} in "
                f"{number((medians < BOUND_S).sum())} of {number(len(medians))}"
            )
    return (
        f"{head} {verb} quiet, the load of {whose} first run below {number(QUIET_LOAD)}: V3 rests on {whose} "
        f"{many(counted['runs'].sum(), 'run')} of one token.\nMedians of quiet sessions:\n" + ";\n".join(ends) + "."
    )


def gpu(priced: pd.DataFrame) -> str:
    """What was published on a GPU, and what of it cannot be compared.

    Parameters
    ----------
    priced : DataFrame
        From `analysis.verifiable_ai.unproved.on_gpu`.

    Returns
    -------
    str
    """
    usable = priced[priced["reason"] == ""]
    head = f"{many(len(priced), 'published time')} on a GPU, {number(len(usable))} with input length and price"
    if usable.empty:
        return f"{head}."
    took, dearest = interval(usable["seconds"].min(), usable["seconds"].max(), "s"), usable["usd"].max()
    return f"{head}: {took} a pass, at most {number(float(f'{dearest:.2g}'))} USD."


def parts(claim: Claim, evidence: Sequence[Evidence]) -> str:
    """What the evidence says of each part of a claim.

    Parameters
    ----------
    claim : Claim
        V4.
    evidence : sequence of Evidence

    Returns
    -------
    str
        A line for each part.
    """
    lines = []
    for part in claim.parts:
        rows = [row.bearing for row in evidence if row.part == part]
        counts = {bearing: rows.count(bearing) for bearing in ("supports", "contradicts", "neutral")}
        said = ", ".join(f"{number(n)} {bearing}" for bearing, n in counts.items())
        lines.append(f"{part}: {many(len(rows), 'row')}, of which {said}.")
    return "\n".join(lines)


def evidence_table(evidence: Sequence[Evidence]) -> pd.DataFrame:
    """Rows of evidence as a table.

    Parameters
    ----------
    evidence : sequence of Evidence

    Returns
    -------
    DataFrame
        part, bearing, what was observed, vendor, source.

    Examples
    --------
    >>> evidence_table([Evidence("seen", "neutral", "s", part="A", vendor=True)]).values.tolist()
    [['A', 'neutral', 'seen', 'yes', 's']]
    """
    rows = [(e.part or "", e.bearing, e.statement, "yes" if e.vendor else "no", e.source_id) for e in evidence]
    return pd.DataFrame(rows, columns=["part", "bearing", "what was observed", "vendor", "source"])


def overhead(found: Overhead) -> str:
    """Geometric mean of overheads, its interval, and when to look again.

    Parameters
    ----------
    found : Overhead

    Returns
    -------
    str
    """
    values = (found.mean, found.low, found.high, found.least, found.most)
    mean, low, high, least, most = (number(float(f"{x:.2g}")) for x in values)
    which = (
        f"95 % interval {low} to {high} over {many(found.n, 'system')}; {many(found.rows, 'row')}, "
        f"from {least} to {most}"
    )
    return f"A proof takes {mean} times as long as the inference ({which}). Look again on {day(found.expires)}."
