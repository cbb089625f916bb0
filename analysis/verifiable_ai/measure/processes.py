"""A stage in its own process: its CPU time, its peak memory, and a limit to the latter."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.engine.data.report import at_hand

MODULE = "analysis.verifiable_ai.measure.stage"
#: Between two looks at a running stage.
LOOK_S = 0.02
GIB = 2**30


class StageError(RuntimeError):
    """A stage that failed."""


class TooLargeError(StageError):
    """A stage that was stopped since it used more memory than it may."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a stage took and found.

    Attributes
    ----------
    seconds : float
        Wall time of the call, without the start of the process.
    cpu_seconds : float
        User and system time of the whole process, all threads; its start takes about 0.05 s of it.
    peak_bytes : int
        Peak resident memory.
    """

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    found: dict[str, Any]


def run_stage(name: str, folder: Path, *, threads: int, memory_bytes: float) -> Stage:
    """Run a stage of `stage.STAGES` for the proof in `folder`, which holds ``job.json`` and what earlier stages left.

    The process is stopped when its resident memory exceeds `memory_bytes` (on Linux, which shows it); raises
    TooLargeError or StageError.
    """
    command = [sys.executable, "-m", MODULE, name, str(folder), str(os.getpid())]
    cpu_seconds = run_process(name, command, log=folder / f"{name}.log", threads=threads, memory_bytes=memory_bytes)
    told = json.loads((folder / f"{name}.result.json").read_text(encoding="utf-8"))
    return Stage(cpu_seconds=cpu_seconds, **told)


def run_process(name: str, command: Sequence[str], *, log: Path, threads: int, memory_bytes: float) -> float:
    """Run a command to its end; returns its CPU seconds.

    What ezkl keeps between runs, its lookup tables, it keeps beside the log and not in the reader's home: every proof
    makes its own, and an interruption leaves none half written to the next.

    Raises
    ------
    TooLargeError
        If it was stopped at the limit.
    StageError
        If it failed; the message ends in the last line that it wrote.
    """
    kept = {"EZKL_REPO_PATH": str(log.parent / "ezkl")}
    environment = os.environ | kept | {"RAYON_NUM_THREADS": str(threads), "RUST_LOG": "error"}
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command,
            cwd=at_hand().root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        status, usage, reached = _watch(process.pid, memory_bytes)
    except BaseException:
        process.kill()
        process.wait()
        raise
    process.returncode = os.waitstatus_to_exitcode(status)
    if reached:
        raise TooLargeError(
            f"{name} stopped at {reached / GIB:.2f} GiB, more than the {memory_bytes / GIB:.2f} GiB it may"
        )
    if process.returncode:
        lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
        last = next((line for line in reversed(lines) if line.strip()), "no message")
        signal = " by a signal; the machine may have run out of memory" if process.returncode < 0 else ""
        raise StageError(f"{name} ended with {process.returncode}{signal}: {last}")
    return usage.ru_utime + usage.ru_stime


def _watch(pid: int, memory_bytes: float) -> tuple[int, Any, int]:
    """Status and usage of a process at its end, and the memory that it was killed at, or 0."""
    reached = 0
    while True:
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            return status, usage, reached
        if not reached and (resident := _resident_bytes(pid)) > memory_bytes:
            reached = resident
            os.kill(pid, 9)
        time.sleep(LOOK_S)


def _resident_bytes(pid: int) -> int:
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
