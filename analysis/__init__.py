"""Re-computation of the figures of one report, from observations to verdicts by rule.

Layers, from the ground up: `engine`, which knows no report; `tables`; the chapters, which never import one another;
`report`, which hands these to the engine; then the command line and the Sphinx extension. See the book's page on
methods.
"""

__version__ = "0.2.0"
