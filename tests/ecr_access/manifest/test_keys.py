"""Every key of a repository, of an existing one, of a rule and of tags: what is read, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from ecr_access.iam.principal_names import IamArn, RoleKey, Service, UnitPath
from ecr_access.manifest import (
    EncryptionEntry,
    ExistingEntry,
    LifecycleEntry,
    ManifestError,
    RepositoryEntry,
    parse_manifest,
)

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
THERE = "arn:aws:ecr:eu-west-1:444455556666:repository/team/app"
CODEBUILD = "codebuild.amazonaws.com"
PROJECT = "arn:aws:codebuild:eu-west-1:444455556666:project/app"


def repository(**fields: Any) -> RepositoryEntry:
    """Read a repository that has fields besides its name."""
    value = {"roles": {"ci": {}}, "repositories": [{"name": "base", **fields}]}
    (entry,) = parse_manifest(value, source="a test").repositories
    return entry


def problems_of(value: object) -> list[str]:
    """Parse what must be refused, and return each problem as its line."""
    with pytest.raises(ManifestError) as raised:
        parse_manifest(value, source="a test")
    return [str(problem) for problem in raised.value.problems]


def refusals(**fields: Any) -> list[str]:
    """Read a repository that must be refused, and return its problems without the path of the repository."""
    problems = problems_of({"roles": {"ci": {}}, "repositories": [{"name": "base", **fields}]})
    return [problem.removeprefix("repositories[0].") for problem in problems]


@pytest.mark.parametrize("level", ["pull", "push", "pull_push", "read"])
def test_each_level_lists_principals(level: str) -> None:
    """The four levels of the access model are four keys."""
    assert getattr(repository(**{level: ["ci"]}), level) == (RoleKey("ci"),)
    assert refusals(**{level: ["ci", "ci"]}) == [
        f"{level}[1]: 'ci' was given before, at repositories[0].{level}[0]; keep one"
    ]


def test_a_principal_may_have_wildcards_and_may_be_a_unit() -> None:
    """Both are told by their form."""
    role, unit = "arn:aws:iam::444455556666:role/ci-*", "o-abcdefghij/r-ab12/ou-ab12-11111111/"
    assert repository(pull=[role, unit]).pull == (IamArn(role), UnitPath(unit))


@pytest.mark.parametrize(
    ("source", "service"),
    [
        ({"source_account": "444455556666"}, Service(CODEBUILD, source_account="444455556666")),
        ({"source_arn": PROJECT}, Service(CODEBUILD, source_arn=PROJECT)),
        ({"source_arn": f"{PROJECT[:-3]}*"}, Service(CODEBUILD, source_arn=f"{PROJECT[:-3]}*")),
        (
            {"source_account": "444455556666", "source_arn": "arn:aws:s3:::bucket"},
            Service(CODEBUILD, source_account="444455556666", source_arn="arn:aws:s3:::bucket"),
        ),
    ],
)
def test_a_service_may_be_confined_by_its_source(source: dict[str, str], service: Service) -> None:
    """By an account, by a resource, or by both."""
    assert repository(pull=[{"service": CODEBUILD, **source}]).pull == (service,)


@pytest.mark.parametrize(
    ("principal", "problem"),
    [
        ({"service": CODEBUILD}, "pull[0]: 'source_account' or 'source_arn' is missing; write {\"service\""),
        ({"source_arn": PROJECT}, "pull[0]: 'service' is missing; write {\"service\""),
        ({"service": "codebuild", "source_arn": PROJECT}, "pull[0].service: 'codebuild' is no service name"),
        ({"service": CODEBUILD, "source_account": 444455556666}, "pull[0].source_account: 444455556666 is a number"),
        ({"service": CODEBUILD, "source_account": "4444"}, "pull[0].source_account: '4444' has 4 digits"),
        ({"service": CODEBUILD, "source_arn": "app"}, "pull[0].source_arn: 'app' cannot stand here; allowed: the ARN"),
        (
            {"service": CODEBUILD, "source_arn": "arn:aws:s3:::bucket"},
            "pull[0].source_arn: 'arn:aws:s3:::bucket' names no account, so the service could act for any account",
        ),
        ({"service": CODEBUILD, "source_arn": "arn:aws:codebuild:*:*:project/a"}, "pull[0].source_arn: 'arn:aws:code"),
        ({"service": CODEBUILD, "source_arn": "arn:aws:codebuild::4444*:project/a"}, "pull[0].source_arn: 'arn:aws:co"),
        (
            {"service": CODEBUILD, "sourceaccount": "444455556666"},
            "pull[0].sourceaccount: unknown key 'sourceaccount'; allowed: 'service', 'source_account', 'source_arn'",
        ),
    ],
)
def test_a_service_whose_source_is_wrong_is_refused(principal: dict[str, Any], problem: str) -> None:
    """A source that confines nothing is no source."""
    assert any(one.startswith(problem) for one in refusals(pull=[principal]))


def test_the_same_service_and_source_is_one_principal() -> None:
    """Another source is another principal."""
    one = {"service": CODEBUILD, "source_arn": PROJECT}
    assert len(repository(pull=[one, {**one, "source_account": "444455556666"}, CODEBUILD]).pull) == 3
    assert refusals(pull=[one, one]) == ["pull[1]: the same was given before, at repositories[0].pull[0]; keep one"]


def test_a_role_may_be_assumed_by_a_confined_service() -> None:
    """The same forms stand wherever principals do."""
    value = {"service": "ecs-tasks.amazonaws.com", "source_account": "111122223333"}
    manifest = parse_manifest(
        {"roles": {"ci": {"assumed_by": [value]}}, "repositories": [{"name": "base"}]}, source="a test"
    )
    assert manifest.roles[0].assumed_by == (Service("ecs-tasks.amazonaws.com", source_account="111122223333"),)


@pytest.mark.parametrize(
    ("fields", "field", "value"),
    [
        ({"lambda_accounts": ["444455556666"]}, "lambda_accounts", ("444455556666",)),
        ({"encryption": "AES256"}, "encryption", EncryptionEntry("AES256")),
        ({"encryption": "KMS_DSSE"}, "encryption", EncryptionEntry("KMS_DSSE")),
        ({"encryption": {"type": "KMS", "key": KEY}}, "encryption", EncryptionEntry("KMS", KEY)),
        ({"tag_mutability": "mutable"}, "tag_mutability", "mutable"),
        ({"mutability_exclusions": ["latest", "a*-*"]}, "mutability_exclusions", ("latest", "a*-*")),
        ({"scan_on_push": False}, "scan_on_push", False),
        ({"removal_policy": "destroy"}, "removal_policy", "destroy"),
        ({"removal_policy": "destroy", "empty_on_delete": True}, "empty_on_delete", True),
        ({"empty_on_delete": False}, "empty_on_delete", False),
        ({"tags": {"team": "platform", "équipe": "x=1 @y"}}, "tags", (("team", "platform"), ("équipe", "x=1 @y"))),
        ({"lifecycle": []}, "lifecycle", ()),
        ({}, "lifecycle", None),
        ({}, "scan_on_push", None),
    ],
)
def test_the_properties_of_a_repository_are_read(fields: dict[str, Any], field: str, value: object) -> None:
    """What is left out stays with the construct's default."""
    assert getattr(repository(**fields), field) == value


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"lambda_accounts": []}, "lambda_accounts: no account is named; leave the key out for none"),
        ({"lambda_accounts": "444455556666"}, "lambda_accounts: a list is wanted, got '444455556666'; write ["),
        ({"lambda_accounts": ["ci"]}, "lambda_accounts[0]: 'ci' names no principal; allowed: a 12-digit account id"),
        ({"lambda_accounts": ["444455556666"] * 2}, "lambda_accounts[1]: '444455556666' was given before, at repos"),
        ({"encryption": "DSSE"}, "encryption: 'DSSE' is not known; allowed: 'AES256', 'KMS', 'KMS_DSSE'; did you mean"),
        ({"encryption": True}, 'encryption: true is a boolean; quote it: "true"'),
        ({"encryption": {"type": "KMS"}}, "encryption: 'key' is missing; write {\"type\""),
        ({"encryption": {"type": "AES256", "key": KEY}}, "encryption.type: 'AES256' is not known; allowed: 'KMS', '"),
        (
            {"encryption": {"type": "KMS", "key": "alias/x"}},
            "encryption.key: 'alias/x' cannot stand here; allowed: the",
        ),
        ({"tag_mutability": "IMMUTABLE"}, "tag_mutability: 'IMMUTABLE' is not known; allowed: 'immutable', 'mutable'"),
        ({"mutability_exclusions": []}, "mutability_exclusions: no tag is excluded; leave the key out for none"),
        ({"mutability_exclusions": [*"abcdef"]}, "mutability_exclusions: 6 are given; allowed: at most 5"),
        ({"mutability_exclusions": ["a", "a"]}, "mutability_exclusions[1]: 'a' was given before, at repositories[0]"),
        ({"mutability_exclusions": ["a***"]}, "mutability_exclusions[0]: 'a***' cannot stand here; allowed: letters"),
        ({"mutability_exclusions": ["a" * 129]}, "mutability_exclusions[0]: 'aaa"),
        ({"mutability_exclusions": [""]}, "mutability_exclusions[0]: '' is too short; allowed: 1 or more characters"),
        ({"scan_on_push": "yes"}, "scan_on_push: true or false is wanted, got 'yes'"),
        ({"scan_on_push": 1}, "scan_on_push: true or false is wanted, got the number 1"),
        (
            {"removal_policy": "delete"},
            "removal_policy: 'delete' is not known; allowed: 'retain_on_update_or_delete', 'retain', 'destroy'",
        ),
        (
            {"empty_on_delete": True},
            "empty_on_delete: true has no effect with removal_policy 'retain_on_update_or_delete'; write",
        ),
        ({"tags": ["team"]}, 'tags: a mapping is wanted, got a list; write {"team": "platform"}'),
        ({"tags": {"aws:x": "y"}}, "tags['aws:x']: 'aws:x' cannot stand here; allowed: letters, digits, spaces and"),
        ({"tags": {"": "y"}}, "tags['']: '' is too short"),
        ({"tags": {"k" * 129: "y"}}, "tags." + "k" * 129 + ": 'kkk"),
        ({"tags": {"k": "v" * 257}}, "tags.k: 'vvv"),
        ({"tags": {"k": 1}}, 'tags.k: 1 is a number; quote it: "1"'),
        ({"tags": {"k": "a\n"}}, "tags.k: 'a\\n' cannot stand here; allowed: letters, digits, spaces and"),
        ({"tags": {f"k{n}": "v" for n in range(51)}}, "tags: 51 are given; allowed: at most 50"),
    ],
)
def test_a_property_that_is_wrong_is_refused(fields: dict[str, Any], problem: str) -> None:
    """With the path, the value got and what is allowed."""
    found = refusals(**fields)
    assert any(one.startswith(problem) for one in found), found


def test_tags_at_the_top_count_with_the_tags_of_a_repository() -> None:
    """A repository holds fifty tags, of the manifest and of its own."""
    common, own = {f"c{n}": "v" for n in range(30)}, {f"o{n}": "v" for n in range(21)}
    assert problems_of({"tags": common, "repositories": [{"name": "base", "tags": own}]}) == [
        "repositories[0].tags: 51 tags are given, with the tags at the top and of the defaults; allowed: at most 50"
    ]


@pytest.mark.parametrize(
    ("rule", "read"),
    [
        ({"max_image_count": 3}, LifecycleEntry(max_image_count=3)),
        ({"max_image_count": 3.0, "priority": 2}, LifecycleEntry(max_image_count=3, priority=2)),
        (
            {"tag_status": "untagged", "max_image_age_days": 14, "description": "d"},
            LifecycleEntry(tag_status="untagged", max_image_age_days=14, description="d"),
        ),
        ({"tag_prefixes": ["v"], "max_image_count": 3}, LifecycleEntry(tag_prefixes=("v",), max_image_count=3)),
        ({"tag_patterns": ["v*"], "max_image_count": 3}, LifecycleEntry(tag_patterns=("v*",), max_image_count=3)),
        ({"action": "archive", "max_image_count": 3}, LifecycleEntry(action="archive", max_image_count=3)),
        ({"action": "archive", "not_pulled_for_days": 9}, LifecycleEntry(action="archive", not_pulled_for_days=9)),
        ({"archived_for_days": 90}, LifecycleEntry(archived_for_days=90)),
    ],
)
def test_the_rules_of_a_lifecycle_are_read(rule: dict[str, Any], read: LifecycleEntry) -> None:
    """Each way of choosing images, of counting them, and what becomes of them."""
    assert repository(lifecycle=[rule]).lifecycle == (read,)


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        (
            [{}],
            "lifecycle[0]: 'max_image_count', 'max_image_age_days', 'not_pulled_for_days' or 'arch",
        ),
        (
            [{"max_image_count": 1, "max_image_age_days": 1}],
            "lifecycle[0]: has 'max_image_count' and 'max_image_",
        ),
        ([{"max_image_count": 0}], "lifecycle[0].max_image_count: 0 is too small; allowed: 1 or more"),
        ([{"archived_for_days": 89}], "lifecycle[0].archived_for_days: 89 is too small; allowed: 90 or more"),
        ([{"max_image_count": 1, "priority": 0}], "lifecycle[0].priority: 0 is too small; allowed: 1 or more"),
        (
            [{"max_image_count": 1, "action": "delete"}],
            "lifecycle[0].action: 'delete' is not known; allowed: 'expire'",
        ),
        (
            [{"max_image_count": 1, "tag_status": "all"}],
            "lifecycle[0].tag_status: 'all' is not known; allowed: 'any'",
        ),
        ([{"max_image_count": 1, "tag_patterns": []}], "lifecycle[0].tag_patterns: no pattern is given; leave the key"),
        ([{"not_pulled_for_days": 9}], "lifecycle[0].not_pulled_for_days: is for action: archive; to expire, count"),
        (
            [{"archived_for_days": 90, "action": "archive"}],
            "lifecycle[0].archived_for_days: is of images in the archive already; leave the action out to delete",
        ),
        (
            [{"max_image_count": 1, "tag_status": "tagged"}],
            "lifecycle[0]: selects tagged images without saying which; give tag_patterns, ['*'] for all, or tag",
        ),
        (
            [{"max_image_count": 1, "tag_prefixes": ["a"], "tag_patterns": ["b"]}],
            "lifecycle[0]: has tag_prefixes and tag_patterns; allowed: one of them",
        ),
        ([{"max_image_count": 1, "tag_patterns": ["*****"]}], "lifecycle[0]: tag pattern '*****' has 5 wildcards"),
        ([{"max_image_count": 1}, {"max_image_age_days": 1}], "lifecycle: lifecycle[0] and lifecycle[1] select any"),
        (
            [
                {"max_image_count": 1, "tag_patterns": ["a"], "priority": 1},
                {"max_image_count": 1, "tag_patterns": ["b"], "priority": 1},
            ],
            "lifecycle: lifecycle[0] and lifecycle[1] have priority 1; allowed: each its own",
        ),
        ([{"max_image_count": 1, "tag_patterns": [f"a{n}"]} for n in range(51)], "lifecycle: 51 are given; allowed"),
        ([{"max_image_count": 1, "maximum": 1}], "lifecycle[0].maximum: unknown key 'maximum'; allowed: 'description'"),
        ({"max_image_count": 1}, 'lifecycle: a list is wanted, got a mapping; write [{"tag_status"'),
    ],
)
def test_a_lifecycle_that_is_wrong_is_refused(rules: object, problem: str) -> None:
    """Also what AWS refuses only of rules beside each other, in the words of the manifest."""
    found = refusals(lifecycle=rules)
    assert any(one.startswith(problem) for one in found), found


def test_repositories_that_exist_are_read_by_name_or_arn() -> None:
    """One of this account by its name, any by its ARN."""
    manifest = parse_manifest(
        {
            "roles": {"ci": {}},
            "existing": [
                {"name": "base", "pull": ["ci"]},
                {"arn": THERE, "push": ["ci"], "lambda_accounts": ["111122223333"], "policy_covers_grants": True},
            ],
        },
        source="a test",
    )
    assert manifest.existing == (
        ExistingEntry(name="base", pull=(RoleKey("ci"),)),
        ExistingEntry(arn=THERE, push=(RoleKey("ci"),), lambda_accounts=("111122223333",), policy_covers_grants=True),
    )


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({}, "existing[0]: 'name' or 'arn' is missing; write {\"name\""),
        ({"name": "base", "arn": THERE}, "existing[0]: has 'name' and 'arn'; keep one"),
        ({"name": "Base"}, "existing[0].name: repository name 'Base' has uppercase 'B'; allowed"),
        ({"name": "made"}, "existing[0].name: 'made' was given before, at repositories[0].name; keep one"),
        ({"arn": "base"}, "existing[0].arn: 'base' is no ARN of a repository; allowed: one such as 'arn:aws:ecr:"),
        ({"arn": f"{THERE}/A"}, "existing[0].arn: repository name 'team/app/A' has uppercase 'A'; allowed"),
        ({"name": "base", "policy_covers_grants": "yes"}, "existing[0].policy_covers_grants: true or false is wanted"),
        ({"name": "base", "lifecycle": []}, "existing[0].lifecycle: unknown key 'lifecycle'; allowed: 'name', 'arn', "),
    ],
)
def test_an_existing_repository_that_is_wrong_is_refused(entry: dict[str, Any], problem: str) -> None:
    """It has no properties of its own to set, and is none that is made."""
    found = problems_of({"repositories": [{"name": "made"}], "existing": [entry]})
    assert any(one.startswith(problem) for one in found), found


@pytest.mark.parametrize("existing", [[{"name": "a1"}, {"name": "a1"}], [{"arn": THERE}, {"arn": THERE}]])
def test_an_existing_repository_is_named_once(existing: list[dict[str, str]]) -> None:
    """Two entries would be two constructs of one id."""
    (problem,) = problems_of({"existing": existing})
    assert "was given before, at existing[0]" in problem


def test_a_manifest_declares_something() -> None:
    """Roles alone would reach nothing."""
    (problem,) = problems_of({"roles": {"ci": {}}})
    assert problem.startswith("'repositories' or 'existing' is missing; write {\"repositories\"")
    assert problems_of({"existing": []}) == ["existing: no existing repository is named; leave the key out for none"]
