"""Multiverse analysis: one question under all its admissible definitions, and how far the answer turns on them."""

from analysis.engine.multiverse.explore import (
    Factor,
    Multiverse,
    Rule,
    UnbalancedError,
    UncomputableError,
    explore,
    explore_outcomes,
    inside,
    pointwise,
)
from analysis.engine.multiverse.question import (
    HOLDS,
    NOT_COUNTED,
    SETTLED,
    Question,
    alternatives_of,
    bearing,
    combinations_of,
    factors_of,
    meaning,
    meanings,
    primary_of,
    tallied,
    verdict_of,
)
