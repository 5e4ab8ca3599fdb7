"""The command: ``python -m prove_on_aws [--yes]``."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from prove_on_aws.assumptions import assumptions
from prove_on_aws.journal import Journal, JournalError
from prove_on_aws.leftovers import leftovers
from prove_on_aws.names import run_name
from prove_on_aws.options import read_options
from prove_on_aws.outcome import skipped
from prove_on_aws.page import page
from prove_on_aws.probes import PROBES
from prove_on_aws.report import Report, write_json
from prove_on_aws.run import Runner, exit_code
from prove_on_aws.sessions import CannotRunError, open_session
from prove_on_aws.signals import InterruptedRunError, raising_signals

if TYPE_CHECKING:
    from prove_on_aws.options import Options
    from prove_on_aws.outcome import Finding
    from prove_on_aws.probe import Probe
    from prove_on_aws.sessions import Caller, Session

_COULD_NOT_RUN = 2


def main(arguments: list[str] | None = None) -> int:
    """Try the assumptions; return the exit status."""
    options = read_options(arguments)
    if options.page:
        sys.stdout.write(page())
        return 0
    report = Report()
    try:
        with raising_signals():
            return _run(options, report)
    except (CannotRunError, JournalError, BotoCoreError, ClientError) as error:
        sys.stderr.write(f"error: {error}\n")
        return _COULD_NOT_RUN
    except InterruptedRunError as error:
        left = "the next run removes what is left" if options.journal.exists() else "all that was made is removed"
        report.say(f"interrupted by {error}; {left}")
        return error.exit_code


def _run(options: Options, report: Report) -> int:
    probes = _chosen(options)
    session, caller = open_session(profile=options.profile, region=options.region)
    with Journal(options.journal) as journal:
        runner = Runner(session, caller, journal, options, report)
        _clean(runner, session, caller, journal, options, report)
        if options.second_profile:
            second = open_session(profile=options.second_profile, region=caller.region)
            _clean(runner, *second, journal, options, report)
        if options.clean:
            return _COULD_NOT_RUN if journal.left else 0
        run = run_name()
        report.plan(caller, probes, run)
        if not _agreed(options, "try the assumptions"):
            raise CannotRunError("nothing was made: the answer was not 'yes'")
        found: dict[str, Finding] = {}
        try:
            runner.try_all(probes, run, found)
        finally:
            # What one probe's removal did not get done.
            runner.remove([one for one in journal.left if run in one.name and one.account == caller.account])
        untried = {one.id: skipped(one.untried) for one in assumptions() if one.untried and not options.only}
        report.table({**found, **untried})
        if options.json:
            write_json(options.json, {**found, **untried})
        if journal.left:
            report.listing("left behind; the next run tries again to remove:", journal.left)
        return exit_code(found, journal.left)


def _clean(  # noqa: PLR0917 -- what a run has
    runner: Runner, session: Session, caller: Caller, journal: Journal, options: Options, report: Report
) -> None:
    """Remove what earlier runs left, once it was shown."""
    old = leftovers(session, caller, journal, now=time.time())
    if not old:
        if options.clean:
            report.say("earlier runs left nothing behind")
        return
    report.listing("left behind by an earlier run:", old)
    if _agreed(options, "remove them"):
        runner.remove(old, lambda _: session)


def _agreed(options: Options, what: str) -> bool:
    if options.yes:
        return True
    if not sys.stdin.isatty():
        raise CannotRunError(f"no terminal to ask on whether to {what}: give --yes")
    return input(f"{what}? type yes: ").strip() == "yes"


def _chosen(options: Options) -> list[Probe]:
    known = {name for probe in PROBES for name in probe.tries}
    if unknown := set(options.only) - known:
        raise CannotRunError(f"no probe tries {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")
    return [probe for probe in PROBES if not options.only or set(probe.tries) & set(options.only)]


if __name__ == "__main__":
    sys.exit(main())
