"""Figures of the chapter on data marketplaces, each a function of tables, with its text alternative beside it."""

from analysis.data_marketplaces.figures.economics import rows_of, unit_figure, unit_figure_alt
from analysis.data_marketplaces.figures.published import timeline_figure, timeline_figure_alt
from analysis.data_marketplaces.figures.weights import (
    doubling_figure,
    doubling_figure_alt,
    model_figure,
    model_figure_alt,
)

__all__ = [
    "doubling_figure",
    "doubling_figure_alt",
    "model_figure",
    "model_figure_alt",
    "rows_of",
    "timeline_figure",
    "timeline_figure_alt",
    "unit_figure",
    "unit_figure_alt",
]
