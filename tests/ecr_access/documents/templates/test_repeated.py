"""A key of a template that is given twice: what it has is unknown, and the rest is read."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.documents.document import DocumentError
from ecr_access.documents.templates.template import Template
from ecr_access.documents.templates.text import parse_template

HEAD = "Resources:\n  A:\n    Type: T\n"


def choice(*values: object) -> dict[str, Any]:
    """What a key is that has several values."""
    return {"Fn::If": ["given twice", *values]}


@pytest.mark.parametrize(
    ("properties", "read"),
    [
        ("{B: 1, B: 2}", {"B": choice(1, 2)}),
        ("{B: {C: 1, D: 2, C: 3}}", {"B": {"C": choice(1, 3), "D": 2}}),
        ("{B: [1, {C: 1, C: 2}]}", {"B": [1, {"C": choice(1, 2)}]}),
        ("{B: {C: 1, C: 2}, B: 3}", {"B": choice({"C": choice(1, 2)}, 3)}),
        ("{B: {Ref: C, Ref: D}}", {"B": choice({"Ref": "C"}, {"Ref": "D"})}),
        ("{B: {'Fn::Sub': x, 'Fn::Sub': y, C: 1}}", {"B": choice({"Fn::Sub": "x"}, {"Fn::Sub": "y"})}),
        ("{B: !If [X, {C: 1, C: 2}, 3]}", {"B": {"Fn::If": ["X", {"C": choice(1, 2)}, 3]}}),
    ],
)
def test_a_property_that_is_given_twice_is_a_choice(properties: str, read: dict[str, Any]) -> None:
    """Which only the deployment makes; a function that is one is a choice itself."""
    document = parse_template(f"{HEAD}    Properties: {properties}\n")
    assert document.value["Resources"]["A"]["Properties"] == read
    assert {one.line for one in document.problems} == {4}
    assert all(one.message.endswith(" is given twice in one object; keep one of them") for one in document.problems)


def test_a_default_that_is_merged_is_not_given_twice() -> None:
    """But a key is that the object itself has twice, whatever is merged into it."""
    merged = "{X: &x {B: 0, E: 5}, Y: {<<: *x, B: 1}, Z: {<<: *x, B: 1, B: 2}}"
    document = parse_template(f"{HEAD}    Properties: {merged}\n")
    found = document.value["Resources"]["A"]["Properties"]
    assert (found["Y"], found["Z"]) == ({"E": 5, "B": 1}, {"E": 5, "B": choice(1, 2)})
    assert len([*document.problems]) == 1


@pytest.mark.parametrize(
    "more",
    [
        "    Type: U\n",
        "    Properties: {}\n    Properties: {}\n",
        "    DependsOn: B\n    DependsOn: C\n",
        "  A: {Type: U}\n",
    ],
)
def test_a_resource_or_an_attribute_of_it_that_is_given_twice_is_unknown(more: str) -> None:
    """As what a macro makes: the others are known, and the template is not whole."""
    template = Template("", parse_template(f"{HEAD}{more}  B: {{Type: V}}\n").value)
    assert {name: one.type for name, one in template.resources.items()} == {"B": "V"}
    assert not template.is_whole


@pytest.mark.parametrize(
    "section",
    [
        "Parameters: {P: {Type: String}, P: {Type: Number}}\n",
        "Metadata: {A: 1, A: 2}\n",
        "Conditions: {A: !Equals [1, 1], A: !Equals [1, 2]}\n",
        "Description: a\nDescription: b\n",
    ],
)
def test_sections_that_decide_nothing_are_read_as_they_are(section: str) -> None:
    """The resources are known."""
    document = parse_template(f"{section}{HEAD}")
    assert document.value["Resources"] == {"A": {"Type": "T"}}
    assert len([*document.problems]) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}Resources: {{}}\n",
        f"{HEAD}Outputs: {{A: {{Value: 1, Value: 2}}}}\n",
        f"{HEAD}Outputs: {{A: {{Value: 1}}, A: {{Value: 2}}}}\n",
        f"{HEAD}Mappings: {{A: {{B: {{C: 1, C: 2}}}}}}\n",
        f"{HEAD}Transform: []\nTransform: []\n",
        f"{HEAD}    Properties: {{B: 1, B: 2}}\nGlobals: {{Function: {{A: 1, A: 2}}}}\n",
    ],
)
def test_what_other_parts_of_a_template_may_depend_on_is_an_error(text: str) -> None:
    """Such as what another stack imports."""
    with pytest.raises(DocumentError, match="given twice"):
        parse_template(text)


@pytest.mark.parametrize("depth", [300, 900])
def test_no_depth_is_a_traceback(depth: int) -> None:
    """It is read, or an error."""
    deep = "[" * depth + "]" * depth
    try:
        document = parse_template(f'{{"Resources": {{"A": {{"Type": "T", "Properties": {{"B": {deep}, "B": 1}}}}}}}}')
    except DocumentError as error:
        assert "given twice" in str(error) or "nested too deeply" in str(error)  # noqa: PT017 -- and nothing else
    else:
        assert len([*document.problems]) == 1


@pytest.mark.timeout(20)
def test_thousands_are_read_soon() -> None:
    """Each of them is a problem."""
    pairs = ", ".join(f'"k{number}": 1, "k{number}": 2' for number in range(10_000))
    document = parse_template(f'{{"Resources": {{"A": {{"Type": "T", "Properties": {{{pairs}}}}}}}}}')
    assert len([*document.problems]) == 10_000
    assert document.value["Resources"]["A"]["Properties"]["k9999"] == choice(1, 2)
