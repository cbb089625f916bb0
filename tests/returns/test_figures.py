"""The figures draw what the tables say, and their text alternatives say what the figures draw."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.engine.claims import Estimate
from analysis.engine.words.figures import PALETTE, show, to_svg
from analysis.returns import figures
from analysis.returns.figures import LONGEST_BAR_PCT, bars_of

DAYS = pd.date_range("2024-12-31", "2025-12-31")
ESTIMATE = Estimate(-80.0, -90.0, -70.0, unit="%", n=3, interval_of="sources", method="made up")
BARS = pd.DataFrame(
    {
        "symbol": ["A", "B", "C", "D", "E"],
        "vertical": ["compute", "compute", "agents", "data", "benchmark"],
        "status": ["full", "late", "full", "missing", "full"],
        "from_date": DAYS[[0, 40, 0, 0, 0]],
        "return_pct": [-50.0, 945.0, 12.0, np.nan, 1.0],
        "membership": ["core", "broad", "meme", "core", "benchmark"],
    }
)


@pytest.fixture
def levels() -> pd.DataFrame:
    return pd.DataFrame(
        {"AI core": np.geomspace(100, 20, len(DAYS)), "BTC": np.geomspace(100, 93.6, len(DAYS))}, index=DAYS
    )


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_lines_end_where_the_table_ends(levels):
    ax = figures.index_lines(levels, asserted_pct=280, estimate=ESTIMATE).figure.axes[0]
    drawn = [line for line in ax.lines if len(line.get_ydata()) == len(DAYS)]
    assert [line.get_ydata()[-1] for line in drawn] == pytest.approx([20, 93.6])
    marks = [list(line.get_ydata()) for line in ax.lines if len(line.get_ydata()) == 2]
    assert [380, 380] in marks, "the asserted return"
    assert [10, 30] in marks, "the interval"


def test_lines_in_words(levels):
    alt = plain(figures.index_lines(levels, asserted_pct=280, estimate=ESTIMATE).alt)
    assert "AI core −80.0 %; BTC −6.4 %" in alt
    assert "Interval: −90.0 % to −70.0 %" in alt
    assert alt.endswith("lines that end above it: none.")
    risen = plain(figures.index_lines(levels * [1, 10], asserted_pct=280, estimate=ESTIMATE).alt)
    assert risen.endswith("lines that end above it: BTC.")


def test_nothing_to_draw_is_drawn_and_said():
    empty = pd.DataFrame(index=DAYS)
    assert figures.index_lines(empty, asserted_pct=280, estimate=None).figure.axes
    assert "no token has both closes" in figures.index_lines(empty, asserted_pct=280, estimate=None).alt
    none = BARS[BARS.status == "missing"]
    assert figures.token_bars(none, asserted_pct=280).figure.axes
    assert "Bars of 0 tokens with both closes; 0 of them rose" in figures.token_bars(none, asserted_pct=280).alt


def test_bars_are_sorted_by_vertical_then_return_and_leave_out_what_has_no_return():
    assert bars_of(BARS)["symbol"].tolist() == ["B", "A", "C"]


def test_a_bar_for_each_token_hollow_where_it_starts_late():
    ax = figures.token_bars(BARS, asserted_pct=280).figure.axes[0]
    bars = [patch for patch in ax.patches if patch.get_width() in (-50.0, 12.0, LONGEST_BAR_PCT)]
    assert [bar.get_facecolor()[3] for bar in bars] == [0.0, 1.0, 1.0]
    assert plain(" ".join(t.get_text() for t in ax.texts)).count("+945 %, from 9 Feb, cut") == 1


def test_bars_in_words():
    alt = plain(figures.token_bars(BARS, asserted_pct=280).alt)
    assert "Bars of 2 tokens with both closes, from A −50.0 % to C +12.0 %" in alt
    assert "1 hollow bars start later in the year; 1 of these rose" in alt
    assert alt.endswith("bars that pass it: B.")


def test_svg_is_the_same_on_every_run_has_real_text_and_follows_the_page(levels):
    draw = lambda: to_svg(  # noqa: E731
        figures.index_lines(levels, asserted_pct=280, estimate=ESTIMATE).figure,
        name="lines",
        alt='falls by 80 % & "more"',
    )
    svg = draw()
    assert svg == draw()
    assert svg.startswith('<svg id="lines-svg" role="img" aria-label="falls by 80 % &amp; &quot;more&quot;"')
    assert "AI core" in svg
    assert "var(--ink, #1b2430)" in svg
    for colour in PALETTE.values():
        assert svg.count(colour) == svg.count(f", {colour})"), "every colour of the palette can be overridden"


@pytest.mark.parametrize("mode", ["png", "svg"])
def test_show_carries_the_words_and_the_data(levels, monkeypatch, mode):
    shown = []
    monkeypatch.setattr("analysis.engine.words.figures.display", lambda bundle, **more: shown.append((bundle, more)))
    monkeypatch.setenv("ANALYSIS_FIGURES", mode)
    drawn = figures.index_lines(levels, asserted_pct=280, estimate=ESTIMATE)
    show(replace(drawn, alt="down 80 %"), name="lines")
    ((bundle, more),) = shown
    assert bundle["text/plain"] == "down 80 %"
    if mode == "svg":
        assert 'download="lines.csv" href="data:text/csv;base64,' in bundle["text/html"]
        assert "<script" not in bundle["text/html"]
    else:
        assert more["metadata"]["image/png"]["alt"] == "down 80 %"


def test_words_without_a_number_are_refused(levels):
    drawn = figures.index_lines(levels, asserted_pct=280, estimate=ESTIMATE)
    with pytest.raises(ValueError, match="figure lines: the text alternative holds no number"):
        show(replace(drawn, alt="it fell"), name="lines")
