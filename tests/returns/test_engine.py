"""The grid of R1: an independent package live, known truth for every convention, properties."""

import warnings
from functools import partial
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.engine.claims import load_claims
from analysis.engine.data.sealed import DataError
from analysis.engine.data.tables import load
from analysis.engine.ledger import ledger
from analysis.engine.multiverse import primary_of
from analysis.returns import engine
from analysis.returns.engine import (
    COST,
    composition,
    panel_of,
    rebalance_rows,
    rebalanced_growth,
    reduced,
    supplies_at,
    target_weights,
    trailing_turnover,
    undefined,
)
from analysis.returns.windows import END, START, UNIVERSES
from tests.returns import plain

#: Against an independent package.
EXACT = 1e-9
#: Against a closed form reached by other roundings.
CLOSE = 1e-12
#: Properties over drawn prices, whose products round more.
DRAWN = 1e-9
TABLES = ("tokens", "token_prices", "token_supplies", "token_turnover")
CLAIM = load_claims()["R1"]
PRIMARY = primary_of(CLAIM)
grid_returns = partial(engine.grid_returns, CLAIM)


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {name: load(name) for name in TABLES}


@pytest.fixture(scope="module")
def panel(tables):
    return panel_of(**tables)


def specifications(**changed: str) -> pd.DataFrame:
    """One specification: the primary one, changed; blanks of factor names are underscores here."""
    return pd.DataFrame([PRIMARY | {name.replace("_", " "): option for name, option in changed.items()}])


# --- the shipped data ------------------------------------------------------------------------------------------------


def test_the_primary_specification_is_the_shipped_estimate(panel):
    assert grid_returns(panel, specifications())[0] == ledger.entry("R1").estimate.value


def test_options_that_do_not_matter_give_identical_results(panel):
    specs = plain.specifications()
    found = pd.Series(grid_returns(panel, specs))
    meant = reduced(specs)
    assert (found.groupby([meant[c] for c in meant]).nunique() == 1).all()
    assert len(meant.drop_duplicates()) == 243


def test_all_that_is_not_refused_can_be_computed(panel):
    grid = pd.DataFrame(list(product(*plain.OPTIONS.values())), columns=list(plain.OPTIONS))
    assert len(grid) == 576
    assert np.isfinite(grid_returns(panel, grid[~undefined(grid)])).all()


def test_costs_only_lower_what_is_rebalanced(panel):
    specs = plain.specifications().query("aggregation == 'index' and rebalancing != 'none'")
    free = grid_returns(panel, specs.assign(cost="0 bp"))
    charged = grid_returns(panel, specs.assign(cost="30 bp"))
    assert (charged < free).all()


def test_what_each_specification_rests_on(panel, tables):
    counts = composition(panel, plain.specifications())
    specs = plain.specifications()
    primary = counts.iloc[0]
    assert (primary.n, primary.left_out, primary.look_ahead) == (13, 0, 0)
    late = counts[(specs["late listings"] == "from first close") & (specs.universe == "core")]
    assert (late.n + late.left_out == 36).all()
    by_size = specs.weighting.isin(["cap", "square root of cap"])
    assert (counts.look_ahead[~by_size] == 0).all()
    assert (counts.look_ahead <= counts.n).all()


def test_no_supply_is_no_weight(panel, tables):
    without = set(panel.closes.columns) - set(tables["token_supplies"].symbol)
    columns = panel.closes.columns.isin(without)
    assert len(without) > 10
    assert (panel.measure["cap"][:, columns] == 0).all()
    weights = target_weights(panel, specifications(weighting="cap", universe="broad"), np.array([0]))
    assert (weights[0, :, columns] == 0).all()
    assert weights.sum() == pytest.approx(1, rel=CLOSE)


# --- an independent package ------------------------------------------------------------------------------------------


def sample() -> list[dict[str, str]]:
    """Every combination of rebalancing, weighting and late listings on the core, cost alternating; and some others."""
    rows = []
    for i, (rebalancing, weighting, late) in enumerate(
        product(("monthly", "weekly"), plain.OPTIONS["weighting"], plain.OPTIONS["late listings"])
    ):
        cost = ("30 bp", "0 bp")[i % 2]
        rows.append({"rebalancing": rebalancing, "weighting": weighting, "late listings": late, "cost": cost})
    rows += [{"weighting": weighting} for weighting in plain.OPTIONS["weighting"]]
    rows += [{"universe": u, "late listings": late} for u in UNIVERSES for late in plain.OPTIONS["late listings"][1:]]
    rows += [
        {"rebalancing": "daily", "cost": "30 bp"},
        {"rebalancing": "daily", "cost": "30 bp", "weighting": "turnover"},
        {"rebalancing": "daily", "cost": "0 bp", "late listings": "from first close"},
        {"rebalancing": "monthly", "cost": "30 bp", "universe": "broad and memes", "late listings": "after 30 days"},
        {"rebalancing": "monthly", "cost": "30 bp", "universe": "broad", "weighting": "turnover"},
    ]
    return [PRIMARY | row for row in rows]


def bt_return(arranged: plain.Plain, s: dict[str, str]) -> float:
    """The specification as a strategy of bt 1.x: its calendar, selection, weights, accounting and commissions.

    Equal weights, and the choice of tokens that have a price, are bt's own; other weights are handed to it.
    """
    import bt

    days = plain.entry_days(arranged, s["universe"], s["late listings"])
    closes = arranged.closes[days.index]
    closes = closes.where(pd.DataFrame({token: closes.index >= day for token, day in days.items()}, index=closes.index))
    capital, fraction = 1e6, COST[s["cost"]]

    def fee(target) -> bool:
        free = target.now <= START
        target.set_commissions(lambda q, p: 0.0 if free else fraction * abs(q) * p)
        return True

    def slices(target) -> bool:
        for token in days.index[days == target.now]:
            target.allocate(capital / len(days), child=token)
        return True

    run = {
        "none": bt.algos.RunOnDate(START),
        "monthly": bt.algos.RunMonthly(),
        "weekly": bt.algos.RunWeekly(),
        "daily": bt.algos.RunDaily(),
    }[s["rebalancing"]]
    when = [bt.algos.Or([bt.algos.RunOnDate(START), run]), bt.algos.Not(bt.algos.RunOnDate(END)), fee]
    if s["weighting"] == "equal":
        weigh = [bt.algos.SelectAll(), bt.algos.WeighEqually()]
    else:
        weights = plain.targets(arranged, s["weighting"], days)
        weigh = [bt.algos.WeighTarget(weights.where(weights > 0))]
    late = s["rebalancing"] == "none" and s["late listings"] != PRIMARY["late listings"]
    algos = [slices] if late else [*when, *weigh, bt.algos.Rebalance()]
    test = bt.Backtest(
        bt.Strategy("s", algos, children=list(days.index)),
        closes,
        initial_capital=capital,
        integer_positions=False,
        progress_bar=False,
    )
    test.run()
    return 100 * (test.strategy.values.iloc[-1] / capital - 1)


@pytest.mark.slow
def test_a_sample_equals_bt(panel, tables):
    """39 specifications: calendars, late listings, slices in cash, weightings, tokens sold out, commissions."""
    specs = sample()
    assert len(specs) == 39
    arranged = plain.arrange(**tables)
    ours = grid_returns(panel, pd.DataFrame(specs))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = [bt_return(arranged, s) for s in specs]
    np.testing.assert_allclose(ours, theirs, rtol=EXACT)


# --- known truth -----------------------------------------------------------------------------------------------------

DAYS = pd.date_range(START, END)


def steps(*changes: tuple[str, float | None]) -> pd.Series:
    """A price that is constant between the days on which it changes; None: no close from that day."""
    return pd.Series({pd.Timestamp(day): price for day, price in changes}, dtype=float).reindex(DAYS, method="ffill")


FLAT = steps(("2024-12-31", 1.0))


def made_up(closes: dict[str, pd.Series], *, supplies=(), turnover=None) -> dict[str, pd.DataFrame]:
    """Tables of core tokens; supplies as (day, symbol, supply, basis), turnover as symbol -> daily values."""
    prices = (
        pd.DataFrame(closes).rename_axis("date").reset_index().melt("date", var_name="symbol", value_name="close_usd")
    )
    prices = prices.dropna().assign(n_sources=2, relative_spread=0.0)
    first = prices.groupby("symbol").date.min().reindex(list(closes))
    tokens = pd.DataFrame({"symbol": list(closes), "first_observed": first.to_numpy()})
    tokens = tokens.assign(name="", vertical="compute", membership="core", migration_latest=pd.NaT)
    supply = pd.DataFrame(supplies, columns=["date", "symbol", "circulating_supply", "basis"])
    traded = pd.DataFrame(turnover or {}, index=DAYS).rename_axis("date").reset_index()
    traded = traded.melt("date", var_name="symbol", value_name="turnover_usd").dropna()
    return {
        "tokens": tokens,
        "token_prices": prices,
        "token_supplies": supply.assign(date=pd.to_datetime(supply.date)),
        "token_turnover": traded,
    }


def known(tables: dict[str, pd.DataFrame], **changed: str) -> float:
    return grid_returns(panel_of(**tables), specifications(**changed))[0]


@pytest.mark.parametrize(
    ("up", "down", "moved_by"),
    [
        ("2025-01-15", "2025-02-15", {"monthly", "weekly", "daily"}),
        ("2025-01-14", "2025-01-17", {"daily"}),
        ("2025-01-13", "2025-01-14", {"weekly", "daily"}),
        ("2025-02-01", "2025-02-02", {"monthly", "daily"}),
        ("2025-02-02", "2025-02-03", {"daily"}),
    ],
)
def test_a_rebalance_is_at_the_close_of_its_day(up, down, moved_by):
    """A doubles and halves again: only who sells half of the gain in between has 1.5 × (½ × ½ + ½) = 1.125."""
    tables = made_up({"A": steps(("2024-12-31", 1.0), (up, 2.0), (down, 1.0)), "B": FLAT})
    for rebalancing in plain.OPTIONS["rebalancing"]:
        expected = 12.5 if rebalancing in moved_by else 0.0
        assert known(tables, rebalancing=rebalancing) == pytest.approx(expected, abs=CLOSE * 100)


LATE = {
    "A": FLAT,
    "B": FLAT,
    "C": steps(("2025-01-10", 1.0), ("2025-01-20", 2.0), ("2025-02-10", 4.0)),
}


@pytest.mark.parametrize(
    ("rebalancing", "late", "growth_of_c"),
    [
        ("none", "full-year only", 1),
        ("monthly", "full-year only", 1),
        ("none", "from first close", 4),  # bought on 10 January
        ("daily", "from first close", 4),
        ("weekly", "from first close", 4),  # 13 January, still at 1
        ("monthly", "from first close", 2),  # 1 February
        ("none", "after 30 days", 2),  # 9 February
        ("weekly", "after 30 days", 1),  # 10 February, at its close
        ("monthly", "after 30 days", 1),  # 1 March
    ],
)
def test_a_late_token_enters_when_it_may(rebalancing, late, growth_of_c):
    """Two flat tokens and a late one, a third of the value from its entry; no rebalance lies between its jumps."""
    if rebalancing in ("daily", "weekly") and growth_of_c == 4:
        growth = 2 / 3 + 2 / 3  # after the first jump
        growth *= 2 / 3 + 2 / 3  # after the second
    else:
        growth = (2 + growth_of_c) / 3
    found = known(made_up(LATE), rebalancing=rebalancing, late_listings=late)
    assert found == pytest.approx(100 * growth - 100, abs=CLOSE * 1000)


def test_a_late_token_that_only_comes_on_the_last_day_or_after_its_thirty_days_is_not_bought():
    tables = made_up({"A": FLAT, "B": FLAT, "C": steps(("2025-12-15", 1.0), ("2025-12-20", 9.0)), "D": FLAT[-1:]})
    panel = panel_of(**tables)
    for late, n in (("full-year only", 2), ("from first close", 3), ("after 30 days", 2)):
        for rebalancing, aggregation in product(("none", "daily"), plain.OPTIONS["aggregation"]):
            s = specifications(late_listings=late, rebalancing=rebalancing, aggregation=aggregation)
            assert composition(panel, s).n[0] == n
    assert known(tables, late_listings="after 30 days") == 0
    assert known(tables, late_listings="from first close") == pytest.approx(100 * (1 + 1 + 9) / 3 - 100, rel=CLOSE)


def test_a_token_without_a_last_close_or_unobserved_on_the_first_day_is_in_nothing():
    tables = made_up(
        {"A": FLAT, "B": FLAT, "GONE": steps(("2024-12-31", 1.0), ("2025-02-01", 9.0), ("2025-11-01", None))}
    )
    gap = made_up({"A": FLAT, "B": FLAT, "GAP": steps(("2025-01-05", 1.0), ("2025-02-01", 9.0))})
    early = gap["token_prices"].query("symbol == 'GAP'").head(1).assign(date=pd.Timestamp("2024-06-01"))
    gap["token_prices"] = pd.concat([gap["token_prices"], early], ignore_index=True)
    specs = plain.specifications().query("weighting == 'equal'")
    for some in (tables, gap):
        assert grid_returns(panel_of(**some), specs.query("universe == 'core' and cost == '0 bp'")) == pytest.approx(
            0.0
        )


def test_the_median_token():
    tables = made_up(
        {
            "A": steps(("2024-12-31", 1.0), ("2025-03-01", 0.9)),
            "B": steps(("2024-12-31", 1.0), ("2025-03-01", 1.2)),
            "C": LATE["C"],
        }
    )
    assert known(tables, aggregation="median token") == pytest.approx(5.0)
    assert known(tables, aggregation="median token", late_listings="from first close") == pytest.approx(20.0)
    assert known(tables, aggregation="median token", late_listings="after 30 days") == pytest.approx(20.0)


SIZES = {"A": steps(("2024-12-31", 1.0), ("2025-12-30", 0.5)), "B": FLAT}


@pytest.mark.parametrize(
    ("weighting", "rebalancing", "share_of_a"),
    [
        ("equal", "none", 1 / 2),
        ("cap", "none", 9 / 10),
        ("square root of cap", "none", 3 / 4),
        ("turnover", "none", 1 / 5),
        ("cap", "monthly", 1 / 2),
        ("cap", "weekly", 1 / 10),
    ],
)
def test_weights_are_those_known_at_the_close(weighting, rebalancing, share_of_a):
    """A halves at the end. Its supply is 9, 1 from 2 December, 1/9 from 16 December, each known a day before."""
    supplies = [("2025-01-01", "A", 9.0, "dated"), ("2025-12-02", "A", 1.0, "dated")]
    supplies += [("2025-12-16", "A", 1 / 9, "dated"), ("2026-05-04", "B", 1.0, "look-ahead")]
    tables = made_up(SIZES, supplies=supplies, turnover={"A": FLAT * 2, "B": FLAT * 8})
    found = known(tables, weighting=weighting, rebalancing=rebalancing)
    assert found == pytest.approx(-50 * share_of_a, rel=CLOSE)
    counts = composition(panel_of(**tables), specifications(weighting=weighting, rebalancing=rebalancing))
    assert counts.look_ahead[0] == ("cap" in weighting)


@pytest.mark.parametrize(("dated", "expected"), [("2025-01-01", 7.0), ("2025-01-02", 3.0), ("2023-01-01", 7.0)])
def test_a_dated_supply_counts_from_the_day_before_it(dated, expected):
    table = made_up(SIZES, supplies=[(dated, "A", 7.0, "dated"), ("2026-05-04", "A", 3.0, "look-ahead")])
    supply, look_ahead = supplies_at(table["token_supplies"], DAYS, pd.Index(["A", "B"]))
    assert (supply[0, 0], look_ahead[0, 0]) == (expected, expected == 3.0)
    assert supply[1, 0] == 7.0
    assert np.isnan(supply[:, 1]).all()
    assert not look_ahead[:, 1].any()


def test_turnover_is_the_mean_of_thirty_days():
    table = made_up(SIZES, turnover={"A": pd.Series(np.arange(366.0), DAYS), "B": pd.Series(5.0, DAYS[:10])})
    mean = trailing_turnover(table["token_turnover"], DAYS, pd.Index(["A", "B"]))
    assert mean[100, 0] == np.mean(np.arange(71, 101))
    assert mean[3, 0] == np.mean([0, 1, 2, 3])
    assert (mean[:39, 1] == 5).all()
    assert (mean[39:, 1] == 0).all()


def test_every_trade_of_a_rebalance_pays_its_cost():
    """A doubles in November; on 1 December a quarter is moved from A to B; C waits beside, flat."""
    tables = made_up({"A": steps(("2024-12-31", 1.0), ("2025-11-15", 2.0)), "B": FLAT})
    c = 0.003
    expected = (1 - 0.25 / (1 - c)) + (0.5 + 0.25 / (1 + c))
    assert known(tables, rebalancing="monthly", cost="30 bp") == pytest.approx(100 * expected - 100, rel=CLOSE)
    assert known(tables, rebalancing="none", cost="30 bp") == known(tables, rebalancing="none")


def test_neither_the_first_purchase_nor_the_valuation_costs():
    tables = made_up({"A": steps(("2024-12-31", 1.0), ("2025-12-31", 3.0)), "B": FLAT})
    for rebalancing in plain.OPTIONS["rebalancing"]:
        assert known(tables, rebalancing=rebalancing, cost="30 bp") == pytest.approx(100, rel=CLOSE)


def test_a_token_that_loses_its_turnover_is_sold_and_its_fee_owed():
    traded = {"A": FLAT, "B": FLAT, "C": FLAT[:"2025-10-15"]}
    tables = made_up({"A": FLAT, "B": FLAT, "C": steps(("2024-12-31", 1.0), ("2025-12-05", 0.1))}, turnover=traded)
    c = 0.003
    expected = 2 / 3 + (1 / 3) / (1 + c) - c / 3
    found = known(tables, rebalancing="monthly", weighting="turnover", cost="30 bp")
    assert found == pytest.approx(100 * expected - 100, rel=1e-10)
    assert known(tables, rebalancing="monthly", weighting="turnover") == pytest.approx(0, abs=CLOSE * 100)


def test_no_more_is_sold_than_is_held():
    """Nearly all of A is to be sold: what its fee lacks is owed, and nothing is held short."""
    closes, c = np.ones((3, 2)), 0.1
    weights = np.array([[[1.0, 0.0], [0.05, 0.95]]])
    found = rebalanced_growth(closes, weights, np.array([c]))[0]
    assert found == pytest.approx(0.95 / (1 + c) - (0.95 - 1.0 * (1 - c)), rel=CLOSE)


def test_a_day_without_a_close_is_valued_at_the_last_one():
    gap = steps(("2024-12-31", 1.0), ("2025-01-15", 2.0), ("2025-02-15", 1.0))
    gap["2025-01-30":"2025-02-03"] = np.nan  # 1 February, the day of the rebalance, among them
    assert known(made_up({"A": gap, "B": FLAT}), rebalancing="monthly") == pytest.approx(12.5, rel=CLOSE)


def test_fewer_than_two_tokens_are_no_category():
    tables = made_up({"A": FLAT, "B": FLAT, "C": LATE["C"]}, turnover={"A": FLAT, "B": FLAT[:"2025-06-01"]})
    one = made_up({"A": FLAT, "C": LATE["C"]})
    assert np.isnan(known(one))
    assert np.isnan(known(one, aggregation="median token"))
    assert np.isnan(known(one, rebalancing="daily", late_listings="from first close"))  # one on the first day
    assert known(one, late_listings="from first close") == pytest.approx(150)
    assert np.isnan(known(tables, weighting="cap"))  # no supply at all
    assert known(tables, weighting="turnover") == 0
    assert np.isnan(known(tables, weighting="turnover", rebalancing="monthly"))  # one from July


def test_what_is_not_an_option_is_refused(panel):
    with pytest.raises(DataError, match=r"factor rebalancing: .* 'yearly'; it knows none, monthly, weekly, daily"):
        grid_returns(panel, specifications(rebalancing="yearly"))
    with pytest.raises(ValueError, match="late tokens can only be weighted equally"):
        grid_returns(panel, specifications(weighting="cap", late_listings="after 30 days"))


def test_rebalances_of_2025():
    assert [len(rebalance_rows(DAYS, r)) - 1 for r in plain.OPTIONS["rebalancing"]] == [0, 12, 52, 364]


# --- properties ------------------------------------------------------------------------------------------------------


@st.composite
def portfolios(draw):
    """Closes (R + 1, K), weights (1, R, K) none of which is tiny, a cost; no position is ever sold out."""
    rebalances, tokens = draw(st.integers(1, 4)), draw(st.integers(2, 4))
    positive = st.floats(0.5, 2.0)
    steps = draw(st.lists(positive, min_size=(rebalances + 1) * tokens, max_size=(rebalances + 1) * tokens))
    sizes = draw(st.lists(positive, min_size=rebalances * tokens, max_size=rebalances * tokens))
    closes = np.cumprod(np.reshape(steps, (rebalances + 1, tokens)), axis=0)
    weights = np.reshape(sizes, (1, rebalances, tokens))
    return closes, weights / weights.sum(axis=2, keepdims=True), np.array([draw(st.sampled_from([0.0, 0.003, 0.02]))])


@given(portfolios())
def test_without_cost_the_growth_is_the_product_of_the_periods(case):
    closes, weights, _ = case
    expected = np.prod((weights[0] * closes[1:] / closes[:-1]).sum(axis=1))
    assert rebalanced_growth(closes, weights, np.zeros(1))[0] == pytest.approx(expected, rel=DRAWN)


@pytest.mark.slow
@given(portfolios(), st.randoms())
def test_the_order_of_tokens_does_not_matter(case, rng):
    closes, weights, cost = case
    order = list(range(closes.shape[1]))
    rng.shuffle(order)
    found = rebalanced_growth(closes[:, order], weights[:, :, order], cost)
    assert found == pytest.approx(rebalanced_growth(closes, weights, cost), rel=DRAWN)


@pytest.mark.slow
@given(portfolios(), st.floats(0.1, 0.9))
def test_splitting_a_token_does_not_matter(case, part):
    closes, weights, cost = case
    split = np.concatenate([weights[:, :, :1] * part, weights[:, :, :1] * (1 - part), weights[:, :, 1:]], axis=2)
    found = rebalanced_growth(np.concatenate([closes[:, :1], closes], axis=1), split, cost)
    assert found == pytest.approx(rebalanced_growth(closes, weights, cost), rel=DRAWN)


@pytest.mark.slow
@given(portfolios(), st.lists(st.floats(0.01, 100), min_size=5, max_size=5))
def test_in_another_currency_only_the_rate_comes_in(case, rates):
    """Also for rates that change, as long as no cash is held or owed."""
    closes, weights, cost = case
    rate = np.array(rates)[: len(closes), None]
    found = rebalanced_growth(closes * rate, weights, cost) / (rate[-1] / rate[0])
    assert found == pytest.approx(rebalanced_growth(closes, weights, cost), rel=DRAWN)


@given(portfolios())
def test_cost_never_pays(case):
    closes, weights, cost = case
    free = rebalanced_growth(closes, weights, np.zeros(1))
    assert 0 < rebalanced_growth(closes, weights, cost)[0] <= free[0] * (1 + DRAWN)


@given(portfolios())
def test_rebalancing_to_what_is_held_is_holding(case):
    closes, weights, cost = case
    held = weights[0, 0] * closes[:-1] / closes[0]
    drifted = (held / held.sum(axis=1, keepdims=True))[None]
    expected = (weights[0, 0] * closes[-1] / closes[0]).sum()
    assert rebalanced_growth(closes, drifted, cost)[0] == pytest.approx(expected, rel=DRAWN)


@pytest.fixture(scope="module")
def everything(panel):
    return grid_returns(panel, plain.specifications())


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 99), rate=st.floats(0.01, 100), coin=st.floats(0.01, 100))
def test_neither_order_nor_currency_nor_the_unit_of_a_token_matters(tables, everything, seed, rate, coin):
    """All specifications: rows shuffled, every price and turnover in another currency, TAO in another unit."""
    rng = np.random.default_rng(seed)
    turned = {name: table.iloc[rng.permutation(len(table))].reset_index(drop=True) for name, table in tables.items()}
    prices, supplies, traded = turned["token_prices"], turned["token_supplies"], turned["token_turnover"]
    prices["close_usd"] *= np.where(prices.symbol == "TAO", rate * coin, rate)
    supplies["circulating_supply"] /= np.where(supplies.symbol == "TAO", coin, 1.0)
    traded["turnover_usd"] *= rate
    found = grid_returns(panel_of(**turned), plain.specifications())
    np.testing.assert_allclose(found, everything, rtol=DRAWN)
