"""The access check from a terminal: what the deployed function runs, with the caller's own credentials.

The function's code is an asset and no part of this package: it is found where it lies, under ``runtime/``.
"""

import sys
from pathlib import Path

_RUNTIME = str(Path(__file__).parents[1] / "runtime")
if _RUNTIME not in sys.path:
    sys.path.append(_RUNTIME)
