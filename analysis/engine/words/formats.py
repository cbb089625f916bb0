"""Numbers, units and dates as the book prints them: true minus sign, spaces that do not break.

Every function is pure and returns text. A number has three significant digits below a thousand and none after the
point above it; what was measured more finely stays in the ledger and in the tables.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandas import Period

MINUS = "\N{MINUS SIGN}"
SPACE = "\N{NO-BREAK SPACE}"
THIN = "\N{NARROW NO-BREAK SPACE}"

_LARGE = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_TIMES = ((7200.0, 3600.0, "h"), (120.0, 60.0, "min"), (1.0, 1.0, "s"), (1e-3, 1e-3, "ms"), (0.0, 1e-6, "µs"))
_COUNTED = {"USD": "USD", "USD/year": "USD a year", "count": ""}
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_PARTS = {"share of bound": (0.01, "% of the bound")}


def number(value: float) -> str:
    """Write a number without a unit.

    Parameters
    ----------
    value : float
        Any number; infinities are written as such.

    Returns
    -------
    str
        Three significant digits, or whole when a thousand or more.

    Examples
    --------
    >>> number(-80.1234)
    '−80.1'
    >>> number(280.0), number(0.004567), number(0)
    ('280', '0.00457', '0')
    >>> number(65204).replace(THIN, "_"), number(float("inf"))
    ('65_204', '∞')
    """
    if math.isinf(value):
        return f"{MINUS if value < 0 else ''}∞"
    size = abs(value)
    decimals = 0 if size >= 1000 or size == 0 else max(0, 2 - math.floor(math.log10(size)))
    text = signs(f"{size:,.{decimals}f}")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{MINUS}{text}" if value < 0 and text != "0" else text


def signs(text: str) -> str:
    r"""Give a number that Python wrote the book's signs: a true minus, and thin spaces between thousands.

    Examples
    --------
    >>> signs(f"{-65204.5:,.1f}")
    '−65\u202f204.5'
    """
    return text.replace("-", MINUS).replace(",", THIN)


def _scale(size: float, unit: str) -> tuple[float, str]:
    """Divisor and printed unit for numbers of about ``size``."""
    if unit == "s":
        return next((divisor, name) for least, divisor, name in _TIMES if size >= least)
    if unit in _COUNTED:
        divisor, word = next(((d, w) for d, w in _LARGE if size >= d), (1.0, ""))
        return divisor, f"{word} {_COUNTED[unit]}".strip()
    return _PARTS.get(unit, (1.0, unit))


def _joined(text: str, unit: str) -> str:
    return f"{text}{SPACE}{unit}" if unit else text


def quantity(value: float, unit: str) -> str:
    """Write a number with its unit, scaled to words or to the fitting unit of time.

    Parameters
    ----------
    value : float
        The number, in ``unit``.
    unit : str
        A unit of the ledger: ``%``, ``percentage points``, ``USD``, ``USD/year``, ``s``, ``count``, …

    Returns
    -------
    str

    Examples
    --------
    >>> [quantity(v, u).replace(SPACE, " ") for v, u in [(-80.1, "%"), (2.4e9, "USD"), (50e6, "USD/year")]]
    ['−80.1 %', '2.4 billion USD', '50 million USD a year']
    >>> [quantity(v, u).replace(SPACE, " ") for v, u in [(600, "s"), (0.012, "s"), (3e6, "count"), (7, "")]]
    ['10 min', '12 ms', '3 million', '7']
    """
    divisor, name = _scale(abs(value), unit)
    return _joined(number(value / divisor), name)


def interval(low: float, high: float, unit: str, bound: str = "exact", *, of: float | None = None) -> str:
    """Write an interval, its unit once; a single number where both ends are the same.

    Parameters
    ----------
    low, high : float
        Its ends, in ``unit``; an infinite end makes it a bound.
    unit : str
        A unit of the ledger.
    bound : str
        "exact", or a word that stands before it: about, or at least, over or up to, for which one end alone holds.
    of : float, optional
        The estimate beside which it stands: the ends are scaled as that is.

    Returns
    -------
    str

    Examples
    --------
    >>> interval(-84.9, -75.2, "%").replace(SPACE, " ")
    '−84.9 to −75.2 %'
    >>> interval(280, float("inf"), "%").replace(SPACE, " ")
    'over 280 %'
    >>> interval(float("-inf"), 1, "s").replace(SPACE, " ")
    'under 1 s'
    >>> interval(0.3e9, 2.4e9, "USD").replace(SPACE, " ")
    '0.3 to 2.4 billion USD'
    >>> interval(2.5e6, 2.5e6, "count", "at least").replace(SPACE, " ")
    'at least 2.5 million'
    >>> interval(21.8, 667, "s", of=74).replace(SPACE, " ")
    '21.8 to 667 s'
    """
    if bound != "exact":
        ends = {"at least": (low, low), "over": (low, low), "up to": (high, high)}.get(bound, (low, high))
        return f"{bound}{SPACE}{interval(*ends, unit, of=of)}"
    if low == high:
        return quantity(low, unit)
    if math.isinf(high):
        return f"over{SPACE}{quantity(low, unit)}"
    if math.isinf(low):
        return f"under{SPACE}{quantity(high, unit)}"
    divisor, name = _scale(max(abs(low), abs(high)) if of is None else abs(of), unit)
    return _joined(f"{number(low / divisor)} to {number(high / divisor)}", name)


def estimate(value: float, low: float, high: float, unit: str, bound: str = "exact") -> tuple[str, str]:
    r"""Write an estimate and the ends of its interval, all in the estimate's unit, which is said once.

    Parameters
    ----------
    value, low, high : float
        The estimate and its interval, in ``unit``.
    unit : str
        A unit of the ledger.
    bound : {"exact", "at least", "over"}
        Whether the interval has both ends, or goes on without end from its lower one.

    Returns
    -------
    tuple of str
        The estimate with its unit; the interval without, "no interval" where it has no width.

    Examples
    --------
    >>> [text.replace(SPACE, " ") for text in estimate(-80.3, -87.8, -70.4, "%")]
    ['−80.3 %', '−87.8 to −70.4']
    >>> [text.replace(SPACE, " ") for text in estimate(0.5e9, 50e6, 2.4e9, "USD")]
    ['500 million USD', '50 to 2\u202f400']
    >>> [text.replace(SPACE, " ") for text in estimate(2.5e6, 2.5e6, 2.5e6, "count", "at least")]
    ['2.5 million', 'at least 2.5']
    """
    divisor, name = _scale(abs(value), unit)
    if bound != "exact":
        return _joined(number(value / divisor), name), f"{bound} {number(low / divisor)}"
    if low == high:
        return _joined(number(value / divisor), name), "no interval"
    return _joined(number(value / divisor), name), f"{number(low / divisor)} to {number(high / divisor)}"


def share(value: float) -> str:
    r"""Write a share as a whole percentage; what is neither nothing nor all is never written as such.

    Parameters
    ----------
    value : float
        Between 0 and 1.

    Returns
    -------
    str

    Examples
    --------
    >>> [share(x).replace(SPACE, " ") for x in (0, 0.004, 0.474, 0.996, 1)]
    ['0 %', 'under 1 %', '47 %', 'over 99 %', '100 %']
    """
    if 0 < value < 0.01:
        return f"under{SPACE}1{SPACE}%"
    if 0.99 < value < 1:
        return f"over{SPACE}99{SPACE}%"
    return quantity(round(100 * value), "%")


def day(value: str | date) -> str:
    """Write a date.

    Parameters
    ----------
    value : str or datetime.date
        A date, or its ISO form.

    Returns
    -------
    str

    Examples
    --------
    >>> day("2025-12-31").replace(SPACE, " ")
    '31 Dec 2025'
    """
    found = date.fromisoformat(value) if isinstance(value, str) else value
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return SPACE.join((str(found.day), months[found.month - 1], str(found.year)))


def period(first: date | Period, last: date | None = None) -> str:
    r"""Write a date as far as it is known: a day, a month, a quarter or a year of the calendar, else a span of days.

    Parameters
    ----------
    first : datetime.date, or a Period of Pandas
        First of the days between which it lies, or all of them; a missing one (NaT) makes it undated.
    last : datetime.date, optional
        Last of the days; not given with a Period.

    Raises
    ------
    ValueError
        If the last day is before the first.

    Examples
    --------
    >>> ends = ["2024-11-29 2024-11-29", "2025-12-01 2025-12-31", "2025-07-01 2025-09-30", "2025-01-01 2025-12-31"]
    >>> ends += ["2026-01-01 2026-11-22"]
    >>> [period(*map(date.fromisoformat, both.split())).replace(SPACE, " ") for both in ends]
    ['29 Nov 2024', 'Dec 2025', 'Q3 2025', '2025', '1 Jan to 22 Nov 2026']
    """
    if first != first:  # NaT
        return "undated"
    ends = (first.start_time, first.end_time) if last is None else (first, last)
    start, end = (date(at.year, at.month, at.day) for at in ends)
    if end < start:
        raise ValueError(f"a span ends on or after its first day, not {start} to {end}")
    if start == end:
        return day(start)
    after = end + timedelta(days=1)
    months = 12 * (after.year - start.year) + after.month - start.month if start.day == after.day == 1 else 0
    if months == 1:
        return day(start).partition(SPACE)[2]
    if months == 3 and start.month % 3 == 1:
        return f"Q{start.month // 3 + 1}{SPACE}{start.year}"
    if months == 12 and start.month == 1:
        return f"{start.year}"
    return f"{day(start).rpartition(SPACE)[0] if start.year == end.year else day(start)} to {day(end)}"


def power(base: int, exponent: int) -> str:
    """Write a power with a raised exponent.

    Examples
    --------
    >>> power(2, 20), power(10, -3)
    ('2²⁰', '10⁻³')
    """
    return f"{base}{str(exponent).translate(_SUPERSCRIPT)}"


def scientific(value: float, unit: str) -> str:
    r"""Write a number of two digits times a power of ten, with its unit.

    Examples
    --------
    >>> scientific(3.79e25, "FLOP").replace(SPACE, " ")
    '3.8 × 10²⁵ FLOP'
    """
    mantissa, _, exponent = f"{value:.1e}".partition("e")
    return _joined(f"{mantissa} × {power(10, int(exponent))}", unit)


def listed(words: Sequence[str]) -> str:
    """Write words with commas and an "and".

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def span(values: Iterable[float], unit: str) -> str:
    r"""Write the least and the most of several values, or one where both read the same; NaN is left out.

    Examples
    --------
    >>> [span(values, "s").replace(SPACE, " ") for values in ((2.0, 5.0), (2.0, 600.0), (2.0, 2.0, float("nan")), ())]
    ['2 to 5 s', '2 s to 10 min', '2 s', 'unknown']
    """
    known = [float(value) for value in values if value == value]
    if not known:
        return "unknown"
    least, most = quantity(min(known), unit), quantity(max(known), unit)
    if least == most:
        return least
    same = least.rpartition(SPACE)[2] == most.rpartition(SPACE)[2]
    return interval(min(known), max(known), unit) if same or not unit else f"{least} to {most}"


def many(count: int, one: str, more: str | None = None) -> str:
    r"""Write a count with its noun.

    Parameters
    ----------
    count : int
        How many.
    one, more : str
        The noun for one, and for any other count; ``more`` is ``one`` with an s where not given.

    Returns
    -------
    str

    Examples
    --------
    >>> many(1, "row"), many(0, "row"), many(2, "match", "matches")
    ('1\xa0row', '0\xa0rows', '2\xa0matches')
    """
    return f"{number(count)}{SPACE}{one if count == 1 else more or one + 's'}"


def size(count: int) -> str:
    r"""Write a file's size.

    Parameters
    ----------
    count : int
        Bytes.

    Returns
    -------
    str

    Examples
    --------
    >>> size(4297104), size(281)
    ('4.3\xa0MB', '281\xa0bytes')
    """
    for least, name in ((1e6, "MB"), (1e3, "kB")):
        if count >= least:
            return f"{count / least:.1f}{SPACE}{name}"
    return many(count, "byte")


_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def harmless(cell: object) -> object:
    """Put an apostrophe before a text that a spreadsheet would run as a formula; leave everything else as it is.

    A text that already has apostrophes before such a sign gets one more: taking one away gives back what was there.

    Examples
    --------
    >>> harmless("=1+1"), harmless("plain"), harmless(-3)
    ("'=1+1", 'plain', -3)
    """
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
