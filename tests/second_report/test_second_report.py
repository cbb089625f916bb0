"""Another report, with claims of four kinds on tables of its own, against the engine alone: verdicts, cards, a site.

What it says is made up.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import jsonschema
import pytest
from bs4 import BeautifulSoup

from tests.engine.test_engine_alone import found_in
from tests.second_report.conftest import Run

LABELS = {"L1": "definition-ambiguous", "L2": "supported", "L3": "contradicted", "L4": "pending"}

pytestmark = pytest.mark.slow


def ledger(folder: Path, run: Run, **more: str) -> dict[str, dict]:
    done = run(folder, "python", "-m", "libraries", "verdicts", "--json", **more)
    assert done.returncode == 0, done.stderr
    return {record["id"]: record for record in json.loads(done.stdout)}


@pytest.fixture(scope="module")
def site(folder: Path, run: Run) -> Path:
    """The built site."""
    done = run(folder, "make", "book")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "_build" / "html"


def page(site: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((site / name).read_text("utf-8"), "html.parser")


def words(found: BeautifulSoup) -> str:
    return re.sub(r"[\s\u202f]+", " ", found.get_text(" "))


@pytest.mark.parametrize("module", ["report", "tables", "returns"])
def test_nothing_of_this_report_can_be_imported(folder: Path, run: Run, module: str) -> None:
    done = run(folder, "python", "-c", f"import libraries, analysis.{module}")
    assert f"No module named 'analysis.{module}'" in done.stderr


def test_verdicts(folder: Path, run: Run) -> None:
    records = ledger(folder, run)
    assert {claim: record["verdict"] for claim, record in records.items()} == LABELS
    assert records["L1"]["primary_verdict"] == "reproduced"
    assert records["L1"]["support"]["balanced"] == 0.75
    assert records["L1"]["estimate"]["unit"] == "EUR/visit"
    assert records["L1"]["estimate"]["value"] == pytest.approx(750_000 / 142_000)
    assert records["L3"]["estimate"]["value"] == pytest.approx(100 * (2.2 / 3 - 1))
    assert set(records["L2"]["tables"]) == {"branches", "corrections", "offers", "sources"}


def test_a_forecast_is_judged_when_it_is_due(folder: Path, run: Run) -> None:
    assert ledger(folder, run, ANALYSIS_TODAY="2031-01-01")["L4"]["verdict"] == "differs-smaller"


@contextmanager
def edited(file: Path, before: str, after: str) -> Iterator[None]:
    """The file with one text for another."""
    text = file.read_text("utf-8")
    assert text.count(before) == 1
    file.write_text(text.replace(before, after), "utf-8")
    try:
        yield
    finally:
        file.write_text(text, "utf-8")


def test_another_list_of_assessors_leaves_the_code_of_a_claim_the_same(folder: Path, run: Run) -> None:
    before = ledger(folder, run)
    with edited(folder / "libraries" / "report.py", ', "L4")', ")"):
        after = ledger(folder, run)
    assert after["L4"]["computed_by"] is None
    assert after["L1"]["code_sha256"] == before["L1"]["code_sha256"]


@pytest.mark.parametrize(
    ("command", "before", "after", "said"),
    [
        ("check", '"L4")', '"L4", "L9")', "libraries.report, assessor of L9: claims.yml has no such claim"),
        ("verdicts", ":assess_", ":asses_", "libraries.report, assessor of L1: libraries.lending:asses_l1: module"),
        ("check", "EUR/visit", "EUR/loan", "claims.yml, claim L1, field asserted.unit: "),
    ],
    ids=["an assessor of no claim", "no such function", "a unit that is not declared"],
)
def test_what_does_not_fit_the_hand_over_is_named(
    folder: Path, run: Run, command: str, before: str, after: str, said: str
) -> None:
    with edited(folder / "libraries" / "report.py", before, after):
        done = run(folder, "python", "-m", "libraries", command)
    assert done.returncode == 1
    assert said in done.stderr


def test_what_breaks_a_rule_is_named_with_the_command_that_mends_it(folder: Path, run: Run) -> None:
    with edited(folder / "data" / "loans.csv", "1010000", "-1"):
        changed = run(folder, "python", "-m", "libraries", "check")
        refused = run(folder, "python", "-m", "libraries", "seal", "data")
    assert f"run `python -m libraries seal {folder / 'data'}`" in changed.stderr
    assert "loans.csv, row 4, column loans: -1 is not 1 or more" in refused.stderr


def test_the_site_has_scoreboard_cards_coverage_catalogue_and_downloads(site: Path) -> None:
    board = page(site, "index.html").find(class_="scoreboard")
    assert [row.find(class_="id").get_text() for row in board.find_all("tr", class_="claim")] == list(LABELS)
    for claim in LABELS:
        assert page(site, f"claims/{claim}.html").find(class_="claim-card") is not None
    card = words(page(site, "claims/L1.html"))
    assert "5.28 EUR/visit (5 to 6.82)" in card
    assert "about 6 EUR/visit asserted" in card
    catalogue = page(site, "data_catalogue.html")
    assert all(catalogue.find("section", id=f"table-{name}") for name in ("branches", "offers", "loans", "claims"))
    assert "Harbour branch" in words(page(site, "coverage.html"))
    assert (site / "data" / "branches.csv").is_file()
    assert "--chapter-lending: #704a9c" in (site / "_static" / "chapters.css").read_text("utf-8")
    records = json.loads((site / "verdicts.json").read_text("utf-8"))
    jsonschema.validate(records, json.loads((site / "verdicts.schema.json").read_text("utf-8")))
    reviews = json.loads((site / "claim_reviews.json").read_text("utf-8"))
    assert {review["itemReviewed"]["author"]["name"] for review in reviews} == {"Ann Doe"}


def test_its_page_shows_figure_table_and_values(site: Path) -> None:
    chapter = page(site, "lending.html")
    assert chapter.find("figure", id="fig-curve") is not None
    assert "We find 5.28 EUR/visit" in words(chapter)
    assert "harbour" in words(chapter.find("table", class_="plain"))


def test_every_link_leads_somewhere(site: Path) -> None:
    broken = []
    for file in [*site.glob("*.html"), *site.glob("claims/*.html")]:
        for link in page(site, file.relative_to(site).as_posix()).select("article a[href]"):
            address, _, anchor = link["href"].partition("#")
            target = (file.parent / address).resolve() if address else file
            if "://" in address or address.startswith("data:"):
                continue
            if not target.is_file() or (anchor and f'id="{anchor}"' not in target.read_text("utf-8")):
                broken.append((file.name, link["href"]))
    assert broken == []


def test_nothing_of_this_report_is_on_it(site: Path) -> None:
    pages = ("index", "lending", "coverage", "data_catalogue", "claims/L1", "claims/L2")
    assert [(name, *hit) for name in pages for hit in found_in(str(page(site, f"{name}.html").article))] == []
