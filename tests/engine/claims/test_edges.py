"""At every edge of a region, of a part and of a day there is one verdict, and it is the declared one."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from analysis.engine.claims import Asserted, Claim, Estimate, Evidence, Finding, Place, Support, acceptance
from analysis.engine.claims.claims import PublicationBias
from analysis.engine.claims.judge import certainty, judge

AS_OF = date(2025, 12, 31)
#: Regions of what is asserted, written out: (over 280) T over 280, T_minor over 252; (about 600) 450–750, 300–900.
BASE = {
    "id": "X1",
    "chapter": "one",
    "statement": "A statement.",
    "place": Place(1, 1),
    "why_T": "the rule",
    "as_of": AS_OF,
    "expires": None,
    "definition": "a definition",
    "publication_bias": PublicationBias(downgrade=0, judged_on=AS_OF, reason="none seen"),
}
OVER = Claim(**BASE, kind="bound", asserted=Asserted("over", "over 280 %", 280.0, unit="%"), T="(280, inf)",
             T_minor="(252, inf)")  # fmt: skip
ABOUT = Claim(**BASE, kind="magnitude", asserted=Asserted("about", "ten minutes", 600.0, unit="s"), T="[450, 750]",
              T_minor="[300, 900]")  # fmt: skip
BELOW = Claim(**BASE, kind="bound", asserted=Asserted("under", "under −50 %", -50.0, unit="%"), T="(-inf, -50)",
              T_minor="(-inf, -45)")  # fmt: skip
LITTLE = Claim(**BASE, kind="bound", asserted=Asserted("under", "under −0.5 %", -0.5, unit="%"), T="(-inf, -0.5)",
               T_minor="(-inf, -0.45)")  # fmt: skip
LOSS = replace(
    LITTLE, asserted=Asserted("over", "over −0.5 %", -0.5, unit="%"), T="(-0.5, inf)", T_minor="(-0.55, inf)"
)
BY_FAR = replace(OVER, kind="ordering")
EXISTS = Claim(**BASE, kind="existence", asserted=Asserted("none", "there is"), T=None, T_minor=None)
PARTS = replace(EXISTS, parts=("one", "two"))


def estimated(low: float, high: float, unit: str = "%", **more) -> Finding:
    estimate = Estimate((low + high) / 2, low, high, unit=unit, n=1, interval_of="i", method="m")
    return Finding(**{"level": 3, "basis": "market", "estimate": estimate} | more)


def seen(*bearings: str, vendors: int = 0, parts: tuple[str | None, ...] = ()) -> tuple[Evidence, ...]:
    parts = parts or (None,) * len(bearings)
    return tuple(
        Evidence("seen", bearing, "s", vendor=i < vendors, part=part)
        for i, (bearing, part) in enumerate(zip(bearings, parts, strict=True))
    )


@pytest.mark.parametrize(
    ("claim", "low", "high", "label"),
    [
        (OVER, 100, 260, "inconclusive"),  # reaches T_minor, not T
        (OVER, 100, 252, "differs-smaller"),  # touches an open edge
        (OVER, 253, 300, "reproduced-minor"),
        (OVER, -10, -1, "differs-opposite"),
        (OVER, -10, 0, "differs-smaller"),
        (ABOUT, 100, 310, "inconclusive"),
        (ABOUT, 100, 300, "inconclusive"),  # touches a closed edge
        (ABOUT, 890, 2000, "inconclusive"),
        (ABOUT, 900, 2000, "inconclusive"),
        (ABOUT, 901, 2000, "differs-larger"),
        (ABOUT, 100, 299, "differs-smaller"),
        (BELOW, 1, 10, "differs-opposite"),
        (BELOW, 0, 10, "differs-larger"),
        (BELOW, -45, -40, "differs-larger"),
        (BELOW, -46, -40, "inconclusive"),
        (BELOW, -49, -46, "reproduced-minor"),
        (LOSS, -5, -2, "differs-smaller"),  # on the same side of zero, if barely
        (LOSS, -2, -0.56, "differs-smaller"),
        (LITTLE, 0.1, 0.2, "differs-opposite"),
        (LITTLE, -0.2, 0.2, "differs-larger"),
    ],
)
def test_an_interval_is_judged_by_both_regions(claim, low, high, label):
    unit = claim.asserted.unit
    assert judge(claim, estimated(low, high, unit), today=AS_OF).label == label


@pytest.mark.parametrize(
    ("low", "high", "evidence", "label"),
    [
        (40, 260, (), "inconclusive"),  # reaches T_minor alone: both for and against
        (40, 252, (), "contradicted"),
        (281, 290, (), "supported"),
        (270, 290, (), "inconclusive"),
        (40, 50, ("neutral",), "contradicted"),
        (281, 290, ("contradicts",), "inconclusive"),
        (281, 290, ("neutral",), "supported"),
    ],
)
def test_a_number_votes_by_both_regions_beside_the_rows(low, high, evidence, label):
    finding = estimated(low, high, evidence=seen(*evidence))
    assert judge(BY_FAR, finding, today=AS_OF).label == label


def test_a_number_does_not_vote_where_nothing_numeric_is_asserted():
    finding = Finding(level=1, basis="secondary", evidence=seen("supports", parts=("one",)))
    assert judge(replace(EXISTS, parts=("one",)), finding, today=AS_OF).label == "supported"
    number = replace(finding, estimate=Estimate(1.0, 1.0, 1.0, unit="s", n=1, interval_of="i", method="m"))
    assert judge(replace(EXISTS, asserted=Asserted("none", "w", unit="s")), replace(number, evidence=()),
                 today=AS_OF).label == "not-reproducible"  # fmt: skip


@pytest.mark.parametrize(
    ("bearings", "label"),
    [
        (("supports", "supports"), "supported"),
        (("supports", "contradicts"), "contradicted"),
        (("contradicts", "neutral"), "contradicted"),
        (("neutral", "neutral"), "inconclusive"),
        (("supports", "neutral"), "inconclusive"),
    ],
)
def test_parts_are_judged_one_by_one(bearings, label):
    finding = Finding(level=1, basis="secondary", evidence=seen(*bearings, parts=PARTS.parts))
    assert judge(PARTS, finding, today=AS_OF).label == label


def test_a_part_both_for_and_against_which_is_said_leaves_the_claim_open():
    evidence = seen("supports", "supports", "contradicts", parts=("one", "two", "two"))
    assert judge(PARTS, Finding(1, "secondary", evidence=evidence), today=AS_OF).label == "inconclusive"


@pytest.mark.parametrize(("days", "label"), [(-1, "pending"), (0, "reproduced"), (1, "reproduced")])
def test_a_forecast_is_judged_from_its_day_on(days, label):
    forecast = replace(OVER, kind="forecast", due=date(2028, 12, 31))
    verdict = judge(forecast, estimated(300, 400), today=forecast.due + timedelta(days=days))
    assert verdict.label == verdict.primary == label
    assert verdict.reason == ("due 2028-12-31" if label == "pending" else None)


@pytest.mark.parametrize(
    ("balanced", "label"),
    [(0.199999, "reproduced"), (0.2, "definition-ambiguous"), (0.5, "definition-ambiguous"),
     (0.8, "definition-ambiguous"), (0.800001, "reproduced")],
)  # fmt: skip
def test_support_makes_a_verdict_ambiguous_from_a_fifth_to_four_fifths(balanced, label):
    verdict = judge(OVER, estimated(300, 400, support=Support(balanced, 0.0, 1.0, "what")), today=AS_OF)
    assert (verdict.label, verdict.primary) == (label, "reproduced")
    assert verdict.reason == ("what" if label == "definition-ambiguous" else None)


def test_what_cannot_be_reproduced_says_why_whatever_its_support():
    without = Finding(1, "secondary", support=Support(0.5, 0.0, 1.0))
    assert judge(OVER, without, today=AS_OF).reason == judge(EXISTS, without, today=AS_OF).reason == "missing"
    verdict = judge(OVER, Finding(1, "secondary", missing="conflicting"), today=AS_OF)
    assert (verdict.label, verdict.primary, verdict.reason) == ("not-reproducible", "not-reproducible", "conflicting")
    assert judge(OVER, None, today=AS_OF).primary == "unassessed"


# --- certainty -------------------------------------------------------------------------------------------------------


def grade(claim: Claim, finding: Finding) -> tuple[str, str, list[str]]:
    found = certainty(claim, finding)
    return found.start, found.grade, [reason.partition(":")[0] for reason in found.reasons]


@pytest.mark.parametrize("away", [-181, -180, 180, 181])
def test_more_than_half_a_year_on_either_side_is_indirect(away):
    finding = estimated(300, 400, observed_on=AS_OF + timedelta(days=away))
    assert grade(OVER, finding)[2] == (["indirectness"] if abs(away) > 180 else [])


def test_a_proxy_is_indirect_once_however_far_away():
    finding = estimated(300, 400, proxy=True, observed_on=AS_OF + timedelta(days=999))
    assert certainty(OVER, finding).reasons == ("indirectness: a proxy was observed",)
    far = estimated(300, 400, observed_on=AS_OF - timedelta(days=200))
    assert certainty(OVER, far).reasons == ("indirectness: observed 200 days from the claim's date",)


@pytest.mark.parametrize(
    ("claim", "low", "high", "imprecise"),
    [
        (OVER, 100, 260, False),  # crosses T_minor's edge, not T's
        (OVER, 260, 281, True),
        (OVER, 281, 400, False),
        (OVER, 100, 280, False),  # touches the open edge
        (ABOUT, 400, 450, True),  # touches the closed one
        (ABOUT, 400, 800, True),
        (ABOUT, 760, 800, False),
    ],
)
def test_only_an_interval_across_an_edge_of_t_is_imprecise(claim, low, high, imprecise):
    assert grade(claim, estimated(low, high, claim.asserted.unit))[2] == (["imprecision"] if imprecise else [])


@pytest.mark.parametrize(
    ("claim", "values", "apart"),
    [
        (OVER, (280.0, 281.0), True),  # the bound itself is outside
        (OVER, (1.0, 280.0), False),
        (OVER, (281.0, 999.0), False),
        (ABOUT, (449.0, 751.0), True),  # below and above
        (ABOUT, (450.0, 750.0), False),
        (ABOUT, (751.0, 900.0), False),
        (ABOUT, (750.0, 751.0), True),
        (BELOW, (-50.0, -51.0), True),
        (EXISTS, (1.0, 2.0), False),
    ],
)
def test_sources_on_both_sides_of_an_edge_of_t_are_inconsistent(claim, values, apart):
    finding = Finding(3, "market", source_values=values)
    assert grade(claim, finding)[2] == (["inconsistency"] if apart else [])


@pytest.mark.parametrize(
    ("weights", "weak"),
    [
        ({"tertiary": 1.0}, "100\N{NO-BREAK SPACE}% of what decides is tertiary"),
        ({"estimate": 3.0, "primary": 1.0}, "75\N{NO-BREAK SPACE}% of what decides is estimate"),
        ({"promotional": 1.0, "primary": 1.0}, None),
        ({"secondary": 9.0, "self-reported": 9.0}, None),
        ({}, None),
    ],
)
def test_more_than_half_from_weak_sources_is_unreliable(weights, weak):
    expected = () if weak is None else (f"reliability: {weak}",)
    assert certainty(OVER, Finding(3, "market", reliability=weights)).reasons == expected


@pytest.mark.parametrize(("rows", "vendors", "biased"), [(2, 1, False), (3, 2, True), (1, 1, True), (0, 0, False)])
def test_more_than_half_from_vendors_is_a_bias(rows, vendors, biased):
    evidence = seen(*["neutral"] * rows, vendors=vendors)
    expected = (f"bias: {vendors} of {rows} evidence rows come from vendors",) if biased else ()
    assert certainty(OVER, Finding(3, "market", evidence=evidence)).reasons == expected


def test_each_reason_costs_a_step_down_to_the_lowest_and_no_further():
    reasons = [
        {"proxy": True},
        {"source_values": (1.0, 300.0)},
        {"reliability": {"tertiary": 1.0}},
        {"evidence": seen("neutral", vendors=1)},
    ]
    grades = ["high", "moderate", "low", "very low", "very low"]
    for count, expected in enumerate(grades):
        more = {key: value for reason in reasons[:count] for key, value in reason.items()}
        assert grade(OVER, Finding(3, "market", **more))[:2] == ("high", expected)
    bias = PublicationBias(downgrade=1, judged_on=date(2026, 1, 2), reason="winners")
    found = certainty(replace(OVER, publication_bias=bias), estimated(260, 281))
    assert found.reasons == (
        "imprecision: the interval crosses an edge of T",
        "publication bias: winners (judged 2026-01-02)",
    )


@pytest.mark.parametrize(("basis", "start"), [("measurement", "high"), ("market", "high"), ("secondary", "low")])
def test_certainty_starts_by_what_the_evidence_is(basis, start):
    assert grade(OVER, Finding(2, basis)) == (start, start, [])


# --- regions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asserted", "inner", "outer"),
    [
        (Asserted("over", "w", 280, unit="%"), (280, float("inf"), "neither"), (252, float("inf"), "neither")),
        (Asserted("at_least", "w", 100, unit="%"), (100, float("inf"), "left"), (90, float("inf"), "left")),
        (Asserted("under", "w", 100, unit="%"), (float("-inf"), 100, "neither"), (float("-inf"), 110, "neither")),
        (Asserted("under", "w", -50, unit="%"), (float("-inf"), -50, "neither"), (float("-inf"), -45, "neither")),
        (Asserted("over", "w", -50, unit="%"), (-50, float("inf"), "neither"), (-55, float("inf"), "neither")),
        (Asserted("about", "w", -100, unit="%"), (-125, -75, "both"), (-150, -50, "both")),
        (Asserted("range", "w", low=50, high=80, unit="%"), (50, 80, "both"), (42.5, 87.5, "both")),
    ],
)
def test_regions_follow_from_the_words(asserted, inner, outer):
    assert acceptance(asserted) == (pd.Interval(*inner), pd.Interval(*outer))


@pytest.mark.parametrize(
    ("asserted", "missing"),
    [
        (Asserted("over", "w", unit="%"), "form 'over' needs a value"),
        (Asserted("range", "w", low=1.0, unit="%"), "form 'range' needs low and high"),
        (Asserted("range", "w", high=1.0, unit="%"), "form 'range' needs low and high"),
        (Asserted("about", "w", 1.0), "form 'about' needs a unit"),
        (Asserted("range", "w", low=1.0, high=2.0), "form 'range' needs a unit"),
    ],
)
def test_an_assertion_without_its_figures_is_refused(asserted, missing):
    with pytest.raises(ValueError, match=missing):
        acceptance(asserted)
