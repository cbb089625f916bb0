"""A row of the ledger, composed of a claim, a finding and the verdict on it."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import Field, TypeAdapter

from analysis.engine.claims import (
    ID,
    Asserted,
    Claim,
    Curve,
    Estimate,
    Evidence,
    Finding,
    Kind,
    Sha256,
    Support,
    frozen,
    interval,
)
from analysis.engine.claims.judge import Certainty, Label, certainty, judge
from analysis.engine.ledger.records import PARTS, SCHEMA_VERSION


@frozen
class Entry:
    """A row of the ledger: what was claimed, what was found, and what follows by rule."""

    id: Annotated[str, Field(pattern=f"^{ID.pattern}$")]
    """identifier of the claim, never reused"""
    chapter: str
    """chapter that examines it"""
    kind: Kind
    """kind of claim, which decides the rule of its verdict"""
    statement: str
    """the claim in our own words"""
    asserted: Asserted
    """what the report asserts"""
    T: str | None
    """acceptance region in interval notation, in the asserted unit; null where there is no number"""
    T_minor: str | None
    """the wider region within which a difference counts as minor"""
    estimate: Estimate | None
    """what was found, as a number"""
    evidence: tuple[Evidence, ...]
    """what was found, as observations that bear on the claim"""
    verdict: Label
    """the verdict by rule"""
    primary_verdict: Label
    """the verdict under the primary definition; another one only where `verdict` is "definition-ambiguous"."""
    reason: str | None
    """why there is no other verdict, or what it turns on"""
    support: Support | None
    """share of the admissible specifications under which the claim holds"""
    curve: Curve | None
    """the estimates behind the support"""
    certainty: Certainty | None
    """how far the evidence can be trusted, with every downgrade"""
    level: Literal[1, 2, 3, 4, 5] | None
    """1 a secondary figure, 2 a primary figure, 3 our estimate on compiled observations, 4 confirmed on a second
    independent compilation, 5 our own measurement"""
    nearest_true: str | None
    """what would make the claim true"""
    as_of: date
    """date that the statement is about"""
    due: date | None
    """date on which a forecast can be judged"""
    expires: date | None
    """date after which the verdict has to be looked at again; null where history does not change"""
    tables: dict[str, Sha256]
    """tables read -> sha256 of the file"""
    computed_by: str | None
    """module:function that assesses the claim"""
    code_sha256: Sha256
    """hash over the source files of that function, of all that it imports of this package, and of the judge; of the
    judge alone where there is no function"""
    definition_sha256: Sha256
    """hash of the claim as declared"""
    schema_version: Literal[2] = SCHEMA_VERSION
    """version of this schema; records of release 0.1.0, which have none, are of version 1"""

    @property
    def region(self) -> pd.Interval | None:
        """`T` as an interval."""
        return None if self.T is None else interval(self.T)


LEDGER = TypeAdapter(list[Entry])
_NAMES = frozenset(field.name for field in fields(Entry))


def compose(
    claim: Claim,
    finding: Finding | None,
    *,
    today: date,
    tables: Mapping[str, str],
    computed_by: str | None,
    code_sha256: str,
) -> Entry:
    """Row of the ledger on one claim.

    Parameters
    ----------
    claim : Claim
    finding : Finding or None
        None where no function assesses the claim.
    today : date
        Decides whether a forecast is due.
    tables : mapping
        SHA-256 of each table read, by name.
    computed_by : str or None
        ``module:function``.
    code_sha256 : str
        Hash of the code that decides.
    """
    verdict = judge(claim, finding, today=today)
    found = finding or Finding(level=1, basis="secondary")
    assessed = finding is not None and verdict.label not in ("not-reproducible", "pending")
    graded = {"level": found.level, "certainty": certainty(claim, found)} if assessed else {}
    return Entry(
        **_shared(claim) | _shared(found) | {"level": None, "certainty": None} | graded,
        verdict=verdict.label,
        primary_verdict=verdict.primary,
        reason=verdict.reason,
        tables=dict(tables),
        computed_by=computed_by,
        code_sha256=code_sha256,
        definition_sha256=claim.sha256,
    )


def _shared(part: Claim | Finding) -> dict[str, Any]:
    """Fields that an entry has from a claim or a finding, under the same names."""
    return {field.name: getattr(part, field.name) for field in fields(part) if field.name in _NAMES}


def table_schema() -> dict[str, Any]:
    """Table Schema (Data Package 2.0) of the ledger as CSV, from the fields of `Entry`: what ``make schema`` writes.

    Parts of an entry are columns of their own, evidence is counted, and the curve is left to the JSON.
    """
    parts = LEDGER.json_schema(mode="serialization")["$defs"]
    columns: dict[str, str] = {}
    for name, field in parts["Entry"]["properties"].items():
        if name in PARTS:
            own = parts[name.capitalize()]["properties"]
            columns |= {f"{name}_{part}": _column_type(of_part) for part, of_part in own.items()}
        elif name == "certainty":
            columns |= {"certainty": "string", "certainty_reasons": "string"}
        elif name == "evidence":
            columns["evidence_rows"] = "integer"
        elif name != "curve":
            columns[name] = _column_type(field)
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [{"name": name, "type": kind} for name, kind in columns.items()],
        "primaryKey": ["id"],
        "missingValues": [""],
    }


def _column_type(field: Mapping[str, Any]) -> str:
    (field,) = (option for option in field.get("anyOf", [field]) if option.get("type") != "null")
    return {"date": "date"}.get(field.get("format"), {"object": "string"}.get(field["type"], field["type"]))
