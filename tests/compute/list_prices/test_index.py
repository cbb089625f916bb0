"""The index against planted levels, and steps against observations read by hand from the table."""

from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from analysis.compute.list_prices import index as ix
from analysis.engine.data.tables import load
from tests.compute.planted import listed_prices

#: A fraction of a second each, and seconds together: left out by make test-fast.
pytestmark = pytest.mark.slow

DAYS = ("2024-01-15", "2024-02-15", "2024-03-15")


@pytest.fixture(scope="module")
def gpu_prices() -> pd.DataFrame:
    return load("gpu_prices")


def chained(prices):
    """The index by a regression on each pair of neighbouring months, of the providers in both, changes multiplied."""
    rows, level, levels = ix.monthly(prices), 0.0, {}
    for before, after in pairwise(sorted(rows["month"].unique())):
        levels.setdefault(before, level)
        pair = rows[rows["month"].isin([before, after])]
        both = pair.groupby("provider")["month"].transform("nunique") == 2
        if both.any():
            sums, names = ix._index_sums(pair[both].reset_index(drop=True), before)
            level += float(sums.coefficients[sums.position(names[after])])
        levels[after] = level
    found = pd.Series(levels)
    return 100 * np.exp(found - found[ix.base_of(rows)])


# --- known truth -----------------------------------------------------------------------------------------------------


def test_planted_months_are_found():
    prices = listed_prices({p: dict(zip(DAYS, (1.0, 0.8, 0.5), strict=True)) for p in ("aws", "gcp")})
    found = ix.price_index(prices)
    assert found["index"].to_numpy() == pytest.approx([100, 80, 50])
    assert found["low"].to_numpy() == pytest.approx(found["high"].to_numpy())
    assert chained(prices).to_numpy() == pytest.approx([100, 80, 50])
    assert ix.by_provider(prices)["aws"].to_numpy() == pytest.approx([100, 80, 50])


def test_providers_weigh_the_same_whatever_they_list():
    prices = listed_prices({"aws": dict(zip(DAYS, (1, 1, 0.25), strict=True)), "gcp": dict.fromkeys(DAYS, 1.0)})
    more = listed_prices({"gcp": dict.fromkeys(DAYS, 1.0)}, regions=("north", "south", "middle"))
    for table in (prices, pd.concat([prices, more], ignore_index=True)):
        assert ix.price_index(table)["index"].to_numpy() == pytest.approx([100, 100, 50])


def test_pooling_keeps_a_cut_that_chaining_loses():
    levels = {"aws": {DAYS[0]: 1.0, DAYS[2]: 0.25}, "gcp": dict.fromkeys(DAYS, 1.0)}
    prices = listed_prices(levels)
    assert ix.price_index(prices)["index"].iloc[-1] < 60
    assert chained(prices).to_numpy() == pytest.approx([100, 100, 100])
    assert ix.by_provider(prices)["aws"].dropna().to_numpy() == pytest.approx([100, 25])


def test_a_machine_listed_before_its_cut_lifts_no_month_of_its_provider():
    prices = listed_prices({"aws": dict.fromkeys(DAYS, 1.0), "gcp": dict.fromkeys(DAYS, 1.0)})
    late = (prices["gpu_model"] == "H100-80GB") & (prices["provider"] == "aws")
    kept = prices[~(late & (prices["observed_on"] == DAYS[0]))]
    cut = late & (prices["observed_on"] == DAYS[2])
    prices = kept.assign(
        usd_per_gpu_hour=kept["usd_per_gpu_hour"].where(~cut[kept.index], kept["usd_per_gpu_hour"] / 2)
    )
    # four of aws's eight machines in the last month are H100, and they halve
    assert ix.by_provider(prices)["aws"].to_numpy() == pytest.approx([100, 100, 100 * 2**-0.5])
    assert ix.price_index(prices)["index"].iloc[1] > 102


def test_base_is_the_first_month_with_all():
    prices = listed_prices({"aws": {DAYS[1]: 1.0, DAYS[2]: 0.5}, "gcp": dict.fromkeys(DAYS, 1.0)})
    found = ix.price_index(prices).set_index("month")["index"]
    assert found[pd.Timestamp("2024-02-01")] == 100.0


def test_interval_widens_where_lines_of_machines_part():
    prices = listed_prices({p: dict.fromkeys(DAYS, 1.0) for p in ("aws", "gcp")})
    cut = (prices["gpu_model"] == "H100-80GB") & (prices["provider"] == "aws") & (prices["observed_on"] > DAYS[1])
    found = ix.price_index(prices.assign(usd_per_gpu_hour=prices["usd_per_gpu_hour"] * np.where(cut, 0.5, 1.0)))
    last = found.iloc[-1]
    assert last["low"] < last["index"] < 100 < last["high"]


def test_month_of_a_chosen_few_is_left_out():
    prices = listed_prices({"aws": dict.fromkeys(DAYS, 1.0)})
    few = prices[prices["observed_on"] == DAYS[0]].head(ix.FEWEST - 1).assign(observed_on=pd.Timestamp("2024-06-01"))
    assert len(ix.price_index(pd.concat([prices, few]))) == len(DAYS)


# --- the shipped table -----------------------------------------------------------------------------------------------


def test_steps_of_eight_h100_are_at_the_observations_read_by_hand(gpu_prices):
    found = ix.class_steps(gpu_prices).set_index("instance")
    aws = found.loc["p5.48xlarge"]
    assert (aws["last_old_on"].date(), aws["first_new_on"].date()) == (date(2025, 4, 28), date(2025, 6, 23))
    assert aws["change_pct"] == pytest.approx(100 * (6.88 / 12.29 - 1))
    still = found.loc[["Standard_ND96isr_H100_v5", "a3-highgpu-8g"]]
    assert still["change_pct"].isna().all()
    assert [d.date() for d in still["first_on"]] == [date(2023, 12, 18), date(2024, 6, 13)]
    assert [d.date() for d in still["last_on"]] == [date(2026, 11, 9), date(2026, 7, 16)]


@pytest.mark.parametrize(
    ("instance", "region", "last_old_on", "first_new_on", "old_usd", "new_usd"),
    [
        ("p4d.24xlarge", "us-east-1", "2025-04-28", "2025-06-23", 4.096575, 2.744705),
        ("p5en.48xlarge", "us-east-1", "2025-04-28", "2025-06-23", 10.6, 7.912),
        ("Standard_ND96isr_H200_v5", "eastus2", "2024-12-13", "2025-05-16", 14.75, 10.6),
        ("g2-standard-4", "us-east4", "2023-07-13", "2023-10-12", 0.796105, 0.704518),
        ("Standard_NC96ads_A100_v4", "eastus", "2026-06-18", "2026-11-09", 3.673, 4.777),
    ],
)
def test_steps_read_by_hand(gpu_prices, instance, region, last_old_on, first_new_on, old_usd, new_usd):
    steps = ix.price_steps(gpu_prices)
    step = steps[(steps["instance"] == instance) & (steps["region"] == region)].iloc[0]
    assert (f"{step['last_old_on']:%F}", f"{step['first_new_on']:%F}") == (last_old_on, first_new_on)
    assert (step["old_usd"], step["new_usd"]) == pytest.approx((old_usd, new_usd), rel=1e-5)


@pytest.mark.slow
def test_steps_are_those_of_a_plain_loop(gpu_prices):
    listed = gpu_prices.query(
        "provider_type == 'hyperscaler' and price_model == 'on-demand' and instance != '' and region != ''"
    ).dropna(subset="observed_on")
    number = 0
    for _, series in listed.groupby(["provider", "instance", "gpu_model", "form_factor", "region"]):
        by_day = series.groupby("observed_on")["usd_per_gpu_hour"].median().tolist()
        number += sum(abs(new / old - 1) > 0.001 for old, new in pairwise(by_day))
    steps = ix.price_steps(gpu_prices)
    assert len(steps) == number
    assert (steps["last_old_on"] < steps["first_new_on"]).all()


def test_steps_between_two_sources_are_marked(gpu_prices):
    steps = ix.joint_steps(ix.price_steps(gpu_prices))
    late = steps["first_new_on"] > "2026-08-01"
    assert not steps.loc[late, "same_source"].any()
    assert steps.loc[~late, "same_source"].all()


def test_a_step_moved_is_found_where_it_moved(gpu_prices):
    moved = (gpu_prices["instance"] == "p5.48xlarge") & (gpu_prices["observed_on"] == "2025-06-23")
    changed = gpu_prices.assign(usd_per_gpu_hour=gpu_prices["usd_per_gpu_hour"].mask(moved, 12.29))
    aws = ix.class_steps(changed).set_index("instance").loc["p5.48xlarge"]
    assert (f"{aws['last_old_on']:%F}", f"{aws['first_new_on']:%F}") == ("2025-06-23", "2025-07-07")


@pytest.mark.slow
def test_index_is_of_list_prices_of_hyperscalers_alone(gpu_prices):
    doubled = gpu_prices["usd_per_gpu_hour"] * np.where(gpu_prices["provider_type"] == "hyperscaler", 1, 2)
    pd.testing.assert_frame_equal(
        ix.price_index(gpu_prices), ix.price_index(gpu_prices.assign(usd_per_gpu_hour=doubled))
    )


# --- what is refused -------------------------------------------------------------------------------------------------


def test_refusals():
    prices = listed_prices({"aws": dict.fromkeys(DAYS, 1.0)})
    with pytest.raises(ValueError, match="two months"):
        ix.price_index(prices[prices["observed_on"] == DAYS[0]])
