"""Command line: ``python -m analysis COMMAND``; ``--help`` lists the commands."""

import sys

from analysis.engine.cli import main

if __name__ == "__main__":
    sys.exit(main())
