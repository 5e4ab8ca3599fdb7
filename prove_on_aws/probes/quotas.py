"""How many characters IAM takes, by which permissions are spread over policies.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prove_on_aws.lab import allow, document
from prove_on_aws.names import PATH
from prove_on_aws.probe import Probe
from prove_on_aws.reply import ask
from prove_on_aws.verdicts import registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prove_on_aws.lab import Lab
    from prove_on_aws.outcome import Finding
    from prove_on_aws.reply import Reply

INLINE: Final = 10_240
MANAGED: Final = 6_144


def _run(lab: Lab) -> Iterator[tuple[str, Finding]]:
    iam, role = lab.client("iam"), lab.role("sized")

    def inline(length: int) -> Reply:
        return ask(lambda: iam.put_role_policy(RoleName=role.name, PolicyName="own", PolicyDocument=padded(length)))

    def managed(suffix: str, length: int) -> Reply:
        name = lab.claim("policy", suffix)
        return ask(
            lambda: iam.create_policy(Path=PATH, PolicyName=name, PolicyDocument=padded(length), Tags=lab.tags())
        )

    yield "iam-role-limit", registry.limited_to(inline(INLINE), inline(INLINE + 1), INLINE)
    yield "iam-managed-limit", registry.limited_to(managed("full", MANAGED), managed("over", MANAGED + 1), MANAGED)


def padded(length: int) -> str:
    """Write a policy of exactly so many characters, none of them white space: the Sid takes what is left."""
    room = length - len(document(allow("ecr:ListImages", Sid="")))
    return document(allow("ecr:ListImages", Sid="x" * room))


PROBE: Final = Probe(
    "how many characters IAM takes",
    ("iam-role-limit", "iam-managed-limit"),
    makes="a role, two managed policies",
    usual=5,
    at_most=60,
    run=_run,
)
