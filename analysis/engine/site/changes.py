"""What changed since the last release: verdicts and estimates side by side, each with its cause."""

import re
from types import SimpleNamespace

from markupsafe import Markup

from analysis.engine.diff import Diff
from analysis.engine.site.html import render

#: Heading of a version in the change log; one that is not released yet has no date.
HEADING = re.compile(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})\s*$", re.MULTILINE)
#: Fields that are only named; the others are shown as figures.
NAMED = {
    "primary_verdict": "the verdict under the primary definition",
    "nearest_true": "what would make it true",
    "evidence": "the evidence",
    "reason": "the reason",
}


def last_release(changelog: str) -> tuple[str, str] | None:
    r"""Version and ISO date of the newest release that a change log lists, which has the newest version first.

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
    """
    return render(
        "changes",
        diff=diff,
        release=release,
        command=command,
        prefix=prefix,
        names=NAMED,
        estimate=lambda found: SimpleNamespace(**found),  # a side may be a saved ledger: records, not entries
    )
