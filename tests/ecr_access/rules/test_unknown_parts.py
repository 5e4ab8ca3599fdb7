"""Whatever part of an app that works only the deployment knows, no rule makes an error of it."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

import pytest

from ecr_access.documents.templates.template import Template, is_function
from ecr_access.documents.templates.text import parse_template
from ecr_access.rules.access.application import Application
from ecr_access.rules.catalogue import findings_of
from ecr_access.rules.finding import Severity
from ecr_access.rules.guard import NOT_APPLIED
from tests.ecr_access.rules.pieces import ACCOUNT, NOTHING, PARAMETER, REGION
from tests.ecr_access.rules.test_corpus import CORPUS, WARNINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

UNKNOWN: Final[tuple[Callable[[Any], Any], ...]] = (
    lambda _: PARAMETER,
    lambda value: {"Fn::If": ["Condition", value, NOTHING]},
    lambda value: {"Fn::If": ["Condition", PARAMETER, value]},
    lambda _: {"Fn::ImportValue": "of-another-app"},
)

UNREAD: Final = Template("", {}, is_read=False)
CERTAIN: Final = frozenset(
    {"app-runner-not-deployed", "cache-not-filled", "denied-by-repository", "node-role-cannot-pull"}
)
"""The warnings that something certainly fails, and not that it may."""


def places(value: object, *path: str | int) -> Iterator[tuple[str | int, ...]]:
    """Yield where a function may stand in the place of a value, outermost first."""
    if path:
        yield path
    if isinstance(value, (dict, list)) and not is_function(value):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(one, *path, key)


def made_unknown(document: dict[str, Any], id_: str) -> Iterator[tuple[dict[str, Any], tuple[object, ...]]]:
    """Yield a template for each part of a resource that only the deployment may know, and which part it is."""
    for *path, last in places(document["Resources"][id_].get("Properties", {})):
        for unknown in UNKNOWN:
            changed = deepcopy(document)
            holder = changed["Resources"][id_]["Properties"]
            for key in path:
                holder = holder[key]
            holder[last] = unknown(holder[last])
            yield changed, (id_, *path, last, holder[last])


def errors(document: dict[str, Any]) -> list[str]:
    """The rules that find an error, or what certainly fails, or fail themselves."""
    found = findings_of(Application([Template("sample.yaml", document, ACCOUNT, REGION)]))
    certain = (
        rule for rule, _ in found if rule.severity is Severity.ERROR or rule.id in CERTAIN or rule is NOT_APPLIED
    )
    return [rule.id for rule in certain]


@pytest.mark.parametrize("name", sorted(WARNINGS))
def test_no_part_of_a_sample_that_is_not_known_is_an_error(name: str) -> None:
    """A parameter, a choice or an import may be just what was there."""
    document = parse_template(CORPUS.joinpath(name).read_text(encoding="utf-8")).value
    for id_ in document["Resources"]:
        for changed, where in made_unknown(document, id_):
            assert errors(changed) == [], where


@pytest.mark.parametrize("name", sorted(WARNINGS))
def test_what_a_template_that_cannot_be_read_may_hold_is_not_missed(name: str) -> None:
    """Whichever resources of a sample are in it, nothing is found that is not found in the whole."""
    document = parse_template(CORPUS.joinpath(name).read_text(encoding="utf-8")).value
    whole = places_found(document)
    for id_, resource in document["Resources"].items():
        others = {key: one for key, one in document["Resources"].items() if key != id_}
        for kept in (others, {id_: resource}):
            assert places_found({**document, "Resources": kept}, UNREAD) <= whole, (id_, *kept)


def places_found(document: dict[str, Any], *others: Template) -> set[tuple[str, str, str]]:
    """The rules that are broken, and where."""
    found = findings_of(Application([Template("sample.yaml", document, ACCOUNT, REGION), *others]))
    return {(rule.id, one.resource.logical_id, one.path) for rule, one in found}
