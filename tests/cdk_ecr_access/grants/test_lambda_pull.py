"""What a repository renders for the Lambda functions of its own and of other accounts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Aws, CfnParameter, Environment, Stack

from cdk_ecr_access import AccessibleRepository, AccessLevel
from cdk_ecr_access.testing import snapshot_of
from tests.reading import ACCOUNT, FOREIGN_ROOT, OTHER, REGION, built, policy_of, rendered

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

ACTIONS = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
THIRD = "777788889999"
LAMBDA = "lambda.amazonaws.com"


def functions(account: str) -> str:
    """The functions of an account, as a statement names them."""
    return f"arn:aws:lambda:{REGION}:{account}:function:*"


def granted(*accounts: str) -> list[dict[str, Any]]:
    """The statements of a repository that the functions of accounts may pull from."""
    return built(lambda _, repository: repository.grant_lambda_pull(accounts=accounts)).repository_side


def test_another_account_gets_both_statements_that_aws_asks_for() -> None:
    """One for Lambda, acting for the account's functions, and one for who creates them."""
    service, root = granted(OTHER)
    assert service == {
        "Effect": "Allow",
        "Action": ACTIONS,
        "Principal": {"Service": LAMBDA},
        "Condition": {"StringLike": {"aws:SourceArn": [functions(OTHER)]}},
    }
    assert root == {"Effect": "Allow", "Action": ACTIONS, "Principal": {"AWS": FOREIGN_ROOT}}


def test_accounts_share_the_statement_for_lambda() -> None:
    """A statement an account would fill the policy sooner."""
    services = [one for one in granted(OTHER, THIRD) if "Service" in one["Principal"]]
    assert [one["Condition"] for one in services] == [
        {"StringLike": {"aws:SourceArn": [functions(OTHER), functions(THIRD)]}}
    ]


@pytest.mark.parametrize("own", [ACCOUNT, Aws.ACCOUNT_ID], ids=["literal", "token"])
def test_the_own_account_needs_the_statement_for_lambda_alone(own: str) -> None:
    """Trusting its root only delegates to its IAM policies."""
    (statement,) = granted(own)
    assert statement["Principal"] == {"Service": LAMBDA}


def test_the_own_account_may_be_unknown(app: App) -> None:
    """It is the same token on both sides."""
    stack = Stack(app, "Stack")
    repository = AccessibleRepository(stack, "Repository", repository_name="team/app")
    repository.grant_lambda_pull(accounts=[stack.account])
    (statement,) = rendered(stack).repository_side
    assert statement["Principal"] == {"Service": LAMBDA}


def test_an_account_may_be_a_token() -> None:
    """Whether it is the own one is known at deploy time; a statement for its root does no harm then."""
    found = built(
        lambda stack, repository: repository.grant_lambda_pull(accounts=[CfnParameter(stack, "Id").value_as_string])
    )
    service, root = found.repository_side
    assert {"Ref": "Id"} in service["Condition"]["StringLike"]["aws:SourceArn"][0]["Fn::Join"][1]
    assert {"Ref": "Id"} in root["Principal"]["AWS"]["Fn::Join"][1]


def test_the_partition_is_the_stacks(app: App) -> None:
    """Nothing is literally 'aws'."""
    stack = Stack(app, "Stack", env=Environment(account=ACCOUNT, region="cn-north-1"))
    repository = AccessibleRepository(stack, "Repository", repository_name="team/app")
    repository.grant_lambda_pull(accounts=[OTHER])
    assert "arn:aws:" not in str(rendered(stack).repository_side)


def test_lambda_and_each_other_account_are_proved() -> None:
    """Against the live policy, for Lambda's two actions and without a token."""
    found = built(lambda _, repository: repository.grant_lambda_pull(accounts=[ACCOUNT, OTHER]))
    assert [(one["Principal"], one["Token"], [*one["Access"]]) for one in found.requirements] == [
        (LAMBDA, False, ["LAMBDA_PULL"]),
        (OTHER, False, ["LAMBDA_PULL"]),
    ]
    assert found.check["Properties"]["Actions"]["LAMBDA_PULL"] == ACTIONS


def test_the_own_account_is_not_to_be_proved() -> None:
    """No statement names it, so the check would not find one."""
    found = built(lambda _, repository: repository.grant_lambda_pull(accounts=[ACCOUNT]))
    assert found.principals == [LAMBDA]


def test_an_account_that_may_be_the_own_one_is_not_to_be_proved(app: App) -> None:
    """The statement for its root is found in the live policy. If it is the own account, that allows no call."""
    stack = Stack(app, "Stack")
    AccessibleRepository(stack, "Repository", repository_name="team/app").grant_lambda_pull(accounts=[ACCOUNT])
    found = rendered(stack)
    assert found.principals == [LAMBDA]
    (declared,) = found.check["Properties"]["Declared"]
    assert [[*one["Principal"]] for one in declared["Statements"]] == [["Service"], ["AWS"]]


def test_nothing_is_trusted_that_was_not_named() -> None:
    """No wildcard for a principal, no statement for Lambda without a source, no action beyond the two."""
    for statement in granted(ACCOUNT, OTHER):
        assert "*" not in str(statement["Principal"])
        assert "Service" not in statement["Principal"] or "aws:SourceArn" in statement["Condition"]["StringLike"]
        assert statement["Action"] == ACTIONS


def test_the_grant_tells_the_truth(repository: AccessibleRepository) -> None:
    """Both statements are among the grant's."""
    grant = repository.grant_lambda_pull(accounts=[OTHER])
    assert grant.success
    assert len(grant.resource_statements) == 2
    assert grant.principal_statements == []


def test_the_policy_of_the_role_that_creates_the_functions_is_an_output() -> None:
    """Only of other accounts, and without a token."""
    found = built(lambda _, repository: repository.grant_lambda_pull(accounts=[ACCOUNT, OTHER]))
    (name,) = found.template["Outputs"]
    assert name == f"EcrLambdaPullPolicyFor{OTHER}"
    assert "GetAuthorizationToken" not in found.template["Outputs"][name]["Value"]


@pytest.mark.parametrize(
    "account", ["", "12345678901", "1234567890123", "\N{FULLWIDTH DIGIT ONE}" * 12, "o-abc1234567", "*", 444455556666]
)
def test_an_account_is_twelve_digits(repository: AccessibleRepository, account: Any) -> None:
    """Anything else is refused, with the place and the value."""
    with pytest.raises(ValueError, match=rf"accounts\[0\] is {re.escape(repr(account))}; allowed: 12 digits"):
        repository.grant_lambda_pull(accounts=[account])


@pytest.mark.parametrize(
    ("accounts", "message"),
    [
        ([], "accounts is empty; name at least one"),
        (OTHER, rf"accounts is the text '{OTHER}'; allowed: a list of account ids, such as \['{OTHER}'\]"),
        (444455556666, "accounts is 444455556666; allowed: a list"),
        ([OTHER, OTHER], rf"accounts\[1\] is '{OTHER}' again; name each account once"),
        ([Aws.ACCOUNT_ID, Aws.ACCOUNT_ID], r"accounts\[1\] is 'AWS::AccountId' again; name each"),
    ],
)
def test_accounts_are_a_list_of_different_ones(
    repository: AccessibleRepository,
    accounts: Any,
    message: str,
) -> None:
    """What is wrong is said with what is allowed."""
    with pytest.raises(ValueError, match=f"^cannot grant Lambda a pull: {message}"):
        repository.grant_lambda_pull(accounts=accounts)


def test_all_problems_are_said_at_once(repository: AccessibleRepository) -> None:
    """No problem is reported only after another one is fixed."""
    with pytest.raises(ValueError, match=r"accounts\[0\].*accounts\[2\].*accounts\[3\]"):
        repository.grant_lambda_pull(accounts=["12", OTHER, OTHER, "*"])


def test_a_refused_grant_leaves_nothing_behind(stack: Stack, repository: AccessibleRepository) -> None:
    """Neither a statement nor a check nor an output."""
    with pytest.raises(ValueError, match="cannot grant Lambda a pull"):
        repository.grant_lambda_pull(accounts=[OTHER, "12"])
    assert policy_of(repository) is None
    assert [one["Type"] for one in rendered(stack).template["Resources"].values()] == ["AWS::ECR::Repository"]


def test_the_level_is_lambdas_own() -> None:
    """Lambda does not ask whether layers are there, as a client that pulls does."""
    assert set(AccessLevel.LAMBDA_PULL.actions) < set(AccessLevel.PULL.actions)


def test_lambda_pull(stack: Stack, repository: AccessibleRepository, template_snapshot: SnapshotAssertion) -> None:
    """The template of a repository that functions of two accounts pull from."""
    repository.grant_lambda_pull(accounts=[ACCOUNT, OTHER])
    assert snapshot_of(stack) == template_snapshot
