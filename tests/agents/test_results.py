"""A2: what counts as a record for or against, and what does not."""

from datetime import date

import pytest

from analysis.agents import results, skill
from analysis.engine.claims import load_claims
from analysis.engine.claims.judge import judge
from analysis.engine.data.tables import load
from tests.agents import worlds

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def claim():
    return load_claims()["A2"]


def bearing(claim, **changes) -> str:
    (row,) = results.evidence_a2(claim, worlds.results(changes))
    return row.bearing


def verdict(claim, table) -> str:
    return judge(claim, results.assess_a2(claim, agent_results=table), today=TODAY).primary


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "supports"),
        ({"design": "contest", "participants": 6.0}, "supports"),
        ({"strategy": "MEV"}, "supports"),
        ({"strategy": "liquidity provision"}, "supports"),
        ({"strategy": "other"}, "neutral"),
        ({"on_chain": False}, "neutral"),
        ({"real_money": False}, "neutral"),
        ({"net_of_costs": "no"}, "neutral"),
        ({"net_of_costs": "not stated"}, "neutral"),
        ({"human_managed": False}, "neutral"),
        ({"vendor": True}, "neutral"),
        ({"design": "backtest"}, "neutral"),
        ({"design": "no agents"}, "neutral"),
        ({"record_to": "2026-01-23"}, "neutral"),
        ({"record_to": "2026-01-22"}, "supports"),
        ({"record_from": "2025-12-01"}, "neutral"),
        ({"information_ratio": float("nan")}, "neutral"),
        ({"information_ratio": 0.3}, "neutral"),
        ({"design": "contest", "participants": 1e6, "information_ratio": 1.0}, "neutral"),
        ({"information_ratio": 1.0}, "supports"),
        ({"participants": 1e6, "information_ratio": 1.0}, "neutral"),
        ({"beat_alternative": "not stated"}, "neutral"),
        ({"beat_alternative": "no"}, "contradicts"),
        ({"beat_alternative": "no", "record_from": "2025-12-01"}, "neutral"),
        ({"design": "population", "beat_alternative": "no"}, "contradicts"),
        ({"design": "population", "beat_alternative": "yes"}, "neutral"),
    ],
)
def test_a_result_bears_on_the_claim_by_its_definition(claim, changes, expected):
    assert bearing(claim, **changes) == expected


def test_the_alternatives_of_the_claim_open_one_condition_each(claim):
    short = worlds.results({"record_from": "2025-12-01", "information_ratio": float("nan")})
    other = worlds.results({"strategy": "other"})
    held = worlds.results({"human_managed": False})
    for table, option in (
        (short, {"length": "any length"}),
        (other, {"strategy": "any"}),
        (held, {"alternative": "holding counts too"}),
    ):
        assert [row.bearing for row in results.evidence_a2(claim, table)] == ["neutral"]
        assert [row.bearing for row in results.evidence_a2(claim, table, **option)] == ["supports"]


def test_nothing_published_meets_the_definition(claim):
    shipped = load("agent_results")
    found = results.assess_a2(claim, agent_results=shipped)
    assert {row.bearing for row in found.evidence} == {"neutral"}
    assert (verdict(claim, shipped), found.support) == ("inconclusive", None)
    assert all(results.why_not(row, claim.as_of) for _, row in results.records(shipped).iterrows())


def test_one_long_record_with_an_excess_turns_the_shipped_verdict(claim):
    shipped = load("agent_results")
    changed = shipped.copy()
    row = changed["result_id"] == "arena_qwen"
    changed.loc[row, ["strategy", "human_managed", "information_ratio"]] = ["arbitrage", True, 3.0]
    changed.loc[row, "record_from"] = (
        changed.loc[row, "record_to"] - (changed["record_to"] - changed["record_from"]).max() * 3
    )
    assert verdict(claim, changed) == "supported"
    changed.loc[row, "beat_alternative"] = "no"
    assert verdict(claim, changed) == "contradicted"


def test_rows_on_both_sides_leave_it_open_and_no_rows_say_so(claim):
    both = worlds.results({}, {"design": "population", "beat_alternative": "no"})
    assert verdict(claim, both) == "inconclusive"
    assert verdict(claim, both.iloc[:0]) == "not-reproducible"


def test_support_is_given_where_a_row_bears(claim):
    found = results.assess_a2(claim, agent_results=worlds.results({}))
    assert found.support.balanced == 1
    assert found.nearest_true == "it holds as it is"


def test_the_length_of_a_record_and_what_it_was_picked_from(claim):
    table = worlds.results(
        {"record_from": "2025-01-01", "record_to": "2025-12-31", "design": "contest", "participants": 6.0},
        {"participants": 9.0},
        {"design": "population", "participants": 11.0},
        {},
    )
    found = results.records(table)
    assert found["months"].iloc[0] == pytest.approx(12, abs=0.02)
    assert found["picked_from"].tolist() == [6, 9, 1, 1]
    assert found["needed"].iloc[0] == skill.months_needed(2.0, picked_from=6)


def test_a_record_that_passes_the_test_just_passes_it():
    months, n = 36, 6
    edge = results.stats.t.isf(skill.level_after(n), months - 1) / 3**0.5
    assert results.tells_skill(edge * 1.001, months, n)
    assert not results.tells_skill(edge * 0.999, months, n)


def test_definitions_count_every_row_once(claim):
    shipped = load("agent_results")
    found = results.definitions_a2(claim, shipped)
    assert len(found) == 8
    assert (found[["supports", "contradicts", "neutral"]].sum(axis=1) == len(shipped)).all()
    assert found.iloc[0][["supports", "contradicts"]].tolist() == [0, 0]


def test_realised_results_stand_with_their_size_and_not_in_a_remark(claim):
    shipped = results.records(load("agent_results"))
    said = [
        row.statement.replace("\N{NO-BREAK SPACE}", " ") for row in results.evidence_a2(claim, load("agent_results"))
    ]
    assert sum("no number given" in text for text in said) == int(shipped["result"].isna().sum()) == 2
    assert any("234 million USD, extracted" in text for text in said)
    assert any("49.5 %, of the providers did worse than holding" in text for text in said)
    assert any("61 million USD, fees less losses" in text for text in said)
