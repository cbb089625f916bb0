"""Text from tables that means harm reaches page and CSV whole, and does none."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from copy import deepcopy
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from pydantic import TypeAdapter

from analysis.engine import claims
from analysis.engine.claims.coverage import Sentence, System
from analysis.engine.claims.package import seal
from analysis.engine.data.chapters import load_chapters
from analysis.engine.data.report import at_hand
from analysis.engine.ledger import ledger
from analysis.engine.ledger.entries import Entry
from analysis.engine.ledger.records import to_csv
from analysis.engine.site.card import Surroundings, claim_card, short_card
from analysis.engine.site.catalogue import entry as catalogued
from analysis.engine.site.claim_review import Book, read_report, review, script
from analysis.engine.site.coverage import coverage, systems
from analysis.engine.site.curve import curve
from analysis.engine.words.figures import Drawn, show, table
from tests.conftest import rewrite
from tests.site.entries import changed, entry, unchecked

ROOT = at_hand().root
FORMULA = "=cmd|' /C calc'!A0"
HOSTILE = (
    f"<script>window.ran = 1; alert(1)</script>\n{FORMULA} 🙂 \u202eright to left\u202c "
    "</bdi><img src=x onerror=alert(2)>"
)
BOOK = Book("Book", "Authors", "1.0", date(2026, 11, 22))
CONF = """
project = "The AI and crypto convergence, re-computed"
extensions = ["myst_nb", "sphinx_book_theme", "sphinx_copybutton", "analysis.sphinx_extension"]
html_theme = "sphinx_book_theme"
nb_execution_mode = "off"
html_show_search_summary = False
html_static_path = ["_static"]
html_css_files = ["book.css", "card.css"]
"""
PAGES = {
    "index.md": "# Book\n\n```{toctree}\ncoverage\ndata_catalogue\n```\n\n```{claim-card} V4\n:short:\n```\n",
    "coverage.md": "# Coverage\n\n```{coverage}\n```\n",
    "data_catalogue.md": "# Data catalogue\n\n```{data-catalogue}\n```\n",
}


def hostile(record: dict) -> dict:
    """A ledger record with harmful text wherever a table's or a function's text can come."""
    row = {"bearing": "supports", "source_id": "binance_perp", "observed_on": "2025-05-01", "vendor": True}
    return deepcopy(record) | {
        "verdict": "definition-ambiguous",
        "primary_verdict": "supported",
        "level": 2,
        "evidence": [row | {"statement": HOSTILE, "part": HOSTILE}],
        "reason": HOSTILE,
        "support": {"balanced": 0.4, "low": 0.2, "high": 0.7, "pivotal": HOSTILE},
        "certainty": {"grade": "low", "start": "moderate", "reasons": [HOSTILE]},
        "nearest_true": FORMULA + HOSTILE,
    }


@pytest.fixture(scope="module")
def record() -> dict:
    return hostile(next(r for r in ledger.to_records(ledger.entries()) if r["id"] == "V4"))


@pytest.fixture(scope="module")
def found(record: dict) -> Entry:
    return TypeAdapter(Entry).validate_python(record)


def soup(html: object) -> BeautifulSoup:
    return BeautifulSoup(str(html), "html.parser")


def whole(html: BeautifulSoup) -> list[str]:
    """Texts of a page that hold the harmful one to the letter, each set apart from the text around it."""
    return [e.get_text() for e in html.select("bdi") if HOSTILE in e.get_text()]


def test_a_card_holds_it_whole_and_as_text(found: Entry):
    sources = {"binance_perp": {"title": HOSTILE, "address": f"javascript:{HOSTILE}"}}
    around = Surroundings(BOOK, BOOK.published, "../", sources=sources)
    card = soup(claim_card(found, claims.load_claims()["V4"], around))
    assert len(whole(card)) >= 6
    short = soup(short_card(found, around))
    assert whole(short)
    for page in (card, short):
        assert not page.select("script, img, a[href^=javascript]")
        assert not [name for e in page.find_all() for name in e.attrs if name.startswith("on")]


def test_a_review_holds_it_whole_and_closes_no_script(found: Entry):
    report = read_report(ROOT / "book" / "references.bib")
    reviewed = review(changed(found, statement=HOSTILE), claims.load_claims()["V4"], report=report, book=BOOK)
    (element,) = soup(script(reviewed)).find_all(True)
    assert json.loads(element.string)["claimReviewed"] == HOSTILE


def test_catalogue_coverage_and_curve_hold_it_as_text():
    source = {"title": HOSTILE, "address": "javascript:alert(1)", "licence_as_stated": HOSTILE}
    for html in (
        catalogued({"name": "t", "path": "t.csv"}, sources=[source]),
        coverage([Sentence(1, 1, HOSTILE, status="opinion", reason=HOSTILE)], {}),
        systems([System(HOSTILE, 1, 1, "compute")], {}),
    ):
        assert whole(soup(html))
        assert not soup(html).select("script, img, a[href^=javascript]")
    one = {"estimate": [1.0], "to_share": [1.0], "holds": [True], "primary": 0}
    claimed = entry(curve=one, T="(0, inf)")
    drawn = soup(curve(unchecked(claimed, asserted=unchecked(claimed.asserted, unit=HOSTILE))))
    assert not drawn.select("script, img")


def test_the_ledgers_csv_holds_it_whole_with_formulas_disarmed(record: dict):
    (row,) = csv.DictReader(io.StringIO(to_csv([record]), newline=""))
    assert row["nearest_true"] == f"'{FORMULA}{HOSTILE}"
    assert row["reason"] == HOSTILE
    assert not [cell for cell in row.values() if cell.startswith(("=", "+", "@"))]


def test_a_notebooks_table_holds_it_whole_and_as_text():
    html = soup(table(pd.DataFrame({"name": [HOSTILE, FORMULA], "n": [1.0, None], "why": [FORMULA, HOSTILE]})).data)
    assert [cell.get_text() for cell in html.select("td")] == [HOSTILE, "1.0", FORMULA, FORMULA, "–", HOSTILE]
    assert not html.select("script, img")


def test_a_figures_csv_holds_it_whole_with_formulas_disarmed(monkeypatch: pytest.MonkeyPatch):
    from base64 import b64decode

    from matplotlib.figure import Figure

    shown = []
    monkeypatch.setenv("ANALYSIS_FIGURES", "svg")
    monkeypatch.setattr("analysis.engine.words.figures.display", lambda bundle, raw: shown.append(bundle["text/html"]))
    show(Drawn(Figure(), f"1 {HOSTILE}", pd.DataFrame({"a": [HOSTILE, FORMULA]})), name="x")
    html = soup(shown[0])
    assert html.svg["aria-label"] == f"1 {HOSTILE}"
    assert not html.select("script, img")
    text = b64decode(html.a["href"].partition("base64,")[2]).decode()
    assert [row["a"] for row in csv.DictReader(io.StringIO(text, newline=""))] == [HOSTILE, f"'{FORMULA}"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, small_data_once: Path) -> Path:
    """A small site, by Sphinx, from a sealed copy of the data and a ledger that both hold harmful text."""
    folder = tmp_path_factory.mktemp("hostile")
    copy = Path(shutil.copytree(small_data_once, folder / "data"))
    rewrite(copy, "sources", lambda t: t.assign(title=t.title.where(t.source_id != "binance_perp", HOSTILE)))
    seal(copy)
    (folder / "ledger").mkdir()
    rows = ledger.to_records(ledger.entries())
    for chapter in load_chapters():
        of_chapter = [hostile(row) if row["id"] == "V4" else row for row in rows if row["chapter"] == chapter]
        (folder / "ledger" / f"{chapter}.json").write_text(json.dumps(of_chapter), "utf-8")
    source = folder / "source"
    source.mkdir()
    shutil.copyfile(ROOT / "book" / "references.bib", source / "references.bib")
    shutil.copytree(ROOT / "book" / "_static", source / "_static")
    for name, text in (PAGES | {"conf.py": CONF}).items():
        (source / name).write_text(text, "utf-8")
    (source / "claims").mkdir()
    (source / "claims" / "Z9.md").write_text("# A claim that is gone\n", "utf-8")
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-W", "--keep-going", "-n", source, folder / "site"],
        env=os.environ | {"ANALYSIS_DATA": str(copy), "ANALYSIS_LEDGER": str(folder / "ledger"), "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.mark.slow
def test_a_site_built_from_it_holds_it_whole(built: Path):
    for name in ("claims/V4.html", "index.html", "data_catalogue.html"):
        page = soup((built / name).read_text("utf-8"))
        assert whole(page), name
        assert not page.select("article img, article [onerror]")
    with (built / "data" / "sources.csv").open(encoding="utf-8", newline="") as file:
        assert HOSTILE in {row["title"] for row in csv.DictReader(file)}
    assert json.loads((built / "claims" / "V4.json").read_text("utf-8"))["reason"] == HOSTILE


@pytest.mark.slow
def test_pages_of_claims_that_are_gone_are_not_built(built: Path):
    assert sorted(file.stem for file in (built / "claims").glob("*.html")) == sorted(claims.load_claims())


@pytest.mark.slow
@pytest.mark.site
def test_nothing_of_it_runs_in_a_browser(built: Path):
    sync_api = pytest.importorskip("playwright.sync_api")
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
    if found is None:
        pytest.skip("no Chromium or Chrome on the path")
    dialogs, failed = [], []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 390, "height": 800})
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.on("requestfailed", lambda request: failed.append(request.url))
        for name in ("claims/V4.html", "index.html", "data_catalogue.html", "search.html?q=calc"):
            page.goto(f"{built.as_uri()}/{name}")
            page.wait_for_timeout(100)
            assert page.evaluate("window.ran") is None, name
            if "search" not in name:
                texts = page.eval_on_selector_all("bdi", "all => all.map(e => e.textContent)")
                assert [text for text in texts if HOSTILE in text], name
                assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
        browser.close()
    assert dialogs == []
    assert [url for url in failed if url.endswith("/x")] == []
