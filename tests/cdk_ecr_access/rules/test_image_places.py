"""Where resources name images, as CloudFormation's own schemas have it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import cfnlint
import pytest

from ecr_access.rules.access.image_places import PLACES

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMAS: Final = Path(cfnlint.__file__).parent / "data" / "schemas" / "resources"
NAMES: Final = frozenset({"containeruri", "ecruri", "image", "imageuri", "trainingimage"})
PATHS: Final = [
    (kind, path) for kind, places in PLACES.items() for one in places for path in (one.image, one.role) if path
]
LEFT_OUT: Final = {
    "AWS::CloudFormation::CustomResource": "no resource of AWS",
    "AWS::ECS::ExpressGatewayService": "its ActiveConfigurations are attributes",
    "AWS::ElasticBeanstalk::ApplicationVersion": "an image of CodeBuild, by the name of one that is curated",
    "AWS::GammaDilithium::JobDefinition": "no service that is documented",
    "AWS::ImageBuilder::ContainerRecipe": "its InstanceConfiguration.Image is one of machines; ParentImage is read",
    "AWS::ImageBuilder::Image": "an attribute",
    "AWS::IoTAnalytics::Dataset": "the service has ended",
    "AWS::IoTSiteWise::Task": "its page says nothing of who pulls",
    "AWS::SageMaker::ModelCard": "a document about a model, which runs nothing",
}


@cache
def schemas() -> dict[str, dict[str, Any]]:
    """The schemas of all resources, of which cfn-lint has some in several versions."""
    found: dict[str, dict[str, Any]] = {}
    for one in sorted(SCHEMAS.glob("*.json")):
        schema = json.loads(one.read_bytes())
        if len(json.dumps(schema)) > len(json.dumps(found.get(schema["typeName"], ""))):
            found[schema["typeName"]] = schema
    return found


def paths(
    schema: dict[str, Any], part: Any, within: tuple[str, ...] = (), followed: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    """Yield the paths of all properties; a definition that has itself as a part is not followed again."""
    if reference := part.get("$ref"):
        name = reference.rpartition("/")[2]
        if name not in followed and name in schema.get("definitions", {}):
            yield from paths(schema, schema["definitions"][name], within, (*followed, name))
        return
    if "properties" not in part:
        yield within
    for kind in ("properties", "patternProperties"):
        for name, one in part.get(kind, {}).items():
            yield from paths(schema, one, (*within, name if kind == "properties" else "*"), followed)
    if "items" in part:
        yield from paths(schema, part["items"], (*within[:-1], f"{within[-1]}[]"), followed)


@cache
def paths_of(kind: str) -> frozenset[str]:
    """The paths of a resource's properties, as the table writes them."""
    schema = schemas()[kind]
    return frozenset(".".join(one) for one in paths(schema, {"properties": schema["properties"]}))


@pytest.mark.parametrize(("kind", "path"), PATHS)
def test_a_place_is_a_property_of_its_resource(kind: str, path: str) -> None:
    """In the schema that CloudFormation publishes, or SAM."""
    assert path in paths_of(kind)


def test_every_property_that_is_called_an_image_is_read_or_left_out() -> None:
    """By its name; what is left out has a reason."""
    # The others are too large to walk, and hold no such name.
    texts = {kind: json.dumps(schema).lower() for kind, schema in schemas().items()}
    holding = {kind for kind, text in texts.items() if any(f'"{name}": {{' in text for name in NAMES)}
    named = {
        kind
        for kind in holding
        for schema in (schemas()[kind],)
        for one in paths(schema, {"properties": schema.get("properties", {})})
        if one and one[-1].lower() in NAMES and ".".join(one) not in {place.image for place in PLACES.get(kind, ())}
    }
    assert named <= {*LEFT_OUT}, sorted(named - {*LEFT_OUT})
