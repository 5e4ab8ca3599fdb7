"""How requirements travel to the access check."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from hypothesis import given
from hypothesis import strategies as st

from cdk_ecr_access import AccessibleRepository
from cdk_ecr_access.access_check.requirements import DeclaredRequirement, as_properties
from ecr_access.check.request import parse
from ecr_access.iam.actions import AccessLevel
from tests.reading import ACCOUNT, ENV, OTHER, PUSH, REGION, REQUIRED_PULL, TOKEN, rendered

_ROLES = f"arn:aws:iam::{OTHER}:role"
_PREFIX = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/"
_PULL, _PUSH, _READ = AccessLevel.PULL, AccessLevel.PUSH, AccessLevel.READ


def _outlines(*requirements: DeclaredRequirement) -> dict[str, Any]:
    found: dict[str, Any] = as_properties(requirements, lambda arn: arn.removeprefix(_PREFIX))["Requirements"]
    return found


def test_a_requirement_is_a_line_under_its_level_and_what_principals_share() -> None:
    """A line is read by itself in ``cdk diff``, whose path has the rest."""
    assert _outlines(
        DeclaredRequirement(f"{_ROLES}/web", _PULL, f"{_PREFIX}team/app"),
        DeclaredRequirement(f"{_ROLES}/path/ci", _PUSH, f"{_PREFIX}team/app"),
        DeclaredRequirement(f"{_ROLES}/web", _PULL, f"{_PREFIX}team/base"),
        DeclaredRequirement(OTHER, _PULL, f"{_PREFIX}team/app"),
        DeclaredRequirement("o-abcdefghij/r-ab12/", _PULL, f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/far"),
    ) == {
        "PULL": {
            _ROLES: ["web team/app", "web team/base"],
            "Others": [
                f"{OTHER} team/app",
                f"o-abcdefghij/r-ab12/ arn:aws:ecr:us-east-1:{ACCOUNT}:repository/far",
            ],
        },
        "PUSH": {_ROLES: ["path/ci team/app"]},
    }


def test_only_the_levels_in_use_bring_their_actions() -> None:
    """The table of required actions travels with the request, as far as it is needed."""
    found = as_properties([DeclaredRequirement("ci", _PUSH, "app"), DeclaredRequirement("ci", _PULL, "app")])
    assert found["Actions"] == {"TOKEN": [TOKEN], "PULL": REQUIRED_PULL, "PUSH": sorted(PUSH)}


def test_a_service_has_lists_for_each_set_of_accounts_that_it_acts_for() -> None:
    """What is required for one account is not taken for another's; the check's own account is not named."""
    service = "codebuild.amazonaws.com"
    found = _outlines(
        DeclaredRequirement(service, _PULL, "app"),
        DeclaredRequirement(service, _PULL, "app", accounts=("444455556666", "777788889999")),
        DeclaredRequirement(service, _PULL, "base", accounts=("444455556666",)),
        DeclaredRequirement(service, _PULL, "web", accounts=("444455556666",)),
        DeclaredRequirement("ecs.amazonaws.com", _PULL, "app", accounts=("444455556666", "777788889999")),
    )
    assert found["PULL"]["Others"] == [
        f"{service} app",
        {
            "Principals": [service, "ecs.amazonaws.com"],
            "Accounts": ["444455556666", "777788889999"],
            "Repositories": "app",
        },
        {"Principals": service, "Accounts": ["444455556666"], "Repositories": ["base", "web"]},
    ]


def test_a_token_may_be_all_that_is_required() -> None:
    """A principal that is only to sign in is asked for no repository."""
    assert as_properties([DeclaredRequirement(f"{_ROLES}/ci", token=True)]) == {
        "Actions": {"TOKEN": [TOKEN]},
        "Requirements": {"TOKEN": {_ROLES: ["ci"]}},
    }


def test_nothing_required_is_nothing_asked() -> None:
    """Without requirements the check is asked to prove nothing."""
    assert _outlines() == {}


def test_a_token_once_required_stays_required() -> None:
    """The order of the requirements of a principal does not matter for its token."""
    grants = (
        DeclaredRequirement("ci", _READ, "app"),
        DeclaredRequirement("ci", _PULL, "app", token=True),
        DeclaredRequirement("ci", token=True),
    )
    for order in permutations(grants):
        lines = {"Others": ["ci app"]}
        assert _outlines(*order) == {"READ_AND_TOKEN": lines, "PULL_AND_TOKEN": lines}


def test_many_principals_of_the_same_repositories_share_lists() -> None:
    """A thousand principals of a thousand repositories fit into an event, which holds each of their names once."""
    names = [f"app{n}" for n in range(20)]
    roles = [f"{_ROLES}/{n}" for n in range(20)]
    found = _outlines(*(DeclaredRequirement(role, _PULL, name) for role in roles for name in names))
    assert found == {"PULL": {"Others": [{"Principals": roles, "Repositories": names}]}}


@pytest.mark.parametrize(("principals", "repositories", "lines"), [(2, 7, 14), (2, 8, 1), (1000, 1, 1000), (1, 9, 9)])
def test_lists_stand_where_they_are_shorter(principals: int, repositories: int, lines: int) -> None:
    """A line is easier to read, and a change of one is a difference of one."""
    pairs = [(p, r) for p in range(principals) for r in range(repositories)]
    found = _outlines(*(DeclaredRequirement(f"{p}.amazonaws.com", _PULL, f"r{r}") for p, r in pairs))
    assert len(found["PULL"]["Others"]) == lines


def test_principals_with_other_requirements_do_not() -> None:
    """Neither another level, nor another repository, nor the token are taken for the same."""
    assert _outlines(
        DeclaredRequirement("one", _PULL, "app"),
        DeclaredRequirement("two", _PUSH, "app"),
        DeclaredRequirement("three", _PULL, "base"),
        DeclaredRequirement("four", _PULL, "app", token=True),
    ) == {
        "PULL": {"Others": ["one app", "three base"]},
        "PUSH": {"Others": ["two app"]},
        "PULL_AND_TOKEN": {"Others": ["four app"]},
    }


_NAMES = st.text("abc/-_.", min_size=1, max_size=12).map(lambda text: f"r{text}")
_ARNS = st.builds(
    "arn:aws:ecr:{}:{}:repository/{}".format,
    st.sampled_from([REGION, "us-east-1"]),
    st.sampled_from([ACCOUNT, OTHER]),
    _NAMES,
)
_PATHS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=8)
_PRINCIPALS = (
    st.builds(
        "arn:aws:iam::{}:{}/{}".format,
        st.sampled_from([ACCOUNT, OTHER]),
        st.sampled_from(["role", "user"]),
        _PATHS,
    )
    | st.sampled_from([OTHER, f"arn:aws:iam::{OTHER}:root", "o-abcdefghij", "o-abcdefghij/r-ab12/ou-1/"])
    | st.sampled_from(["${Token[TOKEN.7]}", "${Token[TOKEN.8]}"])
)
_VALUES = {"${Token[TOKEN.7]}": f"arn:aws:iam::{ACCOUNT}:role/Stack-A-1", "${Token[TOKEN.8]}": f"{_ROLES}/made"}
_LEVELS = st.sampled_from([AccessLevel.PULL, AccessLevel.PUSH, AccessLevel.READ])
_REQUIREMENTS = (
    st.builds(DeclaredRequirement, _PRINCIPALS, _LEVELS, _ARNS, st.booleans())
    | st.builds(DeclaredRequirement, _PRINCIPALS, token=st.just(value=True))
    | st.builds(
        DeclaredRequirement,
        st.sampled_from(["codebuild.amazonaws.com", "ecs.amazonaws.com"]),
        _LEVELS,
        _ARNS,
        accounts=st.lists(st.sampled_from([ACCOUNT, OTHER]), unique=True).map(tuple),
    )
)


@given(st.lists(_REQUIREMENTS, max_size=30), st.integers(0, 3))
def test_what_is_required_arrives(requirements: list[DeclaredRequirement], grid: int) -> None:
    """Whatever shape it travels in, and whatever of it CloudFormation puts in on its way."""
    same = {one.principal for one in requirements if not one.accounts}
    names = [f"{_PREFIX}same{n}" for n in range(grid * 3)]
    requirements = [*requirements, *(DeclaredRequirement(one, _PULL, name) for one in same for name in names)]
    text = json.dumps(as_properties(requirements, lambda arn: arn.removeprefix(_PREFIX)))
    for token, value in _VALUES.items():
        text = text.replace(token, value)
    function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:check"
    properties = {**json.loads(text), "ServiceToken": function, "Digest": "d"}
    arrived = parse({"ResourceProperties": properties}, None).requirements
    expected: set[tuple[str, str, str, tuple[str, ...]]] = set()
    for one in requirements:
        name = _VALUES.get(one.principal, one.principal)
        if one.token:
            expected.add((name, "TOKEN", "", ()))
        if one.level and one.repository:
            accounts = one.accounts or ((ACCOUNT,) if name.endswith(".com") else ())
            expected.add((name, one.level.value, one.repository, accounts))
    assert {
        (
            one.principal.name,
            one.access,
            one.repository.arn if one.repository else "",
            tuple(source.account for source in one.sources),
        )
        for one in arrived
    } == expected


def _lines(names: list[str]) -> list[str]:
    """Write the requirements of a stack of repositories as ``cdk diff`` compares them: a line a value."""
    stack = Stack(App(), "Stack", env=ENV)
    role = iam.Role(stack, "Ci", assumed_by=iam.ServicePrincipal("codebuild.amazonaws.com"))
    for name in names:
        repository = AccessibleRepository(stack, name, repository_name=f"team/{name}")
        repository.grant_pull(iam.ArnPrincipal(f"{_ROLES}/{name}"))
        repository.grant_push(role)
    properties = rendered(stack).check["Properties"]
    return json.dumps({key: properties[key] for key in ("Requirements", "Repositories")}, indent=1).splitlines()


def test_one_more_repository_is_a_few_more_lines() -> None:
    """One for each principal, and the reference that makes the check wait for it; no other line changes."""
    names = [f"app{n}" for n in range(12)]
    before, after = _lines(names), _lines([*names[:6], "more", *names[6:]])
    left = iter(after)
    assert all(line in left for line in before)
    added = [line.strip(" ,") for line in after if "more" in line]
    assert added[:2] == ['"more team/more"', '"team/more"']
    assert added[2].startswith('"Ref": "more')
    assert len(after) - len(before) == 5


def test_the_properties_of_four_hundred_repositories_are_small() -> None:
    """They were 111 KB of an event as a list of objects."""
    arns = [f"{_PREFIX}team/app-{n:04d}" for n in range(400)]
    required = [
        DeclaredRequirement(f"{_ROLES}/{kind}-{n:04d}", level, arn)
        for n, arn in enumerate(arns)
        for kind, level in (("pull", _PULL), ("push", _PUSH))
    ]
    assert len(json.dumps(_outlines(*required), separators=(",", ":"))) < 21_000
