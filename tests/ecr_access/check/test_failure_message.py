"""Tests of the message that a person reads."""

from __future__ import annotations

import re

import pytest

from ecr_access.check import failure_message as words
from ecr_access.check.aftermath import Aftermath
from ecr_access.check.cloudformation.response import serialised
from ecr_access.check.finding import Explanation, Finding, Verdict
from tests.ecr_access.check.fakes import PREFIX, PUSH

_LIMIT = 3200


def message(findings: list[Finding], *, log_group: str) -> str:
    """Word the findings of an update, which leaves nothing behind."""
    return words.text(findings, Aftermath(log_group))


def _denied(n: int, cause: str = "no statement allows it", repository: str = "app") -> Finding:
    problem = Explanation(cause, "allow it", tuple(PUSH))
    principal = f"arn:aws:iam::111122223333:role/a-role-with-a-name-{n}"
    return Finding(principal, "PUSH", PREFIX + repository, Verdict.DENIED, (problem,))


def test_nothing_to_say() -> None:
    """All is proved."""
    assert message([Finding("p", "TOKEN", "", Verdict.ALLOWED)], log_group="g") == ""


def test_the_most_important_comes_first() -> None:
    """Missing repositories, then tokens, then what else is denied, then what is not known."""
    problem = Explanation("cause", "fix", ("a",))
    order = [
        Finding("p", "PULL", PREFIX + "unknown", Verdict.UNDETERMINED, (problem,)),
        Finding("p", "PULL", PREFIX + "denied", Verdict.DENIED, (problem,)),
        Finding("p", "TOKEN", "", Verdict.DENIED, (problem,)),
        Finding("p", "PULL", PREFIX + "missing", Verdict.DENIED, (problem,), missing=True),
    ]
    text = message(order, log_group="g")
    first, _, rest = text.partition("\n")
    assert (
        first == "repository missing does not exist; 3 of 4 access requirements are not met, 1 could not be determined"
    )
    places = [rest.index(part) for part in ("missing does not exist", "may not a on *", "denied", "unknown")]
    assert places == sorted(places)


def test_one_failure_to_find_out_is_said_once() -> None:
    """A throttled check says so in one line."""
    problem = Explanation("AWS throttled", "deploy again", ("a",))
    text = message(
        [Finding(f"p{n}", "PULL", PREFIX + "app", Verdict.UNDETERMINED, (problem,)) for n in range(200)],
        log_group="g",
    )
    assert text.count("AWS throttled") == 1
    first, _, rest = text.partition("\n")
    assert first == (
        "could not determine whether p0 has PULL on repository app; "
        "nothing was proved wrong, but 200 of 200 could not be determined"
    )
    assert rest.startswith("1. could not determine PULL of p0, p1")


def test_long_lists_are_shortened_before_lines_are_dropped() -> None:
    """Every cause is still named."""
    found = [_denied(0, repository=f"{'a' * 50}{n}") for n in range(50)]
    text = message(found, log_group="g")
    assert "and 40 more: no statement allows it" in text
    assert "; 50 of 50 access requirements are not met\n1. arn:aws:iam::" in text
    assert text.endswith("\nall names are in the log group g")
    long = message([*found, *[_denied(0, cause=f"another {n}") for n in range(11)]], log_group="g")
    assert "and 48 more: no statement allows it" in long
    assert long.count("another") == 11
    assert "more, all in the log" not in long


def test_what_does_not_fit_is_counted_and_the_log_named() -> None:
    """The whole is in the log."""
    text = message([_denied(n, cause=f'policy "{n}"') for n in range(200)], log_group="/aws/lambda/check")
    assert len(serialised(text)) <= _LIMIT
    kept = len(re.findall(r"^\d+\. ", text, re.MULTILINE))
    assert kept > 5
    assert text.endswith(f"\nand {200 - kept} more, all in the log group /aws/lambda/check")


def test_a_line_longer_than_the_message_loses_its_end() -> None:
    """Its beginning names principal, action and resource."""
    text = message([_denied(0, cause="x " * 5000), _denied(1)], log_group="g")
    assert len(serialised(text)) <= _LIMIT
    assert "a-role-with-a-name-0 may not" in text
    assert text.endswith("[...]\nall of it is in the log group g")


def test_the_first_line_fits_into_what_consoles_show() -> None:
    """However long the names are: the missing actions, principal, repository, and the number of further findings."""
    first = message([_denied(n, repository="r" * 250) for n in range(500)], log_group="g").partition("\n")[0]
    assert len(first) <= 200
    assert first.startswith("role a-role-with-a-name-0 may not ecr:BatchGetImage and more on rrr")
    assert first.endswith("; 500 of 500 access requirements are not met")


def test_a_fix_names_the_actions_and_resources_that_it_concerns() -> None:
    """As the statement that the policy lacks."""
    problem = Explanation("c", '{"Action":{actions},"Resource":{resources}}', ("ecr:a", "ecr:b"))
    two = [Finding("p", "PULL", PREFIX + name, Verdict.DENIED, (problem,)) for name in ("x", "y")]
    text = message(two, log_group="g")
    assert f'fix: {{"Action":["ecr:a","ecr:b"],"Resource":["{PREFIX}x","{PREFIX}y"]}}' in text
    assert two[0].fix == f'{{"Action":["ecr:a","ecr:b"],"Resource":"{PREFIX}x"}}'


@pytest.mark.parametrize(
    ("access", "words"),
    [
        ("TOKEN", "could not determine whether p can get a token"),
        ("POLICY", "could not determine whether the live policy of repository app is the declared one"),
        ("EXISTS", "could not determine whether repository app exists"),
        ("PUSH", "could not determine whether p has PUSH on repository app"),
    ],
)
def test_a_doubt_is_worded_as_one(access: str, words: str) -> None:
    """It says that nothing was proved wrong."""
    found = Finding("p", access, PREFIX + "app", Verdict.UNDETERMINED, (Explanation("cause", "fix", ("a",)),))
    assert message([found], log_group="g").startswith(f"{words}; nothing was proved wrong, but 1 of 1 ")


def test_a_name_is_shown_with_its_namespace_and_its_path() -> None:
    """As people write them: the first slash of an ARN parts its kind from its name."""
    problem = Explanation("cause", "fix", ("a",))
    role = "arn:aws:iam::111122223333:role/ci/web"
    text = message([Finding(role, "PULL", PREFIX + "team/app", Verdict.DENIED, (problem,))], log_group="g")
    assert text == f"role ci/web may not a on team/app\n1. {role} may not a on {PREFIX}team/app: cause; fix: fix"


def test_several_causes_are_a_numbered_list() -> None:
    """What is denied is counted beside what is not known."""
    verdicts = {"one": Verdict.DENIED, "two": Verdict.DENIED, "three": Verdict.UNDETERMINED}
    found = [
        Finding("p", "PULL", PREFIX + "app", verdict, (Explanation(cause, "fix", ("a",)),))
        for cause, verdict in verdicts.items()
    ]
    assert message(found, log_group="g").split("\n") == [
        "p may not a on app; 2 of 3 access requirements are not met, 1 could not be determined",
        f"1. p may not a on {PREFIX}app: one; fix: fix",
        f"2. p may not a on {PREFIX}app: two; fix: fix",
        f"3. could not determine PULL of p on {PREFIX}app: three; fix",
    ]


@pytest.mark.parametrize(("count", "end"), [(10, "app9"), (11, "app10"), (12, "and 2 more")])
def test_one_name_more_is_named_rather_than_counted(count: int, end: str) -> None:
    """To say that there is one more takes no less room."""
    problem = Explanation("cause", "fix", ("a",))
    found = [Finding("p", "PULL", f"{PREFIX}app{n}", Verdict.DENIED, (problem,)) for n in range(count)]
    assert f"{end}: cause" in message(found, log_group="g")


def _said(cause: str, *actions: str, verdict: Verdict = Verdict.DENIED, name: str = "app") -> Finding:
    return Finding("p", "PULL", PREFIX + name, verdict, (Explanation(cause, "fix", actions),))


def test_actions_of_one_cause_are_told_apart_where_they_are_denied() -> None:
    """What could not be determined is one failure, whatever it was about."""
    denied = message([_said("c", "ecr:a"), _said("c", "ecr:b")], log_group="g")
    assert denied.count(": c; fix: fix") == 2
    unknown = [_said("c", one, verdict=Verdict.UNDETERMINED) for one in ("ecr:a", "ecr:b")]
    assert message(unknown, log_group="g").count(": c; fix") == 1


def test_what_matters_as_much_keeps_its_order() -> None:
    """That of the requirements."""
    text = message([_said(cause, "a", name=name) for name, cause in (("z", "last"), ("a", "first"))], log_group="g")
    assert text.index("last") < text.index("first")


@pytest.mark.parametrize("count", range(2, 40))
def test_as_many_entries_are_kept_as_fit(count: int) -> None:
    """One more would not have fitted."""
    found = [_said(f"{n:02} " + "x" * 150, "a") for n in range(count)]
    text = message(found, log_group="g")
    *entries, last = text.split("\n")[1:]
    assert len(serialised(text)) <= _LIMIT
    if last.endswith("more, all in the log group g"):
        assert last.startswith(f"and {count - len(entries)} more")
        assert len(serialised(text)) + len(serialised(entries[-1])) > 3000
    else:
        assert len(entries) + 1 == count


def test_one_entry_may_be_all_that_fits() -> None:
    """It is kept whole."""
    text = message([_said(letter * 2000, "a") for letter in "xy"], log_group="g")
    assert "x" * 2000 in text
    assert text.endswith("\nand 1 more, all in the log group g")


def _refused(role: str, *repositories: str) -> list[Finding]:
    return [
        Finding(role, "PULL", PREFIX + one, Verdict.DENIED, (Explanation("c", "fix", ("a",)),)) for one in repositories
    ]


def test_principals_of_one_cause_and_fix_are_one_entry() -> None:
    """Forty roles are mended by one change, and leave room for what else is wrong."""
    roles = [f"arn:aws:iam::111122223333:role/r{n}" for n in range(40)]
    text = message([found for role in roles for found in _refused(role, "x", "y")], log_group="g")
    assert text.split("\n")[1:] == [
        f"1. {', '.join(roles[:10])} and 30 more may not a on {PREFIX}x, {PREFIX}y: c; fix: fix",
        "all names are in the log group g",
    ]


def test_principals_of_one_cause_name_the_repositories_of_each() -> None:
    """Unless these are the same for all: no principal is said to lack what it does not need."""
    text = message([*_refused("p", "x", "y"), *_refused("q", "x")], log_group="g")
    assert text.endswith(f"1. 2 principals may not a on {PREFIX}x (p), {PREFIX}y (p), {PREFIX}x (q): c; fix: fix")
