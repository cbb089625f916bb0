"""Chapter on token returns: what the AI-crypto category returned in 2025 (R1), and against the market (R2)."""

from analysis.returns.category import (
    BreakEven,
    assess_r1,
    break_even,
    explore_r1,
    index_table,
    interval_parts,
    member_interval,
    source_envelope,
)
from analysis.returns.definitions import other_questions, weight_coverage
from analysis.returns.index import buy_and_hold, closes_of
from analysis.returns.market import (
    assess_r2,
    benchmark_returns,
    common_movement,
    excess_returns,
    explore_r2,
    label_permutation,
    market_levels,
    outside_ai,
    outside_closes,
    outside_summary,
)
from analysis.returns.windows import (
    END,
    JANUARY,
    SINGLE_SOURCE_QUANTILE,
    START,
    UNIVERSES,
    known_part,
    window_returns,
    with_sources,
)

__all__ = [
    "END",
    "JANUARY",
    "SINGLE_SOURCE_QUANTILE",
    "START",
    "UNIVERSES",
    "BreakEven",
    "assess_r1",
    "assess_r2",
    "benchmark_returns",
    "break_even",
    "buy_and_hold",
    "closes_of",
    "common_movement",
    "excess_returns",
    "explore_r1",
    "explore_r2",
    "index_table",
    "interval_parts",
    "known_part",
    "label_permutation",
    "market_levels",
    "member_interval",
    "other_questions",
    "outside_ai",
    "outside_closes",
    "outside_summary",
    "source_envelope",
    "weight_coverage",
    "window_returns",
    "with_sources",
]
