"""What the schemas of all tables are made of: types, units, constraints, the description of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
import pandera.pandas as pa

STATED = ("yes", "no", "not stated")
PRECISIONS = ("day", "month", "year")
#: How far a date is known; a span has a first and a last day of its own.
SPANS = ("day", "span", "month", "quarter", "year", "undated")
#: Separates several source ids in one cell.
SEPARATOR = "|"
#: Bitcoin's first block: nothing in these tables is older.
FIRST_DAY = pd.Timestamp("2009-01-03")

#: Column types, by their Frictionless names, and the pandas types that they become.
DATE, NUMBER, INTEGER, TEXT, FLAG = "date", "number", "integer", "string", "boolean"
PANDAS = {DATE: "datetime64[us]", NUMBER: "float64", INTEGER: "int64", FLAG: "bool", TEXT: "str"}


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table and all that is known of it.

    Attributes
    ----------
    name : str
        File name without ending.
    title, description : str
        What it holds, in a phrase and in a sentence or two.
    rules : tuple of str
        How it was compiled from the sources, precise enough to be done again.
    schema : pandera.DataFrameSchema
        Columns with type, unit, description and constraints; `schema.unique` is the primary key.
    references : mapping
        Column -> (other table, its column): every value (every part, for cells that hold several) must occur there.
    dated : str, optional
        Column of dates none of which is after the day on which the row's source was read.
    licence : str
        Remark on rights.
    """

    name: str
    title: str
    description: str
    rules: tuple[str, ...]
    schema: pa.DataFrameSchema
    references: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    dated: str | None = None
    licence: str = "Facts compiled from public sources; licences as stated by each source are in the table of sources."


def column(
    kind: str, description: str, *checks: pa.Check, unit: str | None = None, nullable: bool = False
) -> pa.Column:
    """A pandera column with its type, description and unit; dates must lie between Bitcoin's first block and today.

    Examples
    --------
    >>> column(NUMBER, "closing price", unit="USD").metadata
    {'type': 'number', 'unit': 'USD'}
    """
    if kind == DATE:
        today = pd.Timestamp.now(tz="UTC").tz_localize(None).normalize()
        checks = (pa.Check.in_range(FIRST_DAY, today, error=f"a date from {FIRST_DAY:%Y-%m-%d} to today"), *checks)
    metadata = {"type": kind, "unit": unit}
    # pandera knows dates only in nanoseconds, which end in 2262, and text by its storage; the reader types both
    dtype = None if kind in (DATE, TEXT) else PANDAS[kind]
    return pa.Column(dtype, checks=list(checks), nullable=nullable, description=description, metadata=metadata)


def choice(options: tuple[str, ...]) -> pa.Check:
    """One of the given options.

    Examples
    --------
    >>> choice(("a", "b")).error
    'one of a, b'
    """
    return pa.Check.isin(options, error=f"one of {', '.join(options)}")


POSITIVE = pa.Check.gt(0, error="greater than 0")
FILLED = pa.Check.str_length(min_value=1, error="a text that is not empty")
NOT_NEGATIVE = pa.Check.ge(0, error="0 or more")
PRICE = pa.Check.in_range(1e-12, 1e9, error="greater than 0 and a price (1e-12 to 1e9)")
SHARE = pa.Check.in_range(0, 1, include_max=False, error="0 or more and below 1")
AT_LEAST_ONE = pa.Check.ge(1, error="1 or more")
INSTANT = pa.Check.str_matches(
    r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+00:00$", error="an instant YYYY-MM-DDThh:mm:ss+00:00"
)


def in_order(first: str, last: str) -> pa.Check:
    """First not after (or above) last, where both are filled."""
    return pa.Check(
        lambda frame: ~(frame[first] > frame[last]),
        error=f"{first} on or before {last}",
        name=f"{first}_before_{last}",
    )


def _dated(frame: pd.DataFrame) -> pd.Series:
    undated, day = frame["date_precision"] == "undated", frame["date_precision"] == "day"
    blank = frame["date_from"].isna() & frame["date_to"].isna()
    filled = frame["date_from"].notna() & frame["date_to"].notna()
    return (undated & blank) | (~undated & filled & (day == (frame["date_from"] == frame["date_to"])))


#: `date_from` and `date_to` are as `date_precision`, one of `SPANS`, says.
DATED = pa.Check(
    _dated, error="dates blank exactly where undated, and one day exactly where known to the day", name="dated"
)


def _calendar(frame: pd.DataFrame) -> pd.Series:
    whole = pd.Series(True, index=frame.index)
    for precision, code in {"month": "M", "quarter": "Q", "year": "Y"}.items():
        some = frame[frame["date_precision"] == precision].dropna(subset=["date_from", "date_to"])
        periods = some["date_from"].dt.to_period(code).dt
        whole[some.index] = (some["date_from"] == periods.start_time) & (
            some["date_to"] == periods.end_time.dt.normalize()
        )
    return whole


#: A month, a quarter and a year are those of the calendar, from their first day to their last.
CALENDAR = pa.Check(_calendar, error="a month, a quarter or a year from its first day to its last", name="calendar")


def _said(frame: pd.DataFrame) -> pd.Series:
    between = frame["low"].notna() & frame["high"].notna()
    return (frame["value"].notna() & (between == (frame["low"].notna() | frame["high"].notna()))) | between


#: `value`, `low` and `high` say something.
SAID = pa.Check(_said, error="a value, or both ends of a range", name="said")


def of_metric(units: Mapping[str, str], key: str = "metric", what: str = "unit") -> pa.Check:
    """The column `what` is the one that belongs to the column `key`."""
    return pa.Check(
        lambda frame: frame[what] == frame[key].map(units),
        error=f"the {what} of its {key}",
        name=f"{what}_of_{key}",
    )


def within(metrics: Sequence[str], low: float, high: float, name: str) -> pa.Check:
    """Every figure of these metrics between two bounds."""

    def check(frame: pd.DataFrame) -> pd.Series:
        cells = frame[["value", "low", "high"]]
        inside = (cells.isna() | ((cells >= low) & (cells <= high))).all(axis=1)
        return inside | ~frame["metric"].isin(list(metrics))

    return pa.Check(check, error=f"{low:g} to {high:g} for {', '.join(metrics)}", name=name)


def ordered() -> list[pa.Check]:
    """Low <= value <= high, where they are filled."""
    return [in_order("low", "value"), in_order("value", "high"), in_order("low", "high")]
