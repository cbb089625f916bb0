"""Claim V1: how long others took to prove a model of GPT-2's size, by system, date and what was proved."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Literal, get_args

import numpy as np
import pandas as pd

from analysis.engine.claims import Claim, Estimate, Evidence, Finding, asserted_figure
from analysis.engine.inference.resampling import CONFIDENCE, SEED
from analysis.engine.multiverse import Factor, Multiverse, Rule, explore, inside, pointwise, weighed
from analysis.engine.words.formats import quantity
from analysis.tables.proving import ZkPublished
from analysis.verifiable_ai.shapes import LARGEST_K

RESAMPLES = 9_999
#: Results that count as new on a date: published in this many months before it.
RECENT_MONTHS = 12
#: Up to so many values an interval says how often their range covers the median.
FEW = 10
#: What would make a claim true that is.
HOLDS = "it holds as it is"
NOT_COUNTED = "not counted"

Runs = Literal["authors' own", "re-run by others"]
Hardware = Literal["any", "stated", "one machine without GPU", "one machine with GPU"]
Proved = Literal["one full pass, shortest input", "per token of the longest input", "a distilled model"]
OWN, RERUN = get_args(Runs)
#: Readings of "re-run by others" beside the claim's, for the table only: also, or only, systems known by a re-run.
ADDED, ONLY = "re-run by others, and systems known by a re-run alone", "re-runs alone"
ANY_HARDWARE, STATED, CPU, GPU = get_args(Hardware)
FULL_PASS, PER_TOKEN, DISTILLED = get_args(Proved)
#: What is proved -> kinds of results, as in the table.
KINDS: dict[str, tuple[str, ...]] = {
    FULL_PASS: ("one_pass",),
    PER_TOKEN: ("one_pass", "per_token"),
    DISTILLED: ("distilled",),
}
MEDIAN, FASTEST, EZKL = "median of the systems", "the fastest system", "EZKL on one machine, by our law"
ANY, HIDDEN, ALONE = "any", "hidden only", "non-interactive only"
ALL_YEARS, RECENT = "all until the date", "the last 12 months"
NO_SYSTEM = "no published result satisfies it"
UNDETERMINED = (
    "our data do not determine it: the machine that holds the proof has far more processors than the threads whose "
    f"parallel efficiency we measured, and EZKL refuses a k above {LARGEST_K}"
)
UNBALANCED = "no support: the options of a definition cannot weigh the same"

#: The definitions of V1's question; the first option of each is that of the claim.
FACTORS: tuple[Factor, ...] = tuple(
    Factor(name, options, primary=options[0])
    for name, options in {
        "system": (MEDIAN, FASTEST, EZKL),
        "weights": (ANY, HIDDEN),
        "interaction": (ANY, ALONE),
        "period": (ALL_YEARS, RECENT),
        "runs": get_args(Runs),
        "hardware": get_args(Hardware),
        "proved": get_args(Proved),
    }.items()
)


def last_days(zk_published: pd.DataFrame) -> pd.Series:
    """Last day on which each row can have been published: that of its day, month or year.

    Parameters
    ----------
    zk_published : DataFrame
        The table of that name.

    Examples
    --------
    >>> on = pd.to_datetime(["2025-08-01", "2025-08-01"])
    >>> table = pd.DataFrame({"published_on": on, "published_precision": ["month", "day"]})
    >>> last_days(table).dt.strftime("%Y-%m-%d").tolist()
    ['2025-08-31', '2025-08-01']
    """
    ends = {"day": pd.DateOffset(0), "month": pd.offsets.MonthEnd(0), "year": pd.offsets.YearEnd(0)}
    days = [
        on + ends[how]
        for on, how in zip(zk_published["published_on"], zk_published["published_precision"], strict=True)
    ]
    return pd.Series(days, index=zk_published.index, dtype="datetime64[us]")


def full_passes(
    zk_published: pd.DataFrame, *, as_of: date | None = None, what: Sequence[str] = ("one_pass",)
) -> pd.DataFrame:
    """Timed proofs of transformers of GPT-2's size, with the last day on which each can have been published.

    Parameters
    ----------
    zk_published : DataFrame
        The table of that name.
    as_of : date, optional
        Only what was certainly published by then.
    what : sequence of str
        Kinds of results, as in the table; those of distilled models are smaller than GPT-2 and then count too.

    Returns
    -------
    DataFrame
        Rows of the table, by `published_id`, and `last_day`.
    """
    table = zk_published.assign(last_day=last_days(zk_published))
    size = (table["scale"] == "gpt2") | (table["what"] == "distilled")
    chosen = size & (table["transformer"] == "yes") & table["what"].isin(list(what)) & table["prove_s"].notna()
    if as_of is not None:
        chosen &= table["last_day"] <= pd.Timestamp(as_of)
    return table[chosen].sort_values("published_id").reset_index(drop=True)


def systems(
    zk_published: pd.DataFrame,
    *,
    as_of: date,
    weights: str = ANY,
    interaction: str = ANY,
    period: str = ALL_YEARS,
    runs: str = OWN,
    hardware: str = ANY_HARDWARE,
    proved: str = FULL_PASS,
) -> pd.DataFrame:
    """One result a system: its latest publication by a date, and in it the shortest input (or the longest).

    Parameters
    ----------
    zk_published : DataFrame
        The table of that name.
    as_of : date
        Only what was certainly published by then.
    weights, interaction, period, runs, hardware, proved : str
        Options of the factors of those names in `FACTORS`; `runs` also `ADDED` or `ONLY`.

    Returns
    -------
    DataFrame, one row per system, indexed by system
        Columns of the table, `last_day`, and seconds, low_s, high_s: the result with what its stated digits allow, per
        token where `proved` says so.

    Notes
    -----
    "Re-run by others" puts others' result in the place of the authors' own where there is one. A system that nobody
    re-ran keeps its own, and one that only others ran at this size does not enter. Whether the authors published a
    result of their own is judged by the date alone, before the other options choose.
    """
    rows = full_passes(zk_published, as_of=as_of, what=KINDS[proved])
    with_own = set(rows.loc[rows["by"] != "others", "system"])
    if weights == HIDDEN:
        rows = rows[rows["hides_weights"] == "yes"]
    if interaction == ALONE:
        rows = rows[rows["interactive"] == "no"]
    rows = rows[_on(rows, hardware)]
    if period == RECENT:
        rows = rows[rows["last_day"] > pd.Timestamp(as_of) - pd.DateOffset(months=RECENT_MONTHS)]
    others = rows["by"] == "others"
    if runs == OWN:
        rows = rows[~others]
    elif runs == ONLY:
        rows = rows[others]
    else:
        rows = rows[others == rows["system"].isin(rows.loc[others, "system"])]
        rows = rows[rows["system"].isin(with_own) | (runs == ADDED)]
    rows = rows[rows["last_day"] == rows.groupby("system")["last_day"].transform("max")]
    if proved == PER_TOKEN:
        averaged = rows["what"] == "per_token"
        rows = rows[averaged | rows["tokens"].notna()]
        longest = rows["tokens"].where(~averaged, np.inf)
        rows = rows.assign(order=-longest, divisor=rows["tokens"].where(~averaged, 1.0))
    else:
        rows = rows.assign(order=rows["tokens"].fillna(np.inf), divisor=1.0)
    rows = rows.sort_values(["order", "params", "published_id"], kind="stable").drop_duplicates("system")
    low, high = rows["prove_low_s"].fillna(rows["prove_s"]), rows["prove_high_s"].fillna(rows["prove_s"])
    rows = rows.assign(
        seconds=rows["prove_s"] / rows["divisor"], low_s=low / rows["divisor"], high_s=high / rows["divisor"]
    )
    return rows.drop(columns=["order", "divisor"]).sort_values(["seconds", "system"]).set_index("system")


def hardware_stated(zk_published: pd.DataFrame) -> pd.Series:
    """Whether processors, memory or GPUs of the proving machine are known; one without them has no price either.

    Parameters
    ----------
    zk_published : DataFrame
        The table of that name, or a part of it.
    """
    return zk_published[["vcpus", "memory_gb", "gpus"]].notna().any(axis=1) | (zk_published["gpu_model"] != "")


def _on(rows: pd.DataFrame, hardware: str) -> pd.Series:
    """Whether each row ran on hardware of a kind; without a GPU only where what is stated names none."""
    with_gpu = rows["gpu_model"] != ""
    kinds = {STATED: hardware_stated(rows), GPU: with_gpu, CPU: hardware_stated(rows) & ~with_gpu}
    return kinds.get(hardware, pd.Series(True, index=rows.index))


def median_interval(
    values: np.ndarray, low: np.ndarray, high: np.ndarray, *, seed: int = SEED
) -> tuple[float, float, float]:
    """Median over systems, and its 95 % percentile bootstrap interval widened by the precision of each value.

    Parameters
    ----------
    values, low, high : ndarray, shape (systems,)
        At least one; low <= values <= high.
    seed : int

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
    """Probability that the range of n independent values holds the median of what they are drawn from.

    It fails when all lie above the median or all below it: 1 − 2 · (1/2)^n, for any continuous distribution.

    Parameters
    ----------
    n : int
        At least 1.

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
    n : int
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


def estimator(zk_published: pd.DataFrame, *, as_of: date) -> Callable[..., float]:
    """V1's seconds as a function of one option per factor; NaN where no published result satisfies them, and for EZKL.

    Parameters
    ----------
    zk_published : DataFrame
        The table of that name.
    as_of : date
    """
    kinds = sorted({kind for some in KINDS.values() for kind in some})
    zk_published = full_passes(zk_published, as_of=as_of, what=kinds)  # a few rows, chosen from many times

    @cache
    def found(**options: str) -> pd.Series:
        return systems(zk_published, as_of=as_of, **options)["seconds"]

    @cache
    def seconds(system: str, **options: str) -> float:
        if system == EZKL:
            return np.nan
        values = found(**options)
        return values.min() if system == FASTEST else values.median()

    return seconds


def of_ezkl(specifications: pd.DataFrame) -> np.ndarray:
    """Whether each asks for EZKL on one machine, which our data do not determine: `UNDETERMINED`.

    Parameters
    ----------
    specifications : DataFrame
        With a column "system".
    """
    return (specifications["system"] == EZKL).to_numpy(dtype=bool)


def explore_v1(claim: Claim, *, zk_published: pd.DataFrame) -> Multiverse:
    """Seconds under every admissible combination of the claim's alternatives.

    EZKL on one machine is inadmissible, as `UNDETERMINED` says; `analysis.verifiable_ai.law.one_machine` shows what the
    law would give.

    Parameters
    ----------
    claim : Claim
        V1, for its date and acceptance region.
    zk_published : DataFrame
        The table of that name.

    Raises
    ------
    ValueError
        If no system satisfies the primary definition.
    UnbalancedError
        If so few satisfy the others that they cannot weigh the same.
    """
    seconds = pointwise(estimator(zk_published, as_of=claim.as_of))

    def without_system(specifications: pd.DataFrame) -> np.ndarray:
        return np.isnan(seconds(specifications)) & ~of_ezkl(specifications)

    rules = [Rule(UNDETERMINED, of_ezkl), Rule(NO_SYSTEM, without_system)]
    return explore(FACTORS, rules, seconds, holds=inside(claim.regions[0]))


def alternatives_v1(claim: Claim, *, zk_published: pd.DataFrame) -> pd.DataFrame:
    """The primary definition and each alternative of the claim on its own.

    Parameters
    ----------
    claim : Claim
    zk_published : DataFrame

    Returns
    -------
    DataFrame, shape (1 + alternatives, 7)
        factor, option, seconds (NaN where it is not counted), holds (as from `held`), n, systems (names with seconds),
        reason (why it is not counted, else empty).
    """
    primary = {f.name: f.primary for f in FACTORS}
    seconds, rows = estimator(zk_published, as_of=claim.as_of), []
    changes = [("", MEDIAN, primary)]
    changes += [(f.name, o, primary | {f.name: o}) for f in FACTORS for o in f.options if o != f.primary]
    for factor, option, chosen in changes:
        found = pd.Series(dtype=float)
        if option != EZKL:
            options = {name: value for name, value in chosen.items() if name != "system"}
            found = systems(zk_published, as_of=claim.as_of, **options)["seconds"]
            found = found.nsmallest(1) if option == FASTEST else found
        value = seconds(**chosen)
        names = ", ".join(f"{name} {quantity(s, 's')}" for name, s in found.items())
        reason = "" if not np.isnan(value) else UNDETERMINED if option == EZKL else NO_SYSTEM
        rows.append((factor, option, value, held(claim, value), len(found), names, reason))
    return pd.DataFrame(rows, columns=["factor", "option", "seconds", "holds", "n", "systems", "reason"])


def held(claim: Claim, value: float) -> str:
    """Whether a claim holds at a value, in a word; a value that there is not is not counted as either.

    Parameters
    ----------
    claim : Claim
        For its acceptance region.
    value : float
        In the unit of the claim, NaN where it is not counted.
    """
    return NOT_COUNTED if np.isnan(value) else "yes" if value in claim.regions[0] else "no"


def evidence_of(claim: Claim, found: pd.DataFrame, value: str, unit: str) -> tuple[Evidence, ...]:
    """A row of evidence for each system: inside T it supports, outside T_minor it contradicts, else it is neutral.

    Parameters
    ----------
    claim : Claim
    found : DataFrame
        Indexed by system, with `value`, model, tokens, by, hardware, last_day, source_id.
    value, unit : str
        Column of the figure, and its unit.
    """
    inner, outer = claim.regions
    rows = []
    for system, row in found.iterrows():
        bearing = "supports" if row[value] in inner else "neutral" if row[value] in outer else "contradicts"
        tokens = "" if np.isnan(row["tokens"]) else f", {row['tokens']:.0f} tokens"
        rows.append(
            Evidence(
                statement=f"{system}: {quantity(row[value], unit)} for {row['model']}{tokens}; {row['hardware']}",
                bearing=bearing,
                source_id=row["source_id"],
                observed_on=row["last_day"].date(),
                vendor=row["by"] == "vendor",
            )
        )
    return tuple(rows)


def deciding_day(found: pd.DataFrame, value: str) -> date:
    """Publication of the system at the median, the later of two.

    Parameters
    ----------
    found : DataFrame, at least one row
        With `value` and last_day.
    value : str
        Column of the figure.
    """
    days = found.sort_values(value)["last_day"].to_numpy()
    return pd.Timestamp(max(days[(len(days) - 1) // 2], days[len(days) // 2])).date()


def not_counted(explored: Multiverse | None) -> str:
    """What the support leaves out, in words, for the line on the method.

    Parameters
    ----------
    explored : Multiverse or None
        From `weighed`.
    """
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
    asserted = asserted_figure(claim, "s")
    primary = primary_v1(claim, zk_published)
    if primary.estimate is None:
        return primary
    found = systems(zk_published, as_of=claim.as_of)
    explored = weighed(lambda: explore_v1(claim, zk_published=zk_published))
    return replace(
        primary,
        estimate=replace(primary.estimate, method=f"{primary.estimate.method}; {not_counted(explored)}"),
        evidence=(*evidence_of(claim, found, "seconds", "s"), *smaller_models(zk_published, claim.as_of)),
        observed_on=deciding_day(found, "seconds"),
        source_values=tuple(found["seconds"]),
        support=explored and explored.support,
        curve=explored and explored.curve,
        nearest_true=HOLDS
        if primary.estimate.value in claim.regions[0]
        else nearest(explored, "s", needed(found, asserted)),
    )


def primary_v1(claim: Claim, zk_published: pd.DataFrame) -> Finding:
    """V1 by its primary definition alone: an estimate without support, or "missing" where there is no system.

    Parameters
    ----------
    claim : Claim
        V1.
    zk_published : DataFrame
        The table of that name.
    """
    found = systems(zk_published, as_of=claim.as_of)
    if found.empty:
        return Finding(level=3, basis="secondary", missing="missing")
    value, low, high = median_interval(*(found[c].to_numpy() for c in ("seconds", "low_s", "high_s")))
    names = ", ".join(f"{system} {quantity(s, 's')}" for system, s in found["seconds"].items())
    return Finding(
        level=3,
        basis="secondary",
        estimate=Estimate(
            value=value,
            low=min(value, low),
            high=max(value, high),
            unit="s",
            n=len(found),
            interval_of=interval_of(len(found), "each figure"),
            method=f"median over the systems published by {claim.as_of}: {names}",
        ),
    )


def smaller_models(zk_published: pd.DataFrame, as_of: date) -> tuple[Evidence, ...]:
    """Neutral rows of evidence: proofs of distilled models that their papers call GPT-2, an alternative of V1.

    Parameters
    ----------
    zk_published : DataFrame
        The table of that name.
    as_of : date
    """
    rows = full_passes(zk_published, as_of=as_of, what=("distilled",)).sort_values("prove_s")
    rows = rows[rows["what"] == "distilled"].drop_duplicates("system").set_index("system")
    return tuple(
        Evidence(
            statement=f"{system}: {quantity(row['prove_s'], 's')} for the smaller {row['model']}; {row['hardware']}",
            bearing="neutral",
            source_id=row["source_id"],
            observed_on=row["last_day"].date(),
            vendor=row["by"] == "vendor",
        )
        for system, row in rows.iterrows()
    )


def nearest(explored: Multiverse | None, unit: str, needed: str) -> str:
    """What would make the claim true, in words.

    Parameters
    ----------
    explored : Multiverse or None
    unit : str
    needed : str
        What one input would have to be.
    """
    return needed if explored is None else f"{explored.describe_nearest(unit)}; {needed}"


def needed(found: pd.DataFrame, asserted: float) -> str:
    """What the median system would have to have taken for the asserted time, in words.

    Parameters
    ----------
    found : DataFrame
        From `systems`.
    asserted : float
        Seconds.
    """
    factor = asserted / found["seconds"].median()
    way = f"{factor:.3g} times slower" if factor > 1 else f"{1 / factor:.3g} times faster"
    return f"the median of the {len(found)} systems would have to be {way}"
