"""What the tables of the chapter refuse, with table, row and rule; and that they say where they come from."""

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis.engine.data import sealed
from analysis.engine.data.tables import load, read
from tests.conftest import rewrite

F, P, R, D = "marketplace_figures", "marketplace_properties", "payment_rules", "data_deals"

#: Case -> table, row of the file (the header is row 1), cells, message.
BAD = {
    "unknown unit": (F, 2, {"unit": "people"}, r"row 2, column unit: 'people' is not one of nodes"),
    "unit of another metric": (F, 2, {"unit": "USD"}, r"row 2: not the unit of its metric"),
    "missing source": (F, 2, {"source_id": ""}, r"row 2, column source_id: '' is not a text that is not empty"),
    "unknown source": (F, 2, {"source_id": "hearsay"}, r"row 2, column source_id: 'hearsay' is not in the column"),
    "low above high": (F, 2, {"low": "3e6", "high": "2e6"}, r"row 2: not low on or before high"),
    "low above value": (F, 2, {"low": "3e6", "high": "4e6"}, r"row 2: not low on or before value"),
    "one end alone": (F, 2, {"value": "", "low": "3e6"}, r"row 2: not a value, or both ends of a range"),
    "future date": (F, 2, {"date_to": "2999-01-01"}, r"row 2, column date_to: .*2999.* is not a date from"),
    "ends before it begins": (F, 2, {"date_to": "2010-01-01"}, r"row 2: not date_from on or before date_to"),
    "made-up day": (F, 2, {"date_precision": "day"}, r"row 2: not dates blank exactly where undated, and one day"),
    "stock given as a flow": (F, 2, {"kind": "flow"}, r"row 2: not the kind of its metric"),
    "unknown kind": (F, 2, {"kind": "pile"}, r"row 2, column kind: 'pile' is not one of stock, flow, parameter"),
    "month of ten": (F, 4, {"date_to": "2025-12-31"}, r"row 4: not a month, a quarter or a year from its first day"),
    "quarter of two days": (
        F,
        4,
        {"date_precision": "quarter", "date_to": "2025-03-02"},
        r"row 4: not a month, a quarter or a year",
    ),
    "year from March": (
        F,
        4,
        {"date_precision": "year", "date_to": "2026-02-28"},
        r"row 4: not a month, a quarter or a year",
    ),
    "month of ten, seen": (
        P,
        15,
        {"date_precision": "month"},
        r"row 15: not a month, a quarter or a year",
    ),
    "two values of a parameter": (
        F,
        28,
        {"metric": "weight_access_fees"},
        r"row 28: not one row for each project and parameter",
    ),
    "part of another figure": (F, 3, {"figure_id": "grass-2024-10-nodes", "part": "b"}, r"row 2: not one figure"),
    "dated after it was read": (F, 5, {"date_to": "2026-11-25", "date_precision": "span"}, r"not on or before the day"),
    "draft that paid": (R, 2, {"contributors_paid": ""}, r"row 2: not status payment exactly where contributors"),
    "unknown metric": (F, 2, {"metric": "vibes"}, r"row 2, column metric: 'vibes' is not one of"),
    "below zero": (F, 2, {"value": "-1"}, r"row 2: not 0 to 1e\+12 for"),
    "unknown project": (F, 2, {"project": "Gras"}, r"row 2, column project: 'Gras' is not one of Ocean Protocol"),
    "unknown bearing": (P, 2, {"bearing": "maybe"}, r"row 2, column bearing: 'maybe' is not one of supports"),
    "payer where nothing is paid": (P, 2, {"payer": "buyers"}, r"row 2: not payer not a payment exactly on rows"),
    "statement left blank": (P, 2, {"statement": ""}, r"row 2, column statement: '' is not a text"),
    "unknown payer": (R, 2, {"payer": "nobody"}, r"row 2, column payer: 'nobody' is not one of buyers"),
    "contributors below zero": (R, 2, {"contributors_paid": "-1"}, r"column contributors_paid: -1.0 is not 0 or more"),
    "price with one end": (D, 2, {"high": ""}, r"row 2: not low and high both filled or both blank"),
    "dear end first": (D, 2, {"low": "9e9"}, r"row 2: not low on or before high"),
    "proxy in another unit": (D, 2, {"kind": "proxy"}, r"row 2: not USD per GB exactly for proxies"),
    "unknown unit of a deal": (D, 2, {"unit": "EUR"}, r"row 2, column unit: 'EUR' is not one of USD per year"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (F, P, R, D, "sources", "corrections"):
        shutil.copy(sealed.path(name), tmp_path)
    return tmp_path


@pytest.mark.parametrize(("table", "row", "cells", "message"), BAD.values(), ids=BAD)
def test_a_bad_row_is_refused_with_row_and_rule(folder: Path, table: str, row: int, cells: dict, message: str) -> None:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[row - 2, list(cells)] = list(cells.values())
        return frame

    rewrite(folder, table, change)
    with pytest.raises(sealed.DataError, match=rf"(?s){table}.csv, .*{message}"):
        read(table, folder)


@pytest.mark.parametrize("table", [F, P, R, D])
def test_a_table_is_read_as_it_is(folder: Path, table: str) -> None:
    pd.testing.assert_frame_equal(read(table, folder), load(table))


def test_no_statement_is_longer_than_a_sentence_of_ours() -> None:
    statements = [*load(P)["statement"], *load(R)["statement"]]
    assert max(len(re.findall(r"\w+", text)) for text in statements) <= 40


@pytest.mark.parametrize("table", [F, P, R])
def test_the_notice_names_every_source(table: str) -> None:
    notice = (Path(__file__).parents[2] / "DATA-NOTICE.md").read_text(encoding="utf-8")
    assert [source for source in load(table)["source_id"].unique() if f"| `{source}` |" not in notice] == []
