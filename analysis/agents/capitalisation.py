"""Other quantities of the asserted size: what tokens of agents are worth, volumes, gains."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.agents.observations import published
from analysis.engine.claims import Claim

#: A close older than this is no price of the day.
STALE_DAYS = 7


@dataclass(frozen=True, slots=True, eq=False)
class Capitalisation:
    """Market capitalisation of the tokens of agents on a day.

    Attributes
    ----------
    table : DataFrame, one row a token of the vertical
        symbol, name, membership, close_usd, supply, basis ("dated", "look-ahead" or "" without a supply), value (USD).
    value : float
        Sum over tokens with a close and a supply, USD.
    core : float
        The same over the tokens that `tokens` marks core.
    counted, missing : int
        Tokens in the sum, and tokens without a close or a supply.
    """

    table: pd.DataFrame
    value: float
    core: float
    counted: int
    missing: int


def capitalisation(
    tokens: pd.DataFrame, token_prices: pd.DataFrame, token_supplies: pd.DataFrame, *, on: date
) -> Capitalisation:
    """Closes of a day times circulating supplies, of all tokens in the vertical of agents.

    Returns
    -------
    Capitalisation
        The close is the latest of the last `STALE_DAYS` days; the supply the latest dated one, else the later snapshot,
        which looks ahead. Tokens that lack either are left out, so that the sum is too low rather than too high.
    """
    day = pd.Timestamp(on)
    agents = tokens.loc[tokens["vertical"] == "agents", ["symbol", "name", "membership"]].set_index("symbol")
    since = day - pd.Timedelta(days=STALE_DAYS)
    prices = token_prices[(token_prices["date"] <= day) & (token_prices["date"] > since)].sort_values("date")
    close = prices.groupby("symbol")["close_usd"].last().reindex(agents.index)
    dated = token_supplies[(token_supplies["basis"] == "dated") & (token_supplies["date"] <= day)].sort_values("date")
    later = token_supplies[token_supplies["basis"] == "look-ahead"].groupby("symbol")["circulating_supply"].first()
    known = dated.groupby("symbol")["circulating_supply"].last().reindex(agents.index)
    supply = known.fillna(later.reindex(agents.index))
    basis = np.select([known.notna(), supply.notna()], ["dated", "look-ahead"], "")
    table = agents.assign(close_usd=close, supply=supply, basis=basis, value=close * supply).reset_index()
    table = table.sort_values("value", ascending=False, kind="stable", ignore_index=True)
    whole = table["value"].notna()
    return Capitalisation(
        table=table,
        value=float(table["value"].sum()),
        core=float(table.loc[table["membership"] == "core", "value"].sum()),
        counted=int(whole.sum()),
        missing=int((~whole).sum()),
    )


def other_quantities(claim: Claim, agent_values: pd.DataFrame, tokens: Capitalisation) -> pd.DataFrame:
    """Published quantities that are no value held, and the tokens of our tables, by how near they come to the figure.

    Returns
    -------
    DataFrame
        quantity, of, value (USD), date, in_T (bool), remark, source_id; the nearest on a log scale first.
    """
    figures = published(agent_values)
    some = figures[(figures["quantity"] != "value held") & figures["value"].gt(0)]
    of = some["product"].where(some["protocol"] == "all", some["protocol"] + ": " + some["product"])
    own = {
        "quantity": "token capitalisation",
        "of": f"{tokens.counted} tokens of agents in our tables",
        "value": tokens.value,
        "date": pd.Timestamp(claim.as_of),
        "remark": f"{tokens.missing} more lack a price or a supply",
        "source_id": "our tables",
    }
    table = some.assign(of=of, date=some["observed_to"])[list(own)]
    table = pd.concat([table, *([pd.DataFrame([own])] if tokens.value > 0 else [])], ignore_index=True)
    table["in_T"] = [value in claim.regions[0] for value in table["value"]]
    away = np.log(table["value"] / claim.asserted.value).abs()
    return table.loc[away.sort_values(kind="stable").index].reset_index(drop=True)
