"""C4: which runs count, what reaches the bar, and what turns the verdict."""

from datetime import date

import pandas as pd
import pytest

from analysis.compute.training import runs as training
from analysis.engine.claims import load_claims
from analysis.engine.claims.judge import judge
from analysis.engine.data.tables import load

TODAY = date(2026, 11, 22)
#: Published by Meta for its largest model, by its own count, FLOP.
LLAMA_FLOP_AS_STATED = 3.8e25


@pytest.fixture(scope="module")
def claim():
    return load_claims()["C4"]


@pytest.fixture(scope="module")
def runs() -> pd.DataFrame:
    return load("training_runs")


def changed(runs: pd.DataFrame, run_id: str, **changes: object) -> pd.DataFrame:
    """The table with one row changed; keys that are no columns are refused."""
    assert set(changes) <= set(runs.columns)
    row = runs[runs["run_id"] == run_id].assign(**changes)
    return pd.concat([runs[runs["run_id"] != run_id], row], ignore_index=True)


def added(runs: pd.DataFrame, like: str, **changes: object) -> pd.DataFrame:
    """The table with one more row, like another but for what is changed."""
    row = runs[runs["run_id"] == like].assign(run_id="new", run="New", **changes)
    return pd.concat([runs, row], ignore_index=True)


def verdict(claim, runs: pd.DataFrame) -> str:
    return judge(claim, training.assess_c4(claim, training_runs=runs), today=TODAY).primary


@pytest.mark.slow
def test_the_claim_is_supported_by_what_was_published(claim, runs) -> None:
    assert verdict(claim, runs) == "supported"


def test_the_largest_run_is_as_large_as_its_authors_say(claim, runs) -> None:
    largest = training.largest_run(runs, by=claim.as_of)
    assert largest["run"] == "Llama 3.1 405B"
    assert largest["size"] == pytest.approx(LLAMA_FLOP_AS_STATED, rel=0.01)


def test_the_share_equals_a_recomputation_in_plain_numbers(claim, runs) -> None:
    table = {row["run_id"]: row for row in runs.to_dict("records")}
    own, largest = table["intellect_1"], table["llama_3_405b"]
    share = own["params"] * own["tokens"] / (largest["params"] * largest["tokens"])
    found = training.frontier_runs(runs, by=claim.as_of).set_index("run_id")
    assert found.loc["intellect_1", "share"] == pytest.approx(share, rel=1e-12)
    assert found.index[found["counts"]].tolist() == ["intellect_1"]


@pytest.mark.slow
@pytest.mark.parametrize(("factor", "expected"), [(0.999, "supported"), (1.0, "contradicted"), (3.0, "contradicted")])
def test_a_completed_run_of_a_tenth_contradicts_the_claim(claim, runs, factor: float, expected: str) -> None:
    tenth = 0.1 * training.largest_run(runs, by=claim.as_of)["size"]
    tokens = factor * tenth / (6 * 1e10) * (1 + 1e-12)
    assert verdict(claim, added(runs, "intellect_1", tokens=tokens)) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"completed": "no"},
        {"completed": "not stated"},
        {"owners": "one"},
        {"owners": "not stated"},
        {"decentralised": "no"},
        {"published_to": pd.Timestamp("2026-01-23")},
        {"tokens": float("nan")},
        {"of_run": "intellect_1"},
    ],
)
def test_a_large_run_that_lacks_one_condition_changes_nothing(claim, runs, changes: dict) -> None:
    def first_part(**more: object) -> str:
        large = {"active_params": 1e12, "params": 1e12, "tokens": 1e12} | more
        return training.outcome(training.evidence(claim, added(runs, "intellect_1", **large)), training.FRONTIER)

    assert first_part() == "contradicted"
    assert first_part(**changes) == "supported"


def test_one_owner_counts_only_under_that_alternative(claim, runs) -> None:
    large = added(runs, "intellect_1", active_params=1e12, params=1e12, tokens=1e12, owners="one")
    table = training.question_c4(claim, large).explore().table.query("`roll-outs` == 'count'")
    found = table.set_index(["frontier", "machines"])["estimate"]
    assert found.xs(training.INDEPENDENT, level="machines").tolist() == [1, 1, 1]
    assert found.xs(training.ANY_OWNER, level="machines").tolist() == [0, 0, 0]


def test_where_one_run_reached_the_bar_no_other_speaks_for_the_claim(claim, runs) -> None:
    large = added(runs, "intellect_1", active_params=1e12, params=1e12, tokens=1e12)
    rows = [row for row in training.evidence(claim, large) if row.part == training.FRONTIER]
    assert sorted({row.bearing for row in rows}) == ["contradicts", "neutral"]


@pytest.mark.slow
def test_a_larger_reference_only_lowers_the_share(claim, runs) -> None:
    larger = added(runs, "llama_3_405b", tokens=1e14)
    assert verdict(claim, larger) == "supported"
    shares = (training.frontier_runs(t, by=claim.as_of)["share"].max() for t in (runs, larger))
    assert next(shares) > next(shares)


def test_a_mixture_of_experts_computes_with_its_active_parameters(runs) -> None:
    deepseek = runs[runs["run_id"] == "deepseek_v3"]
    assert training.sizes(deepseek).item() == pytest.approx(6 * 37e9 * 14.8e12)
    assert training.sizes(deepseek, "parameters").item() == 671e9


def test_without_completed_fine_tuning_the_second_part_is_contradicted(claim, runs) -> None:
    none = runs[(runs["kind"] != "post-training") | (runs["decentralised"] == "no")]
    assert verdict(claim, none) == "contradicted"
    row = next(row for row in training.evidence(claim, none) if row.part == training.FINE_TUNING)
    assert (row.bearing, row.source_id) == ("contradicts", training.COMPILATION)


@pytest.mark.parametrize(("how_many", "expected"), [(0, "supported"), (1, "inconclusive"), (2, "inconclusive")])
def test_as_many_runs_the_year_before_leave_the_claim_open(claim, runs, how_many: int, expected: str) -> None:
    table = runs
    for i in range(how_many):
        early = {"published_from": pd.Timestamp("2024-05-01"), "published_to": pd.Timestamp("2024-05-01")}
        table = added(table, "intellect_2", **early).replace({"run_id": {"new": f"new_{i}"}})
    assert verdict(claim, table) == expected


def test_the_reading_that_excludes_rollouts_turns_the_second_part(claim, runs) -> None:
    found = training.readings(claim, runs).set_index(["rollouts", "machines"])
    assert found.loc[("count", training.INDEPENDENT), "outcome"] == "supported"
    assert found.loc[("do not count", training.INDEPENDENT), "outcome"] == "contradicted"
    assert found["later"].tolist() == [1, 2, 0, 1]


def test_later_runs_are_shown_as_after_the_date(claim, runs) -> None:
    found = training.frontier_runs(runs, by=claim.as_of).set_index("run_id")
    assert "published after" in found.loc["covenant_72b", "why_not"]
    assert training.frontier_runs(runs, by=TODAY).set_index("run_id").loc["covenant_72b", "counts"]


def test_every_alternative_holds_on_the_date_and_two_no_longer_today(claim, runs) -> None:
    found = training.alternatives_c4(claim, runs, today=TODAY)
    then, now = (found[found["by"] == pd.Timestamp(day)] for day in (claim.as_of, TODAY))
    assert (then["first_part"] == "supported").all()
    failing = now.loc[now["first_part"] == "contradicted", "frontier"].unique().tolist()
    assert failing == ["a hundredth of the training compute", "a tenth of the parameters"]


@pytest.mark.slow
def test_the_verdict_turns_on_whether_roll_outs_count(claim, runs) -> None:
    support = training.question_c4(claim, runs).explore().options.set_index(["factor", "option"])["support"]
    assert support["roll-outs", "count"] == 1
    assert support["roll-outs", "do not count"] == 0.5
    found = judge(claim, training.assess_c4(claim, training_runs=runs), today=TODAY)
    assert (found.label, found.primary) == ("definition-ambiguous", "supported")


def test_a_survey_speaks_only_below_the_bar(claim, runs) -> None:
    def bearing(table: pd.DataFrame, frontier: str) -> str:
        rows = training.evidence(claim, table, frontier=frontier)
        return next(row.bearing for row in rows if row.source_id == "train_epoch")

    tenth, hundredth = list(training.KNOWN["frontier"])[:2]
    assert bearing(runs, tenth) == "supports"
    assert bearing(runs, hundredth) == "neutral"
    assert bearing(changed(runs, "epoch_survey", flop_high=4e24), tenth) == "neutral"


@pytest.mark.slow
def test_every_row_names_its_part_and_its_source(claim, runs) -> None:
    rows = training.assess_c4(claim, training_runs=runs).evidence
    assert {row.part for row in rows} == set(claim.parts)
    assert {row.source_id for row in rows} <= set(load("sources")["source_id"])


def test_nothing_to_compare_with_is_missing(claim, runs) -> None:
    found = training.assess_c4(claim, training_runs=runs.assign(tokens=float("nan")))
    assert judge(claim, found, today=TODAY).label == "not-reproducible"


def test_unknown_options_are_refused_with_the_allowed_ones(claim, runs) -> None:
    with pytest.raises(ValueError, match="a tenth of the training compute"):
        training.evidence(claim, runs, frontier="a third")
    with pytest.raises(ValueError, match="training compute, parameters"):
        training.sizes(runs, "layers")
    with pytest.raises(ValueError, match="independent owners"):
        training.evidence(claim, runs, machines="mine")


@pytest.mark.slow
def test_the_table_is_not_changed(claim, runs) -> None:
    before = runs.copy()
    training.assess_c4(claim, training_runs=runs)
    pd.testing.assert_frame_equal(runs, before)
