"""IAM's policy simulator in memory: the rules, asked with what a request supplies and nothing else.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tests.ecr_access.check.differential.keys import is_of_type
from tests.ecr_access.check.differential.rules.statements import Asked, Json, allows, applies, denies, keys_read
from tests.ecr_access.check.differential.world import REPOSITORY, Combination
from tests.ecr_access.check.fakes import Aws, error

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.ecr_access.check.differential.rules.conditions import Context

_ORDER: Final = ("explicitDeny", "implicitDeny", "allowed")
_ARN_FORMAT: Final = "arn:${Partition}:ecr:${Region}:${Account}:repository/${RepositoryName}"


@dataclass(frozen=True)
class Answer:
    """What the simulator said about one action on one resource, with which context."""

    asked: Asked
    context: Context
    decision: str
    missing: tuple[str, ...]
    by_organization: bool | None
    by_boundary: bool | None
    policies: tuple[str, ...] = ()


@dataclass
class Cloud(Aws):
    """The account of one combination: its principal, its repository and their policies.

    ``answers`` are the simulator's.
    """

    one: Combination = field(default_factory=lambda: Combination(""))
    answers: list[Answer] = field(default_factory=list)

    @classmethod
    def of(cls, one: Combination) -> Cloud:
        """Make the account of a combination."""
        policy = None if one.repository is None else {"Version": "2012-10-17", "Statement": list(one.repository)}
        region, name = REPOSITORY.split(":")[3], REPOSITORY.rpartition("/")[2]
        return cls(one=one, repositories={region: {name: policy}})

    def simulate_principal_policy(self, **asked: object) -> dict[str, Any]:
        """Answer as IAM does."""
        request: dict[str, Any] = asked
        self._called("SimulatePrincipalPolicy", request)
        if request["PolicySourceArn"] != self.one.principal:
            raise error("NoSuchEntity", "The role cannot be found.", status=404)
        context = _context(request.get("ContextEntries") or [])
        results: list[dict[str, Any]] = []
        for action in request["ActionNames"]:
            answers = [simulated(self.one, Asked(action, one), context) for one in request.get("ResourceArns") or ["*"]]
            self.answers += answers
            results += _new(answers) if self.one.shape == "new" else map(_old, answers)
        return {"EvaluationResults": results, "IsTruncated": False}


def _context(entries: Iterable[dict[str, Any]]) -> Context:
    """Read the keys that a request supplies: their values have to be of their types."""
    found: Context = {}
    for one in entries:
        kind, values = one.get("ContextKeyType", "string"), tuple(one.get("ContextKeyValues") or ())
        if not all(is_of_type(kind, value) for value in values):
            raise error("InvalidInput", f"{one['ContextKeyName']}: {values} is no {kind}")
        found[one["ContextKeyName"].lower()] = values
    return found


def simulated(one: Combination, asked: Asked, context: Context) -> Answer:
    """Simulate one action: from the identity policies, the boundary and the service control policies.

    A key that the request does not supply counts as absent from the call. The list of missing keys is of all that the
    identity policies and the boundary read, whatever their statements are about; keys of service control policies are
    not in it (aws/aws-cli#10525, boto/boto3#3111).
    """
    boundary = one.boundary
    by_organization = all(allows(level, asked, context) for level in one.organization) and not any(
        denies(level, asked, context) for level in one.organization
    )
    in_boundary = boundary is None or allows(boundary, asked, context)
    denied = denies(one.identity, asked, context) or denies(boundary or (), asked, context)
    if denied or any(denies(level, asked, context) for level in one.organization):
        decision = "explicitDeny"
    else:
        decision = (
            "allowed" if allows(one.identity, asked, context) and in_boundary and by_organization else "implicitDeny"
        )
    read = [*keys_read(one.identity), *keys_read(boundary or ())]
    return Answer(
        asked,
        context,
        decision,
        missing=tuple(dict.fromkeys(_spelt(key, one) for key in read if key not in context)),
        by_organization=by_organization if one.organization else None,
        by_boundary=None if boundary is None else in_boundary and not denies(boundary, asked, context),
        policies=("own",) if decision != "implicitDeny" and _decides(one.identity, decision, asked, context) else (),
    )


def _decides(statements: Iterable[Json], decision: str, asked: Asked, context: Context) -> bool:
    effect = "Deny" if decision == "explicitDeny" else "Allow"
    return any(one["Effect"] == effect and applies(one, asked, context) for one in statements)


def _spelt(key: str, one: Combination) -> str:
    """Write a key as a policy writes it."""
    for statement in (*one.identity, *(one.boundary or ())):
        for keys in (statement.get("Condition") or {}).values():
            for name in keys:
                if name.lower() == key:
                    return str(name)
    return key


def _details(one: Answer) -> dict[str, Any]:
    boundary = {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": one.by_boundary}}
    statements = [{"SourcePolicyId": name, "SourcePolicyType": "IAM Policy"} for name in one.policies]
    return {
        "MatchedStatements": statements,
        "MissingContextValues": list(one.missing),
        **(boundary if one.by_boundary is not None else {}),
    }


def _organization(answers: list[Answer]) -> dict[str, Any]:
    known = [one.by_organization for one in answers if one.by_organization is not None]
    return {"OrganizationsDecisionDetail": {"AllowedByOrganizations": all(known)}} if known else {}


def _old(one: Answer) -> dict[str, Any]:
    """Write one result, as before 2026-07-30: of one action on one resource."""
    return {
        "EvalActionName": one.asked.action,
        "EvalResourceName": one.asked.resource,
        "EvalDecision": one.decision,
        **_details(one),
        **_organization([one]),
    }


def _new(answers: list[Answer]) -> list[dict[str, Any]]:
    """Write the result of an action, as since 2026-07-30: the resources are inside of it."""
    if [one.asked.resource for one in answers] == ["*"]:
        return [_old(answers[0])]
    boundaries = [one.by_boundary for one in answers if one.by_boundary is not None]
    worst = min(answers, key=lambda one: _ORDER.index(one.decision))
    top = {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": all(boundaries)}} if boundaries else {}
    return [
        {
            "EvalActionName": worst.asked.action,
            "EvalResourceName": _ARN_FORMAT,
            "EvalDecision": worst.decision,
            "MissingContextValues": list(dict.fromkeys(key for one in answers for key in one.missing)),
            **top,
            **_organization(answers),
            "ResourceSpecificResults": [
                {
                    "EvalResourceName": one.asked.resource,
                    "EvalResourceDecision": one.decision,
                    **_details(one),
                }
                for one in answers
            ],
        }
    ]
