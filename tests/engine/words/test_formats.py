"""One way to write a date that is known as a span of days."""

from datetime import date

import pandas as pd
import pytest

from analysis.engine.words.formats import SPACE, period


def said(*ends: object) -> str:
    return period(*ends).replace(SPACE, " ")


@pytest.mark.parametrize("kind", [date.fromisoformat, pd.Timestamp])
@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2024-02-29", "2024-02-29", "29 Feb 2024"),
        ("2024-02-01", "2024-02-29", "Feb 2024"),
        ("2023-02-01", "2023-02-27", "1 Feb to 27 Feb 2023"),
        ("2025-10-01", "2025-12-31", "Q4 2025"),
        ("2025-02-01", "2025-04-30", "1 Feb to 30 Apr 2025"),
        ("2025-01-01", "2025-12-31", "2025"),
        ("2024-07-01", "2025-06-30", "1 Jul 2024 to 30 Jun 2025"),
        ("2024-01-01", "2025-12-31", "1 Jan 2024 to 31 Dec 2025"),
        ("2024-03-01", "2025-02-28", "1 Mar 2024 to 28 Feb 2025"),
    ],
)
def test_a_span_is_written_as_precisely_as_it_is_known(kind, first, last, expected):
    assert said(kind(first), kind(last)) == expected


def test_a_period_and_no_date_can_be_written_too():
    assert said(pd.Period("2025Q3")) == "Q3 2025"
    assert [said(pd.Period("2026-07-02", freq=freq)) for freq in "DMY"] == ["2 Jul 2026", "Jul 2026", "2026"]
    assert said(pd.NaT, pd.NaT) == "undated"


def test_a_span_ends_on_or_after_its_first_day():
    with pytest.raises(ValueError, match="not 2025-01-02 to 2025-01-01"):
        period(date(2025, 1, 2), date(2025, 1, 1))
