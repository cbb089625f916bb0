"""When rented capacity was there and when it was not."""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa

from analysis.engine.data.columns import (
    AT_LEAST_ONE,
    DATE,
    FILLED,
    FLAG,
    INTEGER,
    NOT_NEGATIVE,
    NUMBER,
    POSITIVE,
    TEXT,
    Table,
    choice,
    column,
)

TRACE = ["trace_start", "zone", "gpu_model", "gpus_per_node"]
#: Rounding of the source's hours, to four digits, on both ends of a run.
SLACK_HOURS = 2e-4


def _adjoins(frame: pd.DataFrame) -> pd.Series:
    """Whether each run begins where the one before it in its trace ends; the first of a trace begins at 0."""
    ordered = frame.sort_values([*TRACE, "run_start_hours"], kind="stable")
    end = (ordered["run_start_hours"] + ordered["run_length_hours"]).groupby([ordered[key] for key in TRACE]).shift()
    return ((ordered["run_start_hours"] - end.fillna(0)).abs() <= SLACK_HOURS).reindex(frame.index)


def _alternates(frame: pd.DataFrame) -> pd.Series:
    """Whether each run is of the other kind than the one before it in its trace."""
    ordered = frame.sort_values([*TRACE, "run_start_hours"], kind="stable")
    before = ordered.groupby(TRACE)["available"].shift()
    return (before.isna() | (before != ordered["available"])).reindex(frame.index)


SPOT_RUNS = Table(
    name="spot_runs",
    title="Runs of available and unavailable spot capacity",
    description="One row for each unbroken run in which a spot node of AWS could, or could not, be had in one zone.",
    rules=(
        "Seventeen traces of the study 'Can't Be Late' (NSDI 2024), all its single-node availability traces: four in "
        "each of two zones from 2022-10-26, nine zones from 2023-02-15. Equal neighbouring ticks are one run.",
        "A trace says whether capacity was there when asked for, about every ten minutes. It is not the life of one "
        "instance: changes between two looks are not seen, and a running instance may outlive an unsuccessful request.",
        "Hours from the start of the trace, to four digits. The first and the last run are cut by the trace's ends.",
        "gpus_per_node as the source states it; the node is taken or lost as a whole. Memory by the instance types, p3 "
        "and p2.",
    ),
    schema=pa.DataFrameSchema(
        {
            "trace_start": column(DATE, "first day of the trace"),
            "zone": column(TEXT, "availability zone", FILLED),
            "gpu_model": column(TEXT, "GPU", choice(("V100-16GB", "K80-12GB"))),
            "gpus_per_node": column(INTEGER, "GPUs of the node", AT_LEAST_ONE, unit="count"),
            "run_start_hours": column(NUMBER, "start of the run after that of the trace", NOT_NEGATIVE, unit="h"),
            "run_length_hours": column(NUMBER, "length of the run", POSITIVE, unit="h"),
            "available": column(FLAG, "whether a node could be had"),
            "source_id": column(TEXT, "source", FILLED),
        },
        checks=[
            pa.Check(_adjoins, error="a run that begins where the one before it ends", name="adjoins"),
            pa.Check(_alternates, error="a run of the other kind than the one before it", name="alternates"),
        ],
        unique=[*TRACE, "run_start_hours"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
)
SpotRuns = Annotated[pd.DataFrame, SPOT_RUNS]
