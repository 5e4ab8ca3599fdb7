"""AWS and time, in memory: real response shapes, real botocore errors, no waiting."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from botocore.session import get_session
from botocore.validate import ParamValidator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ACCOUNT = "111122223333"
REGION = "eu-west-1"
ENDPOINT = f"https://{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
PREFIX = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/"
TOKEN = ["ecr:GetAuthorizationToken"]
PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
PUSH = ["ecr:BatchGetImage", "ecr:InitiateLayerUpload", "ecr:PutImage"]


@cache
def _operation(name: str) -> Any:
    """Return the shape of an operation's request, as the AWS SDK has it."""
    for service in ("ecr", "iam", "cloudformation", "cloudwatch", "events"):
        model = get_session().get_service_model(service)
        if name in model.operation_names:
            return model.operation_model(name).input_shape
    raise AssertionError(f"no such operation: {name}")


@dataclass
class Clock:
    """Time that passes when the code under test sleeps."""

    now: float = 0.0
    total: float = 280.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now

    def jitter(self) -> float:
        """Draw the middle, always."""
        return 0.5

    def sleep(self, seconds: float) -> None:
        """Let time pass; 10 ms more, as an event loop would, so that no wait is endless."""
        self.now += seconds + 0.01

    def left(self) -> float:
        """Tell the seconds until the function is stopped."""
        return self.total - self.now


@dataclass
class Decides:
    """What the simulator is to say about one action on one resource.

    ``given`` tells the decision where the missing keys have a value, by key in lower case; ``kind`` is the type of the
    policies: "IAM Policy" is what IAM answers with, though its model has other names.
    """

    decision: str = "allowed"
    policies: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    organization: bool | None = None
    boundary: bool | None = None
    kind: str = "IAM Policy"
    given: Callable[[dict[str, str]], str] | None = None

    def under(self, context: dict[str, str]) -> Decides:
        """Return what is said where so many keys have a value."""
        missing = [key for key in self.missing if key.lower() not in context]
        decision = self.given(context) if self.given and len(missing) < len(self.missing) else self.decision
        return replace(self, decision=decision, missing=missing)


@dataclass
class Aws:
    """Amazon ECR and IAM in memory; also the factory of their clients.

    ``shape`` is the simulator's: "new" (since 2026-07-30: one result an action, resources inside), "old" (one result
    an action and resource) or "first" (as "old", for the first resource alone: the embedded cloud's).
    """

    roles: dict[str, dict[tuple[str, str], Decides]] = field(default_factory=dict)
    repositories: dict[str, dict[str, object]] = field(default_factory=lambda: {REGION: {}})
    shape: str = "new"
    page: int = 1000
    resources_a_call: int = 1000
    errors: dict[str, list[Exception | None]] = field(default_factory=dict)
    always: dict[str, Exception] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    region: str = ""
    status: str = "UPDATE_IN_PROGRESS"
    refused: int = 0
    images: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def repository(self, name: str, policy: object = None, region: str = REGION) -> str:
        """Make a repository, with its policy as text or document; return its ARN."""
        self.repositories.setdefault(region, {})[name] = policy
        return f"arn:aws:ecr:{region}:{ACCOUNT}:repository/{name}"

    def role(self, name: str, kind: str = "role") -> str:
        """Make a role that may do nothing; return its ARN."""
        arn = f"arn:aws:iam::{ACCOUNT}:{kind}/{name}"
        self.roles[arn] = {}
        return arn

    def decide(self, role: str, actions: list[str], *resources: str, **said: object) -> None:
        """Set what the simulator says: allowed, if nothing else is."""
        values: dict[str, Any] = said
        self.roles[role].update({(action, one): Decides(**values) for action in actions for one in resources})

    def puller(self, name: str, *repositories: str) -> str:
        """Make a role that may pull."""
        arn = self.role(name)
        self.decide(arn, TOKEN, "*")
        self.decide(arn, PULL, *repositories)
        return arn

    @staticmethod
    def requires(principal: str, *repositories: str, token: bool = True, level: str = "PULL") -> dict[str, Any]:
        """Make one entry of the property Requirements."""
        access = {level: list(repositories)} if repositories else {}
        return {"Principal": principal, "Token": str(token).lower(), "Access": access}

    @staticmethod
    def properties(*requirements: dict[str, Any], **changes: object) -> dict[str, Any]:
        """Make the properties as they reach the function."""
        return {
            "ServiceToken": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:check",
            "ServiceTimeout": "330",
            "Digest": "d1",
            "PropagationSeconds": "30",
            "Actions": {"TOKEN": TOKEN, "PULL": PULL, "PUSH": PUSH},
            "Requirements": outline(requirements),
            **changes,
        }

    @staticmethod
    def error(code: str, message: str = "", status: int = 400) -> ClientError:
        """Make the error that botocore raises."""
        return error(code, message, status=status)

    def ecr(self, region: str) -> Aws:
        """Make a client of Amazon ECR."""
        self.region = region
        return self

    def iam(self) -> Aws:
        """Make a client of IAM."""
        return self

    def cloudformation(self) -> Aws:
        """Make a client of CloudFormation."""
        return self

    def cloudwatch(self) -> Aws:
        """Make a client of Amazon CloudWatch."""
        return self

    def events(self) -> Aws:
        """Make a client of Amazon EventBridge."""
        return self

    def put_metric_data(self, **asked: object) -> dict[str, Any]:
        """Answer as CloudWatch does."""
        self._called("PutMetricData", dict(asked))
        return {}

    def put_events(self, **asked: object) -> dict[str, Any]:
        """Answer as EventBridge does: each entry is taken, or not."""
        request: dict[str, Any] = asked
        self._called("PutEvents", request)
        taken = [{"EventId": f"event-{number}"} for number, _ in enumerate(request["Entries"])]
        refused = [{"ErrorCode": "InternalFailure", "ErrorMessage": "Try again."}] if self.refused else []
        self.refused = max(self.refused - 1, 0)
        return {"FailedEntryCount": len(refused), "Entries": [*refused, *taken[len(refused) :]]}

    def metrics(self) -> dict[str, float]:
        """Read the metrics that were put last."""
        put = [request for name, request in self.calls if name == "PutMetricData"]
        return {one["MetricName"]: one["Value"] for one in put[-1]["MetricData"]}

    def details(self) -> list[dict[str, Any]]:
        """Read the details of the events that were put."""
        put = [request for name, request in self.calls if name == "PutEvents"]
        return [json.loads(one["Detail"]) for request in put for one in request["Entries"]]

    def describe_stacks(self, **asked: object) -> dict[str, Any]:
        """Answer as CloudFormation does."""
        self._called("DescribeStacks", dict(asked))
        return {"Stacks": [{"StackName": "app", "StackStatus": self.status}]}

    def count(self) -> Counter[str]:
        """Count the calls by operation."""
        return Counter(name for name, _ in self.calls)

    def _called(self, operation: str, request: dict[str, Any]) -> None:
        wrong = ParamValidator().validate(request, _operation(operation))
        if wrong.has_errors():
            # No Exception, which the check would take for an answer.
            pytest.fail(wrong.generate_report())
        self.calls.append((operation, request))
        queued = self.errors.get(operation) or [self.always.get(operation)]
        if failure := queued.pop(0):
            raise failure

    def get_authorization_token(self) -> dict[str, Any]:
        """Answer as ECR does."""
        self._called("GetAuthorizationToken", {})
        return {
            "authorizationData": [
                {"authorizationToken": "VE9LRU4tT0YtVEhFLVRFU1Q=", "expiresAt": 0, "proxyEndpoint": ENDPOINT}
            ]
        }

    def describe_repositories(self, **asked: object) -> dict[str, Any]:
        """Answer as ECR does: one missing name fails all, a list comes in pages."""
        request: dict[str, Any] = asked
        self._called("DescribeRepositories", request)
        found = self.repositories[self.region]
        names = request.get("repositoryNames")
        if names is None:
            start = int(request.get("nextToken", 0))
            page = [{"repositoryName": name} for name in [*found][start : start + self.page]]
            more = {"nextToken": str(start + self.page)} if start + self.page < len(found) else {}
            return {"repositories": page, **more}
        if absent := [name for name in names if name not in found]:
            raise error("RepositoryNotFoundException", f"The repository with name '{absent[0]}' does not exist")
        return {"repositories": [{"repositoryName": name} for name in names]}

    def get_repository_policy(self, **asked: object) -> dict[str, Any]:
        """Answer as ECR does: no policy is an error."""
        request: dict[str, Any] = asked
        self._called("GetRepositoryPolicy", request)
        name = request["repositoryName"]
        if name not in self.repositories[self.region]:
            raise error("RepositoryNotFoundException", "The repository does not exist")
        policy = self.repositories[self.region][name]
        if policy is None:
            raise error("RepositoryPolicyNotFoundException", "Repository policy does not exist")
        return {"policyText": policy if isinstance(policy, str) else json.dumps(policy)}

    def image(self, repository: str, *tags: str, digest: str = "", index: Iterable[str] = (), **more: object) -> str:
        """Push an image, or an index of images for some platforms; return its digest."""
        name = repository.partition("/")[2] if repository.startswith("arn:") else repository
        pushed = self.images.setdefault(name, [])
        digest = digest or f"sha256:{len(pushed):064x}"
        kind = "image.index" if index else "image.manifest"
        parts = [dict(zip(("os", "architecture", "variant"), one.split("/"), strict=False)) for one in index]
        detail = {
            "registryId": ACCOUNT,
            "repositoryName": name,
            "imageDigest": digest,
            **({"imageTags": [*tags]} if tags else {}),
            "imagePushedAt": 1_700_000_000 + len(pushed),
            "imageManifestMediaType": f"application/vnd.oci.{kind}.v1+json",
            "imageStatus": "ACTIVE",
            **more,
        }
        pushed.append({"detail": detail, "manifest": json.dumps({"manifests": [{"platform": one} for one in parts]})})
        return digest

    def _image(self, name: str, identifier: dict[str, str]) -> dict[str, Any] | None:
        digest, tag = identifier.get("imageDigest"), identifier.get("imageTag")
        return next(
            (
                one
                for one in self.images.get(name, [])
                if one["detail"]["imageDigest"] == digest or tag in one["detail"].get("imageTags", [])
            ),
            None,
        )

    def describe_images(self, **asked: object) -> dict[str, Any]:
        """Answer as ECR does: one missing image fails all, a list comes in pages."""
        request: dict[str, Any] = asked
        self._called("DescribeImages", request)
        name = request["repositoryName"]
        if name not in self.repositories[self.region]:
            raise error("RepositoryNotFoundException", "The repository does not exist")
        if "imageIds" not in request:
            tagged = [one["detail"] for one in self.images.get(name, []) if one["detail"].get("imageTags")]
            start = int(request.get("nextToken", 0))
            more = {"nextToken": str(start + self.page)} if start + self.page < len(tagged) else {}
            return {"imageDetails": tagged[start : start + self.page], **more}
        found = [self._image(name, one) for one in request["imageIds"]]
        if not all(found):
            raise error("ImageNotFoundException", "The image does not exist within the repository")
        return {"imageDetails": [one["detail"] for one in found if one]}

    def batch_get_image(self, **asked: object) -> dict[str, Any]:
        """Answer as ECR does: each image is there, or a failure."""
        request: dict[str, Any] = asked
        self._called("BatchGetImage", request)
        name = request["repositoryName"]
        if name not in self.repositories[self.region]:
            raise error("RepositoryNotFoundException", "The repository does not exist")
        found = [(one, self._image(name, one)) for one in request["imageIds"]]
        return {
            "images": [
                {
                    "registryId": request["registryId"],
                    "repositoryName": name,
                    "imageId": {"imageDigest": image["detail"]["imageDigest"], **one},
                    "imageManifest": image["manifest"],
                    "imageManifestMediaType": image["detail"]["imageManifestMediaType"],
                }
                for one, image in found
                if image
            ],
            "failures": [
                {"imageId": one, "failureCode": "ImageNotFound", "failureReason": "Requested image not found"}
                for one, image in found
                if not image
            ],
        }

    def simulate_principal_policy(self, **asked: object) -> dict[str, Any]:
        """Answer as IAM does, in the shape wanted, in pages."""
        request: dict[str, Any] = asked
        self._called("SimulatePrincipalPolicy", request)
        role = self.roles.get(request["PolicySourceArn"])
        if role is None:
            # Real IAM; the embedded cloud says implicitDeny instead.
            raise error("NoSuchEntity", "The role cannot be found.", status=404)
        resources = request["ResourceArns"]
        if len(resources) > self.resources_a_call:
            raise error("InvalidInput", "too many resources")
        if self.shape == "first":
            resources = resources[:1]
        context = {one["ContextKeyName"].lower(): one["ContextKeyValues"][0] for one in request["ContextEntries"]}
        results: list[dict[str, Any]] = []
        for action in request["ActionNames"] if self.shape != "silent" else ():
            said = {one: role.get((action, one), Decides("implicitDeny")).under(context) for one in resources}
            results += _new(action, said) if self.shape == "new" else _old(action, said)
        start = int(request.get("Marker", 0))
        more = start + self.page < len(results)
        marker = {"Marker": str(start + self.page)} if more else {}
        return {"EvaluationResults": results[start : start + self.page], "IsTruncated": more, **marker}


def outline(requirements: Iterable[object]) -> dict[str, dict[str, list[object]]]:
    """Write entries, an object for each principal, as they reach the function."""
    found: dict[str, dict[str, list[object]]] = {}
    for one in requirements:
        if not isinstance(one, dict):
            found.setdefault("PULL", {}).setdefault("Others", []).append(one)
            continue
        if str(one.get("Token", "false")).lower() != "false":
            principals = one["Principal"] if isinstance(one["Principal"], list) else [one["Principal"]]
            found.setdefault("TOKEN", {}).setdefault("Others", []).extend(principals)
        accounts = {"Accounts": one["Accounts"]} if "Accounts" in one else {}
        for level, repositories in one.get("Access", {}).items():
            lists = {"Principals": one["Principal"], "Repositories": repositories, **accounts}
            found.setdefault(level, {}).setdefault("Others", []).append(lists)
    return found


def _details(said: Decides) -> dict[str, Any]:
    boundary = {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": said.boundary}}
    return {
        "MatchedStatements": [{"SourcePolicyId": one, "SourcePolicyType": said.kind} for one in said.policies],
        "MissingContextValues": said.missing,
        **(boundary if said.boundary is not None else {}),
    }


def _organization(said: list[Decides]) -> dict[str, Any]:
    known = [one.organization for one in said if one.organization is not None]
    return {"OrganizationsDecisionDetail": {"AllowedByOrganizations": all(known)}} if known else {}


def _old(action: str, said: dict[str, Decides]) -> list[dict[str, Any]]:
    return [
        {
            "EvalActionName": action,
            "EvalResourceName": resource,
            "EvalDecision": one.decision,
            **_details(one),
            **_organization([one]),
        }
        for resource, one in said.items()
    ]


def _new(action: str, said: dict[str, Decides]) -> list[dict[str, Any]]:
    order = ["explicitDeny", "implicitDeny", "allowed"]
    if [*said] == ["*"]:
        return _old(action, said)
    return [
        {
            "EvalActionName": action,
            "EvalResourceName": "arn:${Partition}:ecr:${Region}:${Account}:repository/${RepositoryName}",
            "EvalDecision": min((one.decision for one in said.values()), key=order.index),
            "MissingContextValues": [*dict.fromkeys(key for one in said.values() for key in one.missing)],
            **_organization([*said.values()]),
            "ResourceSpecificResults": [
                {"EvalResourceName": resource, "EvalResourceDecision": one.decision, **_details(one)}
                for resource, one in said.items()
            ],
        }
    ]


def error(code: str, message: str = "", *, status: int = 400) -> ClientError:
    """Make the error that botocore raises."""
    response: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "Operation")
