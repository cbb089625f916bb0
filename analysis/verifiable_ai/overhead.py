"""How many times as long a proof takes as the inference it proves, over systems and sizes."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.verifiable_ai.literature import CONFIDENCE, RESAMPLES, SEED, systems


@dataclass(frozen=True, slots=True)
class Overhead:
    """Geometric mean of overheads with its interval, and when to look again.

    Attributes
    ----------
    mean, low, high : float
        Ratio of proving to plain inference; 95 % percentile bootstrap over systems and sizes.
    n : int
        Systems and sizes.
    least, most : float
        Extremes.
    expires : date
    """

    mean: float
    low: float
    high: float
    n: int
    least: float
    most: float
    expires: date


def overheads(
    zk_proofs: pd.DataFrame, zk_published: pd.DataFrame, *, as_of: date, inference_s: float | None = None
) -> pd.DataFrame:
    """Proving over plain inference, by system and size.

    Parameters
    ----------
    zk_proofs, zk_published : DataFrame
        The tables of those names.
    as_of : date
        Published systems as of this date.
    inference_s : float, optional
        Seconds of one plain inference of GPT-2's shape, one token; with it the published systems of its size are set
        against it, on a machine that is not theirs.

    Returns
    -------
    DataFrame, by overhead
        system, model, params, overhead, basis: "measured" (processor time of proving over that of the same inference on
        one thread, both here; geometric mean over repeats and variants of a model), "stated" (geometric mean of the
        stated range), "two machines".
    """
    ours = zk_proofs[zk_proofs["verified"] & zk_proofs["inference_1thread_s"].notna()]
    logs = np.log(ours["prove_cpu_s"] / ours["inference_1thread_s"])
    measured = np.exp(logs.groupby([ours["model"], ours["params"]]).mean()).rename("overhead").reset_index()
    stated = zk_published[zk_published["overhead_low"].notna()]
    parts = [
        measured.assign(system="EZKL", basis="measured"),
        stated.assign(overhead=np.sqrt(stated["overhead_low"] * stated["overhead_high"]), basis="stated"),
    ]
    if inference_s is not None:
        found = systems(zk_published, as_of=as_of).reset_index()
        parts.append(found.assign(overhead=found["seconds"] / inference_s, basis="two machines"))
    columns = ["system", "model", "params", "overhead", "basis"]
    table = pd.concat([part[columns] for part in parts if len(part)], ignore_index=True)
    return table.sort_values(["overhead", "model"]).reset_index(drop=True)


def overhead_summary(table: pd.DataFrame, *, expires: date, seed: int = SEED) -> Overhead:
    """Geometric mean of overheads with a bootstrap interval over systems and sizes.

    Parameters
    ----------
    table : DataFrame
        From `overheads`.
    expires : date
        An overhead holds until a faster prover is published; this is when to look again.
    seed : int

    References
    ----------
    Fleming and Wallace (1986), Communications of the ACM 29(3), 218–221: ratios are averaged geometrically.

    Examples
    --------
    >>> found = overhead_summary(pd.DataFrame({"overhead": [10.0, 1000.0]}), expires=date(2027, 5, 22))
    >>> round(found.mean), found.n
    (100, 2)
    """
    logs = np.sort(np.log(table["overhead"].to_numpy()))
    drawn = np.random.default_rng(seed).integers(len(logs), size=(RESAMPLES, len(logs)))
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.exp(np.percentile(logs[drawn].mean(axis=1), [tail, 100 - tail]))
    ends = np.exp(logs[[0, -1]])
    return Overhead(float(np.exp(logs.mean())), float(low), float(high), len(logs), *map(float, ends), expires)
