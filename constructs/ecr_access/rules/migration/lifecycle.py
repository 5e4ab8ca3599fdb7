"""A repository's lifecycle policy in words, and as the rules of ``aws_ecr`` that write it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ecr_access.documents.templates.template import listed, mapping
from ecr_access.documents.templates.unknowns import shown

if TYPE_CHECKING:
    from ecr_access.rules.migration.values import Declared

_LISTS: Final = {"tagPrefixList": "tag_prefix_list", "tagPatternList": "tag_pattern_list"}
_COUNTED: Final = "imageCountMoreThan"
_AGED: Final = "sinceImagePushed"
_LIMITS: Final = {
    _COUNTED: "beyond {}",
    _AGED: "{} after their push",
    "sinceImagePulled": "{} after their last pull",
    "sinceImageTransitioned": "{} after they were archived",
}
_EXPIRES: Final = {"type": "expire"}


def words(one: Declared) -> str:
    """Say what a policy does, rule by rule: the same for two that do the same."""
    text = _text(one)
    rules = _rules(text)
    if rules is None:
        return shown(text)
    return "; ".join(_in_words(rule) for rule in rules) or "none"


def keep(before: Declared) -> str:
    """Write the argument that renders a policy; empty where ``aws_ecr`` has no rule for it."""
    rules = _rules(_text(before))
    written = None if rules is None else [_as_python(rule) for rule in rules]
    if written is None or None in written:
        return ""
    return f"lifecycle_rules=[{', '.join(map(str, written))}]"


def _text(one: Declared) -> str:
    given = mapping(one.plain("LifecyclePolicy")).get("LifecyclePolicyText", "")
    return str(given) if given else one.text("LifecyclePolicy")


def _rules(text: str) -> list[Any] | None:
    """Read the rules in the order of their priority; None if only the deployment knows them."""
    if not text:
        return []
    try:
        rules = [mapping(one) for one in listed(mapping(json.loads(text)).get("rules"))]
    except (ValueError, RecursionError):
        return None
    return sorted(rules, key=lambda one: float(str(one.get("rulePriority", 0))))


def _in_words(rule: Any) -> str:
    selection, action = mapping(rule.get("selection")), mapping(rule.get("action"))
    tags = [one for key in _LISTS for one in listed(selection.get(key))]
    about = f"{selection.get('tagStatus')}{' ' if tags else ''}{', '.join(map(str, tags))}"
    limit = _LIMITS.get(str(selection.get("countType")), f"{selection.get('countType')} {{}}")
    count = " ".join(str(selection[key]) for key in ("countNumber", "countUnit") if key in selection)
    to = "".join(f" to {value}" for key, value in action.items() if key != "type")
    return shown(f"{action.get('type')} {about} images {limit.format(count)}{to}")


def _as_python(rule: Any) -> str | None:
    selection = mapping(rule.get("selection"))
    limit = {
        (_COUNTED, None): "max_image_count={}",
        (_AGED, "days"): "max_image_age=Duration.days({})",
    }.get((str(selection.get("countType")), selection.get("countUnit")))
    if limit is None or rule.get("action") != _EXPIRES:
        return None
    arguments = [f"rule_priority={rule.get('rulePriority')}"]
    if "description" in rule:
        arguments.append(f"description={json.dumps(rule['description'])}")
    arguments.append(f"tag_status=ecr.TagStatus.{str(selection.get('tagStatus')).upper()}")
    arguments += [f"{name}={json.dumps(selection[key])}" for key, name in _LISTS.items() if key in selection]
    arguments.append(limit.format(selection.get("countNumber")))
    return f"ecr.LifecycleRule({', '.join(arguments)})"
