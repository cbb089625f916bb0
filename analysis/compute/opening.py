"""The chapter in short: a sentence or two for each claim, in a reader's words."""

from collections.abc import Mapping

import pandas as pd

from analysis.compute.price.beyond.comparisons import split
from analysis.compute.training.runs import LATER, largest_run, leading_run, readings
from analysis.engine.claims import Claim
from analysis.engine.words.sentences import sentences_about


def in_short(
    found: Mapping[str, object],
    claim: Claim,
    *,
    groups: pd.DataFrame,
    training_runs: pd.DataFrame,
    quarters: pd.DataFrame,
    gpu_hours: pd.DataFrame,
) -> dict[str, str]:
    """What was found on each claim.

    Parameters
    ----------
    found : mapping
        The ledger's entries by claim, C1 to C6.
    claim : Claim
        C4.
    groups : DataFrame
        From `analysis.compute.price.beyond.comparisons.groups`.
    quarters : DataFrame
        From `analysis.compute.scarcity.scarcity.quarters`.
    gpu_hours : DataFrame
        From `analysis.compute.scarcity.paid_use.use_changes`, of GPU-hours.

    Returns
    -------
    dict
        What a sentence is about -> the sentence.
    """
    return sentences_about(
        __file__,
        "in_short",
        **{name: found[name] for name in ("C1", "C2", "C3", "C5", "C6")},
        parts=split(groups),
        as_of=claim.as_of,
        largest=largest_run(training_runs, by=claim.as_of),
        run=leading_run(training_runs, by=claim.as_of),
        tuned=readings(claim, training_runs).iloc[0],
        year=LATER,
        states=quarters["state"].value_counts().to_dict(),
        uses=len(gpu_hours),
    )
