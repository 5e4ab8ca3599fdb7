"""What an app declares of a repository's policy, compared with the live one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ecr_access.check import invocation
from ecr_access.check.finding import Verdict
from ecr_access.check.policy_drift import DeclaredPolicy
from ecr_access.iam.repository_policy import RepositoryPolicy
from tests.ecr_access.check.checking import findings_of, log_of, run
from tests.ecr_access.check.conftest import Context
from tests.ecr_access.check.fakes import ACCOUNT, PREFIX, REGION

if TYPE_CHECKING:
    from tests.ecr_access.check.fakes import Aws, Clock

_OTHER = "444455556666"
_ROOT = f"arn:aws:iam::{_OTHER}:root"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/ci"
_PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]


def statement(**changes: object) -> dict[str, Any]:
    """Make a statement."""
    return {"Effect": "Allow", "Principal": {"AWS": _ROLE}, "Action": _PULL, **changes}


def is_there(aws: Aws, declared: dict[str, Any], *live: dict[str, Any]) -> bool:
    """Compare a declared statement with live ones."""
    repository = DeclaredPolicy(repository_of(aws), (declared,))
    found = repository.compare(RepositoryPolicy(repository.repository, live))
    return found.verdict is Verdict.ALLOWED


def repository_of(aws: Aws) -> Any:
    """Make a repository."""
    from ecr_access.iam.arns import repository_of as read

    return read(aws.repository("app"))


@pytest.mark.parametrize(
    ("declared", "live"),
    [
        (statement(), statement()),
        (statement(), statement(Sid="Put by hand")),
        (statement(Sid="Declared"), statement()),
        (statement(), statement(Action=[*reversed(_PULL)])),
        (statement(), statement(Action=["ECR:batchgetimage", "ecr:getdownloadurlforlayer"])),
        (statement(Action="ecr:BatchGetImage"), statement()),
        (statement(), statement(Principal={"AWS": [_ROLE, _ROOT]})),
        (statement(Principal={"AWS": _ROOT}), statement(Principal={"AWS": _OTHER})),
        (statement(Principal={"AWS": [_OTHER]}), statement(Principal={"AWS": f"arn:aws-cn:iam::{_OTHER}:root"})),
        (statement(Principal="*"), statement(Principal={"AWS": "*"})),
        (
            statement(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}),
            statement(Condition={"stringequals": {"aws:principalorgid": ["o-abcdefghij"]}}),
        ),
        (
            statement(Condition={"Bool": {"aws:SecureTransport": "true"}}),
            statement(Condition={"Bool": {"aws:SecureTransport": True}}),
        ),
        (statement(Effect="Deny", NotAction="ecr:X"), statement(Effect="Deny", NotAction=["ecr:x"])),
        (statement(), statement(Action=["ecr:BatchGet*", "ecr:Get*"])),
        (statement(), statement(Principal="*")),
        (
            statement(Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}}),
            statement(Condition={"StringEquals": {"aws:SourceAccount": [_OTHER, ACCOUNT]}}),
        ),
        (
            statement(Condition={"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a/r-b/ou-1/"}}),
            statement(
                Condition={"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-a/r-b/ou-1/", "o-a/r-b/ou-2/"]}}
            ),
        ),
        (statement(Condition="odd"), statement(Condition="odd")),
        (statement(Condition={"StringEquals": "odd"}), statement(Condition={"StringEquals": "odd"})),
        (statement(Principal={}, NotPrincipal={"AWS": _OTHER}), statement(Principal={}, NotPrincipal={"AWS": _ROOT})),
        (statement(Resource="ARN:x"), statement(Resource=["arn:X"])),
        (statement(NotResource=["a", "b"]), statement(NotResource=["b", "a"])),
    ],
)
def test_a_statement_is_there_however_it_is_written(aws: Aws, declared: dict[str, Any], live: dict[str, Any]) -> None:
    """Order, case, ids and the form of a principal do not matter, and more may be allowed."""
    assert is_there(aws, declared, statement(Action="ecr:Other"), live)


@pytest.mark.parametrize(
    "live",
    [
        statement(Action=_PULL[:1]),
        statement(Principal={"AWS": _ROOT}),
        statement(Principal={"Service": _ROLE}),
        statement(Effect="Deny"),
        statement(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}),
        statement(NotAction="ecr:PutImage"),
        statement(Principal={}, NotPrincipal={"AWS": _ROLE}),
        statement(Action="ecr:Put*"),
        statement(Condition="odd"),
        statement(Condition={"StringEquals": "odd"}),
        # What IAM puts in the place of a role that was deleted.
        statement(Principal={"AWS": "AROAEXAMPLEEXAMPLE123"}),
    ],
)
def test_a_statement_that_says_less_or_something_else_is_not_it(aws: Aws, live: dict[str, Any]) -> None:
    """Neither fewer actions, nor other principals, nor a condition more."""
    assert not is_there(aws, statement(), live)


@pytest.mark.parametrize("operator", ["StringNotEquals", "ForAllValues:StringLike", "NumericLessThan"])
def test_more_values_of_a_condition_that_is_no_list_of_alternatives_are_another_one(aws: Aws, operator: str) -> None:
    """Each value of a negated condition excludes another principal."""
    declared, live = (statement(Condition={operator: {"aws:SourceAccount": some}}) for some in ("1", ["1", "2"]))
    assert not is_there(aws, declared, live)


def test_two_statements_do_not_add_up(aws: Aws) -> None:
    """Each declared statement is one live statement: CloudFormation does not divide it."""
    assert not is_there(aws, statement(), *(statement(Action=one) for one in _PULL))


def declares(arn: str, *statements: dict[str, Any]) -> dict[str, Any]:
    """Declare statements of one repository."""
    return {"Declared": [{"Repositories": [arn], "Statements": [*statements]}]}


def test_a_policy_that_was_dropped_fails_the_check(aws: Aws, clock: Clock) -> None:
    """The message names the repository, the statement and the way out."""
    app = aws.repository("app")
    answer = run(aws, clock, **declares(app, statement()))
    assert not answer.succeeded
    assert answer.reason.startswith(
        "the live policy of repository app is not the declared one\n"
        f"1. the live repository policy of {app} is not the declared one: "
        "it lacks "
    )
    assert f'Effect Allow, Principal {{"AWS":"{_ROLE}"}}, Action ["ecr:BatchGetImage"' in answer.reason
    assert "aws ecr set-repository-policy" in answer.reason


def test_a_deleted_principal_is_named_as_the_cause(aws: Aws, clock: Clock) -> None:
    """A role that was made again under its name is another principal to ECR."""
    app = aws.repository("app", {"Statement": [statement(Principal={"AWS": "AROAEXAMPLEEXAMPLE123"})]})
    assert "it names a principal that was deleted" in run(aws, clock, **declares(app, statement())).reason


def test_a_policy_that_is_there_is_a_line_of_the_log(
    aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was compared can be read afterwards."""
    app = aws.repository("app", {"Statement": [statement()]})
    assert run(aws, clock, **declares(app, statement())).succeeded
    assert ("POLICY", "allowed") in {
        (one["finding"]["access"], one["finding"]["verdict"]) for one in log_of(capsys) if "finding" in one
    }


def test_a_policy_is_read_once_for_its_requirements_and_its_comparison(aws: Aws, clock: Clock) -> None:
    """One look serves both."""
    app = aws.repository("app", {"Statement": [statement()]})
    assert run(aws, clock, aws.requires(aws.puller("ci", app), app), **declares(app, statement())).succeeded
    assert aws.count()["GetRepositoryPolicy"] == 1


def test_a_long_statement_is_abbreviated(aws: Aws, clock: Clock) -> None:
    """The reason has to fit into CloudFormation's 4,096 bytes."""
    app = aws.repository("app")
    many = statement(Principal={"AWS": [f"arn:aws:iam::{ACCOUNT}:role/{n}" for n in range(100)]})
    assert len(run(aws, clock, **declares(app, many)).reason) < 1000


def test_a_declared_repository_that_is_missing_is_reported_once(aws: Aws, clock: Clock) -> None:
    """There is no policy to compare."""
    arn = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/app"
    reason = run(aws, clock, **declares(arn, statement())).reason
    assert reason.count("does not exist") == 2  # the first line, and the only entry
    assert "\n2." not in reason
    assert "is not the declared one" not in reason


def test_a_repository_deleted_in_between_is_missing(aws: Aws, clock: Clock) -> None:
    """It was looked up, and gone when its policy was read."""
    app = aws.repository("app")
    aws.errors["GetRepositoryPolicy"] = [aws.error("RepositoryNotFoundException")]
    assert f"{app} does not exist" in run(aws, clock, **declares(app, statement())).reason


def test_a_policy_that_cannot_be_read_is_not_called_wrong(aws: Aws, clock: Clock) -> None:
    """Undetermined, in words that say so."""
    app = aws.repository("app")
    aws.errors["GetRepositoryPolicy"] = [aws.error("ServerException")] * 1000
    reason = run(aws, clock, **declares(app, statement())).reason
    assert "could not be determined" in reason
    assert "is not the declared one" not in reason


def test_another_accounts_existing_repository_is_said_not_to_be_looked_up(
    aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is neither called missing nor proved."""
    arn = f"arn:aws:ecr:{REGION}:{_OTHER}:repository/base"
    assert run(aws, clock, Existing=[arn]).succeeded
    ((line,),) = [one["not_verifiable"] for one in log_of(capsys) if "not_verifiable" in one]
    assert line == f"{arn}: its registry cannot be seen from here"


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ("all", "Declared: got 'all', allowed is a list"),
        (["one"], "Declared[0]: got 'one', allowed is an object"),
        ([{"Repositories": ["x"], "Statements": [{}]}], "Declared[0].Repositories[0]: got 'x', allowed is arn:"),
        ([{"Repositories": [], "Statements": ["x"]}], "Declared[0].Statements: got ['x'], allowed is a list of statem"),
        ([{"Repositories": [], "Statements": []}], "Declared[0].Statements: got [], allowed is a list of statements"),
        ([{"Repositories": []}], "Declared[0].Statements: got None, allowed is a list"),
    ],
)
def test_what_is_no_declaration_is_refused(aws: Aws, clock: Clock, declared: object, words: str) -> None:
    """With the path of the property."""
    assert words in run(aws, clock, Declared=declared).reason


def test_a_thousand_principals_of_one_repository_share_an_entry(aws: Aws, clock: Clock) -> None:
    """Two calls each to simulate, whatever the entry looks like, and one look at the repository."""
    app = aws.repository("app")
    roles = [aws.puller(f"role{n}", app) for n in range(1000)]
    assert run(aws, clock, {**aws.requires(roles[0], app), "Principal": roles}).succeeded
    assert aws.count()["SimulatePrincipalPolicy"] == 2000
    assert aws.count()["GetRepositoryPolicy"] == 1


def test_one_principal_of_a_thousand_repositories(aws: Aws, clock: Clock) -> None:
    """The repositories are simulated together."""
    arns = [aws.repository(f"app{n}") for n in range(1000)]
    assert run(aws, clock, aws.requires(aws.puller("ci", *arns), *arns)).succeeded
    assert aws.count()["DescribeRepositories"] == 10


def test_a_thousand_denials_fit_into_an_answer(aws: Aws, clock: Clock) -> None:
    """What matters most, and how many more."""
    app = aws.repository("app")
    roles = [aws.role(f"role{n}") for n in range(1000)]
    reason = run(aws, clock, {**aws.requires(roles[0], app), "Principal": roles}).reason
    assert len(reason.encode()) < 3500
    assert "more" in reason


def test_no_principal_at_all_is_refused(aws: Aws, clock: Clock) -> None:
    """A requirement without a principal would check nothing and succeed."""
    app = aws.repository("app")
    reason = run(aws, clock, {**aws.requires("x", app), "Principal": []}).reason
    assert "Requirements.PULL.Others[0].Principals: got [], allowed is the ARN" in reason


def test_a_policy_that_appears_is_found(aws: Aws, clock: Clock) -> None:
    """It is looked at again while changes may still spread."""
    app = aws.repository("app")

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        aws.repository("app", {"Statement": [statement()]})

    event = {"RequestType": "Create", "ResourceProperties": aws.properties(**declares(app, statement()))}
    answer = invocation.run(event, Context(), clock.left, clients=aws, clock=clock, sleep=sleep, jitter=clock.jitter)
    assert answer.succeeded


def test_repositories_that_lack_the_same_are_one_entry(aws: Aws, clock: Clock) -> None:
    """A thousand of them fit into an answer."""
    arns = [aws.repository(f"app{n}") for n in range(1000)]
    properties = {"Declared": [{"Repositories": arns, "Statements": [statement()]}], "PropagationSeconds": "0"}
    reason = run(aws, clock, **properties).reason
    assert reason.startswith("the live policy of repository app0 is not the declared one; 1000 of 1000 access ")
    assert "and 990 more is not the declared one" in reason


def test_one_wrong_principal_of_many_is_named(aws: Aws, clock: Clock) -> None:
    """With its place in the list."""
    app = aws.repository("app")
    reason = run(aws, clock, {**aws.requires("x", app), "Principal": [aws.puller("ci", app), "no-arn"]}).reason
    assert "Requirements.PULL.Others[0].Principals[1]: got 'no-arn', allowed is the ARN" in reason


@pytest.mark.parametrize("element", ["NotAction", "Resource", "NotResource"])
def test_what_a_statement_is_about_is_a_part_of_it(aws: Aws, element: str) -> None:
    """Another value, or none, is another statement."""
    declared = statement(**{element: "a"})
    assert is_there(aws, declared, statement(**{element: "a"}))
    assert not is_there(aws, declared, statement(**{element: "b"}))
    assert not is_there(aws, declared, statement())


def test_the_principals_that_a_statement_leaves_out_are_a_part_of_it(aws: Aws) -> None:
    """Another principal, or none, makes another statement."""
    declared = {"Effect": "Deny", "NotPrincipal": {"AWS": _ROLE}, "Action": "ecr:*"}
    assert is_there(aws, declared, {**declared})
    assert not is_there(aws, declared, {**declared, "NotPrincipal": {"AWS": _ROOT}})
    assert not is_there(aws, declared, {"Effect": "Deny", "Action": "ecr:*"})


def test_each_key_of_a_condition_is_compared(aws: Aws) -> None:
    """The same value under another key is another condition."""
    declared, live = (
        statement(Condition={"StringEquals": {key: "1"}}) for key in ("aws:SourceAccount", "aws:PrincipalAccount")
    )
    assert is_there(aws, declared, declared)
    assert not is_there(aws, declared, live)


@pytest.mark.parametrize(
    "odd", [{"Condition": "even"}, {"Condition": {"StringEquals": "even"}}, {"Condition": ["odd"]}]
)
def test_a_malformed_condition_is_like_nothing_else(aws: Aws, odd: dict[str, Any]) -> None:
    """What it is tells it from others."""
    assert is_there(aws, statement(**odd), statement(**odd))
    assert not is_there(aws, statement(Condition="odd"), statement(**odd))


def test_what_is_there_is_found_allowed(aws: Aws) -> None:
    """For this app, on that repository."""
    repository = repository_of(aws)
    found = DeclaredPolicy(repository, (statement(),)).compare(RepositoryPolicy(repository, (statement(),)))
    assert (found.principal, found.access, found.repository) == ("this app", "POLICY", repository.arn)
    assert found.cause == "the live repository policy has what is declared"


def _cause(aws: Aws, declared: dict[str, Any], *live: dict[str, Any]) -> str:
    repository = repository_of(aws)
    return DeclaredPolicy(repository, (declared,)).compare(RepositoryPolicy(repository, live)).cause


def test_a_principal_that_was_deleted_is_said_so(aws: Aws) -> None:
    """IAM has put its id in the place of its ARN; otherwise nothing of the kind is said."""
    deleted = statement(Principal={"AWS": "AROAEXAMPLEEXAMPLE123"})
    assert _cause(aws, statement(), deleted).endswith("; it names a principal that was deleted")
    assert _cause(aws, statement()).endswith('"ecr:GetDownloadUrlForLayer"]')


def test_what_is_lacking_is_shown_short(aws: Aws) -> None:
    """Every element that tells it, each cut where it is long."""
    declared = {
        "Sid": "Left out",
        "Effect": "Deny",
        "NotPrincipal": {"AWS": "1" * 12},
        "NotAction": "ecr:" + "a" * 86,
        "Condition": {"StringEquals": {"aws:SourceAccount": "2" * 200}},
    }
    assert _cause(aws, declared) == (
        'it lacks Effect Deny, NotPrincipal {"AWS":"111111111111"}, NotAction ecr:'
        + "a" * 86
        + ', Condition {"StringEquals":{"aws:SourceAccount":"'
        + "2" * (90 - len('{"StringEquals":{"aws:SourceAccount":"'))
        + "..."
    )


def test_the_members_of_an_element_are_shown_apart(aws: Aws) -> None:
    """As they stand in a policy."""
    principal = {"AWS": "111122223333", "Service": "codebuild.amazonaws.com"}
    shown = 'Principal {"AWS":"111122223333","Service":"codebuild.amazonaws.com"}, '
    assert shown in _cause(aws, statement(Principal=principal))


def test_the_policy_of_a_missing_repository_is_not_asked_for(aws: Aws, clock: Clock) -> None:
    """That it is missing says it all, once."""
    reason = run(aws, clock, **declares(f"{PREFIX}gone", statement())).reason
    assert reason.startswith("repository gone does not exist\n1. ")
    assert "GetRepositoryPolicy" not in aws.count()


def test_the_policy_of_a_repository_that_goes_away_meanwhile(
    aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is the declared policy that is not there, because the repository is not."""
    app = aws.repository("app")
    aws.errors["GetRepositoryPolicy"] = [aws.error("RepositoryNotFoundException")]
    assert run(aws, clock, **declares(app, statement())).reason.startswith("repository app does not exist")
    assert [one["access"] for one in findings_of(capsys)] == ["POLICY"]
