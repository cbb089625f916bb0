"""Go through a plan: measure what is not yet in the table and fits the budget and the machine."""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analysis.engine.data.report import at_hand
from analysis.verifiable_ai.measure import circuits, machine, processes, prover, table
from analysis.verifiable_ai.measure.plan import NoRoomError, cost

#: Structured reference strings and work folders, unless another folder is named.
CACHE = at_hand().root / "_build" / "cache" / "zkml"


@dataclass(slots=True)
class Summary:
    """What became of a plan.

    Attributes
    ----------
    measured, already, over_budget : list of str
        Run ids: added to the table now, found there, left for want of time.
    refused, failed : list of str
        Messages: no room or too large, and everything else, among it a proof that does not verify.
    """

    measured: list[str] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    over_budget: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def measure(
    plan: Sequence[circuits.Circuit],
    out: Path,
    *,
    cache: Path = CACHE,
    budget_s: float | None = None,
    memory_bytes: float | None = None,
    run: prover.RunStage = processes.run_stage,
    tell: Callable[[circuits.Circuit, str], object] = lambda circuit, stage: None,
) -> Summary:
    """Measure the circuits of a plan in its order, adding its rows to the table at `out`.

    Interrupted at any moment and called again with the same arguments, it goes on where it was: the rows of a circuit
    are all there or none, and what is there is not measured again.

    Parameters
    ----------
    plan : sequence of Circuit
        All to be proved, all counted, or all timed.
    cache : path
        For structured reference strings, which are kept, and for the work folder, which is removed.
    budget_s : float, optional
        Seconds of wall time for this call. A circuit starts only if it is expected to end in time; the expectation is
        scaled by how those before it went.
    memory_bytes : float, optional
        For one process; default, what is available when a circuit starts.
    tell : callable
        Called with circuit and stage before each stage.

    Raises
    ------
    ValueError
        If the plan mixes what belongs in different tables.
    TableError
        If the table cannot be added to.
    OSError
        If the rows cannot be written.
    """
    summary, start, pace = Summary(), time.monotonic(), 1.0
    kinds = {circuit.only for circuit in plan}
    if len(kinds) > 1:
        raise ValueError("a plan is of proofs, of rows or of inferences: each has a table of its own")
    name = hashlib.sha256(str(out.resolve()).encode()).hexdigest()[:16]
    with table.opened(out, *kinds) as rows:
        there = rows.run_ids()
        for circuit in plan:
            if circuit.last_row in there:
                summary.already.append(circuit.run_id)
                continue
            begun, expected = time.monotonic(), cost(circuit).wall_seconds
            if budget_s is not None and begun - start + pace * expected > budget_s:
                summary.over_budget.append(circuit.run_id)
                continue
            try:
                found = prover.prove(
                    circuit,
                    cache / "work" / name,
                    srs_folder=cache / "srs",
                    room=_room(cache, memory_bytes),
                    run=run,
                    tell=lambda stage, circuit=circuit: tell(circuit, stage),
                )
            except (NoRoomError, processes.TooLargeError) as error:
                summary.refused.append(_named(circuit, error))
                continue
            except processes.StageError as error:
                summary.failed.append(_named(circuit, error))
                continue
            rows.append(*found)
            there.add(circuit.last_row)
            summary.measured.append(circuit.run_id)
            summary.failed += _faults(circuit, found[0])
            pace = (time.monotonic() - begun) / expected
    return summary


def _room(cache: Path, memory_bytes: float | None) -> machine.Room:
    there = machine.room(cache)
    return there if memory_bytes is None else machine.Room(there.disk_bytes, min(memory_bytes, there.memory_bytes))


def _named(circuit: circuits.Circuit, error: Exception) -> str:
    return str(error) if str(error).startswith(str(circuit)) else f"{circuit}: {error}"


def _faults(circuit: circuits.Circuit, row: table.Row) -> list[str]:
    """What a sound proof system would not do; the row says it too."""
    wrong = {
        "verified": (False, "its proof does not verify"),
        "tampered_proof_rejected": ("no", "a tampered proof verifies"),
        "tampered_output_rejected": ("no", "a proof of another output verifies"),
    }
    return [f"{circuit}: {words}" for column, (cell, words) in wrong.items() if row.get(column) == cell]
