"""One synthesis of a mesh, measured from inside: ``python mesh_app.py VARIANT STACKS`` prints its figures as JSON.

So many stacks of 40 repositories, and as many of services, each with a role that pulls from one repository of each.
"""

from __future__ import annotations

import json
import sys
import tempfile
from typing import Final

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from benchmarks import used
from cdk_ecr_access import AccessibleRepository

REPOSITORIES: Final = 40

VARIANTS: Final = {"cdk-ecr-access": AccessibleRepository, "aws_ecr.Repository": ecr.Repository}


def declare(app: App, variant: str, stacks: int) -> None:
    """Declare the mesh."""
    env = Environment(account="111122223333", region="eu-west-1")
    declared: list[list[ecr.Repository]] = []
    for number in range(stacks):
        images = Stack(app, f"Images{number}", env=env)
        names = [f"team-{number}/app-{one}" for one in range(REPOSITORIES)]
        declared.append([VARIANTS[variant](images, f"R{one}", repository_name=name) for one, name in enumerate(names)])
    for number in range(stacks):
        service = Stack(app, f"Service{number}", env=env)
        role = iam.Role(service, "Role", assumed_by=iam.ServicePrincipal("ecs-tasks.amazonaws.com"))
        for repositories in declared:
            repositories[number % REPOSITORIES].grant_pull(role)


def main(variant: str, stacks: int) -> dict[str, float]:
    """Synthesize, and report the seconds of the processors that declaring and synthesizing took."""
    with tempfile.TemporaryDirectory() as folder:
        app = App(outdir=folder)
        clock = [used.seconds()]
        declare(app, variant, stacks)
        clock.append(used.seconds())
        app.synth()
        clock.append(used.seconds())
    return {"declare": clock[1] - clock[0], "synth": clock[2] - clock[1]}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
