"""Pushing as a role: AssumeRole, an authorization token, then the registry client."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from walkthrough.expect import StepFailedError, expect
from walkthrough.image import small_image
from walkthrough.registry import Refusal, Registry

if TYPE_CHECKING:
    from walkthrough.walk import Walk


def push_as_role(walk: Walk, *, tag: str) -> str:
    """Push an image with a role's own credentials, pull it back, compare, and return its digest."""
    registry = sign_in(walk)
    image = small_image(f"pushed as {tag}\n")
    digest = registry.push(image, repository=walk.target.repository, tag=tag)
    if isinstance(digest, Refusal):
        raise StepFailedError(f"the registry refused {walk.target.repository}:{tag}: {digest}")
    pulled, contents = registry.pull(repository=walk.target.repository, tag=tag)
    expect(pulled == digest, f"pushed {digest}, pulled {pulled}")
    expect(contents == [blob.content for blob in image.blobs], f"what was pulled of {digest} is not what was pushed")
    return digest


def sign_in(walk: Walk) -> Registry:
    """Return a registry client with a token that the role got with credentials of AssumeRole."""
    assumed = walk.cloud.client("sts").assume_role(RoleArn=walk.role_arn(), RoleSessionName="walkthrough")
    credentials = assumed["Credentials"]
    role = walk.cloud.session(
        access_key=credentials["AccessKeyId"],
        secret_key=credentials["SecretAccessKey"],
        token=credentials["SessionToken"],
    )
    answer = role.client("ecr").get_authorization_token()
    token = base64.b64decode(answer["authorizationData"][0]["authorizationToken"]).decode()
    user, _, password = token.partition(":")
    expect(user == "AWS" and password, "ecr:GetAuthorizationToken answered no user and password")
    return Registry(walk.cloud, credentials=(user, password))
