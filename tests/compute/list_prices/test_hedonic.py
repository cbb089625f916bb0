"""The hedonic regression against what was planted, linearmodels, and itself with the table changed."""

import numpy as np
import pandas as pd
import pytest
from linearmodels.panel import PooledOLS

from analysis.compute.list_prices import hedonic as he
from analysis.engine.data.tables import load
from analysis.engine.inference import clustered
from analysis.engine.inference.clustered import Inference
from tests.compute.planted import SHARE, cross_section_prices

EQUAL = 1e-6


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {name: load(name) for name in ("gpu_prices", "gpu_models", "gpu_providers")}


@pytest.fixture(scope="module")
def sample(tables) -> pd.DataFrame:
    return he.cross_section(tables["gpu_prices"])


@pytest.fixture(scope="module")
def found(sample) -> he.Hedonic:
    return he.hedonic(sample, draws=999)


def discounts(found: he.Hedonic) -> dict[tuple[str, str], float]:
    return {(d.provider_type, d.reference): d.discount_pct for d in found.discounts}


# --- known truth -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weighting", ["providers", "rows"])
def test_planted_discounts_are_found(weighting):
    found = he.hedonic(he.cross_section(cross_section_prices()), draws=99, weighting=weighting)
    told = discounts(found)
    for (kind, reference), value in told.items():
        assert value == pytest.approx(100 * (1 - SHARE[kind] / SHARE[reference]))


@pytest.mark.slow
def test_intervals_hold_what_was_planted_as_often_as_they_say():
    hits = []
    for seed in range(60):
        sample = he.cross_section(cross_section_prices(noise=0.3, seed=seed, rows=8))
        controls, labels = he.controls_of(sample)
        inference = clustered.cr2(clustered.with_labels(controls, labels, reference="hyperscaler"), "specialist")
        low, high = he.interval_pct(inference)
        hits.append(low <= 100 * (1 - SHARE["specialist"]) <= high)
    assert 0.85 <= np.mean(hits) <= 1.0  # 95 % with a Monte Carlo error of 3 points


# --- references ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("weighting", ["providers", "rows"])
def test_coefficients_are_linearmodels_and_those_of_the_sums(sample, weighting):
    fit = he.fitted(sample, weighting=weighting)
    kinds = {kind: (sample["provider_type"] == kind).astype(float) for kind in he.COMPARED}
    X = pd.concat([he.columns_of(sample), pd.DataFrame(kinds)], axis=1)
    panel = pd.concat([X, sample["log_price"], he.weights_of(sample, weighting).rename("weight")], axis=1)
    panel = panel.set_index([sample["provider"].rename("provider"), pd.RangeIndex(len(panel), name="row")])
    other = PooledOLS(panel["log_price"], panel[X.columns], weights=panel["weight"]).fit()
    assert fit.params.to_numpy() == pytest.approx(other.params.to_numpy(), rel=EQUAL, abs=EQUAL)
    controls, labels = he.controls_of(sample, weighting=weighting)
    sums = clustered.with_labels(controls, labels, reference=he.REFERENCE)
    ours = dict(zip(sums.names, sums.coefficients, strict=True))
    assert [ours[kind] for kind in he.COMPARED] == pytest.approx(other.params[list(he.COMPARED)].to_numpy(), rel=EQUAL)


def test_kennedy_is_his_formula():
    b, v = -0.8, 0.04
    assert he.kennedy_pct(b, v**0.5) == pytest.approx(100 * (np.exp(b - v / 2) - 1))


# --- the shipped table -----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_sample_pools_no_form_factors_and_counts_clusters(sample, found):
    assert sample.groupby("machine")["form_factor"].nunique().max() == 1
    assert {d.provider_type: d.providers for d in found.discounts} == (
        sample[sample["provider_type"] != "hyperscaler"].groupby("provider_type")["provider"].nunique().to_dict()
    )
    assert found.rows == len(sample)


def test_three_networks_against_three_hyperscalers_cannot_be_told_apart_by_randomisation(found):
    network = found.discounts[0]
    assert (network.provider_type, network.providers, network.references) == ("network", 3, 3)
    assert network.randomised.exact
    assert network.randomised.draws == 20
    assert network.randomised.smallest_p == pytest.approx(2 / 20)
    assert (network.randomised.low, network.randomised.high) == (-np.inf, np.inf)


def test_contrasts_are_ratios(found):
    coefficient = {(d.provider_type, d.reference): d.cr2.coefficient for d in found.discounts}
    direct = coefficient[("network", "hyperscaler")] - coefficient[("specialist", "hyperscaler")]
    assert coefficient[("network", "specialist")] == pytest.approx(direct)


def test_table_of_three_intervals_holds_the_estimate_inside_each(found):
    table = he.three_intervals(found)
    assert len(table) == len(he.COMPARISONS) * len(he.METHODS)
    # Kennedy's correction may leave an interval only if it is wider than half of it
    assert ((table["low_pct"] <= table["discount_pct"]) & (table["discount_pct"] <= table["high_pct"])).all()


@pytest.mark.slow
def test_every_variant_has_its_rows(tables):
    table = he.variants(**tables)
    assert table["variant"].unique().tolist() == [
        "primary", "rows weigh the same", "on demand only", "without the count", "stated form only",
        "data-centre GPUs only", "July and August only", "named networks only",
    ]  # fmt: skip
    primary = table[table["variant"] == "primary"].set_index("provider_type")
    assert primary.loc["network", "providers"] == 3
    named = table[(table["variant"] == "named networks only") & (table["provider_type"] == "network")]
    assert named["providers"].tolist() == [1]
    assert named[["low_pct", "high_pct"]].isna().all(axis=None)
    assert table.loc[table["providers"] > 1, "low_pct"].notna().all()


# --- mutations -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_rows_of_one_provider_repeated_change_nothing_where_providers_weigh_the_same(sample):
    own = sample[sample["provider"] == "akash"]
    more = pd.concat([sample, *[own] * 99], ignore_index=True)
    answers = []
    for rows in (sample, more):
        found = he.hedonic(rows, draws=199)
        answers.append([x for d in found.discounts for x in (d.discount_pct, d.cr2.low, d.cr2.degrees, d.wild.p_value)])
    assert answers[0] == pytest.approx(answers[1], rel=EQUAL)
    by_rows = [discounts(he.hedonic(rows, draws=99, weighting="rows")) for rows in (sample, more)]
    assert abs(by_rows[0]["network", "hyperscaler"] - by_rows[1]["network", "hyperscaler"]) > 5


@pytest.mark.slow
@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_prices_of_networks_multiplied_multiply_what_they_ask(sample, found, factor):
    network = sample["provider_type"] == "network"
    changed = sample.assign(log_price=sample["log_price"] + np.log(factor) * network)
    other = discounts(he.hedonic(changed, draws=99))
    for (kind, reference), before in discounts(found).items():
        times = factor if kind == "network" else 1.0
        assert 100 - other[kind, reference] == pytest.approx(times * (100 - before))


# --- what is refused -------------------------------------------------------------------------------------------------


def test_refusals(sample):
    with pytest.raises(ValueError, match="no prices of network"):
        he.hedonic(sample[sample["provider_type"] != "network"])
    with pytest.raises(ValueError, match="providers, rows"):
        he.weights_of(sample, "both")
    twice = sample.assign(provider_type=sample["provider_type"].where(sample.index > 0, "maker"))
    with pytest.raises(ValueError, match="two kinds of provider"):
        he.controls_of(twice)


def test_an_interval_without_end_is_said_so():
    unbounded = Inference(-0.5, 0.1, np.nan, 0.2, -np.inf, np.inf, 20, True, 0.1)
    assert he.interval_pct(unbounded) == (-np.inf, 100.0)
