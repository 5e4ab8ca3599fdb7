"""The judgement of repository policies beside the embedded cloud, which enforces them on real calls of ECR.

Every repository policy that is drawn is set, and a session of a role and a user call: what is allowed is let in, and
what is denied, or not said, is refused, since neither has a policy of its own. What is conditional may be either.

Where the embedded cloud differs from AWS, no such policy is set:

- A statement with ``NotPrincipal`` never applies there.
- ``aws:PrincipalArn`` of a session is the session's ARN there, and its role's on AWS, so that only the user's policies
  have the key; in an ARN's pattern a ``*`` reaches beyond colons there.
- A call there has no ``aws:PrincipalIsAWSService``.
- It takes each call for one on the caller's own registry, so that no call comes from another account.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, assume, given, settings

from ecr_access.iam.arns import repository_of
from ecr_access.iam.principals import principal_of
from ecr_access.iam.repository_policy import Effect, RepositoryPolicy
from tests.ecr_access.check.fakes import PREFIX
from tests.ecr_access.check.policies import HERE, REPOSITORY, ROLE, USER, actions, open_policies, policies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ecr_access.local_cloud import LocalCloud

pytestmark = pytest.mark.local_cloud

_ACCOUNT = "000000000000"
_NAME = "evaluators/app"
_DIFFERENT = re.compile(r'"NotPrincipal"|"aws:principalisawsservice"|"\*:role/|\$\{', re.IGNORECASE)
_OF_SESSIONS = re.compile(r'"aws:principalarn"', re.IGNORECASE)
_LAYER = {"repositoryName": _NAME, "layerDigest": "sha256:" + "0" * 64}
_CALLS: dict[str, Callable[[Any], object]] = {
    "ecr:BatchGetImage": lambda ecr: ecr.batch_get_image(repositoryName=_NAME, imageIds=[{"imageTag": "1"}]),
    "ecr:GetDownloadUrlForLayer": lambda ecr: ecr.get_download_url_for_layer(**_LAYER),
    "ecr:InitiateLayerUpload": lambda ecr: ecr.initiate_layer_upload(repositoryName=_NAME),
    "ecr:PutImage": lambda ecr: ecr.put_image(repositoryName=_NAME, imageManifest="{}"),
    "ecr:DescribeImages": lambda ecr: ecr.describe_images(repositoryName=_NAME),
}


def _in_cloud(text: str, region: str) -> str:
    """Move what is drawn into the cloud's account and Region, under names of its own."""
    moved = text.replace(PREFIX, f"arn:aws:ecr:{region}:{_ACCOUNT}:repository/evaluators/").replace(HERE, _ACCOUNT)
    return moved.replace("role/ci", "role/evaluators-ci").replace("user/ann", "user/evaluators-ann")


@pytest.fixture(scope="module")
def callers(local_cloud: LocalCloud) -> Iterator[dict[str, Any]]:
    """Make a repository, a role and a user without policies; hand out their clients by their ARNs."""
    iam, ecr = local_cloud.client("iam"), local_cloud.client("ecr")
    role, user = (_in_cloud(one, local_cloud.region) for one in (ROLE, USER))
    trust = {"Effect": "Allow", "Principal": {"AWS": _ACCOUNT}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam.create_role(RoleName=role.partition("/")[2], AssumeRolePolicyDocument=document)
    iam.create_user(UserName=user.partition("/")[2])
    key = iam.create_access_key(UserName=user.partition("/")[2])["AccessKey"]
    given = local_cloud.client("sts").assume_role(RoleArn=role, RoleSessionName="one")["Credentials"]
    ecr.create_repository(repositoryName=_NAME)
    session = local_cloud.session(
        access_key=given["AccessKeyId"], secret_key=given["SecretAccessKey"], token=given["SessionToken"]
    )
    as_user = local_cloud.session(access_key=key["AccessKeyId"], secret_key=key["SecretAccessKey"])
    yield {role: session.client("ecr"), user: as_user.client("ecr")}
    ecr.delete_repository(repositoryName=_NAME, force=True)
    iam.delete_access_key(UserName=user.partition("/")[2], AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName=user.partition("/")[2])
    iam.delete_role(RoleName=role.partition("/")[2])


def _is_let_in(ecr: Any, action: str) -> bool:
    """Call for real; any other error than the refusal is an answer of ECR's own."""
    try:
        _CALLS[action](ecr)
    except ClientError as error:
        return error.response["Error"]["Code"] != "AccessDeniedException"
    return True


def _judge(text: str, principal: str, action: str, region: str) -> Effect:
    repository, one = repository_of(_in_cloud(REPOSITORY, region)), principal_of(principal)
    assert repository is not None
    assert one is not None
    return RepositoryPolicy.parse(repository, text).judge(one, action).effect


def test_what_is_judged_is_what_is_enforced(local_cloud: LocalCloud, callers: dict[str, Any]) -> None:
    """A call is let in exactly if its verdict is allowed; a conditional verdict is seen with either outcome."""
    ecr, seen = local_cloud.client("ecr"), Counter[tuple[Effect, str, bool]]()

    @settings(derandomize=True, deadline=None, database=None, max_examples=400, suppress_health_check=[*HealthCheck])
    @given(policies | open_policies(), actions)
    def enforce(policy: dict[str, Any], action: str) -> None:
        text = _in_cloud(json.dumps(policy), local_cloud.region)
        assume(not _DIFFERENT.search(text))
        ecr.set_repository_policy(repositoryName=_NAME, policyText=text)
        for principal, client in callers.items():
            if ":role/" in principal and _OF_SESSIONS.search(text):
                continue
            effect, let_in = _judge(text, principal, action, local_cloud.region), _is_let_in(client, action)
            assert effect is Effect.CONDITIONAL or let_in is (effect is Effect.ALLOWED), (effect, principal, let_in)
            seen[effect, principal.partition("/")[0], let_in] += 1

    enforce()
    assert {(effect, let_in) for effect, _, let_in in seen} == {
        (Effect.ALLOWED, True),
        (Effect.CONDITIONAL, True),
        (Effect.CONDITIONAL, False),
        (Effect.EXPLICIT_DENY, False),
        (Effect.IMPLICIT_DENY, False),
    }
    assert min(Counter(who for _, who, _ in seen.elements()).values()) >= 200, seen
