"""Planted figures, results and cases of agents."""

from datetime import date

import pandas as pd

from analysis.engine.claims import Curve, Support
from tests.agents.worlds import cases, results, values
from tests.contract import HOLDS, Case, Number, Seen

NO_TOKENS = {
    "tokens": pd.DataFrame(columns=["symbol", "name", "membership", "vertical"]),
    "token_prices": pd.DataFrame({"date": pd.to_datetime([]), "symbol": [], "close_usd": []}),
    "token_supplies": pd.DataFrame({"date": pd.to_datetime([]), "symbol": [], "circulating_supply": [], "basis": []}),
}
#: Worth what A1 asserts on its day.
TOKENS = {
    "tokens": pd.DataFrame({"symbol": ["T"], "name": ["T"], "membership": ["core"], "vertical": ["agents"]}),
    "token_prices": pd.DataFrame({"date": pd.to_datetime(["2026-01-22"]), "symbol": ["T"], "close_usd": [2.4]}),
    "token_supplies": pd.DataFrame(
        {"date": pd.to_datetime(["2026-01-01"]), "symbol": ["T"], "circulating_supply": [1e9], "basis": ["dated"]}
    ),
}
HELD = {
    "protocol": "Held", "tier": "agent-held", "value": 1e9, "low": 0.9e9, "high": 1.2e9, "source_id": "held",
    "observed_from": "2026-01-01", "observed_to": "2026-01-01",
}  # fmt: skip
GIVEN = {
    "protocol": "Given", "value": 1.3e9, "reliability": "promotional", "vendor": True, "source_id": "given",
    "observed_from": "2025-12-01", "observed_to": "2025-12-01",
}  # fmt: skip
TOTAL = {"protocol": "all", "scope": "total", "value": 2e9, "source_id": "total"}
OLD = {"observed_from": "2025-01-01", "observed_to": "2025-01-01"}

ACTS = (
    {"activity": "trades", "framework": "Virtuals", "source_id": "v"},
    {"activity": "DeFi positions", "framework": "Autonolas", "source_id": "o", "vendor": True},
    {"activity": "governing DAOs", "framework": "ElizaOS", "source_id": "e"},
)
DAY = date(2025, 6, 1)

CASES = {
    "A1": (
        Case(
            "1 billion USD held and 1.3 billion delegated, beside a total by others",
            {"agent_values": values(HELD, GIVEN, TOTAL), **NO_TOKENS},
            label="definition-ambiguous",
            primary="reproduced",
            level=3,
            basis="secondary",
            estimate=Number(2.3e9, 2.2e9, 2.5e9, "USD", 2),
            evidence=(
                Seen("neutral", "given", date(2025, 12, 1), vendor=True),
                Seen("neutral", "held", date(2026, 1, 1)),
                Seen("supports", "total", date(2026, 1, 22)),
            ),
            observed_on=date(2025, 12, 1),  # of the larger
            source_values=(2.2e9, 2.5e9, 2e9),
            reliability={"primary": 1e9, "promotional": 1.3e9},
            support=Support(0.5, 0.5, 1.0, "tier"),
            curve=Curve((1e9, 2.3e9), (0.5, 1.0), (False, True), 1),
            nearest_true=HOLDS,
        ),
        Case(
            "half a billion, and tokens that are worth what is asserted",
            {"agent_values": values(GIVEN | {"value": 5e8, "reliability": "primary"}), **TOKENS},
            label="differs-smaller",
            level=3,
            basis="secondary",
            estimate=Number(5e8, 5e8, 5e8, "USD", 1),
            evidence=(Seen("neutral", "given", date(2025, 12, 1), vendor=True),),
            observed_on=date(2025, 12, 1),
            source_values=(5e8, 5e8),
            reliability={"primary": 5e8},
            support=Support(0.0, 0.0, 0.0),
            curve=Curve((5e8,), (1.0,), (False,), 0),
            nearest_true="the tokens of agents in our tables were worth 2.4 billion USD",
        ),
        Case(
            "a figure of a year before",
            {"agent_values": values(HELD | OLD), **NO_TOKENS},
            label="not-reproducible",
            level=3,
            basis="secondary",
            missing="missing",
        ),
    ),
    "A2": (
        Case(
            "ten years that did better, a short record that did not, and a vendor's",
            {
                "agent_results": results(
                    {"source_id": "long"},
                    {"source_id": "short", "record_from": "2025-11-01", "beat_alternative": "no"},
                    {"source_id": "own", "vendor": True},
                )
            },
            label="definition-ambiguous",
            primary="supported",
            level=1,
            basis="secondary",
            evidence=(
                Seen("supports", "long", date(2025, 12, 31)),
                Seen("neutral", "short", date(2025, 12, 31)),
                Seen("neutral", "own", date(2025, 12, 31), vendor=True),
            ),
            support=Support(0.5, 0.5, 1.0, "length"),
            nearest_true=HOLDS,
        ),
        Case(
            "a vendor's word alone",
            {"agent_results": results({"vendor": True})},
            label="inconclusive",
            level=1,
            basis="secondary",
            evidence=(Seen("neutral", "s", date(2025, 12, 31), vendor=True),),
            nearest_true="a public record in real money, net of costs and ended by 22 Jan 2026",
        ),
        Case(
            "no result",
            {"agent_results": results({}).iloc[:0]},
            label="not-reproducible",
            level=1,
            basis="secondary",
            missing="missing",
        ),
    ),
    "A3": (
        Case(
            "one act of each framework, each of another activity",
            {"agent_cases": cases(*ACTS)},
            label="definition-ambiguous",
            primary="supported",
            level=2,
            basis="secondary",
            evidence=tuple(
                Seen("supports", act["source_id"], DAY, "vendor" in act, act[part])
                for act in ACTS
                for part in ("activity", "framework")
            ),
            support=Support(0.5, 0.5, 1.0, "extent"),
            nearest_true=HOLDS,
        ),
        Case(
            "a vote as a delegate",
            {"agent_cases": cases(*ACTS[:2], ACTS[2] | {"through_delegate": True})},
            label="inconclusive",
            level=2,
            basis="secondary",
            evidence=tuple(
                Seen("supports" if act is not ACTS[2] else "neutral", act["source_id"], DAY, "vendor" in act, act[part])
                for act in ACTS
                for part in ("activity", "framework")
            ),
            nearest_true="a case by 22 Jan 2026 for each of governing DAOs, ElizaOS: an identified agent",
        ),
        Case(
            "nothing of one framework",
            {"agent_cases": cases(ACTS[0] | {"doing": "described"}, ACTS[1])},
            label="not-reproducible",
            level=1,
            basis="secondary",
            evidence=(
                Seen("neutral", "v", DAY, part="trades"),
                Seen("neutral", "v", DAY, part="Virtuals"),
                Seen("supports", "o", DAY, True, "DeFi positions"),
                Seen("supports", "o", DAY, True, "Autonolas"),
            ),
            missing="missing",
        ),
    ),
}
