"""Claim cards, long and short, their curve, and the texts to copy from them."""

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from analysis.engine import claims
from analysis.engine.ledger import ledger
from analysis.engine.ledger.entries import Entry
from analysis.engine.site import curve as curves
from analysis.engine.site.card import BEARINGS, KINDS, REASONS, Surroundings, claim_card, short_card, stub
from analysis.engine.site.citing import bibtex, citation, hashes, objection
from analysis.engine.site.claim_review import Book
from analysis.engine.site.curve import HEAD, PLOT, axis, curve, words
from analysis.engine.site.source import locate
from analysis.engine.words.formats import SPACE
from tests.site.entries import CURVE, EVIDENCE, SUPPORT, changed, entry

BOOK = Book("The book", "Its authors", "1.2.3", date(2026, 11, 22))
TODAY = date(2026, 11, 22)
PAGES = frozenset({"index", "coverage", "methods", "data_catalogue", "returns"})


@pytest.fixture(scope="module")
def declared() -> dict[str, claims.Claim]:
    return claims.load_claims()


@pytest.fixture(scope="module")
def shipped() -> dict[str, Entry]:
    return {one.id: one for one in ledger.entries()}


def around(**changes: object) -> Surroundings:
    return Surroundings(**{"book": BOOK, "today": TODAY, "prefix": "../", "pages": PAGES} | changes)


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(str(html), "html.parser")


def said(html: str) -> str:
    return soup(html).get_text(" ").replace(SPACE, " ")


def test_every_kind_bearing_and_reason_has_its_words():
    assert set(KINDS) == set(get_args(claims.Kind))
    assert set(BEARINGS) == set(get_args(claims.Evidence.__annotations__["bearing"]))
    missing = get_args(claims.Finding.__annotations__["missing"])
    assert set(REASONS) == {reason for part in missing for reason in get_args(part)}


@pytest.mark.slow
def test_every_claim_has_a_card_that_states_it(shipped: dict[str, Entry], declared: dict[str, claims.Claim]):
    for name, one in shipped.items():
        page = soup(claim_card(one, declared[name], around()))
        assert page.select_one("p.statement bdi").get_text() == one.statement
        shown = "".join(page.get_text().split())
        for part in (declared[name].why_T, *declared[name].alternatives, *declared[name].parts):
            assert "".join(part.replace("`", "").split()) in shown, (name, part)


def test_the_whole_card_names_all_that_the_verdict_rests_on(shipped: dict[str, Entry], declared: dict):
    one = shipped["R1"]
    files = {name: f"{name}.csv" for name in one.tables}
    page = soup(claim_card(one, declared["R1"], around(function=locate(one.computed_by), files=files)))
    links = {a["href"] for a in page.select("a[href]")}
    for name in one.tables:
        assert {f"../data_catalogue.html#table-{name}", f"../data/{name}.csv"} <= links
        assert [a.get_text() for a in page.select(f'[href="../data/{name}.csv"]')] == [f"{name}.csv"]
    hashes = [one.code_sha256, one.definition_sha256, *one.tables.values()]
    whole = {
        hidden.select_one("summary code").get_text(): hidden.contents[-1].get_text() for hidden in page.select(".hash")
    }
    assert whole == {digest[:12]: digest for digest in hashes}
    line = locate(one.computed_by).line
    assert f"../source/analysis.returns.category.html#L{line}" in links
    assert {"../methods.html#objecting", "../coverage.html#sentence-1-2", "../returns.html#R1"} <= links
    assert {"../claims/R1.json", "../verdicts.json", "../verdicts.csv"} <= links


def test_a_card_links_to_no_page_that_does_not_exist(shipped: dict[str, Entry], declared: dict):
    page = soup(claim_card(shipped["V4"], declared["V4"], around(pages=frozenset(), before="V3")))
    pages = {a["href"] for a in page.select("a[href]") if a["href"].endswith(".html") or ".html#" in a["href"]}
    assert pages == {"../claims/V3.html"}
    assert "The page on methods" not in page.get_text()


def test_an_unassessed_claim_says_so_and_shows_how_it_will_be_judged(shipped: dict[str, Entry], declared: dict):
    found = dict.fromkeys(("level", "certainty", "support", "curve", "estimate", "nearest_true", "computed_by"))
    found |= {"verdict": "unassessed", "primary_verdict": "unassessed", "evidence": [], "tables": {}}
    text = said(claim_card(changed(shipped["V4"], **found), declared["V4"], around()))
    assert "No function assesses this claim yet." in text
    assert "Two parts, EZKL and Modulus Labs." in text
    assert "Certainty" not in text


def test_a_pending_claim_says_until_when(shipped: dict[str, Entry], declared: dict):
    assert "The claim is about a day to come, 31 Dec 2028" in said(claim_card(shipped["C1"], declared["C1"], around()))


def test_a_claim_that_cannot_be_checked_says_why(shipped: dict[str, Entry], declared: dict):
    one = changed(shipped["V4"], verdict="not-reproducible", reason="not public", level=None)
    assert "the data that it needs are not public" in said(claim_card(one, declared["V4"], around()))


def test_the_primary_definitions_verdict_stands_beside_one_that_turns_on_the_definition(shipped: dict, declared: dict):
    changes = {"verdict": "definition-ambiguous", "primary_verdict": "differs-smaller"}
    header = soup(claim_card(changed(shipped["R1"], **changes), declared["R1"], around())).header
    assert [badge.get_text() for badge in header.select(".badge-verdict")] == [
        "Turns on the definition", "Differs: smaller",
    ]  # fmt: skip
    assert not soup(claim_card(shipped["R1"], declared["R1"], around())).select(".primary-verdict")


@pytest.mark.parametrize(("today", "past"), [(date(2027, 5, 22), False), (date(2027, 5, 23), True)])
def test_an_expired_verdict_is_flagged_from_the_day_after(today: date, past: bool, shipped: dict, declared: dict):
    one = changed(shipped["V4"], expires="2027-05-22")
    for card in (claim_card(one, declared["V4"], around(today=today)), short_card(one, around(today=today))):
        assert bool(soup(card).select(".past")) == past
        (flagged,) = soup(card).select("[data-expires]")
        assert (flagged["data-expires"], flagged["data-past"]) == ("2027-05-22", "look again: past")
        assert ("look again: past 22 May 2027" if past else "look again after 22 May 2027") in " ".join(
            said(card).split()
        )


def test_a_card_without_a_date_says_so(shipped: dict, declared: dict):
    for card in (claim_card(shipped["R1"], declared["R1"], around()), short_card(shipped["R1"], around())):
        assert "no date to look again" in said(card)


def test_evidence_is_a_table_with_linked_sources(shipped: dict, declared: dict):
    evidence = [EVIDENCE, EVIDENCE | {"part": None, "observed_on": None, "vendor": False}]
    one = changed(shipped["V4"], evidence=evidence)
    sources = {"s1": {"title": "A paper", "address": "https://example.org/paper"}}
    rows = soup(claim_card(one, declared["V4"], around(sources=sources))).select(".evidence tbody tr")
    assert [c.get_text().replace(SPACE, " ") for c in rows[0].select("td")] == [
        "It was seen.", "supports", "EZKL", "A paper", "1 Jun 2025", "yes",
    ]  # fmt: skip
    assert rows[0].a["href"] == "https://example.org/paper"
    assert [c.get_text() for c in rows[1].select("td")][2:] == ["–", "A paper", "–", "no"]


def test_every_downgrade_and_the_judged_publication_bias_are_listed(shipped: dict, declared: dict):
    reasons = ["imprecision: a", "bias: b: c", "publication bias: not this", "weather"]
    one = changed(shipped["R1"], certainty={"grade": "low", "start": "high", "reasons": reasons})
    rows = facts(claim_card(one, declared["R1"], around()), "sure")
    assert rows["Certainty"] == "●● ●● low Starts at high."
    assert rows["Imprecision"] == "one step down: a"
    assert rows["Indirectness"] == rows["Inconsistency"] == rows["Reliability"] == "no step down"
    assert rows["Bias"] == "one step down: b: c"
    assert rows["Publication bias"].startswith("no step down (judged 22 Nov 2026): Prices are recorded")
    assert rows["Another step"] == "weather"


def facts(card: str, section: str) -> dict[str, str]:
    """Rows of one section of a card."""
    rows = soup(card).select(f'section[aria-labelledby="{section}"] dl.facts > div')
    return {row.dt.get_text(): " ".join(row.dd.get_text(" ").split()) for row in rows}


def test_publication_bias_lies_ahead_of_an_unassessed_claim(shipped: dict, declared: dict):
    rows = facts(claim_card(shipped["F1"], declared["F1"], around()), "sure")
    assert list(rows) == ["Publication bias"]
    assert rows["Publication bias"].startswith("will count one step down (judged 22 Nov 2026): ")


def test_support_says_its_range_and_what_turns_it(shipped: dict, declared: dict):
    one = changed(shipped["R1"], support=SUPPORT)
    for card in (claim_card(one, declared["R1"], around()), short_card(one, around())):
        text = " ".join(said(card).split())
        results = len(one.curve.estimate)
        assert (
            f"47 % of the definitions make it true, by weight, with {results} different results With one choice" in text
        )
        assert "the primary definition: 20 to 70 % What turns the verdict: the choice of weights" in text


def test_a_range_of_support_that_is_one_figure_is_left_out(shipped: dict, declared: dict):
    one = changed(shipped["R1"], support={"balanced": 0.0, "low": 0.0, "high": 0.001, "pivotal": None})
    text = said(claim_card(one, declared["R1"], around()))
    assert "With one choice" not in text
    assert "What turns the verdict: no single choice" in text


def test_the_short_card_leads_to_the_whole_one(shipped: dict[str, Entry]):
    card = soup(short_card(shipped["R1"], around(prefix="", function=locate("analysis.returns.category:assess_r1"))))
    links = [a["href"] for a in card.select("footer a")]
    assert links == ["claims/R1.html", "claims/R1.html#cite", "claims/R1.html#object", "claims/R1.json"]
    assert [term.get_text() for term in card.select("dt")] == ["Support", "Certainty", "Level", "Computed by"]


def test_ids_are_unique_on_a_card(shipped: dict[str, Entry], declared: dict):
    ids = [e["id"] for e in soup(claim_card(shipped["R1"], declared["R1"], around())).select("[id]")]
    assert len(ids) == len(set(ids))


def test_a_stub_is_an_orphan_with_the_card():
    assert stub("R1").startswith("---\norphan: true\n")
    assert "```{claim-card} R1\n```" in stub("R1")


def test_the_citation_names_id_version_and_hashes(shipped: dict[str, Entry]):
    one = shipped["R1"]
    for text in (citation(one, BOOK), bibtex(one, BOOK), objection(one, BOOK)):
        assert "R1" in text
        assert "1.2.3" in text
        assert all(digest[:12] in text for digest in hashes(one).values())
    assert "280 \\%" in bibtex(one, BOOK).replace(SPACE, " ")


def test_addresses_are_given_where_they_are_set(shipped: dict, declared: dict):
    one = shipped["R1"]
    public = replace(BOOK, base="https://example.org/book/", repository="https://example.org/code")
    for text in (citation(one, public), bibtex(one, public)):
        assert "version 1.2.3, built 22 Nov 2026, https://example.org/book/claims/R1.html" in text.replace(SPACE, " ")
    assert "claims/R1.html" not in citation(one, BOOK)
    tracker = "https://example.org/code/issues"
    card = soup(claim_card(one, declared["R1"], around(book=public)))
    assert card.select_one(".where a")["href"] == tracker
    private = soup(claim_card(one, declared["R1"], around())).select_one(".where")
    assert "This copy names no public address: send the text below" in private.get_text()
    assert not private.find("a")


@given(st.text(max_size=60))
def test_bibtex_stays_one_entry_whatever_the_statement(statement: str):
    cited = bibtex(entry(statement=statement, verdict="pending"), BOOK)
    bare = cited.replace(r"\{", "").replace(r"\}", "")
    assert bare.count("{") == bare.count("}")
    assert cited.count("\n") == 6


def drawn_with(found: dict | None, region: str | None = "(0, inf)") -> str | None:
    """The curve of an entry."""
    return curve(entry(curve=found, T=region))


def test_the_curve_says_the_numbers_that_it_shows():
    drawn = soup(drawn_with(CURVE)).svg
    assert drawn["role"] == "img"
    assert drawn["aria-label"].replace(SPACE, " ") == (
        "Specification curve: 3 distinct results, from −9 % to 30 %; half of the weight lies up to −9 %; the primary "
        "definition gives −9 %; the claim (over 0 %) holds under 25 % of specifications."
    )
    assert "primary −9 %" in drawn.get_text(" ").replace(SPACE, " ")


def test_where_the_claim_holds_is_marked_by_more_than_colour():
    drawn = soup(drawn_with(CURVE))
    assert drawn.select("path.holds")
    (bar,) = drawn.select(".strip rect")
    assert (float(bar["x"]), float(bar["width"])) == (750, 250)
    assert "thick line and bar" in drawn.get_text()
    never = soup(drawn_with(CURVE | {"holds": [False] * 3}))
    assert not never.select("path.holds, .strip rect")
    assert "holds under none" in never.get_text()


def test_no_curve_without_specifications():
    assert drawn_with(None) is None


def test_extreme_estimates_get_a_symmetric_log_axis_that_says_so():
    drawn = drawn_with(CURVE | {"estimate": [-9.0, 1.0, 90000.0]})
    assert "Symmetric log axis." in soup(drawn).svg["aria-label"]
    assert "(symmetric log axis)" in drawn


def test_a_curve_without_a_band_or_a_primary_result_is_drawn():
    drawn = soup(drawn_with(CURVE | {"primary": None}, region=None))
    assert not drawn.select(".band, .primary")
    assert "cannot be computed" in drawn.svg["aria-label"]


def test_the_axis_turns_where_the_chapters_figure_turns():
    figures = pytest.importorskip("analysis.engine.multiverse.figures")
    assert curves.linear_until is figures.linear_until


@given(
    st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=30),
    st.lists(st.floats(-1e9, 1e9), max_size=2),
)
def test_every_figure_lies_inside_the_plot_in_order(estimates: list[float], edges: list[float]):
    at, ticks, _ = axis(sorted(estimates), [1 / len(estimates)] * len(estimates), edges)
    heights = [at(x) for x in sorted([*estimates, *edges, 0.0, float("-inf"), float("inf")])]
    assert heights == sorted(heights, reverse=True)
    assert all(HEAD <= y <= HEAD + PLOT for y in heights)
    assert 1 <= len(ticks) <= 10


def test_the_shipped_curves_say_the_ledgers_support(shipped: dict[str, Entry]):
    for one in shipped.values():
        if one.curve:
            held = round(100 * one.support.balanced, 1)
            assert f"holds under {held:g} % of specifications" in words(one).replace(SPACE, " ")
