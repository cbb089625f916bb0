"""Chapter on token returns: what the AI-crypto category returned in 2025 (claim R1)."""

from analysis.returns.category import (
    END,
    START,
    UNIVERSES,
    BreakEven,
    assess_r1,
    break_even,
    index_table,
    known_part,
    member_interval,
    source_envelope,
    window_returns,
)
from analysis.returns.index import buy_and_hold, closes_of

__all__ = [
    "END",
    "START",
    "UNIVERSES",
    "BreakEven",
    "assess_r1",
    "break_even",
    "buy_and_hold",
    "closes_of",
    "index_table",
    "known_part",
    "member_interval",
    "source_envelope",
    "window_returns",
]
