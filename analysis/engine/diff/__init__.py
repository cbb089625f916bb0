"""The verdict diff: which verdicts change between two states of the book, and what is the cause.

What a claim's entry says is its outcome: verdict, primary verdict, estimate, evidence, support, certainty, level, what
would make it true, reason. Hashes are not part of it, nor are the statement, an estimate's method and what its interval
is of, and the words of a row of evidence, which is its bearing, part, source, date and whether a vendor's. The other
texts are compared as they stand. Numbers are the same to `core.TOLERANCE`.

An entry has three inputs: **data**, the tables it reads, by their hashes; **code**, its function by name and the
fingerprint of what computes and judges; **definition**, the claim as declared in ``claims.yml``, by its hash. A table
that only one side reads belongs to code, unless it is known to differ between the sides. Where one side has no function
for the claim, data do not differ: the function is the change, and it gets the data of its own side.

- An input that does not differ is not a cause.
- If any differs, the claim is recomputed under their mixtures, of which the two sides are the outermost. An input is a
  cause if switching it alone, with the other inputs at any setting that can be computed, changes the outcome.
- If it changes none of those, but some setting cannot be computed, the input is *possible*, and the reason is given. So
  it is where a saved ledger's inputs are not at hand.
- If no input differs, or recomputing a saved ledger gives another entry, the cause is the *environment*: packages or
  platform. If a forecast's verdict is pending on one side only, its due date is the same and a side is a saved ledger,
  which may be of another day, it is the *date*; possibly, if code differs and judging again cannot tell.

`compare` alone, as on the page of changes, recomputes nothing: one input that differs is then the cause, the function
being pure, and several are each possible.

The causes of ``diff B A`` are those of ``diff A B``. Sides are a data folder, which the running code computes; a
checkout, whose own code computes its own data; or a ledger saved by ``verdicts --json``, which holds
hashes, so that its inputs are looked for among what is at hand (`sides`).
"""

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from analysis.engine.diff.core import Cause, Change, Diff, Unavailable, compare
from analysis.engine.diff.recompute import mixtures
from analysis.engine.diff.sides import open_side, other_tables, read_ledger
from analysis.engine.diff.text import to_json, to_text


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
    >>> from analysis.engine.data.sealed import data_dir
    >>> found = between(data_dir(), data_dir())
    >>> found.changes, len(found.unchanged) > 0
    ((), True)
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
            other_tables=other_tables(first, second),
            same_day=not (first.saved or second.saved),
        )
