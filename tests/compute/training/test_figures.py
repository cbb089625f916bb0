"""The figures on training, concentration and size draw what the tables say, and their alternatives say it."""

import numpy as np
import pytest

from analysis.compute.concentration import figures as draw_shares
from analysis.compute.concentration import shares as concentration
from analysis.compute.market_size import figures as draw_sizes
from analysis.compute.market_size import forecast as market_size
from analysis.compute.training import figures as draw_runs
from analysis.compute.training.beyond import step_time
from analysis.engine.claims import load_claims
from analysis.engine.data.tables import load
from analysis.engine.words.figures import to_svg

UPLOAD = 22.6e6
claims = pytest.fixture(scope="module")(load_claims)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def words(figure) -> str:
    return plain(" ".join(text.get_text() for ax in figure.axes for text in ax.texts))


@pytest.fixture(scope="module")
def training_map():
    runs, models = load("training_runs"), load("gpu_models")
    methods = step_time.methods_of(runs)
    return step_time.frontier(methods, step_time.setting_of(runs, models), points=9), step_time.points_of(runs)


@pytest.fixture(scope="module")
def sizes():
    table = load("market_sizes")
    needed, so_far = market_size.needed(table), market_size.so_far(table)
    own = needed[(needed["market"] == market_size.CHIPS) & (needed["year"] == market_size.YEAR)]
    return own, so_far[so_far["market"] == market_size.ONE_MAKER]


def test_every_method_has_its_line_and_says_that_it_is_a_model(training_map) -> None:
    lines, points = training_map
    figure = draw_runs.training_figure(lines, points, household_bits_per_s=UPLOAD)
    ax = figure.axes[0]
    drawn = [line for line in ax.lines if len(np.atleast_1d(line.get_xdata())) == 9 and line.get_marker() == "None"]
    assert len(drawn) == lines["method"].nunique() == len(draw_runs.LOOKS)
    for line, (_, own) in zip(drawn, lines.groupby("method", sort=False), strict=True):
        assert line.get_ydata() == pytest.approx(own["bits_per_s"])
    assert ax.get_title(loc="left").endswith("a model")


def test_runs_stand_where_their_numbers_are_and_those_without_bandwidth_below(training_map) -> None:
    lines, points = training_map
    ax = draw_runs.training_figure(lines, points, household_bits_per_s=UPLOAD).axes[0]
    alone = {(float(o.get_xdata()[0]), float(o.get_ydata()[0])) for o in ax.lines if len(o.get_xdata()) == 1}
    inside = points[points["params"].between(*draw_runs.LIMITS_X)]
    stated = inside.dropna(subset=["bits_per_s"])
    assert alone >= set(zip(stated["params"], stated["bits_per_s"], strict=True))
    ticks = next(o for o in ax.lines if o.get_marker() == "|")
    missing = inside[inside["bits_per_s"].isna() & (inside["decentralised"] != "no")]
    assert sorted(ticks.get_xdata()) == sorted(missing["params"])
    assert "Covenant-72B" in words(ax.figure)


def test_the_map_in_words(training_map) -> None:
    lines, points = training_map
    alt = plain(draw_runs.training_figure_alt(lines, points, household_bits_per_s=UPLOAD))
    assert alt.startswith("Map of a model")
    assert "all-reduce at every step, 41.3 Gbit/s at 1 billion" in alt
    assert "A household uploads 22.6 Mbit/s." in alt
    assert "Llama 3.1 405B, 405 billion, 400 Gbit/s" in alt


def test_shares_and_bounds_are_drawn_as_they_are(claims) -> None:
    table = load("market_shares")
    shares, indices = concentration.published(table), concentration.indices(table)
    figure = draw_shares.concentration_figure(shares, indices, claim=claims["C5"])
    upper, lower = figure.axes
    bars = [line.get_xdata() for line in lower.lines if line.get_linewidth() == 5]
    assert [tuple(bar) for bar in bars] == list(zip(indices["low"], indices["high"], strict=True))
    assert [50, 50] in [list(line.get_xdata()) for line in upper.lines], "the asserted mark"
    assert len(upper.get_yticks()) == len(shares)
    alt = plain(draw_shares.concentration_figure_alt(shares, indices, claim=claims["C5"]))
    assert "61.5 to 64.5 %" in alt
    assert "clouds, Q1 2026 (3): 1 359 to 1 948" in alt


def test_paths_lead_from_base_to_forecast(claims, sizes) -> None:
    needed, so_far = sizes
    figure = draw_sizes.market_size_figure(needed, so_far, claim=claims["C1"])
    ends = [tuple(map(float, line.get_ydata())) for line in figure.axes[0].lines if len(line.get_ydata()) == 2]
    assert {(45e9, 500e9), (193.7e9, 500e9)} <= set(ends)
    said = words(figure)
    assert "AMD's own base: needs +62 % a year" in said
    assert "needs +37 % a year" in said
    alt = plain(draw_sizes.market_size_figure_alt(needed, so_far, claim=claims["C1"]))
    assert "from AMD's 45 billion USD in 2023, 61.9 % a year" in alt


def test_without_a_series_of_revenue_the_path_is_drawn_alone(claims, sizes) -> None:
    needed, so_far = sizes
    own = needed[needed["same_market"]]
    assert draw_sizes.market_size_figure(own, so_far.head(0), claim=claims["C1"]).axes
    assert "grew so far: not known" in draw_sizes.market_size_figure_alt(own, so_far.head(0), claim=claims["C1"])


def test_the_figures_are_the_same_on_every_run(training_map) -> None:
    lines, points = training_map
    one, two = (
        to_svg(draw_runs.training_figure(lines, points, household_bits_per_s=UPLOAD), name="x", alt="1") for _ in "ab"
    )
    assert one == two
