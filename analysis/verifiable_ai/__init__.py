"""Chapter on verifiable AI: how long a proof of a model of GPT-2's size takes (V1) and what it costs (V2)."""

from analysis.verifiable_ai.cost import (
    Needs,
    alternatives_v2,
    assess_v2,
    cheapest,
    costs,
    efficiency_at,
    explore_v2,
    implied_price,
    joint_region,
    machines_between,
    with_efficiency,
)
from analysis.verifiable_ai.literature import alternatives_v1, assess_v1, explore_v1, full_passes, systems
from analysis.verifiable_ai.overhead import overhead_summary, overheads
from analysis.verifiable_ai.progress import best_by_date, publications, spells, trend

__all__ = [
    "Needs",
    "alternatives_v1",
    "alternatives_v2",
    "assess_v1",
    "assess_v2",
    "best_by_date",
    "cheapest",
    "costs",
    "efficiency_at",
    "explore_v1",
    "explore_v2",
    "full_passes",
    "implied_price",
    "joint_region",
    "machines_between",
    "overhead_summary",
    "overheads",
    "publications",
    "spells",
    "systems",
    "trend",
    "with_efficiency",
]
