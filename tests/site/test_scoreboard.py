"""The scoreboard: a row for each claim, the flag of what is past its date, and the choice of claims."""

from datetime import date

import pytest

from analysis.engine.ledger import ledger
from analysis.engine.site.scoreboard import COLUMNS, choices, marked, scoreboard
from analysis.engine.words.formats import SPACE
from tests.site.entries import EVIDENCE, SUPPORT, entry
from tests.site.test_html import HOSTILE, soup, text

EXPIRY = date(2027, 5, 22)
AFTER = date(2027, 5, 23)


def test_scoreboard_counts_and_lists_every_claim():
    entries = ledger.entries()
    html = soup(scoreboard(entries, {"returns": "returns.html"}))
    assert [cell.get_text() for cell in html.select("td.id")] == [e.id for e in entries]
    assert sum(int(b.string) for b in html.select(".tally b")) == len(entries)
    computed = [e.id for e in entries if e.level is not None]
    assert f"{len(entries)} claims, {len(computed)} of them computed" in text(html.select_one(".tallied").decode())
    assert [a["href"] for a in html.select("td a")] == [f"claims/{e.id}.html" for e in entries]
    assert [a["href"] for a in html.select("th a")] == ["returns.html"]


def test_an_unassessed_claim_has_no_found_figure():
    row = soup(scoreboard([entry(estimate=None, certainty=None, verdict="unassessed")]))
    assert not row.select("svg[role=img]")
    assert "found" not in row.select_one("td.found").get_text()
    assert [cell.get_text() for cell in row.select("td.nb")] == ["–", "–"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"verdict": "pending", "due": "2028-12-31", "reason": "due 2028-12-31"},
            "asserted over 280 % · due 31 Dec 2028",
        ),
        ({"verdict": "supported", "evidence": [EVIDENCE, EVIDENCE]}, "asserted over 280 % · 2 evidence rows"),
        ({"verdict": "not-reproducible", "reason": "not public"}, "asserted over 280 % · not public"),
    ],
)
def test_what_stands_where_nothing_is_estimated(changes: dict, said: str):
    assert text(scoreboard([entry(estimate=None, **changes)])).count(said) == 1


def test_support_is_a_bar_with_its_number():
    cell = soup(scoreboard([entry(support=SUPPORT)]))
    assert cell.select_one(".share i")["style"] == "width:47%"
    assert "47 %" in text(str(cell))


def test_scoreboard_gives_the_interval_in_words_and_says_where_zero_is():
    cell = soup(scoreboard([entry()])).select_one("td.found")
    assert cell.select_one("svg text").string == "0"
    said = cell.select_one("small").get_text().replace(SPACE, " ")
    assert said == "−80.1 % (−84.9 to −75.2) found; over 280 % asserted"


def test_a_page_in_a_folder_leads_to_the_cards_all_the_same():
    html = soup(scoreboard([entry()], prefix="../"))
    assert html.select_one("td a")["href"] == "../claims/X1.html"


@pytest.mark.parametrize(
    ("expires", "today", "said", "flagged"),
    [
        ("2027-05-22", EXPIRY, "22 May 2027", False),
        ("2027-05-22", AFTER, "22 May 2027", True),
        (None, AFTER, "no date", False),
    ],
)
def test_a_claim_past_its_date_is_flagged_in_words_and_with_an_icon(expires, today, said, flagged):
    row = soup(scoreboard([entry(expires=expires)], today=today)).select_one("tr.claim")
    cell = row.select_one("td.again")
    assert cell.get_text().replace(SPACE, " ").endswith(said)
    assert bool(cell.select(".past .flag svg[aria-hidden]")) is flagged
    assert (row["data-again"] == "now") is flagged
    assert [time["datetime"] for time in cell.select("time")] == ([expires] if expires else [])


def test_the_clock_moves_with_the_environment(monkeypatch: pytest.MonkeyPatch):
    html = {}
    for today in ("2027-05-22", "2027-05-23"):
        monkeypatch.setenv("ANALYSIS_TODAY", today)
        html[today] = soup(scoreboard([entry(expires="2027-05-22")])).select(".past")
    assert [len(found) for found in html.values()] == [0, 1]


def test_every_claim_can_be_chosen_by_each_filter():
    entries = ledger.entries()
    html = soup(scoreboard(entries, today=AFTER))
    rows = html.select("tr.claim")
    for name in choices():
        options = html.select_one(f"select[name={name}]").select("option")
        counts = {option["value"]: sum(row[f"data-{name}"] == option["value"] for row in rows) for option in options}
        assert sum(counts.values()) == len(entries), name
        said = {option["value"]: option.get_text() for option in options if option["value"]}
        assert {value: int(label.rpartition("(")[2].rstrip(")")) for value, label in said.items()} == {
            value: count for value, count in counts.items() if value
        }


def test_each_filter_has_a_label_that_is_seen_and_the_count_is_read_out():
    html = soup(scoreboard([entry()], today=AFTER))
    assert [label.contents[0].strip() for label in html.select("label:has(select)")] == [
        label for label, _ in choices().values()
    ]
    assert html.select_one("output[role=status]").get_text() == f"1{SPACE}claim"
    assert html.select_one("button[type=reset]")


def test_a_grade_and_a_verdict_that_no_claim_has_are_not_offered():
    offered = [option["value"] for option in soup(scoreboard([entry()], today=AFTER)).select("[name=certainty] option")]
    assert offered == ["", "moderate"]


def test_an_ungraded_claim_is_found_under_not_graded():
    assert marked(entry(certainty=None), AFTER)["certainty"] == "none"


def test_the_tally_says_what_the_badges_say():
    html = soup(scoreboard([entry(), entry(verdict="pending"), entry(verdict="pending")]))
    said = [item.get_text() for item in html.select(".tally li")]
    assert said == ["1 differs: opposite sign", "2 pending"]
    assert {badge.get_text().lower() for badge in html.select(".badge-verdict")} == {one[2:] for one in said}


def test_a_chapter_heading_spans_the_table():
    html = soup(scoreboard([entry()]))
    assert html.select_one("tr.chapter th")["colspan"] == str(len(COLUMNS)) == str(len(html.select("thead th")))


def test_hostile_marks_stay_attributes():
    row = soup(
        scoreboard([entry(chapter='"><script>', certainty={"grade": "low", "start": "high", "reasons": [HOSTILE]})])
    )
    assert not row.find("script")
    assert row.select_one("tr.claim")["data-chapter"] == '"><script>'
