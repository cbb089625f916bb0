"""Multiverse analysis: one question under all its admissible definitions, and how far the answer turns on them."""

from analysis.engine.multiverse.explore import (
    Factor,
    Multiverse,
    Rule,
    UnbalancedError,
    explore,
    explore_outcomes,
    inside,
    pointwise,
    weighed,
)

__all__ = [
    "Factor",
    "Multiverse",
    "Rule",
    "UnbalancedError",
    "explore",
    "explore_outcomes",
    "inside",
    "pointwise",
    "weighed",
]
