"""Every option that claims.yml declares for C3, C4 and C6 is known to its function; another is refused by its name."""

from functools import partial

import pytest

from analysis.compute.scarcity import scarcity
from analysis.compute.steadiness import steadiness
from analysis.compute.training import runs
from analysis.engine.claims import load_claims
from analysis.engine.data.sealed import DataError
from analysis.engine.data.tables import load
from analysis.engine.multiverse import factors_of

#: A fraction of a second each, and seconds together: left out by make test-fast.
pytestmark = pytest.mark.slow

CLAIMS = load_claims()
TABLES = ("gpu_prices", "gpu_price_indices", "compute_availability")
FACTORS = [(name, factor.name) for name in ("C3", "C4", "C6") for factor in factors_of(CLAIMS[name])]


@pytest.fixture(scope="module")
def evidence() -> dict:
    known = scarcity.quarters(CLAIMS["C6"], *map(load, TABLES))
    return {
        "C3": partial(steadiness.evidence, CLAIMS["C3"], load("compute_availability")),
        "C4": partial(runs.evidence, CLAIMS["C4"], load("training_runs")),
        "C6": partial(scarcity.evidence, CLAIMS["C6"], known, load("network_use")),
    }


@pytest.mark.parametrize(("claim", "factor"), FACTORS)
def test_every_declared_option_is_known_and_no_other(evidence, claim, factor) -> None:
    declared = next(f for f in factors_of(CLAIMS[claim]) if f.name == factor)
    assert all(evidence[claim](**{factor: option}) for option in declared.options)
    with pytest.raises(DataError, match=rf"claim {claim}, factor {factor}: its function does not know 'unheard of'"):
        evidence[claim](**{factor: "unheard of"})
