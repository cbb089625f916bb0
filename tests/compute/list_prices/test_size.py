"""The stored rejection rates: made by their simulator, on the design of the shipped prices, and read as they should."""

import numpy as np
import pandas as pd
import pytest

from analysis.compute.list_prices import hedonic as he
from analysis.compute.list_prices import size
from analysis.engine.data.tables import load
from tests.compute.planted import cross_section_prices


@pytest.fixture(scope="module")
def sample() -> pd.DataFrame:
    return he.cross_section(load("gpu_prices"))


@pytest.fixture(scope="module")
def stored() -> pd.DataFrame:
    return load("bootstrap_size")


def test_stored_rates_belong_to_the_shipped_prices(sample, stored):
    _, labels = he.controls_of(sample)
    assert size.counts_fit(stored, labels, len(sample))
    assert not size.counts_fit(stored, labels.drop("akash"), len(sample))
    assert not size.counts_fit(stored, labels, len(sample) + 1)
    assert stored["between_share"].unique() == pytest.approx([size.between_share(sample)], abs=1e-6)
    assert set(stored["simulator"]) == {size.SIMULATOR}


def test_stored_rates_cover_every_comparison_spread_and_test(stored):
    pairs = set(zip(stored["provider_type"], stored["reference"], strict=True))
    assert pairs == set(he.COMPARISONS)
    assert len(stored) == len(he.COMPARISONS) * len(size.SPREADS) * len(size.TESTS)


@pytest.mark.slow
def test_simulation_starts_as_the_stored_one_and_repeats(sample, stored):
    few = [size.simulate_size(sample, simulations=60, spreads=(1.0,)) for _ in range(2)]
    pd.testing.assert_frame_equal(*few)
    keys = ["provider_type", "reference", "spread", "test"]
    both = few[0].merge(stored, on=keys, suffixes=("_few", "_stored"))
    assert len(both) == len(few[0])
    error = np.sqrt(np.maximum(both["rejected_stored"], 0.02) * (1 - both["rejected_stored"]) / 60)
    assert ((both["rejected_few"] - both["rejected_stored"]).abs() <= 4 * error).all()


def test_residuals_of_nothing_but_providers_lie_between_them():
    noisy = he.cross_section(cross_section_prices(noise=0.5))
    assert size.between_share(noisy) > 0.95
    rng = np.random.default_rng(1)
    shuffled = noisy.assign(log_price=rng.standard_normal(len(noisy)))
    assert size.between_share(shuffled) < 0.2
