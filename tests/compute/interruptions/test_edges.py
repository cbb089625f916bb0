"""Boundary days of offers and of list prices beside them."""

import pandas as pd
import pytest

from analysis.compute.interruptions.breakeven import break_even
from analysis.compute.interruptions.closed_form import EXAMPLE
from analysis.compute.interruptions.offers import WITHIN_DAYS, offers
from analysis.engine.claims import load_claims
from tests.compute.worlds import cloud, on, prices

AS_OF = pd.Timestamp("2026-01-22")

claims = pytest.fixture(scope="module")(load_claims)


@pytest.mark.parametrize(("away", "within"), [(-31, False), (-30, True), (30, True), (31, False)])
def test_an_offer_counts_up_to_its_last_day(away, within):
    table = prices(on((AS_OF + pd.Timedelta(days=away)).strftime("%Y-%m-%d")))
    if within:
        assert offers(table, "H100-80GB", on=AS_OF, within_days=30)["gap_days"].tolist() == [away]
        return
    near = f"within 30 days of 2026-01-22: the nearest is of {AS_OF + pd.Timedelta(days=away):%Y-%m-%d}"
    with pytest.raises(ValueError, match=near):
        offers(table, "H100-80GB", on=AS_OF, within_days=30)


def test_the_nearest_offer_is_named_on_whichever_side():
    table = prices(on("2025-06-01"), on("2026-05-01"), on("2027-05-01"))
    with pytest.raises(ValueError, match="the nearest is of 2026-05-01"):
        offers(table, "H100-80GB", on=AS_OF, within_days=30)


@pytest.mark.parametrize(("days", "there"), [(WITHIN_DAYS, True), (WITHIN_DAYS + 1, False)])
def test_a_list_price_is_compared_up_to_its_last_day(days, there):
    table = prices({"form_factor": "SXM"}, cloud(observed_on=AS_OF - pd.Timedelta(days=days)))
    if there:
        assert break_even(table, EXAMPLE)["side"].tolist() == ["networks, on demand"]
    else:
        with pytest.raises(ValueError, match=f"no hyperscaler has a price on demand within {WITHIN_DAYS} days"):
            break_even(table, EXAMPLE)
