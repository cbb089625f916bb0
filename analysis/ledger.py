"""The ledger: every claim with its estimate, verdict, support, certainty and level.

`ASSESSORS` maps claim ids to functions; each takes the claim and, by keyword, the tables that its parameters name. They
are imported only when they are called, so that what reads one chapter does not depend on the code of the others.
"""

import csv
import io
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from importlib import import_module
from inspect import Parameter, signature
from pathlib import Path

from pydantic import TypeAdapter

from analysis.claims import (
    CHAPTERS,
    Asserted,
    Chapter,
    Claim,
    Estimate,
    Evidence,
    Finding,
    Kind,
    Support,
    frozen,
    load_claims,
)
from analysis.data import data_dir as resolved
from analysis.data import load, read_with, sha256
from analysis.formats import harmless
from analysis.verdicts import Certainty, Label, certainty, judge

#: Claim id -> "module:function" of the function that assesses it.
ASSESSORS: dict[str, str] = {
    "R1": "analysis.returns:assess_r1",
    "R2": "analysis.returns:assess_r2",
}


@frozen
class Entry:
    """A row of the ledger: what was claimed, what was found, and what follows by rule.

    `primary_verdict` is the verdict under the primary definition; it differs from `verdict` only where that is
    "definition-ambiguous". `tables` maps the tables read to their sha256. The other fields are those of
    `analysis.claims.Claim`, `analysis.claims.Finding` and `analysis.verdicts`.
    """

    id: str
    chapter: Chapter
    kind: Kind
    statement: str
    asserted: Asserted
    T: str | None
    T_minor: str | None
    estimate: Estimate | None
    evidence: tuple[Evidence, ...]
    verdict: Label
    primary_verdict: Label
    reason: str | None
    support: Support | None
    certainty: Certainty | None
    level: int | None
    nearest_true: str | None
    as_of: date
    expires: date | None
    tables: dict[str, str]
    computed_by: str | None


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
    claims = _of_chapter(load_claims(data_dir).values(), chapter)
    read = cache(lambda name: load(name, data_dir))
    return [_entry(claim, read, data_dir, today or date.today()) for claim in claims]


def entries(chapter: Chapter | None = None) -> list[Entry]:
    """The ledger, or one chapter of it: as the pipeline left it, else computed.

    The environment variable ``ANALYSIS_LEDGER`` names the folder in which the pipeline leaves ``<chapter>.json``.
    """
    folder = os.environ.get("ANALYSIS_LEDGER")
    if not folder:
        return assess(chapter)
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
    """Compute a chapter of the ledger into ``folder/<chapter>.json``, whole or not at all; returns the file."""
    file = Path(folder) / f"{chapter}.json"
    content = to_json(assess(chapter, data_dir))
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    partial.write_text(content, encoding="utf-8")
    return partial.replace(file)


def line(entry: Entry) -> str:
    """An entry in a line: id, verdict, estimate with interval, asserted region.

    Examples
    --------
    >>> line(entry("C4"))
    'C4  unassessed            –'
    """
    if entry.estimate is None:
        return f"{entry.id:<3} {entry.verdict:<21} –"
    e = entry.estimate
    found = (
        f"{e.value:.1f} ({e.low:.1f} to {e.high:.1f})"
        if abs(e.value) < 1e6
        else f"{e.value:.3g} ({e.low:.3g} to {e.high:.3g})"
    )
    return f"{entry.id:<3} {entry.verdict:<21} {found}, asserted {entry.T} {e.unit}"


def to_json(rows: Iterable[Entry]) -> str:
    """Entries as a JSON array of objects."""
    return LEDGER.dump_json(list(rows), indent=2).decode() + "\n"


def to_records(rows: Iterable[Entry]) -> list[dict]:
    """Entries as JSON-ready dictionaries."""
    return LEDGER.dump_python(list(rows), mode="json")


def to_csv(rows: Iterable[Entry]) -> str:
    """Entries as CSV, one line per claim; cells that a spreadsheet would run as formulas get an apostrophe in front."""
    out = io.StringIO(newline="")
    table = [_flat(record) for record in to_records(rows)]
    writer = csv.DictWriter(out, fieldnames=list(table[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: harmless(cell) for key, cell in line.items()} for line in table)
    return out.getvalue()


def tables_of(chapter: Chapter) -> tuple[str, ...]:
    """Names of the tables that a chapter's functions read.

    Examples
    --------
    >>> tables_of("returns")
    ('market_prices', 'token_prices', 'token_supplies', 'token_turnover', 'tokens')
    """
    return tuple(sorted({name for claim_id in _assessed(chapter) for name in _tables(_assessor(claim_id))}))


def modules_of(chapter: Chapter) -> tuple[str, ...]:
    """Modules that hold a chapter's functions.

    Examples
    --------
    >>> modules_of("returns")
    ('analysis.returns',)
    """
    return tuple(sorted({ASSESSORS[claim_id].split(":")[0] for claim_id in _assessed(chapter)}))


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
        certainty=certainty(claim, found) if assessed else None,
        level=found.level if assessed else None,
        nearest_true=found.nearest_true,
        as_of=claim.as_of,
        expires=claim.expires,
        tables={name: sha256(name, resolved(data_dir)) for name in sorted({n for t in names for n in read_with(t)})},
        computed_by=ASSESSORS.get(claim.id),
    )


def _of_chapter(claims: Iterable[Claim], chapter: Chapter | None) -> list[Claim]:
    if chapter is not None and chapter not in CHAPTERS:
        raise ValueError(f"unknown chapter {chapter!r}; the chapters are {', '.join(CHAPTERS)}")
    return [claim for claim in claims if chapter in (None, claim.chapter)]


def _assessed(chapter: Chapter) -> list[str]:
    return [claim.id for claim in _of_chapter(load_claims().values(), chapter) if claim.id in ASSESSORS]


def _assessor(claim_id: str) -> Callable[..., Finding]:
    module, function = ASSESSORS[claim_id].split(":")
    return getattr(import_module(module), function)


def _tables(function: Callable) -> Sequence[str]:
    return [p.name for p in signature(function).parameters.values() if p.kind is Parameter.KEYWORD_ONLY]


def _flat(record: dict) -> dict:
    parts = {key: record.pop(key) or {} for key in ("asserted", "estimate", "certainty", "support")}
    columns = {
        "asserted": ("form", "value", "low", "high", "unit", "words"),
        "estimate": ("value", "low", "high", "unit", "n", "interval_of", "method"),
        "support": ("balanced", "low", "high", "pivotal"),
    }
    flat = {f"{part}_{name}": parts[part].get(name) for part, names in columns.items() for name in names}
    evidence, tables = record.pop("evidence"), record.pop("tables")
    return (
        record
        | flat
        | {
            "certainty": parts["certainty"].get("grade"),
            "certainty_reasons": "; ".join(parts["certainty"].get("reasons", ())),
            "evidence_rows": len(evidence),
            "tables": "; ".join(f"{name} sha256:{digest}" for name, digest in tables.items()),
        }
    )
