"""Invokes the function of a check, and reads what it answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from botocore.exceptions import ClientError

from ecr_access.check.aws.errors import code_of
from ecr_access.check.finding import Explanation, Finding, Verdict
from ecr_access.check.recheck import terms
from ecr_access.cli.check.deployed.errors import StackError, asking
from ecr_access.codes import Code
from ecr_access.wording import quoted

if TYPE_CHECKING:
    from ecr_access.cli.check.deployed.clients import Clients
    from ecr_access.cli.check.deployed.properties import Asked

_TEXTS: Final = ("principal", "access", "repository", "cause", "fix")
_SHOWN: Final = 300


class Answer(NamedTuple):
    """What a check found, and the ARNs of repositories whose registries it cannot see."""

    findings: tuple[Finding, ...]
    unseen: tuple[str, ...]


def answer_to(asked: Asked, clients: Clients) -> Answer:
    """Invoke the function.

    Raises:
        StackError: if it cannot be invoked, fails, or answers something else.
    """
    # The answer is read here: a run by hand puts no metrics and no events.
    properties = {key: value for key, value in asked.properties.items() if key != terms.PUBLISH}
    event = {terms.RECHECK: properties}
    what = f"stack {quoted(asked.stack.name)}"
    with asking("lambda:InvokeFunction", what, Code.CHECK_NOT_RUN):
        try:
            invoked = clients.functions.invoke(FunctionName=asked.function, Payload=json.dumps(event).encode())
            payload = invoked["Payload"].read()
        except ClientError as error:
            if code_of(error) != "ResourceNotFoundException":
                raise
            gone = f"{what}: its check's function {asked.function} is gone; deploy the stack again, or repair its drift"
            raise StackError(Code.CHECK_NOT_RUN, gone) from None
    document = _read(payload)
    if kind := invoked.get("FunctionError"):
        raise StackError(Code.CHECK_NOT_RUN, f"{what}: {_failed(asked.function, str(kind), document)}")
    return _answer(document, what)


def _read(payload: bytes) -> Any:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return payload[:_SHOWN].decode(errors="replace")


def _failed(function: str, kind: str, document: Any) -> str:
    told = document if isinstance(document, dict) else {}
    text = ": ".join(str(told[key]) for key in ("errorType", "errorMessage") if told.get(key))
    name = function.rpartition(":")[2]
    return f"its check's function failed ({kind}): {text[:_SHOWN] or 'without a reason'}; see the log of {name}"


def _answer(document: Any, what: str) -> Answer:
    if document is None:
        raise StackError(
            Code.CHECK_NOT_RUN,
            f"{what}: its check's function is of a version that answers CloudFormation alone; deploy the stack with "
            "this version of cdk-ecr-access",
        )
    if isinstance(document, dict) and "error" in document:
        raise StackError(Code.CHECK_NOT_RUN, f"{what}: its check proved nothing: {document['error']}")
    try:
        return Answer(tuple(map(_finding, document["findings"])), tuple(map(str, document["unseen"])))
    except (TypeError, KeyError, ValueError):
        raise StackError(
            Code.CHECK_NOT_RUN,
            f"{what}: its function's answer is none of a check: {quoted(json.dumps(document))}; deploy the stack again",
        ) from None


def _finding(entry: dict[str, str]) -> Finding:
    principal, access, repository, cause, fix = (str(entry[key]) for key in _TEXTS)
    verdict, elsewhere = Verdict(entry["verdict"]), str(entry.get("elsewhere", ""))
    if verdict is not Verdict.ALLOWED:
        return Finding(principal, access, repository, verdict, (Explanation(cause, fix),), elsewhere=elsewhere)
    note = cause.removesuffix(elsewhere).removesuffix("; ")
    return Finding(principal, access, repository, verdict, note=note, elsewhere=elsewhere)
