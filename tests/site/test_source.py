"""Source pages: the code as it is, and links that lead to the very function."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from analysis.engine.data.report import at_hand
from analysis.engine.ledger import ledger
from analysis.engine.ledger.provenance import closure, file_of
from analysis.engine.site.addresses import source_page
from analysis.engine.site.source import Location, locate, page

ROOT = at_hand().root
SITE = ROOT / "_build" / "html"
MODULES = sorted(closure(ledger.modules_of("returns")))


def soup(module: str, code: str, claims: dict[str, Location] | None = None, imports: tuple[str, ...] = ()):
    return BeautifulSoup(page(module, code, claims=claims or {}, imports=imports, prefix="../"), "html.parser")


@pytest.mark.slow
@pytest.mark.parametrize("module", MODULES)
def test_a_page_shows_the_code_as_it_is_line_by_line(module: str):
    code = file_of(module).read_text("utf-8")
    shown = soup(module, code)
    lines = [line.get_text() for line in shown.select("span.line")]
    assert lines == [f"{line}\n" for line in code.rstrip("\n").split("\n")]
    assert shown.pre.get_text() == "".join(lines)
    assert [line["id"] for line in shown.select("span.line")] == [f"L{i}" for i in range(1, len(lines) + 1)]


@pytest.mark.parametrize("computed_by", sorted(set(at_hand().assessors.values())))
def test_a_function_is_found_where_it_is_defined(computed_by: str):
    found = locate(computed_by)
    lines = file_of(found.module).read_text("utf-8").splitlines()
    assert re.match(rf"(def|@).*\b{found.name}\b" if lines[found.line - 1][0] == "d" else "@", lines[found.line - 1])
    assert found.module in closure([computed_by.partition(":")[0]])
    assert found.address == f"{source_page(found.module)}#L{found.line}"


def test_code_is_text_and_can_be_scrolled_with_the_keyboard():
    shown = soup("a.b", 'x = "</pre><script>alert(1)</script>"\n')
    assert not shown.find("script")
    region = shown.select_one('[role="region"]')
    assert (region["tabindex"], region["aria-label"]) == ("0", "Source of a.b")
    assert shown.h1.get_text() == "a.b"


def test_a_page_leads_back_to_the_cards_and_on_to_what_it_imports():
    claims = {"R1": Location("a.b", "f", 1), "R2": Location("a.c", "g", 7)}
    shown = soup("a.b", "def f(): ...\n", claims, ("a.c",))
    assert [a["href"] for a in shown.select(".facts a")] == [
        "../claims/R1.html",
        "#L1",
        "../claims/R2.html",
        "../source/a.c.html",
    ]


@pytest.mark.site
@pytest.mark.slow
def test_the_built_site_has_every_module_that_a_verdict_rests_on():
    if not (SITE / "source").is_dir():
        pytest.skip("no built site in _build/html: run `make book`")
    shown = {Path(file).stem for file in (SITE / "source").glob("*.html")}
    assert set(MODULES) | {"analysis.engine.claims.judge"} <= shown
    for module in shown:
        html = BeautifulSoup((SITE / source_page(module)).read_text("utf-8"), "html.parser")
        assert html.title.string.startswith(f"{module} — ")
        assert html.select_one("pre").get_text() == file_of(module).read_text("utf-8").rstrip("\n") + "\n", module
