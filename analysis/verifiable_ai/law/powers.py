"""What a proof costs: processor time and memory against the cells of the circuit, columns × 2^k.

A circuit of halo2 is a grid of 2^k rows; its prover transforms and commits to whole columns, used or not. So the cost
follows columns × 2^k and not the arithmetic of the network (`naive_fit` shows the latter failing). What else the
operations of a family need, such as tables for the exponential, is the family's effect.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf
from scipy import stats

from analysis.engine.inference.resampling import CONFIDENCE
from analysis.engine.words.formats import span
from analysis.tables.proving import ZkProofs
from analysis.verifiable_ai.law.hosts import Hosts, compare_hosts
from analysis.verifiable_ai.shapes import FAMILIES, Family, macs, parse

Outcome = Literal["cpu_s", "memory_gib"]
OUTCOMES: tuple[Outcome, ...] = ("cpu_s", "memory_gib")

#: Rows that EZKL keeps free at the end of every column: 5 blinding factors and 3 more (ezkl, src/circuit/table.rs).
RESERVED_ROWS = 8
#: The slope is fitted from here up; below, what does not grow with the circuit counts.
MINIMUM_K = 15
#: Weights that add neither a circuit of their own, as hashed ones do, nor a column, as committed ones do.
PLAIN_WEIGHTS = ("fixed", "private")
#: Bar for predictions: within this factor, up to this many doublings beyond the fit.
WITHIN_FACTOR = 2.0
WITHIN_DOUBLINGS = 2


def rows_to_k(rows: float) -> int:
    """Smallest k whose 2^k rows hold so many, with those reserved.

    Examples
    --------
    >>> rows_to_k(504), rows_to_k(505), rows_to_k(2**26)
    (9, 10, 27)
    """
    return int(np.ceil(np.log2(rows + RESERVED_ROWS)))


def row_floor(decomposition_base: int, lookup_width: int = 0) -> int:
    """Smallest k that a configuration allows, whatever the network: its tables have to fit into a column.

    Numbers are taken apart into digits of the base, which are looked up in a table of as many rows; the tables of the
    nonlinear functions have `lookup_width` rows.

    Examples
    --------
    >>> row_floor(16384), row_floor(1024), row_floor(256)
    (15, 11, 9)
    """
    return rows_to_k(max(decomposition_base, lookup_width))


#: Columns that `observations` takes over, and those that it calls otherwise.
SAME = ["model", "rows", "k", "weights", "threads"]
RENAMED = {"run_id": "proof", "inner_columns": "columns", "source_id": "series", "pk_bytes": "key_bytes"}
RENAMED |= {"prove_cpu_s": "cpu_s", "prove_s": "wall_s", "prove_peak_gib": "memory_gib"}


def observations(zk_proofs: ZkProofs) -> pd.DataFrame:
    """The verified proofs, in the terms of the law.

    Returns
    -------
    DataFrame, one row a verified proof
        The columns of `SAME` and `RENAMED`, `circuit` (model and configuration), `family`, `macs`, `cells` (columns ×
        2^k), `floor` (k), `above_floor` (whether the network and not the configuration decides k).

    Raises
    ------
    ValueError
        If no proof was verified, or a cost is not greater than 0.
    """
    table = zk_proofs[zk_proofs["verified"]].reset_index(drop=True)
    if table.empty:
        raise ValueError("the table holds no verified proof")
    shapes = {model: parse(model) for model in table["model"].unique()}
    floor = list(map(row_floor, table["decomp_base"], table["lookup_high"] - table["lookup_low"]))
    out = table[[*SAME, *RENAMED]].rename(columns=RENAMED)
    out = out.assign(
        circuit=_circuit(table),
        family=[shapes[model].family for model in table["model"]],
        macs=[macs(shapes[model]) for model in table["model"]],
        cells=table["inner_columns"] * 2.0 ** table["k"],
        floor=floor,
        above_floor=table["rows"].map(rows_to_k) >= floor,
    )
    costs = out[["cpu_s", "wall_s", "memory_gib", "key_bytes"]]
    if not ((costs > 0) | costs.isna()).all(axis=None):
        raise ValueError("a proof that took no time or memory: every cost must be greater than 0")
    return out


def _circuit(zk_proofs: ZkProofs) -> pd.Series:
    """The model with all that changes its grid, apart from how the weights enter."""
    t = zk_proofs
    base = t["decomp_base"].astype(str) + "^" + t["decomp_legs"].astype(str)
    named = t["model"] + " · " + t["inner_columns"].astype(str) + " columns · digits " + base
    return named + " · scale " + t["scale"].astype(str) + np.where(t["freivalds"], "", " · products in full")


def ladder(proofs: pd.DataFrame) -> pd.DataFrame:
    """What was proved, from `observations`, by family and kind of weights, with the ends of each range in one column.

    Returns
    -------
    DataFrame, one row a family and kind of weights
        family, weights, k, processor time, circuits, proofs, GiB (the most).
    """
    by = proofs.groupby(["family", "weights"])
    low, high = by["k"].min().astype("str"), by["k"].max().astype("str")
    found = {
        "k": low.where(low == high, low + "\N{EN DASH}" + high),
        "processor time": by["cpu_s"].agg(span, "s"),
        "circuits": by["circuit"].nunique(),
        "proofs": by.size(),
        "GiB": by["memory_gib"].max(),
    }
    return pd.DataFrame(found).reset_index()


def of_law(proofs: pd.DataFrame, *, minimum_k: int = MINIMUM_K, above_floor: bool = True) -> pd.DataFrame:
    """The `observations` that the law is fitted to: plain weights, k not too small, and above the row floor.

    With `above_floor` circuits are left out whose size the configuration decides.
    """
    keep = proofs["weights"].isin(PLAIN_WEIGHTS) & (proofs["k"] >= minimum_k)
    return proofs[keep & (proofs["above_floor"] | (not above_floor))]


@dataclass(frozen=True, slots=True, eq=False)
class Law(ABC):
    """A cost of proving by family and size of the circuit, fitted to one geometric mean a circuit.

    Attributes
    ----------
    size : str
        Column that the cost follows.
    families : tuple of str
        `coefficients` holds one for each in this order, then the one that they share.
    coefficients : ndarray, shape (families + 1,)
    covariance : ndarray, shape (families + 1, families + 1)
    sd : float
        Of log cost between circuits of one family and size.
    df : int
        Degrees of freedom of `sd`.
    largest : mapping
        Family -> largest size in the fit.
    low, high : float
        95 % interval of the shared coefficient (t, circuits less parameters degrees of freedom).
    """

    outcome: Outcome
    size: str
    families: tuple[Family, ...]
    coefficients: np.ndarray
    covariance: np.ndarray
    sd: float
    df: int
    circuits: int
    proofs: int
    largest: Mapping[Family, float]
    low: float
    high: float

    @abstractmethod
    def log_prediction(self, family: Family, size: float) -> tuple[float, float]:
        """Mean and standard error of the log cost of a new circuit.

        Raises
        ------
        ValueError
            If the family is not in the fit.
        """

    @abstractmethod
    def described(self) -> str:
        """The shared coefficient with its interval, in words."""

    def indicators(self, family: Family) -> list[float]:
        """1 for the family, 0 for the others, in the order of `families`."""
        if family not in self.families:
            raise ValueError(f"no proof of the family {family!r}; the law knows {', '.join(self.families)}")
        return [float(family == known) for known in self.families]

    def doublings(self, size: float, family: Family | None = None) -> float:
        """Doublings from the largest size in the fit, of one family or of all, up to this one; 0 inside the fit."""
        largest = max(self.largest.values()) if family is None else self.largest[family]
        return max(0.0, float(np.log2(size / largest)))

    def predict(self, family: Family, size: float) -> tuple[float, float, float]:
        """Cost of a new circuit, with its 95 % prediction interval."""
        mean, error = self.log_prediction(family, size)
        reach = stats.t.ppf((1 + CONFIDENCE) / 2, self.df) * error
        return float(np.exp(mean)), float(np.exp(mean - reach)), float(np.exp(mean + reach))


@dataclass(frozen=True, slots=True, eq=False)
class PowerLaw(Law):
    """log cost = level of the family + slope × log size.

    Attributes
    ----------
    clustered : tuple of float
        Interval of the slope from all proofs with errors clustered by model (CR1, t with clusters less one); `low` and
        `high` are from the circuits.
    """

    clustered: tuple[float, float]

    @property
    def slope(self) -> float:
        """Elasticity of cost to size."""
        return float(self.coefficients[-1])

    def log_prediction(self, family: Family, size: float) -> tuple[float, float]:
        """As `Law.log_prediction`."""
        x = np.append(self.indicators(family), np.log(size))
        return float(x @ self.coefficients), float(np.sqrt(x @ self.covariance @ x + self.sd**2))

    def described(self) -> str:
        """As `Law.described`."""
        return f"slope {self.slope:.3f} ({self.low:.3f} to {self.high:.3f})"


def fit_law(
    proofs: pd.DataFrame, outcome: Outcome = "cpu_s", *, size: str = "cells", hosts: Hosts | None = None
) -> PowerLaw:
    """Fit the law to proofs, as from `of_law`, by ordinary least squares in logarithms.

    Each circuit counts once, by the geometric mean of its proofs: repeats of a circuit share what is peculiar to it, so
    that they are no further evidence on the slope.

    Parameters
    ----------
    size : {"cells", "key_bytes"}
    hosts : Hosts, optional
        Processor time is then that of the host of factor 1, and the error of the factors enters that of the law.
        Default: proofs are compared as they are.

    Raises
    ------
    ValueError
        If the outcome is unknown; if the circuits are too few, or all of one size within every family.

    References
    ----------
    Donald and Lang (2007), Review of Economics and Statistics 89(2), 221–233, for means of clusters where clusters are
    few; Cameron and Miller (2015), Journal of Human Resources 50(2), 317–372, for the clustered errors beside it.

    Examples
    --------
    >>> cells = np.array([2.0**k for k in (16, 17, 18, 19)])
    >>> proofs = pd.DataFrame({"circuit": list("abcd"), "model": list("abcd"), "family": "perceptron", "cells": cells})
    >>> round(fit_law(proofs.assign(cpu_s=1e-4 * cells * np.array([1.01, 0.99, 0.99, 1.01]))).slope, 6)
    1.0
    """
    if outcome not in OUTCOMES:
        raise ValueError(f"unknown outcome {outcome!r}; the outcomes are {', '.join(OUTCOMES)}")
    proofs = proofs[proofs[outcome].notna()]
    proofs = proofs if hosts is None else hosts.level(proofs)
    logs = proofs.assign(y=np.log(proofs[outcome]), x=np.log(proofs[size]))
    means, families = circuit_means(logs)
    formula = "y ~ 0 + C(family) + x"
    model = smf.ols(formula, means)
    fitted = model.fit()
    names = [f"C(family)[{family}]" for family in families] + ["x"]
    parts = of_fit(fitted, names, families, proofs, outcome, size)
    if hosts is not None:
        order = [model.exog_names.index(name) for name in names]
        moved = (np.linalg.pinv(model.exog) @ hosts.shares(proofs, means["circuit"]))[order]
        parts["covariance"] = parts["covariance"] + moved @ hosts.covariance @ moved.T
    slope = float(fitted.params["x"])
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, fitted.df_resid) * np.sqrt(parts["covariance"][-1, -1]))
    return PowerLaw(**parts, low=slope - reach, high=slope + reach, clustered=_clustered(logs, formula))


def of_fit(fitted: Any, names: list[str], families: tuple, proofs: pd.DataFrame, outcome: Outcome, size: str) -> dict:
    """What every law takes from a fit of statsmodels to circuits: all fields of `Law` but the interval.

    Parameters
    ----------
    names : list of str
        Of the coefficients, in the order of `Law.coefficients`.
    """
    return {
        "outcome": outcome,
        "size": size,
        "families": families,
        "coefficients": fitted.params[names].to_numpy(),
        "covariance": fitted.cov_params().loc[names, names].to_numpy(),
        "sd": float(np.sqrt(fitted.mse_resid)),
        "df": int(fitted.df_resid),
        "circuits": int(fitted.nobs),
        "proofs": len(proofs),
        "largest": proofs.groupby("family")[size].max().to_dict(),
    }


def circuit_means(logs: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Family, ...]]:
    """Means of the logarithms `x` (size) and `y` (cost) of every circuit, and the families that there are.

    Raises
    ------
    ValueError
        If the circuits are too few, or all of one size within every family.
    """
    means = logs.groupby(["family", "circuit", "model"], as_index=False)[["x", "y"]].mean()
    families = tuple(family for family in FAMILIES if (means["family"] == family).any())
    if len(means) < len(families) + 2:
        raise ValueError(f"{len(means)} circuits are too few for {len(families)} families, a slope and an interval")
    if means.groupby("family")["x"].nunique().max() < 2:
        raise ValueError("every family has circuits of one size only: there is no slope")
    return means, families


def _clustered(logs: pd.DataFrame, formula: str) -> tuple[float, float]:
    groups, names = pd.factorize(logs["model"])
    if len(names) < 2:
        return float("nan"), float("nan")
    kwds = {"groups": groups, "df_correction": True}
    fitted = smf.ols(formula, logs).fit(cov_type="cluster", cov_kwds=kwds, use_t=True)
    low, high = fitted.conf_int(1 - CONFIDENCE).loc["x"]
    return float(low), float(high)


#: What a cost may follow, in words.
SIZES = {"cells": "columns × 2^k", "key_bytes": "bytes of the proving key"}
#: Which proofs a slope is fitted to: label -> arguments of `of_law`.
SAMPLES: Mapping[str, Mapping[str, int | bool]] = {
    f"k ≥ {MINIMUM_K}, above the row floor": {"minimum_k": MINIMUM_K, "above_floor": True},
    f"k ≥ {MINIMUM_K}, with circuits on the floor": {"minimum_k": MINIMUM_K, "above_floor": False},
    "every k, above the row floor": {"minimum_k": 0, "above_floor": True},
    "every k, with circuits on the floor": {"minimum_k": 0, "above_floor": False},
}


def time_law(zk_proofs: ZkProofs) -> PowerLaw:
    """The law of processor time, on the host of factor 1; errors are those of `fit_law`.

    Examples
    --------
    >>> from analysis.engine.data.tables import load
    >>> time_law(load("zk_proofs")).outcome
    'cpu_s'
    """
    proofs = observations(zk_proofs)
    return fit_law(of_law(proofs), hosts=hosts_of(proofs))


def hosts_of(proofs: pd.DataFrame) -> Hosts:
    """The hosts of the series of `observations`, compared on circuits of `MINIMUM_K` and more, on the floor too."""
    return compare_hosts(of_law(proofs, above_floor=False))


def other_columns(zk_proofs: ZkProofs) -> pd.DataFrame:
    """Circuits with another number of columns than those of the law, and what the law says of them.

    Returns
    -------
    DataFrame, one row a circuit of `MINIMUM_K` and more, on the row floor or above it
        `model`, `columns`, `k`, `measured` (s, hosts levelled), `predicted`, `low`, `high` (95 % interval), `outside`.
    """
    proofs, law = observations(zk_proofs), time_law(zk_proofs)
    usual = of_law(proofs)["columns"].unique()
    some = hosts_of(proofs).level(of_law(proofs, above_floor=False))
    some = some[~some["columns"].isin(usual) & some["family"].isin(law.families)]
    rows = []
    for _, own in some.groupby("circuit"):
        first, measured = own.iloc[0], float(np.exp(np.log(own["cpu_s"]).mean()))
        value, low, high = law.predict(first["family"], first["cells"])
        inside = low <= measured <= high
        rows.append((first["model"], first["columns"], first["k"], measured, value, low, high, not inside))
    columns = ["model", "columns", "k", "measured", "predicted", "low", "high", "outside"]
    return pd.DataFrame(rows, columns=columns)


def slopes(zk_proofs: ZkProofs) -> pd.DataFrame:
    """The law's slope on every sample, without levelling the hosts, within each series, and against the proving key.

    Returns
    -------
    DataFrame, one row a sample
        `sample`, `size`, `slope`, `low`, `high`, `sd` (of log cost), `circuits`, `proofs`. The first row is the law. A
        sample that does not allow a fit is left out.

    Notes
    -----
    The key holds every column of the circuit, so that its size counts them where `columns` counts only those in which
    the products stand. Above the row floor all circuits of a family have as many, so that the key says nothing more.
    """
    proofs = observations(zk_proofs)
    hosts, law = hosts_of(proofs), of_law(proofs)
    everything = compare_hosts(of_law(proofs, minimum_k=0, above_floor=False))
    cases = [(sample, of_law(proofs, **choice), "cells", everything) for sample, choice in SAMPLES.items()]
    cases[0] = (cases[0][0], law, "cells", hosts)
    cases.append((f"{cases[0][0]}, hosts not levelled", law, "cells", None))
    cases += [(f"{cases[0][0]}, {series} alone", some, "cells", None) for series, some in law.groupby("series")]
    floor = of_law(proofs, above_floor=False)
    cases.append((f"k ≥ {MINIMUM_K}, with circuits on the floor", floor, "key_bytes", hosts))
    rows = []
    for sample, some, size, levelled in cases:
        with suppress(ValueError):
            found = fit_law(some, size=size, hosts=levelled)
            numbers = (found.slope, found.low, found.high, found.sd, found.circuits, found.proofs)
            rows.append((sample, SIZES[size], *numbers))
    return pd.DataFrame(rows, columns=["sample", "size", "slope", "low", "high", "sd", "circuits", "proofs"])


def forward_chaining(
    zk_proofs: ZkProofs,
    outcome: Outcome = "cpu_s",
    *,
    fit: Callable[[pd.DataFrame, Outcome], Law] | None = None,
) -> pd.DataFrame:
    """Predict each circuit from the circuits of smaller k alone.

    How fast the hosts of the series are is known beforehand, from the circuits that they share, large and small.

    Parameters
    ----------
    fit : callable, optional
        From proofs and outcome to the law; default `fit_law`.

    Returns
    -------
    DataFrame, one row a circuit and fit
        `fitted_to_k`, `family`, `circuit`, `k`, `doublings` (of cells, beyond the largest in the fit),
        `family_doublings` (beyond the largest of its family), `measured`, `predicted`, `low`, `high` (unit of the
        outcome), `ratio` (predicted over measured), `within_factor`, `inside_interval`, `counts` (whether it is one of
        those that the bar is about). Proofs of one circuit are never on both sides. A fit that the circuits up to some
        k do not allow is left out, and so is a circuit whose family they do not hold.
    """
    proofs = observations(zk_proofs)
    hosts = hosts_of(proofs) if outcome == "cpu_s" else None
    proofs, fit, rows = of_law(proofs), fit or partial(fit_law, hosts=hosts), []
    for k in sorted(proofs["k"].unique())[:-1]:
        try:
            law = fit(proofs[proofs["k"] <= k], outcome)
        except ValueError:
            continue
        above = proofs[(proofs["k"] > k) & proofs["family"].isin(law.families)]
        for (family, circuit), some in above.groupby(["family", "circuit"]):
            cells, levelled = some["cells"].iloc[0], some if hosts is None else hosts.level(some)
            beyond = law.doublings(cells), law.doublings(cells, family)
            measured = float(np.exp(np.log(levelled[outcome]).mean()))
            rows.append((k, family, circuit, some["k"].iloc[0], *beyond, measured, *law.predict(family, cells)))
    found = pd.DataFrame(rows, columns=CHAINED).astype(dict.fromkeys(CHAINED[4:], "float64"))
    ratio = found["predicted"] / found["measured"]
    return found.assign(
        ratio=ratio,
        within_factor=ratio.between(1 / WITHIN_FACTOR, WITHIN_FACTOR),
        inside_interval=found["measured"].between(found["low"], found["high"]),
        counts=found["doublings"].between(0, WITHIN_DOUBLINGS, inclusive="right"),
    )


#: Columns that `forward_chaining` reads from the fits; the last six are numbers.
CHAINED = ["fitted_to_k", "family", "circuit", "k", "doublings", "family_doublings", "measured"]
CHAINED += ["predicted", "low", "high"]
