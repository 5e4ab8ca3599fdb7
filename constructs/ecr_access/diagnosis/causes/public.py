"""403 of the public registry, which needs no sign-in to pull, and refuses a bad one."""

from __future__ import annotations

from typing import Final

from ecr_access.diagnosis import commands, pages
from ecr_access.diagnosis.cause import Belongs, Cause, Step, sign
from ecr_access.diagnosis.kinds import ErrorKind

PUBLIC: Final = (
    Cause(
        name="public-token-refused",
        error=ErrorKind.DENIED,
        signs=(
            sign(r"Your authorization token has expired", Belongs.WITH_PUBLIC),
            sign(
                r"403 Forbidden|400 Bad Request|401 Unauthorized|status code 40[013]|no basic auth credentials",
                Belongs.WITH_PUBLIC,
            ),
            sign(r"unexpected status from (?:HEAD|GET) request to https://public\.ecr\.aws/\S+(?!\s{0,3}\S)"),
        ),
        summary=lambda _: (
            "public.ecr.aws refused the client's sign-in: the token has expired, or it is one of a private registry"
        ),
        meaning="Pulling from the public registry needs no sign-in. But a client that has a token for it sends it, "
        "and a bad one is refused with 403 or 400, where none would be let in. A push needs a sign-in of its own.",
        steps=lambda _: (
            Step("Throw the token away, and pull without one.", "docker logout public.ecr.aws"),
            Step(
                "Helm, podman and builds with a configuration of their own keep theirs elsewhere.",
                "helm registry logout public.ecr.aws",
            ),
            Step("To push, or for a higher limit: sign in. Its API is in us-east-1 alone.", commands.sign_in_public()),
        ),
        page=pages.PUBLIC_SIGN_IN,
    ),
)
