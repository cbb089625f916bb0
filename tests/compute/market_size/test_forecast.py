"""C1: pending until its date, and judged by reported revenue alone."""

from datetime import date

import pandas as pd
import pytest

from analysis.compute.market_size import forecast as m
from analysis.engine.claims import load_claims
from analysis.engine.claims.judge import judge
from analysis.engine.data.tables import load
from analysis.engine.multiverse import meanings

BEFORE, AFTER = date(2026, 11, 22), date(2029, 3, 1)


@pytest.fixture(scope="module")
def claim():
    return load_claims()["C1"]


@pytest.fixture(scope="module")
def sizes() -> pd.DataFrame:
    return load("market_sizes")


def reported(sizes: pd.DataFrame, *usd: float, **changes: object) -> pd.DataFrame:
    """The table with revenue reported for 2028."""
    like = sizes[sizes["size_id"] == "amd_2028"]
    known = {
        "basis": m.REALISED,
        "published_from": pd.Timestamp("2029-02-01"),
        "published_to": pd.Timestamp("2029-02-01"),
    }
    rows = [like.assign(size_id=f"new_{i}", usd_low=one, usd_high=one, **known | changes) for i, one in enumerate(usd)]
    return pd.concat([sizes, *rows], ignore_index=True)


def label(claim, sizes: pd.DataFrame, today: date = AFTER) -> str:
    return judge(claim, m.assess_c1(claim, market_sizes=sizes), today=today).primary


def test_a_forecast_is_no_observation(claim, sizes) -> None:
    assert label(claim, sizes, BEFORE) == "pending"
    assert label(claim, sizes) == "not-reproducible"
    found = m.assess_c1(claim, market_sizes=sizes)
    assert found.estimate is None
    assert {row.bearing for row in found.evidence} == {"neutral"}


@pytest.mark.parametrize(
    ("usd", "expected"),
    [((500e9,), "reproduced"), ((460e9,), "reproduced-minor"), ((300e9,), "differs-smaller"),
     ((440e9, 520e9), "inconclusive")],
)  # fmt: skip
def test_revenue_of_the_year_decides_after_its_end(claim, sizes, usd, expected: str) -> None:
    table = reported(sizes, *usd)
    assert label(claim, table) == expected
    assert label(claim, table, BEFORE) == "pending"
    found = m.assess_c1(claim, market_sizes=table).estimate
    assert (found.low, found.value, found.high) == (min(usd), sum(usd) / len(usd), max(usd))


@pytest.mark.parametrize(
    "changes",
    [{"market": m.SERVERS}, {"year_from": 2027, "year_to": 2027}, {"period": m.LAST_QUARTER}, {"basis": m.STATED},
     {"market": m.ONE_MAKER}],
)  # fmt: skip
def test_another_quantity_is_no_estimate_of_the_primary_definition(claim, sizes, changes: dict) -> None:
    assert label(claim, reported(sizes, 600e9, **changes)) == "not-reproducible"


def test_alternatives_are_weighed_once_they_can_be_computed(claim, sizes) -> None:
    table = pd.concat([reported(sizes, 400e9), reported(sizes, 600e9, market=m.SERVERS).tail(1)], ignore_index=True)
    found = m.question_c1(claim, market_sizes=table).explore().table
    by = found.set_index(["market", "year", "period"])["estimate"]
    assert by[(m.CHIPS, m.IN_YEAR, m.CALENDAR)] == 400e9
    assert by[(m.SERVERS, m.BY_YEAR, m.CALENDAR)] == 600e9
    assert by[(m.CHIPS, m.IN_YEAR, m.LAST_QUARTER)] != by[(m.CHIPS, m.IN_YEAR, m.LAST_QUARTER)], "nothing published"
    assert m.assess_c1(claim, market_sizes=table).support.balanced == 0.5


def test_every_option_is_known(claim) -> None:
    for factor in claim.factors:
        for option in factor.options:
            assert meanings(claim, {factor.name: option.id}, m.KNOWN)


def test_the_growth_that_the_forecast_needs_from_its_own_base(sizes) -> None:
    found = m.needed(sizes)
    own = found[(found["year"] == 2028) & found["same_market"]]
    assert own["per_year"].item() == pytest.approx((500 / 45) ** 0.2 - 1)
    assert 0 < own["per_year"].item() - own["stated"].item() < 0.05, "over 60 % a year, as its author says"
    for row in found.itertuples():
        assert row.base_usd * (1 + row.per_year) ** (row.year - row.base_year) == pytest.approx(row.usd)


def test_the_stated_growth_of_rented_gpus_agrees_with_its_two_amounts(sizes) -> None:
    row = m.needed(sizes).query("market == 'GPU as a service'")
    assert row["per_year"].item() == pytest.approx(row["stated"].item(), abs=0.005)


def test_a_forecast_said_twice_stands_once(sizes) -> None:
    found = m.needed(sizes)
    assert not found.duplicated(["market", "said_by", "year", "usd", "base", "base_year"]).any()


def test_growth_so_far_is_between_figures_of_one_party(sizes) -> None:
    found = m.so_far(sizes)
    assert found["said_by"].unique().tolist() == ["Nvidia"]
    stated = sizes.set_index("size_id")["growth_per_year"]
    expected = [stated["nvidia_fy2025"], stated["nvidia_fy2026"]]
    assert found["per_year"].tolist() == pytest.approx(expected, abs=0.01), "as the maker states it"


@pytest.mark.parametrize("factor", [0.3, 1.0, 2.5])
def test_a_series_of_known_growth_gives_it_back(sizes, factor: float) -> None:
    rows = [
        sizes[sizes["size_id"] == "nvidia_fy2024"].assign(
            size_id=str(year), year_from=year, year_to=year, usd_low=1e10 * (1 + factor) ** (year - 2020)
        )
        for year in (2020, 2021, 2023)
    ]
    assert m.so_far(pd.concat(rows))["per_year"].tolist() == pytest.approx([factor, factor])


@pytest.mark.parametrize("bad", [(0, 1, 1), (1, -1, 1), (1, 1, 0)])
def test_growth_of_nothing_is_refused(bad) -> None:
    with pytest.raises(ValueError, match="positive"):
        m.growth(*bad)
