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
)
from analysis.engine.multiverse.question import (
    HOLDS,
    NOT_COUNTED,
    Question,
    alternatives_of,
    bearing,
    combinations_of,
    factors_of,
    meaning,
    meanings,
    primary_of,
    tallied,
)

__all__ = [
    "HOLDS",
    "NOT_COUNTED",
    "Factor",
    "Multiverse",
    "Question",
    "Rule",
    "UnbalancedError",
    "alternatives_of",
    "bearing",
    "combinations_of",
    "explore",
    "explore_outcomes",
    "factors_of",
    "inside",
    "meaning",
    "meanings",
    "pointwise",
    "primary_of",
    "tallied",
]
