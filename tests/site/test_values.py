"""Values of the ledger in prose: what they say, their notes, and that a page with a wrong one is not built."""

import os
import shutil
import subprocess
import sys
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from docutils import nodes

from analysis.engine.ledger.entries import Entry
from analysis.engine.site import values
from analysis.engine.site.roles import LedgerValue, visit_value
from analysis.engine.site.verdicts import LOOKS
from analysis.engine.words.formats import SPACE
from tests.site.entries import RECORD, SUPPORT, changed, entry
from tests.site.test_html import HOSTILE, soup, text

ROOT = Path(__file__).resolve().parents[2]
BEFORE, AFTER = date(2027, 5, 22), date(2027, 5, 23)
FULL = entry(
    support=SUPPORT,
    tables={"tokens": "9f" * 32, "token_prices": "03" * 32},
    due="2028-12-31",
    expires="2027-05-22",
)


def noted(field: str, found: Entry = FULL, today: date = BEFORE, **more: str):
    """A value with its note, parsed."""
    return soup(values.noted(f"X1:{field}", {"X1": found}, note_id="note-7", today=today, **more))


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("asserted", "over 280 %"),
        ("statement", "A category gained more than 280 % in a year."),
        ("verdict", "differs, with the opposite sign"),
        ("primary_verdict", "differs, with the opposite sign"),
        ("estimate", "−80.1 %"),
        ("low", "−84.9 %"),
        ("high", "−75.2 %"),
        ("interval", "−84.9 to −75.2 %"),
        ("interval_of", "members"),
        ("n", "26"),
        ("T", "over 280 %"),
        ("T_minor", "over 252 %"),
        ("support", "47 %"),
        ("support_range", "20 to 70 %"),
        ("pivotal", "weights"),
        ("certainty", "moderate"),
        ("level", "3"),
        ("as_of", "31 Dec 2025"),
        ("due", "31 Dec 2028"),
        ("expires", "22 May 2027"),
    ],
)
def test_values_in_prose(field: str, said: str):
    assert values.value(f"X1:{field}", {"X1": FULL}).replace(SPACE, " ") == said


def test_what_a_claim_lacks_by_its_nature_is_said_so():
    assert values.value("X1:expires", {"X1": entry()}) == "no date"
    turned = entry(support=SUPPORT | {"pivotal": None})
    assert values.value("X1:pivotal", {"X1": turned}) == "no single factor"


def test_a_verdict_reads_well_in_a_sentence():
    said = {verdict: values.value("X1:verdict", {"X1": entry(verdict=verdict)}) for verdict in LOOKS}
    assert said["differs-opposite"] == "differs, with the opposite sign"
    assert said["inconclusive"] == "inconclusive"


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("Z9:estimate", "no claim 'Z9' in the ledger; known: X1"),
        ("X1:size", "no field 'size' of a claim; known: statement, "),
        ("X1", "no field '' of a claim"),
        ("X1:support", "claim X1 has no support yet"),
        ("X1:nearest_true", "claim X1 has no nearest_true yet"),
    ],
)
def test_values_that_do_not_exist_are_refused(reference: str, message: str):
    with pytest.raises(ValueError, match=message):
        values.value(reference, {"X1": entry(verdict="unassessed")})


def test_a_value_leads_to_its_card_and_is_described_by_its_note():
    html = noted("estimate", prefix="../")
    assert html.a["href"] == "../claims/X1.html"
    assert html.a.get_text() == f"−80.1{SPACE}%"
    assert html.a["aria-describedby"] == html.select_one("[role=tooltip]")["id"] == "note-7"
    assert not html.select("[role=tooltip] a")


def test_a_note_says_claim_field_interval_tables_and_dates():
    assert text(str(noted("estimate").select_one(".claim-note"))) == (
        "X1, estimate. Interval −84.9 to −75.2 %, of members. From the tables tokens and token_prices. "
        "As of 31 Dec 2025; look again after 22 May 2027."
    )
    assert "Found −80.1 %, interval −84.9 to −75.2 %, of members." in text(str(noted("asserted")))


def test_the_note_of_support_gives_its_own_range():
    said = text(str(noted("support").select_one(".claim-note")))
    assert "47 % of the definitions make it true, by weight. " in said
    assert "held as in the primary definition: 20 to 70 %. What turns the verdict: the choice of weights." in said
    assert "members" not in said


def test_a_note_has_no_interval_where_nothing_is_estimated():
    said = text(str(noted("asserted", entry(estimate=None)).select_one(".claim-note")))
    assert said == "X1, asserted. As of 31 Dec 2025; no date to look again."


def test_a_note_says_that_its_claim_is_past_its_date():
    found = noted("verdict", today=AFTER).select_one("[data-expires]")
    assert found["class"] == ["past"]
    assert found.get_text() == found["data-past"] == "past its date, look again since"


@pytest.mark.parametrize("field", sorted(values.PROSE))
def test_a_phrase_is_neither_link_nor_note(field: str):
    found = changed(FULL, reason="x", nearest_true="y")
    assert values.noted(f"X1:{field}", {"X1": found}, note_id="n", today=BEFORE) == values.value(
        f"X1:{field}", {"X1": found}
    )


def test_every_field_that_has_another_name_in_its_note_is_a_field():
    assert set(values.NAMES) | set(values.PROSE) <= set(values.FIELDS)


@pytest.mark.parametrize("field", ["statement", "asserted", "pivotal"])
def test_hostile_values_stay_text(field: str):
    hostile = changed(
        FULL,
        statement=HOSTILE,
        asserted=RECORD["asserted"] | {"value": None, "words": HOSTILE},
        support=SUPPORT | {"pivotal": HOSTILE},
        tables={HOSTILE: "00" * 32},
        estimate=RECORD["estimate"] | {"interval_of": HOSTILE},
    )
    html = noted(field, hostile)
    assert not html.find("script")
    assert HOSTILE in html.get_text()


@pytest.mark.parametrize(("above", "plain"), [(nodes.paragraph, False), (nodes.title, True), (nodes.reference, True)])
def test_a_value_in_a_heading_or_a_link_is_plain_text_since_contents_repeat_it(above: type, plain: bool):
    node = LedgerValue("", "high", html="<a>high</a>")
    outer = above("", "", nodes.emphasis("", "", node))
    translator = MagicMock(body=[])
    with nullcontext() if plain else pytest.raises(nodes.SkipNode):
        visit_value(translator, node)
    assert translator.visit_inline.called is plain
    assert translator.body == ([] if plain else ["<a>high</a>"])
    assert outer.astext() == "high"


def built(page: str, folder: Path) -> tuple[subprocess.CompletedProcess, str]:
    """What Sphinx says of a page, and the page as plain text."""
    (folder / "index.md").write_text(page, encoding="utf-8")
    shutil.copy(ROOT / "book" / "references.bib", folder)  # the cards' pages, which are built too, name the report
    settings = [
        "-D",
        "extensions=myst_parser,analysis.sphinx_extension",
        "-C",
        "-b",
        "text",
        "-W",
        "--keep-going",
        "-q",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *settings, str(folder), str(folder / "out")],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    out = folder / "out" / "index.txt"
    return done, out.read_text("utf-8") if out.exists() else ""


@pytest.mark.parametrize(
    ("reference", "message"),
    [("R1:size", "no field 'size' of a claim; known: "), ("R99:estimate", "no claim 'R99' in the ledger; known: R1")],
)
@pytest.mark.slow
def test_a_page_that_names_an_unknown_claim_or_field_is_not_built(reference: str, message: str, tmp_path: Path):
    done, _ = built(f"# Page\n\nThey lost {{claim}}`{reference}`.\n", tmp_path)
    assert done.returncode != 0
    assert message in done.stderr
    assert "index.md:3" in done.stderr


@pytest.mark.slow
def test_other_builders_write_the_value_as_plain_text(tmp_path: Path):
    done, page = built("# {claim}`R1:certainty`\n\nOver {claim}`R1:asserted`.\n", tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"Over over 280{SPACE}%." in page
    assert "claims/" not in page
