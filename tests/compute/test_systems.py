"""Every named system has its row, whatever is published of it."""

import pandas as pd
import pytest

from analysis.compute import systems
from analysis.engine.data.tables import load
from analysis.engine.words.formats import day, many

NAMED = {"Render", "Akash", "io.net", "Ritual", "AWS", "Google Cloud", "Azure", "Nvidia"}


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {name: load(name) for name in ("gpu_providers", "gpu_prices", "network_use")}


def test_every_named_system_has_one_row(tables) -> None:
    found = systems.named_systems(**tables)
    assert sorted(found["system"]) == sorted(NAMED)


def test_every_named_network_of_the_use_table_is_a_provider(tables) -> None:
    use = tables["network_use"]
    assert set(use.loc[use["named"], "network"]) <= set(tables["gpu_providers"]["title"])


def test_a_system_without_anything_keeps_its_row(tables) -> None:
    found = systems.named_systems(
        tables["gpu_providers"], tables["gpu_prices"].iloc[:0], tables["network_use"].iloc[:0]
    )
    assert sorted(found["system"]) == sorted(NAMED)
    assert set(found["use"]) == {systems.NONE}
    assert found["price_list"].str.startswith("none per GPU-hour").all()


def test_counts_and_span_are_those_of_the_prices(tables) -> None:
    found = systems.named_systems(**tables).set_index("system").loc["Google Cloud"]
    rows = tables["gpu_prices"][tables["gpu_prices"]["provider"] == "gcp"]
    days = rows["observed_on"].dropna()
    counts = f"{many(len(days), 'dated price')}, {many(rows['gpu_model'].nunique(), 'GPU model')}"
    span = f"on {many(days.nunique(), 'day')}, {day(days.min().date())} to {day(days.max().date())}"
    assert found["price_list"].startswith(f"{counts}, {span}")


def test_a_figure_of_its_own_stands_only_where_there_is_no_other(tables) -> None:
    found = systems.named_systems(**tables).set_index("system")
    assert found.loc["Akash", "use"].endswith("(digest)")
    use = tables["network_use"]
    alone = use[(use["network"] != "Akash") | (use["reliability"] == "self-reported")]
    found = systems.named_systems(tables["gpu_providers"], tables["gpu_prices"], alone).set_index("system")
    assert found.loc["Akash", "use"].endswith("(self-reported)")


def test_render_is_converted_by_score_and_not_used() -> None:
    """A card of 200 points at 100 points times hours for an EUR costs 2 EUR an hour."""
    found = systems.octane_prices(load("render_prices"), load("gpu_prices"))
    by_gpu = found.set_index(["gpu_model", "tier"])["eur_per_gpu_hour"]
    assert by_gpu[("RTX2070-8GB", "tier 2")] == pytest.approx(2.0)
    assert by_gpu[("RTX2070-8GB", "tier 3")] == pytest.approx(1.0)
    assert not (found["same_scale"] & found["with_price"]).any()
    assert "EUR" in systems.describe_octane(found, load("gpu_prices"))
    assert systems.describe_octane(found.iloc[:0], load("gpu_prices")).startswith("No score")


def test_preview_prices_are_per_gpu() -> None:
    found = systems.preview_prices(load("render_prices")).set_index("tier")
    assert found.loc["Dispersed cluster of 8", "usd_per_gpu_hour"] == pytest.approx(19.60 / 8)
