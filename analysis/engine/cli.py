"""The command line of a report's package: that of the engine, and the report's own commands."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from analysis.engine.data.clock import today
from analysis.engine.data.report import at_hand
from analysis.engine.data.sealed import DataError
from analysis.engine.ledger import store
from analysis.engine.ledger.records import Record, expired, line, to_csv, to_json
from analysis.engine.words.formats import many


def parser(arguments: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The command line, with the options of those of the report's own commands that are among the arguments."""
    top = argparse.ArgumentParser(
        prog=f"python -m {at_hand().package}",
        description="Verdicts on the report's claims, and the tables behind them.",
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
    new = commands.add_parser("new-report", help="write the skeleton of another report, which builds as it stands")
    new.add_argument("folder", metavar="DIR", help="a folder that is empty or does not exist")
    new.add_argument("--name", help="of its package (default: after the folder)")
    for name, (module, does) in at_hand().commands.items():
        own = commands.add_parser(name, help=does)
        if name in arguments:  # its module may take long to import
            import_module(module).add_arguments(own)
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit status: 0, or 1 where the data are at fault or verdicts are out of date."""
    arguments = sys.argv[1:] if arguments is None else arguments
    options = parser(arguments).parse_args(arguments)
    try:
        own = {"verdicts": verdicts, "check": check, "seal": seal, "diff": diff, "new-report": new_report}
        if options.command in own:
            return own[options.command](options)
        return import_module(at_hand().commands[options.command][0]).command(options)
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
        records = [record for record in records if expired(record["expires"], today())]
    if options.json or options.csv:
        sys.stdout.write(to_json(records) if options.json else to_csv(records))
    else:
        for record in records:
            since = f"(look again since {record['expires']}) " if expired(record["expires"], today()) else ""
            print(f"{line(record):<60} {since}{record['statement']}")
    if options.stale:
        print(f"{many(len(records), 'claim') if records else 'no claim'} past expiry on {today()}", file=sys.stderr)
    return 1 if options.stale and records else 0


def _computed(data_dir: str | None) -> list[Record]:
    """The ledger, whose chapters are computed where they are not kept; imports what computes, which takes seconds."""
    from rich.console import Console
    from rich.progress import track

    from analysis.engine.ledger import ledger

    screen = Console(stderr=True)
    shown = {"console": screen, "transient": True, "disable": not screen.is_terminal}
    return ledger.to_records(
        ledger.current(data_dir=data_dir, watch=lambda chapters: track(chapters, "Computing the ledger", **shown))
    )


def check(options: argparse.Namespace) -> int:
    """Print every fault of every table and claim, and every assessor of a claim that there is not."""
    from analysis.engine.claims import CLAIMS, load_claims
    from analysis.engine.claims.package import check

    faults = check(options.data)
    if not faults and options.data is None:
        stray = at_hand().assessors.keys() - load_claims().keys()
        faults = [
            f"{at_hand().package}.report, assessor of {claim}: {CLAIMS} has no such claim" for claim in sorted(stray)
        ]
    for fault in faults:
        print(f"error: {fault}", file=sys.stderr)
    print(many(len(faults), "fault") if faults else "all tables and claims pass", file=sys.stderr)
    return 1 if faults else 0


def seal(options: argparse.Namespace) -> int:
    """Seal a data folder."""
    from analysis.engine.claims.package import seal

    modified = seal(options.data, release=options.release)
    print(f"sealed {options.data}; modified: {', '.join(modified) or 'nothing'}")
    return 0


def diff(options: argparse.Namespace) -> int:
    """Print what differs between two sides."""
    from analysis.engine.diff import between, to_json, to_text

    found = between(options.old, options.new, at=options.at, say=lambda text: print(f"… {text}", file=sys.stderr))
    sys.stdout.write((to_json if options.json else to_text)(found, options.old, options.new))
    return 0


def new_report(options: argparse.Namespace) -> int:
    """Write the skeleton of another report."""
    from analysis.engine.new_report import new_report

    folder = new_report(options.folder, options.name)
    print(f"wrote {folder}; its README.md says what to replace, `make` builds it")
    return 0
