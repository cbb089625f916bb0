"""D3: what supports it, what contradicts it, and what is neutral."""

from datetime import date

import pandas as pd
import pytest

from analysis.data_marketplaces import payments
from analysis.engine.claims import load_claims
from analysis.engine.claims.judge import judge
from analysis.engine.data.tables import load

TODAY = date(2026, 11, 25)
PAYMENT = {
    "rule_id": "test",
    "project": "Vana",
    "statement": "a buyer paid, and contributors received",
    "payer": "buyers",
    "receiver": "contributors",
    "to_contributors": True,
    "status": "payment",
    "unit": "files",
    "proportion": "in proportion",
    "contributors_paid": 2.0,
    "date_from": pd.Timestamp("2025-06-01"),
    "date_to": pd.Timestamp("2025-06-01"),
    "date_precision": "day",
    "by": "others",
    "source_id": "data_vana_rewards",
}


OTHERWISE = {
    "proportion": "by something else",
    "contributors_paid": 0.0,
    "status": "adopted",
    "date_from": pd.Timestamp("2025-01-01"),
    "date_to": pd.Timestamp("2026-11-22"),
}


@pytest.fixture(scope="module")
def claim():
    return load_claims()["D3"]


def label(claim, table: pd.DataFrame) -> str:
    return judge(claim, payments.assess_d3(claim, payment_rules=table), today=TODAY).label


def bearing(claim, changes: dict, **how: bool) -> str:
    return payments.bearing(pd.Series(PAYMENT | changes), claim.as_of, **how)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "supports"),
        ({"payer": "both"}, "supports"),
        ({"contributors_paid": float("nan")}, "supports"),
        ({"contributors_paid": 1.0}, "neutral"),
        ({"contributors_paid": 0.0}, "neutral"),
        ({"proportion": "rising"}, "neutral"),
        ({"proportion": "not stated"}, "neutral"),
        ({"proportion": "by something else"}, "contradicts"),
        ({"proportion": "by something else", "contributors_paid": 0.0}, "contradicts"),
        ({"payer": "emissions"}, "contradicts"),
        ({"payer": "emissions", "contributors_paid": 0.0}, "neutral"),
        ({"payer": "not stated"}, "neutral"),
        ({"date_to": pd.Timestamp("2026-01-23")}, "neutral"),
        ({"to_contributors": False}, "neutral"),
        (OTHERWISE, "contradicts"),
        (OTHERWISE | {"to_contributors": False}, "contradicts"),
        (OTHERWISE | {"to_contributors": False, "payer": "emissions"}, "neutral"),
        (OTHERWISE | {"status": "draft"}, "neutral"),
        (OTHERWISE | {"date_from": pd.Timestamp("2026-02-01"), "date_to": pd.Timestamp("2026-11-01")}, "neutral"),
        (OTHERWISE | {"date_from": pd.Timestamp("2025-01-01"), "date_to": pd.Timestamp("2026-01-21")}, "neutral"),
        ({"date_to": pd.NaT, "date_from": pd.NaT}, "neutral"),
    ],
)
def test_a_row_bears_by_the_definition(claim, changes: dict, expected: str) -> None:
    assert bearing(claim, changes) == expected


def test_the_alternatives_let_more_count(claim) -> None:
    assert bearing(claim, {"payer": "emissions"}, emissions_count=True) == "supports"
    assert bearing(claim, {"proportion": "rising"}, rising_suffices=True) == "supports"
    assert bearing(claim, {"payer": "emissions", "proportion": "rising"}, emissions_count=True) == "neutral"


def test_the_shipped_rules_contradict_it(claim) -> None:
    found = payments.assess_d3(claim, payment_rules=load("payment_rules"))
    assert label(claim, load("payment_rules")) == "contradicted"
    assert found.support.balanced == 0
    assert found.level == 1
    assert [row.source_id for row in found.evidence if row.bearing == "contradicts"] == ["data_vana_rdat"]
    assert any("(draft, 20" in row.statement for row in found.evidence)
    assert {row.source_id for row in found.evidence} <= set(load("sources")["source_id"])


def test_a_payment_from_a_buyer_turns_it(claim) -> None:
    shipped = load("payment_rules")
    more = pd.concat([shipped, pd.DataFrame([PAYMENT])])
    assert label(claim, more) == "inconclusive"
    assert payments.assess_d3(claim, payment_rules=more).support is None
    alone = pd.concat(
        [shipped[shipped["proportion"] == "not stated"].query("payer == 'buyers'"), pd.DataFrame([PAYMENT])]
    )
    assert label(claim, alone) == "supported"
    assert payments.assess_d3(claim, payment_rules=alone).nearest_true == "it holds as it is"


def test_without_a_row_of_vana_nothing_is_reproducible(claim) -> None:
    shipped = load("payment_rules")
    assert label(claim, shipped[shipped["project"] != "Vana"]) == "not-reproducible"


def test_a_rule_alone_settles_nothing(claim) -> None:
    assert label(claim, pd.DataFrame([PAYMENT | {"contributors_paid": 0.0}])) == "inconclusive"


def test_what_would_make_it_true_names_only_what_lacks(claim) -> None:
    lacking = payments.assess_d3(claim, payment_rules=pd.DataFrame([PAYMENT | {"contributors_paid": 0.0}])).nearest_true
    assert lacking.startswith("a payment by")
    assert "no documented rule" not in lacking
