"""A claim's question: what is explored, one at a time, nearest, turning; and factors as claims.yml declares them."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.engine.claims import Asserted, Claim, Evidence, Finding, Place, load_claims, read_claims
from analysis.engine.claims.claims import Factor, Option, PublicationBias
from analysis.engine.data.sealed import DataError
from analysis.engine.multiverse import (
    HOLDS,
    NOT_COUNTED,
    Question,
    Rule,
    alternatives_of,
    bearing,
    combinations_of,
    factors_of,
    meanings,
    pointwise,
    primary_of,
    tallied,
)

PLAIN, GEOMETRIC = Option("plain", "the plain mean"), Option("geometric", "the geometric mean", "key of geometric")
MEAN = Factor("mean", (PLAIN, GEOMETRIC))
SCOPE = Factor("scope", (Option("all", "all of it"), Option("part", "a part"), Option("none", "none of it")))
ESTIMATES = {("plain", "all"): 9.0, ("geometric", "all"): 3.0, ("plain", "part"): 4.0, ("geometric", "part"): 2.0}


def claim(T: str | None = "(5, inf)") -> Claim:
    number = T is not None
    return Claim(
        id="X1",
        chapter="returns",
        kind="bound" if number else "existence",
        statement="Planted.",
        place=Place(1, 1),
        asserted=Asserted("over", "over 5", 5.0, unit="count") if number else Asserted("none", "some"),
        T=T,
        T_minor="(4.5, inf)" if number else None,
        why_T="Planted.",
        as_of=date(2026, 1, 22),
        expires=None,
        definition="Planted.",
        publication_bias=PublicationBias(0, date(2026, 1, 22), "none"),
        factors=(MEAN, SCOPE),
    )


def value(mean: str, scope: str) -> float | None:
    return ESTIMATES.get((mean, scope))


@pytest.fixture
def question() -> Question:
    return Question(claim(), pointwise(value))


def test_factors_labels_and_the_primary_come_from_the_claim(question):
    assert [(f.name, f.options, f.primary) for f in question.factors] == [
        ("mean", ("plain", "geometric"), "plain"),
        ("scope", ("all", "part", "none"), "all"),
    ]
    assert question.factors[0].label("geometric") == "the geometric mean"
    assert primary_of(question.claim) == {"mean": "plain", "scope": "all"}
    assert question.claim.alternatives == ("key of geometric",)


def test_each_option_alone(question):
    found = question.one_at_a_time()
    assert found[["factor", "option", "label"]].values.tolist() == [
        ["", "", "the definition"],
        ["mean", "geometric", "the geometric mean"],
        ["scope", "part", "a part"],
        ["scope", "none", "none of it"],
    ]
    assert found["estimate"].tolist()[:3] == [9.0, 3.0, 4.0]
    assert found["holds"].tolist() == ["yes", "no", "no", NOT_COUNTED]
    assert found[["mean", "scope"]].iloc[2].tolist() == ["plain", "part"]


def test_an_inadmissible_option_alone_is_not_counted(question):
    rule = Rule("no part", lambda grid: grid["scope"] == "part")
    row = Question(claim(), pointwise(value), (rule,)).one_at_a_time().loc[2]
    assert row[["holds", "reason"]].tolist() == [NOT_COUNTED, "no part"]
    assert "no part" in set(Question(claim(), pointwise(value), (rule,)).explore().table["reason"])


def test_the_nearest_definition_is_said_by_its_labels(question):
    lower = Question(claim(), pointwise(lambda mean, scope: 9.0 if (mean, scope) == ("geometric", "all") else 1.0))
    found = lower.answered(1.0, "it would have to be nine")
    assert found["nearest_true"] == (
        "mean: the geometric mean instead of the plain mean (gives 9); it would have to be nine"
    )
    assert Finding(level=1, basis="secondary", **found).support == lower.explore().support


def test_a_claim_that_holds_needs_nothing(question):
    assert question.answered(9.0, "more")["nearest_true"] == HOLDS


def test_only_what_cannot_be_computed_or_weighed_alike_is_not_weighed():
    """Of six combinations four, so that one of them would have to weigh nothing; and an error that is neither."""
    unbalanced = {("plain", "all"): 1.0, ("plain", "part"): 2.0, ("plain", "none"): 3.0, ("geometric", "all"): 4.0}
    assert Question(claim(), pointwise(lambda mean, scope: unbalanced.get((mean, scope)))).weighed() is None
    with pytest.raises(ValueError, match="the estimator must return 6 estimates"):
        Question(claim(), lambda grid: np.ones(1)).weighed()


def test_without_an_answer_there_is_no_support_and_still_what_is_needed():
    nothing = Question(claim(), lambda grid: np.full(len(grid), np.nan))
    assert nothing.weighed() is None
    assert nothing.answered(1.0, "more") == {"support": None, "curve": None, "nearest_true": "more"}


def test_options_can_be_left_out_but_not_the_primary(question):
    fewer = question.without_options(lambda factor, option: factor == "scope")
    assert [f.options for f in fewer.factors] == [("plain", "geometric"), ("all",)]
    assert fewer.explore().table["estimate"].tolist() == [9.0, 3.0]


def test_a_claim_without_a_number_counts_every_combination():
    asked = Question(claim(None), lambda mean, scope: scope != "none")
    assert asked.explore().support.balanced == pytest.approx(2 / 3)
    assert asked.one_at_a_time()["holds"].tolist() == ["yes", "yes", "yes", "no"]
    assert asked.settled() == {"support": asked.explore().support, "nearest_true": HOLDS}
    assert asked.settled("a proof", decided=False) == {"support": None, "nearest_true": "a proof"}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (5.1, "supports"),
        (5.0, "neutral"),
        (4.5, "contradicts"),
        (pd.Interval(6, np.inf, closed="neither"), "supports"),
        (pd.Interval(4, 6), "neutral"),
        (pd.Interval(1, 4.5), "contradicts"),
    ],
)
def test_bearing_of_a_figure_and_of_all_that_it_allows(found, expected):
    assert bearing(claim(), found) == expected


def test_what_options_mean_is_asked_of_a_map_and_what_it_lacks_is_named():
    known = {"mean": {"plain": np.mean, "geometric": np.exp}, "scope": {"all": 1.0}}
    assert meanings(claim(), primary_of(claim()), known) == {"mean": np.mean, "scope": 1.0}
    with pytest.raises(DataError, match=r"claim X1, factor scope: its function does not know 'part'; it knows all"):
        meanings(claim(), {"scope": "part"}, known)
    with pytest.raises(DataError, match="factor size: its function does not know 'any'"):
        meanings(claim(), {"size": "any"}, known)


def test_every_claim_of_the_report_with_alternatives_has_them_in_factors():
    for found in load_claims().values():
        assert len(found.alternatives) >= sum(len(f.options) - 1 for f in found.factors if f.of is None) - 1
        assert all(len(f.options) >= 2 for f in factors_of(found))


def test_inherited_factors_come_first_and_count_as_one_alternative():
    claims = load_claims()
    heir = next(found for found in claims.values() if found.inherits)
    of = claims[heir.inherits.claim]
    assert factors_of(heir)[: len(of.factors)] == factors_of(of)
    assert not set(of.alternatives) & set(heir.alternatives)
    assert heir.alternatives[-1] == heir.inherits.key


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("id: broad, label: broad,", "id: core, label: broad,", "the id 'core' stands twice"),
        ("id: broad, label: broad,", "id: broad, label: core,", "the label 'core' stands twice"),
        ('key: "universe: core and broad members"', 'key: "rebalancing: monthly"', "the key 'rebalancing: monthly'"),
        ("- name: weighting", "- name: universe", "the factor 'universe' stands twice"),
        ("inherits: {claim: R1,", "inherits: {claim: Z9,", "field inherits: no claim 'Z9'"),
        ("id: broad, label: broad,", "id: broad, title: broad,", "field factors.0.options.1.label"),
    ],
)
def test_faulty_factors_are_refused_with_their_place(before, after, said, data_copy):
    file = data_copy / "claims.yml"
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(DataError, match=r"claims\.yml, claim R") as caught:
        read_claims(data_copy)
    assert said in str(caught.value)


def test_combinations_are_of_the_named_factors_the_last_fastest():
    both = combinations_of(claim(), "scope", "mean")
    assert both[["scope", "mean"]].values.tolist() == [
        [scope, mean] for scope in ("all", "part", "none") for mean in ("plain", "geometric")
    ]
    one = combinations_of(claim(), "scope")
    assert one["scope"].tolist() == ["all", "part", "none"]
    assert set(one["mean"]) == {"plain"}
    assert both.iloc[0].to_dict() == one.iloc[0].to_dict() == primary_of(claim())


def test_rows_are_tallied_under_each_definition_by_themselves():
    def evidence(mean: str, scope: str) -> tuple[Evidence, ...]:
        said = {"all": ("supports", "supports", "neutral"), "part": ("contradicts",), "none": ("neutral",)}[scope]
        return tuple(Evidence(mean, bearing, "s") for bearing in said)

    found = tallied(claim(None), alternatives_of(claim(None)), evidence).set_index("label")
    assert found["verdict"].to_dict() == {
        "the definition": "supported",
        "the geometric mean": "supported",
        "a part": "contradicted",
        "none of it": "inconclusive",
    }
    assert found.loc["the definition", ["supports", "contradicts", "neutral"]].tolist() == [2, 0, 1]
    assert found["option"].tolist() == ["", "geometric", "part", "none"]
