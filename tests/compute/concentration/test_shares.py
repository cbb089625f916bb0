"""C5: the smaller share, its interval, and bounds of the index that hold every market that the shares allow."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.compute.concentration import shares as c
from analysis.engine.claims import load_claims
from analysis.engine.claims.judge import judge
from analysis.engine.data.tables import load
from analysis.engine.multiverse import meanings

TODAY = date(2026, 11, 22)
#: Points by which rounding may miss.
ROUNDING = 1e-4

pieces = st.lists(st.floats(0.01, 1), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def claim():
    return load_claims()["C5"]


@pytest.fixture(scope="module")
def shares() -> pd.DataFrame:
    return load("market_shares")


def herfindahl(market) -> float:
    """Index of a whole market, points."""
    assert abs(sum(market) - 1) < 1e-9
    return float(1e4 * np.sum(np.square(market)))


def scaled(shares: pd.DataFrame, market: str, factor: float) -> pd.DataFrame:
    own = shares["market"] == market
    ends = ["share_low", "share_high"]
    return shares.assign(**{end: shares[end].where(~own, factor * shares[end]) for end in ends})


def judged(claim, shares: pd.DataFrame):
    return judge(claim, c.assess_c5(claim, market_shares=shares), today=TODAY)


def test_the_estimate_equals_a_recomputation_in_plain_numbers(claim, shares) -> None:
    found = c.assess_c5(claim, market_shares=shares).estimate
    clouds = sum(round(100 * s) for s in (0.28, 0.21, 0.14))
    assert found.value == min(clouds, (70 + 80) / 2) == 63
    assert (found.low, found.high) == (63 - 1.5, 63 + 1.5), "three shares, each rounded to a whole percent"


def test_every_option_is_known(claim) -> None:
    for factor in claim.factors:
        for option in factor.options:
            assert meanings(claim, {factor.name: option.id}, c.KNOWN)


@pytest.mark.slow
def test_the_primary_definition_reproduces_and_the_index_does_not(claim, shares) -> None:
    verdict = judged(claim, shares)
    assert (verdict.label, verdict.primary, verdict.reason) == ("definition-ambiguous", "reproduced", "measure")
    assert c.assess_c5(claim, market_shares=shares).support.balanced == 0.5


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.40, "differs-smaller"), (0.45, "inconclusive"), (0.50, "reproduced-minor"), (0.55, "reproduced")],
)
def test_a_smaller_share_of_the_clouds_changes_the_verdict(claim, shares, share: float, expected: str) -> None:
    assert judged(claim, scaled(shares, c.CLOUD, share / 0.63)).primary == expected


@pytest.mark.slow
def test_the_smaller_of_the_two_decides(claim, shares) -> None:
    found = c.assess_c5(claim, market_shares=scaled(shares, c.ACCELERATORS, 0.4))
    assert found.estimate.value == pytest.approx(0.4 * 75)
    assert judged(claim, scaled(shares, c.ACCELERATORS, 0.4)).primary == "differs-smaller"


def test_sources_that_disagree_widen_the_interval(claim, shares) -> None:
    other = shares[shares["share_id"] == "cloud_top3_2025q3"].assign(
        share_id="new", source_id="other", share_low=0.45, share_high=0.45,
        period_from=pd.Timestamp("2026-01-01"), period_to=pd.Timestamp("2026-03-31"),
    )  # fmt: skip
    found = c.assess_c5(claim, market_shares=pd.concat([shares, other], ignore_index=True))
    assert found.estimate.value == pytest.approx((45 + 63) / 2)
    assert (found.estimate.low, found.estimate.high) == pytest.approx((45 - 1.5, 63 + 1.5))
    assert sorted(set(found.source_values)) == pytest.approx([45, 63])


def test_the_nearest_period_counts_and_no_other(claim, shares) -> None:
    older = shares[shares["period_from"] < pd.Timestamp("2026-01-01")]
    newer = shares[shares["market"] != c.CLOUD]
    found = c.clouds_share(pd.concat([older, newer]), on=claim.as_of)
    assert (found.value, found.low, found.high) == pytest.approx((0.63, 0.625, 0.635)), "the joint share as stated"


@pytest.mark.parametrize("market", [c.CLOUD, c.ACCELERATORS])
def test_a_missing_share_is_missing(claim, shares, market: str) -> None:
    found = judged(claim, shares[shares["market"] != market])
    assert (found.label, found.reason) == ("not-reproducible", "missing")


def test_two_of_three_clouds_are_no_joint_share(shares) -> None:
    assert c.clouds_share(shares[shares["share_id"] == "cloud_amazon_2026q1"], on=TODAY) is None


@pytest.mark.slow
@settings(deadline=None)
@given(pieces, st.lists(st.floats(0.0001, 1), min_size=0, max_size=40), st.booleans())
def test_every_market_lies_within_the_bounds_of_its_reported_shares(reported, others, largest) -> None:
    whole = np.array([*reported, *others]) / sum([*reported, *others])
    known, rest = np.sort(whole[: len(reported)]), whole[len(reported) :]
    assume(not largest or not len(rest) or rest.max() <= known.min())
    bounds = c.herfindahl_bounds(known, largest_unreported=known.min() if largest else None)
    assert bounds.low - ROUNDING <= herfindahl(whole) <= bounds.high + ROUNDING


@settings(deadline=None)
@given(pieces, st.lists(st.floats(0.0001, 1), max_size=20), st.floats(0, 0.03), st.data())
def test_rounded_shares_bound_every_market_that_they_can_be_rounded_from(reported, others, half, data) -> None:
    whole = np.array([*reported, *others]) / sum([*reported, *others])
    known, rest = whole[: len(reported)], whole[len(reported) :]
    shift = np.array(data.draw(st.lists(st.floats(-1, 1), min_size=len(known), max_size=len(known)))) * half
    low, high = np.maximum(known + shift - half, 1e-6), known + shift + half
    low = np.minimum(low, known)
    limit = max(rest.max(), 1e-3) if len(rest) else None
    bounds = c.herfindahl_bounds(low, np.maximum(high, known), largest_unreported=limit)
    assert bounds.low - ROUNDING <= herfindahl(whole) <= bounds.high + ROUNDING


@settings(deadline=None)
@given(st.floats(0.05, 0.9), st.floats(0.01, 1))
def test_the_upper_bound_is_attained_and_the_lower_approached(known, limit) -> None:
    limit = min(limit, known)
    bounds = c.herfindahl_bounds([known], largest_unreported=limit)
    full, over = divmod(1 - known, limit)
    assert herfindahl([known, *[limit] * int(full), over]) == pytest.approx(bounds.high, abs=ROUNDING)
    split = [known, *[(1 - known) / 10_000] * 10_000]
    assert bounds.low <= herfindahl(split) <= bounds.low + 1


def test_the_bounds_of_intervals_are_attained_at_a_corner_that_is_no_end() -> None:
    """By brute force over a fine grid: a small reported share gives way to an unreported one that may be large."""
    low, high = [0.55, 0.05], [0.60, 0.20]
    grid = [
        herfindahl([a, b, 1 - a - b])
        for a in np.linspace(0.55, 0.60, 51)
        for b in np.linspace(0.05, 0.20, 151)
        if a + b <= 1
    ]
    assert c.herfindahl_bounds(low, high).high == pytest.approx(max(grid), abs=1)
    limited = []
    for a in np.linspace(0.55, 0.60, 51):
        for b in np.linspace(0.05, 0.20, 151):
            full, over = divmod(round(1 - a - b, 9), 0.15)
            limited.append(herfindahl([a, b, *[0.15] * int(full), over]))
    assert c.herfindahl_bounds(low, high, largest_unreported=0.15).high == pytest.approx(max(limited), abs=1)


@settings(deadline=None)
@given(st.lists(st.floats(0.001, 1), min_size=2, max_size=60), st.integers(1, 12))
def test_every_market_lies_within_the_bounds_of_its_leaders(market, members) -> None:
    whole = np.sort(np.array(market) / sum(market))[::-1]
    members = min(members, len(whole))
    bounds = c.leaders_bounds(min(1.0, whole[:members].sum()), members)
    assert bounds.low - ROUNDING <= herfindahl(whole) <= bounds.high + ROUNDING
    low, high = c.top_share_bounds(whole[:members].sum(), members, 1)
    assert low - 1e-9 <= whole[0] <= high


@pytest.mark.parametrize(("together", "members"), [(0.56, 10), (0.63, 3), (0.2, 8), (0.05, 10)])
def test_the_bounds_of_leaders_are_sharp(together: float, members: int) -> None:
    """The highest is found by brute force over the smallest leader's share."""
    bounds, highest = c.leaders_bounds(together, members), 0.0
    for smallest in np.linspace(1e-4, together / members, 4001):
        full, over = divmod(1 - together, smallest)
        first = together - (members - 1) * smallest
        highest = max(highest, first**2 + (members - 1 + full) * smallest**2 + over**2)
    assert bounds.high == pytest.approx(1e4 * highest, abs=20)
    assert bounds.low == pytest.approx(1e4 * together**2 / members)


def test_a_monopoly_and_equal_rivals_have_their_known_indices() -> None:
    assert herfindahl([1.0]) == 10_000
    assert herfindahl([0.1] * 10) == pytest.approx(1000), "one over the number of equal firms"
    assert c.herfindahl_bounds([1.0]) == c.Bounds(10_000, 10_000)


def test_the_index_of_the_clouds_is_below_the_bar_whatever_the_rest(shares) -> None:
    found = c.indices(shares)
    latest = found[found["market"] == c.CLOUD].iloc[0]
    assert latest["over_high"] == "no"
    assert latest["largest_unreported"] == pytest.approx(0.145)
    assert (found.loc[found["market"] == c.ACCELERATORS, "over_high"] == "yes").all()
    assert (found["low"] <= found["high"]).all()


def test_who_is_not_said_to_be_large_sets_no_limit(shares) -> None:
    more = shares.assign(source_id=shares["source_id"].replace("share_srg_tt", "share_srg_q325"))
    found = c.indices(more).set_index(["market", "period_from"])
    row = found.loc[(c.CLOUD, pd.Timestamp("2025-07-01"))]
    assert row["reported"] == 4
    assert row["largest_unreported"] == pytest.approx(0.135), "Oracle's 3 % is no limit on the others"


def test_published_shares_by_period(shares) -> None:
    found = c.published(shares)
    assert found.loc[found["market"] == c.CLOUD, "value"].tolist() == pytest.approx([0.63, 0.63, 0.66, 0.61])
    assert (found["low"] < found["value"]).all()
    assert (found["value"] < found["high"]).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: c.herfindahl_bounds([0.7, 0.6]), "sum of low ends up to 1"),
        (lambda: c.herfindahl_bounds([0.0]), "0 < low"),
        (lambda: c.herfindahl_bounds([0.5], [0.4]), "low <= high"),
        (lambda: c.herfindahl_bounds([0.5], largest_unreported=0), "positive"),
        (lambda: c.leaders_bounds(1.2, 3), r"lies in \(0, 1\]"),
        (lambda: c.top_share_bounds(0.5, 3, 4), "1 to 3"),
    ],
)
def test_what_cannot_be_is_refused(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_the_table_is_not_changed(claim, shares) -> None:
    before = shares.copy()
    c.assess_c5(claim, market_shares=shares)
    pd.testing.assert_frame_equal(shares, before)
