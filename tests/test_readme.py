"""What README and DATA-NOTICE say of this version is what the ledger and the tables say."""

import re
from pathlib import Path

import pandas as pd

from analysis.engine.data.described import read_descriptions

ROOT = Path(__file__).parents[1]
#: The shipped tables, whatever data the other tests are run with.
DATA = ROOT / "data"


def number(text: str) -> int:
    return int(text.replace(",", ""))


def prose(name: str) -> str:
    """A file as one line, so that line breaks in its paragraphs do not matter."""
    return " ".join((ROOT / name).read_text(encoding="utf-8").split())


def test_notice_counts_the_rows_of_single_sources():
    notice, prices = prose("DATA-NOTICE.md"), pd.read_csv(DATA / "token_prices.csv")
    alone = prices.loc[prices["n_sources"] == 1, "source_ids"]
    single, rows = re.search(r"in ([\d,]+) of the ([\d,]+) rows", notice).groups()
    assert (number(single), number(rows)) == (len(alone), len(prices))
    table = notice[notice.index("| only source |") :].partition(" `market_prices`")[0]
    counts = {source: number(count) for source, count in re.findall(r"\| `(\w+)` \| ([\d,]+) \|", table)}
    assert counts == alone.value_counts().to_dict()
    (market,) = re.search(r"([\d,]+) closes of one venue", notice).groups()
    assert number(market) == len(pd.read_csv(DATA / "market_prices.csv.gz"))


def test_notice_counts_published_proofs_and_machine_prices():
    notice, proofs = prose("DATA-NOTICE.md"), pd.read_csv(DATA / "zk_published.csv")
    results, sources = re.search(r"holds ([\d,]+) published results from ([\d,]+) sources", notice).groups()
    assert (number(results), number(sources)) == (len(proofs), proofs["source_id"].nunique())
    (prices,) = re.search(r"`machine_prices` holds ([\d,]+) prices", notice).groups()
    assert number(prices) == len(pd.read_csv(DATA / "machine_prices.csv"))


def test_notice_names_every_source():
    notice, sources = prose("DATA-NOTICE.md"), pd.read_csv(DATA / "sources.csv")
    others = sources.loc[sources["feed"] != "own", "source_id"]
    assert [source for source in others if f"`{source}`" not in notice] == []


def test_notice_names_every_table():
    notice = prose("DATA-NOTICE.md")
    described = read_descriptions(DATA).values()
    others = [table.name for table in described if not table.licence.startswith("Own compilation")]
    assert [name for name in others if f"`{name}`" not in notice] == []
