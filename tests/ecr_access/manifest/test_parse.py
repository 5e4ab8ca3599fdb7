"""A manifest is read whole or refused whole, with everything that is wrong and where."""

from __future__ import annotations

from dataclasses import asdict
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecr_access.iam.principal_names import Account, IamArn, Organization, RoleKey, Service
from ecr_access.manifest import CheckEntry, Manifest, ManifestError, RepositoryEntry, RoleEntry, parse_manifest
from ecr_access.manifest.document import parse_document

ROLE = "arn:aws:iam::111122223333:role/ci"
ALLOWED = (
    'allowed: a key of "roles" (none are declared), the ARN of an IAM role or user, a 12-digit account id, an '
    "organization id ('o-...'), a unit path ('o-.../r-.../ou-.../') or a service name ('codebuild.amazonaws.com')"
)
KEYS = (
    "allowed: 'name', 'pull', 'push', 'pull_push', 'read', 'lambda_accounts', 'encryption', 'lifecycle', "
    "'tag_mutability', 'mutability_exclusions', 'scan_on_push', 'removal_policy', 'empty_on_delete', 'tags', "
    "'environments', 'replaces'"
)
TOP = (
    "'include', 'account', 'region', 'stacks', 'environments', 'defaults', 'prefixes', 'roles', 'repositories', "
    "'existing', 'check', 'tags'"
)
SERVICE = '{"service": "codebuild.amazonaws.com", "source_account": "444455556666"}'
EXAMPLE = '{"name": "team/app", "pull": ["111122223333"], "push": ["ci"]}'


def problems_of(value: object) -> list[str]:
    """Parse what must be refused, and return each problem as its line."""
    with pytest.raises(ManifestError) as raised:
        parse_manifest(value, source="a test")
    return [str(problem) for problem in raised.value.problems]


def test_a_manifest_becomes_typed_values_in_the_order_of_the_text() -> None:
    """Every kind of principal, in every place where it may stand."""
    manifest = parse_manifest(
        {
            "roles": {"ci": {}, "web-deploy": {"assumed_by": ["111122223333", "codebuild.amazonaws.com"]}},
            "repositories": [
                {"name": "team/b", "pull": ["ci", ROLE, "o-abc1234567"], "push": ["web-deploy"]},
                {"name": "team/a", "pull": []},
                {"name": "base"},
            ],
        },
        source="a test",
    )
    assert manifest == Manifest(
        source="a test",
        repositories=(
            RepositoryEntry(
                name="team/b",
                pull=(RoleKey("ci"), IamArn(ROLE), Organization("o-abc1234567")),
                push=(RoleKey("web-deploy"),),
            ),
            RepositoryEntry(name="team/a"),
            RepositoryEntry(name="base"),
        ),
        roles=(
            RoleEntry("ci"),
            RoleEntry("web-deploy", (Account("111122223333"), Service("codebuild.amazonaws.com"))),
        ),
    )


def test_a_role_that_no_repository_names_is_no_error() -> None:
    """Who takes the last right from a role need not delete the role in the same change."""
    assert parse_manifest({"roles": {"ci": {}}, "repositories": [{"name": "base"}]}, source="").roles


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (None, f'a mapping is wanted, got nothing; write {{"repositories": [{EXAMPLE}]}}'),
        ([], f'a mapping is wanted, got a list; write {{"repositories": [{EXAMPLE}]}}'),
        ("hello", f"a mapping is wanted, got 'hello'; write {{\"repositories\": [{EXAMPLE}]}}"),
        ({}, f"'repositories' or 'existing' is missing; write {{\"repositories\": [{EXAMPLE}]}}"),
        ({"repositories": []}, f"repositories: no repository is declared; write [{EXAMPLE}]"),
        ({"repositories": None}, f"repositories: a list is wanted, got nothing; write [{EXAMPLE}]"),
        ({"repositories": {"a": {}}}, f"repositories: a list is wanted, got a mapping; write [{EXAMPLE}]"),
        ({"repositories": ["base"]}, f"repositories[0]: a mapping is wanted, got 'base'; write {EXAMPLE}"),
        ({"repositories": [{}]}, f"repositories[0]: 'name' is missing; write {EXAMPLE}"),
        ({"repositories": [{"name": 12}]}, 'repositories[0].name: 12 is a number; quote it: "12"'),
        ({"repositories": [{"name": None}]}, "repositories[0].name: a text is wanted, got nothing"),
        ({"repositories": [{"name": b"ab"}]}, "repositories[0].name: a text is wanted, got a bytes"),
    ],
)
def test_a_manifest_of_the_wrong_shape_is_refused(value: object, problem: str) -> None:
    """What was given, what is wanted, and an example to start from."""
    assert problems_of(value) == [problem]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"psuh": []}, f"psuh: unknown key 'psuh'; {KEYS}; did you mean 'push'?"),
        ({"a b": 1}, f"['a b']: unknown key 'a b'; {KEYS}"),
        ({"pull": "ci"}, "pull: a list is wanted, got 'ci'; write [\"ci\"]"),
        ({"pull": [True]}, 'pull[0]: true is a boolean; quote it: "true"'),
        ({"pull": [111122223333]}, 'pull[0]: 111122223333 is a number; quote it: "111122223333"'),
        ({"pull": [["ci"]]}, f"pull[0]: a text or a mapping is wanted, got a list; write {SERVICE}"),
        ({"push": ["unknown"]}, f"push[0]: 'unknown' names no principal; {ALLOWED}"),
        ({"push": [ROLE, ROLE]}, f"push[1]: '{ROLE}' was given before, at repositories[1].push[0]; keep one"),
        ({"name": "base"}, "name: 'base' was given before, at repositories[0].name; keep one"),
    ],
)
def test_a_repository_that_is_wrong_is_refused_with_the_path(fields: dict[str, Any], problem: str) -> None:
    """The path leads to the entry, counted from 0 as every tool does."""
    separator = "" if problem.startswith("[") else "."
    value = {"repositories": [{"name": "base"}, {"name": "app", **fields}]}
    assert problems_of(value) == [f"repositories[1]{separator}{problem}"]


def test_an_invalid_name_is_refused_with_the_path_and_the_rule() -> None:
    """The path comes before the message that the construct itself would give."""
    (problem,) = problems_of({"repositories": [{"name": "Demo/App"}]})
    assert problem.startswith("repositories[0].name: repository name 'Demo/App' has uppercase 'A', 'D'; allowed")


@pytest.mark.parametrize(
    ("roles", "problem"),
    [
        ([], 'roles: a mapping is wanted, got a list; write {"ci": {}}'),
        (
            {"ci": None},
            'roles.ci: a mapping is wanted, got nothing; write {}, or {"assumed_by": ["codebuild.amazonaws.com"]}',
        ),
        (
            {"ci": {"asumed_by": []}},
            "roles.ci.asumed_by: unknown key 'asumed_by'; allowed: 'assumed_by'; did you mean 'assumed_by'?",
        ),
        (
            {"ci": {"assumed_by": []}},
            "roles.ci.assumed_by: no principal could assume the role; leave the key out for this account",
        ),
        (
            {"o-abcdefghij": {}},
            "roles.o-abcdefghij: 'o-abcdefghij' reads as an organization id; choose another key",
        ),
    ],
)
def test_a_role_that_is_wrong_is_refused_with_the_path(roles: object, problem: str) -> None:
    """Roles are judged as strictly as repositories."""
    assert problems_of({"roles": roles, "repositories": [{"name": "base"}]}) == [problem]


def test_a_role_cannot_be_assumed_by_the_key_of_another() -> None:
    """A chain of the manifest's own roles is not offered, and the error does not offer it."""
    (problem,) = problems_of({"roles": {"a": {}, "b": {"assumed_by": ["a"]}}, "repositories": [{"name": "base"}]})
    assert problem.startswith("roles.b.assumed_by[0]: 'a' names no principal; allowed: the ARN of an IAM role or user")


def test_a_key_given_twice_is_refused_where_the_text_tells() -> None:
    """JSON and YAML would keep the last and drop the first without a word."""
    text = "repositories:\n- {name: base, pull: [x], pull: []}\nroles: {ci: {}, ci: {}}"
    assert problems_of(parse_document(text).value) == [
        "repositories[0]: key 'pull' is given twice; keep one",
        "roles: key 'ci' is given twice; keep one",
    ]


def test_an_account_that_yaml_reads_as_octal_is_shown_as_written() -> None:
    """012345670123 is 1402433619 to YAML, which an author would not recognize."""
    assert problems_of(parse_document("repositories: [{name: base, pull: [012345670123, no]}]").value) == [
        'repositories[0].pull[0]: 012345670123 is a number; quote it: "012345670123"',
        'repositories[0].pull[1]: no is a boolean; quote it: "no"',
    ]


def test_all_problems_are_told_at_once() -> None:
    """One run of the tool, one list of everything to mend."""
    with pytest.raises(ManifestError) as raised:
        parse_manifest({"repositories": [{"name": 1, "pull": [2]}, {"nam": "base"}], "role": {}}, source="repos.yaml")
    assert str(raised.value) == "\n".join(
        [
            "5 problems in repos.yaml; nothing was synthesized",
            '  repositories[0].name: 1 is a number; quote it: "1"',
            '  repositories[0].pull[0]: 2 is a number; quote it: "2"',
            f"  repositories[1]: 'name' is missing; write {EXAMPLE}",
            f"  repositories[1].nam: unknown key 'nam'; {KEYS}; did you mean 'name'?",
            f"  role: unknown key 'role'; allowed: {TOP}; did you mean 'roles'?",
            "[ECR-ACCESS-601]",
        ]
    )


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "value",
    [
        {"repositories": [{"name": "team/web"}] * 20_000},
        {"repositories": [{"name": f"Team{number}"} for number in range(20_000)]},
        {"repositories": [{"name": "aa", **{f"key{number}": 1 for number in range(20_000)}}]},
        {"repositories": [{"name": "aa", "pull": [ROLE] * 20_000}]},
        {"repositories": [{"name": "aa"}], "roles": {f"Role{number}": {} for number in range(20_000)}},
        {
            "roles": {f"role-{letters}": {} for letters in map("".join, product("abcdefghijkl", repeat=4))},
            "repositories": [{"name": "aa", "pull": [f"x{number}" for number in range(20_000)]}],
        },
        {"repositories": [{"name": f"a{n}", "empty_on_delete": True, "lifecycle": []} for n in range(20_000)]},
    ],
)
def test_of_thousands_of_problems_fifty_are_told_soon(value: object) -> None:
    """The first of the document, and how many more there are; what has thousands has one cause."""
    with pytest.raises(ManifestError) as raised:
        parse_manifest(value, source="repos.yaml")
    error = raised.value
    assert error.count >= 19_999
    assert len(error.problems) == 50
    first, *lines, more, last = str(error).splitlines()
    assert first == f"{error.count:,} problems in repos.yaml; nothing was synthesized"
    assert lines == [f"  {problem}" for problem in error.problems]
    assert (more, last) == (f"  and {error.count - 50:,} more", "[ECR-ACCESS-601]")
    assert len(str(error)) < 50_000


def test_of_many_roles_twenty_are_listed() -> None:
    """And the nearest is looked for among all of them."""
    roles: dict[str, object] = {f"role-{letter}": {} for letter in "abcdefghijklmnopqrstuvwxyz"}
    (problem,) = problems_of({"roles": roles, "repositories": [{"name": "base", "pull": ["rolez"]}]})
    assert "did you mean 'role-z'?" in problem
    assert "'role-s', 'role-t' and 6 more)" in problem


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["ci", ROLE]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["repositories", "roles", "name", "pull", "push", "assumed_by", "ci"]), inner)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
)
NEARLY = st.fixed_dictionaries(
    {
        "repositories": st.lists(
            st.fixed_dictionaries(
                {"name": st.sampled_from(["base", "team/app", "Bad"]) | ANYTHING},
                optional={"pull": st.lists(ANYTHING, max_size=3) | ANYTHING, "push": ANYTHING},
            ),
            max_size=3,
        )
    },
    optional={"roles": st.dictionaries(st.sampled_from(["ci", "o-1"]), ANYTHING) | ANYTHING},
)


@given(ANYTHING | NEARLY)
def test_any_value_is_a_manifest_or_is_refused(value: object) -> None:
    """No value makes it fail in another way, and what is accepted has nothing invalid in it."""
    try:
        manifest = parse_manifest(value, source="a test")
    except ManifestError as error:
        assert error.problems  # noqa: PT017 -- not every value is refused
    else:
        names = [entry.name for entry in manifest.repositories]
        assert names
        assert len(set(names)) == len(names)


CHECK = {
    "subnets": ["subnet-0123456789abcdef0"],
    "security_groups": ["sg-0123456789abcdef0"],
    "log_retention_days": 365,
    "log_encryption_key": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "propagation_seconds": 0,
    "allow_undetermined": True,
    "report_only": False,
    "log_allowed": True,
    "recheck": "1h",
    "images": True,
}


def test_the_settings_of_the_check_become_typed_values() -> None:
    """All of them; what is left out has the check's default."""
    manifest = parse_manifest({"check": CHECK, "repositories": [{"name": "base"}]}, source="a test")
    assert asdict(manifest.check) == {key: tuple(one) if isinstance(one, list) else one for key, one in CHECK.items()}
    assert parse_manifest({"repositories": [{"name": "base"}]}, source="a test").check == CheckEntry()


@pytest.mark.parametrize(
    ("check", "told"),
    [
        ({"subnets": CHECK["subnets"]}, "check: a function in a VPC needs both subnets and security_groups; "),
        (
            {"subnets": ["vpc-1"], "security_groups": ["sg-1"]},
            "check.subnets[0]: 'vpc-1' cannot stand here; allowed: ",
        ),
        ({"log_retention_days": 364}, "check.log_retention_days: 364 is not allowed; allowed: 1, 3, 5, 7, "),
        ({"log_retention_days": "365"}, "check.log_retention_days: a whole number is wanted, got '365'; write 365, "),
        (
            {"subnets": [f"subnet-{one:017x}" for one in range(17)], "security_groups": CHECK["security_groups"]},
            "check.subnets: 17 are given; allowed: at most 16",
        ),
        (
            {"subnets": CHECK["subnets"], "security_groups": [f"sg-{one:017x}" for one in range(6)]},
            "check.security_groups: 6 are given; allowed: at most 5",
        ),
        (
            {"subnets": ["subnet-0123456789abcdef0"] * 2, "security_groups": CHECK["security_groups"]},
            "check.subnets[1]: 'subnet-0123456789abcdef0' was given before, at check.subnets[0]; keep one",
        ),
        (
            {"log_encryption_key": "alias/log"},
            "check.log_encryption_key: 'alias/log' cannot stand here; allowed: ",
        ),
        ({"propagation_seconds": 241}, "check.propagation_seconds: 241 is too large; allowed: 240 or less"),
        ({"report_only": "yes please"}, "check.report_only: "),
        ({"vpc": "vpc-1"}, "check.vpc: unknown key 'vpc'; allowed: 'subnets', "),
    ],
    ids=[
        *("half a place", "no id", "days", "days as text", "too many subnets", "too many groups", "subnet twice"),
        *("key", "seconds", "flag", "unknown"),
    ],
)
def test_a_setting_that_the_check_would_refuse_is_told_at_its_place(check: dict[str, object], told: str) -> None:
    """Before anything is synthesized."""
    assert problems_of({"check": check, "repositories": [{"name": "base"}]})[0].startswith(told)


@pytest.mark.parametrize("every", ["1m", "59m", "1440m", "1h", "24h", "1d"])
def test_a_recheck_comes_every_minute_to_every_day(every: str) -> None:
    """In minutes, hours, or a day."""
    manifest = parse_manifest({"check": {"recheck": every}, "repositories": [{"name": "base"}]}, source="a test")
    assert manifest.check.recheck == every


@pytest.mark.parametrize("every", ["hourly", "0m", "30s", "1441m", "25h", "2d", "1.5h", ""])
def test_any_other_interval_is_refused(every: str) -> None:
    """With what is allowed."""
    (problem,) = problems_of({"check": {"recheck": every}, "repositories": [{"name": "base"}]})
    assert problem.startswith("check.recheck: ")
    assert "1h" in problem


def test_a_key_of_another_region_than_the_manifests_is_told_at_its_place() -> None:
    """Of a repository, and of the check's log."""
    key = CHECK["log_encryption_key"]
    repository = {"name": "base", "encryption": {"type": "KMS", "key": key}}
    manifest = {"region": "us-east-1", "check": {"log_encryption_key": key}, "repositories": [repository]}
    wrong = "the key is in Region eu-west-1; allowed: a key of us-east-1, where it is used"
    assert problems_of(manifest) == [f"check.log_encryption_key: {wrong}", f"repositories[0].encryption.key: {wrong}"]
    assert parse_manifest({**manifest, "region": "eu-west-1"}, source="a test")


@pytest.mark.parametrize(
    ("region", "key"),
    [("nowhere!", CHECK["log_encryption_key"]), ("us-east-1", "arn:aws:kms:eu-west-1:111122223333:alias/log")],
    ids=["region", "key"],
)
def test_a_key_is_not_compared_where_it_or_the_region_is_wrong_already(region: str, key: object) -> None:
    """One error has one message."""
    check = {"log_encryption_key": key}
    assert len(problems_of({"region": region, "check": check, "repositories": [{"name": "base"}]})) == 1
