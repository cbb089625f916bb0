"""C2's figures draw what the tables say, and text alternatives and remarks say the same."""

import re
import warnings

import numpy as np
import pandas as pd
import pytest

from analysis.compute.price import figures
from analysis.compute.price import remarks as remarks_match
from analysis.compute.price.beyond import comparisons
from analysis.compute.price.definitions import pairs_under
from analysis.engine.claims import load_claims
from analysis.engine.words.figures import PALETTE, to_svg
from tests.compute.worlds import UNDATED, YEAR, cloud, market, on

AS_OF = pd.Timestamp("2026-01-22")
C2 = load_claims()["C2"]
claim = pytest.fixture(scope="module")(lambda: C2)

ALTERNATIVES = pd.DataFrame(
    [
        ("", "primary definition", 60.0, 55.0, 70.0, "yes", 52.0, ""),
        ("networks", "all networks", 40.0, 20.0, 50.0, "no", 52.0, ""),
        ("networks", "with marketplaces", 90.0, 85.0, 95.0, "no", np.nan, ""),
        ("price model", "spot or bid", np.nan, np.nan, np.nan, "not counted", np.nan, "no such price has a reference"),
        ("price model", "on demand to spot", -300.0, -400.0, -200.0, "no", -90.0, ""),
    ],
    columns=["factor", "option", "estimate", "low_pct", "high_pct", "holds", "specialist_pct", "reason"],
)
SPECIALIST = {"provider": "lambda", "provider_type": "specialist", "usd_per_gpu_hour": 5.0}
SMALL = [{}, cloud(), SPECIALIST, {"provider": "vast.ai", "provider_type": "marketplace", "usd_per_gpu_hour": 3.0}]


def said(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def dots(ax, marker):
    return [float(x) for line in ax.lines if line.get_marker() == marker for x in np.atleast_1d(line.get_xdata())]


def words(fig):
    return said(" ".join(text.get_text() for ax in fig.axes for text in ax.texts))


def test_every_definition_has_a_dot_and_specialists_a_mark(claim):
    (ax,) = figures.discounts_figure(ALTERNATIVES, claim=claim).figure.axes
    assert dots(ax, "o") == [60.0, 40.0, 90.0, -60.0]
    assert dots(ax, "D") == [52.0, 52.0, -60.0]
    band = [patch.get_x() + np.array([0, patch.get_width()]) for patch in ax.patches]
    assert band[0].tolist() == [50.0, 80.0]


def test_what_cannot_be_computed_is_said_and_not_drawn(claim):
    text = words(figures.discounts_figure(ALTERNATIVES, claim=claim).figure)
    assert "no such price has a reference" in text
    assert "asserted: 50 to 80 %" in text
    assert all(name in text for name in ALTERNATIVES["option"])
    assert "−300 %" in text  # what lies outside the axis keeps its number


def test_rows_of_different_factors_do_not_touch(claim):
    heights = figures._heights(ALTERNATIVES["factor"])
    assert np.diff(heights).min() >= 1
    assert len(set(heights)) == len(heights)


def test_the_text_alternative_says_what_is_drawn(claim):
    text = said(figures.discounts_figure(ALTERNATIVES, claim=claim).alt)
    assert "primary definition 60 % (55 % to 70 %), specialist clouds 52 %" in text
    assert "price model: spot or bid: no such price has a reference" in text
    assert "Inside the band: 1 of 4" in text
    assert "nan" not in text


def test_prices_of_four_kinds_are_drawn_apart():
    levels = comparisons.price_levels(C2, market(*SMALL))
    drawn = figures.prices_figure(levels)
    (ax,) = drawn.figure.axes
    assert ax.get_xscale() == "log"
    assert [label.get_text() for label in ax.get_yticklabels()] == ["H100-80GB SXM"]
    named = {line.get_label(): line.get_xdata().tolist() for line in ax.lines if not line.get_label().startswith("_")}
    assert named == {"hyperscaler": [10.0], "specialist cloud": [5.0], "marketplace": [3.0], "network": [4.0]}
    text = said(drawn.alt)
    assert "H100-80GB SXM: hyperscaler 10 (1), specialist 5 (1), marketplace 3 (1), network 4 (1)" in text


def test_the_two_parts_are_drawn_with_their_difference():
    table = comparisons.groups(C2, market(*SMALL))
    drawn = figures.groups_figure(table)
    fig = drawn.figure
    assert dots(fig.axes[0], "o") == [60.0]
    assert dots(fig.axes[0], "D") == [50.0]
    assert "+10 points" in words(fig)
    text = said(drawn.alt)
    assert "H100-80GB: networks 60 % below the hyperscalers, specialist clouds 50 %" in text


def test_no_pair_at_all_is_drawn_and_said(claim):
    world = market({"form_factor": "not stated"}, cloud())
    table = comparisons.groups(C2, world)
    drawn = figures.groups_figure(table)
    assert not drawn.figure.axes[0].collections
    assert "0 of them" in drawn.alt
    assert remarks_match.two_parts(table).startswith("No GPU model")


@pytest.mark.slow
@pytest.mark.parametrize("draw", ["discounts", "prices", "groups"])
def test_figures_are_readable_in_both_themes_and_the_same_on_every_run(claim, draw):
    world = market(*SMALL)
    make = {
        "discounts": lambda: figures.discounts_figure(ALTERNATIVES, claim=claim).figure,
        "prices": lambda: figures.prices_figure(comparisons.price_levels(C2, world)).figure,
        "groups": lambda: figures.groups_figure(comparisons.groups(C2, world)).figure,
    }[draw]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg = to_svg(make(), name="f", alt="1")
    assert svg == to_svg(make(), name="f", alt="1")
    bare = re.sub(r"var\(--[\w-]+, #[0-9a-f]{6}\)", "", svg)
    assert not [colour for colour in re.findall(r"#[0-9a-fA-F]{6}", bare) if colour.lower() in PALETTE.values()]
    sizes = [float(size) for size in re.findall(r"font(?:-size)?: (?:\w+ )?([\d.]+)px", svg)]
    assert min(sizes) >= 8


# -------------------------------------------------------------- remarks
def test_pairs_are_shown_with_their_gaps_largest_discount_first():
    clouds = [cloud(**on("2026-01-12")), cloud(provider="gcp", **on("2026-01-02")), cloud(gpu_model="A100-80GB")]
    pairs = pairs_under(C2, market({}, {"gpu_model": "A100-80GB", "usd_per_gpu_hour": 1.0}, *clouds))
    table = remarks_match.shown(pairs)
    assert table["GPU"].tolist() == ["A100-80GB SXM", "H100-80GB SXM"]
    assert table["days apart"].tolist() == ["0", "10–20"]
    assert table["less, %"].tolist() == [90.0, 60.0]


def test_named_networks_without_a_pair_are_named():
    world = market({}, {"provider": "io.net", "form_factor": "not stated", **YEAR}, cloud())
    text = said(remarks_match.networks_with_prices(pairs_under(C2, world), world.gpu_prices, world.gpu_providers))
    assert text.splitlines() == [
        "Akash: 1 of its 1 price with a reference, for 1 GPU model, of 22 Jan 2026.",
        "io.net: 1 price in the table, none with a reference.",
        "Render: no price of a GPU-hour in the table.",
    ]


def test_distances_in_words():
    clouds = [cloud(**on("2026-01-12")), cloud(provider="gcp", **on("2026-01-02"))]
    text = said(remarks_match.distances(pairs_under(C2, market(on("2026-01-24"), *clouds)), AS_OF))
    assert text == (
        "The two prices of a pair lie 12 to 22 days apart, and the networks' prices 2 days from the claim's date, "
        "22 Jan 2026."
    )
    assert remarks_match.distances(pairs_under(C2, market(UNDATED, *clouds)), AS_OF) == "There is no pair."


def test_the_widest_part_of_the_interval_comes_first():
    parts = pd.DataFrame({"part": ["a", "b", "all"], "width": [1.0, 5.0, 5.0]})
    assert (
        said(remarks_match.parts_of_interval(parts)) == "Width of the interval by what varies: b 5 points, a 1 points."
    )


def test_which_alternatives_leave_the_range():
    text = said(remarks_match.turning(ALTERNATIVES))
    inside, outside, missing = text.splitlines()
    assert inside == "Each taken alone, 0 of 3 alternatives lie inside the asserted range."
    assert outside.startswith("Outside: all networks (networks), 40 %; with marketplaces (networks), 90 %; ")
    assert missing == "Not computable, for want of prices: spot or bid (price model)."


def test_what_may_be_taken_back_is_cheaper_by():
    rows = [{}, {"price_model": "spot", "usd_per_gpu_hour": 1.0}]
    assert said(remarks_match.taken_back(comparisons.interruptible(market(*rows)), {"akash": "Akash"})) == "Akash 75 %."
    assert remarks_match.taken_back(comparisons.interruptible(market({})), {}).startswith("No provider")
