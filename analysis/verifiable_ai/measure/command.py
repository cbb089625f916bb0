"""The command ``measure-zkml``: its plan as a table, its progress, its last words."""

import sys
from argparse import ArgumentParser, Namespace
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TimeElapsedColumn

from analysis.engine.words.formats import many
from analysis.verifiable_ai.measure import circuits, machine, processes, prover, table
from analysis.verifiable_ai.measure.measure import CACHE, Summary, measure
from analysis.verifiable_ai.measure.plan import LADDER, cost, ladder

EXTRA = ("ezkl", "onnx", "onnxruntime")


def add_arguments(measure: ArgumentParser) -> None:
    """Add what ``measure-zkml`` takes to its command line."""
    measure.description = (
        "Proves inferences of small networks with ezkl (the extra zkml), verifies each proof, tampers with it, and "
        "adds a row to a table with the columns of zk_proofs. The structured reference strings are made on this "
        "machine, which could therefore forge proofs: they are for measuring only. An interrupted run goes on when "
        "called again."
    )
    measure.add_argument(
        "--out", metavar="FILE", type=Path, required=True, help="the table, CSV; rows that it has are not redone"
    )
    measure.add_argument("--budget", metavar="SECONDS", type=float, help="start only what is expected to end in time")
    measure.add_argument(
        "--circuits",
        metavar="NAME",
        nargs="+",
        help="networks with weights (fixed, hashed, committed, private) and decomposition (16384x2, 256x4), such as "
        "mlp:8,16,8/private/256x4 or tfm:T1,d16,h2; default: a ladder from 2^10 to 2^18 rows",
    )
    measure.add_argument("--repeats", metavar="N", type=int, default=1, help="measure each N times (default: 1)")
    measure.add_argument("--threads", metavar="N", type=int, help="for proving or timing (default: all cores)")
    measure.add_argument(
        "--only",
        choices=["inference", "rows"],
        help="no proof: time the network (columns of zk_inference), or count the rows of its circuit (zk_circuits)",
    )
    measure.add_argument("--memory-gib", metavar="G", type=float, help="for one process (default: what is available)")
    measure.add_argument(
        "--cache", metavar="DIR", type=Path, default=CACHE, help="for reference strings (default: _build/cache/zkml)"
    )
    measure.add_argument("--dry-run", action="store_true", help="print the plan with its expected cost, and stop")


def command(options: Namespace) -> int:
    """Run ``measure-zkml``; returns 0, or 1 where something was refused or failed."""
    threads = options.threads or machine.cores()
    try:
        plan = ladder(options.circuits or LADDER, repeats=options.repeats, threads=threads, only=options.only)
    except ValueError as error:
        return _fail(str(error))
    try:
        if options.dry_run:
            return _show(plan, options)
        missing = [name for name in EXTRA if find_spec(name) is None]
        if missing:
            return _fail(f"measure-zkml needs {', '.join(missing)}: pip install '.[zkml]'")
        summary = _measured(plan, options)
    except table.TableError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("interrupted; the same command goes on where this one was")
    return _report(summary, options.out)


def _fail(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 1


def _show(plan: list[circuits.Circuit], options: Namespace) -> int:
    """Print the plan: for each circuit the time at which it is expected to end, and its needs."""
    there = set()
    if options.out.exists():
        with table.opened(options.out, options.only) as rows:
            there = rows.run_ids()
    print(f"{'circuit':<44} {'k':>2} {'CPU s':>7} {'ends at s':>9} {'disk GiB':>8} {'memory GiB':>10}")
    ends = 0.0
    for circuit in plan:
        expected = cost(circuit)
        done = circuit.last_row in there
        ends += 0 if done else expected.wall_seconds
        at = "measured" if done else f"{ends:.0f}"
        print(
            f"{circuit!s:<44} {expected.k:>2} {expected.cpu_seconds:>7.0f} {at:>9} "
            f"{expected.disk_bytes / processes.GIB:>8.2f} {expected.memory_bytes / processes.GIB:>10.2f}"
        )
    return 0


def _measured(plan: list[circuits.Circuit], options: Namespace) -> Summary:
    screen = Console(stderr=True)
    columns = (SpinnerColumn(), "{task.description}", BarColumn(), "{task.completed:.0f} of {task.total:.0f}")
    with Progress(
        *columns, TimeElapsedColumn(), console=screen, transient=True, disable=not screen.is_terminal
    ) as progress:
        task = progress.add_task("", total=len(plan))

        def tell(circuit: circuits.Circuit, stage: str) -> None:
            doing, _ = prover.STAGES[circuit.only]
            words = f"{circuit.network}, weights {circuit.weights}: {doing[stage]}"
            progress.update(task, description=words, completed=plan.index(circuit))
            if not screen.is_terminal and stage == next(iter(doing)):
                print(f"{circuit}", file=sys.stderr)

        return measure(
            plan,
            options.out,
            cache=options.cache,
            budget_s=options.budget,
            memory_bytes=options.memory_gib and options.memory_gib * processes.GIB,
            tell=tell,
        )


def _report(summary: Summary, out: Path) -> int:
    for what, messages in {"refused": summary.refused, "failed": summary.failed}.items():
        for message in messages:
            print(f"{what}: {message}", file=sys.stderr)
    told = [f"{many(len(summary.measured), 'circuit')} added to {out}"]
    if summary.already:
        told.append(f"{len(summary.already)} there before")
    if summary.over_budget:
        told.append(f"{len(summary.over_budget)} left for want of time")
    print("; ".join(told), file=sys.stderr)
    return 1 if summary.refused or summary.failed else 0
