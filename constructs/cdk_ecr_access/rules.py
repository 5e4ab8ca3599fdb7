"""The rules as a validation plugin of the CDK."""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

import jsii
from aws_cdk import IPolicyValidationPlugin, PolicyValidationPluginReport, PolicyViolatingResource, PolicyViolation

from ecr_access.codes import Code
from ecr_access.documents.templates.assembly import placed, template_of
from ecr_access.documents.templates.template import listed, mapping
from ecr_access.documents.templates.unknowns import shown
from ecr_access.rules.access.application import Application
from ecr_access.rules.catalogue import RULES, findings_of
from ecr_access.rules.causes import by_cause, fix_of
from ecr_access.rules.existing import existing_errors
from ecr_access.rules.finding import NAME, Severity
from ecr_access.rules.guard import NOT_APPLIED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import IPolicyValidationContext

    from ecr_access.rules.finding import Rule, RuleFinding

_LOOKED_UP: Final = "cc-api-provider:"


@jsii.implements(IPolicyValidationPlugin)
class EcrAccessRules:
    """Finds errors of ECR access in any CDK app, when it is synthesized.

    Add it to the app:

        Validations.of(app).add_plugins(EcrAccessRules())

    Reads the templates of all stacks together and reports through the CDK's validation report: errors fail the
    synthesis, warnings do not. What depends on values that only deployment knows is never an error.

    To accept a finding, acknowledge it on the construct or any parent, with the reason:

        Validations.of(role).acknowledge(Acknowledgment(id="EcrAccess::token-missing", reason="signs in elsewhere"))

    https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
    """

    def __init__(self, *, existing: Sequence[str] = ()) -> None:
        """Take the names of repositories that exist already.

        Args:
            existing: names of repositories, of any account and Region, that other apps or pipelines make, and whose
                images are no error therefore; ``*`` and ``?`` stand for other characters: ``platform/*``. Default:
                none.

        Raises:
            ValueError: if one is no name of a repository, with all that are none.
        """
        if problems := [*existing_errors(existing)]:
            raise Code.RULES_OPTION.error("\n".join(problems))
        self._existing = tuple(existing)

    @property
    def name(self) -> str:
        """``EcrAccess``, which acknowledgments begin with."""
        return NAME

    @property
    def version(self) -> str:
        """The library's version."""
        try:
            return version("cdk-ecr-access")
        except PackageNotFoundError:
            return "0.0.0"

    @property
    def rule_ids(self) -> list[str]:
        """The ids of all rules."""
        return [rule.id for rule in (*RULES, NOT_APPLIED)]

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        """Report where the app's templates break a rule; the CDK calls it."""
        found_at = placed(map(Path, context.template_paths))
        templates = [template_of(one, json.loads(one.path.read_text(encoding="utf-8"))) for one in found_at]
        found = list(findings_of(Application(templates, _looked_up(context), self._existing)))
        return PolicyValidationPluginReport(
            success=all(rule.severity is not Severity.ERROR for rule, _ in found),
            plugin_version=self.version,
            violations=[one for places in by_cause(found, lambda *_: None) for one in _violations(places)],
        )


def _looked_up(context: IPolicyValidationContext) -> Iterator[str]:
    """Yield the ARNs that the CDK looked up, ``ecr.Repository.from_lookup``, and keeps in ``cdk.context.json``."""
    app = getattr(context, "app_construct", None)  # not every release of the CDK tells it
    for key, found in mapping(app.node.get_all_context() if app else None).items():
        if key.startswith(_LOOKED_UP):
            yield from (str(mapping(one).get("Arn", "")) for one in listed(found))


def _violations(places: tuple[tuple[Rule, RuleFinding], ...]) -> Iterator[PolicyViolation]:
    """Yield a violation for each rule of a cause: the CDK acknowledges one rule at one construct."""
    for rule in dict.fromkeys(rule for rule, _ in places):
        findings = [finding for broken, finding in places if broken is rule]
        yield PolicyViolation(
            rule_name=rule.id,
            description=findings[0].text,
            fix=f"{shown(fix_of(places))} ({rule.page})",
            severity=rule.severity.value,
            violating_resources=[*_violating(findings)],
        )


def _violating(findings: Sequence[RuleFinding]) -> Iterator[PolicyViolatingResource]:
    for resource in dict.fromkeys(one.resource for one in findings):
        yield PolicyViolatingResource(
            resource_logical_id=resource.logical_id,
            template_path=resource.template.path,
            locations=[one.path.replace(".", "/") for one in findings if one.resource == resource],
        )


if __name__ == "__main__":  # the former name of the command
    from ecr_access.cli.main import former

    sys.exit(former("cdk_ecr_access.rules", "rules"))
