"""A lifecycle policy must keep to the limits of ECR.

The text of the policy is not JSON, has fewer than 100 or more than 30,720 characters, has more than 50 rules, or has a
rule that ECR does not know: tagged images without a list of tags or with two, a pattern of five ``*``, an age without
``countUnit``, less than 90 days in the archive, a rule for any image before others, two rules of one priority, for
untagged images or of the same prefixes. ECR refuses it.

Fix: the rule as the finding says. Merge rules that differ only in a tag, with a wildcard in ``tagPatternList``.

Not reported: values that are known only at deploy time.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import NO_VALUE, is_function, mapping
from ecr_access.ecr.lifecycle_limits import MAX_RULES, MAX_TEXT, MIN_TEXT
from ecr_access.ecr.lifecycle_text import problems_of_rules
from ecr_access.iam.unknown_text import is_known, known_of
from ecr_access.rules.finding import Rule, RuleFinding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application

_TEMPLATE: Final = "AWS::ECR::RepositoryCreationTemplate"
_SHORTEN: Final = "shorten descriptions, or merge rules and tags with a wildcard in tagPatternList"
_GIVE_TEXT: Final = "give the text of a JSON object with a list 'rules', as repository.add_lifecycle_rule(...) renders"


def _check(app: Application) -> Iterator[RuleFinding]:
    for resource, path, value in _written(app):
        # A creation template takes a shorter text, and an empty one for none.
        least = 0 if resource.type == _TEMPLATE else MIN_TEXT
        if value in (None, NO_VALUE) or (value == "" and not least):
            continue
        for problem, fix in _problems(value, app.resolver.text(value, resource.template), least):
            yield RuleFinding(resource, f"Properties.{path}", problem, fix)


def _written(app: Application) -> Iterator[tuple[Resource, str, Any]]:
    for one in app.of_type("AWS::ECR::Repository"):
        policy = mapping(one.properties.get("LifecyclePolicy"))
        yield one, "LifecyclePolicy.LifecyclePolicyText", policy.get("LifecyclePolicyText")
    for one in app.of_type(_TEMPLATE):
        yield one, "LifecyclePolicy", one.properties.get("LifecyclePolicy")


def _problems(value: object, text: str, minimum: int) -> Iterator[tuple[str, str]]:
    """Say what ECR would refuse, each with what to do; nothing of what only the deployment knows."""
    if isinstance(value, (dict, list)) and not is_function(value):
        kind = "a list" if isinstance(value, list) else "an object"
        yield f"the lifecycle policy is {kind}; allowed: a text that is JSON", _GIVE_TEXT
        return
    known = is_known(text)
    length = len(known_of(text))
    if length > MAX_TEXT or (known and length < minimum):
        allowed = f"allowed: {minimum} to {MAX_TEXT:,}"
        fix = _SHORTEN if length > MAX_TEXT else "describe each rule, in its 'description'"
        least = "" if known else "at least "
        yield f"the lifecycle policy has {least}{length:,} characters; {allowed}", fix
    try:
        policy = json.loads(text)
    except (ValueError, RecursionError) as error:
        if known:
            yield f"the lifecycle policy is no JSON, {_reason(error)}; it begins with {text[:40]!r}", _GIVE_TEXT
        return
    rules = mapping(policy).get("rules")
    if isinstance(rules, list):
        yield from _of_rules(rules)
    else:
        yield "the lifecycle policy has no list 'rules'", _GIVE_TEXT


def _reason(error: Exception) -> str:
    return str(error).lower() if isinstance(error, ValueError) else "nested too deeply"


def _of_rules(rules: list[Any]) -> Iterator[tuple[str, str]]:
    if len(rules) > MAX_RULES:
        merge = "merge those that differ in a tag alone into one with a wildcard in tagPatternList"
        yield f"the lifecycle policy has {len(rules)} rules; allowed: at most {MAX_RULES}", merge
    yield from problems_of_rules(rules)


RULE: Final = Rule(
    "lifecycle-policy-limits",
    Severity.ERROR,
    f"a lifecycle policy is JSON of {MIN_TEXT} to {MAX_TEXT:,} characters, with at most {MAX_RULES} rules, which ECR "
    "knows",
    "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutLifecyclePolicy.html",
    _check,
)
