"""Planted prices, revenues, runs, shares and uses of compute."""

from datetime import date

import numpy as np
import pandas as pd

from analysis.engine.claims import Curve, Support
from tests.compute.worlds import cloud, on, prices, tables
from tests.contract import HOLDS, Case, Number, Seen, table

AS_OF = date(2026, 1, 22)

# --- C1 --------------------------------------------------------------------------------------------------------------

CHIPS, SERVERS = "AI accelerators", "AI accelerators and their servers"
SIZE = {
    "size_id": "", "market": CHIPS, "said_by": "somebody", "by": "others", "basis": "realised",
    "period": "calendar year", "year_from": 2028, "year_to": 2028, "usd_low": 1e9, "usd_high": np.nan,
    "growth_per_year": np.nan, "published_from": pd.Timestamp("2029-02-01"),
    "published_to": pd.Timestamp("2029-02-03"), "source_id": "s",
}  # fmt: skip
AHEAD = {
    "basis": "forecast", "usd_low": 500e9, "by": "vendor", "published_from": pd.Timestamp("2025-11-01"),
    "published_to": pd.Timestamp("2025-11-01"), "source_id": "maker",
}  # fmt: skip
REPORTED = table(
    SIZE,
    {"usd_low": 400e9, "usd_high": 600e9},
    {"usd_low": 480e9, "published_to": pd.Timestamp("2029-03-31"), "source_id": "t"},
    {"market": SERVERS, "usd_low": 300e9},
    AHEAD,
)

# --- C3 --------------------------------------------------------------------------------------------------------------

AVAILABLE = {
    "availability_id": "", "provider": "io.net", "provider_type": "network", "price_model": "on-demand",
    "gpu_model": "H100-80GB", "form_factor": "PCIe", "zone": "", "nodes": np.nan, "setting": "a load",
    "metric": "ttft_p99_over_p50", "value": 2.0, "low": np.nan, "high": np.nan, "unit": "ratio",
    "date_from": pd.Timestamp("2025-12-01"), "date_to": pd.Timestamp("2025-12-01"), "date_precision": "day",
    "reported_by": "others", "remark": "", "source_id": "n",
}  # fmt: skip
HYPERSCALER = {"provider": "aws", "provider_type": "hyperscaler", "value": 1.5, "source_id": "h"}
LATER = {"metric": "interruptions", "setting": "", "date_to": pd.Timestamp("2026-02-01")}
DAYS = ("date_from", "date_to")

# --- C4 --------------------------------------------------------------------------------------------------------------

RUN = {
    "run_id": "", "run": "Large", "of_run": "", "kind": "pre-training", "decentralised": "no", "owners": "one",
    "completed": "yes", "published_from": pd.Timestamp("2024-07-01"), "published_to": pd.Timestamp("2024-07-01"),
    "params": 1e12, "active_params": 1e12, "tokens": 1e13, "flop_low": np.nan, "flop_high": np.nan, "by": "authors",
    "source_id": "large",
}  # fmt: skip
SMALL = {
    "run_id": "b", "run": "Small", "decentralised": "yes", "owners": "independent", "params": 1e10,
    "active_params": 1e10, "tokens": 1e12, "source_id": "small", "by": "others",
}  # fmt: skip
TUNED = SMALL | {
    "run_id": "c", "run": "Tuned", "kind": "post-training", "source_id": "tuned", "by": "authors",
    "published_from": pd.Timestamp("2025-05-01"), "published_to": pd.Timestamp("2025-05-31"),
}  # fmt: skip
FRONTIER, FINE_TUNING = "frontier training", "fine-tuning and distillation"

# --- C5 --------------------------------------------------------------------------------------------------------------

SHARE = {
    "market": "cloud infrastructure services", "participant": "Amazon", "members": 1, "largest": "yes",
    "share_low": 0.3, "share_high": 0.3, "resolution": 0.0, "period_from": pd.Timestamp("2025-07-01"),
    "period_to": pd.Timestamp("2025-09-30"), "source_id": "clouds",
}  # fmt: skip
#: Three clouds with 62 % together, and a maker with 70 to 90 %, rounded to ten.
SHARES = table(
    SHARE,
    {},
    {"participant": "Microsoft", "share_low": 0.2, "share_high": 0.2},
    {"participant": "Google", "share_low": 0.12, "share_high": 0.12},
    {
        "market": "data-centre AI accelerators", "participant": "Nvidia", "share_low": 0.7, "share_high": 0.9,
        "resolution": 0.1, "period_from": pd.Timestamp("2026-01-01"), "period_to": pd.Timestamp("2026-12-31"),
        "source_id": "chips",
    },
)  # fmt: skip

# --- C6 --------------------------------------------------------------------------------------------------------------

USE = {
    "use_id": "", "network": "Akash", "named": True, "date_from": pd.Timestamp("2025-04-01"),
    "date_to": pd.Timestamp("2025-06-30"), "date_precision": "quarter", "metric": "gpus_leased", "value": 100.0,
    "low": np.nan, "high": np.nan, "unit": "GPUs", "bound": "exact", "reliability": "digest", "derived": False,
    "remark": "", "source_id": "before",
}  # fmt: skip
THIRD = {"date_from": pd.Timestamp("2025-07-01"), "date_to": pd.Timestamp("2025-09-30"), "source_id": "after"}
OWN_WORD = {"metric": "revenue_per_year", "unit": "USD", "reliability": "self-reported", "source_id": "own"}
INDEX = {"gpu_model": "H100", "index_name": "i", "tier": "t", "date_to": None, "usd_per_gpu_hour": 1.0}
#: Prices of one GPU doubled from the first quarter of 2025 to the third.
SCARCE = {
    "gpu_prices": prices(
        cloud(**on("2025-02-01"), usd_per_gpu_hour=1.0), cloud(**on("2025-08-01"), usd_per_gpu_hour=2.0)
    ),
    "gpu_price_indices": table(
        INDEX, {"date_to": "2025-02-01"}, {"date_to": "2025-08-01"}, days=("date_to",)
    ),
    "compute_availability": table(AVAILABLE, days=DAYS),
}  # fmt: skip

CASES = {
    "C1": (
        Case(
            "revenue of 400 to 600 billion USD reported for 2028, of 300 with servers",
            {"market_sizes": REPORTED},
            label="definition-ambiguous",
            primary="inconclusive",
            level=2,
            basis="secondary",
            estimate=Number(500e9, 400e9, 600e9, "USD", 2),
            evidence=(
                Seen("neutral", "s", date(2029, 2, 1)),
                Seen("neutral", "t", date(2029, 2, 1)),
                Seen("neutral", "maker", date(2025, 11, 1), vendor=True, says="500 billion USD"),
            ),
            observed_on=date(2029, 3, 31),
            source_values=(400e9, 480e9),
            support=Support(0.5, 0.5, 1.0, "market"),
            curve=Curve((300e9, 500e9), (0.5, 1.0), (False, True), 1),
            nearest_true=HOLDS,
        ),
        Case(
            "a forecast alone",
            {"market_sizes": table(SIZE, AHEAD)},
            label="not-reproducible",
            level=1,
            basis="secondary",
            evidence=(Seen("neutral", "maker", date(2025, 11, 1), vendor=True),),
            missing="missing",
        ),
    ),
    "C2": (
        Case(
            "a named network at 4 USD and another at 9, beside clouds at 10 and at 8",
            tables(
                on("2026-02-01", source_id="near"),
                on("2025-10-01", source_id="far", region="b"),
                {"provider": "spheron", "usd_per_gpu_hour": 9.0},
                cloud(),
                cloud(provider="azure", usd_per_gpu_hour=8.0),
            ),
            label="definition-ambiguous",
            primary="reproduced",
            level=3,
            basis="market",
            estimate=Number(100 * (1 - 4 / 9), 50.0, 60.0, "%", 2),
            evidence=(Seen("supports", "near", date(2026, 2, 1), says="55.6 %"),),
            observed_on=date(2025, 10, 1),
            source_values=(60.0, 50.0),
            support=Support(0.5, 0.5, 1.0, "networks"),
            curve=Curve(
                (18.75, 27.7778, 35.0, 50.0, 55.5556, 60.0),
                tuple(i / 6 for i in range(1, 7)),
                (False, False, False, True, True, True),
                4,
            ),
            nearest_true=HOLDS,
        ),
        Case(
            "a network that asks more than the cloud",
            tables({"usd_per_gpu_hour": 12.0}, cloud()),
            label="differs-opposite",
            level=3,
            basis="market",
            estimate=Number(-20.0, -20.0, -20.0, "%", 1),
            evidence=(Seen("contradicts", "s", AS_OF),),
            observed_on=AS_OF,
            source_values=(-20.0,),
            support=Support(0.0, 0.0, 0.0),
            curve=Curve((-20.0,), (1.0,), (False,), 0),
            nearest_true="the networks' prices would have to be 0.417 times what they are",
        ),
        Case(
            "no cloud that offers the form",
            tables({"form_factor": "PCIe"}, cloud()),
            label="not-reproducible",
            level=3,
            basis="market",
            missing="missing",
        ),
    ),
    "C3": (
        Case(
            "a network that spreads more, later is interrupted more, and a row of one side",
            {
                "compute_availability": table(
                    AVAILABLE,
                    {},
                    HYPERSCALER,
                    LATER | {"source_id": "late"},
                    LATER | HYPERSCALER | {"reported_by": "provider"},
                    {"metric": "downtime", "source_id": "one", "setting": "", "reported_by": "provider"},
                    days=DAYS,
                )
            },
            label="supported",
            level=1,
            basis="secondary",
            evidence=(
                Seen("supports", "n", date(2025, 12, 1)),
                Seen("supports", "late", date(2026, 2, 1), vendor=True),
                Seen("neutral", "one", date(2025, 12, 1), vendor=True),
            ),
            observed_on=date(2026, 2, 1),  # 10 days from the claim's date, not 52
            nearest_true=HOLDS,
        ),
        Case(
            "a network that spreads less",
            {"compute_availability": table(AVAILABLE, {"value": 1.2}, HYPERSCALER, days=DAYS)},
            label="contradicted",
            level=1,
            basis="secondary",
            evidence=(Seen("contradicts", "n", date(2025, 12, 1)),),
            observed_on=date(2025, 12, 1),
            nearest_true="no pair in which the network is the steadier",
        ),
        Case(
            "no row",
            {"compute_availability": table(AVAILABLE, days=DAYS)},
            label="not-reproducible",
            level=1,
            basis="secondary",
            missing="missing",
        ),
    ),
    "C4": (
        Case(
            "a thousandth of the largest run, and one run of roll-outs in 2025",
            {"training_runs": table(RUN, {}, SMALL, TUNED | {"decentralised": "partly"})},
            label="definition-ambiguous",
            primary="supported",
            level=2,
            basis="secondary",
            evidence=(
                Seen("supports", "small", date(2024, 7, 1), part=FRONTIER, says="0.1 % of the training compute"),
                Seen("supports", "tuned", date(2025, 5, 1), vendor=True, part=FINE_TUNING),
            ),
            observed_on=date(2025, 5, 1),
            support=Support(0.5, 0.5, 1.0, "roll-outs"),
            nearest_true=HOLDS,
        ),
        Case(
            "a fifth of the largest run, and no fine-tuning",
            {"training_runs": table(RUN, {}, SMALL | {"tokens": 2e14, "active_params": 1e10})},
            label="contradicted",
            level=1,
            basis="secondary",
            evidence=(
                Seen("contradicts", "small", date(2024, 7, 1), part=FRONTIER),
                Seen("contradicts", "train_compilation", part=FINE_TUNING),
            ),
            observed_on=date(2024, 7, 1),
            support=Support(0.0, 0.0, 0.0),
            nearest_true="no run that reached a tenth of the training compute of the largest run",
        ),
        Case(
            "no run of known size",
            {"training_runs": table(RUN, {"tokens": np.nan})},
            label="not-reproducible",
            level=1,
            basis="secondary",
            missing="missing",
        ),
    ),
    "C5": (
        Case(
            "clouds of 62 % and a maker of 70 to 90 %, whose indices are lower",
            {"market_shares": SHARES},
            label="definition-ambiguous",
            primary="reproduced",
            level=1,
            basis="secondary",
            estimate=Number(62.0, 62.0, 62.0, "%", 2),
            evidence=(
                Seen("supports", "clouds", date(2025, 9, 30), says="62 %"),
                Seen("supports", "chips", AS_OF, says="70 to 90 %"),
            ),
            observed_on=date(2025, 9, 30),
            source_values=(62.0, 62.0),
            # the clouds' index: 0.3², 0.2² and 0.12² alone, or with the rest as three more of 0.12 and one of 0.02
            support=Support(0.5, 0.5, 1.0, "measure"),
            curve=Curve((38.0, 100 * 0.188**0.5, 62.0), (0.25, 0.5, 1.0), (False, False, True), 2),
            nearest_true=HOLDS,
        ),
        Case(
            "a maker of less than half",
            {"market_shares": SHARES.assign(
                share_low=[0.3, 0.2, 0.12, 0.3], share_high=[0.3, 0.2, 0.12, 0.5], largest=["no", "no", "no", "yes"]
            )},
            label="inconclusive",
            level=1,
            basis="secondary",
            estimate=Number(40.0, 25.0, 55.0, "%", 2),
            evidence=(Seen("supports", "clouds", date(2025, 9, 30)), Seen("neutral", "chips", AS_OF)),
            observed_on=AS_OF,
            source_values=(30.0, 50.0),
            support=Support(0.0, 0.0, 0.0),
            curve=Curve((40.0,), (1.0,), (False,), 0),
            nearest_true="no admissible specification makes it true",
        ),
        Case(
            "no share of the maker",
            {"market_shares": SHARES.iloc[:3]},
            label="not-reproducible",
            level=1,
            basis="secondary",
            missing="missing",
        ),
    ),
    "C6": (
        Case(
            "twice as many GPUs leased while prices doubled",
            SCARCE | {"network_use": table(USE, {}, {"value": 200.0} | THIRD, OWN_WORD)},
            label="supported",
            level=1,
            basis="secondary",
            evidence=(
                Seen("supports", "after", date(2025, 9, 30), says="rose by 100 %"),
                Seen("neutral", "own", date(2025, 6, 30), vendor=True),
            ),
            observed_on=date(2025, 9, 30),
            nearest_true=HOLDS,
        ),
        Case(
            "a fifth of the capacity leased while prices doubled",
            SCARCE | {"network_use": table(
                USE, {"value": 200.0} | THIRD, {"value": 1000.0, "metric": "gpus_capacity"} | THIRD
            )},
            label="contradicted",
            level=1,
            basis="secondary",
            evidence=(Seen("contradicts", "after", date(2025, 9, 30), says="20 % of capacity leased"),),
            observed_on=date(2025, 9, 30),
            nearest_true="GPUs leased on a named network in two quarters",
        ),
        Case(
            "no use",
            SCARCE | {"network_use": table(USE, {}).iloc[:0]},
            label="not-reproducible",
            level=1,
            basis="secondary",
            missing="missing",
        ),
    ),
}  # fmt: skip
