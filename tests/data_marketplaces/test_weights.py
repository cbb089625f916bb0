"""Vana's weights: what doubles, and the model."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.data_marketplaces import weights
from analysis.engine.data.tables import load

#: VRC-14 and the documentation: fees, trading, wallets.
DOCUMENTED = weights.Weights(0.5, 0.3, 0.2)
EXACT = 1e-12
#: Of a Gini coefficient from 1,000 quantiles against the closed form of the lognormal.
OF_QUANTILES = 0.02


def test_the_shipped_weights_are_the_documented_ones() -> None:
    assert weights.documented(load("marketplace_figures")) == DOCUMENTED


def test_a_missing_weight_gives_none() -> None:
    table = load("marketplace_figures")
    assert weights.documented(table[table["metric"] != "weight_token_volume"]) is None


@pytest.mark.parametrize("wrong", [(0.5, 0.3, 0.3), (1.2, -0.4, 0.2)])
def test_weights_that_do_not_add_up_are_refused(wrong) -> None:
    with pytest.raises(ValueError, match="add up to 1"):
        weights.Weights(*wrong)


@given(st.floats(1e-6, 0.9))
def test_doubling_agrees_with_pools_that_double(share: float) -> None:
    """Brute force: one pool among others, each of its parts doubled in turn."""
    others = 1 - share
    table = weights.doubled(DOCUMENTED, share=share).set_index("doubles")
    before = DOCUMENTED.share(*[np.array([share, others])] * 3)[0]
    twice = np.array([2 * share, others])
    same = np.array([share, others])
    for name, parts in {
        "fees for access alone": (twice, same, same),
        "trading of the pool's token alone": (same, twice, same),
        "wallets that contributed alone": (same, same, twice),
        "data, and all three with it": (twice, twice, twice),
    }.items():
        factor = DOCUMENTED.share(*parts)[0] / before
        assert np.isclose(table.loc[name, "by_rule"], factor, atol=1e-6)
    assert np.isclose(table.loc["data alone, from the same wallets", "in_proportion"], twice[0] / sum(twice) / before)


@pytest.mark.parametrize("share", [-0.1, 1.0])
def test_a_share_beyond_its_range_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="0 or more and below 1"):
        weights.doubled(DOCUMENTED, share=share)


@pytest.mark.slow
@given(st.lists(st.floats(0.1, 1e6), min_size=1, max_size=20))
def test_shares_add_up_and_go_with_contribution_where_all_three_do(given_) -> None:
    x = np.array(given_)
    shares = DOCUMENTED.share(x, x, x)
    assert np.isclose(shares.sum(), 1)
    assert np.allclose(shares, x / x.sum())


@given(st.lists(st.floats(0.01, 1e4), min_size=2, max_size=15), st.floats(0.1, 100))
def test_gini_is_half_the_mean_difference_and_has_no_unit(values, unit: float) -> None:
    x = np.array(values)
    plain = np.abs(x[:, None] - x).mean() / (2 * x.mean())
    assert np.isclose(weights.gini(x), plain, atol=1e-9)
    assert np.isclose(weights.gini(unit * x), plain, atol=1e-9)


def test_the_model_has_the_gini_of_the_lognormal() -> None:
    """Closed form: 2 Φ(σ/√2) − 1."""
    table = weights.model(DOCUMENTED)
    closed = 2 * stats.norm.cdf(table["sigma"] / np.sqrt(2)) - 1
    assert np.abs(table["contributions"] - closed).max() < OF_QUANTILES


def test_the_model_mixes_what_is_equal_and_what_is_not() -> None:
    """Trading in proportion: four fifths go with contribution, one fifth is equal, so the coefficient is 0.8 of it."""
    table = weights.model(DOCUMENTED)
    linear, flat = table[table["power"] == 1.0], table[table["power"] == 0.0]
    assert np.allclose(linear["payments"], 0.8 * linear["contributions"], atol=EXACT)
    assert np.allclose(flat["payments"], 0.5 * flat["contributions"], atol=EXACT)
