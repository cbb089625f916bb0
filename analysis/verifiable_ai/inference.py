"""How long a network takes without a proof, on this machine."""

import os
import time
from dataclasses import dataclass
from statistics import median, quantiles

from analysis.verifiable_ai.networks import Network, build, example

#: A serialised graph may not be larger; the format counts its length in 31 bits.
LARGEST_GRAPH_BYTES = 2**31 - 1
WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Inference:
    """Seconds of one inference.

    Attributes
    ----------
    median_s, low_s, high_s : float
        Median, 5 % and 95 % quantiles over the repeats, seconds of wall time.
    repeats, threads : int
    output : list of float
        What the network answered to its example, row by row.
    """

    median_s: float
    low_s: float
    high_s: float
    repeats: int
    threads: int
    output: list[float]


def inference_seconds(
    network: Network, *, threads: int = 1, repeats: int = 2_000, limit_s: float = 1.0, seed: int = 0
) -> Inference:
    """Time a network with random weights in float32 under onnxruntime.

    Parameters
    ----------
    network : Network
        Built in memory and never kept: GPT-2 small (`networks.GPT2_SMALL`) takes 0.5 GB, and about 2 GB at the peak.
    threads : int
        For one operator; operators run one after another.
    repeats : int
        At most; at least 2.
    limit_s : float
        Seconds after which no further repeat begins, but for the second. Five more before them are not counted.
    seed : int
        Of the weights and of the input.

    Raises
    ------
    ValueError
        If there are fewer than 2 repeats, or the graph is larger than ONNX can hold (2 GiB).
    ModuleNotFoundError
        Without the extra ``zkml``.
    """
    if repeats < 2:
        raise ValueError(f"quantiles need 2 repeats or more, not {repeats}")
    if 4 * network.params > LARGEST_GRAPH_BYTES:
        raise ValueError(f"{network} has {network.params} parameters, more than one ONNX graph holds in float32")
    # onnxruntime 1.32 otherwise reports its use to its maker, and leaves an identifier in the reader's home
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(
        build(network, seed=seed).SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    given = {"input": example(network, seed=seed)}
    for _ in range(WARM_UP):
        (output,) = session.run(None, given)
    taken: list[float] = []
    end = time.perf_counter() + limit_s
    while len(taken) < 2 or (len(taken) < repeats and time.perf_counter() < end):
        start = time.perf_counter()
        session.run(None, given)
        taken.append(time.perf_counter() - start)
    low, *_, high = quantiles(taken, n=20, method="inclusive")
    return Inference(median(taken), low, high, len(taken), threads, output.ravel().tolist())
