"""C2: an independent recomputation, known truth, mutations of the shipped tables, and the interval's parts."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.compute.price import discount
from analysis.compute.price.definitions import KNOWN, grid_discounts, pairs_under
from analysis.compute.price.definitions import discount as mean_discount
from analysis.compute.price.sellers import Market, sellers
from analysis.engine.claims import load_claims
from analysis.engine.claims.judge import certainty, judge
from analysis.engine.data.sealed import DataError
from analysis.engine.data.tables import load
from analysis.engine.multiverse import NOT_COUNTED, Question, UnbalancedError, factors_of, meanings, primary_of
from tests.compute import plain
from tests.compute.worlds import YEAR, cloud, market, on, tables

AS_OF = pd.Timestamp("2026-01-22")
NAMES = ("gpu_prices", "gpu_providers", "gpu_models", "gpu_throughput")
#: Sums and medians of the same numbers in another order.
ROUNDING = 1e-12

C2 = load_claims()["C2"]
FACTORS = factors_of(C2)

claim = pytest.fixture(scope="module")(lambda: C2)
shipped = pytest.fixture(scope="module")(lambda: {name: load(name) for name in NAMES})


@pytest.fixture(scope="module")
def assessed(claim, shipped):
    return discount.assess_c2(claim, **shipped)


@pytest.fixture
def quickly(monkeypatch):
    """Leave the support out, which most tests do not ask about."""
    monkeypatch.setattr(discount, "explored_c2", lambda question: None)
    monkeypatch.setattr(Question, "weighed", lambda question: None)


def primary_label(claim, tables_):
    return judge(claim, discount.assess_c2(claim, **tables_), today=claim.as_of).primary


def with_prices(shipped, change):
    return shipped | {"gpu_prices": change(shipped["gpu_prices"]).reset_index(drop=True)}


def value_of(tables_, changes=None):
    return mean_discount(pairs_under(C2, Market(**tables_), changes))


def plainly(tables_, changes=None, **more):
    definition = primary_of(C2) | (changes or {})
    kinds, asked = KNOWN["price model"][definition["price model"]]
    return plain.discount(
        tables_,
        sellers(tables_["gpu_providers"], definition["networks"]),
        kinds=kinds,
        asked=asked,
        clouds=KNOWN["reference"][definition["reference"]],
        within=90 if definition["dates"] == "within 90 days" else 10**9,
        unit=definition["unit"],
        every_form=definition["form not stated"] == "matched with every form",
        data_centre=definition["GPU models"] == "data-centre only",
        **more,
    )


@pytest.mark.slow
def test_the_estimate_is_that_of_an_independent_recomputation_exactly(assessed, shipped):
    assert assessed.estimate.value == plainly(shipped)


@pytest.mark.slow
@pytest.mark.parametrize("changes", [{f.name: o} for f in FACTORS for o in f.options if o != f.primary])
def test_every_alternative_is_that_of_an_independent_recomputation(shipped, changes):
    found, expected = value_of(shipped, changes), plainly(shipped, changes)
    assert (np.isnan(found) and expected is None) or found == pytest.approx(expected, rel=ROUNDING)


@pytest.mark.slow
def test_the_grid_is_what_each_definition_gives_on_its_own(shipped):
    grid = pd.DataFrame(list(product(*(f.options for f in FACTORS))), columns=[f.name for f in FACTORS])
    some = grid.sample(60, random_state=3)
    found = grid_discounts(C2, Market(**shipped), some.reset_index(drop=True))
    alone = [value_of(shipped, row) for row in some.to_dict("records")]
    np.testing.assert_allclose(found, alone, rtol=ROUNDING)
    assert 10 < np.isfinite(found).sum() < 60


def test_every_option_is_known_and_an_unknown_one_is_named(claim):
    for factor in FACTORS:
        for option in factor.options:
            assert meanings(claim, {factor.name: option}, KNOWN)
    with pytest.raises(
        DataError, match=r"claim C2, factor unit: its function does not know 'TFLOP'; it knows GPU-hour"
    ):
        pairs_under(claim, market({}, cloud()), {"unit": "TFLOP"})
    with pytest.raises(DataError, match=r"factor form not stated: .*'any'; it knows left out, matched with every form"):
        pairs_under(claim, market({}, cloud()), {"form not stated": "any"})


# -------------------------------------------------------------- known truth
def test_a_planted_discount_comes_back():
    rows = [{"gpu_model": model, "form_factor": "SXM", "usd_per_gpu_hour": 0.3 * price}
            for model, price in (("H100-80GB", 10.0), ("A100-80GB", 4.0))]  # fmt: skip
    clouds = [cloud(provider=p, gpu_model=m, usd_per_gpu_hour=price) for p in ("aws", "azure", "gcp")
              for m, price in (("H100-80GB", 10.0), ("A100-80GB", 4.0))]  # fmt: skip
    assert value_of(tables(*rows, *clouds)) == pytest.approx(70.0)


def test_each_network_weighs_the_same_however_many_rows_and_models_it_has():
    many = [{"usd_per_gpu_hour": 4.0, "region": str(i)} for i in range(9)]
    world = tables(*many, {"provider": "io.net", "usd_per_gpu_hour": 2.0}, cloud())
    assert value_of(world) == pytest.approx((60.0 + 80.0) / 2)


def test_a_model_is_the_median_of_its_rows_and_a_network_that_of_its_models():
    rows = [{"usd_per_gpu_hour": p, "region": str(p)} for p in (1.0, 2.0, 9.0)]
    rows += [{"gpu_model": "A100-80GB", "usd_per_gpu_hour": 3.0}]
    assert value_of(tables(*rows, cloud(), cloud(gpu_model="A100-80GB", usd_per_gpu_hour=6.0))) == pytest.approx(65.0)


def test_prices_near_the_claim_count_and_a_network_without_any_has_its_nearest():
    far = [on("2026-09-20", usd_per_gpu_hour=2.0), on("2026-10-20", usd_per_gpu_hour=9.0)]
    world = [cloud(), cloud(provider="gcp")]
    assert value_of(tables(*far, *world)) == pytest.approx(80.0)
    assert value_of(tables(*far, on("2026-07-20", usd_per_gpu_hour=5.0), *world)) == pytest.approx(50.0)
    assert value_of(tables(*far, on("2026-07-22", usd_per_gpu_hour=5.0), *world)) == pytest.approx(50.0)  # the nearest
    both = [on("2026-07-21", usd_per_gpu_hour=4.0, region="b"), on("2025-07-26", usd_per_gpu_hour=2.0)]
    assert value_of(tables(*both, *world)) == pytest.approx(70.0)  # 180 days on either side


def test_a_price_known_by_the_year_is_as_far_away_as_it_can_be():
    rows = [YEAR | {"usd_per_gpu_hour": 9.0}, on("2026-09-20", usd_per_gpu_hour=2.0)]
    assert value_of(tables(*rows, cloud())) == pytest.approx(80.0)
    assert value_of(tables(rows[0], cloud())) == pytest.approx(10.0)


# -------------------------------------------------------------- mutations of the shipped tables
@pytest.mark.slow
@pytest.mark.parametrize(
    ("factor", "expected"),
    [(2.0, "inconclusive"), (5.0, "differs-smaller"), (0.5, "inconclusive"), (0.2, "differs-larger")],
)
def test_dearer_and_cheaper_decentralised_prices_turn_the_primary_verdict(
    claim, shipped, assessed, quickly, factor, expected
):
    def change(prices):
        decentral = prices["provider_type"].isin(["network", "marketplace"])
        return prices.assign(
            usd_per_gpu_hour=prices["usd_per_gpu_hour"].where(~decentral, factor * prices["usd_per_gpu_hour"])
        )

    before = value_of(shipped)
    changed = with_prices(shipped, change)
    assert value_of(changed) == pytest.approx(100 - factor * (100 - before))
    assert judge(claim, assessed, today=claim.as_of).primary == "reproduced-minor"
    assert primary_label(claim, changed) == expected


@pytest.mark.slow
def test_without_hyperscaler_spot_only_the_options_with_spot_cannot_be_computed(claim, shipped):
    def change(prices):
        return prices[~((prices["provider_type"] == "hyperscaler") & (prices["price_model"] == "spot"))]

    changed = with_prices(shipped, change)
    assert value_of(changed) == value_of(shipped)
    found = discount.explored_c2(discount.question_c2(claim, Market(**changed))).options.set_index(
        ["factor", "option"]
    )["support"]
    assert set(found.index[found.isna()]) == {("price model", "spot or bid"), ("price model", "on demand to spot")}


@pytest.mark.slow
def test_without_a_network_that_is_not_named_the_verdict_still_turns_on_the_definition(claim, shipped, assessed):
    """Marketplaces alone have spot prices then, and all options together can no longer weigh the same."""
    changed = with_prices(shipped, lambda prices: prices[prices["provider"] != "spheron"])
    found = discount.assess_c2(claim, **changed)
    assert found.estimate == assessed.estimate
    assert judge(claim, found, today=claim.as_of).label == "definition-ambiguous"


@pytest.mark.slow
def test_options_that_stand_beside_few_others_leave_when_nothing_can_weigh_the_same(claim):
    bid = {"provider": "vast.ai", "provider_type": "marketplace", "price_model": "bid", "usd_per_gpu_hour": 1.0}
    offered = [{}, on("2026-01-20", provider="spheron", usd_per_gpu_hour=8.0), bid, bid | {"price_model": "on-demand"}]
    world = market(*offered, cloud(), cloud(price_model="spot", usd_per_gpu_hour=5.0))
    with pytest.raises(UnbalancedError):
        discount.question_c2(claim, world).explore()
    explored = discount.explored_c2(discount.question_c2(claim, world))
    options = {factor.name: factor.options for factor in explored.factors}
    assert options["price model"] == ("on demand", "on demand to spot")
    assert options["reference"] == ("all three", "AWS")
    assert options["networks"] == ("named", "all networks", "with marketplaces")
    found = explored.options.set_index(["factor", "option"])["weight"]
    assert found["price model"].tolist() == pytest.approx([0.5, 0.5])


@pytest.mark.slow
@pytest.mark.parametrize("provider", ["akash", "aws", "vast.ai", "lambda"])
def test_a_providers_rows_a_hundred_times_change_nothing(claim, shipped, provider):
    def change(prices):
        own = prices[prices["provider"] == provider]
        return pd.concat([prices, *[own] * 99])

    changed = with_prices(shipped, change)
    assert value_of(changed) == value_of(shipped)
    pd.testing.assert_frame_equal(
        discount.interval_parts(claim, Market(**changed)), discount.interval_parts(claim, Market(**shipped))
    )


@pytest.mark.slow
def test_the_order_of_rows_does_not_matter(claim, shipped, assessed):
    shuffled = {name: table.sample(frac=1, random_state=1).reset_index(drop=True) for name, table in shipped.items()}
    assert discount.assess_c2(claim, **shuffled) == assessed


def test_a_gpu_that_no_hyperscaler_offers_changes_nothing(shipped):
    def change(prices):
        row = prices[prices["provider"] == "akash"].iloc[[0]]
        return pd.concat([prices, row.assign(gpu_model="RTX5080-16GB", form_factor="single", usd_per_gpu_hour=9.0)])

    assert value_of(with_prices(shipped, change)) == value_of(shipped)


def test_a_new_dated_price_of_a_named_network_changes_the_estimate(shipped):
    def change(prices):
        row = prices[(prices["provider"] == "akash") & (prices["gpu_model"] == "A100-80GB")].iloc[[0]]
        return pd.concat([prices, row.assign(provider="io.net", observed_on=pd.Timestamp("2026-01-20"))])

    assert value_of(with_prices(shipped, change)) != value_of(shipped)


@pytest.mark.parametrize("gone", ["prices", "dates", "forms", "references"])
def test_without_a_matched_price_of_a_named_network_it_is_not_reproducible(claim, shipped, gone):
    def change(prices):
        named = prices["provider"].isin(["akash", "io.net"])
        if gone == "prices":
            return prices[~named]
        if gone == "dates":
            return prices[~named | (prices["date_precision"] == "undated")]
        if gone == "forms":
            return prices.assign(form_factor=prices["form_factor"].mask(named, "not stated"))
        return prices[prices["provider_type"] != "hyperscaler"]

    found = discount.assess_c2(claim, **with_prices(shipped, change))
    assert (found.missing, found.estimate) == ("missing", None)
    assert judge(claim, found, today=claim.as_of).label == "not-reproducible"


@pytest.mark.slow
def test_a_world_of_one_pair_is_assessed_without_support_or_with(claim):
    found = discount.assess_c2(claim, **tables({"usd_per_gpu_hour": 4.0}, cloud()))
    assert (found.estimate.value, found.estimate.low, found.estimate.high, found.estimate.n) == (60.0, 60.0, 60.0, 1)
    assert judge(claim, found, today=claim.as_of).primary == "reproduced"


def test_a_claim_in_another_unit_is_refused(shipped):
    with pytest.raises(DataError, match="needs one in %"):
        discount.assess_c2(load_claims()["V1"], **shipped)


# -------------------------------------------------------------- interval, certainty, what would make it true
def test_the_interval_is_the_envelope_of_its_parts_and_holds_the_estimate(shipped, assessed):
    parts = discount.interval_parts(C2, Market(**shipped)).set_index("part")
    found = assessed
    whole, rest = parts.loc["envelope of all"], parts.drop("envelope of all")
    assert (whole["low_pct"], whole["high_pct"]) == (rest["low_pct"].min(), rest["high_pct"].max())
    assert (found.estimate.low, found.estimate.high) == (whole["low_pct"], whole["high_pct"])
    sources = found.source_values
    assert parts.loc["hyperscaler", "low_pct"] == min(*sources, found.estimate.value)
    assert parts.loc["hyperscaler", "high_pct"] == max(*sources, found.estimate.value)


def test_days_known_by_the_year_alone_widen_the_interval():
    clouds = [cloud(**on("2026-03-01"), usd_per_gpu_hour=8.0), cloud(**on("2026-06-01"), usd_per_gpu_hour=16.0)]
    parts = discount.interval_parts(C2, market(YEAR, *clouds)).set_index("part")
    assert parts.loc["dates", ["low_pct", "high_pct"]].tolist() == [50.0, 75.0]
    parts = discount.interval_parts(C2, market({}, *clouds)).set_index("part")
    assert parts.loc["dates", "width"] == 0


def test_the_bootstrap_over_models_is_that_of_scipy_for_one_network():
    from scipy import stats

    values = np.array([52.0, 53.0, 58.0, 64.0, 66.0, 75.0, 84.0])
    index = pd.MultiIndex.from_product([["a"], list("tuvwxyz")], names=["provider", "gpu_model"])
    low, high = discount.model_interval(pd.Series(values, index=index))
    theirs = stats.bootstrap(
        (values,), np.median, n_resamples=9_999, method="percentile", rng=np.random.default_rng(1)
    ).confidence_interval
    assert (low, high) == (theirs.low, theirs.high)  # a median of seven takes seven values


def test_the_bootstrap_ignores_the_order_and_repeats_itself():
    index = pd.MultiIndex.from_tuples([("a", "x"), ("a", "y"), ("b", "x")], names=["provider", "gpu_model"])
    models = pd.Series([10.0, 50.0, 90.0], index=index)
    assert discount.model_interval(models) == discount.model_interval(models.iloc[::-1]) == (50.0, 70.0)


def test_certainty_names_the_distance_from_the_date(claim, assessed, quickly):
    found = assessed
    assert found.observed_on == pd.Timestamp("2026-09-20").date()
    assert any("241 days" in reason for reason in certainty(claim, found).reasons)
    near = discount.assess_c2(claim, **tables({"usd_per_gpu_hour": 4.0}, cloud()))
    assert not any("indirectness" in reason for reason in certainty(claim, near).reasons)


@pytest.mark.parametrize(("price", "needed"), [(8.0, "0.625"), (1.0, "2")])
def test_what_the_prices_would_have_to_be(claim, quickly, price, needed):
    found = discount.assess_c2(claim, **tables({"usd_per_gpu_hour": price}, cloud()))
    assert f"the networks' prices would have to be {needed} times what they are" in found.nearest_true


@settings(max_examples=50, deadline=None)
@given(st.floats(-200, 99), st.just(pd.Interval(50, 80, closed="both")))
def test_that_factor_on_the_prices_brings_the_discount_to_an_edge(value, region):
    moved = 100 - discount.price_factor(value, region) * (100 - value)
    assert min(abs(moved - region.left), abs(moved - region.right)) < 1e-9


# -------------------------------------------------------------- alternatives and readings
@pytest.mark.slow
def test_alternatives_change_one_factor_each_and_draw_specialists(claim, shipped):
    table = discount.alternatives_c2(claim, Market(**shipped))
    assert len(table) == 1 + sum(len(f.options) - 1 for f in FACTORS)
    computed = table[table["reason"] == ""]
    assert (computed["low_pct"] <= computed["estimate"]).all()
    assert (computed["estimate"] <= computed["high_pct"]).all()
    for row in computed.itertuples():
        assert row.estimate == value_of(shipped, {row.factor: row.option} if row.factor else None)
    assert table["specialist_pct"].iloc[0] == pytest.approx(
        plain.discount(shipped, sellers(shipped["gpu_providers"], "specialist")), rel=ROUNDING
    )
    missing = table[table["reason"] != ""]
    assert missing["estimate"].isna().all()
    assert set(missing["holds"]) == {NOT_COUNTED}
    assert (table["holds"] == "yes").equals(table["estimate"].between(50, 80))


def test_readings_of_what_the_words_leave_open(shipped):
    table = discount.readings(C2, Market(**shipped))
    assert table["discount_pct"].iloc[0] == value_of(shipped)
    assert table["discount_pct"].between(0, 100).all()
