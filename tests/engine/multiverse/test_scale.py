"""Quantiles by weight, and where an axis stops being linear, by numbers that can be counted."""

import numpy as np
import pandas as pd
import pytest

from analysis.engine.multiverse.scale import edges, linear_until, quantile

#: Ten estimates of equal weight.
TEN, EQUAL = [float(i) for i in range(1, 11)], [0.1] * 10


@pytest.mark.parametrize(
    ("share", "value"),
    [(0.05, 1.0), (0.1, 1.0), (0.11, 2.0), (0.2, 2.0), (0.5, 5.0), (0.51, 6.0), (0.9, 9.0), (0.95, 10.0), (1.0, 10.0)],
)
def test_a_quantile_is_the_smallest_value_up_to_which_the_share_lies(share, value):
    order = np.random.default_rng(0).permutation(10)
    assert quantile(TEN, EQUAL, share) == value
    assert quantile(np.array(TEN)[order], EQUAL, share) == value
    assert quantile(TEN, [5.0] * 10, share) == value  # whatever the weights sum to


def test_a_quantile_counts_by_weight():
    assert quantile([3.0, 1.0, 2.0], [0.6, 0.3, 0.1], 0.3) == 1.0
    assert quantile([3.0, 1.0, 2.0], [0.6, 0.3, 0.1], 0.35) == 2.0
    assert quantile([3.0, 1.0, 2.0], [0.6, 0.3, 0.1], 0.5) == 3.0


@pytest.mark.parametrize(
    ("region", "finite"),
    [
        (None, []),
        (pd.Interval(1, 2), [1, 2]),
        (pd.Interval(1, np.inf), [1]),
        (pd.Interval(-np.inf, 2), [2]),
        (pd.Interval(-np.inf, np.inf), []),
    ],
)
def test_only_finite_ends_of_a_region_are_edges(region, finite):
    assert edges(region) == finite


@pytest.mark.parametrize(
    ("estimates", "ends", "until"),
    [
        ([*TEN[:-1], 60.0], [], None),  # twelve times the median of 5
        ([*TEN[:-1], 60.1], [], 1.0),
        (TEN, [-60.0], None),
        (TEN, [-60.1], 1.0),
        ([-x for x in TEN], [61.0], 1.0),
        ([*[0.0] * 5, *TEN[:5]], [37.0], 1.0),  # the zeros do not count: the median is 3
        ([*[0.0] * 5, *TEN[:5]], [36.0], None),
        ([0.0] * 10, [100.0], None),
        ([*[1e-12] * 6, *TEN[:4]], [], 4e-9),  # no finer than a thousand-millionth of the largest
    ],
)
def test_an_axis_is_linear_unless_its_largest_figure_is_far_from_the_median(estimates, ends, until):
    found = linear_until(estimates, EQUAL, ends)
    assert found == (until if until is None else pytest.approx(until, rel=1e-12))
