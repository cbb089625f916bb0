"""The ledger: every claim with its estimate, verdict, support, certainty and level.

The report at hand maps claim ids to functions; each takes the claim and, by keyword, the tables that its parameters
name. They are imported only when they are called, so that what reads one chapter does not depend on the code of the
others.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from inspect import Parameter, signature
from pathlib import Path

from analysis.engine.claims import CLAIMS, Claim, Finding, load_claims
from analysis.engine.data.chapters import load_chapters
from analysis.engine.data.clock import today
from analysis.engine.data.report import at_hand, named
from analysis.engine.data.sealed import DataError, sha256, write_whole
from analysis.engine.data.tables import load, read_with
from analysis.engine.ledger import provenance, records, store
from analysis.engine.ledger.entries import LEDGER, Entry, compose


def assess(chapter: str | None = None, data_dir: str | os.PathLike | None = None) -> list[Entry]:
    """Compute the ledger, or one chapter of it, in the order of ``claims.yml``, as of `clock.today`.

    Parameters
    ----------
    chapter : str, optional
        Default: all.
    data_dir : path, optional
        As in `analysis.engine.data.sealed.data_dir`.

    Returns
    -------
    list of Entry

    Raises
    ------
    DataError
        If a table or claim cannot be read.
    ValueError
        If the chapter is unknown.
    """
    claims = _of_chapter(load_claims(data_dir).values(), _known(chapter, data_dir))
    return _assessed(claims, data_dir)


def current(
    chapter: str | None = None,
    data_dir: str | os.PathLike | None = None,
    *,
    watch: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> list[Entry]:
    """The ledger, or one chapter of it: each chapter as it was kept if nothing that decides it changed, else computed.

    Errors and the day are those of `assess`.

    Parameters
    ----------
    chapter : str, optional
        Default: all.
    data_dir : path, optional
        As in `analysis.engine.data.sealed.data_dir`.
    watch : callable, optional
        Passes the chapters through, such as a progress bar.
    """
    file = sha256(CLAIMS, data_dir)
    claims = load_claims(data_dir)
    found = {}
    for name in watch(tuple(load_chapters(data_dir)) if chapter is None else (chapter,)):
        own = _of_chapter(claims.values(), _known(name, data_dir))
        kept = store.find(name, data_dir, definitions={claim.id: claim.sha256 for claim in own})
        if kept is None:
            before = _state(name, own, data_dir, order=claims, claims_sha256=file)
            kept = to_records(_assessed(own, data_dir))
            after = _state(name, own, data_dir, order=claims, claims_sha256=sha256(CLAIMS, data_dir))
            if before == after:  # else something was edited meanwhile, and nobody knows what the records rest on
                store.keep(before, kept)
        found |= {entry.id: entry for entry in LEDGER.validate_python(kept)}
    return [found[claim] for claim in claims if claim in found]


def _state(
    chapter: str,
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
        tables={name: sha256(name, data_dir) for name in read_with(*tables_of(chapter))},
        claims=claims_sha256,
        definitions={claim.id: claim.sha256 for claim in own},
        order=list(order),
        due={claim.id: claim.due <= today() for claim in own if claim.due},
    )


def entries(chapter: str | None = None) -> list[Entry]:
    """The ledger, or one chapter of it: as the pipeline left it, else as `current` has it.

    The environment variable ``ANALYSIS_LEDGER`` names the folder in which the pipeline leaves ``<chapter>.json``.
    """
    folder = os.environ.get("ANALYSIS_LEDGER")
    if not folder:
        return current(chapter)
    chapters = load_chapters() if chapter is None else (chapter,)
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


def write(chapter: str, folder: str | os.PathLike, data_dir: str | os.PathLike | None = None) -> Path:
    """Bring a chapter of the ledger into ``folder/<chapter>.json``, whole or not at all; returns the file."""
    file = Path(folder) / f"{chapter}.json"
    content = records.to_json(to_records(current(chapter, data_dir)))
    file.parent.mkdir(parents=True, exist_ok=True)
    return write_whole(file, content)


def line(entry: Entry) -> str:
    """An entry in a line, as `analysis.engine.ledger.records.line` writes it."""
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
    """Chapter that an assessor belongs to: the module or package right below the report's own.

    Examples
    --------
    >>> chapter_of(f"{at_hand().package}.harvest.yields:assess_h1")
    'harvest'
    """
    return function.partition(":")[0].removeprefix(f"{at_hand().package}.").partition(".")[0]


def tables_of(chapter: str) -> tuple[str, ...]:
    """Names of the tables that a chapter's functions read.

    Examples
    --------
    >>> from analysis.engine.data.tables import schemas
    >>> all(schemas().keys() >= set(tables_of(chapter)) for chapter in load_chapters())
    True
    """
    return tuple(sorted({name for claim_id in _ids(chapter) for name in _tables(_assessor(claim_id))}))


def modules_of(chapter: str) -> tuple[str, ...]:
    """Modules that hold a chapter's functions."""
    return tuple(sorted({at_hand().assessors[claim_id].split(":")[0] for claim_id in _ids(chapter)}))


def _assessed(claims: Iterable[Claim], data_dir: str | os.PathLike | None) -> list[Entry]:
    read = cache(lambda name: load(name, data_dir))
    return [_entry(claim, read, data_dir) for claim in claims]


def rests_on(function: str | None) -> frozenset[str]:
    """Modules that decide what the ledger says of a claim: those of its function, all they import here, the judge.

    Parameters
    ----------
    function : str or None
        ``module:function``, as the report names it; None for a claim that no function assesses.

    Examples
    --------
    >>> "analysis.engine.claims.judge" in rests_on(None), "analysis.engine.site" in rests_on(None)
    (True, False)
    """
    return provenance.closure([compose.__module__, *([function.partition(":")[0]] if function else [])])


def _entry(claim: Claim, read: Callable, data_dir: str | os.PathLike | None) -> Entry:
    function = at_hand().assessors.get(claim.id)
    if function is None:
        return compose(claim, None, today=today(), tables={}, computed_by=None, code_sha256=_code(None))
    if chapter_of(function) != claim.chapter:
        raise DataError(f"{CLAIMS}, claim {claim.id}, field chapter: its function is {function}, of another chapter")
    names = _tables(_assessor(claim.id))
    finding = _assessor(claim.id)(claim, **{name: read(name) for name in names})
    hashes = {name: sha256(name, data_dir) for name in read_with(*names)}
    return compose(claim, finding, today=today(), tables=hashes, computed_by=function, code_sha256=_code(function))


@cache
def _code(function: str | None) -> str:
    return provenance.fingerprint(rests_on(function))


def _of_chapter(claims: Iterable[Claim], chapter: str | None) -> list[Claim]:
    return [claim for claim in claims if chapter in (None, claim.chapter)]


def _known(chapter: str | None, data_dir: str | os.PathLike | None) -> str | None:
    if chapter is not None and chapter not in (chapters := load_chapters(data_dir)):
        raise ValueError(f"unknown chapter {chapter!r}; the chapters are {', '.join(chapters)}")
    return chapter


def _ids(chapter: str) -> list[str]:
    """Claims that a function of this chapter assesses."""
    return [claim_id for claim_id, function in at_hand().assessors.items() if chapter_of(function) == chapter]


def _assessor(claim_id: str) -> Callable[..., Finding]:
    function = at_hand().assessors[claim_id]
    try:
        return named(function)
    except (ImportError, AttributeError) as error:
        raise DataError(f"{at_hand().package}.report, assessor of {claim_id}: {function}: {error}") from error


def _tables(function: Callable) -> Sequence[str]:
    return [p.name for p in signature(function).parameters.values() if p.kind is Parameter.KEYWORD_ONLY]
