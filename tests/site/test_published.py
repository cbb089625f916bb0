"""What the site publishes for machines obeys the schemas that it publishes, and says what the ledger says."""

import json
from pathlib import Path

import frictionless
import jsonschema
import pytest

from analysis.engine.ledger import ledger, records
from tests.engine.ledger.test_records import from_csv

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"

pytestmark = [
    pytest.mark.site,
    pytest.mark.slow,
    pytest.mark.skipif(not (SITE / "index.html").is_file(), reason="no built site in _build/html: run `make book`"),
]


def read(name: str):
    return json.loads((SITE / name).read_text("utf-8"))


def test_ledger_obeys_its_schema_and_comes_back():
    schema = read("verdicts.schema.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(read("verdicts.json"), schema)
    assert ledger.to_records(ledger.LEDGER.validate_python(read("verdicts.json"))) == read("verdicts.json")


def test_csv_obeys_its_schema_and_says_the_same():
    schema = frictionless.Schema.from_descriptor(read("verdicts.csv.schema.json"))
    assert frictionless.Resource(path="verdicts.csv", basepath=str(SITE), schema=schema).validate().valid
    found = from_csv((SITE / "verdicts.csv").read_bytes().decode("utf-8"))
    assert found == [records.flat(record) for record in read("verdicts.json")]
