"""Templates as snapshots compare them: without what changes while the app stays the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cdk_ecr_access.testing.assets import digests_in, listed_for, without, written_in
from ecr_access.codes import Code
from ecr_access.wording import type_shown

if TYPE_CHECKING:
    from aws_cdk import Stack
    from aws_cdk.assertions import Template

# The CDK names a function's current version by the path of the construct and a hash over, among others, its asset; and
# by that name what another stack imports of it, with a hash over the name at the end.
_VERSION: Final = re.compile(r"(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}(?:([A-Za-z]*?)[0-9A-F]{8})?(?![0-9A-Za-z])")
_BOOTSTRAP: Final = {"Rules": "CheckBootstrapVersion", "Parameters": "BootstrapVersion"}


def snapshot_of(stack: Stack | Template | Mapping[str, Any]) -> dict[str, Any]:
    """Return a stack's template for a snapshot.

    Normalised are the hashes of assets, which change with every release of this library and of the CDK, the digest of
    what is checked, which repeats what the template says in full, and the CDK's bootstrap rule with its parameter.
    Everything else is as it is. The assembly of a stack lists its assets. The assets of a template are what it names
    as the CDK names published files and images.

    Args:
        stack: A stack, which is synthesized, or its template.

    Returns:
        The template, each asset's hash in it replaced by ``<sha256>``, the bootstrap rule left out.

    Raises:
        RuntimeError: if the app does not synthesize.
        TypeError: if it is neither a stack nor a template.
    """
    template = template_of(stack)
    hashes = _hashes(stack, template) | digests_in(template)
    normalised: dict[str, Any] = _normalised(_without_bootstrap(template), hashes)
    return normalised


def template_of(stack: object, *, also: str = "") -> dict[str, Any]:
    """Return the template of a stack, of the CDK's assertions, or of itself; ``also`` ends the words of the error.

    Raises:
        TypeError: if it is none of these.
    """
    if isinstance(stack, Mapping):
        return dict(stack)
    from aws_cdk import Stack  # starts Node.js
    from aws_cdk.assertions import Template

    if isinstance(stack, Stack):
        return dict(Template.from_stack(stack).to_json())
    if isinstance(stack, Template):
        return dict(stack.to_json())
    raise TypeError(
        Code.NO_TEMPLATE.ends(
            f"a template is expected, got {type_shown(stack)}; "
            f"allowed are a Stack, an aws_cdk.assertions.Template, and a template as a dict{also}"
        )
    )


def _hashes(stack: object, template: Mapping[str, Any]) -> frozenset[str]:
    """Return the hashes of its assets: as the assembly lists them, if it is a stack's."""
    if not isinstance(stack, Mapping):
        from aws_cdk import Stack  # starts Node.js

        if isinstance(stack, Stack) and (listed := listed_for(stack)) is not None:
            return listed
    return written_in(template)


def _without_bootstrap(template: dict[str, Any]) -> dict[str, Any]:
    """Leave out the rule and its parameter, and a section that holds nothing else."""
    left = dict(template)
    for section, name in _BOOTSTRAP.items():
        if isinstance(left.get(section), Mapping) and name in left[section]:
            left[section] = {key: one for key, one in left[section].items() if key != name}
            if not left[section]:
                del left[section]
    return left


def _normalised(value: Any, hashes: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        return {_VERSION.sub(_without_hash, key): _normalised(one, hashes) for key, one in value.items()}
    if isinstance(value, list):
        return [_normalised(one, hashes) for one in value]
    return without(hashes, _VERSION.sub(_without_hash, value)) if isinstance(value, str) else value


def _without_hash(version: re.Match[str]) -> str:
    name, more = version.groups()
    return f"{name}<hash>" if more is None else f"{name}<hash>{more}<hash>"
