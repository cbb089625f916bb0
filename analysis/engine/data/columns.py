"""What the schemas of all tables are made of: columns, groups of columns, rules between columns, the table itself.

A column brings along what follows from it: its type, unit and rules, the table that it refers to, and the rules that
tie it to the columns beside it. A table is then no more than its columns and its key; rules of its own are declared
below it, by `Table.rule`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import pandera.pandas as pa

STATED = ("yes", "no", "not stated")
PRECISIONS = ("day", "month", "year")
#: How far a date is known; a span has a first and a last day of its own.
SPANS = ("day", "span", "month", "quarter", "year", "undated")
#: Separates several source ids in one cell.
SEPARATOR = "|"

#: Column types, by their Frictionless names, and the pandas types that they become.
DATE, NUMBER, INTEGER, TEXT, FLAG = "date", "number", "integer", "string", "boolean"
PANDAS = {DATE: "datetime64[us]", NUMBER: "float64", INTEGER: "int64", FLAG: "bool", TEXT: "str"}

Columns = dict[str, pa.Column]
Keeps = Callable[[pd.DataFrame], pd.Series]

POSITIVE = pa.Check.gt(0, error="greater than 0")
FILLED = pa.Check.str_length(min_value=1, error="a text that is not empty")
NOT_NEGATIVE = pa.Check.ge(0, error="0 or more")
PRICE = pa.Check.in_range(1e-12, 1e9, error="greater than 0 and a price (1e-12 to 1e9)")
SHARE = pa.Check.in_range(0, 1, include_max=False, error="0 or more and below 1")
PART = pa.Check.in_range(0, 1, include_min=False, error="a share, above 0 and at most 1")
AT_LEAST_ONE = pa.Check.ge(1, error="1 or more")
INSTANT = pa.Check.str_matches(
    r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+00:00$", error="an instant YYYY-MM-DDThh:mm:ss+00:00"
)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The schema of a table; what it holds and how it was compiled is in the data folder's ``tables.yml``.

    Attributes
    ----------
    name : str
        File name without ending.
    columns : mapping
        Name -> column, made by the functions of this module.
    key : tuple of str
        Primary key; by default the first column.
    dated : str, optional
        Column of dates none of which is after the day on which the row's source was read.
    schema : pandera.DataFrameSchema
        What follows from all that; `schema.unique` is the primary key.
    references : mapping
        Column -> (other table, its column): every value (every part, for cells that hold several) must occur there.
    """

    name: str
    columns: Columns
    key: tuple[str, ...] = ()
    dated: str | None = None
    schema: pa.DataFrameSchema = field(init=False, repr=False)
    references: Mapping[str, tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        brought = {name: column.metadata for name, column in self.columns.items()}
        checks = [in_order(first, name) for name, of in brought.items() for first in of["after"]]
        checks += [check for of in brought.values() for check in of["between"]]
        unique = list(self.key or list(self.columns)[:1])
        object.__setattr__(self, "schema", pa.DataFrameSchema(self.columns, checks, unique=unique, strict=True))
        object.__setattr__(self, "references", {name: of["refers"] for name, of in brought.items() if of["refers"]})

    def rule(self, error: str) -> Callable[[Keeps], Keeps]:
        """Declare the function below as a rule of this table, as `rule` words it."""

        def declare(keeps: Keeps) -> Keeps:
            self.schema.checks.append(rule(error)(keeps))
            return keeps

        return declare


def column(
    kind: str,
    description: str,
    *checks: pa.Check,
    unit: str | None = None,
    blank: bool = False,
    refers: tuple[str, str] | None = None,
    after: str | tuple[str, ...] = (),
    between: pa.Check | tuple[pa.Check, ...] = (),
) -> pa.Column:
    """A pandera column and what it brings along; a date must lie between the report's first day and today.

    Parameters
    ----------
    unit : str, optional
        Of the numbers.
    blank : bool
        Whether a cell that is no text may be blank.
    refers : (str, str), optional
        Another table and its column that knows every value.
    after : str or tuple of str
        Columns whose day, or number, is never later, or larger, than this one's.
    between : pandera.Check or tuple of them
        Other rules between this column and the others of its group.

    Examples
    --------
    >>> column(NUMBER, "closing price", unit="USD").metadata
    {'type': 'number', 'unit': 'USD', 'refers': None, 'after': (), 'between': ()}
    """
    after = (after,) if isinstance(after, str) else after
    between = (between,) if isinstance(between, pa.Check) else between
    metadata = {"type": kind, "unit": unit, "refers": refers, "after": after, "between": between}
    # pandera knows dates only in nanoseconds, which end in 2262, and text by its storage; the reader types both
    dtype = None if kind in (DATE, TEXT) else PANDAS[kind]
    return pa.Column(dtype, checks=list(checks), nullable=blank, description=description, metadata=metadata)


def text(description: str, *checks: pa.Check, blank: bool = False, **more: Any) -> pa.Column:
    """A text, which is not empty unless it may be or has rules of its own."""
    return column(TEXT, description, *(checks or (() if blank else (FILLED,))), **more)


def choice(description: str, options: Iterable[str], **more: Any) -> pa.Column:
    """One of the given texts.

    Examples
    --------
    >>> choice("a letter", ("a", "b")).checks[0].error
    'one of a, b'
    """
    options = tuple(dict.fromkeys(options))
    return column(TEXT, description, pa.Check.isin(options, error=f"one of {', '.join(options)}"), **more)


def date(description: str, **more: Any) -> pa.Column:
    """A day."""
    return column(DATE, description, **more)


def flag(description: str) -> pa.Column:
    """True or False."""
    return column(FLAG, description)


def number(description: str, unit: str | None = None, *checks: pa.Check, **more: Any) -> pa.Column:
    """A finite number in a unit."""
    return column(NUMBER, description, *checks, unit=unit, **more)


def integer(description: str, unit: str | None = None, *checks: pa.Check, **more: Any) -> pa.Column:
    """A whole number in a unit."""
    return column(INTEGER, description, *checks, unit=unit, **more)


def count(description: str, unit: str = "count") -> pa.Column:
    """How many, at least one."""
    return integer(description, unit, AT_LEAST_ONE)


#: The row's source, and what to know before using the row.
SOURCED: Columns = {"source_id": text("source", refers=("sources", "source_id"))}
REMARKED: Columns = {"remark": text("what to know before using it", blank=True), **SOURCED}


def span(name: str, of: str, last: str | None = None) -> Columns:
    """First and last day, in that order.

    Examples
    --------
    >>> {name: column.description for name, column in span("period", "of the period").items()}
    {'period_from': 'first day of the period', 'period_to': 'last day of the period'}
    """
    return {
        f"{name}_from": date(f"first day {of}"),
        f"{name}_to": date(f"last day {last or of}", after=f"{name}_from"),
    }


def dated(of: str, how: str = "how far the date is known", *, calendar: bool = False, blank: bool = True) -> Columns:
    """First and last day that a date allows, and how far it is known; with `calendar`, as `_whole_periods`."""
    rules = (_dates_as_said, _whole_periods) if calendar else (_dates_as_said,)
    return {
        "date_from": date(f"first day {of}", blank=blank),
        "date_to": date(f"last day {of}", blank=blank, after="date_from"),
        "date_precision": choice(how, SPANS, between=rules),
    }


def ends(
    name: str, of: str, unit: str, rule: pa.Check, words: tuple[str, str] = ("lower end", "upper end"), **more: Any
) -> Columns:
    """Both ends of a range, in order.

    Examples
    --------
    >>> {name: column.description for name, column in ends("share", "share", "fraction", PART).items()}
    {'share_low': 'share, lower end', 'share_high': 'share, upper end'}
    """
    low, high = words
    return {
        f"{name}_low": number(f"{of}, {low}", unit, rule, **more),
        f"{name}_high": number(f"{of}, {high}", unit, rule, after=f"{name}_low", **more),
    }


def figure(units: Mapping[str, str], *bounds: pa.Check, what: str = "figure") -> Columns:
    """A figure of what the column `metric` says, or a range of it, in the unit that belongs to the metric.

    Parameters
    ----------
    units : mapping
        Metric -> its unit.
    bounds : pandera.Check
        From `within`.
    what : str
        What a figure is called.
    """
    return {
        "value": number(f"{what}, in the unit of the column unit", blank=True, after="low"),
        "low": number("lower end where a range is stated", blank=True),
        "high": number("upper end where a range is stated", blank=True, after=("value", "low")),
        "unit": choice(
            "unit of value, low and high", units.values(), between=(_figure_said, of_metric(units), *bounds)
        ),
    }


def rule(error: str) -> Callable[[Keeps], pa.Check]:
    """Turn a function that tells of each row whether it keeps a rule into the check that words it so.

    Examples
    --------
    >>> @rule("low at most high")
    ... def ordered(frame: pd.DataFrame) -> pd.Series:
    ...     return frame["low"] <= frame["high"]
    >>> ordered.error
    'low at most high'
    """
    return lambda keeps: pa.Check(keeps, error=error, name=keeps.__name__.strip("_"))


def in_order(first: str, last: str) -> pa.Check:
    """First not after (or above) last, where both are filled."""
    return rule(f"{first} on or before {last}")(lambda frame: ~(frame[first] > frame[last]))


@rule("dates blank exactly where undated, and one day exactly where known to the day")
def _dates_as_said(frame: pd.DataFrame) -> pd.Series:
    """`date_from` and `date_to` are as `date_precision`, one of `SPANS`, says."""
    undated, day = frame["date_precision"] == "undated", frame["date_precision"] == "day"
    blank = frame["date_from"].isna() & frame["date_to"].isna()
    filled = frame["date_from"].notna() & frame["date_to"].notna()
    return (undated & blank) | (~undated & filled & (day == (frame["date_from"] == frame["date_to"])))


@rule("a month, a quarter or a year from its first day to its last")
def _whole_periods(frame: pd.DataFrame) -> pd.Series:
    """A month, a quarter and a year are those of the calendar."""
    whole = pd.Series(True, index=frame.index)
    for precision, code in {"month": "M", "quarter": "Q", "year": "Y"}.items():
        some = frame[frame["date_precision"] == precision].dropna(subset=["date_from", "date_to"])
        periods = some["date_from"].dt.to_period(code).dt
        whole[some.index] = (some["date_from"] == periods.start_time) & (
            some["date_to"] == periods.end_time.dt.normalize()
        )
    return whole


@rule("a value, or both ends of a range")
def _figure_said(frame: pd.DataFrame) -> pd.Series:
    """`value`, `low` and `high` say something."""
    between = frame["low"].notna() & frame["high"].notna()
    return (frame["value"].notna() & (between == (frame["low"].notna() | frame["high"].notna()))) | between


def of_metric(units: Mapping[str, str], key: str = "metric", what: str = "unit") -> pa.Check:
    """The column `what` is the one that belongs to the column `key`."""
    return rule(f"the {what} of its {key}")(lambda frame: frame[what] == frame[key].map(units))


def within(metrics: Iterable[str], low: float, high: float) -> pa.Check:
    """Every figure of these metrics between two bounds."""
    metrics = list(metrics)

    @rule(f"{low:g} to {high:g} for {', '.join(metrics)}")
    def check(frame: pd.DataFrame) -> pd.Series:
        cells = frame[["value", "low", "high"]]
        inside = (cells.isna() | ((cells >= low) & (cells <= high))).all(axis=1)
        return inside | ~frame["metric"].isin(metrics)

    return check
