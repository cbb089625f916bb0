"""Kennedy's correction wherever a dummy is read, and the ends of a discount's interval."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.compute.list_prices import hedonic
from analysis.engine.claims import load_claims
from analysis.engine.inference import clustered
from tests.compute import planted
from tests.compute.worlds import tables

AS_OF = pd.Timestamp("2026-01-22")

claims = pytest.fixture(scope="module")(load_claims)


def test_every_dummy_is_read_with_kennedys_correction():
    """The estimates of a noisy world, again by hand from coefficient and standard error."""
    sample = hedonic.cross_section(planted.cross_section_prices(noise=0.3, seed=4))
    found = hedonic.hedonic(sample, draws=9)
    for row in found.discounts:
        b, v = row.cr2.coefficient, row.cr2.standard_error**2
        assert v > 0.001
        assert row.discount_pct == pytest.approx(100 * (1 - np.exp(b - v / 2)), rel=1e-9)


def test_variants_are_read_with_it_but_for_a_kind_of_one_provider():
    table = planted.cross_section_prices(noise=0.3, seed=4)
    table = table[(table["provider_type"] != "network") | (table["provider"] == "akash")]
    world = tables({})
    found = hedonic.variants(table, world["gpu_models"], world["gpu_providers"])
    row = found[found["variant"] == "primary"].set_index("provider_type")
    sample = hedonic.cross_section(table)
    controls, labels = hedonic.controls_of(sample)
    full = clustered.with_labels(controls, labels, reference=hedonic.REFERENCE)
    for kind, one in zip(hedonic.COMPARED, clustered.cr2_of_each(full, hedonic.COMPARED), strict=True):
        v = 0.0 if kind == "network" else one.standard_error**2
        assert row.at[kind, "discount_pct"] == pytest.approx(100 * (1 - np.exp(one.coefficient - v / 2)), rel=1e-9)
    assert np.isnan(row.at["network", "low_pct"])
    assert row.at["specialist", "low_pct"] < row.at["specialist", "discount_pct"] < row.at["specialist", "high_pct"]


def test_an_interval_of_a_discount_turns_round_and_has_no_end_where_the_coefficient_has_none():
    sample = hedonic.cross_section(planted.cross_section_prices(noise=0.3, seed=4))
    controls, labels = hedonic.controls_of(sample)
    one = clustered.cr2(clustered.with_labels(controls, labels, reference=hedonic.REFERENCE), "network")
    low, high = hedonic.interval_pct(one)
    assert (low, high) == pytest.approx((100 * (1 - np.exp(one.high)), 100 * (1 - np.exp(one.low))))
    assert hedonic.interval_pct(replace(one, low=-np.inf, high=np.inf)) == (-np.inf, 100.0)
