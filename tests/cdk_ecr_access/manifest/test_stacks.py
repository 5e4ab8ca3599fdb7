"""The repositories of an environment are spread over stacks, whose roles are in the first."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Annotations, Match, Template

import app as shipped
from cdk_ecr_access.manifest import DeclaredInBulk, DeclaredRepositories, environment_of, synthesize
from ecr_access.manifest import Environment, ManifestError, parse_manifest
from ecr_access.manifest.deployed import stack_name
from ecr_access.manifest.moves import plan

if TYPE_CHECKING:
    from pathlib import Path

    from app import EcrAccess

HOME: dict[str, Any] = {"account": "111122223333", "region": "eu-west-1"}
THERE = "444455556666"
RULES = "@aws-cdk/core:validateAgainstDefaultRules"
FLEET: dict[str, Any] = {
    **HOME,
    "stacks": 2,
    "environments": {"prod": {"account": THERE, "region": "eu-west-1", "stacks": 3}},
    "roles": {"ci": {}, "web": {"assumed_by": ["ecs-tasks.amazonaws.com"]}, "idle": {}},
    "defaults": {"push": ["ci"]},
    "prefixes": {"prod/*": {"environments": ["prod"]}},
    "repositories": [
        *({"name": f"team/app-{n}", "pull": ["web", "777788889999"]} for n in range(6)),
        *({"name": f"prod/app-{n}"} for n in range(6)),
    ],
    "existing": [{"name": "platform/base", "pull": ["ci"]}],
}


def stacks(value: dict[str, Any] = FLEET, **context: Any) -> dict[str, EcrAccess]:
    """Return the stacks that the app makes of a manifest, by their names."""
    app = App(context={"manifest": value, **context})
    return {one.stack_name: one for one in shipped.build(app)}


def repositories(stack: Stack) -> list[str]:
    """Return the names of the repositories in a template."""
    found = Template.from_stack(stack).find_resources("AWS::ECR::Repository").values()
    return sorted(one["Properties"]["RepositoryName"] for one in found)


def test_each_stack_has_the_repositories_that_its_number_has() -> None:
    """Of each environment as many as it says; all are somewhere."""
    made = stacks()
    assert [*made] == ["EcrAccess", "EcrAccess2", "EcrAccess-prod", "EcrAccess2-prod", "EcrAccess3-prod"]
    assert all(one.environment == f"aws://{THERE}/eu-west-1" for name, one in made.items() if "prod" in name)
    manifest = parse_manifest(FLEET, source="a test")
    names = {
        stack_name(there, number): sorted(one.name for one in manifest.of(there, number).repositories)
        for there in manifest.environments
        for number in range(1, there.stacks + 1)
    }
    assert {name: repositories(one) for name, one in made.items()} == names
    assert sum(map(len, names.values())) == 12


def test_the_first_stack_has_the_roles_and_what_exists() -> None:
    """Others have neither, so that a role keeps its ARN when there are more stacks."""
    made = stacks()
    assert {name: [*one.declared.roles] for name, one in made.items() if one.declared.roles} == {
        "EcrAccess": ["ci", "web", "idle"],
        "EcrAccess-prod": ["ci"],
    }
    assert [name for name, one in made.items() if one.declared.existing] == ["EcrAccess"]


def check_of(stack: Stack) -> dict[str, Any]:
    """Return the properties of the check of a stack."""
    (found,) = Template.from_stack(stack).find_resources("Custom::EcrAccessCheck").values()
    properties: dict[str, Any] = found["Properties"]
    return properties


def test_every_access_is_required_of_a_check() -> None:
    """That of a role by the first stack, whose repository ever it is; that of others by the repository's own stack."""
    made = stacks()
    first, second = (made[name] for name in ("EcrAccess", "EcrAccess2"))
    (of_web,) = check_of(first)["Requirements"]["PULL_AND_TOKEN"]["Others"][:1]
    assert sorted(of_web["Repositories"]) == sorted([*repositories(first), *repositories(second)])
    for one in (first, second):
        assert sorted(check_of(one)["Requirements"]["PULL"]["Others"]) == [
            f"777788889999 {name}" for name in repositories(one)
        ]


@pytest.mark.parametrize("bulk", ["true", "false"])
def test_no_template_refers_to_another_stack(bulk: str) -> None:
    """An import of an export would keep a repository from moving; the first stack is deployed last."""
    made = stacks(bulk=bulk)
    for one in made.values():
        assert "Fn::ImportValue" not in json.dumps(Template.from_stack(one).to_json())
    assert [one.stack_name for one in made["EcrAccess"].dependencies] == ["EcrAccess2"]
    assert {one.stack_name for one in made["EcrAccess-prod"].dependencies} == {"EcrAccess2-prod", "EcrAccess3-prod"}
    assert not made["EcrAccess2"].dependencies


def test_constructs_render_what_is_made_in_bulk() -> None:
    """But for exports of ARNs, which constructs keep for apps of aws_ecr, so that moving needs no other app."""
    by_construct, in_bulk = stacks(bulk="false"), stacks()
    for name, one in in_bulk.items():
        assert isinstance(one.declared, DeclaredInBulk)
        assert isinstance(by_construct[name].declared, DeclaredRepositories)
        bulk, other = (Template.from_stack(stack).to_json() for stack in (one, by_construct[name]))
        assert other["Resources"] == bulk["Resources"]
        assert {key for key in {*other["Outputs"]} - {*bulk["Outputs"]} if not key.startswith("ExportsOutput")} == set()


def test_a_stack_that_would_have_nothing_is_not_made(tmp_path: Path) -> None:
    """CloudFormation takes no empty template, and the CDK's own rules say so."""
    value = {**HOME, "stacks": 3, "repositories": [{"name": "moved/web"}]}
    assert [*stacks(value)] == ["EcrAccess2"]
    app = App(outdir=str(tmp_path), context={"manifest": value, RULES: True})
    synthesize(app, [one.declared for one in shipped.build(app)])
    assert [*stacks({**value, "roles": {"ci": {}}})] == ["EcrAccess", "EcrAccess2"]


def test_one_stack_is_what_it_was_without_the_key() -> None:
    """Its name, and its template."""
    without = {key: value for key, value in FLEET.items() if key not in {"stacks", "environments", "prefixes"}}
    without["repositories"] = FLEET["repositories"][:6]
    (one,), (other,) = stacks(without).values(), stacks({**without, "stacks": 1}).values()
    assert one.stack_name == other.stack_name == "EcrAccess"
    assert Template.from_stack(one).to_json() == Template.from_stack(other).to_json()


def test_the_printed_paths_are_those_that_cdk_orphan_looks_for() -> None:
    """It looks for resources below the path of a construct, in the metadata of a synthesis."""
    manifest = parse_manifest(FLEET, source="a test")
    moved = plan(manifest, 3).moved
    assert moved
    made = stacks(bulk="false")
    paths = {node.node.path for stack in made.values() for node in stack.node.find_all()}
    assert {f"{one.path}/Resource" for one in moved} <= paths
    logical_ids = {one.path: one.from_stack for one in moved}
    in_bulk = stacks()
    for path, stack in logical_ids.items():
        resource = made[stack].node.find_child("Declared").node.find_child(path.rpartition("/")[2])
        logical_id = made[stack].get_logical_id(resource.node.default_child)  # type: ignore[arg-type]
        assert logical_id in Template.from_stack(in_bulk[stack]).to_json()["Resources"]


def test_a_role_is_unused_where_no_stack_uses_it() -> None:
    """A role of the first stack, for a repository of the second alone, is used."""
    entries = [{"name": "team/app-0", "push": ["ci"]}, {"name": "team/app-2"}]
    first, second = stacks({**HOME, "stacks": 2, "roles": {"ci": {}, "idle": {}}, "repositories": entries}).values()
    assert (repositories(first), repositories(second)) == (["team/app-2"], ["team/app-0"])
    warnings = Annotations.from_stack(first).find_warning("*", Match.string_like_regexp("may reach no repository"))
    assert [one.id for one in warnings] == ["/EcrAccess/Declared/Role:idle"]


def refused(value: dict[str, Any], *, stack: int | None = None, agnostic: bool = False, **given: Any) -> str:
    """Declare a manifest that is refused, and return its problem."""
    manifest = parse_manifest(value, source="a test")
    app = App()
    first = Stack(app, "First", env=None if agnostic else environment_of(manifest))
    other = Stack(app, "Second", env=None if agnostic else environment_of(manifest))
    (there,) = manifest.environments
    if given.pop("roles", False):
        given["roles"] = DeclaredInBulk(first, "Declared", manifest=manifest.of(there, 1)).roles
    with pytest.raises(ManifestError) as raised:
        DeclaredInBulk(other, "Declared", manifest=manifest.of(there, stack), **given)
    return str(raised.value.problems[0])


TWO = {"stacks": 2, "roles": {"ci": {}}, "repositories": [{"name": f"app-{n}", "push": ["ci"]} for n in range(4)]}


def test_a_stack_of_your_own_app_takes_one_part() -> None:
    """All of them in one stack is what the key says not to do."""
    assert refused({**HOME, **TWO}) == (
        "stacks: the repositories are for 2 stacks; make a stack for each of manifest.parts(environment), or write "
        "stacks: 1"
    )


def test_a_stack_of_your_own_app_needs_the_roles_of_the_first() -> None:
    """At the place of the first entry that names one."""
    told = refused({**HOME, **TWO}, stack=2)
    assert re.match(r"repositories\[\d\]\.push\[0\]: role 'ci' is made in the first stack of the environment; ", told)


def test_roles_of_another_stack_need_the_account() -> None:
    """Without it their policies could name no repository of this one."""
    told = refused(TWO, stack=2, agnostic=True, roles=True)
    assert "role 'ci' is in another stack, whose policies need the repository's account and Region" in told
    assert "write account and region in the manifest" in told


def named(count: int, **more: Any) -> list[dict[str, Any]]:
    """Declare so many repositories."""
    return [{"name": f"team/app-{number:03}", **more} for number in range(count)]


def too_large(value: dict[str, Any]) -> str:
    """Synthesize what is refused for its size, and return its problem."""
    app = App(context={"manifest": value})
    built = shipped.build(app)
    with pytest.raises(ManifestError) as raised:
        synthesize(app, [one.declared for one in built])
    (problem,) = raised.value.problems
    return str(problem)


def test_a_stack_of_too_many_resources_is_told_with_the_number_that_is_needed() -> None:
    """What the CDK adds counts: the check's four, the role's policy."""
    told = too_large({**HOME, "roles": {"ci": {}}, "repositories": [*named(496), {"name": "base", "push": ["ci"]}]})
    assert re.match(
        r"stacks: stack EcrAccess would have 503 resources in a template of [\d,]+ bytes, and CloudFormation takes 500 "
        r"in 1,000,000; write stacks: 2; ",
        told,
    )


def test_a_template_of_too_many_bytes_is_told_with_the_number_that_is_needed() -> None:
    """Beside an environment that fits; the number is the environment's own where it has one."""
    rule = {"tag_patterns": [f"{'x' * 100}{number}*" for number in range(4)], "max_image_age_days": 1}
    rules = [{**rule, "priority": number + 1, "description": "d" * 200} for number in range(20)]
    value: dict[str, Any] = {
        "environments": {"prod": {**HOME, "stacks": 1}, "dev": {"account": THERE, "region": "eu-west-1"}},
        "repositories": [
            *named(90, lifecycle=rules, environments=["prod"]),
            {"name": "base", "environments": ["dev"]},
        ],
    }
    told = too_large(value)
    found = re.match(r"environments\.prod\.stacks: stack EcrAccess-prod would have .* write stacks: (\d+); ", told)
    assert found, told
    number = int(found[1])
    value["environments"]["prod"]["stacks"] = number
    app = App(context={"manifest": value})
    synthesize(app, [one.declared for one in shipped.build(app)])
    value["environments"]["prod"]["stacks"] = number - 1
    assert number == 2 or too_large(value)


def test_what_is_too_large_for_any_number_of_stacks_is_told() -> None:
    """Roles are in one stack."""
    roles: dict[str, Any] = {f"r-{chr(97 + number // 26)}{chr(97 + number % 26)}": {} for number in range(499)}
    told = too_large({**HOME, "roles": roles, "repositories": named(1, push=["r-aa"])})
    assert told.endswith("no number of stacks up to 250 helps; declare fewer roles or repositories in one environment")


def test_a_role_of_too_many_repositories_is_told_in_the_words_of_a_manifest() -> None:
    """Their number is one of IAM's limits, which no number of stacks changes."""
    value = {**HOME, "stacks": 4, "roles": {"ci": {}}, "repositories": named(1_100, push=["ci"])}
    with pytest.raises(ManifestError) as raised:
        stacks(value)
    told = raised.value.problems[0].message
    assert re.search(
        r" to role 'ci': its own policy and 10 managed policies of 6,144 characters hold \d+ grants; ", told
    )
    assert "; make a role for each team, or name a role that exists by its ARN, which the repository policies" in told


def test_the_default_is_one_stack() -> None:
    """Of an environment that says nothing."""
    assert Environment().stacks == 1
