"""Small templates of who may do what."""

from __future__ import annotations

from typing import Any

from tests.reading import PULL, PUSH, TOKEN

HOME = {"Fn::GetAtt": ["Web", "Arn"]}
SIGN_IN = {"Effect": "Allow", "Action": TOKEN, "Resource": "*"}


def allow(actions: object, resource: object = HOME, **more: object) -> dict[str, Any]:
    """A statement of an identity's policy."""
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **more}


def deny(actions: object, resource: object = HOME, **more: object) -> dict[str, Any]:
    """A statement that takes away."""
    return {**allow(actions, resource, **more), "Effect": "Deny"}


def trust(actions: object, principal: object = "*", **more: object) -> dict[str, Any]:
    """A statement of a repository's policy."""
    return {"Effect": "Allow", "Action": actions, "Principal": principal, **more}


def role(*statements: object, **properties: object) -> dict[str, Any]:
    """A role with a policy of its own."""
    policies = [{"PolicyName": "p", "PolicyDocument": {"Statement": [*statements]}}] if statements else []
    return {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "ci", "Policies": policies, **properties}}


def repository(*statements: object, name: str = "team/web") -> dict[str, Any]:
    """A repository, with a policy if there are statements."""
    policy = {"RepositoryPolicyText": {"Statement": [*statements]}} if statements else {}
    return {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": name, **policy}}


def template(ci: dict[str, Any], web: dict[str, Any] | None = None, **more: dict[str, Any]) -> dict[str, Any]:
    """A template of a role, the repository and what else there is."""
    return {"Resources": {"Ci": ci, "Web": web or repository(), **more}}


PULLS = (allow(PULL), SIGN_IN)
PUSHES = (allow(PUSH), SIGN_IN)
