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
from analysis.engine.multiverse.question import (
    HOLDS,
    NOT_COUNTED,
    Question,
    bearing,
    factors_of,
    meaning,
    meanings,
    primary_of,
)

__all__ = [
    "HOLDS",
    "NOT_COUNTED",
    "Factor",
    "Multiverse",
    "Question",
    "Rule",
    "UnbalancedError",
    "bearing",
    "explore",
    "explore_outcomes",
    "factors_of",
    "inside",
    "meaning",
    "meanings",
    "pointwise",
    "primary_of",
    "weighed",
]
