"""Images are judged by what the registry shows: there, active, and for the platform."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ecr_access.check.checking import findings_of, log_of, run
from tests.ecr_access.check.fakes import ACCOUNT, REGION, Aws, Clock

if TYPE_CHECKING:
    from ecr_access.check.cloudformation.protocol import Answer

ARM, INTEL = "linux/arm64", "linux/amd64"
INDEX = "application/vnd.oci.image.index.v1+json"
DIGEST = f"sha256:{'a' * 64}"


def required(repository: str, image: str = "1.4", **more: str) -> dict[str, str]:
    """Make one entry of the property."""
    return {"Repository": repository, "Image": image, **more}


def deploy(aws: Aws, clock: Clock, *images: dict[str, str], **properties: Any) -> Answer:
    """Run a deployment's check of images."""
    return run(aws, clock, Images=[*images], **properties)


def reason(aws: Aws, clock: Clock, *images: dict[str, str], **properties: Any) -> str:
    """Read why a deployment fails."""
    answer = deploy(aws, clock, *images, **properties)
    assert not answer.succeeded
    return answer.reason


@pytest.mark.parametrize("image", ["1.4", DIGEST])
def test_an_image_that_is_there_lets_the_deployment_pass(
    aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str], image: str
) -> None:
    """By its tag or its digest, with one call for all images of a repository."""
    web = aws.repository("team/web")
    aws.image(web, "1.4", digest=DIGEST)
    assert deploy(aws, clock, required(web, image), required(web, "1.4", Lambda="true")).succeeded
    assert aws.count()["DescribeImages"] == 1
    assert "BatchGetImage" not in aws.count()
    found = findings_of(capsys)
    assert {(one["access"], one["verdict"], one["repository"]) for one in found} == {("IMAGE", "allowed", web)}
    assert {one["principal"] for one in found} == {"this app"}
    assert found[-1]["cause"] == "image team/web:1.4 is there"


def test_a_tag_that_was_never_pushed_fails_at_once(aws: Aws, clock: Clock) -> None:
    """With the nearest tags, the newest first; the check does not wait for what a push would have to bring."""
    web = aws.repository("team/web")
    for tag in ("1.2", "1.3", "latest"):
        aws.image(web, tag)
    text = reason(aws, clock, required(web, "1.4"))
    assert text.startswith("there is no image team/web:1.4\n1. there is no image team/web:1.4; nearest of 3 tags: ")
    assert '"1.3", "1.2"; fix: push it before this stack is deployed, or correct the tag' in text
    assert clock.now < 1


def test_where_no_tag_is_near_the_newest_are_named(aws: Aws, clock: Clock) -> None:
    """And how many there are."""
    web = aws.repository("team/web")
    for number in range(30):
        aws.image(web, f"build-{number:02}")
    assert 'newest of 30 tags: "build-29", "build-28", "build-27"' in reason(aws, clock, required(web, "v1"))
    assert "newest of 30 tags" in reason(aws, clock, required(web, DIGEST))


def test_every_page_of_tags_is_read(aws: Aws, clock: Clock) -> None:
    """Five at most: they only serve to suggest."""
    web = aws.repository("team/web")
    aws.page = 10
    for number in range(60):
        aws.image(web, f"build-{number:02}")
    assert "newest of 50 and more tags" in reason(aws, clock, required(web, "v1"))


@pytest.mark.parametrize("made", ["true", "false"])
def test_a_repository_without_images_says_so(aws: Aws, clock: Clock, made: str) -> None:
    """Of one that this deployment makes it says how to order the stacks."""
    web = aws.repository("team/web")
    text = reason(aws, clock, required(web, Made=made))
    assert ("this deployment makes the repository" in text) is (made == "true")
    assert ("deploy the repository in a stack of its own first" in text or "desired_count=0" in text) is (
        made == "true"
    )
    assert ("the repository has no tagged image" in text) is (made == "false")


def test_tags_that_cannot_be_listed_are_left_out(aws: Aws, clock: Clock) -> None:
    """The denial stands by itself."""
    web = aws.repository("team/web")
    aws.errors["DescribeImages"] = [None, *[aws.error("AccessDeniedException", status=403)] * 100]
    assert "there is no image team/web:1.4; fix: push it" in reason(aws, clock, required(web))


def test_one_missing_image_of_many_is_found(aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """ECR fails the whole call for it, without saying for which."""
    web = aws.repository("team/web")
    for number in range(120):
        aws.image(web, f"v{number}")
    assert not deploy(aws, clock, *(required(web, f"v{number}") for number in range(121))).succeeded
    denied = [one for one in findings_of(capsys) if one["verdict"] == "denied"]
    assert [one["cause"].partition(";")[0] for one in denied] == ["there is no image team/web:v120"]


@pytest.mark.parametrize(("status", "words"), [("ARCHIVED", "is archived"), ("ACTIVATING", "not active: ACTIVATING")])
def test_an_image_that_is_not_active_is_denied(aws: Aws, clock: Clock, status: str, words: str) -> None:
    """A pull would fail."""
    web = aws.repository("team/web")
    aws.image(web, "1.4", imageStatus=status)
    text = reason(aws, clock, required(web))
    assert words in text
    assert ("wait until ECR has restored it" in text) is (status == "ACTIVATING")


def test_an_archived_index_is_denied_whatever_its_platforms(aws: Aws, clock: Clock) -> None:
    """Its manifest, which is read for them, does not tell that it is archived."""
    web = aws.repository("team/web")
    aws.image(web, "1.4", index=[ARM], imageStatus="ARCHIVED")
    assert "is archived" in reason(aws, clock, required(web, Platform=ARM))


@pytest.mark.parametrize("listed", [["linux/arm64"], ["linux/amd64", "linux/arm64/v8"]])
def test_an_index_with_a_variant_for_the_platform_is_there(aws: Aws, clock: Clock, listed: list[str]) -> None:
    """The variant's own variant matters only where it is asked for."""
    web = aws.repository("team/web")
    aws.image(web, "1.4", index=listed)
    assert deploy(aws, clock, required(web, Platform=ARM)).succeeded
    assert aws.count()["BatchGetImage"] == 1


def test_an_index_without_a_variant_for_the_platform_is_denied(aws: Aws, clock: Clock) -> None:
    """With the platforms that it has; attestations are none."""
    web = aws.repository("team/web")
    aws.image(web, "1.4", index=["linux/amd64", "linux/arm/v7", "unknown/unknown"])
    text = reason(aws, clock, required(web, Platform=ARM))
    assert "image team/web:1.4 has no variant for linux/arm64; its platforms: linux/amd64, linux/arm/v7" in text


def test_an_index_is_denied_for_a_lambda_function(aws: Aws, clock: Clock) -> None:
    """Whatever its platforms, and without reading its manifest."""
    web = aws.repository("team/web")
    aws.image(web, "1.4", index=[ARM, INTEL])
    text = reason(aws, clock, required(web, Platform=ARM, Lambda="true"))
    assert "image team/web:1.4 is an index of images, and Lambda takes a single image" in text
    assert "docker buildx build --provenance=false" in text
    assert "BatchGetImage" not in aws.count()


def test_an_index_of_nothing_says_so(aws: Aws, clock: Clock) -> None:
    """Attestations are no platforms."""
    web = aws.repository("team/web")
    aws.image(web, "1.4", index=["unknown/unknown"])
    assert "has no variant for linux/arm64; its platforms: none" in reason(aws, clock, required(web, Platform=ARM))


def test_a_single_image_does_not_tell_its_platform(aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """Only its configuration would, a layer that the check does not download."""
    web = aws.repository("team/web")
    aws.image(web, "1.4")
    assert deploy(aws, clock, required(web, Platform=ARM)).succeeded
    assert "does not tell its platform" in findings_of(capsys)[0]["cause"]


def test_a_repository_that_is_not_there_is_a_missing_repository(aws: Aws, clock: Clock) -> None:
    """As for any other requirement, once."""
    aws.repository("team/web")
    theirs = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/team/wep"
    text = reason(aws, clock, required(theirs), required(theirs, "1.5"))
    assert text.startswith("repository team/wep does not exist")
    assert "DescribeImages" not in aws.count()


def test_a_repository_that_cannot_be_looked_up_is_undetermined(aws: Aws, clock: Clock) -> None:
    """Never denied."""
    web = aws.repository("team/web")
    aws.always["DescribeRepositories"] = aws.error("AccessDeniedException", status=403)
    assert reason(aws, clock, required(web)).startswith("could not determine whether the images of repository team/web")


def test_a_repository_that_goes_meanwhile_is_missing(aws: Aws, clock: Clock) -> None:
    """Between the look at it and the look at its images."""
    web = aws.repository("team/web")
    aws.always["DescribeImages"] = aws.error("RepositoryNotFoundException")
    assert reason(aws, clock, required(web)).startswith("repository team/web does not exist")


@pytest.mark.parametrize("operation", ["DescribeImages", "BatchGetImage"])
@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException", "ServerException"])
def test_what_ecr_does_not_answer_is_undetermined(aws: Aws, clock: Clock, operation: str, code: str) -> None:
    """With the call that was refused."""
    web = aws.repository("team/web")
    aws.image(web, "1.4", index=[ARM])
    aws.always[operation] = aws.error(code, status=403 if "Denied" in code else 500)
    text = reason(aws, clock, required(web, Platform=ARM))
    assert text.startswith("could not determine")
    assert f"ecr:{operation}" in text
    assert web in text


@pytest.mark.parametrize("code", ["RepositoryNotFoundException", "ImageNotFound"])
def test_an_index_that_goes_meanwhile_is_undetermined(
    aws: Aws, clock: Clock, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """Between the look at it and the look at its platforms."""
    web = aws.repository("team/web")
    aws.image(web, "1.4", index=[ARM])
    if code == "ImageNotFound":
        gone = {"images": [], "failures": [{"imageId": {"imageTag": "1.4"}, "failureCode": code}]}
        monkeypatch.setattr(Aws, "batch_get_image", lambda *_, **__: gone)
    else:
        aws.always["BatchGetImage"] = aws.error(code)
    text = reason(aws, clock, required(web, Platform=ARM))
    assert f"the answer to ecr:BatchGetImage on {web} says nothing of 1.4; deploy again" in text


THEIRS = "arn:aws:ecr:eu-west-1:444455556666:repository/team/web"


@pytest.mark.parametrize("index", [[], [ARM]])
@pytest.mark.parametrize(("image", "is_there"), [("1.4", True), ("1.5", False)])
def test_an_image_of_another_account_is_looked_at_as_a_puller_would(
    aws: Aws,
    clock: Clock,
    image: str,
    index: list[str],
    is_there: bool,  # noqa: FBT001
) -> None:
    """By BatchGetImage, which its policy usually allows."""
    aws.repository("team/web")
    aws.image("team/web", "1.4", index=index)
    assert deploy(aws, clock, required(THEIRS, image, Platform=ARM)).succeeded is is_there
    assert not {"DescribeImages", "DescribeRepositories"} & {*aws.count()}


def test_an_index_of_another_account_is_denied_for_a_lambda_function(aws: Aws, clock: Clock) -> None:
    """By its manifest, which is all that there is to see."""
    aws.repository("team/web")
    aws.image("team/web", "1.4", index=[ARM])
    text = reason(aws, clock, required(THEIRS, Lambda="true"))
    assert "image team/web:1.4 is an index of images, and Lambda takes a single image" in text


def test_an_image_of_another_account_needs_no_word_of_failures(
    aws: Aws, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer without failures has none."""
    image = {"imageId": {"imageTag": "1.4"}, "imageManifestMediaType": "application/vnd.oci.image.manifest.v1+json"}
    monkeypatch.setattr(Aws, "batch_get_image", lambda *_, **__: {"images": [image]})
    assert deploy(aws, clock, required(THEIRS)).succeeded


def test_a_repository_of_another_account_that_is_not_there(aws: Aws, clock: Clock) -> None:
    """Is missing for every principal."""
    assert reason(aws, clock, required(THEIRS)).startswith("repository team/web does not exist")


def test_another_failure_of_another_account_is_undetermined(
    aws: Aws, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not said that the image is not there."""
    failure = {"imageId": {"imageTag": "1.4"}, "failureCode": "KmsError"}
    monkeypatch.setattr(Aws, "batch_get_image", lambda *_, **__: {"images": [], "failures": [failure]})
    text = reason(aws, clock, required(THEIRS))
    assert text.startswith("could not determine")
    assert "failed for 1.4: KmsError; look that code up at BatchGetImage of the ECR API" in text


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"images": "none"},
        {"images": []},
        {"images": [{"imageId": None}, 3], "failures": [{}]},
        {
            "images": [
                {"imageId": {"imageTag": "1.4"}, "imageManifestMediaType": "application/vnd.oci.image.index.v1+json"}
            ]
        },
        {
            "images": [
                {
                    "imageId": {"imageTag": "1.4"},
                    "imageManifest": "{",
                    "imageManifestMediaType": INDEX,
                }
            ]
        },
    ],
)
@pytest.mark.parametrize("own", [True, False])
def test_an_answer_that_cannot_be_read_is_undetermined(
    aws: Aws,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    answer: dict[str, object],
    own: bool,  # noqa: FBT001
) -> None:
    """Whatever stands in the place of AWS."""
    web = aws.repository("team/web")
    aws.image(web, "1.4", index=[ARM])
    monkeypatch.setattr(Aws, "batch_get_image", lambda *_, **__: answer)
    assert reason(aws, clock, required(web if own else THEIRS, Platform=ARM)).startswith("could not determine")


def test_an_answer_about_another_image_is_undetermined(aws: Aws, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the call and the image that it says nothing of."""
    web = aws.repository("team/web")
    monkeypatch.setattr(Aws, "describe_images", lambda *_, **__: {"imageDetails": [{"imageDigest": DIGEST}]})
    text = reason(aws, clock, required(web))
    assert f"the answer to ecr:DescribeImages on {web} says nothing of 1.4; deploy again" in text


@pytest.mark.parametrize("own", [True, False])
def test_a_manifest_that_cannot_be_read_says_what_to_do(
    aws: Aws,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    own: bool,  # noqa: FBT001
) -> None:
    """It was pushed so."""
    web = aws.repository("team/web")
    aws.image(web, "1.4", index=[ARM])
    image = {"imageId": {"imageTag": "1.4"}, "imageManifest": "{", "imageManifestMediaType": INDEX}
    monkeypatch.setattr(Aws, "batch_get_image", lambda *_, **__: {"images": [image]})
    text = reason(aws, clock, required(web if own else THEIRS, Platform=ARM))
    assert "the answer to ecr:BatchGetImage cannot be read: " in text
    assert "; push the image again" in text


@pytest.mark.parametrize("details", [None, "none", [], [3]])
def test_details_that_cannot_be_read_are_undetermined(
    aws: Aws, clock: Clock, monkeypatch: pytest.MonkeyPatch, details: object
) -> None:
    """Never allowed, and never denied."""
    web = aws.repository("team/web")
    monkeypatch.setattr(Aws, "describe_images", lambda *_, **__: {"imageDetails": details})
    assert reason(aws, clock, required(web)).startswith("could not determine")


def test_a_media_type_that_is_not_known_is_undetermined_where_it_matters(aws: Aws, clock: Clock) -> None:
    """It may be an index, or none."""
    web = aws.repository("team/web")
    aws.image(web, "1.4", imageManifestMediaType="application/vnd.new+json")
    assert deploy(aws, clock, required(web)).succeeded
    text = reason(aws, clock, required(web, Lambda="true"))
    assert "image team/web:1.4: its media type is application/vnd.new+json, which is not known here; push it as" in text


@given(
    wanted=st.sampled_from(["1.4", "1.5", DIGEST]),
    pushed=st.lists(st.sampled_from(["1.4", "1.5", "2"]), max_size=3, unique=True),
    index=st.lists(st.sampled_from([ARM, INTEL]), max_size=2, unique=True),
    platform=st.sampled_from(["", ARM, INTEL]),
    of_function=st.booleans(),
    status=st.sampled_from(["ACTIVE", "ARCHIVED", "ACTIVATING"]),
    broken=st.sampled_from(["", "DescribeImages", "BatchGetImage", "DescribeRepositories"]),
)
def test_only_what_can_be_run_is_allowed(
    *, wanted: str, pushed: list[str], index: list[str], platform: str, of_function: bool, status: str, broken: str
) -> None:
    """Whatever is there, and whatever does not answer."""
    aws, clock = Aws(), Clock()
    web = aws.repository("team/web")
    for tag in pushed:
        aws.image(web, tag, index=index, imageStatus=status)
    if broken:
        aws.always[broken] = aws.error("AccessDeniedException", status=403)
    flags = {"Lambda": str(of_function).lower(), **({"Platform": platform} if platform else {})}
    passed = deploy(aws, clock, required(web, wanted, **flags)).succeeded
    fits = not index or (not of_function and (not platform or platform in index))
    read = broken not in {"DescribeImages", "DescribeRepositories"} and not (
        broken == "BatchGetImage" and index and platform and not of_function
    )
    assert passed is (wanted in pushed and status == "ACTIVE" and fits and read)


@pytest.mark.parametrize(
    ("entry", "wrong"),
    [
        ("text", r"Images\[0\]: got 'text', allowed is an object"),
        ({"Image": "1"}, r"Images\[0\].Repository: got None"),
        (
            required("arn:aws:s3:::bucket"),
            r"Images\[0\].Repository: got 'arn:aws:s3:::bucket', allowed is arn:PARTITION:ecr:REGION:ACCOUNT:repo",
        ),
        (required(THEIRS, "a b"), r"Images\[0\].Image: got 'a b', allowed is a tag, such as 1.4, or a digest"),
        (required(THEIRS, Platform="arm"), r"Images\[0\].Platform: got 'arm', allowed is an operating system"),
        (required(THEIRS, Lambda="maybe"), r"Images\[0\].Lambda: got 'maybe', allowed is true or false"),
    ],
)
def test_what_is_no_image_is_refused(aws: Aws, clock: Clock, entry: Any, wrong: str) -> None:
    """With its path."""
    answer = deploy(aws, clock, entry)
    assert not answer.succeeded
    assert re.search(wrong, answer.reason)


def test_images_that_are_no_list_are_refused(aws: Aws, clock: Clock) -> None:
    """By the property's name."""
    answer = run(aws, clock, Images="1.4")
    assert not answer.succeeded
    assert "Images: got '1.4'" in answer.reason


def test_the_log_says_what_was_called(aws: Aws, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for the image that is not there."""
    web = aws.repository("team/web")
    deploy(aws, clock, required(web))
    (finding,) = [line["finding"] for line in log_of(capsys) if "finding" in line]
    assert finding == {
        "principal": "this app",
        "access": "IMAGE",
        "repository": web,
        "verdict": "denied",
        "cause": "there is no image team/web:1.4; the repository has no tagged image",
        "fix": "push it before this stack is deployed, or correct the tag",
    }
