"""The tasks that an app runs on Fargate, and the subnets that they are run in.

On an instance, the instance pulls from its own subnet; on Fargate, a task pulls from its own.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import listed, mapping
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import is_known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ecr_access.documents.templates.intrinsics import Resolver
    from ecr_access.documents.templates.template import Resource, Template

_FARGATE: Final = "FARGATE"
_PROVIDERS: Final = frozenset({_FARGATE, "FARGATE_SPOT"})
# Of older ones, Fargate gets the token from elsewhere than the subnet of the task.
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-vpc-endpoint-considerations
_WITH_API: Final = frozenset({"LATEST", "1.4.0"})
_SERVICES: Final = frozenset({"AWS::ECS::Service", "AWS::ECS::TaskSet"})


@dataclass(frozen=True)
class Task:
    """One place where tasks are run on Fargate.

    Attributes:
        resource: that runs them.
        path: of the configuration of their network, from the resource.
        definition: the id, or the family, of their definition, as a text.
        subnets: the ids of their subnets, as texts.
        has_public_ip: whether they have a public address.
        says_public_ip: whether that is written there.
        needs_api: whether the token certainly comes through the subnet.
    """

    resource: Resource
    path: str
    definition: str
    subnets: tuple[str, ...]
    has_public_ip: Ternary
    says_public_ip: bool
    needs_api: bool


_Found = tuple[str, Any]


def tasks_in(template: Template, resolver: Resolver) -> Iterator[Task]:
    """Yield where a template certainly runs tasks on Fargate."""
    for resource in template.resources.values():
        if reader := _READERS.get(resource.type):
            for path, one in reader(resource, resolver):
                if _is_on_fargate(mapping(one)):
                    yield _task(resource, path, mapping(one), resolver)


def _task(resource: Resource, path: str, given: Mapping[str, Any], resolver: Resolver) -> Task:
    template = resource.template
    networks = mapping(given.get("NetworkConfiguration"))
    key = next((one for one in ("AwsvpcConfiguration", "AwsVpcConfiguration") if one in networks), "")
    network = mapping(networks.get(key))
    platform = resolver.text(given.get("PlatformVersion", "LATEST"), template)
    definition = resolver.text(given.get("TaskDefinition", given.get("TaskDefinitionArn")), template)
    assigned = network.get("AssignPublicIp", "DISABLED" if resource.type in _SERVICES else None)
    written = {"ENABLED": Ternary.YES, "DISABLED": Ternary.NO}
    return Task(
        resource,
        # What a text holds has no path of its own.
        path if path.endswith("String") else ".".join(filter(None, (path, "NetworkConfiguration", key))),
        definition,
        tuple(resolver.texts(network.get("Subnets"), template)),
        written.get(assigned, Ternary.MAYBE) if isinstance(assigned, str) else Ternary.MAYBE,
        "AssignPublicIp" in network and not path.endswith("String"),
        platform in _WITH_API,
    )


def _is_on_fargate(given: Mapping[str, Any]) -> bool:
    providers = [mapping(one).get("CapacityProvider") for one in listed(given.get("CapacityProviderStrategy"))]
    by_provider = bool(providers) and all(isinstance(one, str) and one in _PROVIDERS for one in providers)
    return given.get("LaunchType") == _FARGATE or by_provider


def _service(resource: Resource, _: Resolver) -> Iterator[_Found]:
    yield "Properties", resource.properties


def _rule(resource: Resource, _: Resolver) -> Iterator[_Found]:
    for index, one in enumerate(listed(resource.properties.get("Targets"))):
        yield f"Properties.Targets[{index}].EcsParameters", mapping(one).get("EcsParameters")


def _schedule(resource: Resource, _: Resolver) -> Iterator[_Found]:
    yield "Properties.Target.EcsParameters", mapping(resource.properties.get("Target")).get("EcsParameters")


def _pipe(resource: Resource, _: Resolver) -> Iterator[_Found]:
    parameters = mapping(resource.properties.get("TargetParameters"))
    yield "Properties.TargetParameters.EcsTaskParameters", parameters.get("EcsTaskParameters")


def _state_machine(resource: Resource, resolver: Resolver) -> Iterator[_Found]:
    text = resolver.text(resource.properties.get("DefinitionString"), resource.template)
    try:
        left = [json.loads(text)]
    except (ValueError, RecursionError):  # known at deployment alone, or written elsewhere
        return
    while left:
        one = left.pop()
        if isinstance(one, dict) and "NetworkConfiguration" in one and is_known(str(one.get("LaunchType"))):
            yield "Properties.DefinitionString", one
        left += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()


_READERS: Final[dict[str, Callable[[Resource, Resolver], Iterator[_Found]]]] = {
    **dict.fromkeys(_SERVICES, _service),
    "AWS::Events::Rule": _rule,
    "AWS::Scheduler::Schedule": _schedule,
    "AWS::Pipes::Pipe": _pipe,
    "AWS::StepFunctions::StateMachine": _state_machine,
}
