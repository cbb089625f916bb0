"""The diff in words and as JSON."""

import json
from collections.abc import Iterable
from typing import Any

from analysis.engine.diff.core import OUTCOME, Cause, Change, Diff, Record
from analysis.engine.words import formats


def to_text(diff: Diff, old: str = "old", new: str = "new") -> str:
    """The diff for a terminal: verdict flips, other changes, claims that appeared or vanished, the rest counted.

    Parameters
    ----------
    diff : Diff
    old, new : str
        Names of the sides.

    Examples
    --------
    >>> print(to_text(Diff((), (), (), ("H1", "H2"), ())))
    old: old
    new: new
    <BLANKLINE>
    No verdict flips. Nothing changed: 2 claims say the same.
    <BLANKLINE>
    """
    blocks = [f"old: {old}\nnew: {new}"]
    for title, changes in (("Verdict flips", diff.flips), ("Other changes", diff.others)):
        if changes:
            blocks.append("\n".join([title, *(_change(change) for change in changes)]))
    for title, records in (("Appeared", diff.appeared), ("Vanished", diff.vanished)):
        if records:
            rows = [f"  {record['id']:<3} {record['verdict']}: {record['statement']}" for record in records]
            blocks.append("\n".join([title, *rows]))
    blocks.append(_closing(diff))
    plain = "\n\n".join(blocks) + "\n"
    return plain.replace(formats.SPACE, " ").replace(formats.THIN, " ")


def to_json(diff: Diff, old: str = "old", new: str = "new") -> str:
    """The diff as a JSON object.

    Returns
    -------
    str
        Keys: ``old``, ``new`` (names of the sides); ``changes``, verdict flips first, each with ``id``, ``statement``,
        ``flipped``, ``fields`` (what changed), ``causes`` (each with ``name``, ``what`` differs in it, and ``doubt``:
        null, or why it is only possible), ``old`` and ``new`` (the outcome on each side: `core.OUTCOME`);
        ``appeared``, ``vanished``, ``unchanged`` and ``rebased`` (ids; the last are the unchanged claims that rest on
        other inputs).

    Examples
    --------
    >>> json.loads(to_json(Diff((), (), (), ("H1",), ())))["unchanged"]
    ['H1']
    """
    found = {
        "old": old,
        "new": new,
        "changes": [_object(change) for change in diff.changes],
        "appeared": [record["id"] for record in diff.appeared],
        "vanished": [record["id"] for record in diff.vanished],
        "unchanged": diff.unchanged,
        "rebased": diff.rebased,
    }
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def why(causes: Iterable[Cause]) -> str:
    """Causes in a sentence's part, the certain ones first.

    Examples
    --------
    >>> why([Cause("data", "yields"), Cause("code", "analysis.harvest:assess_h1")])
    'data (yields) and code (analysis.harvest:assess_h1)'
    >>> why([Cause("data", "yields", "not at hand: the data of x.json"), Cause("date", "due 2028-12-31")])
    'date (due 2028-12-31); possibly data (yields): not at hand: the data of x.json'
    """
    causes = list(causes)
    sure = " and ".join(f"{cause.name} ({cause.what})" for cause in causes if cause.doubt is None)
    doubts: dict[str, list[str]] = {}
    for cause in causes:
        if cause.doubt is not None:
            doubts.setdefault(cause.doubt, []).append(f"{cause.name} ({cause.what})")
    unsure = [f"possibly {' or '.join(names)}: {doubt}" for doubt, names in doubts.items()]
    return "; ".join([sure, *unsure] if sure else unsure)


def told(field: str, record: Record) -> str:
    """A field of a record in words, an estimate with its interval; a dash where there is none.

    Examples
    --------
    >>> told("support", {"support": {"balanced": 0.474}}).replace(formats.SPACE, " ")
    '47 %'
    >>> told("level", {"level": None})
    '–'
    """
    value = record.get(field)
    if value is None:
        return "–"
    if field == "estimate":
        found, ends = formats.estimate(
            *(value[part] for part in ("value", "low", "high", "unit")), value.get("bound", "exact")
        )
        return f"{found} ({ends})"
    if field == "support":
        return formats.share(value["balanced"])
    return value["grade"] if field == "certainty" else str(value)


def _change(change: Change) -> str:
    verdicts = dict.fromkeys(record["verdict"] for record in (change.old, change.new))
    lines = [f"  {change.id:<3} {' → '.join(verdicts)}", f"      {'cause':<16} {why(change.causes)}"]
    shown = dict.fromkeys([*(["estimate"] if change.flipped else []), *change.fields])
    for field in [name for name in OUTCOME if name in shown and name != "verdict"]:
        lines.append(f"      {field.replace('_', ' '):<16} {_step(field, change)}")
    return "\n".join(lines)


def _step(field: str, change: Change) -> str:
    if field == "evidence":
        counts = [len(record.get(field) or ()) for record in (change.old, change.new)]
        return f"{formats.many(counts[0], 'row')} → {formats.many(counts[1], 'row')}, not the same"
    before, after = told(field, change.old), told(field, change.new)
    if field not in change.fields:
        return f"{before}, unchanged"
    return f"{before} → {after}{'' if before != after else ' (differs in what is not shown)'}"


def _closing(diff: Diff) -> str:
    count = formats.many(len(diff.unchanged), "claim")
    says = "says" if len(diff.unchanged) == 1 else "say"
    rest = f"{count} {says} the same"
    if diff.rebased:
        rest += f", of which on other data, code or definitions: {', '.join(diff.rebased)}"
    flips = "" if diff.flips else "No verdict flips. "
    nothing = "" if diff.changes or diff.appeared or diff.vanished else "Nothing changed: "
    return f"{flips}{nothing}{rest}."


def _object(change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "statement": change.new["statement"],
        "flipped": change.flipped,
        "fields": change.fields,
        "causes": [{"name": cause.name, "what": cause.what, "doubt": cause.doubt} for cause in change.causes],
        "old": {name: change.old.get(name) for name in OUTCOME},
        "new": {name: change.new.get(name) for name in OUTCOME},
    }
