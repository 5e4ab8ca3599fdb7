"""IAM's SimulatePrincipalPolicy over the query protocol, in the shape since 2026-07-30: one result an action.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from benchmarks.aws.answer import ABSENT, DENIED, Answer

if TYPE_CHECKING:
    from collections.abc import Sequence

THROTTLED: Final = "Throttling"
_SIMULATE: Final = "SimulatePrincipalPolicy"
_NAMESPACE: Final = "https://iam.amazonaws.com/doc/2010-05-08/"
_RESULTS_A_PAGE: Final = 100
_REQUEST_ID: Final = "5d4d2b20-0000-4000-8000-000000000000"
_TYPE_OF_RESOURCE: Final = "arn:${Partition}:ecr:${Region}:${Account}:repository/${RepositoryName}"

Fields = dict[str, list[str]]


def read(body: bytes) -> tuple[str, Fields]:
    """Read a request: its operation and its fields."""
    fields = parse_qs(body.decode(), keep_blank_values=True)
    return fields.get("Action", [""])[0], fields


def answer(operation: str, fields: Fields) -> Answer:
    """Answer a request."""
    if operation != _SIMULATE:
        return error("InvalidAction", f"Could not find operation {operation}")
    principal = fields.get("PolicySourceArn", [""])[0]
    name = principal.rpartition("/")[2]
    if name.startswith(ABSENT):
        return error("NoSuchEntity", f"The role with name {name} cannot be found.", status=404)
    resources = _members(fields, "ResourceArns") or ["*"]
    decision = "implicitDeny" if name.startswith(DENIED) else "allowed"
    results = [_result(action, resources, decision) for action in _members(fields, "ActionNames")]
    start = int(fields.get("Marker", ["0"])[0])
    end = start + int(fields.get("MaxItems", [str(_RESULTS_A_PAGE)])[0])
    more = end < len(results)
    page = f"<IsTruncated>{str(more).lower()}</IsTruncated>" + (f"<Marker>{end}</Marker>" if more else "")
    page += _list("EvaluationResults", results[start:end])
    return _xml(
        200,
        f'<{_SIMULATE}Response xmlns="{_NAMESPACE}"><{_SIMULATE}Result>{page}</{_SIMULATE}Result>'
        f"<ResponseMetadata><RequestId>{_REQUEST_ID}</RequestId></ResponseMetadata></{_SIMULATE}Response>",
    )


def error(code: str, message: str, *, status: int = 400) -> Answer:
    """Word an error."""
    said = f"<Type>Sender</Type><Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    request = f"<RequestId>{_REQUEST_ID}</RequestId>"
    return _xml(status, f'<ErrorResponse xmlns="{_NAMESPACE}"><Error>{said}</Error>{request}</ErrorResponse>')


def _result(action: str, resources: Sequence[str], decision: str) -> str:
    name = f"<EvalActionName>{escape(action)}</EvalActionName><EvalDecision>{decision}</EvalDecision>"
    if [*resources] == ["*"]:
        return f"{name}<EvalResourceName>*</EvalResourceName>{_details(decision)}"
    specific = [
        f"<EvalResourceName>{escape(one)}</EvalResourceName>"
        f"<EvalResourceDecision>{decision}</EvalResourceDecision>{_details(decision)}"
        for one in resources
    ]
    return (
        f"{name}<EvalResourceName>{_TYPE_OF_RESOURCE}</EvalResourceName><MatchedStatements/><MissingContextValues/>"
        + _list("ResourceSpecificResults", specific)
    )


def _details(decision: str) -> str:
    matched = "<SourcePolicyId>role_ci_Pull</SourcePolicyId><SourcePolicyType>IAM Policy</SourcePolicyType>"
    return _list("MatchedStatements", [matched] if decision == "allowed" else []) + "<MissingContextValues/>"


def _list(name: str, members: Sequence[str]) -> str:
    return f"<{name}>{''.join(f'<member>{one}</member>' for one in members)}</{name}>"


def _members(fields: Fields, name: str) -> list[str]:
    numbered = {int(key.rpartition(".")[2]): values[0] for key, values in fields.items() if key.startswith(f"{name}.")}
    return [numbered[number] for number in sorted(numbered)]


def _xml(status: int, text: str) -> Answer:
    return Answer(status, "text/xml", text.encode())
