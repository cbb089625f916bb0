"""Claim V3: the inference itself, without a proof: its time, measured here, and its cost."""

import numpy as np
import pandas as pd

from analysis.engine.claims import Claim, Estimate, Finding, asserted_figure
from analysis.engine.claims.judge import judge
from analysis.engine.multiverse import Question, meaning, pointwise
from analysis.engine.words.formats import many, number
from analysis.tables.machines import MachinePrices
from analysis.tables.proving import GpuInference, ZkInference
from analysis.verifiable_ai.machines import SECONDS_PER_HOUR, Needs, cheapest
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

#: Tokens of an input, and what stands for the runs of our measurement, by V3's options.
TOKENS = {"1 token": 1, "1024 tokens": LONGEST}
RUNS = {"median": pd.Series.median, "slowest": pd.Series.max}


def share(seconds: float | pd.Series, usd_per_hour: float | pd.Series) -> float | pd.Series:
    """The larger of time over `BOUND_S` and cost over `BOUND_USD`, for a price of the machine; NaN without one.

    Examples
    --------
    >>> share(pd.Series([0.012, 0.012]), pd.Series([0.25, 36_000.0])).tolist()
    [0.012, 12.0]
    """
    cost = seconds / SECONDS_PER_HOUR * usd_per_hour
    return np.maximum(seconds / BOUND_S, cost / BOUND_USD)


def break_even_price(seconds: float) -> float:
    """Price of a machine, USD per hour, at which one inference of so many seconds costs `BOUND_USD`.

    Examples
    --------
    >>> break_even_price(0.012)
    3000.0
    """
    return BOUND_USD * SECONDS_PER_HOUR / seconds


def quiet_sessions(zk_inference: ZkInference) -> tuple[int, ...]:
    """Sessions whose first run found an idle processor: its load is below `QUIET_LOAD`.

    Other programs lengthen the wall time of a run. The load of the first run says whether there were any, before our
    own runs add to it; which sessions count is decided by it and never by the times.
    """
    first = zk_inference.sort_values("measured_at", kind="stable").groupby("session")["load"].first()
    return tuple(int(session) for session in first.index[first < QUIET_LOAD])


def runs_of(zk_inference: ZkInference, *, tokens: int, threads: int = THREADS) -> pd.Series:
    """Seconds of the runs of GPT-2's shape at an input length, of all quiet sessions together."""
    t = zk_inference[zk_inference["session"].isin(quiet_sessions(zk_inference))]
    exact = t["params"] == parameters(GPT2_READING_IDS)
    return t.loc[exact & (t["tokens"] == tokens) & (t["threads"] == threads), "seconds"]


def sessions(zk_inference: ZkInference) -> pd.DataFrame:
    """What each session measured on `THREADS` threads, and whether it counts.

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


def summary(zk_inference: ZkInference, machine_prices: MachinePrices, claim: Claim) -> pd.DataFrame:
    """Time and cost of one inference over the runs of all quiet sessions, by input length and threads.

    Returns
    -------
    DataFrame, one row a length and number of threads
        `tokens`, `threads`, `counts` (whether V3 rests on it), `sessions`, `runs`, `median_s`, `low_s`, `high_s` (2.5th
        and 97.5th percentile), `slowest_s`, `cpu_s` (median processor time), `usd_per_hour` (the price of V3's
        definition; NaN without one), `usd`, `share` (of the bound, of the median), `break_even_usd_per_hour`.
    """
    price = _price(zk_inference, machine_prices, claim)
    hourly = np.nan if price is None else float(price["usd_per_hour"])
    runs = zk_inference[zk_inference["session"].isin(quiet_sessions(zk_inference))].groupby(["tokens", "threads"])
    found = runs.agg(
        sessions=("session", "nunique"),
        runs=("seconds", "size"),
        median_s=("seconds", "median"),
        low_s=("seconds", lambda some: some.quantile(INTERVAL[0])),
        high_s=("seconds", lambda some: some.quantile(INTERVAL[1])),
        slowest_s=("seconds", "max"),
        cpu_s=("cpu_seconds", "median"),
    ).reset_index()
    found.insert(2, "counts", found["threads"] == THREADS)
    middle = found["median_s"]
    return found.assign(
        usd_per_hour=hourly,
        usd=middle / SECONDS_PER_HOUR * hourly,
        share=share(middle, hourly),
        break_even_usd_per_hour=break_even_price(middle),
    )


def on_gpu(gpu_inference: GpuInference, machine_prices: MachinePrices, claim: Claim) -> pd.DataFrame:
    """Cost of every inference that others timed on a GPU, or the reason why it has none.

    Returns
    -------
    DataFrame, rows of `gpu_inference` by time
        With `usd_per_hour` (of the cheapest hyperscaler instance, on demand, with at least the GPU), `usd`, `share` (of
        the bound; NaN without a price), `reason` (why it cannot be compared, else empty).
    """
    table = gpu_inference.sort_values(["seconds", "gpu_inference_id"], ignore_index=True)
    found = {gpu: cheapest(machine_prices, Needs(gpu_model=gpu), on=claim.as_of) for gpu in set(table["gpu_model"])}
    prices = {gpu: np.nan if price is None else price["usd_per_hour"] for gpu, price in found.items()}
    hourly = table["gpu_model"].map(prices).astype(float)
    return table.assign(
        usd_per_hour=hourly,
        usd=table["seconds"] / SECONDS_PER_HOUR * hourly,
        share=share(table["seconds"], hourly),
        reason=np.select([table["tokens"].isna(), hourly.isna()], ["input length not stated", "no price"], ""),
    )


def share_on_gpu(priced: pd.DataFrame, *, tokens: int) -> float:
    """Median share over what `on_gpu` has at an input length and has a price; NaN without one.

    Each engine and precision of a publication is a value. A pass over one token may have up to `NEAR_ONE` earlier ones
    in its cache, which is the least that was published: they make it longer, not shorter.
    """
    same = priced[(priced["tokens"] == tokens) & (priced["cached_tokens"] <= NEAR_ONE) & (priced["reason"] == "")]
    return float(same["share"].median())


def _price(zk_inference: ZkInference, machine_prices: MachinePrices, claim: Claim) -> pd.Series | None:
    if zk_inference.empty:
        return None
    own = zk_inference[["cores", "memory_gib"]].max().astype(float)
    return cheapest(machine_prices, Needs(vcpus=own["cores"], memory_gib=own["memory_gib"]), on=claim.as_of)


def question_v3(
    claim: Claim, *, zk_inference: ZkInference, gpu_inference: GpuInference, machine_prices: MachinePrices
) -> Question:
    """V3, as a share of its bound.

    A publication gives one figure, a mean or a median of its runs. It stands for either run, and counts once.
    """
    price = _price(zk_inference, machine_prices, claim)
    published = on_gpu(gpu_inference, machine_prices, claim)

    def measured(tokens: int, run: str) -> float:
        seconds = runs_of(zk_inference, tokens=tokens)
        if len(seconds) < LEAST_RUNS or price is None:
            return np.nan
        return share(meaning(claim, "run", run, RUNS)(seconds), price["usd_per_hour"])

    sources = {
        "our measurement": measured,
        "published throughput on a GPU": lambda tokens, run: share_on_gpu(published, tokens=tokens),
    }

    def of(input: str, run: str, source: str) -> float:
        return meaning(claim, "source", source, sources)(meaning(claim, "input", input, TOKENS), run)

    return Question(claim, pointwise(of))


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
    value = float(share(seconds.median(), usd_per_hour))
    low, high = (float(share(seconds.quantile(q), usd_per_hour)) for q in INTERVAL)
    rows = zk_inference.loc[seconds.index]
    quiet = many(rows["session"].nunique(), "quiet session")
    question = question_v3(claim, zk_inference=zk_inference, gpu_inference=gpu_inference, machine_prices=machine_prices)
    faster = f"{value / claim.regions[0].right:.3g} times faster or cheaper"
    return Finding(
        level=5,
        basis="measurement",
        estimate=Estimate(
            value=value,
            low=low,
            high=high,
            unit="share of bound",
            n=len(seconds),
            interval_of=f"runs of {quiet} together, from the 2.5th to the 97.5th percentile",
            method=(
                f"median of {len(seconds)} runs of one token on {THREADS} threads, "
                f"at {number(usd_per_hour)} USD per hour ({price['instance']})"
            ),
        ),
        observed_on=pd.to_datetime(rows["measured_at"]).max().date(),
        **question.answered(value, f"the median run would have to be more than {faster}"),
    )


def leave_session_out(
    claim: Claim, *, zk_inference: ZkInference, gpu_inference: GpuInference, machine_prices: MachinePrices
) -> pd.DataFrame:
    """V3 without each quiet session in turn, as of the claim's date.

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
