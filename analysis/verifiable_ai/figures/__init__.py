"""Figures of the chapter on verifiable AI, each a function of tables, with its text alternative beside it."""

from analysis.verifiable_ai.figures.cost import plane_figure, plane_figure_alt
from analysis.verifiable_ai.figures.inference import inference_figure, inference_figure_alt
from analysis.verifiable_ai.figures.law import (
    chained_figure,
    chained_figure_alt,
    law_figure,
    law_figure_alt,
    naive_figure,
    naive_figure_alt,
)
from analysis.verifiable_ai.figures.published import (
    overhead_figure,
    overhead_figure_alt,
    timeline_data,
    timeline_figure,
    timeline_figure_alt,
)

__all__ = [
    "chained_figure",
    "chained_figure_alt",
    "inference_figure",
    "inference_figure_alt",
    "law_figure",
    "law_figure_alt",
    "naive_figure",
    "naive_figure_alt",
    "overhead_figure",
    "overhead_figure_alt",
    "plane_figure",
    "plane_figure_alt",
    "timeline_data",
    "timeline_figure",
    "timeline_figure_alt",
]
