"""Records through JSON and CSV and back, hostile text included."""

import csv
import io
import json
import re

import frictionless
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.engine.ledger import ledger, records
from analysis.engine.ledger.entries import table_schema

#: What a table's cell may hold: markup, a formula, lines, signs beyond the basic plane, text from right to left.
HOSTILE = [
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "'=1+1",
    "+1",
    "-1",
    "@x",
    "\tx",
    "\rx",
    "\nx",
    "＝1+1",
    "two\nlines",
    "two\r\nlines",
    'a "quote", a comma',
    "emoji \N{ROCKET}",
    "\N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET} \N{RIGHT-TO-LEFT OVERRIDE}x",
    "[\n 1 \n]",
]


READ = {"number": float, "integer": int, "string": str, "date": str}
FORMULA = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def from_csv(text: str) -> list[records.Record]:
    """Flat records, typed, as a reader of the CSV gets them back: one apostrophe off, and None for an empty cell."""
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    assert rows.fieldnames == list(records.COLUMNS)
    return [{name: read(cell, records.COLUMNS[name]) for name, cell in row.items()} for row in rows]


def read(cell: str, kind: str) -> object:
    return READ[kind](cell[1:] if FORMULA.match(cell) else cell) if cell else None


@pytest.fixture(scope="module")
def shipped() -> list[records.Record]:
    return ledger.to_records(ledger.entries())


def test_json_comes_back_as_it_was(shipped, tmp_path):
    (tmp_path / "x.json").write_text(records.to_json(shipped), encoding="utf-8")
    assert json.loads((tmp_path / "x.json").read_text(encoding="utf-8")) == shipped


def test_csv_comes_back_as_it_was(shipped):
    assert from_csv(records.to_csv(shipped)) == [records.flat(record) for record in shipped]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_whole_and_no_formula(text):
    record = {"id": "R1", "statement": text, "evidence": [], "certainty": {"grade": "low", "reasons": [text]}}
    cells = list(csv.reader(io.StringIO(records.to_csv([record]), newline="")))[1]
    assert [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))] == []
    assert from_csv(records.to_csv([record]))[0]["statement"] == text
    assert json.loads(records.to_json([record]))[0] == record


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_comes_back(text):
    assert from_csv(records.to_csv([{"id": text}]))[0]["id"] == text
    assert json.loads(records.to_json([{"id": text}])) == [{"id": text}]


def test_csv_obeys_its_table_schema(shipped, tmp_path):
    (tmp_path / "verdicts.csv").write_text(records.to_csv(shipped), encoding="utf-8", newline="")
    schema = frictionless.Schema.from_descriptor(records.TABLE_SCHEMA)
    report = frictionless.Resource(path="verdicts.csv", basepath=str(tmp_path), schema=schema).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])


def test_the_columns_are_the_fields_of_an_entry():
    assert table_schema() == records.TABLE_SCHEMA, "run `make schema`"
