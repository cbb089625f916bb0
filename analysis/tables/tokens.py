"""Tokens, with their vertical and their membership in the category."""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa

from analysis.engine.data.columns import (
    DATE,
    FILLED,
    FLAG,
    NUMBER,
    POSITIVE,
    TEXT,
    Table,
    choice,
    column,
    in_order,
)

VERTICALS = ("network", "compute", "data", "agents", "verifiable", "benchmark")
MEMBERSHIPS = ("core", "broad", "meme", "benchmark")

TOKENS = Table(
    name="tokens",
    title="Tokens",
    description="Every token that the book uses or misses, with its vertical and its membership in the category.",
    rules=(
        "core: AI is the stated purpose (compute for AI, data for AI, agents, models, or proofs of them). "
        "broad: AI is one use among others, or the link is contested. meme: a meme token with an AI theme. "
        "benchmark: a large coin outside AI. The reason stands on the row; the judgement is ours.",
        "first_observed and last_observed are the first and last day in token_prices, not the listing date.",
        "A migration carries the earliest and latest day on which it can have taken place.",
    ),
    schema=pa.DataFrameSchema(
        {
            "symbol": column(TEXT, "ticker used in this book", FILLED),
            "name": column(TEXT, "project", FILLED),
            "vertical": column(TEXT, "part of the market", choice(VERTICALS)),
            "membership": column(TEXT, "membership in the category", choice(MEMBERSHIPS)),
            "membership_reason": column(TEXT, "why", FILLED),
            "has_series": column(FLAG, "whether token_prices holds any close of it"),
            "first_observed": column(DATE, "first day with a close", nullable=True),
            "last_observed": column(DATE, "last day with a close", nullable=True),
            "migrated_to": column(TEXT, "successor token"),
            "migration_ratio": column(
                NUMBER, "successor tokens per old token", POSITIVE, unit="tokens per token", nullable=True
            ),
            "migration_earliest": column(DATE, "earliest day of the migration", nullable=True),
            "migration_latest": column(DATE, "latest day of the migration", nullable=True),
            "coingecko_id": column(TEXT, "identifier at CoinGecko, where known"),
            "source_id": column(TEXT, "source", FILLED),
        },
        checks=[in_order("first_observed", "last_observed"), in_order("migration_earliest", "migration_latest")],
        unique=["symbol"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
    licence="Own compilation, CC BY 4.0.",
)
Tokens = Annotated[pd.DataFrame, TOKENS]
