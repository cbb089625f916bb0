"""A claim or a chapter that is added in one place and forgotten in another: the test that fails names the other."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from analysis.engine.claims import load_claims
from analysis.engine.claims.package import check, seal
from analysis.engine.data.chapters import load_chapters
from analysis.engine.data.report import at_hand, named
from analysis.engine.data.sealed import DataError
from analysis.engine.ledger import ledger
from analysis.engine.ledger.ledger import chapter_of

ROOT = at_hand().root
CLAIMS, CHAPTERS, ASSESSORS = load_claims(), load_chapters(), at_hand().assessors
#: Chapters whose notebook is there; the claims of the others are not assessed yet.
WRITTEN = [chapter for chapter in CHAPTERS if (ROOT / "book" / f"{chapter}.ipynb").is_file()]
OF_WRITTEN = [claim.id for claim in CLAIMS.values() if claim.chapter in WRITTEN]


def prose_of(chapter: str) -> str:
    """All Markdown of a chapter's notebook."""
    cells = json.loads((ROOT / "book" / f"{chapter}.ipynb").read_text("utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def test_the_data_folder_is_sealed_and_says_what_is_wrong_with_it():
    assert check() == []


@pytest.mark.parametrize("claim", OF_WRITTEN)
def test_a_claim_has_its_function(claim):
    assert claim in ASSESSORS, f"analysis/report.py names no function that assesses {claim}"
    assert chapter_of(ASSESSORS[claim]) == CLAIMS[claim].chapter
    assert callable(named(ASSESSORS[claim])), f"{ASSESSORS[claim]} is missing"


@pytest.mark.parametrize("claim", OF_WRITTEN)
def test_a_claim_has_its_card_in_the_notebook_of_its_chapter(claim):
    notebook = f"book/{CLAIMS[claim].chapter}.ipynb"
    assert re.search(rf"\{{claim-card\}} {claim}\b", prose_of(CLAIMS[claim].chapter)), f"{notebook} shows no {claim}"


@pytest.mark.parametrize("claim", ASSESSORS)
def test_a_function_has_its_claim(claim):
    assert claim in CLAIMS, f"analysis/report.py assesses {claim}, which data/claims.yml does not have"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_is_written_or_assesses_nothing(chapter):
    assessed = [claim for claim, function in ASSESSORS.items() if chapter_of(function) == chapter]
    assert chapter in WRITTEN or not assessed, f"book/{chapter}.ipynb is missing, which shows {', '.join(assessed)}"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_has_a_claim(chapter):
    assert any(claim.chapter == chapter for claim in CLAIMS.values()), f"data/claims.yml has no claim of {chapter}"


@pytest.mark.parametrize("chapter", WRITTEN)
def test_a_written_chapter_is_in_the_contents(chapter):
    contents = YAML(typ="safe").load((ROOT / "book" / "_toc.yml").read_text("utf-8"))
    listed = [entry["file"] for part in contents["parts"] for entry in part["chapters"]]
    assert chapter in listed, f"book/_toc.yml does not list {chapter}"


@pytest.mark.parametrize("chapter", WRITTEN)
def test_a_written_chapter_has_its_package(chapter):
    assert (ROOT / "analysis" / chapter / "__init__.py").is_file(), f"analysis/{chapter}/__init__.py is missing"


def test_a_notebook_is_of_a_chapter():
    notebooks = {file.stem for file in (ROOT / "book").glob("*.ipynb")}
    assert notebooks <= CHAPTERS.keys(), f"data/chapters.yml lacks {', '.join(sorted(notebooks - CHAPTERS.keys()))}"


def test_a_package_is_of_a_chapter():
    packages = {file.parent.name for file in (ROOT / "analysis").glob("*/__init__.py")} - {"engine", "tables"}
    assert packages <= CHAPTERS.keys(), f"data/chapters.yml lacks {', '.join(sorted(packages - CHAPTERS.keys()))}"


ADDED = """
- id: Z1
  chapter: {chapter}
  kind: bound
  statement: Planted, to see what its places say when they are forgotten.
  place: {{paragraph: 1, sentence: 2}}
  asserted: {{form: over, value: 100, unit: "%", words: "planted"}}
  T: "(100, inf)"
  T_minor: "(90, inf)"
  why_T: Lower bound.
  as_of: 2025-12-31
  expires: null
  definition: Planted.
  publication_bias: {{downgrade: 0, judged_on: 2026-11-22, reason: Planted.}}
"""


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text("utf-8") + text, "utf-8")


def faults_with(data: Path) -> str:
    """What this module's tests say of a folder of data."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__, "-k", "not places_say"]
    env = os.environ | {"ANALYSIS_DATA": str(data)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    return done.stdout


@pytest.mark.slow
def test_the_places_say_what_was_forgotten_of_an_added_claim(data_copy):
    append(data_copy / "claims.yml", ADDED.format(chapter=WRITTEN[0]))
    assert "run `python -m analysis seal" in faults_with(data_copy)
    seal(data_copy)
    said = faults_with(data_copy)
    assert "analysis/report.py names no function that assesses Z1" in said
    assert f"book/{WRITTEN[0]}.ipynb shows no Z1" in said


@pytest.mark.slow
def test_the_places_say_what_was_forgotten_of_an_added_chapter(data_copy):
    append(data_copy / "claims.yml", ADDED.format(chapter="weather"))
    with pytest.raises(DataError, match=r"claim Z1, field chapter: 'weather' is not in chapters\.yml"):
        seal(data_copy)
    added = '- {id: weather, title: Weather, order: 99, colour: "#123456", asks: Planted?}\n'
    append(data_copy / "chapters.yml", added)
    seal(data_copy)
    (found,) = ledger.assess("weather", data_copy)
    assert found.verdict == "unassessed"
    assert "failed" not in faults_with(data_copy)
