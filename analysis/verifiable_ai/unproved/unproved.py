"""Claim V3: the inference itself, without a proof: its time, measured here, and its cost."""

import numpy as np
import pandas as pd

from analysis.engine.claims import Claim, Estimate, Finding, asserted_figure
from analysis.engine.claims.judge import judge
from analysis.engine.multiverse import Factor, Multiverse, explore, inside, pointwise, weighed
from analysis.engine.words.formats import many, number
from analysis.tables.machines import MachinePrices
from analysis.tables.proving import GpuInference, ZkInference
from analysis.verifiable_ai.machines import SECONDS_PER_HOUR, Needs, cheapest
from analysis.verifiable_ai.published.literature import HOLDS, nearest
from analysis.verifiable_ai.shapes import GPT2_READING_IDS, parameters

#: What the claim's bound of 1 is a share of: "milliseconds" and "fractions of a cent".
BOUND_S = 1.0
BOUND_USD = 0.01
#: The definition's longest input, its threads and its fewest runs.
LONGEST = 1024
THREADS = 2
LEAST_RUNS = 20
#: Runnable processes below which a machine has an idle processor. The rule was declared before the sessions of
#: 25 November 2026 were looked at.
QUIET_LOAD = 1.0
#: Earlier tokens in the cache of a published pass that still counts as one of one token.
NEAR_ONE = 4
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


def quiet_sessions(zk_inference: pd.DataFrame) -> tuple[int, ...]:
    """Sessions whose first run found an idle processor: its load is below `QUIET_LOAD`.

    Other programs lengthen the wall time of a run. The load of the first run says whether there were any, before our
    own runs add to it; which sessions count is decided by it and never by the times.

    Parameters
    ----------
    zk_inference : DataFrame
        The table of that name.
    """
    first = zk_inference.sort_values("measured_at", kind="stable").groupby("session")["load"].first()
    return tuple(int(session) for session in first.index[first < QUIET_LOAD])


def runs_of(zk_inference: pd.DataFrame, *, tokens: int, threads: int = THREADS) -> pd.Series:
    """Seconds of the runs of GPT-2's shape at an input length, of all quiet sessions together.

    Parameters
    ----------
    zk_inference : DataFrame
        The table of that name.
    tokens, threads : int
    """
    t = zk_inference[zk_inference["session"].isin(quiet_sessions(zk_inference))]
    exact = t["params"] == parameters(GPT2_READING_IDS)
    return t.loc[exact & (t["tokens"] == tokens) & (t["threads"] == threads), "seconds"]


def sessions(zk_inference: pd.DataFrame) -> pd.DataFrame:
    """What each session measured on `THREADS` threads, and whether it counts.

    Parameters
    ----------
    zk_inference : DataFrame
        The table of that name.

    Returns
    -------
    DataFrame, one row a session
        `session`, `measured_on`, `first_load` (of its first run), `quiet` (whether V3 rests on it), `runs` and
        `one_token_s` (of one token: how many, and their median), `full_runs` and `full_s` (the same of `LONGEST`
        tokens; NaN without one).
    """
    ordered = zk_inference.sort_values("measured_at", kind="stable")
    found = ordered.groupby("session").agg(measured_on=("measured_at", "first"), first_load=("load", "first"))
    found["measured_on"] = pd.to_datetime(found["measured_on"].str[:10])
    found["quiet"] = found.index.isin(quiet_sessions(zk_inference))
    counted = ordered[ordered["threads"] == THREADS]
    for runs, median, tokens in (("runs", "one_token_s", 1), ("full_runs", "full_s", LONGEST)):
        seconds = counted[counted["tokens"] == tokens].groupby("session")["seconds"]
        found[runs] = seconds.size().reindex(found.index, fill_value=0)
        found[median] = seconds.median()
    return found.reset_index()


def summary(zk_inference: pd.DataFrame, machine_prices: pd.DataFrame, claim: Claim) -> pd.DataFrame:
    """Time and cost of one inference over the runs of all quiet sessions, by input length and threads.

    Parameters
    ----------
    zk_inference, machine_prices : DataFrame
        The tables of those names.
    claim : Claim
        V3, for its date.

    Returns
    -------
    DataFrame, one row a length and number of threads
        `tokens`, `threads`, `counts` (whether V3 rests on it), `sessions`, `runs`, `median_s`, `low_s`, `high_s` (2.5th
        and 97.5th percentile), `slowest_s`, `cpu_s` (median processor time), `usd_per_hour` (the price of V3's
        definition; NaN without one), `usd`, `share` (of the bound, of the median), `break_even_usd_per_hour`.
    """
    price = _price(zk_inference, machine_prices, claim)
    usd_per_hour = np.nan if price is None else float(price["usd_per_hour"])
    quiet = zk_inference[zk_inference["session"].isin(quiet_sessions(zk_inference))]
    rows = []
    for (tokens, threads), some in quiet.groupby(["tokens", "threads"]):
        seconds = some["seconds"]
        middle = seconds.median()
        rows.append(
            {
                "tokens": tokens,
                "threads": threads,
                "counts": threads == THREADS,
                "sessions": some["session"].nunique(),
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
    return pd.DataFrame(rows, columns=SUMMARY)


#: Columns of `summary`.
SUMMARY = [
    "tokens", "threads", "counts", "sessions", "runs", "median_s", "low_s", "high_s", "slowest_s", "cpu_s",
    "usd_per_hour", "usd", "share", "break_even_usd_per_hour",
]  # fmt: skip


def on_gpu(gpu_inference: pd.DataFrame, machine_prices: pd.DataFrame, claim: Claim) -> pd.DataFrame:
    """Cost of every inference that others timed on a GPU, or the reason why it has none.

    Parameters
    ----------
    gpu_inference, machine_prices : DataFrame
        The tables of those names.
    claim : Claim
        V3, for its date.

    Returns
    -------
    DataFrame, rows of `gpu_inference` by time
        With `instance` and `usd_per_hour` (of the cheapest hyperscaler instance, on demand, with at least the GPU),
        `usd`, `share` (of the bound; NaN without a price), `reason` (why it cannot be compared, else empty).
    """
    rows = []
    for row in gpu_inference.sort_values(["seconds", "gpu_inference_id"]).to_dict("records"):
        price = cheapest(machine_prices, Needs(gpu_model=row["gpu_model"]), on=claim.as_of)
        hourly = np.nan if price is None else float(price["usd_per_hour"])
        reason = "input length not stated" if np.isnan(row["tokens"]) else "" if price is not None else "no price"
        found = {
            "instance": "" if price is None else price["instance"],
            "usd_per_hour": hourly,
            "usd": row["seconds"] / SECONDS_PER_HOUR * hourly,
            "share": np.nan if price is None else share(row["seconds"], hourly),
            "reason": reason,
        }
        rows.append(row | found)
    return pd.DataFrame(rows, columns=[*gpu_inference.columns, "instance", "usd_per_hour", "usd", "share", "reason"])


def share_on_gpu(priced: pd.DataFrame, *, tokens: int) -> float:
    """Median share over what was published at an input length and has a price; NaN without one.

    Each engine and precision of a publication is a value. A pass over one token may have up to `NEAR_ONE` earlier ones
    in its cache, which is the least that was published: they make it longer, not shorter.

    Parameters
    ----------
    priced : DataFrame
        From `on_gpu`.
    tokens : int
    """
    same = priced[(priced["tokens"] == tokens) & (priced["cached_tokens"] <= NEAR_ONE) & (priced["reason"] == "")]
    return float(same["share"].median())


def _price(zk_inference: pd.DataFrame, machine_prices: pd.DataFrame, claim: Claim) -> pd.Series | None:
    if zk_inference.empty:
        return None
    own = zk_inference[["cores", "memory_gib"]].max()
    needs = Needs(vcpus=float(own["cores"]), memory_gib=float(own["memory_gib"]))
    return cheapest(machine_prices, needs, on=claim.as_of)


def explore_v3(
    claim: Claim, *, zk_inference: pd.DataFrame, gpu_inference: pd.DataFrame, machine_prices: pd.DataFrame
) -> Multiverse:
    """V3 under every admissible definition, as a share of its bound.

    A publication gives one figure, a mean or a median of its runs. It stands for either run, and counts once.

    Parameters
    ----------
    claim : Claim
        V3, for its date and acceptance region.
    zk_inference, gpu_inference, machine_prices : DataFrame
        The tables of those names.

    Raises
    ------
    ValueError
        If our own runs or their price do not allow the primary definition.
    """
    price = _price(zk_inference, machine_prices, claim)
    usd_per_hour = np.nan if price is None else float(price["usd_per_hour"])
    published = on_gpu(gpu_inference, machine_prices, claim)

    def of(**options: str) -> float:
        tokens = TOKENS[options["input"]]
        if options["source"] == PUBLISHED:
            return share_on_gpu(published, tokens=tokens)
        seconds = runs_of(zk_inference, tokens=tokens)
        if len(seconds) < LEAST_RUNS or np.isnan(usd_per_hour):
            return np.nan
        return float(share(seconds.median() if options["run"] == MEDIAN else seconds.max(), usd_per_hour))

    return explore(FACTORS, (), pointwise(of), holds=inside(claim.regions[0]))


def assess_v3(
    claim: Claim, *, zk_inference: ZkInference, gpu_inference: GpuInference, machine_prices: MachinePrices
) -> Finding:
    """The larger share of the two bounds that one inference of one token takes, median of our runs on two threads.

    Returns
    -------
    Finding
        The interval is of the runs of all quiet sessions. Nothing can be said, "missing", with fewer than `LEAST_RUNS`
        runs or without a price.

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
    tables = {"zk_inference": zk_inference, "gpu_inference": gpu_inference, "machine_prices": machine_prices}
    explored = weighed(lambda: explore_v3(claim, **tables))
    value = float(share(seconds.median(), usd_per_hour))
    low, high = (float(share(seconds.quantile(q), usd_per_hour)) for q in INTERVAL)
    rows = zk_inference.loc[seconds.index]
    return Finding(
        level=5,
        basis="measurement",
        estimate=Estimate(
            value=value,
            low=low,
            high=high,
            unit="share of bound",
            n=len(seconds),
            interval_of=(
                f"runs of {many(rows['session'].nunique(), 'quiet session')} together, from the 2.5th to the 97.5th "
                "percentile"
            ),
            method=(
                f"median of {len(seconds)} runs of one token on {THREADS} threads, "
                f"at {number(usd_per_hour)} USD per hour ({price['instance']})"
            ),
        ),
        observed_on=pd.to_datetime(rows["measured_at"]).max().date(),
        support=explored and explored.support,
        curve=explored and explored.curve,
        nearest_true=HOLDS if value in claim.regions[0] else nearest(explored, "share of bound", _needed(claim, value)),
    )


def _needed(claim: Claim, value: float) -> str:
    return f"the median run would have to be more than {value / claim.regions[0].right:.3g} times faster or cheaper"


def leave_session_out(
    claim: Claim, *, zk_inference: pd.DataFrame, gpu_inference: pd.DataFrame, machine_prices: pd.DataFrame
) -> pd.DataFrame:
    """V3 without each quiet session in turn, as of the claim's date.

    Parameters
    ----------
    claim : Claim
        V3.
    zk_inference, gpu_inference, machine_prices : DataFrame
        The tables of those names.

    Returns
    -------
    DataFrame, one row per quiet session, after one with all of them
        `without` (0 in the first row), `value` (share of the bound; NaN where nothing is left), `support` (balanced;
        NaN without one), `label`.
    """
    rows = []
    for session in (0, *quiet_sessions(zk_inference)):
        left = zk_inference[zk_inference["session"] != session]
        found = assess_v3(claim, zk_inference=left, gpu_inference=gpu_inference, machine_prices=machine_prices)
        value = np.nan if found.estimate is None else found.estimate.value
        support = np.nan if found.support is None else found.support.balanced
        rows.append((session, value, support, judge(claim, found, today=claim.as_of).label))
    return pd.DataFrame(rows, columns=["without", "value", "support", "label"])
