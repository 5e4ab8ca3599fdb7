"""What a probe works with: clients, a deadline, and resources that are named in the journal before they are made."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from prove_on_aws.journal import Resource
from prove_on_aws.names import PATH, TAG
from prove_on_aws.reply import ask
from prove_on_aws.sessions import session_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from prove_on_aws.journal import Journal
    from prove_on_aws.options import Options
    from prove_on_aws.sessions import Caller, Session
    from prove_on_aws.waiting import Deadline

Statement = dict[str, Any]
_SESSION: Final = "prove-on-aws"
_LOOKS: Final = 3


class NeedsError(Exception):
    """A probe needs what this run does not have, and what that is."""


@dataclass(frozen=True)
class Role:
    """A role that a probe made."""

    name: str
    arn: str


@dataclass(frozen=True)
class Repository:
    """A repository that a probe made, or that a stack of it makes."""

    name: str
    arn: str


def document(*statements: Statement) -> str:
    """Write a policy."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, separators=(",", ":"))


def allow(*actions: str, on: str | Sequence[str] = "*", **more: object) -> Statement:
    """Write a statement of an identity policy that allows actions."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": on, **more}


@dataclass
class Lab:
    """One probe's share of a run."""

    session: Session
    caller: Caller
    journal: Journal
    run: str
    options: Options
    deadline: Deadline
    made: list[Resource] = field(default_factory=list)
    others: list[Lab] = field(default_factory=list)
    """The labs of other accounts, which share the list of what is made."""

    def client(self, service: str) -> Any:
        """Return a client of the caller."""
        return self.session.client(service)

    def claim(self, kind: str, suffix: str, *, under: str = "") -> str:
        """Name a resource in the journal before it is made; return its name."""
        return self.claim_named(kind, f"{under}{self.run}-{suffix}")

    def claim_named(self, kind: str, name: str) -> str:
        """Name in the journal what a stack of the run has named."""
        resource = Resource(kind, name, self.caller.account, self.caller.region)
        self.journal.name(resource)
        self.made.append(resource)
        return name

    def iam_arn(self, kind: str, name: str) -> str:
        """Return the ARN of a role, group or managed policy of this run."""
        return f"arn:{self.caller.partition}:iam::{self.caller.account}:{kind}{PATH}{name}"

    @property
    def root(self) -> str:
        """The ARN by which a policy names the whole account."""
        return f"arn:{self.caller.partition}:iam::{self.caller.account}:root"

    def repository_named(self, name: str) -> Repository:
        """Return a repository of this account and Region by its name."""
        return Repository(
            name, f"arn:{self.caller.partition}:ecr:{self.caller.region}:{self.caller.account}:repository/{name}"
        )

    def tags(self, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
        """Return the tag of everything that the run makes."""
        return [{key: TAG, value: self.run}]

    def role(
        self,
        suffix: str,
        *,
        policies: Mapping[str, str] | None = None,
        boundary: str | None = None,
        service: str = "",
    ) -> Role:
        """Make a role with policies of its own, which this account, or a service, may assume."""
        name = self.claim("role", suffix)
        principal = {"Service": service} if service else {"AWS": self.root}
        trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
        iam = self.client("iam")
        more = {"PermissionsBoundary": boundary} if boundary else {}
        made = iam.create_role(
            Path=PATH, RoleName=name, AssumeRolePolicyDocument=document(trust), Tags=self.tags(), **more
        )
        for title, text in (policies or {}).items():
            iam.put_role_policy(RoleName=name, PolicyName=title, PolicyDocument=text)
        return Role(name, str(made["Role"]["Arn"]))

    def policy(self, suffix: str, text: str) -> str:
        """Make a managed policy; return its ARN."""
        name = self.claim("policy", suffix)
        made = self.client("iam").create_policy(Path=PATH, PolicyName=name, PolicyDocument=text, Tags=self.tags())
        return str(made["Policy"]["Arn"])

    def repository(self, suffix: str, *, key: str | None = None) -> Repository:
        """Make an empty repository."""
        name = self.claim("repository", suffix)
        more = {"encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": key}} if key else {}
        self.client("ecr").create_repository(repositoryName=name, tags=self.tags(), **more)
        return self.repository_named(name)

    def set_policy(self, repository: Repository, *statements: Statement) -> None:
        """Give a repository a policy; a role that was just made may not be known to ECR yet."""
        ecr = self.client("ecr")
        self.deadline.poll(
            lambda: ask(
                lambda: ecr.set_repository_policy(repositoryName=repository.name, policyText=document(*statements))
            ),
            lambda reply: reply.accepted,
            what=f"ECR to take the policy of {repository.name}",
            at_most=60,
        )

    def seconds_until(self, look: Callable[[], bool], *, what: str) -> float:
        """Wait until a control is let in, and on; return the seconds until it was so for the first time.

        One part of AWS may know of a change before the others do, so that one look proves little.
        """
        begin, end = self.deadline.left, 0.0

        def stays() -> bool:
            nonlocal end
            if not look():
                return False
            end = self.deadline.left
            for _ in range(_LOOKS - 1):
                self.deadline.pause(min(1.0, self.options.propagation / 60))
                if not look():
                    return False
            return True

        self.deadline.poll(stays, bool, what=what)
        return begin - end

    def assume(self, role: Role) -> Session:
        """Return a session of a role; a new role takes seconds until it can be assumed.

        Raises:
            NeedsError: The caller is the account's root user, who can assume no role.
        """
        sts = self.client("sts")

        def assumed() -> Any:
            reply = ask(lambda: sts.assume_role(RoleArn=role.arn, RoleSessionName=_SESSION))
            if "root account" in reply.message:
                raise NeedsError(
                    "roles cannot be assumed by the root user: run this as a user or role with AdministratorAccess"
                )
            return reply

        reply = self.deadline.poll(assumed, lambda one: bool(one.accepted), what=f"{role.name} to be assumed")
        return session_of(reply.body["Credentials"], self.caller.region)
