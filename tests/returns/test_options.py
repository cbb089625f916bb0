"""Every option that claims.yml declares for R1 and R2 is known to its function; another is refused by its name."""

import pandas as pd
import pytest

from analysis.engine.claims import load_claims
from analysis.engine.data.sealed import DataError
from analysis.engine.data.tables import load
from analysis.engine.multiverse import Question, factors_of, primary_of
from analysis.returns.definitions import question_r1
from analysis.returns.engine import panel_of
from analysis.returns.market import benchmark_returns, benchmark_weights, outside_ai, question_r2

#: A fraction of a second each, and seconds together: left out by make test-fast.
pytestmark = pytest.mark.slow

CLAIMS = load_claims()
TABLES = ("tokens", "token_prices", "token_supplies", "token_turnover")


@pytest.fixture(scope="module")
def questions() -> dict[str, Question]:
    tables = {name: load(name) for name in TABLES}
    panel, outside = panel_of(**tables), outside_ai(tables["tokens"], tables["token_prices"], load("market_prices"))
    benchmarks = benchmark_returns(outside, benchmark_weights(outside, tables["token_supplies"]))
    return {"R1": question_r1(CLAIMS["R1"], panel), "R2": question_r2(CLAIMS["R2"], panel, benchmarks)}


@pytest.mark.parametrize("name", ["R1", "R2"])
def test_every_declared_option_is_known(questions, name):
    found = questions[name].one_at_a_time()
    assert len(found) == 1 + sum(len(factor.options) - 1 for factor in factors_of(CLAIMS[name]))


@pytest.mark.parametrize(
    ("name", "factor"), [(name, f.name) for name in ("R1", "R2") for f in factors_of(CLAIMS[name])]
)
def test_an_option_that_no_function_knows_is_refused(questions, name, factor):
    specification = pd.DataFrame([primary_of(CLAIMS[name]) | {factor: "unheard of"}])
    with pytest.raises(DataError, match=rf"claim {name}, factor {factor}: its function does not know 'unheard of'"):
        questions[name].answer(specification)
