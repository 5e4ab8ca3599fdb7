"""A pull-through cache must be able to sign in to its upstream.

The rule of a cache of Docker Hub, GitHub, GitLab, Azure or Chainguard names no ``CredentialArn``. Or the name of the
secret does not begin with ``ecr-pullthroughcache/``, as that of a secret whose name CloudFormation makes up, or the
secret is of another account or Region. Or a cache of another account's ECR has no ``CustomRoleArn``, or one that does
not trust ``pullthroughcache.ecr.amazonaws.com``. ECR refuses the rule at deploy time, or every pull fails.

Fix: a secret of the name ``ecr-pullthroughcache/...`` with ``username`` and ``accessToken``, in the account and Region
of the rule; for ECR of another account a role.

Not reported: Amazon ECR Public, Quay and the registry of Kubernetes, which need none; values that are known only at
deploy time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.references import pseudo
from ecr_access.iam.ternary import Ternary
from ecr_access.iam.unknown_text import equal, is_mark, split
from ecr_access.iam.wildcards import is_matched
from ecr_access.rules.access.trust_policies import trusts
from ecr_access.rules.finding import Rule, RuleFinding, Severity, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ecr_access.documents.templates.template import Resource
    from ecr_access.rules.access.application import Application

_RULE: Final = "AWS::ECR::PullThroughCacheRule"
_STORED: Final = "AWS::SecretsManager::Secret"
_CREDENTIAL, _ROLE = "CredentialArn", "CustomRoleArn"
# By the name of the upstream, and by its URL, of which one is enough.
_SIGNED: Final = {
    "docker-hub": re.compile(r"(?:.*\.)?docker\.io"),
    "github-container-registry": re.compile(r"ghcr\.io"),
    "gitlab-container-registry": re.compile(r"registry\.gitlab\.com"),
    "azure-container-registry": re.compile(r"[a-z0-9-]+\.azurecr\.(?:io|us|cn)"),
    "chainguard": re.compile(r"cgr\.dev"),
}
_PREFIX: Final = "ecr-pullthroughcache/"
_ECR: Final = re.compile(r"(?:https://)?(?P<account>\d{12})\.dkr[.-]ecr(?:-fips)?\..*")
_SERVICE: Final = "pullthroughcache.ecr"
_ARN_PARTS: Final = 7


def _check(app: Application) -> Iterator[RuleFinding]:
    for rule in app.of_type(_RULE):
        if rule.template.is_whole:
            name, url = (
                app.resolver.text(rule.properties.get(key, ""), rule.template)
                for key in ("UpstreamRegistry", "UpstreamRegistryUrl")
            )
            yield from _credential(rule, _signed(name, url), app)
            yield from _role(rule, url, app)


def _signed(name: str, url: str) -> str:
    """Return the upstream that certainly needs a credential; empty if none does."""
    host = url.partition("://")[2] or url
    return next((one for one, pattern in _SIGNED.items() if name == one or pattern.fullmatch(host)), "")


def _credential(rule: Resource, upstream: str, app: Application) -> Iterator[RuleFinding]:
    written = rule.properties.get(_CREDENTIAL)
    fix = f"set {_CREDENTIAL} to a secret of this account and Region whose name begins with '{_PREFIX}'"
    if upstream and written is None:
        problem = (
            f"{subject(rule)} caches {upstream} without {_CREDENTIAL}: that upstream lets no cache in "
            "without a credential"
        )
        yield RuleFinding(rule, f"Properties.{_CREDENTIAL}", problem, fix)
    if written is None:
        return
    arn = app.resolver.text(written, rule.template)
    secret = _declared(arn, app)
    if secret and (wrong := _wrong_name(secret, app)):
        yield RuleFinding(
            rule, f"Properties.{_CREDENTIAL}", f"{subject(rule)} names {wrong}: ECR refuses the rule", fix
        )
    if not secret and (wrong := _wrong_arn(arn, rule)):
        yield RuleFinding(
            rule, f"Properties.{_CREDENTIAL}", f"{subject(rule)} names '{arn}', {wrong}: ECR refuses the rule", fix
        )


def _declared(arn: str, app: Application) -> Resource | None:
    """Return the secret that a mark stands for, if the app declares it."""
    secrets = app.of_type(_STORED) if is_mark(arn) else ()
    return next((one for one in secrets if app.resolver.text({"Ref": one.logical_id}, one.template) == arn), None)


def _wrong_name(secret: Resource, app: Application) -> str:
    if not secret.template.is_whole:
        return ""
    if "Name" not in secret.properties:
        return f"the secret {secret.logical_id}, whose name CloudFormation makes up, without '{_PREFIX}'"
    name = app.resolver.text(secret.properties["Name"], secret.template)
    is_wrong = is_matched(f"{_PREFIX}*", name) is Ternary.NO
    return f"the secret {secret.logical_id} of the name '{name}', without '{_PREFIX}'" if is_wrong else ""


def _wrong_arn(arn: str, rule: Resource) -> str:
    parts = split(arn, ":")
    if len(parts) < _ARN_PARTS or parts[2] != "secretsmanager":
        return ""
    for part, key in ((parts[4], "AWS::AccountId"), (parts[3], "AWS::Region")):
        own = str(pseudo(key, rule.template))
        if equal(part, own) is Ternary.NO:
            return f"a secret of {part}, and the rule is of {own}"
    is_wrong = is_matched(f"{_PREFIX}*", ":".join(parts[6:])) is Ternary.NO
    return f"whose name does not begin with '{_PREFIX}'" if is_wrong else ""


def _role(rule: Resource, url: str, app: Application) -> Iterator[RuleFinding]:
    own, upstream = str(pseudo("AWS::AccountId", rule.template)), _ECR.fullmatch(url)
    written = rule.properties.get(_ROLE)
    path = f"Properties.{_ROLE}"
    if upstream and written is None and equal(upstream["account"], own) is Ternary.NO:
        yield RuleFinding(
            rule,
            path,
            f"{subject(rule)} caches ECR of account {upstream['account']} without {_ROLE}: no role of this "
            "account may pull there",
            f"set {_ROLE} to a role that trusts {_SERVICE}.amazonaws.com and may pull there and push here, and allow "
            "it in the policies of the upstream repositories",
        )
    identity = app.identities.of_role(app.resolver.text(written, rule.template)) if written is not None else None
    if identity and identity.may_be_of(rule.template) and trusts(identity, _SERVICE, app) is Ternary.NO:
        yield RuleFinding(
            rule,
            path,
            f"{subject(rule)} names {identity.label}, whose trust policy does not let {_SERVICE}.amazonaws.com "
            "assume it",
            f"allow sts:AssumeRole to the service {_SERVICE}.amazonaws.com in its AssumeRolePolicyDocument",
        )


RULE: Final = Rule(
    "pull-through-cache",
    Severity.ERROR,
    "the rule of a pull-through cache has the credential, or the role, that its upstream needs",
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-rule.html",
    _check,
)
