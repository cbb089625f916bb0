"""GSADF: brute force, an independent package, size, planted episodes, stored values; drawdowns; correlations."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.regression.linear_model import OLS

from analysis.engine.data.tables import load
from analysis.returns import episodes as ep
from analysis.returns.figures import episodes as figures

pytestmark = pytest.mark.slow

#: Running sums against a regression per window.
REGRESSION = 1e-8
#: Stored with eight significant digits.
STORED = 1e-6
#: Standard errors that a Monte Carlo may be off.
SIGMAS = 4.0
#: Two-sided band of the size test; kept narrow enough that normal draws fail it.
SIZE_SIGMAS = 3.0
#: The weekly line is passed by chance in one week of twenty, so that an episode may seem to start early.
DATED_WITHIN_DAYS = 56

tables = pytest.fixture(scope="module")(
    lambda: {n: load(n) for n in ("tokens", "token_prices", "market_prices", "gsadf_critical_values")}
)


@pytest.fixture(scope="module")
def index(tables):
    return ep.long_index(tables["tokens"], tables["token_prices"])


@pytest.fixture(scope="module")
def found(tables, index):
    return ep.explosiveness(ep.weekly(index["level"]), tables["gsadf_critical_values"])


def walk(n: int, seed: int = 0) -> np.ndarray:
    return np.cumsum(np.random.default_rng(seed).normal(size=n))


def dated(y: np.ndarray) -> pd.Series:
    return pd.Series(y, index=pd.date_range("2023-01-01", periods=len(y), freq="W-SUN", name="date"), name="log_index")


# --- the statistic ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "seed"), [(30, 1), (45, 2), (60, 3)])
def test_gsadf_is_the_brute_force_one(n, seed):
    y, w = 50 + walk(n, seed), ep.minimum_window(n)
    brute = np.full((n - w, n - w), -np.inf)
    for e in range(n - w):
        for s in range(e + 1):
            x = y[s : e + w]
            design = np.column_stack([np.ones_like(x), x])
            brute[e, s] = OLS(np.diff(y[s : e + w + 1]), design).fit().tvalues[1]
    np.testing.assert_allclose(ep.adf_windows(y), brute, rtol=REGRESSION, atol=REGRESSION)
    np.testing.assert_allclose(ep.bsadf(y), brute.max(axis=1), rtol=REGRESSION)
    assert ep.gsadf(y) == pytest.approx(brute.max(), rel=REGRESSION)


#: First, second, last and largest of `exuber.radf(walk(80, 1)).bsadf[:, 0]`, pyexuber 0.1.0 (by the author of R's
#: exuber; GPL and alpha, so no dependency), lag 0, its own minimum window of 16.
BSADF_FROM_PYEXUBER_0_1_0 = (-2.4524162459345162, -2.1173642822770393, -1.0397531058071712, -0.24343712900232273)


def test_the_author_of_exuber_finds_the_same():
    ours = ep.bsadf(walk(80, 1))
    assert (ours[0], ours[1], ours[-1], ours.max()) == pytest.approx(BSADF_FROM_PYEXUBER_0_1_0, rel=REGRESSION)


@given(st.integers(0, 10_000), st.floats(-1e3, 1e3), st.floats(0.01, 100))
def test_shifting_or_scaling_changes_nothing(seed, shift, scale):
    y = walk(40, seed)
    np.testing.assert_allclose(ep.bsadf(shift + scale * y), ep.bsadf(y), rtol=1e-5, atol=1e-5)


@given(st.integers(0, 10_000))
def test_turning_the_series_upside_down_changes_nothing(seed):
    """Why direction has to be read off separately."""
    y = walk(40, seed)
    np.testing.assert_allclose(ep.bsadf(-y), ep.bsadf(y), rtol=REGRESSION, atol=REGRESSION)


def test_several_series_at_once_are_each_alone():
    many = np.stack([walk(50, s) for s in range(3)])
    np.testing.assert_array_equal(ep.gsadf(many), [ep.gsadf(y) for y in many])


@pytest.mark.parametrize(("y", "window"), [(walk(5), 5), (walk(30), 2), (np.array([1.0, np.nan] * 20), 10)])
def test_what_cannot_be_tested_is_refused(y, window):
    with pytest.raises(ValueError, match="finite values"):
        ep.adf_windows(y, window=window)


def test_a_series_that_stands_still_is_refused():
    with pytest.raises(ValueError, match="does not move over 10 observations"):
        ep.adf_windows(np.r_[walk(20), np.zeros(20)], window=10)


# --- critical values -------------------------------------------------------------------------------------------------


def test_stored_values_are_what_their_simulator_gives(tables, index):
    stored = tables["gsadf_critical_values"]
    assert stored["simulator"].unique().tolist() == [ep.SIMULATOR]
    again = ep.simulate_critical_values(ep.weekly(index["level"]))
    pd.testing.assert_frame_equal(again, stored, rtol=STORED, check_dtype=False)


def test_another_seed_gives_them_within_monte_carlo_error(tables, index):
    stored = tables["gsadf_critical_values"].query("statistic == 'gsadf'").set_index("level")["critical_value"]
    n = 999
    draws = ep.wild_bootstrap(ep.weekly(index["level"]).to_numpy(), simulations=n, rng=np.random.default_rng(7)).max(
        axis=1
    )
    for level in ep.LEVELS:
        assert abs((draws <= stored[level]).mean() - level) < SIGMAS * np.sqrt(level * (1 - level) / n)


def test_an_edited_series_gets_values_of_its_own(tables, index, found):
    assert found.stored
    assert found.simulations == ep.SIMULATIONS
    other = ep.weekly(index["level"]).to_numpy() + 0.01 * walk(len(ep.weekly(index["level"])))
    again = ep.explosiveness(dated(other), tables["gsadf_critical_values"])
    assert not again.stored
    assert again.simulations == ep.FRESH_SIMULATIONS


def test_normal_draws_change_the_line_and_not_the_answer(index, found):
    series = ep.weekly(index["level"])
    normal = ep.explosiveness(series, ep.simulate_critical_values(series, simulations=999, multiplier="normal"))
    assert normal.critical[0.95] > found.critical[0.95]
    assert normal.rejected
    assert found.rejected


def test_unknown_multiplier_is_refused():
    with pytest.raises(ValueError, match="rademacher, normal"):
        ep.wild_bootstrap(walk(40), simulations=1, rng=np.random.default_rng(0), multiplier="mammen")


def test_p_value_and_rejection_follow_from_the_distribution(found, tables):
    gsadf = tables["gsadf_critical_values"].query("statistic == 'gsadf'")
    assert found.p_value == pytest.approx(1 - gsadf.loc[gsadf.critical_value < found.gsadf, "level"].max())
    assert found.rejected == (found.p_value <= 0.05)


# --- size, and planted episodes --------------------------------------------------------------------------------------


def rejections(
    make, multiplier: str = "rademacher", *, n: int = 80, runs: int, simulations: int = 199, seed: int = 11
) -> float:
    rng, hits = np.random.default_rng(seed), 0
    for _ in range(runs):
        y = make(rng, n)
        draws = ep.wild_bootstrap(y, simulations=simulations, rng=rng, multiplier=multiplier).max(axis=1)
        hits += (1 + (draws >= ep.gsadf(y)).sum()) / (simulations + 1) <= 0.05
    return hits / runs


def homoskedastic(rng, n):
    return np.cumsum(rng.normal(size=n))


def late_storm(rng, n):
    return np.cumsum(rng.normal(size=n) * np.where(np.arange(n) < 0.6 * n, 1.0, 4.0))


@pytest.mark.parametrize("make", [homoskedastic, late_storm])
def test_nominal_size(make):
    runs = 600
    assert abs(rejections(make, runs=runs) - 0.05) < SIZE_SIGMAS * np.sqrt(0.05 * 0.95 / runs)


def test_normal_draws_are_too_cautious():
    """Why the signs are used: exuber's default does not reach the nominal size under constant volatility."""
    runs = 600
    assert rejections(homoskedastic, "normal", runs=runs) < 0.05 - SIZE_SIGMAS * np.sqrt(0.05 * 0.95 / runs)


def planted(sign: float, *, n: int = 160, first: int = 100, last: int = 120) -> pd.Series:
    """A random walk with an explosive stretch, a random walk again after it."""
    rng = np.random.default_rng(5)
    y = np.zeros(n)
    for t in range(1, n):
        inside = first <= t <= last
        drift = sign * 0.15 * (1.12 ** (t - first)) if inside else 0.0
        y[t] = y[t - 1] + drift + 0.08 * rng.normal()
    return dated(y)


@pytest.mark.parametrize(("sign", "direction"), [(1.0, "bubble"), (-1.0, "collapse")])
def test_a_planted_episode_is_found_with_its_direction(tables, sign, direction):
    series = planted(sign)
    result = ep.explosiveness(series, tables["gsadf_critical_values"])
    assert result.rejected
    assert result.p_value == 0.01
    hit = result.episodes[
        (result.episodes["start"] <= series.index[120]) & (result.episodes["end"] >= series.index[110])
    ]
    assert hit["direction"].tolist() == [direction]
    assert abs(hit["start"].iloc[0] - series.index[100]).days <= DATED_WITHIN_DAYS
    assert np.sign(hit["window_change_pct"].iloc[0]) == sign


def test_no_episodes_where_the_test_does_not_reject(tables):
    result = ep.explosiveness(dated(walk(120, 3)), tables["gsadf_critical_values"])
    assert not result.rejected
    assert result.episodes.empty


def test_episodes_shorter_than_asked_are_left_out():
    weeks = pd.DataFrame(
        {"log_index": 0.0, "bsadf": [0, 2, 2, 0, 2, 2, 3, 2.0], "critical": 1.0, "window_change": 1.0},
        index=pd.date_range("2023-01-01", periods=8, freq="W-SUN"),
    ).assign(window_start=pd.Timestamp("2022-06-05"))
    table = ep.date_stamp(weeks, shortest=3)
    assert table[["start", "end", "peak"]].iloc[0].tolist() == [weeks.index[4], weeks.index[7], weeks.index[6]]
    assert len(table) == 1
    assert table["ongoing"].tolist() == [True]
    assert len(ep.date_stamp(weeks, shortest=2)) == 2


# --- the index -------------------------------------------------------------------------------------------------------


def test_monthly_index_by_hand():
    days = pd.date_range("2025-01-29", "2025-03-02")
    rng = np.random.default_rng(0)
    closes = pd.DataFrame(np.exp(rng.normal(0, 0.1, (len(days), 3)).cumsum(axis=0)), index=days, columns=list("ABC"))
    closes.loc[:"2025-01-30", "C"] = np.nan  # first close on a rebalancing day
    closes.loc["2025-02-10":, "B"] = np.nan  # ends inside a month
    turns = [pd.Timestamp(d) for d in ("2025-01-29", "2025-01-31", "2025-02-28", "2025-03-02")]
    held = closes.ffill()
    expected = 100.0
    for (a, b), members in zip(pairwise(turns), ("AB", "ABC", "AC"), strict=True):
        expected *= (held.loc[b, list(members)] / held.loc[a, list(members)]).mean()
    got = ep.monthly_index(closes)
    assert got["level"].iloc[-1] == pytest.approx(expected, rel=1e-12)
    assert got["tokens"].loc[["2025-01-30", "2025-02-01", "2025-03-01"]].tolist() == [2, 3, 2]
    assert got["stale"].sum() == (pd.Timestamp("2025-02-28") - pd.Timestamp("2025-02-09")).days
    assert got.index.equals(days)


def test_a_series_of_one_close_a_month_never_takes_part(tables, index):
    closes = pd.DataFrame({"A": 1.0, "B": np.nan}, index=pd.date_range("2025-01-01", "2025-03-31"))
    closes.loc[closes.index.is_month_start | closes.index.is_month_end, "B"] = [1.0, 9.0, 90.0, 90.0, 900.0, 900.0]
    closes.loc["2025-02-01", "B"] = closes.loc["2025-03-01", "B"] = np.nan
    assert ep.monthly_index(closes)["level"].iloc[-1] == 100.0
    assert index["tokens"].iloc[0] == 4


def test_no_member_is_refused():
    with pytest.raises(ValueError, match="no token with closes on 2025-01-01"):
        ep.monthly_index(pd.DataFrame({"A": np.nan}, index=pd.date_range("2025-01-01", periods=3)))


def test_unknown_universe_is_refused(tables):
    with pytest.raises(ValueError, match="core, broad, broad and memes"):
        ep.long_index(tables["tokens"], tables["token_prices"], universe="all")


# --- drawdowns -------------------------------------------------------------------------------------------------------


def test_drawdowns_are_those_of_an_independent_package(index):
    import ffn

    levels = index["level"]
    theirs = ffn.core.drawdown_details(ffn.core.to_drawdown_series(levels))
    theirs = theirs[theirs["drawdown"].astype(float) <= -0.2]
    ours = ep.drawdowns(levels)
    np.testing.assert_allclose(ours["depth_pct"], 100 * theirs["drawdown"].astype(float), rtol=1e-9)
    assert (ours["peak"] + pd.Timedelta(days=1)).tolist() == pd.to_datetime(theirs["Start"]).tolist()


@given(st.lists(st.floats(1, 1000), min_size=1, max_size=40))
def test_drawdowns_cover_every_day_below_the_peak(values):
    levels = pd.Series(values, index=pd.date_range("2025-01-01", periods=len(values)))
    table = ep.drawdowns(levels, shallowest_pct=0.0)
    highest = levels.cummax()
    assert table["depth_pct"].min() == pytest.approx(100 * (levels / highest - 1).min()) or table.empty
    for d in table.itertuples():
        assert d.peak < d.trough
        assert levels[d.peak] == highest[d.trough]
        if pd.notna(d.recovery):
            assert levels[d.recovery] >= levels[d.peak]
        else:
            assert (levels.loc[d.trough :] < levels[d.peak]).all()
    covered = sum(((levels.index > d.peak) & ~(levels.index >= d.recovery)).sum() for d in table.itertuples())
    assert covered == (levels < highest).sum()


# --- correlation -----------------------------------------------------------------------------------------------------


def test_fisher_interval_is_scipys():
    rng = np.random.default_rng(1)
    a = pd.Series(rng.normal(size=60))
    b = 0.5 * a + pd.Series(rng.normal(size=60))
    theirs = stats.pearsonr(a, b)
    ci = theirs.confidence_interval(0.95)
    np.testing.assert_allclose(ep.fisher(a, b), (theirs.statistic, ci.low, ci.high), rtol=1e-9)


def test_correlation_parts_do_not_overlap_and_count_their_days(tables, index, found):
    others = ep.other_index(tables["tokens"], tables["token_prices"], tables["market_prices"])
    table = ep.correlations(index, others, found.episodes)
    assert len(table) == 3 * len(found.episodes)
    during = table[table["part"] == "during"].reset_index(drop=True)
    assert during["n"].tolist() == (7 * found.episodes["weeks"]).tolist()
    assert table.loc[table["part"] != "during", "n"].eq(ep.BESIDE_DAYS).all()
    assert ((table["low"] < table["correlation"]) & (table["correlation"] < table["high"])).all()


# --- figures ---------------------------------------------------------------------------------------------------------


def test_bsadf_figure_draws_its_table(found):
    fig = figures.bsadf_line(found)
    _, bottom = fig.axes
    np.testing.assert_array_equal(bottom.lines[0].get_ydata(), found.weeks["bsadf"])
    np.testing.assert_array_equal(bottom.lines[1].get_ydata(), found.weeks["critical"])
    assert len(bottom.patches) == len(found.episodes)
    alt = figures.bsadf_line_alt(found)
    assert f"{found.gsadf:.2f}" in alt
    assert all(f"{e.start:%Y-%m-%d} to {e.end:%Y-%m-%d}" in alt for e in found.episodes.itertuples())


def test_a_collapse_is_hatched(tables):
    result = ep.explosiveness(planted(-1.0), tables["gsadf_critical_values"])
    assert {p.get_hatch() for p in figures.bsadf_line(result).axes[0].patches} == {"///"}
    assert "collapse from" in figures.bsadf_line_alt(result)


def test_drawdown_figure_draws_its_table(index):
    levels = pd.DataFrame({"AI core": index["level"]})
    table = ep.drawdowns(index["level"])
    fig = figures.drawdown_lines(levels, table)
    low = table["depth_pct"].min()
    assert min(fig.axes[0].lines[0].get_ydata()) == pytest.approx(low)
    alt = figures.drawdown_lines_alt(levels, table)
    assert f"{abs(low):.1f}" in alt
    assert "not recovered" in alt
