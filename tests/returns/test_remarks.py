"""A sentence that data decide says something else when the data do."""

import pandas as pd
import pytest

from analysis.engine.data.tables import load
from analysis.engine.words.formats import SPACE
from analysis.returns import published, remarks, windows

NAMES = ("tokens", "token_prices", "token_supplies")


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {name: load(name) for name in NAMES}


@pytest.fixture(scope="module")
def window(tables):
    return windows.window_returns(tables["tokens"], tables["token_prices"])


def plain(text: str) -> str:
    return text.replace(SPACE, " ")


def test_the_oldest_supply_is_named_and_moves_with_the_table(tables, window):
    supplies = tables["token_supplies"]
    assert "is that of NMR, of 1 Jan 2023." in plain(remarks.oldest_supply(window, supplies))
    mended = supplies.copy()
    mended.loc[(mended.symbol == "NMR") & (mended.basis == "dated"), "date"] = pd.Timestamp("2025-01-01")
    assert "NMR" not in remarks.oldest_supply(window, mended)
    later = supplies[supplies.basis != "dated"]
    assert plain(remarks.oldest_supply(window, later)) == "No weight of 31 Dec 2024 rests on a dated supply."


def test_a_supply_that_comes_too_late_is_no_basis_of_a_weight(tables, window):
    supplies = tables["token_supplies"]
    late = supplies.assign(date=supplies.date.where(supplies.symbol != "NMR", pd.Timestamp("2025-01-02")))
    assert "NMR" not in remarks.oldest_supply(window, late)


def test_a_close_inside_a_migration_is_named_only_while_it_is_inside(tables, window):
    core = window[window.membership == "core"]
    known = windows.known_part(core, tables["token_prices"])
    said = plain(remarks.migrations(known, tables["tokens"]))
    assert said == (
        "The close of AI16Z of 19 Nov 2025 is of the old token, inside its migration window (6 ELIZAOS for each AI16Z)."
    )
    tokens = tables["tokens"].assign(migration_earliest=pd.Timestamp("2025-12-01"))
    assert remarks.migrations(known, tokens) == "None of these closes lies inside a migration to another token."


@pytest.mark.slow
def test_the_furthest_single_token_is_named(tables):
    compared = published.compare_published(load("published_returns"), **tables)
    said = plain(remarks.single_tokens(compared))
    assert said.startswith("Of 4 published returns of single tokens 4 can be compared; ours is furthest from that of R")
    compared.loc[compared.subject == "GRT", "difference"] = -9.5
    assert plain(remarks.single_tokens(compared)).endswith("that of GRT, by 9.5 points.")
    nothing = compared.assign(difference=float("nan"))
    assert plain(remarks.single_tokens(nothing)).endswith("of single tokens 0 can be compared.")


@pytest.mark.slow
def test_an_average_is_given_without_its_leading_token(tables):
    table = load("published_returns")
    lines = plain(remarks.leading_tokens(table, **tables)).splitlines()
    assert [line.partition(":")[0] for line in lines] == ["AI narrative to 31 Dec 2025", "AI narrative to 29 Dec 2024"]
    row = table.set_index("published_id").loc["P6"]
    members = published.largest(**tables, start=row.period_start, end=row.period_end)
    by_hand = members.return_pct.dropna().sort_values()
    assert f"without {members.loc[by_hand.index[-1], 'symbol']}." in lines[1]
    assert f"{by_hand.mean():.0f} % by our prices, {by_hand.iloc[:-1].mean():.1f} %" in lines[1]
    prices = tables["token_prices"]
    fallen = prices.assign(close_usd=prices.close_usd.where(prices.symbol != members.symbol[by_hand.index[-1]], 1.0))
    changed = remarks.leading_tokens(table, **tables | {"token_prices": fallen})
    assert plain(changed).splitlines()[1] != lines[1]
