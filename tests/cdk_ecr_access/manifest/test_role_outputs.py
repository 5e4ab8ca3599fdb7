"""The ARNs of a manifest's roles are outputs, however many roles there are: a template has 200 outputs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, CfnOutput, Stack
from aws_cdk.assertions import Template
from constructs import Construct

import app as shipped
from cdk_ecr_access.manifest import DeclaredRepositories, output_roles
from ecr_access.manifest import parse_manifest

# The longest that IAM allows, of a role without a path.
ARN = f"arn:aws-us-gov:iam::111122223333:role/{'x' * 64}"
MANY = ["r" + "".join("abcdefghij"[int(digit)] for digit in f"{number:03}") for number in range(250)]


def manifest_of(*keys: str) -> dict[str, Any]:
    """Return a manifest that makes these roles."""
    return {"roles": {key: {} for key in keys}, "repositories": [{"name": "base", "pull": [*keys[:1]]}]}


def test_250_roles_are_all_in_outputs_that_fit() -> None:
    """The CDK's own rule counts 200 outputs; each text is as long as a parameter, and together they have all roles."""
    app = App(context={"manifest": manifest_of(*MANY), "@aws-cdk/core:validateAgainstDefaultRules": True})
    (stack,) = shipped.build(app)
    folder = Path(app.synth().directory)
    outputs = json.loads((folder / stack.template_file).read_text(encoding="utf-8"))["Outputs"]
    del outputs["Registry"]
    assert [*outputs] == [f"RoleArns{number}" for number in range(1, len(outputs) + 1)]
    texts = [deployed(one["Value"]) for one in outputs.values()]
    assert max(map(len, texts)) <= 4096
    found = [json.loads(text) for text in texts]
    assert [key for one in found for key in one] == MANY
    assert {arn for one in found for arn in one.values()} == {ARN}


def deployed(value: dict[str, Any]) -> str:
    """Write what CloudFormation makes of a text with the ARNs of roles."""
    separator, parts = value["Fn::Join"]
    assert all(isinstance(one, str) or one["Fn::GetAtt"][1] == "Arn" for one in parts)
    return str(separator).join(one if isinstance(one, str) else ARN for one in parts)


@pytest.mark.parametrize("scope", ["the stack", "a construct"])
@pytest.mark.parametrize(("roles", "others", "is_own"), [(40, 155, True), (41, 149, True), (41, 150, False)])
def test_a_role_has_an_output_of_its_own_while_there_is_room(
    roles: int,
    others: int,
    is_own: bool,  # noqa: FBT001
    scope: str,
) -> None:
    """Ten outputs are left; those for other accounts count, which are children of a construct. A few always fit."""
    stack = Stack(App(), "Images")
    declared = DeclaredRepositories(
        stack, "Declared", manifest=parse_manifest(manifest_of(*MANY[:roles]), source="a test")
    )
    inside = stack if scope == "the stack" else Construct(stack, "Inside")
    for number in range(others):
        CfnOutput(inside, f"Other{number}", value="x").override_logical_id(f"Other{number}")
    output_roles(declared)
    found = {*Template.from_stack(stack).find_outputs("*")}
    own = {name for name in found if name.endswith("RoleArn")}
    assert len(own) == (roles if is_own else 0)
    assert ("RoleArns1" in found) is not is_own


def test_each_role_has_a_name_of_its_own() -> None:
    """Each word has one capital letter, also after a digit."""
    (stack,) = shipped.build(App(context={"manifest": manifest_of("a1b", "a1-b")}))
    assert {"A1bRoleArn", "A1BRoleArn"} < {*Template.from_stack(stack).find_outputs("*")}
