"""Draws whole combinations."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Final

from tests.ecr_access.check.differential.drawing.conditions import KNOWN, UNKNOWN
from tests.ecr_access.check.differential.drawing.statements import of_repository, own, unrelated
from tests.ecr_access.check.differential.world import (
    CHILD,
    CODEBUILD,
    ELSEWHERE,
    ELSEWHERE_UNIT,
    HERE,
    LAMBDA,
    ORGANIZATION,
    OTHER_UNIT,
    ROOT,
    THERE,
    UNIT,
    Combination,
    World,
    role,
    user,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.ecr_access.check.differential.rules.statements import Json

_SIMULATED: Final = (
    role(HERE, "ci"),
    role(HERE, "ci"),
    role(HERE, "team/build"),
    user(HERE, "ann"),
    f"arn:aws:iam::{HERE}:group/devs",
)
_OTHERS: Final = (
    role(THERE, "ci"),
    role(THERE, "ci"),
    user(THERE, "ann"),
    role(THERE, "ci-*"),
    role(HERE, "ci-*"),
    THERE,
    THERE,
    HERE,
)
_ORGANIZED: Final = (ORGANIZATION, UNIT, UNIT + "*")
_SERVICES: Final = (LAMBDA, CODEBUILD)
_ACTED_FOR: Final = (None, None, (HERE,), (THERE,), (THERE,), (HERE, THERE), (ELSEWHERE,))
_OF_SOURCES: Final = ("aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:PrincipalServiceName")
_PATHS: Final = ("", ROOT, UNIT, CHILD, OTHER_UNIT, ELSEWHERE_UNIT)
_ALL: Final[Json] = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def combinations(count: int, seed: int) -> Iterator[Combination]:
    """Draw so many combinations; each is drawn from a seed of its own, so that a part of them is the same part."""
    for index in range(count):
        yield combination(Random(f"{seed}:{index}"))  # noqa: S311 -- tests, not secrets


def combination(random: Random) -> Combination:
    """Draw one."""
    palette = (*random.sample(list(UNKNOWN), 2), *random.sample(list(KNOWN), 2))
    chance = random.random()
    if chance < 0.55:
        return _simulated(random, palette)
    if chance < 0.75:
        level = random.choice(("PULL", "PUSH"))
        return replace(_with_repository(random, palette, random.choice(_OTHERS)), level=level)
    if chance < 0.85:
        return _with_repository(random, palette, random.choice(_ORGANIZED))
    return _service(random, palette)


def _simulated(random: Random, palette: tuple[str, ...]) -> Combination:
    principal = random.choice(_SIMULATED)
    level = random.choice(("TOKEN", "PULL", "PULL", "PULL", "PUSH"))
    return replace(
        _with_repository(random, palette, principal),
        level=level,
        owner=THERE if level != "TOKEN" and random.random() < 0.08 else HERE,
        identity=_identity(random, palette),
        boundary=None if ":group/" in principal else _boundary(random, palette),
        organization=_organization(random, palette),
        shape=random.choice(("new", "new", "old")),
    )


def _service(random: Random, palette: tuple[str, ...]) -> Combination:
    principal = random.choice(_SERVICES)
    palette = (*palette[:2], *random.sample(_OF_SOURCES, 2))
    return replace(
        _with_repository(random, palette, principal),
        level="LAMBDA_PULL" if principal == LAMBDA else "PULL",
        accounts=random.choice(_ACTED_FOR),
    )


def _with_repository(random: Random, palette: tuple[str, ...], principal: str) -> Combination:
    repository: tuple[Json, ...] | None = None
    if random.random() < 0.85:
        repository = tuple(of_repository(random, palette, principal) for _ in range(random.choice((1, 1, 2, 2, 3))))
    declared: tuple[Json, ...] = ()
    if repository and random.random() < 0.15:
        declared = tuple(random.sample(repository, 1))
    return Combination(principal, repository=repository, declared=declared, world=_world(random))


def _world(random: Random) -> World:
    paths = random.choice(_PATHS), random.choice(_PATHS), random.choice(_PATHS)
    return World(paths, random.choice(("", "ci", "ops", "other")), random.random() < 0.2)


def _identity(random: Random, palette: tuple[str, ...]) -> tuple[Json, ...]:
    found = [own(random, palette, "Allow", conditional=0.3)] if random.random() < 0.75 else []
    if random.random() < 0.3:
        found.append(own(random, palette, "Allow", conditional=0.8))
    if random.random() < 0.3:
        found.append(own(random, palette, "Deny", conditional=0.9))
    if random.random() < 0.2:
        found.append(unrelated(random))
    return tuple(found)


def _boundary(random: Random, palette: tuple[str, ...]) -> tuple[Json, ...] | None:
    if random.random() < 0.6:
        return None
    allow = dict(_ALL) if random.random() < 0.5 else own(random, palette, "Allow", conditional=0.5)
    more = [own(random, palette, "Deny", conditional=0.9)] if random.random() < 0.25 else []
    return (allow, *more)


def _organization(random: Random, palette: tuple[str, ...]) -> tuple[tuple[Json, ...], ...]:
    if random.random() < 0.6:
        return ()
    levels: list[tuple[Json, ...]] = [(dict(_ALL),)]
    chance = random.random()
    if chance < 0.5:
        levels.append((dict(_ALL), own(random, palette, "Deny", conditional=0.9)))
    elif chance < 0.8:
        levels.append((own(random, palette, "Allow", conditional=0.5),))
    return tuple(levels)
