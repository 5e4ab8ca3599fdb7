"""The rules' patterns against recorded events, by TestEventPattern of the embedded cloud.

The embedded cloud delivers no event of CloudTrail, ECS or ECR: here each pattern is judged as it is rendered, and
tests/deploy/test_watch.py sends the same events to the queue that the rules send them to.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml
from aws_cdk import App, Stack
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from cdk_ecr_access import AccessibleRepository, ExistingRepository, RegistryWatch
from tests.reading import ENV

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecr_access.local_cloud import LocalCloud

pytestmark = pytest.mark.local_cloud

ROOT: Final = Path(__file__).parents[3]
EVENTS: Final[dict[str, Any]] = yaml.safe_load(
    (ROOT / "tests/ecr_access/diagnosis/heard/events.yaml").read_text(encoding="utf-8")
)
RULES: Final = {"calls": "FailedCalls", "tasks": "FailedTasks", "caches": "FailedCaches"}


@pytest.fixture(scope="module")
def patterns() -> dict[str, str]:
    """The pattern of each rule, by a part of its logical id, as the template has it."""
    stack = Stack(App(), "Stack", env=ENV)
    RegistryWatch(stack, topic=sns.Topic(stack, "Topic"))
    declared = AccessibleRepository(stack, "App", repository_name="team/app")
    existing = ExistingRepository.from_repository_name(stack, "Existing", "team/app")
    for kind, one in (("Declared", declared), ("Existing", existing)):
        one.on_denied(f"{kind}Denied")
        one.on_not_found(f"{kind}NotFound")
        one.on_throttled(f"{kind}Throttled")
    rules = Template.from_stack(stack).find_resources("AWS::Events::Rule")
    return {key: json.dumps(one["Properties"]["EventPattern"]) for key, one in rules.items()}


@pytest.fixture(scope="module")
def matched(local_cloud: LocalCloud, patterns: dict[str, str]) -> Callable[[str], set[str]]:
    """Returns the rules that an event matches; each event is judged once, for all tests."""
    client = local_cloud.client("events")

    @cache
    def judged(event: str) -> set[str]:
        return {
            key
            for key, pattern in patterns.items()
            if client.test_event_pattern(EventPattern=pattern, Event=event)["Result"]
        }

    return judged


def of(matches: set[str], part: str) -> bool:
    """Whether the rule of the name is among them."""
    return any(part in one for one in matches)


@pytest.mark.parametrize("name", EVENTS)
def test_the_watch_hears_failures_and_nothing_else(matched: Callable[[str], set[str]], name: str) -> None:
    """Each recorded failure by its one rule; what only looks, and what succeeds, by none."""
    found = matched(json.dumps(EVENTS[name]["event"]))
    assert [kind for kind, rule in RULES.items() if of(found, rule)] == [
        one for one in [EVENTS[name]["heard"]] if one
    ], EVENTS[name]["why"]


KINDS: Final = {
    "denied-pull": "Denied", "denied-pull-without-parameters": "Denied", "denied-account": "Denied",
    "denied-service": "Denied", "push-to-missing": "NotFound", "throttled-pull": "Throttled",
}  # fmt: skip


@pytest.mark.parametrize("kind", ["Declared", "Existing"])
@pytest.mark.parametrize("name", EVENTS)
def test_a_repository_hears_its_own_failures(matched: Callable[[str], set[str]], name: str, kind: str) -> None:
    """Each by the rule of its error; a token names no repository, and is heard by the watch alone."""
    found = matched(json.dumps(EVENTS[name]["event"]))
    errors = ("Denied", "NotFound", "Throttled")
    assert [one for one in errors if of(found, f"{kind}{one}")] == [one for one in errors if one == KINDS.get(name)], (
        name
    )


OTHERS: Final = {
    "another name": ("team/app", "team/web"),
    "a longer name": ("team/app", "team/app-two"),
    "a name below": ("team/app", "team/app/web"),
    "another's registry": ("arn:aws:ecr:eu-west-1:111122223333", "arn:aws:ecr:eu-west-1:444455556666"),
}


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("name", [one for one in KINDS if EVENTS[one]["event"]["detail"]["eventName"]])
def test_a_repository_hears_no_other(matched: Callable[[str], set[str]], name: str, other: str) -> None:
    """Of a name that begins alike, or of the same name in another account's registry."""
    before, after = OTHERS[other]
    text = json.dumps(EVENTS[name]["event"]).replace(before, after)
    text = text.replace('"registryId": "111122223333"', '"registryId": "444455556666"') if "registry" in other else text
    found = matched(text)
    assert [one for one in found if "Declared" in one or "Existing" in one] == []
