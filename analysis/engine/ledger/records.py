"""The ledger as records, JSON-ready dictionaries: as JSON, as CSV, as a line, and whether one is past its date.

Standard library only, so that a ledger that is up to date is printed at once.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from analysis.engine.words.formats import estimate, harmless

Record = dict[str, Any]

#: Of the records below. Raised when a field changes its name or meaning; `diff` reads this version and those before it.
SCHEMA_VERSION = 2

#: Table Schema of the CSV (Data Package 2.0), kept as a file so that nothing has to be imported for it; its fields are
#: those of `analysis.engine.ledger.entries.Entry`. ``estimate_low`` is ``low`` of ``estimate``, and so on for `PARTS`.
TABLE_SCHEMA: dict[str, Any] = json.loads(Path(__file__).with_name("verdicts.csv.schema.json").read_text("utf-8"))
COLUMNS: dict[str, str] = {field["name"]: field["type"] for field in TABLE_SCHEMA["fields"]}
PARTS = ("asserted", "estimate", "support")
NUMBERS = re.compile(r"\[\n\s+([^\[\]{}\"]+?)\s*\n\s*\]")


def to_json(records: Sequence[Mapping[str, Any]]) -> str:
    """Records as a JSON array of objects; a list of numbers stands on one line.

    Examples
    --------
    >>> print(to_json([{"id": "H1", "share": [0.5, 1]}]), end="")
    [
      {
        "id": "H1",
        "share": [0.5, 1]
      }
    ]
    """
    text = json.dumps(list(records), indent=2, ensure_ascii=False, allow_nan=False)
    return NUMBERS.sub(lambda found: f"[{' '.join(found[1].split())}]", text) + "\n"


def to_csv(records: Iterable[Mapping[str, Any]]) -> str:
    r"""Records as CSV, a line for each claim; a cell that a spreadsheet would run as a formula gets an apostrophe.

    Lines end as RFC 4180 has them. Evidence is counted; reasons and tables are joined by "; ". The curve is
    left to the JSON.

    Examples
    --------
    >>> to_csv([{"id": "H1", "reason": "=1+1"}]).splitlines()[1].startswith("H1,")
    True
    """
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(COLUMNS))
    writer.writeheader()
    writer.writerows({name: harmless(cell) for name, cell in flat(record).items()} for record in records)
    return out.getvalue()


def flat(record: Mapping[str, Any]) -> Record:
    """A record as one line of the CSV, by column; None where it has nothing.

    Examples
    --------
    >>> flat({"id": "H1", "tables": {"yields": "9f2c"}})["tables"]
    'yields sha256:9f2c'
    """
    return {name: _cell(record, name) for name in COLUMNS}


def line(record: Mapping[str, Any]) -> str:
    r"""A record in a line: id, verdict, estimate with interval, asserted region.

    Examples
    --------
    >>> line({"id": "H4", "verdict": "unassessed", "estimate": None})
    'H4  unassessed            –'
    >>> estimate = {"value": 0.058, "low": 0.011, "high": 0.105, "unit": "USD"}
    >>> line({"id": "H2", "verdict": "inconclusive", "estimate": estimate, "T": "[15, 20]"})
    'H2  inconclusive          0.058\xa0USD (0.011 to 0.105), asserted [15, 20] USD'
    """
    found = record["estimate"]
    if found is None:
        return f"{record['id']:<3} {record['verdict']:<21} –"
    value, ends = estimate(*(found[part] for part in ("value", "low", "high", "unit")), found.get("bound", "exact"))
    return f"{record['id']:<3} {record['verdict']:<21} {value} ({ends}), asserted {record['T']} {found['unit']}"


def expired(expires: str | date | None, today: date) -> bool:
    """Whether a day after which a verdict has to be looked at again is past; a text is an ISO date.

    Examples
    --------
    >>> expired("2027-05-22", date(2027, 5, 22)), expired(date(2027, 5, 22), date(2027, 5, 23))
    (False, True)
    >>> expired(None, date(2100, 1, 1))
    False
    """
    return expires is not None and str(expires) < str(today)


def _cell(record: Mapping[str, Any], name: str) -> Any:
    part, _, field = name.partition("_")
    match name:
        case "evidence_rows":
            return len(record.get("evidence") or ())
        case "certainty":
            return (record.get("certainty") or {}).get("grade")
        case "certainty_reasons":
            return "; ".join((record.get("certainty") or {}).get("reasons", ())) or None
        case "tables":
            tables = (record.get("tables") or {}).items()
            return "; ".join(f"{table} sha256:{digest}" for table, digest in tables) or None
    return (record.get(part) or {}).get(field) if part in PARTS else record.get(name)
