"""V4: what counts as a proof that hides the weights, and what contradicts it."""

from datetime import date

import pandas as pd
import pytest

from analysis.engine.claims import load_claims
from analysis.engine.claims.judge import certainty, judge
from analysis.engine.data.tables import load
from analysis.verifiable_ai.hidden_weights import private
from tests.verifiable_ai import ladders

TODAY = date(2026, 11, 22)
PRIVATE = ladders.proof("mlp:8,16,8", weights="private")


@pytest.fixture(scope="module")
def claim():
    return load_claims()["V4"]


def published(**changes: object) -> pd.DataFrame:
    """The shipped results of Modulus Labs, the last one changed."""
    table = load("zk_published")
    table = table[table["source_id"].str.startswith("modulus_") | table["system"].str.contains("Modulus")]
    table = table.sort_values("prove_s", na_position="first")
    for column, value in changes.items():
        table[column] = [*table[column].iloc[:-1], value]
    return table


def verdict(claim, proofs: list[dict], table: pd.DataFrame) -> str:
    found = private.assess_v4(claim, zk_proofs=pd.DataFrame(proofs), zk_published=table)
    return judge(claim, found, today=TODAY).primary


def bearing(claim, **changes: object) -> str:
    rows = private.evidence(claim, pd.DataFrame([PRIVATE | changes]), published())
    return next(row.bearing for row in rows if row.part == private.EZKL)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "supports"),
        ({"weights": "committed"}, "supports"),
        ({"weights": "hashed"}, "supports"),
        ({"weights": "fixed"}, "neutral"),
        ({"verified": False}, "neutral"),
        ({"tampered_proof_rejected": "not tried", "tampered_output_rejected": "not tried"}, "neutral"),
        ({"tampered_proof_rejected": "not tried"}, "supports"),
        ({"tampered_output_rejected": "not tried"}, "supports"),
        ({"tampered_output_rejected": "no"}, "contradicts"),
        ({"weights": "fixed", "tampered_output_rejected": "no"}, "neutral"),
    ],
)
def test_a_proof_of_ours_bears_on_ezkl_by_the_definition(claim, changes: dict, expected: str) -> None:
    assert bearing(claim, **changes) == expected


@pytest.mark.parametrize("weights", ["private", "committed", "hashed"])
def test_a_statement_says_whether_the_proof_is_bound_to_the_weights(claim, weights: str) -> None:
    rows = private.evidence(claim, pd.DataFrame([PRIVATE | {"weights": weights}]), published())
    statement = next(row.statement for row in rows if row.part == private.EZKL)
    assert ("nothing binds" in statement) == (weights == "private")
    assert "binds" in statement


def test_what_modulus_labs_published_leaves_the_claim_open(claim) -> None:
    assert verdict(claim, [PRIVATE], published()) == "inconclusive"


def test_a_published_proof_with_hidden_weights_and_a_refusal_would_support_it(claim) -> None:
    assert verdict(claim, [PRIVATE], published(hides_weights="yes", tampering_refused="yes")) == "supported"


def test_hidden_weights_alone_do_not_settle_it(claim) -> None:
    assert verdict(claim, [PRIVATE], published(hides_weights="yes")) == "inconclusive"


def test_a_publication_after_the_date_of_the_claim_is_neutral(claim) -> None:
    late = published(hides_weights="yes", tampering_refused="yes", published_on=pd.Timestamp("2026-02-01"))
    assert verdict(claim, [PRIVATE], late) == "inconclusive"


def test_a_publication_of_which_only_the_year_of_the_claim_is_known_is_neutral(claim) -> None:
    good = {"hides_weights": "yes", "tampering_refused": "yes", "published_on": pd.Timestamp("2026-01-01")}
    assert verdict(claim, [PRIVATE], published(**good, published_precision="day")) == "supported"
    assert verdict(claim, [PRIVATE], published(**good, published_precision="year")) == "inconclusive"


def test_the_level_is_that_of_the_rows_that_decide(claim) -> None:
    def found(proof: dict, **changes: object):
        return private.assess_v4(claim, zk_proofs=pd.DataFrame([proof]), zk_published=published(**changes))

    good = {"hides_weights": "yes", "tampering_refused": "yes"}
    fixed = PRIVATE | {"weights": "fixed"}
    wrong = PRIVATE | {"tampered_output_rejected": "no"}
    for finding, level, basis in (
        (found(PRIVATE), 1, "secondary"),  # open, and what is open was not measured
        (found(fixed), 1, "secondary"),
        (found(fixed, **good), 1, "secondary"),
        (found(PRIVATE, **good), 2, "secondary"),  # supported, and the weaker part is a vendor's
        (found(wrong), 5, "measurement"),  # contradicted by what we measured
    ):
        assert (finding.level, finding.basis) == (level, basis)


def test_certainty_is_not_high_where_the_part_that_is_open_was_not_measured(claim) -> None:
    proofs, table = load("zk_proofs"), load("zk_published")
    found = private.assess_v4(claim, zk_proofs=proofs, zk_published=table)
    assert private.deciding(claim, found.evidence) == (private.MODULUS,)
    assert certainty(claim, found).start == "low"


def test_an_undecided_claim_has_no_support_and_says_what_each_part_lacks(claim) -> None:
    lacking = private.assess_v4(claim, zk_proofs=pd.DataFrame([PRIVATE]), zk_published=published())
    assert lacking.support is None
    assert lacking.nearest_true.startswith("for Modulus Labs: a publication by")
    assert "we make" not in lacking.nearest_true
    both = pd.DataFrame([PRIVATE | {"weights": "fixed"}])
    assert "for EZKL: a proof with hidden weights that we make" in (
        private.assess_v4(claim, zk_proofs=both, zk_published=published()).nearest_true
    )
    table = published(hides_weights="yes", tampering_refused="yes")
    assert private.assess_v4(claim, zk_proofs=pd.DataFrame([PRIVATE]), zk_published=table).support.balanced > 0


def test_one_wrong_output_accepted_contradicts_the_claim(claim) -> None:
    wrong = PRIVATE | {"run_id": "wrong", "tampered_output_rejected": "no"}
    good = published(hides_weights="yes", tampering_refused="yes")
    assert verdict(claim, [wrong], good) == "contradicted"
    assert verdict(claim, [PRIVATE | {"model": "mlp:8,8"}, wrong], good) == "inconclusive"


def test_public_weights_suffice_only_under_that_alternative(claim) -> None:
    proofs, table = pd.DataFrame([PRIVATE | {"weights": "fixed"}]), published(tampering_refused="yes")
    found = private.question_v4(claim, zk_proofs=proofs, zk_published=table).explore().table
    found = found.set_index(["weights", "network"])
    assert found.loc[("hidden", "any size"), "estimate"] == 0
    assert found.loc[("public suffice", "any size"), "estimate"] == 1
    assert found.loc[("public suffice", "at least one million parameters"), "estimate"] == 0


def test_every_row_names_its_part_and_its_source(claim) -> None:
    rows = private.assess_v4(claim, zk_proofs=load("zk_proofs"), zk_published=load("zk_published")).evidence
    assert {row.part for row in rows} == set(claim.parts)
    assert {row.source_id for row in rows} <= set(load("sources")["source_id"])
    assert all(row.vendor for row in rows if row.part == private.MODULUS)


def test_recorded_proofs_without_tampering_cannot_support(claim) -> None:
    recorded = load("zk_proofs").query("source_id == 'zk_ladder_recorded'")
    rows = private.evidence(claim, recorded, published())
    assert {row.bearing for row in rows} == {"neutral"}


def test_our_proofs_are_counted_by_weights() -> None:
    rows = [
        PRIVATE | {"run_id": "a"},
        PRIVATE | {"run_id": "b", "tampered_proof_rejected": "not tried", "model": "mlp:8,32,8", "params": 552},
        PRIVATE | {"run_id": "c", "verified": False},
        PRIVATE | {"run_id": "d", "weights": "fixed"},
    ]
    found = private.by_weights(pd.DataFrame(rows)).set_index("weights")
    assert found.index.tolist() == ["private", "fixed"]
    assert found.loc["private"].tolist() == [2, 280, 552, 3, 2, 1, 2]


def test_counts_by_weights_add_up_to_the_evidence(claim) -> None:
    proofs = load("zk_proofs")
    counted = private.by_weights(proofs)
    assert counted["proofs"].sum() == len(proofs)
    hidden = counted[counted["weights"].isin(private.HIDDEN)]
    rows = [row for row in private.evidence(claim, proofs, published()) if row.part == private.EZKL]
    assert hidden["networks"].sum() == sum(row.bearing == "supports" for row in rows)
