"""V2: the cheapest machine that is large enough, the costs, the joint region; mutations and a plain second way."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import data
from analysis.claims import load_claims
from analysis.verdicts import judge
from analysis.verifiable_ai import cost, literature, predict
from tests.verifiable_ai import plain
from tests.verifiable_ai.worlds import prices, published

AS_OF = date(2026, 1, 22)

claims = pytest.fixture(scope="module")(load_claims)
shipped = pytest.fixture(scope="module")(lambda: {n: data.load(n) for n in ("zk_published", "machine_prices")})


def finding(claim, zk_published, machine_prices):
    tables = {"zk_published": zk_published, "machine_prices": machine_prices}
    return cost.assess_v2(claim, **tables)


def price(needs, *rows, **how):
    found = cost.cheapest(prices(*rows), needs, on=AS_OF, **how)
    return None if found is None else found["usd_per_hour"]


def test_the_cheapest_instance_that_is_large_enough_is_chosen():
    small, large = {"usd_per_hour": 1.0}, {"instance": "large", "vcpus": 16.0, "memory_gib": 64.0, "usd_per_hour": 2.0}
    assert price(cost.Needs(vcpus=8), small, large) == 1.0
    assert price(cost.Needs(vcpus=9), small, large) == 2.0
    assert price(cost.Needs(vcpus=8, memory_gb=35.0), small, large) == 2.0  # 32 GiB are 34.4 GB
    assert price(cost.Needs(vcpus=8, memory_gb=34.0), small, large) == 1.0
    assert price(cost.Needs(vcpus=17), small, large) is None


def test_the_price_is_that_of_the_nearest_date_and_an_undated_one_the_last_resort():
    rows = [
        {"observed_on": pd.Timestamp("2025-12-01"), "usd_per_hour": 9.0},
        {"observed_on": pd.Timestamp("2026-02-01"), "usd_per_hour": 5.0},
        {"observed_on": pd.NaT, "usd_per_hour": 1.0},
    ]
    assert price(cost.Needs(vcpus=8), *rows) == 5.0
    assert price(cost.Needs(vcpus=8), rows[2]) == 1.0


def test_spot_prices_other_kinds_and_prices_without_region_do_not_count_on_demand():
    rows = [{"price_type": "spot"}, {"kind": "specialist", "gpu_model": "A100-40GB", "gpus": 1.0}, {"region": ""}]
    assert price(cost.Needs(vcpus=1), *rows) is None
    assert price(cost.Needs(vcpus=1), *rows, price_type="spot") == 1.0


def test_a_gpu_is_matched_by_model_memory_form_and_number():
    rows = [
        {"gpu_model": "A100-80GB-SXM", "gpus": 1.0},
        {"instance": "two", "gpu_model": "A100-40GB-SXM", "gpus": 2.0, "usd_per_hour": 3.0},
    ]
    assert price(cost.Needs(gpu_model="A100-40GB-SXM", gpus=1), *rows) == 1.0
    assert price(cost.Needs(gpu_model="A100", gpus=2), *rows) == 3.0
    assert price(cost.Needs(gpu_model="A100-40GB-PCIe", gpus=1), *rows) is None
    assert price(cost.Needs(gpu_model="H100", gpus=1), *rows) is None


def test_unknown_processors_are_not_enough_except_at_specialists_who_state_none():
    row = {"vcpus": np.nan, "memory_gib": np.nan, "gpu_model": "A100-40GB", "gpus": 1.0}
    needs = cost.Needs(vcpus=12, memory_gb=120, gpu_model="A100-40GB", gpus=1)
    assert price(needs, row) is None
    assert price(needs, row | {"kind": "specialist"}, kind="specialist") == 1.0
    assert price(cost.Needs(vcpus=12), row | {"kind": "specialist"}, kind="specialist") is None


def test_a_system_without_stated_hardware_is_listed_without_cost(claims):
    unknown = {"system": "B", "prove_s": 10.0, "vcpus": np.nan, "memory_gb": np.nan}
    table = published({"system": "A", "prove_s": 3600.0}, unknown)
    found = finding(claims["V2"], table, prices({}))
    assert (found.estimate.value, found.estimate.n) == (1.0, 1)
    assert "B has no cost: hardware not stated" in found.estimate.method


def test_ten_minutes_on_a_machine_of_110_usd_an_hour_reproduce_the_claim(claims):
    big = {"instance": "big", "vcpus": 200.0, "memory_gib": 2000.0, "usd_per_hour": 110.0}
    table = published({"system": "A", "prove_s": 600.0, "vcpus": 192.0, "memory_gb": 1800.0})
    found = finding(claims["V2"], table, prices({}, big))
    assert found.estimate.value == pytest.approx(600 / 3600 * 110)
    assert judge(claims["V2"], found, today=AS_OF).primary == "reproduced"


@pytest.mark.slow
def test_such_a_proof_added_to_the_shipped_ones_moves_the_median_as_the_rule_says(claims, shipped):
    claim = claims["V2"]
    before = finding(claim, **shipped)
    assert judge(claim, before, today=AS_OF).label == "differs-smaller"
    big = prices({"instance": "big", "vcpus": 500.0, "memory_gib": 9000.0, "usd_per_hour": 110.0})
    new = [{"system": f"New {i}", "prove_s": 600.0, "vcpus": 480.0, "memory_gb": 9000.0} for i in range(4)]
    tables = {"machine_prices": pd.concat([shipped["machine_prices"], big], ignore_index=True)}
    costs = sorted(before.source_values)
    for added in range(1, 5):
        tables["zk_published"] = pd.concat([shipped["zk_published"], published(*new[:added])], ignore_index=True)
        after = finding(claim, **tables)
        assert after.estimate.n == len(costs) + added
        assert after.estimate.value == pytest.approx(np.median([*costs, *[600 / 3600 * 110] * added]))
        assert after.estimate.high == pytest.approx(600 / 3600 * 110)
        assert judge(claim, after, today=AS_OF).primary == "inconclusive"


def test_without_any_cost_nothing_can_be_said(claims):
    table = published({"system": "A", "prove_s": 10.0, "vcpus": 1000.0})
    found = finding(claims["V2"], table, prices({}))
    assert judge(claims["V2"], found, today=AS_OF).label == "not-reproducible"


def test_the_alternatives_of_the_claim_each_have_their_value(claims):
    table = published(
        {"system": "A", "prove_s": 3600.0, "cost_usd": 7.0},
        {"system": "B", "prove_s": 7200.0, "gpu_model": "A100-40GB", "gpus": 1.0},
    )
    gpu = {"instance": "gpu", "gpu_model": "A100-40GB", "gpus": 1.0}
    rows = prices(
        {},
        gpu | {"usd_per_hour": 4.0},
        {"price_type": "spot", "usd_per_hour": 0.5},
        gpu | {"price_type": "spot", "usd_per_hour": 1.0},
        gpu | {"kind": "specialist", "region": "", "usd_per_hour": 2.0},
    )
    found = cost.alternatives_v2(claims["V2"], zk_published=table, machine_prices=rows)
    found = found.set_index("option")
    ezkl, values = found.loc[literature.EZKL], found["cost_usd"].drop(literature.EZKL).to_dict()
    assert (ezkl["reason"], np.isnan(ezkl["cost_usd"])) == (literature.UNDETERMINED, True)
    assert len(found) == 1 + len(claims["V2"].alternatives)
    assert values == {
        f"{literature.MEDIAN}, {cost.ON_DEMAND}": 4.5,
        cost.FASTEST: 1.0,
        cost.SPOT: 1.25,
        cost.SPECIALIST: 4.0,
        cost.OWN_COST: 7.0,
    }


def test_the_fastest_system_of_stated_hardware_has_no_cost_where_no_such_price_is():
    table = published(
        {"system": "A", "prove_s": 3600.0},
        {"system": "B", "prove_s": 7200.0, "gpu_model": "A100-40GB", "gpus": 1.0},
        {"system": "C", "prove_s": 1.0, "vcpus": np.nan, "memory_gb": np.nan},
    )
    gpu = {"gpu_model": "A100-40GB", "gpus": 1.0, "kind": "specialist", "region": ""}
    found, rows = literature.systems(table, as_of=AS_OF), prices({}, gpu)
    assert cost.cost_under(found, rows, AS_OF, cost.FASTEST, cost.ON_DEMAND) == 1.0
    assert np.isnan(cost.cost_under(found, rows, AS_OF, cost.FASTEST, cost.SPECIALIST))
    assert cost.cost_under(found, rows, AS_OF, literature.MEDIAN, cost.SPECIALIST) == 2.0


@pytest.fixture(scope="module")
def gpt2():
    return predict.gpt2_prediction(data.load("zk_proofs"), data.load("zk_circuits"))


def test_one_machine_serves_both_claims_and_the_efficiency_of_a_region_gives_its_ends(claims, shipped, gpt2):
    v1, v2 = claims["V1"], claims["V2"]
    found = cost.ezkl_on_one_machine(gpt2, shipped["machine_prices"], v1=v1, v2=v2).set_index("claim")
    assert found["instance"].nunique() == 1
    hourly, vcpus = found.loc["V1", "usd_per_hour"], found.loc["V1", "vcpus"]
    assert found.loc["V2", "value"] == pytest.approx(found.loc["V1", "value"] / 3600 * hourly)
    for end, efficiency in (("right", "efficiency_low"), ("left", "efficiency_high")):
        seconds = gpt2.cpu.value / vcpus / found.loc["V1", efficiency]
        usd = gpt2.cpu.value / vcpus / found.loc["V2", efficiency] / 3600 * hourly
        assert (seconds, usd) == pytest.approx((getattr(v1.regions[0], end), getattr(v2.regions[0], end)))
    assert cost.ezkl_on_one_machine(gpt2, prices({}), v1=v1, v2=v2) is None


def test_time_on_another_machine_is_that_of_a_prediction_for_it(gpt2):
    proofs, circuits = data.load("zk_proofs"), data.load("zk_circuits")
    there = predict.gpt2_prediction(proofs, circuits, machine=predict.ProverMachine(128, 2048.0))
    scaled = predict.wall_on(gpt2, 128)
    assert (scaled.value, scaled.low, scaled.high) == pytest.approx((there.wall.value, there.wall.low, there.wall.high))
    with pytest.raises(ValueError, match="one core"):
        predict.wall_on(gpt2, 1)


def test_our_proofs_do_not_move_v1_or_v2():
    for assess in (literature.assess_v1, cost.assess_v2):
        assert {"zk_proofs", "zk_circuits"}.isdisjoint(assess.__annotations__)


def test_fewer_stated_needs_never_cost_more(shipped):
    found = literature.systems(shipped["zk_published"], as_of=AS_OF)
    table = cost.costs_by_needs(found, shipped["machine_prices"], on=AS_OF)
    assert table["cost_usd"].is_monotonic_decreasing
    assert table["n"].nunique() == 1


def test_every_published_cost_is_that_of_a_plain_second_implementation(shipped):
    table = shipped["zk_published"]
    timed = table[table["prove_s"].notna()].set_index("published_id", drop=False)
    timed = timed.assign(seconds=timed["prove_s"], low_s=timed["prove_s"], high_s=timed["prove_s"])
    ours = cost.costs(timed, shipped["machine_prices"], on=AS_OF)["cost_usd"]
    rows = {row["published_id"]: row for row in plain.rows(data.data_dir(), "zk_published")}
    compared = 0
    for name, usd in ours.items():
        plainly = plain.cost(data.data_dir(), rows[name], AS_OF)
        assert (plainly is None) == np.isnan(usd), name
        if plainly is not None:
            assert usd == pytest.approx(plainly, rel=1e-12), name
            compared += 1
    assert compared >= 15


def test_the_shipped_estimate_is_that_of_a_plain_second_implementation(claims, shipped):
    found = finding(claims["V2"], **shipped)
    assert found.estimate.value == pytest.approx(plain.v2(data.data_dir(), AS_OF), rel=1e-12)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_prices_changes_nothing(shipped, seed):
    found = literature.systems(shipped["zk_published"], as_of=AS_OF)
    mixed = shipped["machine_prices"].sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(
        cost.costs(found, shipped["machine_prices"], on=AS_OF), cost.costs(found, mixed, on=AS_OF)
    )


@settings(max_examples=30, deadline=None)
@given(factor=st.floats(0.01, 100))
def test_costs_scale_with_prices(factor):
    found = literature.systems(published({"system": "A", "prove_s": 3600.0}), as_of=AS_OF)
    usd = cost.costs(found, prices({"usd_per_hour": factor}), on=AS_OF)["cost_usd"].item()
    assert usd == pytest.approx(factor)


def test_on_the_edge_of_the_joint_region_the_cost_is_the_claims_edge(claims):
    region = cost.joint_region(claims["V1"], claims["V2"])
    assert region["seconds"].agg(["min", "max"]).tolist() == [450.0, 750.0]
    assert np.allclose(region["seconds"] * region["low_usd_per_hour"] / 3600, 15.0)
    assert np.allclose(region["seconds"] * region["high_usd_per_hour"] / 3600, 20.0)
    implied = cost.implied_price(claims["V1"], claims["V2"])
    assert region["low_usd_per_hour"].min() == pytest.approx(implied.low)
    assert region["high_usd_per_hour"].max() == pytest.approx(implied.high)


def test_the_machines_of_the_implied_price_are_nodes_of_several_gpus(claims, shipped):
    implied = cost.implied_price(claims["V1"], claims["V2"])
    found = cost.machines_between(shipped["machine_prices"], low=implied.low, high=implied.high, on=AS_OF)
    assert found["usd_per_hour"].between(implied.low, implied.high).all()
    assert (found["gpus"] >= 4).all()


@pytest.mark.parametrize(("cpu_s", "share"), [(0.0, 0.5), (np.nan, 0.5), (1.0, 0.0), (1.0, 1.5)])
def test_an_impossible_efficiency_or_time_is_refused(cpu_s, share):
    machine = prices({})
    with pytest.raises(ValueError, match=r"efficiency|processor time"):
        cost.with_efficiency(cpu_s, machine, efficiencies=(share,))


@settings(max_examples=30, deadline=None)
@given(cpu_s=st.floats(1, 1e6), share=st.floats(0.01, 1), usd_per_hour=st.floats(0.1, 200))
def test_the_efficiency_of_a_cost_is_the_one_that_gave_it(cpu_s, share, usd_per_hour):
    machine = prices({"usd_per_hour": usd_per_hour})
    usd = cost.with_efficiency(cpu_s, machine, efficiencies=(share,))["cost_usd"].item()
    assert cost.efficiency_at(cpu_s, machine.iloc[0], usd) == pytest.approx(share)
