"""Small apps of templates, and what a rule finds in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecr_access.documents.templates.template import Template
from ecr_access.rules.access.application import Application
from ecr_access.rules.causes import by_cause, fix_of

if TYPE_CHECKING:
    from ecr_access.rules.finding import Rule


def app(*templates: dict[str, Any], account: str = "111122223333", region: str = "eu-west-1") -> Application:
    """An app of templates, each given by its resources, or whole."""
    documents = [one if "Resources" in one else {"Resources": one} for one in templates]
    return Application([Template(f"{n}.json", one, account, region) for n, one in enumerate(documents)])


def findings(rule: Rule, application: Application) -> list[str]:
    """What a rule finds, each cause once, with its fix."""
    causes = by_cause(((rule, one) for one in rule.check(application)), lambda *_: None)
    return [f"{places[0][1].text}; fix: {fix_of(places)}" for places in causes]
