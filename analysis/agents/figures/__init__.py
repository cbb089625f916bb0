"""Figures of the chapter on agents, each a function of tables, with its text alternative beside it."""

from analysis.agents.figures.skill import skill_figure, skill_figure_alt
from analysis.agents.figures.value import waterfall_figure, waterfall_figure_alt

__all__ = ["skill_figure", "skill_figure_alt", "waterfall_figure", "waterfall_figure_alt"]
