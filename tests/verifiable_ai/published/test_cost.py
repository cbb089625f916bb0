"""V2: the costs of published proofs; mutations and a plain second way."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.engine.claims import load_claims
from analysis.engine.claims.judge import judge
from analysis.engine.data import sealed
from analysis.engine.data.tables import load
from analysis.verifiable_ai.published import cost, literature
from tests.verifiable_ai import plain
from tests.verifiable_ai.worlds import prices, published

AS_OF = date(2026, 1, 22)

claims = pytest.fixture(scope="module")(load_claims)
shipped = pytest.fixture(scope="module")(lambda: {n: load(n) for n in ("zk_published", "machine_prices")})


def finding(claim, zk_published, machine_prices):
    tables = {"zk_published": zk_published, "machine_prices": machine_prices}
    return cost.assess_v2(claim, **tables)


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
    found = cost.question_v2(claims["V2"], zk_published=table, machine_prices=rows).one_at_a_time()
    found = found.set_index("option")
    ezkl, values = found.loc[literature.EZKL], found["estimate"].drop(literature.EZKL).to_dict()
    assert (ezkl["reason"], np.isnan(ezkl["estimate"])) == (literature.UNDETERMINED, True)
    assert len(found) == 1 + len(claims["V2"].alternatives)
    assert values == {
        "": 4.5,
        "the fastest system whose hardware is stated": 1.0,
        "hyperscaler, spot": 1.25,
        "specialist cloud, on demand": 4.0,
        "as its publisher states it": 7.0,
    }


def test_the_fastest_system_of_stated_hardware_has_no_cost_where_no_such_price_is(claims):
    table = published(
        {"system": "A", "prove_s": 3600.0},
        {"system": "B", "prove_s": 7200.0, "gpu_model": "A100-40GB", "gpus": 1.0},
        {"system": "C", "prove_s": 1.0, "vcpus": np.nan, "memory_gb": np.nan},
    )
    gpu = {"gpu_model": "A100-40GB", "gpus": 1.0, "kind": "specialist", "region": ""}
    answer = cost.question_v2(claims["V2"], zk_published=table, machine_prices=prices({}, gpu)).answer
    fastest, median = "the fastest system whose hardware is stated", "median of the systems"
    asked = [(fastest, "hyperscaler, on demand"), (fastest, "specialist cloud, on demand")]
    asked += [(median, "specialist cloud, on demand")]
    found = answer(pd.DataFrame(asked, columns=["system", "price"]))
    assert found == pytest.approx([1.0, np.nan, 2.0], nan_ok=True)


def test_our_proofs_do_not_move_v1_or_v2():
    for assess in (literature.assess_v1, cost.assess_v2):
        assert {"zk_proofs", "zk_circuits"}.isdisjoint(assess.__annotations__)


@pytest.mark.slow
def test_every_published_cost_is_that_of_a_plain_second_implementation(shipped):
    table = shipped["zk_published"]
    timed = table[table["prove_s"].notna()].set_index("published_id", drop=False)
    timed = timed.assign(seconds=timed["prove_s"], low_s=timed["prove_s"], high_s=timed["prove_s"])
    ours = cost.costs(timed, shipped["machine_prices"], on=AS_OF)["cost_usd"]
    rows = {row["published_id"]: row for row in plain.rows(sealed.data_dir(), "zk_published")}
    compared = 0
    for name, usd in ours.items():
        plainly = plain.cost(sealed.data_dir(), rows[name], AS_OF)
        assert (plainly is None) == np.isnan(usd), name
        if plainly is not None:
            assert usd == pytest.approx(plainly, rel=1e-12), name
            compared += 1
    assert compared >= 15


def test_the_shipped_estimate_is_that_of_a_plain_second_implementation(claims, shipped):
    found = finding(claims["V2"], **shipped)
    assert found.estimate.value == pytest.approx(plain.v2(sealed.data_dir(), AS_OF), rel=1e-12)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_prices_changes_nothing(shipped, seed):
    found = literature.systems(load_claims()["V2"], shipped["zk_published"])
    mixed = shipped["machine_prices"].sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(
        cost.costs(found, shipped["machine_prices"], on=AS_OF), cost.costs(found, mixed, on=AS_OF)
    )


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(factor=st.floats(0.01, 100))
def test_costs_scale_with_prices(factor):
    found = literature.systems(load_claims()["V2"], published({"system": "A", "prove_s": 3600.0}))
    usd = cost.costs(found, prices({"usd_per_hour": factor}), on=AS_OF)["cost_usd"].item()
    assert usd == pytest.approx(factor)


def test_memory_in_gb_is_compared_with_instances_in_gib(claims):
    rows = prices({}, {"instance": "large", "memory_gib": 64.0, "usd_per_hour": 2.0})
    for memory_gb, usd_per_hour in ((34.0, 1.0), (35.0, 2.0)):  # 32 GiB are 34.4 GB
        table = published({"system": "A", "prove_s": 3600.0, "memory_gb": memory_gb})
        found = literature.systems(claims["V2"], table)
        assert cost.costs(found, rows, on=AS_OF)["usd_per_hour"].item() == usd_per_hour


def test_what_v2_needs_is_a_factor_on_its_median(claims):
    assert cost.needed(claims["V2"], 1.0, 2) == "the median of the 2 costs would have to be 15 to 20 times as high"
    assert cost.needed(claims["V2"], 40.0, 2).endswith("2 to 2.67 times lower")
