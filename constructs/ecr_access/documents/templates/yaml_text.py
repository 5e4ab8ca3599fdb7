"""Templates in YAML, the short forms of intrinsic functions turned into the long ones.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from ecr_access.documents.nodes import STANDARD, compose, fault_of
from ecr_access.documents.templates.unreadable import TextProblem, UnreadableError
from ecr_access.wording import did_you_mean, quoted

# A date is the version of a policy, and "=" and "<<" are texts where they are values.
_PLAIN: Final = frozenset({"str", "int", "float", "bool", "null", "timestamp", "value", "merge", "seq", "map"})
_BARE: Final = ("Ref", "Condition")
_FUNCTIONS: Final = (
    *("And", "Base64", "Cidr", "Contains", "EachMemberEquals", "EachMemberIn", "Equals", "FindInMap", "GetAZs"),
    *("GetAtt", "If", "ImportValue", "Join", "Length", "Not", "Or", "RefAll", "Select", "Split", "Sub"),
    *("ToJsonString", "Transform", "ValueOf", "ValueOfAll"),
)
# An account id in eight digits and octal is none: what does not read back as it was written stays a text.
_INTEGER: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_TRUE: Final = frozenset({"true", "yes", "on"})
_MOST: Final = 1_000_000


def parse(text: str) -> object:
    """Read YAML.

    Raises:
        UnreadableError: with every key given twice and every unknown tag, or that it is no YAML.
    """
    reader = _Reader()
    try:
        node = compose(text)
        value = None if node is None else reader.value(node)
    except yaml.YAMLError as error:
        fault = fault_of(error)
        raise UnreadableError([TextProblem(fault.line, fault.message)]) from None
    except (RecursionError, ValueError, OverflowError):  # an escape beyond Unicode, such as "\UFFFFFFFF"
        raise UnreadableError([TextProblem(0, "nested too deeply, or aliases that repeat without end")]) from None
    if reader.problems:
        raise UnreadableError(reader.problems)
    return value


def resource_lines(text: str) -> dict[str, int]:
    """Find the line of each resource of a text that ``parse`` reads."""
    for key, section in compose(text).value:
        if key.value == "Resources":
            return {name.value: name.start_mark.line + 1 for name, _ in section.value}
    return {}


class _Reader:
    """Reads nodes, and notes what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[TextProblem] = []
        self._read = 0

    def value(self, node: Any) -> Any:
        self._read += 1
        if self._read > _MOST:
            raise OverflowError
        if node.tag.startswith("!"):
            return self._function(node)
        if node.tag.removeprefix(STANDARD) not in _PLAIN:
            self._note(node, f"the tag {quoted(node.tag)} is not supported by CloudFormation; write the value without")
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        return self._collection(node)

    def _collection(self, node: Any) -> Any:
        if isinstance(node, yaml.SequenceNode):
            return [self.value(one) for one in node.value]
        return self._fields(node) if isinstance(node, yaml.MappingNode) else node.value

    def _fields(self, node: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key, one in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._note(key, "a key is a list or an object; allowed is a text")
            elif key.tag == f"{STANDARD}merge":
                parts = self.value(one)
                for part in reversed(parts if isinstance(parts, list) else [parts]):
                    merged.update(part if isinstance(part, dict) else {})
            elif key.value in found:
                self._note(key, f"the key {quoted(key.value)} is given twice in one object; keep one of them")
            else:
                found[key.value] = self.value(one)
        return {**merged, **found} if merged else found

    def _function(self, node: Any) -> dict[str, Any]:
        name = node.tag[1:]
        if name not in (*_BARE, *_FUNCTIONS):
            near = did_you_mean(name, (*_BARE, *_FUNCTIONS))
            self._note(node, f"the tag {quoted(node.tag)} is no short form of a function of CloudFormation{near}")
        argument = self._collection(node)
        if name == "GetAtt" and isinstance(argument, str):
            argument = argument.split(".", 1)
        return {name if name in _BARE else f"Fn::{name}": argument}

    def _note(self, node: Any, message: str) -> None:
        self.problems.append(TextProblem(node.start_mark.line + 1, message))


def _scalar(node: Any) -> object:
    kind = node.tag.removeprefix(STANDARD)
    if kind == "null":
        return None
    if kind == "bool":
        return node.value.lower() in _TRUE
    return int(node.value) if kind == "int" and _INTEGER.fullmatch(node.value) else node.value
