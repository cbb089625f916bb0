"""Boundary days and sizes of proofs that hide the weights."""

from datetime import date

import pandas as pd
import pytest

from analysis.engine.claims import load_claims
from analysis.verifiable_ai.hidden_weights import private
from tests.verifiable_ai import ladders
from tests.verifiable_ai.worlds import published

AS_OF = date(2026, 1, 22)

claims = pytest.fixture(scope="module")(load_claims)


def modulus(day: str, precision: str = "day", **more) -> pd.DataFrame:
    row = {"system": "Modulus Labs", "prove_s": 9.0, "published_on": pd.Timestamp(day), "by": "vendor",
           "published_precision": precision, "tampering_refused": "yes", "remark": "", "scale": "small"}  # fmt: skip
    return published(row | more)


@pytest.mark.parametrize(
    ("day", "precision", "bearing"),
    [
        ("2026-01-22", "day", "supports"),
        ("2026-01-23", "day", "neutral"),
        ("2025-12-01", "month", "supports"),
        ("2026-01-01", "month", "neutral"),  # its last day lies after
        ("2025-01-01", "year", "supports"),
    ],
)
def test_a_publication_may_be_of_the_claims_day(claims, day, precision, bearing):
    proofs = pd.DataFrame([ladders.proof("mlp:8,16,8", weights="private")])
    rows = private.evidence(claims["V4"], proofs, modulus(day, precision))
    assert [row.bearing for row in rows if row.part == private.MODULUS] == [bearing]


@pytest.mark.parametrize(("params", "bearing"), [(1e6, "supports"), (1e6 - 1, "neutral")])
def test_a_network_is_not_tiny_from_a_million_parameters_on(claims, params, bearing):
    proofs = pd.DataFrame([ladders.proof("mlp:8,16,8", weights="private") | {"params": params}])
    least = private.LEAST_PARAMS["at least one million parameters"]
    rows = private.evidence(claims["V4"], proofs, modulus("2025-06-01", params=params), least_params=least)
    assert [row.bearing for row in rows] == [bearing, bearing]
