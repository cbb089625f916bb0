"""V1 read otherwise: re-runs read in three ways, each system left out, and what is not counted but would hold."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.engine.claims import Claim, Finding
from analysis.engine.claims.judge import judge
from analysis.engine.words.formats import quantity
from analysis.verifiable_ai.published.literature import ADDED, EZKL, ONLY, RERUN, UNDETERMINED, held, systems

#: Readings of "results re-run by others in place of the authors' own"; the first is V1's, and the only one that counts.
READINGS = {"replace only": RERUN, "replace and add": ADDED, "re-runs only": ONLY}
#: Why the others do not count.
NOT_THE_CLAIMS = {
    "replace and add": "it brings in systems whose own authors published no such result, where V1 replaces results",
    "re-runs only": "it leaves out the systems that nobody re-ran, where V1 replaces results",
}


def rerun_readings(claim: Claim, *, zk_published: pd.DataFrame) -> pd.DataFrame:
    """Median under three readings of "results re-run by others in place of the authors' own"; the first is V1's.

    Parameters
    ----------
    claim : Claim
        V1, for its date and acceptance region.
    zk_published : DataFrame
        The table of that name.

    Returns
    -------
    DataFrame, three rows
        reading, seconds (median over systems; NaN without one), holds (as from `literature.held`), n, systems (names
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
        seconds = systems(zk_published, as_of=claim.as_of, runs=runs)["seconds"]
        names = ", ".join(f"{name} {quantity(s, 's')}" for name, s in seconds.items())
        rows.append((reading, seconds.median(), held(claim, seconds.median()), len(seconds), names))
    return pd.DataFrame(rows, columns=["reading", "seconds", "holds", "n", "systems"])


def excluded(claim: Claim, *, zk_published: pd.DataFrame, model_s: float | None) -> pd.DataFrame:
    """Readings that V1 does not count, with what they would give.

    Parameters
    ----------
    claim : Claim
        V1.
    zk_published : DataFrame
        The table of that name.
    model_s : float or None
        Seconds that EZKL would take on one machine by our law, from `one_machine.ezkl_on_one_machine`; None where no
        machine holds its proof.

    Returns
    -------
    DataFrame
        reading, seconds, holds (as from `literature.held`), reason (why it is not counted).
    """
    found = rerun_readings(claim, zk_published=zk_published)
    found = found[found["reading"].isin(NOT_THE_CLAIMS)]
    table = found.assign(reading=f"{RERUN}, " + found["reading"], reason=found["reading"].map(NOT_THE_CLAIMS))
    law = {"reading": EZKL, "seconds": np.nan if model_s is None else model_s, "reason": UNDETERMINED}
    table = pd.concat([table, pd.DataFrame([law | {"holds": held(claim, law["seconds"])}])], ignore_index=True)
    return table[["reading", "seconds", "holds", "reason"]]


def leave_one_out(claim: Claim, zk_published: pd.DataFrame, assess: Callable[[pd.DataFrame], Finding]) -> pd.DataFrame:
    """Median and label without each system in turn, as of the claim's date.

    Parameters
    ----------
    claim : Claim
        V1 or V2.
    zk_published : DataFrame
        The table of that name.
    assess : callable
        From that table to a finding, such as `assess_v1` of the claim.

    Returns
    -------
    DataFrame, one row per system of V1's primary definition, after one with all of them
        without (empty in the first row), value, low, high (unit of the claim; NaN where nothing is left), n, label.
    """
    rows = []
    for name in ("", *systems(zk_published, as_of=claim.as_of).index):
        found = assess(zk_published[zk_published["system"] != name])
        e = found.estimate
        numbers = (np.nan, np.nan, np.nan, 0) if e is None else (e.value, e.low, e.high, e.n)
        rows.append((name, *numbers, judge(claim, found, today=claim.as_of).label))
    return pd.DataFrame(rows, columns=["without", "value", "low", "high", "n", "label"])
