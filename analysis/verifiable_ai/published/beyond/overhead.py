"""How many times as long a proof takes as the inference it proves, over systems and sizes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.tables.proving import ZkProofs, ZkPublished
from analysis.verifiable_ai.published.literature import covered, full_passes, last_days

#: Bases that are averaged; what a source states of itself stands apart.
POOLED = ("measured", "two machines")
#: Numbers of tokens are about the same up to this factor.
ABOUT = 1.25
NO_TOKENS = "its number of tokens is not known"
COLUMNS = ("system", "model", "params", "tokens", "overhead", "basis")


@dataclass(frozen=True, slots=True)
class Overhead:
    """Geometric mean of overheads over n systems, each with that of its own rows, and the range of the systems.

    Attributes
    ----------
    covers : float
        Probability that the range of so many systems holds the median of what they are drawn from; it is no interval
        of a level that was chosen.
    rows, least, most
        How many rows, and their extremes; over the sizes of one system no interval, since we chose the sizes.
    expires : date
        When to look again.
    """

    mean: float
    low: float
    high: float
    covers: float
    n: int
    rows: int
    least: float
    most: float
    expires: date


def _own_results(zk_published: ZkPublished, as_of: date) -> pd.DataFrame:
    rows = full_passes(zk_published, as_of=as_of)
    rows = rows[rows["by"] != "others"]
    return rows[rows["last_day"] == rows.groupby("system")["last_day"].transform("max")]


def _as_long(tokens: float, inference_s: Mapping[int, float]) -> int | None:
    """Length of the measured inference nearest to a number of tokens, None where none is about as long."""
    near = [n for n in inference_s if 1 / ABOUT <= tokens / n <= ABOUT]
    return min(near, key=lambda n: abs(np.log(tokens / n)), default=None)


def overheads(
    zk_proofs: ZkProofs,
    zk_published: ZkPublished,
    *,
    as_of: date,
    inference_s: Mapping[int, float] | None = None,
) -> pd.DataFrame:
    """Proving over plain inference of as many tokens, by system and size.

    Parameters
    ----------
    as_of : date
        Only what was certainly published by then. Our own proofs are no publication and count whenever they were made.
    inference_s : mapping, optional
        Tokens -> seconds of one plain inference of GPT-2's shape; with it the authors' latest results at its size are
        set against it, on a machine that is not theirs. Those without an inference of about as many tokens (up to a
        factor of `ABOUT`) are in `left_out`.

    Returns
    -------
    DataFrame, by overhead
        system, model, params, tokens, overhead, basis: "measured" (processor time of proving over that of the same
        inference on one thread, both here; geometric mean over repeats and variants of a model), "stated" (geometric
        mean of the range that a source states), "two machines".
    """
    inference_s = inference_s or {}
    ours = zk_proofs[zk_proofs["verified"] & zk_proofs["inference_1thread_s"].notna()]
    logs = np.log(ours["prove_cpu_s"] / ours["inference_1thread_s"])
    measured = np.exp(logs.groupby([ours["model"], ours["params"], ours["tokens"]]).mean()).rename("overhead")
    stated = zk_published[zk_published["overhead_low"].notna() & (last_days(zk_published) <= pd.Timestamp(as_of))]
    found = _own_results(zk_published, as_of)
    length = found["tokens"].map(lambda tokens: _as_long(tokens, inference_s))
    found = found.assign(inference=length.map(inference_s).astype("float64")).dropna(subset=["inference"])
    parts = [
        measured.reset_index().assign(system="EZKL", basis="measured"),
        stated.assign(overhead=np.sqrt(stated["overhead_low"] * stated["overhead_high"]), basis="stated"),
        found.assign(overhead=found["prove_s"] / found["inference"], basis="two machines"),
    ]
    table = pd.concat([part[list(COLUMNS)] for part in parts if len(part)] or [pd.DataFrame(columns=list(COLUMNS))])
    return table.sort_values(["overhead", "model"]).reset_index(drop=True)


def left_out(zk_published: ZkPublished, *, as_of: date, inference_s: Mapping[int, float]) -> pd.DataFrame:
    """Published proofs of a model of GPT-2's size that have no overhead in `overheads`, each with its reason.

    Returns
    -------
    DataFrame
        system, model, tokens, prove_s, reason.
    """
    rows = _own_results(zk_published, as_of)
    rows = rows[[_as_long(tokens, inference_s) is None for tokens in rows["tokens"]]]
    reasons = (
        rows["tokens"]
        .map("no inference of about {:.0f} tokens was measured".format)
        .where(rows["tokens"].notna(), NO_TOKENS)
    )
    table = rows[["system", "model", "tokens", "prove_s"]].assign(reason=reasons)
    return table.sort_values(["system", "tokens"]).reset_index(drop=True)


def overhead_summary(table: pd.DataFrame, *, expires: date) -> Overhead:
    """The mean and the range of `overheads` over systems; what sources state of themselves is not averaged.

    Parameters
    ----------
    expires : date
        An overhead holds until a faster prover is published; this is when to look again.

    Raises
    ------
    ValueError
        If there is no overhead to average.

    Notes
    -----
    Sizes of one system are not independent, so that the systems alone count, and they are too few for an interval by
    resampling. The range of n of them holds their median with the probability of `literature.covered`.

    References
    ----------
    Fleming and Wallace (1986), Communications of the ACM 29(3), 218–221: ratios are averaged geometrically.

    Examples
    --------
    >>> rows = pd.DataFrame(
    ...     {"system": ["A", "A", "B"], "overhead": [10.0, 1000.0, 10_000.0], "basis": ["measured"] * 3}
    ... )
    >>> found = overhead_summary(rows, expires=date(2027, 5, 22))
    >>> round(found.mean), found.n, found.rows, found.covers
    (1000, 2, 3, 0.5)
    """
    rows = table[table["basis"].isin(POOLED)]
    if rows.empty:
        raise ValueError("no overhead was measured")
    logs = np.log(rows["overhead"].astype(float))
    systems, ends = logs.groupby(rows["system"]).mean(), logs.agg(["min", "max"])
    mean, low, high, least, most = map(float, np.exp([systems.mean(), systems.min(), systems.max(), *ends]))
    return Overhead(mean, low, high, covered(len(systems)), len(systems), len(rows), least, most, expires)
