"""R1's multiverse and the questions outside it."""

import numpy as np
import pandas as pd
import pytest

from analysis.engine.claims import load_claims
from analysis.engine.data.tables import load
from analysis.engine.ledger import ledger
from analysis.engine.multiverse import factors_of
from analysis.returns.definitions import RULES, other_questions, question_r1
from analysis.returns.engine import panel_of
from analysis.returns.windows import END, START, UNIVERSES, buy_and_hold, closes_of

#: A fraction of a second each, and seconds together: left out by make test-fast.
pytestmark = pytest.mark.slow

#: Against the same quantity by another path.
CLOSE = 1e-12
TABLES = ("tokens", "token_prices", "token_supplies", "token_turnover")


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {name: load(name) for name in TABLES}


@pytest.fixture(scope="module")
def claim():
    return load_claims()["R1"]


@pytest.fixture(scope="module")
def questions(tables) -> pd.DataFrame:
    return other_questions(tables["tokens"], tables["token_prices"])


def row(questions: pd.DataFrame, start: str, universe: str = "core") -> pd.Series:
    found = questions[questions.question.str.startswith(start) & (questions.universe == universe)]
    assert len(found) == 1
    return found.iloc[0]


# --- the multiverse --------------------------------------------------------------------------------------------------


def test_the_primary_definition_is_the_claims(tables, claim):
    found = question_r1(claim, panel_of(**tables)).explore()
    first = found.table.iloc[0]
    assert [first[f.name] for f in factors_of(claim)] == [f.primary for f in factors_of(claim)]
    assert first["estimate"] == ledger.entry("R1").estimate.value


def test_what_is_admissible(tables, claim):
    found = question_r1(claim, panel_of(**tables)).explore()
    assert len(found.table) == 576
    assert found.table.admissible.sum() == 540
    assert found.table.estimate.notna().sum() == 540
    assert set(found.table.reason) == {"", RULES[0].reason}
    assert (
        found.table[found.table.admissible]
        .query("`late listings` != 'full-year only' and rebalancing == 'none'")[lambda t: t.aggregation == "index"]
        .weighting.eq("equal")
        .all()
    )


def test_no_definition_of_the_question_makes_the_claim_true(tables, claim):
    found = question_r1(claim, panel_of(**tables)).explore()
    assert found.support.balanced == found.support.high == 0
    assert found.table.estimate.max() < 0


@pytest.mark.slow
def test_one_token_beyond_all_bounds_moves_the_mean_and_not_the_median(tables, claim):
    """TAO at +20 000 %: the equal-weighted index holds at the claim, no median does."""
    prices = tables["token_prices"].copy()
    start = prices.loc[(prices.symbol == "TAO") & (prices.date == START), "close_usd"].item()
    prices.loc[(prices.symbol == "TAO") & (prices.date == END), "close_usd"] = 201 * start
    found = question_r1(claim, panel_of(**tables | {"token_prices": prices})).explore()
    before = question_r1(claim, panel_of(**tables)).explore()
    median = found.table.aggregation == "median token"
    assert found.table.iloc[0]["holds"]
    assert found.nearest_true["estimate"] == found.table.iloc[0]["estimate"] > 280
    assert not found.table.holds[median].any()
    assert (found.table.estimate - before.table.estimate)[median].abs().max() < 5


def test_a_universe_without_tokens_is_not_computable(tables, claim):
    tokens = tables["tokens"].assign(membership=tables["tokens"].membership.replace("core", "meme"))
    found = question_r1(claim, panel_of(**tables | {"tokens": tokens})).explore()
    assert not found.table[found.table.universe == "core"].admissible.any()
    assert found.table[found.table.universe == "broad"].admissible.any()


# --- other questions -------------------------------------------------------------------------------------------------


def test_columns_and_counts(questions):
    assert list(questions) == ["question", "universe", "return_pct", "from", "to", "n"]
    assert (questions.return_pct.notna() == (questions.n > 0)).all()
    assert not questions.duplicated(["question", "universe"]).any()
    assert set(questions.universe) == set(UNIVERSES)


@pytest.mark.parametrize("universe", ["core", "broad"])
@pytest.mark.parametrize(
    ("question", "start", "end"),
    [
        ("the calendar year 2023", "2023-01-01", "2023-12-31"),
        ("the calendar year 2024", "2023-12-31", "2024-12-31"),
        ("the twelve months to the report's date", "2025-01-22", "2026-01-22"),
    ],
)
def test_other_periods(questions, tables, universe, question, start, end):
    tokens, prices = tables["tokens"], tables["token_prices"]
    symbols = tokens.loc[tokens.membership.isin(UNIVERSES[universe]), "symbol"]
    ends = prices[prices.symbol.isin(symbols)].pivot(index="symbol", columns="date", values="close_usd")
    growth = (ends[pd.Timestamp(end)] / ends[pd.Timestamp(start)]).dropna()
    found = row(questions, question, universe)
    assert (found["from"], found["to"], found.n) == (pd.Timestamp(start), pd.Timestamp(end), len(growth))
    assert found.return_pct == pytest.approx(100 * growth.mean() - 100, rel=CLOSE)


def test_swings_by_brute_force(questions, tables):
    tokens = tables["tokens"]
    core = tokens.loc[tokens.membership == "core", "symbol"]
    closes = closes_of(tables["token_prices"], list(core), start=START, end=END)
    levels = buy_and_hold(closes.loc[:, closes.iloc[[0, -1]].notna().all()]).iloc[1:]
    pairs = np.triu(levels.to_numpy()[None] / levels.to_numpy()[:, None])
    bottom, top = np.unravel_index(pairs.argmax(), pairs.shape)
    rise = row(questions, "the largest rise")
    assert rise.return_pct == pytest.approx(100 * pairs.max() - 100, rel=CLOSE)
    assert (rise["from"], rise["to"]) == (levels.index[bottom], levels.index[top])
    swing = row(questions, "from the lowest to the highest")
    assert swing.return_pct == pytest.approx(100 * levels.max() / levels.min() - 100, rel=CLOSE)
    assert levels[swing["from"]] == levels.min()
    assert levels[swing["to"]] == levels.max()


@pytest.mark.parametrize("universe", ["core", "broad"])
def test_verticals_together_are_the_category(questions, tables, universe):
    parts = questions[questions.question.str.startswith("the vertical") & (questions.universe == universe)]
    r1 = ledger.entry("R1").estimate
    total = (parts.return_pct.fillna(0) * parts.n).sum() / parts.n.sum()
    if universe == "core":
        assert parts.n.sum() == r1.n
        assert total == pytest.approx(r1.value, rel=CLOSE)
    else:
        broad = question_r1(load_claims()["R1"], panel_of(**tables)).explore().table
        assert total == pytest.approx(broad[broad.universe == "broad"].iloc[0]["estimate"], rel=CLOSE)


def test_the_best_tokens(questions, tables):
    prices = tables["token_prices"].set_index(["symbol", "date"]).close_usd
    best = questions[questions.question.str.startswith("the best single token")]
    for found in best.itertuples(index=False, name=None):
        question, _, value, start, end, n = found
        symbol = question.rpartition(": ")[2]
        assert n == 1
        assert value == pytest.approx(100 * prices[symbol, end] / prices[symbol, start] - 100, rel=CLOSE)
    assert best["from"].tolist()[0] == START < best["from"].tolist()[1]


def test_in_btc(questions, tables):
    """The index divided by BTC is the index of the tokens each divided by BTC."""
    prices = tables["token_prices"].set_index(["symbol", "date"]).close_usd
    btc = prices["BTC", END] / prices["BTC", START]
    expected = (1 + ledger.entry("R1").estimate.value / 100) / btc
    assert row(questions, "the return measured in BTC").return_pct == pytest.approx(100 * expected - 100, rel=CLOSE)


def test_a_known_rise_comes_back():
    """Flat at 100, up to 160, down to 40, up to 120, and BTC doubled."""
    levels = pd.Series(100.0, pd.date_range(START, END))
    levels["2025-03-01":], levels["2025-06-01":], levels["2025-09-01":] = 160.0, 40.0, 120.0
    prices = pd.concat(
        [
            pd.DataFrame({"date": levels.index, "symbol": s, "close_usd": v, "n_sources": 2, "relative_spread": 0.0})
            for s, v in (("A", levels), ("B", levels * 7), ("BTC", np.linspace(1, 2, len(levels))))
        ]
    )
    tokens = pd.DataFrame({"symbol": ["A", "B", "BTC"], "membership": ["core", "core", "benchmark"]}).assign(
        name="", vertical="data", first_observed=START, migration_latest=pd.NaT
    )
    found = other_questions(tokens, prices)
    assert row(found, "the largest rise").return_pct == pytest.approx(200)
    assert row(found, "from the lowest to the highest").return_pct == pytest.approx(300)
    assert row(found, "from the lowest to the highest")["from"] == pd.Timestamp("2025-06-01")
    assert row(found, "the return measured in BTC").return_pct == pytest.approx(-40)
    assert np.isnan(row(found, "the calendar year 2023").return_pct)
    assert row(found, "the calendar year 2023").n == 0


def test_without_core_tokens_there_is_nothing_to_swing(tables):
    tokens = tables["tokens"].assign(membership=tables["tokens"].membership.replace("core", "broad"))
    found = other_questions(tokens, tables["token_prices"])
    assert not found.question.str.contains("rise").any()
    assert (found[found.universe == "core"].n == 0).all()
