"""The table of measurements, written row by row so that no interruption loses or doubles one."""

import csv
import fcntl
import io
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analysis.verifiable_ai.proving.processes import GIB, Stage

#: Stages whose time and memory are kept.
TIMED = ("settings", "calibrate", "compile", "witness", "srs", "setup", "prove", "verify")
#: Seconds (``_s``) are wall time of the call, ``_cpu_s`` CPU time of its process, ``_rss_gb`` peak memory in GiB. Cells
#: of stages that were not run are empty: those of a string that was kept, and all after compiling where only rows were
#: counted. Plain inference (``ort``) has its median, and for one thread its 5 % and 95 % quantiles. What the ladder
#: recorded before this package has, has its old name.
COLUMNS = (
    "run_id",
    "model",
    "family",
    "params",
    "macs",
    "rep",
    "seed",
    "scale",
    "inner_cols",
    "decomp",
    "param_visibility",
    "threads",
    "logrows",
    "num_rows",
    "total_assignments",
    "total_const_size",
    "num_dynamic_lookups",
    "num_shuffles",
    "lookup_lo",
    "lookup_hi",
    "advice_columns",
    "fixed_columns",
    "instance_columns",
    "selectors",
    "srs",
    "srs_bytes",
    *(f"{stage}_{suffix}" for stage in TIMED for suffix in ("s", "cpu_s", "rss_gb")),
    "verified",
    "tampered_proof_rejected",
    "tampered_output_rejected",
    "proof_bytes",
    "proof_json_bytes",
    "pk_bytes",
    "vk_bytes",
    "ort_1thread_s",
    "ort_1thread_low_s",
    "ort_1thread_high_s",
    "ort_2thread_s",
    "overhead_x",
    "overhead_cpu_x",
    "max_abs_err",
    "machine",
    "cores",
    "versions",
    "utc",
)

Row = dict[str, Any]


class TableError(ValueError):
    """A table that cannot be added to."""


def times(name: str, stage: Stage) -> Row:
    """Cells of a stage."""
    return {
        f"{name}_s": stage.seconds,
        f"{name}_cpu_s": stage.cpu_seconds,
        f"{name}_rss_gb": stage.peak_bytes / GIB,
    }


@contextmanager
def opened(path: Path) -> Iterator["Table"]:
    """The table at a path, made if there is none, for this process alone.

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
        yield Table(path, descriptor)
    finally:
        os.close(descriptor)


class Table:
    """An open table; see `opened`.

    A row is on the disk before the next begins. A last line without its end, which an interruption or a full disk
    leaves, is cut off when the table is opened, or when the next row is added.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path, self._descriptor = path, descriptor
        self._end = self._whole()
        if not self._end:
            self._write(COLUMNS)

    def run_ids(self) -> set[str]:
        """What has been measured."""
        return {row["run_id"] for row in self.rows()}

    def rows(self) -> list[dict[str, str]]:
        """All rows, cells as text."""
        return list(csv.DictReader(io.StringIO(self._text())))

    def append(self, row: Mapping[str, Any]) -> None:
        """Add a row; a column that it lacks stays empty.

        Raises
        ------
        KeyError
            If it has a column that the table has not.
        OSError
            If it cannot be written; the table is then as it was.
        """
        unknown = row.keys() - set(COLUMNS)
        if unknown:
            raise KeyError(f"no such column: {', '.join(sorted(unknown))}")
        self._write([_cell(row.get(column)) for column in COLUMNS])

    def _write(self, cells: Any) -> None:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow(cells)
        line = text.getvalue().encode()
        try:
            written = os.pwrite(self._descriptor, line, self._end)
            os.fsync(self._descriptor)
            if written < len(line):
                raise OSError(f"{self.path}: only {written} of {len(line)} bytes of a row could be written")
        except OSError:
            os.ftruncate(self._descriptor, self._end)
            raise
        self._end += len(line)

    def _whole(self) -> int:
        """Cut off a torn last line, check the rest, and tell its length in bytes."""
        content = self._content()
        end = content.rfind(b"\n") + 1
        os.ftruncate(self._descriptor, end)
        table = list(csv.reader(io.StringIO(content[:end].decode())))
        if table and tuple(table[0]) != COLUMNS:
            raise TableError(f"{self.path}: has other columns than this version writes; choose another file")
        for number, cells in enumerate(table[1:], 2):
            if len(cells) != len(COLUMNS):
                raise TableError(f"{self.path}, line {number}: {len(cells)} cells, not {len(COLUMNS)}")
        return end

    def _content(self) -> bytes:
        return os.pread(self._descriptor, os.fstat(self._descriptor).st_size, 0)

    def _text(self) -> str:
        return self._content()[: self._end].decode()


def _cell(value: Any) -> str:
    """Six significant digits of a float; True, False and text as they are; None as nothing."""
    if value is None:
        return ""
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return " ".join(text.splitlines())
