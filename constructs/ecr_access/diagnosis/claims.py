"""Whose words a piece of text is: the services, operations, hosts and images that it names, and where.

Whatever a text names of ECR is masked before others are looked for: an image may be called ``quay/harbor``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from ecr_access.diagnosis import services

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OTHER: Final = "another"
"""Neither ECR nor a service or registry that is known by name: nothing of it is printed."""


# KMS and the bearer token are asked for in the name of ECR's own calls.
_ON_BEHALF: Final = frozenset({"KMS", "STS", "IAM"})


class Weight(IntEnum):
    """How much a claim says; the lowest wins."""

    ACTION = 1
    CALL = 2
    NAME = 3
    SIGN_IN = 4


@dataclass(frozen=True)
class Claim:
    """One name in a piece of text: whose it is, and how much that says."""

    start: int
    end: int
    owner: str
    weight: Weight


_ECR_HOST: Final = (
    r"[\w.*\[\]<>{}$-]{0,80}dkr[.-]ecr[\w.-]{0,80}(?::[0-9]{1,5})?|(?:api\.)?\becr(?:-fips)?\.[a-z0-9-]{4,20}\.(?:amazonaws|api\.aws)"
    r"[\w.]{0,12}|api\.ecr\b[\w.-]{0,40}|[\w.-]{0,60}starport-layer-bucket[\w.-]{0,60}"
)
_PUBLIC_HOST: Final = r"(?:[\w-]{1,20}\.){0,2}public\.ecr\.aws|api\.ecr-public[\w.-]{0,60}|ecr-public\.[\w.-]{1,60}"
_PATH: Final = r"(?:/[^\s\"'`<>(){}\[\],;\\]{0,400})?"
_WORDS: Final = (
    r"\bECR\b|(?<![\w-])ecr:(?=[A-Za-z])|\baws ecr\b|ecr[ -]login|ecr get-login|get-login-password"
    r"|CannotPullECRContainer|Elastic Container Registry|AmazonEC2ContainerRegistry|GetAuthorizationToken|_ecr_"
    r"|arn:aws[a-z-]{0,20}:ecr:\S{0,300}"
)
_NAMES: Final[tuple[tuple[str, str], ...]] = (
    (services.PUBLIC, rf"(?:{_PUBLIC_HOST}){_PATH}|\becr-public\b|\bPublic ECR\b|\bECR Public\b"),
    (services.ECR, rf"(?:{_ECR_HOST}){_PATH}|{_WORDS}"),
)
_OWN: Final = re.compile("|".join(f"({words})" for _, words in _NAMES))

_HOST: Final = r"(?:[A-Za-z0-9*](?:[\w*-]{0,62})\.){1,6}[a-z]{2,12}|localhost|[a-z][a-z0-9-]{1,60}(?=:[0-9]{2,5}/)"
_PULLED: Final = (
    r"docker://|oci://"
    r"|(?:[Ii]mages?|reference|ref|pull|push|for|from|in|to|repository|solve:|tag|host|-t)[ =:]{1,2}[\"'`\[(]?"
)
_SHORT: Final = (
    r"(?:pull access denied for|manifest for|repository|[Pp]ull(?:ing)? image|source metadata for|metadata for|FROM"
    r"|solve:|[Pp]ulling from(?= library/))[ \n]\"?(?![^\s\"]*[.:][^\s\"]*/)(?!(?:with|name|does|policy|in|of|is)\b)"
    r"(?!(?:canceled|cannot|dockerfile|error|executor|failed|invalid|lstat|process|rpc|unexpected)\b)"
    r"(?P<short>[a-z0-9][\w./-]{1,200})(?=[:,\"\s])"
)
# What a controller, a probe, a build or the app itself says: an access log has paths without a host.
_NOT_OF_IMAGES: Final = (
    r"\betcdserver\b|ACK\.\w+|(?:[Ll]iveness|[Rr]eadiness|[Ss]tartup) probe|[Hh]ealth ?[Cc]hecks?\b"
    r"|\bnpm (?:error|ERR!|warn)|^\s{0,9}(?:remote|fatal): |\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) /(?!v[12]/)"
)
# Lines, documents and packages, not registries or services that answer.
_NEUTRAL: Final = re.compile(
    r"^(?:docs|www|help|forums|gallery|console)\.|\.cloudfront\.net$|^169\.254\.|github(?:usercontent)?\.com$|golang\.org$"
    r"|\.(?:go|py|js|ts|tf|json|yaml|yml|sh|java|internal|local)$|^sigs\.k8s\.io$|^k8s\.io$|amazonaws\.com\.?$|\.amazonaws$"
)


def _action(found: re.Match[str]) -> str:
    return services.named(found["service"]) or services.UNLISTED


def _service(found: re.Match[str]) -> str:
    return services.named(found["service"]) or OTHER


def _operation(found: re.Match[str]) -> str | None:
    operation = found["operation"]
    if operation in services.SHARED_OPERATIONS:
        return None
    return services.ECR if operation in services.OPERATIONS else services.SERVICE_OF_OPERATION.get(operation, OTHER)


def _host(found: re.Match[str]) -> str | None:
    host = found["host"].lower()
    if _NEUTRAL.search(host):
        service = re.match(r"(?:api\.)?([a-z0-9-]{2,30})\.(?:[a-z0-9-]+\.)?amazonaws\.com", host)
        return (services.named(service[1]) or OTHER) if service else None
    return _registry(host) or OTHER


def _registry(text: str) -> str | None:
    return next((name for name, words in services.REGISTRIES if re.search(words, text)), None)


_OTHERS: Final[tuple[tuple[Weight, re.Pattern[str], Callable[[re.Match[str]], str | None]], ...]] = tuple(
    (weight, re.compile(words), owner)
    for weight, words, owner in (
        (Weight.ACTION, r"[Nn]ot authorized\s+to\s+perform:?\s{0,9}(?P<service>[a-z0-9-]{2,40}):[A-Za-z]", _action),
        (Weight.CALL, r"calling\s+the\s+(?P<operation>[A-Z][A-Za-z0-9]{2,60})\s+operation", _operation),
        (Weight.CALL, r"operation error (?P<service>[A-Z][A-Za-z0-9 ]{1,40}):", _service),
        (Weight.CALL, r"\(Service: (?P<service>[A-Za-z0-9 ]{2,40})[;,]", _service),
        (Weight.CALL, r"\"eventSource\"\s?:\s?\"(?P<service>[a-z0-9-]{2,40})\.amazonaws\.com", _service),
        (Weight.CALL, r"awssdk\.services\.(?P<service>[a-z0-9]{2,40})\.", _service),
        (Weight.CALL, r"\bfrom (?P<service>[a-z0-9]{2,30})/[A-Z][a-z]+[A-Z]\w{0,60}", _service),
        (Weight.CALL, r"[Ff]ailed to register task definition", lambda _: "ECS"),
        (Weight.CALL, r"\b(?:from|in) asm\b|from secrets manager|Secrets Manager\b", lambda _: "Secrets Manager"),
        (Weight.CALL, r"\bfrom ssm\b|AWS Systems Manager", lambda _: "Systems Manager"),
        (Weight.CALL, r"Cloud[Ww]atch log|logger args|logging driver|Amazon CloudWatch", lambda _: "CloudWatch Logs"),
        (Weight.CALL, r"Error from server \(|logged in to the server|is forbidden: User", lambda _: "Kubernetes"),
        (Weight.CALL, _NOT_OF_IMAGES, lambda _: OTHER),
        (Weight.CALL, r"AssumeRoleWith\w{1,20}", lambda _: "STS"),
        (Weight.CALL, r"permission_denied: (?:write|read)_package|organization package", lambda _: "GitHub's registry"),
        (Weight.NAME, rf"https?:/{{1,2}}(?:[^\s/@\"']{{1,200}}@)?(?P<host>{_HOST})", _host),
        (Weight.NAME, rf"(?:{_PULLED})(?P<host>{_HOST})(?=[/:\s\"'`\]\\])", _host),
        (Weight.NAME, "|".join(words for _, words in services.REGISTRIES), lambda found: _registry(found[0])),
        (Weight.NAME, _SHORT, lambda _: "Docker Hub"),
        (Weight.SIGN_IN, r"non[- ]TTY device", lambda _: services.ECR),
    )
)


def claims(text: str) -> tuple[Claim, ...]:
    """List what a piece of text names, in its order."""
    own = tuple(_own(text))
    masked = _OWN.sub(lambda found: " " * len(found[0]), text) if own else text
    # An action and an operation of ECR are names of its own too: look for these in the text as it is.
    others = (
        Claim(found.start(), found.end(), owner, weight)
        for weight, pattern, whose in _OTHERS
        for found in pattern.finditer(text if weight <= Weight.CALL else masked)
        if (owner := whose(found))
    )
    return tuple(sorted((*own, *others), key=lambda one: (one.start, one.weight)))


def _own(text: str) -> Iterator[Claim]:
    for found in _OWN.finditer(text):
        # "GetAuthorizationToken" and "codeartifact": the call has one name in both.
        yield Claim(found.start(), found.end(), _NAMES[(found.lastindex or 1) - 1][0], Weight.NAME)


def strongest(found: tuple[Claim, ...], end: int) -> str | None:
    """Return whose the strongest claim is: an action before a call, a call before a name, the nearest of each."""
    if not found:
        return None
    weight = min(one.weight for one in found)
    ours = {one.owner for one in found if one.weight is Weight.CALL and one.owner in services.OURS}
    best = _nearest([one for one in found if one.weight is weight], end)
    if weight is Weight.CALL and ours:
        return ours.pop()
    # CodeArtifact's call for a token has the name of ECR's, and asks STS too.
    others = any(one.weight is Weight.NAME and one.owner not in services.OURS for one in found)
    return ours.pop() if ours and best.owner in _ON_BEHALF and not others else best.owner


def _nearest(found: list[Claim], end: int) -> Claim:
    before = [one for one in found if one.start < end]
    return max(before, key=lambda one: one.end) if before else min(found, key=lambda one: one.start)
