"""Calls from a second account, which need its credentials.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from prove_on_aws.lab import NeedsError, allow, document
from prove_on_aws.probe import Probe
from prove_on_aws.reply import ask
from prove_on_aws.sessions import open_session
from prove_on_aws.verdicts import access

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prove_on_aws.lab import Lab
    from prove_on_aws.outcome import Finding
    from prove_on_aws.reply import Reply

_PULL: Final = "ecr:BatchGetImage"
_LIST: Final = "ecr:ListImages"
_DESCRIBE: Final = "ecr:DescribeImages"


def _run(lab: Lab) -> Iterator[tuple[str, Finding]]:
    profile = lab.options.second_profile
    if not profile:
        raise NeedsError("a second account: --second-profile NAME")
    session, caller = open_session(profile=profile, region=lab.caller.region)
    if caller.account == lab.caller.account:
        raise NeedsError(f"--second-profile {profile} is of the same account {caller.account}")
    # What is made there is in the same journal and the same list.
    other = replace(lab, session=session, caller=caller)
    lab.others.append(other)
    role = other.role("foreign", policies={"own": document(allow(_PULL, _LIST))})
    repository = lab.repository("shared")
    ecr = other.assume(role).client("ecr")
    trusted = {
        "Effect": "Allow",
        "Principal": {"AWS": other.root},
        "Action": [_LIST, _DESCRIBE],
        "Condition": {"ArnEquals": {"aws:PrincipalArn": role.arn}},
    }
    lab.set_policy(repository, trusted)
    named = {"registryId": lab.caller.account, "repositoryName": repository.name}

    def listed() -> Reply:
        return ask(lambda: ecr.list_images(**named))

    reply = lab.deadline.settle(listed, lambda one: not one.forbidden, at_most=lab.options.propagation)
    yield "cross-account-root-under-arn", access.let_in(reply)
    yield "cross-account-own-side", access.kept_out(ask(lambda: ecr.describe_images(**named)))
    tagged = [{"imageTag": "none"}]
    yield "cross-account-repository-side", access.kept_out(ask(lambda: ecr.batch_get_image(**named, imageIds=tagged)))


PROBE: Final = Probe(
    "calls from a second account",
    ("cross-account-root-under-arn", "cross-account-own-side", "cross-account-repository-side"),
    makes="a repository, and a role in the second account",
    usual=40,
    at_most=180,
    run=_run,
)
