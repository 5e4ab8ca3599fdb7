"""Who asks: the caller's credentials, identity and Region."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ecr_access.cli.check.errors import NotCheckedError
from ecr_access.iam.arns import role_of_session

if TYPE_CHECKING:
    from ecr_access.iam.arns import Registry

_REGION: Final = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-\d{1,2}")


@dataclass(frozen=True)
class Caller:
    """The principal that runs the command."""

    session: Any
    arn: str
    place: Registry


def of_environment(*, profile: str | None, region: str | None) -> Caller:
    """Find the caller's credentials as the AWS CLI does, and ask AWS whose they are.

    Raises:
        NotCheckedError: without botocore, credentials or a Region, or if AWS does not know the credentials.
    """
    try:
        from botocore import exceptions  # an extra
        from botocore.session import Session
    except ImportError as error:
        raise NotCheckedError(f"boto3 is missing ({error}); run: pip install 'ecr-access[check]'") from None
    from ecr_access.check.aws.errors import text_of
    from ecr_access.iam.arns import Registry  # where botocore is, so can be this

    session = Session(profile=profile)
    try:
        # botocore itself knows AWS_DEFAULT_REGION alone.
        where = region or os.environ.get("AWS_REGION") or session.get_config_variable("region")
        if not where:
            raise NotCheckedError("no Region is known; give --region, or set AWS_REGION")
        if not _REGION.fullmatch(where):
            raise NotCheckedError(f"the Region is {where!r}; allowed is one such as eu-central-1")
        sts: Any = session.create_client("sts", region_name=where)
        identity = sts.get_caller_identity()
    except (exceptions.BotoCoreError, exceptions.ClientError) as error:
        # botocore's words name what is wrong, and never a secret.
        unreached = isinstance(error, (exceptions.ConnectionError, exceptions.HTTPClientError))
        fix = "see that this machine reaches AWS, or correct the Region"
        if not unreached:
            fix = "sign in, or correct the profile"
        raise NotCheckedError(f"AWS could not be asked who you are: {text_of(error)}; {fix}") from None
    arn = str(identity["Arn"])
    return Caller(session, arn, Registry(arn.split(":")[1], where, str(identity["Account"])))


def role_of(arn: str) -> str:
    """Return the role of a session's ARN, which lacks the role's path; any other ARN as it is."""
    return role_of_session(arn) or arn
