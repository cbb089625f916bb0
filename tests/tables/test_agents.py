"""What the tables of agents refuse, with the message that the reader gets."""

import re

import pandas as pd
import pytest

from analysis.engine.data import sealed
from analysis.engine.data.tables import load, read
from analysis.tables.agents import AGENT_VALUES, KIND_OF
from tests.agents import worlds
from tests.conftest import rewrite
from tests.engine.data.test_bad_input import cell

V, R, C = "agent_values", "agent_results", "agent_cases"


def related(name: str, **changes: str):
    """Change cells of one of Almanak's figures of 2025."""

    def edit(folder):
        def change(frame: pd.DataFrame) -> pd.DataFrame:
            frame.loc[frame["figure_id"] == f"almanak_2025_{name}", list(changes)] = list(changes.values())
            return frame

        rewrite(folder, V, change)

    return edit


BAD = {
    "unknown unit": (V, cell(V, 3, "unit", "EUR"), r"agent_values.csv, row 3, column unit: 'EUR' is not one of USD"),
    "missing source": (V, cell(V, 3, "source_id", ""), r"row 3, column source_id: '' is not a text that is not empty"),
    "unknown source": (
        V,
        cell(V, 3, "source_id", "hearsay"),
        r"row 3, column source_id: 'hearsay' is not in the column",
    ),
    "low above the figure": (
        V,
        cell(V, 3, "low", "99e9"),
        r"row 3: not low on or below value, and value on or below high",
    ),
    "high below the figure": (
        V,
        cell(V, 3, "high", "1"),
        r"row 3: not low on or below value, and value on or below high",
    ),
    "date in the future": (V, cell(V, 3, "observed_to", "2999-01-01"), r"row 3, column observed_to: .*2999.* to today"),
    "first day after the last": (
        V,
        cell(V, 2, "observed_from", "2025-12-01"),
        r"row 2: not observed_from on or before observed_to",
    ),
    "stock given as a flow": (
        V,
        cell(V, 2, "kind", "flow"),
        r"row 2: not a stock or a flow as its quantity is: value held is a stock",
    ),
    "flow given as a stock": (V, cell(V, 6, "kind", "stock"), r"row 6: not a stock or a flow .*volume is a flow"),
    "unknown quantity": (V, cell(V, 2, "quantity", "AUM"), r"row 2, column quantity: 'AUM' is not one of value held"),
    "unknown tier": (
        V,
        cell(V, 2, "tier", "strict"),
        r"row 2, column tier: 'strict' is not one of agent-held, delegated",
    ),
    "negative value": (V, cell(V, 2, "value", "-1"), r"row 2, column value: -1.0 is not 0 or more"),
    "the same money as a figure that is not there": (
        V,
        cell(V, 12, "same_money_as", "nothing"),
        r"row 12: not same_money_as another figure of this table exactly where relation is not none",
    ),
    "the same money in no relation": (V, cell(V, 12, "relation", "none"), r"row 12: not same_money_as another figure"),
    "net of a figure that is net of it": (
        V,
        related("gross", same_money_as="net", relation="net of", other_holder="Pendle"),
        r"row 1[12]: not same_money_as a figure that is not itself the money of another",
    ),
    "a chain": (
        V,
        related("autumn", same_money_as="almanak_2025_gross", relation="net of", other_holder="Pendle"),
        r"row 10: not same_money_as a figure that is not itself",
    ),
    "net above its gross": (V, related("net", value="9e9"), r"row 12: not no more than the figure in same_money_as"),
    "part above its whole": (V, related("pendle", value="9e8"), r"row 10: not no more than the figure in"),
    "part of a total": (
        V,
        related("pendle", same_money_as="total_kevsilk_2026", other_holder=""),
        r"row 10: not same_money_as a figure of a protocol",
    ),
    "net of long after": (
        V,
        related("net", observed_from="2024-01-01", observed_to="2024-01-01"),
        r"row 12: not same_money_as a figure whose dates overlap",
    ),
    "net of another protocol's": (
        V,
        related("net", same_money_as="giza_2025_11", other_holder="", observed_to="2025-12-11", value="1"),
        r"row 12: not net of a figure of its own protocol",
    ),
    "another tier": (
        V,
        related("net", tier="ecosystem"),
        r"row 12: not same_money_as a figure of a protocol, with the same tier",
    ),
    "two net of one": (
        V,
        related("pendle", same_money_as="almanak_2025_gross", relation="net of", observed_to="2025-11-30", value="1"),
        r"row 1[02]: not the only figure net of the one",
    ),
    "no other holder": (
        V,
        related("net", other_holder=""),
        r"row 12: not other_holder, another than the protocol, exactly",
    ),
    "its own other holder": (
        V,
        related("net", other_holder="Almanak"),
        r"row 12: not other_holder, another than the protocol",
    ),
    "a protocol with a space after it": (
        V,
        cell(V, 2, "protocol", "Giza "),
        r"row 2, column protocol: 'Giza ' is not a text without space before or after it",
    ),
    "a protocol in another spelling": (V, cell(V, 2, "protocol", "GIZA"), r"row 2: not one spelling of each protocol"),
    "parts of a figure that differ": (V, cell(V, 31, "chain", "Solana"), r"row 3[01]: not one figure: rows with its"),
    "the same part twice": (
        V,
        cell(V, 31, "part", "bonding curves"),
        r"row 31, columns figure_id, part: the key stands",
    ),
    "record that ends before it begins": (
        R,
        cell(R, 2, "record_to", "2024-01-01"),
        r"agent_results.csv, row 2: not record_from on or before record_to",
    ),
    "a result without a unit": (
        R,
        cell(R, 2, "unit", "none"),
        r"row 2: not a unit, and what it is, exactly where there is",
    ),
    "picked from nobody": (R, cell(R, 2, "participants", "0"), r"row 2, column participants: 0.0 is not 1 or more"),
    "unknown strategy": (R, cell(R, 2, "strategy", "magic"), r"row 2, column strategy: 'magic' is not one of MEV"),
    "record in the future": (R, cell(R, 2, "record_to", "2999-01-01"), r"row 2, column record_to: .*2999.* to today"),
    "unknown framework": (
        C,
        cell(C, 2, "framework", "Eliza"),
        r"agent_cases.csv, row 2, column framework: 'Eliza' is not",
    ),
    "unknown activity": (C, cell(C, 2, "activity", "posting"), r"row 2, column activity: 'posting' is not one of DeFi"),
    "case without a statement": (C, cell(C, 2, "statement", ""), r"row 2, column statement: '' is not a text"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("table", "edit", "message"), BAD.values(), ids=BAD.keys())
def test_bad_table_is_refused_with_place_and_rule(small_data, table, edit, message):
    edit(small_data)
    with pytest.raises(sealed.DataError) as refused:
        read(table, small_data)
    assert re.search(message, str(refused.value)), refused.value


@pytest.mark.parametrize("quantity", KIND_OF)
def test_every_quantity_is_refused_as_the_other_kind(quantity):
    other = {"stock": "flow", "flow": "stock"}[KIND_OF[quantity]]
    rule = next(check for check in AGENT_VALUES.schema.checks if check.name == "kind_as_quantity")
    tables = [
        worlds.values({"protocol": "a", "quantity": quantity, "kind": kind}) for kind in (KIND_OF[quantity], other)
    ]
    assert [bool(pd.Series(rule(table).check_output).all()) for table in tables] == [True, False]


def test_every_figure_of_a_year_or_month_has_an_interval_and_no_made_up_day():
    values = load(V)
    undated = values[values["remark"].str.contains("undated")]
    assert {"giza_2026_body", "total_dwf_2026"} <= set(undated["figure_id"])
    assert (undated["observed_to"] > undated["observed_from"]).all()


def test_nothing_is_dated_after_its_source_was_read():
    retrieved = load("sources").set_index("source_id")["retrieved"]
    for name, column in ((V, "observed_to"), (R, "record_to"), (C, "done_to")):
        table = load(name)
        assert (table[column] <= table["source_id"].map(retrieved)).all(), name


def test_relations_across_protocols_in_both_directions_are_refused():
    rows = (
        {"figure_id": "p1", "protocol": "P"},
        {"figure_id": "p2", "protocol": "P", "same_money_as": "q1", "relation": "part of"},
        {"figure_id": "q1", "protocol": "Q"},
        {"figure_id": "q2", "protocol": "Q", "same_money_as": "p1", "relation": "part of"},
    )
    rule = next(check for check in AGENT_VALUES.schema.checks if check.name == "one_direction")
    allowed = [pd.Series(rule(worlds.values(*some)).check_output).all() for some in (rows[:3], rows)]
    assert allowed == [True, False]
