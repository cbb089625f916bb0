"""Hosts of different speed are told apart by what they share, and the law does not take them for its slope."""

import numpy as np
import pandas as pd
import pytest

from analysis.engine.data.tables import load
from analysis.verifiable_ai.law import powers as law
from analysis.verifiable_ai.law import remarks as law_remarks
from analysis.verifiable_ai.law.hosts import compare_hosts
from tests.verifiable_ai import ladders


def two_series(*, slower: float, circuit_sd: float = 0.0, seed: int = 0) -> pd.DataFrame:
    """Small circuits on one host; the large ones, and some of the small again, on another that takes so many times."""
    table = ladders.proofs(circuit_sd=circuit_sd, seed=seed)
    small, again = table[table["k"] <= 18], table[(table["k"] >= 18) | (table["k"] == 16)]
    again = again.assign(
        prove_cpu_s=slower * again["prove_cpu_s"], source_id="zk_ladder_2", run_id=again["run_id"] + " again"
    )
    return pd.concat([small, again], ignore_index=True)


def test_a_slower_host_is_found_and_does_not_tilt_the_law() -> None:
    proofs = law.observations(two_series(slower=1.5))
    hosts = law.hosts_of(proofs)
    assert hosts.factors["zk_ladder_2"] / hosts.factors["zk_ladder_recorded"] == pytest.approx(1.5)
    assert np.log(hosts.factors).sum() == pytest.approx(0)
    assert hosts.circuits == 6
    assert law.time_law(two_series(slower=1.5)).slope == pytest.approx(1)
    assert law.fit_law(law.of_law(proofs)).slope > 1.05


def test_forward_chaining_is_on_one_host() -> None:
    chained = law.forward_chaining(two_series(slower=1.5))
    assert len(chained)
    np.testing.assert_allclose(chained["ratio"].astype(float), 1)


def test_effects_equal_a_regression_with_dummies() -> None:
    proofs = law.of_law(law.observations(load("zk_proofs")), above_floor=False)
    hosts = compare_hosts(proofs)
    circuit = pd.get_dummies(proofs["circuit"] + proofs["weights"], dtype=float)
    series = pd.get_dummies(proofs["series"], dtype=float)
    X = pd.concat([circuit, series.iloc[:, 1:]], axis=1).to_numpy()
    found, residual, *_ = np.linalg.lstsq(X, np.log(proofs["cpu_s"]).to_numpy(), rcond=None)
    assert np.diff(hosts.log_factors) == pytest.approx(np.diff([0.0, *found[circuit.shape[1] :]]))
    variance = residual[0] / (len(X) - X.shape[1]) * np.linalg.inv(X.T @ X)[circuit.shape[1] :, circuit.shape[1] :]
    contrast = hosts.covariance[1, 1] + hosts.covariance[0, 0] - 2 * hosts.covariance[0, 1]
    assert contrast == pytest.approx(variance[0, 0])


def test_an_unknown_host_widens_the_interval_of_the_slope() -> None:
    table = two_series(slower=1.5, circuit_sd=0.05)
    rng = np.random.default_rng(1)
    noisy = table.assign(prove_cpu_s=table["prove_cpu_s"] * np.exp(rng.normal(0, 0.1, len(table))))
    proofs = law.observations(noisy)
    hosts, some = law.hosts_of(proofs), law.of_law(proofs)
    with_error, without = law.fit_law(some, hosts=hosts), law.fit_law(hosts.level(some))
    assert with_error.slope == pytest.approx(without.slope)
    assert with_error.high - with_error.low > without.high - without.low


@pytest.mark.slow
def test_the_interval_of_the_slope_covers_it_whatever_the_hosts() -> None:
    rng, inside, runs = np.random.default_rng(7), 0, 300
    for seed in range(runs):
        table = two_series(slower=float(np.exp(rng.normal(0, 0.3))), circuit_sd=0.05, seed=seed)
        noise = np.exp(rng.normal(0, 0.03, len(table)))
        found = law.time_law(table.assign(prove_cpu_s=table["prove_cpu_s"] * noise))
        inside += found.low <= 1 <= found.high
    assert abs(inside / runs - 0.95) < 4 * np.sqrt(0.95 * 0.05 / runs)


def test_series_that_share_nothing_count_as_they_are() -> None:
    table = ladders.proofs()
    apart = table.assign(source_id=np.where(table["k"] > 17, "zk_ladder_2", "zk_ladder_recorded"))
    hosts = law.hosts_of(law.observations(apart))
    assert (hosts.factors == 1).all()
    assert not hosts.covariance.any()
    assert "cannot be compared" in law_remarks.hosts(hosts)


def test_another_number_of_columns_is_told_beside_the_law() -> None:
    wide = ladders.proof("mlp:128,256,128", k=15, rows=99, inner_columns=8, prove_cpu_s=100.0, run_id="wide")
    table = pd.concat([ladders.proofs(circuit_sd=0.02), pd.DataFrame([wide])], ignore_index=True)
    (row,) = law.other_columns(table).itertuples()
    assert (row.columns, row.measured, row.outside) == (8, pytest.approx(100), True)
    assert row.predicted == pytest.approx(law.time_law(table).predict("perceptron", 8 * 2.0**15)[0])
    assert law.other_columns(ladders.proofs()).empty
