"""Least squares where the errors of a cluster go together and clusters are few: three ways to an interval.

Bias-reduced standard errors with Satterthwaite's degrees of freedom (CR2), the wild cluster bootstrap-t with the null
imposed (WCR), and randomisation inference over the labels of clusters. All three need no more of the rows than two
sums over each cluster, X'X and X'y (`cluster_sums`), so that thousands of draws cost little however many rows there
are.

Own code, because no library that fits gives it (looked up 2026-11-25): statsmodels and linearmodels have neither CR2
nor a cluster bootstrap. pyfixest 0.60.0 has no CR2, hands the bootstrap to wildboottest, draws its permutations at
random, and would bring thirteen more packages; wildboottest 0.3.2 tests zero only, gives no interval and needs numba.
The tests compare with linearmodels live, and with stored output of wildboottest and of R's clubSandwich.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, product
from math import comb
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy import stats

from analysis.engine.inference.resampling import CONFIDENCE, at_least

Multiplier = Literal["webb", "rademacher"]
Exchange = Literal["pair", "all"]

DRAWS = 9_999
#: Name of the column of ones.
CONSTANT = "const"
#: Multipliers of Webb (2023): six points of mean 0 and variance 1, so that few clusters still give many draws.
WEBB = np.array([-np.sqrt(1.5), -1.0, -np.sqrt(0.5), np.sqrt(0.5), 1.0, np.sqrt(1.5)])
#: An eigenvalue below this share of the largest is zero.
NEGLIGIBLE = 1e-10
#: Two statistics nearer than this, relative to the larger, are equal: arrangements that mirror each other are.
TIED = 1e-9
#: An interval is looked for up to this many standard errors from the coefficient; one that goes on is unbounded.
FARTHEST = 1e4
#: Arrangements that are worked on at once: their arrays stay small.
BATCH = 500


@dataclass(frozen=True, slots=True)
class ClusterSums:
    """What inference by clusters needs of a regression of y on X.

    Attributes
    ----------
    names : tuple of str, length k
        Columns of X.
    clusters : tuple of str, length G
    gram : ndarray, shape (G, k, k)
        X_g'X_g of each cluster.
    moments : ndarray, shape (G, k)
        X_g'y_g.
    bread : ndarray, shape (k, k)
        Inverse of X'X.
    rows : ndarray of int, shape (G,)
    """

    names: tuple[str, ...]
    clusters: tuple[str, ...]
    gram: np.ndarray
    moments: np.ndarray
    bread: np.ndarray
    rows: np.ndarray

    @property
    def coefficients(self) -> np.ndarray:
        """Least-squares coefficients, shape (k,)."""
        return self.bread @ self.moments.sum(axis=0)

    @property
    def scores(self) -> np.ndarray:
        """X_g'u_g with the residuals u, shape (G, k); they sum to zero."""
        return self.moments - self.gram @ self.coefficients

    def position(self, name: str) -> int:
        """Place of a column.

        Raises
        ------
        ValueError
            If there is none of that name.
        """
        if name not in self.names:
            raise ValueError(f"no column {name!r}; the columns are {', '.join(self.names)}")
        return self.names.index(name)


@dataclass(frozen=True, slots=True)
class Inference:
    """A coefficient with what one method says of its uncertainty.

    Attributes
    ----------
    coefficient : float
    standard_error : float
        The one in the statistic.
    degrees : float
        Degrees of freedom of its t distribution; NaN where the method takes none.
    p_value : float
        Two-sided, of the coefficient being zero.
    low, high : float
        Values of the coefficient that the same test does not reject at 1 - `CONFIDENCE`: the stretch around the
        estimate, infinite where it does not end; NaN where the test was not inverted.
    draws : int
        Bootstrap draws or arrangements of labels; 0 for a method without.
    exact : bool
        Whether these were all there are.
    smallest_p : float
        Smallest p value that the method can give on these data.
    """

    coefficient: float
    standard_error: float
    degrees: float
    p_value: float
    low: float
    high: float
    draws: int = 0
    exact: bool = False
    smallest_p: float = 0.0


# --- the sums --------------------------------------------------------------------------------------------------------


def cluster_sums(
    X: pd.DataFrame, y: pd.Series, clusters: pd.Series, *, weights: pd.Series | None = None
) -> ClusterSums:
    """The sums over clusters of a regression of y on X, by weighted least squares if weights are given.

    Weighted, rows are multiplied by the root of their weight, here and in all that follows: the working model of CR2
    has variances inversely proportional to the weights. A cluster whose rows are repeated m times with an m-th of the
    weight each gives the same results by every method.

    Parameters
    ----------
    X : DataFrame, shape (n, k)
        Of full column rank; no constant is added.
    y : Series, shape (n,)
    clusters : Series, shape (n,)
        Label of each row's cluster.
    weights : Series, shape (n,), optional
        Positive.

    Raises
    ------
    ValueError
        If the lengths differ, a value is not finite, a weight is not positive, there are fewer than two clusters, or
        a column of X depends on the others.

    Examples
    --------
    >>> X = pd.DataFrame({"const": 1.0, "x": [0.0, 1.0, 2.0, 3.0]})
    >>> sums = cluster_sums(X, pd.Series([1.0, 3.0, 5.0, 7.0]), pd.Series(["a", "a", "b", "b"]))
    >>> sums.clusters, sums.coefficients.round(9).tolist()
    (('a', 'b'), [1.0, 2.0])
    """
    x, outcome = X.to_numpy(dtype=float), np.asarray(y, dtype=float)
    weight = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=float)
    codes, labels = pd.factorize(np.asarray(clusters), sort=True)
    if not len(x) == len(outcome) == len(weight) == len(codes):
        raise ValueError(f"{len(x)} rows of X, {len(outcome)} of y, {len(weight)} weights, {len(codes)} of clusters")
    if not (np.isfinite(x).all() and np.isfinite(outcome).all() and np.isfinite(weight).all() and (weight > 0).all()):
        raise ValueError("X, y and weights must be finite, and weights positive")
    if len(labels) < 2 or (codes < 0).any():
        raise ValueError(f"rows must fall into two clusters or more, not {len(labels)}, and none outside them")
    root = np.sqrt(weight)
    x, outcome = x * root[:, None], outcome * root
    parts = [np.flatnonzero(codes == g) for g in range(len(labels))]
    gram = np.stack([x[part].T @ x[part] for part in parts])
    total = gram.sum(axis=0)
    if (rank := np.linalg.matrix_rank(total, hermitian=True)) < len(total):
        raise ValueError(f"{rank} of {len(total)} columns of X are independent; leave the others out")
    return ClusterSums(
        names=tuple(X.columns),
        clusters=tuple(str(label) for label in labels),
        gram=gram,
        moments=np.stack([x[part].T @ outcome[part] for part in parts]),
        bread=np.linalg.inv(total),
        rows=np.array([len(part) for part in parts]),
    )


def with_labels(controls: ClusterSums, labels: pd.Series, *, reference: str) -> ClusterSums:
    """The sums with one more column for each label of a cluster but the reference.

    Parameters
    ----------
    controls : ClusterSums
        Of a regression without the labels, with a constant.
    labels : Series
        Label of each cluster, indexed by cluster.
    reference : str
        Label that the coefficients compare with.

    Raises
    ------
    ValueError
        If a cluster has no label, no cluster has the reference, or a label's column depends on the other columns.

    Examples
    --------
    >>> X, y = pd.DataFrame({"const": np.ones(4)}), pd.Series([1.0, 3.0, 6.0, 8.0])
    >>> controls = cluster_sums(X, y, pd.Series(["a", "b", "c", "d"]))
    >>> labels = pd.Series({"a": "old", "b": "old", "c": "new", "d": "new"})
    >>> full = with_labels(controls, labels, reference="old")
    >>> dict(zip(full.names, full.coefficients.round(9).tolist()))
    {'const': 2.0, 'new': 5.0}
    """
    found = _labels_of(controls, labels, reference)
    names = tuple(sorted(set(found) - {reference}))
    c = controls.position(CONSTANT)
    widen = np.zeros((len(found), len(controls.names), len(controls.names) + len(names)))
    widen[:, :, : len(controls.names)] = np.eye(len(controls.names))
    widen[:, c, len(controls.names) :] = np.array(found)[:, None] == np.array(names)
    gram = widen.transpose(0, 2, 1) @ controls.gram @ widen
    total = gram.sum(axis=0)
    if np.linalg.matrix_rank(total, hermitian=True) < len(total):
        raise ValueError(f"the labels {', '.join(names)} depend on the controls")
    return replace(
        controls,
        names=(*controls.names, *names),
        gram=gram,
        moments=np.einsum("gkm,gk->gm", widen, controls.moments),
        bread=np.linalg.inv(total),
    )


def _labels_of(sums: ClusterSums, labels: pd.Series, *needed: str) -> tuple[str, ...]:
    if absent := [c for c in sums.clusters if c not in labels.index]:
        raise ValueError(f"no label for {', '.join(absent)}")
    found = tuple(labels.loc[list(sums.clusters)])
    if unknown := [label for label in needed if label not in found]:
        raise ValueError(f"no cluster is {' or '.join(unknown)}; the labels are {', '.join(sorted(set(found)))}")
    return found


# --- standard errors -------------------------------------------------------------------------------------------------


def _student(coefficient: float, error: float, degrees: float) -> Inference:
    half = stats.t.ppf((1 + CONFIDENCE) / 2, degrees) * error
    return Inference(
        coefficient=coefficient,
        standard_error=error,
        degrees=degrees,
        p_value=float(2 * stats.t.sf(abs(coefficient) / error, degrees)),
        low=float(coefficient - half),
        high=float(coefficient + half),
    )


def crv1(sums: ClusterSums, column: str) -> Inference:
    """The usual cluster-robust standard error, with t of G - 1 degrees of freedom: too small with few clusters.

    References
    ----------
    Cameron, Gelbach & Miller (2008), Review of Economics and Statistics 90(3), 414–427, eq. 6, with the factor
    G / (G - 1) · (n - 1) / (n - k).
    """
    j = sums.position(column)
    error = np.sqrt(_small_sample(sums) * np.sum((sums.scores @ sums.bread[j]) ** 2))
    return _student(float(sums.coefficients[j]), float(error), len(sums.clusters) - 1)


def _small_sample(sums: ClusterSums, *, more: int = 0) -> float:
    G, n, k = len(sums.clusters), sums.rows.sum(), len(sums.names) + more
    return G / (G - 1) * (n - 1) / (n - k)


def cr2(sums: ClusterSums, column: str) -> Inference:
    """Bias-reduced cluster-robust standard error (CR2) with Satterthwaite's degrees of freedom.

    Residuals of cluster g are multiplied by A_g = (I - H_gg)^(+1/2), with H the hat matrix and + the pseudo-inverse
    (a column that one cluster alone has makes I - H_gg singular), so that the variance is unbiased if errors are
    independent with equal variance (after weighting). The degrees of freedom are those under the same model.

    With few treated clusters the degrees of freedom are few, whatever the number of rows.

    References
    ----------
    Bell & McCaffrey (2002), Survey Methodology 28(2), 169–181. Pustejovsky & Tipton (2018), Journal of Business &
    Economic Statistics 36(4), 672–683.

    Examples
    --------
    >>> X, y = pd.DataFrame({"const": np.ones(4)}), pd.Series([1.0, 2.0, 3.0, 6.0])
    >>> mean = cr2(cluster_sums(X, y, pd.Series(["a", "b", "c", "d"])), "const")
    >>> round(mean.standard_error, 6) == round(float(y.std() / 2), 6), round(mean.degrees, 6)
    (True, 3.0)
    """
    return cr2_of_each(sums, (column,))[0]


def cr2_of_each(sums: ClusterSums, columns: tuple[str, ...]) -> tuple[Inference, ...]:
    """`cr2` of several coefficients, for little more work than of one."""
    return tuple(adjusted(sums, *told) for told in zip(columns, *adjustment(sums, columns), strict=True))


def adjustment(sums: ClusterSums, columns: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """What CR2 of c coefficients takes from X alone.

    Returns
    -------
    multiplied : ndarray, shape (c, G, k)
        Times the scores, summed over the columns of X, squared, summed over clusters: the variance.
    degrees : ndarray, shape (c,)
        Satterthwaite's degrees of freedom.
    """
    M, places = sums.bread, [sums.position(column) for column in columns]
    multiplied, along = np.zeros((2, *sums.moments.shape, len(places)))
    own = np.zeros((len(sums.gram), len(places)))
    for g, gram in enumerate(sums.gram):
        used = np.flatnonzero(gram.diagonal())  # few of the columns are other than zero in one cluster
        values, vectors = np.linalg.eigh(gram[np.ix_(used, used)])
        kept = values > NEGLIGIBLE * values.max()
        root, vectors = np.sqrt(values[kept]), vectors[:, kept]
        R = root[:, None] * vectors.T  # X_g = Q R with orthonormal Q, which is never needed
        alpha = _root_of_inverse(np.eye(len(R)) - R @ M[np.ix_(used, used)] @ R.T) @ R @ M[np.ix_(used, places)]
        multiplied[g, used] = vectors @ (alpha / root[:, None])
        own[g] = (alpha**2).sum(axis=0)
        along[g, used] = R.T @ alpha
    degrees = []
    for c in range(len(places)):
        P = np.diag(own[:, c]) - along[:, :, c] @ M @ along[:, :, c].T
        degrees.append(np.trace(P) ** 2 / np.sum(P**2))
    return multiplied.transpose(2, 0, 1), np.array(degrees)


def _root_of_inverse(B: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(B)
    inverse = np.where(values > NEGLIGIBLE, 1 / np.sqrt(np.maximum(values, NEGLIGIBLE)), 0.0)
    return (vectors * inverse) @ vectors.T


def adjusted(sums: ClusterSums, column: str, multiplied: np.ndarray, degrees: float) -> Inference:
    """CR2 with what `adjustment` says of the column, which is the same for every outcome."""
    error = np.sqrt(np.sum((multiplied * sums.scores).sum(axis=1) ** 2))
    return _student(float(sums.coefficients[sums.position(column)]), float(error), float(degrees))


# --- tests inverted --------------------------------------------------------------------------------------------------


def _ends(p_value: Callable[[float], float], coefficient: float, step: float) -> tuple[float, float]:
    """The stretch around the coefficient where the p value is above 1 - `CONFIDENCE`."""
    level = 1 - CONFIDENCE

    def end(sign: int) -> float:
        inside, outside = 0.0, 0.25 * step
        while p_value(coefficient + sign * outside) > level:
            inside, outside = outside, 1.25 * outside
            if outside > FARTHEST * step:
                return sign * np.inf
        while outside - inside > 1e-6 * step:
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if p_value(coefficient + sign * middle) > level else (inside, middle)
        return coefficient + sign * outside

    return end(-1), end(1)


def _inverted(
    p_value: Callable[[float], float], coefficient: float, error: float, *, interval: bool, **told: float
) -> Inference:
    """A test of any null, with its p value of zero and, if asked for, the interval of what it does not reject."""
    low, high = _ends(p_value, coefficient, error) if interval else (np.nan, np.nan)
    return Inference(coefficient, error, np.nan, p_value(0.0), low, high, **told)


def wild_cluster_bootstrap_t(
    sums: ClusterSums,
    column: str,
    *,
    seed: int,
    draws: int = DRAWS,
    multiplier: Multiplier = "webb",
    interval: bool = True,
) -> Inference:
    """Wild cluster bootstrap-t with the null imposed (WCR), its error that of `crv1`, its interval the test inverted.

    The residuals under the null are kept together within clusters and multiplied by one random number per cluster;
    the statistic, with its cluster-robust standard error, is computed afresh. Symmetric two-sided p value. With few
    treated (or few untreated) clusters the test rejects far too seldom: simulate its size on the design at hand.

    Parameters
    ----------
    sums : ClusterSums
    column : str
    multiplier : {"webb", "rademacher"}
        Signs are enumerated where 2^G is at most the number of draws.
    interval : bool
        Whether the test is inverted; without, the ends are NaN.

    Raises
    ------
    ValueError
        For an unknown multiplier.

    References
    ----------
    Cameron, Gelbach & Miller (2008), Review of Economics and Statistics 90(3), 414–427. Roodman, Nielsen, MacKinnon &
    Webb (2019), Stata Journal 19(1), 4–60: the computation by sums over clusters. Webb (2023), Canadian Journal of
    Economics 56(3), 839–858.
    """
    if multiplier not in get_args(Multiplier):
        raise ValueError(f"multiplier must be one of {', '.join(get_args(Multiplier))}, not {multiplier!r}")
    v, exact = _multipliers(len(sums.clusters), draws, multiplier, np.random.default_rng(seed))
    j = sums.position(column)
    coefficient, error = sums.coefficients[j], crv1(sums, column).standard_error
    statistic = _bootstrap_statistic(sums, j, v)

    def p_value(null: float) -> float:
        drawn, found = np.abs(statistic(null)), abs(coefficient - null) / error
        return _share_at_least(drawn, found) if exact else at_least(drawn, found)

    smallest = 2 / len(v) if exact else 1 / (len(v) + 1)
    told = {"draws": len(v), "exact": exact, "smallest_p": smallest}
    return _inverted(p_value, float(coefficient), error, interval=interval, **told)


def _multipliers(G: int, draws: int, multiplier: str, rng: np.random.Generator) -> tuple[np.ndarray, bool]:
    if multiplier == "webb":
        return rng.choice(WEBB, size=(draws, G)), False
    if draws >= 2**G:
        return np.array(list(product((-1.0, 1.0), repeat=G))), True
    return 2.0 * rng.integers(0, 2, size=(draws, G)) - 1, False


def _bootstrap_statistic(sums: ClusterSums, j: int, v: np.ndarray) -> Callable[[float], np.ndarray]:
    """From a null to the bootstrap t statistics under it; both parts of them are linear in the null."""
    M, beta = sums.bread, sums.coefficients
    a = M[:, j] / M[j, j]  # X a is the column less its projection on the others
    along = sums.gram @ a

    def parts(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        own = scores @ a
        return M[j, j] * (v @ own), M[j, j] * (v * own - (v @ scores) @ M @ along.T)

    fixed = parts(sums.moments - sums.gram @ (beta - a * beta[j]))
    slope = parts(-along)
    factor = np.sqrt(_small_sample(sums))

    def statistic(null: float) -> np.ndarray:
        errors = factor * np.linalg.norm(fixed[1] + null * slope[1], axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.nan_to_num((fixed[0] + null * slope[0]) / errors, nan=0.0)

    return statistic


def _share_at_least(drawn: np.ndarray, found: float) -> float:
    return float(np.mean(drawn >= found * (1 - TIED)))


# --- randomisation inference -----------------------------------------------------------------------------------------


def randomisation_inference(
    controls: ClusterSums,
    labels: pd.Series,
    *,
    treated: str,
    reference: str,
    seed: int,
    exchange: Exchange = "pair",
    draws: int = DRAWS,
    interval: bool = True,
) -> Inference:
    """Randomisation inference: the labels of clusters permuted, as many clusters with each label as before.

    Tests the sharp null that the labels are exchangeable, by the coefficient over its cluster-robust standard error.
    With few clusters all arrangements are enumerated and the p value is exact; it can then be no smaller than
    `smallest_p`, whatever the data say.

    Parameters
    ----------
    controls : ClusterSums
        Of the regression without the labels, with a constant.
    labels : Series
        Label of each cluster, indexed by cluster.
    treated, reference : str
        The coefficient is that of the one against the other.
    exchange : {"pair", "all"}
        Whether clusters of these two labels exchange theirs and all others keep theirs (the null concerns the two
        alone), or all clusters do (the null is that no label matters).
    draws : int
        Arrangements drawn at random where there are more.
    interval : bool
        Whether the test is inverted.

    Returns
    -------
    Inference
        The interval holds the constant effects on the treated that the test does not reject. Its ends are NaN without
        it, and for ``all``, where the null fixes the other labels' effects too.

    Raises
    ------
    ValueError
        For an unknown option or label, or if the actual arrangement does not identify the coefficient.

    References
    ----------
    MacKinnon & Webb (2020), "Randomization inference for difference-in-differences with few treated clusters",
    Journal of Econometrics 218(2), 435–450.

    Examples
    --------
    >>> X = pd.DataFrame({"const": np.ones(5)})
    >>> controls = cluster_sums(X, pd.Series([1.0, 2.0, 1.5, 8.0, 9.0]), pd.Series(list("abcde")))
    >>> labels = pd.Series({"a": "old", "b": "old", "c": "old", "d": "new", "e": "new"})
    >>> found = randomisation_inference(controls, labels, treated="new", reference="old", seed=1)
    >>> found.draws, found.exact, found.p_value
    (10, True, 0.1)
    """
    if exchange not in get_args(Exchange):
        raise ValueError(f"exchange must be one of {', '.join(get_args(Exchange))}, not {exchange!r}")
    actual = _labels_of(controls, labels, treated, reference)
    order = (treated, *sorted(set(actual) - {treated, reference}), reference)
    codes = np.array([order.index(label) for label in actual])
    moving = codes >= 0 if exchange == "all" else (codes == 0) | (codes == len(order) - 1)
    arranged, exact = _arrangements(codes, moving, draws, np.random.default_rng(seed))
    coefficients, errors = _over_arrangements(controls, controls.position(CONSTANT), arranged, len(order) - 1)
    errors *= np.sqrt(_small_sample(controls, more=len(order) - 1))

    def sizes(null: float) -> np.ndarray:
        shifted = coefficients[0] - null * coefficients[1]
        return np.abs(shifted / np.linalg.norm(errors[0] - null * errors[1], axis=1))

    def p_value(null: float) -> float:
        size = sizes(null)  # the actual arrangement is the first
        return _share_at_least(size, size[0]) if exact else at_least(size[1:], size[0])

    coefficient, error, size = float(coefficients[0, 0]), float(np.linalg.norm(errors[0, 0])), sizes(0.0)
    smallest = _share_at_least(size, size.max()) if exact else 1 / len(size)
    told = {"draws": len(size) if exact else len(size) - 1, "exact": exact, "smallest_p": smallest}
    return _inverted(p_value, coefficient, error, interval=interval and exchange == "pair", **told)


def _arrangements(
    codes: np.ndarray, moving: np.ndarray, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, bool]:
    """Labels of all clusters, the actual ones first: every arrangement of those that move, or so many at random."""
    movers, moved = np.flatnonzero(moving), codes[moving]
    counts = np.unique(moved, return_counts=True)[1]
    number, left = 1, len(moved)
    for count in counts:
        number, left = number * comb(left, int(count)), left - int(count)
    exact = number <= draws
    drawn = list(_rearranged(tuple(moved.tolist()))) if exact else rng.permuted(np.tile(moved, (draws, 1)), axis=1)
    out = np.tile(codes, (len(drawn), 1))
    out[:, movers] = drawn
    if exact:
        return np.concatenate([codes[None], out[(out != codes).any(axis=1)]]), True
    return np.concatenate([codes[None], out]), False


def _rearranged(labels: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Each distinct order of the labels once."""
    if len(set(labels)) <= 1:
        yield labels
        return
    first = min(labels)
    rest = tuple(label for label in labels if label != first)
    for places in combinations(range(len(labels)), len(labels) - len(rest)):
        for others in _rearranged(rest):
            left = iter(others)
            yield tuple(first if i in places else next(left) for i in range(len(labels)))


def _over_arrangements(
    controls: ClusterSums, constant: int, arranged: np.ndarray, reference: int
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficient of label 0 in every arrangement that identifies it, and what each cluster adds to its error.

    Returns
    -------
    coefficients : ndarray, shape (2, arrangements)
        For the outcome, and for the actual label 0 as outcome: the first less b times the second is the coefficient
        for the outcome without an effect b.
    errors : ndarray, shape (2, arrangements, G)
        The root of the sum of squares over clusters is the standard error, but for the factor for small samples.
    """
    between, outcome = _beside_controls(controls, constant)
    outcomes = np.stack([outcome, between @ (arranged[0] == 0)])
    by_cluster = between.transpose(1, 0, 2).reshape(len(between), -1)
    least = NEGLIGIBLE * controls.gram[:, constant, constant].sum()
    coefficients, errors = [], []
    for first in range(0, len(arranged), BATCH):
        ones = (arranged[first : first + BATCH, :, None] == np.arange(reference)).astype(float)
        product_of = ones.transpose(0, 2, 1) @ between.sum(axis=0) @ ones
        identified = np.linalg.eigvalsh(product_of)[:, 0] > least
        if first == 0 and not identified[0]:
            raise ValueError("the labels depend on the controls")
        ones, inverse = ones[identified], np.linalg.inv(product_of[identified])
        effects = np.einsum("npq,ngq,og->onp", inverse, ones, outcomes.sum(axis=1))
        fitted = np.einsum("ngp,onp->ong", ones, effects)
        alone = np.einsum("ngp,np->ng", ones, inverse[:, :, 0])
        # as products of matrices, which are far quicker than sums by index
        explained = (alone @ by_cluster).reshape(len(ones), len(between), -1) @ fitted.transpose(1, 2, 0)
        coefficients.append(effects[:, :, 0])
        errors.append((alone @ outcomes.transpose(0, 2, 1)) - explained.transpose(2, 0, 1))
    return np.concatenate(coefficients, axis=1), np.concatenate(errors, axis=1)


def _beside_controls(controls: ClusterSums, constant: int) -> tuple[np.ndarray, np.ndarray]:
    """With Z a column of ones for each cluster, less what the controls explain: Z_h'Z_h and Z_h'y_h of each cluster.

    Returns
    -------
    between : ndarray, shape (G, G, G)
    outcome : ndarray, shape (G, G)
    """
    own = controls.gram[:, constant, :]
    projection = controls.bread @ own.T
    cross = own @ projection
    between = projection.T @ controls.gram @ projection
    outcome = -controls.scores @ projection
    each = np.arange(len(own))
    between[each, each, :] -= cross
    between[each, :, each] -= cross
    between[each, each, each] += own[:, constant]
    outcome[each, each] += controls.scores[:, constant]
    return between, outcome
