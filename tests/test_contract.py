"""Every assessor finds what is planted: each field of its finding, those that feed certainty among them."""

from dataclasses import fields
from importlib import import_module
from importlib.util import find_spec

import pytest

from analysis.engine.claims import Claim, Evidence, Finding, load_claims
from analysis.engine.claims.judge import judge
from analysis.engine.data.report import at_hand, named
from analysis.engine.ledger import ledger
from analysis.engine.ledger.ledger import chapter_of
from tests.contract import HOLDS, TODAY, Case, Number, Seen

#: Decimals of what the cases state.
CLOSE = 1e-5
NUMBER = tuple(field.name for field in fields(Number))
ASSESSORS = at_hand().assessors


def cases_of(claim_id: str) -> tuple[Case, ...]:
    """Planted cases of an assessor, from its chapter's module of the tests; none where it has none."""
    module = f"tests.{chapter_of(ASSESSORS[claim_id])}.contract"
    return import_module(module).CASES.get(claim_id, ()) if find_spec(module) else ()


#: Claims with thousands of definitions to try, where a planted case takes up to a second.
SLOW = ("C2", "V1")
EVERY = [
    pytest.param(id_, case, id=f"{id_}: {case.plants}", marks=[pytest.mark.slow] if id_ in SLOW else [])
    for id_ in ASSESSORS
    for case in cases_of(id_)
]


@pytest.fixture(scope="module")
def claims() -> dict[str, Claim]:
    return load_claims()


@pytest.mark.parametrize("claim_id", ASSESSORS)
def test_each_assessor_has_a_planted_case(claim_id):
    function = ASSESSORS[claim_id]
    assert any(case.missing is None for case in cases_of(claim_id)), (
        f"{function} has no planted case: give {claim_id} one in tests/{chapter_of(function)}/contract.py"
    )


def test_a_case_gives_every_field_of_a_finding():
    assert {field.name for field in fields(Finding)} <= {field.name for field in fields(Case)}


@pytest.mark.parametrize(("claim_id", "case"), EVERY)
def test_an_assessor_finds_what_is_planted(claims, claim_id, case):
    found = named(ASSESSORS[claim_id])(claims[claim_id], **case.tables)
    assert (found.level, found.basis, found.proxy) == (case.level, case.basis, case.proxy)
    assert (found.missing, found.observed_on) == (case.missing, case.observed_on)
    assert parts_of(found.estimate, NUMBER) == closely(case.estimate)
    assert found.estimate is None or (found.estimate.interval_of and found.estimate.method)
    assert [seen(row, says.says) for row, says in zip(found.evidence, case.evidence, strict=True)] == [*case.evidence]
    assert found.source_values == pytest.approx(case.source_values, rel=CLOSE)
    assert found.reliability == pytest.approx(case.reliability or {}, rel=CLOSE)
    assert parts_of(found.support) == closely(case.support)
    assert parts_of(found.curve) == closely(case.curve)
    if case.nearest_true in (None, HOLDS):
        assert found.nearest_true == case.nearest_true
    else:
        assert case.nearest_true in found.nearest_true.replace("\N{NO-BREAK SPACE}", " ")
    verdict = judge(claims[claim_id], found, today=TODAY)
    assert (verdict.label, verdict.primary) == (case.label, case.primary or case.label)


def seen(row: Evidence, says: str) -> Seen:
    """A row of evidence as it is planted, with the planted words if they stand in its statement."""
    assert row.statement
    words = says if says in row.statement.replace("\N{NO-BREAK SPACE}", " ") else row.statement
    return Seen(row.bearing, row.source_id, row.observed_on, row.vendor, row.part, words)


def parts_of(found: object, names: tuple[str, ...] | None = None) -> dict[str, object]:
    """Fields of an estimate, a support or a curve, tuples spread out ; nothing of none."""
    flat = {}
    for name in () if found is None else names or [field.name for field in fields(found)]:
        value = getattr(found, name)
        parts = enumerate(value) if isinstance(value, tuple) else [("", value)]
        flat |= {f"{name} {i}": part for i, part in parts}
    return flat


def closely(planted: object) -> dict[str, object]:
    """Fields as from `parts_of`, to which numbers have to come close."""
    return {
        name: pytest.approx(part, rel=CLOSE) if isinstance(part, float) else part
        for name, part in parts_of(planted).items()
    }


@pytest.mark.parametrize("entry", ledger.entries(), ids=lambda entry: entry.id)
def test_the_estimate_is_that_of_the_first_options(entry):
    if entry.curve is not None and entry.curve.primary is not None:
        assert entry.curve.estimate[entry.curve.primary] == pytest.approx(entry.estimate.value, rel=CLOSE)
