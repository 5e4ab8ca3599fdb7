"""Tests of the function as Lambda calls it, answered to a server on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ecr_access.check
from ecr_access.check import handler
from tests.ecr_access.check.conftest import Context
from tests.ecr_access.check.fakes import ACCOUNT, ENDPOINT, PREFIX, Aws

if TYPE_CHECKING:
    from tests.ecr_access.check.conftest import Presigned

_SOURCES = Path(handler.__file__).parents[2]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=8,
)


def _properties(**changes: object) -> dict[str, Any]:
    return Aws.properties(Aws.requires(f"arn:aws:iam::{ACCOUNT}:role/ci", PREFIX + "app"), **changes)


def _update(presigned: Presigned, digest: str) -> dict[str, Any]:
    properties = _properties(Digest=digest)
    return presigned.event("Update", PhysicalResourceId="ecr-access-check-d1", ResourceProperties=properties)


def test_malformed_properties_fail_with_every_error(presigned: Presigned) -> None:
    """Without a call to AWS."""
    handler.handle(presigned.event(ResourceProperties={}), Context())
    assert presigned.answer["Status"] == "FAILED"
    assert "Digest: got None" in presigned.answer["Reason"]
    assert presigned.answer["PhysicalResourceId"] == "ecr-access-check-unproved"


def test_an_import_that_fails_is_answered(presigned: Presigned, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lambda's own boto3 may be broken, or a deployment package incomplete."""
    monkeypatch.delattr(ecr_access.check, "invocation", raising=False)
    monkeypatch.setitem(sys.modules, "ecr_access.check.invocation", None)
    handler.handle(presigned.event(ResourceProperties=_properties()), Context())
    assert presigned.answer["Status"] == "FAILED"
    assert "the check itself failed, so that nothing is proved: ImportError" in presigned.answer["Reason"] or (
        "ModuleNotFoundError" in presigned.answer["Reason"]
    )


def test_a_rollback_succeeds_although_nothing_works(presigned: Presigned, monkeypatch: pytest.MonkeyPatch) -> None:
    """Failing it would leave the stack in UPDATE_ROLLBACK_FAILED."""
    monkeypatch.delattr(ecr_access.check, "invocation", raising=False)
    monkeypatch.setitem(sys.modules, "ecr_access.check.invocation", None)
    handler.handle(_update(presigned, "d1"), Context())
    assert presigned.answer["Status"] == "SUCCESS"
    assert presigned.answer["PhysicalResourceId"] == "ecr-access-check-d1"


def test_an_update_to_anything_else_is_checked(presigned: Presigned, monkeypatch: pytest.MonkeyPatch) -> None:
    """And when it fails, what was proved last stays remembered."""
    monkeypatch.delattr(ecr_access.check, "invocation", raising=False)
    monkeypatch.setitem(sys.modules, "ecr_access.check.invocation", None)
    handler.handle(_update(presigned, "d2"), Context())
    assert presigned.answer["Status"] == "FAILED"
    assert presigned.answer["PhysicalResourceId"] == "ecr-access-check-d1"


@pytest.mark.parametrize("kind", ["Delete", "rollback"])
def test_boto3_is_not_even_imported_where_nothing_is_called(presigned: Presigned, kind: str) -> None:
    """In a process of its own, with no credentials."""
    event = presigned.event("Delete") if kind == "Delete" else _update(presigned, "d1")
    script = (
        "import json, sys\n"
        "from ecr_access.check import handler\n"
        "handler.handle(json.loads(sys.stdin.read()), None)\n"
        "assert not {'boto3', 'botocore', 'ecr_access.check.invocation'} & {*sys.modules}\n"
    )
    done = subprocess.run(  # noqa: S603 -- this interpreter, with a script of ours
        [sys.executable, "-c", script],
        input=json.dumps(event),
        env={"PYTHONPATH": str(_SOURCES), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert presigned.answer["Status"] == "SUCCESS"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_properties_that_are_malformed_get_exactly_one_answer(presigned: Presigned, data: st.DataObject) -> None:
    """A digest that is none keeps the rest from being checked for real."""
    presigned.bodies.clear()
    properties = {**_properties(), **data.draw(st.dictionaries(st.sampled_from([*_properties()]), _JSON)), "Digest": 1}
    kind = data.draw(st.sampled_from(["Create", "Update", "Delete"]))
    event = presigned.event(kind, ResourceProperties=data.draw(st.just(properties) | _JSON))
    handler.handle(event, Context())
    assert presigned.answer["Status"] == ("SUCCESS" if kind == "Delete" else "FAILED")
    assert len(presigned.bodies[0]) <= 4096


def test_the_context_tells_where_the_check_runs(presigned: Presigned) -> None:
    """Where no property and no stack does: its function's ARN is looked at, and nothing is wrong with the place."""
    properties = {**_properties(Digest=1), "ServiceToken": None}
    handler.handle(presigned.event(StackId="none", ResourceProperties=properties), Context())
    assert presigned.answer["Reason"] == (
        "these are not the properties of an access check: Digest: got 1, allowed is a text of 1 to 256 characters "
        "[ECR-ACCESS-400]"
    )


def test_a_rollback_tells_the_endpoint_of_the_functions_place(presigned: Presigned) -> None:
    """Outputs that read it go back as well."""
    event = _update(presigned, "d1")
    event["ResourceProperties"]["ServiceToken"] = None
    handler.handle({**event, "StackId": "none"}, Context())
    assert presigned.answer["Data"]["TokenEndpoint"] == ENDPOINT


def test_work_has_until_the_answer_must_leave(presigned: Presigned) -> None:
    """Ten seconds of the function's time are kept; where there is no more than that, nothing is called."""
    handler.handle(presigned.event(ResourceProperties=_properties()), Context(millis=9_000))
    assert "no time was left to call ecr:GetAuthorizationToken" in presigned.answer["Reason"]
