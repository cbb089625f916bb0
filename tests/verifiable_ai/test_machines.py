"""The cheapest machine that is large enough."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.verifiable_ai.machines import Needs, cheapest, nearest_prices
from tests.verifiable_ai.worlds import prices

AS_OF = date(2026, 1, 22)
SPECIALIST = ("specialist", "on-demand")


def price(needs, *rows, **how):
    found = cheapest(prices(*rows), needs, on=AS_OF, **how)
    return None if found is None else found["usd_per_hour"]


def test_the_cheapest_instance_that_is_large_enough_is_chosen():
    small, large = {"usd_per_hour": 1.0}, {"instance": "large", "vcpus": 16.0, "memory_gib": 64.0, "usd_per_hour": 2.0}
    assert price(Needs(vcpus=8), small, large) == 1.0
    assert price(Needs(vcpus=9), small, large) == 2.0
    assert price(Needs(vcpus=8, memory_gib=32.5), small, large) == 2.0
    assert price(Needs(vcpus=8, memory_gib=32.0), small, large) == 1.0
    assert price(Needs(vcpus=17), small, large) is None


def test_the_price_is_that_of_the_nearest_date_and_an_undated_one_the_last_resort():
    rows = [
        {"observed_on": pd.Timestamp("2025-12-01"), "usd_per_hour": 9.0},
        {"observed_on": pd.Timestamp("2026-02-01"), "usd_per_hour": 5.0},
        {"observed_on": pd.NaT, "usd_per_hour": 1.0},
    ]
    assert price(Needs(vcpus=8), *rows) == 5.0
    assert price(Needs(vcpus=8), rows[2]) == 1.0


def test_spot_prices_other_kinds_and_prices_without_region_do_not_count_on_demand():
    rows = [{"price_type": "spot"}, {"kind": "specialist", "gpu_model": "A100-40GB", "gpus": 1.0}, {"region": ""}]
    assert price(Needs(vcpus=1), *rows) is None
    assert price(Needs(vcpus=1), *rows, market=("hyperscaler", "spot")) == 1.0


def test_a_gpu_is_matched_by_model_memory_form_and_number():
    rows = [
        {"gpu_model": "A100-80GB-SXM", "gpus": 1.0},
        {"instance": "two", "gpu_model": "A100-40GB-SXM", "gpus": 2.0, "usd_per_hour": 3.0},
    ]
    assert price(Needs(gpu_model="A100-40GB-SXM", gpus=1), *rows) == 1.0
    assert price(Needs(gpu_model="A100", gpus=2), *rows) == 3.0
    assert price(Needs(gpu_model="A100-40GB-PCIe", gpus=1), *rows) is None
    assert price(Needs(gpu_model="H100", gpus=1), *rows) is None


def test_unknown_processors_are_not_enough_except_at_specialists_who_state_none():
    row = {"vcpus": np.nan, "memory_gib": np.nan, "gpu_model": "A100-40GB", "gpus": 1.0}
    needs = Needs(vcpus=12, memory_gib=120, gpu_model="A100-40GB", gpus=1)
    assert price(needs, row) is None
    assert price(needs, row | {"kind": "specialist"}, market=SPECIALIST) == 1.0
    assert price(Needs(vcpus=12), row | {"kind": "specialist"}, market=SPECIALIST) is None


@pytest.mark.parametrize(
    ("days", "usd"),
    [(("2026-01-20", "2026-01-25"), 1.0), (("2026-01-18", "2026-01-25"), 2.0), (("2026-01-19", "2026-01-25"), 1.0)],
)
def test_the_price_nearest_to_the_day_counts_the_earlier_of_two(days, usd):
    rows = [{"observed_on": pd.Timestamp(day), "usd_per_hour": float(i)} for i, day in enumerate(days, start=1)]
    for some in (rows, rows[::-1]):
        found = nearest_prices(prices(*some), on=AS_OF)
        assert found["usd_per_hour"].tolist() == [usd]
