"""Claim C4: training of frontier models over the internet, and fine-tuning there.

The two parts are judged by published runs. What a model of step times says of them is in
`analysis.compute.training.beyond.step_time`.
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal, get_args

import numpy as np
import pandas as pd

from analysis.engine.claims import Claim, Evidence, Finding
from analysis.engine.multiverse import Factor, Multiverse, explore_outcomes
from analysis.engine.words.formats import day, many, number, period
from analysis.tables.training import TrainingRuns

Measure = Literal["training compute", "parameters"]
Machines = Literal["independent owners", "one owner in several places too"]

FRONTIER, FINE_TUNING = "frontier training", "fine-tuning and distillation"
#: Operations per parameter and token: two forwards and four backwards.
FLOP_PER_PARAMETER_TOKEN = 6
#: The years that C4 compares.
EARLIER, LATER = 2024, 2025
#: Source of a row about what the table of runs does not hold.
COMPILATION = "train_compilation"
COMPUTE, PARAMETERS = get_args(Measure)
INDEPENDENT, ANY_OWNER = get_args(Machines)

#: Ways to draw the frontier: part of the largest run that counts as having reached it, and by what it is measured.
BARS: dict[str, tuple[float, Measure]] = {
    "a tenth of the training compute": (0.1, COMPUTE),
    "a hundredth of the training compute": (0.01, COMPUTE),
    "a tenth of the parameters": (0.1, PARAMETERS),
}
BAR = Factor("frontier", tuple(BARS), next(iter(BARS)))
MACHINES = Factor("machines", (INDEPENDENT, ANY_OWNER), INDEPENDENT)
#: Whether reinforcement learning counts of which only the roll-outs ran on machines of others: the words leave it open.
ROLLOUTS = Factor("roll-outs", ("count", "do not count"), "count")
FACTORS = (BAR, MACHINES, ROLLOUTS)


def training_flop(params: float, tokens: float) -> float:
    """Training compute, 6 × parameters × tokens.

    Parameters
    ----------
    params : float
        Parameters that each token uses.
    tokens : float

    Returns
    -------
    float
        FLOP.

    Examples
    --------
    >>> training_flop(1e10, 1e12)
    6e+22
    """
    return FLOP_PER_PARAMETER_TOKEN * params * tokens


def sizes(training_runs: pd.DataFrame, measure: Measure = "training compute") -> pd.Series:
    """Size of each run.

    Parameters
    ----------
    training_runs : DataFrame
        The table of that name.
    measure : {"training compute", "parameters"}
        Compute is of the parameters that each token uses: a mixture of experts computes with no others. Where tokens
        were not stated, the compute is unknown. Counting all parameters of such a mixture would only raise the bar.

    Returns
    -------
    Series of float
        FLOP or parameters; NaN where unknown.

    Raises
    ------
    ValueError
        If the measure is another.

    Examples
    --------
    >>> runs = pd.DataFrame({"params": [4e10], "active_params": [1e10], "tokens": [1e12]})
    >>> sizes(runs).tolist(), sizes(runs, "parameters").tolist()
    ([6e+22], [40000000000.0])
    """
    if measure not in get_args(Measure):
        raise ValueError(f"unknown measure {measure!r}; the measures are {', '.join(get_args(Measure))}")
    if measure == PARAMETERS:
        return training_runs["params"]
    return training_flop(training_runs["active_params"], training_runs["tokens"])


def largest_run(training_runs: pd.DataFrame, *, by: date, measure: Measure = "training compute") -> pd.Series | None:
    """The largest completed run of any kind of machines that was certainly published by a day, with its `size`.

    Parameters
    ----------
    training_runs : DataFrame
        The table of that name.
    by : date
    measure : {"training compute", "parameters"}

    Returns
    -------
    Series or None
        A row of the table and `size`; None where no size is known.
    """
    runs = training_runs.assign(size=sizes(training_runs, measure))
    known = runs[_is_run(runs) & (runs["completed"] == "yes") & _by(runs, by) & runs["size"].notna()]
    return None if known.empty else known.loc[known["size"].idxmax()]


def frontier_runs(
    training_runs: pd.DataFrame,
    *,
    by: date,
    measure: Measure = "training compute",
    machines: Machines = "independent owners",
) -> pd.DataFrame:
    """Pre-training over the internet beside the largest run of any kind.

    Parameters
    ----------
    training_runs : DataFrame
        The table of that name.
    by : date
        Only what was certainly published by then counts.
    measure : {"training compute", "parameters"}
    machines : {"independent owners", "one owner in several places too"}
        The second also counts runs whose source does not say whose machines they were.

    Returns
    -------
    DataFrame, one row a run or survey, by date
        Rows of the table, `size`, `share` (of the largest run; NaN where unknown), `counts` (bool), `why_not` (text,
        empty where it counts).
    """
    runs = training_runs.assign(size=sizes(training_runs, measure))
    runs = runs[_is_run(runs) & (runs["decentralised"] == "yes") & (runs["kind"] == "pre-training")]
    largest = largest_run(training_runs, by=by, measure=measure)
    runs = runs.assign(share=np.nan if largest is None else runs["size"] / largest["size"])
    unknown = "tokens not stated" if measure == COMPUTE else "size not stated"
    why_not = _why_not(runs, by=by, machines=machines).where(
        runs["share"].notna(), _why_not(runs, by=by, machines=machines) + unknown + "; "
    )
    return _ordered(runs.assign(why_not=why_not.str.removesuffix("; "), counts=why_not == ""))


def leading_run(training_runs: pd.DataFrame, *, by: date) -> dict | None:
    """The largest of `frontier_runs` that counts; None where none of known size does."""
    runs = frontier_runs(training_runs, by=by)
    runs = runs[runs["counts"] & runs["share"].notna()]
    return None if runs.empty else runs.loc[runs["share"].idxmax()].to_dict()


def fine_tuning_runs(
    training_runs: pd.DataFrame, *, by: date, machines: Machines = "independent owners", rollouts: bool = True
) -> pd.DataFrame:
    """Fine-tuning, reinforcement learning and distillation over the internet.

    Parameters
    ----------
    training_runs : DataFrame
        The table of that name.
    by : date
        Only what was certainly published by then counts.
    machines : {"independent owners", "one owner in several places too"}
    rollouts : bool
        Whether reinforcement learning counts of which only the roll-outs ran on such machines.

    Returns
    -------
    DataFrame, one row a run, by date
        Rows of the table, `year` (NaN where the date leaves it open), `counts` (bool), `why_not` (text).
    """
    runs = training_runs[_is_run(training_runs) & (training_runs["kind"] == "post-training")]
    runs = runs[runs["decentralised"] != "no"]
    why_not = _why_not(runs, by=by, machines=machines)
    if not rollouts:
        why_not = why_not.mask(runs["decentralised"] == "partly", why_not + "only the roll-outs; ")
    first, last = runs["published_from"].dt.year, runs["published_to"].dt.year
    why_not = why_not.str.removesuffix("; ")
    return _ordered(runs.assign(year=first.where(first == last), why_not=why_not, counts=why_not == ""))


def _is_run(training_runs: pd.DataFrame) -> pd.Series:
    return (training_runs["of_run"] == "") & (training_runs["kind"] != "survey")


def _by(training_runs: pd.DataFrame, by: date) -> pd.Series:
    return training_runs["published_to"] <= pd.Timestamp(by)


def _why_not(runs: pd.DataFrame, *, by: date, machines: Machines) -> pd.Series:
    if machines not in get_args(Machines):
        raise ValueError(f"unknown machines {machines!r}; they are {', '.join(get_args(Machines))}")
    late = np.where(_by(runs, by), "", f"published after {day(by)}; ")
    open_ended = {"yes": "", "no": "not completed; ", "not stated": "completion not stated; "}
    owners = {"independent": "", "one": "one owner; ", "not stated": "owners not stated; "}
    reasons = late + runs["completed"].map(open_ended)
    return reasons + ("" if machines == ANY_OWNER else runs["owners"].map(owners))


def _ordered(runs: pd.DataFrame) -> pd.DataFrame:
    return runs.sort_values(["published_from", "run_id"], kind="stable").reset_index(drop=True)


def evidence(
    claim: Claim,
    training_runs: pd.DataFrame,
    *,
    frontier: str = BAR.primary,
    machines: Machines = "independent owners",
    rollouts: bool = True,
) -> tuple[Evidence, ...]:
    """Every published run that bears on C4, with its bearing by the claim's definition.

    Parameters
    ----------
    claim : Claim
        C4, for its date.
    training_runs : DataFrame
        The table of that name.
    frontier : str
        One of `BARS`.
    machines : {"independent owners", "one owner in several places too"}
    rollouts : bool
        As in `fine_tuning_runs`.

    Returns
    -------
    tuple of Evidence
        By part, then by date.

    Raises
    ------
    ValueError
        If the frontier or the machines are others.

    Notes
    -----
    A run that reached the bar contradicts the first part, and then no other run supports it. Else every run that counts
    supports it, and so does a survey whose largest run lies below the bar. The second part is supported by the runs
    that count if 2025 had more of them than 2024, and contradicted by a row of our own if there is none. The first part
    is about pre-training; the definition does not say whether reinforcement learning counts of which only the roll-outs
    ran on such machines, and we count it as a run on them: `readings` shows what else would follow.
    """
    if frontier not in BARS:
        raise ValueError(f"unknown frontier {frontier!r}; they are {', '.join(BARS)}")
    tuned = fine_tuning_runs(training_runs, by=claim.as_of, machines=machines, rollouts=rollouts)
    return (*_frontier_rows(claim, training_runs, frontier, machines), *_fine_tuning_rows(claim, tuned))


def _frontier_rows(claim: Claim, training_runs: pd.DataFrame, frontier: str, machines: Machines) -> Iterator[Evidence]:
    bar, measure = BARS[frontier]
    runs = frontier_runs(training_runs, by=claim.as_of, measure=measure, machines=machines)
    largest = largest_run(training_runs, by=claim.as_of, measure=measure)
    reached = runs["counts"] & (runs["share"] >= bar)
    for row, at_bar in zip(runs.to_dict("records"), reached, strict=True):
        bearing = "neutral" if reached.any() or not row["counts"] else "supports"
        size = f"{number(100 * row['share'])} % of the {measure} of {largest['run']}" if row["share"] > 0 else ""
        yield _row(row, FRONTIER, "contradicts" if at_bar else bearing, "; ".join(filter(None, (size, row["why_not"]))))
    if measure == COMPUTE and largest is not None:
        yield from _surveys(training_runs, claim, bar=bar, largest=largest, reached=bool(reached.any()))
    if not runs["counts"].any():
        yield _absence(FRONTIER, "supports", "no completed run of known size over the internet in our table")


def _surveys(
    training_runs: pd.DataFrame, claim: Claim, *, bar: float, largest: pd.Series, reached: bool
) -> Iterator[Evidence]:
    surveys = training_runs[(training_runs["kind"] == "survey") & _by(training_runs, claim.as_of)]
    for row in surveys.to_dict("records"):
        low, high = (100 * row[f"flop_{end}"] / largest["size"] for end in ("low", "high"))
        bearing = "supports" if high < 100 * bar and not reached else "neutral"
        said = f"the largest of them {number(low)} to {number(high)} % of the training compute of {largest['run']}"
        yield _row(row, FRONTIER, bearing, said)


def _fine_tuning_rows(claim: Claim, tuned: pd.DataFrame) -> Iterator[Evidence]:
    counted = tuned[tuned["counts"]]
    more = (counted["year"] == LATER).sum() > (counted["year"] == EARLIER).sum()
    for row in tuned.to_dict("records"):
        partly = "only the roll-outs over the internet" if row["decentralised"] == "partly" else ""
        why = row["why_not"].replace("only the roll-outs", "").strip("; ")
        yield _row(
            row,
            FINE_TUNING,
            "supports" if row["counts"] and more else "neutral",
            "; ".join(filter(None, (partly, why))),
        )
    if counted.empty:
        yield _absence(FINE_TUNING, "contradicts", f"no completed run by {day(claim.as_of)} in our table")


def _row(row: dict, part: str, bearing: str, said: str) -> Evidence:
    when = period(row["published_from"], row["published_to"])
    size = f", {number(row['params'] / 1e9)} billion parameters" if row["params"] > 0 else ""
    return Evidence(
        statement=f"{row['run']}, {when}{size}" + (f": {said}" if said else ""),
        bearing=bearing,
        source_id=row["source_id"],
        observed_on=row["published_from"].date(),
        vendor=row["by"] == "authors",
        part=part,
    )


def _absence(part: str, bearing: str, statement: str) -> Evidence:
    return Evidence(statement=statement, bearing=bearing, source_id=COMPILATION, part=part)


def outcome(rows: tuple[Evidence, ...], part: str) -> Literal["supported", "contradicted", "inconclusive"]:
    """What the rows say of a part: one voice, or none.

    Examples
    --------
    >>> outcome((Evidence("seen", "supports", "s", part=FRONTIER),), FRONTIER)
    'supported'
    """
    voices = {row.bearing for row in rows if row.part == part} - {"neutral"}
    if voices == {"supports"}:
        return "supported"
    return "contradicted" if voices == {"contradicts"} else "inconclusive"


def alternatives_c4(claim: Claim, training_runs: pd.DataFrame, *, today: date) -> pd.DataFrame:
    """Both parts under every definition, on the claim's date and by what was published until another day.

    Parameters
    ----------
    claim : Claim
        C4.
    training_runs : DataFrame
        The table of that name.
    today : date
        The other day.

    Returns
    -------
    DataFrame, one row a definition and a day
        `frontier`, `machines`, `by` (date), `run` (the largest that counts; text, empty where none does), `share` (of
        the bar: 1 or more has reached it; NaN where none counts), `first_part`, `second_part`, as in `outcome`.
    """
    rows = []
    for by in (claim.as_of, today):
        for frontier, (bar, measure) in BARS.items():
            for machines in MACHINES.options:
                found = frontier_runs(training_runs, by=by, measure=measure, machines=machines)
                found = found[found["counts"]]
                first = found.loc[found["share"].idxmax()] if len(found) else None
                tuned = fine_tuning_runs(training_runs, by=by, machines=machines)
                rows.append(
                    {
                        "frontier": frontier,
                        "machines": machines,
                        "by": pd.Timestamp(by),
                        "run": "" if first is None else first["run"],
                        "share": np.nan if first is None else first["share"] / bar,
                        "first_part": "contradicted" if first is not None and first["share"] >= bar else "supported",
                        "second_part": outcome(tuple(_fine_tuning_rows(claim, tuned)), FINE_TUNING),
                    }
                )
    return pd.DataFrame(rows).astype({"run": "str"})


def readings(claim: Claim, training_runs: pd.DataFrame) -> pd.DataFrame:
    """The second part under readings that its definition leaves open.

    Parameters
    ----------
    claim : Claim
        C4, for its date.
    training_runs : DataFrame
        The table of that name.

    Returns
    -------
    DataFrame, one row a reading; the first is ours
        `rollouts` ("count" or "do not count"), `machines`, `earlier` and `later` (int: runs that count in the two
        years), `outcome`.
    """
    rows = []
    for rollouts in ROLLOUTS.options:
        for machines in MACHINES.options:
            counted = rollouts == ROLLOUTS.primary
            tuned = fine_tuning_runs(training_runs, by=claim.as_of, machines=machines, rollouts=counted)
            years = tuned.loc[tuned["counts"], "year"]
            said = outcome(tuple(_fine_tuning_rows(claim, tuned)), FINE_TUNING)
            counts = (int((years == year).sum()) for year in (EARLIER, LATER))
            rows.append((rollouts, machines, *counts, said))
    return pd.DataFrame(rows, columns=["rollouts", "machines", "earlier", "later", "outcome"])


def explore_c4(claim: Claim, *, training_runs: pd.DataFrame, factors: tuple[Factor, ...] = FACTORS) -> Multiverse:
    """Whether C4 is supported under every definition.

    Claims.yml marks two of its alternatives as ways to draw the frontier, one as of the machines, one as of what counts
    as fine-tuning: three factors.

    Parameters
    ----------
    claim : Claim
        C4.
    training_runs : DataFrame
        The table of that name.
    factors : tuple of Factor
        Those of `FACTORS` that vary; the others are primary.
    """

    def of(**options: str) -> bool:
        chosen = {factor.name: factor.primary for factor in FACTORS} | options
        frontier, machines, rollouts = (chosen[factor.name] for factor in FACTORS)
        counted = rollouts == ROLLOUTS.primary
        rows = evidence(claim, training_runs, frontier=frontier, machines=machines, rollouts=counted)
        return all(outcome(rows, part) == "supported" for part in claim.parts)

    return explore_outcomes(factors, of)


def assess_c4(claim: Claim, *, training_runs: TrainingRuns) -> Finding:
    """Published runs over the internet by the claim's date, beside the largest run of any kind.

    Parameters
    ----------
    claim : Claim
        C4, for its date and its parts.

    Returns
    -------
    Finding
        Evidence rows by part, no number. Observed on the last day of a row that bears on a part. Nothing can be said,
        "missing", without a run of known size to compare with.
    """
    if largest_run(training_runs, by=claim.as_of) is None:
        return Finding(level=1, basis="secondary", missing="missing")
    rows = evidence(claim, training_runs)
    bear = [row for row in rows if row.bearing != "neutral"]
    settled = all(outcome(rows, part) == "supported" for part in claim.parts)
    return Finding(
        level=2 if any(row.vendor for row in bear) else 1,
        basis="secondary",
        evidence=rows,
        observed_on=max((row.observed_on for row in bear if row.observed_on), default=None),
        support=explore_c4(claim, training_runs=training_runs).support,
        nearest_true="it holds as it is" if settled else _would_settle(claim, rows),
    )


def _would_settle(claim: Claim, rows: tuple[Evidence, ...]) -> str:
    lacking = [part for part in claim.parts if outcome(rows, part) != "supported"]
    needs = {
        FRONTIER: f"no run that reached {BAR.primary} of the largest run",
        FINE_TUNING: f"more completed runs in {LATER} than in {EARLIER}",
    }
    return "; ".join(f"for {part}: {needs[part]}" for part in lacking) + f" ({many(len(rows), 'row')} of evidence)"
