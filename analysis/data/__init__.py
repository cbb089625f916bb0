"""Tables of observations: one schema each, sealed by hash, read strictly, corrected only as declared.

`load` is the only way from a file to a DataFrame. Everything a file may get wrong is refused with table, row, column
and rule (`DataError`), except byte-order marks, Windows line ends and trailing blank lines, which are harmless.
"""

from analysis.data.schemas import TABLES, Table, read_with
from analysis.data.tables import load
from analysis.sealed import DataError, data_dir, is_modified, path, sha256

__all__ = ["TABLES", "DataError", "Table", "data_dir", "is_modified", "load", "path", "read_with", "sha256"]
