"""R1's whole grid against a plain pandas loop over the same specifications: the same numbers, and how much faster."""

import time

import numpy as np
import pytest

from analysis.engine.claims import load_claims
from analysis.engine.data.tables import load
from analysis.returns.engine import grid_returns, panel_of
from tests.returns.plain import arrange, plain_return, specifications

#: Percentage points; returns here lie between -100 and 300.
EXACT = 1e-10
#: Seconds of processor time for tables in memory -> returns; measured below 0.2 s.
BUDGET = 3.0
TABLES = ("tokens", "token_prices", "token_supplies", "token_turnover")


@pytest.fixture(scope="module")
def tables():
    return {name: load(name) for name in TABLES}


def test_the_grid_takes_less_than_its_budget(tables):
    specs = specifications()
    began = time.process_time()
    returns = grid_returns(load_claims()["R1"], panel_of(**tables), specs)
    spent = time.process_time() - began
    assert np.isfinite(returns).all()
    assert spent < BUDGET


@pytest.mark.slow
def test_a_plain_loop_over_every_specification_gives_the_same(tables, record_property):
    specs = specifications()
    began = time.process_time()
    fast = grid_returns(load_claims()["R1"], panel_of(**tables), specs)
    halfway = time.process_time()
    plain = arrange(**tables)
    slow = np.array([plain_return(plain, s) for s in specs.to_dict("records")])
    ended = time.process_time()
    ratio = (ended - halfway) / (halfway - began)
    record_property("times_faster", round(ratio))
    print(f"\n{len(specs)} specifications: {halfway - began:.2f} s against {ended - halfway:.1f} s, {ratio:.0f} times")
    np.testing.assert_allclose(fast, slow, rtol=0, atol=EXACT)
    assert ratio > 10
