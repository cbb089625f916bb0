"""A model of the time of one training step: computing, and exchanging what was computed.

It is a model, not a measurement: every participant is alike, exchange and computing do not overlap, latency and
failures cost nothing, and the exchange is a ring, which moves the least. `against_measured` sets it beside published
runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product

import numpy as np
import pandas as pd

from analysis.compute.training.runs import FLOP_PER_PARAMETER_TOKEN
from analysis.tables.gpu import GpuModels
from analysis.tables.training import Interconnects, TrainingRuns

BITS_PER_BYTE = 8
BYTES_PER_GB = 1e9
FLOP_PER_TFLOP = 1e12
#: Bytes of a number in 16 and in 32 bits: gradients are exchanged in 16, changes of weights are compared with 32.
HALF, SINGLE = 2, 4
#: Bytes held for each trained parameter: weight and gradient in 16 bits; weight and Adam's two averages in 32.
TRAINED_BYTES = 2 * HALF + 3 * SINGLE
#: Operations per parameter and token where the parameter is frozen: two forwards, two backwards to pass gradients on.
FROZEN_FLOP = 4
FORWARD_FLOP = 2
#: Parameters of a layer over the square of its width, and width over layers, of a usual transformer.
LAYER_PARAMETERS, WIDTH_OVER_DEPTH = 12, 128
#: Rank of the adapters; each layer has two, on queries and on values, of two matrices each.
ADAPTER_RANK, ADAPTER_MATRICES = 16, 4
#: Size of the model that is distilled into, as a share of the one that it is distilled from (ours).
STUDENT_SHARE = 0.1
#: Ends of the model's map, in parameters.
PARAMETERS_FROM, PARAMETERS_TO = 1e9, 5e11
#: Rows of `training_runs` and `gpu_models` that the setting is read from.
SETTING_RUN, MFU_RUN = "covenant_72b", "llama_3_405b"
SETTING_GPU = ("H100-80GB", "SXM")
#: Row of `training_runs` that states its reduction by fewer exchanges of shorter numbers.
REDUCED_RUN = "intellect_1"


@dataclass(frozen=True, slots=True)
class Setting:
    """Who takes part, with what.

    Attributes
    ----------
    participants : int
        Machines or clusters that exchange, n.
    tokens : float
        Tokens of a participant in a step.
    gpu_flop_per_s : float
        Peak of one GPU, FLOP per second.
    mfu : float
        Share of the peak that training reaches while it computes, 0 to 1.
    gpu_bytes : float
        Memory of one GPU.
    least_gpus : int
        GPUs of a participant, at least.
    """

    participants: int
    tokens: float
    gpu_flop_per_s: float
    mfu: float
    gpu_bytes: float
    least_gpus: int


@dataclass(frozen=True, slots=True)
class Method:
    """What is trained and what is exchanged.

    Attributes
    ----------
    name : str
    flop : float
        FLOP per parameter of the whole model and token.
    held_bytes : float
        Bytes that a participant holds per parameter of the whole model.
    number_bytes : float
        Bytes of an exchanged number before any reduction.
    reduction : float
        How many times less is exchanged, steps without exchange included.
    adapters : bool
        Whether only adapters are trained and exchanged.
    trained_share : float
        Share of the whole model that is trained, where it is not adapters.
    """

    name: str
    flop: float = FLOP_PER_PARAMETER_TOKEN
    held_bytes: float = TRAINED_BYTES
    number_bytes: float = HALF
    reduction: float = 1.0
    adapters: bool = False
    trained_share: float = 1.0


@dataclass(frozen=True, slots=True)
class StepTime:
    """Time of one step, the exchange spread over the steps between two of them."""

    compute_s: float
    communication_s: float

    @property
    def compute_share(self) -> float:
        """Share of the time spent computing, 0 to 1."""
        return self.compute_s / (self.compute_s + self.communication_s)


def adapter_share(params: float) -> float:
    """Parameters of adapters of rank `ADAPTER_RANK` over those of the model that they are added to.

    A transformer of width d has about 12 d² parameters a layer and d / 128 layers; adapters of rank r add 4 d r to
    each layer.

    Examples
    --------
    >>> round(1e6 * adapter_share(405e9))
    327
    """
    width = (WIDTH_OVER_DEPTH * params / LAYER_PARAMETERS) ** (1 / 3)
    return ADAPTER_MATRICES * ADAPTER_RANK / (LAYER_PARAMETERS * width)


def ring_bytes(message: float, participants: int) -> float:
    """Bytes that each of n participants sends, and receives, when a ring adds up a message: 2 (n − 1) / n of it.

    Raises
    ------
    ValueError
        If nobody takes part.

    Examples
    --------
    >>> ring_bytes(1e9, 2), ring_bytes(1e9, 1)
    (1000000000.0, 0.0)
    """
    if participants < 1:
        raise ValueError(f"at least one participant exchanges, not {participants}")
    return 2 * (participants - 1) / participants * message


def gpus_of_participant(params: float, method: Method, setting: Setting) -> int:
    """GPUs that a participant needs to hold what it trains, and at least those of the setting."""
    return max(setting.least_gpus, int(np.ceil(params * method.held_bytes / setting.gpu_bytes)))


def step_time(params: float, bits_per_s: float, method: Method, setting: Setting) -> StepTime:
    """Time of one step of a participant, for parameters of the whole model and the bandwidth of its slower direction.

    Raises
    ------
    ValueError
        If parameters or bandwidth are not positive.

    Examples
    --------
    >>> setting = Setting(participants=2, tokens=1e5, gpu_flop_per_s=1e15, mfu=0.5, gpu_bytes=80e9, least_gpus=8)
    >>> time = step_time(1e10, 4e9, Method("all-reduce"), setting)
    >>> time.compute_s, time.communication_s
    (1.5, 40.0)
    """
    if not (params > 0 and bits_per_s > 0):
        raise ValueError(f"parameters and bandwidth are positive, not {params} and {bits_per_s}")
    speed = gpus_of_participant(params, method, setting) * setting.gpu_flop_per_s * setting.mfu
    share = adapter_share(params) if method.adapters else method.trained_share
    sent = ring_bytes(params * share * method.number_bytes / method.reduction, setting.participants)
    return StepTime(method.flop * params * setting.tokens / speed, BITS_PER_BYTE * sent / bits_per_s)


def balance_bandwidth(params: float, method: Method, setting: Setting) -> float:
    """Bandwidth at which exchanging takes half of the time, bits per second: the frontier of practicality.

    The number of parameters cancels while a participant has as many GPUs; where it needs more to hold the model, it
    computes faster and the bandwidth that keeps up with it rises in proportion.

    Examples
    --------
    >>> setting = Setting(participants=2, tokens=1e5, gpu_flop_per_s=1e15, mfu=0.5, gpu_bytes=80e9, least_gpus=8)
    >>> f"{balance_bandwidth(1e10, Method('all-reduce'), setting):.4g}"
    '1.067e+11'
    """
    at_one_bit = step_time(params, 1.0, method, setting)
    return at_one_bit.communication_s / at_one_bit.compute_s


def setting_of(training_runs: TrainingRuns, gpu_models: GpuModels) -> Setting:
    """The setting of the model: participants, tokens and GPUs of `SETTING_RUN`, and the GPU `SETTING_GPU`.

    MFU is the middle of the range that `MFU_RUN` states, the best documented run of our table.
    """
    run = _run(training_runs, SETTING_RUN)
    gpu = gpu_models.set_index(["gpu_model", "form_factor"]).loc[SETTING_GPU]
    return Setting(
        participants=int(run["participants"]),
        tokens=float(run["tokens_per_participant_step"]),
        gpu_flop_per_s=float(gpu["bf16_tflops"]) * FLOP_PER_TFLOP,
        mfu=float(_run(training_runs, MFU_RUN)[["mfu_low", "mfu_high"]].mean()),
        gpu_bytes=float(gpu["memory_gb"]) * BYTES_PER_GB,
        least_gpus=int(run["gpus_per_participant"]),
    )


def methods_of(training_runs: TrainingRuns) -> tuple[Method, ...]:
    """The methods of the map, with the reductions that published runs state."""
    run, reduced = _run(training_runs, SETTING_RUN), float(_run(training_runs, REDUCED_RUN)["reduction_low"])
    diloco = {"number_bytes": SINGLE, "reduction": reduced}
    student = {
        "flop": FORWARD_FLOP + FLOP_PER_PARAMETER_TOKEN * STUDENT_SHARE,
        "held_bytes": HALF + TRAINED_BYTES * STUDENT_SHARE,
        "trained_share": STUDENT_SHARE,
    }
    return (
        Method("all-reduce at every step"),
        Method("DiLoCo in 8 bits", **diloco),
        Method("SparseLoCo", number_bytes=SINGLE, reduction=float(run["compression"] * run["inner_steps"])),
        Method("adapters at every step", flop=FROZEN_FLOP, held_bytes=HALF, adapters=True),
        Method("distillation with DiLoCo", **diloco, **student),
    )


def _run(training_runs: TrainingRuns, run_id: str) -> pd.Series:
    return training_runs.set_index("run_id").loc[run_id]


def frontier(methods: Sequence[Method], setting: Setting, *, points: int = 55) -> pd.DataFrame:
    """The bandwidth of balance by method, and by size at points evenly spaced on a log scale.

    Returns
    -------
    DataFrame
        `method`, `reduction`, `params`, `gpus` (of a participant), `compute_s` (of a step), `bits_per_s` (at which
        exchanging takes as long).
    """
    rows = []
    for method, params in product(methods, np.geomspace(PARAMETERS_FROM, PARAMETERS_TO, points)):
        gpus, at_one_bit = gpus_of_participant(params, method, setting), step_time(params, 1.0, method, setting)
        balance = balance_bandwidth(params, method, setting)
        rows.append((method.name, method.reduction, params, gpus, at_one_bit.compute_s, balance))
    return pd.DataFrame(rows, columns=["method", "reduction", "params", "gpus", "compute_s", "bits_per_s"])


def points_of(training_runs: TrainingRuns) -> pd.DataFrame:
    """Published runs as points of the map: size, and bandwidth of the slower direction where one is stated.

    Returns
    -------
    DataFrame
        `run_id`, `run`, `kind`, `decentralised`, `params`, `bits_per_s` (NaN where not stated), `source_id`.
    """
    runs = training_runs[(training_runs["of_run"] == "") & training_runs["params"].notna()]
    slower = runs[["down_bits_per_s", "up_bits_per_s"]].min(axis=1)
    columns = ["run_id", "run", "kind", "decentralised", "params", "bits_per_s", "source_id"]
    return runs.assign(bits_per_s=slower)[columns].sort_values("params", kind="stable").reset_index(drop=True)


def household_upload(interconnects: Interconnects) -> float:
    """Upload of a household, bits per second: the latest published median.

    Raises
    ------
    ValueError
        If the table holds no median of households.
    """
    households = interconnects[interconnects["kind"] == "household"]
    medians = households[households["interconnect"].str.startswith("median")]
    if medians.empty:
        raise ValueError("interconnects hold no median of households")
    return float(medians.loc[medians["observed_to"].idxmax(), "up_bits_per_s"])


def gpus_for(flop: float, duration: timedelta, setting: Setting) -> float:
    """GPUs that compute so much in a time if they do nothing else.

    Examples
    --------
    >>> setting = Setting(participants=2, tokens=1e5, gpu_flop_per_s=1e15, mfu=0.5, gpu_bytes=80e9, least_gpus=8)
    >>> gpus_for(8.64e22, timedelta(days=20), setting)
    100.0
    """
    return flop / (duration.total_seconds() * setting.gpu_flop_per_s * setting.mfu)


#: What the model needs of a run.
NEEDED = [
    "participants", "compression", "inner_steps", "tokens_per_participant_step", "gpus_per_participant",
    "up_bits_per_s",
]  # fmt: skip


def against_measured(training_runs: TrainingRuns, gpu_models: GpuModels, setting: Setting) -> pd.DataFrame:
    """The share of time spent computing: measured, and by the model at the stated bandwidths.

    Parameters
    ----------
    setting : Setting
        For its MFU alone, since the runs over the internet that state their bandwidth state no MFU; all else is the
        run's own.

    Returns
    -------
    DataFrame, one row a measured share
        `run`, `measured_low`, `measured_high` (0–1), `predicted_low`, `predicted_high` (0–1, at the bandwidth up and
        down; NaN where the row does not state what the model needs).
    """
    measured = training_runs[training_runs["compute_share_low"].notna()].reset_index(drop=True)
    enough = (measured[NEEDED] > 0).all(axis=1)
    model = [
        _predicted(row, gpu_models, setting) if stated else (np.nan, np.nan)
        for row, stated in zip(measured.to_dict("records"), enough, strict=True)
    ]
    names = {"compute_share_low": "measured_low", "compute_share_high": "measured_high"}
    low, high = zip(*model, strict=True) if model else ((), ())
    return measured[["run", *names]].rename(columns=names).assign(predicted_low=low, predicted_high=high)


def _predicted(row: dict, gpu_models: GpuModels, setting: Setting) -> tuple[float, float]:
    gpu = gpu_models[gpu_models["gpu_model"] == row["gpu_model"]].iloc[0]
    own = replace(
        setting,
        participants=int(row["participants"]),
        tokens=row["tokens_per_participant_step"],
        gpu_flop_per_s=gpu["bf16_tflops"] * FLOP_PER_TFLOP,
        gpu_bytes=np.inf,  # the run did hold its model
        least_gpus=int(row["gpus_per_participant"]),
    )
    method = Method(row["run"], number_bytes=SINGLE, reduction=row["compression"] * row["inner_steps"])
    times = (step_time(row["active_params"], row[f"{way}_bits_per_s"], method, own) for way in ("up", "down"))
    return tuple(time.compute_share for time in times)
