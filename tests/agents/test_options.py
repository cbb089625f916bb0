"""Every option that claims.yml declares for A1 to A3 is known to its function; another is refused by its name."""

import pytest

from analysis.agents import cases, results, value
from analysis.engine.claims import load_claims
from analysis.engine.data.sealed import DataError
from analysis.engine.data.tables import load
from analysis.engine.multiverse import factors_of, primary_of

#: A fraction of a second each, and seconds together: left out by make test-fast.
pytestmark = pytest.mark.slow

CLAIMS = load_claims()
QUESTIONS = {
    "A1": lambda: value.question_a1(CLAIMS["A1"], load("agent_values")),
    "A2": lambda: results.question_a2(CLAIMS["A2"], load("agent_results")),
    "A3": lambda: cases.question_a3(CLAIMS["A3"], load("agent_cases")),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_declared_option_is_known(name):
    assert set(QUESTIONS[name]().one_at_a_time()["holds"]) <= {"yes", "no", "not counted"}


@pytest.mark.parametrize(("name", "factor"), [(name, f.name) for name in QUESTIONS for f in factors_of(CLAIMS[name])])
def test_an_option_that_no_function_knows_is_refused(name, factor):
    options = primary_of(CLAIMS[name]) | {factor: "unheard of"}
    answer = QUESTIONS[name]().answer
    if name == "A1":  # a number, from a table of specifications
        answer = lambda **one: value.holdings_under(CLAIMS["A1"], load("agent_values"), one)  # noqa: E731
    with pytest.raises(DataError, match=rf"claim {name}, factor {factor}: its function does not know 'unheard of'"):
        answer(**options)
