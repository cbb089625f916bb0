"""Boundary days and the ends of envelopes, on planted closes."""

import numpy as np
import pandas as pd
import pytest

from analysis.returns.category import break_even, source_envelope
from analysis.returns.engine import supplies_at
from analysis.returns.published import market_caps
from analysis.returns.windows import END, JANUARY, START, known_part, window_returns

DAY = pd.Timedelta(days=1)


def closes(**days: dict[pd.Timestamp, float]) -> pd.DataFrame:
    rows = [(day, symbol, usd, 2, 0.0) for symbol, some in days.items() for day, usd in some.items()]
    return pd.DataFrame(rows, columns=["date", "symbol", "close_usd", "n_sources", "relative_spread"])


def tokens(**migrations: pd.Timestamp | None) -> pd.DataFrame:
    table = pd.DataFrame({"symbol": list(migrations), "name": "", "vertical": "compute", "membership": "core"})
    return table.assign(migration_latest=pd.Series(list(migrations.values()), dtype="datetime64[us]"))


@pytest.mark.parametrize(
    ("first", "missing"),
    [(START, ("gone",)), (START + DAY, ("gone",)), (JANUARY - DAY, ("gone", "late")), (JANUARY, ("gone", "late")),
     (JANUARY + DAY, ("gone", "late"))],
)  # fmt: skip
def test_a_token_first_seen_up_to_a_day_counts_as_missing_until_that_day(first, missing):
    table = pd.DataFrame({
        "symbol": ["full", "late", "gone"], "status": ["full", "late", "missing"], "return_pct": [-50.0, 10.0, np.nan],
        "from_date": [START, first, pd.NaT],
    })  # fmt: skip
    until = JANUARY if first >= JANUARY - DAY else START
    found = break_even(table, 280.0, until=until)
    expected = ("late", "gone") if first <= until else ("gone",)
    assert found.missing == expected
    assert found.observed == 1
    assert found.return_pct == pytest.approx((280 * (1 + len(expected)) + 50) / len(expected))


@pytest.mark.parametrize(
    ("days", "migrated", "status"),
    [
        ((START, END), None, "full"),
        ((START + DAY, END), None, "late"),
        ((START + DAY, END - DAY), None, "gone"),
        ((START, END - DAY), None, "missing"),
        ((START - DAY, END), None, "missing"),
        ((END,), None, "late"),
        ((END + DAY,), None, "later"),
        ((START, END), START, "merged"),
        ((START, END), START + DAY, "full"),
    ],
)
def test_what_is_known_of_a_token_turns_on_its_first_and_last_day(days, migrated, status):
    found = window_returns(tokens(A=migrated), closes(A=dict.fromkeys(days, 1.0)))
    assert found["status"].tolist() == [status]


def test_the_closes_nearest_to_the_two_days_are_taken_on_whichever_side():
    days = {START - 2 * DAY: 1.0, START + DAY: 2.0, END - 5 * DAY: 4.0, END + 3 * DAY: 8.0}
    prices = closes(A=days)
    found = known_part(window_returns(tokens(A=None), prices), prices).iloc[0]
    assert found[["from_close", "to_close", "change_pct"]].tolist() == [2.0, 8.0, 300.0]
    prices = closes(A={START - DAY: 1.0, START + 2 * DAY: 2.0, END - 3 * DAY: 4.0, END + 5 * DAY: 8.0})
    found = known_part(window_returns(tokens(A=None), prices), prices).iloc[0]
    assert found[["from_date", "to_date"]].tolist() == [START - DAY, END - 3 * DAY]


def test_the_lowest_return_is_from_a_high_start_to_a_low_end():
    table = pd.DataFrame({"start_close": [1.0], "end_close": [2.0], "start_spread": [0.25], "end_spread": [0.5]})
    assert source_envelope(table) == pytest.approx((100 * (1.0 / 1.25 - 1), 100 * (3.0 / 0.75 - 1)))


def test_a_supply_counts_up_to_the_day_after():
    table = pd.DataFrame({"date": [START + DAY, START + 2 * DAY], "symbol": "A", "circulating_supply": [5.0, 7.0],
                          "basis": "dated"})  # fmt: skip
    supply, ahead = supplies_at(table, pd.DatetimeIndex([START - DAY, START, START + DAY]), pd.Index(["A"]))
    assert supply.ravel().tolist() == pytest.approx([np.nan, 5.0, 7.0], nan_ok=True)
    assert not ahead.any()


@pytest.mark.parametrize(("before", "after", "supply"), [(2, 3, 10.0), (3, 2, 20.0), (2, 2, 10.0)])
def test_the_supply_nearest_in_time_counts_the_earlier_of_two(before, after, supply):
    days = [START - before * DAY, START + after * DAY]
    table = pd.DataFrame({"date": days, "symbol": "A", "circulating_supply": [10.0, 20.0], "basis": "dated"})
    for some in (table, table.iloc[::-1]):
        assert market_caps(closes(A={START: 3.0}), some, day=START)["cap_usd"].tolist() == [3 * supply]
