"""An app under test: a repository of each kind, of ``aws_ecr`` or, with ``-c swapped=1``, of this library."""

from __future__ import annotations

import os

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam

from cdk_ecr_access import AccessibleRepository

app = App()
name = app.node.get_context("name")
env = Environment(account=os.environ["CDK_DEFAULT_ACCOUNT"], region=os.environ["CDK_DEFAULT_REGION"])
stack = Stack(app, name, env=env)
Repository = AccessibleRepository if app.node.try_get_context("swapped") else ecr.Repository
named = Repository(stack, "Named", repository_name=f"{name.lower()}/app")
unnamed = Repository(stack, "Unnamed")
role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
named.grant_pull_push(role)
unnamed.grant_pull(role)
users = iam.Role(Stack(app, f"{name}Users", env=env), "Role", assumed_by=iam.AccountRootPrincipal())
named.grant_pull(users)

app.synth()
