"""Claim V1: how long others took to prove a model of GPT-2's size, by system, date and what was proved."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from analysis.engine.claims import Bearing, Claim, Estimate, Evidence, Finding, asserted_figure
from analysis.engine.inference.resampling import CONFIDENCE, SEED
from analysis.engine.multiverse import NOT_COUNTED, Multiverse, Question, Rule, bearing, meaning, pointwise, primary_of
from analysis.engine.multiverse.explore import Estimator
from analysis.engine.words.formats import quantity
from analysis.tables.proving import ZkPublished
from analysis.verifiable_ai.shapes import LARGEST_K

RESAMPLES = 9_999
#: Results that count as new on a date: published in this many months before it.
RECENT_MONTHS = 12
#: Up to so many values an interval says how often their range covers the median.
FEW = 10

EZKL = "EZKL on one machine, by our law"
NO_SYSTEM = "no published result satisfies it"
UNDETERMINED = (
    "our data do not determine it: the machine that holds the proof has far more processors than the threads whose "
    f"parallel efficiency we measured, and EZKL refuses a k above {LARGEST_K}"
)
UNBALANCED = "no support: the options of a definition cannot weigh the same"

OWN, RERUN, PER_TOKEN = "authors' own", "re-run by others", "per token of the longest input"
#: Readings of "re-run by others" beside the claim's, for the table only: also, or only, systems known by a re-run.
ADDED, ONLY = "re-run by others, and systems known by a re-run alone", "re-runs alone"
FULL_PASS = "one full pass, shortest input"
#: What is proved -> kinds of results, as in the table.
PROVED = {FULL_PASS: ("one_pass",), PER_TOKEN: ("one_pass", "per_token"), "a distilled model": ("distilled",)}
#: Whose results -> which rows count, from whether a row is of others, its system was re-run, and its authors published.
RUNS: Mapping[str, Callable[[pd.Series, pd.Series, pd.Series], pd.Series]] = {
    OWN: lambda others, rerun, own: ~others,
    RERUN: lambda others, rerun, own: (others == rerun) & own,
    ADDED: lambda others, rerun, own: others == rerun,
    ONLY: lambda others, rerun, own: others,
}
#: What stands for the systems.
STATISTICS: Mapping[str, Callable[[pd.Series], float]] = {
    "median of the systems": pd.Series.median,
    "the fastest system": pd.Series.min,
    EZKL: lambda seconds: np.nan,
}


def hidden(rows: pd.DataFrame, as_of: date | None = None) -> pd.Series:
    """Whether the proof hides the weights."""
    return rows["hides_weights"] == "yes"


def alone(rows: pd.DataFrame, as_of: date | None = None) -> pd.Series:
    """Whether the prover needs no verifier to talk to."""
    return rows["interactive"] == "no"


def hardware_stated(rows: pd.DataFrame, as_of: date | None = None) -> pd.Series:
    """Whether processors, memory or GPUs of the proving machine are known; one without them has no price either."""
    return rows[["vcpus", "memory_gb", "gpus"]].notna().any(axis=1) | (rows["gpu_model"] != "")


def _all(rows: pd.DataFrame, as_of: date) -> pd.Series:
    return pd.Series(True, index=rows.index)


def _recent(rows: pd.DataFrame, as_of: date) -> pd.Series:
    return rows["last_day"] > pd.Timestamp(as_of) - pd.DateOffset(months=RECENT_MONTHS)


#: Factor -> option -> which results it keeps at a date. What ran without a GPU is what states its machine and no GPU.
KEPT: Mapping[str, Mapping[str, Callable[[pd.DataFrame, date], pd.Series]]] = {
    "weights": {"any": _all, "hidden only": hidden},
    "interaction": {"any": _all, "non-interactive only": alone},
    "period": {"all until the date": _all, "the last 12 months": _recent},
    "hardware": {
        "any": _all,
        "stated": hardware_stated,
        "one machine without GPU": lambda rows, _: hardware_stated(rows) & (rows["gpu_model"] == ""),
        "one machine with GPU": lambda rows, _: rows["gpu_model"] != "",
    },
}


def last_days(zk_published: ZkPublished) -> pd.Series:
    """Last day on which each row can have been published: that of its day, month or year.

    Examples
    --------
    >>> on = pd.to_datetime(["2025-08-01", "2025-08-01"])
    >>> table = pd.DataFrame({"published_on": on, "published_precision": ["month", "day"]})
    >>> last_days(table).dt.strftime("%Y-%m-%d").tolist()
    ['2025-08-31', '2025-08-01']
    """
    ends = {"day": pd.DateOffset(0), "month": pd.offsets.MonthEnd(0), "year": pd.offsets.YearEnd(0)}
    known = zip(zk_published["published_on"], zk_published["published_precision"], strict=True)
    return pd.Series([on + ends[how] for on, how in known], index=zk_published.index, dtype="datetime64[us]")


def full_passes(
    zk_published: ZkPublished, *, as_of: date | None = None, what: Sequence[str] = ("one_pass",)
) -> pd.DataFrame:
    """Timed proofs of transformers of GPT-2's size, with `last_day`, on which each was published at the latest.

    Parameters
    ----------
    as_of : date, optional
        Only what was certainly published by then.
    what : sequence of str
        Kinds of results, as in the table; those of distilled models are smaller than GPT-2 and then count too.
    """
    table = zk_published.assign(last_day=last_days(zk_published))
    size = (table["scale"] == "gpt2") | (table["what"] == "distilled")
    chosen = size & (table["transformer"] == "yes") & table["what"].isin(list(what)) & table["prove_s"].notna()
    if as_of is not None:
        chosen &= table["last_day"] <= pd.Timestamp(as_of)
    return table[chosen].sort_values("published_id").reset_index(drop=True)


def systems(claim: Claim, zk_published: ZkPublished, **options: str) -> pd.DataFrame:
    """One result a system: its latest publication by a claim's date, and in it the shortest input (or the longest).

    Parameters
    ----------
    claim : Claim
        For its date and its primary options.
    **options : str
        Of factors of `KEPT`, of "runs" and of "proved", in place of the primary ones. A claim without such factors
        leaves nothing out of the authors' own proofs of one full pass.

    Returns
    -------
    DataFrame, one row per system, indexed by system
        Columns of the table, `last_day`, and seconds, low_s, high_s: the result with what its stated digits allow, per
        token where `proved` says so.

    Raises
    ------
    DataError
        If an option is not known.

    Notes
    -----
    "Re-run by others" puts others' result in the place of the authors' own where there is one. A system that nobody
    re-ran keeps its own, and one that only others ran at this size does not enter. Whether the authors published a
    result of their own is judged by the date alone, before the other options choose.
    """
    options = {"runs": OWN, "proved": FULL_PASS} | primary_of(claim) | options
    runs, proved = options["runs"], options["proved"]
    rows = full_passes(zk_published, as_of=claim.as_of, what=meaning(claim, "proved", proved, PROVED))
    with_own = rows.loc[rows["by"] != "others", "system"]
    for factor in options.keys() & KEPT:
        rows = rows[meaning(claim, factor, options[factor], KEPT[factor])(rows, claim.as_of)]
    others, name = rows["by"] == "others", rows["system"]
    rows = rows[meaning(claim, "runs", runs, RUNS)(others, name.isin(name[others]), name.isin(with_own))]
    rows = rows[rows["last_day"] == rows.groupby("system")["last_day"].transform("max")]
    order, divisor = rows["tokens"].fillna(np.inf), 1.0
    if proved == PER_TOKEN:
        averaged = rows["what"] == "per_token"
        rows = rows[averaged | rows["tokens"].notna()]
        order, divisor = -rows["tokens"].where(~averaged, np.inf), rows["tokens"].where(~averaged, 1.0)
    ends = {"seconds": "prove_s", "low_s": "prove_low_s", "high_s": "prove_high_s"}
    seconds = {name: rows[column].fillna(rows["prove_s"]) / divisor for name, column in ends.items()}
    rows = rows.assign(order=order, **seconds).sort_values(["order", "params", "published_id"], kind="stable")
    rows = rows.drop_duplicates("system").drop(columns="order")
    return rows.sort_values(["seconds", "system"]).set_index("system")


def median_interval(
    values: np.ndarray, low: np.ndarray, high: np.ndarray, *, seed: int = SEED
) -> tuple[float, float, float]:
    """Median over systems, and its 95 % percentile bootstrap interval widened by the precision of each value.

    Parameters
    ----------
    values, low, high : ndarray, shape (systems,)
        At least one; low <= values <= high.

    Returns
    -------
    tuple of float
        Median; the 2.5th percentile of the medians of `low` and the 97.5th of those of `high`, over the same draws of
        systems.

    Raises
    ------
    ValueError
        If there is no value.

    Examples
    --------
    >>> median_interval(np.array([20.0, 70.0, 500.0]), np.array([19.0, 70.0, 400.0]), np.array([21.0, 70.0, 670.0]))
    (70.0, 19.0, 670.0)
    """
    values, low, high = (np.sort(np.asarray(x, dtype=float)) for x in (values, low, high))
    if not len(values):
        raise ValueError("a median needs at least one system")
    drawn = np.random.default_rng(seed).integers(len(values), size=(RESAMPLES, len(values)))
    tail = 100 * (1 - CONFIDENCE) / 2
    bottom = np.percentile(np.median(low[drawn], axis=1), tail)
    top = np.percentile(np.median(high[drawn], axis=1), 100 - tail)
    return float(np.median(values)), float(bottom), float(top)


def covered(n: int) -> float:
    """Probability that the range of n independent values, at least one, holds the median of what they are drawn from.

    It fails when all lie above the median or all below it: 1 − 2 · (1/2)^n, for any continuous distribution.

    References
    ----------
    David and Nagaraja (2003), Order Statistics, section 7.1.

    Examples
    --------
    >>> covered(1), covered(2), covered(3)
    (0.0, 0.5, 0.75)
    """
    return 1 - 2 * 0.5**n


def interval_of(n: int, widened: str) -> str:
    """What the interval over n systems is of, in words; for few, how often the range of the values holds the median.

    Parameters
    ----------
    widened : str
        What each value's precision is of.

    Examples
    --------
    >>> interval_of(3, "each figure")
    'choice of system, widened by the digits that each figure is stated with; the range of 3 values covers the median \
with probability 0.75'
    """
    said = f"choice of system, widened by the digits that {widened} is stated with"
    if n > FEW:
        return said
    return f"{said}; the range of {n} values covers the median with probability {float(f'{covered(n):.3g}'):g}"


def median_of(ends: pd.DataFrame, unit: str, *, widened: str, method: str) -> Estimate:
    """Median over systems as an estimate.

    Parameters
    ----------
    ends : DataFrame
        Value, low and high of each system, in this order.
    widened : str
        As in `interval_of`.
    """
    value, low, high = median_interval(*ends.to_numpy(dtype=float).T)
    return Estimate(
        value=value,
        low=min(value, low),
        high=max(value, high),
        unit=unit,
        n=len(ends),
        interval_of=interval_of(len(ends), widened),
        method=method,
    )


def named(seconds: pd.Series) -> str:
    """Systems with their times."""
    return ", ".join(f"{system} {quantity(s, 's')}" for system, s in seconds.items())


def of_systems(claim: Claim, answer: Estimator, nothing: str) -> Question:
    """A question on published systems, of which EZKL on one machine is inadmissible, as `UNDETERMINED` says.

    `analysis.verifiable_ai.law.one_machine` shows what the law would give for it.

    Parameters
    ----------
    nothing : str
        Why there is no answer elsewhere.
    """

    def of_ezkl(specifications: pd.DataFrame) -> np.ndarray:
        return (specifications["system"] == EZKL).to_numpy(dtype=bool)

    def unanswered(specifications: pd.DataFrame) -> np.ndarray:
        return np.isnan(answer(specifications)) & ~of_ezkl(specifications)

    return Question(claim, answer, (Rule(UNDETERMINED, of_ezkl), Rule(nothing, unanswered)))


def question_v1(claim: Claim, *, zk_published: ZkPublished) -> Question:
    """V1, in seconds; what no published result satisfies is inadmissible."""
    kinds = sorted({kind for some in PROVED.values() for kind in some})
    rows = full_passes(zk_published, as_of=claim.as_of, what=kinds)  # a few rows, chosen from many times

    @cache
    def times(**options: str) -> pd.Series:
        return systems(claim, rows, **options)["seconds"]

    @cache
    def seconds(system: str, **options: str) -> float:
        return meaning(claim, "system", system, STATISTICS)(times(**options))

    return of_systems(claim, pointwise(seconds), NO_SYSTEM)


def alternatives_v1(claim: Claim, *, zk_published: ZkPublished) -> pd.DataFrame:
    """`Question.one_at_a_time` of V1 and `systems`: names, with their seconds, of those behind each answer."""
    rows = question_v1(claim, zk_published=zk_published).one_at_a_time()
    chosen = rows[list(primary_of(claim))].drop(columns="system").to_dict("records")
    times = [systems(claim, zk_published, **options)["seconds"] for options in chosen]
    one = rows["system"] != rows["system"].iloc[0]
    given = zip(times, one, rows["estimate"], strict=True)
    return rows.assign(systems=[named(some[some == value] if single else some) for some, single, value in given])


def evidence_of(claim: Claim, found: pd.DataFrame, value: str, unit: str) -> tuple[Evidence, ...]:
    """A row of evidence for each system, with its bearing by the claim's regions.

    Parameters
    ----------
    found : DataFrame
        Indexed by system, with `value`, model, tokens, by, hardware, last_day, source_id.
    value, unit : str
        Column of the figure, and its unit.
    """
    rows = []
    for system, row in found.iterrows():
        tokens = "" if np.isnan(row["tokens"]) else f", {row['tokens']:.0f} tokens"
        statement = f"{system}: {quantity(row[value], unit)} for {row['model']}{tokens}; {row['hardware']}"
        rows.append(_evidence(row, statement, bearing(claim, row[value])))
    return tuple(rows)


def smaller_models(claim: Claim, zk_published: ZkPublished) -> tuple[Evidence, ...]:
    """Neutral rows of evidence: proofs of distilled models that their papers call GPT-2, an alternative of V1."""
    rows = full_passes(zk_published, as_of=claim.as_of, what=("distilled",)).sort_values("prove_s")
    rows = rows[rows["what"] == "distilled"].drop_duplicates("system").set_index("system")
    said = "{}: {} for the smaller {}; {}"
    return tuple(
        _evidence(row, said.format(system, quantity(row["prove_s"], "s"), row["model"], row["hardware"]), "neutral")
        for system, row in rows.iterrows()
    )


def _evidence(row: pd.Series, statement: str, bears: Bearing) -> Evidence:
    return Evidence(
        statement=statement,
        bearing=bears,
        source_id=row["source_id"],
        observed_on=row["last_day"].date(),
        vendor=row["by"] == "vendor",
    )


def deciding_day(found: pd.DataFrame, value: str) -> date:
    """Publication of the system at the median of a column, the later of two.

    Parameters
    ----------
    found : DataFrame, at least one row
        With `value` and last_day.
    """
    days = found.sort_values(value)["last_day"].to_numpy()
    return pd.Timestamp(max(days[(len(days) - 1) // 2], days[len(days) // 2])).date()


def not_counted(explored: Multiverse | None) -> str:
    """What the support leaves out, in words, for the line on the method."""
    return f"{NOT_COUNTED}: {EZKL}, as {UNDETERMINED}" + ("" if explored else f"; {UNBALANCED}")


def assess_v1(claim: Claim, *, zk_published: ZkPublished) -> Finding:
    """Median proving time over the systems published by the claim's date.

    Returns
    -------
    Finding
        "missing" where no system satisfies the definition.

    Raises
    ------
    DataError
        If the claim asserts no figure in seconds.
    """
    asserted, primary = asserted_figure(claim, "s"), primary_v1(claim, zk_published)
    if primary.estimate is None:
        return primary
    found, question = systems(claim, zk_published), question_v1(claim, zk_published=zk_published)
    explored = question.weighed()
    return replace(
        primary,
        estimate=replace(primary.estimate, method=f"{primary.estimate.method}; {not_counted(explored)}"),
        evidence=(*evidence_of(claim, found, "seconds", "s"), *smaller_models(claim, zk_published)),
        observed_on=deciding_day(found, "seconds"),
        source_values=tuple(found["seconds"]),
        **question.answered(primary.estimate.value, needed(found, asserted), explored=explored),
    )


def primary_v1(claim: Claim, zk_published: ZkPublished) -> Finding:
    """V1 by its primary definition alone: an estimate without support, or "missing" where there is no system."""
    found = systems(claim, zk_published)
    if found.empty:
        return Finding(level=3, basis="secondary", missing="missing")
    method = f"median over the systems published by {claim.as_of}: {named(found['seconds'])}"
    ends = found[["seconds", "low_s", "high_s"]]
    return Finding(level=3, basis="secondary", estimate=median_of(ends, "s", widened="each figure", method=method))


def needed(found: pd.DataFrame, asserted: float) -> str:
    """What the median of `systems` would have to have taken for the asserted seconds, in words."""
    factor = asserted / found["seconds"].median()
    way = f"{factor:.3g} times slower" if factor > 1 else f"{1 / factor:.3g} times faster"
    return f"the median of the {len(found)} systems would have to be {way}"
