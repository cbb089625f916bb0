"""Figures of the chapter on returns, each a function of tables, with its text alternative beside it."""

from analysis.returns.figures.category import (
    LONGEST_BAR_PCT,
    bars_of,
    change,
    index_lines,
    index_lines_alt,
    token_bars,
    token_bars_alt,
)
from analysis.returns.figures.episodes import bsadf_line, bsadf_line_alt, drawdown_lines, drawdown_lines_alt
from analysis.returns.figures.market import beta_lines, beta_lines_alt, excess_bars, excess_bars_alt

__all__ = [
    "LONGEST_BAR_PCT",
    "bars_of",
    "beta_lines",
    "beta_lines_alt",
    "bsadf_line",
    "bsadf_line_alt",
    "change",
    "drawdown_lines",
    "drawdown_lines_alt",
    "excess_bars",
    "excess_bars_alt",
    "index_lines",
    "index_lines_alt",
    "token_bars",
    "token_bars_alt",
]
