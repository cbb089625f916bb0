"""Tokens, with their vertical and their membership in the category."""

from typing import Annotated

import pandas as pd

from analysis.engine.data import columns as c

VERTICALS = ("network", "compute", "data", "agents", "verifiable", "benchmark")

TOKENS = c.Table(
    name="tokens",
    columns={
        "symbol": c.text("ticker used in this book"),
        "name": c.text("project"),
        "vertical": c.choice("part of the market", VERTICALS),
        "membership": c.choice("membership in the category", ("core", "broad", "meme", "benchmark")),
        "membership_reason": c.text("why"),
        "has_series": c.flag("whether token_prices holds any close of it"),
        "first_observed": c.date("first day with a close", blank=True),
        "last_observed": c.date("last day with a close", blank=True, after="first_observed"),
        "migrated_to": c.text("successor token", blank=True),
        "migration_ratio": c.number("successor tokens per old token", "tokens per token", c.POSITIVE, blank=True),
        "migration_earliest": c.date("earliest day of the migration", blank=True),
        "migration_latest": c.date("latest day of the migration", blank=True, after="migration_earliest"),
        "coingecko_id": c.text("identifier at CoinGecko, where known", blank=True),
        **c.SOURCED,
    },
)
Tokens = Annotated[pd.DataFrame, TOKENS]
