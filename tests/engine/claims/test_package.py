"""Seals: what was changed is refused, marked, or taken back; the description validates as a Data Package."""

import json
import subprocess
import sys

import pytest

from analysis.engine.claims import load_claims
from analysis.engine.claims.package import DOCUMENTS, _constraint, check, seal
from analysis.engine.data import sealed
from analysis.engine.data.sealed import PACKAGE
from analysis.engine.data.tables import load, schemas
from tests.conftest import rewrite


def double(folder, symbol="TAO"):
    def change(table):
        rows = table.symbol == symbol
        table.loc[rows, "close_usd"] = (table.loc[rows, "close_usd"].astype(float) * 2).astype(str)
        return table

    rewrite(folder, "token_prices", change)


@pytest.mark.slow
def test_the_shipped_data_pass_every_check():
    assert check() == []
    assert sealed.is_modified() == ()


def test_an_unsealed_change_is_refused_and_names_the_remedy(small_data):
    double(small_data, "BTC")
    with pytest.raises(
        sealed.DataError, match=r"token_prices.csv: sha256 .* changed since it was sealed.*analysis seal"
    ):
        load("token_prices", small_data)
    assert "changed since it was sealed" in check(small_data)[0]


def test_an_unsealed_correction_is_refused_by_what_it_corrects(small_data):
    rewrite(small_data, "corrections", lambda t: t.assign(reason="another reason"))
    with pytest.raises(sealed.DataError, match=r"corrections\.csv: sha256"):
        load("token_prices", small_data)


@pytest.mark.slow
def test_a_copy_that_lost_its_description_is_measured_against_the_shipped_one(data_copy):
    (data_copy / PACKAGE).unlink()
    double(data_copy, "BTC")
    assert seal(data_copy) == ("token_prices",)


def test_an_unsealed_claim_is_refused(small_data):
    claims = small_data / "claims.yml"
    claims.write_text(claims.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(sealed.DataError, match=r"claims\.yml: sha256"):
        load_claims(small_data)


@pytest.mark.slow
def test_a_sealed_copy_is_read_and_marked(data_copy):
    before = load("token_prices", data_copy)
    double(data_copy, "BTC")
    assert seal(data_copy) == ("token_prices",)
    after = load("token_prices", data_copy)
    assert sealed.is_modified(data_copy) == ("token_prices",)
    btc = after.symbol == "BTC"
    assert after.close_usd[btc].sum() == pytest.approx(2 * before.close_usd[btc].sum())
    assert after[~btc].equals(before[~btc])


@pytest.mark.slow
def test_going_back_to_the_shipped_file_takes_the_mark_away(small_data):
    assert seal(small_data, release=True) == ()
    original = sealed.path("tokens", small_data).read_bytes()
    rewrite(small_data, "tokens", lambda t: t.iloc[::-1])
    assert seal(small_data) == ("tokens",)
    assert seal(small_data) == ("tokens",)  # sealing again keeps it
    sealed.path("tokens", small_data).write_bytes(original)
    assert seal(small_data) == ()


@pytest.mark.slow
def test_a_release_takes_the_files_as_the_shipped_ones(small_data):
    assert sealed.is_modified(small_data)
    assert seal(small_data, release=True) == ()


@pytest.mark.slow
def test_a_faulty_copy_is_not_sealed_and_nothing_is_written(small_data):
    before = (small_data / PACKAGE).read_bytes()
    rewrite(small_data, "tokens", lambda t: t.assign(vertical="gaming"))
    with pytest.raises(sealed.DataError, match=r"not sealed:\ntokens\.csv, row 2, column vertical: 'gaming'"):
        seal(small_data)
    assert (small_data / PACKAGE).read_bytes() == before
    assert not list(small_data.glob("*.partial"))


def test_check_lists_the_faults_of_all_tables_at_once(small_data):
    rewrite(small_data, "tokens", lambda t: t.assign(vertical="gaming"))
    rewrite(small_data, "token_prices", lambda t: t.assign(close_usd="0"))
    faults = "\n".join(check(small_data, sealed=False))
    assert "column vertical" in faults
    assert "column close_usd" in faults


@pytest.mark.parametrize("content", [None, "{", "[]", "{}", '{"resources": [{"name": "tokens"}]}'])
def test_a_missing_or_broken_description_is_named(small_data, content):
    file = small_data / PACKAGE
    file.unlink() if content is None else file.write_text(content)
    with pytest.raises(sealed.DataError, match=PACKAGE):
        load("tokens", small_data)


def test_no_such_folder():
    with pytest.raises(sealed.DataError, match="no such folder"):
        load("tokens", "nowhere")


def validated_by_frictionless(folder) -> dict:
    """Report of an independent reader of Data Packages, in its own process, since it leaves files open."""
    command = [sys.executable, "-m", "frictionless", "validate", PACKAGE, "--type", "package", "--json"]
    return json.loads(
        subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120).stdout
    )


@pytest.mark.slow
def test_the_description_is_a_valid_data_package_and_the_small_tables_pass_it(small_data):
    report = validated_by_frictionless(small_data)
    assert report["stats"]["tasks"] == len(schemas()) + len(DOCUMENTS)
    assert report["valid"], report


@pytest.mark.slow
def test_the_description_catches_what_the_schema_forbids(small_data):
    file = small_data / PACKAGE
    package = json.loads(file.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        del resource["hash"], resource["bytes"]
    file.write_text(json.dumps(package), encoding="utf-8")
    rewrite(small_data, "token_prices", lambda t: t.assign(close_usd=t.close_usd.mask(t.symbol == "BTC", "0")))
    errors = {error["type"] for task in validated_by_frictionless(small_data)["tasks"] for error in task["errors"]}
    assert errors == {"constraint-error"}


def test_the_description_matches_the_files(data_copy):
    resources = {r["name"]: r for r in json.loads((data_copy / PACKAGE).read_text(encoding="utf-8"))["resources"]}
    assert set(schemas()) | {"chapters", "claims", "coverage", "tables"} == set(resources)
    for name in schemas():
        assert resources[name]["hash"] == f"sha256:{sealed.sha256(name)}"
        assert resources[name]["bytes"] == sealed.path(name).stat().st_size
        columns = [f["name"] for f in resources[name]["schema"]["fields"]]
        assert columns == list(schemas()[name].schema.columns)


@pytest.mark.parametrize(
    ("rule", "given", "limits"),
    [
        ("in_range", {"min_value": 0, "max_value": 1, "include_max": True}, {"minimum": 0, "maximum": 1}),
        ("in_range", {"min_value": 0, "max_value": 1, "include_max": False}, {"minimum": 0, "exclusiveMaximum": 1}),
        ("greater_than", {"min_value": 0}, {"exclusiveMinimum": 0}),
        ("greater_than_or_equal_to", {"min_value": 0}, {"minimum": 0}),
        ("isin", {"allowed_values": ("a", "b")}, {"required": True, "enum": ["a", "b"]}),
        ("str_length", {"min_value": 1}, {"required": True, "minLength": 1}),
        ("str_matches", {"pattern": "^a+$"}, {"pattern": "a+"}),
    ],
)
def test_a_rule_is_described_by_the_limit_of_that_name(rule, given, limits):
    assert _constraint(rule, given) == limits


def test_a_rule_without_a_name_in_the_standard_is_refused():
    with pytest.raises(ValueError, match="no Data Package constraint is known for the rule 'odd'"):
        _constraint("odd", {})


def test_what_is_compressed_says_so_and_nothing_else_does(small_data):
    resources = sealed.read_package(small_data)["resources"]
    compressed = {r["path"] for r in resources if "compression" in r}
    assert compressed == {r["path"] for r in resources if r["path"].endswith(".gz")}
    assert compressed
