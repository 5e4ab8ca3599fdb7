"""Lines of a CDK app with this library, with what was read filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ecr_access.diagnosis import commands, statements

if TYPE_CHECKING:
    from ecr_access.diagnosis.reading import Reading


def declared(r: Reading) -> str:
    """Return the line that declares the repository."""
    return f'AccessibleRepository(self, "{_id(r.repository or "Repository")}", repository_name="{commands.name(r)}")'


def granted(r: Reading) -> str:
    """Return the lines that grant what was refused: push if the action is one of pushing, or else pull."""
    grant = "grant_push" if commands.pushes(r) else "grant_pull"
    if r.other_account:
        return f'{_repository(r)}\nrepository.{grant}("{r.role}")'
    return f"{_repository(r)}\n{_principal(r)}\nrepository.{grant}(principal)"


def granted_token(r: Reading) -> str:
    """Return the lines that allow the authorization token."""
    return f"{_principal(r)}\necr.AuthorizationToken.grant_read(principal)"


def allowed(r: Reading, *operations: str) -> str:
    """Return the lines that allow single actions, on the side of the principal."""
    listed = ", ".join(f'"ecr:{operation}"' for operation in operations)
    statement = f'iam.PolicyStatement(actions=[{listed}], resources=["{statements.where(r)}"])'
    return f"{_principal(r)}\nprincipal.add_to_principal_policy({statement})"


def allowed_anywhere(r: Reading) -> str:
    """Return the lines that allow the refused action of another service."""
    return (
        f"{_principal(r)}\nprincipal.add_to_principal_policy(iam.PolicyStatement("
        f'actions=["{r.action or "ACTION"}"], resources=["{r.resource or "ARN"}"]))'
    )


def added(policy: str, r: Reading) -> str:
    """Return the line that adds the refused action to a managed policy or a document of the app."""
    return f"{policy}.add_statements({_statement(r)})"


def endpoint(r: Reading) -> str:
    """Return the lines that let the policy of a VPC endpoint pass the refused action, or the layers."""
    if (r.action or "s3:").startswith("s3:"):
        where = f"arn:aws:s3:::prod-{commands.region(r)}-starport-layer-bucket/*"
        return (
            "endpoint.add_to_policy(iam.PolicyStatement(principals=[iam.AnyPrincipal()], "
            f'actions=["s3:GetObject"], resources=["{where}"]))'
        )
    return f"endpoint.add_to_policy({_statement(r, 'principals=[iam.AnyPrincipal()], ')})"


def exempted(r: Reading) -> str:
    """Return the line that spares the principal in a Deny statement of the app."""
    return f'deny.add_condition("ArnNotEquals", {{"aws:PrincipalArn": "{r.role or "ARN"}"}})'


def _statement(r: Reading, more: str = "") -> str:
    return f'iam.PolicyStatement({more}actions=["{r.action or "ACTION"}"], resources=["{statements.resource(r)}"])'


def granted_lambda(r: Reading) -> str:
    """Return the lines that let the functions of an account run the repository's images: the principal's, if known."""
    account = r.principal_account or commands.account(r)
    return f'{_repository(r)}\nrepository.grant_lambda_pull(accounts=["{account}"])'


def checked(r: Reading) -> str:
    """Return the line that makes the repository's existence part of the deployment."""
    return f'ExistingRepository.from_repository_name(self, "{_id(r.repository or "Repository")}", "{commands.name(r)}")'


def _repository(r: Reading) -> str:
    return f"repository = {declared(r)}  # or the one that the app has"


def _principal(r: Reading) -> str:
    arn = r.role or "ARN"
    name = _id(arn.rpartition("/")[2]) if r.role else "Principal"
    kind = "User.from_user_arn" if ":user/" in arn else "Role.from_role_arn"
    return f'principal = iam.{kind}(self, "{name}", "{arn}")  # or the construct, if the app has it'


def _id(text: str) -> str:
    """Make a construct id of a name: ``team/web-app`` is ``WebApp``."""
    words = re.findall(r"[A-Za-z0-9]+", text.rpartition("/")[2])
    return "".join(word[0].upper() + word[1:] for word in words) or "Repository"
