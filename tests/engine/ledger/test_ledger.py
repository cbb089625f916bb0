"""The ledger through its formats, from the pipeline's files, and in a cold process without plotting."""

import json
import resource
import subprocess
import sys

import jsonschema
import numpy as np
import pytest

from analysis.engine.claims import load_claims
from analysis.engine.claims.package import seal
from analysis.engine.data.chapters import load_chapters
from analysis.engine.data.report import at_hand
from analysis.engine.data.sealed import DataError, sha256
from analysis.engine.ledger import ledger
from analysis.engine.ledger.records import to_json


@pytest.fixture(scope="module")
def entries():
    return ledger.entries()


@pytest.fixture(scope="module")
def computed():
    return ledger.assess()


@pytest.mark.slow
def test_every_claim_has_a_row_in_the_order_of_the_claims(computed):
    assert [e.id for e in computed] == list(load_claims())


@pytest.mark.slow
def test_only_what_has_a_function_is_assessed(computed):
    for e in computed:
        if e.id in at_hand().assessors:
            assert e.verdict != "unassessed"
            assert (e.verdict == "pending") == (e.kind == "forecast")
            assert e.tables == {name: sha256(name) for name in e.tables}
        else:
            assert e.verdict == "unassessed"
            assert (e.estimate, e.certainty, e.level, e.tables) == (None, None, None, {})


def test_records_come_back_as_they_were(entries):
    assert ledger.LEDGER.validate_json(to_json(ledger.to_records(entries))) == entries


def test_records_have_the_fields_of_the_design(entries):
    record = ledger.to_records(entries)[0]
    design = {"id", "chapter", "kind", "statement", "asserted", "estimate", "evidence", "verdict", "support"}
    assert design | {"certainty", "level", "nearest_true", "as_of", "expires", "tables"} <= set(record)
    assert set(record["estimate"]) == {"value", "low", "high", "unit", "n", "interval_of", "method", "bound"}


def test_records_obey_the_published_schema_and_it_describes_every_field(entries):
    schema = ledger.json_schema()
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    records = json.loads(to_json(ledger.to_records(entries)))
    validator.validate(records)
    support, certainty = records[0]["support"], records[0]["certainty"]
    for spoilt in (
        {"verdict": "true"},
        {"estimate": {}},
        {"level": 6},
        {"id": "r1"},
        {"unknown": 1},
        {"code_sha256": "0"},
        {"support": support | {"balanced": 1.1}},
        {"certainty": certainty | {"unknown": 1}},
    ):
        assert not validator.is_valid([records[0] | spoilt]), spoilt
    for name, part in schema["$defs"].items():
        assert part["additionalProperties"] is False, name
        assert set(part["required"]) == set(part["properties"]), name
        assert [field for field, rule in part["properties"].items() if "description" not in rule] == [], name


def test_curve_is_that_of_the_support(entries):
    for e in entries[:2]:
        weights = np.diff([0, *e.curve.to_share])
        assert np.dot(weights, e.curve.holds) == pytest.approx(e.support.balanced, abs=1e-4)
        assert list(e.curve.estimate) == sorted(e.curve.estimate)
        assert e.curve.estimate[e.curve.primary] == pytest.approx(e.estimate.value, rel=1e-5)


@pytest.mark.slow
def test_the_pipelines_files_are_read_where_they_are(tmp_path, monkeypatch, computed):
    for chapter in load_chapters():
        ledger.write(chapter, tmp_path)
    monkeypatch.setenv("ANALYSIS_LEDGER", str(tmp_path))
    monkeypatch.setenv("ANALYSIS_CACHE", str(tmp_path / "empty"))
    monkeypatch.setattr(ledger, "_assessed", lambda *_: pytest.fail("computed although the files are there"))
    assert ledger.entries() == computed
    assert ledger.entries("compute") == [e for e in computed if e.chapter == "compute"]
    assert ledger.entry("R1") == computed[0]


def test_unknown_chapter_and_claim():
    with pytest.raises(ValueError, match="unknown chapter 'nonsense'; the chapters are returns"):
        ledger.assess("nonsense")
    with pytest.raises(KeyError, match="no claim 'Z9'"):
        ledger.entry("Z9")


@pytest.mark.slow
def test_cold_start_is_short_and_imports_no_plotting_library(tmp_path, monkeypatch):
    """Under 30 s of processor time for all claims (wall time would measure what else the machine does)."""
    monkeypatch.setenv("ANALYSIS_CACHE", str(tmp_path))
    code = "import sys; from analysis.__main__ import main; main(['verdicts', '--json']);"
    code += "print(*sys.modules, file=sys.stderr)"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert len(json.loads(done.stdout)) == len(load_claims())
    assert set(done.stderr.split()).isdisjoint({"matplotlib", "IPython", "bt", "sphinx"})
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 30


def test_a_claim_in_another_chapter_than_its_function_is_refused(small_data):
    file = small_data / "claims.yml"
    file.write_text(file.read_text().replace("chapter: returns", "chapter: compute", 1))
    seal(small_data)
    with pytest.raises(DataError, match="claim R1, field chapter: its function is"):
        ledger.assess(data_dir=small_data)


def test_code_is_hashed_for_every_claim_and_differs_between_functions_modules(entries):
    hashes = {e.id: e.code_sha256 for e in entries}
    assert hashes["D1"] == hashes["D2"] != hashes["F1"] == hashes["F2"]
    assert hashes["R1"] != hashes["R2"]
