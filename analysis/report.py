"""The report of January 2026 on AI and crypto, as the engine is handed it."""

from pathlib import Path

from analysis.engine.data.report import Report

REPORT = Report(
    package="analysis",
    root=Path(__file__).resolve().parents[1],
    name="ai-crypto-convergence-recomputed",
    title="Observations behind the re-computed figures of one report",
    tables=(
        "analysis.tables.token_prices",
        "analysis.tables.proving",
        "analysis.tables.machines",
        "analysis.tables.gpu",
        "analysis.tables.gpu_throughput",
        "analysis.tables.bootstrap",
        "analysis.tables.networks",
        "analysis.tables.interruptions",
        "analysis.tables.training",
        "analysis.tables.market",
        "analysis.tables.marketplaces",
        "analysis.tables.agents",
        "analysis.tables.tokens",
    ),
    assessors={
        "R1": "analysis.returns.category:assess_r1",
        "R2": "analysis.returns.market:assess_r2",
        "C1": "analysis.compute.market_size.forecast:assess_c1",
        "C2": "analysis.compute.price.discount:assess_c2",
        "C3": "analysis.compute.steadiness.steadiness:assess_c3",
        "C4": "analysis.compute.training.runs:assess_c4",
        "C5": "analysis.compute.concentration.shares:assess_c5",
        "C6": "analysis.compute.scarcity.scarcity:assess_c6",
        "D1": "analysis.data_marketplaces.published:assess_d1",
        "D2": "analysis.data_marketplaces.published:assess_d2",
        "D3": "analysis.data_marketplaces.payments:assess_d3",
        "D4": "analysis.data_marketplaces.properties:assess_d4",
        "A1": "analysis.agents.value:assess_a1",
        "A2": "analysis.agents.results:assess_a2",
        "A3": "analysis.agents.cases:assess_a3",
        "V1": "analysis.verifiable_ai.published.literature:assess_v1",
        "V2": "analysis.verifiable_ai.published.cost:assess_v2",
        "V3": "analysis.verifiable_ai.unproved.unproved:assess_v3",
        "V4": "analysis.verifiable_ai.hidden_weights.private:assess_v4",
    },
    reference="nakamura2026",
    first_day="2009-01-03",  # Bitcoin's first block
    commands={
        "measure-zkml": (
            "analysis.verifiable_ai.measure.command",
            "prove inferences of small networks on this machine and write what it took to a table",
        )
    },
)
