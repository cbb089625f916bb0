"""Proofs, circuits, plain inference, and what others published of them."""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa

from analysis.engine.data.columns import (
    AT_LEAST_ONE,
    DATE,
    FILLED,
    FLAG,
    INSTANT,
    INTEGER,
    NOT_NEGATIVE,
    NUMBER,
    POSITIVE,
    PRECISIONS,
    STATED,
    TEXT,
    Table,
    choice,
    column,
    in_order,
)

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
SCALES = ("smaller", "gpt2", "larger", "not stated")
PROVED = ("one_pass", "distilled", "part", "per_token", "projection", "overhead", "unfinished")
RUN_BY = ("authors", "vendor", "others")


def _scale_fits(frame: pd.DataFrame) -> pd.Series:
    low, high = GPT2_PARAMS
    params = frame["params"]
    scale = params.where(params.isna(), "gpt2").mask(params < low, "smaller").mask(params > high, "larger")
    return scale.fillna("not stated") == frame["scale"]


def _prefix(low: str, value: str, high: str) -> pa.Check:
    return pa.Check(
        lambda frame: ~((frame[low] > frame[value]) | (frame[value] > frame[high])),
        error=f"{low} <= {value} <= {high}",
        name=f"{value}_in_its_precision",
    )


def _of_stages() -> dict[str, pa.Column]:
    """Seconds, processor seconds and peak memory of every stage; blank where one was not recorded."""
    always = ("setup_s", "prove_s", "verify_s", "prove_cpu_s")
    kinds = {"s": ("wall time", "s"), "cpu_s": ("processor time", "s"), "peak_gib": ("peak memory", "GiB")}
    columns = {}
    for suffix, (what, unit) in kinds.items():
        for stage, doing in ZK_STAGES.items():
            name = f"{stage}_{suffix}"
            rule = NOT_NEGATIVE if suffix == "s" and name not in always else POSITIVE
            columns[name] = column(NUMBER, f"{what}: {doing}", rule, unit=unit, nullable=name not in always)
    return columns


ZK_PROOFS = Table(
    name="zk_proofs",
    title="Proofs that we made and verified",
    description="One row per proof of a network's inference made with EZKL, with the time of every stage.",
    rules=(
        "Written by `python -m analysis measure-zkml`; rows of source zk_ladder_recorded are of an earlier ladder on "
        "one shared machine, which tried no tampering and recorded processor time and memory of few stages.",
        "Every stage runs in a process of its own: seconds are wall time, cpu_s user and system time of all threads, "
        "peak_gib the largest resident memory. Wall times of a shared machine vary twofold; processor time repeats "
        "within about 10 %.",
        "prove_s includes loading the proving key. The reference string is made locally, which is for measuring only.",
        "weights: fixed in the circuit; private, bound to nothing, so that one key serves all weights; committed, "
        "which is private with a commitment to them in the proof; hashed, which is private behind a public hash.",
        "A tampered proof or output counts as rejected where no altered copy was accepted and at least one was read "
        "and refused, not merely unreadable.",
        "inference_1thread_s and inference_2threads_s are medians of up to 2,000 runs within a second.",
    ),
    schema=pa.DataFrameSchema(
        {
            "run_id": column(TEXT, "identifier: model, variant, repeat", FILLED),
            "model": column(TEXT, "family and shape: widths of the layers, or T tokens, d width, h heads", FILLED),
            "family": column(TEXT, "kind of network", choice(FAMILIES)),
            "params": column(INTEGER, "parameters", AT_LEAST_ONE, unit="count"),
            "macs": column(INTEGER, "multiply-accumulates of one inference", AT_LEAST_ONE, unit="count"),
            "tokens": column(INTEGER, "positions of the input; 1 for a perceptron", AT_LEAST_ONE, unit="count"),
            "repeat": column(INTEGER, "which repeat of the same circuit", NOT_NEGATIVE),
            "scale": column(INTEGER, "bits of the fixed-point numbers", NOT_NEGATIVE, unit="bits"),
            "inner_columns": column(INTEGER, "columns of the main gate", AT_LEAST_ONE, unit="count"),
            "weights": column(TEXT, "how the weights enter", choice(WEIGHTS)),
            "freivalds": column(FLAG, "whether matrix products are checked at a random point"),
            "threads": column(INTEGER, "threads of the prover", AT_LEAST_ONE, unit="count"),
            "decomp_base": column(INTEGER, "base in which values are decomposed for range checks", AT_LEAST_ONE),
            "decomp_legs": column(INTEGER, "digits of that decomposition", AT_LEAST_ONE, unit="count"),
            "k": column(INTEGER, "binary logarithm of the circuit's rows", AT_LEAST_ONE),
            "rows": column(INTEGER, "rows in use", AT_LEAST_ONE, unit="count"),
            "assignments": column(INTEGER, "assigned cells", AT_LEAST_ONE, unit="count"),
            "constants": column(INTEGER, "constants", NOT_NEGATIVE, unit="count"),
            "lookup_low": column(INTEGER, "lower end of the lookup range"),
            "lookup_high": column(INTEGER, "upper end of the lookup range"),
            "srs": column(TEXT, "where the reference string is from", choice(REFERENCE_STRINGS)),
            **_of_stages(),
            "verified": column(FLAG, "whether the proof was accepted"),
            "tampered_proof_rejected": column(TEXT, "whether an altered proof was refused", choice(TRIED)),
            "tampered_output_rejected": column(TEXT, "whether an altered output was refused", choice(TRIED)),
            "proof_bytes": column(INTEGER, "size of the proof", AT_LEAST_ONE, unit="bytes"),
            "pk_bytes": column(INTEGER, "size of the proving key", AT_LEAST_ONE, unit="bytes"),
            "vk_bytes": column(INTEGER, "size of the verifying key", AT_LEAST_ONE, unit="bytes"),
            "inference_1thread_s": column(
                NUMBER, "the same inference without proof, one thread", POSITIVE, unit="s", nullable=True
            ),
            "inference_2threads_s": column(NUMBER, "and on two threads", POSITIVE, unit="s", nullable=True),
            "max_abs_error": column(
                NUMBER, "largest difference of the proved output from the plain one", NOT_NEGATIVE, nullable=True
            ),
            "processor": column(TEXT, "processor of the machine", FILLED),
            "cores": column(INTEGER, "processors that it shows", AT_LEAST_ONE, unit="count"),
            "memory_gib": column(NUMBER, "its memory", POSITIVE, unit="GiB"),
            "versions": column(TEXT, "libraries and their versions", FILLED),
            "measured_at": column(TEXT, "end of the measurement, UTC", INSTANT),
            "source_id": column(TEXT, "source", FILLED),
        },
        unique=["run_id"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
    licence="Own measurement, CC BY 4.0.",
)
ZkProofs = Annotated[pd.DataFrame, ZK_PROOFS]

ZK_CIRCUITS = Table(
    name="zk_circuits",
    title="Circuits that were compiled, not proved",
    description="Rows of transformer circuits up to two blocks of GPT-2's width, from settings and calibration alone.",
    rules=(
        "EZKL, scale 7, two inner columns, calibrated for resources; `python -m analysis measure-zkml --only rows` "
        "writes such a table.",
        "The input is a vector for each token. A network whose name ends in v and a number has an output layer of so "
        "many outputs, without bias, behind the last normalisation; the others end there.",
        "k is what calibration chose; the default decomposition puts a floor of 15 under it.",
    ),
    schema=pa.DataFrameSchema(
        {
            "run_id": column(TEXT, "identifier: model, configuration, repeat", FILLED),
            "model": column(
                TEXT, "shape: T tokens, d width, h heads, L blocks (one where not said), v outputs", FILLED
            ),
            "family": column(TEXT, "kind of network", choice(FAMILIES)),
            "params": column(INTEGER, "parameters", AT_LEAST_ONE, unit="count"),
            "macs": column(INTEGER, "multiply-accumulates of one inference", AT_LEAST_ONE, unit="count"),
            "tokens": column(INTEGER, "positions of the input", AT_LEAST_ONE, unit="count"),
            "weights": column(TEXT, "how the weights enter", choice(WEIGHTS)),
            "decomp_base": column(INTEGER, "base in which values are decomposed for range checks", AT_LEAST_ONE),
            "decomp_legs": column(INTEGER, "digits of that decomposition", AT_LEAST_ONE, unit="count"),
            "k": column(INTEGER, "binary logarithm of the circuit's rows", AT_LEAST_ONE),
            "rows": column(INTEGER, "rows in use", AT_LEAST_ONE, unit="count"),
            "assignments": column(INTEGER, "assigned cells", AT_LEAST_ONE, unit="count"),
            "constants": column(INTEGER, "constants", NOT_NEGATIVE, unit="count"),
            "dynamic_lookups": column(INTEGER, "dynamic lookups", NOT_NEGATIVE, unit="count"),
            "shuffles": column(INTEGER, "shuffles", NOT_NEGATIVE, unit="count"),
            "settings_s": column(NUMBER, "settings", NOT_NEGATIVE, unit="s"),
            "calibrate_s": column(NUMBER, "calibration", NOT_NEGATIVE, unit="s"),
            "peak_gib": column(NUMBER, "peak memory", POSITIVE, unit="GiB"),
            "versions": column(TEXT, "libraries and their versions", FILLED),
            "source_id": column(TEXT, "source", FILLED),
        },
        unique=["run_id"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
    licence="Own measurement, CC BY 4.0.",
)
ZkCircuits = Annotated[pd.DataFrame, ZK_CIRCUITS]

ZK_INFERENCE = Table(
    name="zk_inference",
    title="Plain inference of GPT-2's shape, measured here",
    description="One row per run of a network of GPT-2's exact shape with random weights, without any proof.",
    rules=(
        "At least 20 runs of each input length and number of threads after 3 that are not counted, as "
        "`python -m analysis measure-zkml --only inference` makes 30; every run of every session is kept.",
        "A session is quiet if the load of its first run is below 1, so that the machine had an idle processor. V3 "
        "rests on the runs of all quiet sessions together; the others are kept and shown.",
        "Sessions 1 and 2 and the later ones ran on different days and hosts of one provider, which show the same "
        "label of processor. The runs of 1,024 tokens of session 3 were made in a second call, three minutes after its "
        "first; their load begins above 1, our own runs in it.",
        "onnxruntime on the processor, float32, all logits of all positions; the embedding and the output layer are "
        "part of it. Where the graph departs from GPT-2 (quick-GELU) it costs no more.",
        "Other programs ran on the machine: load is the mean number of runnable processes over the last minute, our "
        "own among them; processor time is less disturbed than wall time.",
    ),
    schema=pa.DataFrameSchema(
        {
            "run_id": column(TEXT, "identifier: network, session, threads, run", FILLED),
            "session": column(INTEGER, "which session", AT_LEAST_ONE),
            "model": column(TEXT, "shape: T tokens, d width, h heads, L blocks, v vocabulary, c context", FILLED),
            "params": column(INTEGER, "parameters", AT_LEAST_ONE, unit="count"),
            "tokens": column(INTEGER, "positions of the input", AT_LEAST_ONE, unit="count"),
            "threads": column(INTEGER, "processor threads", AT_LEAST_ONE, unit="count"),
            "run": column(INTEGER, "which run", AT_LEAST_ONE),
            "seconds": column(NUMBER, "wall time of one inference", POSITIVE, unit="s"),
            "cpu_seconds": column(NUMBER, "processor time of one inference", NOT_NEGATIVE, unit="s"),
            "load": column(NUMBER, "load of the machine, last minute", NOT_NEGATIVE, unit="processes"),
            "measured_at": column(TEXT, "end of the run, UTC", INSTANT),
            "processor": column(TEXT, "processor of the machine", FILLED),
            "cores": column(INTEGER, "processors that it shows", AT_LEAST_ONE, unit="count"),
            "memory_gib": column(NUMBER, "its memory", POSITIVE, unit="GiB"),
            "versions": column(TEXT, "libraries and their versions", FILLED),
            "source_id": column(TEXT, "source", FILLED),
        },
        unique=["run_id"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
    licence="Own measurement, CC BY 4.0.",
)
ZkInference = Annotated[pd.DataFrame, ZK_INFERENCE]

GPU_INFERENCE = Table(
    name="gpu_inference",
    title="Plain inference of GPT-2 on a GPU, as others published it",
    description="One row per engine and precision of a publication: one forward pass, of GPT-2 with 124 million "
    "parameters, one input at a time.",
    rules=(
        "Publications that give GPU, length of the input and time of one pass; others only where a remark says what is "
        "missing. Of several lengths in the cache the shortest.",
        "A time is what the publication gives, as a mean or as a median of its runs; none gives the slowest.",
        "gpu_model names the memory and not the form of a V100, as `machine_prices` does.",
    ),
    schema=pa.DataFrameSchema(
        {
            "gpu_inference_id": column(TEXT, "identifier of the row", FILLED),
            "engine": column(TEXT, "what ran the model", FILLED),
            "precision": column(TEXT, "numbers that it computed with", FILLED),
            "tokens": column(NUMBER, "positions of the input", AT_LEAST_ONE, unit="count", nullable=True),
            "cached_tokens": column(
                NUMBER, "earlier positions kept from a previous pass", NOT_NEGATIVE, unit="count", nullable=True
            ),
            "seconds": column(NUMBER, "time of one pass", POSITIVE, unit="s"),
            "statistic": column(TEXT, "what the time is of the runs", choice(("mean", "median"))),
            "gpu_model": column(TEXT, "GPU, with its memory", FILLED),
            "published_on": column(DATE, "day; blank where the publication has no date", nullable=True),
            "remark": column(TEXT, "what to know before using it"),
            "source_id": column(TEXT, "source", FILLED),
        },
        unique=["gpu_inference_id"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
)
GpuInference = Annotated[pd.DataFrame, GPU_INFERENCE]

ZK_PUBLISHED = Table(
    name="zk_published",
    title="Proving times that others published",
    description="One row per published result: system, model, what was proved, seconds, and the machine as stated.",
    rules=(
        "Most figures come through secondary transcriptions; sentences of the sources were left. What a source does "
        "not say is blank or 'not stated'.",
        "published_on is the first day of what published_precision says. A re-run by others has the date of its own "
        "publication.",
        "what is our reading. one_pass: one complete forward pass in one proof, of as many tokens as stated; "
        "distilled: the same of a distilled model; part: a part of a model; per_token: an average over a long "
        "sequence; projection: estimated or partly so; overhead: a ratio without a time; unfinished: it failed before.",
        "prove_low_s and prove_high_s hold what the stated digits allow, half a unit of the last on each side.",
        "derived marks times that follow from two stated figures, such as a speed-up and a time; the remark tells.",
        "vcpus, memory_gb, gpu_model and gpus are of the machine as stated: threads or cores as vcpus, the size of a "
        "named instance by its type. peak_gb is what the prover is said to have used.",
        "by: authors of the system, a vendor of it, or others who ran or cite it.",
        "scale: gpt2 from 100 to 200 million parameters, by params.",
    ),
    schema=pa.DataFrameSchema(
        {
            "published_id": column(TEXT, "identifier", FILLED),
            "system": column(TEXT, "proving system", FILLED),
            "by": column(TEXT, "who published it", choice(RUN_BY)),
            "published_on": column(DATE, "publication, to the precision of the next column"),
            "published_precision": column(TEXT, "how far the date is known", choice(PRECISIONS)),
            "model": column(TEXT, "network", FILLED),
            "transformer": column(TEXT, "whether the network is a transformer", choice(STATED)),
            "params": column(NUMBER, "parameters", POSITIVE, unit="count", nullable=True),
            "macs": column(NUMBER, "multiply-accumulates of one inference", POSITIVE, unit="count", nullable=True),
            "scale": column(TEXT, "size beside GPT-2", choice(SCALES)),
            "what": column(TEXT, "what was proved", choice(PROVED)),
            "tokens": column(NUMBER, "positions of the input in one proof", AT_LEAST_ONE, unit="count", nullable=True),
            "derived": column(FLAG, "whether the time follows from other stated figures"),
            "prove_s": column(NUMBER, "proving", POSITIVE, unit="s", nullable=True),
            "prove_low_s": column(NUMBER, "least that the stated digits allow", POSITIVE, unit="s", nullable=True),
            "prove_high_s": column(NUMBER, "most that they allow", POSITIVE, unit="s", nullable=True),
            "verify_s": column(NUMBER, "verifying", POSITIVE, unit="s", nullable=True),
            "proof_bytes": column(NUMBER, "size of the proof", POSITIVE, unit="bytes", nullable=True),
            "cost_usd": column(NUMBER, "cost as its publisher states it", POSITIVE, unit="USD", nullable=True),
            "overhead_low": column(NUMBER, "stated overhead, lower end", POSITIVE, unit="ratio", nullable=True),
            "overhead_high": column(NUMBER, "stated overhead, upper end", POSITIVE, unit="ratio", nullable=True),
            "hardware": column(TEXT, "machine as stated", FILLED),
            "vcpus": column(NUMBER, "its processors", POSITIVE, unit="count", nullable=True),
            "memory_gb": column(NUMBER, "its memory", POSITIVE, unit="GB", nullable=True),
            "gpu_model": column(TEXT, "its GPU"),
            "gpus": column(NUMBER, "GPUs", POSITIVE, unit="count", nullable=True),
            "peak_gb": column(NUMBER, "memory that the prover used", POSITIVE, unit="GB", nullable=True),
            "hides_weights": column(TEXT, "whether the proof hides the weights", choice(STATED)),
            "tampering_refused": column(TEXT, "whether an altered proof or output was refused", choice(STATED)),
            "interactive": column(TEXT, "whether the verifier takes part in the proof", choice(STATED)),
            "remark": column(TEXT, "what to know before using it"),
            "source_id": column(TEXT, "source", FILLED),
        },
        checks=[
            pa.Check(_scale_fits, error="the scale that params give", name="scale_fits"),
            _prefix("prove_low_s", "prove_s", "prove_high_s"),
            in_order("overhead_low", "overhead_high"),
        ],
        unique=["published_id"],
        strict=True,
    ),
    references={"source_id": ("sources", "source_id")},
)
ZkPublished = Annotated[pd.DataFrame, ZK_PUBLISHED]
