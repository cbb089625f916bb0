"""The engine: from tables and claims to verdicts, words, figures and a site; it knows no report.

From the ground up: `data`, `words`, `claims`, `multiverse` and `inference`, `ledger`, `diff`, `site`.
"""

import time

#: When this process began to load the engine. What it has loaded of a file that is changed later is not what is in it.
LOADED_NS = time.time_ns()
