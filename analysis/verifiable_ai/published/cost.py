"""Claim V2: what a proof costs, as hours times the price of a machine that is large enough."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from analysis.engine.claims import Claim, Estimate, Finding, asserted_figure
from analysis.engine.multiverse import Factor, Multiverse, Rule, explore, inside, pointwise, weighed
from analysis.engine.words.formats import quantity
from analysis.tables.machines import MachinePrices
from analysis.tables.proving import ZkPublished
from analysis.verifiable_ai.machines import GB_PER_GIB, SECONDS_PER_HOUR, Needs, cheapest
from analysis.verifiable_ai.published.literature import (
    EZKL,
    HOLDS,
    MEDIAN,
    UNDETERMINED,
    deciding_day,
    evidence_of,
    hardware_stated,
    held,
    interval_of,
    median_interval,
    nearest,
    not_counted,
    of_ezkl,
)
from analysis.verifiable_ai.published.literature import systems as systems_of

FASTEST = "the fastest system whose hardware is stated"
ON_DEMAND, SPOT, SPECIALIST = "hyperscaler, on demand", "hyperscaler, spot", "specialist cloud, on demand"
OWN_COST = "as its publisher states it"
NO_COST = "no system has such a cost"
#: Price of the factor of that name -> (kind of cloud, kind of price).
PRICES: Mapping[str, tuple[str, str]] = {
    ON_DEMAND: ("hyperscaler", "on-demand"),
    SPOT: ("hyperscaler", "spot"),
    SPECIALIST: ("specialist", "on-demand"),
}

#: The definitions of V2's question; the first option of each is that of the claim.
FACTORS: tuple[Factor, ...] = (
    Factor("system", (MEDIAN, FASTEST, EZKL), MEDIAN),
    Factor("price", (*PRICES, OWN_COST), ON_DEMAND),
)

COST_COLUMNS = (
    "seconds",
    "provider",
    "instance",
    "region",
    "observed_on",
    "usd_per_hour",
    "cost_usd",
    "low_usd",
    "high_usd",
    "reason",
)


def costs(
    found: pd.DataFrame,
    machine_prices: pd.DataFrame,
    *,
    on: date,
    kind: str = "hyperscaler",
    price_type: str = "on-demand",
) -> pd.DataFrame:
    """Cost of one proof by every system, or the reason why it has none.

    Parameters
    ----------
    found : DataFrame
        From `literature.systems`.
    machine_prices : DataFrame
        The table of that name.
    on : date
    kind, price_type : str
        As in `cheapest`.

    Returns
    -------
    DataFrame, indexed by system
        `COST_COLUMNS`: the instance and its price; cost_usd, and low_usd to high_usd by the precision of the time;
        reason where there is no cost, else empty.
    """
    rows = {}
    for system, row in found.iterrows():
        needs = Needs(row["vcpus"], row["memory_gb"] / GB_PER_GIB, row["gpu_model"], row["gpus"])
        price = cheapest(machine_prices, needs, on=on, kind=kind, price_type=price_type) if needs.stated else None
        if price is None:
            reason = "no instance in the table is large enough" if needs.stated else "hardware not stated"
            rows[system] = {"seconds": row["seconds"], "reason": reason}
            continue
        hourly = price["usd_per_hour"] / SECONDS_PER_HOUR
        rows[system] = {
            **price[["provider", "instance", "region", "observed_on", "usd_per_hour"]],
            "seconds": row["seconds"],
            "cost_usd": row["seconds"] * hourly,
            "low_usd": row["low_s"] * hourly,
            "high_usd": row["high_s"] * hourly,
            "reason": "",
        }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(COST_COLUMNS)).rename_axis("system")
    numbers = dict.fromkeys(("seconds", "usd_per_hour", "cost_usd", "low_usd", "high_usd"), "float64")
    return table.astype(numbers)


def explore_v2(claim: Claim, *, zk_published: pd.DataFrame, machine_prices: pd.DataFrame) -> Multiverse:
    """Cost of a proof, USD, under every admissible combination of the claim's alternatives.

    EZKL on one machine is inadmissible, as `literature.UNDETERMINED` says; `analysis.verifiable_ai.law.one_machine`
    shows what the law would give.

    Parameters
    ----------
    claim : Claim
        V2, for its date and acceptance region.
    zk_published, machine_prices : DataFrame
        The tables of those names.

    Raises
    ------
    ValueError
        If no system has a cost under the primary definition.
    UnbalancedError
        If so few systems have the other costs that the options cannot weigh the same.
    """
    found = systems_of(zk_published, as_of=claim.as_of)
    value = pointwise(lambda system, price: cost_under(found, machine_prices, claim.as_of, system, price))

    def without_cost(specifications: pd.DataFrame) -> np.ndarray:
        return np.isnan(value(specifications)) & ~of_ezkl(specifications)

    rules = [Rule(UNDETERMINED, of_ezkl), Rule(NO_COST, without_cost)]
    return explore(FACTORS, rules, value, holds=inside(claim.regions[0]))


def cost_under(found: pd.DataFrame, machine_prices: pd.DataFrame, on: date, system: str, price: str) -> float:
    """Cost under one option of each factor, USD; NaN where no published system has one, and for EZKL.

    The fastest system is the fastest whose hardware is stated, whatever the price: where it has no such price, there is
    no cost.

    Parameters
    ----------
    found : DataFrame
        From `literature.systems`.
    machine_prices : DataFrame
    on : date
    system, price : str
        Options of `FACTORS`.
    """
    if system == EZKL:
        return np.nan
    if system == FASTEST:
        found = found[hardware_stated(found)].nsmallest(1, "seconds")
    if price == OWN_COST:
        return float(found["cost_usd"].median())
    kind, price_type = PRICES[price]
    return float(costs(found, machine_prices, on=on, kind=kind, price_type=price_type)["cost_usd"].median())


def alternatives_v2(claim: Claim, *, zk_published: pd.DataFrame, machine_prices: pd.DataFrame) -> pd.DataFrame:
    """The primary definition and each alternative of the claim on its own.

    Parameters
    ----------
    claim : Claim
    zk_published, machine_prices : DataFrame

    Returns
    -------
    DataFrame
        factor, option, cost_usd (NaN where it is not counted), holds (as from `literature.held`), reason (why it is not
        counted, else empty).
    """
    found, rows = systems_of(zk_published, as_of=claim.as_of), []
    primary = {f.name: f.primary for f in FACTORS}
    for factor, option in [("", "")] + [(f.name, o) for f in FACTORS for o in f.options if o != f.primary]:
        chosen = primary | ({factor: option} if factor else {})
        value = cost_under(found, machine_prices, claim.as_of, **chosen)
        label = option or f"{MEDIAN}, {ON_DEMAND}"
        reason = "" if not np.isnan(value) else UNDETERMINED if option == EZKL else NO_COST
        rows.append((factor, label, value, held(claim, value), reason))
    return pd.DataFrame(rows, columns=["factor", "option", "cost_usd", "holds", "reason"])


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
    found = systems_of(zk_published, as_of=claim.as_of)
    priced = costs(found, machine_prices, on=claim.as_of)
    table = found.drop(columns=["seconds", "cost_usd"]).join(priced.drop(columns="reason"))
    table = table[table["cost_usd"].notna()].sort_values("cost_usd", kind="stable")
    if table.empty:
        return Finding(level=3, basis="secondary", missing="missing")
    value, low, high = median_interval(*(table[c].to_numpy() for c in ("cost_usd", "low_usd", "high_usd")))
    explored = weighed(lambda: explore_v2(claim, zk_published=zk_published, machine_prices=machine_prices))
    return Finding(
        level=3,
        basis="secondary",
        proxy=True,
        estimate=Estimate(
            value=value,
            low=min(value, low),
            high=max(value, high),
            unit="USD",
            n=len(table),
            interval_of=interval_of(len(table), "each time"),
            method=f"{described(priced)}; {not_counted(explored)}",
        ),
        evidence=evidence_of(claim, table, "cost_usd", "USD"),
        observed_on=deciding_day(table, "cost_usd"),
        source_values=tuple(table["cost_usd"]),
        support=explored and explored.support,
        curve=explored and explored.curve,
        nearest_true=HOLDS if value in claim.regions[0] else nearest(explored, "USD", needed(claim, value, len(table))),
    )


def described(priced: pd.DataFrame) -> str:
    """How the costs came about, in a line.

    Parameters
    ----------
    priced : DataFrame
        From `costs`.
    """
    known = priced[priced["cost_usd"].notna()]
    parts = [
        f"{system} {quantity(row['seconds'], 's')} on {row['provider']} {row['instance']} at "
        f"{row['usd_per_hour']:.4g} USD an hour"
        for system, row in known.iterrows()
    ]
    without = [f"{system} has no cost: {row['reason']}" for system, row in priced[priced["cost_usd"].isna()].iterrows()]
    return "median of " + "; ".join([*parts, *without])


def needed(claim: Claim, median: float, n: int) -> str:
    """What the median cost would have to be for the claim to hold, in words.

    Parameters
    ----------
    claim : Claim
        V2.
    median : float
        Of the costs, USD.
    n : int
        How many they are.
    """
    low, high = (end / median for end in (claim.regions[0].left, claim.regions[0].right))
    if high < 1:
        return f"the median of the {n} costs would have to be {1 / high:.3g} to {1 / low:.3g} times lower"
    return f"the median of the {n} costs would have to be {low:.3g} to {high:.3g} times as high"
