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

from analysis import provenance, records, store
from analysis.claims import CHAPTERS, CLAIMS, Chapter, Claim, Finding, load_claims
from analysis.clock import today as clock_today
from analysis.data import DataError, load, read_with, sha256
from analysis.data import data_dir as resolved
from analysis.entries import LEDGER, Entry, compose
from analysis.sealed import write_whole

#: Claim id -> "module:function" of the function that assesses it.
ASSESSORS: dict[str, str] = {
    "R1": "analysis.returns:assess_r1",
    "R2": "analysis.returns:assess_r2",
    "C1": "analysis.compute.market_size:assess_c1",
    "C2": "analysis.compute.discount:assess_c2",
    "C3": "analysis.compute.steadiness:assess_c3",
    "C4": "analysis.compute.training:assess_c4",
    "C5": "analysis.compute.concentration:assess_c5",
    "C6": "analysis.compute.scarcity:assess_c6",
    "D1": "analysis.data_marketplaces.published:assess_d1",
    "D2": "analysis.data_marketplaces.published:assess_d2",
    "D3": "analysis.data_marketplaces.payments:assess_d3",
    "D4": "analysis.data_marketplaces.properties:assess_d4",
    "A1": "analysis.agents.value:assess_a1",
    "A2": "analysis.agents.results:assess_a2",
    "A3": "analysis.agents.cases:assess_a3",
    "V1": "analysis.verifiable_ai.literature:assess_v1",
    "V2": "analysis.verifiable_ai.cost:assess_v2",
    "V3": "analysis.verifiable_ai.unproved:assess_v3",
    "V4": "analysis.verifiable_ai.private:assess_v4",
}


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
    >>> assess("framework")[0].verdict
    'unassessed'
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
    >>> current("framework") == assess("framework")
    True
    """
    file = sha256(CLAIMS, data_dir)
    claims = load_claims(data_dir)
    found = {}
    for name in watch(CHAPTERS if chapter is None else (chapter,)):
        own = _of_chapter(claims.values(), name)
        kept = store.find(name, data_dir, definitions={claim.id: claim.sha256 for claim in own})
        if kept is None:
            before = _state(name, own, data_dir, order=claims, claims_sha256=file)
            kept = to_records(_assessed(own, data_dir, clock_today()))
            after = _state(name, own, data_dir, order=claims, claims_sha256=sha256(CLAIMS, data_dir))
            if before == after:  # else something was edited meanwhile, and nobody knows what the records rest on
                store.keep(before, kept)
        found |= {entry.id: entry for entry in LEDGER.validate_python(kept)}
    return [found[claim] for claim in claims if claim in found]


def _state(
    chapter: Chapter,
    own: Sequence[Claim],
    data_dir: str | os.PathLike | None,
    *,
    order: Iterable[str],
    claims_sha256: str,
) -> store.State:
    return store.State(
        chapter=chapter,
        libraries=store.libraries(),
        modules=provenance.hashes(provenance.closure([__name__, *modules_of(chapter)])),
        tables={
            name: sha256(name, data_dir)
            for name in sorted({read for table in tables_of(chapter) for read in read_with(table)})
        },
        claims=claims_sha256,
        definitions={claim.id: claim.sha256 for claim in own},
        order=list(order),
        due={claim.id: claim.due <= clock_today() for claim in own if claim.due},
    )


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
    return write_whole(file, content)


def line(entry: Entry) -> str:
    """An entry in a line, as `analysis.records.line` writes it.

    Examples
    --------
    >>> line(entry("F1"))
    'F1  unassessed            –'
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


def chapter_of(function: str) -> str:
    """Chapter that an assessor belongs to.

    Examples
    --------
    >>> chapter_of("analysis.returns.category:assess_r1")
    'returns'
    """
    return function.partition(":")[0].split(".")[1]


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


def rests_on(function: str | None) -> frozenset[str]:
    """Modules that decide what the ledger says of a claim: those of its function, all they import here, the judge.

    Parameters
    ----------
    function : str or None
        ``module:function``, as in `ASSESSORS`; None for a claim that no function assesses.

    Examples
    --------
    >>> sorted(rests_on(ASSESSORS["R1"]) & {"analysis.verdicts", "analysis.returns.index", "analysis.site"})
    ['analysis.returns.index', 'analysis.verdicts']
    """
    return provenance.closure([compose.__module__, *([function.partition(":")[0]] if function else [])])


def _entry(claim: Claim, read: Callable, data_dir: str | os.PathLike | None, today: date) -> Entry:
    function = ASSESSORS.get(claim.id)
    if function is None:
        return compose(claim, None, today=today, tables={}, computed_by=None, code_sha256=_code(None))
    if chapter_of(function) != claim.chapter:
        raise DataError(f"{CLAIMS}, claim {claim.id}, field chapter: its function is {function}, of another chapter")
    names = _tables(_assessor(claim.id))
    finding = _assessor(claim.id)(claim, **{name: read(name) for name in names})
    hashes = {name: sha256(name, resolved(data_dir)) for name in sorted({n for t in names for n in read_with(t)})}
    return compose(claim, finding, today=today, tables=hashes, computed_by=function, code_sha256=_code(function))


@cache
def _code(function: str | None) -> str:
    return provenance.fingerprint(rests_on(function))


def _of_chapter(claims: Iterable[Claim], chapter: Chapter | None) -> list[Claim]:
    if chapter is not None and chapter not in CHAPTERS:
        raise ValueError(f"unknown chapter {chapter!r}; the chapters are {', '.join(CHAPTERS)}")
    return [claim for claim in claims if chapter in (None, claim.chapter)]


def _ids(chapter: Chapter) -> list[str]:
    """Claims that a function of this chapter assesses."""
    return [claim_id for claim_id, function in ASSESSORS.items() if chapter_of(function) == chapter]


def _assessor(claim_id: str) -> Callable[..., Finding]:
    module, function = ASSESSORS[claim_id].split(":")
    return getattr(import_module(module), function)


def _tables(function: Callable) -> Sequence[str]:
    return [p.name for p in signature(function).parameters.values() if p.kind is Parameter.KEYWORD_ONLY]
