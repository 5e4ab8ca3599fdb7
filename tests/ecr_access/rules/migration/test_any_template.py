"""Templates of every kind are compared: templates that work, with parts known at deploy time, and garbage."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from ecr_access.documents.templates.template import Template
from ecr_access.documents.templates.text import parse_template
from ecr_access.rules.migration.compare import compare
from ecr_access.rules.migration.plan import Course, Fate
from tests.ecr_access.rules.garbage import TEMPLATES
from tests.ecr_access.rules.pieces import ACCOUNT, REGION
from tests.ecr_access.rules.test_corpus import CORPUS, WARNINGS
from tests.ecr_access.rules.test_unknown_parts import made_unknown

if TYPE_CHECKING:
    from ecr_access.rules.migration.plan import Plan

HOLDERS = ("AWS::ECR::Repository", "AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")


def template(document: dict[str, Any]) -> Template:
    """A template of one place."""
    return Template("sample.yaml", document, ACCOUNT, REGION)


@given(TEMPLATES, TEMPLATES)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_garbage_never_raises(before: dict[str, Any], after: dict[str, Any]) -> None:
    """What is wrong with a template is CloudFormation's to say."""
    plan = compare([template(before)], [template(after)])
    for one in plan.repositories:
        assert one.fate in (Fate.IN_PLACE, Fate.NEW) or one.reasons


@given(TEMPLATES)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_nothing_changes_where_nothing_is_changed(document: dict[str, Any]) -> None:
    """Whatever the template holds."""
    plan = compare([template(document)], [template(deepcopy(document))])
    assert {one.fate for one in plan.repositories} <= {Fate.IN_PLACE}
    assert not any(one.settings or one.statements for one in plan.repositories)
    assert (plan.principals, plan.exports) == ((), ())
    assert plan.is_safe


@pytest.mark.parametrize("name", sorted(WARNINGS))
def test_a_part_that_is_not_known_makes_no_verdict(name: str) -> None:
    """It may be what was there: nothing is replaced for certain, and no statement goes."""
    document = parse_template(CORPUS.joinpath(name).read_text(encoding="utf-8")).value
    for id_, resource in document["Resources"].items():
        if resource.get("Type") not in HOLDERS:
            continue
        for changed, where in made_unknown(document, id_):
            for before, after in ((document, changed), (changed, document)):
                _has_no_verdict(compare([template(before)], [template(after)]), where)


def _has_no_verdict(plan: Plan, where: tuple[object, ...]) -> None:
    assert {one.fate for one in plan.repositories} <= {Fate.IN_PLACE, Fate.UNDETERMINED}, where
    changes = [one.statements for one in plan.repositories] + [one.statements for one in plan.principals]
    assert {one.course for some in changes for one in some} <= {Course.PERHAPS}, (where, changes)
