"""Reads the text of a template, the short forms of intrinsic functions turned into the long ones.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from ecr_access.documents.document import STANDARD, Dialect, Document, DocumentError, TagError, TextProblem
from ecr_access.documents.templates.repeated import without_repeated
from ecr_access.documents.text import parse
from ecr_access.wording import did_you_mean, quoted

_SECTIONS: Final = frozenset({"AWSTemplateFormatVersion", "Description", "Parameters", "Rules", "Conditions"})
_KINDS: Final[dict[type, str]] = {str: "a text", list: "a list", bool: "a truth value"}
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


def parse_template(text: str) -> Document:
    """Read a template, JSON or YAML by its content; its value is an object.

    What a key holds that is given twice is unknown, and the key is a problem of the document.

    Raises:
        DocumentError: with everything that is wrong, a key given twice too, if all of the template may depend on it.
    """
    document = parse(text, _DIALECT)
    if document.problems and isinstance(document.value, dict):
        try:
            known = without_repeated(document.value)
        except RecursionError:
            known = None
        if known is None:
            raise DocumentError(*document.problems)
        document = replace(document, value=known)
    value = document.value
    if not isinstance(value, dict):
        kind = "nothing" if value is None else _KINDS.get(type(value), "a number")
        raise DocumentError(TextProblem(0, f"it holds {kind}; a template is an object with the section 'Resources'"))
    # The CDK writes a stack without resources so; with another key it is some other document.
    is_empty = "Resources" not in value and value.keys() <= _SECTIONS
    if not (is_empty or isinstance(value.get("Resources"), dict)):
        raise DocumentError(TextProblem(0, "no template of CloudFormation: it has no object 'Resources'"))
    return document


def _value_of(tag: str, held: Any) -> object:
    if tag.startswith("!"):
        return _function(tag[1:], held)
    kind = tag.removeprefix(STANDARD)
    if kind not in _PLAIN:
        raise TagError(f"the tag {quoted(tag)} is not supported by CloudFormation; write the value without")
    if not isinstance(held, str):
        return held
    if kind == "null":
        return None
    if kind == "bool":
        return held.lower() in _TRUE
    return int(held) if kind == "int" and _INTEGER.fullmatch(held) else held


def _function(name: str, argument: Any) -> dict[str, Any]:
    if name not in (*_BARE, *_FUNCTIONS):
        near = did_you_mean(name, (*_BARE, *_FUNCTIONS))
        raise TagError(f"the tag {quoted(f'!{name}')} is no short form of a function of CloudFormation{near}")
    if name == "GetAtt" and isinstance(argument, str):
        argument = argument.split(".", 1)
    return {name if name in _BARE else f"Fn::{name}": argument}


_DIALECT: Final = Dialect(value=_value_of, most=1_000_000, merges=True, keeps_repeated=True)
