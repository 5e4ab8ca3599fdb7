"""Step 5: a deployment that takes the token away fails, names the policy that does, and changes nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ecr_access.iam.actions import TOKEN_ACTION
from walkthrough.expect import expect
from walkthrough.findings import findings
from walkthrough.pushing import push_as_role
from walkthrough.walk import SECOND_TAG, STACK

if TYPE_CHECKING:
    from walkthrough.walk import Walk

ROLLED_BACK: Final = "UPDATE_ROLLBACK_COMPLETE"
"""The status of a stack whose update failed and changed nothing."""


def deny(walk: Walk) -> None:
    """Deploy an explicit deny of the token, expect the refusal, the reason and the rollback."""
    key = walk.target.role_key
    with walk.report.step(5, f"a deployment that denies the {key} role its token fails and is rolled back"):
        before, role = _template(walk), walk.role_arn()
        policy = _policy_id(walk, role.rpartition("/")[2])
        code, said = walk.deploy_changed("denied_app", key)
        expect(code != 0, f"cdk deploy succeeded although it took {TOKEN_ACTION} away from {role}")
        reason = printed_reason(said)
        denials = [one for one in findings(walk) if one["verdict"] == "denied"]
        expect(len(denials) == 1, f"the check's log has {len(denials)} denials, not one: {denials}")
        for part in (role, TOKEN_ACTION, f'explicitly denied by a statement in policy "{policy}"', denials[0]["fix"]):
            expect(part in reason, f"the reason that the CLI printed lacks {part!r}:\n{said}")
        status = walk.stack()["StackStatus"]
        expect(status == ROLLED_BACK, f"the stack is {status}, not {ROLLED_BACK}")
        expect(_template(walk) == before, "the rolled back stack's template is not the one from before")
        digest = push_as_role(walk, tag=SECOND_TAG)
        walk.report.detail(f"the CLI said: {reason}")
        walk.report.detail(f"the stack is {status}")
        walk.report.detail(f"the role pushed again: {SECOND_TAG}, {digest}")


def printed_reason(said: str) -> str:
    """Return the reason of a failed deployment as one line, as the CLI printed it, or all that it printed."""
    # The CLI breaks its lines at a width of its own.
    text = re.sub(r"\s+", " ", said)
    found = re.search(r"DeploymentError: (.*?)(?: Source Location: | Logs from |$)", text)
    return found[1] if found else text


def _policy_id(walk: Walk, role: str) -> str:
    """Return what the policy simulator calls the role's one inline policy, into which the deny goes."""
    names = walk.cloud.client("iam").list_role_policies(RoleName=role)["PolicyNames"]
    expect(len(names) == 1, f"the role {role} has {len(names)} inline policies, not one: {names}")
    return f"role_{role}_{names[0]}"


def _template(walk: Walk) -> Any:
    return walk.cloud.client("cloudformation").get_template(StackName=STACK)["TemplateBody"]
