"""The law of proving: known truth, coverage, references run live, and what it refuses."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.engine.data.tables import load
from analysis.verifiable_ai import shapes
from analysis.verifiable_ai.hidden_weights.beyond import privacy
from analysis.verifiable_ai.law import naive
from analysis.verifiable_ai.law import powers as law
from tests.verifiable_ai import ladders

EXACT = 1e-9
COVERAGE = (0.92, 0.98)
WORLDS = 400


def fitted(table: pd.DataFrame, outcome: law.Outcome = "cpu_s") -> law.PowerLaw:
    return law.fit_law(law.of_law(law.observations(table)), outcome)


@pytest.mark.parametrize("slope", [0.8, 1.0, 1.2])
def test_a_known_slope_comes_back(slope: float) -> None:
    assert fitted(ladders.proofs(slope=slope)).slope == pytest.approx(slope, rel=EXACT)


def test_levels_of_families_come_back() -> None:
    found = fitted(ladders.proofs())
    for family, level in ladders.LEVEL_US.items():
        assert found.predict(family, 2.0**20)[0] == pytest.approx(level * 1e-6 * 2**20, rel=1e-6)


def test_memory_follows_the_cells() -> None:
    found = fitted(ladders.proofs(), "memory_gib")
    assert found.predict("perceptron", 2.0**27)[0] == pytest.approx(ladders.BYTES_A_CELL * 2**27 / 2**30, rel=1e-6)


@pytest.mark.slow
def test_the_interval_of_the_slope_covers_it_as_often_as_it_says() -> None:
    worlds = [fitted(ladders.proofs(circuit_sd=0.1, repeat_sd=0.02, repeats=2, seed=s)) for s in range(WORLDS)]
    assert COVERAGE[0] <= np.mean([found.low <= 1 <= found.high for found in worlds]) <= COVERAGE[1]


@pytest.mark.slow
def test_the_clustered_interval_covers_less_often_with_so_few_circuits() -> None:
    worlds = [fitted(ladders.proofs(circuit_sd=0.1, repeat_sd=0.02, repeats=2, seed=s)) for s in range(WORLDS)]
    clustered = np.mean([found.clustered[0] <= 1 <= found.clustered[1] for found in worlds])
    assert clustered < np.mean([found.low <= 1 <= found.high for found in worlds])


@pytest.mark.slow
def test_the_prediction_interval_covers_a_new_circuit_two_doublings_up() -> None:
    rng, hits = np.random.default_rng(1), []
    truth = ladders.LEVEL_US["perceptron"] * 1e-6 * 2**23
    for seed in range(WORLDS):
        _, low, high = fitted(ladders.proofs(circuit_sd=0.1, seed=seed)).predict("perceptron", 2.0**23)
        hits.append(low <= truth * np.exp(rng.normal(0, 0.1)) <= high)
    assert COVERAGE[0] <= np.mean(hits) <= COVERAGE[1]


def test_fit_equals_a_design_matrix_written_out() -> None:
    proofs = law.of_law(law.observations(load("zk_proofs")))
    means = np.log(proofs.set_index(["family", "circuit", "model"])[["cells", "cpu_s"]]).groupby(level=[0, 1, 2]).mean()
    families = means.index.get_level_values("family")
    design = np.column_stack([*(families == f for f in shapes.FAMILIES if f in set(families)), means["cells"]])
    plain = sm.OLS(means["cpu_s"].to_numpy(), design.astype(float)).fit()
    found = law.fit_law(proofs)
    assert found.slope == pytest.approx(plain.params[-1], rel=EXACT)
    assert [found.low, found.high] == pytest.approx(plain.conf_int()[-1], rel=EXACT)
    reference = plain.get_prediction(np.append(design[0, :-1], np.log(2.0**27))[None]).summary_frame()
    assert np.log(found.predict(families[0], 2.0**27)) == pytest.approx(
        reference[["mean", "obs_ci_lower", "obs_ci_upper"]].to_numpy()[0], rel=EXACT
    )


@pytest.mark.slow
@given(times=st.floats(1e-3, 1e3))
@settings(max_examples=20, deadline=None)
def test_another_unit_of_time_moves_the_level_and_not_the_slope(times: float) -> None:
    table = ladders.proofs(circuit_sd=0.1)
    scaled = table.assign(prove_cpu_s=table["prove_cpu_s"] * times)
    assert fitted(scaled).slope == pytest.approx(fitted(table).slope, rel=1e-6)
    assert fitted(scaled).sd == pytest.approx(fitted(table).sd, rel=1e-6)


@pytest.mark.slow
@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    table = ladders.proofs(circuit_sd=0.1, repeats=2)
    shuffled = table.sample(frac=1, random_state=seed)
    assert fitted(shuffled).slope == pytest.approx(fitted(table).slope, rel=EXACT)


def test_repeating_a_proof_exactly_adds_no_certainty() -> None:
    table = ladders.proofs(circuit_sd=0.1)
    doubled = pd.concat([table, table.assign(run_id=table["run_id"] + "|again", repeat=1)])
    assert fitted(doubled).high == pytest.approx(fitted(table).high, rel=EXACT)


def test_floor_is_of_the_configuration() -> None:
    small = ladders.proof("mlp:8,16,8", k=15, rows=392)
    fine = small | {"run_id": "fine", "decomp_base": 256, "k": 10, "rows": 512}
    wide = small | {"run_id": "wide", "decomp_base": 256, "lookup_low": -(2**16), "lookup_high": 2**16, "k": 18}
    found = law.observations(pd.DataFrame([small, fine, wide]))
    assert found["floor"].tolist() == [15, 9, 18]
    assert found["above_floor"].tolist() == [False, True, False]


def test_recorded_k_is_what_rows_and_floor_say() -> None:
    found = law.observations(load("zk_proofs"))
    expected = np.maximum([law.rows_to_k(rows) for rows in found["rows"]], found["floor"])
    assert (found["k"] == expected).all()


def test_hashed_weights_and_proofs_that_failed_stay_outside_the_law() -> None:
    table = ladders.proofs()
    worse = table.iloc[[0]].assign(run_id="x", prove_cpu_s=1e6)
    hashed, failed = worse.assign(weights="hashed"), worse.assign(verified=False)
    assert fitted(pd.concat([table, hashed, failed])).slope == pytest.approx(fitted(table).slope, rel=EXACT)


@pytest.mark.slow
def test_law_of_the_recorded_proofs_is_proportional_to_cells() -> None:
    found = law.slopes(load("zk_proofs"))
    first = found.iloc[0]
    assert first["low"] <= 1 <= first["high"]
    assert first["high"] - first["low"] < 0.15
    assert not found.duplicated(["slope", "circuits", "proofs"]).any()


@pytest.mark.slow
def test_forward_chaining_of_the_recorded_proofs_meets_the_bar() -> None:
    for outcome in law.OUTCOMES:
        chained = law.forward_chaining(load("zk_proofs"), outcome)
        assert chained["counts"].sum() >= 8
        assert chained.loc[chained["counts"], "within_factor"].all()
        assert (chained["k"] > chained["fitted_to_k"]).all()


def test_forward_chaining_finds_a_law_that_breaks() -> None:
    table = ladders.proofs()
    broken = table.assign(prove_cpu_s=table["prove_cpu_s"].where(table["k"] < 20, table["prove_cpu_s"] * 3))
    chained = law.forward_chaining(broken)
    met = chained[chained["counts"]].groupby("family")["within_factor"].all()
    assert met.to_dict() == {"perceptron": False, "transformer, one token": False}


def test_forward_chaining_never_predicts_a_circuit_that_it_knows() -> None:
    chained = law.forward_chaining(ladders.proofs(circuit_sd=0.1, repeats=3))
    assert not chained.duplicated(["fitted_to_k", "circuit"]).any()
    assert (chained["doublings"] > 0).any()


def test_naive_fit_is_off_by_an_order_of_magnitude() -> None:
    found = naive.naive_fit(load("zk_proofs")).set_index("sample")
    right = 2.0**27 * ladders.LEVEL_US["transformer, one token"] * 1e-6
    assert right / found.loc["all proofs", "cpu_s"] > 5
    assert found.loc["all proofs", "slope"] < 0.8


def test_on_the_floor_the_naive_slope_is_flat() -> None:
    table = pd.DataFrame([ladders.proof(f"mlp:{n},{n}", k=15, rows=400 + n, prove_cpu_s=6.0) for n in (8, 16, 32, 64)])
    found = naive.naive_fit(table).set_index("sample")
    assert found.loc["on the row floor", "slope"] == pytest.approx(0, abs=EXACT)


def test_privacy_costs_what_we_put_in() -> None:
    table = ladders.proofs(repeats=2)
    private = table.assign(weights="private", run_id=table["run_id"] + "p", prove_cpu_s=table["prove_cpu_s"] * 1.2)
    found = privacy.privacy_cost(pd.concat([table, private])).set_index("cost")
    assert found.loc["processor time", "ratio"] == pytest.approx(1.2, rel=EXACT)
    assert found.loc["processor time", "networks"] == len(ladders.NETWORKS)
    assert found.loc["peak memory", "ratio"] == pytest.approx(1, rel=EXACT)


def test_privacy_is_compared_within_a_series_alone() -> None:
    """A later series on a machine twice as fast, with the same networks: the ratio is that of each series."""
    table = ladders.proofs()
    costs = {"private": 1.2, "committed": 1.4, "hashed": 8.0}
    first = [
        table.assign(weights=w, run_id=table["run_id"] + w, prove_cpu_s=table["prove_cpu_s"] * x)
        for w, x in costs.items()
    ]
    second = pd.concat([table, first[0]])
    second = second.assign(source_id="later", prove_cpu_s=second["prove_cpu_s"] / 2, run_id=second["run_id"] + "l")
    found = privacy.privacy_cost(pd.concat([table, *first, second])).set_index(["cost", "weights"])
    assert found.loc["processor time", "ratio"].to_dict() == pytest.approx(costs)
    assert set(found.loc["processor time", "networks"]) == {len(ladders.NETWORKS)}
    alone = pd.concat([table, first[0].assign(source_id="later")])
    assert privacy.privacy_cost(alone).empty


def test_interval_of_one_network_is_that_of_two_samples() -> None:
    rng = np.random.default_rng(3)
    fixed, private = np.exp(rng.normal(0, 0.05, 4)), np.exp(rng.normal(0.1, 0.05, 3))
    rows = [ladders.proof("mlp:8,16,8", repeat=i, prove_cpu_s=s) for i, s in enumerate(fixed)]
    rows += [ladders.proof("mlp:8,16,8", repeat=i, prove_cpu_s=s, weights="private") for i, s in enumerate(private)]
    found = privacy.privacy_cost(pd.DataFrame(rows)).set_index("cost").loc["processor time"]
    test = stats.ttest_ind(np.log(private), np.log(fixed)).confidence_interval(0.95)
    assert np.log([found["low"], found["high"]]) == pytest.approx([test.low, test.high], rel=1e-6)


def test_without_repeats_there_is_no_interval() -> None:
    rows = [ladders.proof("mlp:8,16,8", prove_cpu_s=s, weights=w) for s, w in ((1.0, "fixed"), (1.5, "hashed"))]
    found = privacy.privacy_cost(pd.DataFrame(rows)).set_index("cost").loc["processor time"]
    assert found["ratio"] == pytest.approx(1.5)
    assert np.isnan(found["low"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.assign(verified=False), "no verified proof"),
        (lambda t: t.assign(prove_cpu_s=0.0), "greater than 0"),
        (lambda t: t.assign(model="resnet:18"), "is not a name"),
    ],
)
def test_tables_that_make_no_sense_are_refused(change, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        law.observations(change(ladders.proofs()))


def test_too_few_circuits_and_one_size_are_refused() -> None:
    few = law.observations(ladders.proofs(networks={"mlp:128,256,128": 16, "mlp:256,512,256": 18}))
    with pytest.raises(ValueError, match="too few"):
        law.fit_law(few)
    same = ladders.proofs(networks={"mlp:128,256,128": 16, "mlp:128,255,128": 16, "mlp:128,254,128": 16})
    with pytest.raises(ValueError, match="no slope"):
        law.fit_law(law.observations(same))
    with pytest.raises(ValueError, match="unknown outcome"):
        law.fit_law(few, "wall_s")
    with pytest.raises(ValueError, match="no proof of the family"):
        fitted(ladders.proofs(networks={k: v for k, v in ladders.NETWORKS.items() if "mlp" in k})).predict(
            "transformer, one token", 2.0**20
        )
