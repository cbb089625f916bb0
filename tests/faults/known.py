"""Faults that the tests once let through, each with the tests that must find it now."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault put into the code.

    Attributes
    ----------
    name : str
        What goes wrong, in a few words.
    module : str
        File in ``analysis/``.
    old, new : str
        The text that stands there once, and what the fault makes of it.
    tests : tuple of str
        Tests, in ``tests/``, each of which must fail.
    """

    name: str
    module: str
    old: str
    new: str
    tests: tuple[str, ...]


FAULTS = (
    Fault(
        "an interval that reaches T_minor alone is judged as if it did not",
        "engine/claims/judge.py",
        "    if found.overlaps(outer):",
        "    if found.overlaps(inner):",
        ("engine/claims/test_edges.py::test_an_interval_is_judged_by_both_regions",),
    ),
    Fault(
        "a number beside rows of evidence that reaches T_minor alone votes against",
        "engine/claims/judge.py",
        "estimate.interval.overlaps(outer) else",
        "estimate.interval.overlaps(inner) else",
        ("engine/claims/test_edges.py::test_a_number_votes_by_both_regions_beside_the_rows",),
    ),
    Fault(
        "the nearest definition is the one of the lowest estimate",
        "engine/multiverse/explore.py",
        'step = (held["estimate"] - primary["estimate"]).abs()',
        'step = held["estimate"] - primary["estimate"]',
        ("engine/multiverse/test_nearest.py::test_the_smallest_change_of_the_estimate_is_nearest_on_whichever_side",),
    ),
    Fault(
        "a price known by its year counts as if it were of the year's last day",
        "compute/price/definitions.py",
        '(as_of - prices["first_day"]).dt.days',
        '(as_of - prices["last_day"]).dt.days',
        ("compute/price/test_edges.py::test_a_price_known_by_its_year_is_as_far_as_its_further_end",),
    ),
    Fault(
        "C2's day is that of the price nearest to the claim",
        "compute/price/discount.py",
        'to_the_day.nlargest(1, "away_days")',
        'to_the_day.nsmallest(1, "away_days")',
        ("compute/price/test_edges.py::test_the_day_that_decides_is_the_one_furthest_from_the_claim",),
    ),
    Fault(
        "A1's day is that of the smallest holding",
        "agents/value.py",
        'some.loc[some["value"].idxmax(), "observed_to"]',
        'some.loc[some["value"].idxmin(), "observed_to"]',
        ("agents/test_edges.py::test_the_largest_holding_decides_the_day",),
    ),
    Fault(
        "a holding is as reliable as the strongest of the sources that conflict on it",
        "agents/value.py",
        'max(best["reliability"], key=RELIABILITIES.index)',
        'min(best["reliability"], key=RELIABILITIES.index)',
        ("agents/test_edges.py::test_the_weakest_of_sources_equally_near_is_that_of_the_holding",),
    ),
    Fault(
        "reported revenue has no low end",
        "compute/market_size/forecast.py",
        'low=float(rows["usd_low"].min())',
        "low=float(high.min())",
        ("compute/market_size/test_edges.py::test_reported_revenue_goes_from_its_lowest_to_its_highest_end",),
    ),
    Fault(
        "discounts by the regression are read without Kennedy's correction",
        "compute/list_prices/hedonic.py",
        "discount_pct=-kennedy_pct(by_cr2.coefficient, by_cr2.standard_error)",
        "discount_pct=-kennedy_pct(by_cr2.coefficient, 0.0)",
        ("compute/list_prices/test_edges.py::test_every_dummy_is_read_with_kennedys_correction",),
    ),
    Fault(
        "the ends of what was paid per node are swapped",
        "data_marketplaces/economics.py",
        "usd[0] / most, usd[1] / fewest",
        "usd[0] / fewest, usd[1] / most",
        (
            "data_marketplaces/test_edges.py::"
            "test_an_airdrop_per_node_is_least_over_the_most_nodes_and_most_over_the_fewest",
        ),
    ),
    Fault(
        "the low end of a cost is that of the time in the middle",
        "verifiable_ai/published/cost.py",
        'low_usd=found["low_s"] * hourly',
        'low_usd=found["seconds"] * hourly',
        (
            "verifiable_ai/published/test_edges.py::test_a_cost_goes_from_that_of_the_shortest_time_to_that_of_the_longest",
        ),
    ),
    Fault(
        "a publication of the claim's day comes too late",
        "verifiable_ai/hidden_weights/private.py",
        'row["last_day"].date() <= claim.as_of',
        'row["last_day"].date() < claim.as_of',
        ("verifiable_ai/hidden_weights/test_edges.py::test_a_publication_may_be_of_the_claims_day",),
    ),
    Fault(
        "a token first seen on the last day that counts is not missing",
        "returns/category.py",
        'returns["from_date"] <= until',
        'returns["from_date"] < until',
        ("returns/test_edges.py::test_a_token_first_seen_up_to_a_day_counts_as_missing_until_that_day",),
    ),
)
