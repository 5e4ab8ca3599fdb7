"""The benchmarks' own parts: the endpoint that throttles, the README that keeps what is not measured again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from benchmarks import asked, mesh, readme
from benchmarks.__main__ import SECTIONS, main
from benchmarks.aws.bucket import TokenBucket, lower_bound
from benchmarks.calls import naive_product
from benchmarks.endpoint import ThrottledEndpoint
from benchmarks.section import Section, table, taking_turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SIMULATE = "SimulatePrincipalPolicy"
ORDER = ["First", "Second", "Third"]


@pytest.fixture(scope="module")
def generous() -> Iterator[ThrottledEndpoint]:
    """An endpoint that refuses no call."""
    with ThrottledEndpoint(rate=1e6, burst=1e6) as endpoint:
        yield endpoint


def _client(endpoint: ThrottledEndpoint, service: Any) -> Any:
    # Each call is one call.
    config = Config(retries={"mode": "standard", "total_max_attempts": 1}, proxies={})
    return boto3.client(
        service,
        endpoint_url=endpoint.url,
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=config,
    )


def _simulate(iam: Any, name: str = "ci", resources: tuple[str, ...] = ("*",), **more: object) -> Any:
    arn = f"arn:aws:iam::111122223333:role/{name}"
    return iam.simulate_principal_policy(
        PolicySourceArn=arn, ActionNames=["ecr:BatchGetImage", "ecr:PutImage"], ResourceArns=[*resources], **more
    )


def _refusal(call: Callable[[], object]) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        call()
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def test_no_more_calls_are_accepted_than_the_bucket_holds() -> None:
    """Burst and rate, and not one call more; what it counts is what the caller saw."""
    with ThrottledEndpoint(rate=20, burst=10) as endpoint:
        iam = _client(endpoint, "iam")
        accepted, began = 0, time.monotonic()
        while time.monotonic() - began < 1:
            try:
                _simulate(iam)
            except ClientError:
                continue
            accepted += 1
        counts = endpoint.counts()
        assert 20 <= accepted <= 10 + 20 * (time.monotonic() - began)
        assert counts.accepted[SIMULATE] == accepted
        assert counts.refused[SIMULATE] > 0


def test_what_has_no_burst_accepts_one_call_at_a_time() -> None:
    """A bucket that held less than one token would never let a call pass."""
    with ThrottledEndpoint(rate=0.01, burst=0) as endpoint:
        iam = _client(endpoint, "iam")
        _simulate(iam)
        assert _refusal(lambda: _simulate(iam)) == ("Throttling", 400)


def test_each_service_refuses_in_its_own_words() -> None:
    """Status 400, as AWS does, which is why the code comes first."""
    with ThrottledEndpoint(rate=0) as endpoint:
        iam, ecr = _client(endpoint, "iam"), _client(endpoint, "ecr")
        assert _refusal(lambda: _simulate(iam)) == ("Throttling", 400)
        assert _refusal(ecr.get_authorization_token) == ("ThrottlingException", 400)
        assert not endpoint.counts().accepted


def test_the_services_have_a_bucket_each() -> None:
    """Calls of ECR leave IAM's alone."""
    with ThrottledEndpoint(rate=0.01, burst=1) as endpoint:
        _client(endpoint, "ecr").get_authorization_token()
        _simulate(_client(endpoint, "iam"))
        assert not endpoint.counts().refused


def test_a_reset_fills_the_buckets_and_forgets_the_calls() -> None:
    """So that one endpoint serves several runs."""
    with ThrottledEndpoint(rate=0.01, burst=1) as endpoint:
        iam = _client(endpoint, "iam")
        _simulate(iam)
        endpoint.reset()
        assert not endpoint.counts().accepted
        _simulate(iam)
        assert endpoint.counts().accepted == {SIMULATE: 1}


def test_an_endpoint_ends_with_its_block() -> None:
    """Nothing listens any more."""
    with ThrottledEndpoint() as endpoint:
        endpoint.reset()
    with pytest.raises(OSError, match="refused"):
        endpoint.counts()


def test_a_negative_rate_is_refused() -> None:
    """Before anything is started."""
    with pytest.raises(ValueError, match="rate is -1; allowed are 0 and more"):
        ThrottledEndpoint(rate=-1)


def test_the_simulator_says_one_result_an_action(generous: ThrottledEndpoint) -> None:
    """The shape since 2026-07-30: what it says of each resource is inside."""
    answer = _simulate(_client(generous, "iam"), resources=("arn:aws:ecr:::repository/a", "arn:aws:ecr:::repository/b"))
    assert [one["EvalActionName"] for one in answer["EvaluationResults"]] == ["ecr:BatchGetImage", "ecr:PutImage"]
    inside = answer["EvaluationResults"][0]["ResourceSpecificResults"]
    assert [(one["EvalResourceName"][-1], one["EvalResourceDecision"]) for one in inside] == [
        ("a", "allowed"),
        ("b", "allowed"),
    ]


def test_the_simulator_answers_in_pages(generous: ThrottledEndpoint) -> None:
    """The marker leads to what is missing, and to its end."""
    iam = _client(generous, "iam")
    first = _simulate(iam, MaxItems=1)
    assert first["IsTruncated"]
    second = _simulate(iam, MaxItems=1, Marker=first["Marker"])
    assert not second["IsTruncated"]
    assert [one["EvalActionName"] for one in second["EvaluationResults"]] == ["ecr:PutImage"]


def test_names_say_who_is_denied_and_what_is_absent(generous: ThrottledEndpoint) -> None:
    """The errors and decisions that AWS has for them."""
    iam, ecr = _client(generous, "iam"), _client(generous, "ecr")
    assert _simulate(iam, "denied-ci")["EvaluationResults"][0]["EvalDecision"] == "implicitDeny"
    assert _refusal(lambda: _simulate(iam, "absent-ci")) == ("NoSuchEntity", 404)
    there = ecr.describe_repositories(repositoryNames=["team/app"])["repositories"]
    assert [one["repositoryName"] for one in there] == ["team/app"]
    absent = {"repositoryNames": ["team/app", "absent/app"]}
    assert _refusal(lambda: ecr.describe_repositories(**absent)) == ("RepositoryNotFoundException", 400)
    code = "RepositoryPolicyNotFoundException"
    assert _refusal(lambda: ecr.get_repository_policy(repositoryName="team/app")) == (code, 400)


def test_a_bucket_fills_by_its_rate_up_to_its_burst() -> None:
    """And never beyond, however long there is no call."""
    now = 0.0
    bucket = TokenBucket(rate=2, burst=3, clock=lambda: now)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    now = 0.5
    assert [bucket.take() for _ in range(2)] == [True, False]
    now = 1000
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


@pytest.mark.parametrize(
    ("calls", "rate", "burst", "seconds"),
    [(1000, 20, 200, 40), (200, 20, 200, 0), (3, 2, 0, 1), (1, 0, 200, float("inf")), (0, 0, 0, 0)],
)
def test_the_lower_bound(calls: int, rate: float, burst: float, seconds: float) -> None:
    """What is beyond the burst comes by the rate."""
    assert lower_bound(calls, rate=rate, burst=burst) == seconds


@pytest.mark.parametrize(("principals", "repositories", "product"), [(1, 1, 2), (1000, 1, 2000), (100, 100, 20_000)])
def test_the_naive_product(principals: int, repositories: int, product: int) -> None:
    """A call for each principal, repository and action of pulling."""
    assert naive_product(principals, repositories, len(asked.ACTIONS)) == product


def test_a_section_is_replaced_and_the_others_stay() -> None:
    """Wherever it stands, with its subsections."""
    text = "# Old head\n\n## First\n\n1\n\n### Part\n\na\n\n## Second\n\n2\n\n## Third\n\n3\n"
    new = readme.replaced(text, "Second", ["new", "", "### Part", "", "b"], order=ORDER)
    assert (
        new == f"{readme.HEAD}\n## First\n\n1\n\n### Part\n\na\n\n## Second\n\nnew\n\n### Part\n\nb\n\n## Third\n\n3\n"
    )


def test_a_section_that_is_new_comes_where_it_belongs() -> None:
    """The order is that of the benchmarks, not that of the runs."""
    new = readme.replaced("## Third\n\n3\n", "First", ["1"], order=ORDER)
    assert [*readme.read(new).items()] == [("First", "1"), ("Third", "3")]


def test_a_section_that_no_benchmark_writes_is_dropped() -> None:
    """Of a benchmark that was renamed, say."""
    assert "## Gone" not in readme.replaced("## Gone\n\nx\n", "First", ["1"], order=ORDER)


def test_a_readme_is_replaced_by_itself() -> None:
    """Writing the same again changes nothing."""
    once = readme.replaced("", "Second", ["2"], order=ORDER)
    assert readme.replaced(once, "Second", ["2"], order=ORDER) == once


def test_only_the_sections_asked_for_are_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the rounds asked for; what another section's run had written stays."""
    written = tmp_path / "README.md"
    written.write_text("## Kept\n\nas it was\n", encoding="utf-8")
    made = {
        "kept": Section("Kept", 1, lambda _: pytest.fail("not asked for"), lambda _: []),
        "new": Section("New", 1, lambda rounds: rounds, lambda rounds: [f"{rounds} rounds"]),
    }
    monkeypatch.setattr("benchmarks.__main__.FOLDER", tmp_path)
    monkeypatch.setattr("benchmarks.__main__.SECTIONS", made)
    assert main(["--rounds", "7", "new"]) == 0
    sections = readme.read(written.read_text(encoding="utf-8"))
    assert sections["Kept"] == "as it was"
    assert sections["New"].startswith("7 rounds")


@pytest.mark.parametrize("arguments", [["nothing"], ["--rounds", "0"], ["--rounds", "many"]])
def test_what_cannot_be_run_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """And what is allowed is said."""
    with pytest.raises(SystemExit):
        main(arguments)
    assert "allowed are" in capsys.readouterr().err


def test_every_section_has_a_title_of_its_own() -> None:
    """Two of one title would overwrite each other."""
    assert len({section.title for section in SECTIONS.values()}) == len(SECTIONS)


def test_a_table_has_a_column_for_each_title() -> None:
    """As Markdown wants it."""
    assert table(["a", "b"], [["1", "2"]]) == ["| a | b |", "|---|---|", "| 1 | 2 |"]


def test_variants_take_turns() -> None:
    """The variant that comes first in a round comes last in the next."""
    assert [taking_turns(["a", "b", "c"], number)[0] for number in range(4)] == ["a", "b", "c", "a"]
    assert taking_turns(["a", "b", "c"], 1) == ["b", "c", "a"]


def test_the_exponent_of_what_grows_with_the_square() -> None:
    """Twice the stacks, four times the time; and of what grows with their number."""
    assert mesh.exponent((10, 1.5), (20, 6.0)) == pytest.approx(2)
    assert mesh.exponent((10, 1.5), (40, 6.0)) == pytest.approx(1)
