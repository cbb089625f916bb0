"""Reviews in the vocabulary of schema.org: valid by a strict schema, true to the ledger, harmless in a page."""

import json
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import get_args
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from analysis.engine import claims
from analysis.engine.claims import judge as verdicts
from analysis.engine.data.report import at_hand
from analysis.engine.data.sealed import DataError
from analysis.engine.ledger import ledger
from analysis.engine.ledger.entries import Entry
from analysis.engine.site.card import Surroundings, claim_card
from analysis.engine.site.claim_review import (
    BEST,
    RATINGS,
    WORST,
    Report,
    json_schema,
    read_book,
    read_report,
    review,
    script,
)
from analysis.engine.site.verdicts import QUIET, look
from tests.site.entries import changed

ROOT = at_hand().root
SITE = ROOT / "_build" / "html"
BOOK = read_book(ROOT / "CITATION.cff", published=date(2026, 11, 22))
REPORT = read_report(ROOT / "book" / "references.bib")


@pytest.fixture(scope="module")
def declared() -> dict[str, claims.Claim]:
    return claims.load_claims()


@pytest.fixture(scope="module")
def shipped() -> dict[str, Entry]:
    return {entry.id: entry for entry in ledger.entries()}


@pytest.mark.parametrize(
    "left", ["", "@misc{other, author={Doe, Ann}, title={A}, date={2026-01-22}}", "date", "author"]
)
def test_a_bibliography_without_the_report_is_refused(tmp_path: Path, left: str) -> None:
    fields = {"author": "{Doe, Ann}", "title": "{A}", "date": "{2026-01-22}"}
    entry = f"@misc{{{at_hand().reference}, {', '.join(f'{n}={v}' for n, v in fields.items() if n != left)}}}"
    (tmp_path / "references.bib").write_text(entry if left in fields else left)
    with pytest.raises(DataError, match=f"references.bib: needs an entry {at_hand().reference}"):
        read_report(tmp_path / "references.bib")


def reviewed(entry: Entry, declared: dict[str, claims.Claim], **more: object) -> dict | None:
    return review(entry, declared[entry.id], report=REPORT, book=BOOK, **more)


def faults(found: list) -> list[str]:
    return [error.message for error in Draft202012Validator(json_schema()).iter_errors(found)]


def carried(html: str) -> list[dict]:
    """Reviews that a page carries."""
    scripts = BeautifulSoup(html, "html.parser").select('script[type="application/ld+json"]')
    return [json.loads(element.string) for element in scripts]


def test_the_schema_is_one():
    Draft202012Validator.check_schema(json_schema())


def test_every_verdict_is_rated_or_has_no_review():
    assert {*RATINGS, *QUIET} == set(get_args(verdicts.Label))
    assert {*RATINGS} & {*QUIET} == set()
    assert all(value is None or WORST <= value <= BEST for value in RATINGS.values())


def test_the_report_is_the_one_in_the_references():
    title = "AI x Crypto: The Convergence of Two Megatrends"
    assert Report("Aisha Nakamura", title, date(2026, 1, 22)) == REPORT


@pytest.mark.parametrize("verdict", RATINGS)
def test_a_review_of_every_verdict_is_valid_and_true_to_the_ledger(verdict: str, shipped: dict, declared: dict):
    entry = changed(shipped["R1"], verdict=verdict)
    found = reviewed(entry, declared)
    assert faults([found]) == []
    assert json.loads(json.dumps(found)) == found
    assert (found["identifier"], found["claimReviewed"]) == ("R1", entry.statement)
    assert found["reviewRating"]["alternateName"] == look(verdict).said
    assert found["reviewRating"].get("ratingValue") == RATINGS[verdict]
    assert found["itemReviewed"]["appearance"]["pagination"] == "paragraph 1, sentence 2"


@pytest.mark.parametrize("verdict", QUIET)
def test_a_claim_on_which_nothing_was_found_yet_has_no_review(verdict: str, shipped: dict, declared: dict):
    assert reviewed(changed(shipped["R1"], verdict=verdict), declared) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r.pop("claimReviewed"),
        lambda r: r.update(more=1),
        lambda r: r.update(url="https://example.org/"),
        lambda r: r.update(datePublished="yesterday"),
        lambda r: r["reviewRating"].update(ratingValue=5),
        lambda r: r["reviewRating"].update(alternateName="True"),
        lambda r: r["itemReviewed"]["author"].update(name=""),
    ],
    ids=range(7),
)
def test_the_schema_refuses_what_is_no_review_of_ours(change, shipped: dict, declared: dict):
    found = deepcopy(reviewed(shipped["R1"], declared))
    change(found)
    assert faults([found])


@given(st.text())
def test_no_text_ends_the_script_or_is_changed_by_it(statement: str):
    html = str(script({"claimReviewed": f"{statement}</script><script>alert(1)</script><!--"}))
    assert html.count("<") == 2
    assert carried(html) == [{"claimReviewed": f"{statement}</script><script>alert(1)</script><!--"}]


def page(entry: Entry, declared: dict[str, claims.Claim]) -> str:
    """The body of a card's page."""
    around = Surroundings(BOOK, BOOK.published, "../")
    found = reviewed(entry, declared, on_card=True)
    return str(claim_card(entry, declared[entry.id], around) + (script(found) if found else ""))


def test_a_flip_of_the_verdict_changes_the_rating_on_the_page(shipped: dict, declared: dict):
    changes = {"verdict": "reproduced", "primary_verdict": "reproduced"}
    (before,), (after,) = (carried(page(changed(shipped["R1"], **more), declared)) for more in ({}, changes))
    assert (before["reviewRating"]["ratingValue"], after["reviewRating"]["ratingValue"]) == (1, 5)
    assert before["reviewRating"]["alternateName"] == "differs, with the opposite sign"
    assert after["reviewRating"]["alternateName"] == "reproduced"
    assert ">Reproduced</span>" in page(changed(shipped["R1"], **changes), declared)


def test_the_address_leads_to_the_card_from_the_page_itself_and_from_the_root(shipped: dict, declared: dict):
    root = "https://example.org/book/"
    here = reviewed(shipped["R1"], declared, on_card=True)["url"]
    assert here == "R1.html"
    assert urljoin(f"{root}claims/R1.html", here) == f"{root}claims/R1.html"
    assert urljoin(f"{root}claim_reviews.json", reviewed(shipped["R1"], declared)["url"]) == f"{root}claims/R1.html"
    based = read_book(ROOT / "CITATION.cff", published=BOOK.published, base="https://example.org/book")
    found = review(shipped["R1"], declared["R1"], report=REPORT, book=based, on_card=True)
    assert found["url"] == f"{root}claims/R1.html"


def test_the_citation_file_and_the_package_have_one_version():
    assert f'\nversion = "{BOOK.version}"\n' in (ROOT / "pyproject.toml").read_text("utf-8")


@pytest.mark.site
@pytest.mark.slow
def test_the_reviews_of_the_built_site_are_valid_and_those_of_the_ledger():
    if not (SITE / "claim_reviews.json").is_file():
        pytest.skip("no built site in _build/html: run `make book`")
    records = {record["id"]: record for record in json.loads((SITE / "verdicts.json").read_text("utf-8"))}
    published = {found["identifier"]: found for found in json.loads((SITE / "claim_reviews.json").read_text("utf-8"))}
    assert json.loads((SITE / "claim_review.schema.json").read_text("utf-8")) == json_schema()
    assert set(published) == {name for name, record in records.items() if record["verdict"] not in QUIET}
    for name, record in records.items():
        assert json.loads((SITE / "claims" / f"{name}.json").read_text("utf-8")) == record
        found = carried(Path(SITE / "claims" / f"{name}.html").read_text("utf-8"))
        assert [review["identifier"] for review in found] == [name] * (name in published)
        assert faults(found) == []
        for one in found:
            assert one["claimReviewed"] == record["statement"]
            assert one | {"url": None} == published[name] | {"url": None}
