"""How many seeded mutants of the claims, the judge and the multiverse their tests kill.

No test: ``pip install -e '.[test,bench]'``, then ``python -m tests.mutants.run`` in the repository, about a quarter of
an hour. Mutants are those of cosmic-ray, one at each of the places drawn. Left out are annotations, f-strings (what is
said, not what is decided) and the drawing of the specification curve, whose numbers are matters of looks.
"""

import argparse
import ast
import csv
import importlib
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).with_name("results.csv")
SEED, SIZE = 20_260_122, 200
#: Rooms -> their tests. What the quick ones let live meets those of the other room and the contract, last the slow.
ROOMS = {"analysis/engine/claims": "tests/engine/claims", "analysis/engine/multiverse": "tests/engine/multiverse"}
FURTHER = ("tests/engine/test_records.py", "tests/test_claims.py", "tests/test_contract.py")
QUICK, SLOW = ("-m", "not slow"), ("-m", "slow")
LOOKS = ("analysis/engine/multiverse/figures.py",)
#: Seconds of processor time after which a run counts as endless.
ENDLESS = 120
#: Loaded once, so that a run of tests needs not.
LIBRARIES = (
    "frictionless", "hypothesis", "matplotlib.pyplot", "numpy", "pandas", "pandera.pandas", "pydantic", "pytest",
    "ruamel.yaml", "scipy.stats", "scipy.optimize", "statsmodels.api", "arch",
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A piece of a module's text and what can be put in its stead: operators, each with its occurrence."""

    module: str
    start: tuple[int, int]
    end: tuple[int, int]
    mutations: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change, and what became of it."""

    module: str
    line: int
    definition: str
    before: str
    after: str
    outcome: str
    by: str


def places(module: str) -> Iterator[Place]:
    """Everything in a module that can be mutated, by position."""
    from cosmic_ray import plugins
    from cosmic_ray.ast import ast_nodes, get_ast

    text = (ROOT / module).read_text()
    nodes, left_out = list(ast_nodes(get_ast(text))), list(spans(ast.parse(text)))
    found: dict[tuple, list] = {}
    for name in sorted(plugins.operator_names()):
        operator = plugins.get_operator(name)
        if operator.arguments():
            continue
        positions = [pair for node in nodes for pair in operator().mutation_positions(node)]
        for occurrence, (start, end) in enumerate(positions):
            if not any(low <= start and end <= high for low, high in left_out):
                found.setdefault((tuple(start), tuple(end)), []).append((name, occurrence))
    return (Place(module, *at, tuple(mutations)) for at, mutations in found.items())


def spans(tree: ast.AST) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Annotations and f-strings."""
    for node in ast.walk(tree):
        some = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        some += [node] if isinstance(node, ast.JoinedStr) else []
        for one in filter(None, some):
            yield (one.lineno, one.col_offset), (one.end_lineno, one.end_col_offset)


def drawn(seed: int, size: int) -> list[tuple[Place, str, str]]:
    """Places drawn at random, each with the module's text before and after one mutation drawn at random."""
    from cosmic_ray import plugins
    from cosmic_ray.mutating import mutate_code

    rng = random.Random(seed)
    modules = [str(file.relative_to(ROOT)) for room in ROOMS for file in sorted((ROOT / room).glob("*.py"))]
    every = sorted(place for module in modules if module not in LOOKS for place in places(module))
    print(f"{len(every)} places in {len({place.module for place in every})} modules", flush=True)
    chosen = []
    for place in rng.sample(every, len(every)):
        before = (ROOT / place.module).read_text()
        name, occurrence = rng.choice(place.mutations)
        after = mutate_code(before, plugins.get_operator(name)(), occurrence)
        if after is not None and is_another(before, after):
            chosen.append((place, before, after))
        if len(chosen) == size:
            break
    return sorted(chosen, key=lambda one: one[0])


def is_another(before: str, after: str) -> bool:
    """Whether a text can be compiled and is another program."""
    try:
        return ast.dump(ast.parse(before)) != ast.dump(ast.parse(after))
    except SyntaxError:
        return False


def described(place: Place, before: str, after: str) -> dict[str, str | int]:
    """The line, the function or class around it, and the words of the line that changed."""
    texts = before.splitlines(), after.splitlines()
    lines = zip(*texts, strict=False)
    number, (old, new) = next(
        (i, pair) for i, pair in enumerate(lines, 1) if pair[0].strip() and pair[0].split() != pair[1].split()
    )
    old, new = old.split(), new.split() if len(texts[0]) == len(texts[1]) else []  # else a decorator is gone
    while old[0:1] == new[0:1] != []:
        old, new = old[1:], new[1:]
    while old[-1:] == new[-1:] != []:
        old, new = old[:-1], new[:-1]
    around = [
        node.name
        for node in ast.walk(ast.parse(before))
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.lineno - 1 <= place.start[0] <= node.end_lineno
    ]
    return {"line": number, "definition": ".".join(around), "before": " ".join(old), "after": " ".join(new)}


def copied(folder: Path) -> Path:
    """The repository in another folder: code and tests as copies, everything else linked."""
    for entry in ROOT.iterdir():
        if entry.name in ("analysis", "tests"):
            shutil.copytree(entry, folder / entry.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif not entry.name.startswith((".", "_build")):
            (folder / entry.name).symlink_to(entry, target_is_directory=entry.is_dir())
    return folder


def failed(repository: Path, tests: Sequence[str], output: Path) -> str:
    """What fails first of some tests in a child process; empty where they pass."""
    child = os.fork()
    if child == 0:
        try:
            tested(repository, tests, output)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(pytest.ExitCode.INTERNAL_ERROR)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status == 0:
        return ""
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        return "endless"
    first = re.search(r"^(?:FAILED|ERROR) ([^\s\[]+)", output.read_text(), re.MULTILINE)
    return first[1] if first else f"exit status {status}"


def tested(repository: Path, tests: Sequence[str], output: Path) -> None:
    """Run tests in a repository, and leave the process with what came of them."""
    resource.setrlimit(resource.RLIMIT_CPU, (ENDLESS, ENDLESS))
    os.chdir(repository)
    sys.path[0] = str(repository)
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]  # else the copy's tests would be those of the original
    with output.open("w") as written:
        os.dup2(written.fileno(), 1)
        os.dup2(written.fileno(), 2)
    plain = ["-x", "-q", "-rfE", "--tb=no", "--doctest-modules", "-p", "no:cacheprovider"]
    loaded = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # libraries are not rewritten again
    os._exit(pytest.main([*plain, *loaded, *tests]))


def tried(repository: Path, output: Path, place: Place, before: str, after: str) -> Mutant:
    """One mutant, put into the copy of the repository and taken out again."""
    file = repository / place.module
    room = place.module.rpartition("/")[0]
    others = [*(tests for other, tests in ROOMS.items() if other != room), *FURTHER]
    rounds = [(place.module, ROOMS[room], *QUICK), (*others, *QUICK), (ROOMS[room], *SLOW)]
    file.write_text(after)
    try:
        by = next(filter(None, (failed(repository, tests, output) for tests in rounds)), "")
    finally:
        file.write_text(before)
    said = described(place, before, after)
    return Mutant(place.module, **said, outcome="killed" if by else "survived", by=by)


def main() -> None:
    """Draw, try, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--size", type=int, default=SIZE)
    given = parser.parse_args()
    # by CI, hypothesis takes the same examples every time and as long as it needs
    os.environ |= {"CI": "true", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg", "PYTHONDONTWRITEBYTECODE": "1"}
    sys.dont_write_bytecode = True
    mutants = drawn(given.seed, given.size)
    for library in LIBRARIES:
        importlib.import_module(library)
    found, start = [], time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        repository = copied(Path(folder))
        output = repository / "output.txt"
        if by := failed(repository, (*ROOMS, *ROOMS.values(), *FURTHER), output):
            sys.exit(f"without any mutant {by} fails:\n{output.read_text()}")
        for place, before, after in mutants:
            found.append(tried(repository, output, place, before, after))
            print(f"{len(found):3} {time.monotonic() - start:5.0f} s ", *astuple(found[-1]), sep="  ", flush=True)
    with RESULTS.open("w", newline="") as file:
        table = csv.DictWriter(file, [field.name for field in fields(Mutant)], lineterminator="\n")
        table.writeheader()
        table.writerows(map(asdict, found))
    print(dict(Counter(mutant.outcome for mutant in found)), f"seed {given.seed}")


if __name__ == "__main__":
    main()
