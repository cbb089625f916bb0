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
#: Fields of an estimate, and of a row of evidence, that are no wording.
#: What of a field is compared, where not all of it is: no wording, and nothing that older ledgers lack.
COMPARED = {
    "estimate": ("value", "low", "high", "unit", "n"),
    "evidence": ("bearing", "part", "source_id", "observed_on", "vendor"),
    "certainty": ("grade", "reasons"),
}
#: Numbers closer than this, relative to the larger, are the same: platforms differ in the last digits.
TOLERANCE = 1e-9
#: So are numbers closer than this: beside zero, there is no relative measure.
NEAR_ZERO = 1e-12
UNTOLD = "several inputs differ, not told apart here"


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


def compare(
    old: Iterable[Record],
    new: Iterable[Record],
    recompute: Recompute | None = None,
    *,
    other_tables: Collection[str] = (),
    same_day: bool = False,
) -> Diff:
    """Compare two ledgers.

    Parameters
    ----------
    old, new : iterable of mappings
        Ledger records; keys that a ledger of another version lacks count as null.
    recompute : callable, optional
        Tells apart several inputs that differ, and checks that one that differs explains the change. Without it, each
        of several is only possible, and a single one is taken to explain it.
    other_tables : collection of str
        Tables that are known to differ between the sides' folders. Those that a ledger's records show to differ need
        not be named.
    same_day : bool
        Whether both sides were judged on one day, so that no date can be the cause.

    Returns
    -------
    Diff

    Examples
    --------
    >>> old = {"id": "H1", "verdict": "inconclusive", "tables": {"yields": "aa"}, "code_sha256": "c"}
    >>> new = old | {"verdict": "reproduced", "tables": {"yields": "bb"}}
    >>> compare([old], [new]).changes[0].causes
    (Cause(name='data', what='yields', doubt=None),)
    """
    before, after = ({record["id"]: record for record in side} for side in (old, new))
    both = [claim_id for claim_id in after if claim_id in before]
    fields = {claim_id: changed(before[claim_id], after[claim_id]) for claim_id in both}
    others = {*other_tables, *_unequal(*(_read(side.values()) for side in (before, after)))}
    changes = [
        Change(before[i], after[i], fields[i], causes(before[i], after[i], recompute, others=others, same_day=same_day))
        for i in both
        if fields[i]
    ]
    unchanged = tuple(i for i in both if not fields[i])
    return Diff(
        changes=tuple(sorted(changes, key=lambda change: not change.flipped)),
        appeared=tuple(record for i, record in after.items() if i not in before),
        vanished=tuple(record for i, record in before.items() if i not in after),
        unchanged=unchanged,
        rebased=tuple(i for i in unchanged if differing(before[i], after[i], others)),
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
    return tuple(name for name in OUTCOME if not same(_told(name, old.get(name)), _told(name, new.get(name))))


def same(a: Any, b: Any) -> bool:
    """Whether two JSON values are equal, numbers to `TOLERANCE` or `NEAR_ZERO`.

    Examples
    --------
    >>> same({"low": [0.3, None]}, {"low": [0.1 + 0.2, None]}), same(1, 1.001)
    (True, False)
    >>> same(0, 1e-17)
    True
    """
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, float | int) and isinstance(b, float | int):
        return math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=NEAR_ZERO)
    return a == b


def differing(old: Record, new: Record, others: Collection[str] = ()) -> frozenset[Input]:
    """Inputs of a claim that differ between two records.

    Parameters
    ----------
    old, new : mapping
        Ledger records.
    others : collection of str
        Tables that are known to differ between the sides; a table that only one record names differs if it is one.

    Examples
    --------
    >>> old = {"tables": {"yields": "aa"}, "code_sha256": "c", "definition_sha256": "d"}
    >>> sorted(differing(old, old | {"tables": {"yields": "bb"}, "definition_sha256": "e"}))
    ['data', 'definition']
    >>> new = old | {"tables": {"yields": "aa", "systems": "cc"}, "code_sha256": "d"}
    >>> sorted(differing(old, new)), sorted(differing(old, new, {"systems"}))
    (['code'], ['code', 'data'])
    """
    differ = {
        "data": bool(_tables(old, new, others)),
        "code": any(old.get(key) != new.get(key) for key in ("code_sha256", "computed_by")),
        "definition": old.get("definition_sha256") != new.get("definition_sha256"),
    }
    return frozenset(name for name in INPUTS if differ[name])


def causes(
    old: Record,
    new: Record,
    recompute: Recompute | None,
    *,
    others: Collection[str] = (),
    same_day: bool = False,
) -> tuple[Cause, ...]:
    """Causes of a change, by the rules of `analysis.engine.diff`; at least one."""
    differ = differing(old, new, others)
    what = _what(old, new, others)
    corners = ((old, frozenset()), (new, differ))

    def entry(switched: frozenset[Input]) -> Record:
        if recompute is None:
            raise Unavailable(UNTOLD)
        return _at(switched, differ, (old, new), recompute)

    if not same_day and _fell_due(old, new):
        by_date = "code" not in differ or _fell_due_since(corners, entry)
        if by_date is not False:
            doubt = "until the forecast is due, its verdict depends on the date alone"
            date = Cause("date", f"due {new['due']}", None if by_date else "the code that judges differs too")
            return date, *(Cause(name, what[name], doubt) for name in _ordered(differ))
    if not differ:
        return (Cause("environment", "packages or platform, since no input differs"),)
    if recompute is None:
        return tuple(Cause(name, what[name], UNTOLD if len(differ) > 1 else None) for name in _ordered(differ))
    found = effective(differ, entry, lambda a, b: not changed(a, b))
    if len(differ) == 1:
        found = {name: doubt and f"a saved ledger was not recomputed, {doubt}" for name, doubt in found.items()}
    told = tuple(Cause(name, what[name], found[name]) for name in _ordered(found))
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


def _at(
    switched: frozenset[Input], differ: frozenset[Input], sides: tuple[Record, Record], recompute: Recompute
) -> Record:
    # An input that does not differ for this claim may be taken from either side: from whichever can be computed. If one
    # side has no function, that says nothing of the data: the other's function gets its own, in both directions.
    new = sides[1]
    same_here = [name for name in INPUTS if name not in differ]
    free = [frozenset(on) for size in range(len(same_here) + 1) for on in combinations(same_here, size)]
    if "data" not in differ and _without(sides[0]) != _without(new) and _without(sides["code" in switched]) is False:
        free = [more for more in free if ("data" in more) == ("code" in switched)]
    if switched == differ:  # that is the new side
        free.reverse()
    failures = []
    for more in free:
        try:
            records = recompute(switched | more)
        except Unavailable as error:
            failures.append(error)
        else:
            if new["id"] in records:
                return records[new["id"]]
            failures.append(Unavailable(f"no claim {new['id']} in what was recomputed"))
    raise min(failures, key=lambda error: len(str(error)))  # the one that lacks least


def _other(recorded: Record, entry: Callable[[frozenset[Input]], Record], switched: frozenset[Input]) -> bool:
    try:
        return bool(changed(recorded, entry(switched)))
    except Unavailable:
        return False


def _told(name: str, value: Any) -> Any:
    """The part of a field that is compared."""
    if value is None or name not in COMPARED:
        return value
    if isinstance(value, Mapping):
        return {key: value.get(key) for key in COMPARED[name]}
    return [{key: row.get(key) for key in COMPARED[name]} for row in value]


def _without(record: Record) -> bool:
    return not record.get("computed_by") and not record["tables"]


def _read(records: Iterable[Record]) -> dict[str, str]:
    return {name: digest for record in records for name, digest in record["tables"].items()}


def _unequal(a: Mapping[str, str], b: Mapping[str, str]) -> list[str]:
    return sorted(name for name in a.keys() & b.keys() if a[name] != b[name])


def _tables(old: Record, new: Record, others: Collection[str]) -> list[str]:
    if _without(old) or _without(new):  # the function is the change, whatever it reads
        return []
    one_sided = old["tables"].keys() ^ new["tables"].keys()
    return sorted([*_unequal(old["tables"], new["tables"]), *(one_sided & set(others))])


def _fell_due(old: Record, new: Record) -> bool:
    return _pending(old) != _pending(new) and new.get("due") is not None and old.get("due") == new["due"]


def _fell_due_since(
    corners: Iterable[tuple[Record, frozenset[Input]]], entry: Callable[[frozenset[Input]], Record]
) -> bool | None:
    """Whether judging a side again today settles or unsettles its verdict; None where not both can be judged again."""
    moved = []
    for recorded, switched in corners:
        try:
            moved.append(_pending(recorded) != _pending(entry(switched)))
        except Unavailable:
            moved.append(None)
    return any(moved) or (None if None in moved else False)


def _pending(record: Record) -> bool:
    return record["verdict"] == "pending"


def _what(old: Record, new: Record, others: Collection[str]) -> dict[Input, str]:
    functions = dict.fromkeys(record.get("computed_by") or "no function" for record in (old, new))
    return {"data": ", ".join(_tables(old, new, others)), "code": " → ".join(functions), "definition": "claims.yml"}


def _ordered(names: Collection[Input]) -> Sequence[Input]:
    return [name for name in INPUTS if name in names]
