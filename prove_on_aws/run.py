"""Runs probes one after the other, and removes what each has made before the next begins."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from prove_on_aws.lab import Lab, NeedsError
from prove_on_aws.outcome import Outcome, skipped
from prove_on_aws.removal import StillThereError, in_order, remove
from prove_on_aws.sessions import CannotRunError
from prove_on_aws.signals import InterruptedRunError, deferring_signals
from prove_on_aws.waiting import Deadline, TookTooLongError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from prove_on_aws.journal import Journal, Resource
    from prove_on_aws.options import Options
    from prove_on_aws.outcome import Finding
    from prove_on_aws.probe import Probe
    from prove_on_aws.report import Report
    from prove_on_aws.sessions import Caller, Session

_ON_ITS_WAY: Final = 1.0


class Runner:
    """One run."""

    def __init__(self, session: Session, caller: Caller, journal: Journal, options: Options, report: Report) -> None:
        """Take what every probe shares."""
        self._session = session
        self._caller = caller
        self._journal = journal
        self._options = options
        self._report = report

    def try_all(self, probes: Sequence[Probe], run: str, found: dict[str, Finding]) -> None:
        """Run the probes, and add each finding as soon as it is known; a signal ends this, removals made."""
        for number, probe in enumerate(probes, start=1):
            self._report.say(f"{number}/{len(probes)} {probe.name} (at most {probe.at_most:.0f} s)")
            began = time.monotonic()
            lab = Lab(self._session, self._caller, self._journal, run, self._options, Deadline(probe.at_most))
            try:
                reason = self._try(probe, lab, found)
            except InterruptedRunError:
                self.remove(lab.made, self._removing(lab))
                # A request that was on its way when the signal came is carried out all the same.
                time.sleep(_ON_ITS_WAY)
                raise
            finally:
                self.remove(lab.made, self._removing(lab))
            for name in probe.tries:
                if name not in found:
                    found[name] = skipped(reason)
                    self._report.finding(name, found[name])
            self._report.say(f"    {time.monotonic() - began:.0f} s, the removal included")

    def remove(self, resources: Iterable[Resource], session_of: Callable[[Resource], Session] | None = None) -> None:
        """Remove resources, each as soon as nothing needs it any more; signals wait until that is done."""
        every = in_order(dict.fromkeys(resources))
        if every:
            with deferring_signals("removing what was made: please wait"):
                for one in every:
                    self._remove(session_of(one) if session_of else self._session, one)

    def _remove(self, session: Session, resource: Resource) -> None:
        try:
            remove(session, resource)
        except StillThereError as error:
            self._report.say(f"    not removed: {resource.kind} {resource.name}: {error}", "bold red")
        else:
            self._journal.removed(resource)

    def _removing(self, lab: Lab) -> Callable[[Resource], Session]:
        others = {other.caller.account: other.session for other in lab.others}
        return lambda one: others.get(one.account, self._session)

    def _try(self, probe: Probe, lab: Lab, found: dict[str, Finding]) -> str:
        """Run one probe; return why it found no more than it did."""
        try:
            for name, finding in probe.run(lab):
                found[name] = finding
                self._report.finding(name, finding)
        except (NeedsError, CannotRunError) as error:
            return f"needs {error}"
        except TookTooLongError as error:
            return f"not tried to the end: {error}"
        except (BotoCoreError, ClientError) as error:
            return f"not tried to the end: {error}"
        except Exception as error:  # noqa: BLE001 -- one probe's error is no reason to leave the others out
            return f"the probe failed: {type(error).__name__}: {error}"
        return "the probe said nothing of it"


def exit_code(found: dict[str, Finding], left: Iterable[Resource]) -> int:
    """Return 1 if an assumption is refuted; 2 if something is left, or nothing could be tried; else 0."""
    outcomes = {one.outcome for one in found.values()}
    if Outcome.REFUTED in outcomes:
        return 1
    return 0 if Outcome.HELD in outcomes and not list(left) else 2
