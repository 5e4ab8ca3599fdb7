"""Every kind of principal that two accounts hold, in one deployment over both of them.

What the embedded cloud judges as AWS does: a principal's own policies, in its own account; a repository policy, for
calls and principals of the repository's account. What it does not:

- It takes each call for one on the caller's own registry, whatever `registryId` says, so that no image is pulled across
  accounts there. A test reads what the check found: in the live repository policy of one account, and in the policies
  of the other.
- It knows no `aws:PrincipalOrgPaths`, and makes no call as a service: again a test reads what the check found.
- Its CloudFormation makes no group: no grant to one is deployed here.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from tests.deploy.conftest import Deployment

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecr_access.local_cloud import LocalCloud
    from tests.deploy.conftest import Outcome

pytestmark = pytest.mark.local_cloud

HERE, THERE = "000000000000", "111122223333"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
TOKEN = {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"}
WITH_TOKEN, WITHOUT_TOKEN = f"arn:aws:iam::{HERE}:role/with-token", f"arn:aws:iam::{HERE}:role/without-token"
MADE_THERE, NAMED_THERE = f"arn:aws:iam::{THERE}:role/made-there", f"arn:aws:iam::{THERE}:role/named-ci"
OWN = "its own policies allow it"
POLICY = "the repository policy allows it"
NOT_HERE = f"{POLICY}; its own policies are for account {THERE} to prove"

# The principals that the repository policy of a row lets in: row, principal, level, and what the access rests on.
LET_IN = {
    "an immutable role of this account": ("immutable", WITH_TOKEN, "PULL", POLICY),
    "a role made in the other account": ("made-there", MADE_THERE, "PULL", NOT_HERE),
    "roles of the other account by ARN": ("named-there", f"arn:aws:iam::{THERE}:role/named-*", "PULL", NOT_HERE),
    "an account": ("account", THERE, "PULL", NOT_HERE),
    "an organization": ("organization", "ORGANIZATION", "PULL", POLICY),
    "an organizational unit": ("unit", "ORGANIZATION/r-ab12/ou-ab12-11111111/*", "PULL", POLICY),
    "a service": ("service", "codebuild.amazonaws.com", "PULL", POLICY),
    "Lambda": ("lambda", "lambda.amazonaws.com", "LAMBDA_PULL", POLICY),
    "the account of Lambda functions": ("lambda", THERE, "LAMBDA_PULL", NOT_HERE),
    "Lambda, for a function of the app": ("function", "lambda.amazonaws.com", "LAMBDA_PULL", POLICY),
    "the account of a function of the app": ("function", THERE, "LAMBDA_PULL", NOT_HERE),
}
EACH_LET_IN = pytest.mark.parametrize(("row", "principal", "level", "cause"), LET_IN.values(), ids=LET_IN)


@pytest.fixture(scope="module")
def organization(local_cloud: LocalCloud) -> str:
    """The organization that the repositories' account is in."""
    return str(local_cloud.client("organizations").describe_organization()["Organization"]["Id"])


@pytest.fixture(scope="module")
def here(local_cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """The app, where one account trusts the other to deploy into it, and roles are there that the app imports."""
    trusting = ("--trust", HERE, "--cloudformation-execution-policies", ADMINISTRATOR)
    said: list[str] = []
    bootstrap = ("bootstrap", f"aws://{THERE}/{local_cloud.region}", *trusting)
    assert local_cloud.cdk(*bootstrap, account=THERE, cwd=local_cloud.directory, output=said.append) == 0, said
    for arn, statements in ((WITH_TOKEN, [TOKEN]), (WITHOUT_TOKEN, []), (NAMED_THERE, [])):
        make_role(local_cloud, arn, statements)
    return Deployment(local_cloud, "accounts.py", tmp_path_factory.mktemp("accounts"), "Rows")


@pytest.fixture(scope="module")
def rows(here: Deployment, organization: str) -> Deployment:
    """All the rows, deployed by one command into both accounts."""
    outcome = here.deploy("Rows", "There", organization=organization)
    assert outcome.code == 0, outcome.text
    return here


@pytest.fixture(scope="module")
def there(rows: Deployment) -> Deployment:
    """What that command deployed into the other account."""
    return replace(rows, name="There", account=THERE)


@pytest.fixture(scope="module")
def without_policies(rows: Deployment, organization: str) -> Outcome:
    """The next deployment, after every repository policy was deleted by hand; they are put back at its end."""
    ecr = rows.cloud.client("ecr")
    names = [f"rows/{row}" for row in {row for row, *_ in LET_IN.values()}]
    policies = {name: ecr.get_repository_policy(repositoryName=name)["policyText"] for name in names}
    for name in names:
        ecr.delete_repository_policy(repositoryName=name)
    outcome = rows.deploy("Rows", organization=organization, again="1")
    for name, policy in policies.items():
        ecr.set_repository_policy(repositoryName=name, policyText=policy)
    return outcome


@pytest.fixture
def found(rows: Deployment, organization: str) -> Callable[[str, str, str], dict[str, str]]:
    """Read what the repositories' account found, by verdict: what each finding of a principal on a row rests on."""

    def read(row: str, principal: str, level: str) -> dict[str, str]:
        wanted = (principal.replace("ORGANIZATION", organization), level)
        of_row = [one for one in rows.findings() if one["repository"].endswith(f":repository/rows/{row}")]
        return {one["verdict"]: one["cause"] for one in of_row if (one["principal"], one["access"]) == wanted}

    return read


def make_role(cloud: LocalCloud, arn: str, statements: list[dict[str, str]]) -> None:
    """Make a role as its account's administrators would, for the repositories' account to assume."""
    iam, name = cloud.client("iam", arn.split(":")[4]), arn.partition("/")[2]
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{HERE}:root"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
    if statements:
        attach(cloud, arn, json.dumps({"Version": "2012-10-17", "Statement": statements}))


def attach(cloud: LocalCloud, arn: str, policy: str) -> None:
    """Attach a policy to a role as its account's administrators would."""
    iam = cloud.client("iam", arn.split(":")[4])
    iam.put_role_policy(RoleName=arn.partition("/")[2], PolicyName="attached", PolicyDocument=policy)


def may_pull(deployment: Deployment, arn: str, row: str) -> bool:
    """Try for real whether a role of the repositories' account may read a manifest."""
    try:
        deployment.as_role(arn, "ecr").batch_get_image(repositoryName=f"rows/{row}", imageIds=[{"imageTag": "1"}])
    except ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDeniedException"  # noqa: PT017 -- and nothing else
        return False
    return True


@pytest.mark.parametrize("kind", ["role", "user"])
def test_who_has_policies_here_is_let_in_by_them(rows: Deployment, kind: str) -> None:
    """A role or user of this account needs nothing of the repository policy, and there is none."""
    name = f"arn:aws:iam::{HERE}:{kind}/made-here"
    causes = {one["access"]: one["cause"] for one in rows.findings() if one["principal"] == name}
    assert causes == {"TOKEN": OWN, "PULL": OWN}
    ecr = rows.cloud.client("ecr")
    with pytest.raises(ecr.exceptions.RepositoryPolicyNotFoundException):
        ecr.get_repository_policy(repositoryName=f"rows/{kind}")


def test_a_role_here_pulls_what_it_was_granted_and_nothing_else(rows: Deployment) -> None:
    """Its own calls are answered for its own row, and refused for others."""
    role = f"arn:aws:iam::{HERE}:role/made-here"
    assert rows.may_get_token(role)
    assert {row: may_pull(rows, role, row) for row in ("role", "immutable", "account")} == {
        "role": True,
        "immutable": False,
        "account": False,
    }


@EACH_LET_IN
def test_each_is_let_in_by_the_live_repository_policy(
    found: Callable[[str, str, str], dict[str, str]], row: str, principal: str, level: str, cause: str
) -> None:
    """The check found it allowed, says by what, and names the account that has to prove the other side."""
    assert found(row, principal, level)["allowed"] == cause


def test_an_immutable_role_pulls_by_the_repository_policy(rows: Deployment) -> None:
    """Its own policies hold the token alone, which lets it into no other repository."""
    assert rows.may_get_token(WITH_TOKEN)
    assert may_pull(rows, WITH_TOKEN, "immutable")
    assert not may_pull(rows, WITH_TOKEN, "role")


def test_a_member_of_the_organization_pulls(rows: Deployment) -> None:
    """Nothing but the organization lets this role in; AWS lets in each account's roles, the cloud this account's."""
    assert may_pull(rows, WITHOUT_TOKEN, "organization")
    assert not may_pull(rows, WITHOUT_TOKEN, "account")


def test_the_other_account_proves_its_own_side(rows: Deployment, there: Deployment) -> None:
    """The role made there holds the token and the pull, which its own account's check proves, and signs in."""
    causes = {one["access"]: one["cause"] for one in there.findings() if one["principal"] == MADE_THERE}
    assert causes == {"TOKEN": OWN, "PULL": f"{OWN}; the repository policy of account {HERE} cannot be read from here"}
    assert rows.may_get_token(MADE_THERE)


def test_the_other_account_attaches_what_is_output(rows: Deployment) -> None:
    """The role named by its ARN signs in once its administrators attach the stack's output, and not before."""
    assert not rows.may_get_token(NAMED_THERE)
    attach(rows.cloud, NAMED_THERE, rows.output(f"EcrPullPolicyFor{THERE}"))
    assert rows.may_get_token(NAMED_THERE)
    repository = f"arn:aws:ecr:{rows.cloud.region}:{HERE}:repository/rows/named-there"
    (simulated,) = rows.cloud.client("iam", THERE).simulate_principal_policy(
        PolicySourceArn=NAMED_THERE, ActionNames=["ecr:BatchGetImage"], ResourceArns=[repository]
    )["EvaluationResults"]
    assert simulated["EvalDecision"] == "allowed"


def test_a_role_that_is_kept_from_it_over_there_fails_over_there(there: Deployment, organization: str) -> None:
    """The other account's check sees a deny of its own policies that the repositories' account cannot see."""
    outcome = there.deploy("There", "--exclusively", organization=organization, deny="1")
    assert outcome.code == 1
    assert f"{MADE_THERE} may not ecr:GetDownloadUrlForLayer" in outcome.words
    assert "explicitly denied" in outcome.words
    assert there.status() == "UPDATE_ROLLBACK_COMPLETE"


def test_an_immutable_role_without_the_token_fails_the_deployment(here: Deployment, organization: str) -> None:
    """No repository policy can allow the token, and the words say who lacks it and where it belongs."""
    outcome = here.deploy("Tokenless", organization=organization)
    assert outcome.code == 1
    assert "role without-token may not ecr:GetAuthorizationToken on *" in outcome.words
    assert f"1. {WITHOUT_TOKEN} may not ecr:GetAuthorizationToken on *: no statement of its own" in outcome.words
    assert 'in a policy of it: {"Effect":"Allow","Action":"ecr:GetAuthorizationToken","Resource":"*"}' in outcome.words


def test_without_the_repository_policies_the_deployment_fails(without_policies: Outcome) -> None:
    """CloudFormation sees no difference; the check does."""
    assert without_policies.code == 1
    assert "the repository has no policy" in without_policies.words


@pytest.mark.usefixtures("without_policies")
@EACH_LET_IN
def test_each_is_kept_out_without_the_repository_policy(
    found: Callable[[str, str, str], dict[str, str]], row: str, principal: str, level: str, cause: str
) -> None:
    """What the check had found rests on the live policy and on nothing else."""
    assert cause
    assert "repository" in found(row, principal, level)["denied"]
