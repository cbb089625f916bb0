"""Tables on training over the internet: runs, and the links that machines are joined by."""

from functools import partial
from typing import Annotated

import pandas as pd
import pandera.pandas as pa

from analysis.engine.data import columns as c

#: Whether training ran over the internet; partly where only the roll-outs of reinforcement learning did.
SPREAD = ("yes", "partly", "no")
PARAMETERS = pa.Check.in_range(1e6, 1e14, error="a number of parameters (1e6 to 1e14)")
TOKENS_TRAINED = pa.Check.in_range(1e6, 1e16, error="a number of tokens (1e6 to 1e16)")
FLOP = pa.Check.in_range(1e15, 1e30, error="a training compute in FLOP (1e15 to 1e30)")
BITS_PER_S = pa.Check.in_range(1e5, 1e14, error="a bandwidth in bits per second (1e5 to 1e14)")

#: A number that is blank where its source does not state it.
_stated = partial(c.number, blank=True)
_at_least_and_most = partial(c.ends, words=("at least", "at most"), blank=True)

TRAINING_RUNS = c.Table(
    name="training_runs",
    columns={
        "run_id": c.text("identifier"),
        "run": c.text("name"),
        "of_run": c.text("run that the row is a measurement within", blank=True),
        "organisation": c.text("who ran or surveyed it", blank=True),
        "kind": c.choice("what was done", ("pre-training", "post-training", "survey")),
        "decentralised": c.choice("whether it ran over ordinary internet links", SPREAD),
        "owners": c.choice("whose machines they were", ("independent", "one", "not stated")),
        "completed": c.choice("whether it was completed", c.STATED),
        **c.span("published", "on which it can have been published"),
        "params": _stated("parameters", "count", PARAMETERS),
        "active_params": _stated("parameters that each token uses", "count", PARAMETERS),
        "tokens": _stated("tokens trained on", "count", TOKENS_TRAINED),
        "tokens_disputed": _stated("a count called unverified elsewhere", "count", TOKENS_TRAINED),
        **_at_least_and_most("flop", "training compute as stated", "FLOP", FLOP),
        "participants": _stated("participants at once, at most", "count", c.AT_LEAST_ONE),
        "gpus": _stated("GPUs at once, at most", "count", c.AT_LEAST_ONE),
        "gpus_per_participant": _stated("GPUs of one participant, at least", "count", c.AT_LEAST_ONE),
        "gpu_model": c.text("GPU as stated", blank=True),
        "down_bits_per_s": _stated("bandwidth downwards", "bit/s", BITS_PER_S),
        "up_bits_per_s": _stated("bandwidth upwards", "bit/s", BITS_PER_S),
        **_at_least_and_most("reduction", "how many times less is exchanged", "ratio", c.AT_LEAST_ONE),
        "compression": _stated("how many times shorter one exchange is", "ratio", c.AT_LEAST_ONE),
        "inner_steps": _stated("steps between exchanges", "count", c.AT_LEAST_ONE),
        "tokens_per_participant_step": _stated("tokens of a participant in a step", "count", c.AT_LEAST_ONE),
        "received_bytes_per_step": _stated("received by a participant in a step", "bytes", c.POSITIVE),
        "communication_s": _stated("time of one exchange", "s", c.POSITIVE),
        "round_s": _stated("time from exchange to exchange", "s", c.POSITIVE),
        "tokens_per_s": _stated("tokens of the whole run in a second", "count per s", c.POSITIVE),
        **_at_least_and_most("compute_share", "share of wall time spent computing", "fraction", c.PART),
        **_at_least_and_most("mfu", "share of the GPUs' peak", "fraction", c.PART),
        "wall_days": _stated("duration", "days", c.POSITIVE),
        "method": c.text("how the machines worked together"),
        "by": c.choice("who published what the row says", ("authors", "others")),
        **c.REMARKED,
    },
)
TrainingRuns = Annotated[pd.DataFrame, TRAINING_RUNS]


@TRAINING_RUNS.rule("active_params at most params, and filled where they are")
def _active_fit(frame: pd.DataFrame) -> pd.Series:
    both_or_none = frame["params"].isna() == frame["active_params"].isna()
    return both_or_none & ~(frame["active_params"] > frame["params"])


@TRAINING_RUNS.rule("of_run blank or another row's run_id")
def _of_known_run(frame: pd.DataFrame) -> pd.Series:
    return (frame["of_run"] == "") | (frame["of_run"].isin(frame["run_id"]) & (frame["of_run"] != frame["run_id"]))


@TRAINING_RUNS.rule("partly only for post-training")
def _partly_by_rollouts(frame: pd.DataFrame) -> pd.Series:
    return (frame["decentralised"] != "partly") | (frame["kind"] == "post-training")


INTERCONNECTS = c.Table(
    name="interconnects",
    columns={
        "interconnect_id": c.text("identifier"),
        "interconnect": c.text("link"),
        "kind": c.choice("where it is", ("data centre", "household")),
        **c.span("observed", "that the date allows"),
        "down_bits_per_s": c.number("bandwidth downwards", "bit/s", BITS_PER_S),
        "up_bits_per_s": c.number("bandwidth upwards", "bit/s", BITS_PER_S),
        "latency_ms": _stated("latency", "ms", c.POSITIVE),
        **c.REMARKED,
    },
)
Interconnects = Annotated[pd.DataFrame, INTERCONNECTS]
