"""What the parameters of the public constructs take, by their names: a wrong type is refused in the library's words.

Without this the CDK's process, or Python, answers with words about its own insides.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, Final

from cdk_ecr_access.cdk.interfaces import offers
from ecr_access.codes import Code
from ecr_access.wording import value_shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import ParamSpec, TypeVar

    Parameters = ParamSpec("Parameters")
    Item = TypeVar("Item")
    Result = TypeVar("Result")


@dataclass(frozen=True)
class _Kind:
    """What a parameter takes: the words of a message, whether a value is one, and whether None stands for none.

    ``hint`` writes the tail of a message about a value that shows what is meant.
    """

    words: str
    takes: Callable[[object], bool]
    optional: bool = False
    hint: Callable[[object], str] = lambda _: ""


def _of(*classes: str) -> Callable[[object], bool]:
    """Take instances of classes, by name: importing them all would double the time that an import takes."""
    return lambda value: any(f"{one.__module__}.{one.__qualname__}" in classes for one in type(value).__mro__)


def _with(attribute: str) -> Callable[[object], bool]:
    """Take what implements an interface of the CDK: a class may do so without inheriting."""
    return lambda value: not isinstance(value, type) and offers(value, attribute)


def _list_of(takes: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, (list, tuple)) and all(map(takes, value))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _principal_meant(value: object) -> str:
    """Write the account id that a number has lost its zeros of, and what to do with several principals."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return "; call it once for each"
    is_account = isinstance(value, int) and _SHORTEST_ACCOUNT <= value < _ACCOUNTS
    return f"; did you mean the text '{value:012d}'?" if is_account else ""


_ACCOUNTS: Final = 10**12
_SHORTEST_ACCOUNT: Final = 10**9
_is_platform: Final = _of("aws_cdk.aws_ecr_assets.Platform", "aws_cdk.aws_lambda.Architecture")
_is_granted: Final = _with("grant_principal")
_TEXT: Final = _Kind("a text", _is_text)
_TEXTS: Final = _Kind("a list of texts", _list_of(_is_text))
_FLAG: Final = _Kind("True or False, without quotes", lambda value: isinstance(value, bool))
_NUMBER: Final = _Kind("a number", lambda value: isinstance(value, (int, float)) and not isinstance(value, bool))
_DURATION: Final = _Kind("a Duration, such as Duration.days(30)", _of("aws_cdk.Duration"))
_INTERVAL: Final = _Kind("a Duration, such as Duration.hours(1)", _of("aws_cdk.Duration"))
_CONSTRUCT: Final = _Kind("a construct, such as a Stack", _with("node"))
_PRINCIPAL: Final = _Kind(
    "a role, user or group, what runs under a role, a principal of aws_iam, or a text that names a principal, such as "
    "'arn:aws:iam::111122223333:role/ci' or '111122223333'",
    lambda value: isinstance(value, str) or _is_granted(value),
    hint=_principal_meant,
)
_KEY: Final = _Kind("a key of aws_kms, such as kms.Key.from_key_arn(...)", _with("key_ref"))
_ARCHIVING: Final = (
    "cdk_ecr_access.repository.lifecycle_rules.ArchiveRule",
    "cdk_ecr_access.repository.lifecycle_rules.ExpireArchivedRule",
)
# What it takes is said where it is read, entry by entry.
_ELSEWHERE: Final = _Kind("", lambda _: True)

KINDS: Final[Mapping[str, _Kind]] = {
    "account": _TEXT,
    "accounts": _ELSEWHERE,
    "allow_undetermined": _FLAG,
    "archived_for": _DURATION,
    "auto_delete_images": _FLAG,
    "dashboard_name": _TEXT,
    "cross_stack_scope": _CONSTRUCT,
    "description": _TEXT,
    "digest": _TEXT,
    "empty_on_delete": _FLAG,
    "encryption": _Kind(
        "a RepositoryEncryption, such as ecr.RepositoryEncryption.KMS", _of("aws_cdk.aws_ecr.RepositoryEncryption")
    ),
    "encryption_key": _KEY,
    "every": _INTERVAL,
    "event_pattern": _Kind(
        "a pattern, such as events.EventPattern(...)", _of("builtins.dict", "aws_cdk.aws_events.EventPattern")
    ),
    "every_call": _FLAG,
    "existing": _ELSEWHERE,
    "grantee": _PRINCIPAL,
    "id": _TEXT,
    "image_scan_on_push": _FLAG,
    "image_tag_mutability": _Kind(
        "a TagMutability, such as ecr.TagMutability.IMMUTABLE", _of("aws_cdk.aws_ecr.TagMutability")
    ),
    "image_tag_mutability_exclusion_filters": _Kind(
        "a list of filters, such as [ecr.ImageTagMutabilityExclusionFilter.wildcard('pr-*')]",
        _list_of(_of("aws_cdk.aws_ecr.ImageTagMutabilityExclusionFilter")),
    ),
    "images": _FLAG,
    "level": _Kind("an AccessLevel, such as AccessLevel.PULL", _of("ecr_access.iam.actions.AccessLevel")),
    "lifecycle_registry_id": _TEXT,
    "lifecycle_rules": _Kind(
        "a list of rules, each an ecr.LifecycleRule, ArchiveRule or ExpireArchivedRule",
        _list_of(_of("builtins.dict", "aws_cdk.aws_ecr.LifecycleRule", *_ARCHIVING)),
    ),
    "log_allowed": _FLAG,
    "log_encryption_key": _KEY,
    "log_retention": _Kind(
        "a RetentionDays, such as logs.RetentionDays.ONE_YEAR", _of("aws_cdk.aws_logs.RetentionDays")
    ),
    "max_image_age": _DURATION,
    "max_image_count": _NUMBER,
    "name_prefix": _TEXT,
    "not_pulled_for": _DURATION,
    "platform": _Kind(
        "a platform, such as 'linux/arm64', ecr_assets.Platform.LINUX_ARM64 or lambda_.Architecture.ARM_64",
        lambda value: isinstance(value, str) or _is_platform(value),
    ),
    "policy": _Kind("a RemovalPolicy, such as RemovalPolicy.RETAIN", _of("aws_cdk.RemovalPolicy")),
    "policy_covers_grants": _FLAG,
    "principal": _PRINCIPAL,
    "propagation": _Kind("a Duration, such as Duration.seconds(60)", _of("aws_cdk.Duration")),
    "recheck": _INTERVAL,
    "region": _TEXT,
    "registry": _Kind(
        "a Registry; prefer ExistingRepository.from_repository_name(...)",
        _of("ecr_access.iam.arns.Registry"),
    ),
    "removal_policy": _Kind("a RemovalPolicy, such as RemovalPolicy.RETAIN", _of("aws_cdk.RemovalPolicy")),
    "report_only": _FLAG,
    "repositories": _Kind(
        "a list of repositories, such as [repository]",
        _list_of(_with("repository_arn")),
    ),
    "repository": _Kind(
        "a repository of this library or of aws_ecr, such as ExistingRepository.from_repository_name(...)",
        _with("repository_arn"),
    ),
    "repository_arn": _TEXT,
    "repository_name": _TEXT,
    "rule": _Kind("an ArchiveRule or an ExpireArchivedRule", _of(*_ARCHIVING)),
    "rule_priority": _NUMBER,
    "rule_name": _TEXT,
    "scope": _CONSTRUCT,
    "security_groups": _Kind(
        "a list of security groups, such as [ec2.SecurityGroup(...)]", _list_of(_with("security_group_id"))
    ),
    "statement": _Kind("a statement, such as iam.PolicyStatement(...)", _of("aws_cdk.aws_iam.PolicyStatement")),
    "tag": _TEXT,
    "tag_or_digest": _TEXT,
    "tag_pattern_list": _TEXTS,
    "tag_prefix_list": _TEXTS,
    "tag_status": _Kind("a TagStatus, such as ecr.TagStatus.UNTAGGED", _of("aws_cdk.aws_ecr.TagStatus")),
    "target": _Kind("a target of a rule, such as targets.SnsTopic(topic)", _with("bind")),
    "threshold": _NUMBER,
    "topic": _Kind("a topic, such as sns.Topic(...)", _with("topic_arn")),
    "vpc": _Kind("a VPC, such as ec2.Vpc.from_lookup(...)", _with("select_subnets")),
    "vpc_subnets": _Kind(
        "a SubnetSelection, such as ec2.SubnetSelection(subnet_type=...)", _of("aws_cdk.aws_ec2.SubnetSelection")
    ),
}
"""What a parameter of each name takes, besides None where that is its default."""


def typed(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Refuse arguments of another type than their parameters take, before anything is built.

    The function raises a ValueError then, with all that are wrong. A parameter whose name is none of the above is a
    KeyError when the function is defined.
    """
    parameters = signature(function).parameters
    kinds = {name: _kind(name, one.default) for name, one in parameters.items() if name not in ("self", "cls")}

    @wraps(function)
    def checked(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        _refuse({**dict(zip(parameters, args, strict=False)), **kwargs}, kinds)
        return function(*args, **kwargs)

    return checked


def as_list(given: Sequence[Item] | None) -> list[Item] | None:
    """Make a list of any sequence: the jsii runtime takes lists alone."""
    return None if given is None else [*given]


def refuse_wrong_fields(given: Any) -> None:
    """Refuse fields of a dataclass that are of another type than the parameters of their names take.

    Raises:
        ValueError: with all that are wrong.
    """
    _refuse(vars(given), {one.name: _kind(one.name, one.default) for one in fields(given)})


def _kind(name: str, default: object) -> _Kind:
    return replace(KINDS[name], optional=default is None)


def _refuse(given: Mapping[str, object], kinds: Mapping[str, _Kind]) -> None:
    wrong = {
        name: kind
        for name, kind in kinds.items()
        if name in given and not (kind.takes(given[name]) or (kind.optional and given[name] is None))
    }
    if wrong:
        raise Code.ARGUMENT.error(
            "; ".join(
                f"argument {name} is {value_shown(given[name])}; allowed: {kind.words}{kind.hint(given[name])}"
                for name, kind in wrong.items()
            )
        )
