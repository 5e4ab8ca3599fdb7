"""An argument of a wrong type is refused in the library's words, whatever it is given to."""

from __future__ import annotations

from inspect import Parameter, isfunction, ismethod, signature
from typing import Any, Final

import pytest
from aws_cdk import App, CfnParameter, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

import cdk_ecr_access
from cdk_ecr_access import AccessCheck, AccessibleRepository, AccessLevel
from cdk_ecr_access.cdk.arguments import typed
from tests.cdk_ecr_access.cdk.entry_points import ENTRY_POINTS, NAME, NONE, NOT_CALLED_BY_USERS, PARAMETERS, VALUES
from tests.lifecycles import rules_of
from tests.reading import ENV, ROLE, rendered


def _public() -> dict[str, Any]:
    """Every public class with its constructor, and every public method that this library defines."""
    classes = [getattr(cdk_ecr_access, name) for name in cdk_ecr_access.__all__ if name != "AccessLevel"]
    found: dict[str, Any] = {one.__name__: one.__init__ for one in classes}
    for one in classes:
        for name in dir(one):
            method = getattr(one, name)
            ours = str(getattr(method, "__module__", "")).startswith("cdk_ecr_access")
            if not name.startswith("_") and ours and (isfunction(method) or ismethod(method)):
                found[method.__qualname__] = method
    return {name: one for name, one in found.items() if set(signature(one).parameters) - {"self"}}


def _parameters(name: str) -> dict[str, Parameter]:
    return {key: one for key, one in signature(_public()[name]).parameters.items() if key != "self"}


CASES: Final = [
    (entry, parameter, value)
    for entry in ENTRY_POINTS
    for parameter, one in _parameters(entry).items()
    for value in (*PARAMETERS.get(parameter, ("", ()))[1], *([] if one.default is None else [NONE]))
]


def test_every_public_entry_point_has_a_row() -> None:
    """A method that is added is tried with wrong arguments, too."""
    assert sorted(_public()) == sorted({*ENTRY_POINTS, *NOT_CALLED_BY_USERS})


def test_every_parameter_has_a_row() -> None:
    """A parameter that is added is tried with wrong values, too, and no row is left of one that is gone."""
    assert {parameter for entry in ENTRY_POINTS for parameter in _parameters(entry)} == set(PARAMETERS)


@pytest.mark.parametrize(("entry", "parameter", "value"), CASES)
def test_an_argument_of_another_type_is_refused(stack: Stack, entry: str, parameter: str, value: str) -> None:
    """With its name, what was got and what is allowed, and before anything is built."""
    call, right = ENTRY_POINTS[entry]
    function, arguments = call(stack), right(stack)
    before = len(stack.node.children)
    with pytest.raises(ValueError, match=rf"\b{parameter} is ") as error:
        function(**{**arguments, parameter: VALUES[value]()})
    message = str(error.value)
    assert f"{parameter} is {value}; allowed: {PARAMETERS[parameter][0]}" in message
    assert "Token[" not in message
    assert not message.endswith(".")
    assert len(stack.node.children) == before


def test_all_wrong_arguments_are_named_at_once() -> None:
    """One correction is enough."""
    wrong: dict[str, Any] = {"propagation": 60, "log_retention": "ONE_YEAR", "report_only": "false"}
    with pytest.raises(ValueError, match=r"^argument propagation is 60; .*; argument report_only is .*; arg.* log_ret"):
        AccessCheck(Stack(App(), "Stack"), **wrong)


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (444455556666, "'111122223333'; did you mean the text '444455556666'? [ECR-ACCESS-101]"),
        (1234567890, "; did you mean the text '001234567890'? [ECR-ACCESS-101]"),
        (7, "or '111122223333' [ECR-ACCESS-101]"),
        ([ROLE], "or '111122223333'; call it once for each [ECR-ACCESS-101]"),
        ((ROLE,), "; call it once for each [ECR-ACCESS-101]"),
        ({ROLE}, "; call it once for each [ECR-ACCESS-101]"),
        (b"444455556666", "or '111122223333' [ECR-ACCESS-101]"),
    ],
)
def test_what_is_almost_the_text_of_a_principal_is_refused_with_a_hint(
    repository: AccessibleRepository, value: Any, hint: str
) -> None:
    """A number has lost the zeros that an account id begins with; a list would hide which of them was refused."""
    with pytest.raises(ValueError, match=r"^argument grantee is .*; allowed: a role, user or group") as error:
        repository.grant_pull(value)
    assert str(error.value).endswith(hint)


def test_a_class_in_the_place_of_a_construct_is_refused(stack: Stack) -> None:
    """It has the attributes of its instances."""
    wrong: Any = iam.Role
    with pytest.raises(ValueError, match=r"^argument grantee is the class Role; allowed: a role, user or group"):
        AccessibleRepository(stack, "Repository", repository_name=NAME).grant_pull(wrong)


def test_none_stands_for_the_default() -> None:
    """As everywhere in the CDK."""
    stack = Stack(App(), "Stack", env=ENV)
    optional: dict[str, Any] = {
        key: None for key, one in _parameters("AccessibleRepository").items() if one.default is None
    }
    AccessibleRepository(stack, "Repository", **{**optional, "repository_name": NAME})
    others: dict[str, Any] = {key: None for key, one in _parameters("AccessCheck").items() if one.default is None}
    AccessCheck(stack, **others)


def test_a_token_is_shown_in_words(stack: Stack, repository: AccessibleRepository) -> None:
    """Its inner name is the CDK's own."""
    token: Any = CfnParameter(stack, "Parameter").value_as_string
    with pytest.raises(ValueError, match=r"^argument level is the text '<known only at deployment>'; allowed: "):
        repository.identity_policy(token)


def test_a_level_is_no_text(repository: AccessibleRepository) -> None:
    """Its value is one, and would be easy to give."""
    wrong: Any = AccessLevel.PULL.value
    with pytest.raises(ValueError, match=r"^argument level is the text 'PULL'; allowed: an AccessLevel, such as "):
        repository.identity_policy(wrong)


def test_a_parameter_of_which_nothing_is_known_is_an_error_where_it_is_defined() -> None:
    """So that none is added unnoticed."""

    def new(_scope: object) -> None: ...

    with pytest.raises(KeyError, match="_scope"):
        typed(new)


def test_python_names_an_argument_that_no_parameter_takes(repository: AccessibleRepository) -> None:
    """As for any function."""
    misspelt: dict[str, Any] = {"name_prefx": "team/"}
    with pytest.raises(TypeError, match="unexpected keyword argument 'name_prefx'"):
        repository.grant_pull(iam.ArnPrincipal(ROLE), **misspelt)


def test_a_tuple_is_a_list_where_the_cdk_takes_lists_alone(stack: Stack) -> None:
    """The type of these parameters is any sequence."""
    filters = (ecr.ImageTagMutabilityExclusionFilter.wildcard("pr-*"),)
    repository = AccessibleRepository(
        stack, "Repository", repository_name=NAME, image_tag_mutability_exclusion_filters=filters
    )
    repository.add_lifecycle_rule(max_image_count=1, tag_prefix_list=("v",))
    repository.add_lifecycle_rule(max_image_count=1, tag_pattern_list=("pr-*",))
    vpc = ec2.Vpc(stack, "Vpc")
    AccessCheck(stack, vpc=vpc, security_groups=(ec2.SecurityGroup(stack, "Group", vpc=vpc),))
    found = rendered(stack)
    assert "ImageTagMutabilityExclusionFilters" in found.one("AWS::ECR::Repository")["Properties"]
    assert [one["selection"].get("tagPrefixList") for one in rules_of(stack)] == [None, ["v"], None]
    (function,) = [one for one in found.all("AWS::Lambda::Function") if "VpcConfig" in one["Properties"]]
    assert len(function["Properties"]["VpcConfig"]["SecurityGroupIds"]) == 1
