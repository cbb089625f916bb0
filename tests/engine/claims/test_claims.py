"""A planted list of claims and the sentences that hold them: what is read, and each rule at its edge."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.engine.claims import Asserted, Claim, asserted_figure, interval, read_claims
from analysis.engine.claims.claims import Factor, Option
from analysis.engine.claims.coverage import read_coverage
from analysis.engine.data.sealed import DataError

CHAPTERS = [
    {"id": name, "title": name.title(), "order": i, "colour": f"#00000{i}", "asks": "What?"}
    for i, name in enumerate(("one", "two"), start=1)
]
OPTIONS = [{"id": "a", "label": "by a"}, {"id": "b", "label": "by b", "key": "instead by b"}]
CLAIM = {
    "id": "X1",
    "chapter": "one",
    "kind": "bound",
    "statement": "A statement.",
    "place": {"paragraph": 1, "sentence": 2},
    "asserted": {"form": "over", "value": 280, "unit": "%", "words": "over 280 %"},
    "T": "(280, inf)",
    "T_minor": "(252, inf)",
    "why_T": "the rule",
    "as_of": "2025-12-31",
    "expires": None,
    "definition": "by a",
    "publication_bias": {"downgrade": 0, "judged_on": "2026-01-01", "reason": "none seen"},
    "factors": [{"name": "how", "options": OPTIONS}],
}
NUMBERLESS = {"kind": "existence", "asserted": {"form": "none", "words": "there is"}, "T": None, "T_minor": None}
SENTENCE = {"paragraph": 1, "sentence": 2, "gist": "It says so."}
SYSTEM = {"name": "Thing", "paragraph": 1, "sentence": 2, "chapter": "two"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "chapters", CHAPTERS)
    return tmp_path


def write(folder: Path, name: str, content: object) -> Path:
    """As JSON, which YAML holds; dates stand without quotation marks."""
    text = json.dumps(content)
    for day in ("2025-12-31", "2026-01-01", "2028-12-31"):
        text = text.replace(f'"{day}"', day)
    (folder / f"{name}.yml").write_text(text)
    return folder


def claims(folder: Path, *changes: dict) -> dict[str, Claim]:
    return read_claims(write(folder, "claims", [CLAIM | change for change in changes]))


# --- what is read ----------------------------------------------------------------------------------------------------


def test_a_claim_is_read_as_it_is_written(folder):
    claim = claims(folder, {})["X1"]
    assert claim.regions == (pd.Interval(280, float("inf"), "neither"), pd.Interval(252, float("inf"), "neither"))
    assert (claim.as_of, claim.due, claim.expires) == (date(2025, 12, 31), None, None)
    assert claim.factors == (Factor("how", (Option("a", "by a"), Option("b", "by b", "instead by b"))),)
    assert claim.alternatives == ("instead by b",)
    assert (claim.asserted.reference, claim.parts, claim.other_questions) == (280.0, (), ())
    assert claims(folder, NUMBERLESS)["X1"].regions is None


def test_claims_stand_in_the_order_of_the_file(folder):
    assert list(claims(folder, {"id": "Z9"}, {"id": "A1"}, {"chapter": "two"})) == ["Z9", "A1", "X1"]


def test_factors_of_another_claim_come_first_with_one_key_for_all(folder):
    own = {"name": "who", "options": [OPTIONS[0], OPTIONS[1] | {"key": "instead by others"}]}
    more = {"id": "X2", "inherits": {"claim": "X1", "key": "every way of X1"}, "factors": [own]}
    for order in ([{}, more], [more, {}]):
        found = claims(folder, *order)["X2"]
        assert [(factor.name, factor.of) for factor in found.factors] == [("how", "X1"), ("who", None)]
        assert found.alternatives == ("instead by others", "every way of X1")


def test_a_hash_is_of_what_is_declared_and_of_nothing_else(folder):
    found = claims(folder, {})["X1"].sha256
    assert claims(folder, {"due": None, "parts": []})["X1"].sha256 == found
    assert claims(folder, {"parts": ["one"]})["X1"].sha256 != found
    told = [{key: option[key] for key in option if key != "label"} for option in OPTIONS]
    reworded = [option | {"label": option["id"]} for option in told]
    assert claims(folder, {"factors": [{"name": "how", "options": reworded}]})["X1"].sha256 == found
    # as its keys stand, sorted, without defaults and labels
    declared = CLAIM | {"asserted": CLAIM["asserted"] | {"value": 280.0}, "factors": [{"name": "how", "options": told}]}
    assert found == hashlib.sha256(json.dumps(declared, sort_keys=True).encode()).hexdigest()


@pytest.mark.parametrize(
    ("asserted", "reference"),
    [
        (Asserted("range", "w", low=50, high=80, unit="%"), 65.0),
        (Asserted("range", "w", value=1.0, low=-10, high=80, unit="%"), 35.0),
        (Asserted("over", "w", value=3.0, low=9.0, high=9.0, unit="%"), 3.0),
        (Asserted("none", "w"), None),
    ],
)
def test_the_middle_of_a_range_or_the_figure_stands_for_what_is_asserted(asserted, reference):
    assert asserted.reference == reference


def test_a_function_that_needs_a_figure_in_a_unit_is_given_no_other(folder):
    claim = claims(folder, {})["X1"]
    assert asserted_figure(claim, "%") == 280.0
    with pytest.raises(DataError, match="claim X1, field asserted: a figure in %, where its function needs one in s"):
        asserted_figure(claim, "s")
    numberless = NUMBERLESS | {"asserted": {"form": "none", "words": "there is", "unit": "s"}}
    with pytest.raises(DataError, match="claim X1, field asserted: no figure, where its function needs one in s"):
        asserted_figure(claims(folder, numberless)["X1"], "s")


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("[-1.5,2]", (-1.5, 2, "both")),
        ("[ 1 , 2 )", (1, 2, "left")),
        (" (1e3, 2e3] ", (1e3, 2e3, "right")),
        ("(-inf, 0)", (float("-inf"), 0, "neither")),
    ],
)
def test_an_interval_is_read_from_its_notation(text, ends):
    assert interval(text) == pd.Interval(*ends)


@pytest.mark.parametrize("text", ["", "1, 2", "[1, 2", "[1; 2]", "[1, 2, 3]", "x[1, 2]"])
def test_what_is_no_interval_is_refused(text):
    with pytest.raises(ValueError, match="is not an interval such as"):
        interval(text)


# --- what is refused -------------------------------------------------------------------------------------------------

ABOUT = {"form": "about", "value": 600, "unit": "s", "words": "w"}
REFUSED = [
    ({"chapter": "three"}, "claim X1, field chapter: 'three' is not in chapters.yml, which has one, two"),
    ({"id": "x1"}, "claim 'x1': an id is a capital letter and up to 7 more or digits"),
    ({"id": "X12345678"}, "claim 'X12345678': an id is"),
    ({"id": 1}, "claims.yml: must be a list of claims, each with an id that is text"),
    ({"kind": "hope"}, "claim X1, field kind: "),
    ({"place": {"paragraph": "first", "sentence": "last"}}, "claim X1, field place.paragraph: "),
    ({"more": 1}, "claim X1, field more: "),
    ({"T": None}, "claim X1, field T_minor: T and T_minor are both given or both null"),
    ({"T_minor": None}, "claim X1, field T_minor: T and T_minor are both given or both null"),
    ({"T": "more"}, "claim X1, field T: 'more' is not an interval"),
    ({"T": None, "T_minor": None}, "claim X1, field T: T and T_minor must be (280.0, inf) and (252.0, inf) by the"),
    ({"T": "[280, inf)"}, "claim X1, field T: T and T_minor must be"),
    ({"T": "(280.001, inf)"}, "claim X1, field T: T and T_minor must be"),
    ({"T_minor": "(253, inf)"}, "claim X1, field T: T and T_minor must be"),
    ({"T_minor": "[252, inf)"}, "claim X1, field T: T and T_minor must be"),
    ({"asserted": ABOUT, "T": "[450, 751]", "T_minor": "[300, 900]"}, "must be [450.0, 750.0] and [300.0, 900.0]"),
    ({"asserted": ABOUT, "T": "(450, 750)", "T_minor": "[300, 900]"}, "must be [450.0, 750.0] and [300.0, 900.0]"),
    ({"asserted": ABOUT, "T": "[450, 750]", "T_minor": "(300, 900]"}, "must be [450.0, 750.0] and [300.0, 900.0]"),
    (NUMBERLESS | {"T": "[1, 2]", "T_minor": "[0, 3]"}, "claim X1, field T: T and T_minor must be null by the rule"),
    (NUMBERLESS | {"kind": "bound"}, "claim X1, field asserted: a bound needs a figure"),
    (NUMBERLESS | {"kind": "magnitude"}, "claim X1, field asserted: a magnitude needs a figure"),
    (NUMBERLESS | {"kind": "forecast", "due": "2028-12-31"}, "claim X1, field asserted: a forecast needs a figure"),
    ({"kind": "forecast"}, "claim X1, field due: a forecast has a due date and nothing else has"),
    ({"due": "2028-12-31"}, "claim X1, field due: a forecast has a due date and nothing else has"),
    ({"asserted": {"form": "over", "unit": "%", "words": "w"}}, "claim X1, field T: form 'over' needs a value"),
    ({"inherits": {"claim": "Y1", "key": "k"}}, "claim X1, field inherits: no claim 'Y1' with factors of its own"),
    ({"factors": [{"name": "how", "options": OPTIONS[:1]}]}, "factor 'how' needs two options or more, the claim's"),
    ({"factors": [{"name": "how", "options": [OPTIONS[0], OPTIONS[1] | {"id": "a"}]}]}, "the id 'a' stands twice"),
    (
        {"factors": [{"name": "how", "options": [OPTIONS[0], OPTIONS[1] | {"label": "by a"}]}]},
        "factor 'how': the label 'by a' stands twice",
    ),
    ({"factors": CLAIM["factors"] * 2}, "claim X1, field factors: the factor 'how' stands twice"),
    (
        {"factors": [*CLAIM["factors"], {"name": "who", "options": OPTIONS}]},
        "claim X1, field factors: the key 'instead by b' stands twice",
    ),
]


@pytest.mark.parametrize(("change", "message"), REFUSED)
def test_a_claim_against_a_rule_is_refused_with_its_field(folder, change, message):
    with pytest.raises(DataError) as refused:
        claims(folder, change)
    assert message in str(refused.value)


@pytest.mark.parametrize("content", [{}, "text", [1], [CLAIM, "text"], [{"chapter": "one"}], None])
def test_what_is_no_list_of_claims_is_refused(folder, content):
    with pytest.raises(DataError, match=r"claims.yml: must be a list of claims, each with an id that is text"):
        read_claims(write(folder, "claims", content))


def test_an_id_stands_once_and_factors_are_inherited_only_from_where_they_are_declared(folder):
    with pytest.raises(DataError, match="claim X1: the id stands twice"):
        claims(folder, {}, {"chapter": "two"})
    inherits = {"inherits": {"claim": "X1", "key": "k"}, "factors": []}
    with pytest.raises(DataError, match="claim X3, field inherits: no claim 'X2' with factors of its own"):
        claims(folder, {}, {"id": "X2"} | inherits, {"id": "X3"} | inherits | {"inherits": {"claim": "X2", "key": "k"}})
    with pytest.raises(DataError, match="claim X2, field factors: the factor 'how' stands twice"):
        claims(folder, {}, {"id": "X2", "inherits": {"claim": "X1", "key": "k"}})


def test_every_form_without_a_rule_broken_is_read(folder):
    forecast = {"kind": "forecast", "due": "2028-12-31"}
    unit = {"kind": "magnitude", "asserted": ABOUT, "T": "[450, 750]", "T_minor": "[300, 900]"}
    ordering = {"kind": "ordering"}
    found = claims(folder, forecast, {"id": "X2"} | unit, {"id": "X3"} | NUMBERLESS, {"id": "X4"} | ordering)
    assert [claim.kind for claim in found.values()] == ["forecast", "magnitude", "existence", "ordering"]
    assert found["X1"].due == date(2028, 12, 31)


# --- the sentences ---------------------------------------------------------------------------------------------------


def covered(folder: Path, *sentences: dict, system: dict = SYSTEM):
    """Coverage of one claim at sentence 1.2."""
    write(folder, "claims", [CLAIM])
    return read_coverage(write(folder, "coverage", {"sentences": list(sentences), "systems": [system]}))


def test_a_sentence_holds_the_claims_that_it_lists_and_those_whose_place_it_is(folder):
    other = {"paragraph": 1, "sentence": 3, "gist": "Again.", "claims": ["X1"]}
    plain = {"paragraph": 2, "sentence": 2, "gist": "Well.", "status": "opinion", "reason": "no fact"}
    found = covered(folder, SENTENCE, other, plain)
    assert [sentence.claims for sentence in found.sentences] == [("X1",), ("X1",), ()]
    assert covered(folder, SENTENCE | {"claims": ["X1"]}).sentences[0].claims == ("X1",)
    assert [(system.name, system.chapter) for system in found.systems] == [("Thing", "two")]


@pytest.mark.parametrize(
    ("sentences", "message"),
    [
        ([SENTENCE, SENTENCE], "coverage.yml, sentence 1.2: stands twice"),
        ([SENTENCE | {"claims": ["X1", "Y1", "Y2"]}], "coverage.yml, sentence 1.2: no claim Y1, Y2"),
        ([SENTENCE, SENTENCE | {"sentence": 3}], "sentence 1.3: has either claims, or a status with a reason"),
        ([SENTENCE | {"status": "opinion", "reason": "r"}], "sentence 1.2: has either claims, or a status with a"),
        ([SENTENCE, SENTENCE | {"sentence": 3, "status": "opinion"}], "sentence 1.3: has either claims, or a status"),
        ([SENTENCE | {"sentence": 3, "claims": ["X1"]}], "claim X1 is at sentence 1.2, which is not listed"),
        ([SENTENCE | {"paragraph": 2, "claims": ["X1"]}], "claim X1 is at sentence 1.2, which is not listed"),
        ([SENTENCE | {"status": "hope"}], "coverage.yml, sentences.0.status: "),
        ([SENTENCE | {"gist": 1, "status": "hope"}], "coverage.yml, sentences.0.gist: "),
    ],
)
def test_sentences_against_a_rule_are_refused_with_their_place(folder, sentences, message):
    with pytest.raises(DataError) as refused:
        covered(folder, *sentences)
    assert message in str(refused.value)


def test_a_system_is_in_a_chapter(folder):
    with pytest.raises(DataError, match=r"coverage.yml, system Thing, field chapter: 'three' is not in chapters.yml"):
        covered(folder, SENTENCE, system=SYSTEM | {"chapter": "three"})
