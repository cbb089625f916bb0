"""What is equivalent to what, at which date, and how the references of one price are put together."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.compute.price import matching
from analysis.compute.price.sellers import HYPERSCALERS, sellers
from tests.compute.worlds import UNDATED, YEAR, cloud, market, on

DEMAND = ("on-demand",)


def pairs(*rows, price_models=(DEMAND, DEMAND), runs=(), how=None, **options):
    found = matching.match(market(*rows, runs=runs), providers=("akash",), price_models=price_models, **options)
    table = matching.paired(found, **(how or {}))
    return table[table["reference_usd"].notna()]


def reference(*rows, **options):
    found = pairs(*rows, **options)
    return None if found.empty else found["reference_usd"].iloc[0]


def test_the_reference_is_the_median_over_regions_and_then_over_the_hyperscalers_that_offer_it():
    aws = [cloud(region=name, usd_per_gpu_hour=price) for name, price in (("a", 10.0), ("b", 11.0), ("c", 90.0))]
    assert reference({}, *aws) == 11.0
    assert reference({}, *aws, cloud(provider="azure", usd_per_gpu_hour=20.0)) == 15.5
    three = [*aws, cloud(provider="azure", usd_per_gpu_hour=20.0), cloud(provider="gcp", usd_per_gpu_hour=12.0)]
    assert reference({}, *three) == 12.0
    assert reference({}, *three, how={"hyperscalers": ("azure",)}) == 20.0


def test_the_cheapest_instance_is_another_reading():
    rows = [cloud(instance=name, usd_per_gpu_hour=price) for name, price in (("a", 4.0), ("b", 10.0), ("c", 12.0))]
    assert reference({}, *rows) == 10.0
    assert reference({}, *rows, cheapest=True) == 4.0


def test_each_hyperscaler_is_read_at_its_own_nearest_date():
    rows = [
        cloud(**on("2026-01-01"), usd_per_gpu_hour=8.0),
        cloud(**on("2026-03-01"), usd_per_gpu_hour=6.0),
        cloud(provider="gcp", **on("2025-01-22"), usd_per_gpu_hour=10.0),
    ]
    found = pairs({}, *rows)
    assert found[["reference_usd", "gap_days", "longest_gap_days", "hyperscalers"]].values.tolist() == [[9, 21, 365, 2]]
    assert pairs({}, *rows, how={"within_days": 90})["reference_usd"].tolist() == [8.0]
    assert pairs({}, *rows, how={"within_days": 21})["reference_usd"].tolist() == [8.0]
    assert pairs({}, *rows, how={"within_days": 20}).empty


def test_two_dates_equally_near_give_their_median():
    rows = [cloud(**on(day), usd_per_gpu_hour=price) for day, price in (("2026-01-20", 8.0), ("2026-01-24", 6.0))]
    found = pairs({}, *rows)
    assert found[["reference_usd", "low_usd", "high_usd", "gap_days"]].values.tolist() == [[7, 6, 8, 2]]


def test_a_price_known_by_the_year_has_gaps_as_a_range_and_every_reference_of_that_year():
    rows = [
        cloud(**on(day), usd_per_gpu_hour=price)
        for day, price in (("2025-12-31", 99.0), ("2026-03-01", 8.0), ("2026-06-01", 10.0), ("2026-12-30", 30.0))
    ]
    found = pairs(YEAR, *rows)
    assert found[["reference_usd", "low_usd", "high_usd"]].values.tolist() == [[10.0, 8.0, 30.0]]
    assert found[["gap_days", "longest_gap_days"]].values.tolist() == [[0, 363]]
    assert found[["low_pct", "discount_pct", "high_pct"]].values.tolist() == [[50.0, 60.0, pytest.approx(260 / 3)]]
    assert pairs(YEAR, *rows, how={"within_days": 362}).empty


def test_undated_prices_commitments_and_other_kinds_of_price_have_no_part():
    assert pairs(UNDATED, cloud()).empty
    assert pairs({}, cloud(**UNDATED)).empty
    assert pairs({"price_model": "reserved-1y"}, cloud()).empty
    assert pairs({}, cloud(price_model="spot")).empty
    back = (("spot", "bid"), ("spot",))
    assert reference({"price_model": "bid"}, cloud(price_model="spot"), price_models=back) == 10.0


def test_model_and_form_must_both_be_the_same():
    assert reference({}, cloud(form_factor="PCIe")) is None
    assert reference({}, cloud(gpu_model="A100-80GB")) is None
    assert reference({"form_factor": "not stated"}, cloud()) is None


def test_a_form_that_is_not_stated_can_be_matched_with_every_form():
    rows = [cloud(usd_per_gpu_hour=10.0), cloud(form_factor="PCIe", usd_per_gpu_hour=6.0)]
    assert reference({"form_factor": "not stated"}, *rows, every_form=True) == 8.0
    assert reference({}, *rows, every_form=True) == 10.0


def test_per_pflop_hour_every_data_centre_gpu_with_enough_memory_is_a_reference():
    rows = [
        cloud(usd_per_gpu_hour=10.0),  # 10 USD a PFLOP-hour
        cloud(gpu_model="A100-80GB", usd_per_gpu_hour=3.0),  # 12
        cloud(gpu_model="L4-24GB", form_factor="single", usd_per_gpu_hour=0.5),  # 5, too little memory for an H100
        cloud(gpu_model="RTX4090-24GB", form_factor="single", usd_per_gpu_hour=0.1),  # not for data centres
        cloud(gpu_model="B300", form_factor="single", usd_per_gpu_hour=1.0),  # unknown
    ]
    assert reference({}, *rows, unit="PFLOP-hour") == pytest.approx(11.0)
    small = {"gpu_model": "RTX4090-24GB", "form_factor": "single"}
    assert reference(small, *rows, unit="PFLOP-hour") == pytest.approx(10.0 * 0.2)  # the median of 5, 10 and 12
    assert reference(small, *rows) == 0.1
    assert reference({"form_factor": "not stated"}, *rows, unit="PFLOP-hour") is None
    whole = reference({"form_factor": "not stated"}, *rows, unit="PFLOP-hour", every_form=True)
    assert whole == pytest.approx(11.0 * 0.75)  # the median of the two forms is 750 TFLOP/s


def test_per_bandwidth_the_scale_is_that_of_the_memory():
    row = {"gpu_model": "RTX4090-24GB", "form_factor": "single"}
    assert reference(row, cloud(usd_per_gpu_hour=9.0), unit="GB/s-hour") == pytest.approx(3.0)


@pytest.mark.slow
def test_per_token_only_runs_of_the_same_setting_count():
    offered = {"gpu_model": "RTX4090-24GB", "form_factor": "single"}
    mine = {**offered, "output_per_s": 500.0}
    assert reference(offered, cloud(), unit="million tokens", runs=(mine, {})) == pytest.approx(5.0)
    assert reference(offered, cloud(), unit="million tokens", runs=(mine, {"requests_per_s": 1.0})) is None
    assert reference(offered, cloud(), unit="million tokens", runs=(mine, {"model": "other"})) is None
    assert reference(offered, cloud(), unit="million tokens", runs=(mine, {"output": "samples"})) is None
    assert reference(offered, cloud(), unit="million tokens", runs=(mine, {"doubtful": True})) is None
    offline = ({**mine, "requests_per_s": np.nan}, {"requests_per_s": np.nan, "gpu_count": 2})
    assert reference(offered, cloud(), unit="million tokens", runs=offline) == pytest.approx(10.0)


def test_unknown_sellers_are_refused_with_those_there_are():
    with pytest.raises(ValueError, match="'crypto' is none of named, all networks, with marketplaces, hyperscaler"):
        sellers(market({}).gpu_providers, "crypto")


def test_sellers_by_option():
    providers = market({}).gpu_providers
    assert sellers(providers, "named") == ("akash", "io.net", "render")
    assert sellers(providers, "all networks") == ("akash", "io.net", "render", "spheron")
    assert sellers(providers, "with marketplaces") == ("akash", "io.net", "render", "spheron", "vast.ai")
    assert sellers(providers, "specialist") == ("lambda",)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.one_of(st.none(), st.floats(0.01, 100)), min_size=3, max_size=3), min_size=1, max_size=6))
def test_the_median_of_what_counts_is_that_of_pandas(rows):
    values = np.array([[np.nan if x is None else x for x in row] for row in rows])
    found = matching.median_where(values, ~np.isnan(values))
    np.testing.assert_array_equal(found, pd.DataFrame(values).median(axis=1))


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.floats(0.5, 50)), min_size=1, max_size=8), st.integers(0, 400))
def test_the_nearest_date_is_never_further_than_any_other(dates, day):
    start = pd.Timestamp("2025-06-01")
    on_days = pd.DataFrame(dates, columns=["day", "reference_usd"]).groupby("day", as_index=False).median()
    daily = on_days.assign(hyperscaler="aws", reference_model="A", reference_form="SXM")
    daily = daily.assign(observed_on=start + pd.to_timedelta(daily.pop("day"), "D"))
    at = start + pd.Timedelta(days=day)
    (found,) = matching.nearest_references(pd.DataFrame({"first_day": [at], "last_day": [at]}), daily).itertuples()
    assert found.gap_days == found.longest_gap_days == min(abs(d - day) for d, _ in dates)
    assert found.low_usd <= found.reference_usd <= found.high_usd


def test_references_stand_in_the_order_of_the_hyperscalers():
    world = market({}, *[cloud(provider=name, usd_per_gpu_hour=i + 1.0) for i, name in enumerate(HYPERSCALERS)])
    found = matching.match(world, providers=("akash",), price_models=(DEMAND, DEMAND))
    assert found.reference_usd.tolist() == [[1.0, 2.0, 3.0]]
