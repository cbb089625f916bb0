"""Measured inference throughput of GPUs, for prices per token and tails of latency."""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa

from analysis.engine.data.columns import (
    AT_LEAST_ONE,
    DATE,
    FILLED,
    FLAG,
    INTEGER,
    NUMBER,
    POSITIVE,
    STATED,
    TEXT,
    Table,
    choice,
    column,
    in_order,
)
from analysis.tables.gpu import FORM_FACTORS

#: What a benchmark counts: generated tokens, or whole samples of the same data set.
OUTPUTS = ("tokens", "samples")
TEST_PRECISIONS = ("day", "year")
YEAR = pa.Check.in_range(2009, 2100, error="a year from 2009")


def _day_where_known(frame: pd.DataFrame) -> pd.Series:
    return frame["observed_on"].notna() == (frame["date_precision"] == "day")


def _day_in_year(frame: pd.DataFrame) -> pd.Series:
    return frame["observed_on"].isna() | (frame["observed_on"].dt.year == frame["year"])


def _total_covers_output(frame: pd.DataFrame) -> pd.Series:
    return ~(frame["total_tokens_per_s"] < frame["output_per_s"])


GPU_THROUGHPUT = Table(
    name="gpu_throughput",
    title="Measured inference throughput of GPUs",
    description="One row per run of an inference benchmark on one kind of GPU, with its tails of latency.",
    rules=(
        "vLLM runs: every result file of the io.net foundation's benchmark, 200 prompts of ShareGPT at a fixed rate of "
        "requests; output tokens per second of the whole system. Below the rate that a GPU can serve, the rate decides "
        "and not the GPU. Where one setting has two runs, run tells them apart; both are kept.",
        "MLPerf, offline: requests_per_s is blank, since all are there from the start. Figures are as secondary pages "
        "give them, some in samples and some in tokens per second; doubtful marks an entry that the compiler of the "
        "facts doubts to have been submitted in that round, and one that was not verified.",
        "Runs over mixed or uncounted GPUs are left out: nothing per GPU follows from them.",
        "form_factor is 'single' for models made in one form only.",
        "vendor is yes where who sells the GPU or the machine time measured it.",
    ),
    schema=pa.DataFrameSchema(
        {
            "model": column(TEXT, "network that was run", FILLED),
            "benchmark": column(TEXT, "benchmark with its version", FILLED),
            "gpu_model": column(TEXT, "GPU with its memory", FILLED),
            "form_factor": column(TEXT, "form of the GPU", choice(FORM_FACTORS[:-1])),
            "gpu_count": column(INTEGER, "GPUs in the system", AT_LEAST_ONE, unit="count"),
            "requests_per_s": column(
                NUMBER, "rate of requests; blank where all come at once", POSITIVE, unit="1/s", nullable=True
            ),
            "run": column(INTEGER, "which run of the same setting", AT_LEAST_ONE),
            "output": column(TEXT, "what the next column counts", choice(OUTPUTS)),
            "output_per_s": column(NUMBER, "output of the whole system per second", POSITIVE, unit="output/s"),
            "total_tokens_per_s": column(
                NUMBER, "tokens read and written per second", POSITIVE, unit="tokens/s", nullable=True
            ),
            "ttft_mean_ms": column(NUMBER, "time to first token, mean", POSITIVE, unit="ms", nullable=True),
            "ttft_p50_ms": column(NUMBER, "time to first token, median", POSITIVE, unit="ms", nullable=True),
            "ttft_p99_ms": column(NUMBER, "time to first token, 99th percentile", POSITIVE, unit="ms", nullable=True),
            "ttft_std_ms": column(
                NUMBER, "time to first token, standard deviation", POSITIVE, unit="ms", nullable=True
            ),
            "tpot_p50_ms": column(NUMBER, "time per output token, median", POSITIVE, unit="ms", nullable=True),
            "tpot_p99_ms": column(NUMBER, "time per output token, 99th percentile", POSITIVE, unit="ms", nullable=True),
            "observed_on": column(DATE, "day of the run; blank where not known to the day", nullable=True),
            "date_precision": column(TEXT, "how far the date is known", choice(TEST_PRECISIONS)),
            "year": column(INTEGER, "year of the run or of the round", YEAR),
            "vendor": column(TEXT, "whether a seller of the GPU or of its time measured it", choice(STATED)),
            "doubtful": column(FLAG, "whether the entry is in doubt; such rows enter no estimate"),
            "remark": column(TEXT, "what to know before using it"),
            "source_id": column(TEXT, "source", FILLED),
        },
        checks=[
            in_order("ttft_p50_ms", "ttft_p99_ms"),
            in_order("tpot_p50_ms", "tpot_p99_ms"),
            pa.Check(_day_where_known, error="observed_on filled exactly where date_precision is day", name="day"),
            pa.Check(_day_in_year, error="observed_on in the year of the column year", name="day_in_year"),
            pa.Check(_total_covers_output, error="total_tokens_per_s at least output_per_s", name="total"),
        ],
        unique=["model", "benchmark", "gpu_model", "form_factor", "gpu_count", "requests_per_s", "run"],
        strict=True,
    ),
    references={"gpu_model": ("gpu_models", "gpu_model"), "source_id": ("sources", "source_id")},
)
GpuThroughput = Annotated[pd.DataFrame, GPU_THROUGHPUT]
