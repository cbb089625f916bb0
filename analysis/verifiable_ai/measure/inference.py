"""How long a network takes without a proof, on this machine."""

import os
import time
from datetime import UTC, datetime

from analysis.verifiable_ai.measure.networks import build, example
from analysis.verifiable_ai.shapes import Shape, parameters

#: A serialised graph may not be larger; the format counts its length in 31 bits.
LARGEST_GRAPH_BYTES = 2**31 - 1
#: Runs before those that count, and how many count where each is a row of the table `zk_inference`.
WARM_UP = 3
RUNS = 30


def time_inference(
    shape: Shape, *, threads: int = 1, runs: int = RUNS, limit_s: float = float("inf"), seed: int = 0
) -> tuple[list[dict[str, float | str]], list[float]]:
    """Time a network with random weights in float32 under onnxruntime.

    Parameters
    ----------
    shape : Shape
        The graph is built in memory and never kept: GPT-2's takes 0.5 GB, and about 2 GB at the peak.
    threads : int
        For one operator; operators run one after another.
    runs : int
        At most; at least 2. `WARM_UP` more before them are not counted.
    limit_s : float
        Seconds after which no further run begins, but for the second.

    Returns
    -------
    list of dict, list of float
        Of each run its wall time `seconds`, `cpu_seconds` of all threads, `load` of the machine over the last minute
        and end `measured_at` (UTC); and what the network answered to its example, row by row.

    Raises
    ------
    ValueError
        If there are fewer than 2 runs, or the graph is larger than ONNX can hold (2 GiB).
    ModuleNotFoundError
        Without the extra ``zkml``.
    """
    if runs < 2:
        raise ValueError(f"an inference is timed 2 times or more, not {runs}")
    if 4 * parameters(shape) > LARGEST_GRAPH_BYTES:
        raise ValueError(f"{shape} has {parameters(shape)} parameters, more than one ONNX graph holds in float32")
    # onnxruntime 1.32 otherwise reports its use to its maker, and leaves an identifier in the reader's home
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(
        build(shape, seed=seed).SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    given = {"input": example(shape, seed=seed)}
    for _ in range(WARM_UP):
        (output,) = session.run(None, given)
    taken = []
    end = time.perf_counter() + limit_s
    while len(taken) < 2 or (len(taken) < runs and time.perf_counter() < end):
        busy, start = time.process_time(), time.perf_counter()
        session.run(None, given)
        seconds = time.perf_counter() - start
        cpu_seconds = time.process_time() - busy
        run = {"seconds": seconds, "cpu_seconds": cpu_seconds, "load": os.getloadavg()[0]}
        taken.append(run | {"measured_at": datetime.now(UTC).isoformat(timespec="seconds")})
    return taken, output.ravel().tolist()
