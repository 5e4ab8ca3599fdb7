"""The shape of the simulator's answers, and how much one call takes.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prove_on_aws.lab import allow
from prove_on_aws.probe import Probe
from prove_on_aws.probes.simulation import controlled, seconds_until_simulated, simulate, simulate_pages
from prove_on_aws.verdicts import access, simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prove_on_aws.lab import Lab
    from prove_on_aws.outcome import Finding

_DENIED: Final = "ecr:PutImage"
_UNSAID: Final = "ecr:DeleteRepository"
_PULL: Final = "ecr:BatchGetImage"
_WINDOW: Final = 60.0
_GROWING: Final = (100, 400, 1600)


def _run(lab: Lab) -> Iterator[tuple[str, Finding]]:
    named = lab.repository_named(f"{lab.run}-absent")
    deny = {"Effect": "Deny", "Action": _DENIED, "Resource": "*"}
    text = controlled(allow(_PULL, on=named.arn), allow(_DENIED), deny)
    role = lab.role("answers", policies={"answers": text})
    yield "iam-propagation", access.within(seconds_until_simulated(lab, role.arn), window=_WINDOW)
    three = {_PULL: "allowed", _UNSAID: "implicitDeny", _DENIED: "explicitDeny"}
    yield "simulator-decisions", simulator.decides(simulate(lab, role.arn, list(three), [named.arn]), three)

    actions = list(three)
    several = [named.arn, f"{named.arn}-2", f"{named.arn}-3"]
    yield (
        "simulator-several-resources",
        simulator.answers_all(simulate(lab, role.arn, actions, several), actions, several),
    )
    pages = simulate_pages(lab, role.arn, actions, several, a_page=1)
    yield "simulator-pages", simulator.pages(pages, actions)

    asked = []
    for number in _GROWING:
        many = [f"{named.arn}-{index}" for index in range(number)]
        asked.append((many, simulate(lab, role.arn, [_PULL], many)))
        if not asked[-1][1].accepted:
            break
    many, reply = asked[0]
    yield "simulator-hundred-resources", simulator.answers_all(reply, [_PULL], many)
    yield "simulator-too-many-resources", simulator.refuses_too_many(asked, _PULL)


PROBE: Final = Probe(
    "the simulator's answers",
    (
        "iam-propagation",
        "simulator-decisions",
        "simulator-several-resources",
        "simulator-pages",
        "simulator-hundred-resources",
        "simulator-too-many-resources",
    ),
    makes="a role",
    usual=30,
    at_most=180,
    run=_run,
)
