"""The program's name in advice to operators: as it was started, or «denta»."""

import os

PROGRAM = os.environ.get("DENTA_PROGRAM", "denta")
"""Set by the script that `make` puts into `.venv/bin`, e.g. «.venv/bin/denta», so that advice can be copied and pasted."""
