"""Re-computation of the figures of one report, from observations to verdicts by rule.

Layers, from the ground up: `data` and `claims`; then the chapters, which never import one another; then `ledger`;
then the command line, the site and the notebooks. See the book's page on methods.
"""

__version__ = "0.1.0"
