"""`judge` reaches every label by its rule; certainty loses a step for each declared reason."""

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.engine.claims import (
    Asserted,
    Claim,
    Estimate,
    Evidence,
    Finding,
    Place,
    Support,
    acceptance,
)
from analysis.engine.claims.claims import PublicationBias
from analysis.engine.claims.judge import Label, certainty, judge

TODAY = date(2026, 11, 22)
NO_BIAS = PublicationBias(downgrade=0, judged_on=TODAY, reason="none seen")


def claim(
    kind="bound", form="over", value=280.0, unit="%", *, low=None, high=None, due=None, bias=NO_BIAS, parts=()
) -> Claim:
    asserted = Asserted(form=form, words="so it says", value=value, low=low, high=high, unit=unit)
    regions = acceptance(asserted)
    brackets = {"both": "[]", "left": "[)", "right": "(]", "neither": "()"}
    text = [f"{brackets[i.closed][0]}{i.left}, {i.right}{brackets[i.closed][1]}" for i in regions or ()] or [None, None]
    return Claim(
        id="X1",
        chapter="returns",
        kind=kind,
        statement="A statement.",
        place=Place(1, 1),
        asserted=asserted,
        T=text[0],
        T_minor=text[1],
        why_T="the rule",
        as_of=date(2025, 12, 31),
        expires=None,
        definition="a definition",
        publication_bias=bias,
        due=due,
        parts=parts,
    )


def found(low, high, unit="%", **finding) -> Finding:
    estimate = Estimate((low + high) / 2, low, high, unit=unit, n=3, interval_of="sources", method="by hand")
    return Finding(**{"level": 3, "basis": "market", "estimate": estimate} | finding)


def rows(*bearings, vendor=False) -> tuple[Evidence, ...]:
    return tuple(Evidence(statement="seen", bearing=b, source_id="s", vendor=vendor) for b in bearings)


def parts(**bearings) -> Finding:
    """Evidence on a claim of several parts, a row each."""
    evidence = [Evidence(statement="seen", bearing=b, source_id="s", part=part) for part, b in bearings.items()]
    return Finding(level=2, basis="secondary", evidence=tuple(evidence))


def seen(*bearings, **finding) -> Finding:
    return Finding(**{"level": 2, "basis": "secondary", "evidence": rows(*bearings)} | finding)


OVER = claim()
UNDER = claim(form="under", value=1.0, unit="share of bound")
ABOUT = claim("magnitude", "about", 600.0, "s")
RANGE = claim("magnitude", "range", None, "%", low=50.0, high=80.0)
LOSS = claim("magnitude", "about", -50.0, "%")
EXISTS = claim("existence", "none", None, None)
BOTH = claim("existence", "none", None, None, parts=("one", "two"))
BY_FAR = claim("ordering", "over", 50.0, "percentage points")
FORECAST = claim("forecast", "at_least", 500e9, "USD", due=date(2028, 12, 31))

CASES = [
    (OVER, found(281, 400), "reproduced"),
    (OVER, found(260, 400), "reproduced-minor"),
    (OVER, found(280, 400), "reproduced-minor"),  # the bound itself is not over it
    (OVER, found(100, 400), "inconclusive"),
    (OVER, found(5, 40), "differs-smaller"),
    (OVER, found(-5, 40), "differs-smaller"),
    (OVER, found(-5, 0), "differs-smaller"),  # nothing is not the opposite
    (OVER, found(200, 252), "differs-smaller"),  # T_minor is open there
    (OVER, found(-90, -70), "differs-opposite"),
    (UNDER, found(0.1, 0.9, "share of bound"), "reproduced"),
    (UNDER, found(0.9, 1.05, "share of bound"), "reproduced-minor"),
    (UNDER, found(2, 3, "share of bound"), "differs-larger"),
    (ABOUT, found(450, 750, "s"), "reproduced"),
    (ABOUT, found(300, 750, "s"), "reproduced-minor"),
    (ABOUT, found(200, 310, "s"), "inconclusive"),
    (ABOUT, found(10, 60, "s"), "differs-smaller"),
    (ABOUT, found(2000, 4000, "s"), "differs-larger"),
    (RANGE, found(50, 80), "reproduced"),
    (RANGE, found(43, 80), "reproduced-minor"),
    (RANGE, found(10, 42), "differs-smaller"),
    (RANGE, found(-20, -10), "differs-opposite"),
    (LOSS, found(10, 20), "differs-opposite"),
    (EXISTS, seen("supports", "neutral"), "supported"),
    (EXISTS, seen("contradicts"), "contradicted"),
    (EXISTS, seen("supports", "contradicts"), "inconclusive"),
    (EXISTS, seen("neutral"), "inconclusive"),
    (EXISTS, seen(), "not-reproducible"),
    (BOTH, parts(one="supports", two="supports"), "supported"),
    (BOTH, parts(one="supports"), "inconclusive"),
    (BOTH, parts(one="supports", two="neutral"), "inconclusive"),
    (BOTH, parts(one="supports", two="contradicts"), "contradicted"),
    (BY_FAR, found(40, 46, "percentage points", evidence=rows("supports")), "inconclusive"),
    (BY_FAR, found(51, 90, "percentage points"), "supported"),
    (BY_FAR, found(46, 90, "percentage points"), "inconclusive"),
    (BY_FAR, found(-90, 20, "percentage points"), "contradicted"),
    (BY_FAR, found(51, 90, "percentage points", evidence=rows("contradicts")), "inconclusive"),
    (FORECAST, None, "pending"),
    (FORECAST, found(6e11, 7e11, "USD"), "pending"),
    (OVER, None, "unassessed"),
    (OVER, Finding(level=1, basis="secondary"), "not-reproducible"),
    (OVER, Finding(level=1, basis="secondary", missing="not public"), "not-reproducible"),
    (RANGE, found(50, 80, support=Support(0.5, 0.3, 0.7, "price model")), "definition-ambiguous"),
    (RANGE, found(50, 80, support=Support(0.9, 0.8, 1.0)), "reproduced"),
    (RANGE, found(50, 80, support=Support(0.8, 0.8, 1.0)), "definition-ambiguous"),
    (RANGE, found(50, 80, support=Support(0.2, 0.0, 0.4)), "definition-ambiguous"),
]


@pytest.mark.parametrize(("asserted", "finding", "label"), CASES)
def test_label_follows_the_rule(asserted, finding, label):
    assert judge(asserted, finding, today=TODAY).label == label


def test_every_label_is_reached():
    assert {label for *_, label in CASES} == set(get_args(Label))


def test_a_due_forecast_is_judged_as_a_bound():
    assert judge(FORECAST, found(6e11, 7e11, "USD"), today=date(2029, 1, 1)).label == "reproduced"
    assert judge(FORECAST, found(6e11, 7e11, "USD"), today=FORECAST.due).label == "reproduced"
    assert judge(FORECAST, None, today=date(2029, 1, 1)).label == "unassessed"


def test_an_ambiguous_verdict_keeps_the_primary_one_beside_it():
    verdict = judge(RANGE, found(1, 2, support=Support(0.5, 0.3, 0.7, "price model")), today=TODAY)
    assert (verdict.primary, verdict.reason) == ("differs-smaller", "price model")


def test_an_unknown_part_is_refused():
    with pytest.raises(ValueError, match="X1: evidence on part 'three'; the parts are one, two"):
        judge(BOTH, parts(three="supports"), today=TODAY)


def test_another_unit_is_refused():
    with pytest.raises(ValueError, match="X1: estimate in 's', claim in '%'"):
        judge(OVER, found(1, 2, "s"), today=TODAY)


@pytest.mark.parametrize("ends", [(2.0, 1.0), (float("nan"), 1.0), (1.0, float("inf"))])
def test_an_estimate_is_finite_and_ordered(ends):
    with pytest.raises(ValueError, match="finite low <= value <= high"):
        found(*ends)


@given(st.floats(-1e6, 1e6, allow_subnormal=False), st.floats(0, 1e6), st.floats(1e-3, 1e3))
def test_a_verdict_does_not_depend_on_the_unit_of_account(low, width, factor):
    """Scaling claim and estimate alike changes nothing, but for rounding at an edge of a region and at zero."""
    edges = [i for region in OVER.regions for i in (region.left, region.right)]
    if any(abs(end - edge) < 1e-6 for end in (low, low + width) for edge in edges):
        return
    scaled = claim(value=280.0 * factor)
    original = judge(OVER, found(low, low + width), today=TODAY).label
    assert judge(scaled, found(low * factor, (low + width) * factor), today=TODAY).label == original


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_wider_interval_never_turns_a_disagreement_into_another_one(low, width, more):
    narrow = judge(ABOUT, found(low, low + width, "s"), today=TODAY).label
    wide = judge(ABOUT, found(low - more, low + width + more, "s"), today=TODAY).label
    assert wide in {narrow, "inconclusive", "reproduced-minor", "differs-smaller"} or narrow == "differs-opposite"


STEPS = [
    (OVER, found(281, 400), "high", 0),
    (OVER, found(200, 400), "moderate", 1),  # imprecision
    (OVER, found(281, 400, observed_on=date(2025, 7, 1)), "moderate", 1),  # 183 days away
    (OVER, found(281, 400, observed_on=date(2025, 7, 4)), "high", 0),  # 180 days away
    (OVER, found(281, 400, proxy=True), "moderate", 1),
    (OVER, found(281, 400, source_values=(270.0, 300.0)), "moderate", 1),
    (RANGE, found(55, 75, source_values=(10.0, 95.0)), "moderate", 1),
    (OVER, found(281, 400, reliability={"promotional": 3.0, "primary": 2.0}), "moderate", 1),
    (OVER, found(281, 400, reliability={"promotional": 1.0, "tertiary": 1.0, "primary": 1.0}), "moderate", 1),
    (OVER, found(281, 400, reliability={"promotional": 1.0, "secondary": 1.0}), "high", 0),  # half is not more
    (OVER, found(281, 400, reliability={"primary": 0.0}), "high", 0),
    (OVER, found(281, 400, evidence=rows("neutral", vendor=True)), "moderate", 1),
    (OVER, found(281, 400, evidence=rows("neutral", vendor=True) + rows("neutral")), "high", 0),
    (claim(bias=PublicationBias(downgrade=1, judged_on=TODAY, reason="winners only")), found(281, 400), "moderate", 1),
    (OVER, found(200, 400, proxy=True, source_values=(1.0, 300.0)), "very low", 3),
    (OVER, found(200, 400, basis="secondary", proxy=True, source_values=(1.0, 300.0)), "very low", 3),
    (EXISTS, seen("supports"), "low", 0),
    (OVER, found(281, 400, basis="measurement"), "high", 0),
]


@pytest.mark.parametrize(("asserted", "finding", "grade", "downgrades"), STEPS)
def test_certainty_loses_a_step_for_each_reason(asserted, finding, grade, downgrades):
    result = certainty(asserted, finding)
    assert (result.grade, len(result.reasons)) == (grade, downgrades)


def test_the_reason_names_the_weak_sources_and_their_part():
    finding = found(281, 400, reliability={"promotional": 1.0, "tertiary": 2.0, "primary": 1.0, "estimate": 0.0})
    assert certainty(OVER, finding).reasons == (
        "reliability: 75\N{NO-BREAK SPACE}% of what decides is tertiary or promotional",
    )
