"""V1: the choice of systems, the interval, the alternatives, the trend; known truth on made-up tables."""

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
from analysis.engine.multiverse import HOLDS, NOT_COUNTED, Question, UnbalancedError
from analysis.verifiable_ai.published import literature as lit
from analysis.verifiable_ai.published.beyond import overhead, progress, readings
from tests.verifiable_ai import plain
from tests.verifiable_ai.worlds import published

AS_OF = date(2026, 1, 22)
THREE = ({"system": "A", "prove_s": 20.0}, {"system": "B", "prove_s": 600.0}, {"system": "C", "prove_s": 4000.0})

V1 = load_claims()["V1"]
claim = pytest.fixture(scope="module")(lambda: V1)
shipped = pytest.fixture(scope="module")(lambda: load("zk_published"))


FULL_PASS, DISTILLED = "one full pass, shortest input", "a distilled model"


def finding(claim, table):
    return lit.assess_v1(claim, zk_published=table)


def chosen(table, **options) -> dict[str, float]:
    return lit.systems(V1, table, **options)["seconds"].to_dict()


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
    assert chosen(table, proved=lit.PER_TOKEN) == {"A": 70.0 / 512}


def test_a_re_run_takes_the_place_of_the_authors_own_and_brings_in_no_system(claim):
    table = published(
        *THREE, {"system": "A", "prove_s": 300.0, "by": "others"}, {"system": "D", "prove_s": 9.0, "by": "others"}
    )
    assert chosen(table, runs=lit.RERUN) == {"A": 300.0, "B": 600.0, "C": 4000.0}
    found = readings.rerun_readings(claim, zk_published=table)
    assert found["reading"].tolist() == ["replace only", "replace and add", "re-runs only"]
    assert found["seconds"].tolist() == [600.0, 450.0, 154.5]
    assert found["n"].tolist() == [3, 4, 2]


def test_a_recent_re_run_stands_for_an_older_result_of_the_authors():
    table = published(
        {"system": "A", "prove_s": 1.0, "published_on": pd.Timestamp("2024-06-01")},
        {"system": "A", "prove_s": 5.0, "by": "others"},
    )
    assert chosen(table, runs=lit.RERUN, period="the last 12 months") == {"A": 5.0}
    assert chosen(table, runs=lit.OWN, period="the last 12 months") == {}


@settings(max_examples=25, deadline=None)
@given(n=st.integers(1, 12), seed=st.integers(0, 2**32 - 1))
def test_the_range_of_few_values_covers_the_median_as_often_as_it_says(n, seed):
    drawn = np.random.default_rng(seed).lognormal(size=(4_000, n))
    share = ((drawn.min(axis=1) < 1) & (drawn.max(axis=1) > 1)).mean()
    assert share == pytest.approx(lit.covered(n), abs=0.05)


def test_few_systems_say_what_their_range_covers_and_many_do_not():
    assert lit.interval_of(3, "each figure").endswith("the range of 3 values covers the median with probability 0.75")
    assert "probability" not in lit.interval_of(lit.FEW + 1, "each figure")


@pytest.mark.slow
def test_each_system_is_left_out_in_turn(claim):
    table = published(*THREE)
    found = readings.leave_one_out(claim, table, lambda some: finding(claim, some)).set_index("without")
    assert found["value"].to_dict() == {"": 600.0, "A": 2300.0, "B": 2010.0, "C": 310.0}
    assert found["n"].tolist() == [3, 2, 2, 2]
    alone = readings.leave_one_out(claim, published(THREE[0]), lambda some: finding(claim, some)).set_index("without")
    assert alone.loc["A", "label"] == "not-reproducible"
    assert np.isnan(alone.loc["A", "value"])


def test_options_choose_by_weights_interaction_and_period():
    table = published(
        {"system": "A", "prove_s": 1.0, "hides_weights": "not stated"},
        {"system": "B", "prove_s": 2.0, "interactive": "yes"},
        {"system": "C", "prove_s": 3.0, "published_on": pd.Timestamp("2025-01-21")},
    )
    assert set(chosen(table, weights="hidden only")) == {"B", "C"}
    assert set(chosen(table, interaction="non-interactive only")) == {"A", "C"}
    assert set(chosen(table, period="the last 12 months")) == {"A", "B"}


def test_options_choose_by_the_hardware_that_is_stated():
    table = published(
        {"system": "A", "prove_s": 1.0},
        {"system": "B", "prove_s": 2.0, "gpu_model": "A100", "gpus": 1.0},
        {"system": "C", "prove_s": 3.0, "vcpus": np.nan, "memory_gb": np.nan, "hardware": "12 parallel workers"},
    )
    assert set(chosen(table)) == {"A", "B", "C"}
    assert set(chosen(table, hardware="stated")) == {"A", "B"}
    assert set(chosen(table, hardware="one machine without GPU")) == {"A"}
    assert set(chosen(table, hardware="one machine with GPU")) == {"B"}


@pytest.mark.slow
def test_a_distilled_model_counts_alone_and_only_where_it_is_asked_for(claim):
    small = {"what": "distilled", "scale": "smaller", "params": 81e6}
    table = published(*THREE, {"system": "D", "prove_s": 600.0} | small, {"system": "E", "prove_s": 700.0} | small)
    assert chosen(table, proved=DISTILLED) == {"D": 600.0, "E": 700.0}
    assert set(chosen(table)) == {"A", "B", "C"}
    rows = lit.alternatives_v1(claim, zk_published=table).set_index("option")
    assert rows.loc[DISTILLED, ["estimate", "holds"]].tolist() == [650.0, "yes"]


@pytest.mark.slow
def test_what_nobody_published_on_such_hardware_is_inadmissible_with_its_reason(claim, shipped):
    table = lit.question_v1(claim, zk_published=shipped).explore().table
    none = (
        (table["proved"] == DISTILLED) & (table["hardware"] == "one machine with GPU") & (table["system"] != lit.EZKL)
    )
    assert (table.loc[none, "reason"] == lit.NO_SYSTEM).all()
    assert none.any()


@pytest.mark.slow
def test_the_support_of_the_time_comes_from_distilled_models_alone(claim, shipped):
    support = lit.question_v1(claim, zk_published=shipped).explore().options.set_index("option")["support"]
    assert support[[FULL_PASS, lit.PER_TOKEN]].tolist() == [0.0, 0.0]
    assert support[DISTILLED] > 0


def test_excluded_readings_that_would_hold_are_told_with_their_reason(claim):
    table = published(*THREE, {"system": "D", "prove_s": 640.0, "by": "others"})
    found = readings.excluded(claim, zk_published=table, model_s=500.0)
    assert found["seconds"].tolist() == [620.0, 640.0, 500.0]
    assert found["holds"].tolist() == ["yes"] * 3
    assert (found["reason"] != "").all()
    without = readings.excluded(claim, zk_published=table, model_s=None)
    assert without["holds"].tolist() == ["yes", "yes", NOT_COUNTED]


def test_an_average_over_a_long_sequence_counts_only_per_token():
    table = published(
        {"system": "A", "prove_s": 0.5, "what": "per_token", "tokens": np.nan}, {"system": "B", "prove_s": 8.0}
    )
    assert chosen(table) == {"B": 8.0}
    assert chosen(table, proved=lit.PER_TOKEN) == {"A": 0.5, "B": 8.0}


@pytest.mark.slow
def test_the_median_of_three_known_systems_and_its_interval(claim):
    found = finding(claim, published(*THREE))
    assert (found.estimate.value, found.estimate.low, found.estimate.high, found.estimate.n) == (600.0, 20.0, 4000.0, 3)
    assert judge(claim, found, today=AS_OF).primary == "inconclusive"
    assert found.nearest_true == HOLDS


def test_stated_precision_widens_the_interval():
    value, low, high = lit.median_interval(*np.array([[500.0], [400.0], [667.0]]))
    assert (value, low, high) == (500.0, 400.0, 667.0)


@pytest.mark.slow
def test_ten_systems_of_ten_minutes_reproduce_the_claim(claim):
    table = published(*({"system": f"S{i}", "prove_s": 580.0 + 5 * i} for i in range(10)))
    assert judge(claim, finding(claim, table), today=AS_OF).primary == "reproduced"


@pytest.mark.slow
def test_ten_fast_systems_contradict_it_and_what_is_needed_is_said(claim):
    table = published(*({"system": f"S{i}", "prove_s": 20.0} for i in range(10)))
    found = finding(claim, table)
    assert judge(claim, found, today=AS_OF).primary == "differs-smaller"
    assert "would have to be 30 times slower" in found.nearest_true


def test_without_a_system_nothing_can_be_said(claim):
    table = published({"system": "A", "prove_s": 1.0, "what": "projection"})
    assert judge(claim, finding(claim, table), today=AS_OF).label == "not-reproducible"


@pytest.mark.slow
def test_a_combination_that_no_result_satisfies_is_inadmissible_with_its_reason(claim, shipped):
    table = lit.question_v1(claim, zk_published=shipped).explore().table
    ezkl = table["system"] == lit.EZKL
    assert (table.loc[ezkl, "reason"] == lit.UNDETERMINED).all()
    assert not table.loc[ezkl, "admissible"].any()
    table = table[~ezkl]
    names = [factor.name for factor in claim.factors]
    nothing = np.isnan(lit.question_v1(claim, zk_published=shipped).answer(table[names]))
    assert ((table["reason"] == lit.NO_SYSTEM) == nothing).all()
    assert (table["admissible"] != nothing).all()
    assert nothing.any()


@pytest.mark.slow
def test_every_alternative_of_the_claim_has_its_row(claim, shipped):
    table = lit.alternatives_v1(claim, zk_published=shipped)
    assert len(table) == 1 + len(claim.alternatives)
    ezkl = table[table["option"] == lit.EZKL].iloc[0]
    assert (ezkl["reason"], ezkl["holds"], np.isnan(ezkl["estimate"])) == (lit.UNDETERMINED, NOT_COUNTED, True)
    assert (table.loc[table["reason"] == "", "holds"] != NOT_COUNTED).all()
    assert ((table["reason"] == "") == table["estimate"].notna()).all()


def test_what_cannot_be_balanced_has_no_support_and_says_so(claim):
    def unbalanced(specifications):
        raise UnbalancedError("too much is inadmissible")

    assert Question(claim, unbalanced).weighed() is None
    assert lit.UNBALANCED in lit.not_counted(None)


def test_only_what_cannot_be_balanced_is_left_without_weight(claim):
    def broken(specifications):
        raise ValueError("something else")

    with pytest.raises(ValueError, match="something else"):
        Question(claim, broken).weighed()


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_rows_changes_nothing(shipped, seed):
    mixed = shipped.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(lit.systems(V1, shipped), lit.systems(V1, mixed))
    pd.testing.assert_frame_equal(progress.publications(shipped), progress.publications(mixed))


@pytest.mark.slow
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


def ladder_of(*rows: tuple[str, float]) -> pd.DataFrame:
    """Proofs of EZKL: model and processor seconds, over an inference of 1 s."""
    table = pd.DataFrame(rows, columns=["model", "prove_cpu_s"])
    more = {"params": 1, "tokens": 1, "verified": True, "inference_1thread_s": 1.0}
    return table.assign(**more).astype({"verified": bool, "prove_cpu_s": float})


STATED = {"system": "S", "prove_s": np.nan, "what": "overhead", "overhead_low": 10.0, "overhead_high": 1000.0}


def test_a_system_counts_once_with_the_geometric_mean_of_its_sizes():
    proofs = ladder_of(("m", 1.0), ("m", 100.0), ("n", 1000.0))
    table = published(STATED, {"system": "A", "prove_s": 5.0, "tokens": 1000.0})
    found = overhead.overheads(proofs, table, as_of=AS_OF, inference_s={1: 0.1, 1024: 0.5})
    assert found["overhead"].round(6).tolist() == [10.0, 10.0, 100.0, 1000.0]
    summary = overhead.overhead_summary(found, expires=AS_OF)
    assert summary.mean == pytest.approx(np.sqrt(10.0 * 100.0))
    assert (summary.low, summary.high) == (pytest.approx(10.0), pytest.approx(100.0))
    assert (summary.n, summary.rows, summary.least, summary.most) == (2, 3, *map(pytest.approx, (10.0, 1000.0)))
    own = overhead.overhead_summary(found[found["system"] == "EZKL"], expires=AS_OF)
    assert summary.covers == lit.covered(2) == 0.5
    assert (own.mean, own.least, own.most, own.rows) == (*map(pytest.approx, (100.0, 10.0, 1000.0)), 2)


def test_stated_overheads_stand_apart_and_count_from_their_publication():
    later = published(STATED | {"published_on": pd.Timestamp("2026-02-01")})
    found = overhead.overheads(ladder_of(("m", 5.0)), published(STATED), as_of=AS_OF)
    assert set(found["basis"]) == {"measured", "stated"}
    assert overhead.overhead_summary(found, expires=AS_OF).mean == pytest.approx(5.0)
    assert set(overhead.overheads(ladder_of(("m", 5.0)), later, as_of=AS_OF)["basis"]) == {"measured"}


def test_a_proof_of_many_tokens_is_set_against_an_inference_of_as_many(shipped):
    inference = {1: 0.01, 1024: 2.0}
    found = overhead.overheads(ladder_of(), shipped, as_of=AS_OF, inference_s=inference)
    two = found[found["basis"] == "two machines"]
    assert two[["system", "tokens", "overhead"]].values.tolist() == [["DeepProve", 1024.0, 1024.0]]
    left = overhead.left_out(shipped, as_of=AS_OF, inference_s=inference)
    assert set(left["system"]) == {"zkGPT", "zkLLM", "DeepProve"}
    reasons = left.set_index("system")["reason"]
    assert reasons["zkGPT"] == overhead.NO_TOKENS
    assert reasons["zkLLM"] == "no inference of about 2048 tokens was measured"


def test_without_an_overhead_there_is_no_mean():
    with pytest.raises(ValueError, match="no overhead"):
        overhead.overhead_summary(overhead.overheads(ladder_of(), published(STATED), as_of=AS_OF), expires=AS_OF)


def test_the_shipped_choice_of_systems_is_that_of_a_plain_second_implementation(shipped):
    assert {s: float(row["prove_s"]) for s, row in plain.chosen(sealed.data_dir(), AS_OF).items()} == chosen(shipped)


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
