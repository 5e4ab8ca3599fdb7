"""The access check: one custom resource a stack that proves every requirement at deploy time."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from aws_cdk import CustomResource, Duration, Stack

from cdk_ecr_access.access_check import acknowledgments
from cdk_ecr_access.access_check.access import CheckAccess
from cdk_ecr_access.access_check.attributes import CheckAttributes
from cdk_ecr_access.access_check.check_inputs import CheckInputs
from cdk_ecr_access.access_check.declared_policies import CHECK_ID, size_errors
from cdk_ecr_access.access_check.function import CheckFunction
from cdk_ecr_access.access_check.given_settings import GivenSettings
from cdk_ecr_access.access_check.hosting import hosting
from cdk_ecr_access.access_check.images import CheckImages
from cdk_ecr_access.access_check.interval import given_minutes, minutes_of
from cdk_ecr_access.access_check.repeated import RepeatedCheck
from cdk_ecr_access.access_check.settings import settings
from cdk_ecr_access.cdk import lazy_values
from cdk_ecr_access.cdk.arguments import typed
from cdk_ecr_access.cdk.per_construct import per_construct
from cdk_ecr_access.cdk.stacks import node_of, registry_of, stack_of
from ecr_access.check.recheck import terms
from ecr_access.codes import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_logs as logs
    from aws_cdk.interfaces.aws_kms import IKeyRef
    from constructs import Construct, IConstruct


_PROPERTIES: Final = (
    "Actions", "Requirements", "NotDenied", "ReadElsewhere", "Repositories", "Existing", "Declared", "Retained",
    "Images",
)  # fmt: skip
# A little over the function's own timeout, so that the function has always answered before.
_SERVICE_TIMEOUT_SECONDS: Final = 330


class AccessCheck(CheckAttributes, CheckAccess, CheckImages, RepeatedCheck):
    """Proves at deploy time that every principal which was granted access really has it.

    One a stack. Renders four resources, whatever the number of repositories: a Lambda function, its role, its log
    group (kept for a month, deleted with the stack) and one ``Custom::EcrAccessCheck``, which fails the deployment
    with a message that says what to fix. Only where the role would outgrow IAM's limit for policies inside a role,
    at some 75 principals and repositories together, managed policies take what is beyond it.
    """

    @typed
    def __init__(
        self,
        scope: Construct,
        id: str = CHECK_ID,  # noqa: A002 -- the CDK's name for it
        *,
        propagation: Duration | None = None,
        allow_undetermined: bool | None = None,
        report_only: bool | None = None,
        log_allowed: bool | None = None,
        images: bool | None = None,
        recheck: Duration | None = None,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        log_retention: logs.RetentionDays | None = None,
        log_encryption_key: IKeyRef | None = None,
    ) -> None:
        """Make the access check of a stack, where the defaults of ``AccessCheck.of`` do not fit.

        Make it before the first grant in the stack, which would make one with the defaults.

        Args:
            scope: the stack.
            id: ``"EcrAccessCheck"``, so that ``AccessCheck.of`` finds it.
            propagation: how long a denial is looked at again before it is believed, because changes in IAM take
                seconds, rarely a minute, to be seen. Default: 60 seconds, or the context's
                ``cdk-ecr-access:propagation-seconds``.
            allow_undetermined: pass when some permissions cannot be determined and none is denied; the log has a
                warning then. Default: False, or the context's
                ``cdk-ecr-access:allow-undetermined``.
            report_only: let every deployment pass, for a check that is introduced into a running system; the log and
                the attributes tell what was found. Default: False, or the context's ``cdk-ecr-access:report-only``.
            log_allowed: write a line to the log for each requirement that is met, too, rather than their number alone,
                so that what is denied stands last and by itself. Default: False, or the context's
                ``cdk-ecr-access:log-allowed``.
            images: require every image that a resource of the stack takes from a repository of this library, as
                ``require_image`` does. Default: False, or the context's ``cdk-ecr-access:images``.
            recheck: prove it again at this interval, see ``recheck``. Default: never again, or the context's
                ``cdk-ecr-access:recheck``, such as ``1h``.
            vpc: where the function runs, for accounts that allow no function outside a VPC. It needs a way to the
                endpoints of ECR, IAM, CloudFormation, S3 and CloudWatch Logs. Default: outside, or the context's
                ``cdk-ecr-access:subnets`` and ``cdk-ecr-access:security-groups``, ids with commas between them.
            vpc_subnets: which subnets of the VPC. Default: the private ones.
            security_groups: those of the function. Default: one that lets it out on port 443 (HTTPS).
            log_retention: how long the log is kept. Default: one month, or as many days as the context's
                ``cdk-ecr-access:log-retention-days``.
            log_encryption_key: a key of this Region for the log, whose policy lets CloudWatch Logs use it. Default:
                CloudWatch's own, or the ARN in the context's ``cdk-ecr-access:log-encryption-key``.

        Raises:
            ValueError: if the scope is not a stack, or has its check already, the id is another, the propagation is
                longer than 240 seconds, or the context holds a setting that does not exist, or a value that is not
                allowed; nothing has been built then.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
        """
        if not isinstance(scope, Stack) or id != CHECK_ID:
            raise Code.CHECK_PLACE.error(
                f"AccessCheck must be a direct child of a stack with id '{CHECK_ID}', got scope '{scope.node.path}' "
                f"and id '{id}'; make it with AccessCheck(stack), or use AccessCheck.of(scope)"
            )
        if node_of(scope).try_find_child(CHECK_ID):
            raise Code.CHECK_EXISTS.error(
                f"the access check of stack '{scope.node.path}' is there already, made by AccessCheck.of or by a "
                "grant; make it with its settings before the first grant in that stack, or give them in the context, "
                "such as -c cdk-ecr-access:report-only=true"
            )
        outside = GivenSettings(scope)
        given = settings(
            outside,
            propagation=propagation,
            allow_undetermined=allow_undetermined,
            report_only=report_only,
            log_allowed=log_allowed,
            images=images,
        )
        hosted = hosting(
            outside,
            registry_of(scope).region,
            vpc=vpc,
            vpc_subnets=vpc_subnets,
            security_groups=security_groups,
            log_retention=log_retention,
            log_encryption_key=log_encryption_key,
        )
        minutes = given_minutes(outside) if recheck is None else minutes_of(recheck)
        super().__init__(scope, id)
        self._behind = CheckFunction(self, hosted)
        self._inputs = CheckInputs(self, self._behind, given)
        self._properties = {
            **given.properties,
            **{name: lazy_values.value(self._producer(name)) for name in _PROPERTIES},
            terms.PUBLISH: lazy_values.value(self._published),
        }
        self._resource = CustomResource(
            self,
            "Resource",
            resource_type="Custom::EcrAccessCheck",
            service_token=self._behind.arn,
            service_timeout=Duration.seconds(_SERVICE_TIMEOUT_SECONDS),
            properties={**self._properties, "Digest": lazy_values.at_each_stage(self._inputs.digest)},
        )
        acknowledgments.of_resource(self._resource)
        if given.images:
            # What knows where images stand is imported by apps that ask for it alone.
            from cdk_ecr_access.access_check.image_gate.checks import make_where_needed

            make_where_needed(scope, type(self).of)
        # Validation comes after the references between stacks have been resolved, and the policies with them.
        self.node.add_validation(lazy_values.Validation(lambda: size_errors(self._inputs.too_long, self.stack)))
        if minutes:
            self._repeat(minutes)
        _made_for(scope).append(self)

    @classmethod
    @typed
    def of(cls, scope: IConstruct) -> AccessCheck:
        """Return the access check of a stack, made on first use.

        Args:
            scope: the stack, or any construct in it.
        """
        stack = stack_of(scope)
        # One that was removed from the tree would check nothing.
        found = node_of(stack).try_find_child(CHECK_ID)
        return found if isinstance(found, cls) else cls(stack)

    @cached_property
    def stack(self) -> Stack:
        """The stack that is checked."""
        return stack_of(self)

    @cached_property
    def log_group(self) -> logs.ILogGroup:
        """Where the check writes one line a finding."""
        from aws_cdk import aws_logs as logs  # for an app that asks for it alone

        return logs.LogGroup.from_log_group_name(self, "LogGroup", self._behind.log_group.ref)

    def _producer(self, name: str) -> Callable[[], Any]:
        return lambda: self._inputs.properties()[name]


def check_of(stack: Stack) -> AccessCheck:
    """Return the check that a stack was given last, which each grant asks for, without asking the CDK.

    One that was removed from the tree stays away so, whatever is granted afterwards, until it is asked for by name.
    """
    made = _made_for(stack)
    return made[-1] if made else AccessCheck.of(stack)


@per_construct
def _made_for(_: Stack) -> list[AccessCheck]:
    return []
