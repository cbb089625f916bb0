"""Coverage as data: every sentence of the report with its claims, every system it names with its chapter."""

import os
from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from analysis.engine.claims.claims import Claim, frozen, read_claims
from analysis.engine.data.chapters import CHAPTERS, read_chapters
from analysis.engine.data.reading import read_text
from analysis.engine.data.sealed import DataError, path, require_sealed
from analysis.engine.data.yaml import read_yaml, typed

COVERAGE = "coverage.yml"


@frozen
class Sentence:
    """A sentence of the report: the claims that it holds, or why it holds none.

    A claim whose place is the sentence need not be listed.
    """

    paragraph: int
    sentence: int
    gist: str
    claims: tuple[str, ...] = ()
    status: Literal["opinion", "not testable"] | None = None
    reason: str | None = None


@frozen
class System:
    """A system that the report names, where it does so first, and the chapter that holds the evidence on it."""

    name: str
    paragraph: int
    sentence: int
    chapter: str


@frozen
class Coverage:
    """Sentences in the report's order, and systems."""

    sentences: tuple[Sentence, ...]
    systems: tuple[System, ...]


def load_coverage(data_dir: str | os.PathLike | None = None) -> Coverage:
    """Coverage of a sealed data folder.

    Raises
    ------
    DataError
        If the file is missing, changed since it was sealed, or breaks a rule.
    """
    require_sealed(COVERAGE, data_dir)
    return read_coverage(data_dir)


def read_coverage(data_dir: str | os.PathLike | None = None) -> Coverage:
    """As `load_coverage`, without asking whether the file is as it was sealed."""
    coverage = typed(Coverage, read_yaml(COVERAGE, read_text(path(COVERAGE, data_dir))), f"{COVERAGE}, ")
    claims = read_claims(data_dir)
    coverage = replace(coverage, sentences=tuple(_with_claims_at_it(s, claims.values()) for s in coverage.sentences))
    places = [(s.paragraph, s.sentence) for s in coverage.sentences]
    for s in coverage.sentences:
        where = f"{COVERAGE}, sentence {s.paragraph}.{s.sentence}"
        if places.count((s.paragraph, s.sentence)) > 1:
            raise DataError(f"{where}: stands twice")
        if unknown := [c for c in s.claims if c not in claims]:
            raise DataError(f"{where}: no claim {', '.join(unknown)}")
        if bool(s.claims) == bool(s.status) or (s.status and not s.reason):
            raise DataError(f"{where}: has either claims, or a status with a reason")
    covered = {(c, (s.paragraph, s.sentence)) for s in coverage.sentences for c in s.claims}
    for claim in claims.values():
        if (claim.id, (claim.place.paragraph, claim.place.sentence)) not in covered:
            place = f"{claim.place.paragraph}.{claim.place.sentence}"
            raise DataError(f"{COVERAGE}: claim {claim.id} is at sentence {place}, which is not listed")
    for system in coverage.systems:
        if system.chapter not in read_chapters(data_dir):
            raise DataError(f"{COVERAGE}, system {system.name}, field chapter: {system.chapter!r} is not in {CHAPTERS}")
    return coverage


def _with_claims_at_it(sentence: Sentence, claims: Iterable[Claim]) -> Sentence:
    place = (sentence.paragraph, sentence.sentence)
    at_it = [claim.id for claim in claims if (claim.place.paragraph, claim.place.sentence) == place]
    return replace(sentence, claims=tuple(dict.fromkeys([*sentence.claims, *at_it])))
