"""Sentences and figures follow the tables."""

import pandas as pd
import pytest

from analysis.data_marketplaces import economics, figures, payments, properties, published, remarks, weights
from analysis.engine.claims import Evidence, load_claims
from analysis.engine.data.tables import load


@pytest.fixture(scope="module")
def claims():
    return load_claims()


@pytest.fixture
def found() -> pd.DataFrame:
    return load("marketplace_figures")


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_counts_are_those_of_the_table(found) -> None:
    some = found[(found["project"] == "Grass") & found["metric"].isin(remarks.TOLD)]
    text = plain(remarks.counted(found))
    assert text.startswith(f"{len(some)} figures of Grass's nodes")
    assert f"{(some['by'] == 'others').sum()} by others" in text
    assert text.endswith(f"{some['date_to'].isna().sum()} without a date.")


def test_the_origin_of_the_asserted_number_is_found_by_its_size(claims, found) -> None:
    assert "2 published figures: active nodes, Mar 2025" in plain(remarks.origin(claims["D1"], found))
    assert remarks.origin(claims["D2"], found).startswith("No published figure")
    found.loc[found["metric"] == "revenue_per_year", "value"] = 50e6
    assert "1 published figure: revenue per year" in plain(remarks.origin(claims["D2"], found))


def test_the_openings_say_what_was_found(claims) -> None:
    rows = payments.evidence(claims["D3"], load("payment_rules"))
    text = plain(remarks.payments_found(rows))
    assert "none shows money from a buyer" in text
    assert "Against it: members received RDAT" in text
    shown = properties.shown(claims["D4"], properties.evidence(claims["D4"], load("marketplace_properties")))
    assert plain(remarks.parts_found(shown)) == "8 of 9 parts are shown; open: Grass: transparent."


def test_sentences_do_without_figures(claims, found) -> None:
    none = found[found["project"] != "Grass"]
    units = economics.unit_economics(none, nodes=claims["D1"], revenue=claims["D2"])
    deals = economics.carried(load("data_deals"))
    valued = economics.valuation(none, load("token_prices"), load("token_supplies"), revenue=claims["D2"])
    assert "cannot be compared" in remarks.per_tb(units, deals)
    assert "cannot be computed" in remarks.sales(valued)
    assert remarks.counted(none).startswith("0")
    assert "a figure is missing" in remarks.paid(units, economics.airdrops(none, load("token_prices")), deals)


def test_payments_and_emissions_are_set_against_revenue(claims, found) -> None:
    prices, deals = load("token_prices"), economics.carried(load("data_deals"))
    units = economics.unit_economics(found, nodes=claims["D1"], revenue=claims["D2"])
    given = economics.airdrops(found, prices)
    text = plain(remarks.paid(units, given, deals))
    assert "4.7 to 7.1 USD a year" in text
    assert "are paid 100 to 200." in text
    assert f"{given['per_node_low'].min():.2g} to " in text
    ratios = plain(remarks.emitted(economics.emissions(found, prices, as_of=claims["D2"].as_of)))
    assert ratios.startswith("Emissions are Grass's ")
    assert ratios.endswith("No ratio for Ocean Protocol and Vana: no revenue was found.")


def test_rows_of_evidence_become_a_table() -> None:
    rows = (Evidence("a", "supports", "s", vendor=True), Evidence("b", "neutral", "s"))
    assert remarks.table_of(rows)["says who"].tolist() == ["project or holder", "others"]


def test_units_and_spans() -> None:
    assert remarks.spans(pd.Series([1.0, float("nan")]), pd.Series([1.0, float("nan")]), "count") == ["1", "none"]


def test_every_figure_is_drawn_and_its_words_hold_its_numbers(claims, found) -> None:
    both = {"nodes": claims["D1"], "revenue": claims["D2"]}
    told = remarks.told(found)
    drawn = figures.timeline_figure(told, **both)
    fig, alt = drawn.figure, drawn.alt
    assert len(fig.axes) == 2
    assert "at least 2.5 million" in plain(alt)
    assert "nodes, undated, at least 2.8 million (secondary)" in plain(alt)
    assert "not drawn: nodes, undated, at least 2.8 million" in plain(fig.axes[1].get_xlabel())
    units, carried = economics.unit_economics(found, **both), economics.carried(load("data_deals"))
    assert len(figures.unit_figure(units, carried).figure.axes[0].get_yticks()) == len(figures.rows_of(units, carried))
    assert "41 to 390" in figures.unit_figure(units, carried).alt
    doubling = weights.doubled(weights.documented(found))
    assert len(figures.doubling_figure(doubling).figure.axes[0].get_yticks()) == len(doubling)
    assert "× 1.5 by the weights" in figures.doubling_figure(doubling).alt
    modelled = weights.model(weights.documented(found))
    lines = figures.model_figure(modelled).figure.axes[0].get_lines()
    assert len(lines) == 1 + modelled["power"].nunique()
    assert "A model, not data" in figures.model_figure(modelled).alt


def test_figures_draw_what_is_left(claims, found) -> None:
    both = {"nodes": claims["D1"], "revenue": claims["D2"]}
    some = found[found["metric"] == "active_nodes"]
    labels = [text.get_text() for ax in figures.timeline_figure(some, **both).figure.axes for text in ax.texts]
    assert sorted(labels) == sorted(["the report", "2 s", "2.5 a", "3 p", "2.5 s", "", "", "", "", "the report"])
    units = economics.unit_economics(found[found["metric"] != "traffic"], **both)
    carried = economics.carried(load("data_deals"))
    assert set(figures.rows_of(units, carried)["ours"]) == {False}
    assert len(figures.unit_figure(units, carried).figure.axes[0].get_yticks()) == len(carried)


def test_a_shown_part_has_a_row_that_supports_it(claims) -> None:
    rows = properties.evidence(claims["D4"], load("marketplace_properties"))
    for part, word in properties.shown(claims["D4"], rows).items():
        assert (word == "shown") == ({r.bearing for r in rows if r.part == part} - {"neutral"} == {"supports"})


def test_a_date_is_written_as_far_as_it_is_known(found) -> None:
    dates = {row["figure_id"]: plain(published.when(row)) for _, row in found.iterrows()}
    assert dates["grass-2025-03-nodes"] == "Mar 2025"
    assert dates["grass-undated-nodes"] == "undated"
    assert dates["grass-2024-10-nodes"] == "1 Jan to 27 Oct 2024"
