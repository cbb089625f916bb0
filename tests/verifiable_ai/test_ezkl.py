"""Real proofs; skipped without the extra zkml."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.__main__ import main
from analysis.provenance import ROOT
from analysis.verifiable_ai.proving.circuits import circuit
from analysis.verifiable_ai.proving.processes import run_stage
from analysis.verifiable_ai.proving.prover import job
from analysis.verifiable_ai.proving.stage import Folder
from analysis.verifiable_ai.proving.table import opened
from analysis.verifiable_ai.proving.tampering import ELEMENT_BYTES

pytest.importorskip("ezkl", reason="needs the extra zkml")
pytestmark = pytest.mark.slow

LIMITS = {"threads": 2, "memory_bytes": 8e9}


def rows_of(out: Path) -> list[dict[str, str]]:
    with opened(out) as rows:
        return rows.rows()


def test_40_seconds_prove_four_circuits_one_with_private_weights_and_detect_tampering(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    out, begun = tmp_path / "measured.csv", time.monotonic()
    arguments = ["--out", str(out), "--budget", "40", "--cache", str(tmp_path / "cache")]
    assert main(["measure-zkml", *arguments]) == 0
    assert time.monotonic() - begun < 60
    rows = rows_of(out)
    assert len(rows) >= 4
    assert "private" in {row["param_visibility"] for row in rows}
    for row in rows:
        assert {row[name] for name in ("verified", "tampered_proof_rejected", "tampered_output_rejected")} == {"True"}
        assert int(row["logrows"]) >= 10
        assert int(row["advice_columns"]) >= 6
        assert 0 < float(row["prove_cpu_s"]) < 60
        assert 0.01 < float(row["prove_rss_gb"]) < 1
        assert float(row["max_abs_err"]) < 0.2
    assert [path.suffix for path in (tmp_path / "cache").rglob("*") if path.is_file()].count(".key") == 0
    assert not (tmp_path / "home").exists()


def test_killed_within_a_proof_it_goes_on_with_the_same_command(tmp_path):
    out, cache = tmp_path / "measured.csv", tmp_path / "cache"
    names = ["mlp:8,16,8/256x4", "mlp:8,16,8/private/256x4", "mlp:8,16,8/committed/256x4"]
    command = [sys.executable, "-m", "analysis", "measure-zkml", "--out", str(out), "--cache", str(cache)]
    command += ["--threads", "2", "--circuits", *names]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as run:
        end = time.monotonic() + 120
        while len(list(cache.glob("work/*/pk.key"))) == 0 or not out.exists() or out.read_bytes().count(b"\n") < 2:
            assert time.monotonic() < end
            time.sleep(0.005)
        run.send_signal(signal.SIGKILL)
    before = [row["run_id"] for row in rows_of(out)]
    assert before
    assert len(before) < 3
    subprocess.run(command, cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
    after = [row["run_id"] for row in rows_of(out)]
    assert after[: len(before)] == before
    assert sorted(after) == sorted(circuit(name).run_id for name in names)
    assert list((cache / "work").iterdir()) == []


def compiled(folder: Path, weights: str, *, seed: int, settings: Path | None = None) -> Folder:
    """A circuit compiled with given weights, and, if asked, the settings of another."""
    folder.mkdir()
    asked = job(circuit(f"mlp:4,6,4/{weights}/256x4"), folder.parent / "srs") | {"seed": seed}
    (folder / "job.json").write_text(json.dumps(asked))
    for name in ("network", "settings", "calibrate"):
        run_stage(name, folder, **LIMITS)
    if settings:
        (folder / "settings.json").write_bytes(settings.read_bytes())
    for name in ("compile", "witness", "srs"):
        run_stage(name, folder, **LIMITS)
    return Folder(folder)


@pytest.mark.parametrize("weights", ["fixed", "private", "committed", "hashed"])
def test_weights_are_hidden_and_bound_as_their_kind_says(tmp_path, weights):
    """Same circuit, other weights: what of the key and of the proof tells them apart.

    The key of fixed weights does. Private weights leave no trace: one key serves all weights, in two proofs nothing is
    the same, and nothing says which weights were used. Committed ones show in the first element of every proof of
    theirs, hashed ones in the first public value.
    """
    one = compiled(tmp_path / "one", weights, seed=0)
    other = compiled(tmp_path / "other", weights, seed=1, settings=Path(one["settings.json"]))
    for folder in (one, other):
        run_stage("setup", folder.path, **LIMITS)
    keys = [Path(folder["vk.key"]).read_bytes() for folder in (one, other)]
    assert (keys[0] == keys[1]) == (weights != "fixed")
    if weights == "fixed":
        return
    proofs = []
    for folder in (one, one, other):
        run_stage("prove", folder.path, **LIMITS)
        assert run_stage("verify", folder.path, **LIMITS).found == {"verified": True}
        proofs.append(folder.read("proof.json"))
    first = [bytes(proof["proof"][:ELEMENT_BYTES]) for proof in proofs]
    public = [proof["instances"][0][0] for proof in proofs]
    assert (first[0] == first[1] != first[2]) == (weights == "committed")
    assert public[0] == public[1]
    assert (len(proofs[0]["instances"][0]) == 4 + 4 + 1) == (weights == "hashed")
    assert weights != "hashed" or public[0] != public[2]
