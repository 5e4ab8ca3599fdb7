"""Synthesizes the stacks of manifests, and refuses what CloudFormation would refuse for its size."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cdk_ecr_access.cdk.stacks import stack_of
from ecr_access.codes import Code
from ecr_access.manifest import ManifestError
from ecr_access.manifest.full_stacks import number_of_stacks
from ecr_access.manifest.split import LIMIT, Load, stacks_needed, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aws_cdk import App, Stack

    from cdk_ecr_access.manifest.declared import Declared
    from ecr_access.manifest import Manifest, Problem

_CDK_LIMIT: Final = "@aws-cdk/core:stackResourceLimit"
_REPOSITORY: Final = "AWS::ECR::Repository"


def take_any_size(app: App) -> None:
    """Have the CDK count no resources, before the first stack is made: ``synthesize`` does, in a manifest's words."""
    app.node.set_context(_CDK_LIMIT, "0")


def synthesize(app: App, declared: Sequence[Declared]) -> None:
    """Synthesize an app, and measure the templates of the stacks of manifests.

    Args:
        app: with the stacks, made after ``take_any_size``.
        declared: what they declare, all stacks of an environment.

    Raises:
        ManifestError: for each environment of which a stack is larger than CloudFormation takes, with the number of
            stacks that it needs.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    """
    folder = Path(app.synth().directory)
    read: dict[tuple[str, str, str], list[_Template]] = {}
    for one in declared:
        stack = stack_of(one)
        key = (one.manifest.source, stack.account, stack.region)
        read.setdefault(key, []).append(_Template.of(stack, one.manifest, folder))
    problems = [problem for templates in read.values() for problem in _problems(templates)]
    if problems:
        raise ManifestError(declared[0].manifest.source, problems, code=Code.MANIFEST_STACKS)


@dataclass(frozen=True)
class _Template:
    """A template of a stack: what all of it takes, and what each repository of the manifest takes of it."""

    stack: str
    manifest: Manifest
    whole: Load
    repositories: Mapping[str, Load]

    @classmethod
    def of(cls, stack: Stack, manifest: Manifest, folder: Path) -> _Template:
        """Read the template of a stack."""
        text = (folder / stack.template_file).read_text(encoding="utf-8")
        resources: dict[str, Any] = json.loads(text).get("Resources", {})
        names = {one.name for one in manifest.repositories}
        found = {
            one["Properties"]["RepositoryName"]: Load(1, _size(key, one, indented="\n" in text))
            for key, one in resources.items()
            if one["Type"] == _REPOSITORY and one["Properties"].get("RepositoryName") in names
        }
        return cls(stack.stack_name, manifest, Load(len(resources), len(text.encode())), found)

    @property
    def besides(self) -> Load:
        """What it holds besides repositories."""
        held = total(self.repositories.values())
        return Load(self.whole.resources - held.resources, max(self.whole.size - held.size, 0))


def _problems(templates: Sequence[_Template]) -> Iterator[Problem]:
    """Yield what is wrong with the stacks of one environment, once."""
    full = next((one for one in templates if not one.whole.fits_in(LIMIT)), None)
    if full is None:
        return
    repositories = {name: load for one in templates for name, load in one.repositories.items()}
    besides = Load(*(max(values) for values in zip(*(one.besides for one in templates), strict=True)))
    needed = stacks_needed(repositories, besides=besides, at_least=len(templates) + 1)
    manifest = full.manifest
    key = next((manifest.stacks_key(one) for one in manifest.environments), "stacks")
    yield manifest.problem(
        key,
        f"stack {full.stack} would have {full.whole.resources:,} resources in a template of {full.whole.size:,} bytes, "
        f"and CloudFormation takes {LIMIT.resources} in {LIMIT.size:,}; {number_of_stacks(needed)}",
    )


def _size(key: str, resource: dict[str, Any], *, indented: bool) -> int:
    """Return the bytes that a resource takes of a template, as the CDK indents it: by one, two levels deep."""
    text = json.dumps({key: resource}, indent=1 if indented else None, ensure_ascii=False)
    return len(text.encode()) + text.count("\n")
