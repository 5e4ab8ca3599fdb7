"""``python -m ecr_access``, which is ``ecr-access``."""

import sys

from ecr_access.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
