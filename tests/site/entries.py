"""An entry of the ledger, to be changed: what the site's functions are tried on."""

from pydantic import TypeAdapter

from analysis.engine.ledger.entries import Entry

#: As the ledger's JSON has it.
RECORD = {
    "id": "X1",
    "chapter": "returns",
    "kind": "bound",
    "statement": "A category gained more than 280 % in a year.",
    "asserted": {"form": "over", "value": 280.0, "low": None, "high": None, "unit": "%", "words": "over 280%"},
    "T": "(280, inf)",
    "T_minor": "(252, inf)",
    "estimate": {
        "value": -80.1,
        "low": -84.9,
        "high": -75.2,
        "unit": "%",
        "n": 26,
        "interval_of": "members",
        "method": "mean",
    },
    "evidence": [],
    "verdict": "differs-opposite",
    "primary_verdict": "differs-opposite",
    "reason": None,
    "support": None,
    "curve": None,
    "certainty": {"grade": "moderate", "start": "high", "reasons": ["a proxy (−1)"]},
    "level": 3,
    "nearest_true": None,
    "as_of": "2025-12-31",
    "due": None,
    "expires": None,
    "tables": {},
    "computed_by": None,
    "code_sha256": "c0" * 32,
    "definition_sha256": "d0" * 32,
}
SUPPORT = {"balanced": 0.47, "low": 0.2, "high": 0.7, "pivotal": "weights"}
CURVE = {"estimate": [-9.0, 1.0, 30.0], "to_share": [0.5, 0.75, 1.0], "holds": [False, False, True], "primary": 0}
EVIDENCE = {
    "statement": "It was seen.",
    "bearing": "supports",
    "source_id": "s1",
    "observed_on": "2025-06-01",
    "vendor": True,
    "part": "EZKL",
}
_READ = TypeAdapter(Entry)


def entry(**changes: object) -> Entry:
    """The entry with some fields changed, each given as JSON has it."""
    return _READ.validate_python(RECORD | changes)


def changed(found: Entry, **changes: object) -> Entry:
    """An entry with some fields changed, each given as JSON has it."""
    return _READ.validate_python(_READ.dump_python(found, mode="json") | changes)


def unchecked(part: object, **changes: object) -> object:
    """Part of an entry with some fields as no entry can have them; changes it."""
    for name, value in changes.items():
        object.__setattr__(part, name, value)
    return part
