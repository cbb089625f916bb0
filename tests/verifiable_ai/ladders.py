"""Tables of proofs and circuits that follow a known law."""

import numpy as np
import pandas as pd

from analysis.verifiable_ai.shapes import FAMILIES, checked_products, macs, parameters, parse

#: Networks above the row floor of base 16384, with the k of their circuits; family by the name.
NETWORKS = {
    "mlp:128,256,128": 16,
    "mlp:256,512,256": 18,
    "mlp:472,944,472": 19,
    "mlp:640,1280,640": 20,
    "tfm:T1,d64,h4": 16,
    "tfm:T1,d128,h4": 18,
    "tfm:T1,d256,h8": 20,
    "tfm:T4,d16,h2": 16,
    "tfm:T4,d32,h4": 17,
    "tfm:T4,d64,h4": 18,
}
#: Microseconds of processor time, and bytes of memory, for a cell; by family.
LEVEL_US = {"perceptron": 90.0, "transformer, one token": 138.0, "transformer, several tokens": 390.0}
BYTES_A_CELL = 4000.0


def proofs(
    *,
    slope: float = 1.0,
    circuit_sd: float = 0.0,
    repeat_sd: float = 0.0,
    repeats: int = 1,
    seed: int = 0,
    networks: dict[str, int] = NETWORKS,
) -> pd.DataFrame:
    """A table `zk_proofs`: log CPU seconds = level + slope × log cells + error of the circuit + error of the repeat."""
    rng, rows = np.random.default_rng(seed), []
    for model, k in networks.items():
        shape, cells = parse(model), 2.0 * 2**k
        at_16 = LEVEL_US[shape.family] * 1e-6 * 2**17
        of_circuit = rng.normal(0, circuit_sd)
        for repeat in range(repeats):
            cpu = at_16 * (cells / 2**17) ** slope * np.exp(of_circuit + rng.normal(0, repeat_sd))
            rows.append(proof(model, k=k, repeat=repeat, prove_cpu_s=cpu, prove_peak_gib=BYTES_A_CELL * cells / 2**30))
    return pd.DataFrame(rows)


def proof(model: str, **changes: object) -> dict[str, object]:
    """A row of `zk_proofs`."""
    shape, k = parse(model), int(changes.get("k", 16))
    cpu = float(changes.get("prove_cpu_s", 1.0))
    row = {
        "run_id": f"{model}|{changes.get('repeat', 0)}|{changes.get('weights', 'fixed')}",
        "model": model,
        "params": parameters(shape),
        "macs": macs(shape),
        "repeat": 0,
        "scale": 7,
        "inner_columns": 2,
        "weights": "fixed",
        "freivalds": True,
        "threads": 2,
        "decomp_base": 16384,
        "decomp_legs": 2,
        "k": k,
        "rows": round(rows(model)) if shape.family == FAMILIES[1] else int(0.8 * 2**k),
        "lookup_low": 0,
        "lookup_high": 0,
        "prove_s": cpu / (2 * 0.8),
        "prove_cpu_s": cpu,
        "prove_peak_gib": 1.0,
        "pk_bytes": 4226 * 2**k,
        "verified": True,
        "tampered_proof_rejected": "yes",
        "tampered_output_rejected": "yes",
        "cores": 2,
        "memory_gib": 23.0,
        "measured_at": "2026-11-22T12:00:00+00:00",
        "source_id": "zk_ladder_recorded",
    }
    return row | changes


#: Rows for a unit of each term of a one-token transformer.
ROWS_PER_UNIT = {"width of every block": 530.0, "width of the end": 65.0, "outputs": 33.5}


def circuits(*, sd: float = 0.0, seed: int = 0) -> pd.DataFrame:
    """A table `zk_circuits` of one-token transformers whose rows follow a known law, with relative errors."""
    rng = np.random.default_rng(seed)
    models = [f"tfm:T1,d{d},h4{L}{v}" for d in (64, 128, 256, 512, 768) for L in ("", ",L2") for v in ("", ",v1000")]
    counted = [round(rows(model) * (1 + rng.normal(0, sd))) for model in models]
    return pd.DataFrame({"model": models, "rows": counted, "decomp_base": 16384, "weights": "fixed"})


def rows(model: str) -> float:
    """Rows of a one-token transformer by the known law."""
    shape = parse(model)
    of = ROWS_PER_UNIT
    units = of["width of every block"] * shape.layers * shape.width + of["width of the end"] * shape.width
    return checked_products(shape) / 2 + units + of["outputs"] * shape.vocabulary
