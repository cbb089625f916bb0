"""From a file to strings in columns, or to an error that says where."""

import csv
import gzip
import io
import zlib
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.engine.data.sealed import DataError

#: Messages list this many offending rows and count the rest.
SHOWN = 5


def read_text(file: Path) -> str:
    """Text of a UTF-8 file, plain or gzip, without byte-order mark.

    Raises
    ------
    DataError
        If the file is empty, is not UTF-8 (the line is named) or is not the gzip that its name says.
    """
    raw = file.read_bytes()
    if file.suffix == ".gz":
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError, zlib.error) as error:
            raise DataError(f"{file.name}: not a complete gzip file ({error})") from error
    if not raw.strip():
        raise DataError(f"{file.name}: the file is empty")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DataError(
            f"{file.name}, row {line}: not UTF-8 text (byte {error.start}); save the file as UTF-8"
        ) from error


def read_strings(file: Path, columns: Sequence[str], *, may_be_empty: bool = False) -> pd.DataFrame:
    """Cells of a CSV file as strings, shape (rows, columns); the index is the line in the file (the header is line 1).

    Columns may stand in any order and come back in the order asked for. Windows line ends, a byte-order mark and
    trailing blank lines are accepted.

    Raises
    ------
    DataError
        For a wrong delimiter, missing, extra or repeated columns, a row of wrong length, a blank line inside the
        table, a broken quotation, or no rows.
    """
    reader = csv.reader(io.StringIO(read_text(file), newline=""), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise DataError(f"{file.name}, row {reader.line_num}: {error}") from error
    while lines and not any(cell.strip() for cell in lines[-1][1]):
        lines.pop()
    (_, header), body = lines[0], lines[1:]
    check_header(file.name, header, columns)
    for number, cells in body:
        if not any(cells):
            raise DataError(f"{file.name}, row {number}: blank line inside the table")
        if len(cells) != len(header):
            raise DataError(f"{file.name}, row {number}: {len(cells)} cells where the header has {len(header)}")
    if not body and not may_be_empty:
        raise DataError(f"{file.name}: a header but no rows")
    index = pd.Index([number for number, _ in body], name="row", dtype="int64")
    return pd.DataFrame([cells for _, cells in body], columns=header, index=index, dtype="str")[list(columns)]


def check_header(name: str, header: Sequence[str], columns: Sequence[str]) -> None:
    """Refuse a header that differs from the schema's columns.

    Raises
    ------
    DataError
        Naming what is missing, unexpected or repeated, or the delimiter that the file seems to use.

    Examples
    --------
    >>> check_header("t.csv", ["day", "close_eur"], ["day", "close_usd"])
    Traceback (most recent call last):
    ...
    analysis.engine.data.sealed.DataError: t.csv, row 1: column close_usd is missing; column close_eur is not in ...
    """
    if len(header) == 1 and len(columns) > 1:
        seen = next((d for d in (";", "\t", "|") if d in header[0]), None)
        hint = f" (it seems to be {seen!r})" if seen else ""
        raise DataError(f"{name}, row 1: one column {header[0]!r}; the delimiter must be a comma{hint}")
    faults = [f"column {c} is missing" for c in columns if c not in header]
    faults += [f"column {c} is not in the schema" for c in header if c not in columns]
    faults += [f"column {c} stands twice" for c in dict.fromkeys(header) if header.count(c) > 1]
    if faults:
        raise DataError(f"{name}, row 1: " + "; ".join(faults))


def refuse(name: str, column: str, cells: pd.Series, rule: str) -> None:
    """Raise for the given offending cells, indexed by row, if there are any; `rule` is what they should have been.

    Examples
    --------
    >>> refuse("t.csv", "close_usd", pd.Series({7: "abc"}), "a number")
    Traceback (most recent call last):
    ...
    analysis.engine.data.sealed.DataError: t.csv, row 7, column close_usd: 'abc' is not a number
    """
    if cells.empty:
        return
    shown = [f"row {row}, column {column}: {cell!r} is not {rule}" for row, cell in cells.head(SHOWN).items()]
    more = f"; and {len(cells) - SHOWN} more" if len(cells) > SHOWN else ""
    raise DataError(f"{name}, " + "; ".join(shown) + more)
