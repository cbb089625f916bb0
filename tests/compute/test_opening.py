"""The chapter in short says what the entries say, and something else when they do."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.compute.opening import in_short
from analysis.engine.claims import Asserted, Estimate, Evidence, Support, load_claims
from analysis.engine.data.tables import load

ABOUT = ["Price (C2)", "Steadiness (C3)", "Training (C4)", "Concentration (C5)", "Scarcity (C6)", "The forecast (C1)"]
GROUPS = pd.DataFrame({"network_pct": [60.0], "not_hyperscaler_points": [50.0], "decentralised_points": [10.0]})
NOTHING = pd.DataFrame()
QUARTERS = pd.DataFrame({"state": ["level", "level", "falling"]})
SILENT = (Evidence("a", "neutral", "s"), Evidence("b", "neutral", "s"))
SPEAKING = (Evidence("a", "supports", "s"), Evidence("b", "contradicts", "s"), Evidence("c", "supports", "s"))


def entry(value: float | None = None, evidence=(), support: Support | None = None) -> SimpleNamespace:
    estimate = None if value is None else Estimate(value, value - 5, value + 5, "%", 8, "choice", "median")
    asserted = Asserted("range", "50-80% less", low=50.0, high=80.0, unit="%")
    return SimpleNamespace(
        estimate=estimate, evidence=evidence, support=support, asserted=asserted, due=date(2028, 12, 31)
    )


@pytest.fixture(scope="module")
def short():
    runs, claim = load("training_runs"), load_claims()["C4"]

    def said(groups: pd.DataFrame = GROUPS, gpu_hours: pd.DataFrame = NOTHING, **changed) -> dict[str, str]:
        found = {f"C{i}": entry() for i in range(1, 7)} | changed
        told = in_short(found, claim, groups=groups, training_runs=runs, quarters=QUARTERS, gpu_hours=gpu_hours)
        assert list(told) == ABOUT
        return {about: text.replace("\xa0", " ") for about, text in told.items()}

    return said


def test_a_price_stands_beside_the_asserted_one_and_that_of_other_clouds(short):
    support = Support(0.44, 0.2, 0.9, "price model")
    said = short(C2=entry(65.6, support=support))["Price (C2)"]
    assert "Over 8 prices networks ask 65.6 % (60.6 to 70.6 %) less" in said
    assert "50 to 80 %, which holds under 44 % of the definitions; what decides is the price model." in said
    assert said.endswith("ask 50 % less on 1 GPU model, where networks ask 60 % less.")
    alone = short(GROUPS.assign(decentralised_points=np.nan), C2=entry(65.6))["Price (C2)"]
    assert "is open." in alone
    assert alone.endswith("cannot be told.")
    assert short()["Price (C2)"].startswith("No price of a named network")


def test_rows_of_evidence_are_counted_where_they_speak(short):
    silent, speaking = short(C3=entry(evidence=SILENT)), short(C3=entry(evidence=SPEAKING))
    assert "is not known: none of 2 rows of evidence" in silent["Steadiness (C3)"]
    assert speaking["Steadiness (C3)"].endswith("2 for the claim, 1 against.")
    silent, speaking = short(C6=entry(evidence=SILENT)), short(C6=entry(evidence=SPEAKING))
    assert "is not known. Of 3 quarters prices of GPUs were level in 2, falling in 1" in silent["Scarcity (C6)"]
    assert "no named network has figures of two" in silent["Scarcity (C6)"]
    assert speaking["Scarcity (C6)"].endswith("2 for the claim, 1 against.")


def test_training_names_the_largest_run_of_the_claims_date(short):
    said = short()["Training (C4)"]
    assert said.startswith("The largest run over the internet, INTELLECT-1, had 0.158 % of the training compute")
    assert "1 run counts in 2025 and 0 in the year before." in said


def test_shares_and_the_forecast_are_said_or_missing(short):
    assert short()["Concentration (C5)"] == "No shares of both markets are published."
    assert "each hold at least 63 % (58 to 68 %)" in short(C5=entry(63.0))["Concentration (C5)"]
    assert short()["The forecast (C1)"].endswith("before 31 Dec 2028.")
    assert short(C1=entry(63.0))["The forecast (C1)"].startswith("The market was 63 %")
