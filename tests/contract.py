"""What a planted case of the contract is: small made-up tables of one assessor, and the finding that they imply.

Each chapter has its cases in ``tests/<chapter>/contract.py``, as `CASES`: claim id -> cases. A new assessor needs one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from analysis.engine.claims import Curve, Support
from analysis.engine.claims.judge import Label

#: Day of judgement: every forecast is due.
TODAY = date(2030, 1, 1)
#: What makes a claim true that is.
HOLDS = "it holds as it is"
#: Weight of one of four combinations of two choices, where the other three have one result and so count a third each:
#: w / (1/2 - w) is the root of 3, from raking to equal halves, which keeps the ratio of odds.
THREE_TO_ONE = 3**0.5 / (1 + 3**0.5) / 2
#: As above, where one combination has two results and each of the others one.
TWO_TO_ONE = 2**0.5 / (1 + 2**0.5) / 2


@dataclass(frozen=True, slots=True)
class Number:
    """The planted estimate: its value, ends, unit, number of observations and bound; its words are not planted."""

    value: float
    low: float
    high: float
    unit: str
    n: int
    bound: str = "exact"


@dataclass(frozen=True, slots=True)
class Seen:
    """A planted row of evidence: everything but its statement, of which a part is given."""

    bearing: str
    source_id: str
    observed_on: date | None = None
    vendor: bool = False
    part: str | None = None
    says: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """Planted tables and all that the assessor has to find in them.

    Attributes
    ----------
    plants : str
        What is planted, in a few words.
    tables : mapping
        Table -> its rows.
    label, primary : str
        Verdict that the finding leads to, and by the primary definition alone.
    estimate, evidence, support, curve, …
        As the fields of `Finding`; what is not given is at its default.
    nearest_true : str or None
        The whole of it, where it is `HOLDS`; else words that stand in it.
    """

    plants: str
    tables: Mapping[str, pd.DataFrame]
    label: Label
    level: int
    basis: str
    primary: Label | None = None
    estimate: Number | None = None
    evidence: tuple[Seen, ...] = ()
    observed_on: date | None = None
    proxy: bool = False
    source_values: tuple[float, ...] = ()
    reliability: Mapping[str, float] | None = None
    support: Support | None = None
    curve: Curve | None = None
    nearest_true: str | None = None
    missing: str | None = None


def table(row: Mapping[str, Any], *changes: Mapping[str, Any], days: tuple[str, ...] = ()) -> pd.DataFrame:
    """Rows that are like one but for what is changed; columns of days are of that type, also without a row."""
    found = pd.DataFrame([dict(row) | dict(more) for more in changes], columns=list(row))
    return found.astype(dict.fromkeys(days, "datetime64[us]"))
