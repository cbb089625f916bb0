"""Kinds of provider side by side, the two parts of a discount, and the questions beside C2."""

import pytest

from analysis.compute.price.beyond import comparisons
from analysis.compute.price.sellers import Market
from analysis.engine.claims import load_claims
from analysis.engine.data.tables import load
from tests.compute.worlds import cloud, market, on

C2 = load_claims()["C2"]
NAMES = ("gpu_prices", "gpu_providers", "gpu_models", "gpu_throughput")

shipped = pytest.fixture(scope="module")(lambda: {name: load(name) for name in NAMES})


def test_the_two_parts_add_up_to_the_networks_discount(shipped):
    table = comparisons.groups(C2, Market(**shipped))
    both = table.dropna(subset=["network_pct", "specialist_pct"])
    added = both["not_hyperscaler_points"] + both["decentralised_points"]
    assert len(both) > 2
    assert added.to_numpy() == pytest.approx(both["network_pct"])
    parts = comparisons.split(table)
    assert parts["not_hyperscaler_points"] + parts["decentralised_points"] == pytest.approx(parts["network_pct"])


def test_a_network_as_dear_as_a_specialist_owes_nothing_to_decentralisation():
    rows = [{"usd_per_gpu_hour": 4.0}, {"provider": "lambda", "provider_type": "specialist", "usd_per_gpu_hour": 4.0}]
    found = comparisons.split(comparisons.groups(C2, market(*rows, cloud())))
    assert found.to_dict() == {
        "network_pct": 60.0, "not_hyperscaler_points": 60.0, "decentralised_points": 0.0, "models": 1.0
    }  # fmt: skip


def test_interruptible_prices_are_compared_on_the_same_day_machine_and_source():
    pair = {"provider": "vast.ai", "provider_type": "marketplace"}
    rows = [pair, pair | {"price_model": "bid", "usd_per_gpu_hour": 3.0}]
    assert comparisons.interruptible(market(*rows))["discount_pct"].to_dict() == {"vast.ai": 25.0}
    assert comparisons.interruptible(market(pair, rows[1] | on("2026-01-23"))).empty
    assert comparisons.interruptible(market(pair, rows[1] | {"gpu_count": 8.0})).empty


def test_price_levels_hold_only_gpus_that_both_sides_rent_out():
    rows = [
        {},
        cloud(),
        cloud(gpu_model="A100-80GB"),
        {"gpu_model": "RTX4090-24GB", "form_factor": "single"},
        {"provider": "lambda", "provider_type": "specialist"},
    ]
    table = comparisons.price_levels(C2, market(*rows))
    assert table[["gpu", "provider"]].values.tolist() == [
        ["H100-80GB SXM", "akash"], ["H100-80GB SXM", "lambda"], ["H100-80GB SXM", "aws"]
    ]  # fmt: skip


def test_other_questions_say_where_the_tables_cannot(shipped):
    table = comparisons.other_questions(C2, Market(**shipped)).set_index("question")
    assert table.loc[table.index.str.startswith("training"), "discount_pct"].isna().all()
    assert table["discount_pct"].notna().sum() == 3
