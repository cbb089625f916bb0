"""The ledger through its formats, from the pipeline's files, and in a cold process without plotting."""

import csv
import io
import json
import resource
import subprocess
import sys

import pytest

from analysis import ledger
from analysis.claims import CHAPTERS, load_claims
from analysis.data import sha256


@pytest.fixture(scope="module")
def entries():
    return ledger.assess()


def test_every_claim_has_a_row_in_the_order_of_the_claims(entries):
    assert [e.id for e in entries] == list(load_claims())


def test_only_what_has_a_function_is_assessed(entries):
    for e in entries:
        if e.id in ledger.ASSESSORS:
            assert e.verdict not in ("unassessed", "pending")
            assert e.tables == {name: sha256(name) for name in e.tables}
        else:
            assert e.verdict == ("pending" if e.kind == "forecast" else "unassessed")
            assert (e.estimate, e.certainty, e.level, e.tables) == (None, None, None, {})


def test_json_comes_back_as_it_was(entries):
    assert ledger.LEDGER.validate_json(ledger.to_json(entries)) == entries


def test_json_has_the_fields_of_the_design(entries):
    record = json.loads(ledger.to_json(entries))[0]
    design = {
        "id",
        "chapter",
        "kind",
        "statement",
        "asserted",
        "estimate",
        "evidence",
        "verdict",
        "support",
        "certainty",
    }
    assert design | {"level", "nearest_true", "as_of", "expires", "tables"} <= set(record)
    assert set(record["estimate"]) == {"value", "low", "high", "unit", "n", "interval_of", "method"}


def test_csv_has_a_line_for_each_claim(entries):
    rows = list(csv.DictReader(io.StringIO(ledger.to_csv(entries))))
    assert [row["id"] for row in rows] == [e.id for e in entries]
    assert float(rows[0]["estimate_value"]) == entries[0].estimate.value


@pytest.mark.parametrize("text", ["=cmd()", "+1", "-1", "@x", "\tx"])
def test_csv_cells_are_no_formulas(entries, text):
    from dataclasses import replace

    rows = csv.DictReader(io.StringIO(ledger.to_csv([replace(entries[0], statement=text)])))
    assert next(rows)["statement"] == f"'{text}"


@pytest.mark.slow
def test_the_pipelines_files_are_read_where_they_are(tmp_path, monkeypatch, entries):
    for chapter in CHAPTERS:
        ledger.write(chapter, tmp_path)
    monkeypatch.setenv("ANALYSIS_LEDGER", str(tmp_path))
    monkeypatch.setattr(ledger, "assess", lambda *_, **__: pytest.fail("computed although the files are there"))
    assert ledger.entries() == entries
    assert ledger.entries("compute") == [e for e in entries if e.chapter == "compute"]
    assert ledger.entry("R1") == entries[0]


def test_unknown_chapter_and_claim():
    with pytest.raises(ValueError, match="unknown chapter 'nonsense'; the chapters are returns"):
        ledger.assess("nonsense")
    with pytest.raises(KeyError, match="no claim 'Z9'"):
        ledger.entry("Z9")


def test_cold_start_is_short_and_imports_no_plotting_library():
    """Under 6 s of processor time (wall time would measure what else the machine does)."""
    code = "import sys; from analysis.__main__ import main; main(['verdicts', '--json']);"
    code += "print(*sys.modules, file=sys.stderr)"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert len(json.loads(done.stdout)) == len(load_claims())
    assert set(done.stderr.split()).isdisjoint({"matplotlib", "IPython", "statsmodels", "bt", "sphinx"})
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 6
