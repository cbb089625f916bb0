"""What counts once, and how much it weighs.

The results of a multiverse stand here in an array with one axis per factor: a whole number per distinct estimate, -1
where a specification is inadmissible.
"""

from collections.abc import Iterable

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

#: Estimates no further apart than this, relative to the larger, are identical.
IDENTICAL = 1e-12
#: Raking ends when no option's weight is further than this from an equal share.
BALANCED = 1e-12
#: Rakings that have not ended by now have no solution in which every specification weighs something.
MAX_CYCLES = 10_000

INADMISSIBLE = -1


def same_estimates(estimates: np.ndarray) -> np.ndarray:
    """Number estimates so that identical ones (`IDENTICAL`) share a number.

    Parameters
    ----------
    estimates : ndarray of float, shape (n,)
        In any unit; NaN where there is none.

    Returns
    -------
    ndarray of int, shape (n,)
        From 0 in ascending order of the estimates; -1 for NaN.

    Examples
    --------
    >>> same_estimates(np.array([2.0, 0.1 + 0.2, np.nan, 0.3])).tolist()
    [1, 0, -1, 0]
    """
    order = np.argsort(estimates, kind="stable")[: np.isfinite(estimates).sum()]
    ascending = estimates[order]
    larger = np.maximum(np.abs(ascending[1:]), np.abs(ascending[:-1]))
    numbers = np.full(len(estimates), INADMISSIBLE)
    numbers[order] = np.concatenate([[0], np.cumsum(np.diff(ascending) > IDENTICAL * larger)])[: len(order)]
    return numbers


def effective_options(lines: np.ndarray) -> np.ndarray:
    """Number a factor's options so that those which are one option share a number.

    Two options are one if they give identical results wherever both are admissible, and that is somewhere. This
    relation need not carry over (A like B and B like C, yet A unlike C where B is inadmissible); where it does not,
    only options that agree in admissibility too are one.

    Parameters
    ----------
    lines : ndarray of int, shape (contexts, options)
        Results; a context is a choice of all other factors.

    Returns
    -------
    ndarray of int, shape (options,)
        From 0; -1 for an option that is nowhere admissible.

    Examples
    --------
    >>> effective_options(np.array([[4, 4, 7, -1], [5, 5, 5, -1]])).tolist()
    [0, 0, 1, -1]
    >>> effective_options(np.array([[1, 1, -1], [-1, 2, 2], [3, -1, 4]])).tolist()
    [0, 1, 2]
    """
    same = lines[:, :, None] == lines[:, None, :]
    both = (lines[:, :, None] >= 0) & (lines[:, None, :] >= 0)
    alike, unlike, twins = (both & same).any(0) & ~(both & ~same).any(0), (both & ~same).any(0), same.all(0)
    numbers = connected_components(coo_array(alike))[1]
    for number in np.unique(numbers):
        members = np.flatnonzero(numbers == number)
        if unlike[np.ix_(members, members)].any():
            numbers[members] = numbers.max() + 1 + connected_components(coo_array(twins[np.ix_(members, members)]))[1]
    admissible = (lines >= 0).any(0)
    numbers[admissible] = np.unique(numbers[admissible], return_inverse=True)[1]
    numbers[~admissible] = INADMISSIBLE
    return numbers


def lines_along(grid: np.ndarray, axis: int) -> np.ndarray:
    """The array as (contexts, options of the factor on this axis).

    Examples
    --------
    >>> lines_along(np.array([[1, 2, 3], [4, 5, 6]]), 0).tolist()
    [[1, 4], [2, 5], [3, 6]]
    """
    return np.moveaxis(grid, axis, -1).reshape(-1, grid.shape[axis])


def joined(partitions: Iterable[tuple[np.ndarray, np.ndarray]], n: int) -> np.ndarray:
    """Number n things so that those which any partition puts in one group share a number.

    Parameters
    ----------
    partitions : iterable of (members, groups), each ndarray of int of the same shape
        Members from 0 to n - 1, and the number of the group of each.
    n : int
        Number of things.

    Returns
    -------
    ndarray of int, shape (n,)

    Examples
    --------
    >>> joined([(np.array([0, 1]), np.array([5, 5])), (np.array([1, 3]), np.array([0, 0]))], 4).tolist()
    [0, 0, 1, 0]
    """
    members, groups, first = [], [], n
    for these, their in partitions:
        numbers = np.unique(their, return_inverse=True)[1]
        members.append(these)
        groups.append(first + numbers)
        first += len(their)
    rows, columns = np.concatenate(members), np.concatenate(groups)
    graph = coo_array((np.ones(len(rows), dtype=bool), (rows, columns)), shape=(first, first))
    return np.unique(connected_components(graph, directed=False)[1][:n], return_inverse=True)[1]


def distinct_results(grid: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Number the admissible specifications so that those which count once share a number.

    A factor is irrelevant in a context if all its admissible options give one result there; specifications that can be
    reached from one another by changing irrelevant factors one at a time count once, as do those of one cell.

    Parameters
    ----------
    grid : ndarray of int, shape (options of factor 1, options of factor 2, …)
        Results.
    cells : ndarray of int, shape (admissible,)
        For each admissible specification, in the order of the array, its effective options and result as a number.

    Returns
    -------
    ndarray of int, shape (admissible,)
    """
    admissible = grid >= 0
    rows = np.full(grid.shape, INADMISSIBLE)
    rows[admissible] = np.arange(admissible.sum())
    partitions = [(np.arange(len(cells)), cells)]
    for axis in range(grid.ndim):
        results, members = lines_along(grid, axis), lines_along(rows, axis)
        lowest = np.where(results >= 0, results, np.iinfo(results.dtype).max).min(axis=1)
        context, option = np.nonzero((results >= 0) & (lowest == results.max(axis=1))[:, None])
        partitions.append((members[context, option], context))
    return joined(partitions, len(cells))


def rake(seed: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Weights nearest to the seed, in relative entropy, under which the options of every factor weigh the same.

    Iterative proportional fitting: each factor in turn is scaled to equal shares until all have them.

    Parameters
    ----------
    seed : ndarray of float, shape (n,)
        Positive.
    labels : ndarray of int, shape (n, factors)
        Each factor's option, numbered from 0 without gaps.

    Returns
    -------
    ndarray of float, shape (n,)
        Sums to 1.

    Raises
    ------
    ValueError
        If no weights do, or only some under which a specification weighs nothing; the column that stays off its equal
        shares the most is named.

    References
    ----------
    Deming and Stephan (1940), Annals of Mathematical Statistics 11, 427–444; Csiszár (1975), Annals of Probability 3,
    146–158, for the limit.

    Examples
    --------
    >>> rake(np.ones(4), np.array([[0, 0], [0, 1], [1, 1], [1, 2]])).round(3).tolist()
    [0.333, 0.167, 0.167, 0.333]
    """
    weight, sizes = seed / seed.sum(), labels.max(axis=0) + 1
    for _ in range(MAX_CYCLES):
        for column, size in zip(labels.T, sizes, strict=True):
            weight = weight / (size * np.bincount(column, weight, size))[column]
        off = [np.ptp(np.bincount(column, weight, size)) for column, size in zip(labels.T, sizes, strict=True)]
        if max(off) <= BALANCED:
            return weight / weight.sum()
    raise ValueError(
        f"column {int(np.argmax(off))}: its options cannot weigh the same while every row weighs something"
    )


def balanced_weights(grid: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Weight and distinct result of every admissible specification, and the effective options.

    Parameters
    ----------
    grid : ndarray of int, shape (options of factor 1, options of factor 2, …)
        Results.

    Returns
    -------
    weights : ndarray of float, shape (admissible,)
        Sum to 1; options that are one share their weight equally.
    distinct : ndarray of int, shape (admissible,)
        As from `distinct_results`.
    effective : list of ndarray of int, each of shape (options,)
        As from `effective_options`, for each factor.

    Raises
    ------
    ValueError
        As `rake`.

    Examples
    --------
    A second factor that matters only under the first option of the first, and there gives 8 or 9:

    >>> weights, distinct, _ = balanced_weights(np.array([[8, 9], [7, 7]]))
    >>> weights.round(3).tolist(), distinct.tolist()
    ([0.25, 0.25, 0.25, 0.25], [0, 1, 2, 2])
    """
    effective = [effective_options(lines_along(grid, axis)) for axis in range(grid.ndim)]
    chosen = np.nonzero(grid >= 0)
    labels = np.column_stack([numbers[options] for numbers, options in zip(effective, chosen, strict=True)])
    keys = np.column_stack([labels, grid[chosen]])
    _, first, cells, sizes = np.unique(keys, axis=0, return_index=True, return_inverse=True, return_counts=True)
    distinct = distinct_results(grid, cells)
    seed = 1.0 / np.bincount(distinct[first])[distinct[first]]
    return (rake(seed, labels[first]) / sizes)[cells], distinct, effective
