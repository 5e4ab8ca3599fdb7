"""Resolves the values of a template whose stack exists, with what AWS tells of that stack.

CloudFormation does not show what it made of intrinsic functions, so it is found out once more. What cannot be known for
certain stays unknown: the value of a parameter with ``NoEcho``, a dynamic reference, an attribute of a resource of a
type that is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ecr_access.documents.templates import conditions
from ecr_access.documents.templates.intrinsics import Resolver
from ecr_access.documents.templates.references import NAMED
from ecr_access.documents.templates.template import NO_VALUE, Template, is_function, listed, mapping
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import is_known, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_FUNCTION: Final = "AWS::Lambda::Function"
NESTED: Final = "AWS::CloudFormation::Stack"
_OUTPUTS: Final = "Outputs."
_LIST: Final = ("List<", "CommaDelimitedList")
_CHOICE: Final = "Fn::If"
_CHOICES: Final = 3
_DEEPEST: Final = 40


class Unresolved(NamedTuple):
    """A property's path, and the text that it has, with marks for what is unknown."""

    path: str
    text: str


@dataclass(frozen=True)
class Deployment:
    """What AWS tells of a stack.

    Attributes:
        template: as it is deployed, where it is deployed.
        physical_ids: of the resources that exist, by their logical ids.
        values: of the parameters, and of the pseudo parameters that name the stack.
        exported: returns what a name is exported as in this account and Region; None if there is no such export.
        output: returns an output of a nested stack, by its id and the output's name; None if there is none.
    """

    template: Template
    physical_ids: Mapping[str, str]
    values: Mapping[str, str]
    exported: Callable[[str], str | None]
    output: Callable[[str, str], str | None]


class DeployedResolver(Resolver):
    """Resolves the values of one stack, and remembers what could not be."""

    def __init__(self, deployment: Deployment) -> None:
        """Take what is known of the stack."""
        self.template = _as_deployed(deployment.template, deployment.physical_ids)
        super().__init__([self.template])
        self.unresolved: list[Unresolved] = []
        self._deployment = deployment
        self._functions[_CHOICE] = self._if

    def properties(self, logical_id: str) -> dict[str, Any]:
        """Return the properties of a resource as CloudFormation gives them to a custom resource: of texts alone.

        What cannot be resolved is added to ``unresolved``.
        """
        found = self.template.resources[logical_id].properties
        return {name: self._value(one, name) for name, one in found.items() if self._chosen(one) != NO_VALUE}

    def _value(self, value: Any, path: str) -> Any:
        value = self._chosen(value)
        if isinstance(value, list):
            kept = [one for one in value if self._chosen(one) != NO_VALUE]
            return [self._value(one, f"{path}[{index}]") for index, one in enumerate(kept)]
        if isinstance(value, dict) and not is_function(value):
            found = {name: one for name, one in value.items() if self._chosen(one) != NO_VALUE}
            return {name: self._value(one, f"{path}.{name}") for name, one in found.items()}
        several = self._several(value)
        if several is not None:
            return [self._known(one, f"{path}[{index}]") for index, one in enumerate(several)]
        return self._known(self.text(value, self.template), path)

    def _known(self, text: str, path: str) -> str:
        if not is_known(text):
            self.unresolved.append(Unresolved(path, text))
        return text

    def _several(self, value: Any) -> list[str] | None:
        """Return the texts that a function makes, if it makes several."""
        function = mapping(value)
        if "Fn::Split" in function:
            return self._split(function["Fn::Split"], self.template, 0) or None
        name = str(function.get("Ref", ""))
        kind = str(mapping(self.template.section("Parameters").get(name)).get("Type", ""))
        if any(part in kind for part in _LIST) and name in self._deployment.values:
            return self._deployment.values[name].split(",")
        return None

    def _chosen(self, value: Any) -> Any:
        """Return what choices come to; what is none, or cannot be decided, as it is."""
        for _ in range(_DEEPEST):
            if not (isinstance(value, dict) and _CHOICE in value):
                break
            name, *either = listed(value[_CHOICE])
            truth = conditions.holds(name, self.template.section("Conditions"), self._plain_text)
            if len(either) != _CHOICES - 1 or truth is Ternary.MAYBE:
                break
            value = either[0 if truth is Ternary.YES else 1]
        return value

    def _plain_text(self, value: object) -> str:
        return self.text(value, self.template, 1)

    def _if(self, argument: object, template: Template, depth: int) -> str:
        chosen = self._chosen({_CHOICE: argument})
        is_open = isinstance(chosen, dict) and _CHOICE in chosen
        return unknown({_CHOICE: argument}, template.path) if is_open else self.text(chosen, template, depth)

    def _ref(self, name: str, template: Template, depth: int) -> str:
        if name in self._deployment.values:
            return self._deployment.values[name]
        resource = template.resources.get(name)
        if resource and resource.type in (_FUNCTION, NESTED):
            return self._deployment.physical_ids[name]
        return super()._ref(name, template, depth)

    def _get_att(self, argument: object, template: Template, depth: int) -> str:
        parts = argument.split(".", 1) if isinstance(argument, str) else [*map(str, listed(argument))]
        resource = template.resources.get(parts[0]) if len(parts) > 1 else None
        if resource and resource.type == _FUNCTION and parts[1] == "Arn":
            name = self._deployment.physical_ids[parts[0]]
            place = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:"
            return self._sub(place, template, depth) + name
        if resource and resource.type == NESTED and parts[1].startswith(_OUTPUTS):
            name = parts[1].removeprefix(_OUTPUTS)
            found = self._deployment.output(self._deployment.physical_ids[parts[0]], name)
            return unknown(".".join(parts), template.path) if found is None else found
        return super()._get_att(argument, template, depth)

    def _import_value(self, argument: object, template: Template, depth: int) -> str:
        name = self.text(argument, template, depth)
        found = self._deployment.exported(name) if is_known(name) else None
        return unknown(name, "import") if found is None else found


def _as_deployed(template: Template, physical_ids: Mapping[str, str]) -> Template:
    """Return a template of the resources that exist, each with the name that it has."""
    resources: dict[str, Any] = {}
    for name, one in template.resources.items():
        if physical := physical_ids.get(name):
            key = NAMED.get(one.type)
            named = {key: physical.rpartition("/")[2] if physical.startswith("arn:") else physical} if key else {}
            resources[name] = {**one.attributes, "Properties": {**one.properties, **named}}
    document = {**template.document, "Resources": resources}
    return Template(template.path, document, template.account, template.region)
