"""Planted proofs, machines and runs, each with a known answer."""

from datetime import date

import numpy as np
import pandas as pd

from analysis.engine.claims import Curve, Support
from analysis.verifiable_ai.shapes import GPT2_READING_IDS, parameters
from tests.contract import HOLDS, TWO_TO_ONE, Case, Number, Seen, table
from tests.verifiable_ai import ladders
from tests.verifiable_ai.worlds import prices, published

DAY = date(2025, 6, 1)
MONTH = {"published_on": pd.Timestamp("2025-08-01"), "published_precision": "month"}
PROVED = {"system": "A", "prove_s": 600.0, "prove_low_s": 550.0, "prove_high_s": 680.0, "source_id": "a"}
DISTILLED = {"system": "D", "prove_s": 30.0, "what": "distilled", "by": "vendor", "source_id": "d", "scale": "small"}
COSTED = {"system": "A", "prove_s": 3600.0, "prove_low_s": 3500.0, "prove_high_s": 3700.0, "cost_usd": 5.0}

RUN = {
    "session": 1, "params": parameters(GPT2_READING_IDS), "tokens": 1, "threads": 2, "seconds": 0.0, "load": 0.2,
    "measured_at": "2026-11-22T17:51:48+00:00", "cores": 2, "memory_gib": 23.5, "source_id": "ours",
}  # fmt: skip
#: Twenty runs of 11 to 30 ms, and as many of the longest input.
RUNS = table(
    RUN,
    *({"seconds": i / 1000} for i in range(11, 31)),
    *({"seconds": 5.0, "tokens": 1024, "measured_at": "2026-11-23T09:00:00+00:00"} for _ in range(20)),
)
ON_GPU = {
    "gpu_inference_id": "", "tokens": 1.0, "cached_tokens": 0.0, "seconds": 0.005, "gpu_model": "V100-16GB",
    "source_id": "gpu",
}  # fmt: skip
MACHINES = prices(
    {"usd_per_hour": 0.36},
    {"instance": "gpu", "vcpus": 1.0, "gpu_model": "V100-16GB", "gpus": 1.0, "usd_per_hour": 3.6},
)
V3 = {
    "zk_inference": RUNS,
    "gpu_inference": table(ON_GPU, {}, {"tokens": 1024.0, "seconds": 0.5}),
    "machine_prices": MACHINES,
}

#: Up to: published for one token, our median run, our slowest, published for the longest input, ours of it.
TO_SHARES = (0.5 - TWO_TO_ONE, 0.5 - TWO_TO_ONE / 2, 0.5, 0.5 + TWO_TO_ONE, 1.0)

PROOF = ladders.proof("mlp:8,16,8", weights="private", source_id="ours")
MODULUS = {
    "system": "Modulus Labs", "prove_s": 9.0, "by": "vendor", "tampering_refused": "yes", "remark": "", "params": 1e3,
    "source_id": "theirs",
}  # fmt: skip
OURS = Seen("supports", "ours", date(2026, 11, 22), part="EZKL")

CASES = {
    "V1": (
        Case(
            "600 s for the model, 30 s for a smaller one",
            {"zk_published": published(PROVED | MONTH, DISTILLED)},
            label="definition-ambiguous",
            primary="reproduced",
            level=3,
            basis="secondary",
            estimate=Number(600.0, 550.0, 680.0, "s", 1),
            evidence=(
                Seen("supports", "a", date(2025, 8, 31)),
                Seen("neutral", "d", DAY, vendor=True),
            ),
            observed_on=date(2025, 8, 31),  # the last day of the month
            source_values=(600.0,),
            support=Support(0.5, 0.5, 1.0, "proved"),
            curve=Curve((30.0, 600.0), (0.5, 1.0), (False, True), 1),
            nearest_true=HOLDS,
        ),
        Case(
            "one minute",
            {"zk_published": published({"system": "A", "prove_s": 60.0, "by": "vendor"})},
            label="differs-smaller",
            level=3,
            basis="secondary",
            estimate=Number(60.0, 60.0, 60.0, "s", 1),
            evidence=(Seen("contradicts", "s", DAY, vendor=True),),
            observed_on=DAY,
            source_values=(60.0,),
            support=Support(0.0, 0.0, 0.0),
            curve=Curve((60.0,), (1.0,), (False,), 0),
            nearest_true="the median of the 1 systems would have to be 10 times slower",
        ),
        Case(
            "a smaller model alone",
            {"zk_published": published(DISTILLED)},
            label="not-reproducible",
            level=3,
            basis="secondary",
            missing="missing",
        ),
    ),
    "V2": (
        Case(
            "an hour at 18 USD, at 6 USD spot, and 5 USD by its publisher",
            {
                "zk_published": published(COSTED),
                "machine_prices": prices({"usd_per_hour": 18.0}, {"usd_per_hour": 6.0, "price_type": "spot"}),
            },
            label="definition-ambiguous",
            primary="reproduced",
            level=3,
            basis="secondary",
            estimate=Number(18.0, 17.5, 18.5, "USD", 1),
            evidence=(Seen("supports", "s", DAY, says="18 USD"),),
            observed_on=DAY,
            proxy=True,
            source_values=(18.0,),
            support=Support(1 / 3, 1 / 3, 1.0, "price"),
            curve=Curve((5.0, 6.0, 18.0), (1 / 3, 2 / 3, 1.0), (False, False, True), 2),
            nearest_true=HOLDS,
        ),
        Case(
            "an hour at one USD",
            {"zk_published": published(COSTED | {"cost_usd": np.nan}), "machine_prices": prices({})},
            label="differs-smaller",
            level=3,
            basis="secondary",
            estimate=Number(1.0, 3500 / 3600, 3700 / 3600, "USD", 1),
            evidence=(Seen("contradicts", "s", DAY),),
            observed_on=DAY,
            proxy=True,
            source_values=(1.0,),
            support=Support(0.0, 0.0, 0.0),
            curve=Curve((1.0,), (1.0,), (False,), 0),
            nearest_true="the median of the 1 costs would have to be 15 to 20 times as high",
        ),
        Case(
            "no machine that is large enough",
            {"zk_published": published(COSTED | {"vcpus": 99.0}), "machine_prices": prices({})},
            label="not-reproducible",
            level=3,
            basis="secondary",
            missing="missing",
        ),
    ),
    "V3": (
        Case(
            "20 ms here and 5 ms on a GPU, and 5 s here for the longest input",
            V3,
            label="definition-ambiguous",
            primary="reproduced",
            level=5,
            basis="measurement",
            estimate=Number(0.0205, 0.011475, 0.029525, "share of bound", 20),
            observed_on=date(2026, 11, 22),
            support=Support(0.5 + TWO_TO_ONE, 2 * TWO_TO_ONE, 1.0),
            curve=Curve((0.005, 0.0205, 0.03, 0.5, 5.0), TO_SHARES, (True,) * 4 + (False,), 1),
            nearest_true=HOLDS,
        ),
        Case(
            "a machine so dear that the cost is twice the bound",
            V3 | {"machine_prices": MACHINES.assign(usd_per_hour=[0.02 / 0.0205 * 3600, 3.6])},
            label="definition-ambiguous",
            primary="differs-larger",
            level=5,
            basis="measurement",
            estimate=Number(2.0, 2 * 0.011475 / 0.0205, 2 * 0.029525 / 0.0205, "share of bound", 20),
            observed_on=date(2026, 11, 22),
            support=Support(0.5, 0.0, 0.5, "source"),
            curve=Curve(
                (0.005, 0.5, 2.0, 2 * 0.03 / 0.0205, 2 * 5 / 0.0205),
                (0.5 - TWO_TO_ONE, 0.5, 0.5 + TWO_TO_ONE / 2, 0.5 + TWO_TO_ONE, 1.0),
                (True, True, False, False, False), 2,
            ),
            nearest_true="the median run would have to be more than 2 times faster or cheaper",
        ),
        Case(
            "nineteen runs",
            V3 | {"zk_inference": RUNS.iloc[1:]},
            label="not-reproducible",
            level=5,
            basis="measurement",
            missing="missing",
        ),
    ),
    "V4": (
        Case(
            "a small proof of ours and one of theirs, both with hidden weights and a refusal",
            {"zk_proofs": pd.DataFrame([PROOF]), "zk_published": published(MODULUS)},
            label="definition-ambiguous",
            primary="supported",
            level=2,
            basis="secondary",
            evidence=(OURS, Seen("supports", "theirs", DAY, True, "Modulus Labs")),
            support=Support(0.5, 0.5, 1.0, "network"),
            nearest_true=HOLDS,
        ),
        Case(
            "their refusal is not stated",
            {
                "zk_proofs": pd.DataFrame([PROOF]),
                "zk_published": published(MODULUS | {"tampering_refused": "not stated"}),
            },
            label="inconclusive",
            level=1,
            basis="secondary",
            evidence=(OURS, Seen("neutral", "theirs", DAY, True, "Modulus Labs")),
            nearest_true="for Modulus Labs: a publication by 22 Jan 2026",
        ),
        Case(
            "an altered output of ours was accepted",
            {
                "zk_proofs": pd.DataFrame([PROOF | {"tampered_output_rejected": "no"}]),
                "zk_published": published(MODULUS),
            },
            label="contradicted",
            level=5,
            basis="measurement",
            evidence=(
                Seen("contradicts", "ours", date(2026, 11, 22), part="EZKL"),
                Seen("supports", "theirs", DAY, True, "Modulus Labs"),
            ),
            support=Support(0.0, 0.0, 0.0),
            nearest_true="for EZKL: a proof with hidden weights that we make",
        ),
    ),
}  # fmt: skip
