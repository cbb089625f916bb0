"""What differs between two ledgers, and which input is the cause: pure functions of records."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal, TypeVar, get_args

Name = TypeVar("Name", bound=str)
Value = TypeVar("Value")
Record = Mapping[str, Any]
Input = Literal["data", "code", "definition"]
Reason = Literal["data", "code", "definition", "date", "environment"]
#: From the inputs taken from the new side, the others being the old side's, to that mixture's records by claim id;
#: raises `Unavailable` where it cannot be computed.
Recompute = Callable[[frozenset[Input]], Mapping[str, Record]]

INPUTS: tuple[Input, ...] = get_args(Input)
#: What an entry says, in the order in which it is told.
OUTCOME = (
    "verdict",
    "primary_verdict",
    "estimate",
    "support",
    "certainty",
    "level",
    "nearest_true",
    "evidence",
    "reason",
)
#: Fields of an estimate that are no wording.
FIGURES = ("value", "low", "high", "unit", "n")
#: Numbers closer than this, relative to the larger, are the same: platforms differ in the last digits.
TOLERANCE = 1e-9


class Unavailable(Exception):  # noqa: N818 -- a state, not a fault
    """A mixture that cannot be computed; the message says why."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an entry changed.

    Attributes
    ----------
    name : {"data", "code", "definition", "date", "environment"}
    what : str
        What differs in it: tables, function, file.
    doubt : str or None
        None where it is a cause; else it is possibly one, and this says why it could not be told.
    """

    name: Reason
    what: str
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A claim whose entry says something else.

    Attributes
    ----------
    old, new : mapping
        Ledger records.
    fields : tuple of str
        The members of `OUTCOME` that changed.
    causes : tuple of Cause
        At least one.
    """

    old: Record
    new: Record
    fields: tuple[str, ...]
    causes: tuple[Cause, ...]

    @property
    def id(self) -> str:
        """The claim's id."""
        return self.new["id"]

    @property
    def flipped(self) -> bool:
        """Whether the verdict is another."""
        return "verdict" in self.fields


@dataclass(frozen=True, slots=True)
class Diff:
    """What differs between two ledgers.

    Attributes
    ----------
    changes : tuple of Change
        Verdict flips first, each group in the new ledger's order.
    appeared, vanished : tuple of mappings
        Records of claims that only the new, or only the old ledger has.
    unchanged : tuple of str
        Ids of claims that say the same.
    rebased : tuple of str
        Those of them that rest on other data, code or definitions.
    """

    changes: tuple[Change, ...]
    appeared: tuple[Record, ...]
    vanished: tuple[Record, ...]
    unchanged: tuple[str, ...]
    rebased: tuple[str, ...]

    @property
    def flips(self) -> tuple[Change, ...]:
        """Changes of the verdict."""
        return tuple(change for change in self.changes if change.flipped)

    @property
    def others(self) -> tuple[Change, ...]:
        """Changes that leave the verdict as it was."""
        return tuple(change for change in self.changes if not change.flipped)


def compare(old: Iterable[Record], new: Iterable[Record], recompute: Recompute | None = None) -> Diff:
    """Compare two ledgers.

    Parameters
    ----------
    old, new : iterable of mappings
        Ledger records; keys that a ledger of another version lacks count as null.
    recompute : callable, optional
        Tells apart several inputs that differ; without it each of them is only possible.

    Returns
    -------
    Diff

    Examples
    --------
    >>> old = {"id": "R1", "verdict": "inconclusive", "tables": {"tokens": "aa"}, "code_sha256": "c"}
    >>> new = old | {"verdict": "reproduced", "tables": {"tokens": "bb"}}
    >>> compare([old], [new]).changes[0].causes
    (Cause(name='data', what='tokens', doubt=None),)
    """
    before, after = ({record["id"]: record for record in side} for side in (old, new))
    both = [claim_id for claim_id in after if claim_id in before]
    fields = {claim_id: changed(before[claim_id], after[claim_id]) for claim_id in both}
    changes = [
        Change(before[i], after[i], fields[i], causes(before[i], after[i], recompute)) for i in both if fields[i]
    ]
    unchanged = tuple(i for i in both if not fields[i])
    return Diff(
        changes=tuple(sorted(changes, key=lambda change: not change.flipped)),
        appeared=tuple(record for i, record in after.items() if i not in before),
        vanished=tuple(record for i, record in before.items() if i not in after),
        unchanged=unchanged,
        rebased=tuple(i for i in unchanged if differing(before[i], after[i])),
    )


def changed(old: Record, new: Record) -> tuple[str, ...]:
    """Members of `OUTCOME` that differ.

    Examples
    --------
    >>> changed({"estimate": {"value": 1.0, "method": "mean"}}, {"estimate": {"value": 1.0, "method": "the mean"}})
    ()
    >>> changed({"level": 3}, {"level": 4})
    ('level',)
    """
    return tuple(name for name in OUTCOME if not same(_figures(name, old.get(name)), _figures(name, new.get(name))))


def same(a: Any, b: Any) -> bool:
    """Whether two JSON values are equal, numbers to `TOLERANCE`.

    Examples
    --------
    >>> same({"low": [0.3, None]}, {"low": [0.1 + 0.2, None]}), same(1, 1.001)
    (True, False)
    """
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, float | int) and isinstance(b, float | int):
        return math.isclose(a, b, rel_tol=TOLERANCE)
    return a == b


def differing(old: Record, new: Record) -> frozenset[Input]:
    """Inputs of a claim that differ between two records.

    Examples
    --------
    >>> old = {"tables": {"tokens": "aa"}, "code_sha256": "c", "definition_sha256": "d"}
    >>> sorted(differing(old, old | {"tables": {"tokens": "bb"}, "definition_sha256": "e"}))
    ['data', 'definition']
    >>> sorted(differing(old | {"tables": {}, "code_sha256": None}, old))
    ['code']
    """
    differ = {
        "data": bool(_tables(old, new)),
        "code": old.get("code_sha256") != new.get("code_sha256"),
        "definition": old.get("definition_sha256") != new.get("definition_sha256"),
    }
    return frozenset(name for name in INPUTS if differ[name])


def causes(old: Record, new: Record, recompute: Recompute | None) -> tuple[Cause, ...]:
    """Causes of a change, by the rules of `analysis.diff`; at least one."""
    differ = differing(old, new)
    what = _what(old, new)
    if _fell_due(old, new, differ):
        doubt = "until the forecast is due, its verdict depends on the date alone"
        return Cause("date", f"due {new['due']}"), *(Cause(name, what[name], doubt) for name in _ordered(differ))
    if not differ:
        return (Cause("environment", "packages or platform, since no input differs"),)
    if len(differ) == 1:
        return tuple(Cause(name, what[name]) for name in differ)
    if recompute is None:
        return tuple(Cause(name, what[name], "several inputs differ, not told apart here") for name in _ordered(differ))

    def entry(switched: frozenset[Input]) -> Record:
        return _at(switched, differ, recompute)[new["id"]]

    found = effective(differ, entry, lambda a, b: not changed(a, b))
    told = tuple(Cause(name, what[name], found[name]) for name in _ordered(found))
    corners = ((old, frozenset()), (new, differ))
    if any(_other(recorded, entry, switched) for recorded, switched in corners) or not told:
        told += (Cause("environment", "packages or platform, since recomputing a side gives another entry"),)
    return told


def effective(
    names: Collection[Name], value: Callable[[frozenset[Name]], Value], equal: Callable[[Value, Value], bool]
) -> dict[Name, str | None]:
    """Find the switches on which a function depends.

    Parameters
    ----------
    names : collection of str
        The switches.
    value : callable
        The function, of the set of switches that are on; raises `Unavailable` where it cannot be computed.
    equal : callable
        Whether two values are the same.

    Returns
    -------
    dict
        None for a switch that changes the value somewhere; the reason why it could not be told for one that changes
        it nowhere that could be computed, where not all could; switches without effect are left out.

    Examples
    --------
    >>> effective("abc", lambda on: "a" in on and "b" in on, lambda x, y: x == y)
    {'a': None, 'b': None}
    """
    settings = [frozenset(on) for size in range(len(names) + 1) for on in combinations(sorted(names), size)]
    values, failures = {}, {}
    for on in settings:
        try:
            values[on] = value(on)
        except Unavailable as error:
            failures[on] = str(error)
    found: dict[Name, str | None] = {}
    for name in names:
        pairs = [(off, off | {name}) for off in settings if name not in off]
        known = [(off, on) for off, on in pairs if off in values and on in values]
        if any(not equal(values[off], values[on]) for off, on in known):
            found[name] = None
        elif len(known) < len(pairs):
            found[name] = next(failures[on] for pair in pairs for on in pair if on in failures)
    return found


def _at(switched: frozenset[Input], differ: frozenset[Input], recompute: Recompute) -> Mapping[str, Record]:
    # an input that does not differ for this claim may be taken from either side: from whichever can be computed
    same_here = [name for name in INPUTS if name not in differ]
    free = [frozenset(on) for size in range(len(same_here) + 1) for on in combinations(same_here, size)]
    if switched == differ:  # that is the new side
        free.reverse()
    failures = []
    for more in free:
        try:
            return recompute(switched | more)
        except Unavailable as error:
            failures.append(error)
    raise min(failures, key=lambda error: len(str(error)))  # the one that lacks least


def _other(recorded: Record, entry: Callable[[frozenset[Input]], Record], switched: frozenset[Input]) -> bool:
    try:
        return bool(changed(recorded, entry(switched)))
    except Unavailable:
        return False


def _figures(name: str, value: Any) -> Any:
    return {key: value.get(key) for key in FIGURES} if name == "estimate" and value is not None else value


def _tables(old: Record, new: Record) -> list[str]:
    a, b = old["tables"], new["tables"]
    if not (a and b):  # one side's function reads none, or there is none: tables play no part there
        return []
    return sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name))


def _fell_due(old: Record, new: Record, differ: Collection[Input]) -> bool:
    if (old["verdict"] == "pending") == (new["verdict"] == "pending"):
        return False
    return new.get("due") is not None and old.get("due") == new["due"]


def _what(old: Record, new: Record) -> dict[Input, str]:
    functions = dict.fromkeys(record.get("computed_by") or "no function" for record in (old, new))
    return {"data": ", ".join(_tables(old, new)), "code": " → ".join(functions), "definition": "claims.yml"}


def _ordered(names: Collection[Input]) -> Sequence[Input]:
    return [name for name in INPUTS if name in names]
