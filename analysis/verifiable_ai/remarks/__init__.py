"""Sentences of the chapter that data decide, each composed from the tables that it is about."""

from analysis.verifiable_ai.remarks.opening import in_short
from analysis.verifiable_ai.remarks.proving import (
    bar,
    drift,
    forms,
    ladder_table,
    memory,
    mixture,
    naive,
    privacy,
    reach,
    slope,
    tampering,
    two_counts,
)
from analysis.verifiable_ai.remarks.published import (
    both,
    conventions,
    excluded,
    overhead,
    parts,
    spell,
    support_by,
    trend,
    uncounted,
)
from analysis.verifiable_ai.remarks.unproved import break_even, gpu, left_out, quiet

__all__ = [
    "bar",
    "both",
    "break_even",
    "conventions",
    "drift",
    "excluded",
    "forms",
    "gpu",
    "in_short",
    "ladder_table",
    "left_out",
    "memory",
    "mixture",
    "naive",
    "overhead",
    "parts",
    "privacy",
    "quiet",
    "reach",
    "slope",
    "spell",
    "support_by",
    "tampering",
    "trend",
    "two_counts",
    "uncounted",
]
