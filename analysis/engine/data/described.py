"""What each table of a data folder holds and how it was compiled, in words: ``tables.yml``.

Columns, types and rules of a table are its schema's, in code. How its rows came about is the folder's own to say.
"""

import os
from dataclasses import dataclass

from analysis.engine.data.reading import read_text
from analysis.engine.data.sealed import DataError, path
from analysis.engine.data.tables import schemas
from analysis.engine.data.yaml import read_yaml, typed

TABLES = "tables.yml"


@dataclass(frozen=True, slots=True)
class Description:
    """A table in words.

    Attributes
    ----------
    name : str
    title, description : str
        What it holds, in a phrase and in a sentence or two.
    rules : tuple of str
        How it was compiled from the sources, precise enough to be done again.
    licence : str
        Remark on rights.
    """

    name: str
    title: str
    description: str
    rules: tuple[str, ...] = ()
    licence: str = "Facts compiled from public sources; licences as stated by each source are in the table of sources."


def read_descriptions(data_dir: str | os.PathLike | None = None) -> dict[str, Description]:
    """Descriptions of all tables, by name.

    Raises
    ------
    DataError
        If the file breaks a rule, lacks a table, or describes one that no schema has.

    Examples
    --------
    >>> read_descriptions()["sources"].title
    'Sources'
    """
    found = typed(list[Description], read_yaml(TABLES, read_text(path(TABLES, data_dir))), f"{TABLES}, ")
    names = [described.name for described in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise DataError(f"{TABLES}: table {twice} stands twice")
    if missing := [name for name in schemas() if name not in names]:
        raise DataError(f"{TABLES}: table {missing[0]} has no title and description")
    if unknown := [name for name in names if name not in schemas()]:
        raise DataError(f"{TABLES}: table {unknown[0]} is unknown; the tables are {', '.join(schemas())}")
    return {described.name: described for described in found}
