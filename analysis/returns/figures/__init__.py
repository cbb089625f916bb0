"""Figures of the chapter on returns, each a function of tables."""

from analysis.returns.figures.category import index_lines, token_bars
from analysis.returns.figures.episodes import bsadf_line, drawdown_lines
from analysis.returns.figures.market import beta_lines, excess_bars

__all__ = ["beta_lines", "bsadf_line", "drawdown_lines", "excess_bars", "index_lines", "token_bars"]
