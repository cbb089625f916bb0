"""What the site's functions make of ledger records and of a data package, whatever text these hold."""

from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from analysis.engine.claims import Finding, judge
from analysis.engine.claims.coverage import Sentence, System
from analysis.engine.data.chapters import load_chapters, titles
from analysis.engine.ledger import ledger
from analysis.engine.ledger.entries import Entry
from analysis.engine.site.card import strip
from analysis.engine.site.catalogue import banner
from analysis.engine.site.catalogue import entry as catalogued
from analysis.engine.site.coverage import coverage, systems
from analysis.engine.site.html import macro
from analysis.engine.site.images import AlternativeText
from analysis.engine.site.phrases import asserted_words
from analysis.engine.site.picture import WIDTH, axis, picture
from analysis.engine.site.scoreboard import scoreboard
from analysis.engine.site.sphinx import copy_data
from analysis.engine.site.verdicts import LEVELS, LOOKS
from analysis.engine.words.formats import SPACE
from tests.site.entries import EVIDENCE, RECORD, SUPPORT, entry, unchecked

HOSTILE = "<script>alert(\"1\")</script> & 'quoted'\n=cmd() 🙂 \u202eright to left"


@pytest.fixture(scope="module")
def shipped() -> list[Entry]:
    return ledger.entries()


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def text(html: str) -> str:
    return soup(html).get_text().replace(SPACE, " ")


def test_every_verdict_level_and_chapter_has_a_look():
    assert set(LOOKS) == set(get_args(judge.Label))
    assert tuple(LEVELS) == get_args(get_type_hints(Finding)["level"])
    assert tuple(titles()) == tuple(load_chapters())


@pytest.mark.parametrize("verdict", LOOKS)
def test_a_badge_says_its_verdict_in_words_and_hides_its_icon(verdict: str):
    html = soup(macro("badge")(verdict))
    assert html.get_text() == LOOKS[verdict].label
    assert html.svg["aria-hidden"] == "true"


def test_different_verdicts_of_one_tone_have_different_words():
    labels = [look.label for look in LOOKS.values()]
    assert len(labels) == len(set(labels))


def test_unknown_verdict_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"unknown verdict 'maybe'; known: reproduced, "):
        macro("badge")("maybe")


def test_certainty_is_read_out_as_a_word():
    html = soup(macro("dots")(judge.Certainty("low", "high", ())))
    assert html.select_one(".dots")["aria-hidden"] == "true"
    assert html.select_one(".dots i").string == "●●"
    assert html.select_one(".grade").string == "low"
    assert macro("dots")(None).striptags() == "–"


def test_picture_says_the_numbers_that_it_shows():
    drawn = soup(picture(entry())).svg
    label = drawn["aria-label"].replace(SPACE, " ")
    assert label == "asserted over 280 %, found −80.1 %, interval −84.9 to −75.2 %"
    assert drawn["role"] == "img"
    assert drawn.select_one(".ref")
    assert drawn.select_one(".ci")


def test_open_side_of_the_band_reaches_the_edge():
    band = soup(picture(entry())).select_one(".band")
    assert float(band["x"]) + float(band["width"]) == WIDTH
    under = entry(T="(-inf, 1)", asserted=RECORD["asserted"] | {"form": "under", "value": 1.0})
    assert float(soup(picture(under)).select_one(".band")["x"]) == 0


def test_far_apart_figures_get_a_logarithmic_axis_that_says_so():
    estimate = RECORD["estimate"] | {"value": 4e7, "low": 1e7, "high": 9e7, "unit": "USD"}
    asserted = RECORD["asserted"] | {"form": "about", "value": 2.4e9, "unit": "USD"}
    drawn = soup(picture(entry(T="[1.8e9, 3e9]", estimate=estimate, asserted=asserted))).svg
    assert drawn["aria-label"].endswith("(logarithmic axis)")


def test_nothing_is_drawn_without_an_estimate_or_a_band():
    assert picture(entry(estimate=None)) is None
    assert picture(entry(T=None)) is None


@given(
    low=st.floats(-1e12, 1e12),
    width=st.floats(0, 1e12),
    figures=st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=4),
    open_side=st.sampled_from(["", "low", "high"]),
)
def test_every_figure_lies_inside_the_picture_in_order(low: float, width: float, figures: list[float], open_side: str):
    left = float("-inf") if open_side == "low" else low
    right = float("inf") if open_side == "high" else low + width
    at, _ = axis(left, right, figures)
    places = [at(figure) for figure in sorted([*figures, left, right])]
    assert places == sorted(places)
    assert all(0 <= place <= WIDTH for place in places)


def test_what_each_claim_asserts_can_be_said(shipped: list[Entry]):
    assert [found.id for found in shipped if not asserted_words(found.asserted)] == []


@pytest.mark.parametrize(("asserted", "side"), [(2.0, "end"), (-2.0, "start"), (80.0, "middle")])
def test_the_label_of_zero_keeps_clear_of_the_asserted_figure(asserted: float, side: str):
    changes = {"T": "[-100, 100]", "asserted": RECORD["asserted"] | {"form": "about", "value": asserted}}
    assert soup(picture(entry(**changes))).find("text")["text-anchor"] == side


def test_strip_has_four_fields():
    curve = {"estimate": [1.0, 2.0], "to_share": [0.5, 1.0], "holds": [False, True], "primary": 0}
    html = soup(strip(entry(support=SUPPORT, curve=curve)))
    fields = [text(str(field)) for field in html.div.find_all("div", recursive=False)]
    assert html.div["id"] == "X1"
    assert fields == [
        "Verdict on X1Differs: opposite signasserted over 280 %",
        "Found−80.1 %−84.9 to −75.2 %, interval of members",
        "Support47 %of the definitions make it true, by weight, with 2 different results. With one choice at a time "
        "held as in the primary definition: 20 to 70 %. What turns the verdict: the choice of weights.",
        "Certainty●●●● moderatelevel 3, our estimate on compiled observations; lowered for a proxy (−1)",
    ]


def test_strip_counts_what_speaks_for_and_against():
    rows = [EVIDENCE | {"bearing": bearing} for bearing in ("supports", "supports", "contradicts", "neutral")]
    html = soup(strip(entry(estimate=None, evidence=rows, verdict="inconclusive")))
    assert "Found2 for, 1 againstof 4 rows of evidence; 1 is neutral" in text(str(html))


def test_an_interval_stands_in_the_unit_of_its_estimate():
    found = RECORD["estimate"] | {"value": 74.0, "low": 21.8, "high": 667.0, "unit": "s", "interval_of": "systems"}
    assert "Found74 s21.8 to 667 s, interval of systems" in text(str(soup(strip(entry(estimate=found)))))


def test_strip_of_an_unassessed_claim_admits_it():
    html = soup(strip(entry(estimate=None, certainty=None, verdict="unassessed", level=None)))
    assert [e.get_text() for e in html.select(".absent")] == ["no estimate yet", "not computed yet", "not graded yet"]
    assert [bold.get_text() for bold in html.select("b")] == ["Not assessed"]


def test_strip_says_why_a_claim_that_is_left_open_has_no_support():
    left_open = soup(strip(entry(estimate=None, verdict="inconclusive", support=None)))
    assert "Supportnot giventhe primary definition leaves the claim open" in text(str(left_open))
    settled = soup(strip(entry(estimate=None, verdict="supported", support=None)))
    assert "Supportnot givenCertainty" in text(str(settled))


def test_coverage_links_claims_and_gives_reasons():
    sentences = [
        Sentence(1, 1, "A gain.", claims=("X1",)),
        Sentence(1, 2, "A view.", status="opinion", reason="no measure"),
    ]
    html = soup(coverage(sentences, {"X1": entry()}, "../"))
    first, second = (row.get_text(" ") for row in html.select("tbody tr"))
    assert "X1" in first
    assert "Differs: opposite sign" in first
    assert html.select_one("td a")["href"] == "../claims/X1.html"
    assert "Opinion" in second
    assert "no measure" in second


def test_systems_stand_under_their_chapter_with_its_claims():
    named = [System("A", 1, 1, "returns"), System("B", 1, 2, "compute"), System("C", 1, 3, "returns")]
    html = soup(systems(named, {"X1": entry()}, {"returns": "returns.html"}))
    assert [a["href"] for a in html.select("tr.chapter a")] == ["returns.html", "claims/X1.html"]
    assert [a["href"] for a in html.select("td a")] == ["#sentence-1-1", "#sentence-1-3", "#sentence-1-2"]
    assert [row.get_text(" ", strip=True) for row in html.select("tr.chapter")] == [
        "Returns claims X1",
        "Compute not written yet",
    ]
    assert [row.td.string for row in html.select("tbody tr:not(.chapter)")] == ["A", "C", "B"]


PACKAGE = {
    "name": "prices",
    "path": "prices.csv.gz",
    "description": "Closes.",
    "hash": "sha256:0123456789abcdef",
    "bytes": 1234,
    "licence_remark": "Facts.",
    "compiled_by": ["The median of sources."],
    "schema": {
        "primaryKey": ["date", "symbol"],
        "fields": [
            {
                "name": "date",
                "type": "date",
                "description": "day",
                "constraints": {"required": True},
                "rules": ["past"],
            },
            {"name": "usd", "type": "number", "unit": "USD", "description": "close", "constraints": {}, "rules": []},
            {"name": "held", "type": "boolean", "constraints": {"required": True}, "rules": []},
        ],
    },
}


def test_catalogue_entry_says_all_that_the_package_knows():
    sources = [
        {
            "title": "Exchange",
            "address": "https://example.org/",
            "licence_as_stated": "none stated",
            "commit": "c0ffee" * 6,
        }
    ]
    html = soup(catalogued(PACKAGE, rows=7, sources=sources))
    said = text(str(html))
    assert html.select_one("a[download]")["href"] == "data/prices.csv.gz"
    for part in (
        "7 rows",
        "3 columns",
        "1.2 kB",
        "a row for each date and symbol",
        "0123456789ab",
        "The median",
        "none stated",
        "commit c0ffeec0ff",
    ):
        assert part in said
    date, usd, held = (row.get_text(" ") for row in html.select("tbody tr"))
    assert "may be missing" not in date
    assert "USD" in usd
    assert "may be missing" in usd
    assert "true or false" in held
    assert [cell.parent.td.get_text() for cell in html.select("td.blank")] == ["date", "held"]


def test_modified_tables_are_named_on_every_page_and_in_the_catalogue():
    package = {"modified": True, "resources": [{"name": "token_prices", "modified": True}, {"name": "tokens"}]}
    assert str(banner(package)).startswith("Built on modified data: token_prices. ")
    assert banner({"modified": False, "resources": [{"name": "tokens"}]}) is None
    assert "not the shipped table" in catalogued(PACKAGE | {"modified": True})


HARMFUL = {"title": HOSTILE, "address": "javascript:alert(1)", "licence_as_stated": HOSTILE}


@pytest.mark.parametrize(
    "html",
    [
        scoreboard([entry(statement=HOSTILE)]),
        scoreboard([entry(estimate=None, reason=HOSTILE)]),
        scoreboard([entry(estimate=None, asserted=RECORD["asserted"] | {"value": None, "words": HOSTILE})]),
        scoreboard([entry(statement=HOSTILE)], {"returns": 'x"><script>'}),
        picture(unchecked(entry(), estimate=unchecked(entry().estimate, unit=HOSTILE))),
        strip(entry(estimate=RECORD["estimate"] | {"interval_of": HOSTILE})),
        strip(entry(certainty={"grade": "low", "start": "high", "reasons": [HOSTILE]})),
        coverage([Sentence(1, 1, HOSTILE, status="opinion", reason=HOSTILE)], {}),
        systems([System(HOSTILE, 1, 1, "compute")], {}),
        catalogued(PACKAGE | {"description": HOSTILE, "name": HOSTILE, "licence_remark": HOSTILE}),
        catalogued(
            PACKAGE, sources=[{"title": HOSTILE, "address": "javascript:alert(1)", "licence_as_stated": HOSTILE}]
        ),
        banner({"modified": True, "resources": [{"name": HOSTILE, "modified": True}]}),
    ],
    ids=range(12),
)
def test_hostile_text_stays_text(html: str):
    found = soup(str(html))
    assert not found.find("script")
    assert not any(name.startswith("on") for element in found.find_all() for name in element.attrs)
    assert not found.select('a[href^="javascript"]')
    attributes = [str(value) for element in found.find_all() for value in element.attrs.values()]
    assert HOSTILE in found.get_text() or any(HOSTILE in value for value in attributes)


def test_copies_are_the_same_bytes(tmp_path: Path):
    (tmp_path / "odd name.csv").write_bytes(b"\xef\xbb\xbfa\r\n\x00")
    copy_data(tmp_path, tmp_path / "site", ["odd name.csv"])
    assert (tmp_path / "site" / "data" / "odd name.csv").read_bytes() == (tmp_path / "odd name.csv").read_bytes()


class Output:
    """An output of a notebook, as MyST-NB hands it over."""

    def __init__(self, mime_type: str, alt: str | None) -> None:
        self.mime_type = mime_type
        self.output_metadata = {"image/png": {"alt": alt}} if alt else {}

    def render_image(self, data: "Output") -> list[dict]:
        return [{"uri": data.mime_type}]


def test_pictures_of_notebooks_keep_their_alternative_text():
    output = Output("image/png", "3 lines")
    assert AlternativeText.handle_mime(output, output, False) == [{"uri": "image/png", "alt": "3 lines"}]
    for other in (Output("image/png", None), Output("text/html", "3 lines")):
        assert AlternativeText.handle_mime(other, other, False) is None


def test_that_renderer_is_registered():
    from importlib.metadata import entry_points

    names = [point.value for point in entry_points(group="myst_nb.mime_renderers")]
    assert "analysis.engine.site.images:AlternativeText" in names
