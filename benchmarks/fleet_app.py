"""One synthesis of a fleet: ``python -m benchmarks.fleet_app VARIANT COUNT`` prints its figures as JSON.

So many repositories in stacks of 400, each pulled from by one role of another account and pushed to by another one.
"""

from __future__ import annotations

import json
import sys
import tempfile
from typing import Final

from aws_cdk import App, Environment, Stack

from benchmarks import used
from benchmarks.synth_app import ACCOUNT, REGION, declare

STACK: Final = 400


def main(variant: str, count: int) -> dict[str, float]:
    """Synthesize, and report the seconds of the processors and the most memory that it took, imports left out."""
    with tempfile.TemporaryDirectory() as folder:
        before = used.seconds()
        app = App(outdir=folder)
        for number, first in enumerate(range(0, count, STACK)):
            stack = Stack(app, f"Images{number}", env=Environment(account=ACCOUNT, region=REGION))
            declare(stack, variant, range(first, min(first + STACK, count)))
        app.synth()
        return {"seconds": used.seconds() - before, "megabytes": used.megabytes()}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
