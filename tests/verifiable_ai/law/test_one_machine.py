"""EZKL on one machine: one machine for both claims, and the efficiency that either would take."""

import numpy as np
import pytest

from analysis.engine.claims import load_claims
from analysis.engine.data.tables import load
from analysis.verifiable_ai.law import one_machine, predict
from tests.verifiable_ai.worlds import prices

claims = pytest.fixture(scope="module")(load_claims)
shipped = pytest.fixture(scope="module")(lambda: {"machine_prices": load("machine_prices")})


@pytest.fixture(scope="module")
def gpt2():
    return predict.gpt2_prediction(load("zk_proofs"), load("zk_circuits"))


@pytest.mark.slow
def test_one_machine_serves_both_claims_and_the_efficiency_of_a_region_gives_its_ends(claims, shipped, gpt2):
    v1, v2 = claims["V1"], claims["V2"]
    found = one_machine.ezkl_on_one_machine(gpt2, shipped["machine_prices"], v1=v1, v2=v2).set_index("claim")
    assert found["instance"].nunique() == 1
    hourly, vcpus = found.loc["V1", "usd_per_hour"], found.loc["V1", "vcpus"]
    assert found.loc["V2", "value"] == pytest.approx(found.loc["V1", "value"] / 3600 * hourly)
    for end, efficiency in (("right", "efficiency_low"), ("left", "efficiency_high")):
        seconds = gpt2.cpu.value / vcpus / found.loc["V1", efficiency]
        usd = gpt2.cpu.value / vcpus / found.loc["V2", efficiency] / 3600 * hourly
        assert (seconds, usd) == pytest.approx((getattr(v1.regions[0], end), getattr(v2.regions[0], end)))
    assert one_machine.ezkl_on_one_machine(gpt2, prices({}), v1=v1, v2=v2) is None


@pytest.mark.slow
def test_time_on_another_machine_is_that_of_a_prediction_for_it(gpt2):
    proofs, circuits = load("zk_proofs"), load("zk_circuits")
    there = predict.gpt2_prediction(proofs, circuits, machine=predict.ProverMachine(128, 2048.0))
    scaled = predict.wall_on(gpt2, 128)
    assert (scaled.value, scaled.low, scaled.high) == pytest.approx((there.wall.value, there.wall.low, there.wall.high))
    with pytest.raises(ValueError, match="one core"):
        predict.wall_on(gpt2, 1)


@pytest.mark.parametrize(("cpu_s", "share"), [(0.0, 0.5), (np.nan, 0.5), (1.0, 0.0), (1.0, 1.5)])
def test_an_impossible_efficiency_or_time_is_refused(cpu_s, share):
    machine = prices({})
    with pytest.raises(ValueError, match=r"efficiency|processor time"):
        one_machine.with_efficiency(cpu_s, machine, efficiencies=(share,))
