"""Rows, the mixture over k, and the reader's prediction: known truth, closed forms, limits."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.engine.data.tables import load
from analysis.verifiable_ai.law import powers as law
from analysis.verifiable_ai.law import predict, rows
from analysis.verifiable_ai.shapes import FAMILIES, GPT2, Shape, checked_products, macs, parameters, parse
from tests.verifiable_ai import ladders

EXACT = 1e-6
COVERAGE = (0.90, 0.99)
ONE_TOKEN = FAMILIES[1]
NO_PROOFS = ladders.proofs(networks={"mlp:8,16,8": 15})
MACHINE = predict.ProverMachine(cores=64, memory_gib=2048.0, usd_per_hour=10.0)


def test_known_rows_come_back() -> None:
    found = rows.fit_rows(ladders.circuits(), NO_PROOFS, ONE_TOKEN)
    assert dict(zip(found.names, found.coefficients, strict=True)) == pytest.approx(ladders.ROWS_PER_UNIT, rel=1e-2)
    assert found.expect(GPT2)[0] == pytest.approx(ladders.rows("tfm:T1,d768,h12,L12,v50257"), rel=1e-4)


@pytest.mark.slow
def test_the_interval_of_rows_covers_a_new_circuit() -> None:
    rng, hits = np.random.default_rng(0), []
    for seed in range(200):
        _, low, high = rows.fit_rows(ladders.circuits(sd=0.02, seed=seed), NO_PROOFS, ONE_TOKEN).interval(GPT2)
        hits.append(low <= ladders.rows("tfm:T1,d768,h12,L12,v50257") * (1 + rng.normal(0, 0.02)) <= high)
    assert COVERAGE[0] <= np.mean(hits) <= COVERAGE[1]


def test_adding_up_pieces_gives_what_was_compiled() -> None:
    table = load("zk_circuits")
    without = table[table["model"] != "tfm:T1,d128,h4,L4"]
    assert rows.added_up(without, parse("tfm:T1,d128,h4,L4")) == pytest.approx(673_864, abs=5)
    assert rows.added_up(table, GPT2) == pytest.approx(67.9e6, rel=1e-3)
    assert np.isnan(rows.added_up(table, parse("tfm:T1,d96,h12,L12")))


def test_the_two_ways_to_the_rows_of_gpt2_agree() -> None:
    table, proofs = load("zk_circuits"), load("zk_proofs")
    _, low, high = rows.fit_rows(table, proofs, ONE_TOKEN).interval(GPT2)
    assert low <= rows.added_up(table, GPT2) <= high


@pytest.mark.slow
@given(layers=st.integers(1, 24), vocabulary=st.integers(0, 60_000))
@settings(max_examples=30, deadline=None)
def test_probabilities_of_k_sum_to_one_and_follow_the_rows(layers: int, vocabulary: int) -> None:
    found = rows.fit_rows(ladders.circuits(sd=0.02), NO_PROOFS, ONE_TOKEN)
    shape = dataclasses.replace(GPT2, layers=layers, vocabulary=vocabulary)
    k = found.k(shape)
    mean, error = found.expect(shape)
    assert sum(k.values()) == pytest.approx(1)
    top = max(k, key=k.get)
    above = stats.t.sf((2.0**top - law.RESERVED_ROWS - mean) / error, found.df)
    assert sum(p for power, p in k.items() if power > top) == pytest.approx(above, abs=1e-5)


def test_k_is_never_below_the_floor() -> None:
    found = rows.fit_rows(ladders.circuits(sd=0.02), NO_PROOFS, ONE_TOKEN)
    assert found.k(parse("tfm:T1,d16,h2"), floor=15) == {15: pytest.approx(1.0)}


def test_mixture_of_one_is_the_law() -> None:
    found = law.fit_law(law.of_law(law.observations(ladders.proofs(circuit_sd=0.1))))
    mixed = predict.mixture(found, GPT2, {26: 1.0}).quantity("s")
    assert (mixed.value, mixed.low, mixed.high) == pytest.approx(found.predict(ONE_TOKEN, 2.0**27), rel=EXACT)


@given(p=st.floats(0.01, 0.99), weight=st.floats(0.01, 0.99))
@settings(max_examples=40, deadline=None)
def test_quantile_inverts_the_distribution(p: float, weight: float) -> None:
    mixed = predict.Mixture((weight, 1 - weight), (0.0, np.log(2)), (0.1, 0.2), 5)
    assert mixed.up_to(mixed.quantile(p)) == pytest.approx(p, abs=1e-6)
    closed = weight * stats.t.cdf(0.5 / 0.1, 5) + (1 - weight) * stats.t.cdf((0.5 - np.log(2)) / 0.2, 5)
    assert mixed.up_to(np.exp(0.5)) == pytest.approx(closed, rel=EXACT)


def test_mixture_agrees_with_draws() -> None:
    rng = np.random.default_rng(0)
    which = rng.random(400_000) < 0.3
    draws = np.where(which, 0.0, np.log(2)) + 0.1 * rng.standard_t(8, len(which))
    mixed = predict.Mixture((0.3, 0.7), (0.0, np.log(2)), (0.1, 0.1), 8)
    for p in (0.025, 0.5, 0.975):
        assert mixed.quantile(p) == pytest.approx(np.exp(np.quantile(draws, p)), rel=0.01)


def test_a_known_law_gives_the_time_memory_and_cost_of_gpt2_back() -> None:
    small = ladders.circuits(sd=1e-5)
    shape = dataclasses.replace(GPT2, vocabulary=0)
    proofs = ladders.proofs(circuit_sd=1e-4)
    found = predict.predict_proof(proofs, small, shape=shape, machine=MACHINE, efficiency=[0.5])
    cells, seconds = 2.0**27, ladders.LEVEL_US[ONE_TOKEN] * 1e-6 * 2**27
    assert found.k == {26: pytest.approx(1)}
    assert found.cpu.value == pytest.approx(seconds, rel=1e-2)
    assert found.wall.value == pytest.approx(seconds / 32, rel=1e-2)
    assert found.cost.value == pytest.approx(seconds / 32 / 3600 * 10, rel=1e-2)
    assert found.memory.value == pytest.approx(ladders.BYTES_A_CELL * cells / 2**30, rel=1e-2)
    assert (found.doublings, found.family_doublings) == (6, 6)
    assert found.fits == pytest.approx(1)


@pytest.mark.slow
def test_too_little_memory_and_refusal_by_the_prover_are_said() -> None:
    found = predict.gpt2_prediction(load("zk_proofs"), load("zk_circuits"))
    said = " ".join(found.remarks)
    assert "too little memory" in said
    assert "EZKL refuses" in said
    assert f"extrapolates by {found.doublings:.0f} doublings" in said
    assert found.fits < 1e-3
    assert found.cost is None


@pytest.mark.slow
def test_a_proof_that_we_made_is_predicted_within_a_factor_of_two() -> None:
    proofs, table = load("zk_proofs"), load("zk_circuits")
    for model in ("mlp:640,1280,640", "tfm:T1,d128,h4", "tfm:T4,d32,h4"):
        found = predict.predict_proof(proofs, table, shape=parse(model), machine=MACHINE)
        own = proofs[proofs["model"] == model].iloc[0]
        assert own["k"] in found.k
        assert 0.5 <= found.cpu.value / own["prove_cpu_s"] <= 2
        assert not found.remarks


def test_gpt2_is_predicted_over_both_k() -> None:
    found = predict.gpt2_prediction(load("zk_proofs"), load("zk_circuits"))
    assert set(found.k) == {26, 27}
    assert 0.9 < found.k[27] < 1
    assert found.cpu.low < found.cpu.value < found.cpu.high
    assert found.wall.low < found.wall.value < found.wall.high


def test_where_the_law_cannot_be_fitted_the_reason_is_said() -> None:
    with pytest.raises(ValueError, match="too few"):
        predict.gpt2_prediction(load("zk_proofs").iloc[:1], load("zk_circuits"))
    with pytest.raises(ValueError, match="no proof"):
        predict.gpt2_prediction(load("zk_proofs").iloc[:0], load("zk_circuits"))


def test_efficiency_is_processor_time_over_what_the_threads_offered() -> None:
    table = ladders.proofs(repeats=2)
    assert predict.efficiencies(table) == pytest.approx([0.8] * len(ladders.NETWORKS))
    with pytest.raises(ValueError, match="several threads"):
        predict.efficiencies(table.assign(threads=1))


@pytest.mark.parametrize(
    "machine",
    [
        {"cores": 0, "memory_gib": 1.0},
        {"cores": 2.5, "memory_gib": 1.0},
        {"cores": True, "memory_gib": 1.0},
        {"cores": 2, "memory_gib": -1.0},
        {"cores": 2, "memory_gib": float("nan")},
        {"cores": 2, "memory_gib": float("inf")},
        {"cores": 2, "memory_gib": 1.0, "usd_per_hour": 0.0},
        {"cores": 2, "memory_gib": 1.0, "usd_per_hour": "cheap"},
        {"cores": 10**9, "memory_gib": 1.0},
    ],
)
def test_machines_that_cannot_be_are_refused(machine: dict) -> None:
    with pytest.raises(ValueError, match="must be"):
        predict.ProverMachine(**machine)


@pytest.mark.parametrize(
    "shape",
    [
        {},
        {"width": 64, "heads": 5, "layers": 1},
        {"width": 64, "heads": 4, "layers": 0},
        {"width": 64, "heads": 4, "layers": 1, "tokens": 0},
        {"width": 64, "heads": 4, "layers": 1, "vocabulary": -1},
        {"width": 64.0, "heads": 4, "layers": 1},
        {"widths": (8,)},
        {"widths": (8, 0)},
        {"widths": (8, 8), "layers": 1},
    ],
)
def test_shapes_that_cannot_be_are_refused(shape: dict) -> None:
    with pytest.raises(ValueError, match=r"a shape|a perceptron|a transformer|heads"):
        Shape(**shape)


@pytest.mark.parametrize("efficiency", [[], [0.0], [1.1], [float("nan")]])
def test_impossible_efficiencies_are_refused(efficiency: list[float]) -> None:
    with pytest.raises(ValueError, match="efficiency"):
        predict.predict_proof(
            load("zk_proofs"), load("zk_circuits"), shape=GPT2, machine=MACHINE, efficiency=efficiency
        )


def test_a_term_that_was_never_compiled_is_refused() -> None:
    table = load("zk_circuits")
    with pytest.raises(ValueError, match="has outputs"):
        predict.predict_proof(load("zk_proofs"), table[~table["model"].str.contains("v")], shape=GPT2, machine=MACHINE)
    with pytest.raises(ValueError, match="unknown family"):
        rows.fit_rows(table, load("zk_proofs"), "convolution")
    with pytest.raises(ValueError, match="do not determine"):
        rows.fit_rows(table.iloc[:1], NO_PROOFS, ONE_TOKEN)


def test_a_row_law_says_nothing_of_another_family() -> None:
    with pytest.raises(ValueError, match="says nothing"):
        rows.fit_rows(load("zk_circuits"), load("zk_proofs"), ONE_TOKEN).expect(parse("mlp:8,8"))


@pytest.mark.parametrize("name", ["zk_proofs", "zk_circuits"])
def test_counts_equal_those_that_were_recorded(name: str) -> None:
    table = load(name).drop_duplicates("model")
    shapes = table["model"].map(parse)
    assert [macs(shape) for shape in shapes] == table["macs"].tolist()
    assert [parameters(shape) for shape in shapes] == table["params"].tolist()


@pytest.mark.parametrize(
    "name", ["", "mlp", "mlp:8,,8", "tfm:T1,d16", "tfm:T1,d16,h2,d16", "tfm:T1,d16,h2,x3", "cnn:3"]
)
def test_names_of_no_network_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"is not a name|needs two or more"):
        parse(name)


@given(st.integers(1, 64), st.integers(1, 8), st.integers(1, 8), st.integers(1, 4))
def test_checking_a_product_never_takes_more_than_the_product_by_much(t: int, h: int, w: int, layers: int) -> None:
    shape = Shape(tokens=t, width=h * w, heads=h, layers=layers)
    assert checked_products(shape) <= 3 * macs(shape)
    if t == 1:
        assert checked_products(shape) == macs(shape)


@pytest.mark.slow
def test_tables_are_left_as_they_were() -> None:
    proofs, table = load("zk_proofs"), load("zk_circuits")
    before = proofs.copy(), table.copy()
    predict.gpt2_prediction(proofs, table)
    pd.testing.assert_frame_equal(proofs, before[0])
    pd.testing.assert_frame_equal(table, before[1])
