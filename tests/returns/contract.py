"""Planted closes: two core tokens that went five- and threefold, and what they are set against."""

from datetime import date

import pandas as pd

from analysis.engine.claims import Curve, Support
from analysis.returns.windows import END, START
from tests.contract import HOLDS, THREE_TO_ONE, Case, Number

YEAR = pd.date_range(START, END)


def tables(**closes: tuple[str, float, float]) -> dict[str, pd.DataFrame]:
    """Symbol -> membership and two closes; all weigh the same on the first day, whatever weighs them."""
    tokens = pd.DataFrame({"symbol": list(closes), "name": "", "vertical": "compute"})
    tokens["membership"] = [membership for membership, *_ in closes.values()]
    tokens["migration_latest"] = pd.Series(pd.NaT, tokens.index, dtype="datetime64[us]")
    rows = [
        (day, symbol, usd) for symbol, (_, *pair) in closes.items() for day, usd in zip((START, END), pair, strict=True)
    ]
    prices = pd.DataFrame(rows, columns=["date", "symbol", "close_usd"]).assign(n_sources=2, relative_spread=0.0)
    supplies = [(START, symbol, 1.0, "dated") for symbol in closes]
    return {
        "tokens": tokens,
        "token_prices": prices,
        "token_supplies": pd.DataFrame(supplies, columns=["date", "symbol", "circulating_supply", "basis"]),
        "token_turnover": pd.DataFrame(
            [(day, symbol, 1.0) for symbol in closes for day in YEAR], columns=["date", "symbol", "turnover_usd"]
        ),
    }


def market(**closes: tuple[float, float]) -> pd.DataFrame:
    rows = [(day, s, c, "token") for s, pair in closes.items() for day, c in zip((START, END), pair, strict=True)]
    return pd.DataFrame(rows, columns=["date", "symbol", "close_usd", "product"])


FLAT = {"A": ("core", 1.0, 4.0), "B": ("core", 1.0, 4.0)}
#: The core is worth four times as much, and so is the median token; with the broad member the mean is three times.
WITH_BROAD = tables(**FLAT, M=("broad", 1.0, 1.0))
SPREAD = tables(A=("core", 1.0, 1.5), B=("core", 1.0, 2.5))
#: BTC doubled and alone has a dated supply; ETH went as the category did.
AGAINST = tables(**FLAT, BTC=("benchmark", 1.0, 2.0), ETH=("benchmark", 1.0, 4.0))
AGAINST["token_supplies"] = AGAINST["token_supplies"].query("symbol != 'ETH'")

CASES = {
    "R1": (
        Case(
            "the core alone is over the bound, and the median token",
            WITH_BROAD,
            label="definition-ambiguous",
            primary="reproduced",
            level=3,
            basis="market",
            estimate=Number(300.0, 300.0, 300.0, "%", 2),
            observed_on=date(2025, 12, 31),
            source_values=(300.0, 300.0),
            support=Support(1 - THREE_TO_ONE, 1 - 2 * THREE_TO_ONE, 1.0),
            curve=Curve((200.0, 300.0), (THREE_TO_ONE, 1.0), (False, True), 1),
            nearest_true=HOLDS,
        ),
        Case(
            "two tokens that doubled on average, with sources that disagree by a tenth",
            SPREAD | {"token_prices": SPREAD["token_prices"].assign(relative_spread=0.1)},
            label="differs-smaller",
            level=3,
            basis="market",
            # the bootstrap draws one token twice in a quarter of the cases
            estimate=Number(100.0, 50.0, 150.0, "%", 2),
            observed_on=date(2025, 12, 31),
            source_values=(100 * (2 * 0.9 / 1.1 - 1), 100 * (2 * 1.1 / 0.9 - 1)),
            support=Support(0.0, 0.0, 0.0),
            curve=Curve((100.0,), (1.0,), (False,), 0),
            nearest_true="no admissible specification makes it true (1 distinct result, the closest gives 100 %)",
        ),
        Case(
            "one core token is no category",
            tables(A=("core", 1.0, 4.0), M=("broad", 1.0, 4.0)),
            label="not-reproducible",
            level=3,
            basis="market",
            missing="missing",
        ),
    ),
    "R2": (
        Case(
            "200 points over BTC, 133 over all tokens, none over ETH",
            AGAINST | {"market_prices": market(X=(1.0, 2.0))},
            label="definition-ambiguous",
            primary="supported",
            level=3,
            basis="market",
            estimate=Number(200.0, 200.0, 200.0, "percentage points", 2),
            observed_on=date(2025, 12, 31),
            proxy=True,  # one of two large coins
            source_values=(200.0, 200.0),
            support=Support(2 / 3, 2 / 3, 1.0, "benchmark"),
            curve=Curve((0.0, 133.333, 200.0), (1 / 3, 2 / 3, 1.0), (False, True, True), 2),
            nearest_true=HOLDS,
        ),
        Case(
            "nothing over coins that went as the category did",
            tables(**FLAT, BTC=("benchmark", 1.0, 4.0)) | {"market_prices": market(X=(1.0, 4.0))},
            label="contradicted",
            level=3,
            basis="market",
            estimate=Number(0.0, 0.0, 0.0, "percentage points", 2),
            observed_on=date(2025, 12, 31),
            source_values=(0.0, 0.0),
            support=Support(0.0, 0.0, 0.0),
            curve=Curve((0.0,), (1.0,), (False,), 0),
            nearest_true="no core token is missing",
        ),
        Case(
            "no large coin",
            tables(**FLAT) | {"market_prices": market(X=(1.0, 4.0))},
            label="not-reproducible",
            level=3,
            basis="market",
            missing="missing",
        ),
    ),
}
