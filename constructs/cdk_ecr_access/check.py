"""The former name of ``ecr-access check``: ``python -m cdk_ecr_access.check``."""

import sys

from ecr_access.cli.main import former

if __name__ == "__main__":
    sys.exit(former("cdk_ecr_access.check", "check"))
