"""Step 7: a policy that is deleted by hand after the deployment is found by the deployed check."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from walkthrough.expect import expect
from walkthrough.walk import STACK

if TYPE_CHECKING:
    from walkthrough.walk import Walk

_SECONDS = 120.0


def recheck(walk: Walk) -> None:
    """Delete the role's policy, expect the denial, put the policy back, and expect that all is proved again."""
    key = walk.target.role_key
    with walk.report.step(7, f"the policy that somebody deletes by hand is found by ecr-access check --stack {STACK}"):
        iam, role = walk.cloud.client("iam"), walk.role_arn()
        name = role.rpartition("/")[2]
        (policy,) = iam.list_role_policies(RoleName=name)["PolicyNames"]
        document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
        status, found = _check(walk)
        denied = [one for one in found if one["verdict"] == "denied"]
        expect(status == 1, f"the status is {status}, not 1, although the {key} role has lost its policy")
        expect({one["principal"] for one in denied} == {role}, f"what is denied is not all of {role}: {denied}")
        iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=json.dumps(document))
        status, found = _check(walk)
        expect(status == 0, f"the status is {status}, not 0, although the policy is back: {found}")
        walk.report.detail(f"it said of the {key} role, {denied[0]['access']}: {denied[0]['cause']}")
        walk.report.detail(f"with the policy put back, {len(found)} of {len(found)} are allowed")


def _check(walk: Walk) -> tuple[int, list[dict[str, Any]]]:
    """Run the command; return its exit status and its findings."""
    done = subprocess.run(  # noqa: S603 -- our own command
        [sys.executable, "-m", "ecr_access", "check", "--stack", STACK, "--json"],
        env=walk.cloud.environment(),
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    expect(done.returncode in (0, 1), f"ecr-access check failed:\n{done.stdout}{done.stderr}")
    return done.returncode, json.loads(done.stdout)["findings"]
