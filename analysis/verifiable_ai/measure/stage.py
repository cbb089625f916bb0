"""One stage of one proof, in its own process: ``python -m analysis.verifiable_ai.measure.stage NAME DIR PARENT``.

DIR holds ``job.json`` (what `prover` asks for) and all that the stages make. Each stage leaves ``NAME.result.json``:
seconds of wall time of the call, peak memory of the process, and what it found. Whoever started it reads the CPU time
from the operating system.

`ezkl` has no licence file, neither in its repository nor in its wheel. It is therefore an optional extra that a reader
installs, nothing of it comes with the book, and it is imported here and nowhere else. Each stage imports what it needs
itself, since its memory and its time are measured with it.
"""

import ctypes
import json
import os
import re
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from analysis.verifiable_ai.measure.tampering import tampered_output, tampered_proofs, verdict
from analysis.verifiable_ai.shapes import parse

#: What ezkl calls the kinds of weights. A plain "hashed" publishes the hash.
VISIBILITY = {"fixed": "fixed", "hashed": "hashed", "committed": "polycommit", "private": "private"}
#: Above every circuit of the ladder; calibration lowers it.
START_K = 17
#: Our names of what calibration counts, and those of ezkl.
COUNTED = {
    "rows": "num_rows",
    "assignments": "total_assignments",
    "constants": "total_const_size",
    "dynamic_lookups": "num_dynamic_lookups",
    "shuffles": "num_shuffles",
}
PR_SET_PDEATHSIG = 1

Result = dict[str, Any]


class Folder:
    """Paths of one proof, and the job."""

    def __init__(self, path: str | os.PathLike) -> None:
        self.path = Path(path)
        self.job: Result = json.loads((self.path / "job.json").read_text(encoding="utf-8"))

    def __getitem__(self, name: str) -> str:
        return str(self.path / name)

    def read(self, name: str) -> Any:
        """Content of a JSON file."""
        return json.loads((self.path / name).read_text(encoding="utf-8"))

    def write(self, name: str, content: Any) -> None:
        """Write a JSON file."""
        (self.path / name).write_text(json.dumps(content), encoding="utf-8")

    def size(self, name: str) -> int:
        """Bytes of a file."""
        return (self.path / name).stat().st_size

    @property
    def k(self) -> int:
        """Base-2 logarithm of the rows, as the settings have it."""
        return self.read("settings.json")["run_args"]["logrows"]

    @property
    def srs(self) -> str:
        """Path of the structured reference string for these rows."""
        return str(Path(self.job["srs_folder"]) / f"k{self.k}.srs")


def network(folder: Folder) -> None:
    """Write the network and one input."""
    from analysis.verifiable_ai.measure.networks import build, example

    shape, seed = parse(folder.job["network"]), folder.job["seed"]
    Path(folder["network.onnx"]).write_bytes(build(shape, seed=seed).SerializeToString())
    folder.write("input.json", {"input_data": [example(shape, seed=seed).ravel().tolist()]})


def inference(folder: Folder) -> Result:
    """Time the network without a proof, on one thread and on two: medians of up to 2,000 runs within a second."""
    from analysis.verifiable_ai.measure.inference import time_inference

    shape, seed = parse(folder.job["network"]), folder.job["seed"]
    (one, output), (two, _) = (time_inference(shape, threads=n, runs=2_000, limit_s=1, seed=seed) for n in (1, 2))
    medians = [median(run["seconds"] for run in runs) for runs in (one, two)]
    return {"inference_1thread_s": medians[0], "inference_2threads_s": medians[1], "output": output}


def runs(folder: Folder) -> Result:
    """Time the network without a proof, on the threads asked for, and keep every run."""
    from analysis.verifiable_ai.measure.inference import time_inference

    taken, _ = time_inference(parse(folder.job["network"]), threads=folder.job["threads"], seed=folder.job["seed"])
    return {"runs": taken}


def settings(folder: Folder) -> Result:
    """Write the settings that the job asks for."""
    import ezkl

    job, arguments = folder.job, ezkl.PyRunArgs()
    arguments.input_visibility = arguments.output_visibility = "public"
    arguments.param_visibility = VISIBILITY[job["weights"]]
    arguments.input_scale = arguments.param_scale = job["scale"]
    arguments.num_inner_cols, arguments.logrows = job["inner_columns"], START_K
    arguments.decomp_base, arguments.decomp_legs = job["decomp"]
    ezkl.gen_settings(folder["network.onnx"], folder["settings.json"], py_run_args=arguments)
    return {"freivalds": not arguments.disable_freivalds}


def calibrate(folder: Folder) -> Result:
    """Fit lookup range and number of rows to the one input that will be proved."""
    import ezkl

    ezkl.calibrate_settings(
        folder["input.json"], folder["network.onnx"], folder["settings.json"], "resources", scales=[folder.job["scale"]]
    )
    found = folder.read("settings.json")
    low, high = found["run_args"]["lookup_range"]
    counted = {ours: found[theirs] for ours, theirs in COUNTED.items()}
    return {"k": folder.k, "lookup_low": low, "lookup_high": high} | counted


def compile(folder: Folder) -> None:
    """Compile the circuit."""
    import ezkl

    ezkl.compile_circuit(folder["network.onnx"], folder["network.ezkl"], folder["settings.json"])


def witness(folder: Folder) -> None:
    """Run the circuit on the input."""
    import ezkl

    ezkl.gen_witness(folder["input.json"], folder["network.ezkl"], folder["witness.json"])


def srs(folder: Folder) -> Result:
    """Make the structured reference string, unless it is kept.

    Its secret is drawn on this machine, and whoever knows it can forge proofs. It costs what a ceremony's string costs,
    so it serves for measuring, and for measuring only.
    """
    import ezkl

    kept = Path(folder.srs)
    made = not kept.exists()
    if made:
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(f".{os.getpid()}.partial")
        ezkl.gen_srs(str(partial), folder.k)
        partial.replace(kept)
    return {"made": made}


def setup(folder: Folder) -> Result:
    """Make the keys."""
    import ezkl

    ezkl.setup(folder["network.ezkl"], folder["vk.key"], folder["pk.key"], folder.srs)
    return {"pk_bytes": folder.size("pk.key"), "vk_bytes": folder.size("vk.key")}


def prove(folder: Folder) -> Result:
    """Prove; the key is loaded within the time taken."""
    import ezkl

    ezkl.prove(folder["witness.json"], folder["network.ezkl"], folder["pk.key"], folder["proof.json"], folder.srs)
    proof = folder.read("proof.json")
    (output,) = proof["pretty_public_inputs"]["rescaled_outputs"]
    return {"proof_bytes": len(proof["proof"]), "output": [float(value) for value in output]}


def verify(folder: Folder) -> Result:
    """Verify the proof."""
    return {"verified": _verifies(folder, "proof.json")}


def tamper(folder: Folder) -> Result:
    """Verify the proof after tampering with it, and after tampering with the output that it is for."""
    proof = folder.read("proof.json")

    def answers(name: str, content: Any) -> bool | str:
        folder.write(name, content)
        try:
            return _verifies(folder, name)
        except RuntimeError as error:
            return str(error)

    untouched = answers("untouched.json", proof)
    proofs = [answers(f"proof{number}.json", changed) for number, changed in enumerate(tampered_proofs(proof))]
    return {
        "tampered_proof_rejected": verdict(untouched, proofs),
        "tampered_output_rejected": verdict(untouched, [answers("output.json", tampered_output(proof))]),
    }


def _verifies(folder: Folder, proof: str) -> bool:
    import ezkl

    return bool(ezkl.verify(folder[proof], folder["settings.json"], folder["vk.key"], folder.srs))


STAGES: dict[str, Callable[[Folder], Result | None]] = {
    stage.__name__: stage
    for stage in (network, inference, runs, settings, calibrate, compile, witness, srs, setup, prove, verify, tamper)
}


def peak_bytes() -> int:
    """Peak resident memory of this process.

    From ``/proc`` where there is one: what the operating system tells the parent counts, for a small process, the
    memory of the parent at the fork.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return 1024 * int(re.search(r"VmHWM:\s+(\d+) kB", status)[1])
    except (OSError, TypeError):
        unit = 1 if sys.platform == "darwin" else 1024
        return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def die_with(parent: int) -> None:
    """Have this process killed when its parent dies, where the operating system offers it (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit("the parent is gone")


def main(name: str, path: str, parent: str) -> None:
    """Run a stage and leave its result."""
    die_with(int(parent))
    folder = Folder(path)
    start = time.perf_counter()
    found = STAGES[name](folder) or {}
    seconds = time.perf_counter() - start
    folder.write(f"{name}.result.json", {"seconds": seconds, "peak_bytes": peak_bytes(), "found": found})


if __name__ == "__main__":
    main(*sys.argv[1:])
