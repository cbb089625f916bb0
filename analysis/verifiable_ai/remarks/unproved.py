"""Inference without a proof."""

import pandas as pd

from analysis.formats import many, number, quantity
from analysis.verifiable_ai.remarks.words import span
from analysis.verifiable_ai.unproved import BOUND_S, QUIET_LOAD


def quiet(sessions: pd.DataFrame) -> str:
    r"""Which sessions of plain inference count, and how far apart their medians lie.

    Parameters
    ----------
    sessions : DataFrame
        From `analysis.verifiable_ai.unproved.sessions`.

    Examples
    --------
    >>> found = {"quiet": [True, True], "runs": [60, 30], "one_token_s": [0.01, 0.02], "full_s": [0.8, 2.1]}
    >>> print(quiet(pd.DataFrame(found)).replace("\xa0", " "))
    Of 2 sessions 2 are quiet, the load of their first run below 1: V3 rests on their 90 runs of one token.
    Medians of quiet sessions:
    one token: 10 to 20 ms, below 1 s in 2 of 2;
    the longest input: 800 ms to 2.1 s, below 1 s in 1 of 2.
    """
    counted = sessions[sessions["quiet"]]
    head = f"Of {many(len(sessions), 'session')} {number(len(counted))}"
    if counted.empty:
        return f"{head} are quiet: V3 cannot be computed."
    verb, whose = ("is", "its") if len(counted) == 1 else ("are", "their")
    ends = []
    for name, column in {"one token": "one_token_s", "the longest input": "full_s"}.items():
        medians = counted[column].dropna()
        if len(medians):
            ends.append(
                f"{name}: {span(medians, 's')}, below {quantity(BOUND_S, 's')} in "
                f"{number((medians < BOUND_S).sum())} of {number(len(medians))}"
            )
    return (
        f"{head} {verb} quiet, the load of {whose} first run below {number(QUIET_LOAD)}: V3 rests on {whose} "
        f"{many(counted['runs'].sum(), 'run')} of one token.\nMedians of quiet sessions:\n" + ";\n".join(ends) + "."
    )


def gpu(priced: pd.DataFrame) -> str:
    """What was published on a GPU, and what of it cannot be compared.

    Parameters
    ----------
    priced : DataFrame
        From `analysis.verifiable_ai.unproved.on_gpu`.
    """
    usable = priced[priced["reason"] == ""]
    head = f"{many(len(priced), 'published time')} on a GPU, {number(len(usable))} with input length and price"
    if usable.empty:
        return f"{head}."
    took, dearest = span(usable["seconds"], "s"), usable["usd"].max()
    return f"{head}: {took} a pass, at most {number(float(f'{dearest:.2g}'))} USD."
