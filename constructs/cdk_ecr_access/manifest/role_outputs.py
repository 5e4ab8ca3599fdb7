"""Stack outputs with the ARNs of a manifest's roles, by which pipelines assume them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from aws_cdk import CfnOutput

from cdk_ecr_access.cdk.stacks import stack_of
from cdk_ecr_access.grants.handover_outputs import MOST
from ecr_access.manifest.deployed import role_output, role_outputs
from ecr_access.tokens import plausible_length

if TYPE_CHECKING:
    from aws_cdk import Stack

    from cdk_ecr_access.manifest.declared import Declared

# Of the 200 that a template may have; the others are for what is added later.
_MOST: Final = 190
# So many fit beside all that policies take. To count the others hands over their constructs, and imports aws_lambda for
# those of the check, which takes longer than all else here.
_FEW: Final = _MOST - MOST
# No length of an output's value is documented; a parameter's is, by which the text reaches another stack.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
_LONGEST: Final = 4096
_BRACES: Final = len("{}")
_BESIDES: Final = len('"":"",')


def output_roles(declared: Declared) -> None:
    """Make the ARNs of the roles that a manifest makes outputs of their stack; call it when the stack has its others.

    Role ``web-deploy`` is the output ``WebDeployRoleArn``. With more than 40 roles, where the stack would have more
    than 190 outputs, of the 200 that CloudFormation takes, ``RoleArns1``, ``RoleArns2`` and on hold all roles instead:
    each is a JSON object of ARNs by the keys of their roles, of at most 4,096 characters.

    Args:
        declared: whose roles. Other stacks of an environment have none, and get no output.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html
    """
    stack = stack_of(declared)
    arns = {key: role.role_arn for key, role in declared.roles.items()}
    if len(arns) <= _FEW or len(arns) + _outputs_beside(declared, stack) <= _MOST:
        for key, arn in arns.items():
            CfnOutput(stack, role_output(key), value=arn, description=f"Role '{key}' of the manifest")
        return
    parts = _parts(arns)
    for number, part in enumerate(parts, start=1):
        text = stack.to_json_string(part)
        name = role_outputs(number)
        CfnOutput(stack, name, value=text, description=f"Roles of the manifest, part {number} of {len(parts)}")


def _outputs_beside(declared: Declared, stack: Stack) -> int:
    """Count the outputs that a stack has; what a manifest declares holds none, and may be thousands of constructs."""
    beside = (child for child in stack.node.children if child.node.path != declared.node.path)
    found = chain.from_iterable(child.node.find_all() for child in beside)
    return sum(isinstance(one, CfnOutput) for one in found)


def _parts(arns: dict[str, str]) -> list[dict[str, str]]:
    """Fill one part after the other."""
    parts: list[dict[str, str]] = []
    length = _LONGEST
    for key, arn in arns.items():
        takes = len(key) + plausible_length(arn) + _BESIDES
        if length + takes > _LONGEST:
            parts.append({})
            length = _BRACES
        parts[-1][key] = arn
        length += takes
    return parts
