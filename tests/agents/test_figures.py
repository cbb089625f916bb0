"""Figures and sentences of the chapter draw, and say, the numbers that they are given."""

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.agents import capitalisation, cases, figures, remarks, results, value
from analysis.engine.claims import load_claims
from analysis.engine.data.tables import load
from analysis.engine.words.figures import Drawn, to_svg
from tests.agents import worlds

#: A fraction of a second each, and seconds together: left out by make test-fast.
pytestmark = pytest.mark.slow

ON = date(2026, 1, 22)


@pytest.fixture(scope="module")
def claim():
    return load_claims()["A1"]


@pytest.fixture(scope="module")
def steps(claim):
    tokens = capitalisation.capitalisation(*map(load, ("tokens", "token_prices", "token_supplies")), on=ON)
    return value.waterfall(claim, load("agent_values"), tokens)


def words(drawn: Drawn) -> str:
    return re.sub(r"<[^>]+>", " ", to_svg(drawn.figure, name="test", alt=""))


@pytest.mark.slow
def test_the_waterfall_says_every_step_and_the_asserted_figure(claim, steps):
    drawn = figures.waterfall_figure(steps, claim=claim)
    text, alt = words(drawn), drawn.alt
    for step in steps.loc[steps["kind"] != "asserted", "step"]:
        assert step in text.replace("&#x27;", "'")
        assert step in alt
    assert "none within 180 days" in text
    assert "asserted" in text


def test_the_waterfall_of_nothing_has_a_bar_for_what_is_missing(claim):
    nothing = capitalisation.Capitalisation(pd.DataFrame(), 0.0, 0.0, 0, 0)
    steps = value.waterfall(claim, worlds.values({"protocol": "a", "on_chain": False}), nothing)
    assert steps.set_index("kind").loc["missing", "value"] == claim.asserted.value
    text = words(figures.waterfall_figure(steps, claim=claim))
    assert "found nowhere" in text


def test_the_figure_of_skill_draws_records_of_agents_in_real_money_alone():
    table = worlds.results({"record_from": "2025-01-01"}, {"real_money": False}, {"design": "no agents"})
    records = results.records(table)
    text = words(figures.skill_figure(records))
    assert re.search(r"1\s+record of 12\s+months", text)
    assert text.count("record of") == 1
    assert "12 (1) months" in figures.skill_figure(records).alt
    assert "none months" in figures.skill_figure(records.iloc[1:]).alt


def test_sentences_follow_the_tables(claim):
    few = worlds.values(
        {"protocol": "a", "value": 2e6}, {"protocol": "b", "observed_from": "2024-01-01", "observed_to": "2024-01-01"}
    )
    found, late = value.holdings(few, on=ON), value.left_out(few, on=ON)
    rough = value.too_rough(few.assign(observed_from=pd.Timestamp(ON), observed_to=pd.Timestamp("2026-11-22")), on=ON)
    said = remarks.counts(found, late, rough).replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("1 protocol with 1 figure")
    assert "Left out for their age: b (delegated" in said
    assert "too roughly: 2 figures of a and b (1 to 2 million USD)" in said
    assert "Left out" not in remarks.counts(found, late.iloc[:0], rough.iloc[:0])
    assert "1 of them held by agents" in remarks.counts(found.assign(tier="agent-held"), late, rough)
    assert "899" in remarks.missing(claim, found, value.largest_verified(few, on=ON))
    assert remarks.missing(claim, found, None) == "No protocol need have been overlooked."
    assert "No figure" in remarks.same_money(value.shared(few, on=ON))
    twice = value.shared(worlds.values({"protocol": "a"}, {"protocol": "b"}), on=ON)
    said = remarks.same_money(twice)
    assert said.endswith(
        "of the same money (suspected by the rule, not declared). Both are in the sum, which counts it once."
    )
    assert "a is not in the sum, which counts it once." in remarks.same_money(twice.assign(taken=False))
    assert "There is nothing" in remarks.spread(None)
    assert "100" in remarks.spread(value.concentration(found))


def test_sentences_on_records_count_them():
    table = worlds.results({}, {"record_from": "2025-12-01", "information_ratio": np.nan}, {"design": "no agents"})
    said = remarks.met(results.records(table)).replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("Of 2 records of agents in real money 1 would be long enough")
    assert said.endswith("is published for 1.")
    assert "is published for none" in remarks.met(results.records(table.iloc[1:2]))
    assert "No record" in remarks.met(results.records(table.iloc[2:]))


def test_sentences_on_cases_and_tokens(claim):
    a3 = load_claims()["A3"]
    matrix = cases.matrix(a3, worlds.cases({}))
    assert "shown: Virtuals trades" in remarks.pairs(matrix)
    tokens = capitalisation.capitalisation(*map(load, ("tokens", "token_prices", "token_supplies")), on=ON)
    assert "inside" in remarks.tokens(tokens, claim)
    small = capitalisation.Capitalisation(tokens.table, 1.0, 1.0, 1, 0)
    assert "outside" in remarks.tokens(small, claim)


def test_sentences_on_luck_are_of_the_contest_itself():
    short = {"design": "contest", "participants": 6.0, "record_from": "2025-10-17", "record_to": "2025-11-03"}
    said = remarks.luck(results.records(worlds.results(short))).replace("\N{NO-BREAK SPACE}", " ")
    assert "Of 6 agents without any skill, after 18 days" in said
    assert "No contest" in remarks.luck(results.records(worlds.results({})))


def test_the_opening_says_what_was_found(claim):
    table, a3 = worlds.values({"protocol": "a", "value": 2e6}), load_claims()["A3"]
    tokens = {name: load(name) for name in ("tokens", "token_prices", "token_supplies")}
    estimate = value.assess_a1(claim, agent_values=table, **tokens).estimate
    contest = {"design": "contest", "record_from": "2025-10-17", "record_to": "2025-11-03", "information_ratio": np.nan}
    records = results.records(worlds.results(contest, {"design": "no agents"}))
    found = value.holdings(table, on=ON)
    said = remarks.in_short(claim, estimate, found, records, cases.matrix(a3, worlds.cases({})))
    text = " ".join(said.values()).replace("\N{NO-BREAK SPACE}", " ")
    assert "1 protocol add up to 2 million USD" in text
    assert "a is 100 % of that" in text
    assert "We found 1 contest in real money, one of 18 days" in text
    assert "published for none of its 1 agent" in text
    assert "Of 9 pairs of a framework and an activity 1 is shown by the date (trades on Virtuals); for 8" in text
    empty = remarks.in_short(
        claim, None, found, records.iloc[1:], cases.matrix(a3, worlds.cases({"doing": "described"}))
    )
    text = " ".join(empty.values()).replace("\N{NO-BREAK SPACE}", " ")
    assert "No protocol has a figure" in text
    assert "We found 0 contests in real money." in text
    assert "activity none is shown by the date; for 8" in text
