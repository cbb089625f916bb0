"""Facts for the chapter's sentences that data decide; the template beside this module holds the words."""

import pandas as pd

from analysis.engine.words.sentences import sentences
from analysis.returns.published import ANSWERS, largest, narrative
from analysis.returns.windows import START, full_members
from analysis.tables.token_prices import PublishedReturns, TokenPrices, TokenSupplies
from analysis.tables.tokens import Tokens


def oldest_supply(returns: pd.DataFrame, token_supplies: TokenSupplies) -> str:
    r"""Which weight of the first day rests on the oldest supply; a snapshot of the next day stands for it.

    Examples
    --------
    >>> returns = pd.DataFrame({"symbol": ["A"], "membership": ["core"], "status": ["full"]})
    >>> supplies = pd.DataFrame({"symbol": ["A"], "date": [pd.Timestamp("2023-01-01")], "basis": ["dated"]})
    >>> oldest_supply(returns, supplies).replace("\xa0", " ")
    'The oldest supply that a weight of 31 Dec 2024 rests on is that of A, of 1 Jan 2023.'
    """
    known = token_supplies[
        token_supplies["symbol"].isin(full_members(returns, "broad and memes")["symbol"])
        & (token_supplies["basis"] == "dated")
        & (token_supplies["date"] <= START + pd.Timedelta(days=1))
    ]
    oldest = known.groupby("symbol")["date"].max().nsmallest(1)
    return sentences(__file__, "oldest_supply", start=START, oldest=oldest)


def migrations(known: pd.DataFrame, tokens: Tokens) -> str:
    r"""Which of the closes of `known_part` lie inside a migration to another token.

    Examples
    --------
    >>> days = {"migration_earliest": pd.Timestamp("2025-11-01"), "migration_latest": pd.Timestamp("2026-02-28")}
    >>> tokens = pd.DataFrame([{"symbol": "A", "migrated_to": "B", "migration_ratio": 6.0, **days}])
    >>> closes = {"from_date": pd.Timestamp("2024-12-31"), "to_date": pd.Timestamp("2025-11-19")}
    >>> migrations(pd.DataFrame([{"symbol": "A", **closes}]), tokens).replace("\xa0", " ")
    'The close of A of 19 Nov 2025 is of the old token, inside its migration window (6 B for each A).'
    """
    table = known.merge(tokens[["symbol", "migrated_to", "migration_ratio", "migration_earliest", "migration_latest"]])
    closes = [
        (row, at)
        for row in table.itertuples()
        for at in (row.from_date, row.to_date)
        if row.migration_earliest <= at <= row.migration_latest
    ]
    return sentences(__file__, "migrations", closes=closes)


def single_tokens(compared: pd.DataFrame) -> str:
    r"""How far our returns of single tokens lie from the published ones, from rows of `compare_published`.

    Examples
    --------
    >>> rows = {"quantity": ["token return"] * 2, "subject": ["A", "B"], "difference": [0.5, -0.75]}
    >>> single_tokens(pd.DataFrame(rows)).replace("\xa0", " ")
    'Of 2 published returns of single tokens 2 can be compared; ours is furthest from that of B, by 0.75 points.'
    """
    single = compared[compared["quantity"] == "token return"].set_index("subject")["difference"]
    away = single.dropna().abs()
    return sentences(__file__, "single_tokens", published=len(single), compared=len(away), furthest=away.nlargest(1))


def leading_tokens(
    published_returns: PublishedReturns, *, tokens: Tokens, token_prices: TokenPrices, token_supplies: TokenSupplies
) -> str:
    """How much of each average of the narrative study, on our prices, is due to the token that rose most."""
    averages = []
    for row in published_returns.itertuples():
        if ANSWERS.get(row.published_id) is narrative:
            days = {"start": row.period_start, "end": row.period_end}
            returns = largest(tokens, token_prices, token_supplies, **days).set_index("symbol")["return_pct"].dropna()
            if len(returns) >= 2:
                best = returns.idxmax()
                averages.append((row, returns.mean(), returns.drop(best).mean(), best))
    return sentences(__file__, "leading_tokens", averages=averages)
