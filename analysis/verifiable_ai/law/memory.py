"""What memory a proof takes: a power of the cells, or a fixed part and a part a cell, whichever predicts better.

A process holds some memory before it has a cell. A power law bends to follow that, and is too low beyond the fit.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf

from analysis.engine.inference.resampling import CONFIDENCE
from analysis.tables.proving import ZkProofs
from analysis.verifiable_ai.law import powers
from analysis.verifiable_ai.law.powers import Law, Outcome, circuit_means, fit_law, of_fit
from analysis.verifiable_ai.shapes import Family

Form = Literal["power of the cells", "fixed part and a part a cell"]
MIB_PER_GIB = 1024


@dataclass(frozen=True, slots=True, eq=False)
class LinearLaw(Law):
    """Cost = fixed part + part of the family × size, with errors in proportion to the cost."""

    @property
    def fixed(self) -> float:
        """Cost without any size, unit of the outcome."""
        return float(self.coefficients[-1])

    def log_prediction(self, family: Family, size: float) -> tuple[float, float]:
        """As `Law.log_prediction`, the error of the value carried over to its logarithm."""
        x = np.append(np.multiply(self.indicators(family), size), 1.0)
        value = float(x @ self.coefficients)
        return float(np.log(value)), float(np.sqrt(x @ self.covariance @ x / value**2 + self.sd**2))

    def described(self) -> str:
        """As `Law.described`."""
        mib = (MIB_PER_GIB * part for part in (self.fixed, self.low, self.high))
        return "fixed part of {:.0f} MiB ({:.0f} to {:.0f})".format(*mib)


def fit_linear(proofs: pd.DataFrame, outcome: Outcome = "memory_gib") -> LinearLaw:
    """Fit a fixed part, shared by the families, and a part for every cell of each, by weighted least squares.

    As in `fit_law`, each circuit counts once, by the geometric mean of its proofs, and errors are raised. The weight is
    one over the square of the cost, so that relative errors count.

    Examples
    --------
    >>> cells = np.array([2.0**k for k in (16, 17, 18, 19)])
    >>> proofs = pd.DataFrame({"circuit": list("abcd"), "model": list("abcd"), "family": "perceptron", "cells": cells})
    >>> round(fit_linear(proofs.assign(memory_gib=0.05 + 5e-6 * cells)).fixed, 6)
    0.05
    """
    proofs = proofs[proofs[outcome].notna()]
    means, families = circuit_means(proofs.assign(y=np.log(proofs[outcome]), x=np.log(proofs["cells"])))
    means = means.assign(cost=np.exp(means["y"]), cells=np.exp(means["x"]))
    fitted = smf.wls("cost ~ 1 + C(family):cells", means, weights=1 / means["cost"] ** 2).fit()
    names = [f"C(family)[{family}]:cells" for family in families] + ["Intercept"]
    low, high = fitted.conf_int(1 - CONFIDENCE).loc["Intercept"]
    return LinearLaw(**of_fit(fitted, names, families, proofs, outcome, "cells"), low=float(low), high=float(high))


#: What memory may follow, in the order in which ties are settled.
FORMS: Mapping[Form, Callable[[pd.DataFrame, Outcome], Law]] = {
    "power of the cells": fit_law,
    "fixed part and a part a cell": fit_linear,
}


def compare(zk_proofs: ZkProofs) -> pd.DataFrame:
    """Errors of both forms in forward chaining.

    Returns
    -------
    DataFrame, indexed by form
        `predictions`, `rms_log_error` (root mean square of log predicted over measured), `mean_ratio` (geometric mean
        of predicted over measured), `worst_factor`, `inside_interval` (how many); NaN without a prediction.
    """
    rows = {}
    for form, fit in FORMS.items():
        chained = powers.forward_chaining(zk_proofs, "memory_gib", fit=fit)
        logs = np.log(chained["ratio"])
        rows[form] = {
            "predictions": len(logs),
            "rms_log_error": np.sqrt((logs**2).mean()),
            "mean_ratio": np.exp(logs.mean()),
            "worst_factor": np.exp(logs.abs().max()),
            "inside_interval": int(chained["inside_interval"].sum()),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("form")


def better(compared: pd.DataFrame) -> Form:
    """Of `compare`, the form of the smaller root mean squared log error; the first where there is no prediction.

    Examples
    --------
    >>> better(pd.DataFrame({"rms_log_error": [0.03, 0.01]}, index=list(FORMS)))
    'fixed part and a part a cell'
    """
    errors = compared["rms_log_error"].dropna()
    return errors.idxmin() if len(errors) else compared.index[0]


def memory_law(zk_proofs: ZkProofs) -> Law:
    """The law of memory, in the form that predicts better; ValueError if the table does not determine it.

    Examples
    --------
    >>> from analysis.engine.data.tables import load
    >>> memory_law(load("zk_proofs")).outcome
    'memory_gib'
    """
    return FORMS[better(compare(zk_proofs))](powers.of_law(powers.observations(zk_proofs)), "memory_gib")
