"""Explosive episodes of the category and their stored critical values; its long index; drawdowns; correlations."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.engine.data.tables import load
from analysis.engine.inference import gsadf
from analysis.returns import episodes as ep
from analysis.returns import figures
from tests.engine.inference.test_gsadf import dated, planted, walk

pytestmark = pytest.mark.slow

#: Stored with eight significant digits.
STORED = 1e-6
#: Standard errors that a Monte Carlo may be off.
SIGMAS = 4.0

tables = pytest.fixture(scope="module")(
    lambda: {n: load(n) for n in ("tokens", "token_prices", "market_prices", "gsadf_critical_values")}
)


@pytest.fixture(scope="module")
def index(tables):
    return ep.long_index(tables["tokens"], tables["token_prices"])


@pytest.fixture(scope="module")
def found(tables, index):
    return gsadf.explosiveness(ep.weekly(index["level"]), tables["gsadf_critical_values"])


# --- critical values -------------------------------------------------------------------------------------------------


def test_stored_values_are_what_their_simulator_gives(tables, index):
    stored = tables["gsadf_critical_values"]
    assert stored["simulator"].unique().tolist() == [gsadf.SIMULATOR]
    again = gsadf.simulate_critical_values(ep.weekly(index["level"]))
    pd.testing.assert_frame_equal(again, stored, rtol=STORED, check_dtype=False)


def test_another_seed_gives_them_within_monte_carlo_error(tables, index):
    stored = tables["gsadf_critical_values"].query("statistic == 'gsadf'").set_index("level")["critical_value"]
    n = 999
    draws = gsadf.wild_bootstrap(ep.weekly(index["level"]).to_numpy(), simulations=n, rng=np.random.default_rng(7)).max(
        axis=1
    )
    for level in gsadf.LEVELS:
        assert abs((draws <= stored[level]).mean() - level) < SIGMAS * np.sqrt(level * (1 - level) / n)


def test_an_edited_series_gets_values_of_its_own(tables, index, found):
    assert found.simulations == gsadf.SIMULATIONS
    other = ep.weekly(index["level"]).to_numpy() + 0.01 * walk(len(ep.weekly(index["level"])))
    again = gsadf.explosiveness(dated(other), tables["gsadf_critical_values"])
    assert again.simulations == gsadf.FRESH_SIMULATIONS


def test_normal_draws_change_the_line_and_not_the_answer(index, found):
    series = ep.weekly(index["level"])
    normal = gsadf.explosiveness(series, gsadf.simulate_critical_values(series, simulations=999, multiplier="normal"))
    assert normal.critical[0.95] > found.critical[0.95]
    assert normal.gsadf > normal.critical[0.95]
    assert found.gsadf > found.critical[0.95]


def test_p_value_and_rejection_follow_from_the_distribution(found, tables):
    stored = tables["gsadf_critical_values"].query("statistic == 'gsadf'")
    assert found.p_value == pytest.approx(1 - stored.loc[stored.critical_value < found.gsadf, "level"].max())
    assert (found.gsadf > found.critical[0.95]) == (found.p_value <= 0.05)


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


def test_fisher_interval_is_its_closed_form():
    rng = np.random.default_rng(1)
    a = pd.Series(rng.normal(size=60))
    b = 0.5 * a + pd.Series(rng.normal(size=60))
    r, half = np.corrcoef(a, b)[0, 1], stats.norm.ppf(0.975) / np.sqrt(60 - 3)
    ends = np.tanh([np.arctanh(r) - half, np.arctanh(r) + half])
    np.testing.assert_allclose(ep.fisher(a, b), (r, *ends), rtol=1e-9)


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
    drawn = figures.bsadf_line(found)
    _, bottom = drawn.figure.axes
    np.testing.assert_array_equal(bottom.lines[0].get_ydata(), found.weeks["bsadf"])
    np.testing.assert_array_equal(bottom.lines[1].get_ydata(), found.weeks["critical"])
    assert len(bottom.patches) == len(found.episodes)
    alt = drawn.alt
    assert f"{found.gsadf:.2f}" in alt
    assert all(f"{e.start:%Y-%m-%d} to {e.end:%Y-%m-%d}" in alt for e in found.episodes.itertuples())


def test_a_collapse_is_hatched(tables):
    result = gsadf.explosiveness(planted(-1.0), tables["gsadf_critical_values"])
    drawn = figures.bsadf_line(result)
    assert {p.get_hatch() for p in drawn.figure.axes[0].patches} == {"///"}
    assert "collapse from" in drawn.alt


def test_drawdown_figure_draws_its_table(index):
    levels = pd.DataFrame({"AI core": index["level"]})
    table = ep.drawdowns(index["level"])
    drawn = figures.drawdown_lines(levels, table)
    low = table["depth_pct"].min()
    assert min(drawn.figure.axes[0].lines[0].get_ydata()) == pytest.approx(low)
    alt = drawn.alt
    assert f"{abs(low):.1f}" in alt
    assert "not recovered" in alt
