"""app.py with one statement more: the token is taken away from a role by an explicit deny.

Run by step 5 as ``python3 -m walkthrough.denied_app ROLE_KEY``.
"""

from __future__ import annotations

import sys

from aws_cdk import App
from aws_cdk import aws_iam as iam

from app import build
from ecr_access.iam.actions import TOKEN_ACTION


def main(role_key: str) -> None:
    """Synthesize the app with the deny."""
    app = App()
    (stack,) = build(app)
    role = stack.declared.roles[role_key]
    role.add_to_policy(
        iam.PolicyStatement(
            sid="TakenAway",
            effect=iam.Effect.DENY,
            actions=[TOKEN_ACTION],
            resources=["*"],
        )
    )
    app.synth()


if __name__ == "__main__":
    main(sys.argv[1])
