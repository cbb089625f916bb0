"""Inference by clusters against R, wildboottest, linearmodels, and the definitions written out row by row."""

from itertools import permutations, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linearmodels.panel import PooledOLS

from analysis.engine.inference.clustered import (
    ClusterSums,
    cluster_sums,
    cr2,
    crv1,
    randomisation_inference,
    wild_cluster_bootstrap_t,
    with_labels,
)
from analysis.engine.inference.resampling import CONFIDENCE

EXACT = 1e-9
COLUMNS = ["const", "x", "z", "only", "treated"]
#: reference/clustered.R: coefficient, standard error, degrees of freedom, p value.
CR2_FROM_R_CLUBSANDWICH = {
    "const": (0.7851843932838, 1.060208500192, 4.46263361185, 0.4960253165012),
    "x": (0.3888740223896, 0.158760178422, 3.74092184178, 0.0748741949005),
    "z": (-0.3261004930671, 0.296129744948, 5.63146508553, 0.3156331814283),
    "only": (-0.4420871341062, 0.934556776176, 4.14932838821, 0.6599969497193),
    "treated": (-0.0822481914359, 0.994859000969, 3.69863420765, 0.9383896820152),
}
WEIGHTED_CR2_FROM_R_CLUBSANDWICH = {
    "const": (0.4640026488827, 0.921482079874, 4.93423293873, 0.6362532373002),
    "x": (0.4783210973808, 0.139266273599, 4.57784830195, 0.0213342674605),
    "z": (-0.2165120430358, 0.334019343554, 6.89837875555, 0.5378234299135),
    "only": (-0.2816236079724, 0.730936837104, 4.05176876218, 0.7193954886026),
    "treated": (0.0239936607127, 0.909250712370, 3.97189150660, 0.9802200868520),
}
#: reference/wild.py: t statistic and p value, which leaves out the two draws that equal the data.
WILD_FROM_WILDBOOTTEST = {
    "treated": (-0.0882828472830539, 0.9453125),
    "x": (2.7079601663881303, 0.09375),
    "z": (-1.1400672985013842, 0.2578125),
}


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    return pd.read_csv(Path(__file__).parent / "reference" / "clustered.csv").assign(const=1.0)


@pytest.fixture(scope="module")
def sums(data: pd.DataFrame) -> ClusterSums:
    return cluster_sums(data[COLUMNS], data["y"], data["cluster"])


@pytest.fixture(scope="module")
def controls(data: pd.DataFrame) -> ClusterSums:
    return cluster_sums(data[COLUMNS[:-1]], data["y"], data["cluster"])


@pytest.fixture(scope="module")
def labels(data: pd.DataFrame) -> pd.Series:
    return data.groupby("cluster")["treated"].first().map({0: "no", 1: "yes"})


def drawn_panel(seed: int, sizes: tuple[int, ...] = (2, 3, 4, 5, 6)) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    cluster = np.repeat([f"c{g}" for g in range(len(sizes))], sizes)
    x = rng.normal(size=len(cluster)) + np.repeat(rng.normal(size=len(sizes)), sizes)
    return pd.DataFrame(
        {"const": 1.0, "x": x, "w": rng.normal(size=len(x)), "y": rng.normal(size=len(x)), "cluster": cluster}
    )


# --- references ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", COLUMNS)
def test_cr2_is_r_clubsandwich(sums: ClusterSums, column: str) -> None:
    found = cr2(sums, column)
    told = (found.coefficient, found.standard_error, found.degrees, found.p_value)
    assert told == pytest.approx(CR2_FROM_R_CLUBSANDWICH[column], rel=EXACT)


@pytest.mark.parametrize("column", COLUMNS)
def test_weighted_cr2_is_r_clubsandwich(data: pd.DataFrame, column: str) -> None:
    found = cr2(cluster_sums(data[COLUMNS], data["y"], data["cluster"], weights=data["weight"]), column)
    told = (found.coefficient, found.standard_error, found.degrees, found.p_value)
    assert told == pytest.approx(WEIGHTED_CR2_FROM_R_CLUBSANDWICH[column], rel=1e-8)


@pytest.mark.parametrize("column", list(WILD_FROM_WILDBOOTTEST))
def test_enumerated_signs_are_wildboottest(sums: ClusterSums, column: str) -> None:
    found = wild_cluster_bootstrap_t(sums, column, seed=1, multiplier="rademacher")
    t, p = WILD_FROM_WILDBOOTTEST[column]
    assert found.coefficient / found.standard_error == pytest.approx(t, rel=EXACT)
    assert found.exact
    assert found.draws == 2**8
    assert p <= found.p_value <= p + 2 / found.draws


def test_coefficients_and_usual_errors_are_linearmodels(data: pd.DataFrame, sums: ClusterSums) -> None:
    panel = data.assign(time=range(len(data))).set_index(["cluster", "time"])
    clusters = pd.Series(data["cluster"].factorize()[0], index=panel.index)
    fit = PooledOLS(panel["y"], panel[COLUMNS]).fit(cov_type="clustered", clusters=clusters, group_debias=True)
    assert sums.coefficients == pytest.approx(fit.params[COLUMNS].to_numpy(), rel=EXACT)
    errors = [crv1(sums, column).standard_error for column in COLUMNS]
    assert errors == pytest.approx(fit.std_errors[COLUMNS].to_numpy(), rel=EXACT)


# --- the definitions, row by row -------------------------------------------------------------------------------------


def cr2_by_rows(X: np.ndarray, y: np.ndarray, cluster: np.ndarray, j: int) -> tuple[float, float]:
    """Standard error and degrees of freedom, from n by n matrices."""
    M = np.linalg.inv(X.T @ X)
    left = np.eye(len(X)) - X @ M @ X.T
    u, variance, columns = left @ y, 0.0, []
    for g in np.unique(cluster):
        own = cluster == g
        values, vectors = np.linalg.eigh(left[np.ix_(own, own)])
        A = vectors @ np.diag([v**-0.5 if v > 1e-9 else 0.0 for v in values]) @ vectors.T
        variance += (M[j] @ X[own].T @ A @ u[own]) ** 2
        columns.append(left[:, own] @ A @ X[own] @ M[:, j])
    products = np.array(columns) @ np.array(columns).T
    eigenvalues = np.linalg.eigvalsh(products)
    return float(np.sqrt(variance)), float(eigenvalues.sum() ** 2 / (eigenvalues**2).sum())


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000))
def test_cr2_is_its_definition(seed: int) -> None:
    d = drawn_panel(seed)
    found = cr2(cluster_sums(d[["const", "x", "w"]], d["y"], d["cluster"]), "x")
    X, y = d[["const", "x", "w"]].to_numpy(), d["y"].to_numpy()
    assert (found.standard_error, found.degrees) == pytest.approx(cr2_by_rows(X, y, d["cluster"].to_numpy(), 1))


def usual_t(X: np.ndarray, y: np.ndarray, cluster: np.ndarray, j: int, null: float) -> float:
    beta, M = np.linalg.lstsq(X, y, rcond=None)[0], np.linalg.inv(X.T @ X)
    u = y - X @ beta
    meat = sum(float(M[j] @ X[cluster == g].T @ u[cluster == g]) ** 2 for g in np.unique(cluster))
    return float((beta[j] - null) / np.sqrt(meat))


def test_bootstrap_refits_every_draw() -> None:
    d = drawn_panel(3)
    X, y, cluster = d[["const", "w", "x"]].to_numpy(), d["y"].to_numpy(), d["cluster"].to_numpy()
    found = wild_cluster_bootstrap_t(
        cluster_sums(d[["const", "w", "x"]], d["y"], d["cluster"]), "x", seed=1, multiplier="rademacher"
    )
    restricted = X[:, :2] @ np.linalg.lstsq(X[:, :2], y, rcond=None)[0]
    groups, observed, extreme = np.unique(cluster), abs(usual_t(X, y, cluster, 2, 0.0)), 0
    for signs in product((-1.0, 1.0), repeat=len(groups)):
        v = pd.Series(signs, index=groups)[cluster].to_numpy()
        extreme += abs(usual_t(X, restricted + v * (y - restricted), cluster, 2, 0.0)) >= observed - 1e-9
    assert found.p_value == extreme / 2 ** len(groups)


def test_randomisation_refits_every_arrangement(data: pd.DataFrame, controls: ClusterSums, labels: pd.Series) -> None:
    X, y, cluster = data[COLUMNS[:-1]].to_numpy(), data["y"].to_numpy(), data["cluster"].to_numpy()
    sizes = []
    for arrangement in set(permutations(labels)):
        treated = (pd.Series(arrangement, index=labels.index)[cluster] == "yes").to_numpy(dtype=float)
        sizes.append(abs(usual_t(np.column_stack([X, treated]), y, cluster, 4, 0.0)))
    actual = (labels[cluster] == "yes").to_numpy(dtype=float)
    observed = abs(usual_t(np.column_stack([X, actual]), y, cluster, 4, 0.0))
    found = randomisation_inference(controls, labels, treated="yes", reference="no", seed=1)
    assert found.draws == len(sizes) == 56
    assert found.p_value == np.mean(np.array(sizes) >= observed - 1e-9)
    assert found.standard_error == pytest.approx(
        crv1(with_labels(controls, labels, reference="no"), "yes").standard_error
    )


# --- the intervals ---------------------------------------------------------------------------------------------------


def shifted(data: pd.DataFrame, by: float) -> ClusterSums:
    return cluster_sums(data[COLUMNS], data["y"] - by * data["treated"], data["cluster"])


@pytest.mark.parametrize("side", ["low", "high"])
def test_bootstrap_interval_ends_where_the_test_rejects(data: pd.DataFrame, sums: ClusterSums, side: str) -> None:
    end = getattr(wild_cluster_bootstrap_t(sums, "treated", seed=1, draws=999), side)
    inward = -0.01 if side == "high" else 0.01
    p = [
        wild_cluster_bootstrap_t(shifted(data, null), "treated", seed=1, draws=999).p_value
        for null in (end + inward, end + 1e-5 * np.sign(-inward))
    ]
    assert p[1] <= 1 - CONFIDENCE + 0.01
    assert p[0] >= p[1]
    assert p[0] > 1 - CONFIDENCE - 1e-3


def test_randomisation_interval_ends_where_the_test_rejects(
    data: pd.DataFrame, controls: ClusterSums, labels: pd.Series
) -> None:
    told = {"treated": "yes", "reference": "no", "seed": 1}
    found = randomisation_inference(controls, labels, **told)
    for end, inward in ((found.low, 1e-3), (found.high, -1e-3)):
        p = []
        for null in (end + inward, end - inward):
            y = data["y"] - null * data["treated"]
            moved = cluster_sums(data[COLUMNS[:-1]], y, data["cluster"])
            p.append(randomisation_inference(moved, labels, **told).p_value)
        assert p[0] > 1 - CONFIDENCE >= p[1]


def test_no_interval_where_no_arrangement_can_reject(controls: ClusterSums) -> None:
    labels = pd.Series(["yes", "yes", "no", "no", "other", "other", "other", "other"], index=list("abcdefgh"))
    found = randomisation_inference(controls, labels, treated="yes", reference="no", seed=1)
    assert (found.draws, found.smallest_p) == (6, pytest.approx(2 / 6))
    assert (found.low, found.high) == (-np.inf, np.inf)


def test_all_labels_are_exchanged_or_two(controls: ClusterSums) -> None:
    labels = pd.Series(["yes", "yes", "no", "no", "other", "other", "other", "other"], index=list("abcdefgh"))
    found = randomisation_inference(controls, labels, treated="yes", reference="no", seed=1, exchange="all")
    assert (found.draws, found.exact) == (420, True)  # 8! / (2! 2! 4!)
    drawn = randomisation_inference(controls, labels, treated="yes", reference="no", seed=1, exchange="all", draws=400)
    assert (drawn.draws, drawn.exact) == (400, False)
    assert drawn.p_value == pytest.approx(found.p_value, abs=0.1)


# --- properties ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000), st.integers(2, 30))
def test_repeated_rows_of_a_cluster_change_nothing_when_clusters_weigh_the_same(seed: int, times: int) -> None:
    d = drawn_panel(seed, (2, 3, 4, 5, 6, 7))
    labels = pd.Series(["yes", "yes", "no", "no", "no", "no"], index=[f"c{g}" for g in range(6)])
    more = pd.concat([d, *[d[d["cluster"] == "c1"]] * (times - 1)], ignore_index=True)
    answers = []
    for frame in (d, more):
        weights = 1 / frame.groupby("cluster")["y"].transform("size")
        controls = cluster_sums(frame[["const", "x"]], frame["y"], frame["cluster"], weights=weights)
        full = with_labels(controls, labels, reference="no")
        wild = wild_cluster_bootstrap_t(full, "yes", seed=1, draws=199)
        moved = randomisation_inference(controls, labels, treated="yes", reference="no", seed=1)
        exact = cr2(full, "yes")
        answers.append(
            (exact.coefficient, exact.standard_error, exact.degrees, wild.p_value, moved.p_value, moved.smallest_p)
        )
    assert answers[0] == pytest.approx(answers[1], rel=1e-6)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000), st.floats(0.01, 100), st.floats(-50, 50))
def test_scale_and_shift_of_the_outcome(seed: int, scale: float, shift: float) -> None:
    d = drawn_panel(seed)
    first = cluster_sums(d[["const", "x"]], d["y"], d["cluster"])
    second = cluster_sums(d[["const", "x"]], scale * d["y"] + shift, d["cluster"])
    for method in (cr2, crv1):
        a, b = method(first, "x"), method(second, "x")
        assert (b.coefficient, b.standard_error) == pytest.approx((scale * a.coefficient, scale * a.standard_error))
        assert b.degrees == pytest.approx(a.degrees)


def test_equal_clusters_give_the_one_sample_t_test() -> None:
    # closed form: cluster means as observations
    means = np.array([1.0, 2.5, 3.0, 7.0, 4.0])
    d = pd.DataFrame({"const": 1.0, "y": np.repeat(means, 4), "cluster": np.repeat(list("abcde"), 4)})
    found = cr2(cluster_sums(d[["const"]], d["y"], d["cluster"]), "const")
    assert (found.standard_error, found.degrees) == pytest.approx((means.std(ddof=1) / np.sqrt(5), 4.0))


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.assign(x=2.0), "1 of 2 columns"),
        (lambda d: d.assign(y=np.nan), "finite"),
        (lambda d: d.assign(cluster="one"), "two clusters"),
        (lambda d: d.assign(weight=0.0), "positive"),
    ],
)
def test_sums_refuse(change, message: str) -> None:
    d = change(drawn_panel(1).assign(weight=1.0))
    with pytest.raises(ValueError, match=message):
        cluster_sums(d[["const", "x"]], d["y"], d["cluster"], weights=d["weight"])


def test_unknown_names_are_refused(sums: ClusterSums, controls: ClusterSums, labels: pd.Series) -> None:
    told = {"treated": "yes", "reference": "no", "seed": 1}
    with pytest.raises(ValueError, match="no column 'nought'; the columns are const"):
        cr2(sums, "nought")
    with pytest.raises(ValueError, match="webb, rademacher"):
        wild_cluster_bootstrap_t(sums, "x", seed=1, multiplier="mammen")
    with pytest.raises(ValueError, match="pair, all"):
        randomisation_inference(controls, labels, **told, exchange="some")
    with pytest.raises(ValueError, match="no cluster is maybe; the labels are no, yes"):
        with_labels(controls, labels, reference="maybe")
    with pytest.raises(ValueError, match="no label for a"):
        with_labels(controls, labels.drop("a"), reference="no")
    with pytest.raises(ValueError, match="depend on the controls"):
        randomisation_inference(sums, labels, **told)
    with pytest.raises(ValueError, match="depend on the controls"):
        with_labels(sums, labels, reference="no")
