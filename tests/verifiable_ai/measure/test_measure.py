"""Going through a plan: rows, interruptions, limits, budget; with stages that prove nothing."""

import random
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.engine.claims.package import check, seal
from analysis.engine.data.report import at_hand
from analysis.engine.data.sealed import DataError
from analysis.engine.data.tables import load
from analysis.verifiable_ai.measure import machine
from analysis.verifiable_ai.measure import measure as measuring
from analysis.verifiable_ai.measure.circuits import Only
from analysis.verifiable_ai.measure.inference import RUNS
from analysis.verifiable_ai.measure.machine import Room
from analysis.verifiable_ai.measure.measure import CACHE, measure
from analysis.verifiable_ai.measure.plan import ladder
from analysis.verifiable_ai.measure.processes import StageError, TooLargeError
from analysis.verifiable_ai.measure.table import TABLES, TableError, opened
from tests.verifiable_ai.measure import fakes
from tests.verifiable_ai.measure.fakes import NAMES, REPEATS, fake_stage

ROOT = at_hand().root
PLAN = ladder(NAMES, repeats=REPEATS)
IDS = [circuit.run_id for circuit in PLAN]


@pytest.fixture(autouse=True)
def _without_the_extra(monkeypatch):
    monkeypatch.setattr(machine, "versions", lambda: "ezkl=0")


@pytest.fixture
def out(tmp_path) -> Path:
    return tmp_path / "measured.csv"


def rows_of(out: Path, only: Only | None = None) -> list[dict[str, str]]:
    with opened(out, only) as rows:
        return rows.rows()


def test_every_circuit_becomes_a_row_that_says_what_was_found(out, tmp_path):
    summary = measure(PLAN, out, cache=tmp_path, run=fake_stage)
    assert summary.measured == IDS == [row["run_id"] for row in rows_of(out)]
    assert summary.refused == summary.failed == summary.over_budget == []
    row = rows_of(out)[0]
    expected = {
        "model": "mlp:2,2",
        "params": "6",
        "family": "perceptron",
        "decomp_base": "256",
        "decomp_legs": "4",
        "weights": "fixed",
        "freivalds": "True",
        "rows": "512",
        "srs": "local",
        "setup_cpu_s": "0.75",
        "prove_peak_gib": "0.000976562",
        "inference_2threads_s": "2e-05",
        "tampered_output_rejected": "yes",
        "max_abs_error": "0.25",
        "versions": "ezkl=0",
        "source_id": "own_measurement",
    }
    assert {name: row[name] for name in expected} == expected
    assert row["measured_at"].endswith("+00:00")


def test_nothing_of_a_proof_stays(out, tmp_path):
    measure(PLAN[:1], out, cache=tmp_path, run=fake_stage)
    assert list((tmp_path / "work").iterdir()) == []


def test_what_a_proof_leaves_behind_git_ignores():
    kept = subprocess.run(["git", "check-ignore", "-q", str(CACHE / "srs" / "k18.srs")], cwd=ROOT)
    assert kept.returncode == 0


def test_no_file_of_proving_is_over_a_megabyte():
    folders = ["data/zk_*", "analysis/verifiable_ai", "tests/verifiable_ai", "book/verifiable_ai.ipynb"]
    tracked = subprocess.run(["git", "ls-files", *folders], cwd=ROOT, capture_output=True, text=True, check=True)
    files = tracked.stdout.split()
    assert "data/zk_proofs.csv" in files
    assert [name for name in files if (ROOT / name).stat().st_size > 1_000_000] == []


@pytest.mark.parametrize(
    ("only", "stages"),
    [("rows", ["network", "settings", "calibrate"]), ("inference", ["runs"])],
)
def test_without_a_proof_its_stages_do_not_run(out, tmp_path, only, stages):
    ran = []

    def noted(name, folder, **limits):
        ran.append(name)
        return fake_stage(name, folder, **limits)

    measure(ladder(NAMES[:1], only=only), out, cache=tmp_path, run=noted)
    assert ran == stages
    assert not {row["run_id"] for row in rows_of(out, only)} & set(IDS)


@pytest.mark.parametrize("only", [None, "rows", "inference"])
@pytest.mark.slow
def test_what_is_written_can_take_the_place_of_the_books_table(out, tmp_path, only):
    measure(ladder(NAMES, repeats=2, only=only), out, cache=tmp_path, run=fake_stage)
    name, data = TABLES[only].name, tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    shutil.copy(out, data / f"{name}.csv")
    with pytest.raises(DataError, match="seal"):
        load(name, data)
    seal(data)
    written = load(name, data)
    assert written["run_id"].tolist() == [row["run_id"] for row in rows_of(out, only)]
    assert len(written) == {None: 6, "rows": 6, "inference": 4 * RUNS}[only]
    assert check(data) == []


def test_every_run_of_an_inference_is_a_row(out, tmp_path):
    plan = ladder(["mlp:2,2/private/256x4", "mlp:2,2"], repeats=2, threads=1, only="inference")
    assert [str(circuit.network) for circuit in plan] == ["mlp:2,2", "mlp:2,2"]
    measure(plan, out, cache=tmp_path, run=fake_stage)
    rows = rows_of(out, "inference")
    assert [(int(row["session"]), int(row["run"])) for row in rows] == [(s, n) for s in (1, 2) for n in range(1, 31)]
    assert (rows[2]["run_id"], rows[2]["seconds"], rows[2]["threads"]) == ("mlp:2,2|inference t1 n30|0|3", "3e-05", "1")


@pytest.mark.parametrize("lines", [1, 2, RUNS, RUNS + 1, RUNS + 2, 2 * RUNS])
def test_runs_of_an_inference_that_were_torn_are_made_again(out, tmp_path, lines):
    plan = ladder(["mlp:2,2"], repeats=2, only="inference")
    measure(plan, out, cache=tmp_path, run=fake_stage)
    whole = out.read_bytes()
    out.write_bytes(b"".join(whole.splitlines(keepends=True)[:lines]))
    summary = measure(plan, out, cache=tmp_path, run=fake_stage)
    assert len(summary.measured) == (2 if lines <= RUNS else 1)
    assert out.read_bytes() == whole


def test_proofs_and_inferences_do_not_go_into_one_table(out, tmp_path):
    with pytest.raises(ValueError, match="each has a table of its own"):
        measure([*PLAN, *ladder(NAMES, only="rows")], out, cache=tmp_path, run=fake_stage)
    measure(PLAN[:1], out, cache=tmp_path, run=fake_stage)
    with pytest.raises(TableError, match="other columns"):
        measure(ladder(NAMES, only="rows"), out, cache=tmp_path, run=fake_stage)


def test_a_string_that_was_kept_has_no_time_of_making(out, tmp_path, monkeypatch):
    monkeypatch.setitem(fakes.FOUND, "srs", {"made": False})
    measure(PLAN[:1], out, cache=tmp_path, run=fake_stage)
    assert [rows_of(out)[0][f"srs_{what}"] for what in ("s", "cpu_s", "peak_gib")] == ["", "", ""]


@pytest.mark.slow
def test_killed_at_any_moment_and_started_again_it_loses_and_doubles_nothing(out, tmp_path):
    """Kills with signal 9 after a random while, at first a short one, until a run comes to its end."""
    wait, kills = random.Random(5), 0
    command = [sys.executable, "-m", "tests.verifiable_ai.measure.fakes", str(out), str(tmp_path / "cache")]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as runs:
        for attempt in range(1, 61):
            before = [row["run_id"] for row in rows_of(out)] if out.exists() else []
            print(wait.uniform(0, 0.02 * attempt), file=runs.stdin, flush=True)
            status = int(runs.stdout.readline())
            after = [row["run_id"] for row in rows_of(out)]
            assert after[: len(before)] == before
            assert len(set(after)) == len(after)
            if status == 0:
                break
            assert status == signal.SIGKILL
            kills += 1
    assert kills >= 2
    assert measure(PLAN, out, cache=tmp_path / "cache", run=fake_stage).already == IDS
    assert [row["run_id"] for row in rows_of(out)] == IDS
    assert {len(row) for row in rows_of(out)} == {len(TABLES[None].schema.columns)}
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
    monkeypatch.setitem(fakes.FOUND, "calibrate", fakes.FOUND["calibrate"] | {"k": 24, "rows": 2**23})
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
    assert rows_of(out)[0]["tampered_proof_rejected"] == "no"


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
