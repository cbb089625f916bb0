"""What the figures mean per node and per terabyte, beside priced comparables, payments in tokens, and market value.

It decides no verdict.
"""

from datetime import date

import numpy as np
import pandas as pd

from analysis.data_marketplaces.published import GRASS, NODES, USERS, ends, of_project, when
from analysis.engine.claims import Claim
from analysis.engine.words.formats import day

DAYS_PER_YEAR = 365.25
#: A close stands for a day without one if it is at most so many days away.
NEAR_DAYS = 30
GB_PER_TB = 1000.0
FOUND, ASSERTED = "found", "asserted"
PER_NODE, PER_USER, PER_TB = "USD per node and year", "USD per user and year", "USD per TB"
#: Unit of what was paid once.
ONCE = "USD per node, once"
#: Rows of comparables by volume: kind of deal -> what it is.
CARRIED = {
    "proxy": "residential proxies, list prices",
    "datacentre proxy": "datacentre proxies",
    "supplier payment": "paid to those who share bandwidth",
}
#: Project -> its token.
TOKEN = {"Ocean Protocol": "OCEAN", GRASS: "GRASS", "Vana": "VANA"}


def span(figures: pd.DataFrame, metric: str, *, project: str = GRASS) -> tuple[float, float, int]:
    """Lowest and highest stated figure of a metric, also of bounds, and how many there are; NaN where there is none."""
    rows = of_project(figures, metric, project=project)
    both = ends(rows)
    return float(both["least"].min()), float(both["most"].max()), len(rows)


def traffic(figures: pd.DataFrame) -> pd.DataFrame:
    """Published traffic of Grass, as TB a year at the pace of each period.

    Returns
    -------
    DataFrame
        Rows of the table and `tb_per_year`; undated rows are left out.
    """
    rows = of_project(figures, "traffic").dropna(subset="date_to")
    days = (rows["date_to"] - rows["date_from"]).dt.days + 1
    return rows.assign(tb_per_year=rows["value"] / days * DAYS_PER_YEAR)


def unit_economics(figures: pd.DataFrame, *, nodes: Claim, revenue: Claim) -> pd.DataFrame:
    """Revenue per node, per user and per TB, with the revenue found and with the one asserted.

    Parameters
    ----------
    figures : DataFrame
        The table `marketplace_figures`.
    nodes, revenue : Claim
        D1 and D2, for the asserted figures.

    Returns
    -------
    DataFrame, one row a side and unit
        `revenue` ("found" or "asserted"), `per` (unit), `low`, `high`: bounds over all published figures on either side
        of the fraction, not an interval of confidence.

    Notes
    -----
    The asserted revenue is divided by the asserted nodes, and otherwise by what was found. Published numbers of nodes
    are mostly lower bounds, so that revenue per node is at most what stands here. Traffic and revenue were never
    published for the same period.
    """
    least, most, _ = span(figures, "revenue_per_year")
    sides = {FOUND: (least, most), ASSERTED: (revenue.asserted.value, revenue.asserted.value)}
    tb = traffic(figures)["tb_per_year"]
    under = {
        PER_NODE: {FOUND: span(figures, NODES)[:2], ASSERTED: (nodes.asserted.value,) * 2},
        PER_USER: dict.fromkeys(sides, span(figures, USERS)[:2]),
        PER_TB: dict.fromkeys(sides, (tb.min(), tb.max())),
    }
    rows = [
        (side, per, low / under[per][side][1], high / under[per][side][0])
        for per in under
        for side, (low, high) in sides.items()
    ]
    return pd.DataFrame(rows, columns=["revenue", "per", "low", "high"])


def carried(data_deals: pd.DataFrame) -> pd.DataFrame:
    """Prices of volume carried, USD per TB, by kind.

    Returns
    -------
    DataFrame, one row a kind of `CARRIED`
        `what`, `low`, `median` (of the middles), `high`, `n`.
    """
    rows = []
    for kind, what in CARRIED.items():
        some = data_deals[(data_deals["kind"] == kind) & data_deals["low"].notna()]
        middle = (some["low"] + some["high"]) / 2
        prices = (GB_PER_TB * x for x in (some["low"].min(), middle.median(), some["high"].max()))
        rows.append((what, *prices, len(some)))
    return pd.DataFrame(rows, columns=["what", "low", "median", "high", "n"])


def licences(data_deals: pd.DataFrame) -> pd.DataFrame:
    """Licences of data by value a year, the largest first.

    Returns
    -------
    DataFrame
        `seller`, `buyer`, `low`, `high` (USD per year), `date_from`, `date_to`, `date_precision`. A total is divided by
        its years; licences without a value, or with a total and no years, are left out.
    """
    some = data_deals[(data_deals["kind"] == "licence") & data_deals["low"].notna()]
    years = some["years"].where(some["unit"] == "USD in total", 1.0)
    some = some.assign(low=some["low"] / years, high=some["high"] / years)[years.notna()]
    columns = ["seller", "buyer", "low", "high", "date_from", "date_to", "date_precision"]
    return some.sort_values(["high", "deal_id"], ascending=[False, True])[columns].reset_index(drop=True)


def close(token_prices: pd.DataFrame, symbol: str, on: date) -> float:
    """Close of a token on a day, else the nearest within `NEAR_DAYS`, the earlier of two; NaN where there is none.

    Returns
    -------
    float
        USD.
    """
    rows = token_prices[token_prices["symbol"] == symbol].sort_values("date")
    away = (rows["date"] - pd.Timestamp(on)).dt.days.abs()
    near = rows[away <= NEAR_DAYS]
    return float(near.loc[away[near.index].idxmin(), "close_usd"]) if len(near) else np.nan


def closes_of(token_prices: pd.DataFrame, symbol: str, first: pd.Timestamp, last: pd.Timestamp) -> tuple[float, float]:
    """Lowest and highest close of a token from a day to another; NaN where there is none."""
    rows = token_prices[(token_prices["symbol"] == symbol) & token_prices["date"].between(first, last)]
    return float(rows["close_usd"].min()), float(rows["close_usd"].max())


def airdrops(figures: pd.DataFrame, token_prices: pd.DataFrame) -> pd.DataFrame:
    """What Grass gave to those who ran nodes, at the prices of its days, and per node.

    Returns
    -------
    DataFrame, one row a figure
        `what` (the remark), `date_from`, `date_to`, `date_precision`, `tokens_low`, `tokens_high`, `usd_low`,
        `usd_high` (at the lowest and the highest close of its days), `per_node_low`, `per_node_high` (over all
        published numbers of nodes). NaN where there was no close.
    """
    some = of_project(figures, "tokens_to_contributors")
    fewest, most, _ = span(figures, NODES)
    rows = []
    for row in some.join(ends(some)).to_dict("records"):
        cheapest, dearest = closes_of(token_prices, TOKEN[GRASS], row["date_from"], row["date_to"])
        usd = (row["least"] * cheapest, row["most"] * dearest)
        dates = tuple(row[name] for name in ("date_from", "date_to", "date_precision"))
        rows.append((row["remark"], *dates, row["least"], row["most"], *usd, usd[0] / most, usd[1] / fewest))
    columns = ["what", "date_from", "date_to", "date_precision", "tokens_low", "tokens_high", "usd_low", "usd_high"]
    return pd.DataFrame(rows, columns=[*columns, "per_node_low", "per_node_high"])


def beside(units: pd.DataFrame, airdrops: pd.DataFrame, carried: pd.DataFrame) -> pd.DataFrame:
    """Revenue per node and per TB beside what contributors were paid and what others ask and pay.

    Parameters
    ----------
    units, airdrops, carried : DataFrame
        From `unit_economics`, `airdrops` and `carried`.

    Returns
    -------
    DataFrame
        `unit`, `what`, `low`, `high`; rows per node, then per TB.
    """
    own = units[units["per"].isin([PER_NODE, PER_TB])].rename(columns={"per": "unit"})
    own = own.assign(what=[f"Grass's revenue, {side}" for side in own["revenue"]])
    paid = pd.DataFrame({"unit": ONCE, "what": "paid to contributors: " + airdrops["what"]})
    paid = paid.assign(low=airdrops["per_node_low"], high=airdrops["per_node_high"])
    columns = ["unit", "what", "low", "high"]
    both = pd.concat([own[columns], paid, carried.assign(unit=PER_TB)[columns]])
    order = {PER_NODE: 0, ONCE: 1, PER_TB: 2}
    return both.sort_values("unit", key=lambda unit: unit.map(order), kind="stable").reset_index(drop=True)


def emissions(figures: pd.DataFrame, token_prices: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """New or treasury tokens that each project pays a year, and the revenue that was found.

    Parameters
    ----------
    figures, token_prices : DataFrame
        The tables `marketplace_figures` and `token_prices`.
    as_of : date
        Day of the price for what is written in a rule, and so has no day of its own.

    Returns
    -------
    DataFrame, one row a project
        `project`, `to` (whom), `tokens_low`, `tokens_high` (a year), `usd_low`, `usd_high`, `revenue_low`,
        `revenue_high` (USD a year, NaN where none was found), `times_low`, `times_high` (emissions over revenue).

    Notes
    -----
    Grass: tokens staked times the stated yield, which goes to stakers and not to those who run nodes, at the lowest and
    the highest close of that month. Vana: from the floor to the cap of the reward pool, of the maximum supply, at the
    price of `as_of`. Ocean Protocol: each published week over a year, at the close nearest to its first day. Emissions
    and revenue are of different years.
    """
    ranges = {
        "Ocean Protocol": ("stakers, curators, predictors", *_weekly(figures, token_prices)),
        GRASS: ("stakers", *_staked(figures, token_prices)),
        "Vana": ("markets of pools' tokens", *_pool(figures, close(token_prices, TOKEN["Vana"], as_of))),
    }
    rows = []
    for project, (to, tokens, usd) in ranges.items():
        earned = span(figures, "revenue_per_year", project=project)[:2]
        rows.append((project, to, *tokens, *usd, *earned, usd[0] / earned[1], usd[1] / earned[0]))
    columns = ["project", "to", "tokens_low", "tokens_high", "usd_low", "usd_high"]
    return pd.DataFrame(rows, columns=[*columns, "revenue_low", "revenue_high", "times_low", "times_high"])


def _weekly(figures: pd.DataFrame, token_prices: pd.DataFrame) -> tuple[tuple[float, float], tuple[float, float]]:
    some = of_project(figures, "token_rewards", project="Ocean Protocol")
    tokens = some["value"] / ((some["date_to"] - some["date_from"]).dt.days.clip(lower=7) / DAYS_PER_YEAR)
    closes = [close(token_prices, TOKEN["Ocean Protocol"], first.date()) for first in some["date_from"]]
    usd = tokens * np.array(closes, dtype=float)
    return (float(tokens.min()), float(tokens.max())), (float(usd.min()), float(usd.max()))


def _staked(figures: pd.DataFrame, token_prices: pd.DataFrame) -> tuple[tuple[float, float], tuple[float, float]]:
    staked, yields = of_project(figures, "tokens_staked"), span(figures, "staking_yield")
    if staked.empty:
        return (np.nan, np.nan), (np.nan, np.nan)
    row = staked.iloc[-1]
    tokens = (row["value"] * yields[0], row["value"] * yields[1])
    closes = closes_of(token_prices, TOKEN[GRASS], row["date_from"], row["date_to"])
    return tokens, (tokens[0] * closes[0], tokens[1] * closes[1])


def _pool(figures: pd.DataFrame, price: float) -> tuple[tuple[float, float], tuple[float, float]]:
    supply = span(figures, "maximum_supply", project="Vana")[0]
    floor, cap = (span(figures, f"reward_pool_{end}", project="Vana")[0] for end in ("floor", "cap"))
    return (floor * supply, cap * supply), (floor * supply * price, cap * supply * price)


def valuation(
    figures: pd.DataFrame, token_prices: pd.DataFrame, token_supplies: pd.DataFrame, *, revenue: Claim
) -> pd.DataFrame:
    """Price to sales of Grass at the claim's date under every circulating supply that was published; not the maximum.

    Returns
    -------
    DataFrame, one row a supply, by supply
        `supply` (tokens), `basis` (where it is from), `when` (its date), `later` (whether it was published after the
        claim's date, so that it looks ahead), `value` (USD, supply × close), `to_found`, `to_asserted` (value over a
        year's revenue).

    Notes
    -----
    The revenue found is of a later day than the price.
    """
    least, most, _ = span(figures, "revenue_per_year")
    table = pd.DataFrame(_supplies(figures, token_supplies), columns=["supply", "basis", "when", "date"])
    later = table.pop("date") > pd.Timestamp(revenue.as_of)
    value = table["supply"] * close(token_prices, TOKEN[GRASS], revenue.as_of)
    to_found, to_asserted = value / ((least + most) / 2), value / revenue.asserted.value
    table = table.assign(later=later, value=value, to_found=to_found, to_asserted=to_asserted)
    return table.sort_values("supply", kind="stable", ignore_index=True)


def _supplies(figures: pd.DataFrame, token_supplies: pd.DataFrame) -> list[tuple[float, str, str, pd.Timestamp]]:
    some = of_project(figures, "circulating_supply")
    rows = []
    for row in some.join(ends(some)).to_dict("records"):
        supplies = dict.fromkeys((row["least"], row["most"]))
        rows += [(supply, row["remark"], when(row), row["date_from"]) for supply in supplies]
    own = token_supplies[token_supplies["symbol"] == TOKEN[GRASS]]
    for basis, each in own.groupby("basis"):
        last = each.sort_values("date").iloc[-1]
        rows.append((float(last["circulating_supply"]), f"our table, {basis}", day(last["date"]), last["date"]))
    return rows
