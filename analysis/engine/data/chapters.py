"""Chapters as data: ``chapters.yml`` is the one list of them, with titles, order and colours."""

import os
import re
from collections.abc import Mapping
from functools import lru_cache

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from analysis.engine.data.reading import read_text
from analysis.engine.data.sealed import DataError, path, require_sealed
from analysis.engine.data.yaml import read_yaml, typed

CHAPTERS = "chapters.yml"
#: An id names a page, a class of stylesheets, and the file of a ledger.
ID = re.compile(r"[a-z][a-z0-9_]*")
COLOUR = re.compile(r"#[0-9a-f]{6}")


@checked(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Chapter:
    """A section of the report.

    Attributes
    ----------
    id : str
        Matches `ID`.
    title : str
    order : int
        Place in the book, from 1.
    colour : str
        Six hexadecimal digits behind a hash, readable on light and on dark paper.
    asks : str
        What it asks, in a sentence.
    """

    id: str
    title: str
    order: int
    colour: str
    asks: str


def load_chapters(data_dir: str | os.PathLike | None = None) -> dict[str, Chapter]:
    """Chapters of a sealed data folder by id, in their order.

    Raises
    ------
    DataError
        If the file is missing, changed since it was sealed, or breaks a rule.
    """
    require_sealed(CHAPTERS, data_dir)
    return read_chapters(data_dir)


def read_chapters(data_dir: str | os.PathLike | None = None) -> dict[str, Chapter]:
    """As `load_chapters`, without asking whether the file is as it was sealed."""
    return dict(_chapters(read_text(path(CHAPTERS, data_dir))))


@lru_cache(maxsize=8)
def _chapters(text: str) -> Mapping[str, Chapter]:
    found = typed(list[Chapter], read_yaml(CHAPTERS, text), f"{CHAPTERS}, ")
    for name, pattern in (("id", ID), ("colour", COLOUR)):
        for chapter in found:
            if not pattern.fullmatch(getattr(chapter, name)):
                raise DataError(f"{CHAPTERS}, chapter {chapter.id}, field {name}: must match {pattern.pattern}")
    for name in ("id", "title", "order", "colour"):
        values = [getattr(chapter, name) for chapter in found]
        if twice := next((value for value in values if values.count(value) > 1), None):
            raise DataError(f"{CHAPTERS}: the {name} {twice!r} stands twice")
    return {chapter.id: chapter for chapter in sorted(found, key=lambda chapter: chapter.order)}


def titles(data_dir: str | os.PathLike | None = None) -> dict[str, str]:
    """Title of each chapter by id, in their order."""
    return {chapter.id: chapter.title for chapter in load_chapters(data_dir).values()}


def chapter_colour(chapter: str) -> str:
    """Colour of a chapter of the data at hand.

    Raises
    ------
    DataError
        If there is no such chapter.
    """
    chapters = load_chapters()
    if chapter not in chapters:
        raise DataError(f"{CHAPTERS}: no chapter {chapter!r}; the chapters are {', '.join(chapters)}")
    return chapters[chapter].colour
