"""Chapter on token returns: what the AI-crypto category returned in 2025 (claim R1)."""

from analysis.returns.category import (
    END,
    JANUARY,
    START,
    UNIVERSES,
    BreakEven,
    assess_r1,
    break_even,
    index_table,
    interval_parts,
    known_part,
    member_interval,
    source_envelope,
    window_returns,
    with_sources,
)
from analysis.returns.index import buy_and_hold, closes_of

__all__ = [
    "END",
    "JANUARY",
    "START",
    "UNIVERSES",
    "BreakEven",
    "assess_r1",
    "break_even",
    "buy_and_hold",
    "closes_of",
    "index_table",
    "interval_parts",
    "known_part",
    "member_interval",
    "source_envelope",
    "window_returns",
    "with_sources",
]
