"""Sentences of the chapter that data decide, each composed from the tables that it is about."""

from datetime import timedelta

import pandas as pd

from analysis.engine.words.formats import day, many, number, quantity
from analysis.returns.published import ANSWERS, largest_average, narrative
from analysis.returns.windows import START, UNIVERSES


def oldest_supply(returns: pd.DataFrame, token_supplies: pd.DataFrame, *, start: pd.Timestamp = START) -> str:
    r"""Which weight of the first day rests on the oldest supply.

    Parameters
    ----------
    returns : DataFrame
        Rows of `window_returns`.
    token_supplies : DataFrame
        The table of that name.
    start : Timestamp
        Day of the first close; a snapshot of the next day stands for it.

    Returns
    -------
    str

    Examples
    --------
    >>> returns = pd.DataFrame({"symbol": ["A"], "membership": ["core"], "status": ["full"]})
    >>> supplies = pd.DataFrame({"symbol": ["A"], "date": [pd.Timestamp("2023-01-01")], "basis": ["dated"]})
    >>> oldest_supply(returns, supplies).replace("\xa0", " ")
    'The oldest supply that a weight of 31 Dec 2024 rests on is that of A, of 1 Jan 2023.'
    """
    member = returns["membership"].isin(UNIVERSES["broad and memes"]) & (returns["status"] == "full")
    known = token_supplies[
        token_supplies["symbol"].isin(returns.loc[member, "symbol"])
        & (token_supplies["basis"] == "dated")
        & (token_supplies["date"] <= start + timedelta(days=1))
    ]
    if known.empty:
        return f"No weight of {day(start.date())} rests on a dated supply."
    latest = known.groupby("symbol")["date"].max()
    which = f"that of {latest.idxmin()}, of {day(latest.min().date())}"
    return f"The oldest supply that a weight of {day(start.date())} rests on is {which}."


def migrations(known: pd.DataFrame, tokens: pd.DataFrame) -> str:
    r"""Which of the closes that are known of missing tokens lie inside a migration to another token.

    Parameters
    ----------
    known : DataFrame
        Rows of `known_part`.
    tokens : DataFrame
        The table of that name.

    Returns
    -------
    str

    Examples
    --------
    >>> days = {"migration_earliest": pd.Timestamp("2025-11-01"), "migration_latest": pd.Timestamp("2026-02-28")}
    >>> tokens = pd.DataFrame([{"symbol": "A", "migrated_to": "B", "migration_ratio": 6.0, **days}])
    >>> closes = {"from_date": pd.Timestamp("2024-12-31"), "to_date": pd.Timestamp("2025-11-19")}
    >>> migrations(pd.DataFrame([{"symbol": "A", **closes}]), tokens).replace("\xa0", " ")
    'The close of A of 19 Nov 2025 is of the old token, inside its migration window (6 B for each A).'
    """
    table = known.merge(tokens[["symbol", "migrated_to", "migration_ratio", "migration_earliest", "migration_latest"]])
    found = [
        f"The close of {row.symbol} of {day(at.date())} is of the old token, inside its migration window "
        f"({number(row.migration_ratio)} {row.migrated_to} for each {row.symbol})."
        for row in table.itertuples()
        for at in (row.from_date, row.to_date)
        if row.migration_earliest <= at <= row.migration_latest
    ]
    return "\n".join(found) or "None of these closes lies inside a migration to another token."


def single_tokens(compared: pd.DataFrame) -> str:
    r"""How far our returns of single tokens lie from the published ones.

    Parameters
    ----------
    compared : DataFrame
        Rows of `compare_published`.

    Returns
    -------
    str

    Examples
    --------
    >>> rows = {"quantity": ["token return"] * 2, "subject": ["A", "B"], "difference": [0.5, -0.75]}
    >>> single_tokens(pd.DataFrame(rows)).replace("\xa0", " ")
    'Of 2 published returns of single tokens 2 can be compared; ours is furthest from that of B, by 0.75 points.'
    """
    single = compared[compared["quantity"] == "token return"].set_index("subject")["difference"]
    away = single.dropna().abs()
    said = f"Of {many(len(single), 'published return')} of single tokens {number(len(away))} can be compared"
    if away.empty:
        return f"{said}."
    points = quantity(round(away.max(), 2), "points")
    return f"{said}; ours is furthest from that of {away.idxmax()}, by {points}."


def leading_tokens(
    published_returns: pd.DataFrame,
    *,
    tokens: pd.DataFrame,
    token_prices: pd.DataFrame,
    token_supplies: pd.DataFrame,
) -> str:
    """How much of each average of the narrative study, on our prices, is due to the token that rose most.

    Parameters
    ----------
    published_returns, tokens, token_prices, token_supplies : DataFrame
        The tables of those names.

    Returns
    -------
    str
        A line for each average that our prices can answer.
    """
    lines = []
    for row in published_returns.itertuples():
        if ANSWERS.get(row.published_id) is not narrative:
            continue
        tables = {"tokens": tokens, "token_prices": token_prices, "token_supplies": token_supplies}
        found = largest_average(**tables, start=row.period_start, end=row.period_end).members
        returns = found.set_index("symbol")["return_pct"].dropna()
        if len(returns) < 2:
            continue
        best = returns.idxmax()
        lines.append(
            f"{row.subject} to {day(row.period_end.date())}: {quantity(returns.mean(), '%')} by our prices, "
            f"{quantity(returns.drop(best).mean(), '%')} without {best}."
        )
    return "\n".join(lines)
