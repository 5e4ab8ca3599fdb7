"""Tests of looking repositories up, through the whole check."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from ecr_access.check.repository_lookup import nearest
from tests.ecr_access.check.checking import findings_of, run
from tests.ecr_access.check.fakes import ACCOUNT, PREFIX, REGION

if TYPE_CHECKING:
    from tests.ecr_access.check.fakes import Aws, Clock


def test_a_missing_repository_names_its_nearest_neighbours(aws: Aws, clock: Clock) -> None:
    """At once, because ECR shows a new repository at once; and once, however many requirements name it."""
    here = [aws.repository(name) for name in ("team/app", "base", "web")]
    roles = [aws.puller(f"ci{n}", PREFIX + "webb", *here) for n in range(3)]
    answer = run(aws, clock, *[aws.requires(role, PREFIX + "webb", *here) for role in roles])
    assert answer.reason == (
        "repository webb does not exist; 3 of 15 access requirements are not met\n"
        "1. arn:aws:ecr:eu-west-1:111122223333:repository/webb does not exist: "
        "no repository of that name in the registry of account 111122223333 in eu-west-1; "
        'closest: "web"; correct the name, or declare the repository '
        f"(needed by {', '.join(roles)})"
    )
    assert clock.now == 0
    assert all("repositoryNames" in call[1] for call in aws.calls if call[0] == "DescribeRepositories")


def test_the_registry_is_listed_for_existing_repositories_alone(aws: Aws, clock: Clock) -> None:
    """Only for these may the check's role list names; the listing comes in pages, and once a Region."""
    for name in ("other", "team/app", "base"):
        aws.repository(name)
    aws.page = 2
    missing = [PREFIX + "app", PREFIX + "teem/app"]
    answer = run(aws, clock, aws.requires(aws.puller("ci", *missing), *missing), Existing=missing)
    assert "repository/app does not exist: " in answer.reason
    assert 'closest: "team/app"; correct' in answer.reason
    assert sum("repositoryNames" not in call[1] for call in aws.calls if call[0] == "DescribeRepositories") == 2


def test_a_missing_repository_like_no_other(aws: Aws, clock: Clock) -> None:
    """There is nothing to suggest; a listing that fails changes nothing, and a long one is not read to its end."""
    aws.repositories[REGION] = dict.fromkeys([f"{n}" for n in range(50)])
    aws.page = 1
    answer = run(aws, clock, Existing=[PREFIX + "app"])
    assert "declare the repository, or correct its name, account or Region (needed by this app)" in answer.reason
    assert aws.count()["DescribeRepositories"] == 11
    aws.errors["DescribeRepositories"] = [None, aws.error("AccessDeniedException")]
    assert "declare the repository, or" in run(aws, clock, Existing=[PREFIX + "app"]).reason


def test_an_existing_repository_that_cannot_be_looked_up(aws: Aws, clock: Clock) -> None:
    """Whether it exists is not known."""
    aws.always["DescribeRepositories"] = aws.error("AccessDeniedException")
    answer = run(aws, clock, Existing=[PREFIX + "app"])
    assert "could not determine EXISTS of this app on" in answer.reason


def test_missing_ones_are_found_among_many(aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """The error does not say which of a hundred names it means: they are found by halves."""
    arns = [aws.repository(f"app{n}") for n in range(150)]
    wanted = [*arns[:70], PREFIX + "zzz", *arns[70:]]
    assert not run(aws, clock, aws.requires(aws.puller("ci", *wanted), *wanted)).succeeded
    denied = [one for one in findings_of(capsys) if one["verdict"] == "denied"]
    assert [one["repository"] for one in denied] == [PREFIX + "zzz"]
    assert aws.count()["DescribeRepositories"] < 20


def test_a_repository_that_disappears_meanwhile_is_missing(aws: Aws, clock: Clock) -> None:
    """Between the look and the reading of its policy."""
    app = aws.repository("app")
    aws.errors["GetRepositoryPolicy"] = [aws.error("RepositoryNotFoundException")]
    assert "repository/app does not exist" in run(aws, clock, aws.requires(aws.puller("ci", app), app)).reason


def test_repositories_of_another_region_are_asked_there(aws: Aws, clock: Clock) -> None:
    """A registry is an account's in a Region."""
    aws.repository("here")
    there = aws.repository("there", region="us-east-1")
    assert run(aws, clock, aws.requires(aws.puller("ci", there), there)).succeeded


def test_a_registry_is_listed_by_its_account_in_full_pages(aws: Aws, clock: Clock) -> None:
    """As few calls as the API allows."""
    aws.repository("base")
    run(aws, clock, Existing=[f"{PREFIX}bsae"])
    listing = [request for operation, request in aws.calls if operation == "DescribeRepositories"][-1]
    assert listing == {"registryId": ACCOUNT, "maxResults": 1000}


@pytest.mark.parametrize(
    ("name", "candidates", "found"),
    [
        ("team/web", ["shop/web", "team/wep", "other"], ["shop/web", "team/wep"]),
        ("a/b/web", ["c/d/web", "c/web/d", "web"], ["c/d/web", "web"]),
        ("a/b/web", ["platform/services/web"], ["platform/services/web"]),
        ("team/web", ["team/web", "team/web"], []),
        ("web1", ["web2", "web3", "web4", "web5"], ["web5", "web4", "web3"]),
        ("team/web", ["a/web", "b/web", "c/web", "d/web", "team/wep"], ["a/web", "b/web", "c/web"]),
    ],
)
def test_the_nearest_names(name: str, candidates: list[str], found: list[str]) -> None:
    """The same name in another namespace first, then what is spelt alike, three at most, never itself."""
    assert nearest(name, candidates) == found


def test_nothing_more_is_asked_about_a_missing_repository(aws: Aws, clock: Clock) -> None:
    """Neither for its policy nor who may do what on it."""
    gone = f"{PREFIX}gone"
    run(aws, clock, aws.requires(aws.puller("ci", gone), gone, token=False))
    assert aws.count() == {"GetAuthorizationToken": 1, "DescribeRepositories": 1}


@pytest.mark.parametrize(
    ("names", "on"), [(["app"], f"{PREFIX}app"), (["app", "base"], f"2 repositories, {PREFIX}app among them")]
)
def test_a_look_that_is_refused_names_the_call(aws: Aws, clock: Clock, names: list[str], on: str) -> None:
    """Which permission, on which repositories."""
    arns = [aws.repository(name) for name in names]
    aws.always["DescribeRepositories"] = aws.error("AccessDeniedException")
    reason = run(aws, clock, Existing=arns).reason
    assert f"the check's own role may not ecr:DescribeRepositories on {on} (" in reason
    looks = [request for operation, request in aws.calls if operation == "DescribeRepositories"]
    assert looks[0] == {"registryId": ACCOUNT, "repositoryNames": names}


def test_each_region_is_looked_at_by_itself(aws: Aws, clock: Clock) -> None:
    """What is there in one says nothing about another; nor does a failure make another forgotten."""
    here, there = aws.repository("here"), aws.repository("there", region="us-east-1")
    assert run(aws, clock, aws.requires(aws.puller("ci", here, there), here, there)).succeeded
    aws.always["DescribeRepositories"] = aws.error("AccessDeniedException")
    assert "but 2 of 2 could not be determined" in run(aws, clock, Existing=[here, there]).reason


def _garbled(aws: Aws, monkeypatch: pytest.MonkeyPatch, operation: str, *answers: object) -> None:
    """Have AWS give these answers first."""
    real, queue = getattr(aws, operation), [*answers]

    def garbled(**request: object) -> object:
        answer = real(**request)
        return queue.pop(0) if queue else answer

    monkeypatch.setattr(aws, operation, garbled)


_GARBLED: list[dict[str, object]] = [
    {},
    {"repositories": None},
    {"repositories": {"repositoryName": "app"}},
    {"repositories": "app"},
]


@pytest.mark.parametrize("answer", _GARBLED)
def test_an_answer_that_lists_no_repositories_is_not_exists(
    aws: Aws, clock: Clock, monkeypatch: pytest.MonkeyPatch, answer: dict[str, object]
) -> None:
    """A page that is no JSON has come from botocore as an empty answer; the next one may be AWS's."""
    app = aws.repository("app")
    _garbled(aws, monkeypatch, "describe_repositories", answer)
    assert run(aws, clock, Existing=[app]).succeeded
    _garbled(aws, monkeypatch, "describe_repositories", *[answer] * 999)
    reason = run(aws, clock, Existing=[app]).reason
    assert f"could not determine EXISTS of this app on {app}" in reason
    assert f"the answer to ecr:DescribeRepositories on {app} could not be read" in reason
    assert "it lists no repositories" in reason


@pytest.mark.parametrize("named", [[], [{}], [None, "app"], [{"repositoryName": None}], [{"repositoryName": "other"}]])
def test_a_repository_that_an_answer_leaves_out_is_asked_for_alone(
    aws: Aws, clock: Clock, monkeypatch: pytest.MonkeyPatch, named: list[object]
) -> None:
    """And is undetermined if that answer leaves it out as well, while what is said of the others stands."""
    app, base = aws.repository("app"), aws.repository("base")
    whole = {"repositories": [{"repositoryName": "base"}, *named]}
    alone = {"repositories": named}
    _garbled(aws, monkeypatch, "describe_repositories", whole)
    assert run(aws, clock, Existing=[app, base]).succeeded
    assert [one["repositoryNames"] for _, one in aws.calls[-2:]] == [["app", "base"], ["app"]]
    _garbled(aws, monkeypatch, "describe_repositories", whole, alone)
    reason = run(aws, clock, Existing=[app, base]).reason
    assert f"the answer to ecr:DescribeRepositories on {app} names no repository" in reason
    assert "such as a proxy" in reason
    assert base not in reason


def test_a_half_that_fails_costs_the_other_nothing(aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """What is known to be missing is told, although the rest could not be looked up."""
    base = aws.repository("base")
    missing = aws.error("RepositoryNotFoundException")
    aws.errors["DescribeRepositories"] = [missing, missing, None, aws.error("AccessDeniedException")]
    clock.now, clock.total = 100, 400
    run(aws, clock, Existing=[f"{PREFIX}gone", base])
    found = {one["repository"]: one["verdict"] for one in findings_of(capsys)}
    assert found[f"{PREFIX}gone"] == "denied"


@pytest.mark.parametrize("answer", [{}, {"policyText": None}, {"policyText": {"Statement": []}}, {"policyText": 1}])
def test_a_policy_that_an_answer_leaves_out_is_asked_for_again(
    aws: Aws, clock: Clock, monkeypatch: pytest.MonkeyPatch, answer: dict[str, object]
) -> None:
    """No policy is an error of AWS's, so that this is no answer; it costs the findings on its repository alone."""
    app, base = aws.repository("app", "{}"), aws.repository("base", "{}")
    requirement = aws.requires(aws.puller("ci", app, base), app, base)
    _garbled(aws, monkeypatch, "get_repository_policy", answer)
    assert run(aws, clock, requirement).succeeded
    real = aws.get_repository_policy

    def garbled(**request: object) -> object:
        return answer if request["repositoryName"] == "app" else real(**request)

    monkeypatch.setattr(aws, "get_repository_policy", garbled)
    answered = run(aws, clock, requirement)
    assert "1 of 3 could not be determined" in answered.reason
    assert f"the answer to ecr:GetRepositoryPolicy on {app} could not be read" in answered.reason
    assert "it holds no policy" in answered.reason


@pytest.mark.parametrize("around", ["%s", '{"Statement": [{"Effect": "Allow", "Principal": %s}]}'])
@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ('{"a":', "}")])
def test_a_policy_nested_ten_thousand_levels_deep_costs_one_finding(
    aws: Aws, clock: Clock, around: str, opened: str, closed: str
) -> None:
    """Reading it would need more of Python's stack than there is."""
    app = aws.repository("app", around % (opened * 10_000 + "1" + closed * 10_000))
    base = aws.repository("base")
    reason = run(aws, clock, aws.requires(aws.puller("ci", app, base), app, base)).reason
    assert "1 of 3 could not be determined" in reason
    assert "its policy cannot be read: it is nested too deep" in reason
    assert "put a valid repository policy" in reason


def test_a_next_token_that_comes_again_ends_the_listing(
    aws: Aws, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would lead round in a circle."""
    aws.repository("team/app")
    page = {"repositories": [{"repositoryName": "team/app"}], "nextToken": "again"}
    real = aws.describe_repositories
    listed: list[object] = []

    def circle(**request: object) -> object:
        if "repositoryNames" in request:
            return real(**request)
        listed.append(request.get("nextToken"))
        return page

    monkeypatch.setattr(aws, "describe_repositories", circle)
    assert 'closest: "team/app"' in run(aws, clock, Existing=[f"{PREFIX}app"]).reason
    assert listed == [None, "again"]


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"repositories": None, "nextToken": "2"},
        {"repositories": [{}, None, {"repositoryName": 1}], "nextToken": {}},
    ],
)
def test_a_listing_that_cannot_be_read_costs_no_verdict(
    aws: Aws, clock: Clock, monkeypatch: pytest.MonkeyPatch, page: dict[str, object]
) -> None:
    """The repository is missing all the same; and what was listed before serves to suggest."""
    first = {"repositories": [{"repositoryName": "team/app"}], "nextToken": "1"}
    real = aws.describe_repositories

    def garbled(**request: object) -> object:
        if "repositoryNames" in request:
            return real(**request)
        return page if request.get("nextToken") else first

    monkeypatch.setattr(aws, "describe_repositories", garbled)
    began = clock.now
    reason = run(aws, clock, Existing=[f"{PREFIX}app"]).reason
    assert "repository/app does not exist" in reason
    assert 'closest: "team/app"' in reason
    assert clock.now - began < 11


def test_a_listing_that_is_refused_is_not_waited_for(aws: Aws, clock: Clock) -> None:
    """It only serves to suggest."""
    aws.errors["DescribeRepositories"] = [None, aws.error("AccessDeniedException")]
    aws.repositories[REGION] = {}
    assert "declare the repository, or" in run(aws, clock, Existing=[PREFIX + "app"]).reason
    assert clock.now == 0


def test_a_large_registry_is_compared_in_part() -> None:
    """The names of the same namespace first, then those of the same length: ten thousand would take minutes."""
    others = [f"{'x' * 200}{number}" for number in range(10_000)]
    began = time.monotonic()
    assert nearest("team/wbe", [*others, "team/web"]) == ["team/web"]
    assert nearest("wbe", [*others, "web"]) == ["web"]
    assert nearest("x/web", [*others, f"{'y' * 300}/web"]) == [f"{'y' * 300}/web"]
    assert time.monotonic() - began < 5
