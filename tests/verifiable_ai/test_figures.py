"""The figures draw what the tables say, and their text alternatives say what the figures draw."""

from dataclasses import replace
from datetime import date
from functools import partial
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis.engine.claims import load_claims
from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.axes import log_axis
from analysis.engine.words.figures import PALETTE, to_svg
from analysis.verifiable_ai.law import extrapolation, naive, one_machine, rows
from analysis.verifiable_ai.law import figures as law_figures
from analysis.verifiable_ai.law import powers as law
from analysis.verifiable_ai.law.predict import Quantity
from analysis.verifiable_ai.published import cost, cost_figures, literature
from analysis.verifiable_ai.published import figures as published_figures
from analysis.verifiable_ai.published.beyond import joint, progress
from analysis.verifiable_ai.published.beyond.overhead import overhead_summary
from analysis.verifiable_ai.shapes import GPT2
from analysis.verifiable_ai.unproved import figures as unproved_figures
from tests.verifiable_ai import ladders
from tests.verifiable_ai.worlds import prices, published

#: A fraction of a second each, and seconds together: left out by make test-fast.
pytestmark = pytest.mark.slow

claims = pytest.fixture(scope="module")(load_claims)
PREDICTION = SimpleNamespace(
    shape=GPT2, k={26: 0.25, 27: 0.75}, cpu=Quantity(30_000.0, 15_000.0, 45_000.0, "s"),
    memory=Quantity(1500.0, 800.0, 1800.0, "GiB"), wall=Quantity(20_000.0, 10_000.0, 90_000.0, "s"),
    machine=SimpleNamespace(cores=2), efficiency=(0.7, 0.8),
)  # fmt: skip


@pytest.fixture(scope="module")
def ladder():
    """Proofs that follow the law, the law, its lines, and GPT-2's k."""
    proofs = law.of_law(law.observations(ladders.proofs(circuit_sd=0.05)))
    fitted = law.fit_law(proofs)
    ks = extrapolation.by_k(fitted, PREDICTION)
    lines = extrapolation.law_lines(fitted, proofs, family=GPT2.family, until=ks["cells"].max())
    return proofs, fitted, lines, ks


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def words(ax) -> str:
    return plain(" ".join(text.get_text() for text in ax.texts))


def drawn(ax) -> set[tuple[float, float]]:
    """Points of the axes that stand alone."""
    lines = [line for line in ax.lines if len(np.atleast_1d(line.get_xdata())) == 1]
    return {(float(line.get_xdata()[0]), float(line.get_ydata()[0])) for line in lines}


def test_a_line_is_a_model_only_beyond_the_largest_proof_of_its_family(ladder):
    proofs, _, lines, ks = ladder
    for family, line in lines.groupby("family"):
        largest = proofs.loc[proofs["family"] == family, "cells"].max()
        assert (line.loc[line["model"], "cells"] >= largest).all()
        assert (line.loc[~line["model"], "cells"] <= largest * (1 + 1e-9)).all()
    assert set(lines.loc[lines["model"], "family"]) == {GPT2.family}
    assert lines["cells"].max() == pytest.approx(ks["cells"].max()) == pytest.approx(rows.COLUMNS * 2.0**27)


def test_each_k_is_predicted_with_its_doublings(ladder):
    proofs, fitted, _, ks = ladder
    assert ks["k"].tolist() == [26, 27]
    assert ks["probability"].tolist() == [0.25, 0.75]
    beyond = np.log2(ks["cells"] / proofs["cells"].max())
    assert ks["doublings"].tolist() == pytest.approx(beyond.tolist())
    assert ks["value"].iloc[1] / ks["value"].iloc[0] == pytest.approx(2**fitted.slope)


def test_the_law_shows_proofs_and_says_model_where_it_extrapolates(ladder):
    proofs, fitted, lines, ks = ladder
    ax = law_figures.law_figure(fitted, proofs, lines, ks, level=600.0).figure.axes[0]
    assert {(row.cells, row.value) for row in ks.itertuples()} <= drawn(ax)
    assert "model: up to 7 doublings" in words(ax)
    assert "asserted: 10 min" in words(ax)
    assert [600.0, 600.0] in [list(line.get_ydata()) for line in ax.lines], "the asserted time"
    dashed = [line for line in ax.lines if line.get_linestyle() == "--" and len(line.get_xdata()) > 2]
    assert {line.get_color() for line in dashed} == {chapter_colour("verifiable_ai")}


def test_the_law_in_words(ladder):
    proofs, fitted, lines, ks = ladder
    fitted = replace(fitted, coefficients=np.append(fitted.coefficients[:-1], 1.0), low=0.9, high=1.1)
    alt = plain(law_figures.law_figure(fitted, proofs, lines, ks, level=600.0).alt)
    assert f"Dots of {len(proofs)} proofs" in alt
    assert "slope 1.000 (0.900 to 1.100)" in alt
    assert "k = 27 with probability 0.75" in alt
    assert alt.endswith("A dashed line marks the asserted 10 min.")
    of_memory = replace(fitted, outcome="memory_gib")
    alt = plain(law_figures.law_figure(of_memory, proofs, lines, ks, level=23.0).alt)
    assert alt.endswith("Machines: where we proved 23 GiB.")


def test_predictions_beyond_the_bar_are_hollow():
    chained = law.forward_chaining(ladders.proofs(circuit_sd=0.05))
    ax = law_figures.chained_figure(chained).figure.axes[0]
    faces = np.concatenate([dots.get_facecolors() for dots in ax.collections if len(dots.get_offsets()) > 0][-3:])
    hollow = sum(np.allclose(face[:3], 1) for face in faces)
    assert hollow == int((~chained["counts"].astype(bool)).sum())
    alt = law_figures.chained_figure(chained).alt
    counted = chained[chained["counts"].astype(bool)]
    assert alt.endswith(f"{int(counted['within_factor'].sum())} of {len(counted)} lie inside.")


def test_no_prediction_at_all_is_drawn_and_said():
    nothing = law.forward_chaining(ladders.proofs(networks={"mlp:128,256,128": 16, "mlp:256,512,256": 18}))
    assert law_figures.chained_figure(nothing).figure.axes
    assert "Dots of 0 predictions" in law_figures.chained_figure(nothing).alt


def test_the_naive_fits_are_labelled_with_what_they_say_of_gpt2():
    table = ladders.proofs(circuit_sd=0.05)
    proofs, fits = law.observations(table), naive.naive_fit(table)
    drawn = law_figures.naive_figure(proofs, fits, PREDICTION, macs=123_550_464)
    ax = drawn.figure.axes[0]
    assert "the law, by cells" in words(ax)
    assert words(ax).count("perceptron") == 1
    assert "The law gives 8.33 h (4.17 h to 12.5 h)." in plain(drawn.alt)


@pytest.fixture
def literature_table():
    day = lambda text: {"published_on": pd.Timestamp(text)}  # noqa: E731
    return published(
        {"system": "A", "prove_s": 74.0, **day("2024-04-24")},
        {"system": "B", "prove_s": 500.0, "by": "vendor", "published_precision": "month", **day("2025-08-01")},
        {"system": "C", "prove_s": 20.0, **day("2025-09-01")},
        {"system": "C", "prove_s": 25.0, "by": "others", **day("2025-10-01")},
        {"system": "D", "prove_s": 600.0, "what": "distilled", "scale": "smaller", **day("2025-07-09")},
    )


def timeline_of(claims, table):
    own = progress.publications(table)
    rows = progress.publications(table, what=("one_pass", "distilled"), reruns=True)
    parts = progress.best_by_date(own), progress.trend(own)
    found = published_figures.timeline_figure(rows, *parts, claim=claims["V1"])
    return found.figure.axes[0], plain(found.alt)


def test_every_publication_is_a_point_and_a_distilled_model_is_hollow(claims, literature_table):
    ax, alt = timeline_of(claims, literature_table)
    markers = {(line.get_marker(), line.get_markerfacecolor()) for line in ax.lines if line.get_marker() in "os^"}
    blue, paper = chapter_colour("verifiable_ai"), PALETTE["paper"]
    assert markers == {("o", blue), ("s", blue), ("^", blue), ("o", paper)}
    for label in ("A 74 s", "B 8.33 min", "C 20 s", "C 25 s", "D 10 min", "asserted: 10 min"):
        assert label in words(ax)
    assert "C, run by others, Oct 2025, 25 s" in alt
    assert "D, distilled model, Jul 2025, 10 min" in alt
    assert "Best public full model: A 74 s from 2024-04-24; C 20 s from 2025-09-01." in alt


def test_the_steps_show_the_best_so_far(claims, literature_table):
    ax, _ = timeline_of(claims, literature_table)
    (steps,) = [line for line in ax.lines if line.get_drawstyle() == "steps-post"]
    assert list(steps.get_ydata()) == [74.0, 20.0, 20.0]
    days = pd.to_datetime(list(steps.get_xdata(orig=True))[:2])
    assert days.strftime("%Y-%m-%d").tolist() == ["2024-04-24", "2025-09-01"]


@pytest.mark.slow
def test_too_few_results_have_no_trend(claims, literature_table):
    _, alt = timeline_of(claims, literature_table.iloc[:2])
    assert alt.endswith("Too few results for a trend.")


@pytest.fixture
def plane(claims):
    table = published(
        {"system": "A", "prove_s": 600.0},
        {"system": "B", "prove_s": 60.0, "vcpus": np.nan, "memory_gb": np.nan},
    )
    v1, v2 = claims["V1"], claims["V2"]
    offers = prices({"usd_per_hour": 110.0})
    priced = cost.costs(literature.systems(v1, table), offers, on=v1.as_of)
    implied = joint.implied_price(v1, v2)
    machines = joint.machines_between(offers, implied, on=v1.as_of)
    return priced, joint.joint_region(v1, v2), machines, {"v1": v1, "v2": v2}


def test_a_system_at_the_implied_price_lies_inside_the_region(plane):
    priced, region, machines, two = plane
    found = cost_figures.plane_figure(priced, region, machines, **two)
    ax = found.figure.axes[0]
    assert (600.0, 110.0) in drawn(ax)
    outline = next(patch for patch in ax.patches if len(patch.get_xy()) > 50)
    assert outline.get_path().contains_point((600.0, 110.0))
    assert "B, 60 s: hardware not stated" in words(ax).replace("\n", " ")
    alt = plain(found.alt)
    assert "A 10 min, 110 USD an hour, 18.3 USD" in alt
    assert "Lines of 1 machine priced inside at 110 to 110 USD an hour" in alt


@pytest.mark.parametrize("seconds", [[20.0, 600.0], [0.1, 3e5], [500.0, 700.0], [30_000.0]])
@pytest.mark.parametrize("hourly", [0.1, 110.0, 5000.0])
def test_the_band_of_the_cost_is_named_inside_the_plane(plane, seconds, hourly):
    _, region, machines, two = plane
    rows = [{"seconds": s, "usd_per_hour": hourly, "cost_usd": s * hourly / 3600, "reason": ""} for s in seconds]
    priced = pd.DataFrame(rows, index=[f"S{i}" for i in range(len(rows))])
    fig = cost_figures.plane_figure(priced, region, machines, **two).figure
    renderer = FigureCanvasAgg(fig).get_renderer()
    (label,) = [text for text in fig.axes[0].texts if text.get_text().startswith("V2:")]
    box, frame = label.get_window_extent(renderer), fig.axes[0].bbox
    assert frame.x0 <= box.x0 < box.x1 <= frame.x1
    assert frame.y0 <= box.y0 < box.y1 <= frame.y1


def test_the_model_stands_in_the_plane_with_its_interval(plane):
    priced, region, machines, two = plane
    offers = prices({"memory_gib": 2048.0, "usd_per_hour": 13.0})
    model = one_machine.ezkl_on_one_machine(PREDICTION, offers, **two)
    assert model["usd_per_hour"].tolist() == [13.0, 13.0]
    assert model["value"].tolist() == [5_000.0, pytest.approx(5_000 / 3600 * 13)], "8 processors and not 2"
    found = cost_figures.plane_figure(priced, region, machines, **two, model=model)
    ax = found.figure.axes[0]
    assert [2_500.0, 22_500.0] in [list(line.get_xdata()) for line in ax.lines]
    assert "EZKL by the model 83.3 min" in plain(found.alt)
    assert one_machine.ezkl_on_one_machine(PREDICTION, prices({"memory_gib": 64.0}), **two) is None


def test_no_machine_and_no_cost_are_drawn_too(plane):
    priced, region, machines, two = plane
    nothing = priced[priced["cost_usd"].isna()]
    found = cost_figures.plane_figure(nothing, region, machines.head(0), **two)
    assert found.figure.axes
    assert "Lines of 0 machines priced inside. Systems: B 60 s" in plain(found.alt)


def runs(median: float, **more: object) -> dict[str, object]:
    spread = {"low_s": 0.9 * median, "median_s": median, "high_s": 1.1 * median, "slowest_s": 1.2 * median}
    return {"counts": True, "tokens": 1, "threads": 2, "runs": 20, "share": median} | spread | more


@pytest.mark.parametrize("median", [0.012, 0.8, 10.0])
def test_plain_inference_stands_beside_the_bound(median):
    table = pd.DataFrame([runs(median), runs(0.02, tokens=1024, counts=False)])
    found = unproved_figures.inference_figure(table)
    ax = found.figure.axes[0]
    assert (median, 0.0) in drawn(ax)
    assert [1.0, 1.0] in [list(line.get_xdata()) for line in ax.lines], "the bound"
    low, high = ax.get_xlim()
    assert low < min(0.018, 0.9 * median)
    assert high > 1.2 * median
    alt = plain(found.alt)
    assert alt.endswith(f"medians outside: {int(median >= 1)}.")
    assert "1 token on 2 threads" in alt


def test_overheads_stand_by_basis_with_their_mean():
    table = pd.DataFrame(
        {
            "system": ["EZKL", "EZKL", "A", "B"],
            "model": list("abcd"),
            "overhead": [1e6, 1e5, 1e4, 1e2],
            "basis": ["measured", "measured", "two machines", "stated"],
        }
    )
    summary = overhead_summary(table, expires=date(2027, 5, 22))
    found = published_figures.overhead_figure(table, summary)
    ax = found.figure.axes[0]
    assert "geometric mean × 56 000" in words(ax)
    assert len([text for text in ax.texts if text.get_text() in ("A", "B")]) == 2
    alt = plain(found.alt)
    assert "measured here: 2, from 100 000 to 1 000 000" in alt
    assert "range of 2 systems 10 000 to 316 228, which covers their median with probability 0.5; look again" in alt


def test_labels_keep_apart_where_there_is_room():
    from matplotlib.figure import Figure

    from analysis.verifiable_ai.figure_labels import label_points

    ax = Figure(figsize=(5, 4)).subplots()
    for which in "xy":
        log_axis(ax, which, {"1": 1, "10": 10}, (0.5, 20.0))
    label_points(ax, [3.0, 3.2], [3.0, 3.0], ["first", "second"])
    sides = [text.get_ha() for text in ax.texts]
    assert sides != ["left", "left"]


@pytest.mark.slow
def test_svg_is_the_same_on_every_run_and_takes_its_colours_from_the_page(ladder):
    proofs, fitted, lines, ks = ladder
    draw = partial(law_figures.law_figure, fitted, proofs, lines, ks, level=600.0)
    svg, again = (to_svg(draw().figure, name="law", alt="slope 1") for _ in range(2))
    assert svg == again
    for colour in PALETTE.values():
        assert svg.count(colour) == svg.count(f", {colour})")
