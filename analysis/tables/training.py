"""Tables on training over the internet: runs, and the links that machines are joined by."""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa

from analysis.engine.data.columns import (
    AT_LEAST_ONE,
    DATE,
    FILLED,
    NUMBER,
    POSITIVE,
    STATED,
    TEXT,
    Table,
    choice,
    column,
    in_order,
)

RUN_KINDS = ("pre-training", "post-training", "survey")
#: Whether training ran over the internet; partly where only the roll-outs of reinforcement learning did.
SPREAD = ("yes", "partly", "no")
OWNERS = ("independent", "one", "not stated")
RUN_PUBLISHED_BY = ("authors", "others")
LINK_KINDS = ("data centre", "household")

PARAMETERS = pa.Check.in_range(1e6, 1e14, error="a number of parameters (1e6 to 1e14)")
TOKENS_TRAINED = pa.Check.in_range(1e6, 1e16, error="a number of tokens (1e6 to 1e16)")
FLOP = pa.Check.in_range(1e15, 1e30, error="a training compute in FLOP (1e15 to 1e30)")
BITS_PER_S = pa.Check.in_range(1e5, 1e14, error="a bandwidth in bits per second (1e5 to 1e14)")
PART = pa.Check.in_range(0, 1, include_min=False, error="a share, above 0 and at most 1")


def _active_fit(frame: pd.DataFrame) -> pd.Series:
    both_or_none = frame["params"].isna() == frame["active_params"].isna()
    return both_or_none & ~(frame["active_params"] > frame["params"])


def _of_known_run(frame: pd.DataFrame) -> pd.Series:
    return (frame["of_run"] == "") | (frame["of_run"].isin(frame["run_id"]) & (frame["of_run"] != frame["run_id"]))


def _partly_by_rollouts(frame: pd.DataFrame) -> pd.Series:
    return (frame["decentralised"] != "partly") | (frame["kind"] == "post-training")


def _number(description: str, check: pa.Check, unit: str) -> pa.Column:
    return column(NUMBER, description, check, unit=unit, nullable=True)


TRAINING_RUNS = Table(
    name="training_runs",
    title="Training runs over the internet, and frontier runs beside them",
    description="One row per published training run, measurement within one, or survey, with what its source states.",
    rules=(
        "A blank was not stated or could not be read. Nothing is filled in from what is known elsewhere.",
        "of_run names the run that a row is a measurement within or a requirement of; such rows are no runs.",
        "decentralised: yes where the training itself ran on machines joined by ordinary internet links, partly where "
        "only the roll-outs of reinforcement learning did, no for a cluster and for simulated links.",
        "owners: independent where the source says that several parties who do not belong together, or anybody, gave "
        "the machines; one where they belong to, or were rented by, one party.",
        "completed: yes where a final result is published; no where the source itself is of an unfinished state.",
        "published_from and published_to are the first and the last day that the stated date allows; a year that was "
        "not over then ends on the day of retrieval.",
        "active_params are the parameters that each token uses: fewer than params in a mixture of experts.",
        "tokens_disputed is a count that another source calls unverified; no verdict rests on it.",
        "compute_share is the share of wall time spent computing and not communicating; mfu is the share of the GPUs' "
        "peak. They are different things and are never compared.",
        "compression is how many times shorter one exchange is than all parameters in 32 bits (4 where they are "
        "exchanged in 8). reduction is how many times less is exchanged than at every step, as stated in total; where "
        "it is blank, compression times inner_steps is what follows.",
        "Bandwidths are of one participant; for clusters, of one GPU between servers.",
    ),
    schema=pa.DataFrameSchema(
        {
            "run_id": column(TEXT, "identifier", FILLED),
            "run": column(TEXT, "name", FILLED),
            "of_run": column(TEXT, "run that the row is a measurement within"),
            "organisation": column(TEXT, "who ran or surveyed it"),
            "kind": column(TEXT, "what was done", choice(RUN_KINDS)),
            "decentralised": column(TEXT, "whether it ran over ordinary internet links", choice(SPREAD)),
            "owners": column(TEXT, "whose machines they were", choice(OWNERS)),
            "completed": column(TEXT, "whether it was completed", choice(STATED)),
            "published_from": column(DATE, "first day on which it can have been published"),
            "published_to": column(DATE, "last day on which it can have been published"),
            "params": _number("parameters", PARAMETERS, "count"),
            "active_params": _number("parameters that each token uses", PARAMETERS, "count"),
            "tokens": _number("tokens trained on", TOKENS_TRAINED, "count"),
            "tokens_disputed": _number("a count called unverified elsewhere", TOKENS_TRAINED, "count"),
            "flop_low": _number("training compute as stated, at least", FLOP, "FLOP"),
            "flop_high": _number("training compute as stated, at most", FLOP, "FLOP"),
            "participants": _number("participants at once, at most", AT_LEAST_ONE, "count"),
            "gpus": _number("GPUs at once, at most", AT_LEAST_ONE, "count"),
            "gpus_per_participant": _number("GPUs of one participant, at least", AT_LEAST_ONE, "count"),
            "gpu_model": column(TEXT, "GPU as stated"),
            "down_bits_per_s": _number("bandwidth downwards", BITS_PER_S, "bit/s"),
            "up_bits_per_s": _number("bandwidth upwards", BITS_PER_S, "bit/s"),
            "reduction_low": _number("how many times less is exchanged, at least", AT_LEAST_ONE, "ratio"),
            "reduction_high": _number("how many times less is exchanged, at most", AT_LEAST_ONE, "ratio"),
            "compression": _number("how many times shorter one exchange is", AT_LEAST_ONE, "ratio"),
            "inner_steps": _number("steps between exchanges", AT_LEAST_ONE, "count"),
            "tokens_per_participant_step": _number("tokens of a participant in a step", AT_LEAST_ONE, "count"),
            "received_bytes_per_step": _number("received by a participant in a step", POSITIVE, "bytes"),
            "communication_s": _number("time of one exchange", POSITIVE, "s"),
            "round_s": _number("time from exchange to exchange", POSITIVE, "s"),
            "tokens_per_s": _number("tokens of the whole run in a second", POSITIVE, "count per s"),
            "compute_share_low": _number("share of wall time spent computing, at least", PART, "fraction"),
            "compute_share_high": _number("share of wall time spent computing, at most", PART, "fraction"),
            "mfu_low": _number("share of the GPUs' peak, at least", PART, "fraction"),
            "mfu_high": _number("share of the GPUs' peak, at most", PART, "fraction"),
            "wall_days": _number("duration", POSITIVE, "days"),
            "method": column(TEXT, "how the machines worked together", FILLED),
            "by": column(TEXT, "who published what the row says", choice(RUN_PUBLISHED_BY)),
            "remark": column(TEXT, "what to know before using it"),
            "source_id": column(TEXT, "source", FILLED),
        },
        checks=[
            in_order("published_from", "published_to"),
            *(in_order(f"{what}_low", f"{what}_high") for what in ("flop", "reduction", "compute_share", "mfu")),
            pa.Check(_active_fit, error="active_params at most params, and filled where they are", name="active"),
            pa.Check(_of_known_run, error="of_run blank or another row's run_id", name="of_known_run"),
            pa.Check(_partly_by_rollouts, error="partly only for post-training", name="partly"),
        ],
        unique=["run_id"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
)
TrainingRuns = Annotated[pd.DataFrame, TRAINING_RUNS]

INTERCONNECTS = Table(
    name="interconnects",
    title="Links between machines",
    description="Bandwidth of links inside data centres and of household connections, as published.",
    rules=(
        "In each direction. Bandwidths of data centres are of one GPU.",
        "observed_from and observed_to are the first and the last day that the stated date allows.",
    ),
    schema=pa.DataFrameSchema(
        {
            "interconnect_id": column(TEXT, "identifier", FILLED),
            "interconnect": column(TEXT, "link", FILLED),
            "kind": column(TEXT, "where it is", choice(LINK_KINDS)),
            "observed_from": column(DATE, "first day that the date allows"),
            "observed_to": column(DATE, "last day that the date allows"),
            "down_bits_per_s": column(NUMBER, "bandwidth downwards", BITS_PER_S, unit="bit/s"),
            "up_bits_per_s": column(NUMBER, "bandwidth upwards", BITS_PER_S, unit="bit/s"),
            "latency_ms": _number("latency", POSITIVE, "ms"),
            "remark": column(TEXT, "what to know before using it"),
            "source_id": column(TEXT, "source", FILLED),
        },
        checks=[in_order("observed_from", "observed_to")],
        unique=["interconnect_id"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
)
Interconnects = Annotated[pd.DataFrame, INTERCONNECTS]
