"""One stack that is never stuck, whatever happens to its principals: the rest is in ``test_rollbacks.py``.

Real CloudFormation takes a check that has proved something new back by deleting its new physical id, while what else
the update made may still be there; the embedded one does the same. Of a role that is gone both say NoSuchEntity; a
repository policy then names its unique id on AWS alone, which is tested in ``tests/ecr_access/check``, an update that
is sent on the way back in its ``test_never_wedged.py``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from tests.deploy.conftest import Deployment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecr_access.local_cloud import LocalCloud
    from tests.deploy.conftest import Outcome

pytestmark = pytest.mark.local_cloud

_OUTSIDER = "unwedged-outsider"


@pytest.fixture(scope="module")
def unwedged(local_cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """A stack that trusts a role of another team, deployed."""
    iam = local_cloud.client("iam")
    trust = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:root"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName=_OUTSIDER, AssumeRolePolicyDocument=_policy(trust))
    token = {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}
    iam.put_role_policy(RoleName=_OUTSIDER, PolicyName="token", PolicyDocument=_policy(token))
    deployment = Deployment(local_cloud, "never_wedged.py", tmp_path_factory.mktemp("unwedged"), "Unwedged")
    outcome = deployment.deploy(outsider=_OUTSIDER)
    assert outcome.code == 0, outcome.text
    return deployment


@pytest.fixture(scope="module")
def denied_late(unwedged: Deployment) -> tuple[Outcome, str]:
    """An update that proves a new grant, denies a role its token, and then fails; and the status after it."""
    return unwedged.deploy(outsider=_OUTSIDER, puller="1", late="1"), unwedged.status()


@pytest.fixture(scope="module")
def orphaned(unwedged: Deployment, denied_late: tuple[Outcome, str]) -> Outcome:  # noqa: ARG001 -- comes after it
    """The next update, with the same new grant, after the outsider was deleted."""
    iam = unwedged.cloud.client("iam")
    iam.delete_role_policy(RoleName=_OUTSIDER, PolicyName="token")
    iam.delete_role(RoleName=_OUTSIDER)
    return unwedged.deploy(outsider=_OUTSIDER, puller="1")


def test_a_denial_that_came_after_the_proof_is_taken_back(
    unwedged: Deployment, denied_late: tuple[Outcome, str]
) -> None:
    """The check does not stand in the way although nothing it would ask about holds at that moment."""
    outcome, status = denied_late
    assert outcome.code == 1
    assert "nowhere" in outcome.words
    assert status == "UPDATE_ROLLBACK_COMPLETE"
    assert any(one["access"] == "PULL" and "Puller" in one["principal"] for one in unwedged.findings())


def test_an_update_after_a_rolled_back_one_is_checked_again(orphaned: Outcome) -> None:
    """It asks for what the failed one had proved, which is not remembered as proved; and the outsider is gone."""
    assert orphaned.code == 1
    assert _OUTSIDER in orphaned.words
    assert "there is no such role" in orphaned.words


@pytest.mark.usefixtures("orphaned")
def test_a_stack_whose_principal_is_gone_rolls_back_and_can_be_deleted(unwedged: Deployment) -> None:
    """The stack can be deleted without making the role again."""
    assert unwedged.status() == "UPDATE_ROLLBACK_COMPLETE"
    outcome = unwedged.destroy(outsider=_OUTSIDER)
    assert outcome.code == 0, outcome.text
    with pytest.raises(ClientError, match="does not exist"):
        unwedged.status()


def _policy(statement: Mapping[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
