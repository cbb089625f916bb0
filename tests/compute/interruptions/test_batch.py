"""Offers, the practitioner's table and break-even rates: known answers, mutations, bad input."""

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

from analysis.compute.interruptions import batch, breakeven, figures, replay
from analysis.compute.interruptions import remarks as remarks_batch
from analysis.compute.interruptions.batch import BatchJob, Interruptions, cheapest_places
from analysis.compute.interruptions.closed_form import (
    EXAMPLE,
    SELDOM,
    running_hours,
    wall_hours,
)
from analysis.compute.interruptions.offers import offers
from analysis.engine.claims import load_claims
from analysis.engine.data.tables import load

JOB = BatchJob("G-80GB", gpu_hours=40, checkpoint_hours=0.1, restart_hours=0.2, gpus=4, delay_tolerance=1.5)
DAY = pd.Timestamp("2026-06-01")


def price(usd, *, provider="shop", provider_type="network", price_model="on-demand", day=DAY, **more):
    """A row of `gpu_prices`."""
    row = {
        "observed_on": day, "provider": provider, "provider_type": provider_type, "gpu_model": "G-80GB",
        "form_factor": "single", "gpu_count": 1.0, "region": "", "price_model": price_model, "usd_per_gpu_hour": usd,
    }  # fmt: skip
    return row | more


LIST = price(4.0, provider="aws", provider_type="hyperscaler")
PRICES = pd.DataFrame(
    [
        LIST,
        price(3.0, provider="aws", provider_type="hyperscaler", price_model="spot", gpu_count=8.0),
        price(1.0),
        price(0.5, provider="bids", provider_type="marketplace", price_model="bid"),
    ]
)
BANDS = pd.DataFrame(
    {"gpu_model": ["G-40GB"], "metric": ["interrupted_in_month"], "low": [0.1], "high": [0.2], "value": [np.nan]}
)
NO_RUNS = load("spot_runs").iloc[:0]
TABLES = {"gpu_prices": PRICES, "spot_runs": NO_RUNS, "compute_availability": BANDS}


@pytest.fixture(scope="module")
def shipped():
    return {name: load(name) for name in TABLES}


@pytest.fixture(scope="module")
def broken_even(shipped):
    return breakeven.break_even(shipped["gpu_prices"], EXAMPLE)


def places(job=JOB, **more):
    return cheapest_places(job, **(TABLES | more)).set_index(["provider", "price_model"])


def test_the_nearest_date_counts_and_its_spread_is_kept():
    prices = pd.DataFrame(
        [
            price(1.0, day=DAY - pd.Timedelta(days=3)),
            price(2.0, day=DAY + pd.Timedelta(days=3)),
            price(4.0, day=DAY + pd.Timedelta(days=3), region="b"),
            price(9.0, day=DAY + pd.Timedelta(days=40)),
            price(7.0, day=pd.NaT),
            price(0.1, price_model="reserved-1y"),
        ]
    )
    (found,) = offers(prices, "G-80GB", on=DAY).to_dict("records")
    assert (found["usd_per_gpu_hour"], found["gap_days"], found["prices"]) == (3.0, 3, 3)
    assert (found["low_usd"], found["high_usd"]) == (1.0, 4.0)
    assert offers(prices, "G-80GB")["usd_per_gpu_hour"].tolist() == [9.0]  # by default, the latest day


@pytest.mark.slow
def test_offers_equal_a_plain_recomputation(shipped):
    prices = shipped["gpu_prices"]
    day = pd.Timestamp("2026-07-20")
    found = offers(prices, "H100-80GB", on=day)
    for row in found.itertuples():
        own = prices[(prices.gpu_model == "H100-80GB") & (prices.provider == row.provider)]
        own = own[(own.form_factor == row.form_factor) & (own.price_model == row.price_model)].dropna(
            subset="observed_on"
        )
        nearest = min(own.observed_on, key=lambda d: (abs(d - day), -d.value))
        assert row.observed_on == nearest
        assert row.usd_per_gpu_hour == np.median(own[own.observed_on == nearest].usd_per_gpu_hour)
        assert row.low_usd <= row.usd_per_gpu_hour <= row.high_usd
    assert len(found) == len(found[["provider", "form_factor", "price_model"]].drop_duplicates())


def test_costs_are_hours_times_price():
    found = places()
    assert found.loc[("aws", "on-demand"), ["cost_usd", "wall_hours"]].tolist() == pytest.approx([160, 10])
    assert found.loc[("shop", "on-demand"), "cost_usd"] == pytest.approx(40)
    low, high = batch.hourly(0.1), batch.hourly(0.2)
    spot = found.loc[("aws", "spot")]
    assert spot["cost_low"] == pytest.approx(running_hours(JOB.job, low) * 4 * 3)
    assert spot["cost_high"] == pytest.approx(running_hours(JOB.job, high) * 4 * 3)
    assert spot["cost_low"] < spot["cost_usd"] < spot["cost_high"]
    assert found["cost_usd"].is_monotonic_increasing
    assert found.index[0] == ("bids", "bid")


def test_the_break_even_rate_brings_a_place_to_the_hyperscalers_cost():
    found = places()
    rate = found.loc[("shop", "on-demand"), "break_even_per_hour"]
    again = places(
        gpu_prices=PRICES.assign(price_model=PRICES["price_model"].where(PRICES["provider"] != "shop", "spot")),
        interruptions=Interruptions(rate, rate, 0.0, 0.0),
    )
    assert again.loc[("shop", "spot"), "cost_usd"] == pytest.approx(160)
    assert math.isnan(found.loc[("aws", "on-demand"), "break_even_per_hour"])


def test_given_rates_replace_the_evidence_and_no_evidence_is_said():
    given = Interruptions(0.1, 0.4, 0.5, 2.0)
    found = places(interruptions=given).loc[("bids", "bid")]
    assert found["interruptions"] == "given"
    assert found["wall_hours"] == pytest.approx(wall_hours(JOB.job, 0.2, 1.0))
    assert found["wall_high"] == pytest.approx(wall_hours(JOB.job, 0.4, 2.0))
    unknown = places(compute_availability=BANDS.assign(gpu_model="H-40GB"))
    assert unknown.loc[("bids", "bid"), "interruptions"] == "not known"
    assert math.isnan(unknown.loc[("bids", "bid"), "cost_usd"])
    assert unknown.loc[("bids", "bid"), "cost_low"] == pytest.approx(running_hours(JOB.job, 0) * 4 * 0.5)
    assert unknown.index[0] == ("shop", "on-demand")  # what has no cost stands last


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Interruptions(0.0, 0.001, 0.0, 0.1), "yes"),
        (Interruptions(0.0, 1.0, 0.0, 10.0), "perhaps"),
        (Interruptions(1.0, 2.0, 5.0, 10.0), "no"),
        (Interruptions(0.001, 0.002), "not known"),
        (Interruptions(2.0, 2.0), "no"),
    ],
)
def test_whether_the_tolerance_is_met(given, said):
    assert places(interruptions=given).loc[("bids", "bid"), "in_time"] == said
    assert places(interruptions=given).loc[("shop", "on-demand"), "in_time"] == "yes"
    patient = dataclasses.replace(JOB, delay_tolerance=math.inf)
    assert places(patient, interruptions=given).loc[("bids", "bid"), "in_time"] == "yes"


def test_doubling_and_halving_the_networks_prices_moves_its_costs_and_nothing_else():
    plain = places()
    for factor in (0.5, 2.0):
        prices = PRICES.assign(
            usd_per_gpu_hour=PRICES["usd_per_gpu_hour"].where(
                PRICES["provider_type"] != "network", PRICES["usd_per_gpu_hour"] * factor
            )
        )
        found = places(gpu_prices=prices)
        assert found.loc[("shop", "on-demand"), "cost_usd"] == pytest.approx(40 * factor)
        assert found.loc[("aws", "spot"), "cost_usd"] == plain.loc[("aws", "spot"), "cost_usd"]
    dear = places(gpu_prices=PRICES.assign(usd_per_gpu_hour=[4.0, 3.0, 5.0, 0.5]))
    assert math.isnan(dear.loc[("shop", "on-demand"), "break_even_per_hour"])


@pytest.mark.slow
def test_evidence_joins_traces_and_bands(shipped):
    tables = {name: shipped[name] for name in ("spot_runs", "compute_availability")}
    v100 = batch.evidence("V100-32GB", **tables)
    rates = replay.run_lengths(shipped["spot_runs"], resamples=9)["rate"].xs("V100-16GB", level="gpu_model")
    assert (v100.low, v100.high) == pytest.approx((rates.min(), rates.max()))
    assert v100.wait_high > v100.wait_low > 0
    both = batch.evidence(
        "V100-16GB", spot_runs=tables["spot_runs"], compute_availability=BANDS.assign(gpu_model="V100-16GB")
    )
    assert both.low == pytest.approx(batch.hourly(0.1))
    assert both.high == v100.high
    assert math.isnan(batch.evidence("H100-80GB", **tables).wait_low)


def test_a_share_that_is_a_figure_counts_like_a_band():
    figure = BANDS.assign(low=np.nan, high=np.nan, value=0.15)
    tables = {"spot_runs": NO_RUNS, "compute_availability": pd.concat([BANDS, figure])}
    assert batch.evidence("G-80GB", **tables) == batch.evidence("G-80GB", spot_runs=NO_RUNS, compute_availability=BANDS)
    alone = batch.evidence("G-80GB", **(tables | {"compute_availability": figure}))
    assert (alone.low, alone.high) == (batch.hourly(0.15), batch.hourly(0.15))


@pytest.mark.slow
def test_places_of_every_gpu_can_be_listed(shipped):
    dated = shipped["gpu_prices"].dropna(subset="observed_on")
    for model in ("A100-80GB", "L4-24GB", "RTX4090-24GB"):
        job = BatchJob(model, 100, 0.05, 0.1)
        found = cheapest_places(job, **shipped)
        assert set(found["provider"]) <= set(dated.loc[dated["gpu_model"] == model, "provider"])
        assert (found["cost_low"] <= found["cost_usd"].fillna(np.inf)).all()
        assert remarks_batch.cheapest(found, job).startswith("Cheapest for 100 hours of ")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"gpu_hours": 0}, "gpu_hours must be a number above 0"),
        ({"gpu_hours": math.nan}, "gpu_hours must be a number above 0"),
        ({"gpu_hours": 1e12}, "at most 1e"),
        ({"gpus": 1.5}, "gpus must be a whole number"),
        ({"gpus": True}, "gpus must be a number"),
        ({"delay_tolerance": 0.5}, "delay_tolerance must be 1 or more"),
        ({"checkpoint_hours": -1}, "checkpoint_hours must be"),
        ({"checkpoint_every_hours": 0}, "checkpoint_every_hours must be"),
        ({"restart_hours": math.inf}, "restart_hours must be"),
    ],
)
def test_impossible_jobs_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(JOB, **change)


def test_numbers_of_numpy_are_numbers():
    assert dataclasses.replace(JOB, gpus=np.int64(4), gpu_hours=np.float32(40)).job.hours == 10


def test_impossible_requests_are_refused_with_what_there_is():
    with pytest.raises(ValueError, match="no price of a GPU 'H100'; there are prices of G-80GB"):
        places(dataclasses.replace(JOB, gpu_model="H100"))
    with pytest.raises(ValueError, match="within 180 days of 2020-01-01: the nearest is of 2026-06-01"):
        places(on="2020-01-01")
    with pytest.raises(ValueError, match="none is dated"):
        offers(PRICES.assign(observed_on=pd.NaT), "G-80GB", on=DAY)
    with pytest.raises(ValueError, match="a date is needed"):
        offers(PRICES, "G-80GB", on=pd.NaT)
    with pytest.raises(ValueError, match="within_days must be"):
        offers(PRICES, "G-80GB", within_days=-1)


@pytest.mark.parametrize("rates", [(0.2, 0.1), (0.1, 0.2, 3.0, 1.0), (0.1, 0.2, -1.0, 1.0), (0.1, math.inf)])
def test_impossible_interruptions_are_refused(rates):
    with pytest.raises(ValueError, match=r"low is above high|waits are finite|an interruption rate is"):
        Interruptions(*rates)
    for share in (-0.1, 1.0, math.nan):
        with pytest.raises(ValueError, match="a share of machines"):
            batch.hourly(share)


def test_break_even_by_hand_and_without_hyperscalers():
    found = breakeven.break_even(PRICES, EXAMPLE).set_index("side")
    network = found.loc["networks, on demand"]
    assert network["relative"] == 0.25
    assert running_hours(EXAMPLE, network["break_even_per_hour"]) == pytest.approx(4 * EXAMPLE.hours)
    assert found.loc["hyperscalers, spot", "break_even_per_hour"] < network["break_even_per_hour"]
    assert set(breakeven.break_even(PRICES[PRICES["price_model"] != "spot"], EXAMPLE)["side"]) == {
        "networks, on demand"
    }
    dear = breakeven.break_even(PRICES.assign(usd_per_gpu_hour=[1.0, 3.0, 2.0, 1.0]), EXAMPLE)
    assert dear["break_even_per_hour"].isna().all()
    with pytest.raises(ValueError, match="no hyperscaler has a price on demand within 180 days of 2026-06-01"):
        breakeven.break_even(PRICES[PRICES["provider_type"] != "hyperscaler"], EXAMPLE)


def test_repeated_rows_change_no_break_even_rate():
    many = pd.concat([PRICES, *[PRICES[PRICES["provider"] == "shop"].assign(region=str(n)) for n in range(100)]])
    pd.testing.assert_frame_equal(breakeven.break_even(many, EXAMPLE), breakeven.break_even(PRICES, EXAMPLE))


@pytest.mark.slow
def test_curves_pass_through_the_break_even_points(broken_even):
    found = breakeven.drawn(broken_even)
    assert list(found[breakeven.PRODUCT].drop_duplicates().itertuples(index=False, name=None)) == list(breakeven.DRAWN)
    for _, row in found.iterrows():
        curve = breakeven.cost_curves(row.to_frame().T, EXAMPLE, [row["break_even_per_hour"]])
        assert curve["relative_cost"].item() == pytest.approx(1)


def test_the_figures_draw_what_the_tables_say(shipped, broken_even):
    claim = load_claims()["C2"]
    found = breakeven.drawn(broken_even)
    curves = breakeven.cost_curves(found, EXAMPLE, np.geomspace(1e-4, 10, 30))
    observed = breakeven.observed_rates(
        found["gpu_model"].unique(),
        spot_runs=shipped["spot_runs"],
        compute_availability=shipped["compute_availability"],
    )
    drawn = figures.break_even_figure(curves, found, observed, claim=claim)
    points = {
        (round(float(line.get_xdata()[0]), 6), 100.0)
        for ax in drawn.figure.axes
        for line in ax.lines
        if len(np.atleast_1d(line.get_xdata())) == 1
    }
    assert points == {(round(rate, 6), 100.0) for rate in found["break_even_per_hour"]}
    assert "50 to 80" in drawn.alt
    assert all(model in drawn.alt for model, _ in breakeven.DRAWN)
    none = found.assign(break_even_per_hour=np.nan)
    assert "no discount to lose" in figures.break_even_figure(curves, none, observed, claim=claim).alt


def test_the_replay_figure_and_its_sentences_say_the_same(shipped):
    found = replay.against_rates(shipped["spot_runs"], {"often": EXAMPLE, "seldom": SELDOM}, starts=200)
    drawn = figures.replay_figure(found)
    replays = [line for line in drawn.figure.axes[0].lines if line.get_marker() in ("o", "s")]
    assert [len(line.get_xdata()) for line in replays] == [17, 17]
    assert np.allclose(replays[0].get_ydata(), found.replayed.query("job == 'often'")["running"])
    ratio = found.replayed.query("job == 'seldom'").eval("running / closed")
    assert f"{ratio.median():.2f} ({ratio.min():.2f} to {ratio.max():.2f})" in remarks_batch.departs(found.replayed)
    assert "17" in drawn.alt
    assert "2 Monte Carlo" not in remarks_batch.agrees(found.simulated.assign(running=found.simulated["closed"]))


@pytest.mark.slow
def test_sentences_turn_with_the_tables(shipped, broken_even):
    lengths = replay.run_lengths(shipped["spot_runs"], resamples=99)
    found = broken_even
    assert "no discount to lose" in remarks_batch.bears(found.assign(break_even_per_hour=np.nan), lengths)
    assert "0 of" in remarks_batch.bears(found, lengths.assign(rate=1e3)).replace("\N{NO-BREAK SPACE}", " ")
    assert "rejected in 0 of" in remarks_batch.lengths_of_runs(lengths.assign(p_holm=1.0))
    assert "0.313 to 0.736" in remarks_batch.instances(shipped["compute_availability"], lengths)
    assert "No trace" in remarks_batch.instances(shipped["compute_availability"].iloc[:0], lengths)
