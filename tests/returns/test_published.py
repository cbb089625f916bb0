"""What others published: known truth on made-up tables, and what the shipped ones say."""

import numpy as np
import pandas as pd
import pytest

from analysis.engine.data.tables import load
from analysis.returns import published as pub

START, END = pd.Timestamp("2024-12-31"), pd.Timestamp("2025-12-31")

tables = pytest.fixture(scope="module")(lambda: {n: load(n) for n in ("tokens", "token_prices", "token_supplies")})


@pytest.fixture(scope="module")
def compared(tables):
    return pub.compare_published(load("published_returns"), **tables)


def made_up():
    """A fell out of the largest, B stayed, C was listed late and rose to be the largest, D has no supply."""
    closes = {"A": (100.0, 1.0), "B": (50.0, 40.0), "C": (None, 90.0), "D": (5.0, 50.0)}
    rows = [(day, s, c) for s, pair in closes.items() for day, c in zip((START, END), pair, strict=True) if c]
    rows.append((pd.Timestamp("2025-06-30"), "C", 30.0))
    prices = pd.DataFrame(rows, columns=["date", "symbol", "close_usd"]).assign(n_sources=2, relative_spread=0.0)
    tokens = pd.DataFrame({"symbol": list("ABCD")}).assign(
        name="", vertical="compute", membership="core", migration_latest=pd.NaT
    )
    tokens["first_observed"] = tokens.symbol.map(prices.groupby("symbol").date.min())
    supplies = pd.DataFrame({"date": START, "symbol": list("ABC"), "circulating_supply": 1.0, "basis": "dated"})
    return {"tokens": tokens, "token_prices": prices, "token_supplies": supplies}


def test_choosing_at_the_end_keeps_the_winner_and_forgets_the_loser():
    at_end = pub.largest(**made_up(), start=START, end=END, number=2)
    at_start = pub.largest(**made_up(), start=START, end=END, number=2, chosen="start")
    assert at_end["symbol"].tolist() == ["C", "B"]
    assert at_end["return_pct"].mean() == pytest.approx((200 - 20) / 2)
    assert at_start["symbol"].tolist() == ["A", "B"]
    assert at_start["return_pct"].mean() == pytest.approx((-99 - 20) / 2)
    assert [pub.without_supply(**made_up(), day=day) for day in (START, END)] == [["D"], ["D"]]


def test_unknown_choice_is_refused():
    with pytest.raises(ValueError, match="end, start"):
        pub.largest(**made_up(), start=START, end=END, chosen="middle")


def test_the_nearest_supply_counts():
    given = made_up()
    later = pd.DataFrame({"date": [END], "symbol": ["A"], "circulating_supply": [1000.0], "basis": ["look-ahead"]})
    given["token_supplies"] = pd.concat([given["token_supplies"], later], ignore_index=True)
    caps = {d: pub.market_caps(given["token_prices"], given["token_supplies"], day=d) for d in (START, END)}
    assert caps[START].at["A", "cap_usd"] == 100.0
    assert caps[END].loc["A", ["cap_usd", "basis"]].tolist() == [1000.0, "look-ahead"]
    assert caps[END].index[0] == "A"


@pytest.mark.slow
def test_every_published_row_is_answered_or_has_a_reason(compared):
    rows = load("published_returns")
    assert list(compared.columns) == pub.COLUMNS
    assert compared["published_id"].unique().tolist() == rows["published_id"].tolist()
    assert set(pub.ANSWERS) == set(rows["published_id"])
    assert (compared["reason"].str.len() > 10).all()
    assert set(compared.loc[compared["ours"].isna(), "published_id"]) == {"P3", "P4", "P5", "P11", "P13"}


def test_differences_are_ours_less_theirs(compared):
    known = compared.dropna(subset="ours")
    np.testing.assert_allclose(known["difference"], known["ours"] - known["published_low"])
    assert compared.loc[compared["ours"].isna(), "difference"].isna().all()


def test_single_tokens_agree_with_what_was_published(compared):
    """FET, RENDER, GRT "about"; BTC to a decimal."""
    single = compared.set_index("published_id")["difference"]
    assert single[["P8", "P9", "P10"]].abs().max() < 1.0
    assert abs(single["P12"]) < 0.1


def test_category_cap_fell_from_its_peak_as_published(compared):
    row = compared.set_index("published_id").loc["P7"]
    assert -80 < row["ours"] < -60
    assert "2024-12-07" in row["reason"]


def test_a_row_without_a_method_says_so(tables):
    rows = load("published_returns").head(1).assign(published_id="P99")
    answer = pub.compare_published(rows, **tables)
    assert answer["ours"].isna().all()
    assert answer["reason"].tolist() == ["no method is written for this row"]


def test_a_missing_close_is_a_reason(tables):
    rows = load("published_returns").query("published_id == 'P8'")
    prices = tables["token_prices"]
    fewer = tables | {"token_prices": prices[prices["symbol"] != "FET"]}
    tokens = fewer["tokens"].copy()
    answer = pub.compare_published(rows, **(fewer | {"tokens": tokens}))
    assert answer["reason"].tolist() == ["FET has no close on both days"]
