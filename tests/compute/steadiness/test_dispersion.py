"""Dispersion of prices: one number a provider, and Brown and Forsythe's test of them."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import f as f_distribution

from analysis.compute.steadiness.beyond import dispersion
from analysis.engine.data.tables import load


def price(provider: str, kind: str, usd: float, *, day: str = "2026-07-01", **changes: object) -> dict:
    return {
        "observed_on": pd.Timestamp(day),
        "provider": provider,
        "provider_type": kind,
        "gpu_model": "H100-80GB",
        "form_factor": "SXM",
        "price_model": "on-demand",
        "usd_per_gpu_hour": usd,
    } | changes


def world(hyperscalers: list[float], networks: list[float], **changes: object) -> pd.DataFrame:
    rows = [price(f"h{i}", "hyperscaler", usd) for i, usd in enumerate(hyperscalers)]
    return pd.DataFrame(rows + [price(f"n{i}", "network", usd, **changes) for i, usd in enumerate(networks)])


def brown_forsythe(a: list[float], b: list[float]) -> tuple[float, float]:
    """Statistic and p of the analysis of variance of distances from the median, from its definition."""
    groups = [np.abs(np.log(x) - np.median(np.log(x))) for x in (a, b)]
    total, n = np.concatenate(groups).mean(), len(a) + len(b)
    between = sum(len(z) * (z.mean() - total) ** 2 for z in groups)
    within = sum(((z - z.mean()) ** 2).sum() for z in groups)
    statistic = (n - 2) * between / within
    return statistic, f_distribution.sf(statistic, 1, n - 2)


@pytest.mark.slow
def test_equals_the_definition() -> None:
    hyperscalers, networks = [6.9, 11.1, 13.2], [1.0, 2.5, 3.1, 9.0]
    found = dispersion.dispersion(world(hyperscalers, networks)).iloc[0]
    statistic, p = brown_forsythe(networks, hyperscalers)
    assert found["statistic"] == pytest.approx(statistic, rel=1e-12)
    assert found["p"] == found["p_holm"] == pytest.approx(p, rel=1e-12)


@pytest.mark.slow
def test_a_wide_side_is_found_and_a_narrow_one_too() -> None:
    narrow, wide = list(np.linspace(5.0, 5.1, 9)), list(np.geomspace(0.5, 50.0, 9))
    found = dispersion.dispersion(world(narrow, wide)).iloc[0]
    assert found["spread_of"] > found["spread_against"]
    assert found["p_holm"] < 0.05
    turned = dispersion.dispersion(world(wide, narrow)).iloc[0]
    assert turned["spread_of"] < turned["spread_against"]
    assert turned["p"] == pytest.approx(found["p"])


@pytest.mark.slow
def test_a_level_is_no_spread() -> None:
    dear = dispersion.dispersion(world([5.0, 6.0, 8.0], [1.0, 2.0, 4.0])).iloc[0]
    cheap = dispersion.dispersion(world([5.0, 6.0, 8.0], [0.1, 0.2, 0.4])).iloc[0]
    assert dear["p"] == pytest.approx(cheap["p"])


@pytest.mark.slow
def test_many_rows_of_one_provider_are_one_observation() -> None:
    rows = world([5.0, 6.0, 8.0], [1.0, 2.0, 4.0])
    repeated = pd.concat([rows, *[rows.iloc[[-1]]] * 100])
    pd.testing.assert_frame_equal(dispersion.dispersion(repeated), dispersion.dispersion(rows))


@pytest.mark.slow
def test_only_the_last_day_of_a_provider_counts() -> None:
    rows = world([5.0, 6.0, 8.0], [1.0, 2.0, 4.0])
    before = pd.DataFrame([price("n0", "network", 99.0, day="2025-01-01")])
    pd.testing.assert_frame_equal(dispersion.dispersion(pd.concat([before, rows])), dispersion.dispersion(rows))


@pytest.mark.slow
def test_forms_are_kept_apart_unless_pooled() -> None:
    rows = world([5.0, 6.0, 8.0], [1.0, 2.0, 4.0], form_factor="not stated")
    assert dispersion.dispersion(rows).empty
    assert len(dispersion.dispersion(rows, forms="pooled")) == 1


def test_two_providers_on_a_side_are_no_test() -> None:
    found = dispersion.dispersion(world([5.0, 6.0], [1.0, 2.0, 4.0]))
    assert found.empty
    assert "no GPU with" in dispersion.describe(found)


def test_unknown_forms_are_refused() -> None:
    with pytest.raises(ValueError, match="apart, pooled"):
        dispersion.dispersion(world([1.0], [1.0]), forms="both")


@pytest.mark.slow
def test_holm_adjusts_over_the_gpus_of_a_pair_of_types() -> None:
    """Two GPUs with the same p: the smaller one counts twice, and the other cannot fall below it."""
    rows = world([5.0, 6.0, 8.0], [1.0, 2.0, 8.0])
    both = dispersion.dispersion(pd.concat([rows, rows.assign(gpu_model="A100-80GB")]))
    assert both["p_holm"].tolist() == pytest.approx([min(1.0, 2 * p) for p in both["p"]])


@pytest.mark.slow
def test_shipped_prices_are_described() -> None:
    for forms in ("apart", "pooled"):
        found = dispersion.dispersion(load("gpu_prices"), forms=forms)
        assert found["p"].between(0, 1).all()
        assert (found["p_holm"] >= found["p"]).all()
        assert len(dispersion.describe(found).splitlines()) == len(dispersion.PAIRS)
