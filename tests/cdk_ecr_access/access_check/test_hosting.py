"""Where the check's function runs and how its log is kept, for accounts whose rules ask for more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cdk_nag
import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from cdklabs.cdk_validator_cfnguard import CfnGuardValidator

from cdk_ecr_access import AccessCheck
from tests.cdk_ecr_access.test_nag import findings_of, full
from tests.reading import ACCOUNT, ENV, REGION, Rendered, rendered

if TYPE_CHECKING:
    from constructs import Construct

SUBNETS = [f"subnet-{n:017x}" for n in range(2)]
GROUP = f"sg-{1:017x}"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
CONTEXT = {
    "cdk-ecr-access:subnets": ",".join(SUBNETS),
    "cdk-ecr-access:security-groups": [GROUP],
    "cdk-ecr-access:log-retention-days": "365",
    "cdk-ecr-access:log-encryption-key": KEY,
}
PACKS = sorted(name for name in dir(cdk_nag) if name.endswith("Checks"))


def vpc_of(scope: Construct) -> ec2.IVpc:
    """Import a VPC of two private subnets."""
    return ec2.Vpc.from_vpc_attributes(
        scope,
        "Vpc",
        vpc_id=f"vpc-{1:017x}",
        availability_zones=["a", "b"],
        private_subnet_ids=SUBNETS,
        vpc_cidr_block="10.0.0.0/16",
    )


def strict(stack: Stack) -> None:
    """A check with all that such rules ask for."""
    key = kms.Key.from_key_arn(stack, "LogKey", KEY)
    AccessCheck(stack, vpc=vpc_of(stack), log_retention=logs.RetentionDays.ONE_YEAR, log_encryption_key=key)
    full(stack)


def statements(found: Rendered) -> list[dict[str, Any]]:
    """The statements of the check's own role about network interfaces."""
    role = found.template["Resources"][next(key for key in found.template["Resources"] if "CheckRole" in key)]
    (policy,) = role["Properties"]["Policies"]
    return [one for one in policy["PolicyDocument"]["Statement"] if "ec2:" in str(one["Action"])]


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize(("build", "context"), [(strict, {}), (full, CONTEXT)], ids=["parameters", "context"])
def test_with_the_settings_no_rule_of_cdk_nag_is_left(pack: str, build: Any, context: dict[str, Any]) -> None:
    """What no setting changes is acknowledged with its reason, where it is."""
    assert findings_of(build, getattr(cdk_nag, pack)(), context=context) == set()


@pytest.mark.parametrize(("build", "context"), [(strict, {}), (full, CONTEXT)], ids=["parameters", "context"])
def test_with_the_settings_no_rule_of_control_tower_is_left(build: Any, context: dict[str, Any]) -> None:
    """Its hooks refuse a deployment, whatever was acknowledged at synth."""
    assert findings_of(build, CfnGuardValidator(), context=context) == set()


def test_without_the_settings_the_page_lists_what_is_left() -> None:
    """Three choices: outside a VPC, a month of logs, and CloudWatch's own key."""
    plugins = [*(getattr(cdk_nag, pack)() for pack in PACKS), CfnGuardValidator()]
    assert {rule.rpartition("-")[2] for rule, _ in findings_of(full, *plugins)} == {
        "LambdaInsideVPC",
        "CloudWatchLogGroupEncrypted",
        "cloudwatch_log_group_encrypted_check",
        "cloudwatch_log_group_retention_period_check",
        "lambda_inside_vpc_check",
    }


def test_a_function_in_a_vpc_may_make_its_network_interfaces(stack: Stack) -> None:
    """As Lambda asks for, and nothing else; its security group lets it out on HTTPS."""
    strict(stack)
    found = rendered(stack)
    interfaces = ["Assign", "Create", "Delete", "Unassign"]
    assert [one["Resource"] for one in statements(found)] == ["*", f"arn:aws:ec2:{REGION}:{ACCOUNT}:*/*"]
    assert [action.partition(":")[2][:6] for action in statements(found)[1]["Action"]] == [
        one[:6] for one in interfaces
    ]
    (egress,) = found.one("AWS::EC2::SecurityGroup")["Properties"]["SecurityGroupEgress"]
    assert (egress["FromPort"], egress["ToPort"]) == (443, 443)
    assert found.one("AWS::Lambda::Function")["Properties"]["VpcConfig"]["SubnetIds"] == SUBNETS


def test_a_function_outside_a_vpc_has_no_permission_for_one(stack: Stack) -> None:
    """The default stays: four resources, and no statement about the network."""
    full(stack)
    assert statements(rendered(stack)) == []


def test_security_groups_of_ones_own_are_taken(stack: Stack) -> None:
    """And none is made."""
    group = ec2.SecurityGroup.from_security_group_id(stack, "Group", GROUP)
    AccessCheck(stack, vpc=vpc_of(stack), security_groups=[group])
    found = rendered(stack)
    assert found.one("AWS::Lambda::Function")["Properties"]["VpcConfig"]["SecurityGroupIds"] == [GROUP]
    assert not found.all("AWS::EC2::SecurityGroup")


@pytest.mark.parametrize(
    ("key", "value", "error"),
    [
        (
            "subnets",
            "subnet-1",
            r"^the context 'cdk-ecr-access:subnets' has 'subnet-1'; allowed: ids such as 'subnet-0",
        ),
        (
            "subnets",
            ",".join(SUBNETS),
            r"^a function in a VPC needs both 'cdk-ecr-access:subnets' and 'cdk-ecr-access:s",
        ),
        ("security-groups", [1], r"^the context 'cdk-ecr-access:security-groups' has '1'; allowed: ids such as 'sg-0"),
        ("log-retention-days", "366", r"^the context 'cdk-ecr-access:log-retention-days' is '366'; allowed: 1, 3, 5, "),
        (
            "log-encryption-key",
            "alias/logs",
            r"^the context 'cdk-ecr-access:log-encryption-key' is 'alias/logs'; allow",
        ),
        (
            "log-encryption-key",
            KEY.replace(REGION, "us-west-2"),
            r"^the log's key .* is in Region us-west-2, and the ch",
        ),
    ],
)
def test_a_setting_that_is_wrong_is_refused_before_anything_is_built(key: str, value: object, error: str) -> None:
    """With what is allowed."""
    stack = Stack(App(context={f"cdk-ecr-access:{key}": value}), "Stack", env=ENV)
    with pytest.raises(ValueError, match=error):
        AccessCheck.of(stack)
    assert stack.node.children == []


def test_subnets_without_a_vpc_are_refused(stack: Stack) -> None:
    """They would be dropped."""
    with pytest.raises(
        ValueError, match=r"^vpc_subnets and security_groups belong to a VPC; give vpc too .ECR-ACCESS-306.$"
    ):
        AccessCheck(stack, vpc_subnets=ec2.SubnetSelection())


def test_a_public_subnet_is_refused(stack: Stack) -> None:
    """A function there has no way to AWS, and the deployment would wait for it in vain."""
    vpc = ec2.Vpc(stack, "Vpc")
    with pytest.raises(ValueError, match=r"^vpc_subnets has the public subnet '.*'; allowed: subnets with a way out"):
        AccessCheck(stack, vpc=vpc, vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC))


def test_a_function_in_a_vpc_of_the_app_waits_for_the_way_out(stack: Stack) -> None:
    """The check would find no way to AWS before the routes are there."""
    AccessCheck(stack, vpc=ec2.Vpc(stack, "Vpc", max_azs=1))
    function = rendered(stack).one("AWS::Lambda::Function")
    assert any("DefaultRoute" in one for one in function["DependsOn"])


@pytest.mark.parametrize(("retention", "days"), [("ONE_WEEK", 7), ("INFINITE", None)])
def test_the_retention_is_the_number_of_its_days(stack: Stack, retention: str, days: int | None) -> None:
    """Without one the log is kept for ever."""
    AccessCheck(stack, log_retention=logs.RetentionDays[retention])
    assert rendered(stack).one("AWS::Logs::LogGroup").get("Properties", {}).get("RetentionInDays") == days
