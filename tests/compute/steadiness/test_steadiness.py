"""C3: what compares a network with a hyperscaler, what is about one side only, and what turns the verdict."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.compute.steadiness import steadiness
from analysis.compute.steadiness.beyond import latency
from analysis.engine.claims import load_claims
from analysis.engine.claims.judge import certainty, judge
from analysis.engine.data.tables import load
from analysis.engine.multiverse import HOLDS


@pytest.fixture(scope="module")
def claim():
    return load_claims()["C3"]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return load("compute_availability")


def row(**changes: object) -> dict:
    """A hyperscaler's on-demand service, on the GPU and at the load of a row of io.net's."""
    day = pd.Timestamp("2025-12-01")
    return {
        "availability_id": "made-up",
        "provider": "aws",
        "provider_type": "hyperscaler",
        "price_model": "on-demand",
        "gpu_model": "H100-80GB",
        "form_factor": "PCIe",
        "zone": "",
        "nodes": np.nan,
        "setting": "Llama-3-8B, 16 requests/s",
        "metric": "ttft_p99_over_p50",
        "value": 1.1,
        "low": np.nan,
        "high": np.nan,
        "unit": "ratio",
        "date_from": day,
        "date_to": day,
        "date_precision": "day",
        "reported_by": "others",
        "remark": "",
        "source_id": "made_up",
    } | changes


def with_rows(table: pd.DataFrame, *rows: dict) -> pd.DataFrame:
    return pd.concat([table, pd.DataFrame(rows)], ignore_index=True).astype(table.dtypes.to_dict())


def verdict(claim, table: pd.DataFrame) -> str:
    return judge(claim, steadiness.assess_c3(claim, compute_availability=table), today=claim.as_of).primary


def bearings(rows) -> list[str]:
    return [r.bearing for r in rows if r.bearing != "neutral"]


def test_as_shipped_no_row_compares_the_two_sides(claim, table) -> None:
    found = steadiness.assess_c3(claim, compute_availability=table)
    assert steadiness.comparisons(claim, table).empty
    assert {r.bearing for r in found.evidence} == {"neutral"}
    assert verdict(claim, table) == "inconclusive"
    assert found.nearest_true.startswith("a pair that the data do not have")


def test_a_steadier_hyperscaler_supports_the_claim(claim, table) -> None:
    steadier = with_rows(table, row(value=1.1))
    assert verdict(claim, steadier) == "supported"
    assert steadiness.assess_c3(claim, compute_availability=steadier).nearest_true == HOLDS


def test_a_less_steady_hyperscaler_contradicts_it(claim, table) -> None:
    worse = with_rows(table, row(value=3.0))
    assert verdict(claim, worse) == "contradicted"
    assert steadiness.assess_c3(claim, compute_availability=worse).nearest_true.startswith("no pair in which")


def test_one_of_each_leaves_it_open(claim, table) -> None:
    both = with_rows(table, row(value=1.1), row(provider="azure", value=3.0))
    assert verdict(claim, both) == "inconclusive"


@pytest.mark.parametrize(
    "changes",
    [
        {"gpu_model": "A100-80GB"},
        {"form_factor": "SXM"},
        {"setting": "Llama-3-8B, 64 requests/s"},
        {"price_model": "spot"},
        {"provider_type": "specialist"},
        {"metric": "startup_p95", "unit": "s"},
    ],
)
def test_what_is_not_alike_is_not_compared(claim, table, changes: dict) -> None:
    assert verdict(claim, with_rows(table, row(**changes))) == "inconclusive"


def test_a_form_that_is_not_stated_may_be_any(claim, table) -> None:
    assert verdict(claim, with_rows(table, row(form_factor="not stated"))) == "supported"


def test_spot_counts_only_where_the_reading_asks_for_it(claim, table) -> None:
    spot = with_rows(table, row(price_model="spot"))
    found = steadiness.alternatives(claim, spot).set_index("label")["verdict"]
    assert found["against hyperscaler spot instead of on demand"] == "supported"
    assert found["the definition"] == "inconclusive"


def test_marketplaces_count_only_where_the_reading_asks_for_them(claim, table) -> None:
    gpu = {"gpu_model": "RTX5090-32GB", "form_factor": "single", "setting": "", "metric": "time_available"}
    shares = with_rows(
        table,
        row(**gpu, unit="share", value=0.999),
        row(**gpu, unit="share", value=0.5, provider="vast.ai", provider_type="marketplace"),
    )
    found = steadiness.alternatives(claim, shares).set_index("label")["verdict"]
    assert found["decentralised networks together with peer-to-peer marketplaces"] == "supported"
    assert found["the definition"] == "inconclusive"


def test_readings_of_one_measure_leave_out_the_other(claim, table) -> None:
    both = with_rows(table, row(value=1.1))
    found = steadiness.alternatives(claim, both).set_index("label")
    assert found.loc["latency alone", "supports"] == 1
    assert found.loc["availability alone", "supports"] == 0


def test_every_declared_alternative_is_a_reading(claim, table) -> None:
    assert set(claim.alternatives) <= set(steadiness.alternatives(claim, table)["label"])


@pytest.mark.parametrize(
    ("metric", "network", "hyperscaler", "expected"),
    [
        ("time_available", 0.90, 0.99, "supports"),
        ("time_available", 0.99, 0.90, "contradicts"),
        ("interruptions", 3.0, 1.0, "supports"),
        ("interruptions", 1.0, 3.0, "contradicts"),
        ("ttft_p99_over_p50", 3.0, 1.2, "supports"),
        ("ttft_p99_over_p50", 1.2, 1.2, "neutral"),
    ],
)
def test_which_way_is_steadier(claim, metric: str, network: float, hyperscaler: float, expected: str) -> None:
    pair = pd.DataFrame(
        [
            row(metric=metric, value=network, provider="akash", provider_type="network"),
            row(metric=metric, value=hyperscaler),
        ]
    )
    assert steadiness.comparisons(claim, pair)["bearing"].tolist() == [expected]


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(a=st.floats(0, 1), b=st.floats(0, 1), c=st.floats(0, 1), d=st.floats(0, 1))
def test_ranges_that_touch_decide_nothing_and_apart_ones_decide(claim, a: float, b: float, c: float, d: float) -> None:
    (low, high), (least, most) = sorted((a, b)), sorted((c, d))
    ends = {"metric": "time_available", "value": np.nan}
    pair = pd.DataFrame(
        [
            row(**ends, low=low, high=high, provider="akash", provider_type="network"),
            row(**ends, low=least, high=most),
        ]
    )
    expected = "supports" if high < least else "contradicts" if low > most else "neutral"
    assert steadiness.comparisons(claim, pair)["bearing"].tolist() == [expected]


def test_many_zones_of_one_provider_are_one_side(claim) -> None:
    network = row(metric="interruptions", provider="akash", provider_type="network", value=2.0)
    zones = [row(metric="interruptions", zone=str(z), value=v) for z, v in enumerate((1.0, 1.0, 9.0))]
    assert steadiness.comparisons(claim, pd.DataFrame([network, *zones]))["bearing"].tolist() == ["supports"]


def test_the_order_of_rows_changes_nothing(claim, table) -> None:
    shuffled = table.sample(frac=1, random_state=np.random.default_rng(5))
    assert sorted(r.statement for r in steadiness.evidence(claim, shuffled)) == sorted(
        r.statement for r in steadiness.evidence(claim, table)
    )


def test_what_a_provider_says_of_itself_or_a_competitor_of_it_is_marked(claim, table) -> None:
    found = steadiness.assess_c3(claim, compute_availability=table)
    assert {r.vendor for r in found.evidence if r.statement.startswith("io.net")} == {True}
    advisor = [r for r in found.evidence if "in a month" in r.statement]
    assert advisor
    assert all(r.vendor for r in advisor)
    assert any(reason.startswith("bias") for reason in certainty(claim, found).reasons)


def test_no_rows_is_missing(claim, table) -> None:
    assert steadiness.assess_c3(claim, compute_availability=table.iloc[:0]).missing == "missing"


@pytest.mark.parametrize("wrong", [{"reference": "reserved"}, {"measures": "price"}])
def test_unknown_options_are_refused(claim, table, wrong: dict) -> None:
    with pytest.raises(ValueError, match="does not know"):
        steadiness.comparisons(claim, table, **wrong)


def test_coverage_shows_that_no_cell_has_both_sides(table) -> None:
    found = steadiness.coverage(table)
    known = found[found["gpu_model"] != "not stated"]
    assert not ((known["network"] > 0) & (known["hyperscaler_on_demand"] > 0)).any()
    filled = steadiness.coverage(with_rows(table, row()))
    assert ((filled["network"] > 0) & (filled["hyperscaler_on_demand"] > 0)).sum() == 1


def test_tails_are_those_of_the_benchmark_files(table) -> None:
    """The ten tails among the observations of availability are the table of throughput's, which has all runs."""
    rows = table[table["metric"] == "ttft_p99_over_p50"]
    throughput = load("gpu_throughput")
    for r in rows.itertuples():
        rate = float(r.setting.split(", ")[1].split()[0])
        runs = throughput[
            (throughput["model"] == "meta-llama/Meta-Llama-3-8B-Instruct")
            & (throughput["gpu_model"] == r.gpu_model)
            & (throughput["gpu_count"] == 1)
            & (throughput["requests_per_s"] == rate)
        ]
        assert r.value == pytest.approx((runs["ttft_p99_ms"] / runs["ttft_p50_ms"]).mean(), abs=0.006)


def test_a_tail_twice_as_long_on_the_consumer_gpu_is_found() -> None:
    runs = pd.DataFrame(
        {
            "model": ["a", "a", "a"],
            "requests_per_s": [1.0, 1.0, 2.0],
            "gpu_model": [latency.CONSUMER, latency.DATA_CENTRE, latency.CONSUMER],
            "gpu_count": [1, 1, 1],
            "ttft_p50_ms": [10.0, 5.0, 10.0],
            "ttft_p99_ms": [40.0, 10.0, 99.0],
        }
    )
    found = latency.tails(runs)
    assert found[["tail_consumer", "tail_data_centre", "ratio"]].values.tolist() == [[4.0, 2.0, 2.0]]
    assert latency.describe_tails(found.iloc[:0]).startswith("No pair")
