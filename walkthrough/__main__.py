"""The walkthrough's command: ``python -m walkthrough [--keep | --picture FILE]`` in the checkout."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from ecr_access.local_cloud import LocalCloudError
from ecr_access.local_cloud.signals import INTERRUPTED, unwinding_signals
from ecr_access.manifest import ManifestError
from walkthrough.expect import StepFailedError
from walkthrough.keep import keep
from walkthrough.picture import recorder, save
from walkthrough.report import Report
from walkthrough.steps.deny import deny
from walkthrough.steps.deploy import deploy
from walkthrough.steps.destroy import destroy
from walkthrough.steps.missing_image import miss
from walkthrough.steps.push import push
from walkthrough.steps.push_too_early import push_too_early
from walkthrough.steps.recheck import recheck
from walkthrough.steps.start import start
from walkthrough.steps.stop import require_stopped
from walkthrough.walk import Walk, read_target


def main(arguments: list[str] | None = None) -> int:
    """Take the eight steps; return 0 if each did what it says."""
    parser = argparse.ArgumentParser(prog="python -m walkthrough", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave the cloud running and print how to use it")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="write what is printed to an SVG file too")
    options = parser.parse_args(arguments)
    picture = recorder() if options.picture else None
    report = Report(picture)
    try:
        with unwinding_signals():
            _walk(report, keeping=options.keep)
        if picture:
            save(picture, options.picture)
    except (LocalCloudError, ManifestError, StepFailedError) as error:
        report.say(f"error: {error}")
        return 1
    except (BotoCoreError, ClientError, OSError) as error:  # requests' errors are of OSError
        report.say(f"error: {type(error).__name__}: {error}")
        return 1
    except (KeyboardInterrupt, SystemExit) as end:
        report.say("the embedded cloud is stopped and its files are removed")
        return end.code if isinstance(end, SystemExit) and isinstance(end.code, int) else INTERRUPTED
    return 0


def _walk(report: Report, *, keeping: bool) -> None:
    target = read_target()
    with ExitStack() as cleanup:
        cloud = start(report, cleanup)
        walk = Walk(cloud, report, target)
        try:
            for step in (push_too_early, deploy, push, deny, miss, recheck, keep if keeping else destroy):
                step(walk)
        except Exception:
            cloud.require_alive(patience=0.5)  # its end explains whatever a step ran into
            raise
    if keeping:
        return
    require_stopped(cloud)
    report.say("the embedded cloud is stopped: no process, no port and no file of it is left")


if __name__ == "__main__":
    sys.exit(main())
