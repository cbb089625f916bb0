"""Going through a plan: rows, interruptions, limits, budget; with stages that prove nothing."""

import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.provenance import ROOT
from analysis.verifiable_ai.proving import machine
from analysis.verifiable_ai.proving import measure as measuring
from analysis.verifiable_ai.proving.machine import Room
from analysis.verifiable_ai.proving.measure import CACHE, measure
from analysis.verifiable_ai.proving.plan import ladder
from analysis.verifiable_ai.proving.processes import StageError, TooLargeError
from analysis.verifiable_ai.proving.table import COLUMNS, opened
from tests.verifiable_ai import fakes
from tests.verifiable_ai.fakes import NAMES, REPEATS, fake_stage

PLAN = ladder(NAMES, repeats=REPEATS)
IDS = [circuit.run_id for circuit in PLAN]


@pytest.fixture(autouse=True)
def _without_the_extra(monkeypatch):
    monkeypatch.setattr(machine, "versions", lambda: "ezkl=0")


@pytest.fixture
def out(tmp_path) -> Path:
    return tmp_path / "measured.csv"


def rows_of(out: Path) -> list[dict[str, str]]:
    with opened(out) as rows:
        return rows.rows()


def test_every_circuit_becomes_a_row_that_says_what_was_found(out, tmp_path):
    summary = measure(PLAN, out, cache=tmp_path, run=fake_stage)
    assert summary.measured == IDS == [row["run_id"] for row in rows_of(out)]
    assert summary.refused == summary.failed == summary.over_budget == []
    row = rows_of(out)[0]
    expected = {
        "model": "mlp:2,2",
        "params": "6",
        "decomp": "256,4",
        "param_visibility": "fixed",
        "advice_columns": "6",
        "srs": "made locally; for measuring only",
        "setup_cpu_s": "0.75",
        "prove_rss_gb": "0.000976562",
        "tampered_output_rejected": "True",
        "overhead_x": "50000",
        "overhead_cpu_x": "75000",
        "max_abs_err": "0.25",
        "versions": "ezkl=0",
    }
    assert {name: row[name] for name in expected} == expected
    assert row["utc"].endswith("+00:00")


def test_nothing_of_a_proof_stays(out, tmp_path):
    measure(PLAN[:1], out, cache=tmp_path, run=fake_stage)
    assert list((tmp_path / "work").iterdir()) == []


def test_what_a_proof_leaves_behind_git_ignores():
    kept = subprocess.run(["git", "check-ignore", "-q", str(CACHE / "srs" / "k18.srs")], cwd=ROOT)
    assert kept.returncode == 0


@pytest.mark.parametrize(
    ("only", "stages"),
    [("rows", ["inference", "network", "settings", "calibrate", "compile"]), ("inference", ["inference"])],
)
def test_without_a_proof_its_stages_do_not_run_and_its_cells_are_empty(out, tmp_path, only, stages):
    ran = []

    def noted(name, folder, **limits):
        ran.append(name)
        return fake_stage(name, folder, **limits)

    measure(ladder(NAMES[:1], only=only), out, cache=tmp_path, run=noted)
    assert ran == stages
    (row,) = rows_of(out)
    assert (row["ort_1thread_s"], row["num_rows"]) == ("1e-05", "512" if only == "rows" else "")
    assert (row["prove_s"], row["verified"], row["srs"]) == ("", "", "")
    assert row["run_id"] not in IDS


def test_a_string_that_was_kept_has_no_time_of_making(out, tmp_path, monkeypatch):
    monkeypatch.setitem(fakes.FOUND, "srs", {"made": False, "srs_bytes": 1})
    measure(PLAN[:1], out, cache=tmp_path, run=fake_stage)
    assert (rows_of(out)[0]["srs_s"], rows_of(out)[0]["srs_bytes"]) == ("", "1")


def test_killed_at_any_moment_and_started_again_it_loses_and_doubles_nothing(out, tmp_path):
    """Kills with signal 9 after a random while until a run comes to its end."""
    wait, kills = random.Random(5), 0
    command = [sys.executable, "-m", "tests.verifiable_ai.fakes", str(out), str(tmp_path / "cache")]
    for _ in range(60):
        before = [row["run_id"] for row in rows_of(out)] if out.exists() else []
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as run:
            run.stdout.readline()
            time.sleep(wait.uniform(0, 0.08))
            run.send_signal(signal.SIGKILL)
        after = [row["run_id"] for row in rows_of(out)]
        assert after[: len(before)] == before
        assert len(set(after)) == len(after)
        if run.returncode == 0:
            break
        kills += 1
    assert kills >= 2
    assert measure(PLAN, out, cache=tmp_path / "cache", run=fake_stage).already == IDS
    assert [row["run_id"] for row in rows_of(out)] == IDS
    assert {len(row) for row in rows_of(out)} == {len(COLUMNS)}
    assert list((tmp_path / "cache" / "work").iterdir()) == []


def test_a_second_call_measures_only_what_is_missing(out, tmp_path):
    measure(PLAN[:2], out, cache=tmp_path, run=fake_stage)
    summary = measure(PLAN, out, cache=tmp_path, run=fake_stage)
    assert (summary.already, summary.measured) == (IDS[:2], IDS[2:])


@pytest.mark.parametrize(
    ("have", "what"), [(Room(1e6, 1e12), "disk; there are 0.00 GiB"), (Room(1e12, 1e6), "memory; there are 0.00 GiB")]
)
def test_without_room_nothing_starts(out, tmp_path, monkeypatch, have, what):
    monkeypatch.setattr(machine, "room", lambda folder: have)

    def never(name, folder, **limits):
        raise AssertionError("a stage was started")

    summary = measure(PLAN, out, cache=tmp_path, run=never)
    assert len(summary.refused) == len(PLAN)
    assert summary.refused[0].startswith("mlp:2,2/fixed/256x4 needs about 0.")
    assert summary.refused[0].endswith(what)
    assert rows_of(out) == []


def test_a_circuit_that_calibration_finds_too_long_gets_no_keys(out, tmp_path, monkeypatch):
    monkeypatch.setitem(fakes.FOUND, "calibrate", {"logrows": 24, "num_rows": 2**23})
    monkeypatch.setattr(machine, "room", lambda folder: Room(1e10, 1e12))
    summary = measure(PLAN[:1], out, cache=tmp_path, run=fake_stage)
    assert summary.refused == ["mlp:2,2/fixed/256x4 needs about 68.11 GiB of disk; there are 9.31 GiB"]
    assert list((tmp_path / "work").iterdir()) == []


def test_the_room_for_a_process_is_what_was_asked_for_or_what_there_is(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "room", lambda folder: Room(5, 7))
    found = [measuring._room(tmp_path, asked).memory_bytes for asked in (None, 3, 9)]
    assert found == [7, 3, 7]


@pytest.mark.parametrize(
    ("error", "list_name"),
    [(TooLargeError("prove stopped at 9 GiB"), "refused"), (StageError("prove ended with 1: lookup"), "failed")],
)
def test_a_circuit_that_stops_is_a_message_and_no_row_and_the_next_goes_on(out, tmp_path, error, list_name):
    def stops(name, folder, **limits):
        if name == "prove" and "private" in (folder / "job.json").read_text():
            raise error
        return fake_stage(name, folder, **limits)

    summary = measure(PLAN[:3], out, cache=tmp_path, run=stops)
    assert getattr(summary, list_name) == [f"mlp:2,2/private/256x4: {error}"]
    assert len(summary.measured) == len(rows_of(out)) == 2
    assert list((tmp_path / "work").iterdir()) == []


def test_tampering_that_goes_unnoticed_is_a_row_and_a_fault(out, tmp_path, monkeypatch):
    found = {"tampered_proof_rejected": False, "tampered_output_rejected": True}
    monkeypatch.setitem(fakes.FOUND, "tamper", found)
    summary = measure(PLAN[:1], out, cache=tmp_path, run=fake_stage)
    assert summary.failed == ["mlp:2,2/fixed/256x4: a tampered proof verifies"]
    assert rows_of(out)[0]["tampered_proof_rejected"] == "False"


def test_a_budget_ends_before_what_would_exceed_it(out, tmp_path):
    summary = measure(PLAN, out, cache=tmp_path, budget_s=0, run=fake_stage)
    assert summary.over_budget == IDS
    assert measure(PLAN, out, cache=tmp_path, budget_s=60, run=fake_stage).measured == IDS


def test_a_slow_machine_starts_fewer(out, tmp_path):
    """A circuit that took a hundred times the time expected leaves no time for the next."""
    clock = iter(range(0, 10**6, 100))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measuring.time, "monotonic", lambda: next(clock))
        summary = measure(PLAN[:3], out, cache=tmp_path, budget_s=350, run=fake_stage)
    assert (len(summary.measured), len(summary.over_budget)) == (1, 2)


def test_threads_are_part_of_what_a_row_is_known_by():
    assert replace(PLAN[0], threads=1).run_id != PLAN[0].run_id
