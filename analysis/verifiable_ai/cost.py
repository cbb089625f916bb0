"""Claim V2: what a proof costs, as hours times the price of a machine that is large enough."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.claims import Claim, Estimate, Finding, asserted_figure
from analysis.formats import quantity
from analysis.multiverse import Factor, Multiverse, Rule, explore, inside, pointwise, weighed
from analysis.verifiable_ai.literature import (
    EZKL,
    HOLDS,
    MEDIAN,
    UNDETERMINED,
    deciding_day,
    evidence_of,
    interval_of,
    median_interval,
    nearest,
    not_counted,
    of_ezkl,
)
from analysis.verifiable_ai.literature import systems as systems_of
from analysis.verifiable_ai.predict import Prediction, wall_on

SECONDS_PER_HOUR = 3600
#: Machines are rented by the GiB (2^30 bytes) and described by the GB (10^9 bytes).
GB_PER_GIB = 2**30 / 1e9
#: The asserted time of V1, s, for what V2 would need.
ASSERTED_SECONDS = 600.0

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


@dataclass(frozen=True, slots=True)
class Needs:
    """What a machine must have at least; NaN and "" ask for nothing.

    Attributes
    ----------
    vcpus : float
        Processors.
    memory_gb : float
        Memory, GB.
    gpu_model : str
        Such as A100, A100-40GB or A100-40GB-SXM.
    gpus : float
        How many of them.
    """

    vcpus: float = np.nan
    memory_gb: float = np.nan
    gpu_model: str = ""
    gpus: float = np.nan

    @property
    def stated(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.gpu_model) or not np.isnan([self.vcpus, self.memory_gb, self.gpus]).all()


def gpu_at_least(offered: str, stated: str) -> bool:
    """Whether a GPU is the stated model, with at least its memory and in its form where these are stated.

    Examples
    --------
    >>> gpu_at_least("A100-80GB-SXM", "A100-40GB"), gpu_at_least("A100-80GB-PCIe", "A100-40GB-SXM")
    (True, False)
    >>> gpu_at_least("H100-80GB-SXM", "A100-40GB"), gpu_at_least("none", "")
    (False, True)
    """
    if not stated:
        return True
    (model, memory, form), (wanted, least, shape) = _parts(offered), _parts(stated)
    return model == wanted and memory >= least and (not shape or form == shape)


def _parts(gpu: str) -> tuple[str, float, str]:
    model, *rest = gpu.split("-")
    memory = next((float(m[1]) for part in rest if (m := re.fullmatch(r"(\d+)GB", part))), 0.0)
    return model, memory, next((part for part in rest if not part.endswith("GB")), "")


def nearest_prices(machine_prices: pd.DataFrame, *, on: date, kind: str, price_type: str) -> pd.DataFrame:
    """Price of every instance in every region at the date nearest to a day.

    Parameters
    ----------
    machine_prices : DataFrame
        The table of that name.
    on : date
    kind, price_type : str
        As in the table. A hyperscaler's price counts only with its region.

    Returns
    -------
    DataFrame
        Rows of the table. Of two dates equally near the earlier; an undated price only where there is no dated one.
    """
    chosen = (machine_prices["kind"] == kind) & (machine_prices["price_type"] == price_type)
    if kind == "hyperscaler":
        chosen &= machine_prices["region"] != ""
    table = machine_prices[chosen]
    away = (table["observed_on"] - pd.Timestamp(on)).abs()
    table = table.assign(away=away).sort_values(
        ["away", "observed_on", "usd_per_hour", "source_id"], na_position="last"
    )
    return table.drop_duplicates(["provider", "instance", "region", "gpu_model", "gpus"]).drop(columns="away")


def cheapest(
    machine_prices: pd.DataFrame,
    needs: Needs,
    *,
    on: date,
    kind: str = "hyperscaler",
    price_type: str = "on-demand",
) -> pd.Series | None:
    """Cheapest instance with at least a machine's processors, memory and GPUs; None where the table has none.

    Parameters
    ----------
    machine_prices : DataFrame
        The table of that name.
    needs : Needs
    on : date
        Prices are those nearest to this day.
    kind, price_type : str
        As in the table. Specialist clouds state GPUs alone, so that only these are compared there, and a machine
        without GPU has no price.

    Returns
    -------
    Series or None
        Row of the table.
    """
    table = nearest_prices(machine_prices, on=on, kind=kind, price_type=price_type)
    enough = table["gpu_model"].map(lambda offered: gpu_at_least(offered, needs.gpu_model)).astype(bool)
    if needs.gpu_model:
        enough &= table["gpus"] >= (1 if np.isnan(needs.gpus) else needs.gpus)
    if kind == "specialist":
        enough &= bool(needs.gpu_model)
    else:
        for column, least in (("vcpus", needs.vcpus), ("memory_gib", needs.memory_gb / GB_PER_GIB)):
            if not np.isnan(least):
                enough &= table[column] >= least
    fitting = table[enough].sort_values(["usd_per_hour", "provider", "instance", "region"], kind="stable")
    return fitting.iloc[0] if len(fitting) else None


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
        needs = Needs(row["vcpus"], row["memory_gb"], row["gpu_model"], row["gpus"])
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


def costs_by_needs(found: pd.DataFrame, machine_prices: pd.DataFrame, *, on: date) -> pd.DataFrame:
    """Median cost with all that is known of the hardware, without its memory, and with processors or GPUs alone.

    The table has no column for which part of the hardware a paper itself states. Its remarks do: the memory of zkGPT
    and the host of zkLLM are as others read their papers. Without memory there is nothing of the first kind left, and
    with a GPU alone where there is one nothing of the second.

    Parameters
    ----------
    found : DataFrame
        From `literature.systems`.
    machine_prices : DataFrame
        The table of that name.
    on : date

    Returns
    -------
    DataFrame, three rows
        needs, cost_usd (median over the systems with a cost; NaN without one), n, systems (names with instances and
        costs).
    """
    bare, gpu = found.assign(memory_gb=np.nan), found["gpu_model"] != ""
    readings = {
        "all that is known": found,
        "without memory": bare,
        "the GPU, or the processors where there is none": bare.assign(vcpus=found["vcpus"].mask(gpu)),
    }
    rows = []
    for needs, table in readings.items():
        known = costs(table, machine_prices, on=on).dropna(subset=["cost_usd"])
        names = ", ".join(f"{name} {row['instance']} {row['cost_usd']:.3g} USD" for name, row in known.iterrows())
        rows.append((needs, known["cost_usd"].median(), len(known), names))
    return pd.DataFrame(rows, columns=["needs", "cost_usd", "n", "systems"])


def explore_v2(claim: Claim, *, zk_published: pd.DataFrame, machine_prices: pd.DataFrame) -> Multiverse:
    """Cost of a proof, USD, under every admissible combination of the claim's alternatives.

    EZKL on one machine is inadmissible, as `literature.UNDETERMINED` says; `ezkl_on_one_machine` shows what the law
    would give.

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
        stated = found[["vcpus", "memory_gb", "gpus"]].notna().any(axis=1) | (found["gpu_model"] != "")
        found = found[stated].nsmallest(1, "seconds")
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
        factor, option, cost_usd (NaN where it is not counted), holds, reason (why it is not counted, else empty).
    """
    found, rows = systems_of(zk_published, as_of=claim.as_of), []
    primary = {f.name: f.primary for f in FACTORS}
    for factor, option in [("", "")] + [(f.name, o) for f in FACTORS for o in f.options if o != f.primary]:
        chosen = primary | ({factor: option} if factor else {})
        value = cost_under(found, machine_prices, claim.as_of, **chosen)
        label = option or f"{MEDIAN}, {ON_DEMAND}"
        reason = "" if not np.isnan(value) else UNDETERMINED if option == EZKL else NO_COST
        rows.append((factor, label, value, bool(inside(claim.regions[0])(np.array([value]))[0]), reason))
    return pd.DataFrame(rows, columns=["factor", "option", "cost_usd", "holds", "reason"])


@dataclass(frozen=True, slots=True)
class ImpliedPrice:
    """Price of an hour of the machine on which both claims hold, USD.

    Attributes
    ----------
    low, high : float
        Cheapest machine (least cost over longest time) and dearest (most cost over shortest time).
    central : float
        Asserted cost over asserted time.
    """

    low: float
    central: float
    high: float


def implied_price(v1: Claim, v2: Claim) -> ImpliedPrice:
    """Price of an hour at which V1's times and V2's costs are both in their acceptance regions.

    Parameters
    ----------
    v1, v2 : Claim

    Examples
    --------
    >>> from analysis.claims import load_claims
    >>> implied_price(load_claims()["V1"], load_claims()["V2"])
    ImpliedPrice(low=72.0, central=105.0, high=160.0)
    """
    seconds, usd = v1.regions[0], v2.regions[0]
    central = asserted_figure(v2, "USD") / asserted_figure(v1, "s")
    ends = (usd.left / seconds.right, central, usd.right / seconds.left)
    return ImpliedPrice(*(SECONDS_PER_HOUR * end for end in ends))


def machines_between(machine_prices: pd.DataFrame, *, low: float, high: float, on: date) -> pd.DataFrame:
    """Instances of hyperscalers whose price on demand lies between two, each in its cheapest region.

    Parameters
    ----------
    machine_prices : DataFrame
        The table of that name.
    low, high : float
        USD per hour.
    on : date

    Returns
    -------
    DataFrame, by price
        provider, instance, gpu_model, gpus, vcpus, memory_gib, region, observed_on, usd_per_hour.
    """
    table = nearest_prices(machine_prices, on=on, kind="hyperscaler", price_type="on-demand")
    table = table.sort_values(["usd_per_hour", "provider", "instance", "region"], kind="stable")
    table = table.drop_duplicates(["provider", "instance"])
    columns = [
        "provider",
        "instance",
        "gpu_model",
        "gpus",
        "vcpus",
        "memory_gib",
        "region",
        "observed_on",
        "usd_per_hour",
    ]
    return table.loc[table["usd_per_hour"].between(low, high), columns].reset_index(drop=True)


def joint_region(v1: Claim, v2: Claim, *, points: int = 61) -> pd.DataFrame:
    """The region of time and price in which both claims hold.

    Parameters
    ----------
    v1, v2 : Claim
    points : int
        Times, evenly spaced over V1's region.

    Returns
    -------
    DataFrame, shape (points, 3)
        seconds; low_usd_per_hour and high_usd_per_hour: prices at which that time costs what V2 accepts.

    Examples
    --------
    >>> from analysis.claims import load_claims
    >>> claims = load_claims()
    >>> joint_region(claims["V1"], claims["V2"], points=3).values.tolist()
    [[450.0, 120.0, 160.0], [600.0, 90.0, 120.0], [750.0, 72.0, 96.0]]
    """
    seconds = np.linspace(v1.regions[0].left, v1.regions[0].right, points)
    usd, per_hour = v2.regions[0], SECONDS_PER_HOUR / seconds
    return pd.DataFrame(
        {"seconds": seconds, "low_usd_per_hour": usd.left * per_hour, "high_usd_per_hour": usd.right * per_hour}
    )


def with_efficiency(
    cpu_s: float, machines: pd.DataFrame, *, efficiencies: tuple[float, ...] = (0.1, 0.25, 0.5, 1.0)
) -> pd.DataFrame:
    """Time and cost of a proof of known processor time on machines, for several parallel efficiencies.

    How well a prover uses many processors is not known here: the efficiency is an assumption, and said to be one.

    Parameters
    ----------
    cpu_s : float
        Processor seconds of the proof; more than 0.
    machines : DataFrame
        With provider, instance, vcpus and usd_per_hour.
    efficiencies : tuple of float
        Share of the processors' time that proves, above 0 up to 1.

    Returns
    -------
    DataFrame, one row per machine and efficiency
        provider, instance, vcpus, usd_per_hour, efficiency, seconds, cost_usd.

    Raises
    ------
    ValueError
        If the processor time or an efficiency is out of range.

    Examples
    --------
    >>> machine = pd.DataFrame({"provider": ["p"], "instance": ["i"], "vcpus": [10.0], "usd_per_hour": [3.6]})
    >>> with_efficiency(36_000.0, machine, efficiencies=(0.5,))[["seconds", "cost_usd"]].values.tolist()
    [[7200.0, 7.2]]
    """
    if not (np.isfinite(cpu_s) and cpu_s > 0):
        raise ValueError(f"processor time must be above 0 s, not {cpu_s}")
    if not all(0 < e <= 1 for e in efficiencies):
        raise ValueError(f"an efficiency lies above 0 and at most at 1, not in {efficiencies}")
    share = pd.DataFrame({"efficiency": list(efficiencies)})
    table = machines[["provider", "instance", "vcpus", "usd_per_hour"]].merge(share, how="cross")
    table["seconds"] = cpu_s / (table["vcpus"] * table["efficiency"])
    table["cost_usd"] = table["seconds"] * table["usd_per_hour"] / SECONDS_PER_HOUR
    return table


def efficiency_at(cpu_s: float, machine: pd.Series, usd: float) -> float:
    """Parallel efficiency at which a proof of known processor time costs a given sum on a machine.

    Parameters
    ----------
    cpu_s : float
        Processor seconds of the proof.
    machine : Series
        With vcpus and usd_per_hour, as from `cheapest`.
    usd : float

    Returns
    -------
    float
        Above 1 where the machine cannot cost as little.

    Examples
    --------
    >>> efficiency_at(36_000.0, pd.Series({"vcpus": 10.0, "usd_per_hour": 3.6}), 7.2)
    0.5
    """
    return float(cpu_s * machine["usd_per_hour"] / (SECONDS_PER_HOUR * machine["vcpus"] * usd))


def machine_by_rule(prediction: Prediction, machine_prices: pd.DataFrame, *, on: date) -> pd.Series | None:
    """Cheapest hyperscaler instance, on demand, that holds the median of a proof's predicted memory; None without one.

    Parameters
    ----------
    prediction : Prediction
    machine_prices : DataFrame
        The table of that name.
    on : date
    """
    return cheapest(machine_prices, Needs(memory_gb=prediction.memory.value * GB_PER_GIB), on=on)


def ezkl_on_one_machine(
    prediction: Prediction, machine_prices: pd.DataFrame, *, v1: Claim, v2: Claim
) -> pd.DataFrame | None:
    """What the law would give for EZKL on one machine, and the parallel efficiency that each claim would take.

    The machine is the same for both claims: `machine_by_rule`, with all its processors in use. How well EZKL uses more
    than two threads is not measured, so that nothing of this counts in V1 or V2.

    Parameters
    ----------
    prediction : Prediction
    machine_prices : DataFrame
        The table of that name.
    v1, v2 : Claim
        For their regions; prices are of V2's date.

    Returns
    -------
    DataFrame or None, two rows
        claim, unit, instance, vcpus, usd_per_hour, then value, low, high (median and 95 % interval at the efficiencies
        seen on two threads), efficiency_low and efficiency_high (at which the median processor time would give the
        region's upper and lower end), reachable (whether one of these is at most 1), seen_low and seen_high (least and
        most efficiency seen). None where no machine in the table holds the proof.
    """
    machine = machine_by_rule(prediction, machine_prices, on=v2.as_of)
    if machine is None:
        return None
    wall = wall_on(prediction, int(machine["vcpus"]))
    all_busy = prediction.cpu.value / machine["vcpus"]
    rows = []
    for claim, unit, per_second in ((v1, "s", 1.0), (v2, "USD", machine["usd_per_hour"] / SECONDS_PER_HOUR)):
        least, most = (all_busy * per_second / end for end in (claim.regions[0].right, claim.regions[0].left))
        rows.append(
            {
                "claim": claim.id,
                "unit": unit,
                **machine[["instance", "vcpus", "usd_per_hour"]],
                **{end: getattr(wall, end) * per_second for end in ("value", "low", "high")},
                "efficiency_low": least,
                "efficiency_high": most,
                "reachable": bool(least <= 1),
                "seen_low": min(prediction.efficiency),
                "seen_high": max(prediction.efficiency),
            }
        )
    return pd.DataFrame(rows)


def assess_v2(claim: Claim, *, zk_published: pd.DataFrame, machine_prices: pd.DataFrame) -> Finding:
    """Median cost over the systems of V1 whose hardware is stated.

    Parameters
    ----------
    claim : Claim
        V2.
    zk_published, machine_prices : DataFrame
        The tables of those names.

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
        nearest_true=HOLDS if value in claim.regions[0] else nearest(explored, "USD", needed(claim)),
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


def needed(claim: Claim) -> str:
    """What one published proof would have to be for the claim to hold for it, in words.

    Parameters
    ----------
    claim : Claim
        V2.
    """
    usd = claim.regions[0]
    low, high = (end * SECONDS_PER_HOUR / ASSERTED_SECONDS for end in (usd.left, usd.right))
    time = quantity(ASSERTED_SECONDS, "s")
    return f"a published proof of {time} on a machine of {low:.4g} to {high:.4g} USD an hour would cost as much"
