"""How many rows a network's circuit needs, from circuits that were only compiled; and so how large k is."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.regression.linear_model import WLS

from analysis.engine.inference.resampling import CONFIDENCE
from analysis.tables.proving import ZkCircuits, ZkProofs
from analysis.verifiable_ai.law.powers import PLAIN_WEIGHTS, RESERVED_ROWS, rows_to_k
from analysis.verifiable_ai.shapes import FAMILIES, GPT2, Family, Shape, checked_products, parse

#: Configuration that the row law is about: EZKL's defaults, at which nearly all circuits were compiled.
COLUMNS = 2
DECOMPOSITION_BASE = 16384
#: A k of less probability than this is not listed.
NEGLIGIBLE = 1e-6
#: Circuits beyond the terms that it takes to see how the relative error goes with the size.
SPARE_CIRCUITS = 10
#: Relative errors below this are rounding.
LEAST_ERROR = 1e-6


def terms(shape: Shape) -> dict[str, float]:
    """What a circuit's rows are spent on beside the products, by family.

    Examples
    --------
    >>> terms(parse("tfm:T1,d16,h2,L3,v9"))
    {'width of every block': 48.0, 'width of the end': 16.0, 'outputs': 9.0}
    >>> terms(parse("tfm:T4,d16,h2")), terms(parse("mlp:8,16,8"))
    ({'width of every block': 64.0, 'scores of attention': 32.0, 'outputs': 0.0}, {'neurons': 24.0})
    """
    if shape.widths:
        return {"neurons": float(sum(shape.widths[1:]))}
    t, d = shape.tokens, shape.width
    found = {"width of every block": shape.layers * t * d}
    if t == 1:
        found["width of the end"] = d
    else:
        found["scores of attention"] = shape.layers * shape.heads * t**2
    return {name: float(count) for name, count in (found | {"outputs": t * shape.vocabulary}).items()}


def compiled(zk_circuits: ZkCircuits, zk_proofs: ZkProofs) -> pd.DataFrame:
    """Rows of every circuit of the row law's configuration, compiled only or proved too; one row a model.

    Returns
    -------
    DataFrame
        `model`, `family`, `rows`, `products` (rows of products: `COLUMNS` products stand in a row).
    """
    proved = zk_proofs[(zk_proofs["inner_columns"] == COLUMNS) & zk_proofs["freivalds"]]
    columns = ["model", "rows", "decomp_base", "weights"]
    both = pd.concat([zk_circuits[columns], proved[columns]])
    same = (both["decomp_base"] == DECOMPOSITION_BASE) & both["weights"].isin(PLAIN_WEIGHTS)
    both = both.loc[same, ["model", "rows"]].drop_duplicates("model", ignore_index=True)
    shapes = both["model"].map(parse)
    return both.assign(
        family=[shape.family for shape in shapes], products=[checked_products(shape) / COLUMNS for shape in shapes]
    )


@dataclass(frozen=True, slots=True, eq=False)
class RowLaw:
    """rows = products / columns + rows per unit × units, fitted to relative errors.

    Attributes
    ----------
    names : tuple of str
        Terms with a coefficient.
    coefficients, covariance : ndarray, shapes (terms,) and (terms, terms)
        Rows per unit of a term.
    sd : float
        Relative, of a circuit about the law at the largest size in the fit, and beyond it.
    exponent : float
        At most 0: the relative error of a smaller circuit is `sd` × (its rows / `largest`) to this power.
    largest : float
        Rows.
    """

    family: Family
    names: tuple[str, ...]
    coefficients: np.ndarray
    covariance: np.ndarray
    sd: float
    exponent: float
    largest: float
    df: int
    circuits: int

    def expect(self, shape: Shape) -> tuple[float, float]:
        """Rows of a new circuit: mean and standard error.

        Raises
        ------
        ValueError
            If the shape is of another family, or spends rows on what no compiled circuit has.
        """
        if shape.family != self.family:
            raise ValueError(f"a row law of {self.family!r} says nothing of {shape.family!r}")
        counts = terms(shape)
        unknown = [name for name, count in counts.items() if count and name not in self.names]
        if unknown:
            raise ValueError(f"no compiled circuit of the family {self.family!r} has {', '.join(unknown)}")
        x = np.array([counts[name] for name in self.names])
        mean = checked_products(shape) / COLUMNS + x @ self.coefficients
        relative = self.sd * (min(mean, self.largest) / self.largest) ** self.exponent
        return float(mean), float(np.sqrt(x @ self.covariance @ x + (relative * mean) ** 2))

    def interval(self, shape: Shape) -> tuple[float, float, float]:
        """Rows of a new circuit with the 95 % prediction interval."""
        mean, error = self.expect(shape)
        reach = stats.t.ppf((1 + CONFIDENCE) / 2, self.df) * error
        return mean, mean - reach, mean + reach

    def k(self, shape: Shape, *, floor: int = 0) -> dict[int, float]:
        """Probability of every k, from the prediction error of the rows; those below `NEGLIGIBLE` are left out."""
        mean, error = self.expect(shape)
        reach = stats.t.isf(NEGLIGIBLE / 2, self.df) * error
        lowest = int(np.floor(np.log2(max(mean - reach, 1.0) + RESERVED_ROWS)))
        ks = np.arange(max(lowest, 1), int(np.ceil(np.log2(mean + reach + RESERVED_ROWS))) + 1)
        up_to = stats.t.cdf((2.0**ks - RESERVED_ROWS - mean) / error, self.df)
        found = pd.Series(np.diff(up_to, prepend=0.0)).groupby(np.maximum(ks, floor)).sum()
        kept = found[found >= NEGLIGIBLE]
        return (kept / kept.sum()).to_dict()


def fit_rows(
    zk_circuits: ZkCircuits,
    zk_proofs: ZkProofs,
    family: Family,
    *,
    fewest_rows: int = 0,
    one_error: bool = False,
) -> RowLaw:
    """Fit the row law of a family by weighted least squares, in two steps.

    Relative errors are larger in small circuits, where the padding of single operations weighs more. So they are taken
    to follow a power of the rows, which is read from the residuals of a fit to relative errors; its weights serve the
    fit that counts.

    Parameters
    ----------
    fewest_rows : int
        Smaller circuits are left out.
    one_error : bool
        Whether relative errors are taken to be the same at every size, as they are where too few circuits tell.

    Raises
    ------
    ValueError
        If the family is unknown, or has too few circuits for its terms.

    Notes
    -----
    A term that no circuit of the family has is left out, and a shape that needs it is refused. Circuits with private
    weights need the same rows as with fixed ones.

    References
    ----------
    Harvey (1976), Econometrica 44(3), 461–465, for errors whose variance is a power of a variable.
    """
    if family not in FAMILIES:
        raise ValueError(f"unknown family {family!r}; the families are {', '.join(FAMILIES)}")
    table = compiled(zk_circuits, zk_proofs)
    table = table[(table["family"] == family) & (table["rows"] >= fewest_rows)]
    units = pd.DataFrame([terms(parse(model)) for model in table["model"]], index=table.index)
    units = units.loc[:, (units != 0).any()]
    if len(table) <= len(units.columns) or np.linalg.matrix_rank(units) < len(units.columns):
        raise ValueError(f"{len(table)} circuits of the family {family!r} do not determine its row law")
    rows, rest = table["rows"].astype(float), table["rows"] - table["products"]
    fitted, exponent = WLS(rest, units, weights=rows**-2).fit(), 0.0
    if not one_error and fitted.df_resid >= SPARE_CIRCUITS:
        errors = np.log((fitted.resid / rows).abs().clip(lower=LEAST_ERROR))
        exponent = min(float(np.polyfit(np.log(rows), errors, 1)[0]), 0.0)
        fitted = WLS(rest, units, weights=(rows * (rows / rows.max()) ** exponent) ** -2).fit()
    return RowLaw(
        family=family,
        names=tuple(units.columns),
        coefficients=fitted.params.to_numpy(),
        covariance=fitted.cov_params().to_numpy(),
        sd=float(np.sqrt(fitted.mse_resid)),
        exponent=exponent,
        largest=float(rows.max()),
        df=int(fitted.df_resid),
        circuits=len(table),
    )


#: Fits of the row law beside the one that counts: in words -> arguments of `fit_rows`.
VARIANTS: Mapping[str, Mapping[str, int | bool]] = {
    "errors by size (counts)": {},
    "one relative error": {"one_error": True},
    "100,000 rows or more": {"fewest_rows": 100_000},
    "a million rows or more": {"fewest_rows": 1_000_000},
}


def variants(zk_circuits: ZkCircuits, zk_proofs: ZkProofs, shape: Shape, *, k: int) -> pd.DataFrame:
    """Rows of a network by every fit of the row law, and from pieces of its own width.

    Returns
    -------
    DataFrame, one row a fit
        `fit`, `circuits`, `rows`, `low`, `high` (95 % interval), `above` (probability of a larger k than `k`). A fit
        that the circuits do not allow is left out; `added_up` has no interval and a probability of 0 or 1.
    """
    found = []
    for name, options in VARIANTS.items():
        with suppress(ValueError):
            law = fit_rows(zk_circuits, zk_proofs, shape.family, **options)
            above = sum(p for power, p in law.k(shape).items() if power > k)
            found.append((name, law.circuits, *law.interval(shape), above))
    pieces = np.nan if shape.widths else added_up(zk_circuits, shape)
    if not np.isnan(pieces):
        found.append(("pieces of its width", np.nan, pieces, np.nan, np.nan, float(rows_to_k(pieces) > k)))
    return pd.DataFrame(found, columns=["fit", "circuits", "rows", "low", "high", "above"])


def added_up(zk_circuits: ZkCircuits, shape: Shape = GPT2) -> float:
    """Rows of a one-token transformer from pieces of its own width: what one more block and one more output add.

    Returns NaN where the pieces were not compiled: two numbers of blocks without outputs, and two numbers of outputs
    with as many blocks.

    Notes
    -----
    A check on `RowLaw` that shares no coefficient with it. It takes rows to be linear in blocks and in outputs, which
    they are to within 5 of 673,864 rows where one, two and four blocks were compiled.
    """
    shapes = zk_circuits["model"].map(parse)
    of_width = [(s.tokens, s.width, s.heads) == (shape.tokens, shape.width, shape.heads) for s in shapes]
    rows = {(s.layers, s.vocabulary): n for s, n, own in zip(shapes, zk_circuits["rows"], of_width, strict=True) if own}
    plain = sorted(layers for layers, vocabulary in rows if vocabulary == 0)
    headed = sorted((layers, vocabulary) for layers, vocabulary in rows if vocabulary)
    pairs = [(a, b) for a, b in pairwise(headed) if a[0] == b[0]]
    if len(plain) < 2 or (shape.vocabulary and not pairs):
        return float("nan")
    first, last = plain[0], plain[-1]
    block = (rows[last, 0] - rows[first, 0]) / (last - first)
    if not shape.vocabulary:
        return float(rows[first, 0] + (shape.layers - first) * block)
    (layers, few), many = pairs[-1]
    output = (rows[many] - rows[layers, few]) / (many[1] - few)
    return float(rows[many] + (shape.layers - layers) * block + (shape.vocabulary - many[1]) * output)
