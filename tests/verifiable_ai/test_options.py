"""Every option that claims.yml declares for V1 to V4 is known to its function; another is refused by its name."""

import pandas as pd
import pytest

from analysis.engine.claims import load_claims
from analysis.engine.data.sealed import DataError
from analysis.engine.data.tables import load
from analysis.engine.multiverse import Question, primary_of
from analysis.verifiable_ai.hidden_weights.private import question_v4
from analysis.verifiable_ai.published.cost import question_v2
from analysis.verifiable_ai.published.literature import question_v1
from analysis.verifiable_ai.unproved.unproved import question_v3

#: A fraction of a second each, and seconds together: left out by make test-fast.
pytestmark = pytest.mark.slow

CLAIMS = load_claims()
TABLES = {
    question_v1: ["zk_published"],
    question_v2: ["zk_published", "machine_prices"],
    question_v3: ["zk_inference", "gpu_inference", "machine_prices"],
    question_v4: ["zk_proofs", "zk_published"],
}


def asked(name: str) -> Question:
    question = {function.__name__: function for function in TABLES}[f"question_{name.lower()}"]
    return question(CLAIMS[name], **{table: load(table) for table in TABLES[question]})


@pytest.mark.parametrize("name", ["V1", "V2", "V3", "V4"])
def test_every_declared_option_is_known(name):
    assert len(asked(name).one_at_a_time()) == 1 + len(CLAIMS[name].alternatives)


@pytest.mark.parametrize(
    ("name", "factor"), [(name, f.name) for name in ("V1", "V2", "V3", "V4") for f in CLAIMS[name].factors]
)
def test_an_option_that_no_function_knows_is_refused(name, factor):
    answer, options = asked(name).answer, primary_of(CLAIMS[name]) | {factor: "unheard of"}
    with pytest.raises(DataError, match=rf"claim {name}, factor {factor}: its function does not know 'unheard of'"):
        answer(**options) if CLAIMS[name].regions is None else answer(pd.DataFrame([options]))
