"""Repositories of other stacks, more than one check looks up: the checks of their own stacks read their policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessCheck, AccessibleRepository, ExistingRepository
from cdk_ecr_access.access_check import check_inputs
from tests.reading import ACCOUNT, ENV, OTHER, REGION, rendered

if TYPE_CHECKING:
    from tests.reading import Rendered

_TASKS = iam.ServicePrincipal("ecs-tasks.amazonaws.com")


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two repositories are many."""
    monkeypatch.setattr(check_inputs, "MOST_OF_OTHER_STACKS", 2)


def images(app: App, count: int, **settings: Any) -> list[AccessibleRepository]:
    """Declare a stack of repositories."""
    stack = Stack(app, "Images", **{"env": ENV, **settings})
    return [AccessibleRepository(stack, f"R{n}", repository_name=f"team/r{n}") for n in range(count)]


def role_in(app: App, name: str = "Services") -> iam.Role:
    """Declare a stack with a role."""
    return iam.Role(Stack(app, name, env=ENV), "Role", assumed_by=_TASKS)


def properties(stack: Stack) -> dict[str, Any]:
    """Read what a stack's check is given."""
    found: dict[str, Any] = rendered(stack).check["Properties"]
    return found


def looked_up(found: Rendered) -> list[str]:
    """Read the names of the repositories that a check may look up."""
    statements = [one for one in found.checks_own if "ecr:GetRepositoryPolicy" in one["Action"]]
    arns = [one["Resource"] for one in statements]
    return [arn.rpartition("/")[2] for one in arns for arn in (one if isinstance(one, list) else [one])]


def test_as_many_as_a_check_looks_up_are_its_own_to_read(app: App) -> None:
    """Their stack needs no check then."""
    repositories, role = images(app, 2), role_in(app)
    for one in repositories:
        one.grant_pull(role)
    found = rendered(Stack.of(role))
    assert looked_up(found) == ["r0", "r1"]
    assert "ReadElsewhere" not in found.check["Properties"]
    assert rendered(Stack.of(repositories[0])).all("Custom::EcrAccessCheck") == []


def test_others_are_read_by_the_check_of_their_own_stack(app: App) -> None:
    """It proves that they deny nothing, before the principal is simulated."""
    repositories, role = images(app, 4), role_in(app)
    for one in repositories:
        one.grant_pull(role)
    repositories[3].grant_push(role)
    theirs, ours = rendered(Stack.of(role)), rendered(Stack.of(repositories[0]))
    assert looked_up(theirs) == ["r0", "r1"]
    assert looked_up(ours) == ["r2", "r3"]
    assert theirs.check["Properties"]["ReadElsewhere"] == ["team/r2", "team/r3"]
    assert ours.check["Properties"]["NotDenied"] == {"PULL": ["team/r2", "team/r3"], "PUSH": ["team/r3"]}
    assert [*ours.check["Properties"]["Actions"]] == ["TOKEN", "PULL", "PUSH"]
    assert len(theirs.requirements[0]["Access"]["PULL"]) == 4
    assert Stack.of(repositories[0]) in Stack.of(role).dependencies


@pytest.mark.parametrize("late", [False, True])
def test_a_policy_that_allows_by_itself_is_read(app: App, late: bool) -> None:  # noqa: FBT001
    """Of a role that takes no statement nothing else says what it may do, whichever grant comes first."""
    repositories, role = images(app, 3), role_in(app)
    theirs = iam.Role.from_role_arn(Stack.of(role), "Theirs", f"arn:aws:iam::{ACCOUNT}:role/web", mutable=False)
    grants = [(one, role) for one in repositories]
    for one, grantee in [*grants, (repositories[2], theirs)] if late else [(repositories[2], theirs), *grants]:
        one.grant_pull(grantee)
    found = rendered(Stack.of(role))
    assert "r2" in looked_up(found)
    assert "team/r2" not in found.check["Properties"].get("ReadElsewhere", [])


def test_repositories_of_the_stack_and_existing_ones_are_always_read(app: App) -> None:
    """No other check reads them."""
    repositories, role = images(app, 2), role_in(app)
    stack = Stack.of(role)
    repositories += [AccessibleRepository(stack, "Own", repository_name="team/own")]
    existing = ExistingRepository.from_repository_name(stack, "Existing", "team/existing")
    for one in (*repositories, existing):
        one.grant_pull(role)
    assert "ReadElsewhere" not in properties(stack)


def test_a_repository_of_another_account_is_left_to_that_account(app: App) -> None:
    """Its policy cannot be read from here, whatever the number."""
    repositories = images(app, 3, env=Environment(account=OTHER, region=REGION))
    role = iam.Role(Stack(app, "Services", env=ENV), "Role", role_name="web", assumed_by=_TASKS)
    for one in repositories:
        one.grant_pull(role)
    assert "ReadElsewhere" not in properties(Stack.of(role))
    assert "NotDenied" not in properties(Stack.of(repositories[0]))


def test_what_is_required_without_a_grant_is_read(app: App) -> None:
    """Nothing says then that the principal's own policies allow it."""
    repositories, role = images(app, 3), role_in(app)
    for one in repositories:
        AccessCheck.of(role).require_pull(role, one)
    assert "ReadElsewhere" not in properties(Stack.of(role))


def test_a_grant_is_refused_that_a_rendered_check_would_have_to_read_for(app: App) -> None:
    """The check of the repositories' stack would not prove that their policies deny nothing."""
    repositories, role = images(app, 3), role_in(app)
    AccessCheck.of(repositories[0])
    rendered(Stack.of(repositories[0]))
    for one in repositories[:2]:
        one.grant_pull(role)
    with pytest.raises(
        RuntimeError,
        match=r"^'Images/EcrAccessCheck' is rendered and would not check the policy of repository 'team/r2', which is "
        r"'Images/R2' for a check that leaves it to this one; grant before synthesis",
    ):
        repositories[2].grant_pull(role)
