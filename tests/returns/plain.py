"""R1's specifications the slow way: one at a time, day by day, in pandas, units of tokens in a portfolio.

Shares no code with `analysis.returns.engine`; written from its conventions to be compared with it.
"""

from dataclasses import dataclass
from itertools import product

import pandas as pd

START, END = pd.Timestamp("2024-12-31"), pd.Timestamp("2025-12-31")
MEMBERSHIPS = {"core": ["core"], "broad": ["core", "broad"], "broad and memes": ["core", "broad", "meme"]}
OPTIONS = {
    "universe": list(MEMBERSHIPS),
    "weighting": ["equal", "square root of cap", "cap", "turnover"],
    "rebalancing": ["none", "monthly", "weekly", "daily"],
    "late listings": ["full-year only", "from first close", "after 30 days"],
    "aggregation": ["index", "median token"],
    "cost": ["0 bp", "30 bp"],
}


def specifications() -> pd.DataFrame:
    """All that can be computed: everything but an index that never rebalances, has late tokens, and unequal slices."""
    rows = [
        s
        for s in (dict(zip(OPTIONS, options, strict=True)) for options in product(*OPTIONS.values()))
        if not (
            s["aggregation"] == "index"
            and s["rebalancing"] == "none"
            and s["late listings"] != "full-year only"
            and s["weighting"] != "equal"
        )
    ]
    return pd.DataFrame(rows)


@dataclass(frozen=True, slots=True)
class Plain:
    """Tables arranged once for all specifications."""

    membership: pd.Series  # by symbol, in the order of the table of tokens
    observed: pd.DataFrame  # closes, gaps left open; days by symbols
    closes: pd.DataFrame  # gaps filled with the last close
    first_day: pd.Series  # of full and late tokens, by symbol; START for full ones
    sizes: dict[str, pd.DataFrame]  # weighting -> days by symbols


def arrange(tokens, token_prices, token_supplies, token_turnover) -> Plain:
    prices = token_prices[(token_prices.date >= START) & (token_prices.date <= END)]
    observed = prices.pivot(index="date", columns="symbol", values="close_usd").reindex(pd.date_range(START, END))
    first_day = {}
    for token in tokens.itertuples():
        if token.membership == "benchmark" or token.symbol not in observed or pd.isna(observed.at[END, token.symbol]):
            continue
        if pd.notna(token.migration_latest) and token.migration_latest <= START:
            continue
        if pd.notna(observed.at[START, token.symbol]):
            first_day[token.symbol] = START
        elif token.first_observed > START:
            first_day[token.symbol] = observed[token.symbol].first_valid_index()
    symbols = list(first_day)
    observed = observed[symbols]
    closes = observed.ffill()
    supply = pd.DataFrame(index=closes.index, columns=symbols, dtype=float)
    for symbol in symbols:
        rows = token_supplies[token_supplies.symbol == symbol]
        dated = rows[rows.basis == "dated"].set_index("date").circulating_supply.sort_index()
        later = rows[rows.basis == "look-ahead"].circulating_supply
        for day in supply.index:
            known = dated[: day + pd.Timedelta(days=1)]
            supply.at[day, symbol] = known.iloc[-1] if len(known) else later.iloc[0] if len(later) else float("nan")
    traded = token_turnover.pivot(index="date", columns="symbol", values="turnover_usd")
    traded = traded.reindex(index=pd.date_range(START - pd.Timedelta(days=29), END), columns=symbols)
    cap = supply * closes
    mean_turnover = pd.DataFrame({day: traded[day - pd.Timedelta(days=29) : day].mean() for day in closes.index}).T
    sizes = {"equal": closes * 0 + 1, "cap": cap, "square root of cap": cap**0.5, "turnover": mean_turnover}
    membership = tokens.set_index("symbol").membership[symbols]
    return Plain(membership, observed, closes, pd.Series(first_day), sizes)


def entry_days(plain: Plain, universe: str, late: str) -> pd.Series:
    """Day from which each token of the universe may be bought, of those that ever may."""
    days = plain.first_day[plain.membership.isin(MEMBERSHIPS[universe])]
    came_later = days > START
    if late == "full-year only":
        days = days[~came_later]
    elif late == "after 30 days":
        days = days.where(~came_later, days + pd.Timedelta(days=30))
    return days[days < END]


def targets(plain: Plain, weighting: str, days: pd.Series) -> pd.DataFrame:
    """Weights that a purchase or rebalance of each day would aim at; 0 for tokens that have none."""
    size = plain.sizes[weighting][days.index]
    open_to = pd.DataFrame({token: size.index >= day for token, day in days.items()}, index=size.index)
    size = size.where(open_to, 0.0).fillna(0.0)
    return size.div(size.sum(axis=1), axis=0)


def rebalances(day: pd.Timestamp, rebalancing: str) -> bool:
    if not START < day < END:
        return False
    return {"none": False, "monthly": day.day == 1, "weekly": day.day_name() == "Monday", "daily": True}[rebalancing]


def trade(units: pd.Series, cash: float, weights: pd.Series, price: pd.Series, cost: float) -> tuple[pd.Series, float]:
    """Each order pays its own cost: less is bought, more is sold, and what is sold out leaves a debt."""
    held = units * price
    order = weights * (held.sum() + cash) - held
    if cost == 0:
        return units + order / price, cash - order.sum()
    asked = (-order).clip(lower=0)
    sold = (asked / (1 - cost)).clip(upper=held)
    bought = order.clip(lower=0) / (1 + cost)
    return units + (bought - sold) / price, cash - order.sum() - (asked - sold * (1 - cost)).sum()


def plain_return(plain: Plain, s: dict[str, str]) -> float:
    """Return, %, of one specification."""
    days, closes = entry_days(plain, s["universe"], s["late listings"]), plain.closes
    if s["aggregation"] == "median token":
        return pd.Series({t: 100 * (closes.at[END, t] / closes.at[day, t] - 1) for t, day in days.items()}).median()
    if s["rebalancing"] == "none" and s["weighting"] == "equal":
        value = sum(1 / len(days) * closes.at[END, t] / closes.at[day, t] for t, day in days.items())
        return 100 * (value - 1)
    weights, closes = targets(plain, s["weighting"], days), closes[days.index].fillna(1.0)
    cost, cash = {"0 bp": 0.0, "30 bp": 0.003}[s["cost"]], 0.0
    units = weights.loc[START] / closes.loc[START]
    for day in closes.index:
        if rebalances(day, s["rebalancing"]):
            units, cash = trade(units, cash, weights.loc[day], closes.loc[day], cost)
    return 100 * ((units * closes.loc[END]).sum() + cash - 1)
