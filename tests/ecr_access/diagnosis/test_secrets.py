"""A text may hold secrets; an answer never does."""

from __future__ import annotations

import io
import json
import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ecr_access.cli import diagnose as command
from ecr_access.cli.main import main
from ecr_access.diagnosis import diagnose
from ecr_access.diagnosis.causes import CAUSES
from ecr_access.diagnosis.recognise import read_only
from ecr_access.diagnosis.report import as_document, as_text, values
from tests.ecr_access.diagnosis.secret_forms import FORMS, HOST, SECRETS

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "corpus.yaml").read_text(encoding="utf-8"))
TEXTS = [one["text"] for one in CORPUS]
# Shorter substrings of a secret help no attacker.
LONG = 6


def output_of(text: str) -> str:
    """Return all that is ever written about a text."""
    found = diagnose(text)
    unknown = json.dumps(values(read_only(text)))
    return "\n".join([as_text(found), json.dumps(as_document(found)), repr(found)]) if found else unknown


@cache
def without_any(error: str) -> str:
    """Return what is written about an error that stands alone."""
    return output_of(error)


def leaked(secret: str, output: str, *, known: str) -> list[str]:
    """List the substrings of a secret that an output has, and would not have without the secret."""
    parts = (part[i : i + LONG] for part in secret.split("\n") for i in range(len(part) - LONG + 1))
    return [part for part in parts if part in output and part not in known]


def around(line: str, error: str) -> Iterator[str]:
    """Yield texts with a line before an error, behind it, and in its own lines, where its words are read."""
    first, *more = error.split("\n")
    yield from (line, f"{line}\n{error}", f"{error}\n{line}", f"{line} {error} {line}")
    yield "\n".join([f"{first} {line}", *(f"{line} {one}" for one in more)])
    # As a JSON log has it.
    yield json.dumps({"log": f"{line}\n{error}"})


def test_there_are_hundreds_of_forms() -> None:
    """Each is a line of a real log, shell or file."""
    assert len(set(FORMS)) * len(SECRETS) > 1_000
    assert all(form.format(SECRETS["password"]).count(SECRETS["password"]) == 1 for form in FORMS)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("kind", SECRETS)
def test_no_answer_repeats_a_part_of_a_secret(kind: str) -> None:
    """However it is written, and wherever it stands."""
    secret = SECRETS[kind]
    found = {}
    for number, form in enumerate(FORMS):
        error = TEXTS[(number * 7 + len(secret)) % len(TEXTS)]
        for text in around(form.format(secret), error):
            if parts := leaked(secret, output_of(text), known=without_any(error) + form):
                found[form] = parts
    assert found == {}


@pytest.mark.parametrize("error", TEXTS, ids=[f"{i}-{one['cause']}" for i, one in enumerate(CORPUS)])
def test_no_error_makes_an_answer_repeat_a_secret(error: str) -> None:
    """Whatever stands where the words of an error leave room for a name, an address or a reason."""
    secret = SECRETS["words"]
    lines = (f"docker login -u AWS -p {secret} {HOST}", f"https://AWS:{secret}@{HOST}/v2/", f"password is {secret}")
    for line in lines:
        for text in (*around(line, error), re.sub(r"\s", f" {line} ", error), error.replace(": ", f": {secret}: ")):
            assert not leaked(secret, output_of(text), known=without_any(error)), text


@given(st.text(alphabet="abcdefghijkmnpqrstuvwxyzABCDEFGH23456789+/=_.-", min_size=LONG, max_size=60))
def test_what_is_printed_of_a_line_are_the_words_of_the_error(secret: str) -> None:
    """Whatever a sign leaves room for."""
    text = f'Get "https://AWS:Z{secret}@{HOST}/v2/": dial tcp Z{secret}: Z{secret}: i/o timeout'
    found = diagnose(text)
    assert found
    assert found.recognised_by == "... timeout"


def test_a_sign_has_words() -> None:
    """Nothing else can be printed of what it matches."""
    for cause in CAUSES:
        for one in cause.signs:
            assert re.search("[A-Za-z]{3}", one.pattern.pattern)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("denied: Your authorization token has expired. Reauthenticate.", "Your authorization token has expired"),
        ("ECR said (ThrottlingException) for x: Rate exceeded", "ThrottlingException) ... Rate exceeded"),
        (
            "arn:aws:iam::111122223333:user/dev is not authorized to perform: ecr:PutImage on resource: *",
            "not authorized to perform: ecr:PutImage",
        ),
        ("repository with name 'team/web' does not exist", "repository with name 'team/web' does not exist"),
        ("lookup api.ecr.eu-west-1a.amazonaws.com: no such host", "no-such-region"),
    ],
)
def test_the_words_of_an_error_are_printed(text: str, shown: str) -> None:
    """With the values that were read; the name of the cause where the sign has no words of its own."""
    found = diagnose(text)
    assert found
    assert found.recognised_by == shown


@pytest.mark.parametrize("arguments", [(), ("--json",)])
@pytest.mark.parametrize("line", ["docker login --password {} " + HOST, "--json={}", "--token={} -p{}", "-{}"])
def test_no_message_of_the_command_repeats_an_argument(
    line: str, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """A text that is not quoted has options of its own, which are text as well."""
    secret = SECRETS["password"]
    assert command.main([*arguments, *line.format(secret, secret).split(), "no", "basic", "auth", "credentials"]) == 0
    assert main(["diagnose", *arguments, *line.format(secret, secret).split()]) == 2
    written = capsys.readouterr()
    assert not leaked(secret, written.out + written.err, known="")


def test_bytes_that_are_no_text_are_not_repeated(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither in an answer nor in a traceback."""
    given = b"\xff\xfe\x00" + SECRETS["password"].encode("utf-16-le") + b"\xed\xa0\x80\n" + SECRETS["words"].encode()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(given), isatty=lambda: False))
    assert command.main([]) == 2
    written = capsys.readouterr()
    assert not leaked(SECRETS["words"], written.out + written.err, known="")


@pytest.mark.parametrize(
    ("text", "principal"),
    [
        ("arn:aws:iam::111122223333:role/team/ci.", "arn:aws:iam::111122223333:role/team/ci"),
        ("arn:aws:iam::111122223333:role/ci, which", "arn:aws:iam::111122223333:role/ci"),
        ("'arn:aws:sts::111122223333:assumed-role/ci/me@example.com'", None),
        ("arn:aws:iam::111122223333:user/dev,AKIAIOSFODNN7EXAMPLE", None),
        ("arn:aws:iam::111122223333:user/***", None),
    ],
)
def test_a_principal_ends_where_something_else_begins(text: str, principal: str | None) -> None:
    """A line of a table is no name, and neither is the end of a sentence."""
    wanted = text.strip("'") if text.startswith("'") else principal
    assert read_only(text).principal == wanted
