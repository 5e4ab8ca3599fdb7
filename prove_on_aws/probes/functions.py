"""What Lambda writes into a repository policy by itself.

https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from prove_on_aws.probe import Probe
from prove_on_aws.registry_client import RegistryClient
from prove_on_aws.reply import ask
from prove_on_aws.stacks import create_function
from prove_on_aws.verdicts import stacks
from walkthrough.image import small_image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prove_on_aws.lab import Lab
    from prove_on_aws.outcome import Finding


def _run(lab: Lab) -> Iterator[tuple[str, Finding]]:
    repository, image = lab.repository("lambda"), small_image(lab.run)
    RegistryClient(lab.session, repository.name).push(image, "probe")
    role = lab.role("lambda", service="lambda.amazonaws.com")
    ecr = lab.client("ecr")
    uri = ecr.describe_repositories(repositoryNames=[repository.name])["repositories"][0]["repositoryUri"]
    request = {
        "FunctionName": lab.claim("function", "image"),
        "PackageType": "Image",
        "Code": {"ImageUri": f"{uri}:probe"},
        "ImageConfig": {"EntryPoint": ["/hello.txt"]},  # never run
        "Architectures": ["arm64"],
        "Role": role.arn,
        "Tags": {"prove-on-aws": lab.run},
    }
    create_function(lab, request)
    reply = ask(lambda: ecr.get_repository_policy(repositoryName=repository.name))
    statements = json.loads(reply.body["policyText"])["Statement"] if reply.accepted else []
    where = f"{lab.caller.partition}:lambda:{lab.caller.region}:{lab.caller.account}"
    yield "lambda-own-statement", stacks.own_statement(statements, f"arn:{where}:function:*")


PROBE: Final = Probe(
    "what Lambda writes into a repository policy",
    ("lambda-own-statement",),
    makes="a function that is never run, its role, a repository with an image of some hundred bytes",
    usual=40,
    at_most=240,
    run=_run,
)
