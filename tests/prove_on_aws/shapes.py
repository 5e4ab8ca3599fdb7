"""Answers of both kinds for each assumption: as AWS documents them, and as they would refute it.

The shapes are those of AWS's reference; where the embedded cloud answers otherwise, its answer is the refuting one.
"""

from __future__ import annotations

from typing import Any, Final

from prove_on_aws.reply import Reply
from prove_on_aws.verdicts.stacks import Sent

ROLE: Final = "arn:aws:iam::111122223333:role/prove-on-aws/one"
ONE: Final = "arn:aws:ecr:eu-west-1:111122223333:repository/one"
TWO: Final = f"{ONE}-2"
FUNCTIONS: Final = "arn:aws:lambda:eu-west-1:111122223333:function:*"

OK: Final = Reply({})
DENIED: Final = Reply(code="AccessDeniedException", message="User: ... is not authorized to perform: ...")
NOT_FOUND: Final = Reply(code="LayersNotFoundException", message="no such layer")


def refusal(code: str) -> Reply:
    """An error of AWS."""
    return Reply(code=code, message="...")


def older(*entries: tuple[str, str, str], **more: Any) -> Reply:
    """The older shape: one result for each action and resource."""
    results = [
        {"EvalActionName": action, "EvalResourceName": resource, "EvalDecision": decision, **more}
        for action, resource, decision in entries
    ]
    return Reply({"EvaluationResults": results, "IsTruncated": False})


def newer(action: str, decisions: dict[str, str], *, entry: Any = None, **top: Any) -> Reply:
    """The shape since 2026-07-30: one result for an action, with an entry for each resource."""
    entries = [
        {"EvalResourceName": resource, "EvalResourceDecision": decision, **(entry or {})}
        for resource, decision in decisions.items()
    ]
    worst = min(decisions.values(), key=["explicitDeny", "implicitDeny", "allowed"].index)
    result = {"EvalActionName": action, "EvalDecision": worst, "ResourceSpecificResults": entries, **top}
    return Reply({"EvaluationResults": [result], "IsTruncated": False})


def page(action: str, marker: str = "") -> Reply:
    """A page with one result, and a marker unless it is the last."""
    result = {"EvalActionName": action, "EvalResourceName": ONE, "EvalDecision": "allowed"}
    more = {"IsTruncated": True, "Marker": marker} if marker else {"IsTruncated": False}
    return Reply({"EvaluationResults": [result], **more})


def one(decision: str, **more: Any) -> Reply:
    """One decision, in the older shape."""
    return older(("ecr:PutImage", ONE, decision), **more)


def matched(*names: str) -> Reply:
    """Decisions on the actions a and b, with the policies that decided."""
    results = [
        {"EvalActionName": action, "EvalDecision": "allowed", "MatchedStatements": [{"SourcePolicyId": name}]}
        for action, name in zip("ab", names, strict=True)
    ]
    return Reply({"EvaluationResults": results})


def statement(source: str, *actions: str, service: object = "lambda.amazonaws.com") -> dict[str, Any]:
    """A statement like the one that Lambda writes."""
    return {
        "Sid": "LambdaECRImageRetrievalPolicy",
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": list(actions),
        "Condition": {"StringLike": {"aws:sourceArn": source}},
    }


UPDATE_BACK: Final = Sent("Update", "1", "probe-1", "UPDATE_ROLLBACK_IN_PROGRESS")
