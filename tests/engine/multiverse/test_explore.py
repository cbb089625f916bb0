"""The multiverse: its definition worked out plainly, its properties, known truths, and what it refuses."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.engine.multiverse import Factor, Rule, explore, explore_outcomes, inside, pointwise
from tests.engine.multiverse.worlds import BOUND, World, plainly, worlds

#: Against weights found by another algorithm, which stops at a gradient of 1e-11 or as near as rounding lets it.
BY_OPTIMISER = 1e-6
#: Between two rakings of the same multiverse, and against closed forms; supports are rounded to nine decimals.
EXACT = 2e-9

above = inside(pd.Interval(BOUND, np.inf, closed="neither"))


def balanceable(world: World):
    """The world explored, or rejected as an example where its options cannot weigh the same."""
    try:
        return world.explored()
    except ValueError as error:
        if "to weigh the same" not in str(error):
            raise
        assume(False)


def figures(support) -> list[float]:
    return [support.balanced, support.low, support.high]


# --- the definition, worked out plainly ------------------------------------------------------------------------------


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(worlds())
def test_support_is_what_its_definition_says(world):
    expected = plainly(world)
    if expected["weight"] is None:
        with pytest.raises(ValueError, match="to weigh the same"):
            world.explored()
        return
    found = world.explored()
    assert found.distinct == expected["distinct"]
    assert found.support.balanced == pytest.approx(expected["balanced"], abs=BY_OPTIMISER)
    assert found.support.low == pytest.approx(min(expected["balanced"], *expected["at_primary"]), abs=BY_OPTIMISER)
    assert found.support.high == pytest.approx(max(expected["balanced"], *expected["at_primary"]), abs=BY_OPTIMISER)
    by_option = found.options.set_index(["factor", "option"])["support"]
    for (i, option), support in expected["by_option"].items():
        assert by_option[f"f{i}", option] == pytest.approx(support, abs=BY_OPTIMISER)


@pytest.mark.slow
@settings(deadline=None)
@given(worlds())
def test_nearest_is_what_a_search_finds(world):
    found, primary = balanceable(world), tuple(factor.primary for factor in world.factors)
    held = {key: value for key, value in world.known().items() if value > BOUND}
    if not held:
        assert found.nearest_true is None
        assert found.describe_nearest().startswith("no admissible specification")
        return
    distance = {
        key: (sum(map(str.__ne__, key, primary)), abs(value - world.known()[primary])) for key, value in held.items()
    }
    assert distance[world.key(found.nearest_true)] == min(distance.values())


@pytest.mark.slow
@settings(deadline=None)
@given(worlds())
def test_weights_add_up_and_options_weigh_the_same(world):
    found = balanceable(world)
    table, options = found.table, found.options
    assert table["weight"].sum() == pytest.approx(1, abs=EXACT)
    assert (table["weight"] > 0).equals(table["admissible"])
    assert table["holds"].equals(table["admissible"] & (table["estimate"] > BOUND))
    counted = options.dropna(subset="counted_as").drop_duplicates(["factor", "counted_as"])
    per_factor = counted.groupby("factor")["weight"]
    assert (per_factor.max() - per_factor.min()).max() <= EXACT
    assert per_factor.sum().to_numpy() == pytest.approx(1, abs=EXACT)


# --- what must not matter --------------------------------------------------------------------------------------------


@pytest.mark.slow
@settings(deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_order_of_factors_and_options_is_irrelevant(world, random):
    found = balanceable(world)
    order = [Factor(f.name, tuple(random.sample(f.options, len(f.options))), f.primary) for f in world.factors]
    random.shuffle(order)
    again = world.explored(order)
    assert figures(again.support) == pytest.approx(figures(found.support), abs=EXACT)
    assert (again.support.pivotal, again.distinct) == (found.support.pivotal, found.distinct)
    names = [factor.name for factor in world.factors]
    one, other = (m.table.set_index(names).sort_index() for m in (found, again))
    assert one["weight"].to_numpy() == pytest.approx(other.reindex(one.index)["weight"].to_numpy(), abs=EXACT)
    if found.nearest_true is not None:
        assert found.nearest_true[names].to_dict() == again.nearest_true[names].to_dict()


@pytest.mark.slow
@settings(deadline=None)
@given(worlds(), st.data())
def test_a_duplicate_option_changes_no_support(world, data):
    found = balanceable(world)
    index = data.draw(st.integers(0, len(world.factors) - 1))
    more = world.with_copy(index, data.draw(st.sampled_from(world.factors[index].options))).explored()
    assert figures(more.support) == pytest.approx(figures(found.support), abs=EXACT)
    assert (more.support.pivotal, more.distinct) == (found.support.pivotal, found.distinct)


@pytest.mark.slow
@settings(deadline=None)
@given(worlds())
def test_a_factor_that_never_matters_changes_no_support(world):
    found = balanceable(world)
    idle = Factor("idle", ("on", "off"), "on")
    more = World([*world.factors, idle], {(*k, o): v for k, v in world.estimates.items() for o in idle.options})
    assert more.explored().support.balanced == pytest.approx(found.support.balanced, abs=EXACT)
    assert more.explored().distinct == found.distinct


def test_a_vectorised_estimator_and_a_plain_function_give_the_same():
    factors = [Factor("a", ("1", "2"), "1"), Factor("b", ("3", "4"), "3")]
    slow = explore(factors, [], pointwise(lambda a, b: float(a) * float(b)), holds=above)
    fast = explore(factors, [], lambda grid: (grid["a"].astype(float) * grid["b"].astype(float)).array, holds=above)
    pd.testing.assert_frame_equal(slow.table, fast.table)


def test_neither_rules_nor_the_estimator_can_change_what_the_other_sees():
    def spoils(grid):
        grid["a"] = "1"
        return np.zeros(len(grid), dtype=bool)

    found = explore([Factor("a", ("1", "2"), "1")], [Rule("", spoils)], pointwise(lambda a: float(a)), holds=above)
    assert found.table["estimate"].tolist() == [1, 2]


# --- known truth -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
@settings(deadline=None)
@given(st.integers(2, 4), st.integers(2, 4), st.integers(0, 2**16))
def test_on_a_full_grid_of_different_results_support_is_the_plain_share(n, m, seed):
    factors = [Factor("a", tuple(map(str, range(n))), "0"), Factor("b", tuple(map(str, range(m))), "0")]
    estimates = np.random.default_rng(seed).uniform(0, 5, n * m)
    found = explore(factors, [], lambda grid: estimates, holds=above)
    assert found.support.balanced == pytest.approx((estimates > BOUND).mean(), abs=EXACT)
    assert found.distinct == n * m


AGGREGATION = Factor("aggregation", ("index", "median"), "index")
WEIGHTING = Factor("weighting", ("equal", "cap", "turnover"), "equal")
RETURNS = {"equal": 1.0, "cap": 3.0, "turnover": 4.0}


def median_or(aggregation: str, weighting: str) -> float:
    return 2.0 if aggregation == "median" else RETURNS[weighting]


def test_a_median_that_knows_no_weights_counts_once_and_as_much_as_the_index():
    found = explore([AGGREGATION, WEIGHTING], [], pointwise(median_or), holds=above)
    assert found.distinct == 4
    assert found.support.balanced == pytest.approx(1 / 3, abs=EXACT)
    assert [found.support.low, found.support.high] == pytest.approx([0, 2 / 3], abs=EXACT)
    assert found.table.loc[found.table["aggregation"] == "median", "result"].nunique() == 1


@pytest.mark.slow
def test_excluding_what_does_not_matter_is_refused_with_the_remedy():
    rule = Rule("a median has no weights", lambda g: (g["aggregation"] == "median") & (g["weighting"] != "equal"))
    with pytest.raises(ValueError, match=r"to weigh the same .*aggregation.*Let the estimator return equal estimates"):
        explore([AGGREGATION, WEIGHTING], [rule], pointwise(median_or), holds=above)


def test_reasons_stand_beside_what_is_inadmissible():
    rules = [
        Rule("no caps before launch", lambda g: (g["weighting"] == "cap") & (g["start"] == "first close")),
        Rule("caps look ahead", lambda g: (g["weighting"] == "cap") & (g["start"] == "first close")),
    ]
    start = Factor("start", ("full year", "first close", "after 30 days"), "full year")
    values = pointwise(lambda weighting, start: None if (weighting, start) == ("turnover", "after 30 days") else 3.0)
    table = explore([WEIGHTING, start], rules, values, holds=above).table.set_index(["weighting", "start"])
    assert table.loc[("cap", "first close"), "reason"] == "no caps before launch; caps look ahead"
    assert table.loc[("turnover", "after 30 days"), "reason"] == "not computable from the data"
    left_out = table[~table["admissible"]]
    assert len(left_out) == 2
    assert left_out["estimate"].isna().all()
    assert not left_out["holds"].any()
    assert (left_out["weight"] == 0).all()
    assert table.index[0] == ("equal", "full year")


def test_the_pivotal_factor_is_the_one_that_turns_the_verdict():
    who = Factor("who counts", ("agents", "delegated", "ecosystem"), "agents")
    when = Factor("when", ("2024", "2025"), "2025")
    value = {"agents": 0.0, "delegated": 1.0, "ecosystem": 5.0}
    found = explore(
        [when, who], [], pointwise(lambda **o: value[o["who counts"]] + 0.1 * (o["when"] == "2025")), holds=above
    )
    assert found.support.pivotal == "who counts"
    assert [found.support.balanced, found.support.low] == pytest.approx([1 / 3, 0], abs=EXACT)
    assert found.describe_nearest("%") == "who counts: ecosystem instead of agents (gives 5.1\N{NO-BREAK SPACE}%)"


@pytest.mark.parametrize("count", range(5))
def test_support_of_outcomes_is_the_plain_share_of_combinations(count):
    combinations = [(a, b) for a in ("1", "2") for b in ("1", "2")]
    held = set(combinations[:count])
    found = explore_outcomes([Factor("a", ("1", "2"), "1"), Factor("b", ("1", "2"), "1")], lambda a, b: (a, b) in held)
    assert (found.support.balanced, found.distinct) == (count / 4, 4)


def test_of_two_factors_that_turn_the_verdict_the_one_that_spreads_wider_is_pivotal():
    wide, narrow = Factor("wide", tuple("01234"), "0"), Factor("narrow", tuple("01234"), "0")

    def value(wide: str, narrow: str) -> float:
        i, j = int(wide), int(narrow)
        return 3.0 * (i > j or i == 4) + i / 9 + j / 99

    found = explore([narrow, wide], [], pointwise(value), holds=above)
    supports = found.options.groupby("factor")["support"].agg(["min", "max"])
    assert supports.loc["wide"].tolist() == [0, 1]
    assert supports.loc["narrow"].tolist() == [0.2, 0.8]
    assert found.support.pivotal == "wide"


def test_supports_of_exactly_a_fifth_and_four_fifths_are_enough_to_turn():
    five = Factor("five", tuple("abcde"), "a")
    two = Factor("two", ("low", "high"), "low")
    estimates = {("low", "a"): 3.0} | {("high", option): 3.0 + i for i, option in enumerate("bcde", start=1)}
    found = explore(
        [five, two], [], pointwise(lambda five, two: estimates.get((two, five), 0.01 * ord(five))), holds=above
    )
    assert found.options.set_index("option").loc[["low", "high"], "support"].tolist() == [0.2, 0.8]
    assert found.support.pivotal == "two"


def test_what_is_identical_cannot_fall_on_both_sides_of_the_bound():
    factor = Factor("sum", ("forwards", "backwards", "other"), "forwards")
    values = {"forwards": 0.1 + 0.2 + 0.3, "backwards": 0.3 + 0.2 + 0.1, "other": 9.0}
    assert values["forwards"] > 0.6 >= values["backwards"]
    found = explore([factor], [], pointwise(lambda **o: values[o["sum"]]), holds=lambda estimates: estimates > 0.6)
    assert found.distinct == 2
    assert found.support.balanced == 0.5
    assert found.table["holds"].tolist() == [False, False, True]
    assert found.options["counted_as"].tolist() == ["forwards", "forwards", "other"]


def test_likeness_that_does_not_carry_over_makes_no_two_options_one():
    estimates = {"a": (1, 1, None), "b": (1, None, 4), "c": (None, 2, 4)}
    where = Factor("where", ("0", "1", "2"), "0")
    found = explore(
        [Factor("what", ("a", "b", "c"), "a"), where], [], pointwise(lambda what, where: estimates[what][int(where)]),
        holds=above,
    )  # fmt: skip
    assert found.options.query("factor == 'what'")["counted_as"].tolist() == ["a", "b", "c"]


def test_an_option_that_is_nowhere_admissible_does_not_count():
    found = explore([WEIGHTING], [], pointwise(lambda weighting: RETURNS[weighting] % 4 or None), holds=above)
    lost = found.options.set_index("option").loc["turnover"]
    assert lost[["counted_as", "support"]].isna().all()
    assert found.support.balanced == 0.5


def test_a_primary_specification_that_the_data_do_not_give_is_listed_and_the_rest_stands():
    found = explore(
        [WEIGHTING], [], pointwise(lambda weighting: None if weighting == "equal" else RETURNS[weighting]), holds=above
    )
    assert found.table["reason"].iloc[0] == "not computable from the data"
    assert found.support.balanced == found.support.low == found.support.high == 1
    assert found.nearest_true["weighting"] == "cap"


def test_a_claim_that_holds_under_the_primary_definition_needs_no_other():
    found = explore([WEIGHTING], [], pointwise(lambda weighting: RETURNS[weighting] + 2), holds=above)
    assert found.describe_nearest() == "the primary definition itself (gives 3)"


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("f", ("a", "b"), "c"), "primary 'c' is not among its options a, b"),
        (("f", ("a", "a"), "a"), "an option stands twice in a, a"),
        (("weight", ("a",), "a"), "a factor cannot be called 'weight'; taken names are admissible, reason"),
    ],
)
def test_a_factor_that_makes_no_sense_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Factor(*arguments)


ones = lambda grid: np.ones(len(grid))  # noqa: E731
none = lambda grid: np.full(len(grid), np.nan)  # noqa: E731


@pytest.mark.parametrize(
    ("factors", "rules", "estimator", "holds", "message"),
    [
        ([], [], ones, above, "factors need names that differ, not none"),
        ([WEIGHTING, WEIGHTING], [], ones, above, "factors need names that differ"),
        ([WEIGHTING], [Rule("no", lambda g: g["weighting"] == "equal")], ones, above, "primary .* inadmissible: no"),
        (
            [WEIGHTING],
            [Rule("short", lambda g: [True])],
            ones,
            above,
            "rule 'short' must return a boolean for each of 3",
        ),
        ([WEIGHTING], [], lambda g: np.ones(2), above, r"must return 3 estimates, not an array of shape \(2,\)"),
        ([WEIGHTING], [], lambda g: np.array([1, np.inf, 1]), above, "estimate is infinite for weighting: cap"),
        ([WEIGHTING], [], none, above, "no specification can be computed; reasons: not computable from the data"),
        ([WEIGHTING], [], ones, lambda e: True, "holds must return a boolean for each of 1 estimates"),
    ],
)
def test_what_makes_no_sense_is_refused(factors, rules, estimator, holds, message):
    with pytest.raises(ValueError, match=message):
        explore(factors, rules, estimator, holds=holds)


@pytest.mark.parametrize(
    ("region", "closest"),
    [
        (pd.Interval(100, np.inf, closed="neither"), "42"),
        (pd.Interval(-np.inf, -10, closed="neither"), "−7"),
        (pd.Interval(10, 20, closed="both"), "1"),
    ],
)
def test_the_closest_result_is_named_where_none_holds(region, closest):
    estimates = {"one": 1.0, "two": 42.0, "three": -7.0}
    found = explore(
        [Factor("size", tuple(estimates), "one")], [], pointwise(lambda size: estimates[size]), holds=inside(region)
    )
    assert found.describe_nearest("", region).endswith(f"the closest gives {closest})")
