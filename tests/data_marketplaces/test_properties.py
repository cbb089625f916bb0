"""D4: nine parts, and what turns them."""

from datetime import date

import pandas as pd
import pytest

from analysis.claims import load_claims
from analysis.data import load
from analysis.data_marketplaces import properties
from analysis.verdicts import judge

TODAY = date(2026, 11, 25)
ABSENT = "grass-transparent-dashboard"


@pytest.fixture(scope="module")
def claim():
    return load_claims()["D4"]


@pytest.fixture
def shipped() -> pd.DataFrame:
    return load("marketplace_properties")


def primary(claim, table: pd.DataFrame) -> str:
    return judge(claim, properties.assess_d4(claim, marketplace_properties=table), today=TODAY).primary


def test_every_part_has_a_row_and_one_is_absent(claim, shipped) -> None:
    rows = properties.evidence(claim, shipped)
    shown = properties.shown(claim, rows)
    assert {row.part for row in rows} == set(claim.parts)
    assert [part for part, word in shown.items() if word == "absent"] == ["Grass: transparent"]
    assert primary(claim, shipped) == "contradicted"


def test_the_definition_turns_it(claim, shipped) -> None:
    found = properties.explore_d4(claim, marketplace_properties=shipped).table.set_index(["payment", "properties"])
    holds = found["holds"].to_dict()
    assert holds == {
        ("from sales or emissions", "all three"): False,
        ("from sales or emissions", "two of the three"): True,
        ("from buyers alone", "all three"): False,
        ("from buyers alone", "two of the three"): False,
    }


def test_without_the_absence_it_is_open_and_with_its_opposite_supported(claim, shipped) -> None:
    without = shipped[shipped["property_id"] != ABSENT]
    assert primary(claim, without) == "inconclusive"
    assert properties.assess_d4(claim, marketplace_properties=without).support is None
    opposite = shipped.copy()
    row = opposite["property_id"] == ABSENT
    day = pd.Timestamp("2026-01-01")
    opposite.loc[row, ["bearing", "date_from", "date_to"]] = ["supports", day, day]
    assert primary(claim, opposite) == "supported"


def test_a_project_without_rows_is_not_reproducible(claim, shipped) -> None:
    for project in ("Ocean Protocol", "Grass", "Vana"):
        some = shipped[shipped["project"] != project]
        found = properties.assess_d4(claim, marketplace_properties=some)
        assert judge(claim, found, today=TODAY).label == "not-reproducible"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "supports"),
        ({"date_to": pd.Timestamp("2026-01-22")}, "supports"),
        ({"date_to": pd.Timestamp("2026-01-23")}, "neutral"),
        ({"date_to": pd.NaT}, "neutral"),
        ({"bearing": "neutral"}, "neutral"),
        ({"bearing": "contradicts"}, "contradicts"),
        ({"bearing": "contradicts", "date_to": pd.Timestamp("2026-07-21")}, "contradicts"),
        ({"bearing": "contradicts", "date_to": pd.Timestamp("2026-07-22")}, "neutral"),
        ({"bearing": "contradicts", "date_to": pd.NaT}, "neutral"),
    ],
)
def test_a_row_bears_by_its_date(claim, changes: dict, expected: str) -> None:
    row = {"property": "transparent", "bearing": "supports", "payer": "not a payment"}
    row |= {"date_to": pd.Timestamp("2025-01-01")}
    assert properties.bearing(pd.Series(row | changes), claim.as_of) == expected


@pytest.mark.parametrize(
    ("payer", "expected"),
    [("buyers", "supports"), ("both", "supports"), ("emissions", "neutral"), ("not stated", "neutral")],
)
def test_buyers_alone_leave_emissions_out(claim, payer: str, expected: str) -> None:
    row = {"property": "paid", "bearing": "supports", "payer": payer, "date_to": pd.Timestamp("2025-01-01")}
    assert properties.bearing(pd.Series(row), claim.as_of) == "supports"
    assert properties.bearing(pd.Series(row), claim.as_of, buyers_alone=True) == expected


def test_the_matrix_says_where_payments_come_from(claim, shipped) -> None:
    matrix = properties.by_project(claim, properties.evidence(claim, shipped), shipped).set_index("project")
    assert matrix["paid_from"].to_dict() == {
        "Ocean Protocol": "both, emissions",
        "Grass": "emissions",
        "Vana": "emissions",
    }
    none = shipped[shipped["property"] != "paid"]
    assert set(properties.by_project(claim, properties.evidence(claim, none), none)["paid_from"]) == {"none found"}


def test_order_of_rows_changes_nothing(claim, shipped) -> None:
    mixed = shipped.sample(frac=1, random_state=7)
    assert properties.evidence(claim, mixed) == properties.evidence(claim, shipped)
