"""Claim C4: training of frontier models over the internet, and fine-tuning there.

The two parts are judged by published runs. What a model of step times says of them is in
`analysis.compute.training.beyond.step_time`.
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal, get_args

import numpy as np
import pandas as pd

from analysis.engine.claims import Bearing, Claim, Evidence, Finding
from analysis.engine.multiverse import Question, combinations_of, meanings, primary_of
from analysis.engine.words.formats import day, many, number, period
from analysis.tables.training import TrainingRuns

Measure = Literal["training compute", "parameters"]

FRONTIER, FINE_TUNING = "frontier training", "fine-tuning and distillation"
#: Operations per parameter and token: two forwards and four backwards.
FLOP_PER_PARAMETER_TOKEN = 6
#: The years that C4 compares.
EARLIER, LATER = 2024, 2025
#: Source of a row about what the table of runs does not hold.
COMPILATION = "train_compilation"
COMPUTE, PARAMETERS = get_args(Measure)
INDEPENDENT, ANY_OWNER = "independent owners", "one owner in several places too"

#: What the options of C4's factors mean: the part of the largest run that counts as having reached the frontier, and by
#: what it is measured; whether one owner's machines count, and those whose owners are not stated; whether reinforcement
#: learning counts of which only the roll-outs ran on machines of others.
KNOWN = {
    "frontier": {
        "a tenth of the training compute": (0.1, COMPUTE),
        "a hundredth of the training compute": (0.01, COMPUTE),
        "a tenth of the parameters": (0.1, PARAMETERS),
    },
    "machines": {INDEPENDENT: False, ANY_OWNER: True},
    "roll-outs": {"count": True, "do not count": False},
}
#: Why a run does not count, by column and what it says there; `OWNERS` only where machines of independent owners count.
COMPLETED = {"yes": "", "no": "not completed; ", "not stated": "completion not stated; "}
OWNERS = {"independent": "", "one": "one owner; ", "not stated": "owners not stated; "}


def chosen(claim: Claim, **changes: str) -> tuple[float, Measure, bool, bool]:
    """What C4's definition, or another option of a factor, comes to.

    Returns
    -------
    tuple
        The bar, a share; by what it is measured; whether any owner counts; whether roll-outs alone count.
    """
    found = meanings(claim, primary_of(claim) | changes, KNOWN)
    return *found["frontier"], found["machines"], found["roll-outs"]


def training_flop(params: float, tokens: float) -> float:
    """Training compute in FLOP, 6 × parameters × tokens, of the parameters that each token uses.

    Examples
    --------
    >>> training_flop(1e10, 1e12)
    6e+22
    """
    return FLOP_PER_PARAMETER_TOKEN * params * tokens


def sizes(training_runs: TrainingRuns, measure: Measure = "training compute") -> pd.Series:
    """Size of each run, FLOP or parameters; NaN where unknown.

    Compute is of the parameters that each token uses: a mixture of experts computes with no others. Where tokens were
    not stated, the compute is unknown. Counting all parameters of such a mixture would only raise the bar.

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


def largest_run(training_runs: TrainingRuns, *, by: date, measure: Measure = "training compute") -> pd.Series | None:
    """The largest completed run of any kind of machines that was certainly published by a day, with its `size`.

    None where no size is known.
    """
    runs = training_runs.assign(size=sizes(training_runs, measure))
    known = runs[_is_run(runs) & (runs["completed"] == "yes") & _by(runs, by) & runs["size"].notna()]
    return None if known.empty else known.loc[known["size"].idxmax()]


def frontier_runs(
    training_runs: TrainingRuns, *, by: date, measure: Measure = "training compute", any_owner: bool = False
) -> pd.DataFrame:
    """Pre-training over the internet beside the largest run of any kind.

    Parameters
    ----------
    by : date
        Only what was certainly published by then counts.
    any_owner : bool
        Whether machines of one owner count too, and those whose owners are not stated.

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
    unknown = "tokens not stated; " if measure == COMPUTE else "size not stated; "
    why_not = _why_not(runs, by=by, any_owner=any_owner) + np.where(runs["share"].notna(), "", unknown)
    return _counted(runs, why_not)


def leading_run(training_runs: TrainingRuns, *, by: date, **options: object) -> dict | None:
    """The largest of `frontier_runs`, with its options, that counts; None where none of known size does."""
    runs = frontier_runs(training_runs, by=by, **options)
    runs = runs[runs["counts"]]
    return None if runs.empty else runs.loc[runs["share"].idxmax()].to_dict()


def fine_tuning_runs(
    training_runs: TrainingRuns, *, by: date, any_owner: bool = False, rollouts: bool = True
) -> pd.DataFrame:
    """Fine-tuning, reinforcement learning and distillation over the internet.

    Parameters
    ----------
    by, any_owner
        As in `frontier_runs`.
    rollouts : bool
        Whether reinforcement learning counts of which only the roll-outs ran on such machines.

    Returns
    -------
    DataFrame, one row a run, by date
        Rows of the table, `year` (NaN where the date leaves it open), `counts` (bool), `why_not` (text).
    """
    runs = training_runs[_is_run(training_runs) & (training_runs["kind"] == "post-training")]
    runs = runs[runs["decentralised"] != "no"]
    why_not = _why_not(runs, by=by, any_owner=any_owner)
    if not rollouts:
        why_not += np.where(runs["decentralised"] == "partly", "only the roll-outs; ", "")
    first, last = runs["published_from"].dt.year, runs["published_to"].dt.year
    return _counted(runs.assign(year=first.where(first == last)), why_not)


def _is_run(training_runs: TrainingRuns) -> pd.Series:
    return (training_runs["of_run"] == "") & (training_runs["kind"] != "survey")


def _by(training_runs: TrainingRuns, by: date) -> pd.Series:
    return training_runs["published_to"] <= pd.Timestamp(by)


def _why_not(runs: pd.DataFrame, *, by: date, any_owner: bool) -> pd.Series:
    late = np.where(_by(runs, by), "", f"published after {day(by)}; ")
    return late + runs["completed"].map(COMPLETED) + ("" if any_owner else runs["owners"].map(OWNERS))


def _counted(runs: pd.DataFrame, why_not: pd.Series) -> pd.DataFrame:
    runs = runs.assign(why_not=why_not.str.removesuffix("; "), counts=why_not == "")
    return runs.sort_values(["published_from", "run_id"], kind="stable").reset_index(drop=True)


def evidence(claim: Claim, training_runs: TrainingRuns, **changes: str) -> tuple[Evidence, ...]:
    """Every published run that bears on C4 by part and date, with its bearing by its definition or other options.

    Notes
    -----
    A run that reached the bar contradicts the first part, and then no other run supports it. Else every run that counts
    supports it, and so does a survey whose largest run lies below the bar. The second part is supported by the runs
    that count if 2025 had more of them than 2024, and contradicted by a row of our own if there is none. The first part
    is about pre-training; the definition does not say whether reinforcement learning counts of which only the roll-outs
    ran on such machines, and we count it as a run on them: `readings` shows what else would follow.
    """
    bar, measure, any_owner, rollouts = chosen(claim, **changes)
    first = _frontier_rows(claim, training_runs, bar, measure, any_owner)
    tuned = fine_tuning_runs(training_runs, by=claim.as_of, any_owner=any_owner, rollouts=rollouts)
    return (*first, *_fine_tuning_rows(claim, tuned))


def _frontier_rows(
    claim: Claim, training_runs: TrainingRuns, bar: float, measure: Measure, any_owner: bool
) -> Iterator[Evidence]:
    runs = frontier_runs(training_runs, by=claim.as_of, measure=measure, any_owner=any_owner)
    largest = largest_run(training_runs, by=claim.as_of, measure=measure)
    at_bar = runs["counts"] & (runs["share"] >= bar)
    reached = bool(at_bar.any())
    for row, reaches in zip(runs.to_dict("records"), at_bar, strict=True):
        bearing = "contradicts" if reaches else "neutral" if reached or not row["counts"] else "supports"
        size = f"{number(100 * row['share'])} % of the {measure} of {largest['run']}" if row["share"] > 0 else ""
        yield _row(row, FRONTIER, bearing, size, row["why_not"])
    if measure == COMPUTE and largest is not None:
        surveys = training_runs[(training_runs["kind"] == "survey") & _by(training_runs, claim.as_of)]
        for row in surveys.to_dict("records"):
            low, high = (row[f"flop_{end}"] / largest["size"] for end in ("low", "high"))
            span = f"{number(100 * low)} to {number(100 * high)} % of the training compute of {largest['run']}"
            bearing = "supports" if high < bar and not reached else "neutral"
            yield _row(row, FRONTIER, bearing, f"the largest of them {span}")
    if not runs["counts"].any():
        none = "no completed run of known size over the internet in our table"
        yield Evidence(none, "supports", COMPILATION, part=FRONTIER)


def _fine_tuning_rows(claim: Claim, tuned: pd.DataFrame) -> Iterator[Evidence]:
    earlier, later = _by_year(tuned)
    for row in tuned.to_dict("records"):
        partly = "only the roll-outs over the internet" if row["decentralised"] == "partly" else ""
        why = row["why_not"].replace("only the roll-outs", "").strip("; ")
        yield _row(row, FINE_TUNING, "supports" if row["counts"] and later > earlier else "neutral", partly, why)
    if not tuned["counts"].any():
        none = f"no completed run by {day(claim.as_of)} in our table"
        yield Evidence(none, "contradicts", COMPILATION, part=FINE_TUNING)


def _by_year(tuned: pd.DataFrame) -> list[int]:
    """How many runs count in the earlier year, and in the later."""
    years = tuned.loc[tuned["counts"], "year"]
    return [int((years == year).sum()) for year in (EARLIER, LATER)]


def _row(row: dict, part: str, bearing: Bearing, *said: str) -> Evidence:
    when = period(row["published_from"], row["published_to"])
    size = f", {number(row['params'] / 1e9)} billion parameters" if row["params"] > 0 else ""
    more = "; ".join(filter(None, said))
    statement = f"{row['run']}, {when}{size}" + (f": {more}" if more else "")
    own, on = row["by"] == "authors", row["published_from"].date()
    return Evidence(statement, bearing, row["source_id"], on, vendor=own, part=part)


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


def alternatives_c4(claim: Claim, training_runs: TrainingRuns, *, today: date) -> pd.DataFrame:
    """The first part under every definition, on the claim's date and by what was published until another day.

    Returns
    -------
    DataFrame, one row a definition and a day
        `frontier`, `machines`, `by` (date), `run` (the largest that counts; text, empty where none does), `share` (of
        the bar: 1 or more has reached it; NaN where none counts), `first_part`: supported or contradicted.
    """
    rows = []
    for by in (claim.as_of, today):
        for options in combinations_of(claim, "frontier", "machines").to_dict("records"):
            bar, measure, any_owner, _ = chosen(claim, **options)
            first = leading_run(training_runs, by=by, measure=measure, any_owner=any_owner)
            run, share = ("", np.nan) if first is None else (first["run"], first["share"])
            part = "contradicted" if share >= bar else "supported"
            rows.append((options["frontier"], options["machines"], pd.Timestamp(by), run, share / bar, part))
    return pd.DataFrame(rows, columns=["frontier", "machines", "by", "run", "share", "first_part"])


def readings(claim: Claim, training_runs: TrainingRuns) -> pd.DataFrame:
    """The second part under readings that its definition leaves open.

    Returns
    -------
    DataFrame, one row a reading; the first is ours
        `rollouts` ("count" or "do not count"), `machines`, `earlier` and `later` (int: runs that count in the two
        years), `outcome`.
    """
    rows = []
    for options in combinations_of(claim, "roll-outs", "machines").to_dict("records"):
        _, _, any_owner, rollouts = chosen(claim, **options)
        tuned = fine_tuning_runs(training_runs, by=claim.as_of, any_owner=any_owner, rollouts=rollouts)
        said = outcome(tuple(_fine_tuning_rows(claim, tuned)), FINE_TUNING)
        rows.append((options["roll-outs"], options["machines"], *_by_year(tuned), said))
    return pd.DataFrame(rows, columns=["rollouts", "machines", "earlier", "later", "outcome"])


def question_c4(claim: Claim, training_runs: TrainingRuns) -> Question:
    """Whether both parts of C4 are supported."""
    return Question(claim, lambda **options: not _lacking(claim, evidence(claim, training_runs, **options)))


def _lacking(claim: Claim, rows: tuple[Evidence, ...]) -> list[str]:
    """Parts that the rows do not support."""
    return [part for part in claim.parts if outcome(rows, part) != "supported"]


def assess_c4(claim: Claim, *, training_runs: TrainingRuns) -> Finding:
    """Published runs over the internet by the claim's date, beside the largest run of any kind.

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
    return Finding(
        level=2 if any(row.vendor for row in bear) else 1,
        basis="secondary",
        evidence=rows,
        observed_on=max((row.observed_on for row in bear if row.observed_on), default=None),
        **question_c4(claim, training_runs).settled(_would_settle(claim, rows)),
    )


def _would_settle(claim: Claim, rows: tuple[Evidence, ...]) -> str:
    needs = {
        FRONTIER: f"no run that reached {primary_of(claim)['frontier']} of the largest run",
        FINE_TUNING: f"more completed runs in {LATER} than in {EARLIER}",
    }
    lacking = "; ".join(f"for {part}: {needs[part]}" for part in _lacking(claim, rows))
    return lacking and f"{lacking} ({many(len(rows), 'row')} of evidence)"
