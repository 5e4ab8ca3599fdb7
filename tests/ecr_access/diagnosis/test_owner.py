"""Whose an error is: by what is beside it, and else by what was done last."""

from __future__ import annotations

import botocore.session
import pytest

from ecr_access.diagnosis import diagnose, services
from ecr_access.diagnosis.claims import OTHER
from ecr_access.diagnosis.owner import Owners
from ecr_access.ecr.regions import REGIONS

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/web:1.4"
HERE = "403 Forbidden"


def owner(text: str) -> str | None:
    """Return whose the words of a refusal in a text are."""
    place = text.index(HERE)
    return Owners(text).of(place, place + len(HERE))


@pytest.mark.parametrize(
    ("line", "whose"),
    [
        (f"HEAD https://{IMAGE.replace('/', '/v2/', 1)}: {HERE}", services.ECR),
        (f"operation error ECR: PutImage: {HERE}", services.ECR),
        (f"when calling the PutImage operation: {HERE}", services.ECR),
        (f"not authorized to perform: ecr:PutImage: {HERE}", services.ECR),
        (f"https://public.ecr.aws/v2/acme/web: {HERE}", services.PUBLIC),
        (f"not authorized to perform: ecr-public:PutImage: {HERE}", services.PUBLIC),
        (f"not authorized to perform: iam:PassRole: {HERE} of {IMAGE}", "IAM"),
        (f"not authorized to perform: newservice:DoIt: {HERE} of {IMAGE}", services.UNLISTED),
        (f"when calling the RegisterTaskDefinition operation of {IMAGE}: {HERE}", "ECS"),
        (f"when calling the DoWhatIsNew operation of {IMAGE}: {HERE}", OTHER),
        (f"{IMAGE} (Service: AmazonECS; Status Code: 403): {HERE}", "ECS"),
        (f"unable to retrieve secret from asm: {HERE} ({IMAGE})", "Secrets Manager"),
        (f"{IMAGE} POST https://hooks.example.com/x: {HERE}", OTHER),
        (f"load metadata for docker.io/library/node:20: {HERE}", "Docker Hub"),
        (f"https://ghcr.io/v2/acme/web/manifests/1: {HERE}", "GitHub's registry"),
        (f"see https://docs.docker.com/x: {HERE}", None),
        (f"Readiness probe failed: {HERE} of {IMAGE}", OTHER),
        (f"GET /admin HTTP/1.1 {HERE} {IMAGE}", OTHER),
        (f"GET /v2/team/web/manifests/1.4 {HERE} {IMAGE}", services.ECR),
        (f"reading Secrets Manager Secret: {HERE} of {IMAGE}", "Secrets Manager"),
        (f"Get https://production.cloudflare.docker.com/x: {HERE} of {IMAGE}", "Docker Hub"),
        (HERE, None),
    ],
)
def test_what_is_beside_an_error_says_whose_it_is(line: str, whose: str | None) -> None:
    """An action before a call, a call before a host, and of hosts the nearest."""
    assert owner(line) == whose


@pytest.mark.parametrize(
    ("before", "whose"),
    [
        (f"The push refers to repository [{IMAGE}]", services.ECR),
        (f"+ docker push {IMAGE}", services.ECR),
        ("Authenticating with AWS ECR", services.ECR),
        (f"+ docker push {IMAGE}\n+ kubectl apply -f web.yaml", OTHER),
        (f"+ docker push {IMAGE}\n1.4: digest: sha256:0a1b size: 1788", None),
        (f"+ docker build -t {IMAGE} .\nStep 1/9 : FROM acme-base:latest", "Docker Hub"),
        (f'"image": "{IMAGE}",', None),
        (f"  Image:  {IMAGE}", None),
        (f"IMAGE_URI={IMAGE}", None),
        (f"  image_uri: {IMAGE}", None),
        (f"+ docker run {IMAGE}", None),
        (f"Container image {IMAGE} already present on machine", None),
        ("#1 [internal] load metadata for docker.io/library/node:20\n#1 DONE 1.2s", None),
        ("Step 1/9 : FROM acme-base:latest\n ---> 0a1b2c3d4e5f", None),
        ("docker login ghcr.io\nLogin Succeeded", None),
        ("Fetching secrets from AWS Secrets Manager, and docker's config", OTHER),
        (f"aws ecr get-login-password | docker login {IMAGE}\nLogin Succeeded", services.ECR),
    ],
)
def test_what_was_done_last_says_whose_a_bare_error_is(before: str, whose: str | None) -> None:
    """An image that is only declared does not."""
    assert owner(f"{before}\n{HERE}") == whose


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("when calling the CreateTrainingJob operation: AccessDenied: no such data", "other-service"),
        (f"when calling the CreateTrainingJob operation: AccessDenied: of image {IMAGE}", None),
        ("when calling the GetParameter operation: AccessDenied: of the image's name", "other-service"),
    ],
)
def test_a_service_that_pulls_may_hand_on_what_ecr_said(line: str, cause: str | None) -> None:
    """Where it speaks of an image, its refusal is not called its own."""
    found = diagnose(f"An error occurred {line}")
    assert (found.cause.name if found else None) == cause


def test_a_value_of_a_document_is_read_by_itself() -> None:
    """The output of a command is often one line, with the image beside the reason."""
    text = f'{{"tasks": [{{"image": "{IMAGE}", "stoppedReason": "https://hooks.example.com/x: {HERE}"}}]}}'
    assert owner(text) == OTHER
    assert owner(text.replace("https://hooks.example.com/x", "the hook")) is None


def test_the_status_below_an_error_is_that_error_s() -> None:
    """The SDK for Go breaks the line before it."""
    refused = f"AccessDenied: User is not authorized to perform: lambda:GetFunction\n\tstatus code: {HERE}"
    assert owner(f"+ docker push {IMAGE}\n{refused}") == "Lambda"


def test_an_image_of_ecr_may_be_called_as_another_registry() -> None:
    """What pulls through a cache usually is."""
    assert owner(f"{IMAGE.replace('team', 'docker.io/library')}: {HERE}") == services.ECR


def test_a_log_for_debugging_has_no_error() -> None:
    """The first request of every pull is answered with 401, and that is logged."""
    trace = f'DEBU[0000] fetch response received host={IMAGE.partition("/")[0]} response.status="401 Unauthorized"'
    assert diagnose(f"{trace}\nPulled: {IMAGE}") is None
    found = diagnose(f"{trace}\nError: https://{IMAGE}: 401 Unauthorized")
    assert found
    assert found.cause.name == "not-signed-in"


def test_the_operations_are_those_of_the_model() -> None:
    """Of ECR and its public registry. An error that other services have too decides nothing."""
    session = botocore.session.get_session()
    ours = {name for one in ("ecr", "ecr-public") for name in session.get_service_model(one).operation_names}
    shared = {
        name
        for one in ("codeartifact", "codecommit", "dlm", "ec2", "ecs", "imagebuilder", "lambda", "sagemaker", "schemas")
        for name in session.get_service_model(one).operation_names
    } & ours
    # CodeArtifact is told apart by its name, which its texts have.
    assert shared - {"GetAuthorizationToken"} <= services.SHARED_OPERATIONS <= ours
    assert ours - services.SHARED_OPERATIONS == services.OPERATIONS


def test_the_operations_of_other_services_are_theirs() -> None:
    """By the models too."""
    session = botocore.session.get_session()
    names = {"ECS": "ecs", "Lambda": "lambda", "STS": "sts", "EKS": "eks", "SageMaker": "sagemaker"}
    names |= {"App Runner": "apprunner", "Bedrock AgentCore": "bedrock-agentcore-control", "CodeBuild": "codebuild"}
    names |= {"CloudFormation": "cloudformation", "Secrets Manager": "secretsmanager", "Systems Manager": "ssm"}
    names |= {"S3": "s3", "EC2": "ec2"}
    for operation, service in services.SERVICE_OF_OPERATION.items():
        assert operation in session.get_service_model(names[service]).operation_names


def test_the_regions_are_those_of_the_sdk() -> None:
    """One that is missing would be called misspelled."""
    session = botocore.session.get_session()
    known = {
        region for one in session.get_available_partitions() for region in session.get_available_regions("ecr", one)
    }
    assert known <= REGIONS
