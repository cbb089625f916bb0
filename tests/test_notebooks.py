"""The notebooks run, and their pages have words, on data that turn the verdict."""

import re
import resource
import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

from analysis.engine.claims.package import seal
from analysis.engine.data import sealed
from analysis.engine.data.chapters import load_chapters
from analysis.engine.ledger import ledger
from analysis.engine.site.values import value
from tests.conftest import rewrite

BOOK = Path(__file__).parents[1] / "book"
#: Seconds that a chapter may take to execute; of processor time half as much again, for slow machines.
BARS = {"compute": 25, "data_marketplaces": 12, "agents": 12}
BAR = 15
ROOM = 1.5
MOST_KIB = 1.5e9 / 1024
ROLE = re.compile(r"\{claim\}`([^`]+)`")


def planted(table: pd.DataFrame) -> pd.DataFrame:
    """TAO at +20 000 %, which alone lifts the equal-weighted mean above the bound."""
    row = (table.symbol == "TAO") & (table.date == "2025-12-31")
    table.loc[row, "close_usd"] = "88000"
    return table


def ten_minutes(table: pd.DataFrame) -> pd.DataFrame:
    """Every full proof at GPT-2's size took 600 s on eight H100, which costs what V2 asserts."""
    row = (table.what == "one_pass") & (table.scale == "gpt2")
    table.loc[row, ["prove_s", "prove_low_s", "prove_high_s"]] = ["600", "595", "605"]
    table.loc[row, ["vcpus", "memory_gb", "gpu_model", "gpus"]] = ["", "", "H100", "8"]
    return table


def dear(table: pd.DataFrame) -> pd.DataFrame:
    """Every machine with eight GPUs costs 100 USD an hour."""
    table.loc[table.gpus.isin(["8", "8.0"]), "usd_per_hour"] = "100"
    return table


def slow(table: pd.DataFrame) -> pd.DataFrame:
    """One inference takes 10 s."""
    return table.assign(seconds="10", cpu_seconds="10")


def private(table: pd.DataFrame) -> pd.DataFrame:
    """Every proof had private weights, and an altered one was refused."""
    return table.assign(weights="private", tampered_proof_rejected="yes", tampered_output_rejected="yes")


def balances(table: pd.DataFrame) -> pd.DataFrame:
    """The agents of AgentFi hold 2.3 billion USD on the day of the claim."""
    row = table.figure_id == "agentfi_2024_06"
    table.loc[row, ["value", "observed_from", "observed_to"]] = ["2300000000", "2026-01-22", "2026-01-22"]
    return table


def skilled(table: pd.DataFrame) -> pd.DataFrame:
    """One agent of the contest beat a manager by arbitrage, for ten years."""
    row = table.result_id == "arena_qwen"
    table.loc[row, ["strategy", "human_managed", "information_ratio"]] = ["arbitrage", "True", "3"]
    table.loc[row, "record_from"] = "2015-01-01"
    return table


def acted(table: pd.DataFrame) -> pd.DataFrame:
    """Every case that is described was done, by the agent's own vote, before the report."""
    row = table.activity != "other"
    table.loc[row, ["doing", "shown_by", "through_delegate"]] = ["done", "transaction", "False"]
    table.loc[row, ["done_from", "done_to"]] = ["2025-06-01", "2025-06-01"]
    return table


def populous(table: pd.DataFrame) -> pd.DataFrame:
    """Grass has 3.1 million nodes whenever it is counted, and earns 50 million USD a year."""
    table.loc[table.metric == "active_nodes", "value"] = "3100000"
    table.loc[table.metric == "revenue_per_year", "value"] = "50000000"
    return table


def passed_on(table: pd.DataFrame) -> pd.DataFrame:
    """A buyer's money reached five contributors of a pool of Vana in proportion."""
    row = table.rule_id == "vana-fees-contract"
    paid = {"proportion": "in proportion", "contributors_paid": "5", "date_to": "2025-12-31"}
    paid |= {"status": "payment", "to_contributors": "True"}
    table.loc[row, list(paid)] = list(paid.values())
    return table


def open_books(table: pd.DataFrame) -> pd.DataFrame:
    """Grass's sales could be looked up when the report was written."""
    row = table.property_id == "grass-transparent-dashboard"
    table.loc[row, ["bearing", "date_from", "date_to"]] = ["supports", "2026-01-01", "2026-01-01"]
    return table


def eight_times_as_dear(table: pd.DataFrame) -> pd.DataFrame:
    """Networks ask eight times as much."""
    row = table.provider_type == "network"
    table.loc[row, "usd_per_gpu_hour"] = (8 * table.loc[row, "usd_per_gpu_hour"].astype(float)).astype(str)
    return table


def at_the_frontier(table: pd.DataFrame) -> pd.DataFrame:
    """INTELLECT-1 trained on a thousand times as many tokens."""
    table.loc[table.run_id == "intellect_1", "tokens"] = "1e15"
    return table


def scattered(table: pd.DataFrame) -> pd.DataFrame:
    """Each cloud has half of its share."""
    for column in ("share_low", "share_high"):
        row = table.market.eq("cloud infrastructure services") & table[column].ne("")
        table.loc[row, column] = (table.loc[row, column].astype(float) / 2).round(3).astype(str)
    return table


#: Table -> how it is changed; together they turn R1, C2, C4, C5, D1 to D4 and V1 to V3.
CHANGES = {
    "token_prices": planted,
    "gpu_prices": eight_times_as_dear,
    "training_runs": at_the_frontier,
    "market_shares": scattered,
    "zk_published": ten_minutes,
    "machine_prices": dear,
    "zk_inference": slow,
    "zk_proofs": private,
    "marketplace_figures": populous,
    "payment_rules": passed_on,
    "marketplace_properties": open_books,
    "agent_values": balances,
    "agent_results": skilled,
    "agent_cases": acted,
}


@pytest.fixture(scope="module")
def turned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the changed data, sealed, and their ledger as the pipeline leaves it."""
    folder = tmp_path_factory.mktemp("turned")
    copy = Path(shutil.copytree(sealed.data_dir(), folder / "data"))
    for name, change in CHANGES.items():
        rewrite(copy, name, change)
    seal(copy)
    for chapter in load_chapters():
        ledger.write(chapter, folder / "ledger", copy)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("notebook", sorted(BOOK.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs_on_data_that_turn_the_verdict(turned, monkeypatch, notebook):
    monkeypatch.setenv("ANALYSIS_DATA", str(turned / "data"))
    monkeypatch.setenv("ANALYSIS_LEDGER", str(turned / "ledger"))
    source = nbformat.read(notebook, as_version=4)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    NotebookClient(source, timeout=120, resources={"metadata": {"path": str(BOOK)}}).execute(cleanup_kc=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    taken = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert 0 < taken < ROOM * BARS.get(notebook.stem, BAR)
    assert after.ru_maxrss < MOST_KIB  # of the largest process of all so far
    entries = {entry.id: entry for entry in ledger.entries()}
    assert entries["R1"].estimate.value > 280
    assert [entries[claim].primary_verdict for claim in ("C2", "C4", "C5")] == [
        "differs-opposite",
        "contradicted",
        "differs-smaller",
    ]
    assert [entries[claim].primary_verdict for claim in ("V1", "V2", "V3")] == [
        "reproduced",
        "reproduced",
        "differs-larger",
    ]
    agents = {claim: entries[claim].primary_verdict for claim in ("A1", "A2", "A3")}
    assert agents == {"A1": "reproduced", "A2": "supported", "A3": "supported"}
    assert [entries[claim].primary_verdict for claim in ("D1", "D2", "D3", "D4")] == [
        "reproduced",
        "reproduced",
        "inconclusive",
        "supported",
    ]
    roles = [role for cell in source.cells for role in ROLE.findall(cell.source)]
    assert roles
    assert all(value(role, entries) for role in roles)
