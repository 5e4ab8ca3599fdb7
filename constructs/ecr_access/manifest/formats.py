"""The formats that the schema names: what each says about a text that has it not, None if nothing is wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.ecr.names import name_error
from ecr_access.iam.principal_names import account_error, role_key_error, service_error
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

_NAME_IN_ARN: Final = re.compile(r"arn:aws(-[a-z]+)*:ecr:[a-z0-9-]+:[0-9]{12}:repository/(?P<name>.+)", re.DOTALL)


def _repository_arn_error(text: str) -> str | None:
    match = _NAME_IN_ARN.fullmatch(text)
    if match is None:
        return (
            f"{quoted(text)} is no ARN of a repository; allowed: one such as "
            "'arn:aws:ecr:eu-west-1:444455556666:repository/team/app'"
        )
    return name_error(match["name"])


FORMATS: Final[dict[str, Callable[[str], str | None]]] = {
    "account-id": account_error,
    "repository-arn": _repository_arn_error,
    "repository-name": name_error,
    "role-key": role_key_error,
    "service-name": service_error,
}
