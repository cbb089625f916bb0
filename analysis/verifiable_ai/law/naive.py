"""The fit that suggests itself and fails: proving time against multiply–accumulates."""

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf

from analysis.engine.inference.resampling import CONFIDENCE
from analysis.tables.proving import ZkProofs
from analysis.verifiable_ai.law.powers import PLAIN_WEIGHTS, observations
from analysis.verifiable_ai.shapes import FAMILIES, GPT2, Shape, macs


def naive_fit(zk_proofs: ZkProofs, shape: Shape = GPT2) -> pd.DataFrame:
    """Log CPU seconds on log multiply–accumulates, and what it says of a network.

    Returns
    -------
    DataFrame, one row a sample
        `sample`; `slope`, `low`, `high` (95 % interval, one geometric mean a circuit); `cpu_s` predicted for the
        network; `circuits`. NaN where a sample has fewer than three circuits or one size.

    Notes
    -----
    It fails twice. On the row floor the cost does not depend on the network at all, which flattens the slope of
    whatever holds such circuits. And a transformer needs many times the rows of a perceptron of as many
    multiply–accumulates, so that the slope within a family is not the slope between them.
    """
    proofs = observations(zk_proofs)
    proofs = proofs[proofs["weights"].isin(PLAIN_WEIGHTS)]
    samples = {"all proofs": proofs, "on the row floor": proofs[~proofs["above_floor"]]}
    samples |= {f"above it: {f}": proofs[proofs["above_floor"] & (proofs["family"] == f)] for f in FAMILIES}
    return pd.DataFrame([{"sample": sample} | _line(some, macs(shape)) for sample, some in samples.items()])


def _line(proofs: pd.DataFrame, at: int) -> dict[str, float]:
    logs = proofs.assign(y=np.log(proofs["cpu_s"]), x=np.log(proofs["macs"]))
    means = logs.groupby("circuit")[["x", "y"]].mean()
    line = {"slope": np.nan, "low": np.nan, "high": np.nan, "cpu_s": np.nan, "circuits": len(means)}
    if len(means) < 3 or means["x"].nunique() < 2:
        return line
    fitted = smf.ols("y ~ x", means).fit()
    low, high = fitted.conf_int(1 - CONFIDENCE).loc["x"]
    predicted = np.exp(fitted.params["Intercept"] + fitted.params["x"] * np.log(at))
    return line | {"slope": fitted.params["x"], "low": low, "high": high, "cpu_s": predicted}
