"""The notebooks run, and their pages have words, on data that turn the verdict or do not suffice for one."""

import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

from analysis import ledger
from analysis.package import seal
from analysis.site.values import value
from tests.conftest import rewrite

BOOK = Path(__file__).parents[1] / "book"
ROLE = re.compile(r"\{claim\}`([^`]+)`")


def planted(table: pd.DataFrame) -> pd.DataFrame:
    """TAO at +20 000 %, which alone lifts the equal-weighted mean above the bound."""
    row = (table.symbol == "TAO") & (table.date == "2025-12-31")
    table.loc[row, "close_usd"] = "88000"
    return table


def no_start(table: pd.DataFrame) -> pd.DataFrame:
    """No close on the first day of the window."""
    return table[table.date != "2024-12-31"]


@pytest.mark.slow
@pytest.mark.parametrize(("change", "estimated"), [(planted, True), (no_start, False)])
@pytest.mark.parametrize("notebook", sorted(BOOK.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs_whatever_the_verdict(small_data, monkeypatch, notebook, change, estimated):
    rewrite(small_data, "token_prices", change)
    seal(small_data)
    monkeypatch.setenv("ANALYSIS_DATA", str(small_data))
    source = nbformat.read(notebook, as_version=4)
    NotebookClient(source, timeout=120, resources={"metadata": {"path": str(BOOK)}}).execute()
    records = {record["id"]: record for record in ledger.to_records(ledger.assess())}
    assert (records["R1"]["estimate"] is not None) == estimated
    roles = [role for cell in source.cells for role in ROLE.findall(cell.source)]
    assert roles
    assert all(value(role, records) for role in roles)
