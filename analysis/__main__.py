"""Command line: ``python -m analysis verdicts | check | seal | diff | measure-zkml``."""

import argparse
import os
import sys

from analysis import store
from analysis.clock import today
from analysis.formats import many
from analysis.records import Record, expired, line, to_csv, to_json
from analysis.sealed import DataError


def parser() -> argparse.ArgumentParser:
    """The command line's arguments."""
    top = argparse.ArgumentParser(
        prog="python -m analysis", description="Verdicts on the report's claims, and the tables behind them."
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    verdicts = commands.add_parser("verdicts", help="print the ledger: every claim with its verdict")
    style = verdicts.add_mutually_exclusive_group()
    style.add_argument("--json", action="store_true", help="as a JSON array")
    style.add_argument("--csv", action="store_true", help="as CSV, one line per claim")
    verdicts.add_argument(
        "--stale", action="store_true", help="only claims past the date of their expiry; exit 1 if there are any"
    )
    check = commands.add_parser("check", help="check every table and claim; exit 1 names table, row, column and rule")
    for command in (verdicts, check):
        command.add_argument("--data", metavar="DIR", help="folder of the tables (default: data/ of this repository)")
    seal = commands.add_parser("seal", help="re-hash an edited copy of the data folder and mark what is modified")
    seal.add_argument("data", metavar="DIR", help="the edited copy")
    seal.add_argument("--release", action="store_true", help="maintainers: take the files as the shipped ones")
    diff = commands.add_parser("diff", help="which verdicts change between two states of the book, and why")
    for side in ("old", "new"):
        diff.add_argument(side, help="data folder, saved ledger (verdicts --json), or checkout")
    diff.add_argument("--json", action="store_true", help="as a JSON object")
    at = "where a saved ledger's inputs may be; can be given again"
    diff.add_argument("--at", metavar="FOLDER", action="append", default=[], help=at)
    _add_measure_zkml(commands)
    return top


def _add_measure_zkml(commands: argparse._SubParsersAction) -> None:
    measure = commands.add_parser(
        "measure-zkml",
        help="prove inferences of small networks on this machine and write what it took to a table",
        description="Proves inferences of small networks with ezkl (the extra zkml), verifies each proof, tampers with "
        "it, and adds a row to a table with the columns of zk_proofs. The structured reference strings are made on "
        "this machine, which could therefore forge proofs: they are for measuring only. An interrupted run goes on "
        "when called again.",
    )
    measure.add_argument("--out", metavar="FILE", required=True, help="the table, CSV; rows that it has are not redone")
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
    measure.add_argument("--cache", metavar="DIR", help="for reference strings (default: _build/cache/zkml)")
    measure.add_argument("--dry-run", action="store_true", help="print the plan with its expected cost, and stop")


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit status: 0, or 1 where the data are at fault or verdicts are out of date."""
    options = parser().parse_args(arguments)
    try:
        commands = {"verdicts": verdicts, "check": check, "seal": seal, "diff": diff, "measure-zkml": measure_zkml}
        return commands[options.command](options)
    except BrokenPipeError:
        # the reader of our output has gone, as in `| head`; keep Python from saying so again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (DataError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def verdicts(options: argparse.Namespace) -> int:
    """Print the ledger, or what of it is past its date."""
    records = store.find_all(options.data) or _computed(options.data)
    if options.stale:
        records = [record for record in records if expired(record, today())]
    if options.json or options.csv:
        sys.stdout.write(to_json(records) if options.json else to_csv(records))
    else:
        for record in records:
            since = f"(look again since {record['expires']}) " if expired(record, today()) else ""
            print(f"{line(record):<60} {since}{record['statement']}")
    if options.stale:
        print(f"{many(len(records), 'claim') if records else 'no claim'} past expiry on {today()}", file=sys.stderr)
    return 1 if options.stale and records else 0


def _computed(data_dir: str | None) -> list[Record]:
    """The ledger, whose chapters are computed where they are not kept; imports what computes, which takes seconds."""
    from rich.console import Console
    from rich.progress import track

    from analysis import ledger

    screen = Console(stderr=True)
    shown = {"console": screen, "transient": True, "disable": not screen.is_terminal}
    return ledger.to_records(
        ledger.current(data_dir=data_dir, watch=lambda chapters: track(chapters, "Computing the ledger", **shown))
    )


def check(options: argparse.Namespace) -> int:
    """Print every fault of every table and claim."""
    from analysis.package import check

    faults = check(options.data)
    for fault in faults:
        print(f"error: {fault}", file=sys.stderr)
    print(many(len(faults), "fault") if faults else "all tables and claims pass", file=sys.stderr)
    return 1 if faults else 0


def seal(options: argparse.Namespace) -> int:
    """Seal a data folder."""
    from analysis.package import seal

    modified = seal(options.data, release=options.release)
    print(f"sealed {options.data}; modified: {', '.join(modified) or 'nothing'}")
    return 0


def diff(options: argparse.Namespace) -> int:
    """Print what differs between two sides."""
    from analysis.diff import between, to_json, to_text

    found = between(options.old, options.new, at=options.at, say=lambda text: print(f"… {text}", file=sys.stderr))
    sys.stdout.write((to_json if options.json else to_text)(found, options.old, options.new))
    return 0


def measure_zkml(options: argparse.Namespace) -> int:
    """Measure what proving costs on this machine."""
    from analysis.verifiable_ai.proving.command import command

    return command(options)


if __name__ == "__main__":
    sys.exit(main())
