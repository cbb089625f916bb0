"""V1: the choice of systems, the interval, the alternatives, the trend; known truth on made-up tables."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import data
from analysis.claims import load_claims
from analysis.verdicts import judge
from analysis.verifiable_ai import literature as lit
from analysis.verifiable_ai import overhead, progress
from tests.verifiable_ai import plain
from tests.verifiable_ai.worlds import prediction, published, with_law

AS_OF = date(2026, 1, 22)
THREE = ({"system": "A", "prove_s": 20.0}, {"system": "B", "prove_s": 600.0}, {"system": "C", "prove_s": 4000.0})

claim = pytest.fixture(scope="module")(lambda: load_claims()["V1"])
shipped = pytest.fixture(scope="module")(lambda: data.load("zk_published"))


def finding(claim, table, monkeypatch, ezkl=20_000.0):
    with_law(monkeypatch, prediction(ezkl))
    return lit.assess_v1(claim, zk_published=table, zk_proofs=None, zk_circuits=None)


def chosen(table, **options) -> dict[str, float]:
    return lit.systems(table, as_of=AS_OF, **options)["seconds"].to_dict()


@pytest.mark.parametrize(
    "change",
    [
        {"published_on": pd.Timestamp("2026-01-23")},
        {"published_on": pd.Timestamp("2026-01-01"), "published_precision": "month"},
        {"what": "projection"},
        {"what": "per_token"},
        {"what": "distilled", "scale": "smaller", "params": 81e6},
        {"scale": "larger", "params": 1.5e9},
        {"transformer": "no"},
        {"by": "others"},
        {"prove_s": np.nan},
    ],
    ids=lambda change: ", ".join(f"{k}={v}" for k, v in change.items()),
)
def test_what_the_definition_leaves_out_is_left_out(change):
    table = published(*THREE, {"system": "D", "prove_s": 1.0} | change)
    assert chosen(table) == {"A": 20.0, "B": 600.0, "C": 4000.0}


def test_a_result_of_the_date_itself_counts():
    table = published({"system": "A", "prove_s": 9.0, "published_on": pd.Timestamp(AS_OF)})
    assert chosen(table) == {"A": 9.0}


def test_one_system_counts_with_its_latest_publication_and_in_it_the_shortest_input():
    early, late = pd.Timestamp("2024-01-01"), pd.Timestamp("2025-01-01")
    table = published(
        {"system": "A", "prove_s": 1.0, "published_on": early, "tokens": 1.0},
        {"system": "A", "prove_s": 50.0, "published_on": late, "tokens": 64.0},
        {"system": "A", "prove_s": 70.0, "published_on": late, "tokens": 512.0},
        {"system": "A", "prove_s": 60.0, "published_on": late, "tokens": np.nan},
    )
    assert chosen(table) == {"A": 50.0}
    assert chosen(table, length=lit.LONGEST) == {"A": 70.0 / 512}


def test_a_re_run_takes_the_place_of_the_authors_own_and_brings_in_systems_known_by_it_alone():
    table = published(
        *THREE, {"system": "A", "prove_s": 300.0, "by": "others"}, {"system": "D", "prove_s": 9.0, "by": "others"}
    )
    assert chosen(table, runs=lit.RERUN) == {"D": 9.0, "A": 300.0, "B": 600.0, "C": 4000.0}


def test_options_choose_by_weights_interaction_and_period():
    table = published(
        {"system": "A", "prove_s": 1.0, "hides_weights": "not stated"},
        {"system": "B", "prove_s": 2.0, "interactive": "yes"},
        {"system": "C", "prove_s": 3.0, "published_on": pd.Timestamp("2025-01-21")},
    )
    assert set(chosen(table, weights=lit.HIDDEN)) == {"B", "C"}
    assert set(chosen(table, interaction=lit.ALONE)) == {"A", "C"}
    assert set(chosen(table, period=lit.RECENT)) == {"A", "B"}


def test_an_average_over_a_long_sequence_counts_only_per_token():
    table = published(
        {"system": "A", "prove_s": 0.5, "what": "per_token", "tokens": np.nan}, {"system": "B", "prove_s": 8.0}
    )
    assert chosen(table) == {"B": 8.0}
    assert chosen(table, length=lit.LONGEST) == {"A": 0.5, "B": 8.0}


def test_the_median_of_three_known_systems_and_its_interval(claim, monkeypatch):
    found = finding(claim, published(*THREE), monkeypatch)
    assert (found.estimate.value, found.estimate.low, found.estimate.high, found.estimate.n) == (600.0, 20.0, 4000.0, 3)
    assert judge(claim, found, today=AS_OF).primary == "inconclusive"
    assert found.nearest_true == lit.HOLDS


def test_stated_precision_widens_the_interval():
    value, low, high = lit.median_interval(*np.array([[500.0], [400.0], [667.0]]))
    assert (value, low, high) == (500.0, 400.0, 667.0)


def test_ten_systems_of_ten_minutes_reproduce_the_claim(claim, monkeypatch):
    table = published(*({"system": f"S{i}", "prove_s": 580.0 + 5 * i} for i in range(10)))
    assert judge(claim, finding(claim, table, monkeypatch), today=AS_OF).primary == "reproduced"


def test_ten_fast_systems_contradict_it_and_what_is_needed_is_said(claim, monkeypatch):
    table = published(*({"system": f"S{i}", "prove_s": 20.0} for i in range(10)))
    found = finding(claim, table, monkeypatch)
    assert judge(claim, found, today=AS_OF).primary == "differs-smaller"
    assert "would have to be 30 times slower" in found.nearest_true


def test_without_a_system_nothing_can_be_said(claim, monkeypatch):
    table = published({"system": "A", "prove_s": 1.0, "what": "projection"})
    assert judge(claim, finding(claim, table, monkeypatch), today=AS_OF).label == "not-reproducible"


def test_a_combination_that_no_result_satisfies_is_inadmissible_with_its_reason(claim, shipped):
    table = lit.explore_v1(claim, zk_published=shipped, ezkl_s=1.0).table
    seconds = lit.estimator(shipped, as_of=claim.as_of, ezkl_s=1.0)
    for row in table.to_dict("records"):
        nothing = np.isnan(seconds(**{f.name: row[f.name] for f in lit.FACTORS}))
        assert (row["reason"] == lit.NO_SYSTEM) == nothing
        assert row["admissible"] != nothing


def test_every_alternative_of_the_claim_has_its_row(claim, shipped):
    table = lit.alternatives_v1(claim, zk_published=shipped, ezkl_s=1234.0)
    assert len(table) == 1 + len(claim.alternatives)
    assert table.loc[table["option"] == lit.EZKL, "seconds"].item() == 1234.0


def test_too_few_systems_to_weigh_leave_the_estimate_without_support(claim, monkeypatch):
    table = published({"system": "A", "prove_s": 600.0, "tokens": np.nan, "hides_weights": "no"})
    found = finding(claim, table, monkeypatch, ezkl=None)
    assert found.estimate.value == 600.0


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_rows_changes_nothing(shipped, seed):
    mixed = shipped.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(lit.systems(shipped, as_of=AS_OF), lit.systems(mixed, as_of=AS_OF))
    pd.testing.assert_frame_equal(progress.publications(shipped), progress.publications(mixed))


@settings(max_examples=25, deadline=None)
@given(seconds=st.floats(1e-3, 1e6), days=st.integers(1, 3000), by=st.sampled_from(["authors", "vendor", "others"]))
def test_a_system_published_after_the_date_changes_nothing(shipped, seconds, days, by):
    later = pd.Timestamp(AS_OF) + pd.Timedelta(days=days)
    new = published({"system": "New", "prove_s": seconds, "published_on": later, "by": by})
    both = pd.concat([shipped, new], ignore_index=True)
    for runs in (lit.OWN, lit.RERUN):
        assert chosen(both, runs=runs) == chosen(shipped, runs=runs)


@settings(max_examples=25, deadline=None)
@given(values=st.lists(st.floats(0.1, 1e5), min_size=1, max_size=9), width=st.floats(0, 0.5))
def test_the_interval_holds_the_median_and_grows_with_imprecision(values, width):
    x = np.array(values)
    value, low, high = lit.median_interval(x, x * (1 - width), x * (1 + width))
    assert low <= value * (1 + 1e-12)
    assert high >= value * (1 - 1e-12)
    _, inner_low, inner_high = lit.median_interval(x, x, x)
    assert low <= inner_low
    assert high >= inner_high


def test_a_known_fall_by_nine_tenths_a_year_is_found():
    days = [pd.Timestamp("2022-01-01") + pd.Timedelta(days=120 * i) for i in range(10)]
    noise = np.random.default_rng(1).normal(0, 0.05, 10)
    rows = [
        {"system": f"S{i}", "published_on": day, "prove_s": 1e4 * 0.1 ** (120 * i / 365.25) * np.exp(noise[i])}
        for i, day in enumerate(days)
    ]
    found = progress.trend(progress.publications(published(*rows)))
    assert found.low < 0.1 < found.high
    assert found.factor_per_year == pytest.approx(0.1, rel=0.05)
    assert found.halving_months == pytest.approx(12 * np.log10(2), rel=0.05)


def test_two_results_make_no_trend():
    assert progress.trend(progress.publications(published(*THREE[:2]))) is None


def test_the_spell_of_ten_minutes_is_found(claim):
    table = published(
        {"system": "A", "prove_s": 4000.0, "published_on": pd.Timestamp("2023-01-01")},
        {"system": "B", "prove_s": 610.0, "published_on": pd.Timestamp("2024-03-01")},
        {"system": "C", "prove_s": 700.0, "published_on": pd.Timestamp("2024-05-01")},
        {"system": "D", "prove_s": 30.0, "published_on": pd.Timestamp("2025-02-01")},
    )
    spell = progress.spells(claim, table).set_index("set").loc["any full model"]
    assert (spell["system"], spell["since"], spell["until"]) == (
        "B",
        pd.Timestamp("2024-03-01"),
        pd.Timestamp("2025-02-01"),
    )


def test_overheads_are_averaged_geometrically_by_circuit():
    proofs = pd.DataFrame(
        {
            "model": ["m", "m", "n"],
            "params": [1, 1, 2],
            "verified": [True, True, True],
            "prove_cpu_s": [1.0, 100.0, 1000.0],
            "inference_1thread_s": [1.0, 1.0, 1.0],
        }
    )
    stated = {"system": "S", "prove_s": np.nan, "what": "overhead", "overhead_low": 10.0, "overhead_high": 1000.0}
    table = overhead.overheads(proofs, published(stated), as_of=AS_OF)
    assert table["overhead"].round(6).tolist() == [10.0, 100.0, 1000.0]
    found = overhead.overhead_summary(table, expires=AS_OF)
    assert found.mean == pytest.approx(100.0)
    assert found.low <= found.mean <= found.high


def test_published_times_are_set_against_a_plain_inference_where_one_is_given(shipped):
    none = pd.DataFrame(columns=["model", "params", "verified", "prove_cpu_s", "inference_1thread_s"])
    none = none.astype({"verified": bool, "prove_cpu_s": float, "inference_1thread_s": float})
    table = overhead.overheads(none, shipped, as_of=AS_OF, inference_s=0.1).set_index("system")
    assert table.loc["zkGPT", "overhead"] == pytest.approx(218.0)
    assert table.loc["zkGPT", "basis"] == "two machines"


def test_the_shipped_choice_of_systems_is_that_of_a_plain_second_implementation(shipped):
    assert {s: float(row["prove_s"]) for s, row in plain.chosen(data.data_dir(), AS_OF).items()} == chosen(shipped)


def test_the_distilled_model_is_kept_apart_and_derived_times_are_marked(shipped):
    named = shipped[shipped["model"].str.startswith("DistilGPT-2")]
    assert set(named["what"]) == {"distilled"}
    assert set(named["scale"]) == {"smaller"}
    rerun = shipped[
        (shipped["by"] == "others") & (shipped["scale"] == "gpt2") & shipped["system"].isin(["ZKML", "Hao et al."])
    ]
    assert rerun["derived"].all()
    assert set(shipped.loc[shipped["remark"].str.contains("projected"), "what"]) == {"projection"}


def test_no_sentence_of_a_source_came_along(shipped):
    assert not shipped["remark"].str.contains('"').any()
    assert shipped["remark"].str.len().max() < 250
