"""Figures of the chapter on data marketplaces, each a function of tables."""

from analysis.data_marketplaces.figures.economics import rows_of, unit_figure
from analysis.data_marketplaces.figures.published import timeline_figure
from analysis.data_marketplaces.figures.weights import doubling_figure, model_figure

__all__ = ["doubling_figure", "model_figure", "rows_of", "timeline_figure", "unit_figure"]
