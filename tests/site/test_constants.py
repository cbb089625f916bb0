"""Constants in prose: what a reference may name, how it is written, and what is refused."""

import importlib
import json
import re
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from bs4 import BeautifulSoup
from docutils import nodes

from analysis.engine.claims import judge
from analysis.engine.site.constants import FORMATS, constant, modules, names
from analysis.engine.site.roles import Constant, visit_value
from analysis.engine.words.formats import SPACE, THIN

JUDGE = "analysis.engine.claims.judge"
BOOK = Path(__file__).parents[2] / "book"
ROLE = re.compile(r"\{constant\}`([^`]+)`")


def plain(text: str) -> str:
    return text.replace(SPACE, " ").replace(THIN, "_")


@pytest.mark.parametrize(
    ("reference", "said"),
    {
        "analysis.engine.claims.judge:INDIRECT_AFTER_DAYS": "180",
        "analysis.engine.claims.judge:AMBIGUOUS_SUPPORT[1]:percent": "80 %",
        "analysis.engine.claims.judge:START[secondary]": "1",
        "analysis.engine.claims.judge:GRADES[0]": "very low",
        "analysis.returns.category:RESAMPLES": "9_999",
        "analysis.engine.inference.resampling:CONFIDENCE:complement": "5 %",
        "analysis.returns.windows:SINGLE_SOURCE_QUANTILE:percentile": "99th",
        "analysis.returns.windows:START": "31 Dec 2024",
        "analysis.returns.windows:JANUARY:month": "January 2025",
        "analysis.returns.episodes:LONG_START:year": "2023",
        "analysis.engine.multiverse.weights:IDENTICAL:power": "10⁻¹²",
        "analysis.returns.published:SEARCHED_ON": "22 Nov 2026",
    }.items(),
)
def test_a_constant_is_written_as_asked(reference, said):
    assert plain(constant(reference)[1]) == said


def test_what_is_written_follows_the_code(monkeypatch):
    monkeypatch.setattr(judge, "INDIRECT_AFTER_DAYS", 90)
    assert constant(f"{JUDGE}:INDIRECT_AFTER_DAYS")[1] == "90"


@pytest.mark.parametrize(
    ("reference", "message"),
    {
        "INDIRECT_AFTER_DAYS": "is not of the form module:NAME",
        f"{JUDGE}:START[": "is not of the form",
        "os:O_RDONLY": "no module 'os'; known: analysis, ",
        "tests.test_prose:NAMES": "no module 'tests.test_prose'",
        "analysis.verdict:START": "no module 'analysis.verdict'; known: .*analysis.engine.claims.judge",
        f"{JUDGE}:INDIRECT": f"no constant 'INDIRECT' in {JUDGE}; known: .*INDIRECT_AFTER_DAYS",
        f"{JUDGE}:NUMERIC_KINDS[0]": f"no constant 'NUMERIC_KINDS' in {JUDGE}",  # belongs to claims
        f"{JUDGE}:judge": "no constant 'judge'",
        f"{JUDGE}:__name__": "no constant '__name__'",
        f"{JUDGE}:AMBIGUOUS_SUPPORT": "AMBIGUOUS_SUPPORT holds several values; known: 0, 1",
        f"{JUDGE}:AMBIGUOUS_SUPPORT[2]": rf"no place '2' in {JUDGE}.AMBIGUOUS_SUPPORT; known: 0, 1",
        f"{JUDGE}:AMBIGUOUS_SUPPORT[-1]": "no place '-1'",
        f"{JUDGE}:INDIRECT_AFTER_DAYS[0]": "no place '0'",
        f"{JUDGE}:START[measured]": "no place 'measured'.* known: measurement, market, secondary",
        f"{JUDGE}:VENDOR_SHARE:percents": "no format 'percents'; known: plain, percent, ",
        f"{JUDGE}:VENDOR_SHARE:month": "cannot be written as month",
        f"{JUDGE}:VENDOR_SHARE:power": "cannot be written as power: 0.5 is no power of ten",
        f"{JUDGE}:GRADES[0]:percent": "cannot be written as percent",
        "analysis.engine.claims.claims:NOTATION": "holds several values",
    }.items(),
)
def test_what_does_not_exist_is_refused_and_what_does_is_named(reference, message):
    with pytest.raises(ValueError, match=message):
        constant(reference)


def test_every_module_of_the_package_can_be_quoted():
    assert {"analysis", "analysis.returns", "analysis.returns.risk", "analysis.engine.site.constants"} <= set(modules())
    assert "LONG_END" in names("analysis.returns.episodes")  # assigned two at a time
    assert FORMATS.keys() == {"plain", "percent", "complement", "percentile", "power", "month", "year"}


def cells(page: Path) -> list[str]:
    text = page.read_text("utf-8")
    return [text] if page.suffix == ".md" else ["".join(cell["source"]) for cell in json.loads(text)["cells"]]


def test_every_constant_that_the_book_quotes_exists():
    quoted = [
        role for page in (*BOOK.glob("*.md"), *BOOK.glob("*.ipynb")) for c in cells(page) for role in ROLE.findall(c)
    ]
    assert len(quoted) > 20
    assert all(constant(role)[1] for role in quoted)


def run(text: str) -> tuple[list, list, MagicMock]:
    """The role's nodes and messages, and the page's parser."""
    role, parser = Constant(), MagicMock()
    role.text, role.rawtext, role.lineno, role.inliner = text, f"{{constant}}`{text}`", 3, parser
    parser.document.settings.env = SimpleNamespace(
        note_reread=lambda: None, new_serialno=lambda name: 0, docname="claims/R1"
    )
    return *role.run(), parser


def test_the_role_shows_the_name_where_the_pointer_or_the_focus_rests_and_leads_to_the_line():
    (node,), messages, _ = run("analysis.engine.claims.judge:INDIRECT_AFTER_DAYS")
    assert messages == []
    html = BeautifulSoup(node["html"], "html.parser")
    link, note = html.a, html.select_one("[role=tooltip]")
    assert (link.text, note.text, link["aria-describedby"]) == (
        "180",
        "analysis.engine.claims.judge.INDIRECT_AFTER_DAYS",
        note["id"],
    )
    page, _, line = link["href"].partition("#L")
    assert page == "../source/analysis.engine.claims.judge.html"
    source = Path(importlib.import_module("analysis.engine.claims.judge").__file__).read_text("utf-8").splitlines()
    assert source[int(line) - 1].startswith("INDIRECT_AFTER_DAYS")


@pytest.mark.parametrize(("above", "plain"), [(nodes.paragraph, False), (nodes.title, True), (nodes.reference, True)])
def test_a_constant_in_a_heading_or_a_link_is_plain_text(above, plain):
    (node,), _, _ = run("analysis.engine.claims.judge:INDIRECT_AFTER_DAYS")
    above("", "", node)
    assert node.astext() == "180"
    translator = SimpleNamespace(body=[], visit_inline=lambda node: None)
    with nullcontext() if plain else pytest.raises(nodes.SkipNode):
        visit_value(translator, node)
    assert bool(translator.body) is not plain


def test_percentiles_have_the_endings_of_ordinal_numbers():
    said = {1: "1st", 2: "2nd", 3: "3rd", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 29: "29th", 97.5: "97.5th"}
    assert {percent: FORMATS["percentile"](percent / 100) for percent in said} == said


def test_the_role_reports_an_error_where_there_is_no_such_constant():
    _, messages, parser = run("analysis.engine.claims.judge:WRONG<script>")
    assert len(messages) == 1
    message, line = parser.reporter.error.call_args.args[0], parser.reporter.error.call_args.kwargs["line"]
    assert "is not of the form" in message
    assert line == 3
