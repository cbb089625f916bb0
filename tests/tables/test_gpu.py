"""The tables of GPU prices agree with one another, and no slip of a thousand in a unit passes."""

import pytest

from analysis.engine.data.tables import load
from analysis.tables.gpu import GPU_PRICES

PLAUSIBLE = next(rule for rule in GPU_PRICES.schema.checks if rule.name == "plausible")


def test_a_provider_has_one_type() -> None:
    prices, providers = load("gpu_prices"), load("gpu_providers").set_index("provider")
    assert (prices["provider_type"] == prices["provider"].map(providers["provider_type"])).all()


def test_every_form_with_a_price_has_its_row() -> None:
    prices, models = load("gpu_prices"), load("gpu_models").set_index(["gpu_model", "form_factor"])
    stated = prices.loc[prices["form_factor"] != "not stated", ["gpu_model", "form_factor"]].drop_duplicates()
    assert set(stated.itertuples(index=False, name=None)) <= set(models.index)


@pytest.mark.parametrize("factor", [1000, 1 / 1000])
def test_every_price_is_refused_in_another_unit(factor: float) -> None:
    prices = load("gpu_prices")
    wrong = prices.assign(usd_per_gpu_hour=factor * prices["usd_per_gpu_hour"])
    assert not PLAUSIBLE(wrong).check_output.any()


@pytest.mark.parametrize("factor", [0.5, 2])
def test_prices_may_halve_or_double(factor: float) -> None:
    prices = load("gpu_prices")
    assert PLAUSIBLE(prices.assign(usd_per_gpu_hour=factor * prices["usd_per_gpu_hour"])).check_output.all()


def test_a_machine_costs_as_much_as_its_gpus() -> None:
    """The table that proving costs are read from and the one of GPU prices say the same where both speak."""
    machines = load("machine_prices").assign(gpu_count=lambda t: t["gpus"])
    same = ["observed_on", "provider", "instance", "region", "gpu_count", "source_id"]
    prices = load("gpu_prices").rename(columns={"price_model": "price_type"})
    both = machines[(machines["gpus"] > 0) & (machines["instance"] != "")].merge(prices, on=[*same, "price_type"])
    assert len(both) > 100
    assert (both["usd_per_gpu_hour"] * both["gpu_count"]).to_numpy() == pytest.approx(both["usd_per_hour"], rel=1e-5)
