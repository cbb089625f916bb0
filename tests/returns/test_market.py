"""R2 and what stands beside it: known truth, hand computations, independent codings, mutations of the data."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.engine.claims import load_claims
from analysis.engine.claims.package import seal
from analysis.engine.data import sealed
from analysis.engine.data.tables import load
from analysis.engine.ledger import ledger
from analysis.returns.category import member_interval, source_envelope
from analysis.returns.engine import panel_of
from analysis.returns.figures import beta_lines, excess_bars, kept_apart
from analysis.returns.market import (
    BENCHMARKS,
    CATEGORY,
    LARGE,
    OTHER,
    assess_r2,
    benchmark_returns,
    benchmark_weights,
    common_movement,
    excess_returns,
    first_share,
    label_permutation,
    market_levels,
    outside_ai,
    outside_closes,
    outside_summary,
    question_r2,
)
from analysis.returns.risk import (
    REDRAWN,
    daily_returns,
    market_model,
    newey_west_lags,
    redrawn_year,
    rolling_beta,
)
from analysis.returns.windows import END, START, closes_of, full_members, window_returns
from tests.conftest import rewrite

#: The same arithmetic in another order.
CLOSE = 1e-10
TABLES = ("tokens", "token_prices", "market_prices", "token_supplies", "token_turnover")
FOUR = TABLES[:4]
PANEL = ("tokens", "token_prices", "token_supplies", "token_turnover")


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {name: load(name) for name in TABLES}


@pytest.fixture(scope="module")
def four(tables) -> list[pd.DataFrame]:
    return [tables[name] for name in FOUR]


def core_of(tokens, prices) -> pd.DataFrame:
    return full_members(window_returns(tokens, prices))


def benchmarks_of(tokens, prices, market, supplies) -> pd.DataFrame:
    outside = outside_ai(tokens, prices, market)
    return benchmark_returns(outside, benchmark_weights(outside, supplies))


def excess_of(*four: pd.DataFrame) -> pd.DataFrame:
    return excess_returns(core_of(*four[:2]), benchmarks_of(*four)).set_index("benchmark")


def levels_of(tokens, prices, market, supplies) -> pd.DataFrame:
    outside = outside_ai(tokens, prices, market)
    category = closes_of(prices, core_of(tokens, prices)["symbol"], start=START, end=END)
    return market_levels(category, outside_closes(outside, prices, market), benchmark_weights(outside, supplies))


@pytest.fixture(scope="module")
def excess(four) -> pd.DataFrame:
    return excess_of(*four)


@pytest.fixture(scope="module")
def returns(four) -> pd.DataFrame:
    return daily_returns(levels_of(*four))


# --- benchmarks ------------------------------------------------------------------------------------------------------


def made_up() -> list[pd.DataFrame]:
    """Two AI tokens, three large coins, and beside them a token, an index and a token that came late."""
    closes = {"A": (1.0, 2.0), "B": (1.0, 3.0), "BTC": (10.0, 20.0), "ETH": (4.0, 2.0), "SOL": (1.0, 4.0)}
    rows = [(day, s, c) for s, pair in closes.items() for day, c in zip((START, END), pair, strict=True)]
    prices = pd.DataFrame(rows, columns=["date", "symbol", "close_usd"]).assign(n_sources=2, relative_spread=0.01)
    tokens = pd.DataFrame({"symbol": list(closes), "name": "", "vertical": "compute", "first_observed": START})
    tokens["membership"] = ["core", "core", "benchmark", "benchmark", "benchmark"]
    tokens["migration_latest"] = pd.Series(pd.NaT, tokens.index, dtype="datetime64[us]")
    market = pd.DataFrame(
        [
            (START, "X", 1.0, "token"),
            (END, "X", 0.5, "token"),
            (START, "DEX", 1.0, "index"),
            (END, "DEX", 9.0, "index"),
            (END, "LATE", 9.0, "token"),
            (START, "A", 1.0, "token"),
            (END, "A", 99.0, "token"),
        ],
        columns=["date", "symbol", "close_usd", "product"],
    )
    day = pd.Timedelta(days=1)
    supplies = pd.DataFrame(
        [
            (START - 30 * day, "BTC", 99.0, "dated"),
            (START + day, "BTC", 3.0, "dated"),
            (START + 2 * day, "BTC", 77.0, "dated"),
            (START - 40 * day, "ETH", 2.5, "dated"),
            (END, "SOL", 1000.0, "look-ahead"),
        ],
        columns=["date", "symbol", "circulating_supply", "basis"],
    )
    return [tokens, prices, market, supplies]


def test_known_benchmarks_come_back():
    found = benchmarks_of(*made_up())
    assert list(found.index) == list(BENCHMARKS)
    assert found["n"].to_dict() == {LARGE: 2, "BTC": 1, "ETH": 1, OTHER: 4}
    # 30 USD of BTC doubled and 10 USD of ETH halved; SOL has no dated supply, DEX is an index, A is a token of `tokens`
    assert found.loc[LARGE, "return_pct"] == pytest.approx(100 * ((60 + 5) / 40 - 1), rel=CLOSE)
    assert found.loc[OTHER, "return_pct"] == pytest.approx(100 * ((2 + 0.5 + 4 + 0.5) / 4 - 1), rel=CLOSE)
    assert found.loc["BTC", "high"] == pytest.approx(100 * (2 * 1.01 / 0.99 - 1), rel=CLOSE)
    assert found.loc["BTC", "low"] == pytest.approx(100 * (2 * 0.99 / 1.01 - 1), rel=CLOSE)


def test_known_excess_returns_come_back():
    found = excess_of(*made_up())
    assert found.loc["BTC", "excess_pp"] == pytest.approx(150 - 100, rel=CLOSE)
    up, down = 1.01 / 0.99, 0.99 / 1.01
    assert found.loc["BTC", "sources_high"] == pytest.approx(100 * (2.5 * up - 2 * down), rel=CLOSE)
    assert found.loc["BTC", "low"] == pytest.approx(100 - 100, abs=CLOSE), "both members could be A"


@pytest.mark.slow
def test_nothing_to_go_by_is_not_a_number(tables):
    tokens, prices, market, supplies = made_up()
    turnover = tables["token_turnover"].iloc[:0]
    more = {"market_prices": market, "token_supplies": supplies, "token_turnover": turnover}
    alone = prices[prices["symbol"] != "B"]
    assert assess_r2(load_claims()["R2"], tokens=tokens, token_prices=alone, **more).missing == "missing"
    more["token_supplies"] = supplies.iloc[:0]
    assert assess_r2(load_claims()["R2"], tokens=tokens, token_prices=prices, **more).missing == "missing"


def test_no_supply_looks_ahead(tables):
    supplies = tables["token_supplies"]
    before = supplies[(supplies.basis == "dated") & (supplies.date <= START + pd.Timedelta(days=1))]
    outside = outside_ai(**{name: tables[name] for name in ("tokens", "token_prices", "market_prices")})
    assert benchmark_weights(outside, tables["token_supplies"]).equals(benchmark_weights(outside, before))


@pytest.mark.slow
def test_an_index_of_few_large_coins_is_only_a_proxy(tables):
    few = tables["token_supplies"].query("symbol in ['BTC', 'ETH', 'TAO']")
    finding = assess_r2(load_claims()["R2"], **(tables | {"token_supplies": few}))
    assert finding.proxy
    assert "2 of 26 large coins" in finding.estimate.method
    assert not assess_r2(load_claims()["R2"], **tables).proxy


def test_what_the_tokens_outside_ai_did_adds_up(tables):
    outside = outside_ai(**{name: tables[name] for name in ("tokens", "token_prices", "market_prices")})
    table = outside_summary(outside).set_index("group")
    parts = table.loc[["large coins", "the others"]]
    assert table.loc["all", "n"] == parts.n.sum() == len(outside)
    assert table.loc["all", "mean_pct"] == pytest.approx((parts.n * parts.mean_pct).sum() / parts.n.sum())


def test_shipped_benchmarks(four):
    outside = outside_ai(*four[:3])
    weights = benchmark_weights(outside, four[3])
    assert weights.sum().to_numpy() == pytest.approx(np.ones(4), rel=CLOSE)
    assert not set(outside["symbol"]) & set(four[0].query("membership != 'benchmark'")["symbol"])
    assert {"BTCDOM", "ALL", "PAXG"}.isdisjoint(outside["symbol"])
    assert (weights[LARGE] > 0).sum() == outside["large"].sum(), "every large coin has a dated supply"
    assert 0.5 < weights.loc["BTC", LARGE] < 0.8


@pytest.mark.slow
def test_levels_end_at_the_returns(four, excess):
    last = levels_of(*four).iloc[-1] - 100
    assert last[CATEGORY] == pytest.approx(ledger.entry("R1").estimate.value, rel=CLOSE)
    assert last[excess.index].to_numpy() == pytest.approx(excess["benchmark_pct"].to_numpy(), rel=CLOSE)


@pytest.mark.slow
def test_the_interval_is_the_envelope_of_its_parts(tables, excess):
    table = window_returns(tables["tokens"], tables["token_prices"])
    core = table[(table.membership == "core") & (table.status == "full")]
    bench, row = benchmarks_of(*(tables[n] for n in FOUR)).loc["BTC"], excess.loc["BTC"]
    low, high = source_envelope(core)
    parts = [
        row.excess_pp,
        low - bench.high,
        high - bench.low,
        *np.subtract(member_interval(core.return_pct), bench.return_pct),
    ]
    assert (row.low, row.high) == pytest.approx((min(parts), max(parts)), rel=CLOSE)


@pytest.mark.slow
def test_the_primary_specification_is_the_estimate(tables, excess):
    found = question_r2(
        load_claims()["R2"], panel_of(**{n: tables[n] for n in PANEL}), benchmarks_of(*(tables[n] for n in FOUR))
    ).explore()
    assert found.table.loc[0, "estimate"] == pytest.approx(excess.loc[LARGE, "excess_pp"], rel=CLOSE)
    names = [factor.name for factor in found.factors if factor.name != "benchmark"]
    as_defined = found.table[(found.table[names] == found.table.loc[0, names]).all(axis=1)].set_index("benchmark")
    assert as_defined.loc[excess.index, "estimate"].to_numpy() == pytest.approx(
        excess["excess_pp"].to_numpy(), rel=CLOSE
    )


# --- alpha and beta --------------------------------------------------------------------------------------------------


def garch_like(rng: np.random.Generator, n: int, alpha: float, beta: float) -> tuple[pd.Series, pd.Series]:
    market = 0.02 * rng.standard_t(5, size=n)
    return pd.Series(alpha + beta * market + 0.02 * rng.normal(size=n)), pd.Series(market)


@pytest.mark.slow
def test_hac_equals_a_hand_computation(returns):
    y, x = returns[CATEGORY].to_numpy(), returns[LARGE].to_numpy()
    n, lags = len(y), 5
    design = [[1.0, one] for one in x]
    inverse = np.linalg.inv(sum(np.outer(row, row) for row in design))
    coefficients = inverse @ sum(np.multiply(row, one) for row, one in zip(design, y, strict=True))
    scores = [np.multiply(row, one - np.dot(row, coefficients)) for row, one in zip(design, y, strict=True)]
    meat = sum(np.outer(s, s) for s in scores)
    for lag in range(1, lags + 1):
        gamma = sum(np.outer(scores[t], scores[t - lag]) for t in range(lag, n))
        meat = meat + (1 - lag / (lags + 1)) * (gamma + gamma.T)
    error = np.sqrt(np.diag(inverse @ meat @ inverse) * n / (n - 2))
    found = market_model(returns[CATEGORY], returns[LARGE])
    t = stats.t.ppf(0.975, n - 2)
    assert found.beta == pytest.approx(coefficients[1], rel=CLOSE)
    assert found.alpha_pct == pytest.approx(36_500 * coefficients[0], rel=CLOSE)
    assert found.beta_high - found.beta == pytest.approx(t * error[1], rel=1e-8)
    assert found.alpha_high - found.alpha_pct == pytest.approx(36_500 * t * error[0], rel=1e-8)
    assert found.smallest_alpha_pct == pytest.approx(36_500 * (t + stats.t.ppf(0.8, n - 2)) * error[0], rel=1e-8)
    assert found.r_squared == pytest.approx(np.corrcoef(x, y)[0, 1] ** 2, rel=1e-8)


def test_a_known_alpha_and_beta_come_back_exactly_without_noise():
    market = pd.Series(0.02 * np.random.default_rng(1).normal(size=365))
    found = market_model(0.001 + 1.5 * market, market)
    assert (found.alpha_pct, found.beta, found.r_squared) == pytest.approx((36.5, 1.5, 1.0), rel=1e-8)


@pytest.mark.slow
def test_a_known_alpha_and_beta_are_covered():
    """Monte Carlo: 95 % intervals of 300 years cover; Newey–West of one year is known to be a little short."""
    rng = np.random.default_rng(2)
    found = [market_model(*garch_like(rng, 365, 0.001, 1.5)) for _ in range(300)]
    assert 0.90 < np.mean([f.alpha_low <= 36.5 <= f.alpha_high for f in found]) < 0.985
    assert 0.90 < np.mean([f.beta_low <= 1.5 <= f.beta_high for f in found]) < 0.985


@pytest.mark.slow
def test_the_smallest_visible_alpha_is_seen_four_times_in_five():
    """Monte Carlo: an alpha of 2.80 true standard errors is found at 5 % in about 80 % of years."""
    rng = np.random.default_rng(3)
    true_error = 0.02 / np.sqrt(365)
    found = [market_model(*garch_like(rng, 365, 2.8016 * true_error, 1.0)) for _ in range(300)]
    assert np.median([f.smallest_alpha_pct for f in found]) == pytest.approx(36_500 * 2.8016 * true_error, rel=0.05)
    assert 0.74 < np.mean([f.alpha_p < 0.05 for f in found]) < 0.88


def test_rolling_beta_is_the_slope_of_each_window(returns):
    betas = rolling_beta(returns[CATEGORY], returns[[LARGE, "ETH"]], window=60)
    assert betas.shape == (306, 2)
    for day in (0, 100, 305):
        window = returns.iloc[day : day + 60]
        assert betas["ETH"].iloc[day] == pytest.approx(np.polyfit(window["ETH"], window[CATEGORY], 1)[0], rel=1e-8)
        assert betas.index[day] == window.index[-1]


def test_lags():
    assert [newey_west_lags(n) for n in (50, 100, 250, 365)] == [3, 4, 4, 5]


# --- the year redrawn ------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_redrawn_year_observes_the_year(returns, excess):
    found = redrawn_year(returns[CATEGORY], returns[LARGE], margin_pp=50, resamples=199)
    observed = found.table.set_index("series")["observed"]
    assert observed["difference"] == pytest.approx(excess.loc[LARGE, "excess_pp"], rel=CLOSE)
    assert (found.table["low"] < found.table["high"]).all()
    assert 0 <= found.share_above < 0.1
    assert found.label == REDRAWN == "had the year been redrawn"


def test_a_redrawn_year_of_equal_days_is_the_year():
    same = pd.Series(0.01, range(100), name="A"), pd.Series(0.0, range(100), name="B")
    found = redrawn_year(*same, margin_pp=50, block=5, resamples=19)
    grown = 100 * (1.01**100 - 1)
    assert found.table[["observed", "low", "high"]].to_numpy() == pytest.approx(np.outer([grown, 0, grown], [1, 1, 1]))
    assert found.share_above == 1.0


# --- the label, and common movement ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_label_moves_over_core_and_all_outside(four, excess):
    found = label_permutation(core_of(*four[:2]), outside_ai(*four[:3]))
    assert found.difference == pytest.approx(excess.loc[OTHER, "excess_pp"], rel=CLOSE)


def closes_with_one_factor(rng: np.random.Generator, n: int, loading: float) -> pd.DataFrame:
    daily = loading * rng.normal(size=(365, 1)) + np.sqrt(1 - loading**2) * rng.normal(size=(365, n))
    return pd.DataFrame(np.exp(np.cumsum(0.01 * daily, axis=0)))


def test_a_known_common_share_comes_back():
    """Equal correlations rho give the first component 1 / k + rho (1 - 1 / k) of the variance."""
    rng = np.random.default_rng(7)
    tight, loose = closes_with_one_factor(rng, 10, 0.9), closes_with_one_factor(rng, 40, 0.5)
    found = common_movement(tight, loose, baskets=499)
    assert found.share == pytest.approx(0.1 + 0.9 * 0.81, abs=0.04)
    assert found.median == pytest.approx(0.1 + 0.9 * 0.25, abs=0.05)
    assert found.p_greater == 1 / 500
    assert found.size == 10


def test_common_movement_equals_its_definition():
    rng = np.random.default_rng(8)
    closes = closes_with_one_factor(rng, 6, 0.7)
    standard = stats.zscore(closes.pct_change().iloc[1:].to_numpy(), ddof=0)
    singular = np.linalg.svd(standard, compute_uv=False)
    share = common_movement(closes, closes_with_one_factor(rng, 8, 0.7), baskets=9).share
    assert share == pytest.approx(singular[0] ** 2 / (singular**2).sum(), rel=CLOSE)
    assert first_share(np.eye(5)) == pytest.approx(0.2)


@pytest.mark.slow
def test_a_random_basket_is_not_unusual():
    """Monte Carlo: the share of a basket drawn like the others is below its 5 % point about one time in twenty."""
    rng = np.random.default_rng(9)
    closes = closes_with_one_factor(rng, 60, 0.6)
    p = []
    for seed in range(150):
        chosen = rng.permutation(60)
        p.append(common_movement(closes[chosen[:8]], closes[chosen[8:]], baskets=99, seed=seed).p_greater)
    assert np.mean(np.array(p) <= 0.05) < 0.12
    assert 0.4 < np.mean(p) < 0.6


@pytest.mark.slow
def test_incomplete_tokens_are_left_out(four):
    outside = outside_ai(*four[:3])
    table = window_returns(*four[:2])
    core = table.query("membership == 'core' and status == 'full'")["symbol"]
    inside = closes_of(four[1], list(core), start=START, end=END)
    inside.iloc[5, 0] = np.nan
    others = outside_closes(outside, four[1], four[2])
    assert list(others) == list(outside["symbol"])
    assert common_movement(inside, others, baskets=19).size == len(core) - 1
    with pytest.raises(ValueError, match="1 complete tokens cannot be set against"):
        common_movement(inside.iloc[:, :2], others)


# --- mutations -------------------------------------------------------------------------------------------------------


def assessed(folder):
    seal(folder)
    return next(e for e in ledger.assess("returns", folder) if e.id == "R2")


def scaled(factor: float, memberships: tuple[str, ...]):
    tokens = load("tokens")
    symbols = tokens.loc[tokens["membership"].isin(memberships), "symbol"]

    def change(table: pd.DataFrame) -> pd.DataFrame:
        rows = table.symbol.isin(symbols) & (table.date == "2025-12-31")
        assert rows.sum() > 10
        table.loc[rows, "close_usd"] = (table.loc[rows, "close_usd"].astype(float) * factor).map(repr)
        return table

    return change


AI = ("core", "broad", "meme")


@pytest.mark.slow
def test_r2_is_contradicted_by_the_shipped_data(small_data, excess):
    entry = assessed(small_data)
    assert entry.verdict == entry.primary_verdict == "contradicted"
    assert entry.estimate.value == pytest.approx(excess.loc[LARGE, "excess_pp"], rel=CLOSE)
    assert entry.support.balanced == 0
    assert "would have to have returned" in entry.nearest_true
    assert set(entry.tables) == {*TABLES, "corrections", "sources"}


@pytest.mark.slow
@pytest.mark.parametrize("factor", [30, 100])
def test_a_category_far_above_every_benchmark_is_supported(small_data, factor):
    rewrite(small_data, "token_prices", scaled(factor, AI))
    entry = assessed(small_data)
    assert entry.verdict == entry.primary_verdict == "supported"
    assert entry.estimate.low > 50
    assert entry.support.balanced > 0.8
    assert entry.nearest_true == "it holds as it is"
    assert sealed.is_modified() == ()


@pytest.mark.slow
def test_a_category_equal_to_btc_is_not_supported(small_data, excess):
    btc = excess.loc["BTC"]
    rewrite(small_data, "token_prices", scaled((100 + btc.benchmark_pct) / (100 + btc.category_pct), AI))
    entry = assessed(small_data)
    assert entry.primary_verdict in ("contradicted", "inconclusive")
    assert entry.verdict != "supported"
    assert entry.estimate.value == pytest.approx(btc.benchmark_pct - excess.loc[LARGE, "benchmark_pct"], abs=1e-6)


@pytest.mark.slow
def test_taking_the_tokens_away_leaves_nothing_to_reproduce(small_data):
    rewrite(small_data, "tokens", lambda t: t.assign(membership=t.membership.replace("core", "broad")))
    entry = assessed(small_data)
    assert (entry.verdict, entry.reason) == ("not-reproducible", "missing")


# --- figures ---------------------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_excess_bars_draw_the_table(excess):
    table = excess.reset_index()
    drawn = excess_bars(table, asserted_pp=50)
    ax = drawn.figure.axes[0]
    dots = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]
    bars = [
        tuple(line.get_xdata()) for line in ax.lines if len(set(line.get_ydata())) == 1 and len(line.get_xdata()) == 2
    ]
    assert dots == table["excess_pp"].tolist()
    assert bars == list(zip(table["low"], table["high"], strict=True))
    assert [50, 50] in [list(line.get_xdata()) for line in ax.lines], "the asserted margin"
    alt = plain(drawn.alt)
    assert f"BTC {excess.loc['BTC', 'excess_pp']:.1f} pp".replace("-", "\N{MINUS SIGN}") in alt
    assert alt.endswith("more than +50.0 pp is a dashed line; dots above it: none.")
    risen = table.assign(excess_pp=table["excess_pp"] + 1000)
    assert plain(excess_bars(risen, asserted_pp=50).alt).endswith(f"dots above it: {', '.join(BENCHMARKS)}.")


def test_beta_lines_draw_the_table(returns):
    betas = rolling_beta(returns[CATEGORY], returns.drop(columns=CATEGORY))
    drawn_line = beta_lines(betas, window=60)
    ax = drawn_line.figure.axes[0]
    drawn = [line.get_ydata() for line in ax.lines if len(line.get_ydata()) == len(betas)]
    assert np.array_equal(drawn, betas.to_numpy().T)
    alt = plain(drawn_line.alt)
    assert "1 Mar 2025 to 31 Dec 2025" in alt
    assert f"BTC from {betas['BTC'].min():.2f} to {betas['BTC'].max():.2f}, last {betas['BTC'].iloc[-1]:.2f}" in alt


def test_labels_keep_apart():
    heights = kept_apart(pd.Series({"A": 1.0, "B": 1.0, "C": 5.0, "D": 0.99}), lambda height: height + 0.5)
    assert min(np.diff(sorted(heights.values()))) >= 0.5
    assert heights["C"] == 5.0
