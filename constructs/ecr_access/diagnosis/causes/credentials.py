"""403 and 401: AWS does not take the credentials; the registry was not reached yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ecr_access.diagnosis import commands, pages
from ecr_access.diagnosis.cause import Belongs, Cause, Step, sign
from ecr_access.diagnosis.kinds import ErrorKind

if TYPE_CHECKING:
    from ecr_access.diagnosis.reading import Reading


def _own_credentials(r: Reading) -> tuple[Step, ...]:
    return (
        Step(
            "Get new credentials of AWS, in the way you got the old ones.",
            "aws sso login    # or assume the role again",
        ),
        Step("See that AWS takes them.", commands.WHO_AM_I),
        Step("Then sign in to the registry.", commands.sign_in(r)),
    )


CREDENTIALS: Final = (
    Cause(
        name="credentials-expired",
        error=ErrorKind.DENIED,
        signs=(
            sign(r"(?:ExpiredToken(?:Exception)?|RequestExpired)\b", Belongs.WITH_ECR),
            sign(r"security token included in the request is expired", Belongs.WITH_ECR),
            sign(
                r"Token has expired and refresh failed|SSO session associated with this profile has expired",
                Belongs.WITH_ECR,
            ),
        ),
        summary=lambda _: "the credentials of AWS have expired; the registry was not reached yet",
        meaning="Credentials of a role last an hour or so, of single sign-on some hours.",
        steps=_own_credentials,
        page=pages.CREDENTIALS,
    ),
    Cause(
        name="clock",
        error=ErrorKind.DENIED,
        signs=(sign(r"Signature expired: |Signature not yet current|RequestTimeTooSkewed", Belongs.WITH_ECR),),
        summary=lambda _: "the clock of the machine is wrong, so that AWS does not take its signatures",
        meaning="A request is signed with its time, and AWS takes it for five minutes. Virtual machines and WSL lose "
        "their time while they sleep.",
        steps=lambda r: (
            Step(
                "What time does AWS have, and what the machine?",
                "curl -sI https://aws.amazon.com | grep -i ^date; date -u",
            ),
            Step("Set the clock.", "sudo chronyc makestep    # or: sudo hwclock -s"),
            Step("Then sign in to the registry.", commands.sign_in(r)),
        ),
        page=pages.CREDENTIALS,
    ),
    Cause(
        name="credentials-not-valid",
        error=ErrorKind.DENIED,
        signs=(
            sign(
                r"(?:UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch)",
                Belongs.WITH_ECR,
            ),
            sign(r"security token included in the request is invalid", Belongs.WITH_ECR),
        ),
        summary=lambda _: "AWS does not know the credentials; the registry was not reached yet",
        meaning="The access key is deleted or mistyped, its session token is missing, the Region is not enabled for "
        "the account, or the key is of another partition (China, GovCloud).",
        steps=lambda r: (
            Step("Which credentials are used, and from where?", "aws configure list"),
            *_own_credentials(r)[1:],
            Step("Of a role, all three are needed: access key, secret key and session token."),
        ),
        page=pages.CREDENTIALS,
    ),
    Cause(
        name="no-credentials",
        error=ErrorKind.DENIED,
        signs=(
            sign(r"Unable to locate credentials|NoCredentialProviders|NoCredentialsError", Belongs.WITH_ECR),
            sign(r"Credentials could not be loaded, please check your action inputs"),
            sign(r"failed to refresh cached credentials|no EC2 IMDS role found", Belongs.WITH_ECR),
            sign(r"config profile \S+ could not be found|Missing credentials in config", Belongs.WITH_ECR),
            sign(r"Partial credentials found|Failed to load credentials|CredentialsProviderError", Belongs.WITH_ECR),
            sign(r"Could not find credentials matching ecr:[a-z]"),
        ),
        summary=lambda _: "there are no credentials of AWS; the registry was not reached yet",
        meaning="Neither the environment, nor a profile, nor the machine's role gives any.",
        steps=lambda r: (
            Step("Which credentials are used, and from where?", "aws configure list"),
            Step(
                "In GitHub Actions: permissions id-token: write, and aws-actions/configure-aws-credentials before "
                "the sign-in."
            ),
            Step(
                "In a container on EC2: let the metadata service answer over one hop more, or give the container a "
                "role."
            ),
            Step("Then sign in to the registry.", commands.sign_in(r)),
        ),
        page=pages.CREDENTIALS,
    ),
)
