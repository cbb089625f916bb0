"""The verdict diff: causes by rule on hand-made records, and by real recomputation on small folders and checkouts."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

import analysis
from analysis.engine.claims import read_claims
from analysis.engine.claims.coverage import COVERAGE
from analysis.engine.claims.package import seal
from analysis.engine.cli import main, parser
from analysis.engine.data.sealed import DataError
from analysis.engine.diff import Unavailable, between, compare, read_ledger, recompute, sides, to_json, to_text
from analysis.engine.diff.core import INPUTS, effective
from analysis.engine.diff.recompute import records_of
from analysis.engine.site.changes import changes, last_release
from analysis.engine.words.formats import SPACE
from tests.conftest import rewrite

ROOT = Path(__file__).parents[3]
CLAIMS = "claims.yml"


def record(claim_id: str = "R1", **fields) -> dict:
    """A ledger record with what a comparison reads."""
    estimate = {
        "value": -80.0,
        "low": -88.0,
        "high": -70.0,
        "unit": "%",
        "n": 30,
        "interval_of": "x",
        "method": "y",
        "bound": "exact",
    }
    return {
        "id": claim_id,
        "chapter": "returns",
        "kind": "bound",
        "statement": f"Statement of {claim_id}.",
        "verdict": "differs-opposite",
        "primary_verdict": "differs-opposite",
        "estimate": estimate,
        "evidence": [],
        "reason": None,
        "support": {"balanced": 0.0, "low": 0.0, "high": 0.0, "pivotal": None},
        "certainty": {"grade": "moderate", "reasons": []},
        "level": 3,
        "nearest_true": None,
        "due": None,
        "tables": {"tokens": "t0", "token_prices": "p0"},
        "computed_by": "analysis.returns:assess_r1",
        "code_sha256": "c0",
        "definition_sha256": "d0",
    } | fields


#: What makes each input another one.
SWITCHED = {
    "data": {"tables": {"tokens": "t0", "token_prices": "p1"}},
    "code": {"code_sha256": "c1"},
    "definition": {"definition_sha256": "d1"},
}


def world(verdict: Callable[[frozenset], str]) -> Callable[[frozenset], dict]:
    """Records by the inputs taken from the new side, in a world where the verdict is this function of them."""

    def records(switched: frozenset) -> dict:
        inputs = {key: value for name in switched for key, value in SWITCHED[name].items()}
        return {"R1": record(**inputs, verdict=verdict(switched))}

    return records


def causes_in(found) -> list[str]:
    assert [cause.doubt for change in found.changes for cause in change.causes] == [None] * sum(
        len(change.causes) for change in found.changes
    )
    return [cause.name for cause in found.changes[0].causes]


@pytest.mark.parametrize("name", INPUTS)
def test_the_only_input_that_differs_is_the_cause_without_recomputing(name):
    found = compare([record()], [record(**SWITCHED[name], verdict="inconclusive")])
    assert causes_in(found) == [name]


@given(st.tuples(*[st.booleans()] * 8))
def test_named_causes_are_the_inputs_that_the_function_depends_on(values):
    settings = [frozenset(n for n, on in zip(INPUTS, bits, strict=True) if on) for bits in BITS]
    function = dict(zip(settings, values, strict=True))
    depends = {n for n in INPUTS if any(function[s] != function[s ^ {n}] for s in settings)}
    assert set(effective(INPUTS, function.__getitem__, bool.__eq__)) == depends
    everything = frozenset(INPUTS)
    if function[frozenset()] != function[everything]:
        recompute = world(lambda on: "reproduced" if function[on] else "inconclusive")
        found = compare([recompute(frozenset())["R1"]], [recompute(everything)["R1"]], recompute)
        assert set(causes_in(found)) == depends
        back = compare(
            [recompute(everything)["R1"]], [recompute(frozenset())["R1"]], lambda on: recompute(everything - on)
        )
        assert set(causes_in(back)) == depends


BITS = [(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)]


@given(st.tuples(*[st.integers(0, 1)] * 8), st.sampled_from(["old", "new", "neither"]))
def test_where_a_side_has_no_function_causes_are_symmetric_and_each_has_an_effect(values, without):
    verdicts = dict(zip(BITS, values, strict=True))
    everything = frozenset(INPUTS)

    def world(on: frozenset) -> dict:
        data, code, definition = ("data" in on, "code" in on, "definition" in on)
        none = without == "neither" or ("new" if code else "old") == without
        verdict = verdicts[not none and data, code, definition]
        inputs = {key: value for name in on for key, value in SWITCHED[name].items()}
        nothing = {"tables": {}, "computed_by": None} if none else {}
        return {"R1": record(**inputs | nothing, verdict=("inconclusive", "reproduced")[verdict])}

    old, new = world(frozenset())["R1"], world(everything)["R1"]
    if old["verdict"] == new["verdict"]:
        return
    there, back = (
        causes_in(compare([old], [new], world)),
        causes_in(compare([new], [old], lambda on: world(everything - on))),
    )
    assert there == back
    # a function gets the data of its own side, nothing else does
    data = {"old": (0, 1), "new": (0, 0), "neither": (0, 0)}[without]
    at = {(code, definition): verdicts[data[code], code, definition] for code in (0, 1) for definition in (0, 1)}
    assert ("code" in there) == any(at[0, definition] != at[1, definition] for definition in (0, 1))
    assert ("definition" in there) == any(at[code, 0] != at[code, 1] for code in (0, 1))
    assert "data" not in there


@given(st.tuples(*[st.booleans()] * 8), st.sets(st.integers(1, 6)))
def test_what_cannot_be_computed_makes_an_input_possible_never_absent(values, broken):
    settings = [frozenset(n for n, on in zip(INPUTS, bits, strict=True) if on) for bits in BITS]
    function = dict(zip(settings, values, strict=True))

    def partly(on: frozenset) -> bool:
        if settings.index(on) in broken:
            raise Unavailable("no such table")
        return function[on]

    found = effective(INPUTS, partly, bool.__eq__)
    depends = effective(INPUTS, function.__getitem__, bool.__eq__)
    assert depends.keys() <= found.keys()
    assert {name for name, doubt in found.items() if doubt is None} <= depends.keys()
    assert {doubt for doubt in found.values() if doubt} <= {"no such table"}


def test_without_recomputing_several_inputs_are_each_possible():
    new = record(**SWITCHED["data"], **SWITCHED["code"], verdict="inconclusive")
    (change,) = compare([record()], [new]).changes
    assert [(cause.name, bool(cause.doubt)) for cause in change.causes] == [("data", True), ("code", True)]


def test_an_input_that_differs_for_other_claims_only_is_taken_from_the_side_that_can_be_computed():
    asked = []

    def recompute(on: frozenset) -> dict:
        asked.append(on)
        if "definition" not in on and on:
            raise Unavailable("not at hand: the definition of old.json")
        return world(lambda on: "inconclusive" if "data" in on else "reproduced")(on)

    old, new = record(verdict="reproduced"), record(**SWITCHED["data"], **SWITCHED["code"], verdict="inconclusive")
    assert causes_in(compare([old], [new], recompute)) == ["data"]
    assert frozenset({"data", "definition"}) in asked


def test_another_function_of_the_same_modules_is_code():
    new = record(computed_by="analysis.returns:assess_r2", verdict="inconclusive")
    assert causes_in(compare([record()], [new])) == ["code"]


def test_a_table_that_one_side_reads_is_codes_unless_the_sides_are_known_to_differ_in_it():
    old = record(tables={"tokens": "t0"})
    new = record(**SWITCHED["code"], verdict="inconclusive")
    assert causes_in(compare([old], [new])) == ["code"]
    told = {
        name: change.causes
        for name, change in {
            "by another claim": compare([old, record("R2")], [new, record("R2", **SWITCHED["data"])]).changes[0],
            "by the folders": compare([old], [new | SWITCHED["data"]], other_tables={"token_prices"}).changes[0],
        }.items()
    }
    for causes in told.values():
        assert [(cause.name, bool(cause.doubt)) for cause in causes] == [("data", True), ("code", True)]
        assert causes[0].what == "token_prices"


def test_a_saved_ledger_that_recomputes_differently_is_the_environments_also_where_one_input_differs():
    old, new = record(verdict="reproduced"), record(**SWITCHED["data"], verdict="inconclusive")
    assert causes_in(compare([old], [new], world(lambda on: "inconclusive"))) == ["environment"]
    assert causes_in(compare([old], [new], world(lambda on: "inconclusive" if on else "reproduced"))) == ["data"]


def test_a_single_input_is_only_possible_where_the_saved_ledger_cannot_be_recomputed():
    def recompute(on: frozenset) -> dict:
        if "data" not in on:
            raise Unavailable("not at hand: the data of old.json")
        return world(lambda on: "inconclusive")(on)

    old, new = record(verdict="reproduced"), record(**SWITCHED["data"], verdict="inconclusive")
    (cause,) = compare([old], [new], recompute).changes[0].causes
    assert (cause.name, cause.doubt) == (
        "data",
        "a saved ledger was not recomputed, not at hand: the data of old.json",
    )


def test_a_change_without_a_changed_input_is_the_environments():
    (change,) = compare([record()], [record(level=4)]).changes
    assert [cause.name for cause in change.causes] == ["environment"]


def test_an_entry_that_recomputing_does_not_give_again_is_the_environments_too():
    new = record(**SWITCHED["data"], **SWITCHED["code"], verdict="inconclusive")
    found = compare([record()], [new], world(lambda on: "inconclusive"))
    assert causes_in(found) == ["environment"]


def test_a_forecast_that_fell_due_is_the_dates():
    old = record("C1", kind="forecast", verdict="pending", primary_verdict="pending", due="2028-12-31")
    new = old | {"verdict": "inconclusive", "primary_verdict": "inconclusive"}
    assert [cause.name for cause in compare([old], [new]).changes[0].causes] == ["date"]
    (change,) = compare([old], [new | SWITCHED["data"]]).changes
    assert [(cause.name, bool(cause.doubt)) for cause in change.causes] == [("date", False), ("data", True)]
    moved = new | SWITCHED["definition"] | {"due": "2026-01-01"}
    assert causes_in(compare([old], [moved])) == ["definition"]


def test_the_date_is_no_cause_where_both_sides_are_judged_on_one_day():
    old = record("C1", kind="forecast", verdict="pending", primary_verdict="pending", due="2028-12-31")
    new = old | SWITCHED["code"] | {"verdict": "inconclusive", "primary_verdict": "inconclusive"}
    assert causes_in(compare([old], [new], same_day=True)) == ["code"]


@pytest.mark.parametrize(
    ("today", "named"),
    [
        (("pending", "inconclusive"), [("code", False)]),
        (("inconclusive", "inconclusive"), [("date", False), ("code", True)]),
        (None, [("date", True), ("code", True)]),
    ],
)
def test_where_code_differs_judging_again_tells_whether_it_is_the_date(today, named):
    old = record(kind="forecast", verdict="pending", due="2028-12-31")
    new = old | SWITCHED["code"] | {"verdict": "inconclusive"}
    again = today and (lambda on: {"R1": (old, new)["code" in on] | {"verdict": today["code" in on]}})
    (change,) = compare([old], [new], again).changes
    assert [(cause.name, bool(cause.doubt)) for cause in change.causes] == named


def test_a_claim_that_gets_its_function_changes_by_code_whatever_it_reads():
    old = record(verdict="unassessed", tables={}, computed_by=None, code_sha256=None, estimate=None)
    assert causes_in(compare([old], [record()])) == ["code"]


def test_wording_hashes_and_last_digits_are_no_change():
    estimate = record()["estimate"]
    new = record(
        statement="In other words.",
        estimate=estimate | {"method": "in other words", "value": estimate["value"] * (1 + 1e-12)},
        **SWITCHED["code"],
    )
    found = compare([record()], [new])
    assert (found.changes, found.unchanged, found.rebased) == ((), ("R1",), ("R1",))
    estimate = estimate | {"value": 0.0}
    assert compare([record(estimate=estimate)], [record(estimate=estimate | {"value": -1e-15})]).changes == ()


def test_a_row_of_evidence_is_its_bearing_part_source_date_and_vendor_not_its_words():
    row = {
        "statement": "x",
        "bearing": "supports",
        "source_id": "s",
        "observed_on": None,
        "vendor": False,
        "part": None,
    }
    old = record(evidence=[row])
    assert compare([old], [record(evidence=[row | {"statement": "y"}])]).changes == ()
    for field, value in {"bearing": "neutral", "source_id": "t", "vendor": True, "part": "a"}.items():
        assert compare([old], [record(evidence=[row | {field: value}])]).changes[0].fields == ("evidence",)


def test_flips_come_first_then_other_changes_then_what_came_and_went():
    old = [record("R1"), record("R2"), record("C1"), record("D1")]
    new = [record("R1", level=4), record("R2", verdict="inconclusive"), record("C1"), record("V1")]
    found = compare(old, new)
    assert [(change.id, change.flipped) for change in found.changes] == [("R2", True), ("R1", False)]
    assert [r["id"] for r in (*found.appeared, *found.vanished)] == ["V1", "D1"]
    assert found.unchanged == ("C1",)
    text = to_text(found)
    places = [text.index(part) for part in ("Verdict flips", "R2", "Other changes", "R1", "Appeared", "Vanished")]
    assert places == sorted(places)
    assert "differs-opposite → inconclusive" in text
    assert text.endswith("1 claim says the same.\n")


def test_json_holds_what_the_text_says():
    new = record(**SWITCHED["data"], verdict="inconclusive")
    found = json.loads(to_json(compare([record()], [new]), "a", "b"))
    assert (found["old"], found["new"], found["unchanged"]) == ("a", "b", [])
    (change,) = found["changes"]
    assert change["flipped"]
    assert change["causes"] == [{"name": "data", "what": "token_prices", "doubt": None}]
    assert (change["old"]["verdict"], change["new"]["verdict"]) == ("differs-opposite", "inconclusive")


def test_causes_in_words_name_the_doubt():
    new = record(**SWITCHED["data"], **SWITCHED["code"], verdict="inconclusive")
    text = to_text(compare([record()], [new]))
    assert "possibly data (token_prices) or code (analysis.returns:assess_r1): several inputs differ" in text


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "the whole: Invalid JSON"),
        ("{}", "the whole: Input should be a valid"),
        ("[1]", "0: Input should be"),
        (json.dumps([record(), record("R2") | {"verdict": "true"}]), "1.verdict: Input should be 'reproduced'"),
        (json.dumps([record() | {"tables": {"tokens": 3}}]), "0.tables.tokens: Input should be a valid string"),
        (json.dumps([record(), record()]), "claim R1 stands twice"),
        ("", "the whole: Invalid JSON"),
    ],
)
def test_what_is_no_ledger_is_refused_with_the_place(content, said, tmp_path):
    file = tmp_path / "x.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=f"x.json: not a saved ledger: {re.escape(said)}"):
        read_ledger(file)


def test_a_ledger_of_another_version_is_read(tmp_path):
    file = tmp_path / "x.json"
    older = {key: value for key, value in record(new_field=1).items() if key not in ("code_sha256", "due")}
    file.write_text(json.dumps([older]), encoding="utf-8")
    (read,) = read_ledger(file)
    assert "new_field" not in read
    assert compare([older], [read]).unchanged == ("R1",)
    assert {key: read[key] for key in older.keys() & read.keys()} == {
        key: older[key] for key in older.keys() & read.keys()
    }


def test_what_is_read_is_what_was_validated(tmp_path):
    file = tmp_path / "x.json"
    file.write_text(json.dumps([record(estimate=record()["estimate"] | {"value": "-80"}, level="4")]), "utf-8")
    (read,) = read_ledger(file)
    assert (read["estimate"], read["level"]) == (record()["estimate"], 4)
    text = to_text(compare([record(verdict="inconclusive")], [read]))
    assert "−80" in text


def test_at_takes_one_folder_and_leaves_the_sides_alone():
    options = parser().parse_args(["diff", "--at", "data", "--at", "more", "a.json", "b.json"])
    assert (options.at, options.old, options.new) == (["data", "more"], "a.json", "b.json")


@pytest.mark.parametrize("error", [KeyError("price"), ZeroDivisionError("by zero")])
def test_whatever_fails_in_a_mixture_makes_it_unavailable_with_the_reason(error, tmp_path, monkeypatch):
    def fail(**_):
        raise error

    monkeypatch.setattr(recompute, "seal", lambda folder: None)
    monkeypatch.setattr(recompute.ledger, "assess", fail)
    with pytest.raises(Unavailable, match=f"{type(error).__name__}: .*{error.args[0]}"):
        recompute.tried(tmp_path, recompute.running(), tmp_path, to_be_sealed=True)


@pytest.mark.parametrize(
    ("does", "said"),
    [(f"print({text!r})", "printed no ledger") for text in ("{", "[1]", '[{"verdict": "x"}]', "3")]
    + [("raise OSError('old prices')", "OSError: old prices"), ("return 3", "exit status 3")],
)
def test_another_code_that_gives_no_ledger_is_refused_with_the_reason(does, said, tmp_path):
    (tmp_path / "analysis").mkdir()
    (tmp_path / "analysis" / "__init__.py").touch()
    (tmp_path / "analysis" / "__main__.py").write_text(f"def main(arguments):\n    {does}\n", "utf-8")
    with pytest.raises(DataError, match=said):
        records_of(tmp_path, tmp_path, tmp_path / "scratch")
    with pytest.raises(Unavailable, match=said):
        recompute.tried(tmp_path, tmp_path, tmp_path / "again")


def test_a_path_that_is_no_side_is_refused(tmp_path, capsys):
    assert main(["diff", str(tmp_path), str(tmp_path)]) == 1
    assert "neither a data folder (no claims.yml) nor a checkout" in capsys.readouterr().err
    assert main(["diff", str(tmp_path / "none"), str(tmp_path)]) == 1
    assert "none: no such file or folder" in capsys.readouterr().err


def test_an_unsealed_folder_is_refused_with_the_remedy(small_data, capsys):
    define(small_data, 100)
    assert main(["diff", str(small_data), str(small_data)]) == 1
    assert "run `python -m analysis seal" in capsys.readouterr().err


# ---------------------------------------------------------------- real recomputation


def dear(folder: Path) -> Path:
    """Multiply the last closes of 2025 by a hundred, so that the category rose."""
    late = "2025-12-31"
    rewrite(
        folder,
        "token_prices",
        lambda t: t.assign(close_usd=t.close_usd.mask(t.date == late, (t.close_usd.astype(float) * 100).astype(str))),
    )
    return sealed(folder)


def define(folder: Path, bound: int) -> Path:
    """Let R1 assert another bound."""
    file = folder / CLAIMS
    text = file.read_text(encoding="utf-8")
    for before, after in (
        ("value: 280,", f"value: {bound},"),
        ('"(280, inf)"', f'"({bound}, inf)"'),
        ('"(252, inf)"', f'"({bound - abs(bound) * 0.1:g}, inf)"'),
    ):
        assert text.count(before) == 1
        text = text.replace(before, after)
    file.write_text(text, encoding="utf-8")
    return folder


def sealed(folder: Path) -> Path:
    seal(folder)
    return folder


def checkout(folder: Path, data: Path, change: tuple[str, str, str] | None = None) -> Path:
    """A checkout with these data and this package, in which one text of one module is another."""
    package = Path(analysis.__file__).parent
    shutil.copytree(package, folder / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(data, folder / "data")
    if change:
        module, before, after = change
        file = folder / "analysis" / module
        text = file.read_text(encoding="utf-8")
        assert text.count(before) == 1
        file.write_text(text.replace(before, after), encoding="utf-8")
    return folder


#: Value in percent of what was invested instead of the change of it.
LEVEL_FOR_RETURN = ("returns/category.py", ".iloc[-1] - 100", ".iloc[-1] + 300")


@pytest.fixture(scope="module")
def returns_alone(small_data_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small folder without the claims of other chapters, whose recomputation would take most of the time."""
    folder = Path(shutil.copytree(small_data_once, tmp_path_factory.mktemp("returns") / "data"))
    head, *claims = re.split(r"(?m)^(?=- id: )", (folder / CLAIMS).read_text(encoding="utf-8"))
    kept = [claim for claim in claims if "chapter: returns\n" in claim]
    (folder / CLAIMS).write_text(head + "".join(kept), encoding="utf-8")
    places = {(claim.place.paragraph, claim.place.sentence) for claim in read_claims(folder).values()}
    yaml = YAML()
    coverage = yaml.load(folder / COVERAGE)
    for sentence in coverage["sentences"]:
        sentence.pop("claims", None)
        if "status" not in sentence and (sentence["paragraph"], sentence["sentence"]) not in places:
            sentence |= {"status": "opinion", "reason": "left out"}
    yaml.dump(coverage, folder / COVERAGE)
    return sealed(folder)


@pytest.fixture
def small_data(returns_alone: Path, tmp_path: Path) -> Path:
    """A sealed data folder of a test's own, with the claims of returns."""
    return Path(shutil.copytree(returns_alone, tmp_path / "data"))


@pytest.fixture
def copies(small_data: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Copies of the small folder by name."""
    return lambda name: Path(shutil.copytree(small_data, tmp_path / name))


def flips(found) -> dict[str, list[str]]:
    return {change.id: causes_of(change) for change in found.flips}


def causes_of(change) -> list[str]:
    return [cause.name if cause.doubt is None else f"{cause.name}?" for cause in change.causes]


@pytest.mark.slow
def test_data_alone(small_data, copies):
    found = between(small_data, dear(copies("dear")))
    assert flips(found)["R1"] == ["data"]
    assert [cause.what for cause in found.flips[0].causes] == ["token_prices"]


@pytest.mark.slow
def test_code_alone(small_data, tmp_path):
    found = between(small_data, checkout(tmp_path / "other", small_data, LEVEL_FOR_RETURN))
    assert flips(found) == {"R1": ["code"]}


@pytest.mark.slow
def test_definition_alone(small_data, copies):
    found = between(small_data, sealed(define(copies("defined"), -100)))
    assert flips(found) == {"R1": ["definition"]}
    assert found.flips[0].new["verdict"] == "reproduced"


@pytest.mark.slow
def test_data_and_definition(small_data, copies, capsys):
    old, new = small_data, sealed(define(dear(copies("both")), -100))
    assert flips(between(new, old))["R1"] == ["data", "definition"]
    assert main(["diff", str(old), str(new), "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["changes"][0]["id"] == "R1"
    assert len(re.findall("… recomputing with the data of", captured.err)) == 2


@pytest.mark.slow
def test_data_and_code(small_data, copies, tmp_path):
    other = checkout(tmp_path / "other", dear(copies("dear")), LEVEL_FOR_RETURN)
    assert flips(between(small_data, other))["R1"] == ["data", "code"]


@pytest.mark.slow
def test_a_row_that_no_result_rests_on_is_not_named_beside_the_definition(small_data, copies):
    folder = define(copies("both"), -100)
    rewrite(folder, "token_prices", lambda t: t[(t.date != "2023-03-05")])
    found = between(small_data, sealed(folder))
    assert flips(found) == {"R1": ["definition"]}
    assert "R2" in found.rebased


@pytest.mark.slow
def test_nothing_changed_is_said(small_data, copies, capsys):
    assert main(["diff", str(small_data), str(copies("same"))]) == 0
    assert "No verdict flips. Nothing changed: 2 claims say the same." in capsys.readouterr().out


def saved(folder: Path, file: Path, capsys) -> Path:
    capsys.readouterr()
    assert main(["verdicts", "--json", "--data", str(folder)]) == 0
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    return file


@pytest.mark.slow
def test_saved_ledgers_give_the_causes_of_their_folders(small_data, copies, tmp_path, capsys):
    folder = define(copies("both"), -100)
    rewrite(folder, "token_prices", lambda t: t[(t.date != "2023-03-05")])
    old, new = saved(small_data, tmp_path / "a.json", capsys), saved(sealed(folder), tmp_path / "b.json", capsys)
    assert flips(between(old, new, at=[small_data, folder])) == {"R1": ["definition"]}
    assert flips(between(old, folder, at=[small_data])) == {"R1": ["definition"]}
    (change,) = between(old, new, at=[folder]).changes
    assert causes_of(change) == ["data?", "definition"]
    assert "not at hand: the data of" in change.causes[0].doubt


@pytest.mark.slow
def test_code_of_a_saved_ledger_is_found_in_a_tag(small_data, copies, tmp_path, capsys, monkeypatch):
    repository = checkout(tmp_path / "repository", small_data, LEVEL_FOR_RETURN)
    old = tmp_path / "old.json"
    old.write_text(json.dumps(list(records_of(small_data, repository, tmp_path / "run").values())), encoding="utf-8")
    git = ["git", "-C", str(repository), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"], ["tag", "v0"]):
        subprocess.run([*git, *arguments], check=True)
    monkeypatch.setattr(sides, "_repository", lambda: repository)
    found = between(old, dear(copies("dear")))
    assert flips(found)["R1"] == ["data", "code"]


# ---------------------------------------------------------------- the page


def page(found, release=("0.1.0", "2026-11-22")) -> BeautifulSoup:
    return BeautifulSoup(changes(found, release, "python -m analysis diff a.json data"), "html.parser")


def words(soup) -> str:
    return " ".join(soup.get_text(" ").replace(SPACE, " ").split())


def test_the_last_release_is_the_first_with_a_date():
    log = "# Changelog\n\n## [0.3.0] - unreleased\n\n## [0.2.0] - 2027-01-31\n\n## [0.1.0] - 2026-11-22\n"
    assert last_release(log) == ("0.2.0", "2027-01-31")
    assert last_release("# Changelog\n\n## [0.1.0] - unreleased\n") is None


def test_the_page_says_so_where_nothing_is_released_or_nothing_changed():
    assert words(page(None, None)) == "No version has been released yet, so there is nothing to compare with."
    same = page(compare([record()], [record(**SWITCHED["code"])]))
    assert "Nothing changed since version 0.1.0 of 22 Nov 2026: 1 claim says the same. Of these, R1" in words(same)
    assert same.table is None


def test_the_page_shows_flips_first_then_and_now_with_badges_and_links_to_cards():
    estimate = record()["estimate"] | {"value": -70.5}
    new = [record("R1", estimate=estimate, **SWITCHED["data"]), record("R2", verdict="reproduced", **SWITCHED["code"])]
    soup = page(compare([record("R1"), record("R2")], new))
    rows = soup.select("tr:not(.chapter):has(td)")
    assert [row.a["href"] for row in rows] == ["claims/R2.html", "claims/R1.html"]
    assert [words(row.select_one(".cause")) for row in rows] == ["Code analysis.returns:assess_r1", "Data token_prices"]
    assert (words(rows[0].select_one(".then .badge-verdict")), words(rows[0].select_one(".now .badge-verdict"))) == (
        "Differs: opposite sign",
        "Reproduced",
    )
    assert "−80 %" in words(rows[1].select_one(".then"))
    assert "−70.5 %" in words(rows[1].select_one(".now"))
    assert soup.select_one("pre") is None


def test_the_page_says_that_several_inputs_are_not_told_apart_and_names_the_command():
    soup = page(compare([record()], [record(**SWITCHED["data"], **SWITCHED["code"], verdict="inconclusive")]))
    assert words(soup.select_one(".cause")).startswith("Possibly data or code several inputs differ, not told apart")
    assert soup.pre.text == "python -m analysis diff a.json data"


def test_the_page_carries_any_text_whole_and_harmless():
    hostile = "<script>alert(1)</script> & =cmd()\n🙂 \u202eright to left"
    new = [record(statement=hostile, verdict="inconclusive", nearest_true=hostile), record("V1", statement=hostile)]
    soup = page(compare([record(), record("D9", statement=hostile)], new))
    assert soup.find("script") is None
    assert [bdi.text for bdi in soup.select("bdi")] == [hostile] * 3


@pytest.mark.parametrize("release", sorted((ROOT / "book" / "releases").glob("*.json")), ids=lambda file: file.stem)
def test_ledgers_of_every_release_are_read(release):
    records = read_ledger(release)
    assert {record["schema_version"] for record in records} == {1 if release.stem == "0.1.0" else 2}
    assert len(records) >= 23
    assert compare(records, records).unchanged == tuple(record["id"] for record in records)


def test_a_ledger_of_a_later_schema_is_refused_with_the_remedy(tmp_path):
    (record,) = json.loads((ROOT / "book" / "releases" / "0.2.0.json").read_text("utf-8"))[:1]
    (tmp_path / "later.json").write_text(json.dumps([record | {"schema_version": 99}]), "utf-8")
    with pytest.raises(DataError, match=r"schema version 99, .* knows up to \d+; compare with the version that wrote"):
        read_ledger(tmp_path / "later.json")
