"""What the multiverse takes and refuses at its edges, and that nothing it gives can be changed."""

import numpy as np
import pandas as pd
import pytest

from analysis.engine.claims.judge import AMBIGUOUS_SUPPORT
from analysis.engine.multiverse import Factor, Rule, explore, explore_outcomes, inside, pointwise
from analysis.engine.multiverse.explore import UnbalancedError, UncomputableError, curve_of, reasons
from analysis.engine.multiverse.weights import (
    balanced_weights,
    distinct_results,
    effective_options,
    joined,
    lines_along,
    rake,
    same_estimates,
)

A = Factor("a", ("0", "1"), "0")
THREE = Factor("how", ("x", "y", "z"), "x")
OVER_ONE = inside(pd.Interval(1, np.inf, closed="neither"))


def three(*estimates: float | None, rules=(), **more):
    """One factor with three options of these estimates."""
    values = dict(zip(THREE.options, estimates, strict=True))
    return explore([THREE], rules, pointwise(lambda how: values[how]), holds=OVER_ONE, **more)


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [[True] * 2, [True] * 4, [[True]] * 3, True, [1, 0, 0], ["yes", "", ""]])
def test_a_rule_gives_a_boolean_for_each_specification(given):
    with pytest.raises(ValueError, match="rule 'odd' must return a boolean for each of 3 specifications"):
        three(1.0, 2.0, 3.0, rules=[Rule("odd", lambda grid: given)])


@pytest.mark.parametrize("given", [np.ones(2), np.ones(4), np.ones((3, 1)), 1.0])
def test_an_estimator_gives_a_number_for_each_specification(given):
    with pytest.raises(ValueError, match=r"the estimator must return 3 estimates, not an array of shape \("):
        explore([THREE], [], lambda grid: given, holds=OVER_ONE)


@pytest.mark.parametrize("given", [np.ones(3), [True, True], [True] * 4, ["yes"] * 3, np.ones(3, dtype=int)])
def test_holds_gives_a_boolean_for_each_result(given):
    with pytest.raises(ValueError, match="holds must return a boolean for each of 3 estimates"):
        explore([THREE], [], lambda grid: np.arange(3.0), holds=lambda estimates: given)


@pytest.mark.parametrize(("estimates", "named"), [((1.0, 2.0, np.inf), "how: z"), ((1.0, -np.inf, np.inf), "how: y")])
def test_the_first_infinite_estimate_is_named(estimates, named):
    with pytest.raises(ValueError, match=f"the estimate is infinite for {named}; return NaN"):
        three(*estimates)
    rule = Rule("not x", lambda grid: grid["how"] == "y")
    with pytest.raises(ValueError, match="the estimate is infinite for how: z"):
        three(1.0, 2.0, np.inf, rules=[rule])


def test_what_is_unbalanced_or_uncomputable_is_refused():
    """Two factors that share three of four combinations, of which one would have to weigh nothing."""
    b = Factor("b", ("0", "1"), "0")
    estimates = {("0", "0"): 1.0, ("0", "1"): 2.0, ("1", "0"): 3.0}
    with pytest.raises(UnbalancedError, match=r"columns: \{0: 'a', 1: 'b'\}"):
        explore([A, b], [], pointwise(lambda a, b: estimates.get((a, b))), holds=OVER_ONE)
    with pytest.raises(UncomputableError, match=r"reasons: not computable from the data$"):
        three(None, None, None)


@pytest.mark.parametrize("name", ["admissible", "reason", "estimate", "holds", "result", "weight"])
def test_a_factor_has_a_name_of_its_own(name):
    with pytest.raises(ValueError, match=f"a factor cannot be called '{name}'; taken names are admissible, reason"):
        Factor(name, ("a",), "a")


# --- what is given ---------------------------------------------------------------------------------------------------


def test_a_label_is_the_option_where_there_is_none():
    factor = Factor("how", ("x", "y"), "x", {"x": "by x"})
    assert [factor.label(option) for option in factor.options] == ["by x", "y"]


def test_apart_what_is_inadmissible_has_no_result_and_the_rest_one_each():
    table = three(2.0, 2.0, 0.0, apart=True, rules=[Rule("no y", lambda grid: grid["how"] == "y")]).table
    assert table["result"].tolist() == [0, -1, 1]
    assert table["holds"].tolist() == [True, False, False]
    assert table["weight"].tolist() == [0.5, 0.0, 0.5]
    table = three(2.0, 2.0, 0.0, apart=True).table
    assert table["weight"].to_numpy() == pytest.approx([1 / 3] * 3)
    assert three(2.0, 2.0, 0.0).table["weight"].to_numpy() == pytest.approx([1 / 4, 1 / 4, 1 / 2])


def test_what_was_found_twice_is_compared_as_two_things():
    found = three(2.0, 2.0, 0.0)
    assert found == found
    assert found != three(2.0, 2.0, 0.0)


def test_outcomes_that_are_no_booleans_hold_where_they_are_one():
    found = explore_outcomes([THREE], lambda how: {"x": 1, "y": 0, "z": True}[how])
    assert found.table["holds"].tolist() == [True, False, True]
    assert found.support.balanced == pytest.approx(2 / 3)


def test_reasons_add_up_and_one_that_two_rules_give_stands_once():
    grid = pd.DataFrame({"how": list("xyz")})
    rules = [
        Rule("one", lambda g: g["how"] != "x"),
        Rule("two", lambda g: g["how"] == "z"),
        Rule("one", lambda g: g["how"] == "y"),
    ]
    assert reasons(grid, rules).tolist() == ["", "one", "one; two"]


def test_the_curve_lists_the_options_that_give_a_result_and_where_it_lies():
    curve = curve_of(three(2.0, 0.5, 2.0))
    assert curve["how"].tolist() == ["y", "x | z"]
    assert curve["estimate"].tolist() == [0.5, 2.0]
    assert curve["holds"].tolist() == [False, True]
    assert curve["primary"].tolist() == [False, True]
    assert curve[["from_share", "to_share"]].to_numpy() == pytest.approx(np.array([[0, 0.5], [0.5, 1]]))
    assert curve_of(three(None, 2.0, 3.0))["primary"].tolist() == [False, False]


@pytest.mark.parametrize(
    ("low", "high", "pivotal"), [(1, 4, "five"), (0, 3, None), (2, 4, None), (2, 5, None), (1, 5, "five")]
)
def test_a_factor_turns_the_claim_between_a_fifth_and_four_fifths(low, high, pivotal):
    """Two options under which a claim holds in so many of five cases."""
    assert AMBIGUOUS_SUPPORT == (0.2, 0.8)
    five = Factor("five", ("low", "high"), "low")
    case = Factor("case", tuple("01234"), "0")
    held = {"low": range(low), "high": range(5 - high, 5)}  # so that no case turns it
    found = explore_outcomes([five, case], lambda five, case: int(case) in held[five])
    assert found.support.pivotal == pivotal


def test_support_is_rounded_where_raking_leaves_an_error():
    six = Factor("six", tuple("012345"), "0")
    support = explore_outcomes([six, A], lambda six, a: int(six) < 2 and a == "0").support
    assert (support.balanced, support.low, support.high) == (round(1 / 6, 9), round(1 / 6, 9), 0.5)


# --- weights ---------------------------------------------------------------------------------------------------------


def test_estimates_are_one_within_a_millionth_of_a_millionth_of_the_larger():
    near = 1 + 0.9e-12
    assert same_estimates(np.array([1.0, near, 1 + 3e-12])).tolist() == [0, 0, 1]
    assert same_estimates(np.array([-near, -1.0, -(1 + 3e-12)])).tolist() == [1, 1, 0]
    assert same_estimates(np.array([1e6, 1e6 * near, -1e6])).tolist() == [1, 1, 0]
    assert same_estimates(np.array([0.0, 1e-300, np.nan])).tolist() == [0, 1, -1]
    assert same_estimates(np.array([np.nan, np.nan])).tolist() == [-1, -1]
    assert same_estimates(np.array([3.0, 1.0, 2.0])).tolist() == [2, 0, 1]


def test_options_are_one_where_they_agree_wherever_both_are_there():
    assert effective_options(np.array([[1, 1, 2], [3, -1, 3]])).tolist() == [0, 0, 1]
    assert effective_options(np.array([[1, -1], [-1, 2]])).tolist() == [0, 1]  # nowhere both
    assert effective_options(np.array([[-1, 5, 5, -1], [-1, 5, 5, 6]])).tolist() == [-1, 0, 0, 1]
    assert effective_options(np.array([[1, 1, 1], [2, 2, 3], [4, -1, -1]])).tolist() == [0, 0, 1]
    # likeness that does not carry over, beside twins that agree in admissibility too
    assert effective_options(np.array([[1, 1, -1, 1], [-1, 2, 2, -1], [3, -1, 4, 3]])).tolist() == [0, 1, 2, 0]
    # the first, a likeness that does not carry over, beside a pair that is one
    lines = np.array([[7, 7, 1, 1, -1], [8, 8, -1, 2, 2], [9, 9, 3, -1, 4]])
    assert effective_options(lines).tolist() == [0, 0, 1, 2, 3]


def test_groups_are_joined_through_what_they_share():
    parts = [(np.array([0, 1, 2]), np.array([0, 0, 1])), (np.array([2, 3]), np.array([4, 4])), (np.array([4]), [7])]
    assert joined(parts, 6).tolist() == [0, 0, 1, 1, 2, 3]
    assert joined([*parts, (np.array([1, 3]), np.array([0, 0]))], 6).tolist() == [0, 0, 0, 0, 1, 2]


def test_results_count_once_where_a_factor_is_irrelevant():
    grid = np.array([[0, 1, 2], [3, 3, 3], [4, -1, 4]])
    assert distinct_results(grid, np.arange(8)).tolist() == [0, 1, 2, 3, 3, 3, 4, 4]
    assert distinct_results(grid.T, np.array([0, 3, 6, 1, 4, 2, 5, 7])).tolist() == [0, 1, 2, 3, 1, 4, 1, 2]
    one_cell = np.array([0, 1, 1, 3, 4, 5, 6, 7])
    assert distinct_results(grid, one_cell).tolist() == [0, 1, 1, 2, 2, 2, 3, 3]


def test_lines_along_an_axis_stand_in_the_order_of_the_others():
    cube = np.arange(8).reshape(2, 2, 2)
    assert lines_along(cube, 0).tolist() == [[0, 4], [1, 5], [2, 6], [3, 7]]
    assert lines_along(cube, 1).tolist() == [[0, 2], [1, 3], [4, 6], [5, 7]]
    assert lines_along(cube, 2).tolist() == [[0, 1], [2, 3], [4, 5], [6, 7]]


@pytest.mark.parametrize(("odds", "corner"), [(1.0, 0.25), (4.0, 1 / 3), (9.0, 0.375)])
def test_a_raked_square_of_known_odds(odds, corner):
    """w / (1/2 - w) is the root of the odds."""
    labels = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    found = rake(np.array([odds, 1.0, 1.0, 1.0]), labels)
    assert found == pytest.approx([corner, 0.5 - corner, 0.5 - corner, corner], abs=1e-9)
    assert rake(5 * np.array([odds, 1.0, 1.0, 1.0]), labels) == pytest.approx(found, abs=1e-12)


def test_the_column_that_stays_off_is_named():
    with pytest.raises(ValueError, match=r"column [01]: its options cannot weigh the same while every row weighs"):
        rake(np.ones(3), np.array([[0, 0], [0, 1], [1, 0]]))


def test_options_that_are_one_share_their_weight():
    weights, distinct, effective = balanced_weights(np.array([[0, 0, 1], [2, 2, 3]]))
    assert [numbers.tolist() for numbers in effective] == [[0, 1], [0, 0, 1]]
    assert weights == pytest.approx([1 / 8, 1 / 8, 1 / 4, 1 / 8, 1 / 8, 1 / 4])
    assert distinct.tolist() == [0, 0, 1, 2, 2, 3]
    weights, _, effective = balanced_weights(np.array([[-1, 4], [-1, 5]]))
    assert weights == pytest.approx([0.5, 0.5])
    assert effective[1].tolist() == [-1, 0]
