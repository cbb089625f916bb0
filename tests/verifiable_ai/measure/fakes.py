"""Stages that take no time and prove nothing, for what surrounds the proofs."""

import os
import signal
import sys
import time
from pathlib import Path

from analysis.verifiable_ai.measure import machine
from analysis.verifiable_ai.measure.inference import RUNS
from analysis.verifiable_ai.measure.measure import measure
from analysis.verifiable_ai.measure.plan import ladder
from analysis.verifiable_ai.measure.processes import Stage

#: Nine circuits, three of them three times.
NAMES = ("mlp:2,2/256x4", "mlp:2,3,2/256x4", "mlp:2,2/private/256x4")
REPEATS = 3

FOUND = {
    "inference": {"inference_1thread_s": 1e-5, "inference_2threads_s": 2e-5, "output": [1.0, -0.5]},
    "runs": {
        "runs": [
            {"seconds": 1e-5 * n, "cpu_seconds": 2e-5, "load": 0.25, "measured_at": "2026-11-22T18:00:00+00:00"}
            for n in range(1, RUNS + 1)
        ]
    },
    "settings": {"freivalds": True},
    "calibrate": {
        "k": 10,
        "rows": 512,
        "assignments": 1024,
        "constants": 158,
        "lookup_low": -3,
        "lookup_high": 5,
        "dynamic_lookups": 0,
        "shuffles": 0,
    },
    "srs": {"made": True},
    "setup": {"pk_bytes": 4_329_227, "vk_bytes": 3_335},
    "prove": {"proof_bytes": 3_072, "output": [1.0, -0.25]},
    "verify": {"verified": True},
    "tamper": {"tampered_proof_rejected": True, "tampered_output_rejected": True},
}


def fake_stage(name: str, folder: Path, *, threads: int, memory_bytes: float) -> Stage:
    """A stage that leaves a file, as the real ones leave keys."""
    (folder / f"{name}.key").write_bytes(b"secret")
    return Stage(seconds=0.5, cpu_seconds=0.75, peak_bytes=2**20, found=dict(FOUND.get(name, {})))


def slow_stage(name: str, folder: Path, *, threads: int, memory_bytes: float) -> Stage:
    """The same in a few milliseconds, so that a kill may come in between."""
    time.sleep(0.002)
    return fake_stage(name, folder, threads=threads, memory_bytes=memory_bytes)


if __name__ == "__main__":
    # for each line read, a number of seconds: start a measurement, kill it after them, and tell its status
    out, cache = map(Path, sys.argv[1:])
    machine.versions = lambda: "ezkl=0"
    for seconds in map(float, sys.stdin):
        child = os.fork()
        if not child:
            measure(ladder(NAMES, repeats=REPEATS), out, cache=cache, run=slow_stage)
            os._exit(0)
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        print(os.waitpid(child, 0)[1], flush=True)
