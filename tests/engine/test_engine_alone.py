"""The engine holds nothing of this report: no id, name, colour or key, in code, docstrings, templates, stylesheets."""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pybtex.database import parse_file
from ruamel.yaml import YAML

from analysis.engine.data.register import SOURCES
from analysis.engine.data.tables import schemas
from analysis.report import REPORT

ENGINE = REPORT.root / "analysis" / "engine"
DATA = REPORT.root / "data"
FILES = sorted(path for path in ENGINE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
#: What this report is about.
SUBJECTS = ("crypto", "Crypto", "Bitcoin", "blockchain")


@cache
def names() -> dict[str, frozenset[str]]:
    """All that names something of this report, by what it is."""
    chapters, claims, coverage = (
        YAML(typ="safe").load(DATA / f"{name}.yml") for name in ("chapters", "claims", "coverage")
    )
    with (DATA / "sources.csv").open(encoding="utf-8", newline="") as file:
        sources = [row["source_id"] for row in csv.DictReader(file)]
    authors = parse_file(str(REPORT.root / "book" / "references.bib")).entries[REPORT.reference].persons["author"]
    return {
        "claim": frozenset(claim["id"] for claim in claims),
        "chapter": frozenset(chapter[field] for chapter in chapters for field in ("id", "title")),
        "colour": frozenset(chapter["colour"] for chapter in chapters),
        "table": frozenset(schemas().keys() - {SOURCES.name, "corrections"}),
        "source": frozenset(sources),
        "system": frozenset(system["name"] for system in coverage["systems"]),
        "report": frozenset({REPORT.reference, REPORT.name, REPORT.title, *authors[0].last_names, *SUBJECTS}),
    }


def pattern(name: str, kind: str) -> str:
    """Where a name is one.

    As a whole word; but what is also a word of English only where it is quoted, a class, or part of a dotted name or of
    a path: in a sentence it is the word.
    """
    word = re.escape(name)
    if kind == "colour":
        return f"(?i:{word})"
    if kind != "report" and name.isalpha() and not name.isupper():
        quoted = "|".join(f"{mark}{word}{mark}" for mark in "'\"`")
        return rf"{quoted}|[\w)][./-]{word}\b|\b{word}[./](?=\w)|[.-]{word}\b"
    return rf"(?<![\w.]){word}(?!\w)"


def found_in(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, kind and name of all of this report that stands in a text."""
    low = text.casefold()
    for kind, known in names().items():
        if not (here := sorted(name for name in known if name.casefold() in low)):
            continue
        for hit in re.finditer("|".join(pattern(name, kind) for name in here), text):
            yield text.count("\n", 0, hit.start()) + 1, kind, hit[0]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ENGINE)))
def test_a_file_of_the_engine_holds_nothing_of_this_report(file: Path) -> None:
    assert list(found_in(file.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"id": "R1"}', "claim"),
        ("see R1.", "claim"),
        ('{"chapter": "returns"}', "chapter"),
        (".square.returns { }", "chapter"),
        ("--chapter-compute: red", "chapter"),
        ("from analysis.agents import value", "chapter"),
        ("Data marketplaces", "chapter"),
        ("color: #0072B2", "colour"),
        ('load("tokens")', "table"),
        ("data/tokens.csv", "table"),
        ("gpu_prices", "table"),
        ("binance_perp", "source"),
        ('System("Grass", 3, 3)', "system"),
        ("Modulus Labs", "system"),
        ("EZKL", "system"),
        ("@misc{nakamura2026", "report"),
        ("since Bitcoin's first block", "report"),
    ],
)
def test_a_name_is_found(text: str, kind: str) -> None:
    assert kind in {found for _, found, _ in found_in(text)}


@pytest.mark.parametrize(
    "text", ["Returns\n-------", "it returns tokens of the grass", "Render a PNG", "M8 2v12", "#r1"]
)
def test_a_word_is_no_name(text: str) -> None:
    assert list(found_in(text)) == []
