"""When rented capacity was there and when it was not."""

from typing import Annotated

import pandas as pd

from analysis.engine.data import columns as c

TRACE = ["trace_start", "zone", "gpu_model", "gpus_per_node"]
#: Rounding of the source's hours, to four digits, on both ends of a run.
SLACK_HOURS = 2e-4


SPOT_RUNS = c.Table(
    name="spot_runs",
    columns={
        "trace_start": c.date("first day of the trace"),
        "zone": c.text("availability zone"),
        "gpu_model": c.choice("GPU", ("V100-16GB", "K80-12GB")),
        "gpus_per_node": c.count("GPUs of the node"),
        "run_start_hours": c.number("start of the run after that of the trace", "h", c.NOT_NEGATIVE),
        "run_length_hours": c.number("length of the run", "h", c.POSITIVE),
        "available": c.flag("whether a node could be had"),
        **c.SOURCED,
    },
    key=(*TRACE, "run_start_hours"),
)
SpotRuns = Annotated[pd.DataFrame, SPOT_RUNS]


@SPOT_RUNS.rule("a run that begins where the one before it ends")
def _adjoins(frame: pd.DataFrame) -> pd.Series:
    """Whether each run begins where the one before it in its trace ends; the first of a trace begins at 0."""
    ordered = frame.sort_values([*TRACE, "run_start_hours"], kind="stable")
    end = (ordered["run_start_hours"] + ordered["run_length_hours"]).groupby([ordered[key] for key in TRACE]).shift()
    return ((ordered["run_start_hours"] - end.fillna(0)).abs() <= SLACK_HOURS).reindex(frame.index)


@SPOT_RUNS.rule("a run of the other kind than the one before it")
def _alternates(frame: pd.DataFrame) -> pd.Series:
    """Whether each run is of the other kind than the one before it in its trace."""
    ordered = frame.sort_values([*TRACE, "run_start_hours"], kind="stable")
    before = ordered.groupby(TRACE)["available"].shift()
    return (before.isna() | (before != ordered["available"])).reindex(frame.index)
