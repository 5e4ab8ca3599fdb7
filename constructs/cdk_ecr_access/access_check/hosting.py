"""Where the check's function runs and how long its log is kept: settings for accounts whose rules ask for more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cdk_ecr_access.access_check.given_settings import PREFIX, GivenSettings
from ecr_access.codes import Code
from ecr_access.tokens import are_different, is_token
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_logs as logs
    from aws_cdk.interfaces.aws_kms import IKeyRef

SUBNETS: Final = f"{PREFIX}subnets"
SECURITY_GROUPS: Final = f"{PREFIX}security-groups"
LOG_RETENTION: Final = f"{PREFIX}log-retention-days"
LOG_KEY: Final = f"{PREFIX}log-encryption-key"
HOSTING_KEYS: Final = (SUBNETS, SECURITY_GROUPS, LOG_RETENTION, LOG_KEY)

_DAYS_KEPT: Final = 30
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
_DAYS: Final = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
_KEY_ARN: Final = re.compile(r"arn:[a-z-]+:kms:(?P<region>[a-z0-9-]+):\d{12}:key/[A-Za-z0-9-]+")


@dataclass(frozen=True)
class Hosting:
    """Where a check's function runs, and how its log is kept.

    Attributes:
        vpc: the VPC whose subnets the function runs in. Default: none, or the subnets that are named.
        vpc_subnets: which of them. Default: the private ones.
        security_groups: those of the function. Default: one that lets it out on port 443.
        subnet_ids: subnets by their ids.
        security_group_ids: security groups by their ids.
        log_retention: how long the log is kept. Default: as many days.
        log_days: how many days the log is kept.
        log_key: the ARN of the KMS key of the log. Default: none.
    """

    vpc: ec2.IVpc | None = None
    vpc_subnets: ec2.SubnetSelection | None = None
    security_groups: Sequence[ec2.ISecurityGroup] | None = None
    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()
    log_retention: logs.RetentionDays | None = None
    log_days: int = _DAYS_KEPT
    log_key: str | None = None

    @property
    def in_vpc(self) -> bool:
        """Whether the function runs in a VPC."""
        return self.vpc is not None or bool(self.subnet_ids)


def hosting(
    given: GivenSettings,
    region: str,
    *,
    vpc: ec2.IVpc | None = None,
    vpc_subnets: ec2.SubnetSelection | None = None,
    security_groups: Sequence[ec2.ISecurityGroup] | None = None,
    log_retention: logs.RetentionDays | None = None,
    log_encryption_key: IKeyRef | None = None,
) -> Hosting:
    """Read where the function runs and how its log is kept: from parameters, the context, or the manifest.

    Raises:
        ValueError: with everything that is wrong.
    """
    problems: list[str] = []
    if vpc is None and (vpc_subnets is not None or security_groups is not None):
        problems.append("vpc_subnets and security_groups belong to a VPC; give vpc too")
    there = given.together((SUBNETS, SECURITY_GROUPS)) if vpc is None else [None, None]
    subnets = _ids(there[0], SUBNETS, "subnet-", problems)
    groups = _ids(there[1], SECURITY_GROUPS, "sg-", problems)
    if bool(subnets) != bool(groups) and not problems:
        problems.append(f"a function in a VPC needs both '{SUBNETS}' and '{SECURITY_GROUPS}' in the context")
    days = _DAYS_KEPT if log_retention is not None else _days(given, problems)
    key = _key(given, problems) if log_encryption_key is None else log_encryption_key.key_ref.key_arn
    if key and (match := _KEY_ARN.fullmatch(key)) and are_different(match["region"], region):
        problems.append(f"the log's key {quoted(key)} is in Region {match['region']}, and the check in {region}")
    if problems:
        raise Code.CHECK_SETTING.error("; ".join(problems))
    return Hosting(vpc, vpc_subnets, security_groups, subnets, groups, log_retention, days, key)


def _ids(value: Any, name: str, prefix: str, problems: list[str]) -> tuple[str, ...]:
    """Read a list of ids, which the command line gives as one text with commas."""
    listed = value.split(",") if isinstance(value, str) else [*value] if isinstance(value, tuple) else value or []
    ids = [one.strip() if isinstance(one, str) else one for one in (listed if isinstance(listed, list) else [listed])]
    pattern = re.compile(f"{prefix}(?:[0-9a-f]{{8}}|[0-9a-f]{{17}})")
    if wrong := [quoted(str(one)) for one in ids if not (isinstance(one, str) and pattern.fullmatch(one))]:
        problems.append(
            f"the context '{name}' has {', '.join(wrong)}; allowed: ids such as '{prefix}0123456789abcdef0'"
        )
    return tuple(ids)


def _days(given: GivenSettings, problems: list[str]) -> int:
    value = given.get(LOG_RETENTION)
    text = str(_DAYS_KEPT if value is None else value)
    if text in map(str, _DAYS):
        return int(text)
    problems.append(f"the context '{LOG_RETENTION}' is {quoted(text)}; allowed: {', '.join(map(str, _DAYS))}")
    return _DAYS_KEPT


def _key(given: GivenSettings, problems: list[str]) -> str | None:
    value = given.get(LOG_KEY)
    if value is not None and not (isinstance(value, str) and (_KEY_ARN.fullmatch(value) or is_token(value))):
        problems.append(
            f"the context '{LOG_KEY}' is {quoted(str(value))}; allowed: the ARN of a key, such as "
            "'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'"
        )
        return None
    return value
