"""The table of measurements, written row by row so that no interruption loses or doubles one.

Its columns are those of `analysis.tables`, so that the file can take the place of a table of the book. Cells of a
string that was kept are empty.
"""

import csv
import fcntl
import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analysis.engine.data.columns import Table as Schema
from analysis.tables.proving import ZK_CIRCUITS, ZK_INFERENCE, ZK_PROOFS, ZK_STAGES
from analysis.verifiable_ai.measure.circuits import Only

#: Stages whose time and memory are kept.
TIMED = tuple(ZK_STAGES)
#: What is measured -> table whose columns are written.
TABLES: Mapping[Only | None, Schema] = {None: ZK_PROOFS, "rows": ZK_CIRCUITS, "inference": ZK_INFERENCE}

Row = dict[str, Any]


class TableError(ValueError):
    """A table that cannot be added to."""


@contextmanager
def opened(path: Path, only: Only | None = None) -> Iterator["Table"]:
    """The table at a path, made if there is none, for this process alone; what is measured decides on the columns.

    Raises
    ------
    TableError
        If another process holds it, or it has other columns or a row of another length.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TableError(f"{path}: another measurement is writing to it") from None
        yield Table(path, descriptor, tuple(TABLES[only].schema.columns))
    finally:
        os.close(descriptor)


class Table:
    """An open table; see `opened`.

    The rows of a circuit are on the disk before the next begins. A last line without its end, which an interruption or
    a full disk leaves, is cut off when the table is opened, or when the next row is added; and so are runs of an
    inference whose last is missing.
    """

    def __init__(self, path: Path, descriptor: int, columns: tuple[str, ...]) -> None:
        self.path, self.columns, self._descriptor = path, columns, descriptor
        self._end = self._whole()
        if not self._end:
            self._write([columns])

    def run_ids(self) -> set[str]:
        """What has been measured."""
        return {row["run_id"] for row in self.rows()}

    def rows(self) -> list[dict[str, str]]:
        """All rows, cells as text."""
        return list(csv.DictReader(io.StringIO(os.pread(self._descriptor, self._end, 0).decode())))

    def append(self, *rows: Mapping[str, Any]) -> None:
        """Add the rows of a circuit; a column that they lack stays empty.

        Raises
        ------
        KeyError
            If one has a column that the table has not.
        OSError
            If they cannot be written; the table is then as it was.
        """
        unknown = {column for row in rows for column in row} - set(self.columns)
        if unknown:
            raise KeyError(f"no such column: {', '.join(sorted(unknown))}")
        self._write([[_cell(row.get(column)) for column in self.columns] for row in rows])

    def _write(self, lines: Iterable[Iterable[str]]) -> None:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(lines)
        block = text.getvalue().encode()
        try:
            written = os.pwrite(self._descriptor, block, self._end)
            os.fsync(self._descriptor)
            if written < len(block):
                raise OSError(f"{self.path}: only {written} of {len(block)} bytes could be written")
        except OSError:
            os.ftruncate(self._descriptor, self._end)
            raise
        self._end += len(block)

    def _whole(self) -> int:
        """Check the table, cut off what is torn at its end, and tell its length in bytes."""
        content = os.pread(self._descriptor, os.fstat(self._descriptor).st_size, 0)
        lines = content[: content.rfind(b"\n") + 1].splitlines(keepends=True)
        table = list(csv.reader(io.StringIO(b"".join(lines).decode())))
        if table and tuple(table[0]) != self.columns:
            raise TableError(f"{self.path}: has other columns than this version writes; choose another file")
        for number, cells in enumerate(table[1:], 2):
            if len(cells) != len(self.columns):
                raise TableError(f"{self.path}, line {number}: {len(cells)} cells, not {len(self.columns)}")
        torn = _torn([cells[0] for cells in table[1:]])
        end = sum(map(len, lines[: len(lines) - torn]))
        os.ftruncate(self._descriptor, end)
        return end


def _torn(run_ids: Sequence[str]) -> int:
    """How many runs at the end belong to an inference whose last run is missing; their ids say how many there are.

    Examples
    --------
    >>> _torn(["mlp:2,2|inference t2 n3|0|1", "mlp:2,2|inference t2 n3|0|2"]), _torn(["mlp:2,2|fixed t2|0"])
    (2, 0)
    """
    last = re.fullmatch(r"(.*\|inference t[0-9]+ n([0-9]+)\|[0-9]+)\|([0-9]+)", run_ids[-1] if run_ids else "")
    if not last or last[2] == last[3]:
        return 0
    return sum(run_id.startswith(f"{last[1]}|") for run_id in run_ids)


def _cell(value: Any) -> str:
    """Six significant digits of a float; True, False and text as they are; None as nothing."""
    if value is None:
        return ""
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return " ".join(text.splitlines())
