"""Tables as the book shows them."""

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from analysis.figures import table


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
        ({"empty": [], "too": []}, False),
    ],
)
def test_a_table_wider_than_a_phone_is_marked(columns, wide):
    assert ("wide" in shown(pd.DataFrame(columns)).table["class"]) == wide
