"""``ecr-access manifest moves``: which repositories move when there are more stacks, and by which commands."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ecr_access.cli.console import table, write_errors
from ecr_access.cli.manifest.named import manifest_of_the_app
from ecr_access.cli.statuses import DONE
from ecr_access.manifest.environments import UnknownEnvironmentError
from ecr_access.manifest.full_stacks import full_stack
from ecr_access.manifest.moves import plan
from ecr_access.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ecr_access.manifest.moves import Plan

_COLUMNS: Final = ("repository", "from", "to")
_POLICY: Final = "removal_policy: retain_on_update_or_delete, without empty_on_delete,"


def print_moves(stacks: int, file: Path | None, *, environment: str | None, base: str, as_json: bool) -> int:
    """Print what moves, and how; return the exit status."""
    manifest = manifest_of_the_app(file, as_json=as_json)
    if isinstance(manifest, int):
        return manifest
    try:
        found = plan(manifest, stacks, environment=environment, base=base)
    except UnknownEnvironmentError as error:
        return write_errors([f"{manifest.source}: {error}"], as_json=as_json)
    if full := [*filter(None, (full_stack(manifest, replace(one, stacks=stacks)) for one in found.environments))]:
        return write_errors(full, as_json=as_json)
    sys.stdout.write(json.dumps(_as_json(found), indent=2) + "\n" if as_json else "\n".join(_as_text(found)) + "\n")
    return DONE


def _as_text(found: Plan) -> Iterator[str]:
    if not found.environments:
        yield f"nothing is to be done; stacks: {found.stacks}"
        return
    declared = sum(len(found.manifest.of(one).repositories) for one in found.environments)
    before = ", ".join(map(str, sorted({one.stacks for one in found.environments})))
    yield f"{len(found.moved):,} of {declared:,} repositories move; stacks: {before} -> {found.stacks}"
    if found.moved:
        rows = [(one.repository.name, one.from_stack, one.to_stack) for one in found.moved]
        yield table(_COLUMNS, rows, {}, sys.stdout).rstrip("\n")
    for number, (what, commands) in enumerate(_steps(found), 1):
        yield f"\n{number}. {what}"
        yield from (f"   {one}" for one in commands)


def _steps(found: Plan) -> Iterator[tuple[str, list[str]]]:
    if found.detaching:
        yield "With the manifest as it is deployed, detach them from their stacks; nothing is deleted:", found.detaching
    where = f"at {found.place}" if found.place else f"in {found.manifest.source}, as {found.key}"
    policies = found.changed_policies
    meanwhile = f"; and {_POLICY} for {listed(policies)}: CloudFormation imports no other" if policies else ""
    yield f"Write stacks: {found.stacks} {where}{meanwhile}", []
    yield "Deploy; the images stay where they are:", found.deploying
    if found.destroying:
        yield "Delete the stacks that have nothing left:", found.destroying
    if policies:
        yield f"Write removal_policy: destroy again for {listed(policies)}, and deploy:", ["cdk deploy --all"]


def _as_json(found: Plan) -> dict[str, object]:
    return {
        "stacks": found.stacks,
        "environments": [{"name": one.name, "stacks": one.stacks} for one in found.environments],
        "moves": [
            {
                "repository": one.repository.name,
                "environment": one.repository.environment.name,
                "from": one.from_stack,
                "to": one.to_stack,
                "path": one.path,
            }
            for one in found.moved
        ],
        "write": {
            "key": found.key,
            "file": found.place.source.name if found.place else None,
            "line": found.place.line if found.place else None,
            "retain": found.changed_policies,
        },
        "commands": {"before": found.detaching, "after": [*found.deploying, *found.destroying]},
    }
