"""The figure on the forecast draws what the tables say, and its alternative says it."""

import pytest

from analysis.compute.market_size import figures, forecast
from analysis.engine.claims import load_claims
from analysis.engine.data.tables import load

claim = pytest.fixture(scope="module")(lambda: load_claims()["C1"])


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.fixture(scope="module")
def sizes():
    table = load("market_sizes")
    return forecast.needed(table), forecast.so_far(table)


def test_paths_lead_from_base_to_forecast(claim, sizes) -> None:
    drawn = figures.market_size_figure(*sizes, claim=claim)
    ends = [tuple(map(float, line.get_ydata())) for line in drawn.figure.axes[0].lines if len(line.get_ydata()) == 2]
    assert {(45e9, 500e9), (193.7e9, 500e9)} <= set(ends)
    said = plain(" ".join(text.get_text() for ax in drawn.figure.axes for text in ax.texts))
    assert "AMD's own base: needs +62 % a year" in said
    assert "needs +37 % a year" in said
    assert "from AMD's 45 billion USD in 2023, 61.9 % a year" in plain(drawn.alt)


def test_without_a_series_of_revenue_the_path_is_drawn_alone(claim, sizes) -> None:
    needed, so_far = sizes
    drawn = figures.market_size_figure(needed[needed["same_market"]], so_far.head(0), claim=claim)
    assert drawn.figure.axes
    assert "grew so far: not known" in drawn.alt
