"""What columns bring along to the table that they stand in."""

import pandas as pd
import pytest

from analysis.engine.data import columns as c
from analysis.engine.data.described import read_descriptions
from analysis.engine.data.sealed import DataError
from analysis.engine.data.tables import constrained


def table() -> c.Table:
    made = c.Table(
        name="visits",
        columns={
            "visit_id": c.text("identifier"),
            "town": c.text("where", refers=("towns", "town")),
            **c.span("stay", "of the stay"),
            **c.ends("cost", "cost", "USD", c.POSITIVE, blank=True),
            "metric": c.choice("what was counted", ("guests", "share")),
            **c.figure({"guests": "people", "share": "share"}, c.within(("share",), 0, 1)),
            **c.dated("that the date allows", calendar=True),
            **c.REMARKED,
        },
    )

    @made.rule("a cost where there are guests")
    def _paid(frame: pd.DataFrame) -> pd.Series:
        return (frame["metric"] != "guests") | frame["cost_low"].notna()

    return made


DAY = pd.Timestamp("2025-01-01")
ROW = {
    "visit_id": "a",
    "town": "Rome",
    "stay_from": DAY,
    "stay_to": DAY,
    "cost_low": 1.0,
    "cost_high": 2.0,
    "metric": "guests",
    "value": 3.0,
    "low": None,
    "high": None,
    "unit": "people",
    "date_from": DAY,
    "date_to": pd.Timestamp("2025-01-31"),
    "date_precision": "month",
    "remark": "",
    "source_id": "s",
}
WRONG = {
    "identifier left blank": ({"visit_id": ""}, "column visit_id: '' is not a text that is not empty"),
    "last before first": ({"stay_to": pd.Timestamp("2024-01-01")}, "not stay_from on or before stay_to"),
    "high below low": ({"cost_high": 0.5}, "not cost_low on or before cost_high"),
    "value above high": ({"low": 1.0, "high": 2.0}, "not value on or before high"),
    "low above high": ({"value": None, "low": 5.0, "high": 4.0}, "not low on or before high"),
    "nothing said": ({"value": None}, "not a value, or both ends of a range"),
    "unit of another metric": ({"unit": "share"}, "not the unit of its metric"),
    "out of bounds": ({"metric": "share", "unit": "share"}, "not 0 to 1 for share"),
    "half a month": ({"date_to": pd.Timestamp("2025-01-30")}, "not a month, a quarter or a year from its first day"),
    "a span on one day": ({"date_precision": "day"}, "not dates blank exactly where undated, and one day exactly"),
    "rule of the table": ({"cost_low": None}, "not a cost where there are guests"),
}


def frame(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame([ROW | row for row in rows]).astype({"low": "float64", "high": "float64", "value": "float64"})


def test_a_right_row_passes() -> None:
    assert constrained("visits.csv", table(), frame({})) is None


@pytest.mark.parametrize(("changes", "message"), WRONG.values(), ids=WRONG.keys())
def test_what_the_columns_bring_along_is_held(changes: dict, message: str) -> None:
    with pytest.raises(DataError) as error:
        constrained("visits.csv", table(), frame(changes))
    assert message in str(error.value)


def test_the_first_column_is_the_key_unless_another_is_named() -> None:
    with pytest.raises(DataError, match="columns visit_id: the key stands twice"):
        constrained("visits.csv", table(), frame({}, {}))


def test_references_are_those_of_the_columns() -> None:
    assert table().references == {"town": ("towns", "town"), "source_id": ("sources", "source_id")}


def test_a_rule_of_one_table_is_not_one_of_another() -> None:
    assert [check.error for check in table().schema.checks].count("a cost where there are guests") == 1


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("- name: gpu_prices", "- name: gpu_price", "tables.yml: table gpu_prices has no title and description"),
        ("- name: gpu_prices", "- name: tokens", "tables.yml: table tokens stands twice"),
        ("  title: Sources", "  titel: Sources", r"tables\.yml, \d+\.title: "),
    ],
)
def test_a_table_without_its_words_is_refused_by_name(before, after, said, data_copy):
    file = data_copy / "tables.yml"
    file.write_text(file.read_text("utf-8").replace(before, after, 1), "utf-8")
    with pytest.raises(DataError, match=said):
        read_descriptions(data_copy)


def test_words_of_an_unknown_table_are_refused(data_copy):
    file = data_copy / "tables.yml"
    added = "- {name: moons, title: Moons, description: Planted.}\n"
    file.write_text(file.read_text("utf-8") + added, "utf-8")
    with pytest.raises(DataError, match=r"tables\.yml: table moons is unknown; the tables are token_prices, "):
        read_descriptions(data_copy)
