"""The figure on training draws what the tables say, and its alternative says it."""

import numpy as np
import pytest

from analysis.compute.training import figures as draw_runs
from analysis.compute.training.beyond import step_time
from analysis.engine.data.tables import load
from analysis.engine.words.figures import to_svg

#: A fraction of a second each, and seconds together: left out by make test-fast.
pytestmark = pytest.mark.slow

UPLOAD = 22.6e6


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def words(figure) -> str:
    return plain(" ".join(text.get_text() for ax in figure.axes for text in ax.texts))


@pytest.fixture(scope="module")
def training_map():
    runs, models = load("training_runs"), load("gpu_models")
    methods = step_time.methods_of(runs)
    return step_time.frontier(methods, step_time.setting_of(runs, models), points=9), step_time.points_of(runs)


def test_every_method_has_its_line_and_says_that_it_is_a_model(training_map) -> None:
    lines, points = training_map
    ax = draw_runs.training_figure(lines, points, household_bits_per_s=UPLOAD).figure.axes[0]
    drawn = [line for line in ax.lines if len(np.atleast_1d(line.get_xdata())) == 9 and line.get_marker() == "None"]
    assert len(drawn) == lines["method"].nunique() == len(draw_runs.LOOKS)
    for line, (_, own) in zip(drawn, lines.groupby("method", sort=False), strict=True):
        assert line.get_ydata() == pytest.approx(own["bits_per_s"])
    assert ax.get_title(loc="left").endswith("a model")


def test_runs_stand_where_their_numbers_are_and_those_without_bandwidth_below(training_map) -> None:
    lines, points = training_map
    ax = draw_runs.training_figure(lines, points, household_bits_per_s=UPLOAD).figure.axes[0]
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
    alt = plain(draw_runs.training_figure(lines, points, household_bits_per_s=UPLOAD).alt)
    assert alt.startswith("Map of a model")
    assert "all-reduce at every step, 41.3 Gbit/s at 1 billion" in alt
    assert "A household uploads 22.6 Mbit/s." in alt
    assert "Llama 3.1 405B, 405 billion, 400 Gbit/s" in alt


def test_the_figures_are_the_same_on_every_run(training_map) -> None:
    lines, points = training_map
    one, two = (
        to_svg(draw_runs.training_figure(lines, points, household_bits_per_s=UPLOAD).figure, name="x", alt="1")
        for _ in "ab"
    )
    assert one == two
