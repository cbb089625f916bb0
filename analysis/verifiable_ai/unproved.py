"""Claim V3: the inference itself, without a proof: its time, measured here, and its cost."""

import numpy as np
import pandas as pd

from analysis.claims import Claim, Estimate, Finding, asserted_figure
from analysis.formats import number
from analysis.multiverse import Factor, Multiverse, explore, inside, pointwise
from analysis.verifiable_ai.cost import GB_PER_GIB, SECONDS_PER_HOUR, Needs, cheapest
from analysis.verifiable_ai.shapes import GPT2_READING_IDS, parameters

#: What the claim's bound of 1 is a share of: "milliseconds" and "fractions of a cent".
BOUND_S = 1.0
BOUND_USD = 0.01
#: The definition's longest input, its threads and its fewest runs.
LONGEST = 1024
THREADS = 2
LEAST_RUNS = 20
INTERVAL = (0.025, 0.975)

ONE_TOKEN, FULL = "1 token", f"{LONGEST} tokens"
MEDIAN, SLOWEST = "median", "slowest"
MEASURED, PUBLISHED = "our measurement", "published throughput on a GPU"
#: The definitions of V3's question; the primary option of each is that of the claim.
FACTORS = (
    Factor("input", (ONE_TOKEN, FULL), ONE_TOKEN),
    Factor("run", (MEDIAN, SLOWEST), MEDIAN),
    Factor("source", (MEASURED, PUBLISHED), MEASURED),
)
TOKENS = {ONE_TOKEN: 1, FULL: LONGEST}


def share(seconds: float, usd_per_hour: float) -> float:
    """The larger of time over `BOUND_S` and cost over `BOUND_USD`.

    Parameters
    ----------
    seconds : float
    usd_per_hour : float
        Price of the machine.

    Examples
    --------
    >>> share(0.012, 0.25), share(0.012, 36_000.0)
    (0.012, 12.0)
    """
    cost = seconds / SECONDS_PER_HOUR * usd_per_hour
    return max(seconds / BOUND_S, cost / BOUND_USD)


def break_even_price(seconds: float) -> float:
    """Price of a machine, USD per hour, at which one inference of so many seconds costs `BOUND_USD`.

    Examples
    --------
    >>> break_even_price(0.012)
    3000.0
    """
    return BOUND_USD * SECONDS_PER_HOUR / seconds


def runs_of(zk_inference: pd.DataFrame, *, tokens: int, threads: int = THREADS) -> pd.Series:
    """Seconds of the runs of GPT-2's shape at an input length, in their order, of the session of least mean load."""
    t = zk_inference[zk_inference["session"] == quietest(zk_inference)]
    exact = t["params"] == parameters(GPT2_READING_IDS)
    return t.loc[exact & (t["tokens"] == tokens) & (t["threads"] == threads), "seconds"]


def quietest(zk_inference: pd.DataFrame) -> int:
    """Session of least mean load; 0 where there is none.

    Other programs lengthen the wall time of a run; which session counts is decided by the load, not by the times.
    """
    if zk_inference.empty:
        return 0
    return int(zk_inference.groupby("session")["load"].mean().idxmin())


def summary(zk_inference: pd.DataFrame, machine_prices: pd.DataFrame, claim: Claim) -> pd.DataFrame:
    """Time and cost of one inference, by input length and threads.

    Parameters
    ----------
    zk_inference, machine_prices : DataFrame
        The tables of those names.
    claim : Claim
        V3, for its date.

    Returns
    -------
    DataFrame, one row a session, length and number of threads
        `session`, `counts` (whether V3 rests on it), `load` (mean), `tokens`, `threads`, `runs`, `median_s`, `low_s`,
        `high_s` (2.5th and 97.5th percentile), `slowest_s`, `cpu_s` (median processor time), `usd_per_hour` (the price
        of V3's definition; NaN without one), `usd`, `share` (of the bound, of the median), `break_even_usd_per_hour`.
    """
    price = _price(zk_inference, machine_prices, claim)
    usd_per_hour = np.nan if price is None else float(price["usd_per_hour"])
    rows = []
    for (session, tokens, threads), some in zk_inference.groupby(["session", "tokens", "threads"]):
        seconds = some["seconds"]
        middle = seconds.median()
        rows.append(
            {
                "session": session,
                "counts": session == quietest(zk_inference) and threads == THREADS,
                "load": some["load"].mean(),
                "tokens": tokens,
                "threads": threads,
                "runs": len(some),
                "median_s": middle,
                "low_s": seconds.quantile(INTERVAL[0]),
                "high_s": seconds.quantile(INTERVAL[1]),
                "slowest_s": seconds.max(),
                "cpu_s": some["cpu_seconds"].median(),
                "usd_per_hour": usd_per_hour,
                "usd": middle / SECONDS_PER_HOUR * usd_per_hour,
                "share": share(middle, usd_per_hour),
                "break_even_usd_per_hour": break_even_price(middle),
            }
        )
    return pd.DataFrame(rows)


def _price(zk_inference: pd.DataFrame, machine_prices: pd.DataFrame, claim: Claim) -> pd.Series | None:
    if zk_inference.empty:
        return None
    own = zk_inference[["cores", "memory_gib"]].max()
    needs = Needs(vcpus=float(own["cores"]), memory_gb=float(own["memory_gib"]) * GB_PER_GIB)
    return cheapest(machine_prices, needs, on=claim.as_of)


def explore_v3(claim: Claim, *, zk_inference: pd.DataFrame, usd_per_hour: float) -> Multiverse:
    """V3 under every admissible definition, as a share of its bound.

    No throughput of a model of GPT-2's size on a GPU is in the data that we compiled (the smallest model there has
    several billion parameters), so that the definitions with one cannot be computed.

    Parameters
    ----------
    claim : Claim
        V3, for its acceptance region.
    zk_inference : DataFrame
        The table of that name.
    usd_per_hour : float
        Price of the machine.
    """

    def of(**options: str) -> float:
        seconds = runs_of(zk_inference, tokens=TOKENS[options["input"]])
        if options["source"] == PUBLISHED or len(seconds) < LEAST_RUNS:
            return np.nan
        return float(share(seconds.median() if options["run"] == MEDIAN else seconds.max(), usd_per_hour))

    return explore(FACTORS, (), pointwise(of), holds=inside(claim.regions[0]))


def assess_v3(claim: Claim, *, zk_inference: pd.DataFrame, machine_prices: pd.DataFrame) -> Finding:
    """The larger share of the two bounds that one inference of one token takes, median of our runs on two threads.

    Parameters
    ----------
    claim : Claim
        V3.
    zk_inference, machine_prices : DataFrame
        The tables of those names.

    Returns
    -------
    Finding
        The interval is of the runs. Nothing can be said, "missing", with fewer than `LEAST_RUNS` runs or without a
        price.

    Raises
    ------
    DataError
        If the claim asserts no share of a bound.
    """
    asserted_figure(claim, "share of bound")
    seconds, price = runs_of(zk_inference, tokens=1), _price(zk_inference, machine_prices, claim)
    if len(seconds) < LEAST_RUNS or price is None:
        return Finding(level=5, basis="measurement", missing="missing")
    usd_per_hour = float(price["usd_per_hour"])
    found = explore_v3(claim, zk_inference=zk_inference, usd_per_hour=usd_per_hour)
    value = float(share(seconds.median(), usd_per_hour))
    low, high = (float(share(seconds.quantile(q), usd_per_hour)) for q in INTERVAL)
    days = pd.to_datetime(zk_inference.loc[seconds.index, "measured_at"])
    return Finding(
        level=5,
        basis="measurement",
        estimate=Estimate(
            value=value,
            low=low,
            high=high,
            unit="share of bound",
            n=len(seconds),
            interval_of="runs on one machine, from the 2.5th to the 97.5th percentile",
            method=(
                f"median of {len(seconds)} runs of one token on {THREADS} threads, "
                f"at {number(usd_per_hour)} USD per hour ({price['instance']})"
            ),
        ),
        observed_on=days.max().date(),
        support=found.support,
        curve=found.curve,
        nearest_true="it holds as it is" if value in claim.regions[0] else found.describe_nearest("share of bound"),
    )
