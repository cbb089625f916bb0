"""Which prices a definition lets in."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.compute.price import definitions
from analysis.compute.price import sellers as prices
from analysis.engine.claims import load_claims
from analysis.engine.multiverse import primary_of
from tests.compute.worlds import UNDATED, YEAR, cloud, market, on
from tests.compute.worlds import prices as priced

AS_OF = pd.Timestamp("2026-01-22")
C2 = load_claims()["C2"]


def test_a_price_has_the_days_that_it_can_be_of():
    table = prices.dated(priced(on("2026-03-01"), YEAR, UNDATED))
    assert table.index.tolist() == [0, 1]
    assert table["first_day"].tolist() == [pd.Timestamp("2026-03-01"), pd.Timestamp("2026-01-01")]
    assert table["last_day"].tolist() == [pd.Timestamp("2026-03-01"), pd.Timestamp("2026-12-31")]
    assert definitions.away_days(table, AS_OF).tolist() == [38, 343]


def test_every_factor_matches_chooses_or_says_whose_prices():
    assert list(definitions.KNOWN) == list(primary_of(C2))
    assert {*definitions.MATCHING, *definitions.CHOOSING, "networks"} == set(primary_of(C2))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 400), st.booleans()), min_size=1, max_size=20))
def test_every_seller_with_a_known_price_keeps_one_and_only_near_or_nearest_ones(rows):
    who, away, known = (np.array(x) for x in zip(*rows, strict=True))
    kept = definitions.near(away, who, known)
    assert not (kept & ~known).any()
    assert set(who[kept]) == set(who[known])
    for seller in set(who[known]):
        own = known & (who == seller)
        expected = own & ((away <= 180) | (away == away[own].min()))
        assert (kept & (who == seller)).tolist() == expected.tolist()


def test_data_centre_gpus_alone():
    rows = [{"gpu_model": name, "form_factor": form} for name, form in
            (("H100-80GB", "SXM"), ("RTX4090-24GB", "single"), ("H100-80GB", "not stated"))]  # fmt: skip
    asked = [cloud(), cloud(gpu_model="RTX4090-24GB", form_factor="single")]
    every = {"form not stated": "matched with every form"}
    found = definitions.pairs_under(C2, market(*rows, *asked), {"GPU models": "data-centre only", **every})
    assert found["gpu_model"].tolist() == ["H100-80GB", "H100-80GB"]
    assert len(definitions.pairs_under(C2, market(*rows, *asked), every)) == 3


def test_no_pair_gives_no_discount():
    found = definitions.pairs_under(C2, market({"form_factor": "PCIe"}, cloud()))
    assert found.empty
    assert np.isnan(definitions.discount(found))


@pytest.mark.parametrize(
    ("option", "expected"), [("named", 60.0), ("all networks", 65.0), ("with marketplaces", 70.0), ("specialist", 50.0)]
)
def test_sellers_weigh_the_same_within_each_option(option, expected):
    rows = [
        {},
        {"provider": "spheron", "usd_per_gpu_hour": 3.0},
        {"provider": "vast.ai", "provider_type": "marketplace", "usd_per_gpu_hour": 2.0},
        {"provider": "lambda", "provider_type": "specialist", "usd_per_gpu_hour": 5.0},
        cloud(),
    ]
    assert definitions.discount(definitions.pairs_under(C2, market(*rows), providers=option)) == expected
