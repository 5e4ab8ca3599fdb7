"""Makes an example smaller, as long as it stays one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tests.ecr_access.check.differential.world import Combination, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.ecr_access.check.differential.rules.statements import Json

_NOTHING: Final[tuple[Json, ...]] = ({"Effect": "Allow", "Action": "s3:*", "Resource": "*"},)
_SIMPLER: Final[dict[str, object]] = {"Action": "ecr:*", "Resource": "*"}


def shrunk(one: Combination, still: Callable[[Combination], bool]) -> Combination:
    """Take the first smaller example that still is one, again and again, until there is none."""
    while True:
        smaller = next((other for other in _smaller(one) if other != one and still(other)), None)
        if smaller is None:
            return one
        one = smaller


def _smaller(one: Combination) -> Iterator[Combination]:
    yield replace(one, world=World(paths=one.world.paths))
    yield replace(one, world=replace(one.world, tag=""))
    yield replace(one, world=replace(one.world, bounded=False))
    for index in range(3):
        paths = list(one.world.paths)
        paths[index] = ""
        yield replace(one, world=replace(one.world, paths=(paths[0], paths[1], paths[2])))
    yield replace(one, organization=())
    yield replace(one, boundary=None)
    yield replace(one, declared=())
    yield replace(one, repository=None)
    yield replace(one, shape="new")
    if one.level == "PUSH":
        yield replace(one, level="PULL")
    yield from (replace(one, identity=found) for found in _fewer(one.identity))
    yield from (replace(one, boundary=found or _NOTHING) for found in _fewer(one.boundary or ()))
    for index, level in enumerate(one.organization):
        yield replace(one, organization=one.organization[:index] + one.organization[index + 1 :])
        for found in _fewer(level):
            yield replace(one, organization=(*one.organization[:index], found, *one.organization[index + 1 :]))
    yield from (_with_repository(one, found) for found in _fewer(one.repository or ()))


def _with_repository(one: Combination, statements: tuple[Json, ...]) -> Combination:
    """Change the repository policy; what the app declares of it stays a part of it."""
    before = one.repository or ()
    changed = dict(zip(map(repr, before), statements, strict=False)) if len(before) == len(statements) else {}
    declared = tuple(changed.get(repr(statement), statement) for statement in one.declared)
    return replace(one, repository=statements, declared=tuple(found for found in declared if found in statements))


def _fewer(statements: tuple[Json, ...]) -> Iterator[tuple[Json, ...]]:
    """Leave one statement out, or make one simpler."""
    for index, statement in enumerate(statements):
        before, after = statements[:index], statements[index + 1 :]
        yield (*before, *after)
        yield from ((*before, simpler, *after) for simpler in _simpler(statement))


def _simpler(statement: Json) -> Iterator[Json]:
    if "Condition" in statement:
        yield {key: value for key, value in statement.items() if key != "Condition"}
        yield from (statement | {"Condition": found} for found in _simpler_condition(statement["Condition"]))
    for element in ("NotAction", "NotResource"):
        if element in statement:
            rest = {key: value for key, value in statement.items() if key != element}
            simple = element.removeprefix("Not")
            yield {**rest, simple: _SIMPLER[simple]}
    for element, simple_value in _SIMPLER.items():
        if statement.get(element, simple_value) != simple_value:
            yield statement | {element: simple_value}
    if "Principal" in statement and "Resource" in statement:
        yield {key: value for key, value in statement.items() if key != "Resource"}
    for element in ("Principal", "NotPrincipal"):
        if isinstance(statement.get(element), dict):
            yield from (statement | {element: found} for found in _simpler_element(statement[element]))


def _simpler_element(element: Json) -> Iterator[Json]:
    for scheme, names in element.items():
        rest = {key: value for key, value in element.items() if key != scheme}
        if rest:
            yield rest
        yield from ({**element, scheme: found} for found in _simpler_values(names))


def _simpler_condition(condition: Json) -> Iterator[Json]:
    for operator, keys in condition.items():
        for key, values in keys.items():
            rest = {name: value for name, value in keys.items() if name != key}
            others = {name: value for name, value in condition.items() if name != operator}
            yield {**others, **({operator: rest} if rest else {})}
            yield from (condition | {operator: {**keys, key: found}} for found in _simpler_values(values))
            for plain in (operator.removesuffix("IfExists"), operator.rpartition(":")[2]):
                if plain != operator and plain not in condition and not rest:
                    yield {**others, plain: keys}


def _simpler_values(values: object) -> Iterator[Any]:
    if isinstance(values, list):
        yield from values
