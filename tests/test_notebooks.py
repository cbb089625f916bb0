"""The notebooks run, and their pages have words, on data that turn the verdict."""

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


@pytest.mark.slow
@pytest.mark.parametrize("notebook", sorted(BOOK.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs_on_data_that_turn_the_verdict(data_copy, monkeypatch, notebook):
    rewrite(data_copy, "token_prices", planted)
    seal(data_copy)
    monkeypatch.setenv("ANALYSIS_DATA", str(data_copy))
    monkeypatch.delenv("ANALYSIS_LEDGER")
    source = nbformat.read(notebook, as_version=4)
    NotebookClient(source, timeout=120, resources={"metadata": {"path": str(BOOK)}}).execute()
    records = {record["id"]: record for record in ledger.to_records(ledger.assess())}
    assert records["R1"]["estimate"]["value"] > 280
    roles = [role for cell in source.cells for role in ROLE.findall(cell.source)]
    assert roles
    assert all(value(role, records) for role in roles)
