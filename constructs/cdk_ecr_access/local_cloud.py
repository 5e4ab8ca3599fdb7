"""The former name of ``ecr-access local``: ``python -m cdk_ecr_access.local_cloud``."""

import sys

from ecr_access.cli.main import former

if __name__ == "__main__":
    sys.exit(former("cdk_ecr_access.local_cloud", "local"))
