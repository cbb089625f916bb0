"""The shipped claims are those of the design, each with the figure that the report gives."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.engine.claims import Asserted, acceptance, interval, load_claims, read_claims
from analysis.engine.data.sealed import DataError
from analysis.engine.diff import read_ledger

ROOT = Path(__file__).resolve().parents[1]

KINDS = {
    "bound": "R1 D1 V3",
    "ordering": "R2 F1 F4",
    "forecast": "C1",
    "magnitude": "C2 C5 D2 A1 V1 V2",
    "direction": "C3 C6 F3",
    "existence": "C4 D3 D4 A2 A3 V4 F2",
}
#: From the report, sentence by sentence; our own numbers (R2, C5) are named as such in claims.yml.
REGIONS = {
    "R1": "(280, inf)",
    "R2": "(50, inf)",
    "C1": "[500e9, inf)",
    "C2": "[50, 80]",
    "C5": "(50, inf)",
    "D1": "(3e6, inf)",
    "D2": "[37.5e6, 62.5e6]",
    "A1": "[1.8e9, 3.0e9]",
    "V1": "[450, 750]",
    "V2": "[15, 20]",
    "V3": "(-inf, 1)",
}


def test_every_claim_has_its_kind():
    assert {c.id: c.kind for c in load_claims().values()} == {i: k for k, ids in KINDS.items() for i in ids.split()}


def test_every_number_is_the_reports():
    assert {c.id: c.regions[0] for c in load_claims().values() if c.regions} == {
        i: interval(t) for i, t in REGIONS.items()
    }


def test_perishable_claims_expire_after_their_date():
    for claim in load_claims().values():
        assert claim.expires is None or claim.expires > claim.as_of


@given(st.sampled_from(["over", "at_least", "under", "about"]), st.floats(-1e12, 1e12).filter(lambda x: abs(x) > 1e-6))
def test_the_minor_region_holds_the_region(form, value):
    inner, outer = acceptance(Asserted(form=form, words="x", value=value, unit="USD"))
    assert inner in outer
    assert inner != outer


@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9))
def test_a_range_is_itself_and_a_quarter_wider_on_each_side(low, width):
    inner, outer = acceptance(Asserted(form="range", words="x", low=low, high=low + width, unit="USD"))
    assert outer.length == pytest.approx(1.5 * width, abs=1e-6)
    assert outer.mid == pytest.approx(inner.mid, abs=1e-6)


@pytest.mark.parametrize("asserted", [{"form": "over"}, {"form": "range", "low": 1.0}, {"form": "about", "value": 1.0}])
def test_a_form_without_its_figures_is_refused(asserted):
    with pytest.raises(ValueError, match="needs"):
        acceptance(Asserted(words="x", **asserted))


def test_ids_are_never_reused():
    """A claim of any release is still here, and about the same words of the report."""
    shipped = {claim.id: claim for claim in load_claims().values()}
    for release in sorted((ROOT / "book" / "releases").glob("*.json")):
        for record in json.loads(release.read_text("utf-8")):
            name, words = record["id"], record["asserted"]["words"]
            assert name in shipped, f"{name} of {release.stem} is gone: an id is never given up or used again"
            assert shipped[name].asserted.words == words, f"{name} of {release.stem} was about {words!r}"


@pytest.mark.parametrize("name", ["r1", "R-1", "../R1", "R1 ", "<b>", "R12345678", ""])
def test_an_id_names_a_file(data_copy, name):
    file = data_copy / "claims.yml"
    file.write_text(file.read_text().replace("- id: R1\n", f"- id: {json.dumps(name)}\n", 1))
    with pytest.raises(DataError, match="an id is a capital letter"):
        read_claims(data_copy)


def test_a_claims_hash_is_of_what_is_declared():
    claim = load_claims()["R1"]
    assert claim.sha256 == load_claims()["R1"].sha256
    assert claim.sha256 != replace(claim, definition="another").sha256


def test_every_release_left_a_ledger():
    """Of each version that the change log dates; a ledger that nobody could read would be no record."""
    log = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$", log, flags=re.MULTILINE)
    assert versions
    assert all(read_ledger(ROOT / "book" / "releases" / f"{version}.json") for version in versions)
