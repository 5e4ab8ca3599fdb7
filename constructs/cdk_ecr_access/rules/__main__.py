"""Starts the command: ``python -m cdk_ecr_access.rules``."""

from __future__ import annotations

import sys

from cdk_ecr_access.rules.terminal.command import main

if __name__ == "__main__":
    sys.exit(main())
