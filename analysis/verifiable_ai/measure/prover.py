"""One circuit through its stages, to its rows of the table."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from analysis.verifiable_ai.measure import machine, plan, processes, table
from analysis.verifiable_ai.measure.circuits import DECOMPOSITIONS, INNER_COLUMNS, SCALE, Circuit, Only
from analysis.verifiable_ai.shapes import macs, parameters

#: Stages of what is measured, in their order: name -> what is being done.
TIMING = {"runs": "timing it without a proof"}
COUNTING = {"network": "building the network", "settings": "choosing settings", "calibrate": "calibrating"}
PROVING = {
    "inference": "timing it without a proof",
    **COUNTING,
    "compile": "compiling",
    "witness": "running the circuit",
    "srs": "making a reference string",
    "setup": "making keys",
    "prove": "proving",
    "verify": "verifying",
    "tamper": "tampering",
}
#: Row of the table of sources for what a reader measures.
SOURCE = "own_measurement"
SEED = 0


class RunStage(Protocol):
    """How a stage is run: `processes.run_stage`, or what a test puts in its place."""

    def __call__(self, name: str, folder: Path, *, threads: int, memory_bytes: float) -> processes.Stage:
        """Run stage `name` of the proof in `folder`."""


def prove(
    circuit: Circuit, folder: Path, *, srs_folder: Path, room: machine.Room, run: RunStage, tell: Callable[[str], Any]
) -> list[table.Row]:
    """Measure a circuit.

    Parameters
    ----------
    folder : path
        Work folder. Emptied before and removed after, keys and all, whatever happens.
    srs_folder : path
        Where structured reference strings are kept, by the number of rows. They are made locally: whoever runs this
        could forge proofs, so they are for measuring only.
    room : Room
        What may be used. Checked before anything starts and again before the keys are made, when the rows are known.
    tell : callable
        Called with the name of each stage before it.

    Returns
    -------
    list of dict
        Cells by column: one row, or one for each run where only the inference is timed.

    Raises
    ------
    NoRoomError, TooLargeError, StageError
    """
    plan.require_room(circuit, room)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        (folder / "job.json").write_text(json.dumps(job(circuit, srs_folder)), encoding="utf-8")
        stages: dict[str, processes.Stage] = {}
        needed, rows = STAGES[circuit.only]
        for name in needed:
            if name == "witness":
                plan.require_room(circuit, room, k=stages["calibrate"].found["k"])
            tell(name)
            stages[name] = run(name, folder, threads=circuit.threads, memory_bytes=room.memory_bytes)
        return rows(circuit, stages)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def job(circuit: Circuit, srs_folder: Path) -> dict[str, Any]:
    """What the stages read: ``job.json``."""
    return {
        "network": str(circuit.network),
        "weights": circuit.weights,
        "scale": SCALE,
        "inner_columns": INNER_COLUMNS,
        "decomp": DECOMPOSITIONS[circuit.decomposition],
        "threads": circuit.threads,
        "seed": SEED,
        "srs_folder": str(srs_folder.resolve()),
    }


def _proof(circuit: Circuit, stages: dict[str, processes.Stage]) -> list[table.Row]:
    """The row of the table `zk_proofs`."""
    found = {name: dict(stage.found) for name, stage in stages.items()}
    timed = [name for name in table.TIMED if name != "srs" or found["srs"].pop("made")]
    plain, proved = found["inference"].pop("output"), found["prove"].pop("output")
    for name in ("dynamic_lookups", "shuffles"):
        found["calibrate"].pop(name)
    for name in ("tampered_proof_rejected", "tampered_output_rejected"):
        found["tamper"][name] = "yes" if found["tamper"][name] else "no"
    row = _shape(circuit) | _configuration(circuit) | _origin()
    row |= {
        "repeat": circuit.repeat,
        "scale": SCALE,
        "inner_columns": INNER_COLUMNS,
        "threads": circuit.threads,
        "srs": "local",
        "max_abs_error": max(abs(a - b) for a, b in zip(plain, proved, strict=True)),
    }
    for one in found.values():
        row |= one
    for name in timed:
        stage = stages[name]
        row |= {f"{name}_s": stage.seconds, f"{name}_cpu_s": stage.cpu_seconds}
        row[f"{name}_peak_gib"] = stage.peak_bytes / processes.GIB
    return [row]


def _count(circuit: Circuit, stages: dict[str, processes.Stage]) -> list[table.Row]:
    """The row of the table `zk_circuits`."""
    counted = ("k", "rows", "assignments", "constants", "dynamic_lookups", "shuffles")
    row = _shape(circuit) | _configuration(circuit)
    row |= {name: stages["calibrate"].found[name] for name in counted}
    row |= {f"{name}_s": stages[name].seconds for name in ("settings", "calibrate")}
    peak = max(stages[name].peak_bytes for name in ("settings", "calibrate"))
    return [row | {"peak_gib": peak / processes.GIB, "versions": machine.versions(), "source_id": SOURCE}]


def _runs(circuit: Circuit, stages: dict[str, processes.Stage]) -> list[table.Row]:
    """The rows of the table `zk_inference`: one a run."""
    same = {
        "session": circuit.repeat + 1,
        "model": str(circuit.network),
        "params": parameters(circuit.network),
        "tokens": circuit.network.tokens,
        "threads": circuit.threads,
    } | _origin()
    runs = stages["runs"].found["runs"]
    return [same | {"run_id": f"{circuit.run_id}|{n}", "run": n} | run for n, run in enumerate(runs, 1)]


def _shape(circuit: Circuit) -> table.Row:
    network = circuit.network
    return {
        "run_id": circuit.run_id,
        "model": str(network),
        "family": "perceptron" if network.widths else "transformer",
        "params": parameters(network),
        "macs": macs(network),
        "tokens": network.tokens,
    }


def _configuration(circuit: Circuit) -> table.Row:
    base, legs = DECOMPOSITIONS[circuit.decomposition]
    return {"weights": circuit.weights, "decomp_base": base, "decomp_legs": legs}


def _origin() -> table.Row:
    return {
        "processor": machine.processor(),
        "cores": machine.cores(),
        "memory_gib": machine.memory_gib(),
        "versions": machine.versions(),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "source_id": SOURCE,
    }


#: What is measured -> its stages, and what makes rows of them.
STAGES: dict[Only | None, tuple[dict[str, str], Callable[[Circuit, dict[str, processes.Stage]], list[table.Row]]]] = {
    None: (PROVING, _proof),
    "rows": (COUNTING, _count),
    "inference": (TIMING, _runs),
}
