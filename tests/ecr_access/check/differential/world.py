"""One combination: what a check is asked, and the policies and facts of the world in which it is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tests.ecr_access.check.fakes import ACCOUNT, PREFIX, REGION

if TYPE_CHECKING:
    from tests.ecr_access.check.differential.rules.statements import Json

HERE, THERE, ELSEWHERE = ACCOUNT, "444455556666", "555566667777"
ACCOUNTS: Final = (HERE, THERE, ELSEWHERE)
UNNAMED: Final = "666677778888"
"""An account that no policy names; it is in the organization, or in the unit, of a requirement."""
NAME: Final = "app"
REPOSITORY: Final = PREFIX + NAME

ORGANIZATION, OTHER_ORGANIZATION = "o-abc1234567", "o-zzz1234567"
ROOT: Final = f"{ORGANIZATION}/r-ab12/"
UNIT, CHILD, OTHER_UNIT = (
    ROOT + "ou-ab12-11111111/",
    ROOT + "ou-ab12-11111111/ou-ab12-22222222/",
    ROOT + "ou-ab12-99999999/",
)
ELSEWHERE_UNIT: Final = f"{OTHER_ORGANIZATION}/r-zz12/ou-zz12-11111111/"

_UNNAMED_PATHS: Final = {ORGANIZATION: ROOT, UNIT: UNIT, UNIT + "*": CHILD}

LAMBDA, CODEBUILD = "lambda.amazonaws.com", "codebuild.amazonaws.com"
NOW: Final = "2026-11-27T12:00:00Z"
EPOCH: Final = "1795780800"
TAG: Final = "team"

LEVELS: Final[dict[str, tuple[str, ...]]] = {
    "TOKEN": ("ecr:GetAuthorizationToken",),
    "PULL": ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
    "PUSH": ("ecr:BatchGetImage", "ecr:InitiateLayerUpload", "ecr:PutImage"),
    "LAMBDA_PULL": ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
}


def role(account: str, name: str) -> str:
    """Return the ARN of a role, whose name may have a path."""
    return f"arn:aws:iam::{account}:role/{name}"


def user(account: str, name: str) -> str:
    """Return the ARN of a user."""
    return f"arn:aws:iam::{account}:user/{name}"


def session(role_arn: str, name: str) -> str:
    """Return the ARN of a role's session: it lacks the role's path."""
    place, _, path = role_arn.partition(":role/")
    return f"{place.replace(':iam:', ':sts:')}:assumed-role/{path.rpartition('/')[2]}/{name}"


@dataclass(frozen=True)
class World:
    """Facts that decide, and that the check has no way to read.

    Attributes:
        paths: each account's place in an organization, as ``aws:PrincipalOrgPaths`` has it; empty outside of any.
        tag: the repository's tag "team"; empty if it has none.
        bounded: whether the roles and users of other accounts have a permissions boundary; it allows everything.
    """

    paths: tuple[str, str, str] = ("", "", "")
    tag: str = ""
    bounded: bool = False


@dataclass(frozen=True)
class Combination:
    """A requirement, and the policies that decide it.

    Attributes:
        principal: of the requirement.
        level: one of ``LEVELS``.
        accounts: the accounts that a service acts for; None leaves it to the check's own.
        owner: the repository's account.
        identity: the statements of the principal's own policies.
        boundary: the statements of its permissions boundary, if it has one.
        organization: the statements of the service control policies, one list a level; none outside an organization.
        repository: the statements of the repository policy; None if there is no policy.
        declared: the ones that the app declares.
        shape: of the simulator's answers, "new" or "old".
        world: facts that the check has no way to read.
    """

    principal: str
    level: str = "PULL"
    accounts: tuple[str, ...] | None = None
    owner: str = HERE
    identity: tuple[Json, ...] = ()
    boundary: tuple[Json, ...] | None = None
    organization: tuple[tuple[Json, ...], ...] = ()
    repository: tuple[Json, ...] | None = None
    declared: tuple[Json, ...] = ()
    shape: str = "new"
    world: World = field(default_factory=World)

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions that the requirement needs."""
        return LEVELS[self.level]

    @property
    def resource(self) -> str:
        """What they are done on."""
        return "*" if self.level == "TOKEN" else REPOSITORY.replace(HERE, self.owner)

    def path(self, account: str) -> str:
        """Return the place of an account in its organization; empty outside of any."""
        if account == UNNAMED:
            return _UNNAMED_PATHS[self.principal]
        return self.world.paths[ACCOUNTS.index(account)]

    @property
    def is_simulated(self) -> bool:
        """Whether the check can ask the simulator about the principal: one role, user or group of its account."""
        return self.principal.startswith(f"arn:aws:iam::{HERE}:") and not any(one in self.principal for one in "*?")

    @property
    def kind(self) -> str:
        """The kind of principal, for the table."""
        if self.principal.startswith("arn:"):
            if "*" in self.principal:
                return "pattern of roles"
            noun = self.principal.split(":")[5].split("/")[0]
            place = "" if self.principal.split(":")[4] == HERE else " of another account"
            return noun + place
        if self.principal.startswith("o-"):
            return "unit" if "/" in self.principal else "organization"
        if self.principal.isdigit():
            return "own account" if self.principal == HERE else "another account"
        return "service"

    @property
    def region(self) -> str:
        """Where the repository is, and the call goes."""
        return REGION
