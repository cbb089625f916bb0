"""What changed since the last release: verdicts and estimates side by side, each with its cause."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from analysis.engine.diff import Cause, Change, Diff
from analysis.engine.site.picture import estimate_words
from analysis.engine.site.verdicts import badge, card_page, dots
from analysis.engine.words import formats

#: Heading of a version in the change log; one that is not released yet has no date.
HEADING = re.compile(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})\s*$", re.MULTILINE)
#: Fields that a side shows as figures, and those that are only named.
SHOWN = ("support", "certainty", "level")
NAMED = {
    "primary_verdict": "the verdict under the primary definition",
    "nearest_true": "what would make it true",
    "evidence": "the evidence",
    "reason": "the reason",
}
COLUMNS = ("Claim", "Then", "Now", "Cause")


def last_release(changelog: str) -> tuple[str, str] | None:
    r"""Version and date of the newest release that a change log lists.

    Parameters
    ----------
    changelog : str
        In the form of Keep a Changelog, the newest version first.

    Returns
    -------
    tuple of str or None
        Version and ISO date; None where nothing is released yet.

    Examples
    --------
    >>> last_release("## [0.2.0] - unreleased\n\n## [0.1.0] - 2026-11-22\n")
    ('0.1.0', '2026-11-22')
    >>> last_release("## [0.1.0] - unreleased") is None
    True
    """
    found = HEADING.search(changelog)
    return (found[1], found[2]) if found else None


def changes(diff: Diff | None, release: tuple[str, str] | None, command: str, prefix: str = "") -> Markup:
    """The page's table.

    Parameters
    ----------
    diff : Diff or None
        From the released ledger to this one; None where there is no release.
    release : tuple of str or None
        Version and ISO date.
    command : str
        What recomputes the causes.
    prefix : str
        What leads from the page to the site's root.

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> changes(None, None, "").striptags()
    'No version has been released yet, so there is nothing to compare with.'
    >>> changes(Diff((), (), (), ("R1",), ()), ("0.1.0", "2026-11-22"), "").striptags().replace(formats.SPACE, " ")
    'Nothing changed since version 0.1.0 of 22 Nov 2026: 1 claim says the same.'
    """
    if diff is None or release is None:
        return Markup("<p>No version has been released yet, so there is nothing to compare with.</p>")
    groups = (
        ("Verdict flips", [_row(change, prefix) for change in diff.flips]),
        ("Other changes, the verdict staying the same", [_row(change, prefix) for change in diff.others]),
        ("New claims", [_new(record, prefix) for record in diff.appeared]),
        ("Claims that are gone", [_gone(record) for record in diff.vanished]),
    )
    bodies = Markup("").join(_group(title, rows) for title, rows in groups if rows)
    head = Markup("").join(
        Markup('<th role="columnheader" scope="col">{}</th>').format(name)
        for name in (COLUMNS[0], f"{COLUMNS[1]}, {release[0]}", *COLUMNS[2:])
    )
    table = Markup(
        '<table class="cards changes" role="table" aria-label="What changed since {}"><thead role="rowgroup">'
        '<tr role="row">{}</tr></thead>{}</table>'
    ).format(release[0], head, bodies)
    return Markup("{}{}{}").format(_summary(diff, release), table if bodies else "", _untold(diff, command))


def _summary(diff: Diff, release: tuple[str, str]) -> Markup:
    since = f"version {release[0]} of {formats.day(release[1])}"
    rest = f"{formats.many(len(diff.unchanged), 'claim')} {'says' if len(diff.unchanged) == 1 else 'say'} the same"
    if not (diff.changes or diff.appeared or diff.vanished):
        return Markup("<p>Nothing changed since {}: {}.{}</p>").format(since, rest, _rebased(diff))
    counts = (
        (len(diff.flips), "verdict flipped", "verdicts flipped"),
        (len(diff.others), "other claim changed", "other claims changed"),
        (len(diff.appeared), "claim is new", "claims are new"),
        (len(diff.vanished), "claim is gone", "claims are gone"),
    )
    parts = [formats.many(count, one, more) for count, one, more in counts if count]
    return Markup("<p>Since {}: {}.{}</p>").format(since, "; ".join([*parts, rest]), _rebased(diff))


def _rebased(diff: Diff) -> str:
    if not diff.rebased:
        return ""
    count = len(diff.rebased)
    if count == len(diff.unchanged) and count > 1:
        return " All of these rest on other data, code or definitions than then."
    rests = "rests" if count == 1 else "rest"
    return f" Of these, {', '.join(diff.rebased)} {rests} on other data, code or definitions than then."


def _untold(diff: Diff, command: str) -> Markup | str:
    if all(cause.doubt is None for change in diff.changes for cause in change.causes):
        return ""
    return Markup(
        "<p>This page compares hashes and recomputes nothing. Where several inputs differ, this command recomputes the "
        "claim under their mixtures and tells which of them is the cause:</p>"
        '<pre class="recompute">{}</pre>'
    ).format(command)


def _group(title: str, rows: Iterable[Markup]) -> Markup:
    return Markup(
        '<tbody role="rowgroup"><tr role="row" class="chapter"><th role="rowheader" scope="rowgroup" colspan="{}">{}'
        "</th></tr>{}</tbody>"
    ).format(len(COLUMNS), title, Markup("").join(rows))


def _row(change: Change, prefix: str) -> Markup:
    named = [NAMED[name] for name in change.fields if name in NAMED]
    also = Markup("<small>{} changed: {}</small>").format(
        "Also" if len(named) < len(change.fields) else "What", ", ".join(named)
    )
    return _cells(
        _claim(change.new, prefix) + (also if named else ""),
        _side(change.old, change),
        _side(change.new, change),
        _causes(change.causes),
    )


def _new(record: Mapping[str, Any], prefix: str) -> Markup:
    return _cells(_claim(record, prefix), "–", _said(record), "Definition: the claim was added")


def _gone(record: Mapping[str, Any]) -> Markup:
    return _cells(_claim(record, None), _said(record), "–", "Definition: the claim was removed")


def _cells(claim: Markup, then: Markup | str, now: Markup | str, cause: Markup | str) -> Markup:
    cell = Markup('<td role="cell" class="{}"{}>{}</td>')
    labelled = [
        cell.format(name.lower(), Markup(' data-label="{}"').format(name) if name != "Claim" else "", content)
        for name, content in zip(COLUMNS, (claim, then, now, cause), strict=True)
    ]
    return Markup('<tr role="row">{}</tr>').format(Markup("").join(labelled))


def _claim(record: Mapping[str, Any], prefix: str | None) -> Markup:
    statement = Markup("<bdi>{}</bdi>").format(record["statement"])
    if prefix is not None:
        statement = Markup('<a href="{}">{}</a>').format(card_page(record["id"], prefix), statement)
    return Markup('<b class="id"><i class="square {}" aria-hidden="true"></i>{}</b> {}').format(
        record["chapter"], record["id"], statement
    )


def _side(record: Mapping[str, Any], change: Change) -> Markup:
    lines = [_line(name, record) for name in SHOWN if name in change.fields]
    return _said(record) + Markup("").join(lines)


def _said(record: Mapping[str, Any]) -> Markup:
    estimate = record["estimate"]
    if estimate is None:
        return badge(record["verdict"])
    value, ends = estimate_words(estimate)
    return Markup('{}<small class="found"><b>{}</b> <span class="nb">({})</span></small>').format(
        badge(record["verdict"]), value, ends
    )


def _line(name: str, record: Mapping[str, Any]) -> Markup:
    value: Any = record[name]
    if value is not None and name == "support":
        value = formats.share(value["balanced"])
    elif name == "certainty":
        value = dots(value)
    return Markup("<small>{} {}</small>").format(name, "–" if value is None else value)


def _causes(causes: Sequence[Cause]) -> Markup:
    sure = [cause for cause in causes if cause.doubt is None]
    unsure = [cause for cause in causes if cause.doubt is not None]
    lines = [Markup("<b>{}</b><small>{}</small>").format(cause.name.capitalize(), cause.what) for cause in sure]
    if unsure:
        names = Markup(" or ").join(Markup("<b>{}</b>").format(cause.name) for cause in unsure)
        lines.append(Markup("Possibly {}<small>{}</small>").format(names, unsure[0].doubt))
        lines += [Markup("<small>{}: {}</small>").format(cause.name, cause.what) for cause in unsure]
    return Markup("").join(Markup("<div>{}</div>").format(line) for line in lines)
