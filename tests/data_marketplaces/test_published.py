"""D1 and D2: which figures count, and what they say."""

from datetime import date
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.data_marketplaces import published
from analysis.engine.claims import load_claims
from analysis.engine.claims.judge import judge
from analysis.engine.data.tables import load
from tests.data_marketplaces.worlds import figure, figures

TODAY = date(2026, 11, 25)
NODES, REVENUE = "active_nodes", "revenue_per_year"


@pytest.fixture(scope="module")
def d1():
    return load_claims()["D1"]


@pytest.fixture(scope="module")
def d2():
    return load_claims()["D2"]


@pytest.fixture
def shipped() -> pd.DataFrame:
    return load("marketplace_figures")


def label(claim, table: pd.DataFrame) -> str:
    assess = {"D1": published.assess_d1, "D2": published.assess_d2}[claim.id]
    return judge(claim, assess(claim, marketplace_figures=table), today=TODAY).primary


@pytest.mark.slow
def test_the_shipped_figures_give_what_can_be_read_off_them(d1, d2, shipped) -> None:
    nodes = published.assess_d1(d1, marketplace_figures=shipped)
    revenue = published.assess_d2(d2, marketplace_figures=shipped)
    assert (nodes.estimate.low, nodes.estimate.value, nodes.estimate.high, nodes.estimate.n) == (2.5e6, 2.5e6, 2.5e6, 1)
    assert (revenue.estimate.value, revenue.estimate.n) == (14.2e6, 1)
    assert (nodes.estimate.bound, revenue.estimate.bound) == ("at least", "exact")
    assert (label(d1, shipped), label(d2, shipped)) == ("inconclusive", "differs-smaller")
    assert (nodes.support, revenue.support.balanced) == (None, 0)
    assert [row.bearing for row in nodes.evidence] == ["neutral"]
    assert revenue.reliability == {"estimate": 1.0}
    assert nodes.proxy
    assert not revenue.proxy


@pytest.mark.slow
@pytest.mark.parametrize(
    ("bound", "value", "expected"),
    [
        ("exact", 2.5e6, "differs-smaller"),
        ("about", 2.5e6, "differs-smaller"),
        ("up to", 2.5e6, "differs-smaller"),
        ("at least", 2.5e6, "inconclusive"),
        ("over", 2.5e6, "inconclusive"),
        ("at least", 2.8e6, "reproduced-minor"),
        ("exact", 3e6, "reproduced-minor"),
        ("at least", 3e6, "reproduced-minor"),
        ("over", 3e6, "reproduced"),
        ("exact", 3.1e6, "reproduced"),
        ("at least", 3.1e6, "reproduced"),
        ("up to", 3.1e6, "inconclusive"),
    ],
)
def test_the_word_before_a_number_decides_d1(d1, shipped, bound: str, value: float, expected: str) -> None:
    shipped.loc[shipped["metric"] == NODES, ["bound", "value"]] = [bound, value]
    assert label(d1, shipped) == expected


@pytest.mark.parametrize(
    ("bound", "value", "expected"),
    [
        ("at least", 10e6, "inconclusive"),
        ("at least", 50e6, "inconclusive"),
        ("at least", 80e6, "differs-larger"),
        ("up to", 20e6, "differs-smaller"),
        ("up to", 50e6, "inconclusive"),
    ],
)
def test_the_word_before_a_number_decides_d2(d2, shipped, bound: str, value: float, expected: str) -> None:
    shipped.loc[shipped["metric"] == REVENUE, ["bound", "value"]] = [bound, value]
    assert label(d2, shipped) == expected
    support = published.assess_d2(d2, marketplace_figures=shipped).support
    assert (support is None) == (expected == "inconclusive")


def test_of_several_figures_the_interval_holds_all_that_they_allow(d1) -> None:
    rows = [
        figure(NODES, "2026-01-01", "2026-01-01", 4e6),
        figure(NODES, "2026-01-02", "2026-01-02", 5e6, bound="over"),
    ]
    found = published.assess_d1(d1, marketplace_figures=figures(*rows)).estimate
    assert (found.low, found.value, found.high, found.bound) == (4e6, 4.5e6, 5e6, "at least")


@pytest.mark.parametrize("metric", [NODES, REVENUE])
def test_a_figure_in_two_parts_is_one_figure(d1, d2, shipped, metric: str) -> None:
    claim, assess = {NODES: (d1, published.assess_d1), REVENUE: (d2, published.assess_d2)}[metric]
    row = shipped[(shipped["metric"] == metric) & (shipped["date_from"] == "2026-06-01")]
    halves = [row.assign(part=part, value=row["value"] * share) for part, share in (("one", 0.25), ("two", 0.75))]
    split = pd.concat([shipped.drop(row.index), *halves])
    assert assess(claim, marketplace_figures=split) == assess(claim, marketplace_figures=shipped)


def test_revenue_at_the_asserted_figure_turns_d2(d2, shipped) -> None:
    shipped.loc[shipped["metric"] == REVENUE, "value"] = 50e6
    assert label(d2, shipped) == "reproduced"


@pytest.mark.parametrize("metric", [NODES, REVENUE])
def test_without_a_figure_nothing_is_reproducible_and_nothing_is_zero(d1, d2, shipped, metric: str) -> None:
    claim, assess = {NODES: (d1, published.assess_d1), REVENUE: (d2, published.assess_d2)}[metric]
    for some in (shipped[shipped["metric"] != metric], shipped[shipped["project"] != "Grass"]):
        found = assess(claim, marketplace_figures=some)
        assert (found.estimate, found.missing) == (None, "missing")
        assert label(claim, some) == "not-reproducible"


def test_a_conflict_in_the_window_is_an_interval_of_its_sources(d1) -> None:
    table = figures(figure(NODES, "2026-01-01", "2026-01-01", 2e6), figure(NODES, "2026-03-01", "2026-03-01", 8e6))
    found = published.assess_d1(d1, marketplace_figures=table)
    assert (found.estimate.low, found.estimate.value, found.estimate.high) == (2e6, 5e6, 8e6)
    assert found.source_values == (2e6, 8e6, 2e6, 8e6)
    assert label(d1, table) == "inconclusive"


def test_a_range_counts_with_both_ends(d1) -> None:
    table = figures(figure(NODES, "2026-01-01", "2026-01-01", low=3.2e6, high=4e6))
    found = published.assess_d1(d1, marketplace_figures=table).estimate
    assert (found.low, found.value, found.high) == (3.2e6, 3.6e6, 4e6)


@pytest.mark.parametrize(
    ("first", "last", "away"),
    [
        ("2026-01-22", "2026-01-22", 0),
        ("2026-01-01", "2026-01-31", 0),
        ("2025-07-26", "2025-07-26", -180),
        ("2025-07-01", "2025-07-26", -180),
        ("2026-07-21", "2026-12-31", 180),
    ],
)
def test_the_nearest_day_that_a_date_allows_decides(first: str, last: str, away: int) -> None:
    days = published.days_away(figures(figure(NODES, first, last, 1.0)), date(2026, 1, 22))
    assert days.tolist() == [away]


@pytest.mark.parametrize(("last", "counts"), [("2025-07-26", True), ("2025-07-25", False)])
def test_the_window_is_180_days_to_the_day(d1, last: str, counts: bool) -> None:
    inside = figure(NODES, "2026-03-01", "2026-03-01", 2e6)
    rows = published.node_figures(d1, figures(inside, figure(NODES, last, last, 9e6)))
    assert (9e6 in rows["value"].tolist()) == counts


def test_outside_the_window_the_nearest_before_and_after_count(d1) -> None:
    rows = [
        figure(NODES, day, day, value)
        for day, value in (("2023-01-01", 1e6), ("2025-01-01", 2e6), ("2026-09-01", 4e6), ("2026-11-01", 9e6))
    ]
    found = published.assess_d1(d1, marketplace_figures=figures(*rows))
    assert (found.estimate.low, found.estimate.high) == (2e6, 4e6)
    assert found.observed_on == date(2025, 1, 1)


def test_an_undated_figure_never_counts(d1) -> None:
    table = figures(figure(NODES, "2020-01-01", "2020-01-01", 1e6), figure(NODES, None, None, 9e6))
    assert published.assess_d1(d1, marketplace_figures=table).estimate.value == 1e6
    only = figures(figure(NODES, None, None, 9e6))
    assert label(d1, only) == "not-reproducible"


def test_the_latest_before_the_date_lies_before_it(d1, shipped) -> None:
    rows = published.node_figures(d1, shipped, figures="the latest before the date")
    assert rows["figure_id"].tolist() == ["grass-2025-03-nodes"]
    over = figures(figure(NODES, "2026-01-01", "2026-01-31", 5e6), figure(NODES, "2025-01-01", "2025-01-01", 4e6))
    assert published.node_figures(d1, over, figures="the latest before the date")["value"].tolist() == [4e6]


def test_extensions_alone_count_where_a_source_counts_them(d1, shipped) -> None:
    alone = published.node_figures(d1, shipped, counted="browser extensions alone")
    assert alone.empty
    more = pd.concat([shipped, figures(figure("browser_extensions", "2026-01-01", "2026-01-01", 4e6))])
    assert published.node_figures(d1, more, counted="browser extensions alone")["value"].tolist() == [4e6]
    assert published.question_d1(d1, more).explore().support.balanced > 0


@pytest.mark.parametrize(
    ("metric", "precision", "first", "last", "yearly"),
    [
        ("revenue", "month", "2025-12-01", "2025-12-31", 12e6),
        ("revenue", "quarter", "2025-10-01", "2025-12-31", 4e6),
        ("revenue_per_year", "month", "2025-12-01", "2025-12-31", 1e6),
    ],
)
def test_periods_are_annualised(d2, metric: str, precision: str, first: str, last: str, yearly: float) -> None:
    table = figures(figure(metric, first, last, 1e6, date_precision=precision))
    assert published.assess_d2(d2, marketplace_figures=table).estimate.value == yearly


def test_a_calendar_year_and_the_last_quarter_are_alternatives(d2) -> None:
    year = figure("revenue", "2025-01-01", "2025-12-31", 40e6, date_precision="year")
    quarter = figure("revenue", "2025-10-01", "2025-12-31", 12e6, date_precision="quarter")
    earlier = figure("revenue", "2025-07-01", "2025-09-30", 5e6, date_precision="quarter")
    table = figures(year, quarter, earlier)

    def value(span: str) -> float:
        return published.middle(published.revenue_figures(d2, table, period=span), d2.regions[0])

    assert value("booked in 2025") == 40e6
    assert value("last full quarter × 4") == 48e6
    assert value("annualised, within the window, else the nearest") == (20e6 + 48e6) / 2


def test_what_the_project_says_of_itself_can_be_left_out(d1) -> None:
    table = figures(
        figure(NODES, "2026-01-01", "2026-01-01", 2e6), figure(NODES, "2026-01-02", "2026-01-02", 8e6, by="project")
    )
    assert published.node_figures(d1, table, sources="other than the project")["value"].tolist() == [2e6]
    assert published.assess_d1(d1, marketplace_figures=table).evidence[1].vendor


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(-900, 290), st.floats(1e5, 1e8)), min_size=1, max_size=6, unique=True),
    random=st.randoms(),
)
def test_order_and_repetition_change_nothing(d1, rows, random) -> None:
    claim, day = d1, pd.Timestamp("2026-01-22")
    made = [
        figure(NODES, str((day + pd.Timedelta(days=n)).date()), str((day + pd.Timedelta(days=n)).date()), value)
        for n, value in rows
    ]
    before = published.node_figures(claim, figures(*made))
    shuffled = [*made, made[0] | {"figure_id": "again"}]
    random.shuffle(shuffled)
    after = published.node_figures(claim, figures(*shuffled))
    assert np.allclose(published.reach(before)[:3], published.reach(after)[:3])
    assert before["least"].min() <= published.reach(before)[0] <= before["most"].max()


def test_readings_show_what_does_not_count(d1, shipped) -> None:
    readings = published.readings(d1, shipped).set_index("reading")
    assert readings.loc["as declared", ["bound", "label"]].tolist() == ["at least", "inconclusive"]
    undated = readings.loc["undated figures of nodes too", ["least", "most", "bound", "label"]].tolist()
    assert undated == [2.5e6, 2.8e6, "at least", "inconclusive"]
    assert published.readings(d1, shipped[shipped["metric"] != "users"])["label"].iloc[-1] == "not-reproducible"


def test_alternatives_name_every_option_and_hold_as_the_region_says(d1, d2, shipped) -> None:
    first = published.alternatives(d1, partial(published.node_figures, d1, shipped))
    second = published.alternatives(d2, partial(published.revenue_figures, d2, shipped))
    assert len(first) == sum(len(f.options) for f in d1.factors)
    assert len(second) == sum(len(f.options) for f in d2.factors)
    assert dict(zip(first["option"], first["holds"], strict=True)) == {
        "nodes of every kind": "open",
        "browser extensions alone": "no figure",
        "within the window, else the nearest": "open",
        "the latest before the date": "yes",
        "all": "open",
        "other than the project": "open",
    }
    shipped.loc[shipped["metric"] == REVENUE, "value"] = 50e6
    assert published.alternatives(d2, partial(published.revenue_figures, d2, shipped))["holds"].tolist() == [
        "yes",
        "no figure",
        "no figure",
        "yes",
        "yes",
    ]


def test_nearest_true_says_so_where_it_holds(d2, shipped) -> None:
    assert "would have to be" in published.assess_d2(d2, marketplace_figures=shipped).nearest_true
    shipped.loc[shipped["metric"] == REVENUE, "value"] = 50e6
    assert published.assess_d2(d2, marketplace_figures=shipped).nearest_true == published.HOLDS
