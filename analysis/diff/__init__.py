"""The verdict diff: which verdicts change between two states of the book, and what is the cause.

What a claim's entry says is its outcome: verdict, primary verdict, estimate, evidence, support, certainty, level, what
would make it true, reason. Hashes and wording are not part of it, and numbers are the same to `core.TOLERANCE`.

An entry has three inputs: **data**, the tables it reads, by their hashes; **code**, the modules of its function, by
their fingerprint; **definition**, the claim as declared in ``claims.yml``, by its hash. Where one side has no function
for the claim, tables play no part there, so data do not differ: the function is the change.

- An input that does not differ is not a cause. If exactly one differs, it is the cause, the function being pure.
- If several differ, the claim is recomputed under their mixtures. An input is a cause if switching it alone, with the
  other inputs at any setting that can be computed, changes the outcome.
- If it changes none of those, but some setting cannot be computed, the input is *possible*, and the reason is given.
- If no input differs, or recomputing a saved ledger gives another entry, the cause is the *environment*: packages or
  platform. If the forecast's verdict is pending on one side only and its due date is the same, it is the *date*.

The causes of ``diff B A`` are those of ``diff A B``. Sides are a data folder, which the running code computes; a
checkout, whose own code computes its own data; or a ledger saved by ``python -m analysis verdicts --json``, which holds
hashes, so that its inputs are looked for among what is at hand (`sides`).
"""

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from analysis.diff.core import Cause, Change, Diff, Unavailable, compare
from analysis.diff.recompute import mixtures
from analysis.diff.sides import open_side, read_ledger
from analysis.diff.text import to_json, to_text

__all__ = ["Cause", "Change", "Diff", "Unavailable", "between", "compare", "read_ledger", "to_json", "to_text"]


def between(
    old: str | os.PathLike,
    new: str | os.PathLike,
    *,
    at: Sequence[str | os.PathLike] = (),
    say: Callable[[str], None] = lambda text: None,
) -> Diff:
    """Compare two sides, recomputing where several inputs differ; writes into neither.

    Parameters
    ----------
    old, new : path
        Data folder, checkout or saved ledger.
    at : sequence of path
        More data folders and checkouts in which the inputs of a saved ledger are looked for.
    say : callable
        Told of each recomputation, since it takes seconds.

    Returns
    -------
    Diff

    Raises
    ------
    DataError
        If a side is none of the three, or cannot be computed.

    Examples
    --------
    >>> from analysis.data import data_dir
    >>> found = between(data_dir(), data_dir())
    >>> found.changes, found.unchanged[0]
    ((), 'R1')
    """
    with tempfile.TemporaryDirectory(prefix="diff-") as folder:
        scratch = Path(folder)
        first, second = (
            open_side(operand, beside=[other, *at], scratch=scratch / place, say=say)
            for place, operand, other in (("old", old, new), ("new", new, old))
        )
        return compare(
            list(first.records.values()),
            list(second.records.values()),
            mixtures(first, second, scratch=scratch / "mixed", say=say),
        )
