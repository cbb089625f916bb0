"""R1: known truth, an independent package, properties, and mutations of the data that must turn the verdict."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.engine.claims import load_claims
from analysis.engine.claims.package import seal
from analysis.engine.data import sealed
from analysis.engine.data.tables import load
from analysis.engine.ledger import ledger
from analysis.returns.category import assess_r1, break_even, index_table, member_interval, source_envelope
from analysis.returns.definitions import question_r1
from analysis.returns.engine import panel_of
from analysis.returns.windows import END, START, buy_and_hold, closes_of, known_part, window_returns
from tests.conftest import rewrite

#: Against an independent package.
EXACT = 1e-9
#: Against a closed form reached by other roundings.
CLOSE = 1e-12

tokens_table = pytest.fixture(scope="module")(lambda: load("tokens"))
prices_table = pytest.fixture(scope="module")(lambda: load("token_prices"))


@pytest.fixture(scope="module")
def full_core(tokens_table, prices_table):
    table = window_returns(tokens_table, prices_table)
    return table[(table.membership == "core") & (table.status == "full")]


# --- known truth -----------------------------------------------------------------------------------------------------


def assessed(tokens: pd.DataFrame, prices: pd.DataFrame):
    """R1 on these tables, with the shipped supplies and turnover (which know nothing of made-up tokens)."""
    more = {name: load(name) for name in ("token_supplies", "token_turnover")}
    return assess_r1(load_claims()["R1"], tokens=tokens, token_prices=prices, **more)


def made_up(closes: dict[str, tuple[float | None, float | None]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Synthetic tables: per token a first and a last close (None: absent), two sources, no spread."""
    rows = [(day, s, c) for s, pair in closes.items() for day, c in zip((START, END), pair, strict=True) if c]
    prices = pd.DataFrame(rows, columns=["date", "symbol", "close_usd"]).assign(n_sources=2, relative_spread=0.0)
    tokens = pd.DataFrame({"symbol": list(closes)}).assign(
        name="", vertical="compute", membership="core", migration_latest=pd.Series(pd.NaT, dtype="datetime64[us]")
    )
    return tokens, prices


def test_a_known_return_comes_back():
    tokens, prices = made_up({"A": (10.0, 40.0), "B": (2.0, 10.0), "C": (1.0, 1.0)})
    estimate = assessed(tokens, prices).estimate
    assert estimate.value == pytest.approx(100 * (4 + 5 + 1) / 3 - 100, rel=CLOSE)
    assert estimate.n == 3


def test_source_disagreement_alone_moves_every_close_to_one_side():
    tokens, prices = made_up({"A": (10.0, 20.0), "B": (10.0, 20.0)})
    table = window_returns(tokens, prices.assign(relative_spread=0.01))
    low, high = source_envelope(table)
    assert low == pytest.approx(100 * (2 * 0.99 / 1.01 - 1), rel=CLOSE)
    assert high == pytest.approx(100 * (2 * 1.01 / 0.99 - 1), rel=CLOSE)


def test_a_single_source_is_as_uncertain_as_the_99th_percentile_of_several():
    tokens, prices = made_up({"A": (10.0, 20.0), "B": (10.0, 20.0)})
    prices["relative_spread"] = [0.02, 0.04, np.nan, np.nan]
    table = window_returns(tokens, prices).set_index("symbol")
    assert table.start_spread["B"] == table.end_spread["B"] == pytest.approx(0.0398)


@pytest.mark.slow
def test_the_members_interval_covers_a_known_mean():
    """Monte Carlo: 95 % intervals over 13 tokens drawn from a known distribution cover its mean 85 to 97 % of the time.

    The percentile bootstrap of a small skewed sample is known to be short; the chapter says what the interval is of.
    """
    rng = np.random.default_rng(1)
    draws = rng.beta(1.2, 5, size=(300, 13)) * 100 - 100
    truth = 100 * 1.2 / 6.2 - 100
    hits = [low <= truth <= high for low, high in (member_interval(pd.Series(d), seed=i) for i, d in enumerate(draws))]
    assert 0.85 < np.mean(hits) < 0.97


def test_statuses():
    spans = {"FULL": (1.0, 2.0), "LATE": (None, 2.0), "ENDS": (1.0, None), "NONE": (None, None), "NEXT": (None, None)}
    tokens, prices = made_up(spans | {"OLD": (1.0, None), "GONE": (None, None)})
    day = pd.Timedelta(days=3)
    extra = pd.DataFrame({"date": [END + day, START + day], "symbol": ["NEXT", "GONE"], "close_usd": 1.0})
    prices = pd.concat([prices, extra.assign(n_sources=2, relative_spread=0.0)], ignore_index=True)
    tokens.loc[tokens.symbol == "OLD", "migration_latest"] = START
    status = window_returns(tokens, prices).set_index("symbol").status
    expected = "FULL full, LATE late, ENDS missing, NONE missing, NEXT later, OLD merged, GONE gone"
    assert status.to_dict() == dict(pair.split() for pair in expected.split(", "))


def test_the_break_even_is_what_makes_the_claim_true():
    tokens, prices = made_up({"A": (10.0, 2.0), "B": (10.0, 1.0), "C": (10.0, None)})
    needed = break_even(window_returns(tokens, prices), 280.0).return_pct
    assert np.mean([-80, -90, needed]) == pytest.approx(280, rel=CLOSE)


def test_the_break_even_with_what_is_known_and_what_came_late():
    tokens, prices = made_up({"A": (10.0, 2.0), "B": (10.0, None), "C": (10.0, None), "D": (None, 3.0)})
    prices = pd.concat([prices, prices[prices.symbol == "D"].assign(date=START + pd.Timedelta(days=9), close_usd=6.0)])
    table = window_returns(tokens, prices)
    given = break_even(table, 280.0, known_pct={"B": -95.0})
    assert (given.missing, given.observed) == (("C",), 2)
    assert np.mean([-80, -95, given.return_pct]) == pytest.approx(280, rel=CLOSE)
    assert break_even(table, 280.0, until=START + pd.Timedelta(days=31)).missing == ("B", "C", "D")


def test_nothing_to_go_by_is_not_a_number():
    tokens, prices = made_up({"A": (10.0, 20.0), "B": (10.0, None)})
    finding = assessed(tokens, prices)
    assert (finding.estimate, finding.missing) == (None, "missing")


# --- an independent package ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_r1_equals_bt(full_core, prices_table):
    """bt 1.x, run live: buy equal amounts on the first close, hold to the last."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import bt

        closes = closes_of(prices_table, full_core.symbol, start=START, end=END)
        algos = [bt.algos.RunOnce(), bt.algos.SelectAll(), bt.algos.WeighEqually(), bt.algos.Rebalance()]
        test = bt.Backtest(bt.Strategy("hold", algos), closes.ffill(), integer_positions=False, progress_bar=False)
        prices = bt.run(test).prices["hold"]
    theirs = 100 * (prices.iloc[-1] / prices.iloc[0] - 1)
    assert ledger.entry("R1").estimate.value == pytest.approx(theirs, rel=EXACT)


@pytest.mark.slow
def test_the_index_ends_at_the_estimate(tokens_table, prices_table):
    levels = index_table(tokens_table, prices_table)
    assert levels["AI core"].iloc[-1] - 100 == pytest.approx(ledger.entry("R1").estimate.value, rel=CLOSE)
    assert levels.notna().all(axis=None)


# --- properties ------------------------------------------------------------------------------------------------------

pairs = st.lists(st.tuples(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3)), min_size=1, max_size=8)


def matrix(values) -> pd.DataFrame:
    return pd.DataFrame(dict(enumerate(values)), index=[START, END])


def total(closes: pd.DataFrame, weights=None) -> float:
    return buy_and_hold(closes, weights, base=1.0).iloc[-1]


@pytest.mark.slow
@given(pairs, st.floats(1e-3, 1e3))
def test_the_currency_does_not_matter(values, rate):
    assert total(matrix(values) * rate) == pytest.approx(total(matrix(values)), rel=1e-9)


@pytest.mark.slow
@given(pairs, st.randoms())
def test_the_order_of_tokens_does_not_matter(values, rng):
    shuffled = list(values)
    rng.shuffle(shuffled)
    assert total(matrix(shuffled)) == pytest.approx(total(matrix(values)), rel=1e-9)


@pytest.mark.slow
@given(pairs)
def test_splitting_a_constituent_in_two_halves_does_not_matter(values):
    n = len(values)
    split = [0.5 / n, *[1 / n] * (n - 1), 0.5 / n]
    assert total(matrix([*values, values[0]]), split) == pytest.approx(total(matrix(values)), rel=1e-9)


@pytest.mark.slow
@given(pairs)
def test_time_reversed_and_weighted_by_what_was_held_gives_the_inverse(values):
    closes = matrix(values)
    held = closes.iloc[1] / closes.iloc[0]
    backward = closes.iloc[::-1]
    assert total(backward, held / held.sum()) == pytest.approx(1 / total(closes), rel=1e-9)


@pytest.mark.slow
@given(pairs)
def test_a_token_with_no_change_pulls_the_mean_towards_nothing(values):
    n, grown = len(values), total(matrix(values))
    assert total(matrix([*values, (5.0, 5.0)])) == pytest.approx((n * grown + 1) / (n + 1), rel=1e-9)


def test_a_gap_is_valued_at_the_last_close():
    closes = pd.DataFrame({"A": [1.0, np.nan, 3.0], "B": [1.0, 2.0, 3.0]})
    assert buy_and_hold(closes).tolist() == [100.0, 150.0, 300.0]


@pytest.mark.parametrize("weights", [[0.5], [0.7, 0.7], [-0.5, 1.5]])
def test_weights_that_are_no_shares_are_refused(weights):
    with pytest.raises(ValueError, match="weights must be 2 shares that sum to 1"):
        buy_and_hold(matrix([(1.0, 2.0), (1.0, 2.0)]), weights)


def test_a_token_without_a_first_close_is_refused():
    with pytest.raises(ValueError, match="no first close of B"):
        buy_and_hold(pd.DataFrame({"A": [1.0, 2.0], "B": [np.nan, 2.0]}))


# --- the shipped data ------------------------------------------------------------------------------------------------


def test_the_interval_is_the_envelope_of_its_parts(full_core):
    estimate = ledger.entry("R1").estimate
    parts = [*source_envelope(full_core), *member_interval(full_core.return_pct), estimate.value]
    assert (estimate.low, estimate.high) == (min(parts), max(parts))


def test_the_certainty_of_r1_is_high_since_nothing_lowers_it():
    entry = ledger.entry("R1")
    assert (entry.certainty.grade, entry.certainty.reasons, entry.level) == ("high", (), 3)


def test_what_stands_in_tokens_is_what_the_prices_say(tokens_table, prices_table):
    seen = prices_table.groupby("symbol").date.agg(["min", "max"]).reindex(tokens_table.symbol)
    assert tokens_table.has_series.tolist() == seen["min"].notna().tolist()
    assert tokens_table.first_observed.equals(seen["min"].reset_index(drop=True))
    assert tokens_table.last_observed.equals(seen["max"].reset_index(drop=True))


@pytest.mark.slow
def test_the_order_of_rows_does_not_matter(tokens_table, prices_table):
    forward = assessed(tokens_table, prices_table)
    backward = assessed(tokens_table[::-1], prices_table[::-1])
    assert backward.estimate.low == pytest.approx(forward.estimate.low, rel=CLOSE)
    assert backward.estimate.high == pytest.approx(forward.estimate.high, rel=CLOSE)


def test_the_corrected_tick_is_gone(prices_table):
    tao = prices_table[(prices_table.symbol == "TAO") & (prices_table.date < "2023-03-06")]
    assert tao.close_usd.min() > 50


def test_what_is_known_of_the_missing(tokens_table, prices_table):
    known = known_part(window_returns(tokens_table, prices_table), prices_table).set_index("symbol")
    assert known.loc["OLAS"].drop("name").isna().all()
    assert known.loc["AI16Z", "to_date"] < END < known.loc["NOS", "to_date"]
    assert (known["change_pct"].dropna() < -40).all()


# --- mutations -------------------------------------------------------------------------------------------------------


def closes_scaled(factor: float, query: str = "membership == 'core'"):
    """Closes of 2025-12-31 of the tokens that a query selects, times a factor."""
    core = load("tokens").query(query).symbol

    def change(table: pd.DataFrame) -> pd.DataFrame:
        rows = table.symbol.isin(core) & (table.date == "2025-12-31")
        assert rows.sum() > 10
        table.loc[rows, "close_usd"] = (table.loc[rows, "close_usd"].astype(float) * factor).map(repr)
        return table

    return change


@pytest.mark.slow
@pytest.mark.parametrize(
    ("factor", "verdict"),
    [
        (40, "reproduced"),
        (30, "reproduced-minor"),
        (20, "inconclusive"),
        (6, "differs-smaller"),
        (1, "differs-opposite"),
        (0.5, "differs-opposite"),
    ],
)
def test_scaled_closes_turn_the_verdict(small_data, factor, verdict):
    shipped = sealed.sha256("token_prices")
    rewrite(small_data, "token_prices", closes_scaled(factor))
    seal(small_data)
    entry = ledger.assess("returns", small_data)[0]
    assert entry.primary_verdict == verdict
    assert (entry.nearest_true == "it holds as it is") == (entry.estimate.value > 280)
    assert entry.tables["token_prices"] == sealed.sha256("token_prices", small_data)
    assert sealed.sha256("token_prices") == shipped
    assert sealed.is_modified() == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "verdict"),
    [("membership == 'core'", "definition-ambiguous"), ("vertical != 'benchmark'", "reproduced")],
)
def test_support_decides_whether_the_definition_does(small_data, query, verdict):
    """Where only the core is scaled, the broad median stays where it was, and the definitions disagree."""
    rewrite(small_data, "token_prices", closes_scaled(100, query))
    seal(small_data)
    entry = ledger.assess("returns", small_data)[0]
    assert (entry.verdict, entry.primary_verdict) == (verdict, "reproduced")
    assert (0.2 <= entry.support.balanced <= 0.8) == (verdict == "definition-ambiguous")


def planted(symbol: str):
    """One token at +20 000 % over the year."""

    def change(table: pd.DataFrame) -> pd.DataFrame:
        closes = table[table.symbol == symbol].set_index("date").close_usd.astype(float)
        row = (table.symbol == symbol) & (table.date == "2025-12-31")
        table.loc[row, "close_usd"] = repr(float(201 * closes["2024-12-31"]))
        return table

    return change


@pytest.mark.slow
@pytest.mark.parametrize("symbol", ["TAO", "NEAR"])
def test_one_planted_token_moves_the_mean_and_not_the_median(small_data, symbol):
    rewrite(small_data, "token_prices", planted(symbol))
    seal(small_data)
    names = ("tokens", "token_prices", "token_supplies", "token_turnover")
    found = question_r1(load_claims()["R1"], panel_of(**{name: load(name, small_data) for name in names})).explore()
    admissible = found.table[found.table.admissible]
    assert admissible[admissible.aggregation == "index"].holds.any()
    assert not admissible[admissible.aggregation == "median token"].holds.any()
    core_token = symbol == "TAO"
    assert (found.nearest_true["universe"] == "core") == core_token
    assert found.nearest_true["aggregation"] == "index"
    entry = ledger.assess("returns", small_data)[0]
    assert entry.nearest_true.startswith("it holds as it is" if core_token else "universe: broad")


@pytest.mark.slow
def test_the_small_folder_gives_the_shipped_value(small_data):
    small, shipped = ledger.assess("returns", small_data)[0], ledger.entry("R1")
    assert small.estimate.value == shipped.estimate.value


@pytest.mark.slow
@pytest.mark.parametrize(("factor", "grade"), [(40, "low"), (60, "high"), (20, "moderate")])
def test_sources_and_edges_lower_the_certainty(small_data, factor, grade):
    """At 20 the interval crosses the edge; at 40 spreads of half the price make it do so, and sources disagree."""
    rewrite(small_data, "token_prices", closes_scaled(factor))
    if factor == 40:
        wide = {"relative_spread": "0.5"}
        rewrite(small_data, "token_prices", lambda t: t.assign(**wide).mask(t.n_sources == "1", t))
    seal(small_data)
    assert ledger.assess("returns", small_data)[0].certainty.grade == grade


@pytest.mark.slow
def test_between_the_regions_it_does_not_hold_as_it_is(small_data):
    rewrite(small_data, "token_prices", closes_scaled(3.7 / 0.1972666549987659))
    seal(small_data)
    entry = ledger.assess("returns", small_data)[0]
    assert 252 < entry.estimate.value < 280
    assert "the 7 core tokens without both closes" in entry.nearest_true


def test_a_claim_that_asserts_no_percentage_is_refused_by_name(small_data):
    claims = small_data / "claims.yml"
    text = claims.read_text(encoding="utf-8")
    claims.write_text(text.replace('value: 280, unit: "%"', "value: 280, unit: USD", 1), encoding="utf-8")
    seal(small_data)
    with pytest.raises(sealed.DataError, match="claim R1, field asserted: a figure in USD, where its function"):
        ledger.assess("returns", small_data)


@pytest.mark.slow
def test_taking_the_tokens_away_leaves_nothing_to_reproduce(small_data):
    rewrite(small_data, "tokens", lambda t: t.assign(membership=t.membership.replace("core", "broad")))
    seal(small_data)
    entry = ledger.assess("returns", small_data)[0]
    assert (entry.verdict, entry.reason, entry.certainty) == ("not-reproducible", "missing", None)
