"""403 and 401: the client is not signed in to the registry, or not any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.diagnosis import commands, pages, wording
from ecr_access.diagnosis.cause import Belongs, Cause, Step, sign
from ecr_access.diagnosis.kinds import ErrorKind

if TYPE_CHECKING:
    from ecr_access.diagnosis.reading import Reading

_CALL: Final = r"GetAuthorizationToken[^\n]{0,300}?"
_HELPER: Final = Step(
    "For good: let docker fetch tokens by itself, with the credential helper (package amazon-ecr-credential-helper), "
    "in ~/.docker/config.json:",
    '{"credHelpers": {"ACCOUNT.dkr.ecr.REGION.amazonaws.com": "ecr-login"}}',
)


def _sign_in(r: Reading) -> tuple[Step, ...]:
    return (
        Step("Sign in, as the same user, on the same machine that pulls or pushes.", commands.sign_in(r)),
        Step(
            "The host must be the one of the image, letter by letter: account and Region. With sudo, sign in with "
            "sudo.",
            commands.WHO_AM_I,
        ),
        Step(_HELPER.text, _HELPER.code.replace("ACCOUNT.dkr.ecr.REGION.amazonaws.com", commands.registry(r))),
        Step(
            "On Kubernetes: the node's role needs the policy AmazonEC2ContainerRegistryPullOnly; an image pull secret "
            "lasts twelve hours. Builds in a container need docker's configuration inside it."
        ),
    )


SIGN_IN: Final = (
    Cause(
        name="get-login-removed",
        error=ErrorKind.NONE_OF_THEM,
        signs=(
            sign(r"ecr get-login(?!-)[\s\S]{0,1500}?argument operation: Invalid choice"),
            sign(r"argument operation: Invalid choice[\s\S]{0,1500}?ecr get-login(?!-)"),
        ),
        summary=lambda _: "the AWS CLI has no get-login any more, since its version 2",
        meaning="get-login-password took its place, and gives docker the password without showing it.",
        steps=lambda r: (Step("Sign in.", commands.sign_in(r)),),
        page=pages.CLI_2,
    ),
    Cause(
        name="credential-store",
        error=ErrorKind.NONE_OF_THEM,
        signs=(
            sign(r"error storing credentials[\s\S]{0,300}?not implemented"),
            sign(r"error storing credentials[\s\S]{0,300}?exec format error", Belongs.UNLESS_ELSEWHERE),
            sign(
                r"error storing credentials[\s\S]{0,300}?(?:The stub received bad data|specified logon session)",
                Belongs.UNLESS_ELSEWHERE,
            ),
        ),
        summary=lambda _: "docker's credential store does not take the token of ECR",
        meaning="With the credential helper ecr-login there is nothing to store: it signs in by itself, and docker "
        "login fails. The store of Windows takes no password of that length.",
        steps=lambda _: (
            Step("With ecr-login in ~/.docker/config.json: leave docker login out, and push."),
            Step('Otherwise take "credsStore" out of ~/.docker/config.json, and sign in again.'),
        ),
        page=pages.HELPER,
    ),
    Cause(
        name="credential-helper",
        error=ErrorKind.NONE_OF_THEM,
        signs=(
            sign(r"docker-credential-ecr-login[\"']?:? (?:executable file )?not found"),
            sign(r"docker-credential-[a-z-]{2,40}[\"']?:? (?:executable file )?not found", Belongs.UNLESS_ELSEWHERE),
            sign(r"ecr-credential-provider[^\n]{0,600}?(?:no such file or directory|executable file not found)"),
        ),
        summary=lambda _: "the client's configuration names a credential helper that is not installed",
        meaning="The helper is a program of its own, docker-credential-ecr-login for docker and "
        "ecr-credential-provider for kubelet, and must be where the client looks for it: on the PATH of docker, of the "
        "build's container or of the machine's agent, or in kubelet's directory of plugins.",
        steps=lambda r: (
            Step(
                "Install it where the client runs.",
                "sudo dnf install amazon-ecr-credential-helper    # or apt-get install the same\n"
                "brew install docker-credential-helper-ecr",
            ),
            Step("Or take credsStore and credHelpers out of ~/.docker/config.json, and sign in.", commands.sign_in(r)),
        ),
        page=pages.HELPER,
    ),
    Cause(
        name="token-expired",
        error=ErrorKind.DENIED,
        signs=(
            sign(r"Your authorization token has expired\. (?:Reauthenticate and try again|Please run 'aws ecr)"),
            sign(r"Your authorization token has expired", Belongs.UNLESS_ELSEWHERE),
        ),
        summary=lambda r: f"the registry's token has expired; sign in to {wording.registry(r)} again",
        meaning="A token of ECR lasts twelve hours, and no longer than the credentials it was fetched with. An old "
        "one may also be left in ~/.docker/config.json under another spelling of the host, such as with https://.",
        steps=lambda r: (
            Step(
                "Throw the old token away, and sign in.", f"docker logout {commands.registry(r)}\n{commands.sign_in(r)}"
            ),
            *_sign_in(r)[2:3],
            Step(
                "In a pipeline, sign in right before the push; a build of hours, or a kept machine, outlives the token."
            ),
        ),
        page=pages.SIGN_IN,
    ),
)

NOT_SIGNED_IN: Final = (
    Cause(
        name="not-signed-in",
        error=ErrorKind.DENIED,
        signs=(
            sign(r"no basic auth credentials", Belongs.UNLESS_ELSEWHERE),
            sign(r"Your authorization token is invalid"),
            sign(
                r"no credentials available for basic auth|no ECR credentials|authentication required", Belongs.WITH_ECR
            ),
            sign(
                r"(?:unexpected status|status)(?: code)?:? 401 Unauthorized|401 Unauthorized: Not Authorized",
                Belongs.WITH_ECR,
            ),
            sign(
                r"(?:unsupported|unexpected) status code 401|statusCode=401|\bUNAUTHORIZED\b|denied: Not Authorized",
                Belongs.WITH_ECR,
            ),
        ),
        summary=lambda r: f"the client is not signed in to {wording.registry(r)}",
        meaning="It sent no token, or one of another account or Region. Whether the repository exists was not looked "
        "at.",
        steps=_sign_in,
        page=pages.DOCKER_ERRORS,
        when=lambda r: not r.other_region,
    ),
)

SIGN_IN_FAILED: Final = (
    Cause(
        name="sign-in-refused",
        error=ErrorKind.DENIED,
        signs=(
            sign(r"Cannot perform an interactive login from a non[- ]TTY device", Belongs.UNLESS_ELSEWHERE),
            sign(r"login attempt to \S+ failed with status: 40[013]", Belongs.UNLESS_ELSEWHERE),
            sign(rf"\(AccessDenied(?:Exception)?\)[^\n]{{0,80}}{_CALL}", Belongs.WITH_ECR),
        ),
        summary=lambda r: f"signing in to {wording.registry(r)} failed: docker login got no usable password",
        meaning="aws ecr get-login-password failed before it; what it said stands a line above, or was thrown away.",
        steps=lambda r: (
            Step("Run the first half alone, and read what it says.", commands.token(r)),
            Step("Who are you? Is it the account that you mean?", commands.WHO_AM_I),
            Step("Then both halves, with the host of the image.", commands.sign_in(r)),
            Step("If it is refused, diagnose what it says with this command."),
        ),
        page=pages.SIGN_IN,
        # Else it is a role that could not be assumed.
        when=lambda r: not (r.action or "").startswith("sts:Assume"),
    ),
)
