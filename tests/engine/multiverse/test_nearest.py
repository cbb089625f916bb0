"""The nearest definition and the closest result, planted on either side of the primary one."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from analysis.engine.multiverse import Factor, Multiverse, explore, inside, pointwise


def far(estimates: np.ndarray) -> np.ndarray:
    return np.abs(estimates) >= 1


def of_one(estimates: dict[str, float], holds=far) -> Multiverse:
    """One factor whose options give these estimates; the first is primary."""
    factor = Factor("how", tuple(estimates), next(iter(estimates)))
    return explore([factor], [], pointwise(lambda how: estimates[how]), holds=holds)


@pytest.mark.parametrize(
    ("below", "above", "nearest"), [(-5.0, 2.0, "above"), (-2.0, 5.0, "below"), (-2.0, 2.0, "above")]
)
def test_the_smallest_change_of_the_estimate_is_nearest_on_whichever_side(below, above, nearest):
    """Of two equally near, the first by name."""
    for options in (("primary", "below", "above"), ("primary", "above", "below")):
        values = {"primary": 0.5, "below": 0.5 + below, "above": 0.5 + above}
        found = of_one({option: values[option] for option in options})
        assert found.nearest_true["how"] == nearest
        sign = "−" if values[nearest] < 0 else ""
        gives = f"{sign}{abs(values[nearest]):g}"
        assert found.describe_nearest() == f"how: {nearest} instead of primary (gives {gives})"


def test_fewer_changes_come_before_a_smaller_one():
    a, b = Factor("a", ("0", "1"), "0"), Factor("b", ("0", "1"), "0")
    estimates = {("0", "0"): 0.0, ("1", "0"): 9.0, ("0", "1"): -8.0, ("1", "1"): 1.0}
    found = explore([a, b], [], pointwise(lambda a, b: estimates[a, b]), holds=far)
    assert found.nearest_true[["a", "b"]].tolist() == ["0", "1"]
    assert found.describe_nearest("%") == "b: 1 instead of 0 (gives −8\N{NO-BREAK SPACE}%)"


def test_a_tie_is_broken_by_the_options_of_the_first_factor_by_name():
    b, a = Factor("b", ("0", "1"), "0"), Factor("a", ("0", "1"), "0")
    estimates = {("0", "0"): 0.0, ("1", "0"): 2.0, ("0", "1"): -2.0, ("1", "1"): 0.5}
    found = explore([b, a], [], pointwise(lambda a, b: estimates[a, b]), holds=far)
    assert found.nearest_true[["a", "b"]].tolist() == ["0", "1"]


def test_several_changes_are_named_in_the_order_of_the_factors():
    b, a, c = (Factor(name, ("0", "1"), "0") for name in "bac")
    found = explore(
        [b, a, c], [], pointwise(lambda a, b, c: 3.0 if (a, b, c) == ("1", "1", "0") else 0.1 + 0.1 * int(c)), holds=far
    )
    assert found.describe_nearest() == "b: 1 instead of 0; a: 1 instead of 0 (gives 3)"


@pytest.mark.parametrize(
    ("region", "closest"),
    [
        (pd.Interval(10, 20), "9"),
        (pd.Interval(-10, -5), "−4"),
        (pd.Interval(3, 8), "9"),
        (pd.Interval(-3, 5), "−4"),
        (pd.Interval(100, np.inf), "9"),
        (pd.Interval(-np.inf, -10), "−4"),
    ],
)
def test_the_closest_result_lies_on_whichever_side_of_the_region(region, closest):
    found = of_one({"primary": -4.0, "other": 9.0, "out": np.nan}, holds=lambda e: np.zeros(len(e), dtype=bool))
    assert found.nearest_true is None
    said = "no admissible specification makes it true (2\N{NO-BREAK SPACE}distinct results"
    assert found.describe_nearest("", region) == f"{said}, the closest gives {closest})"
    assert found.describe_nearest() == f"{said})"


@pytest.mark.parametrize(
    ("closed", "held"),
    [("both", [0, 1, 1, 1, 0]), ("left", [0, 1, 1, 0, 0]), ("right", [0, 0, 1, 1, 0]), ("neither", [0, 0, 1, 0, 0])],
)
def test_an_edge_of_the_region_is_inside_where_it_is_closed(closed, held):
    estimates = np.array([0.9, 1.0, 1.5, 2.0, 2.1])
    assert inside(pd.Interval(1, 2, closed=closed))(estimates).astype(int).tolist() == held


def test_the_curve_is_that_of_the_distinct_results_in_order():
    found = of_one({"primary": 2.0, "low": -1.23456789, "same": 2.0, "high": 7.0, "out": np.nan})
    curve = found.curve
    assert curve.estimate == (-1.23457, 2.0, 7.0)
    assert curve.to_share == (0.333333, 0.666667, 1.0)
    assert curve.holds == (True, True, True)
    assert curve.primary == 1
    assert of_one({"primary": np.nan, "one": 1.0}).curve.primary is None
    mixed = of_one({"primary": 0.5, "one": 2.0}).curve
    assert (mixed.holds, mixed.primary) == ((False, True), 0)


@pytest.mark.parametrize(
    ("turned", "pivotal"), [({"a"}, "a"), ({"b"}, "b"), (set(), None)]
)  # fmt: skip
def test_support_is_ranged_over_the_primary_options_of_each_factor(turned, pivotal):
    a, b = Factor("a", ("0", "1"), "0"), Factor("b", ("0", "1"), "1")

    def value(a: str, b: str) -> float:
        size = {("0", "0"): 1, ("0", "1"): 2, ("1", "0"): 3, ("1", "1"): 4}[a, b] / 10
        high = (a == "1" and "a" in turned) or (b == "1" and "b" in turned)
        return size + (1 if high else 0)

    support = explore([a, b], [], pointwise(value), holds=far).support
    shares = {"a": (0.5, 0.0, 0.5), "b": (0.5, 0.5, 1.0), None: (0.0, 0.0, 0.0)}
    assert (support.balanced, support.low, support.high) == shares[pivotal]
    assert support.pivotal == pivotal


def test_options_list_what_each_weighs_and_supports():
    a, b = Factor("a", ("x", "y", "z"), "y"), Factor("b", ("0", "1"), "0")
    estimates = {"x": 2.0, "y": 0.5, "z": 0.25}
    options = explore([a, b], [], pointwise(lambda a, b: estimates[a]), holds=far).options
    assert options["factor"].tolist() == ["a", "a", "a", "b", "b"]
    assert options["option"].tolist() == ["y", "x", "z", "0", "1"]
    assert options["primary"].tolist() == [True, False, False, True, False]
    assert options["counted_as"].tolist() == ["y", "x", "z", "0", "0"]
    assert options["weight"].to_numpy() == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1, 1])
    assert options["support"].to_numpy() == pytest.approx([0, 1, 0, 1 / 3, 1 / 3])


def test_specifications_stand_with_the_primary_one_first():
    a, b = Factor("a", ("x", "y"), "y"), Factor("b", ("0", "1", "2"), "1")
    table = explore([a, b], [], lambda grid: np.arange(len(grid), dtype=float), holds=far).table
    assert list(zip(table["a"], table["b"], strict=True)) == list(product("yx", "102"))
    assert table["estimate"].tolist() == [0, 1, 2, 3, 4, 5]
