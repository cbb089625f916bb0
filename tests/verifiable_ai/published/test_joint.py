"""V1 and V2 together: the region of time and price, and the machines of the implied price."""

from datetime import date

import numpy as np
import pytest

from analysis.engine.claims import load_claims
from analysis.engine.data.tables import load
from analysis.verifiable_ai.published.beyond import joint

AS_OF = date(2026, 1, 22)

claims = pytest.fixture(scope="module")(load_claims)
shipped = pytest.fixture(scope="module")(lambda: {"machine_prices": load("machine_prices")})


def test_on_the_edge_of_the_joint_region_the_cost_is_the_claims_edge(claims):
    region = joint.joint_region(claims["V1"], claims["V2"])
    assert region["seconds"].agg(["min", "max"]).tolist() == [450.0, 750.0]
    assert np.allclose(region["seconds"] * region["low_usd_per_hour"] / 3600, 15.0)
    assert np.allclose(region["seconds"] * region["high_usd_per_hour"] / 3600, 20.0)
    implied = joint.implied_price(claims["V1"], claims["V2"])
    assert region["low_usd_per_hour"].min() == pytest.approx(implied.left)
    assert region["high_usd_per_hour"].max() == pytest.approx(implied.right)


def test_the_machines_of_the_implied_price_are_nodes_of_several_gpus(claims, shipped):
    implied = joint.implied_price(claims["V1"], claims["V2"])
    found = joint.machines_between(shipped["machine_prices"], implied, on=AS_OF)
    assert found["usd_per_hour"].between(implied.left, implied.right).all()
    assert (found["gpus"] >= 4).all()
