"""D4: nine parts, and what turns them."""

from datetime import date

import pandas as pd
import pytest

from analysis.data_marketplaces import properties
from analysis.engine.claims import load_claims
from analysis.engine.claims.judge import judge
from analysis.engine.data.tables import load

TODAY = date(2026, 11, 25)
SEARCH = "grass-transparent-dashboard"


ABSENT = {"bearing": "contradicts"}


def on(first: str | None, last: str | None = None) -> dict:
    return {"date_from": pd.Timestamp(first), "date_to": pd.Timestamp(last or first)}


@pytest.fixture(scope="module")
def claim():
    return load_claims()["D4"]


@pytest.fixture
def shipped() -> pd.DataFrame:
    return load("marketplace_properties")


def primary(claim, table: pd.DataFrame) -> str:
    return judge(claim, properties.assess_d4(claim, marketplace_properties=table), today=TODAY).primary


@pytest.fixture
def absent(shipped) -> pd.DataFrame:
    """As if what finds nothing had shown an absence."""
    return shipped.assign(bearing=shipped["bearing"].where(shipped["property_id"] != SEARCH, "contradicts"))


def test_every_part_has_a_row_and_one_is_open(claim, shipped) -> None:
    rows = properties.evidence(claim, shipped)
    shown = properties.shown(claim, rows)
    assert {row.part for row in rows} == set(claim.parts)
    assert [part for part, word in shown.items() if word != "shown"] == ["Grass: transparent"]
    assert primary(claim, shipped) == "inconclusive"
    assert properties.assess_d4(claim, marketplace_properties=shipped).support is None


def test_an_absence_contradicts_it_and_one_of_four_definitions_holds(claim, absent) -> None:
    assert primary(claim, absent) == "contradicted"
    support = properties.assess_d4(claim, marketplace_properties=absent).support
    assert (support.balanced, support.low, support.high) == (0.25, 0.0, 0.5)


def test_the_definition_turns_it(claim, shipped) -> None:
    found = properties.question_d4(claim, shipped).explore().table.set_index(["payment", "properties"])
    holds = found["holds"].to_dict()
    assert holds == {
        ("from sales or emissions", "all three"): False,
        ("from sales or emissions", "two of the three"): True,
        ("from buyers alone", "all three"): False,
        ("from buyers alone", "two of the three"): False,
    }


def test_without_the_search_it_is_open_and_with_its_opposite_supported(claim, shipped) -> None:
    without = shipped[shipped["property_id"] != SEARCH]
    assert primary(claim, without) == "inconclusive"
    assert properties.assess_d4(claim, marketplace_properties=without).support is None
    opposite = shipped.copy()
    row = opposite["property_id"] == SEARCH
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
        (ABSENT | on("2026-01-01"), "contradicts"),
        (ABSENT | on("2026-07-21"), "contradicts"),
        (ABSENT | on("2026-07-22"), "neutral"),
        (ABSENT | on("2025-07-26"), "contradicts"),
        (ABSENT | on("2025-07-25"), "neutral"),
        (ABSENT | on("2020-01-01"), "neutral"),
        (ABSENT | on("2025-07-25", "2026-01-01"), "neutral"),
        (ABSENT | on(None), "neutral"),
    ],
)
def test_a_row_bears_by_its_date(claim, changes: dict, expected: str) -> None:
    row = {"property": "transparent", "bearing": "supports", "payer": "not a payment"}
    row |= on("2025-01-01")
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
