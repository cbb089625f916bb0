"""Raking against closed forms and its own targets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.engine.multiverse.weights import (
    balanced_weights,
    distinct_results,
    effective_options,
    rake,
    same_estimates,
)

#: Raking stops when every option is within 1e-12 of its share.
RAKED = 1e-10

SQUARE = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


@given(st.floats(0.01, 100))
def test_a_raked_square_keeps_its_odds_ratio(odds):
    root = np.sqrt(odds)
    expected = np.array([root, 1, 1, root]) / (2 * (1 + root))
    assert rake(np.array([odds, 1.0, 1.0, 1.0]), SQUARE) == pytest.approx(expected, abs=RAKED)


@given(arrays(float, (3, 4, 2), elements=st.floats(0.05, 1)))
def test_raked_shares_are_equal_and_the_interactions_are_the_seeds(seed):
    labels = np.column_stack([axis.ravel() for axis in np.indices(seed.shape)])
    weight = rake(seed.ravel(), labels).reshape(seed.shape)
    for axis in range(3):
        others = tuple(i for i in range(3) if i != axis)
        assert weight.sum(axis=others) == pytest.approx(np.full(seed.shape[axis], 1 / seed.shape[axis]), abs=RAKED)
    change = np.log(weight / seed)
    fitted = sum(change.mean(axis=tuple(i for i in range(3) if i != a), keepdims=True) for a in range(3))
    assert change == pytest.approx(fitted - 2 * change.mean(), abs=1e-8)


@pytest.mark.parametrize(
    "labels",
    [
        [[0, 0], [1, 1], [1, 2]],  # the first option of one factor is half and a third
        [[0, 0], [0, 1], [1, 0]],  # only if the first weighs nothing
    ],
)
def test_what_cannot_be_balanced_is_refused(labels):
    with pytest.raises(ValueError, match="its options cannot weigh the same while every row weighs something"):
        rake(np.ones(3), np.array(labels))


@given(st.floats(-1e6, 1e6, allow_subnormal=False), st.integers(0, 3))
def test_rounding_makes_no_new_result(value, steps):
    near = value
    for _ in range(steps):
        near = np.nextafter(near, np.inf)
    assert (same_estimates(np.array([value, near]))[0] == same_estimates(np.array([value, near]))[1]) or value == 0
    assert same_estimates(np.array([value, value + 1e-6 * max(1, abs(value))])).tolist() == [0, 1]


def test_a_factor_irrelevant_in_one_context_only():
    grid = np.array([[0, 0, 0], [1, 2, 3]])
    cells = np.arange(6)
    assert distinct_results(grid, cells).tolist() == [0, 0, 0, 1, 2, 3]
    assert effective_options(grid.T[:, :1]).tolist() == [0]


def test_equal_results_of_options_that_matter_are_not_one():
    grid = np.array([[0, 0, 1], [1, 2, 3]])
    assert len(set(distinct_results(grid, np.arange(6)))) == 6


def test_a_result_that_counts_once_weighs_less_where_shares_leave_room():
    """Aggregation × rebalancing × cost: without rebalancing the index has one result for both costs, else two."""
    grid = np.array([[[0, 0], [1, 2], [3, 4]], [[9, 9], [9, 9], [9, 9]]])
    weights, distinct, effective = balanced_weights(grid)
    shape = weights.reshape(grid.shape)
    assert shape.sum(axis=(1, 2)) == pytest.approx([1 / 2, 1 / 2], abs=RAKED)
    assert shape.sum(axis=(0, 2)) == pytest.approx([1 / 3] * 3, abs=RAKED)
    assert shape[0, 0].sum() < shape[0, 1].sum()
    assert distinct.max() + 1 == 6
    assert [numbers.tolist() for numbers in effective] == [[0, 1], [0, 1, 2], [0, 1]]
