"""The ledger: every claim with its estimate, verdict, support, certainty and level.

`ASSESSORS` maps claim ids to functions; each takes the claim and, by keyword, the tables that its parameters name. They
are imported only when they are called, so that what reads one chapter does not depend on the code of the others.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from importlib import import_module
from inspect import Parameter, signature
from pathlib import Path

from pydantic import TypeAdapter

from analysis import provenance, records, store
from analysis.claims import (
    CHAPTERS,
    Asserted,
    Chapter,
    Claim,
    Curve,
    Estimate,
    Evidence,
    Finding,
    Kind,
    Support,
    frozen,
    load_claims,
)
from analysis.clock import today as clock_today
from analysis.data import data_dir as resolved
from analysis.data import load, read_with, sha256
from analysis.verdicts import Certainty, Label, certainty, judge

#: Claim id -> "module:function" of the function that assesses it.
ASSESSORS: dict[str, str] = {
    "R1": "analysis.returns:assess_r1",
    "R2": "analysis.returns:assess_r2",
}


@frozen
class Entry:
    """A row of the ledger: what was claimed, what was found, and what follows by rule."""

    id: str
    """identifier of the claim, never reused"""
    chapter: Chapter
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
    level: int | None
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
    tables: dict[str, str]
    """tables read -> sha256 of the file"""
    computed_by: str | None
    """module:function that assesses the claim"""
    code_sha256: str | None
    """hash over the source files of that function, of all that it imports of this package, and of the judge"""
    definition_sha256: str
    """hash of the claim as declared"""


LEDGER = TypeAdapter(list[Entry])


def assess(
    chapter: Chapter | None = None, data_dir: str | os.PathLike | None = None, *, today: date | None = None
) -> list[Entry]:
    """Compute the ledger, or one chapter of it, in the order of ``claims.yml``.

    Parameters
    ----------
    chapter : Chapter, optional
        Default: all.
    data_dir : path, optional
        As in `analysis.data.data_dir`.
    today : date, optional
        Decides whether a forecast is due.

    Returns
    -------
    list of Entry

    Raises
    ------
    DataError
        If a table or claim cannot be read.
    ValueError
        If the chapter is unknown.

    Examples
    --------
    >>> assess("returns")[0].verdict
    'differs-opposite'
    """
    return _assessed(_of_chapter(load_claims(data_dir).values(), chapter), data_dir, today or clock_today())


def current(
    chapter: Chapter | None = None,
    data_dir: str | os.PathLike | None = None,
    *,
    watch: Callable[[Sequence[Chapter]], Iterable[Chapter]] = iter,
) -> list[Entry]:
    """The ledger, or one chapter of it: each chapter as it was kept if nothing that decides it changed, else computed.

    Errors are those of `assess`; the day is that of `analysis.clock.today`.

    Parameters
    ----------
    chapter : Chapter, optional
        Default: all.
    data_dir : path, optional
        As in `analysis.data.data_dir`.
    watch : callable, optional
        Passes the chapters through, such as a progress bar.

    Examples
    --------
    >>> current("returns") == assess("returns")
    True
    """
    claims = load_claims(data_dir)
    found = {}
    for name in watch(CHAPTERS if chapter is None else (chapter,)):
        own = _of_chapter(claims.values(), name)
        definitions = {claim.id: claim.sha256 for claim in own}
        kept = store.find(name, data_dir, definitions=definitions)
        if kept is None:
            kept = to_records(_assessed(own, data_dir, clock_today()))
            store.keep(
                name,
                kept,
                data_dir=data_dir,
                modules=provenance.hashes(provenance.closure([__name__, *modules_of(name)])),
                tables={read for table in tables_of(name) for read in read_with(table)},
                definitions=definitions,
                order=list(claims),
            )
        found |= {entry.id: entry for entry in LEDGER.validate_python(kept)}
    return [found[claim] for claim in claims if claim in found]


def entries(chapter: Chapter | None = None) -> list[Entry]:
    """The ledger, or one chapter of it: as the pipeline left it, else as `current` has it.

    The environment variable ``ANALYSIS_LEDGER`` names the folder in which the pipeline leaves ``<chapter>.json``.
    """
    folder = os.environ.get("ANALYSIS_LEDGER")
    if not folder:
        return current(chapter)
    chapters = CHAPTERS if chapter is None else (chapter,)
    found = {e.id: e for name in chapters for e in LEDGER.validate_json((Path(folder) / f"{name}.json").read_bytes())}
    return [found[claim.id] for claim in _of_chapter(load_claims().values(), chapter)]


def entry(claim_id: str) -> Entry:
    """One row of the ledger.

    Raises
    ------
    KeyError
        If there is no such claim.
    """
    claims = load_claims()
    if claim_id not in claims:
        raise KeyError(f"no claim {claim_id!r}; the claims are {', '.join(claims)}")
    return next(e for e in entries(claims[claim_id].chapter) if e.id == claim_id)


def write(chapter: Chapter, folder: str | os.PathLike, data_dir: str | os.PathLike | None = None) -> Path:
    """Bring a chapter of the ledger into ``folder/<chapter>.json``, whole or not at all; returns the file."""
    file = Path(folder) / f"{chapter}.json"
    content = records.to_json(to_records(current(chapter, data_dir)))
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    partial.write_text(content, encoding="utf-8")
    return partial.replace(file)


def line(entry: Entry) -> str:
    """An entry in a line, as `analysis.records.line` writes it.

    Examples
    --------
    >>> line(entry("C4"))
    'C4  unassessed            –'
    """
    return records.line(to_records([entry])[0])


def to_records(rows: Iterable[Entry]) -> list[dict]:
    """Entries as JSON-ready dictionaries."""
    return LEDGER.dump_python(list(rows), mode="json")


def json_schema() -> dict:
    """JSON Schema (draft 2020-12) of the ledger as JSON.

    Examples
    --------
    >>> json_schema()["type"]
    'array'
    """
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Ledger of verdicts"} | (
        LEDGER.json_schema(mode="serialization")
    )


def tables_of(chapter: Chapter) -> tuple[str, ...]:
    """Names of the tables that a chapter's functions read.

    Examples
    --------
    >>> tables_of("returns")
    ('market_prices', 'token_prices', 'token_supplies', 'token_turnover', 'tokens')
    """
    return tuple(sorted({name for claim_id in _ids(chapter) for name in _tables(_assessor(claim_id))}))


def modules_of(chapter: Chapter) -> tuple[str, ...]:
    """Modules that hold a chapter's functions.

    Examples
    --------
    >>> modules_of("returns")
    ('analysis.returns',)
    """
    return tuple(sorted({ASSESSORS[claim_id].split(":")[0] for claim_id in _ids(chapter)}))


def _assessed(claims: Iterable[Claim], data_dir: str | os.PathLike | None, today: date) -> list[Entry]:
    read = cache(lambda name: load(name, data_dir))
    return [_entry(claim, read, data_dir, today) for claim in claims]


def rests_on(function: str) -> frozenset[str]:
    """Modules that decide what the ledger says of a claim: those of its function, all they import here, the judge.

    Parameters
    ----------
    function : str
        ``module:function``, as in `ASSESSORS`.

    Examples
    --------
    >>> sorted(rests_on(ASSESSORS["R1"]) & {"analysis.verdicts", "analysis.returns.index", "analysis.site"})
    ['analysis.returns.index', 'analysis.verdicts']
    """
    return provenance.closure([function.partition(":")[0], judge.__module__])


def _entry(claim: Claim, read: Callable, data_dir: str | os.PathLike | None, today: date) -> Entry:
    finding, names = None, ()
    if claim.id in ASSESSORS:
        function = _assessor(claim.id)
        names = _tables(function)
        finding = function(claim, **{name: read(name) for name in names})
    verdict = judge(claim, finding, today=today)
    found = finding or Finding(level=1, basis="secondary")
    assessed = finding is not None and verdict.label != "not-reproducible"
    return Entry(
        id=claim.id,
        chapter=claim.chapter,
        kind=claim.kind,
        statement=claim.statement,
        asserted=claim.asserted,
        T=claim.T,
        T_minor=claim.T_minor,
        estimate=found.estimate,
        evidence=found.evidence,
        verdict=verdict.label,
        primary_verdict=verdict.primary,
        reason=verdict.reason,
        support=found.support,
        curve=found.curve,
        certainty=certainty(claim, found) if assessed else None,
        level=found.level if assessed else None,
        nearest_true=found.nearest_true,
        as_of=claim.as_of,
        due=claim.due,
        expires=claim.expires,
        tables={name: sha256(name, resolved(data_dir)) for name in sorted({n for t in names for n in read_with(t)})},
        computed_by=ASSESSORS.get(claim.id),
        code_sha256=_code(ASSESSORS.get(claim.id)),
        definition_sha256=claim.sha256,
    )


@cache
def _code(function: str | None) -> str | None:
    return None if function is None else provenance.fingerprint(rests_on(function))


def _of_chapter(claims: Iterable[Claim], chapter: Chapter | None) -> list[Claim]:
    if chapter is not None and chapter not in CHAPTERS:
        raise ValueError(f"unknown chapter {chapter!r}; the chapters are {', '.join(CHAPTERS)}")
    return [claim for claim in claims if chapter in (None, claim.chapter)]


def _ids(chapter: Chapter) -> list[str]:
    """Claims that a function of this chapter assesses."""
    return [claim_id for claim_id, name in ASSESSORS.items() if name.startswith(f"analysis.{chapter}:")]


def _assessor(claim_id: str) -> Callable[..., Finding]:
    module, function = ASSESSORS[claim_id].split(":")
    return getattr(import_module(module), function)


def _tables(function: Callable) -> Sequence[str]:
    return [p.name for p in signature(function).parameters.values() if p.kind is Parameter.KEYWORD_ONLY]
