"""C6: when GPUs count as scarce, when use rose, what bears on the claim, and what turns it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.compute.scarcity import paid_use, price_moves, scarcity
from analysis.engine.claims import load_claims
from analysis.engine.claims.judge import judge
from analysis.engine.data.tables import load
from analysis.engine.multiverse import HOLDS

QUARTERS = pd.period_range("2024Q1", "2025Q4", freq="Q", name="quarter")


@pytest.fixture(scope="module")
def claim():
    return load_claims()["C6"]


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {name: load(name) for name in ("gpu_prices", "gpu_price_indices", "compute_availability", "network_use")}


@pytest.fixture(scope="module")
def known(claim, tables) -> pd.DataFrame:
    rest = {name: table for name, table in tables.items() if name != "network_use"}
    return scarcity.quarters(claim, **rest)


def figure(quarter: str, metric: str, value: float, **changes: object) -> dict:
    period = pd.Period(quarter, freq="Q")
    return {
        "use_id": f"{quarter}-{metric}-{value}",
        "network": "Akash",
        "named": True,
        "date_from": period.start_time.normalize(),
        "date_to": period.end_time.normalize(),
        "date_precision": "quarter",
        "metric": metric,
        "value": value,
        "low": np.nan,
        "high": np.nan,
        "unit": "USD" if metric == "revenue" else "GPUs",
        "bound": "exact",
        "reliability": "digest",
        "derived": False,
        "remark": "",
        "source_id": "made_up",
    } | changes


def leased(*values: float, quarters: tuple[str, ...] = ("2025Q2", "2025Q3")) -> pd.DataFrame:
    return pd.DataFrame([figure(q, "gpus_leased", value) for q, value in zip(quarters, values, strict=True)])


def states(state: str = "level", short: int = 0, surplus: int = 0, index: str = "unknown") -> pd.DataFrame:
    row = {"models": 4, "rose": int(state == "rising"), "fell": int(state == "falling"), "state": state}
    return pd.DataFrame([row | {"index": index, "short": short, "surplus": surplus}] * len(QUARTERS), index=QUARTERS)


def bearings(claim, known: pd.DataFrame, use: pd.DataFrame, **options: str) -> list[str]:
    rows = scarcity.evidence(claim, known, use, **options)
    return [row.bearing for row in rows if row.bearing != "neutral"]


def verdict(claim, tables: dict) -> str:
    return judge(claim, scarcity.assess_c6(claim, **tables), today=claim.as_of).primary


@pytest.mark.parametrize(
    ("before", "after", "state", "short", "expected"),
    [
        (100, 200, "rising", 0, ["supports"]),
        (100, 200, "level", 1, ["supports"]),
        (200, 100, "level", 0, ["supports"]),
        (200, 100, "falling", 0, ["supports"]),
        (100, 200, "falling", 0, ["contradicts"]),
        (100, 200, "level", 0, []),
        (100, 200, "falling", 1, []),
        (200, 100, "rising", 0, []),
        (200, 100, "falling", 1, []),
        (100, 100, "rising", 0, []),
        (100, 200, "mixed", 0, []),
        (100, 200, "unknown", 0, []),
    ],
)
def test_bearing_by_the_definition(claim, before, after, state: str, short: int, expected: list) -> None:
    if before == after:
        assert paid_use.use_changes(leased(before, after), "GPU-hours")["rose"].tolist() == [None]
    assert bearings(claim, states(state, short), leased(before, after)) == expected


def test_documents_that_conflict_leave_scarcity_open(claim) -> None:
    assert bearings(claim, states("level", 1, 1), leased(100, 200)) == []
    assert bearings(claim, states("rising", 1, 1), leased(100, 200)) == ["supports"]


@pytest.mark.parametrize(
    ("share", "short", "expected"), [(0.49, 1, ["contradicts"]), (0.49, 0, []), (0.5, 1, []), (0.52, 1, [])]
)
def test_idle_capacity_while_gpus_are_scarce_contradicts(claim, share: float, short: int, expected: list) -> None:
    use = pd.DataFrame([figure("2025Q3", "gpus_leased", 1000 * share), figure("2025Q3", "gpus_capacity", 1000)])
    assert bearings(claim, states("level", short), use) == expected


def test_a_stated_range_of_utilisation_counts_by_its_upper_end(claim) -> None:
    stated = {"low": 0.3, "unit": "share"}
    low = pd.DataFrame([figure("2025Q3", "utilisation", np.nan, **stated, high=0.45)])
    across = pd.DataFrame([figure("2025Q3", "utilisation", np.nan, **stated, high=0.6)])
    assert bearings(claim, states("level", 1), low) == ["contradicts"]
    assert bearings(claim, states("level", 1), across) == []


@pytest.mark.parametrize("quarters", [("2023Q2", "2023Q3"), ("2025Q4", "2026Q1")])
def test_only_two_years_before_the_date_count(claim, quarters: tuple) -> None:
    assert bearings(claim, states("rising"), leased(100, 200, quarters=quarters)) == []


def test_a_network_that_the_report_does_not_name_does_not_count(claim) -> None:
    other = leased(100, 200).assign(network="Aethir", named=False)
    assert bearings(claim, states("rising"), other) == []


def test_a_gap_of_a_quarter_is_no_change(claim) -> None:
    assert paid_use.use_changes(leased(100, 200, quarters=("2025Q1", "2025Q3")), "GPU-hours").empty


@pytest.mark.parametrize(
    ("first", "second", "rose"),
    [
        (("exact", 100), ("exact", 120), True),
        (("exact", 100), ("exact", 80), False),
        (("exact", 100), ("at least", 120), True),
        (("exact", 100), ("at least", 80), None),
        (("at least", 100), ("exact", 80), False),
        (("at least", 100), ("exact", 120), None),
        (("at least", 100), ("at least", 120), None),
    ],
)
def test_a_lower_bound_decides_only_what_lies_beyond_it(first: tuple, second: tuple, rose: bool | None) -> None:
    use = pd.DataFrame(
        [
            figure(quarter, "revenue", value, bound=bound)
            for quarter, (bound, value) in zip(("2025Q2", "2025Q3"), (first, second), strict=True)
        ]
    )
    found = paid_use.use_changes(use, "revenue")
    assert found["rose"].tolist() == [rose]
    assert found["change"].notna().tolist() == [first[0] == second[0] == "exact"]


def test_a_stated_change_counts_before_the_levels() -> None:
    use = pd.DataFrame(
        [
            figure("2025Q2", "revenue", 100.0, bound="at least"),
            figure("2025Q3", "revenue", 120.0),
            figure("2025Q3", "revenue_change", -0.2, unit="share"),
        ]
    )
    found = paid_use.use_changes(use, "revenue")
    assert found["rose"].tolist() == [False]
    assert found["change"].tolist() == [-0.2]


@pytest.mark.parametrize(("values", "rose"), [((120.0, 150.0), True), ((90.0, 150.0), None), ((80.0, 90.0), False)])
def test_sources_that_conflict_decide_only_what_both_say(values: tuple, rose: bool | None) -> None:
    use = pd.DataFrame([figure("2025Q2", "revenue", 100.0), *[figure("2025Q3", "revenue", v) for v in values]])
    assert paid_use.use_changes(use, "revenue")["rose"].tolist() == [rose]


@pytest.mark.parametrize("reliability", ["self-reported", "forum", "tertiary"])
def test_what_a_project_says_of_itself_is_set_against_nothing(reliability: str) -> None:
    use = pd.DataFrame(
        [figure("2025Q2", "revenue", 800.0), figure("2025Q3", "revenue", 10_000.0, reliability=reliability)]
    )
    assert paid_use.use_changes(use, "revenue").empty


def test_unknown_options_are_refused(claim) -> None:
    with pytest.raises(ValueError, match="GPU-hours, revenue"):
        paid_use.use_changes(leased(1, 2), "tokens")
    with pytest.raises(ValueError, match="prices or documents"):
        scarcity.evidence(claim, states(), leased(1, 2), scarcity="mood")


def series(changes: dict[str, float], *, provider: str = "aws", model: str = "H100-80GB") -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "observed_on": pd.Timestamp(day),
                "provider": provider,
                "price_model": "on-demand",
                "gpu_model": model,
                "form_factor": "SXM",
                "instance": "p5",
                "region": "us-east-1",
                "source_id": "s",
                "usd_per_gpu_hour": usd,
            }
            for day, usd in changes.items()
        ]
    )


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(factor=st.floats(0.1, 10))
def test_a_known_change_over_two_quarters_is_found(factor: float) -> None:
    prices = series({"2025-01-15": 10.0, "2025-05-15": 10.0, "2025-08-15": 10.0 * factor})
    moves = price_moves.price_moves(prices)
    assert moves["change"].tolist() == pytest.approx([factor - 1])
    state = price_moves.price_states(moves)["state"].item()
    least = price_moves.LEAST_MOVE
    if abs(abs(factor - 1) - least) > 1e-9:
        assert state == ("rising" if factor - 1 > least else "falling" if factor - 1 < -least else "level")


def test_a_quarter_without_prices_is_not_bridged() -> None:
    prices = series({"2025-01-15": 10.0, "2025-11-15": 5.0})
    assert price_moves.price_moves(prices).empty


def test_many_regions_of_one_provider_weigh_no_more() -> None:
    down = series({"2025-01-15": 10.0, "2025-08-15": 5.0})
    flat = [series({"2025-01-15": 8.0, "2025-08-15": 8.0}, provider=name) for name in ("azure", "gcp")]
    many = [down.assign(region=f"us-{i}") for i in range(50)]
    assert price_moves.price_moves(pd.concat([*many, *flat]))["change"].tolist() == [0.0]


def test_one_model_up_and_one_down_is_mixed() -> None:
    prices = pd.concat(
        [
            series({"2025-01-15": 10.0, "2025-08-15": 5.0}),
            series({"2025-01-15": 10.0, "2025-08-15": 20.0}, model="A100-80GB"),
        ]
    )
    assert price_moves.price_states(price_moves.price_moves(prices))["state"].tolist() == ["mixed"]


def test_the_cut_of_june_2025_is_seen_in_the_quarters_that_span_it(known) -> None:
    assert known.loc["2025Q3", "state"] == "falling"
    assert known.loc["2025Q1", "state"] == "level"
    assert known.index.min() == pd.Period("2024Q1")
    assert known.index.max() == pd.Period("2025Q4")


@pytest.mark.slow
def test_as_shipped_no_gpu_hours_can_be_compared(claim, tables, known) -> None:
    assert paid_use.use_changes(tables["network_use"], "GPU-hours").empty
    assert verdict(claim, tables) == "inconclusive"
    readings = scarcity.alternatives(claim, known, tables["network_use"])
    assert readings["label"].tolist() == [
        "the definition",
        "scarcity by published price index alone",
        "scarcity by waiting and sold-out evidence alone",
        "use by revenue in USD",
        "published index, and revenue",
        "documents, and revenue",
        scarcity.NOT_DECLARED,
    ]
    assert readings.loc[0, "verdict"] == "inconclusive"


def test_half_of_akash_was_leased(tables) -> None:
    """367 of 702 GPUs, State of Akash, third quarter of 2025."""
    found = paid_use.utilisation(tables["network_use"]).dropna(subset="leased")
    assert found["low"].tolist() == [367 / 702]
    assert found["network"].tolist() == ["Akash"]


@pytest.mark.slow
def test_use_rising_while_prices_fall_turns_it(claim, tables) -> None:
    quiet = tables["compute_availability"].query("metric != 'capacity_short'")
    before = pd.DataFrame([figure("2025Q2", "gpus_leased", 200.0)])
    rising = tables | {"compute_availability": quiet, "network_use": pd.concat([tables["network_use"], before])}
    assert verdict(claim, rising) == "contradicted"


@pytest.mark.slow
def test_use_falling_while_nothing_is_scarce_turns_it(claim, tables) -> None:
    quiet = tables["compute_availability"].query("metric != 'capacity_short'")
    before = pd.DataFrame([figure("2025Q2", "gpus_leased", 500.0)])
    falling = tables | {"compute_availability": quiet, "network_use": pd.concat([tables["network_use"], before])}
    assert verdict(claim, falling) == "supported"
    assert scarcity.assess_c6(claim, **falling).nearest_true == HOLDS


@pytest.mark.slow
def test_a_reading_that_is_not_declared_does_not_make_it_true(claim, tables, known) -> None:
    found = scarcity.assess_c6(claim, **tables)
    readings = scarcity.alternatives(claim, known, tables["network_use"]).set_index("label")["verdict"]
    assert readings[scarcity.NOT_DECLARED] == "supported"
    assert "not declared" not in found.nearest_true


@pytest.mark.slow
def test_idle_akash_turns_it(claim, tables) -> None:
    use = tables["network_use"]
    idle = use.assign(value=use["value"].mask(use["use_id"] == "akash-2025q3-leased", 300.0))
    assert verdict(claim, tables | {"network_use": idle}) == "contradicted"


def test_no_use_is_missing(claim, tables) -> None:
    none = tables | {"network_use": tables["network_use"].iloc[:0]}
    assert scarcity.assess_c6(claim, **none).missing == "missing"


def test_break_even_price_by_hand(tables) -> None:
    """3.1 million USD over 92 days of 24 hours of 7,600 GPUs, and twice that."""
    found = paid_use.half_use_prices(tables["network_use"]).iloc[0]
    assert found["usd_per_verified_hour"] == pytest.approx(3.1e6 / (92 * 24 * 7600), rel=1e-12)
    assert found["half_use_usd"] == pytest.approx(2 * 3.1e6 / (92 * 24 * 7600), rel=1e-12)


def test_conflicting_sources_are_shown(tables) -> None:
    found = paid_use.conflicts(paid_use.revenues(tables["network_use"])).set_index(["network", "quarter"])
    assert found.loc[("Akash", pd.Period("2026Q1")), "ratio"] == pytest.approx(5e6 / 253e3)


@pytest.mark.slow
def test_evidence_is_dated_inside_the_window(claim, tables) -> None:
    found = scarcity.assess_c6(claim, **tables)
    first = pd.Timestamp(claim.as_of) - pd.DateOffset(years=scarcity.YEARS_BACK)
    assert all(first.date() <= row.observed_on <= claim.as_of for row in found.evidence)
    assert found.observed_on <= claim.as_of
