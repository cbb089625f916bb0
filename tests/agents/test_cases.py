"""A3: what shows a case, and how cases settle the six parts."""

from datetime import date
from itertools import product

import pandas as pd
import pytest

from analysis.agents import cases
from analysis.engine.claims import load_claims
from analysis.engine.claims.judge import judge
from analysis.engine.data.tables import load
from tests.agents import worlds

TODAY = date(2026, 11, 25)
THREE = [
    {"framework": "Virtuals", "activity": "trades"},
    {"framework": "Autonolas", "activity": "DeFi positions"},
    {"framework": "ElizaOS", "activity": "governing DAOs"},
]


@pytest.fixture(scope="module")
def claim():
    return load_claims()["A3"]


def assess(claim, table):
    return cases.assess_a3(claim, agent_cases=table)


def verdict(claim, table) -> str:
    return judge(claim, assess(claim, table), today=TODAY).primary


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"shown_by": "contract"}, True),
        ({"shown_by": "independent account"}, True),
        ({"shown_by": "maker"}, False),
        ({"doing": "described"}, False),
        ({"doing": "done by people"}, False),
        ({"doing": "not known who"}, False),
        ({"done_to": "2026-01-23"}, False),
        ({"done_to": "2026-01-22"}, True),
        ({"activity": "other"}, False),
        ({"activity": "governing DAOs", "through_delegate": True}, False),
    ],
)
def test_a_case_shows_an_act_by_the_definition(claim, changes, expected):
    assert cases.shows(worlds.cases(changes), claim.as_of).tolist() == [expected]


def test_the_two_options_open_one_condition_each(claim):
    delegate = worlds.cases({"activity": "governing DAOs", "through_delegate": True})
    rough = worlds.cases({"done_to": "2026-06-30"})
    assert cases.shows(delegate, claim.as_of, delegates=True).all()
    assert cases.shows(rough, claim.as_of, first_day_counts=True).all()
    late = worlds.cases({"done_from": "2026-03-01", "done_to": "2026-06-30"})
    assert not cases.shows(late, claim.as_of, first_day_counts=True).any()


def test_three_cases_support_all_six_parts(claim):
    found = assess(claim, worlds.cases(*THREE))
    assert [row.part for row in found.evidence] == [p for case in THREE for p in (case["activity"], case["framework"])]
    assert {row.bearing for row in found.evidence} == {"supports"}
    assert verdict(claim, worlds.cases(*THREE)) == "supported"
    assert found.nearest_true == "it holds as it is"


@pytest.mark.parametrize("missing", range(3))
def test_without_one_of_them_two_parts_are_lacking(claim, missing):
    rest = [case | {"doing": "described"} if i == missing else case for i, case in enumerate(THREE)]
    found = assess(claim, worlds.cases(*rest))
    assert verdict(claim, worlds.cases(*rest)) == "inconclusive"
    assert found.support is None
    assert all(name in found.nearest_true for name in THREE[missing].values())


def test_a_case_done_by_people_is_neutral_beside_another_and_contradicts_alone(claim):
    by_people = {"framework": "ElizaOS", "activity": "governing DAOs", "doing": "done by people"}
    assert verdict(claim, worlds.cases(*THREE, by_people)) == "supported"
    assert verdict(claim, worlds.cases(*THREE[:2], by_people)) == "contradicted"
    assert verdict(claim, worlds.cases(*THREE[:2], by_people | {"done_to": "2026-02-01"})) == "inconclusive"


def test_support_counts_the_nine_pairs(claim):
    three = cases.question_a3(claim, worlds.cases(*THREE)).explore().table.set_index(["extent", "delegates"])["holds"]
    assert three.loc["each part"].all()
    assert not three.loc["all nine pairs"].any()
    nine = [{"framework": f, "activity": a} for f, a in product(cases.FRAMEWORKS, cases.ACTIVITIES)]
    assert assess(claim, worlds.cases(*nine)).support.balanced == 1


def test_what_we_found_leaves_the_claim_open(claim):
    shipped = load("agent_cases")
    found = assess(claim, shipped)
    assert verdict(claim, shipped) == "inconclusive"
    supported = {row.part for row in found.evidence if row.bearing == "supports"}
    assert supported == {"trades", "Autonolas"}
    assert {row.part for row in found.evidence} == set(claim.parts)


def test_three_cases_before_the_date_turn_the_shipped_verdict(claim):
    shipped = load("agent_cases")
    more = worlds.cases(*({"case_id": f"new{i}"} | case for i, case in enumerate(THREE)))
    assert verdict(claim, pd.concat([shipped, more], ignore_index=True)) == "supported"


def test_no_cases_say_so(claim):
    assert verdict(claim, load("agent_cases").iloc[:0]) == "not-reproducible"
    assert verdict(claim, worlds.cases({"activity": "other"})) == "not-reproducible"


@pytest.mark.parametrize("framework", cases.FRAMEWORKS)
def test_a_framework_without_any_case_is_not_reproducible(claim, framework):
    shipped = load("agent_cases")
    assert verdict(claim, shipped[shipped["framework"] != framework]) == "not-reproducible"


def test_every_pair_has_its_best_evidence_or_none(claim):
    shipped = load("agent_cases")
    found = cases.matrix(claim, shipped).set_index(["framework", "activity"])
    assert len(found) == 9
    assert found.loc[("Autonolas", "trades"), "shown"] == "yes"
    assert found.loc[("Virtuals", "trades"), "shown"] == "after the date"
    assert found.loc[("Virtuals", "governing DAOs"), "shown"] == "none found"
    assert found.loc[("ElizaOS", "trades"), "shown"] == "by whom not shown"
    best = worlds.cases({"doing": "described"}, {"shown_by": "contract"}, {"shown_by": "transaction", "agent": "two"})
    assert cases.matrix(claim, best).set_index(["framework", "activity"]).loc[("Virtuals", "trades"), "agent"] == "two"


def test_readings_open_more_parts_and_never_fewer(claim):
    found = cases.readings(claim, load("agent_cases")).set_index("reading")
    assert (found.loc["both"] >= found.loc["primary"]).all()
    assert (
        found.loc["the first possible day of an act decides", "DeFi positions"] > found.loc["primary", "DeFi positions"]
    )
