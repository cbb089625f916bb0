"""V1 read otherwise: re-runs read in three ways, each system left out, and what is not counted but would hold."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.engine.claims import Claim, Finding
from analysis.engine.claims.judge import judge
from analysis.engine.multiverse import NOT_COUNTED
from analysis.tables.proving import ZkPublished
from analysis.verifiable_ai.published.literature import ADDED, EZKL, ONLY, RERUN, UNDETERMINED, named, systems

#: Readings of "results re-run by others in place of the authors' own"; the first is V1's, and the only one that counts.
READINGS = {"replace only": RERUN, "replace and add": ADDED, "re-runs only": ONLY}
#: Why the others do not count.
NOT_THE_CLAIMS = {
    "replace and add": "it brings in systems whose own authors published no such result, where V1 replaces results",
    "re-runs only": "it leaves out the systems that nobody re-ran, where V1 replaces results",
}


def rerun_readings(claim: Claim, *, zk_published: ZkPublished) -> pd.DataFrame:
    """Median of V1 under three readings of "results re-run by others in place of the authors' own".

    Returns
    -------
    DataFrame, three rows, the first of them V1's
        reading, seconds (median over systems; NaN without one), holds ("yes", "no" or `NOT_COUNTED`), n, systems (names
        with seconds).

    Examples
    --------
    >>> from analysis.engine.claims import load_claims
    >>> from analysis.engine.data.tables import load
    >>> rerun_readings(load_claims()["V1"], zk_published=load("zk_published"))["n"].tolist()
    [3, 5, 3]
    """
    rows = []
    for reading, runs in READINGS.items():
        seconds = systems(claim, zk_published, runs=runs)["seconds"]
        rows.append((reading, seconds.median(), _held(claim, seconds.median()), len(seconds), named(seconds)))
    return pd.DataFrame(rows, columns=["reading", "seconds", "holds", "n", "systems"])


def _held(claim: Claim, value: float) -> str:
    return NOT_COUNTED if np.isnan(value) else "yes" if value in claim.regions[0] else "no"


def excluded(claim: Claim, *, zk_published: ZkPublished, model_s: float | None) -> pd.DataFrame:
    """Readings that V1 does not count, with what they would give.

    Parameters
    ----------
    model_s : float or None
        Seconds that EZKL would take on one machine by our law, from `one_machine.ezkl_on_one_machine`; None where no
        machine holds its proof.

    Returns
    -------
    DataFrame
        reading, seconds, holds (as in `rerun_readings`), reason (why it is not counted).
    """
    found = rerun_readings(claim, zk_published=zk_published)
    found = found[found["reading"].isin(NOT_THE_CLAIMS)]
    table = found.assign(reading=f"{RERUN}, " + found["reading"], reason=found["reading"].map(NOT_THE_CLAIMS))
    seconds = np.nan if model_s is None else model_s
    law = {"reading": EZKL, "seconds": seconds, "reason": UNDETERMINED, "holds": _held(claim, seconds)}
    return pd.concat([table, pd.DataFrame([law])], ignore_index=True)[["reading", "seconds", "holds", "reason"]]


def leave_one_out(claim: Claim, zk_published: ZkPublished, assess: Callable[[pd.DataFrame], Finding]) -> pd.DataFrame:
    """Median and label without each system in turn, as of the claim's date.

    Parameters
    ----------
    claim : Claim
        V1 or V2.
    assess : callable
        From the table of published proofs to a finding, such as `assess_v1` of the claim.

    Returns
    -------
    DataFrame, one row per system of V1's primary definition, after one with all of them
        without (empty in the first row), value, low, high (unit of the claim; NaN where nothing is left), n, label.
    """
    rows = []
    for name in ("", *systems(claim, zk_published).index):
        found = assess(zk_published[zk_published["system"] != name])
        e = found.estimate
        numbers = (np.nan, np.nan, np.nan, 0) if e is None else (e.value, e.low, e.high, e.n)
        rows.append((name, *numbers, judge(claim, found, today=claim.as_of).label))
    return pd.DataFrame(rows, columns=["without", "value", "low", "high", "n", "label"])
