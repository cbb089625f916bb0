"""Re-computation of the figures of one report, from observations to verdicts by rule.

Layers, from the ground up: `data` and `claims`; then the chapters, which never import one another; then `ledger`;
then the command line, the site and the notebooks. See the book's page on methods.
"""

import time

__version__ = "0.2.0"

#: When this process began to load the package. What it has loaded of a file that is changed later is not what is in it.
LOADED_NS = time.time_ns()
