"""The law of memory: known truth, statsmodels' own prediction, coverage, and the choice between its forms."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.engine.data.tables import load
from analysis.verifiable_ai import shapes
from analysis.verifiable_ai.law import memory, predict
from analysis.verifiable_ai.law import powers as law
from tests.verifiable_ai import ladders

EXACT = 1e-9
COVERAGE = (0.92, 0.98)
WORLDS = 400
FIXED_GIB = 0.05
POWER, LINEAR = memory.FORMS


def world(*, fixed: float = FIXED_GIB, power: float = 1.0, sd: float = 0.0, seed: int = 0) -> pd.DataFrame:
    """A table `zk_proofs` whose memory is a fixed part and, for every cell to a power, bytes of the family."""
    rng, table = np.random.default_rng(seed), ladders.proofs()
    family = [shapes.parse(model).family for model in table["model"]]
    each = np.array([ladders.BYTES_A_CELL * ladders.LEVEL_US[name] / 100 for name in family]) / 2**30
    gib = fixed + each * 2.0**17 * (2.0 * 2.0 ** table["k"] / 2.0**17) ** power
    return table.assign(prove_peak_gib=gib * np.exp(rng.normal(0, sd, len(table)) if sd else 0.0))


def fitted(table: pd.DataFrame) -> memory.LinearLaw:
    return memory.fit_linear(law.of_law(law.observations(table)))


def test_a_known_fixed_part_and_known_parts_a_cell_come_back() -> None:
    found = fitted(world())
    assert found.fixed == pytest.approx(FIXED_GIB, rel=1e-6)
    for family, level in ladders.LEVEL_US.items():
        expected = FIXED_GIB + ladders.BYTES_A_CELL * level / 100 * 2**27 / 2**30
        assert found.predict(family, 2.0**27)[0] == pytest.approx(expected, rel=1e-6)


def test_fit_and_prediction_equal_those_of_statsmodels() -> None:
    proofs = law.of_law(law.observations(load("zk_proofs")))
    proofs = proofs[proofs["memory_gib"].notna()]
    logs = np.log(proofs.set_index(["family", "circuit"])[["cells", "memory_gib"]]).groupby(level=[0, 1]).mean()
    means = np.exp(logs).reset_index()
    found = memory.fit_linear(proofs)
    design = np.column_stack([*((means["family"] == f) * means["cells"] for f in found.families), np.ones(len(means))])
    plain = sm.WLS(means["memory_gib"], design, weights=1 / means["memory_gib"] ** 2).fit()
    assert found.coefficients == pytest.approx(plain.params, rel=EXACT)
    assert [found.low, found.high] == pytest.approx(plain.conf_int().to_numpy()[-1], rel=1e-6)
    cells = 2.0**22
    x = np.append(np.multiply(found.indicators(found.families[0]), cells), 1.0)
    value = float(x @ plain.params)
    reference = plain.get_prediction(x[None], weights=[1 / value**2]).summary_frame(alpha=0.05)
    mean, error = found.log_prediction(found.families[0], cells)
    assert np.exp(mean) == pytest.approx(reference["mean"].iloc[0], rel=EXACT)
    whole = np.sqrt(reference["mean_se"].iloc[0] ** 2 + plain.mse_resid * value**2)
    assert error == pytest.approx(whole / value, rel=1e-6)


@pytest.mark.slow
def test_the_prediction_interval_covers_a_new_circuit_two_doublings_up() -> None:
    rng, hits, cells = np.random.default_rng(1), [], 2.0**23
    truth = FIXED_GIB + ladders.BYTES_A_CELL * ladders.LEVEL_US["perceptron"] / 100 * cells / 2**30
    for seed in range(WORLDS):
        _, low, high = fitted(world(sd=0.05, seed=seed)).predict("perceptron", cells)
        hits.append(low <= truth * np.exp(rng.normal(0, 0.05)) <= high)
    assert COVERAGE[0] <= np.mean(hits) <= COVERAGE[1]


@pytest.mark.slow
def test_the_form_that_made_the_data_is_chosen() -> None:
    assert memory.better(memory.compare(world(fixed=0.5))) == LINEAR
    assert memory.better(memory.compare(world(fixed=0.0, power=0.8))) == POWER
    assert isinstance(memory.memory_law(world(fixed=0.0, power=0.8)), law.PowerLaw)


def test_a_power_is_too_low_where_a_part_is_fixed() -> None:
    compared = memory.compare(world(fixed=0.5))
    assert compared.loc[POWER, "mean_ratio"] < 0.95
    assert compared.loc[LINEAR, "mean_ratio"] == pytest.approx(1, abs=1e-6)


def test_without_a_prediction_the_first_form_stands() -> None:
    few = world().iloc[[0, 1, 2]].assign(k=16, rows=50_000)
    compared = memory.compare(few)
    assert not compared["predictions"].any()
    assert memory.better(compared) == POWER


@pytest.mark.slow
def test_of_the_recorded_proofs_the_fixed_part_predicts_better_and_is_used() -> None:
    proofs = load("zk_proofs")
    compared = memory.compare(proofs)
    assert compared.loc[LINEAR, "rms_log_error"] < compared.loc[POWER, "rms_log_error"] / 2
    found, used = memory.memory_law(proofs), predict.gpt2_prediction(proofs, load("zk_circuits")).memory
    ends = [found.predict(shapes.GPT2.family, 2 * 2.0**k)[0] for k in (26, 27)]
    assert ends[0] < used.value < 1.02 * ends[1]
    assert 0 < found.low < found.fixed < found.high < 0.1


@pytest.mark.slow
def test_errors_are_those_of_a_plain_loop() -> None:
    proofs = load("zk_proofs")
    chained = law.forward_chaining(proofs, "memory_gib", fit=memory.fit_linear)
    logs = [np.log(p / m) for p, m in zip(chained["predicted"], chained["measured"], strict=True)]
    assert memory.compare(proofs).loc[LINEAR, "rms_log_error"] == pytest.approx(np.sqrt(np.mean(np.square(logs))))


def test_what_does_not_determine_a_law_is_refused() -> None:
    proofs = law.of_law(law.observations(world()))
    with pytest.raises(ValueError, match="too few"):
        memory.fit_linear(proofs.head(2))
    with pytest.raises(ValueError, match="no slope"):
        memory.fit_linear(proofs.assign(cells=2.0**17))
    with pytest.raises(ValueError, match="no proof of the family"):
        fitted(world().iloc[:4]).predict("transformer, one token", 2.0**20)
