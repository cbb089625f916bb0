"""What it costs to hide the weights: the same network proved with fixed, private, committed and hashed weights."""

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf
from scipy import stats

from analysis.engine.inference.resampling import CONFIDENCE
from analysis.tables.proving import ZkProofs
from analysis.verifiable_ai.law.powers import observations

#: Weights that the others are compared with: part of the verifier's key.
REFERENCE = "fixed"
#: From so many networks the interval is of networks; with fewer, it is of repeated proofs.
ENOUGH_NETWORKS = 3
#: What is compared: column of `observations` -> what it is.
COSTS = {
    "cpu_s": "processor time",
    "memory_gib": "peak memory",
    "rows": "rows that the network needs",
    "cells": "columns × 2^k",
    "key_bytes": "size of the proving key",
}


def privacy_cost(zk_proofs: ZkProofs) -> pd.DataFrame:
    """Ratio of the costs of a proof with hidden weights to one with fixed weights, of the same network and series.

    Proofs are compared within a series of measurements alone, since machine and libraries change between them.

    Returns
    -------
    DataFrame, one row a kind of weights and cost
        `weights`, `cost`, `ratio` (geometric mean over networks), `low`, `high` (95 %; NaN where nothing was repeated),
        `interval_of`, `networks` (proved both ways, all else equal), `proofs` (of both kinds).
    """
    proofs = observations(zk_proofs)
    network = proofs["circuit"] + " · " + proofs["threads"].astype(str) + " threads"
    proofs = proofs.assign(network=network, pair=network + " · " + proofs["series"])
    rows = []
    for weights in sorted(set(proofs["weights"]) - {REFERENCE}):
        both = [set(proofs.loc[proofs["weights"] == kind, "pair"]) for kind in (weights, REFERENCE)]
        some = proofs[proofs["pair"].isin(both[0] & both[1]) & proofs["weights"].isin([weights, REFERENCE])]
        for column, cost in COSTS.items():
            if len(some):
                counts = {"networks": some["network"].nunique(), "proofs": len(some)}
                rows.append({"weights": weights, "cost": cost} | _ratio(some, column, weights) | counts)
    columns = ["weights", "cost", "ratio", "low", "high", "interval_of", "networks", "proofs"]
    return pd.DataFrame(rows, columns=columns)


def _ratio(proofs: pd.DataFrame, column: str, weights: str) -> dict[str, float | str]:
    logs = proofs.assign(y=np.log(proofs[column]), hidden=(proofs["weights"] == weights).astype(float))
    means = logs.groupby(["network", "pair", "hidden"])["y"].mean().unstack("hidden")
    steps = (means[1.0] - means[0.0]).groupby("network").mean()
    n = len(steps)
    if n >= ENOUGH_NETWORKS:
        reach = stats.t.ppf((1 + CONFIDENCE) / 2, n - 1) * steps.std(ddof=1) / np.sqrt(n)
        interval_of = "choice of networks"
    else:
        fitted = smf.ols("y ~ C(pair) + hidden", logs).fit()
        repeated = fitted.df_resid > 0
        reach = stats.t.ppf((1 + CONFIDENCE) / 2, fitted.df_resid) * fitted.bse["hidden"] if repeated else np.nan
        interval_of = "repeated proofs of the same networks" if repeated else "nothing was repeated"
    mean = steps.mean() if n >= ENOUGH_NETWORKS or not repeated else fitted.params["hidden"]
    ends = np.exp([mean, mean - reach, mean + reach])
    return dict(zip(("ratio", "low", "high"), map(float, ends), strict=True)) | {"interval_of": interval_of}
