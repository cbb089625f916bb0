"""Planted figures of nodes and revenue, payments, and properties of marketplaces."""

from datetime import date

import pandas as pd

from analysis.engine.claims import Curve, Support
from tests.contract import HOLDS, THREE_TO_ONE, Case, Number, Seen, table
from tests.data_marketplaces.worlds import figure, figures

OF_PROJECT = {"by": "project", "reliability": "primary", "source_id": "own"}
OCTOBER, DECEMBER = ("2025-10-01", "2025-12-31"), ("2025-12-01", "2025-12-31")

PAYMENT = {
    "rule_id": "a", "project": "Vana", "statement": "a buyer paid", "payer": "buyers", "receiver": "contributors",
    "to_contributors": True, "status": "payment", "unit": "files", "proportion": "in proportion",
    "contributors_paid": 2.0, "date_from": pd.Timestamp("2025-06-01"), "date_to": pd.Timestamp("2025-06-01"),
    "date_precision": "day", "by": "project", "source_id": "paid",
}  # fmt: skip
EMITTED = {"rule_id": "b", "payer": "emissions", "source_id": "emitted", "by": "others"}

PROPERTY = {
    "property_id": "", "project": "Vana", "property": "paid", "statement": "seen", "bearing": "supports",
    "payer": "buyers", "date_from": pd.Timestamp("2025-06-01"), "date_to": pd.Timestamp("2025-06-01"),
    "date_precision": "day", "by": "others", "source_id": "s",
}  # fmt: skip
PARTS = [
    (project, name)
    for project in ("Ocean Protocol", "Grass", "Vana")
    for name in ("transparent", "programmable", "paid")
]


def properties(**changes: dict) -> pd.DataFrame:
    """Every part shown, with changes of some by the first letters of project and property."""
    rows = [{"project": p, "property": n} | changes.get(f"{p[0]}_{n}", {}) for p, n in PARTS]
    return table(PROPERTY, *rows)


def shown(**changes: Seen) -> tuple[Seen, ...]:
    """Evidence for every part, with changes as above."""
    plain = {f"{p[0]}_{n}": Seen("supports", "s", date(2025, 6, 1), part=f"{p}: {n}") for p, n in PARTS}
    return tuple((plain | changes).values())


CASES = {
    "D1": (
        Case(
            "2.5 million nodes by others, and 4.5 million by the project before",
            {
                "marketplace_figures": figures(
                    figure("active_nodes", "2026-01-01", "2026-01-01", 2.5e6),
                    figure("active_nodes", "2025-12-01", "2025-12-01", 4.5e6, **OF_PROJECT),
                    figure("active_nodes", "2025-07-01", "2025-07-01", 9e6),
                )
            },
            label="definition-ambiguous",
            primary="inconclusive",
            level=1,
            basis="secondary",
            estimate=Number(3.5e6, 2.5e6, 4.5e6, "count", 2),
            evidence=(
                Seen("supports", "own", date(2025, 12, 1), vendor=True),
                Seen("contradicts", "s", date(2026, 1, 1)),
            ),
            observed_on=date(2025, 12, 1),
            proxy=True,
            source_values=(4.5e6, 2.5e6, 4.5e6, 2.5e6),
            reliability={"primary": 1.0, "secondary": 1.0},
            support=Support(THREE_TO_ONE, THREE_TO_ONE, 2 * THREE_TO_ONE),
            curve=Curve((2.5e6, 3.5e6), (1 - THREE_TO_ONE, 1.0), (False, True), 1),
            nearest_true="every figure that counts (1 of 2 figures now) would have to be",
        ),
        Case(
            "more than 2 million, which leaves the claim open",
            {
                "marketplace_figures": figures(
                    figure("active_nodes", "2026-01-01", "2026-01-01", 2e6, bound="over", **OF_PROJECT)
                )
            },
            label="inconclusive",
            level=1,
            basis="secondary",
            estimate=Number(2e6, 2e6, 2e6, "count", 1, "over"),
            evidence=(Seen("neutral", "own", date(2026, 1, 1), vendor=True),),
            observed_on=date(2026, 1, 1),
            proxy=True,
            source_values=(2e6, 2e6),
            reliability={"primary": 1.0},
            nearest_true="the figure that counts would have to be",
        ),
        Case(
            "users alone",
            {"marketplace_figures": figures(figure("users", "2026-01-01", "2026-01-01", 5e6))},
            label="not-reproducible",
            level=1,
            basis="secondary",
            proxy=True,
            missing="missing",
        ),
    ),
    "D2": (
        Case(
            "a month of 4 million USD by the project, and a quarter of 10 million by others",
            {
                "marketplace_figures": figures(
                    figure("revenue", *DECEMBER, 4e6, date_precision="month", **OF_PROJECT),
                    figure("revenue", *OCTOBER, 10e6, date_precision="quarter"),
                )
            },
            label="reproduced",
            level=1,
            basis="secondary",
            estimate=Number(44e6, 40e6, 48e6, "USD/year", 2),
            evidence=(Seen("supports", "s"), Seen("supports", "own", vendor=True)),
            observed_on=date(2025, 12, 31),
            source_values=(40e6, 48e6, 40e6, 48e6),
            reliability={"primary": 1.0, "secondary": 1.0},
            support=Support(1.0, 1.0, 1.0),
            curve=Curve((40e6, 44e6), (1 - THREE_TO_ONE, 1.0), (True, True), 1),
            nearest_true=HOLDS,
        ),
        Case(
            "no revenue",
            {"marketplace_figures": figures(figure("users", "2026-01-01", "2026-01-01", 5e6))},
            label="not-reproducible",
            level=1,
            basis="secondary",
            missing="missing",
        ),
    ),
    "D3": (
        Case(
            "a payment from emissions alone",
            {"payment_rules": table(PAYMENT, EMITTED)},
            label="definition-ambiguous",
            primary="contradicted",
            level=1,
            basis="secondary",
            evidence=(Seen("contradicts", "emitted", date(2025, 6, 1), says="money from emissions"),),
            support=Support(0.5, 0.0, 0.5, "money"),
            nearest_true="a payment by 22 Jan 2026 from a buyer of a data set to at least 2 contributors",
        ),
        Case(
            "a buyer's payment, and one of another project",
            {"payment_rules": table(PAYMENT, {}, EMITTED | {"project": "Other"})},
            label="supported",
            level=2,
            basis="secondary",
            evidence=(Seen("supports", "paid", date(2025, 6, 1), vendor=True),),
            support=Support(1.0, 1.0, 1.0),
            nearest_true=HOLDS,
        ),
        Case(
            "both, which decides nothing",
            {"payment_rules": table(PAYMENT, {}, EMITTED)},
            label="inconclusive",
            level=2,
            basis="secondary",
            evidence=(
                Seen("supports", "paid", date(2025, 6, 1), vendor=True),
                Seen("contradicts", "emitted", date(2025, 6, 1)),
            ),
            nearest_true="no payment or rule in force that goes otherwise",
        ),
        Case(
            "nothing of Vana",
            {"payment_rules": table(PAYMENT, {"project": "Other"})},
            label="not-reproducible",
            level=1,
            basis="secondary",
            missing="missing",
        ),
    ),
    "D4": (
        Case(
            "all nine shown, one payment from emissions, one row by a project",
            {"marketplace_properties": properties(G_paid={"payer": "emissions"}, V_paid={"by": "project"})},
            label="definition-ambiguous",
            primary="supported",
            level=2,
            basis="secondary",
            evidence=shown(V_paid=Seen("supports", "s", date(2025, 6, 1), True, "Vana: paid")),
            support=Support(0.75, 0.5, 1.0),
            nearest_true=HOLDS,
        ),
        Case(
            "one of three absent on the claim's day",
            {
                "marketplace_properties": properties(
                    G_transparent={"bearing": "contradicts", "source_id": "looked"}
                    | dict.fromkeys(("date_from", "date_to"), pd.Timestamp("2026-01-22"))
                )
            },
            label="definition-ambiguous",
            primary="contradicted",
            level=1,
            basis="secondary",
            evidence=shown(G_transparent=Seen("contradicts", "looked", date(2026, 1, 22), part="Grass: transparent")),
            support=Support(0.5, 0.0, 0.5, "properties"),
            nearest_true="for Grass: transparent: proof that it was there after all",
        ),
        Case(
            "nothing of two projects",
            {"marketplace_properties": table(PROPERTY, {})},
            label="not-reproducible",
            level=1,
            basis="secondary",
            evidence=(Seen("supports", "s", date(2025, 6, 1), part="Vana: paid"),),
            missing="missing",
        ),
    ),
}
