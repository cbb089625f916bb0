"""How fast the hosts of the series were, by the circuits that they share, so that their proofs can be compared."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Hosts:
    """Processor time of the same circuit on the host of each series, over its geometric mean on all of them.

    Attributes
    ----------
    series : tuple of str, length s
    log_factors : ndarray, shape (s,)
        They add up to zero over series that circuits connect; zero for a series that shares none.
    covariance : ndarray, shape (s, s)
        Of the log factors; zero where nothing tells it.
    circuits : int
        Circuits, each kind of weights apart, that several series share.
    """

    series: tuple[str, ...]
    log_factors: np.ndarray
    covariance: np.ndarray
    circuits: int

    @property
    def factors(self) -> pd.Series:
        """Factor of each series."""
        return pd.Series(np.exp(self.log_factors), index=list(self.series), name="factor")

    def level(self, proofs: pd.DataFrame) -> pd.DataFrame:
        """The proofs with `cpu_s` as it would be on the host of factor 1; KeyError for a series not compared."""
        return proofs.assign(cpu_s=proofs["cpu_s"] / self.factors[proofs["series"]].to_numpy())

    def shares(self, proofs: pd.DataFrame, circuits: Sequence[str]) -> np.ndarray:
        """Share of each series in the proofs of each circuit, shape (circuits, s)."""
        counts = pd.crosstab(proofs["circuit"], proofs["series"], normalize="index")
        return counts.reindex(index=list(circuits), columns=list(self.series), fill_value=0.0).to_numpy()


def compare_hosts(proofs: pd.DataFrame) -> Hosts:
    """Compare series by the circuits that several of them proved, by least squares in logarithms.

    Log processor time is an effect of the circuit with its kind of weights and an effect of the series, so that only
    what series share tells them apart: a series of larger circuits does not look slow.

    Examples
    --------
    >>> proofs = pd.DataFrame({"circuit": list("aab"), "series": list("xyy"), "cpu_s": [1.0, 4.0, 9.0]})
    >>> compare_hosts(proofs.assign(weights="fixed")).factors.round(9).to_dict()
    {'x': 0.5, 'y': 2.0}
    """
    circuit = proofs["circuit"] + "|" + proofs["weights"]
    dummies = pd.get_dummies(proofs["series"], dtype=float)
    within = (dummies - dummies.groupby(circuit).transform("mean")).to_numpy()
    log = np.log(proofs["cpu_s"])
    y = (log - log.groupby(circuit).transform("mean")).to_numpy()
    # of all solutions the pseudo-inverse gives the shortest: effects that add up to zero
    effects = np.linalg.pinv(within) @ y
    spare = len(proofs) - circuit.nunique() - np.linalg.matrix_rank(within)
    variance = float(np.sum((y - within @ effects) ** 2) / spare) if spare > 0 else 0.0
    return Hosts(
        series=tuple(dummies.columns),
        log_factors=effects,
        covariance=variance * np.linalg.pinv(within.T @ within),
        circuits=int((proofs.groupby(circuit)["series"].nunique() > 1).sum()),
    )
