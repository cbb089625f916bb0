"""Tables, computed sentences and figures as the book shows them."""

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from matplotlib.figure import Figure

from analysis.engine.words import figures
from analysis.engine.words.figures import LEAST_TEXT, Drawn, prose, show, styled, table


def shown(frame: pd.DataFrame) -> BeautifulSoup:
    return BeautifulSoup(table(frame).data, "html.parser")


def test_each_cell_names_its_column_whatever_that_is_called():
    frame = pd.DataFrame({'a "b" <c>': ["x", "y"], "d": [1, 2]})
    cells = shown(frame).select("td")
    assert [(cell["data-label"], cell.text) for cell in cells] == [
        ('a "b" <c>', "x"),
        ("d", "1"),
        ('a "b" <c>', "y"),
        ("d", "2"),
    ]


@pytest.mark.parametrize(
    ("columns", "wide"),
    [
        ({"network": ["Akash"], "discount, %": [65.0]}, False),
        ({"words": ["that wrap, however many of them there are, in a column of their own"], "n": [1]}, False),
        ({"words": ["that-do-not-wrap-however-narrow-a-phone-is"], "n": [1]}, True),
        ({f"column {i}": [1234.5] for i in range(7)}, True),
        ({"a header of many words that wrap": [1], "n": [2]}, False),
        ({f"does\N{NO-BREAK SPACE}not\N{NO-BREAK SPACE}wrap {i}": [1] for i in range(3)}, True),
        ({"empty": [], "too": []}, False),
    ],
)
def test_a_table_wider_than_a_phone_is_marked(columns, wide):
    assert ("wide" in shown(pd.DataFrame(columns)).table["class"]) == wide


@pytest.mark.parametrize("spec", ["", ".0f", ",.0f", "+.1f", "#.7g"])
def test_thousands_are_set_apart_in_tables_as_they_are_in_sentences(spec):
    frame = pd.DataFrame({"value": [-1234567.0, 0.5]})
    first = table(frame, {"value": spec}).data if spec else table(frame).data
    assert "−1\u202f234\u202f567" in first
    assert "," not in "".join(cell.text for cell in BeautifulSoup(first, "html.parser").select("td"))
    assert "1\u202f234</td>" in table(pd.DataFrame({"count": [1234]})).data


@pytest.fixture
def displayed(monkeypatch):
    """Gives HTML and plain text of what a call displays."""

    def display(call, *args, **more) -> tuple[BeautifulSoup, str]:
        seen = []
        monkeypatch.setattr(figures, "display", lambda data, raw: seen.append(data))
        call(*args, **more)
        (data,) = seen
        return BeautifulSoup(data["text/html"], "html.parser"), data["text/plain"]

    return display


def test_computed_sentences_are_paragraphs_and_lists(displayed):
    html, plain = displayed(prose, "One <b>.", "Two networks:\na & b\nc", {"Price": "low", "Time": "long"})
    assert [p.text for p in html.select("p")] == ["One <b>.", "Two networks:"]
    assert [[item.text for item in of.select("li")] for of in html.select("ul")] == [
        ["a & b", "c"],
        ["Price. low", "Time. long"],
    ]
    assert [b.text for b in html.select("b")] == ["Price.", "Time."]
    assert plain == "One <b>.\nTwo networks:\na & b\nc\nPrice: low\nTime: long"


def test_of_two_lines_the_second_is_a_paragraph_where_the_first_leads_to_it(displayed):
    html, _ = displayed(prose, "It says:\nno")
    assert not html.select("ul")
    assert [p.text for p in html.select("p")] == ["It says:", "no"]


@pytest.mark.parametrize("size", [6.0, 12.0])
def test_a_figure_is_never_so_narrow_that_its_smallest_text_cannot_be_read(size, displayed, monkeypatch):
    monkeypatch.setenv("ANALYSIS_FIGURES", "svg")
    with styled({"font.size": size, "axes.titlesize": 20}):
        fig = Figure(figsize=(5, 3))
        fig.add_subplot().set_title("large")
    html, _ = displayed(show, Drawn(fig, "1 dot", pd.DataFrame({"a": [1]})), name="made")
    least = int(html.figure["style"].removeprefix("--least: ").removesuffix("px"))
    width = float(html.svg["viewbox" if html.svg.has_attr("viewbox") else "viewBox"].split()[2])
    assert least == pytest.approx(width * LEAST_TEXT / size, abs=1)
    assert html.select_one(".sideways")["tabindex"] == "0"
    assert html.select_one(".sideways")["aria-label"]
