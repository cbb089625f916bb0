"""Inference without a proof."""

import pandas as pd

from analysis.engine.words.formats import listed, many, number, quantity, span
from analysis.verifiable_ai.unproved.unproved import BOUND_S, QUIET_LOAD


def quiet(sessions: pd.DataFrame) -> str:
    r"""Which sessions of plain inference count, and how far apart their medians lie.

    `sessions` is from `analysis.verifiable_ai.unproved.unproved.sessions`.

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

    `priced` is from `analysis.verifiable_ai.unproved.unproved.on_gpu`.
    """
    usable = priced[priced["reason"] == ""]
    head = f"{many(len(priced), 'published time')} on a GPU, {number(len(usable))} with input length and price"
    if usable.empty:
        return f"{head}."
    took, dearest = span(usable["seconds"], "s"), usable["usd"].max()
    return f"{head}: {took} a pass, at most {number(float(f'{dearest:.2g}'))} USD."


def break_even(timed: pd.DataFrame) -> str:
    """At which price of a machine an inference would no longer cost a fraction of a cent.

    `timed` is from `analysis.verifiable_ai.unproved.unproved.summary`.
    """
    counted = timed[timed["counts"]].sort_values("tokens")
    if counted.empty:
        return "No inference was timed in a quiet session: nothing can be said of its price."
    ends = [
        f"{many(int(row.tokens), 'token')} below {quantity(float(f'{row.break_even_usd_per_hour:.3g}'), 'USD')}"
        for row in counted.itertuples()
    ]
    price = counted["usd_per_hour"].iloc[0]
    taken = f"; the machine that counts here costs {quantity(price, 'USD')}" if pd.notna(price) else ""
    return f"An inference costs a fraction of a cent as long as an hour of the machine costs: {listed(ends)}{taken}."


def left_out(without: pd.DataFrame, sessions: pd.DataFrame) -> str:
    """What the verdict would be without each quiet session, and how far these lie apart at the longest input.

    `without` is from `analysis.verifiable_ai.unproved.unproved.leave_session_out`; `sessions` is from
    `analysis.verifiable_ai.unproved.unproved.sessions`.
    """
    full = sessions.loc[sessions["quiet"], "full_s"].dropna()
    apart = (
        f"At the longest input the medians of quiet sessions differ by a factor of {full.max() / full.min():.2g}. "
        if len(full) > 1
        else ""
    )
    lines = []
    for row in without.itertuples():
        which = f"without session {row.without}" if row.without else "with all quiet sessions"
        held = (
            "no support" if pd.isna(row.support) else f"it holds under {number(100 * row.support)} % of the definitions"
        )
        lines.append(f"{which}: {row.label}, {held}")
    turned = without.loc[without["label"] != without["label"].iloc[0], "without"]
    names = [f"session {session}" for session in turned]
    says = f"hangs on {listed(names)}" if names else "does not hang on one session"
    return f"{apart}The verdict {says}:\n" + ";\n".join(lines) + "."
