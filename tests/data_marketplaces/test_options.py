"""Every option that claims.yml declares for D1 to D4 is known to its function; another is refused by its name."""

from functools import partial

import pytest

from analysis.data_marketplaces import payments, properties, published
from analysis.engine.claims import load_claims
from analysis.engine.data.sealed import DataError
from analysis.engine.data.tables import load
from analysis.engine.multiverse import Question, factors_of

#: A fraction of a second each, and seconds together: left out by make test-fast.
pytestmark = pytest.mark.slow

CLAIMS = load_claims()


def asked(name: str) -> Question:
    table = {"D3": "payment_rules", "D4": "marketplace_properties"}.get(name, "marketplace_figures")
    return getattr({"D3": payments, "D4": properties}.get(name, published), f"question_{name.lower()}")(
        CLAIMS[name], load(table)
    )


@pytest.mark.parametrize("name", ["D1", "D2", "D3", "D4"])
def test_every_declared_option_is_known(name):
    found = asked(name).one_at_a_time()
    assert len(found) == 1 + sum(len(factor.options) - 1 for factor in factors_of(CLAIMS[name]))


@pytest.mark.parametrize(
    ("claim", "factor"),
    [(claim, f.name) for claim in ("D1", "D2", "D3", "D4") for f in factors_of(CLAIMS[claim])],
)
def test_an_option_that_no_function_knows_is_refused(claim, factor):
    if claim in ("D1", "D2"):
        figures = {"D1": published.node_figures, "D2": published.revenue_figures}[claim]
        answer = partial(figures, CLAIMS[claim], load("marketplace_figures"))
    else:
        answer = partial(asked(claim).answer, **{f.name: f.primary for f in factors_of(CLAIMS[claim])})
    with pytest.raises(DataError, match=rf"claim {claim}, factor {factor}: its function does not know 'unheard of'"):
        answer(**{factor: "unheard of"})
