"""`load`: strings, declared corrections, types, constraints, references, in that order."""

import os
import re
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.errors

from analysis.engine.data import report
from analysis.engine.data.columns import DATE, FLAG, INTEGER, NUMBER, PANDAS, SEPARATOR, Table
from analysis.engine.data.reading import SHOWN, read_strings, refuse
from analysis.engine.data.register import SOURCES, corrections
from analysis.engine.data.sealed import DataError, path, require_sealed, sha256_if_there

#: What a date and a number look like; pandas is more lenient (spaces, other digits).
ISO_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
NUMERAL = r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?"
#: Whole numbers beyond this are not exact as floats.
EXACT = 2**53
#: Tables kept by what they were read from: those of one folder, and some of others that are compared with it.
KEPT = 64


def schemas() -> dict[str, Table]:
    """All tables by name: those of the report at hand, its sources, and the declared corrections."""
    return _schemas(report.at_hand().tables)


@lru_cache(maxsize=8)
def _schemas(modules: tuple[str, ...]) -> dict[str, Table]:
    observed = [value for name in modules for value in vars(import_module(name)).values() if isinstance(value, Table)]
    return {table.name: table for table in (*observed, SOURCES, corrections([*observed, SOURCES]))}


def read_with(*names: str) -> tuple[str, ...]:
    """Tables that reading some tables reads: themselves, what they refer to, and the declared corrections.

    Examples
    --------
    >>> read_with("sources")
    ('corrections', 'sources')
    """
    found, waiting = set(), [*names, "corrections"] if names else []
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [other for other, _ in schemas()[name].references.values()]
    return tuple(sorted(found))


def load(name: str, data_dir: str | os.PathLike | None = None) -> pd.DataFrame:
    """A table, checked and typed.

    Parameters
    ----------
    name : str
        Name in `schemas`.
    data_dir : path, optional
        Folder of the tables; default as in `analysis.engine.data.data_dir`.

    Returns
    -------
    DataFrame, shape (rows, columns of the schema)
        Dates as datetime64, numbers as float64 or int64, flags as bool, the rest as str; index 0, 1, 2 …

    Raises
    ------
    DataError
        If the file is missing, changed since it was sealed, or breaks a rule of its schema; with table, row, column
        and rule.

    Examples
    --------
    >>> load("sources")["source_id"].is_unique
    True
    """
    if name not in schemas():
        raise DataError(f"table {name}: unknown; the tables are {', '.join(schemas())}")
    for needed in read_with(name):
        require_sealed(needed, data_dir)
    return read(name, data_dir)


def read(name: str, data_dir: str | os.PathLike | None = None) -> pd.DataFrame:
    """As `load`, without asking whether the file is as it was sealed (what `check` and `seal` need).

    What this process has read and checked before is not checked again while the files say the same.
    """
    digests = tuple(sha256_if_there(needed, data_dir) for needed in read_with(name))
    return _read(name, _Folder(digests, data_dir)).copy(deep=False)


@dataclass(frozen=True, slots=True)
class _Folder:
    """A data folder, equal to any in which the files that a table is read with say the same."""

    digests: tuple[str | None, ...]
    path: str | os.PathLike | None = field(compare=False)


@lru_cache(maxsize=KEPT)
def _read(name: str, folder: _Folder) -> pd.DataFrame:
    data_dir = folder.path
    table, file = schemas()[name], path(name, data_dir)
    strings = _strings(name, data_dir)
    if name != "corrections":
        strings = corrected(table, strings, read("corrections", data_dir))
    frame = typed(file.name, table, strings)
    constrained(file.name, table, frame)
    for column, (other, key) in table.references.items():
        referenced(file, column, frame[column], other, key, data_dir)
    if table.dated is not None:
        seen_before_read(file, frame, table.dated, data_dir)
    return frame.reset_index(drop=True)


def _strings(name: str, data_dir: str | os.PathLike | None) -> pd.DataFrame:
    return read_strings(path(name, data_dir), list(schemas()[name].columns), may_be_empty=name == "corrections")


def corrected(table: Table, strings: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """The table after its declared corrections.

    Raises
    ------
    DataError
        If a correction names no row or no column, or the row no longer says what the correction says it said.
    """
    strings = strings.copy()
    for c in corrections[corrections.table == table.name].itertuples():
        where = f"corrections.csv, correction {c.correction_id}"
        key = dict(part.split("=", 1) for part in c.row.split("; "))
        if unknown := [k for k in (*key, c.column) if k not in strings.columns]:
            raise DataError(f"{where}: {table.name} has no column {', '.join(unknown)}")
        if set(key) != set(table.schema.unique):
            raise DataError(
                f"{where}: the key of {table.name} is {', '.join(table.schema.unique)}, not {', '.join(key)}"
            )
        hit = strings.index[np.logical_and.reduce([strings[k] == v for k, v in key.items()])]
        if len(hit) != 1:
            raise DataError(f"{where}: {len(hit)} rows of {table.name} match {c.row}; exactly one must")
        now = strings.at[hit[0], c.column]
        if now != c.source_said:
            raise DataError(
                f"{where}: {table.name}, row {hit[0]}, column {c.column} now says {now!r}, not {c.source_said!r}; "
                "the source may have been mended: remove or renew the correction"
            )
        if c.corrected:
            strings.at[hit[0], c.column] = c.corrected
        else:
            strings = strings.drop(index=hit)
    return strings


def day_rule() -> str:
    """Which days a date may be."""
    return f"a date from {report.at_hand().first_day} to today"


def typed(file: str, table: Table, strings: pd.DataFrame) -> pd.DataFrame:
    """Strings as the schema's types.

    Raises
    ------
    DataError
        For a cell that is not of its column's type, or blank where it may not be.
    """
    out = {}
    for name, column in table.schema.columns.items():
        cells, kind = strings[name], column.metadata["type"]
        blank = cells == ""
        if kind in (DATE, NUMBER, INTEGER, FLAG) and not column.nullable:
            refuse(file, name, cells[blank], "filled")
        if kind == DATE:
            days = pd.Series(cells.unique())  # far fewer than rows
            parsed = pd.to_datetime(days.where(days.str.fullmatch(ISO_DATE)), format="%Y-%m-%d", errors="coerce")
            out[name] = cells.map(dict(zip(days, parsed, strict=True))).astype(PANDAS[DATE])
            refuse(file, name, cells[~blank & out[name].isna()], "a date YYYY-MM-DD")
            possible = out[name].between(report.at_hand().first_day, pd.Timestamp.now(tz="UTC").tz_localize(None))
            refuse(file, name, cells[~blank & ~possible], day_rule())
        elif kind in (NUMBER, INTEGER):
            values = pd.to_numeric(cells.mask(blank), errors="coerce").astype(PANDAS[NUMBER])
            refuse(file, name, cells[~blank & ~(np.isfinite(values) & _plain(cells))], "a finite number")
            if kind == INTEGER:
                refuse(file, name, cells[~blank & ((values % 1 != 0) | (values.abs() > EXACT))], "a whole number")
            out[name] = values.astype(PANDAS[kind])
        elif kind == FLAG:
            refuse(file, name, cells[~cells.isin(["True", "False"])], "True or False")
            out[name] = cells == "True"
        else:
            out[name] = cells
    return pd.DataFrame(out)


def _plain(cells: pd.Series) -> pd.Series | bool:
    # one look at all the text is quick, and almost always enough
    if re.fullmatch(r"[-+.0-9eE]*", "".join(cells)):
        return True
    return cells.str.fullmatch(NUMERAL)


def constrained(file: str, table: Table, frame: pd.DataFrame) -> None:
    """Check a typed table against its schema.

    Raises
    ------
    DataError
        Naming the first rows, columns and rules that fail, and counting the rest.
    """
    try:
        table.schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases.drop_duplicates(["index", "check"]).sort_values("index", kind="stable")
        shown = [_describe(case, table) for case in cases.head(SHOWN).itertuples()]
        more = f"; and {len(cases) - SHOWN} more" if len(cases) > SHOWN else ""
        raise DataError(f"{file}, " + "; ".join(shown) + more) from errors


def _describe(case, table: Table) -> str:
    if case.check == "multiple_fields_uniqueness":
        return f"row {case.index}, columns {', '.join(table.schema.unique)}: the key stands twice"
    if case.schema_context == "Column":
        return f"row {case.index}, column {case.column}: {case.failure_case!r} is not {case.check}"
    return f"row {case.index}: not {case.check}"


def referenced(
    file: Path, column: str, cells: pd.Series, other: str, key: str, data_dir: str | os.PathLike | None
) -> None:
    """Refuse values that the other table does not know.

    Raises
    ------
    DataError
        Naming the rows and values.
    """
    known = set(_strings(other, data_dir)[key])
    unknown = {cell for cell in cells.unique() if not set(cell.split(SEPARATOR)) <= known}
    refuse(file.name, column, cells[cells.isin(unknown)], f"in the column {key} of {other}")


def seen_before_read(file: Path, frame: pd.DataFrame, column: str, data_dir: str | os.PathLike | None) -> None:
    """Refuse dates after the day on which the row's source was read.

    Raises
    ------
    DataError
        Naming the rows and dates.
    """
    read_on = pd.to_datetime(_strings("sources", data_dir).set_index("source_id")["retrieved"], errors="coerce")
    late = frame[column] > frame["source_id"].map(read_on)
    refuse(file.name, column, frame.loc[late, column], "on or before the day on which its source was read")
