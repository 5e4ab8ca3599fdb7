"""For which Lambda functions a statement lets the service Lambda act.

https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#configuration-images-xaccount-permissions
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ecr_access.documents.templates.references import partition_of, pseudo
from ecr_access.documents.templates.template import is_function, mapping
from ecr_access.documents.templates.unknowns import unknown
from ecr_access.rules.access.conditions import COMPARED, with_variables

if TYPE_CHECKING:
    from ecr_access.documents.templates.intrinsics import Resolver
    from ecr_access.documents.templates.template import Template
    from ecr_access.rules.access.images import Image
    from ecr_access.rules.access.statements import Statement

_ARN: Final = "aws:sourcearn"
_ACCOUNT: Final = "aws:sourceaccount"


@dataclass(frozen=True)
class Source:
    """The function for which Lambda pulls an image.

    Attributes:
        arn: its ARN, as Lambda sends it; a version or an alias may follow.
        account: of it, which Lambda is not said to send.
    """

    arn: str
    account: str

    def may_meet(self, statement: Statement, resolver: Resolver, template: Template) -> bool:
        """Whether the condition of a statement may hold for it: of other keys, only a call tells."""
        return not any(
            self._fails(str(operator).lower(), str(key).lower(), [*resolver.texts(values, template)])
            for operator, keys in statement.condition.items()
            for key, values in ({} if is_function(keys) else mapping(keys)).items()
        )

    def _fails(self, operator: str, key: str, values: list[str]) -> bool:
        """Whether a call for it certainly does not meet an operator."""
        quantifier, _, rest = operator.rpartition(":")
        name = rest.removesuffix("ifexists")
        if name == "null":
            return key == _ARN and [*map(str.lower, values)] == ["true"]
        negated = "not" in name
        compare = COMPARED.get(name.replace("not", ""))
        if compare is None or not values:
            return False
        # Without the account a call fails what demands one, and meets everything else.
        demands = not negated and name == rest and quantifier != "forallvalues"
        if key == _ACCOUNT and demands:
            return all(compare(with_variables(one), self.account) is False for one in values)
        found = [compare(with_variables(one), self.arn) for one in values] if key == _ARN else [None]
        return True in found if negated else all(one is False for one in found)


def source_of(image: Image, resolver: Resolver) -> Source:
    """Return the function that runs an image; Lambda runs those of its own Region alone."""
    template = image.resource.template
    account = str(pseudo("AWS::AccountId", template))
    name = image.resource.properties.get("FunctionName")
    written = "" if name is None else resolver.text(name, template)
    function = f"{written}{unknown(f'{image.resource.logical_id}.Qualifier', template.path)}"
    return Source(f"arn:{partition_of(image.region)}:lambda:{image.region}:{account}:function:{function}", account)
