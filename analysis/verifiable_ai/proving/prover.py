"""One circuit through all stages, to one row of the table."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from analysis.verifiable_ai.proving import machine
from analysis.verifiable_ai.proving.circuits import DECOMPOSITIONS, INNER_COLUMNS, SCALE, Circuit
from analysis.verifiable_ai.proving.plan import require_room
from analysis.verifiable_ai.proving.processes import Stage
from analysis.verifiable_ai.proving.table import TIMED, Row, times

TIMING = ("inference",)
COUNTING = (*TIMING, "network", "settings", "calibrate", "compile")
PROVING = (*COUNTING, "witness", "srs", "setup", "prove", "verify", "tamper")
#: What every row says of its structured reference string.
SRS_REMARK = "made locally; for measuring only"
SEED = 0


class RunStage(Protocol):
    """How a stage is run: `processes.run_stage`, or what a test puts in its place."""

    def __call__(self, name: str, folder: Path, *, threads: int, memory_bytes: float) -> Stage:
        """Run stage `name` of the proof in `folder`."""


def prove(
    circuit: Circuit, folder: Path, *, srs_folder: Path, room: machine.Room, run: RunStage, tell: Callable[[str], Any]
) -> Row:
    """Measure a circuit.

    Parameters
    ----------
    circuit : Circuit
    folder : path
        Work folder. Emptied before and removed after, keys and all, whatever happens.
    srs_folder : path
        Where structured reference strings are kept, by the number of rows. They are made locally: whoever runs this
        could forge proofs, so they are for measuring only.
    room : Room
        What may be used. Checked before anything starts and again before the keys are made, when the rows are known.
    run : callable
    tell : callable
        Called with the name of each stage before it.

    Returns
    -------
    dict
        Cells by column.

    Raises
    ------
    NoRoomError, TooLargeError, StageError
    """
    require_room(circuit, room)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        (folder / "job.json").write_text(json.dumps(job(circuit, srs_folder)), encoding="utf-8")
        stages: dict[str, Stage] = {}
        for name in {"inference": TIMING, "rows": COUNTING, None: PROVING}[circuit.only]:
            if name == "witness":
                require_room(circuit, room, logrows=stages["calibrate"].found["logrows"])
            tell(name)
            stages[name] = run(name, folder, threads=circuit.threads, memory_bytes=room.memory_bytes)
        return _row(circuit, stages)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def job(circuit: Circuit, srs_folder: Path) -> dict[str, Any]:
    """What the stages read: ``job.json``."""
    return {
        "network": str(circuit.network),
        "weights": circuit.weights,
        "scale": SCALE,
        "inner_cols": INNER_COLUMNS,
        "decomp": DECOMPOSITIONS[circuit.decomposition],
        "seed": SEED,
        "srs_folder": str(srs_folder.resolve()),
    }


def _row(circuit: Circuit, stages: dict[str, Stage]) -> Row:
    found = {name: dict(stage.found) for name, stage in stages.items()}
    timed = [name for name in TIMED if name in stages]
    if "srs" in found and not found["srs"].pop("made"):
        timed.remove("srs")
    expected, told = found["inference"].pop("output"), found.get("prove", {}).pop("output", None)
    row = {
        "run_id": circuit.run_id,
        "model": str(circuit.network),
        "family": circuit.network.family,
        "params": circuit.network.params,
        "macs": circuit.network.macs,
        "rep": circuit.repeat,
        "seed": SEED,
        "scale": SCALE,
        "inner_cols": INNER_COLUMNS,
        "decomp": ",".join(map(str, DECOMPOSITIONS[circuit.decomposition])),
        "param_visibility": circuit.weights,
        "threads": circuit.threads,
        "machine": machine.description(),
        "cores": machine.cores(),
        "versions": machine.versions(),
        "utc": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    for one in found.values():
        row |= one
    for name in timed:
        row |= times(name, stages[name])
    if told is not None:
        row |= {
            "srs": SRS_REMARK,
            "overhead_x": stages["prove"].seconds / row["ort_1thread_s"],
            "overhead_cpu_x": stages["prove"].cpu_seconds / row["ort_1thread_s"],
            "max_abs_err": max(abs(a - b) for a, b in zip(expected, told, strict=True)),
        }
    return row
