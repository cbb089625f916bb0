"""Claim V2: what a proof costs, as hours times the price of a machine that is large enough."""

from collections.abc import Mapping
from datetime import date
from functools import cache

import pandas as pd

from analysis.engine.claims import Claim, Finding, asserted_figure
from analysis.engine.multiverse import Question, meaning, pointwise
from analysis.engine.words.formats import quantity
from analysis.tables.machines import MachinePrices
from analysis.tables.proving import ZkPublished
from analysis.verifiable_ai.machines import GB_PER_GIB, ON_DEMAND, SECONDS_PER_HOUR, Market, Needs, cheapest
from analysis.verifiable_ai.published import literature

NO_COST = "no system has such a cost"
#: Price -> where it is asked; None for the cost that a publisher states.
PRICES: Mapping[str, Market | None] = {
    "hyperscaler, on demand": ON_DEMAND,
    "hyperscaler, spot": ("hyperscaler", "spot"),
    "specialist cloud, on demand": ("specialist", "on-demand"),
    "as its publisher states it": None,
}
#: What is known of an instance.
OFFER = ["provider", "instance", "region", "observed_on", "usd_per_hour"]


def costs(found: pd.DataFrame, machine_prices: MachinePrices, *, on: date, market: Market = ON_DEMAND) -> pd.DataFrame:
    """Cost of one proof by every system, or the reason why it has none.

    `found` is from `literature.systems`.

    Returns
    -------
    DataFrame, indexed by system
        seconds; the instance and its price (`OFFER`); cost_usd, and low_usd to high_usd by the precision of the time;
        reason where there is no cost, else empty.
    """
    rows = []
    for row in found.itertuples():
        needs = Needs(row.vcpus, row.memory_gb / GB_PER_GIB, row.gpu_model, row.gpus)
        price = cheapest(machine_prices, needs, on=on, market=market) if needs.stated else None
        without = "no instance in the table is large enough" if needs.stated else "hardware not stated"
        rows.append({"reason": without} if price is None else {"reason": ""} | dict(price[OFFER]))
    table = pd.DataFrame(rows, index=found.index, columns=[*OFFER, "reason"]).astype({"usd_per_hour": float})
    hourly = table["usd_per_hour"] / SECONDS_PER_HOUR
    return table.assign(
        seconds=found["seconds"],
        cost_usd=found["seconds"] * hourly,
        low_usd=found["low_s"] * hourly,
        high_usd=found["high_s"] * hourly,
    )


def question_v2(claim: Claim, *, zk_published: ZkPublished, machine_prices: MachinePrices) -> Question:
    """V2, in USD; where no published system has a cost, it is inadmissible.

    The fastest system is the fastest whose hardware is stated, whatever the price: where it has no such price, there is
    no cost.
    """
    found = literature.systems(claim, zk_published)
    systems = {
        "median of the systems": found,
        "the fastest system whose hardware is stated": found[literature.hardware_stated(found)].nsmallest(1, "seconds"),
        literature.EZKL: found.head(0),
    }

    @cache
    def usd(system: str, price: str) -> float:
        rows, market = meaning(claim, "system", system, systems), meaning(claim, "price", price, PRICES)
        priced = rows if market is None else costs(rows, machine_prices, on=claim.as_of, market=market)
        return float(priced["cost_usd"].median())

    return literature.of_systems(claim, pointwise(usd), NO_COST)


def assess_v2(claim: Claim, *, zk_published: ZkPublished, machine_prices: MachinePrices) -> Finding:
    """Median cost over the systems of V1 whose hardware is stated.

    Returns
    -------
    Finding
        A proxy: the price is of an instance at least as large as the stated needs. "missing" where no system has a
        cost.

    Raises
    ------
    DataError
        If the claim asserts no figure in USD.
    """
    asserted_figure(claim, "USD")
    found = literature.systems(claim, zk_published)
    priced = costs(found, machine_prices, on=claim.as_of)
    table = found.drop(columns=["seconds", "cost_usd"]).join(priced.drop(columns="reason"))
    table = table[table["cost_usd"].notna()].sort_values("cost_usd", kind="stable")
    if table.empty:
        return Finding(level=3, basis="secondary", missing="missing")
    question = question_v2(claim, zk_published=zk_published, machine_prices=machine_prices)
    explored = question.weighed()
    estimate = literature.median_of(
        table[["cost_usd", "low_usd", "high_usd"]],
        "USD",
        widened="each time",
        method=f"{described(priced)}; {literature.not_counted(explored)}",
    )
    return Finding(
        level=3,
        basis="secondary",
        proxy=True,
        estimate=estimate,
        evidence=literature.evidence_of(claim, table, "cost_usd", "USD"),
        observed_on=literature.deciding_day(table, "cost_usd"),
        source_values=tuple(table["cost_usd"]),
        **question.answered(estimate.value, needed(claim, estimate.value, len(table)), explored=explored),
    )


def described(priced: pd.DataFrame) -> str:
    """How `costs` came about, in a line."""
    known = priced[priced["cost_usd"].notna()]
    parts = [
        f"{system} {quantity(row['seconds'], 's')} on {row['provider']} {row['instance']} at "
        f"{row['usd_per_hour']:.4g} USD an hour"
        for system, row in known.iterrows()
    ]
    without = [f"{system} has no cost: {row['reason']}" for system, row in priced[priced["cost_usd"].isna()].iterrows()]
    return "median of " + "; ".join([*parts, *without])


def needed(claim: Claim, median: float, n: int) -> str:
    """What the median of n costs, in USD, would have to be for the claim to hold, in words."""
    low, high = (end / median for end in (claim.regions[0].left, claim.regions[0].right))
    if high < 1:
        return f"the median of the {n} costs would have to be {1 / high:.3g} to {1 / low:.3g} times lower"
    return f"the median of the {n} costs would have to be {low:.3g} to {high:.3g} times as high"
