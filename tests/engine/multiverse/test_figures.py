"""The specification curve draws what the table says, and its text alternative says what it draws."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis.engine.multiverse import Factor, Rule, explore, inside, pointwise
from analysis.engine.multiverse.explore import curve_of
from analysis.engine.multiverse.figures import specification_curve
from analysis.engine.words.figures import to_svg
from tests.engine.multiverse.worlds import worlds

pytestmark = pytest.mark.slow

REGION = pd.Interval(280, np.inf, closed="neither")
FACTORS = [
    Factor("universe", ("core", "broad", "broad and memes"), "core"),
    Factor("weighting", ("equal", "square root of cap", "cap"), "equal"),
    Factor("aggregation", ("index", "median"), "index"),
]
BASE = {"core": -80.0, "broad": -60.0, "broad and memes": -50.0}
ADDED = {"equal": 0.0, "square root of cap": 5.0, "cap": 9.0}
RULES = [Rule("memes have no caps", lambda g: (g["universe"] == "broad and memes") & (g["weighting"] == "cap"))]
#: The narrowest that a page shows a figure, in CSS pixels, and the smallest text that can be read there.
NARROW_PX, SMALLEST_PX = 326, 8.0


def made(planted: float = 0.0, region: pd.Interval = REGION):
    """A median that knows no weights; `planted` is added to the equal-weighted broad index."""

    def estimate(universe, weighting, aggregation):
        if aggregation == "median":
            return BASE[universe] - 5
        return BASE[universe] + ADDED[weighting] + planted * ((universe, weighting) == ("broad", "equal"))

    return explore(FACTORS, RULES, pointwise(estimate), holds=inside(region))


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def segments(line) -> np.ndarray:
    x, y = np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)
    return np.column_stack([x[0::3], x[1::3], y[0::3]])


def words(ax) -> list[str]:
    return [plain(text.get_text()) for text in ax.texts]


def test_every_distinct_result_stands_once_as_wide_as_it_weighs():
    multiverse = made()
    curve = curve_of(multiverse)
    assert len(curve) == multiverse.distinct == 11
    assert curve["estimate"].is_monotonic_increasing
    assert curve["to_share"].iloc[-1] == pytest.approx(1)
    assert curve["from_share"].iloc[1:].to_numpy() == pytest.approx(curve["to_share"].iloc[:-1].to_numpy())
    assert curve.loc[curve["primary"], "estimate"].tolist() == [-80]
    median = curve[curve["aggregation"] == "median"]
    assert median["weighting"].tolist() == ["equal | square root of cap | cap"] * 2 + ["equal | square root of cap"]


@settings(deadline=None, max_examples=30)
@given(worlds(gaps=False))
def test_the_curve_is_inside_the_region_for_as_much_as_the_support(world):
    multiverse = world.explored()
    curve = curve_of(multiverse)
    held = curve[curve["holds"]]
    assert (held["to_share"] - held["from_share"]).sum() == pytest.approx(multiverse.support.balanced, abs=1e-8)
    assert held["from_share"].min() == pytest.approx(1 - multiverse.support.balanced, abs=1e-8) or held.empty


def test_the_figure_draws_the_curve_the_band_and_the_primary_definition():
    multiverse = made(planted=400)
    upper, lower = specification_curve(multiverse, region=REGION, unit="%", quantity_name="return").figure.axes
    curve = curve_of(multiverse)
    drawn = np.vstack([segments(line) for line in upper.lines if len(line.get_xdata()) % 3 == 0])
    assert sorted(set(drawn[:, 2])) == sorted(set(curve["estimate"]))
    assert (drawn[:, 1] - drawn[:, 0]).sum() == pytest.approx(1)
    assert [280, 280] in [list(line.get_ydata()) for line in upper.lines]
    (mark,) = [line for line in upper.lines if line.get_marker() == "D"]
    assert list(mark.get_ydata()) == [-80]
    assert "primary −80 %" in words(upper)
    assert "asserted: over 280 %" in words(upper)
    assert upper.get_ylabel() == "return, %"
    assert "tall and dark: the claim holds" in lower.get_xlabel()
    assert lower.get_shared_x_axes().joined(upper, lower)


def test_the_ticks_of_an_option_cover_what_it_weighs():
    multiverse = made()
    lower = specification_curve(multiverse, region=REGION, unit="%").figure.axes[1]
    rows = np.vstack(
        [segments(line) for line in lower.lines if len(line.get_xdata()) % 3 == 0 and line.get_xdata().size]
    )
    covered = pd.Series(rows[:, 1] - rows[:, 0]).groupby(rows[:, 2]).sum()
    expected = [1 / 3, 1 / 3, 1 / 3, 1 / 2, 1 / 2]
    assert covered.iloc[[0, 1, 2, 6, 7]].tolist() == pytest.approx(expected), "universe and aggregation"
    assert covered.iloc[3] > 1 / 2, "a median belongs to every weighting"
    labels = words(lower)
    assert [label for label in labels if label.startswith("◆")] == ["◆ core", "◆ equal", "◆ index"]
    assert labels.count("0 %") == 8


@pytest.mark.parametrize(("planted", "symmetric"), [(400, False), (20_000, True)])
def test_extreme_estimates_get_another_axis_which_says_so(planted, symmetric):
    multiverse = made(planted)
    upper = specification_curve(multiverse, region=REGION, unit="%", quantity_name="return").figure.axes[0]
    assert upper.get_yscale() == ("symlog" if symmetric else "linear")
    assert ("symmetric log axis" in upper.get_ylabel()) is symmetric
    alt = specification_curve(multiverse, region=REGION, unit="%", quantity_name="return").alt
    assert ("on a symmetric logarithmic axis" in alt) is symmetric
    low, high = upper.get_ylim()
    assert low < -80
    assert high > planted - 60


def test_the_curve_in_words():
    alt = plain(specification_curve(made(planted=400), region=REGION, unit="%", quantity_name="return").alt)
    assert "return in %: 16 admissible specifications of 18, 11 distinct results, from −85 % to 340 %" in alt
    assert "the primary definition gives −80 %" in alt
    assert "the claim (over 280 %) holds under" in alt
    assert "no factor alone turns the verdict" in alt
    assert "Nearest to hold: universe: broad instead of core (gives 340 %)" in alt
    assert "universe: core 0 %, broad" in alt
    support = made(planted=400).support
    assert f"{round(100 * support.balanced, 1):g} % of specifications" in alt


def test_options_that_are_one_are_said_to_be():
    twice = Factor("wording", ("old", "new"), "old")
    found = explore([twice, FACTORS[0]], [], pointwise(lambda wording, universe: BASE[universe]), holds=inside(REGION))
    alt = plain(specification_curve(found, region=None, unit="%").alt)
    assert "wording: old 0 %, new 0 % (one with old)" in alt
    assert "By balanced weight the claim holds under 0 % of specifications" in alt


REGIONS = {
    "above": REGION,
    "below": pd.Interval(-np.inf, -70, closed="neither"),
    "between": pd.Interval(-70, -55, closed="both"),
    "high": pd.Interval(280, 300, closed="both"),
    "none": None,
}


@pytest.mark.parametrize("region", REGIONS.values(), ids=REGIONS.keys())
@pytest.mark.parametrize("planted", [0, 20_000])
def test_it_fits_a_narrow_page_and_can_be_read_there(region, planted):
    fig = specification_curve(
        made(planted, region or REGION), region=region, unit="%", quantity_name="return in 2025"
    ).figure
    renderer = FigureCanvasAgg(fig).get_renderer()
    box = fig.get_tightbbox(renderer)
    assert 4.8 <= box.width <= 5.5
    texts = [text for ax in fig.axes for text in (*ax.texts, ax.title, ax.xaxis.label, ax.yaxis.label)]
    ticks = [label for ax in fig.axes for label in (*ax.get_xticklabels(), *ax.get_yticklabels())]
    assert min(text.get_fontsize() for text in (*texts, *ticks)) * NARROW_PX / (72 * box.width) >= SMALLEST_PX
    seen = [text.get_window_extent(renderer) for text in (*fig.axes[1].texts, fig.axes[1].xaxis.label)]
    assert not [(a, b) for i, a in enumerate(seen) for b in seen[:i] if a.shrunk(0.9, 0.7).overlaps(b.shrunk(0.9, 0.7))]


#: Results from which the primary one is the first, and a region: the curve runs below, through and above the region.
CURVES = {
    "rising into a range": (np.linspace(-100, 84, 60)[::-1], pd.Interval(50, 80, closed="both")),
    "primary in the middle": (np.roll(np.linspace(20, 90, 40), 20), pd.Interval(50, 80, closed="both")),
    "all inside": (np.linspace(55, 75, 12), pd.Interval(50, 80, closed="both")),
    "flat below a bound": (np.linspace(40, 49, 9)[::-1], pd.Interval(50, np.inf, closed="neither")),
    "flat above a bound": (np.linspace(52, 60, 9), pd.Interval(-np.inf, 50, closed="neither")),
    "below a far range": (np.array([74, 0.04, 1, 2, 3, 20, 27, 28, 40, 45, 260]), pd.Interval(450, 750, closed="both")),
}


@pytest.mark.parametrize(("estimates", "region"), CURVES.values(), ids=CURVES.keys())
def test_labels_keep_off_the_curve_and_off_one_another(estimates, region):
    factor = Factor("choice", tuple(f"option {i}" for i in range(len(estimates))), "option 0")
    found = explore([factor], [], lambda grid: estimates[: len(grid)], holds=inside(region))
    fig = specification_curve(found, region=region, unit="%").figure
    renderer = FigureCanvasAgg(fig).get_renderer()
    upper = fig.axes[0]
    labels = [text.get_window_extent(renderer) for text in upper.texts]
    assert len(labels) == 2
    assert not labels[0].overlaps(labels[1])
    for row in curve_of(found).itertuples():
        ends = upper.transData.transform([(row.from_share, row.estimate), (row.to_share, row.estimate)])
        for box in labels:
            beside = ends[1, 0] <= box.x0 or ends[0, 0] >= box.x1
            assert beside or not box.y0 < ends[0, 1] < box.y1, "a label lies on the curve"


def test_a_primary_definition_without_an_estimate_is_not_marked():
    found = explore([FACTORS[1]], [], pointwise(lambda weighting: ADDED[weighting] or None), holds=inside(REGION))
    upper = specification_curve(found, region=REGION, unit="%").figure.axes[0]
    assert not [line for line in upper.lines if line.get_marker() == "D"]
    alt = specification_curve(found, region=REGION, unit="%").alt
    assert "the primary definition cannot be computed." in alt
    assert "weighting: equal not computable, square" in alt


@pytest.mark.parametrize("estimate", [0.0, -5.0, 2.4e9])
def test_a_single_result_can_be_drawn(estimate):
    found = explore([FACTORS[0]], [], lambda grid: np.full(len(grid), estimate), holds=inside(REGION))
    upper = specification_curve(found, region=None, unit="USD").figure.axes[0]
    low, high = upper.get_ylim()
    assert low <= estimate <= high
    assert "1 distinct result," in plain(specification_curve(found, region=None, unit="USD").alt)


def test_large_amounts_carry_their_unit_on_the_axis():
    value = {"core": 8e6, "broad": 1.2e8, "broad and memes": 2.3e9}
    found = explore([FACTORS[0]], [], pointwise(lambda universe: value[universe]), holds=inside(REGION))
    fig = specification_curve(found, region=None, unit="USD", quantity_name="value").figure
    FigureCanvasAgg(fig).draw()
    assert "1 billion USD" in [plain(label.get_text()) for label in fig.axes[0].get_yticklabels()]
    assert fig.axes[0].get_ylabel() == "value\n(symmetric log axis)"


def test_the_svg_is_the_same_on_every_run_and_follows_the_page():
    def draw() -> str:
        curve = specification_curve(made(400), region=REGION, unit="%").figure
        return to_svg(curve, name="curve", alt="11 results")

    svg = draw()
    assert svg == draw()
    assert "square root of cap" in svg
    assert "var(--band, #c9d7ea)" in svg
