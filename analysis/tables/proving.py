"""Proofs, circuits, plain inference, and what others published of them."""

from typing import Annotated

import pandas as pd

from analysis.engine.data import columns as c

FAMILIES = ("perceptron", "transformer")
#: How the weights enter a proof: in the circuit, hidden, hidden behind a commitment in the proof, or behind a public
#: hash. Private ones are bound to nothing: whoever proves may take any weights of the shape.
WEIGHTS = ("fixed", "private", "committed", "hashed")
#: Stages of a proof, each in a process of its own, in their order.
ZK_STAGES = {
    "settings": "settings",
    "calibrate": "calibration",
    "compile": "compiling",
    "witness": "the witness",
    "srs": "making the reference string, blank where one was at hand",
    "setup": "making both keys",
    "prove": "proving",
    "verify": "verifying",
}
#: Made on the measuring machine, which anybody could forge proofs with, or by a public ceremony.
REFERENCE_STRINGS = ("local", "ceremony")
TRIED = ("yes", "no", "not tried")
#: Parameters of a model of GPT-2's size, from and to, in the sense of claims V1 and V2.
GPT2_PARAMS = (100e6, 200e6)
PROVED = ("one_pass", "distilled", "part", "per_token", "projection", "overhead", "unfinished")


def _of_stages() -> c.Columns:
    """Seconds, processor seconds and peak memory of every stage; blank where one was not recorded."""
    always = ("setup_s", "prove_s", "verify_s", "prove_cpu_s")
    kinds = {"s": ("wall time", "s"), "cpu_s": ("processor time", "s"), "peak_gib": ("peak memory", "GiB")}
    columns = {}
    for suffix, (what, unit) in kinds.items():
        for stage, doing in ZK_STAGES.items():
            name = f"{stage}_{suffix}"
            rule = c.NOT_NEGATIVE if suffix == "s" and name not in always else c.POSITIVE
            columns[name] = c.number(f"{what}: {doing}", unit, rule, blank=name not in always)
    return columns


CIRCUIT: c.Columns = {
    "decomp_base": c.integer("base in which values are decomposed for range checks", None, c.AT_LEAST_ONE),
    "decomp_legs": c.count("digits of that decomposition"),
    "k": c.integer("binary logarithm of the circuit's rows", None, c.AT_LEAST_ONE),
    "rows": c.count("rows in use"),
    "assignments": c.count("assigned cells"),
    "constants": c.integer("constants", "count", c.NOT_NEGATIVE),
}
MACHINE: c.Columns = {
    "processor": c.text("processor of the machine"),
    "cores": c.count("processors that it shows"),
    "memory_gib": c.number("its memory", "GiB", c.POSITIVE),
    "versions": c.text("libraries and their versions"),
}

ZK_PROOFS = c.Table(
    name="zk_proofs",
    columns={
        "run_id": c.text("identifier: model, variant, repeat"),
        "model": c.text("family and shape: widths of the layers, or T tokens, d width, h heads"),
        "family": c.choice("kind of network", FAMILIES),
        "params": c.count("parameters"),
        "macs": c.count("multiply-accumulates of one inference"),
        "tokens": c.count("positions of the input; 1 for a perceptron"),
        "repeat": c.integer("which repeat of the same circuit", None, c.NOT_NEGATIVE),
        "scale": c.integer("bits of the fixed-point numbers", "bits", c.NOT_NEGATIVE),
        "inner_columns": c.count("columns of the main gate"),
        "weights": c.choice("how the weights enter", WEIGHTS),
        "freivalds": c.flag("whether matrix products are checked at a random point"),
        "threads": c.count("threads of the prover"),
        **CIRCUIT,
        "lookup_low": c.integer("lower end of the lookup range"),
        "lookup_high": c.integer("upper end of the lookup range"),
        "srs": c.choice("where the reference string is from", REFERENCE_STRINGS),
        **_of_stages(),
        "verified": c.flag("whether the proof was accepted"),
        "tampered_proof_rejected": c.choice("whether an altered proof was refused", TRIED),
        "tampered_output_rejected": c.choice("whether an altered output was refused", TRIED),
        "proof_bytes": c.count("size of the proof", "bytes"),
        "pk_bytes": c.count("size of the proving key", "bytes"),
        "vk_bytes": c.count("size of the verifying key", "bytes"),
        "inference_1thread_s": c.number("the same inference without proof, one thread", "s", c.POSITIVE, blank=True),
        "inference_2threads_s": c.number("and on two threads", "s", c.POSITIVE, blank=True),
        "max_abs_error": c.number(
            "largest difference of the proved output from the plain one", None, c.NOT_NEGATIVE, blank=True
        ),
        **MACHINE,
        "measured_at": c.text("end of the measurement, UTC", c.INSTANT),
        **c.SOURCED,
    },
)
ZkProofs = Annotated[pd.DataFrame, ZK_PROOFS]

ZK_CIRCUITS = c.Table(
    name="zk_circuits",
    columns={
        "run_id": c.text("identifier: model, configuration, repeat"),
        "model": c.text("shape: T tokens, d width, h heads, L blocks (one where not said), v outputs"),
        "family": c.choice("kind of network", FAMILIES),
        "params": c.count("parameters"),
        "macs": c.count("multiply-accumulates of one inference"),
        "tokens": c.count("positions of the input"),
        "weights": c.choice("how the weights enter", WEIGHTS),
        **CIRCUIT,
        "dynamic_lookups": c.integer("dynamic lookups", "count", c.NOT_NEGATIVE),
        "shuffles": c.integer("shuffles", "count", c.NOT_NEGATIVE),
        "settings_s": c.number("settings", "s", c.NOT_NEGATIVE),
        "calibrate_s": c.number("calibration", "s", c.NOT_NEGATIVE),
        "peak_gib": c.number("peak memory", "GiB", c.POSITIVE),
        "versions": c.text("libraries and their versions"),
        **c.SOURCED,
    },
)
ZkCircuits = Annotated[pd.DataFrame, ZK_CIRCUITS]

ZK_INFERENCE = c.Table(
    name="zk_inference",
    columns={
        "run_id": c.text("identifier: network, session, threads, run"),
        "session": c.integer("which session", None, c.AT_LEAST_ONE),
        "model": c.text("shape: T tokens, d width, h heads, L blocks, v vocabulary, c context"),
        "params": c.count("parameters"),
        "tokens": c.count("positions of the input"),
        "threads": c.count("processor threads"),
        "run": c.integer("which run", None, c.AT_LEAST_ONE),
        "seconds": c.number("wall time of one inference", "s", c.POSITIVE),
        "cpu_seconds": c.number("processor time of one inference", "s", c.NOT_NEGATIVE),
        "load": c.number("load of the machine, last minute", "processes", c.NOT_NEGATIVE),
        "measured_at": c.text("end of the run, UTC", c.INSTANT),
        **MACHINE,
        **c.SOURCED,
    },
)
ZkInference = Annotated[pd.DataFrame, ZK_INFERENCE]

GPU_INFERENCE = c.Table(
    name="gpu_inference",
    columns={
        "gpu_inference_id": c.text("identifier of the row"),
        "engine": c.text("what ran the model"),
        "precision": c.text("numbers that it computed with"),
        "tokens": c.number("positions of the input", "count", c.AT_LEAST_ONE, blank=True),
        "cached_tokens": c.number("earlier positions kept from a previous pass", "count", c.NOT_NEGATIVE, blank=True),
        "seconds": c.number("time of one pass", "s", c.POSITIVE),
        "statistic": c.choice("what the time is of the runs", ("mean", "median")),
        "gpu_model": c.text("GPU, with its memory"),
        "published_on": c.date("day; blank where the publication has no date", blank=True),
        **c.REMARKED,
    },
)
GpuInference = Annotated[pd.DataFrame, GPU_INFERENCE]

ZK_PUBLISHED = c.Table(
    name="zk_published",
    columns={
        "published_id": c.text("identifier"),
        "system": c.text("proving system"),
        "by": c.choice("who published it", ("authors", "vendor", "others")),
        "published_on": c.date("publication, to the precision of the next column"),
        "published_precision": c.choice("how far the date is known", c.PRECISIONS),
        "model": c.text("network"),
        "transformer": c.choice("whether the network is a transformer", c.STATED),
        "params": c.number("parameters", "count", c.POSITIVE, blank=True),
        "macs": c.number("multiply-accumulates of one inference", "count", c.POSITIVE, blank=True),
        "scale": c.choice("size beside GPT-2", ("smaller", "gpt2", "larger", "not stated")),
        "what": c.choice("what was proved", PROVED),
        "tokens": c.number("positions of the input in one proof", "count", c.AT_LEAST_ONE, blank=True),
        "derived": c.flag("whether the time follows from other stated figures"),
        "prove_s": c.number("proving", "s", c.POSITIVE, blank=True),
        "prove_low_s": c.number("least that the stated digits allow", "s", c.POSITIVE, blank=True),
        "prove_high_s": c.number("most that they allow", "s", c.POSITIVE, blank=True),
        "verify_s": c.number("verifying", "s", c.POSITIVE, blank=True),
        "proof_bytes": c.number("size of the proof", "bytes", c.POSITIVE, blank=True),
        "cost_usd": c.number("cost as its publisher states it", "USD", c.POSITIVE, blank=True),
        **c.ends("overhead", "stated overhead", "ratio", c.POSITIVE, blank=True),
        "hardware": c.text("machine as stated"),
        "vcpus": c.number("its processors", "count", c.POSITIVE, blank=True),
        "memory_gb": c.number("its memory", "GB", c.POSITIVE, blank=True),
        "gpu_model": c.text("its GPU", blank=True),
        "gpus": c.number("GPUs", "count", c.POSITIVE, blank=True),
        "peak_gb": c.number("memory that the prover used", "GB", c.POSITIVE, blank=True),
        "hides_weights": c.choice("whether the proof hides the weights", c.STATED),
        "tampering_refused": c.choice("whether an altered proof or output was refused", c.STATED),
        "interactive": c.choice("whether the verifier takes part in the proof", c.STATED),
        **c.REMARKED,
    },
)
ZkPublished = Annotated[pd.DataFrame, ZK_PUBLISHED]


@ZK_PUBLISHED.rule("the scale that params give")
def _scale_fits(frame: pd.DataFrame) -> pd.Series:
    low, high = GPT2_PARAMS
    params = frame["params"]
    scale = params.where(params.isna(), "gpt2").mask(params < low, "smaller").mask(params > high, "larger")
    return scale.fillna("not stated") == frame["scale"]


@ZK_PUBLISHED.rule("prove_low_s <= prove_s <= prove_high_s")
def _in_its_precision(frame: pd.DataFrame) -> pd.Series:
    return ~((frame["prove_low_s"] > frame["prove_s"]) | (frame["prove_s"] > frame["prove_high_s"]))
