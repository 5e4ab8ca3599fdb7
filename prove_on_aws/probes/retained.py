"""What becomes of repositories when a stack fails, is deleted, or takes one in that exists.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prove_on_aws.probe import Probe
from prove_on_aws.reply import ask
from prove_on_aws.stacks import Stack, deploy_echo
from prove_on_aws.verdicts import stacks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prove_on_aws.lab import Lab, Repository
    from prove_on_aws.outcome import Finding
    from prove_on_aws.reply import Reply


def _run(lab: Lab) -> Iterator[tuple[str, Finding]]:
    echo = deploy_echo(lab, "failing")
    failing = echo.resource("f", Fail="yes", DependsOn="Repository")
    repository = lab.repository_named(lab.claim("repository", "retained"))
    template = {"Repository": _template(repository)}

    first = Stack(lab, "first")
    status = first.create({**template, "Failing": failing})
    yield "retain-except-create-failed", _is_there(lab, repository, wanted=False, status=status)
    second = Stack(lab, "second")
    status = second.create(template)
    second.delete()
    yield "retain-except-create-deleted", _is_there(lab, repository, wanted=True, status=status)

    if not _look(lab, repository).accepted:  # as the failed create would leave it otherwise
        lab.client("ecr").create_repository(repositoryName=repository.name, tags=lab.tags())
    third = Stack(lab, "third")
    third.create(template)
    yield "ecr-already-exists", stacks.already_exists(*third.resource("Repository", "CREATE_FAILED", "CREATE_COMPLETE"))
    third.delete()
    yield from _imported(lab, repository, failing)


def _imported(lab: Lab, repository: Repository, failing: dict[str, Any]) -> Iterator[tuple[str, Finding]]:
    template = {"Repository": _template(repository)}
    policy = {"Effect": "Allow", "Principal": {"AWS": lab.root}, "Action": "ecr:BatchGetImage"}
    lab.set_policy(repository, policy)
    born = _born(_look(lab, repository))
    imported = Stack(lab, "imported")
    status = imported.import_existing(template)
    yield "import-takes-retain-except-create", stacks.imports(status, born, _born(_look(lab, repository)))
    live = ask(lambda: lab.client("ecr").get_repository_policy(repositoryName=repository.name))
    yield "import-drops-policy", stacks.drops_policy(live)
    imported.delete()

    undone = Stack(lab, "undone")
    status = undone.import_existing({**template, "Failing": failing})
    yield "import-rolled-back", _is_there(lab, repository, wanted=True, status=status)


def _template(repository: Repository) -> dict[str, Any]:
    return {
        "Type": "AWS::ECR::Repository",
        "DeletionPolicy": "RetainExceptOnCreate",
        "Properties": {"RepositoryName": repository.name},
    }


def _is_there(lab: Lab, repository: Repository, *, wanted: bool, status: str) -> Finding:
    return stacks.repository_is(there=_look(lab, repository).accepted, wanted=wanted, status=status)


def _look(lab: Lab, repository: Repository) -> Reply:
    return ask(lambda: lab.client("ecr").describe_repositories(repositoryNames=[repository.name]))


def _born(reply: Reply) -> str:
    return str(reply.body["repositories"][0]["createdAt"]) if reply.accepted else "gone"


PROBE: Final = Probe(
    "what becomes of repositories",
    (
        "retain-except-create-failed",
        "retain-except-create-deleted",
        "ecr-already-exists",
        "import-takes-retain-except-create",
        "import-drops-policy",
        "import-rolled-back",
    ),
    makes="five stacks of a repository, one after the other, a function, its role and log group",
    usual=240,
    at_most=600,
    run=_run,
)
