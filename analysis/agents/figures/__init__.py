"""Figures of the chapter on agents, each a function of tables."""

from analysis.agents.figures.skill import skill_figure
from analysis.agents.figures.value import waterfall_figure

__all__ = ["skill_figure", "waterfall_figure"]
