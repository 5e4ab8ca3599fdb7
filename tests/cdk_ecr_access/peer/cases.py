"""What people do with a repository of ``aws_ecr``, after the subjects of its own tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import App, CfnOutput, CfnParameter, Duration, Environment, Fn, RemovalPolicy, Stack, Tags
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

if TYPE_CHECKING:
    from collections.abc import Callable

    Case = Callable[[Stack, type[ecr.Repository]], object]

ACCOUNT, OTHER, REGION = "111122223333", "444455556666", "eu-west-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
CASES: dict[str, Case] = {}


def case(function: Case) -> Case:
    """Add a case under the name of its function."""
    CASES[function.__name__] = function
    return function


def text(_: Stack) -> Any:
    """Name a role of another account."""
    return f"arn:aws:iam::{OTHER}:role/ci"


def role(stack: Stack, name: str = "Role") -> iam.Role:
    """A role of a stack."""
    return iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal())


def plain(**properties: Any) -> Case:
    """Declare a repository with properties."""
    return lambda stack, repository: repository(stack, "Repository", **properties)


def rules(*given: ecr.LifecycleRule) -> Case:
    """Declare a repository with lifecycle rules."""
    return plain(lifecycle_rules=[*given])


def granted(method: str, *arguments: Any, to: Callable[[Stack], iam.IGrantable] = role) -> Case:
    """Call a grant of a repository that has a name."""

    def grant(stack: Stack, repository: type[ecr.Repository]) -> None:
        getattr(repository(stack, "Repository", repository_name="team/app"), method)(to(stack), *arguments)

    return grant


def output(get: Callable[[ecr.Repository], str]) -> Case:
    """Output an attribute."""

    def put_out(stack: Stack, repository: type[ecr.Repository]) -> None:
        CfnOutput(stack, "Out", value=get(repository(stack, "Repository", repository_name="team/app")))

    return put_out


def event(method: str, **options: Any) -> Case:
    """Make a rule for events of a repository."""

    def listen(stack: Stack, repository: type[ecr.Repository]) -> None:
        getattr(repository(stack, "Repository", repository_name="team/app"), method)("Rule", **options)

    return listen


_EXCLUDED = [ecr.ImageTagMutabilityExclusionFilter.wildcard("pr-*")]
_UNTAGGED, _TAGGED, _ANY = ecr.TagStatus.UNTAGGED, ecr.TagStatus.TAGGED, ecr.TagStatus.ANY
CASES |= {
    "without properties": plain(),
    "a name": plain(repository_name="team/app"),
    "a name with dots and underscores": plain(repository_name="team.a/app_b-c"),
    "the longest name": plain(repository_name="a" * 256),
    "a name that is too long": plain(repository_name="a" * 257),
    "a name that is too short": plain(repository_name="a"),
    "a name in capitals": plain(repository_name="Team/app"),
    "a name with a slash at its end": plain(repository_name="team/"),
    "a name with a space": plain(repository_name="team app"),
    "an empty name": plain(repository_name=""),
    "a name with two hyphens in a row": plain(repository_name="team--app"),
    "scan on push": plain(image_scan_on_push=True),
    "no scan on push": plain(image_scan_on_push=False),
    "immutable tags": plain(image_tag_mutability=ecr.TagMutability.IMMUTABLE),
    "mutable tags": plain(image_tag_mutability=ecr.TagMutability.MUTABLE),
    "immutable tags but for some": plain(
        image_tag_mutability=ecr.TagMutability.IMMUTABLE_WITH_EXCLUSION,
        image_tag_mutability_exclusion_filters=_EXCLUDED,
    ),
    "mutable tags but for some": plain(
        image_tag_mutability=ecr.TagMutability.MUTABLE_WITH_EXCLUSION,
        image_tag_mutability_exclusion_filters=_EXCLUDED,
    ),
    "filters without exclusion": plain(
        image_tag_mutability=ecr.TagMutability.IMMUTABLE, image_tag_mutability_exclusion_filters=_EXCLUDED
    ),
    "exclusion without filters": plain(image_tag_mutability=ecr.TagMutability.IMMUTABLE_WITH_EXCLUSION),
    "removal policy destroy": plain(removal_policy=RemovalPolicy.DESTROY),
    "removal policy retain": plain(removal_policy=RemovalPolicy.RETAIN),
    "removal policy retain on update or delete": plain(removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE),
    "emptied when deleted": plain(removal_policy=RemovalPolicy.DESTROY, empty_on_delete=True),
    "emptied when deleted, and retained": plain(empty_on_delete=True),
    "encrypted with AES": plain(encryption=ecr.RepositoryEncryption.AES_256),
    "encrypted with KMS": plain(encryption=ecr.RepositoryEncryption.KMS),
    "encrypted with two layers": plain(encryption=ecr.RepositoryEncryption.KMS_DSSE),
    "a rule of count": rules(ecr.LifecycleRule(max_image_count=100)),
    "a rule of age": rules(ecr.LifecycleRule(max_image_age=Duration.days(30))),
    "a rule of age in hours": rules(ecr.LifecycleRule(max_image_age=Duration.hours(48))),
    "a rule with a description": rules(ecr.LifecycleRule(max_image_count=5, description="keep five")),
    "a rule of tagged images by prefix": rules(
        ecr.LifecycleRule(tag_status=_TAGGED, tag_prefix_list=["v"], max_image_count=1)
    ),
    "a rule of tagged images by pattern": rules(
        ecr.LifecycleRule(tag_status=_TAGGED, tag_pattern_list=["v*"], max_image_count=1)
    ),
    "a rule of tags without a status": rules(ecr.LifecycleRule(tag_prefix_list=["v"], max_image_count=1)),
    "a rule with a priority": rules(ecr.LifecycleRule(rule_priority=7, max_image_count=1)),
    "priorities given and assigned": rules(
        ecr.LifecycleRule(tag_prefix_list=["a"], max_image_count=1),
        ecr.LifecycleRule(rule_priority=10, tag_prefix_list=["b"], max_image_count=1),
        ecr.LifecycleRule(tag_prefix_list=["c"], max_image_count=1),
    ),
    "any image last": rules(
        ecr.LifecycleRule(tag_status=_ANY, max_image_count=9),
        ecr.LifecycleRule(tag_prefix_list=["b"], max_image_count=1),
    ),
    "untagged images, then any": rules(
        ecr.LifecycleRule(tag_status=_UNTAGGED, max_image_age=Duration.days(1)),
        ecr.LifecycleRule(max_image_count=9),
    ),
    "a rule of nothing": rules(ecr.LifecycleRule()),
    "a rule of count and age": rules(ecr.LifecycleRule(max_image_count=1, max_image_age=Duration.days(1))),
    "a rule of tagged images without tags": rules(ecr.LifecycleRule(tag_status=_TAGGED, max_image_count=1)),
    "a rule of untagged images with tags": rules(
        ecr.LifecycleRule(tag_status=_UNTAGGED, tag_prefix_list=["v"], max_image_count=1)
    ),
    "a rule of prefixes and patterns": rules(
        ecr.LifecycleRule(tag_prefix_list=["v"], tag_pattern_list=["v*"], max_image_count=1)
    ),
    "a pattern of five wildcards": rules(ecr.LifecycleRule(tag_pattern_list=["*a*b*c*d*"], max_image_count=1)),
    "two rules of any image": rules(ecr.LifecycleRule(max_image_count=1), ecr.LifecycleRule(max_image_count=2)),
    "a rule for any image that is not last": rules(
        ecr.LifecycleRule(rule_priority=1, max_image_count=9),
        ecr.LifecycleRule(rule_priority=2, tag_prefix_list=["b"], max_image_count=1),
    ),
    "a registry of the lifecycle": plain(
        lifecycle_registry_id=OTHER, lifecycle_rules=[ecr.LifecycleRule(max_image_count=1)]
    ),
    "pull to a role": granted("grant_pull"),
    "push to a role": granted("grant_push"),
    "pull and push to a role": granted("grant_pull_push"),
    "read to a role": granted("grant_read"),
    "single actions to a role": granted("grant", "ecr:DescribeImages"),
    "pull to a user": granted("grant_pull", to=lambda stack: iam.User(stack, "User")),
    "pull to a group": granted("grant_pull", to=lambda stack: iam.Group(stack, "Group")),
    "pull to an account": granted("grant_pull", to=lambda _: iam.AccountPrincipal(OTHER)),
    "pull to a role of another account": granted(
        "grant_pull", to=lambda _: iam.ArnPrincipal(f"arn:aws:iam::{OTHER}:role/ci")
    ),
    "pull to an organization": granted("grant_pull", to=lambda _: iam.OrganizationPrincipal("o-abc1234567")),
    "pull to a service": granted("grant_pull", to=lambda _: iam.ServicePrincipal("codebuild.amazonaws.com")),
    "pull to an imported role": granted(
        "grant_pull", to=lambda stack: iam.Role.from_role_arn(stack, "Role", f"arn:aws:iam::{ACCOUNT}:role/ci")
    ),
    "pull to an imported role that is immutable": granted(
        "grant_pull",
        to=lambda stack: iam.Role.from_role_arn(stack, "Role", f"arn:aws:iam::{ACCOUNT}:role/ci", mutable=False),
    ),
    "pull to this account": granted("grant_pull", to=lambda _: iam.AccountRootPrincipal()),
    "pull to the text of an ARN": granted("grant_pull", to=text),
    "pull to the public": granted("grant_pull", to=lambda _: iam.AnyPrincipal()),
    "the ARN": output(lambda one: one.repository_arn),
    "the name": output(lambda one: one.repository_name),
    "the URI": output(lambda one: one.repository_uri),
    "the URI of a tag": output(lambda one: one.repository_uri_for_tag("1.0")),
    "the URI of a digest": output(lambda one: one.repository_uri_for_digest(f"sha256:{'a' * 64}")),
    "the URI of a tag or digest": output(lambda one: one.repository_uri_for_tag_or_digest(f"sha256:{'a' * 64}")),
    "the host of the registry": output(lambda one: one.registry_uri),
    "an event of any kind": event("on_event"),
    "an event of CloudTrail": event("on_cloud_trail_event"),
    "an image that is pushed": event("on_cloud_trail_image_pushed"),
    "a tag that is pushed": event("on_cloud_trail_image_pushed", image_tag="latest"),
    "a scan that is complete": event("on_image_scan_completed"),
    "a scan of some tags": event("on_image_scan_completed", image_tags=["a", "b"]),
    "an event with a description": event("on_event", description="pushed", rule_name="pushed"),
    "an event with a pattern": event("on_event", event_pattern=events.EventPattern(detail={"result": ["SUCCESS"]})),
}


@case
def a_name_that_is_a_parameter(stack: Stack, repository: type[ecr.Repository]) -> None:
    """Known at deployment alone."""
    repository(stack, "Repository", repository_name=CfnParameter(stack, "Name").value_as_string)


@case
def a_customer_managed_key(stack: Stack, repository: type[ecr.Repository]) -> None:
    """Without an encryption that is named."""
    repository(stack, "Repository", encryption_key=kms.Key.from_key_arn(stack, "Key", KEY))


@case
def a_key_of_the_stack(stack: Stack, repository: type[ecr.Repository]) -> None:
    """With the encryption that takes it."""
    repository(stack, "Repository", encryption=ecr.RepositoryEncryption.KMS, encryption_key=kms.Key(stack, "Key"))


@case
def a_key_for_aes(stack: Stack, repository: type[ecr.Repository]) -> None:
    """Which takes none."""
    key = kms.Key.from_key_arn(stack, "Key", KEY)
    repository(stack, "Repository", encryption=ecr.RepositoryEncryption.AES_256, encryption_key=key)


@case
def a_rule_that_is_added(stack: Stack, repository: type[ecr.Repository]) -> None:
    """After the constructor."""
    repository(stack, "Repository", lifecycle_rules=[]).add_lifecycle_rule(max_image_count=5)


@case
def a_statement_of_ones_own(stack: Stack, repository: type[ecr.Repository]) -> None:
    """In the repository's policy."""
    statement = iam.PolicyStatement(actions=["ecr:ListImages"], principals=[iam.AccountPrincipal(OTHER)])
    repository(stack, "Repository").add_to_resource_policy(statement)


@case
def a_statement_without_a_principal(stack: Stack, repository: type[ecr.Repository]) -> None:
    """ECR refuses it."""
    repository(stack, "Repository").add_to_resource_policy(iam.PolicyStatement(actions=["ecr:ListImages"]))


@case
def a_role_of_another_stack(stack: Stack, repository: type[ecr.Repository]) -> None:
    """Of the same account and Region."""
    there = Stack(App.of(stack), "There", env=Environment(account=ACCOUNT, region=REGION))
    repository(stack, "Repository", repository_name="team/app").grant_pull(role(there))


@case
def a_removal_policy_that_is_applied(stack: Stack, repository: type[ecr.Repository]) -> None:
    """After the constructor."""
    repository(stack, "Repository").apply_removal_policy(RemovalPolicy.DESTROY)


@case
def tags(stack: Stack, repository: type[ecr.Repository]) -> None:
    """Of the resource."""
    Tags.of(repository(stack, "Repository")).add("team", "web")


@case
def a_repository_by_its_name(stack: Stack, repository: type[ecr.Repository]) -> None:
    """Imported, and output."""
    found = repository.from_repository_name(stack, "Repository", "team/app")
    CfnOutput(stack, "Arn", value=found.repository_arn)
    CfnOutput(stack, "Uri", value=found.repository_uri)


@case
def a_repository_by_its_arn(stack: Stack, repository: type[ecr.Repository]) -> None:
    """Of another account."""
    arn = f"arn:aws:ecr:{REGION}:{OTHER}:repository/team/app"
    found = repository.from_repository_arn(stack, "Repository", arn)
    CfnOutput(stack, "Name", value=found.repository_name)
    CfnOutput(stack, "Uri", value=found.repository_uri_for_tag("1"))


@case
def a_repository_by_an_arn_that_is_a_parameter(stack: Stack, repository: type[ecr.Repository]) -> None:
    """Its name cannot be told from it."""
    repository.from_repository_arn(stack, "Repository", CfnParameter(stack, "Arn").value_as_string)


@case
def a_repository_by_its_attributes(stack: Stack, repository: type[ecr.Repository]) -> None:
    """With an ARN that is imported, and a name."""
    found = repository.from_repository_attributes(
        stack, "Repository", repository_arn=Fn.import_value("Arn"), repository_name="team/app"
    )
    CfnOutput(stack, "Uri", value=found.repository_uri)
