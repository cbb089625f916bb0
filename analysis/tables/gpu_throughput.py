"""Measured inference throughput of GPUs, for prices per token and tails of latency."""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa

from analysis.engine.data import columns as c
from analysis.tables.gpu import FORM_FACTORS

#: What a benchmark counts: generated tokens, or whole samples of the same data set.
OUTPUTS = ("tokens", "samples")
YEAR = pa.Check.in_range(2009, 2100, error="a year from 2009")


GPU_THROUGHPUT = c.Table(
    name="gpu_throughput",
    columns={
        "model": c.text("network that was run"),
        "benchmark": c.text("benchmark with its version"),
        "gpu_model": c.text("GPU with its memory", refers=("gpu_models", "gpu_model")),
        "form_factor": c.choice("form of the GPU", FORM_FACTORS[:-1]),
        "gpu_count": c.count("GPUs in the system"),
        "requests_per_s": c.number("rate of requests; blank where all come at once", "1/s", c.POSITIVE, blank=True),
        "run": c.integer("which run of the same setting", None, c.AT_LEAST_ONE),
        "output": c.choice("what the next column counts", OUTPUTS),
        "output_per_s": c.number("output of the whole system per second", "output/s", c.POSITIVE),
        "total_tokens_per_s": c.number("tokens read and written per second", "tokens/s", c.POSITIVE, blank=True),
        "ttft_mean_ms": c.number("time to first token, mean", "ms", c.POSITIVE, blank=True),
        "ttft_p50_ms": c.number("time to first token, median", "ms", c.POSITIVE, blank=True),
        "ttft_p99_ms": c.number(
            "time to first token, 99th percentile", "ms", c.POSITIVE, blank=True, after="ttft_p50_ms"
        ),
        "ttft_std_ms": c.number("time to first token, standard deviation", "ms", c.POSITIVE, blank=True),
        "tpot_p50_ms": c.number("time per output token, median", "ms", c.POSITIVE, blank=True),
        "tpot_p99_ms": c.number(
            "time per output token, 99th percentile", "ms", c.POSITIVE, blank=True, after="tpot_p50_ms"
        ),
        "observed_on": c.date("day of the run; blank where not known to the day", blank=True),
        "date_precision": c.choice("how far the date is known", ("day", "year")),
        "year": c.integer("year of the run or of the round", None, YEAR),
        "vendor": c.choice("whether a seller of the GPU or of its time measured it", c.STATED),
        "doubtful": c.flag("whether the entry is in doubt; such rows enter no estimate"),
        **c.REMARKED,
    },
    key=("model", "benchmark", "gpu_model", "form_factor", "gpu_count", "requests_per_s", "run"),
)
GpuThroughput = Annotated[pd.DataFrame, GPU_THROUGHPUT]


@GPU_THROUGHPUT.rule("observed_on filled exactly where date_precision is day")
def _day_where_known(frame: pd.DataFrame) -> pd.Series:
    return frame["observed_on"].notna() == (frame["date_precision"] == "day")


@GPU_THROUGHPUT.rule("observed_on in the year of the column year")
def _day_in_year(frame: pd.DataFrame) -> pd.Series:
    return frame["observed_on"].isna() | (frame["observed_on"].dt.year == frame["year"])


@GPU_THROUGHPUT.rule("total_tokens_per_s at least output_per_s")
def _total_covers_output(frame: pd.DataFrame) -> pd.Series:
    return ~(frame["total_tokens_per_s"] < frame["output_per_s"])
