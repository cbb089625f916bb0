"""A stage in its own process: measured, limited, and never left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.verifiable_ai.measure.processes import StageError, TooLargeError, run_process, run_stage

MIB = 2**20


def run(tmp_path: Path, code: str, *, memory_bytes: float = 1e12) -> float:
    return run_process("test", [sys.executable, "-c", code], log=tmp_path / "log", threads=1, memory_bytes=memory_bytes)


@pytest.mark.slow
def test_cpu_time_is_that_of_the_process_and_not_of_the_clock(tmp_path):
    busy = "import time\nwhile time.process_time() < 0.3: pass\ntime.sleep(0.5)"
    assert 0.3 <= run(tmp_path, busy) < 0.6


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the memory of another process")
def test_a_process_over_its_limit_of_memory_is_stopped(tmp_path):
    greedy = "import time; held = b'x' * (300 << 20); time.sleep(30)"
    begun = time.monotonic()
    with pytest.raises(TooLargeError, match=r"test stopped at 0\.\d\d GiB, more than the 0\.10 GiB it may"):
        run(tmp_path, greedy, memory_bytes=100 * MIB)
    assert time.monotonic() - begun < 20


def test_a_failure_says_the_last_words_of_the_process(tmp_path):
    with pytest.raises(StageError, match="test ended with 1: ValueError: no such circuit"):
        run(tmp_path, "raise ValueError('no such circuit')")
    with pytest.raises(StageError, match="ended with -9 by a signal; the machine may have run out of memory: no mess"):
        run(tmp_path, "import os; os.kill(os.getpid(), 9)")


@pytest.mark.slow
def test_a_stage_tells_its_own_peak_of_memory(tmp_path):
    (tmp_path / "job.json").write_text('{"network": "mlp:2,2", "seed": 0}')
    held = b"x" * (400 * MIB)  # in the parent, which is not to be counted
    pytest.importorskip("onnx", reason="needs the extra zkml")
    found = run_stage("network", tmp_path, threads=1, memory_bytes=1e12)
    assert 5 * MIB < found.peak_bytes < len(held)
    assert found.found == {}
    assert found.seconds > 0
    assert 0 < found.cpu_seconds < 30


def test_a_stage_loads_nothing_that_would_be_measured_with_it():
    code = "import sys, analysis.verifiable_ai.measure.stage; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "analysis.verifiable_ai.measure.stage" in loaded
    assert set(loaded).isdisjoint({"numpy", "pandas", "pydantic", "rich", "onnx", "onnxruntime", "ezkl"})


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a process to its parent")
def test_a_stage_dies_with_the_process_that_started_it(tmp_path):
    stage = (
        "import os, sys, time; from analysis.verifiable_ai.measure.stage import die_with; die_with(int(sys.argv[1]))"
    )
    stage += "; print(os.getpid(), flush=True); time.sleep(60)"
    parent = "import os, subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1], str(os.getpid())])"
    with subprocess.Popen([sys.executable, "-c", parent, stage], stdout=subprocess.PIPE, text=True) as started:
        child = int(started.stdout.readline())
        started.send_signal(signal.SIGKILL)
    until = time.monotonic() + 5
    while (outlived := alive(child)) and time.monotonic() < until:
        time.sleep(0.05)
    if outlived:
        os.kill(child, signal.SIGKILL)
    assert not outlived, "the stage outlived its parent"


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a process to its parent")
def test_a_stage_whose_parent_is_gone_does_not_begin():
    code = "from analysis.verifiable_ai.measure.stage import die_with; die_with(1)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr.strip()) == (1, "the parent is gone")
