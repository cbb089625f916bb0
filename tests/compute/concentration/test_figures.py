"""The figure on concentration draws what the tables say, and its alternative says it."""

from analysis.compute.concentration import figures, shares
from analysis.engine.claims import load_claims
from analysis.engine.data.tables import load


def test_shares_and_bounds_are_drawn_as_they_are() -> None:
    table = load("market_shares")
    published, indices = shares.published(table), shares.indices(table)
    drawn = figures.concentration_figure(published, indices, claim=load_claims()["C5"])
    upper, lower = drawn.figure.axes
    bars = [tuple(segment[:, 0]) for segment in lower.collections[0].get_segments()]
    assert bars == list(zip(indices["low"], indices["high"], strict=True))
    assert [50, 50] in [list(line.get_xdata()) for line in upper.lines], "the asserted mark"
    assert len(upper.get_yticks()) == len(published)
    alt = drawn.alt.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "61.5 to 64.5 %" in alt
    assert "clouds, Q1 2026 (3): 1 359 to 1 948" in alt
