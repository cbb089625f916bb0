"""Tails of latency on one network, and what they cannot tell apart: the hardware from the network."""

import pandas as pd

from analysis.engine.words.formats import many, number, quantity
from analysis.tables.gpu_throughput import GpuThroughput

#: The two GPUs that the io.net foundation ran one of.
CONSUMER, DATA_CENTRE = "RTX4090-24GB", "H100-80GB"


def tails(gpu_throughput: GpuThroughput) -> pd.DataFrame:
    """Tails of the time to the first token of two GPUs on one network, at the same model and rate of requests.

    The network is the same on both sides of a pair, so that the ratio of the tails is the hardware's (and what goes
    with it, such as how near to its limit the GPU was), not the network's: it is what a comparison of a consumer GPU on
    a network with a data-centre GPU at a hyperscaler would wrongly put down to the network. A run has 200 prompts, so
    that a 99th percentile rests on its two slowest. Only runs on one GPU with both percentiles count, the mean of
    repeated runs once.

    Returns
    -------
    DataFrame, one row a model and rate
        `model`, `requests_per_s`, `tail_consumer`, `tail_data_centre` (99th percentile over median), `ratio`.
    """
    one = gpu_throughput[(gpu_throughput["gpu_count"] == 1) & gpu_throughput["ttft_p99_ms"].notna()]
    one = one.assign(tail=one["ttft_p99_ms"] / one["ttft_p50_ms"])
    wide = one.pivot_table(index=["model", "requests_per_s"], columns="gpu_model", values="tail", aggfunc="mean")
    wide = wide.reindex(columns=[CONSUMER, DATA_CENTRE]).dropna()
    named = wide.set_axis(["tail_consumer", "tail_data_centre"], axis=1)
    return named.assign(ratio=named.iloc[:, 0] / named.iloc[:, 1]).reset_index()


def by_model(found: pd.DataFrame) -> pd.DataFrame:
    """The ratio of `tails` by language model, over the rates of requests.

    Returns
    -------
    DataFrame
        `model` (without its publisher), `rates` (how many), `low`, `median`, `high` (of the ratio over rates: their
        range, no interval of an estimate).

    Examples
    --------
    >>> rows = {"model": ["x/a"] * 3, "requests_per_s": [1.0, 2.0, 4.0], "ratio": [1.0, 3.0, 2.0]}
    >>> by_model(pd.DataFrame(rows)).to_dict("records")
    [{'model': 'a', 'rates': 3, 'low': 1.0, 'median': 2.0, 'high': 3.0}]
    """
    names = found["model"].str.rpartition("/")[2].rename("model")
    ratio = found["ratio"].groupby(names)
    return ratio.agg(rates="size", low="min", median="median", high="max").reset_index()


def describe_tails(found: pd.DataFrame) -> str:
    r"""How the `tails` of the two GPUs compare, in a sentence.

    Examples
    --------
    >>> describe_tails(pd.DataFrame({"model": ["a", "b"], "ratio": [2.0, 0.5]})).replace("\xa0", " ")
    'In 1 of 2 pairs over 2 models the consumer GPU has the longer tail; the ratio is 1.25 at the median, 0.5 to 2.'
    """
    if found.empty:
        return "No pair of the two GPUs at the same model and rate."
    ratio = found["ratio"]
    return (
        f"In {number(int((ratio > 1).sum()))} of {many(len(found), 'pair')} over "
        f"{many(found['model'].nunique(), 'model')} the consumer GPU has the longer tail; the ratio is "
        f"{quantity(ratio.median(), '')} at the median, {number(ratio.min())} to {number(ratio.max())}."
    )
