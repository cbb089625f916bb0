"""The figures on steadiness and scarcity draw what the tables say, and so do their text alternatives."""

import pandas as pd
import pytest

from analysis.compute.scarcity import paid_use, price_moves, scarcity
from analysis.compute.scarcity.figures import scarcity_figure
from analysis.compute.steadiness import steadiness
from analysis.compute.steadiness.figures import steadiness_figure
from analysis.engine.claims import load_claims
from analysis.engine.data.tables import load
from analysis.engine.words.figures import to_svg
from tests.compute.steadiness.test_steadiness import row, with_rows


def words(ax) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_rows_without_anything_say_so() -> None:
    top, bottom = steadiness_figure(steadiness.shown(load("compute_availability"))).figure.axes
    assert words(top).count("none found") == 3
    assert words(bottom).count("none found") == 1


def test_a_row_that_is_published_no_longer_says_so() -> None:
    share = row(metric="time_available", value=0.999, unit="share", setting="")
    shown = steadiness.shown(with_rows(load("compute_availability"), share, row()))
    drawn = steadiness_figure(shown)
    top, bottom = drawn.figure.axes
    assert words(top).count("none found") == 2
    assert words(bottom).count("none found") == 0
    assert "any hyperscaler" not in drawn.alt


def test_every_observation_is_drawn_once() -> None:
    shown = steadiness.shown(load("compute_availability"))
    for ax, measure in zip(steadiness_figure(shown).figure.axes, ("capacity", "latency"), strict=True):
        drawn = [line for line in ax.lines if line.get_marker() in ("o", "s")]
        assert len(drawn) == (shown["measure"] == measure).sum()


@pytest.fixture(scope="module")
def parts() -> dict:
    claim, prices = load_claims()["C6"], load("gpu_prices")
    known = scarcity.quarters(claim, prices, load("gpu_price_indices"), load("compute_availability"))
    return {
        "series": price_moves.price_series(prices, gpu_model="H100-80GB", form_factor="SXM"),
        "revenue": paid_use.revenues(load("network_use")),
        "known": known,
        "claim": claim,
        "what": "H100 SXM",
    }


def test_a_gap_in_a_series_stays_a_gap(parts) -> None:
    top = scarcity_figure(**parts).figure.axes[0]
    azure = next(line for line in top.lines if line.get_label().startswith("Azure"))
    quarters = parts["series"].query("provider == 'azure'")["quarter"]
    assert (
        pd.Series(azure.get_ydata()).notna().sum()
        == quarters.between(parts["known"].index.min() - 2, parts["known"].index.max() + 2).sum()
        < len(azure.get_ydata())
    )


@pytest.mark.slow
def test_both_conflicting_figures_are_drawn_and_told(parts) -> None:
    drawn = scarcity_figure(**parts)
    bottom = drawn.figure.axes[1]
    heights = {float(line.get_ydata()[0]) for line in bottom.lines if len(line.get_ydata()) == 1}
    assert {852_000.0, 10_080_000.0} <= heights
    alt = drawn.alt.replace("\u202f", "")
    assert "852000" in alt
    assert "10.1" in alt
    assert "at least" in alt


def test_nothing_to_draw_is_drawn(parts) -> None:
    empty = parts | {"series": parts["series"].iloc[:0], "revenue": parts["revenue"].iloc[:0]}
    assert "no series" in scarcity_figure(**empty).alt


@pytest.mark.slow
def test_figures_are_the_same_on_every_run(parts) -> None:
    one, two = (scarcity_figure(**parts) for _ in "ab")
    assert to_svg(one.figure, name="x", alt=one.alt) == to_svg(two.figure, name="x", alt=two.alt)
